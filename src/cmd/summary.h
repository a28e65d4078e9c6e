/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Wiring of a snapshot to its models and the summary for a person. */
#ifndef CMD_SUMMARY_H
#define CMD_SUMMARY_H

#include <stdio.h>

#include "cmd/cmd.h"
#include "out/style.h"
#include "snap/snapshot.h"

/* How text to @f looks, by the command line, the locale and the terminal. */
struct text_style cmd_style(const struct cmd_line *line, FILE *f);
/* Print the summary of @s to @f. An exit status; errors are reported. */
int cmd_put_summary(struct cmd_line *line, FILE *f, const struct snapshot *s);

#endif
