// SPDX-License-Identifier: GPL-2.0-or-later
/* Kernel release and machine names. */
#include "host/release.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/num.h"

/* A decimal number at *@s, at most 9 digits; moves *@s behind it. */
static bool take_number(const char **s, unsigned int *out)
{
	size_t n = strspn(*s, "0123456789");
	uint64_t v;

	if (n == 0 || n > 9 || num_u64(*s, n, &v))
		return false;
	*out = (unsigned int)v;
	*s += n;
	return true;
}

/* "6.1.176": two numbers and perhaps a third. */
static bool take_triple(const char *s, unsigned int v[3])
{
	v[2] = 0;
	if (!take_number(&s, &v[0]) || *s++ != '.' || !take_number(&s, &v[1]))
		return false;
	if (*s == '.') {
		s++;
		take_number(&s, &v[2]);
	}
	return true;
}

static void parse_el(const char *release, struct kernel_release *out)
{
	const char *el = strstr(release, ".el"), *dash = strchr(release, '-');

	/* Oracle's UEK is upstream code under an el name. */
	if (!el || strstr(release, "uek"))
		return;
	el += 3;
	if (!take_number(&el, &out->el) || !dash)
		return;
	dash++;
	take_number(&dash, &out->el_build);
}

/* The stable release a distribution built from, if its text names one of this series. */
static void parse_stable(const char *version, struct kernel_release *out)
{
	static const char *const marks[] = { "Debian ", "generic ", "Ubuntu " };
	unsigned int v[3];

	for (size_t i = 0; i < ARRAY_SIZE(marks); i++) {
		const char *p = version;

		while ((p = strstr(p, marks[i])) != NULL) {
			p += strlen(marks[i]);
			if (take_triple(p, v) && v[0] == out->major && v[1] == out->minor &&
			    v[2] > out->patch)
				out->patch = v[2];
		}
	}
	/* Ubuntu's signature ends in the upstream version: "Ubuntu 6.8.0-49.49-lowlatency 6.8.12". */
	if (strncmp(version, "Ubuntu ", 7) == 0) {
		const char *last = strrchr(version, ' ');

		if (last && take_triple(last + 1, v) && v[0] == out->major && v[1] == out->minor)
			out->patch = v[2];
	}
}

void kernel_release_parse(const char *release, const char *version, struct kernel_release *out)
{
	unsigned int v[3];

	memset(out, 0, sizeof(*out));
	if (!release || !take_triple(release, v))
		return;
	out->known = true;
	out->major = v[0];
	out->minor = v[1];
	out->patch = v[2];
	parse_el(release, out);
	if (version)
		parse_stable(version, out);
}

static const struct {
	const char *suffix, *arch;
} suffixes[] = {
	{ "x86_64", "x86_64" },	      { "amd64", "x86_64" },	    { "aarch64", "aarch64" },
	{ "arm64", "aarch64" },	      { "686", "i686" },	    { "686-pae", "i686" },
	{ "i686", "i686" },	      { "i386", "i686" },	    { "armmp", "armv7l" },
	{ "armmp-lpae", "armv7l" },   { "armv7hl", "armv7l" },	    { "armv7hl+lpae", "armv7l" },
	{ "rpi", "armv6l" },	      { "marvell", "armv5tel" },    { "powerpc64le", "ppc64le" },
	{ "ppc64le", "ppc64le" },     { "powerpc64", "ppc64" },	    { "ppc64", "ppc64" },
	{ "powerpc", "ppc" },	      { "s390x", "s390x" },	    { "riscv64", "riscv64" },
	{ "loong64", "loongarch64" }, { "loongarch64", "loongarch64" }, { "mips64el", "mips64" },
	{ "4kc-malta", "mips" },      { "5kc-malta", "mips64" },    { "loongson-3", "mips64" },
	{ "octeon", "mips64" },	      { "ia64", "ia64" },	    { "itanium", "ia64" },
	{ "mckinley", "ia64" },	      { "sparc64", "sparc64" },	    { "alpha-generic", "alpha" },
	{ "m68k", "m68k" },	      { "hppa", "parisc" },	    { "parisc", "parisc" },
	{ "parisc64", "parisc64" },   { "arm64-16k", "aarch64" },   { "aarch64+64k", "aarch64" },
	{ "x86_64+debug", "x86_64" }, { "aarch64+debug", "aarch64" }, { "64kb", "aarch64" },
};

const char *kernel_release_arch(const char *release)
{
	size_t len = release ? strlen(release) : 0;

	for (size_t i = 0; i < ARRAY_SIZE(suffixes); i++) {
		size_t n = strlen(suffixes[i].suffix);

		if (len > n && strcmp(release + len - n, suffixes[i].suffix) == 0 &&
		    strchr("-._+", release[len - n - 1]))
			return suffixes[i].arch;
	}
	return NULL;
}

unsigned int arch_word_bits(const char *arch)
{
	static const char *const wide[] = { "x86_64",  "aarch64", "ppc64",	 "ppc64le", "s390x",
					    "riscv64", "mips64",  "loongarch64", "ia64",    "sparc64",
					    "alpha",   "parisc64" };
	static const char *const narrow[] = { "i386", "i486",	 "i586",    "i686",   "arm",
					      "ppc",  "mips",	 "m68k",    "parisc", "riscv32",
					      "sh4",  "sparc",	 "s390",    "arc",    "xtensa",
					      "csky", "openrisc", "microblaze" };

	if (!arch)
		return 0;
	for (size_t i = 0; i < ARRAY_SIZE(wide); i++) {
		if (strcmp(arch, wide[i]) == 0)
			return 64;
	}
	for (size_t i = 0; i < ARRAY_SIZE(narrow); i++) {
		if (strcmp(arch, narrow[i]) == 0)
			return 32;
	}
	return strncmp(arch, "armv", 4) == 0 ? 32 : 0;
}
