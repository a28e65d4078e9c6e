/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The guided tour of `memtool provoke --demo`. */
#ifndef CMD_DEMO_H
#define CMD_DEMO_H

#include "cmd/cmd.h"
#include "host/module.h"

/* Returns an exit status. */
int demo_tour(struct cmd_line *line, const struct module *m);

#endif
