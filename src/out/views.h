/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What `slab` and `vmalloc` print: text for a person, and the JSON documents. */
#ifndef OUT_VIEWS_H
#define OUT_VIEWS_H

#include "out/tables.h"

/*
 * @choice: the rows and columns to show; what the rows left out hold is said.
 * 0 or negative errno.
 */
int text_slab(FILE *f, const struct text_style *st, const struct snapshot *s,
	      const struct slabview *v, const struct table *t, const struct table_choice *choice);
int text_vmalloc(FILE *f, const struct text_style *st, const struct snapshot *s,
		 const struct vmallocview *v, const struct table *t,
		 const struct table_choice *choice);

/* memtool.slab/1 and memtool.vmalloc/1 */
void json_slab(FILE *f, bool pretty, const struct snapshot *s, const struct slabview *v, const struct table *t,
	       const struct table_choice *choice);
void json_vmalloc(FILE *f, bool pretty, const struct snapshot *s, const struct vmallocview *v,
		  const struct table *t, const struct table_choice *choice);

#endif
