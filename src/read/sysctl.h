/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Small files of one value or one line: /proc/sys, /sys attributes. The kernel
 * ends each with a newline; text without one may be cut within a number and
 * is -EINVAL. Hand over the file as it was read, not trimmed.
 */
#ifndef READ_SYSCTL_H
#define READ_SYSCTL_H

#include "base/num.h"
#include "read/notes.h"

/* One value file. */
struct sysctl {
	const char *name; /* file name below /proc/sys/vm */
	const char *text; /* trimmed first line */
	int64_t *values;  /* the line's numbers, if all of it is numbers; else NULL */
	size_t n_values;
};

struct sysctl_table {
	struct sysctl *v;
	size_t n, cap;
};

/* Add the file @name with content @text. 0 or -ENOMEM or -EINVAL (binary, too long). */
int sysctl_add(struct arena *arena, struct sysctl_table *t, const char *name, struct slice text);
const struct sysctl *sysctl_get(const struct sysctl_table *t, const char *name);
/* First number; unknown if absent, negative or not a number. */
struct opt_u64 sysctl_u64(const struct sysctl_table *t, const char *name);

/*
 * The bracketed word of "always [madvise] never" to @word (borrowed from @text).
 * False if there is none.
 */
bool sysctl_choice(struct slice text, struct slice *word);

/* "0-3,8" to numbers, ascending; -EINVAL if not a list or above 65,536 entries. */
int read_cpulist(struct arena *arena, struct slice text, int **ids, size_t *n);
/* "10 20 20 10" */
int read_numbers(struct arena *arena, struct slice text, uint64_t **v, size_t *n);

#endif
