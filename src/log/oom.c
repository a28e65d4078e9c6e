// SPDX-License-Identifier: GPL-2.0-or-later
/* What the OOM killer says besides Mem-Info: mm/oom_kill.c and mm/memcontrol.c, 2.6 to 7.3. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "log/cursor.h"
#include "log/decode.h"

#define MAX_COLUMNS 16

static int keep(struct log_report *r, const char **to, struct slice s)
{
	s = slice_trim(s);
	*to = arena_strndup(&r->arena, s.p, s.len);
	return *to ? 0 : -ENOMEM;
}

static int number(struct log_report *r, struct log_kvs *to, const char *name, struct slice s,
		  const char *word)
{
	uint64_t n;

	if (!cur_find(&s, word))
		return 0;
	cur_blanks(&s);
	if (!cur_u64(&s, &n) || log_kv_get(to, name).known)
		return 0;
	return log_kv_add(&r->arena, to, name, n, false);
}

/* "memory: usage 1kB, limit 2kB, failcnt 3"; "Task in /a killed as a result of limit of /b" */
static int memcg(struct log_report *r, struct slice s)
{
	static const struct {
		const char *start, *name;
	} counters[] = { { "memory: ", "memory" },
			 { "swap: ", "swap" },
			 { "memory+swap: ", "memory_swap" },
			 { "kmem: ", "kmem" } };
	static const char *const words[] = { "usage ", "limit ", "failcnt " };
	static const char *const units[] = { "usage_kb", "limit_kb", "failcnt" };
	struct slice t = s, a;
	char name[48];

	r->kind = LOG_OOM;
	if (cur_lit(&t, "Task in ") && cur_split(&t, " killed as a result of limit of ", &a)) {
		/* Some vendors say "limit of host" where there is none. */
		if (!slice_starts(t, "/"))
			return keep(r, &r->task_memcg, a) ? -ENOMEM : 0;
		r->is_memcg = true;
		return keep(r, &r->task_memcg, a) ? -ENOMEM : keep(r, &r->oom_memcg, t);
	}
	r->is_memcg = true;
	for (size_t i = 0; i < ARRAY_SIZE(counters); i++) {
		if (!slice_starts(s, counters[i].start))
			continue;
		for (size_t k = 0; k < ARRAY_SIZE(words); k++) {
			snprintf(name, sizeof(name), "%s_%s", counters[i].name, units[k]);
			if (number(r, &r->memcg, name, s, words[k]))
				return -ENOMEM;
		}
	}
	return 0;
}

/* "Memory cgroup stats for /a: cache:0KB rss:12KB ..." in one line, or the path alone and lines to come */
static int memcg_stats(struct log_report *r, struct slice s)
{
	struct slice path, word, key;
	uint64_t n;
	char name[48];

	r->is_memcg = true;
	if (!cur_find(&s, "stats for "))
		return 0;
	if (cur_split(&s, ": ", &path) || cur_until(&s, ":", &path)) {
		if (!r->oom_memcg && keep(r, &r->oom_memcg, path))
			return -ENOMEM;
	}
	while (slice_word(&s, &word)) {
		if (!cur_until(&word, ":", &key) || !cur_char(&word, ':') || !cur_u64(&word, &n) ||
		    !slice_starts(word, "KB"))
			continue;
		snprintf(name, sizeof(name), "%.*s_kb", (int)(key.len < 40 ? key.len : 40), key.p);
		if (!log_kv_get(&r->memcg_stats, name).known &&
		    log_kv_add(&r->arena, &r->memcg_stats, name, n, false))
			return -ENOMEM;
	}
	return 0;
}

/* "anon 123": names and bytes as memory.stat prints them */
static int memcg_stat(struct log_report *r, struct slice s)
{
	struct slice key;
	uint64_t n;
	char *name;

	if (!slice_word(&s, &key))
		return 0;
	cur_blanks(&s);
	if (!cur_u64(&s, &n))
		return 0;
	name = arena_strndup(&r->arena, key.p, key.len);
	return name ? log_kv_add(&r->arena, &r->memcg_stats, name, n, false) : -ENOMEM;
}

static int slab(struct log_report *r, struct slice s)
{
	struct slice word;
	uint64_t used, total;
	char name[96];

	if (!slice_word(&s, &word))
		return 0;
	cur_blanks(&s);
	if (!cur_u64(&s, &used) || !cur_lit(&s, "KB"))
		return 0;
	cur_blanks(&s);
	if (!cur_u64(&s, &total))
		return 0;
	snprintf(name, sizeof(name), "%.*s.used_kb", (int)(word.len < 80 ? word.len : 80), word.p);
	if (log_kv_add(&r->arena, &r->slab_info, name, used, false))
		return -ENOMEM;
	snprintf(name, sizeof(name), "%.*s.total_kb", (int)(word.len < 80 ? word.len : 80), word.p);
	return log_kv_add(&r->arena, &r->slab_info, name, total, false);
}

