// SPDX-License-Identifier: GPL-2.0-or-later
/* Which kernel was read, and on what machine; nothing is taken from the one that reads. */
#include <stdio.h>

#include "host/release.h"
#include "snap/build_priv.h"

/* "12345.67 8910.11" in hundredths of a second. */
static struct opt_u64 uptime_ms(struct building *b)
{
	const char *line = build_line(b, SRC_KERNEL, "proc/uptime"), *dot;
	uint64_t s, frac;
	size_t len;

	if (!line || !(dot = strchr(line, '.')) || num_u64(line, (size_t)(dot - line), &s))
		return OPT_UNKNOWN;
	len = strcspn(dot + 1, " ");
	if (len != 2 || num_u64(dot + 1, len, &frac))
		return OPT_UNKNOWN;
	return opt_u64(sat_add(sat_mul(s, 1000), frac * 10));
}

/* "... x86_64 x86_64 x86_64 GNU/Linux" */
static const char *arch_of_uname(struct building *b)
{
	const char *line = build_line(b, SRC_KERNEL, "sos_commands/kernel/uname_-a");
	const char *end, *p;

	line = line ? line : build_line(b, SRC_KERNEL, "uname");
	end = line ? strstr(line, " GNU/Linux") : NULL;
	if (!end)
		return NULL;
	for (p = end; p > line && p[-1] != ' '; p--)
		;
	return arena_strndup(&b->s->arena, p, (size_t)(end - p));
}

static bool configured(const struct building *b, const char *option)
{
	const char *v = b->s->has_kconfig ? kconfig_get(&b->s->kconfig, option) : NULL;

	return v && strcmp(v, "y") == 0;
}

static const char *arch_of_config(const struct building *b)
{
	static const struct {
		const char *option, *arch;
	} archs[] = {
		{ "X86_64", "x86_64" },	    { "X86_32", "i686" },   { "ARM64", "aarch64" },
		{ "ARM", "arm" },	    { "S390", "s390x" },    { "LOONGARCH", "loongarch64" },
		{ "SPARC64", "sparc64" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(archs); i++) {
		if (configured(b, archs[i].option))
			return archs[i].arch;
	}
	if (configured(b, "PPC64"))
		return configured(b, "CPU_LITTLE_ENDIAN") ? "ppc64le" : "ppc64";
	if (configured(b, "RISCV"))
		return configured(b, "64BIT") ? "riscv64" : "riscv32";
	return NULL;
}

/* One name for the machines that uname -m numbers i386 to i686. */
static const char *plain_arch(const char *arch)
{
	bool i386 = arch && strlen(arch) == 4 && arch[0] == 'i' && strcmp(arch + 2, "86") == 0;

	return i386 ? "i686" : arch;
}

static const char *find_arch(struct building *b)
{
	const char *machine = build_line(b, SRC_KERNEL, "memtool/machine");
	const char *own = plain_arch(build_line(b, SRC_KERNEL, "proc/sys/kernel/arch"));
	const char *arch = plain_arch(machine);

	/* A 32-bit personality lies in uname -m; the kernel's own word does not. */
	if (own && arch_word_bits(own) && arch_word_bits(own) != arch_word_bits(arch))
		arch = own;
	arch = arch ? arch : plain_arch(arch_of_uname(b));
	arch = arch ? arch : kernel_release_arch(b->s->kernel.release);
	return arch ? arch : arch_of_config(b);
}

/*
 * Without an architecture: a vmalloc range above 4 GiB is for 64 bits, high
 * memory and areas below 4 GiB for 32. (2.6 prints HighTotal of 0 anywhere.)
 */
static struct opt_u64 find_word_bits(struct building *b)
{
	unsigned int bits = arch_word_bits(b->s->kernel.arch);
	const struct vmallocinfo *v = &b->s->vmalloc;

	if (bits)
		return opt_u64(bits);
	if (opt_or(kv_get(&b->s->meminfo, "VmallocTotal"), 0) > UINT64_C(4) << 20)
		return opt_u64(64);
	if (opt_or(kv_get(&b->s->meminfo, "HighTotal"), 0) > 0)
		return opt_u64(32);
	build_vmalloc(b);
	if (v->n_ranges && v->ranges[v->n_ranges - 1].end <= UINT32_MAX)
		return opt_u64(32);
	return OPT_UNKNOWN;
}

static struct opt_u64 count_cpus(struct building *b, const char *path)
{
	struct slice text = raw_slice(raw_find(b->raw, SRC_KERNEL, path));
	int *ids;
	size_t n;

	if (read_cpulist(&b->s->arena, text, &ids, &n) == 0 && n > 0)
		return opt_u64(n);
	return OPT_UNKNOWN;
}

/* zoneinfo prints a pageset for each online CPU. */
static struct opt_u64 count_pagesets(const struct building *b)
{
	uint64_t n = 0;

	for (size_t i = 0; i < b->s->n_zones; i++) {
		if (b->s->zones[i].n_pagesets > n)
			n = b->s->zones[i].n_pagesets;
	}
	return n ? opt_u64(n) : OPT_UNKNOWN;
}

static const char *find_host(struct building *b)
{
	static const char *const places[] = { "proc/sys/kernel/hostname", "sos_commands/general/hostname",
					      "sos_commands/host/hostname", "hostname", "etc/hostname" };
	const char *host = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(places) && !host; i++)
		host = build_line(b, SRC_KERNEL, places[i]);
	return host;
}

static void build_release(struct building *b)
{
	struct snap_kernel *k = &b->s->kernel;
	const char *version = build_line(b, SRC_KERNEL, "proc/version");
	const char *signature = build_line(b, SRC_KERNEL, "proc/version_signature");
	struct kernel_release rel;

	k->release = b->raw->release ? arena_strdup(&b->s->arena, b->raw->release) : NULL;
	kernel_release_parse(k->release, signature ? signature : version, &rel);
	k->has_version = rel.known;
	k->major = rel.major;
	k->minor = rel.minor;
	k->patch = rel.patch;
	k->el = rel.el;
	k->el_build = rel.el_build;
	if (version && strncmp(version, "Linux version ", 14) == 0) {
		version += 14 + strcspn(version + 14, " ");
		k->version = *version ? version + 1 : NULL;
	}
}

static void build_orders(struct building *b)
{
	unsigned int n = 0;

	for (size_t i = 0; i < b->s->n_zones; i++) {
		if (b->s->zones[i].n_orders > n)
			n = b->s->zones[i].n_orders;
	}
	if (n)
		b->s->kernel.max_order = opt_u64(n - 1);
	if (b->types.has_pageblock_order)
		b->s->kernel.pageblock_order = opt_u64(b->types.pageblock_order);
}

void build_kernel(struct building *b)
{
	struct snapshot *s = b->s;

	build_release(b);
	s->host = find_host(b);
	s->boot_id = build_line(b, SRC_KERNEL, "proc/sys/kernel/random/boot_id");
	s->cmdline = build_line(b, SRC_KERNEL, "proc/cmdline");
	s->uptime_ms = uptime_ms(b);
	s->kernel.arch = find_arch(b);
	s->kernel.word_bits = find_word_bits(b);
	s->kernel.page_size = build_page_size(b);
	s->kernel.possible_cpus = count_cpus(b, "sys/devices/system/cpu/possible");
	s->kernel.online_cpus = count_cpus(b, "sys/devices/system/cpu/online");
	if (!s->kernel.online_cpus.known)
		s->kernel.online_cpus = count_pagesets(b);
	build_orders(b);
}
