// SPDX-License-Identifier: GPL-2.0-or-later
/* Snapshots in time from recordings, documents and sysroots. */
#include "cmd/timeline.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/timefmt.h"
#include "cmd/moment.h"
#include "cmd/stdin_recording.h"
#include "snap/load.h"
#include "snap/recording.h"
#include "snap/take.h"

enum timeline_kind { TL_RECORDING, TL_DOCUMENTS, TL_SYSROOT };

struct timeline {
	enum timeline_kind kind;
	char *path;
	struct recording *rec;
	int64_t here; /* sample of timeline_step; 0 before the first */
	bool consumed; /* standard input was read */
	size_t lost;   /* samples that timeline_each found damaged */
};

/* ---- moments ---- */

bool timeline_moment_is_valid(const char *at)
{
	struct moment m;

	return moment_parse(at, &m);
}

static int too_early(const struct timeline *t, const char *at, int64_t first_ns)
{
	char first[TIME_RFC3339_MAX];

	time_rfc3339(first_ns, first);
	return cmd_error(EXIT_CANNOT, "%s: nothing at or before %s (it begins at %s)", t->path, at, first);
}

/* ---- opening ---- */

/* What @path is; a recording is at @r->path. 0 or negative errno. */
static int look(struct timeline *t, const char *path, struct stdin_recording *r)
{
	struct stat st;
	int is;

	t->kind = TL_DOCUMENTS;
	if (strcmp(path, "-") == 0) {
		is = stdin_recording(r);
		if (is > 0)
			t->kind = TL_RECORDING;
		return is < 0 ? is : 0;
	}
	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		t->kind = TL_SYSROOT;
	else if (recording_detect(path))
		t->kind = TL_RECORDING;
	return 0;
}

int timeline_open(const struct cmd_line *line, const char *path, struct timeline **out)
{
	struct timeline *t = calloc(1, sizeof(*t));
	struct stdin_recording in = { 0 };
	auto_free char *why = NULL;
	int ret;

	if (!t || !(t->path = strdup(path))) {
		free(t);
		return cmd_error(EXIT_CANNOT, "out of memory");
	}
	ret = look(t, path, &in);
	if (ret) {
		timeline_close(t);
		return cmd_error(EXIT_CANNOT, "standard input: %s", strerror(-ret));
	}
	if (t->kind == TL_RECORDING) {
		ret = recording_open(in.path[0] ? in.path : path, &t->rec, &why);
		stdin_recording_opened(&in);
		if (ret) {
			timeline_close(t);
			return cmd_error(EXIT_CANNOT, "%s", why ? why : "out of memory");
		}
		if (recording_remark(t->rec))
			cmd_warn(line, "%s: %s", path, recording_remark(t->rec));
	}
	*out = t;
	return EXIT_DONE;
}

void timeline_close(struct timeline *t)
{
	if (!t)
		return;
	recording_close(t->rec);
	free(t->path);
	free(t);
}

bool timeline_is_long(const struct timeline *t)
{
	if (t->kind == TL_RECORDING)
		return recording_bounds(t->rec).samples > 1;
	return t->kind == TL_DOCUMENTS;
}

/* ---- recordings ---- */

int timeline_sample(struct timeline *t, int64_t id, struct snapshot **out, char **why)
{
	struct raw_capture *raw;
	int ret = recording_read(t->rec, id, &raw, why);

	if (ret)
		return ret;
	ret = snapshot_from_raw(raw, t->path, out, why);
	raw_capture_free(raw);
	return ret;
}

static int read_sample(struct timeline *t, int64_t id, struct snapshot **out)
{
	auto_free char *why = NULL;

	if (timeline_sample(t, id, out, &why))
		return cmd_error(EXIT_CANNOT, "%s", why ? why : "out of memory");
	return EXIT_DONE;
}

static int find_sample(struct timeline *t, const char *at, const struct moment *m,
		       struct recording_sample *out)
{
	struct recording_bounds b = recording_bounds(t->rec);
	int ret;

	if (m->kind == AT_FIRST || m->kind == AT_LAST) {
		*out = m->kind == AT_FIRST ? b.first : b.last;
		return EXIT_DONE;
	}
	ret = recording_at(t->rec, moment_ns(m, b.first.time_ns, b.last.time_ns), out);
	if (ret == -ENOENT)
		return too_early(t, at, b.first.time_ns);
	return ret ? cmd_error(EXIT_CANNOT, "%s: %s", t->path, strerror(-ret)) : EXIT_DONE;
}