/*
 * The words of the table's heading between "[ pid ]" and "name": its columns, which
 * changed over the versions.
 */
static int task_heading(struct log_report *r, struct slice s)
{
	struct slice word;

	if (!cur_find(&s, "]"))
		return 0; /* "Tasks state (memory values in pages):" */
	r->n_task_columns = 0;
	while (slice_word(&s, &word) && !slice_eq(word, "name")) {
		if (log_grow(&r->arena, &r->task_columns, &r->cap_task_columns, r->n_task_columns,
			     sizeof(*r->task_columns)))
			return -ENOMEM;
		r->task_columns[r->n_task_columns] = arena_strndup(&r->arena, word.p, word.len);
		if (!r->task_columns[r->n_task_columns++])
			return -ENOMEM;
	}
	return 0;
}

/* Without a heading the number of columns tells the version. */
static const char *const *columns(const struct log_report *r, size_t n, size_t *known)
{
	static const char *const oldest[] = { "uid", "tgid", "total_vm", "rss", "cpu", "oom_adj" };
	static const char *const old[] = { "uid", "tgid", "total_vm", "rss", "nr_ptes", "swapents",
					   "oom_score_adj" };
	static const char *const pmds[] = { "uid", "tgid", "total_vm", "rss", "nr_ptes", "nr_pmds",
					    "swapents", "oom_score_adj" };
	static const char *const rss[] = { "uid",      "tgid",	   "total_vm",	"rss",
					   "rss_anon", "rss_file", "rss_shmem", "pgtables_bytes",
					   "swapents", "oom_score_adj" };

	if (r->n_task_columns) {
		*known = r->n_task_columns;
		return r->task_columns;
	}
	*known = n >= ARRAY_SIZE(rss) ? ARRAY_SIZE(rss) : n == ARRAY_SIZE(pmds) ? ARRAY_SIZE(pmds)
		 : n == ARRAY_SIZE(old) ? ARRAY_SIZE(old) : ARRAY_SIZE(oldest);
	return n >= ARRAY_SIZE(rss) ? rss : n == ARRAY_SIZE(pmds) ? pmds : n == ARRAY_SIZE(old) ? old : oldest;
}

static int task(struct log_report *r, struct slice s)
{
	const char *const *names;
	int64_t v[MAX_COLUMNS];
	size_t n = 0, known;
	struct log_task *t;

	if (log_grow(&r->arena, &r->tasks, &r->cap_tasks, r->n_tasks, sizeof(*t)))
		return -ENOMEM;
	t = &r->tasks[r->n_tasks];
	memset(t, 0, sizeof(*t));
	cur_char(&s, '[');
	cur_blanks(&s);
	if (!cur_u64(&s, &t->pid) || !cur_find(&s, "]"))
		return 0;
	for (cur_blanks(&s); n < MAX_COLUMNS && (!r->n_task_columns || n < r->n_task_columns); cur_blanks(&s)) {
		struct slice w = s;

		/* A task may be named by a number: the name is the last word. */
		if (!cur_i64(&w, &v[n]) || !w.len || !cur_space(*w.p))
			break;
		s = w;
		n++;
	}
	names = columns(r, n, &known);
	for (size_t i = 0; i < n && i < known; i++) {
		uint64_t mag = v[i] < 0 ? 0 - (uint64_t)v[i] : (uint64_t)v[i];
		const char *name = names[i];

		/* 4.17: bytes of page tables took the place of their number. */
		if (!r->n_task_columns && n == 7 && i == 4 && v[i] >= 4096 && v[i] % 4096 == 0)
			name = "pgtables_bytes";
		if (log_kv_add(&r->arena, &t->kv, name, mag, v[i] < 0))
			return -ENOMEM;
	}
	t->name = arena_strndup(&r->arena, s.p, s.len);
	if (!t->name)
		return -ENOMEM;
	r->n_tasks++;
	return 0;
}

static int text_between(struct log_report *r, const char **to, struct slice s, const char *word)
{
	struct slice v;
	/* What may follow a path or list, which may hold commas themselves. */
	static const char *const next[] = {
		",nodemask=",	",cpuset=", ",mems_allowed=", ",oom_memcg=", ",global_oom",
		",task_memcg=", ",task=",   ",pid=",	      ",uid="};
	size_t end;

	if (!cur_find(&s, word))
		return 0;
	end = s.len;
	for (size_t i = 0; i < ARRAY_SIZE(next); i++) {
		const char *at = slice_find(s, next[i]);

		if (at && (size_t)(at - s.p) < end)
			end = (size_t)(at - s.p);
	}
	v = (struct slice){ s.p, end };
	return keep(r, to, v);
}

