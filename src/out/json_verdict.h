/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A verdict as JSON, by the contract. */
#ifndef OUT_JSON_VERDICT_H
#define OUT_JSON_VERDICT_H

#include <cjson/cJSON.h>

#include "base/jsonw.h"
#include "model/verdict.h"

/*
 * One verdict as an object; at the top level it is a document and names its
 * schema. @echo: the request as it was given, or NULL to
 * write it from @r.
 */
void json_verdict(struct jsonw *jw, const char *name, const struct request *r,
		  const struct gfp_names *names, const cJSON *echo, const struct verdict *v);
/* A request as an object. */
void json_request(struct jsonw *jw, const char *name, const struct request *r,
		  const struct gfp_names *names);
/* Any JSON value as it was read. */
void json_echo(struct jsonw *jw, const char *name, const cJSON *item);

#endif
