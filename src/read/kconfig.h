/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Kernel configuration text (/boot/config-*, /proc/config.gz once unpacked). */
#ifndef READ_KCONFIG_H
#define READ_KCONFIG_H

#include "read/notes.h"

struct kconfig_option {
	const char *name;  /* without CONFIG_ */
	const char *value; /* "y", "m", "n" (said to be not set), a number, a string without quotes */
};

struct kconfig {
	struct kconfig_option *v; /* sorted by name */
	size_t n;
};

/* Only options that @wanted (sorted, @n_wanted names without CONFIG_) lists are kept; NULL keeps all. */
int read_kconfig(struct arena *arena, struct slice text, const char *const *wanted, size_t n_wanted,
		 struct kconfig *out, struct read_notes *notes);
/* Value of an option, or NULL if the configuration does not mention it. */
const char *kconfig_get(const struct kconfig *k, const char *name);

#endif
