/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files that load the snapshot document share. */
#ifndef SNAP_LOAD_PRIV_H
#define SNAP_LOAD_PRIV_H

#include "base/jsonr.h"
#include "snap/members.h"
#include "snap/snapshot.h"

/*
 * One document being loaded. The first member of a wrong form is kept in @bad
 * (a JSON name, not owned) and fails the whole: a number that is not in the
 * input is worse than none.
 */
struct loading {
	struct snapshot *s;
	const char *bad;
	bool no_memory;
};

void load_bad(struct loading *l, const char *name);
void *load_array(struct loading *l, size_t n, size_t elem);
/* A copy in the arena; NULL for null or absent. */
const char *load_text(struct loading *l, const char *s);
const char *load_str(struct loading *l, const cJSON *obj, const char *name);
/* Whole number or null or absent; anything else is bad. */
struct opt_u64 load_u64(struct loading *l, const cJSON *obj, const char *name);
/* Must be there. */
uint64_t load_need_u64(struct loading *l, const cJSON *obj, const char *name);
int load_int(struct loading *l, const cJSON *obj, const char *name);
bool load_bool(struct loading *l, const cJSON *obj, const char *name);
void load_members(struct loading *l, const cJSON *obj, void *to, const struct snap_member *m);
/* Array of whole numbers; NULL with *n 0 for null or absent. */
uint64_t *load_u64s(struct loading *l, const cJSON *obj, const char *name, size_t *n);
/* Length of an array member, 0 if absent; bad if it is something else. */
size_t load_count(struct loading *l, const cJSON *obj, const char *name);
void load_kv(struct loading *l, const cJSON *obj, const char *name, struct kv_table *out);

void load_zones(struct loading *l, const cJSON *doc);
void load_nodes(struct loading *l, const cJSON *doc);
void load_slab(struct loading *l, const cJSON *doc);
void load_vmalloc(struct loading *l, const cJSON *doc);
void load_allocinfo(struct loading *l, const cJSON *doc);
void load_kmemleak(struct loading *l, const cJSON *doc);
void load_page_owner(struct loading *l, const cJSON *doc);
void load_settings(struct loading *l, const cJSON *doc);
struct snap_hugepages *load_pools(struct loading *l, const cJSON *obj, const char *name, size_t *n);

#endif
