/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a kernel's release and version texts say of its code. */
#ifndef HOST_RELEASE_H
#define HOST_RELEASE_H

#include <stdbool.h>
#include <stddef.h>

struct kernel_release {
	bool known; /* the three numbers were found */
	unsigned int major, minor;
	/*
	 * Stable patch level. Debian's and Ubuntu's release does not hold it:
	 * then it is taken from the version text ("Debian 6.1.176-1", or
	 * Ubuntu's version_signature "... 6.8.12").
	 */
	unsigned int patch;
	unsigned int el;       /* 8 for 4.18.0-348.el8: Red Hat's code base; 0 if not */
	unsigned int el_build; /* 348 there; 0 unknown */
};

/* @release ("6.1.0-53-cloud-amd64") and @version (/proc/version, version_signature) may be NULL. */
void kernel_release_parse(const char *release, const char *version, struct kernel_release *out);

/*
 * The machine as uname -m prints it, from a release's suffix: "x86_64" for
 * "4.18.0-348.el8.x86_64" and "6.1.0-53-amd64". Static text; NULL if it does
 * not tell.
 */
const char *kernel_release_arch(const char *release);
/* 64 or 32 for a machine name; 0 if unknown. */
unsigned int arch_word_bits(const char *arch);

#endif
