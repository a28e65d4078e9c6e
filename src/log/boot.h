/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which kernel's boot a report is of, for those that do not name it: by other lines of the log. */
#ifndef LOG_BOOT_H
#define LOG_BOOT_H

#include "log/collect.h"

/* The first line of a boot: what comes below is of that kernel, and no report goes on from before. 0 or -ENOMEM. */
int boot_keep_banner(struct collect *c, const struct frame *f);
/* A line on the CPU of any report, with the kernel's release. 0 or -ENOMEM. */
int boot_keep_cpu(struct collect *c, const struct frame *f);
/* The line on the CPU, with the kernel's release, of the boot that @r is of. False if none was seen. */
bool boot_cpu(const struct collect *c, const struct log_report *r, struct slice *line);

#endif
