// SPDX-License-Identifier: GPL-2.0-or-later
/* Files that say which kernel this is, and its configuration. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/timefmt.h"
#include "host/capture_priv.h"
#include "host/gunzip.h"

struct place {
	const char *dir, *name;
};

static const struct place facts[] = {
	{ "proc", "version" },
	{ "proc", "version_signature" },
	{ "proc", "cmdline" },
	{ "proc", "uptime" },
	{ "proc/sys/kernel", "osrelease" },
	{ "proc/sys/kernel", "arch" },
	{ "proc/sys/kernel", "hostname" },
	{ "proc/sys/kernel/random", "boot_id" },
	{ "sys/devices/system/cpu", "online" },
	{ "sys/devices/system/cpu", "possible" },
};

/* Where a sosreport, or a tree we wrote, says what no kernel file says. */
static const struct place recorded_facts[] = {
	{ "memtool", "time" },
	{ "memtool", "page_size" },
	{ "memtool", "machine" },
	{ "sos_commands/kernel", "uname_-a" },
	{ "", "uname" },
	{ "sos_commands/general", "hostname" },
	{ "sos_commands/host", "hostname" },
	{ "", "hostname" },
	{ "etc", "hostname" },
};

static void add_text(struct taking *t, const char *dir, const char *name, const char *text)
{
	taking_add(t, SRC_KERNEL, dir, name, slice_of(text), false, true);
}

/* What only the running kernel's system calls tell. */
static void add_live_facts(struct taking *t)
{
	long page = sysconf(_SC_PAGESIZE);
	struct utsname u;
	char buf[TIME_RFC3339_MAX];

	if (page > 0) {
		snprintf(buf, sizeof(buf), "%ld\n", page);
		add_text(t, "memtool", "page_size", buf);
	}
	if (uname(&u) == 0)
		add_text(t, "memtool", "machine", u.machine);
}

void take_time(struct taking *t)
{
	int64_t when = t->c->sources[SRC_BUDDYINFO].start_ns;
	char buf[TIME_RFC3339_MAX];

	if (!t->c->live)
		return;
	time_rfc3339(when ? when : time_now_ns(), buf);
	add_text(t, "memtool", "time", buf);
}

/* The @n-th word (from 0) of a captured file, in the arena, or NULL. */
static const char *fact_word(struct taking *t, const char *path, int n)
{
	struct slice rest = raw_slice(raw_find(t->c, SRC_KERNEL, path)), line, word;

	if (!slice_line(&rest, &line, NULL))
		return NULL;
	for (int i = 0; i <= n; i++) {
		if (!slice_word(&line, &word))
			return NULL;
	}
	return arena_strndup(&t->c->arena, word.p, word.len);
}

/* A configuration's or a module folder's name holds the release, if there is only one. */
static const char *release_of_only(struct taking *t, const char *dir, const char *prefix)
{
	const char **names;
	size_t n;

	if (taking_list(t, dir, prefix, &names, &n) || n != 1)
		return NULL;
	return names[0] + strlen(prefix);
}

/* "Linux version 6.1.0 (...", "Linux host 6.1.0 #1 ..." */
static const char *find_release(struct taking *t)
{
	const char *r = fact_word(t, "proc/sys/kernel/osrelease", 0);

	r = r ? r : fact_word(t, "proc/version", 2);
	r = r ? r : fact_word(t, "sos_commands/kernel/uname_-a", 2);
	r = r ? r : fact_word(t, "uname", 2);
	r = r ? r : release_of_only(t, "boot", "config-");
	return r ? r : release_of_only(t, "lib/modules", "");
}

static const char *find_uname(struct taking *t)
{
	return raw_find(t->c, SRC_KERNEL, "sos_commands/kernel/uname_-a") ? "sos_commands/kernel/uname_-a"
	     : raw_find(t->c, SRC_KERNEL, "uname")			  ? "uname"
									  : NULL;
}

void take_kernel(struct taking *t)
{
	struct raw_source *s = &t->c->sources[SRC_KERNEL];

	for (size_t i = 0; i < ARRAY_SIZE(facts); i++)
		taking_small(t, SRC_KERNEL, facts[i].dir, facts[i].name);
	if (t->c->live) {
		add_live_facts(t);
	} else {
		for (size_t i = 0; i < ARRAY_SIZE(recorded_facts); i++)
			taking_small(t, SRC_KERNEL, recorded_facts[i].dir, recorded_facts[i].name);
	}
	t->c->release = find_release(t);
	if (!raw_find(t->c, SRC_KERNEL, "proc/version") && find_uname(t))
		s->path = find_uname(t);
	taking_result(t, SRC_KERNEL, -ENOENT, NULL);
	if (s->state == RAW_UNAVAILABLE && t->c->release)
		s->state = RAW_READ;
}

static bool take_config_file(struct taking *t, const char *dir, const char *name)
{
	struct raw_source *s = &t->c->sources[SRC_KCONFIG];
	const char *path = taking_join(t, dir, name);
	int ret = root_read_file(&t->root, path, &t->limits, &s->buf, NULL);

	if (ret)
		return false;
	s->path = path;
	taking_add(t, SRC_KCONFIG, dir, name, (struct slice){ s->buf.data, s->buf.len }, false, false);
	return true;
}

static void take_config_gz(struct taking *t)
{
	struct raw_source *s = &t->c->sources[SRC_KCONFIG];
	const char *why = NULL;
	int ret = taking_peek(t, "proc", "config.gz", &why);

	s->path = "proc/config.gz";
	if (ret == 0)
		ret = gunzip((struct slice){ t->scratch.data, t->scratch.len }, t->limits.bytes, &s->buf,
			     &why);
	/* Kept unpacked, so that a written sysroot needs no library. */
	if (ret == 0)
		taking_add(t, SRC_KCONFIG, "proc", "config", (struct slice){ s->buf.data, s->buf.len },
			   false, false);
	taking_result(t, SRC_KCONFIG, ret, why);
}

void take_kconfig(struct taking *t)
{
	const char *rel = t->c->release;

	/* A release is a name, never a path. */
	if (rel && !strchr(rel, '/')) {
		const char *modules = taking_join(t, "lib/modules", rel);
		const char *name = arena_printf(&t->c->arena, "config-%s", rel);

		if (!name) {
			t->no_memory = true;
			return;
		}
		if (take_config_file(t, "boot", name) ||
		    take_config_file(t, modules, "config") ||
		    take_config_file(t, taking_join(t, modules, "build"), ".config")) {
			taking_result(t, SRC_KCONFIG, 0, NULL);
			return;
		}
	}
	if (take_config_file(t, "proc", "config"))
		taking_result(t, SRC_KCONFIG, 0, NULL);
	else
		take_config_gz(t);
}