static int each_sample(struct timeline *t, const char *from, const struct moment *mf, const char *to,
		       const struct moment *mt, size_t max, timeline_visit *visit, void *arg)
{
	struct recording_sample a, b;
	auto_free int64_t *ids = NULL;
	size_t n;
	int status = find_sample(t, from, mf, &a), ret;

	if (status == EXIT_DONE)
		status = find_sample(t, to, mt, &b);
	if (status != EXIT_DONE)
		return status;
	if (b.id < a.id)
		return cmd_error(EXIT_CANNOT, "%s: the first moment is after the second", t->path);
	ret = recording_pick(t->rec, a.id, b.id, max, &ids, &n);
	if (ret)
		return cmd_error(EXIT_CANNOT, "%s: %s", t->path, strerror(-ret));
	for (size_t i = 0; i < n && status == EXIT_DONE; i++) {
		auto_snapshot struct snapshot *s = NULL;
		auto_free char *why = NULL;

		ret = timeline_sample(t, ids[i], &s, &why);
		/* A damaged sample costs itself; with none that is sound there is nothing to say. */
		if (ret == -EBADMSG && ++t->lost < n)
			continue;
		status = ret ? cmd_error(EXIT_CANNOT, "%s", why ? why : "out of memory") : visit(arg, &s);
	}
	return status;
}

/* ---- documents ---- */

struct pick {
	struct moment m;
	int64_t first, best_ns; /* of the document held */
	int64_t before_last;	/* AT_BEFORE_LAST: known in a second pass */
	struct snapshot *held;
	bool any;
};

static int pick_visit(void *arg, struct snapshot **s)
{
	struct pick *p = arg;
	int64_t ns = (int64_t)(*s)->time_ns.v;

	if (!p->any)
		p->first = ns;
	p->any = true;
	if (p->m.kind == AT_FIRST && p->held)
		return EXIT_DONE;
	if (p->m.kind != AT_FIRST && p->m.kind != AT_LAST && ns > moment_ns(&p->m, p->first, p->before_last))
		return EXIT_DONE;
	snapshot_free(p->held);
	p->held = *s;
	*s = NULL;
	return EXIT_DONE;
}

static int each_document(struct timeline *t, timeline_visit *visit, void *arg)
{
	struct snapshot_stream *st;
	auto_free char *why = NULL;
	int ret, status = EXIT_DONE;
	size_t n = 0;

	if (t->consumed && strcmp(t->path, "-") == 0)
		return cmd_error(EXIT_CANNOT, "standard input can be read only once");
	t->consumed = true;
	ret = snapshot_stream_open(t->path, &st, &why);
	if (ret)
		return cmd_error(EXIT_CANNOT, "%s", why ? why : "out of memory");
	while (status == EXIT_DONE) {
		auto_snapshot struct snapshot *s = NULL;

		free(why);
		why = NULL;
		ret = snapshot_stream_next(st, &s, &why);
		if (ret <= 0)
			break;
		n++;
		status = visit(arg, &s);
	}
	snapshot_stream_close(st);
	if (status == EXIT_DONE && ret < 0)
		return cmd_error(EXIT_CANNOT, "%s", why ? why : "out of memory");
	if (status == EXIT_DONE && n == 0)
		return cmd_error(EXIT_CANNOT, "%s: no snapshot in it", t->path);
	return status;
}

static int pick_document(struct timeline *t, const char *at, const struct moment *m, struct snapshot **out)
{
	struct pick p = { .m = *m, .before_last = INT64_MAX };
	int status;

	if (m->kind == AT_BEFORE_LAST) {
		p.m.kind = AT_LAST;
		status = each_document(t, pick_visit, &p);
		if (status != EXIT_DONE)
			goto out;
		p.before_last = (int64_t)p.held->time_ns.v;
		p.m = *m;
		snapshot_free(p.held);
		p.held = NULL;
		p.any = false;
	}
	status = each_document(t, pick_visit, &p);
	if (status == EXIT_DONE && !p.held)
		status = too_early(t, at, p.first);
out:
	if (status != EXIT_DONE) {
		snapshot_free(p.held);
		return status;
	}
	*out = p.held;
	return EXIT_DONE;
}

struct range {
	const struct timeline *t;
	const char *at;	       /* the first moment, as given */
	struct moment from, to;
	int64_t first, last;
	struct snapshot *held; /* the last at or before the first moment, until it is visited */
	bool begun;
	timeline_visit *visit;
	void *arg;
	size_t n;
};

static bool is_too_late(const struct range *r, const struct snapshot *s)
{
	return r->to.kind != AT_LAST && (int64_t)s->time_ns.v > moment_ns(&r->to, r->first, r->last);
}

