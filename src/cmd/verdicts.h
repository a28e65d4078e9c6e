/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Verdicts on the common requests, for commands that show them beside other things. */
#ifndef CMD_VERDICTS_H
#define CMD_VERDICTS_H

#include "model/common.h"

struct verdicts {
	struct mm mm;
	struct common_table table;
	bool known; /* false: no zone could be read */
};

/* 0 or -ENOMEM; verdicts_done in any case. @s must outlive them. */
int verdicts_make(struct verdicts *v, const struct snapshot *s);
void verdicts_done(struct verdicts *v);

#endif