/* A mailer's break after a comma was joined with a blank that the kernel did not print. */
static int without_blanks(struct log_report *r, struct slice *s)
{
	char *to = arena_alloc(&r->arena, s->len + 1);
	size_t n = 0;

	if (!to)
		return -ENOMEM;
	for (size_t i = 0; i < s->len; i++) {
		if (s->p[i] != ' ' || !n || to[n - 1] != ',')
			to[n++] = s->p[i];
	}
	*s = (struct slice){ to, n };
	return 0;
}

static int summary(struct log_report *r, struct slice s)
{
	uint64_t n;
	struct slice t;
	int err = without_blanks(r, &s);

	if (err)
		return err;
	t = s;
	err = text_between(r, &r->constraint, s, "constraint=");

	if (!err && !r->nodemask)
		err = text_between(r, &r->nodemask, s, "nodemask=");
	if (!err && !r->cpuset)
		err = text_between(r, &r->cpuset, s, "cpuset=");
	if (!err && !r->mems_allowed)
		err = text_between(r, &r->mems_allowed, s, "mems_allowed=");
	if (!err)
		err = text_between(r, &r->oom_memcg, s, "oom_memcg=");
	if (!err)
		err = text_between(r, &r->task_memcg, s, "task_memcg=");
	if (!err)
		err = text_between(r, &r->killed, s, ",task=");
	if (cur_find(&t, ",pid=") && cur_u64(&t, &n))
		r->killed_pid = opt_u64(n);
	if (r->oom_memcg)
		r->is_memcg = true;
	return err;
}

static int killed(struct log_report *r, struct slice s)
{
	static const struct {
		const char *word, *name;
	} numbers[] = {
		{ "total-vm:", "total_vm_kb" },	  { "anon-rss:", "anon_rss_kb" },
		{ "file-rss:", "file_rss_kb" },	  { "shmem-rss:", "shmem_rss_kb" },
		{ "UID:", "uid" },		  { "UID ", "uid" },
		{ "pgtables:", "pgtables_kb" },	  { "vsz:", "total_vm_kb" },
		{ "score ", "score" },
	};
	struct slice t = s, name;
	uint64_t n;
	int64_t adj;

	if (slice_starts(s, "Memory cgroup out of memory"))
		r->is_memcg = true;
	if (cur_find(&t, "illed process ") || (t = s, cur_find(&t, "Kill process "))) {
		/* Chosen first, then perhaps a child of it killed; of a whole cgroup the first. */
		if (cur_u64(&t, &n) && !r->is_killed) {
			if (r->killed_pid.known && r->killed_pid.v != n)
				r->killed = NULL;
			r->killed_pid = opt_u64(n);
		}
		r->is_killed |= slice_find(s, "illed process ") != NULL;
		cur_find(&t, "(");
		/* the name may hold brackets: it ends before the numbers */
		if (cur_split(&t, ") total-vm", &name) || cur_split(&t, "), UID", &name) ||
		    cur_split(&t, ") score", &name) || cur_split(&t, "), vsz", &name) || cur_split(&t, ")", &name)) {
			if (!r->killed && keep(r, &r->killed, name))
				return -ENOMEM;
		}
	}
	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
		if (number(r, &r->killed_kv, numbers[i].name, s, numbers[i].word))
			return -ENOMEM;
	}
	t = s;
	if (cur_find(&t, "oom_score_adj:") && cur_i64(&t, &adj))
		return log_kv_add(&r->arena, &r->killed_kv, "oom_score_adj",
				  adj < 0 ? 0 - (uint64_t)adj : (uint64_t)adj, adj < 0);
	return 0;
}

int decode_oom(struct log_report *r, const struct log_item *it)
{
	struct slice s = slice_trim((struct slice){ it->text, it->len });

	switch (it->kind) {
	case L_OOM_MEMCG:
		return memcg(r, s);
	case L_OOM_MEMCG_STATS:
		return memcg_stats(r, s);
	case L_OOM_STAT:
		return memcg_stat(r, s);
	case L_OOM_SLAB:
		return slab(r, s);
	case L_OOM_TASKS:
		return task_heading(r, s);
	case L_OOM_TASK:
		return task(r, s);
	case L_OOM_KILL:
		r->kind = LOG_OOM;
		return summary(r, s);
	case L_OOM_KILLED:
		r->kind = LOG_OOM;
		return killed(r, s);
	case L_OOM_OTHER:
		r->kind = LOG_OOM;
		if (slice_find(s, "no killable"))
			r->no_killable = true;
		if (slice_starts(s, "Memory cgroup out of memory"))
			r->is_memcg = true;
		return 0;
	default:
		return 0;
	}
}
