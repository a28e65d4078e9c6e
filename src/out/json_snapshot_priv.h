/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of the snapshot document share. */
#ifndef OUT_JSON_SNAPSHOT_PRIV_H
#define OUT_JSON_SNAPSHOT_PRIV_H

#include "base/jsonw.h"
#include "model/figures.h"
#include "snap/members.h"
#include "snap/snapshot.h"

/* All members, unknown as null; or only those that are known. */
void json_members(struct jsonw *jw, const void *object, const struct snap_member *m);
void json_known_members(struct jsonw *jw, const void *object, const struct snap_member *m);

/* Figures are made in @arena. 0 or -ENOMEM. */
int json_write_slab(struct jsonw *jw, const struct snapshot *s, struct arena *arena);
int json_write_vmalloc(struct jsonw *jw, const struct snapshot *s, struct arena *arena);
void json_write_allocinfo(struct jsonw *jw, const struct snapshot *s);
void json_write_kmemleak(struct jsonw *jw, const struct snapshot *s);
void json_write_page_owner(struct jsonw *jw, const struct snapshot *s);

#endif
