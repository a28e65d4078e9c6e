// SPDX-License-Identifier: GPL-2.0-or-later
/* Verdicts on the common requests. */
#include "cmd/verdicts.h"

#include <errno.h>
#include <string.h>

int verdicts_make(struct verdicts *v, const struct snapshot *s)
{
	struct explain e;
	int ret;

	memset(v, 0, sizeof(*v));
	if (mm_init(&v->mm, s))
		return -ENOMEM;
	if (v->mm.n_zones == 0)
		return 0;
	if (explain_init(&e, &v->mm))
		return -ENOMEM;
	ret = common_table_make(&e, &v->table);
	explain_done(&e);
	v->known = ret == 0;
	return ret;
}

void verdicts_done(struct verdicts *v)
{
	common_table_done(&v->table);
	mm_done(&v->mm);
}
