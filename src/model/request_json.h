/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A request as one JSON object: the lines of --requests. */
#ifndef MODEL_REQUEST_JSON_H
#define MODEL_REQUEST_JSON_H

#include <cjson/cJSON.h>

#include "model/request.h"

/*
 * Read @obj. Strings in @out are lent by @obj. Unknown members are ignored;
 * null is as absent. 0, or -EINVAL with the reason in @why, a buffer of
 * @why_size bytes.
 */
int request_from_json(const struct gfp_names *names, const cJSON *obj, struct request *out,
		      char *why, size_t why_size);

#endif
