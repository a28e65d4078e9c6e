/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The state as it would be after the actions that the command line names. */
#ifndef CMD_WHAT_IF_H
#define CMD_WHAT_IF_H

#include "cmd/cmd.h"
#include "kernel/mm.h"

/*
 * @list: "compact,drop_caches". Onto @changed, a copy of @mm whose arena the caller releases, in any case;
 * @mm may learn what compaction can free. EXIT_DONE, or another exit status when the error has been reported.
 */
int cmd_what_if(struct cmd_line *line, const char *list, struct mm *mm, struct mm *changed);

#endif