/* The one that holds at the first moment. */
static int range_begin(struct range *r)
{
	int status;

	if (r->begun || r->from.kind == AT_FIRST)
		return EXIT_DONE;
	r->begun = true;
	if (!r->held)
		return too_early(r->t, r->at, r->first);
	if (is_too_late(r, r->held))
		return cmd_error(EXIT_CANNOT, "%s: the first moment is after the second", r->t->path);
	status = r->visit(r->arg, &r->held);
	snapshot_free(r->held);
	r->held = NULL;
	return status;
}

static int range_visit(void *arg, struct snapshot **s)
{
	struct range *r = arg;
	int64_t ns = (int64_t)(*s)->time_ns.v;
	int status;

	if (r->n++ == 0)
		r->first = ns;
	if (!r->begun && (r->from.kind == AT_LAST ||
			  (r->from.kind != AT_FIRST && ns <= moment_ns(&r->from, r->first, r->last)))) {
		snapshot_free(r->held);
		r->held = *s;
		*s = NULL;
		return EXIT_DONE;
	}
	status = range_begin(r);
	return status != EXIT_DONE || is_too_late(r, *s) ? status : r->visit(r->arg, s);
}

/* ---- any ---- */

int timeline_get(struct timeline *t, const char *at, struct snapshot **out)
{
	struct recording_sample row;
	struct moment m;
	auto_free char *why = NULL;
	int status;

	if (!moment_parse(at, &m))
		return cmd_error(EXIT_USAGE, "not a moment: '%s'", at);
	switch (t->kind) {
	case TL_RECORDING:
		status = find_sample(t, at, &m, &row);
		return status == EXIT_DONE ? read_sample(t, row.id, out) : status;
	case TL_DOCUMENTS:
		return pick_document(t, at, &m, out);
	default: {
		struct capture_opts opts = { .sysroot = t->path };

		if (snapshot_take(&opts, out, &why))
			return cmd_error(EXIT_CANNOT, "%s", why ? why : "out of memory");
		return EXIT_DONE;
	}
	}
}

int timeline_each(struct timeline *t, const char *from, const char *to, size_t max,
		  timeline_visit *visit, void *arg)
{
	struct range r = { .t = t, .at = from, .visit = visit, .arg = arg };
	auto_snapshot struct snapshot *s = NULL;
	int status;

	if (!from)
		from = "first";
	if (!moment_parse(from, &r.from) || !moment_parse(to, &r.to))
		return cmd_error(EXIT_USAGE, "not a moment: '%s'", to);
	if (t->kind == TL_RECORDING)
		return each_sample(t, from, &r.from, to, &r.to, max, visit, arg);
	if (t->kind == TL_SYSROOT) {
		status = timeline_get(t, NULL, &s);
		return status == EXIT_DONE ? visit(arg, &s) : status;
	}
	if (r.from.kind == AT_BEFORE_LAST || r.to.kind == AT_BEFORE_LAST) {
		status = timeline_get(t, "last", &s);
		if (status != EXIT_DONE)
			return status;
		r.last = (int64_t)s->time_ns.v;
	}
	status = each_document(t, range_visit, &r);
	if (status == EXIT_DONE)
		status = range_begin(&r);
	snapshot_free(r.held);
	return status;
}

size_t timeline_lost(const struct timeline *t)
{
	return t->lost;
}

/* ---- replay ---- */

bool timeline_can_step(const struct timeline *t)
{
	return t->kind == TL_RECORDING;
}

void timeline_refresh(struct timeline *t)
{
	if (t->kind == TL_RECORDING)
		recording_refresh(t->rec);
}

int64_t timeline_step(struct timeline *t, int64_t by)
{
	struct recording_bounds b = recording_bounds(t->rec);
	struct recording_sample row;
	int64_t target, was = t->here;

	if (!was) {
		t->here = b.first.id;
		return 0;
	}
	if (by > 0)
		target = by > b.last.id - was ? b.last.id : was + by;
	else
		target = -by > was - b.first.id ? b.first.id : was + by;
	if (recording_near(t->rec, target, by >= 0, &row) == 0)
		t->here = row.id;
	return t->here - was;
}

int timeline_seek(struct timeline *t, const char *at)
{
	struct recording_sample row;
	struct moment m;
	int status;

	if (!moment_parse(at, &m))
		return cmd_error(EXIT_USAGE, "not a moment: '%s'", at);
	status = find_sample(t, at, &m, &row);
	if (status == EXIT_DONE)
		t->here = row.id;
	return status;
}

int timeline_here(struct timeline *t, struct snapshot **out)
{
	return read_sample(t, timeline_place(t), out);
}

int64_t timeline_place(struct timeline *t)
{
	if (!t->here)
		timeline_step(t, 0);
	return t->here;
}

struct recording *timeline_recording(struct timeline *t)
{
	return t->rec;
}
