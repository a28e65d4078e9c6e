/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tables that commands show: columns over finished models, which must outlive the table. */
#ifndef OUT_TABLES_H
#define OUT_TABLES_H

#include "model/slabview.h"
#include "model/vmallocview.h"
#include "out/table.h"

struct table slab_table(const struct slabview *v);
struct table allocinfo_table(const struct allocinfo *a);
struct table kmemleak_table(const struct kmemleak *k);
struct table page_owner_table(const struct page_owner *o);

struct table vmalloc_table(const struct vmallocview *v);
/* Member "nodes" of a row: pages by node, null if the kernel does not print them. */
void vmalloc_nodes_json(struct jsonw *jw, const struct vmallocview *v, const struct vmalloc_row *r);

#endif
