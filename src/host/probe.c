// SPDX-License-Identifier: GPL-2.0-or-later
/* Whether debugging aids are there. */
#include "host/probe.h"

#include <errno.h>

static const struct {
	const char *dir, *name; /* the file; name NULL: the folder is not empty */
	bool value;		/* its first line matters */
} table[PROBE_COUNT] = {
	[PROBE_DEBUGFS] = { "sys/kernel/debug", NULL, false },
	[PROBE_KMEMLEAK] = { "sys/kernel/debug", "kmemleak", false },
	[PROBE_PAGE_OWNER] = { "sys/kernel/debug", "page_owner", false },
	[PROBE_FAIL_PAGE_ALLOC] = { "sys/kernel/debug/fail_page_alloc", "probability", true },
	[PROBE_FAILSLAB] = { "sys/kernel/debug/failslab", "probability", true },
	[PROBE_KFENCE] = { "sys/module/kfence/parameters", "sample_interval", true },
};

static const char *const paths[PROBE_COUNT] = {
	[PROBE_DEBUGFS] = "/sys/kernel/debug",
	[PROBE_KMEMLEAK] = "/sys/kernel/debug/kmemleak",
	[PROBE_PAGE_OWNER] = "/sys/kernel/debug/page_owner",
	[PROBE_FAIL_PAGE_ALLOC] = "/sys/kernel/debug/fail_page_alloc/probability",
	[PROBE_FAILSLAB] = "/sys/kernel/debug/failslab/probability",
	[PROBE_KFENCE] = "/sys/module/kfence/parameters/sample_interval",
};

/* Opening page_owner or kmemleak costs nothing, but looking at the folder costs less. */
static enum probe_state look(const struct root *root, const char *dir, const char *name)
{
	DIR *d = root_opendir(root, dir);
	enum probe_state state = PROBE_ABSENT;
	struct dirent *e;

	if (!d)
		return errno == ENOENT || errno == ENOTDIR ? PROBE_ABSENT : PROBE_UNKNOWN;
	while ((e = readdir(d))) {
		if (e->d_name[0] == '.')
			continue;
		if (!name || strcmp(e->d_name, name) == 0) {
			state = PROBE_PRESENT;
			break;
		}
	}
	closedir(d);
	return state;
}

static const char *first_line(const struct root *root, struct arena *arena, const char *path)
{
	const struct read_limits limits = { 4096, UINT64_C(1000000000), 0 };
	struct bytes b = { 0 };
	const char *text = NULL;
	struct slice rest, line;

	if (root_read_file(root, path, &limits, &b, NULL) == 0) {
		rest = (struct slice){ b.data, b.len };
		if (slice_line(&rest, &line, NULL)) {
			line = slice_trim(line);
			text = arena_strndup(arena, line.p, line.len);
		}
	}
	bytes_free(&b);
	return text;
}

/*
 * What lies in debugfs is unknown where debugfs is not mounted: the folder is
 * empty then, and in a tree of copies it is not there at all.
 */
void probe_all(const struct root *root, struct arena *arena, struct probe probes[PROBE_COUNT])
{
	for (unsigned int i = 0; i < PROBE_COUNT; i++) {
		struct probe *p = &probes[i];

		p->path = paths[i];
		p->text = NULL;
		p->state = look(root, table[i].dir, table[i].name);
		if (p->state == PROBE_PRESENT && table[i].value)
			p->text = first_line(root, arena, paths[i] + 1);
		if (p->state == PROBE_ABSENT && i != PROBE_DEBUGFS && i != PROBE_KFENCE &&
		    probes[PROBE_DEBUGFS].state != PROBE_PRESENT)
			p->state = PROBE_UNKNOWN;
		if (p->state == PROBE_ABSENT && !root->live)
			p->state = PROBE_UNKNOWN;
	}
}
