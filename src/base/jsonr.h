/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading JSON with cJSON, without its loss: cJSON keeps every number as a
 * double, so integers of 16 digits and more are handed to it as strings of
 * their digits, and jr_u64 takes both forms. Exact up to 2^64-1.
 */
#ifndef BASE_JSONR_H
#define BASE_JSONR_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/num.h"

/*
 * Parse exactly one JSON value. NULL and a reason in @why (static text) when
 * it is not JSON, has trailing bytes, or memory is out. Free with cJSON_Delete.
 */
cJSON *jr_parse(const char *text, size_t len, const char **why);

/* Member @name of @obj (case-sensitive), or NULL. NULL @obj is allowed. */
const cJSON *jr_get(const cJSON *obj, const char *name);
/* A whole non-negative number, exact; unknown if absent, null, or anything else. */
struct opt_u64 jr_u64(const cJSON *item);
struct opt_u64 jr_get_u64(const cJSON *obj, const char *name);
bool jr_i64(const cJSON *item, int64_t *out);
/* String value lent by the tree, or NULL. */
const char *jr_get_str(const cJSON *obj, const char *name);

#endif
