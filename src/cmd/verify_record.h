/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What verify asks the module for, and what it keeps of a trial: a JSON line, and a folder to replay. */
#ifndef CMD_VERIFY_RECORD_H
#define CMD_VERIFY_RECORD_H

#include <stdio.h>

#include "host/capture.h"
#include "kernel/mm.h"
#include "model/score.h"

/* The module's line for @r, in the place of what @sb held. */
void trial_question(const struct mm *mm, const struct request *r, struct strbuf *sb);
/* Order of the block that @r asks for. */
unsigned int trial_order(const struct mm *mm, const struct request *r);
/* What an engineer would see in buddyinfo and extfrag_index, without the rules, for t->order. */
void trial_by_hand(const struct mm *mm, struct trial *t);
/* One JSON line: asked, predicted, and obtained by the module's @answer. @tag may be NULL. */
void trial_record(FILE *f, const char *tag, const struct mm *mm, const struct request *r,
		  const struct verdict *verdict, struct slice answer, const struct trial *t);
/* DIR/TAG-NNNNNN/: the sysroot, with the record beside it. 0 or negative errno. */
int trial_case(const char *parent, uint64_t number, const char *tag, const struct raw_capture *raw,
	       const struct mm *mm, const struct request *r, const struct verdict *verdict,
	       struct slice answer, const struct trial *t);

#endif
