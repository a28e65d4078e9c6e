/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Members that every document of a command has. */
#ifndef OUT_JSON_COMMON_H
#define OUT_JSON_COMMON_H

#include "base/jsonw.h"
#include "snap/snapshot.h"

/* Opens the document: schema, time, host, kernel. The caller ends the object. */
void json_head(struct jsonw *jw, const char *schema, const struct snapshot *s);
/* "unavailable": what could not be read, with reason and hint. */
void json_unavailable(struct jsonw *jw, const struct snapshot *s);

#endif
