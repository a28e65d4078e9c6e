// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * memtool verify: draws requests, predicts each, has the module try it on this
 * kernel, and compares. The bytes of the snapshot are captured before the
 * try and parsed after it, so that parsing does not disturb what is measured.
 */
#include <errno.h>
#include <limits.h>
#include <malloc.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/timefmt.h"
#include "cmd/cmd.h"
#include "cmd/output.h"
#include "cmd/verify_record.h"
#include "host/module.h"
#include "model/explain.h"
#include "model/score.h"
#include "module/interface.h"
#include "out/score.h"
#include "snap/take.h"

enum {
	OPT_SEED = CMD_OPT(0),
	OPT_WAIT,
	OPT_MAX_ORDER,
	OPT_CASES,
	OPT_ALL_CASES,
	OPT_RECORDS,
	OPT_TAG,
	OPT_SLOW,
	OPT_PROVOKE,
};

static const struct cmd_option options[] = {
	{ 'n', "count", "N", "number of requests (default 100)", NULL },
	{ OPT_SEED, "seed", "N", "seed of the drawn requests (default 1)", NULL },
	{ OPT_WAIT, "wait", NULL, "also requests that may reclaim, compact, use the reserves: they change the state of the host", NULL },
	{ OPT_MAX_ORDER, "max-order", "N", "largest order asked for (default: one above the largest; 6 without --wait)", NULL },
	{ OPT_CASES, "cases", "DIR", "write each wrong verdict as a folder below DIR, to replay with --sysroot", "DIR" },
	{ OPT_ALL_CASES, "all-cases", NULL, "with --cases: write right verdicts too", NULL },
	{ OPT_RECORDS, "records", "FILE", "append one JSON line a request: what was asked, predicted, obtained", "FILE" },
	{ OPT_SLOW, "slow", NULL, "only requests that come to reclaim or compaction (implies --wait)", NULL },
	{ OPT_PROVOKE, "provoke", "STATE", "make this state first and release it after, as provoke set does; repeatable", NULL },
	{ OPT_TAG, "tag", "TEXT", "name of the state, kept in the records", NULL },
	{ 0, NULL, NULL, NULL, NULL },
};

/* What a prediction needs; the costly sources only where the API looks at them. */
#define SOURCES_ALWAYS                                                                            \
	(SRC_BIT(SRC_BUDDYINFO) | SRC_BIT(SRC_PAGETYPEINFO) | SRC_BIT(SRC_ZONEINFO) |             \
	 SRC_BIT(SRC_VMSTAT) | SRC_BIT(SRC_MEMINFO) | SRC_BIT(SRC_SLABINFO) | SRC_BIT(SRC_KERNEL) | \
	 SRC_BIT(SRC_SYSCTL) | SRC_BIT(SRC_NODES) | SRC_BIT(SRC_SETTINGS) | SRC_BIT(SRC_CMA))

/* Records of a run are written after it: page cache for them would come from the zones under test. */
#define RECORDS_BUFFER ((size_t)1 << 20)
/* Heap that is touched before a state is made, so that none is asked for in it. */
#define HEAP_RESERVE ((size_t)6 << 20)

struct verify {
	struct cmd_line *line;
	uint64_t count, seed;
	bool wait, slow, all_cases;
	int max_order;
	const char *cases, *tag, *records_path;
	struct module module;
	int try_fd;
	FILE *records;
	struct draw draw;
	struct score score;
	uint64_t written;
	const char **states; /* lines for the module */
	size_t n_states, cap_states;
	int local_node;
};

static int parse_number(struct cmd_line *line, const char *what, uint64_t *out)
{
	if (num_u64(line->optarg, strlen(line->optarg), out))
		return cmd_usage(line, "%s '%s' is no number", what, line->optarg);
	return -1;
}

/* -1, or an exit status. */
static int check_args(const struct verify *v)
{
	const struct cmd_line *line = v->line;

	if (line->global->sysroot || line->global->from)
		return cmd_usage(line, "verify asks the running kernel: --sysroot and --from have no meaning");
	if (v->count == 0)
		return cmd_usage(line, "--count takes a number of requests, not 0");
	if (v->all_cases && !v->cases)
		return cmd_usage(line, "--all-cases needs --cases DIR");
	return -1;
}

static int parse_args(struct verify *v)
{
	struct cmd_line *line = v->line;
	int opt, status = -1;

	while ((opt = cmd_next_option(line)) >= 0 && status < 0) {
		switch (opt) {
		case 'n':
			status = parse_number(line, "count", &v->count);
			break;
		case OPT_SEED:
			status = parse_number(line, "seed", &v->seed);
			break;
		case OPT_WAIT:
			v->wait = true;
			break;
		case OPT_PROVOKE:
			if (vec_grow(&v->states, &v->cap_states, v->n_states, sizeof(*v->states)))
				return cmd_error(EXIT_CANNOT, "out of memory");
			v->states[v->n_states++] = line->optarg;
			break;
		case OPT_SLOW:
			v->wait = v->slow = true;
			break;
		case OPT_MAX_ORDER:
			if (num_int(line->optarg, 0, 30, &v->max_order))
				return cmd_usage(line, "'%s' is no order", line->optarg);
			break;
		case OPT_CASES:
			v->cases = line->optarg;
			break;
		case OPT_ALL_CASES:
			v->all_cases = true;
			break;
		case OPT_RECORDS:
			v->records_path = line->optarg;
			break;
		case OPT_TAG:
			v->tag = line->optarg;
			break;
		}
	}
	if (opt == CMD_STOP)
		return line->status;
	return status < 0 ? check_args(v) : status;
}

/* Parse what was captured, predict, compare. 0 or an exit status. */
static int judge(struct verify *v, const struct raw_capture *raw, const struct request *r,
		 struct slice answer)
{
	auto_snapshot struct snapshot *s = NULL;
	auto_free char *why = NULL;
	struct trial t = { .api = r->api, .gfp = r->gfp.flags };
	struct explain e = { 0 };
	struct verdict verdict;
	struct mm mm = { 0 };
	bool wrong;
	int status = 0;

	if (snapshot_from_raw(raw, NULL, &s, &why))
		return cmd_error(EXIT_CANNOT, "%s", why ? why : "out of memory");
	if (mm_init(&mm, s) || explain_init(&e, &mm)) {
		status = cmd_error(EXIT_CANNOT, "out of memory");
		goto out;
	}
	e.want_steps = v->records || v->cases;
	if (explain_request(&e, r, &verdict)) {
		status = cmd_error(EXIT_CANNOT, "out of memory");
		goto out;
	}
	t.ok = module_number(answer, "ok", 0) == 1;
	t.order = trial_order(&mm, r);
	trial_by_hand(&mm, &t);
	score_add(&v->score, &t, &verdict);
	wrong = t.ok != (verdict.probability >= 0.5);
	if (v->records)
		trial_record(v->records, v->tag, &mm, r, &verdict, answer, &t);
	if (v->cases && (wrong || v->all_cases)) {
		int err = trial_case(v->cases, v->written++, v->tag, raw, &mm, r, &verdict,
				     answer, &t);

		if (err)
			status = cmd_error(EXIT_CANNOT, "%s: %s", v->cases, strerror(-err));
	}
	if (wrong && v->line->global->verbose)
		text_wrong_verdict(stderr, &mm, r, &verdict, t.ok);
out:
	explain_done(&e);
	mm_done(&mm);
	return status;
}

#define DRAWS_MAX 200

/* With --slow: draw until a request is not decided at once on the state as it is. */
static int draw_slow(struct verify *v, const struct mm *base, struct request *r)
{
	struct capture_opts opts = { .sources = SOURCES_ALWAYS, .insist = SRC_BIT(SRC_PAGETYPEINFO) };
	auto_snapshot struct snapshot *s = NULL;
	auto_free char *why = NULL;
	struct explain e = { 0 };
	struct verdict verdict;
	struct mm mm = { 0 };

	*r = draw_request(&v->draw, base);
	if (!v->slow)
		return 0;
	if (snapshot_take(&opts, &s, &why))
		return -ENOMEM;
	if (mm_init(&mm, s) == 0 && explain_init(&e, &mm) == 0) {
		for (int i = 0; i < DRAWS_MAX && explain_request(&e, r, &verdict) == 0 && verdict.at_once; i++)
			*r = draw_request(&v->draw, base);
	}
	explain_done(&e);
	mm_done(&mm);
	return 0;
}

/* One request: the bytes, the try, the verdict. */
static int one_trial(struct verify *v, const struct mm *mm)
{
	struct capture_opts opts = { .sources = SOURCES_ALWAYS, .insist = SRC_BIT(SRC_PAGETYPEINFO) };
	auto_strbuf struct strbuf ask = STRBUF_INIT, answer = STRBUF_INIT;
	struct raw_capture *raw = NULL;
	struct slice line, refused;
	struct request r;
	int err, status;

	err = draw_slow(v, mm, &r);
	if (err)
		return cmd_error(EXIT_CANNOT, "%s", strerror(-err));
	r.local_node = v->local_node;
	trial_question(mm, &r, &ask);
	sb_grow(&answer, 8192);
	err = raw_capture_take(&opts, &raw);
	if (err)
		return cmd_error(EXIT_CANNOT, "%s", strerror(-err));
	err = module_ask(v->try_fd, sb_str(&ask), &answer);
	line = (struct slice){ sb_str(&answer), answer.len };
	if (module_field(line, "refused", &refused)) {
		v->score.refused++;
		status = 0;
		if (v->line->global->verbose > 1)
			fprintf(stderr, "%s\n%s", sb_str(&ask), sb_str(&answer));
	} else if (err) {
		status = cmd_error(EXIT_CANNOT, "module: %s (%s)", strerror(-err), sb_str(&ask));
	} else {
		status = judge(v, raw, &r, line);
	}
	raw_capture_free(raw);
	return status;
}

/* One CPU, so that the per-CPU lists asked and seen are the same. */
static int pin(struct verify *v)
{
	unsigned int cpu = 0, node = 0;
	cpu_set_t set;

	if (getcpu(&cpu, &node))
		return -1;
	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	sched_setaffinity(0, sizeof(set), &set);
	v->local_node = (int)node;
	return 0;
}

/*
 * From here on this process takes no new pages: what it needs is touched and
 * kept, for a provoked state may leave nothing to take.
 */
static void keep_heap(void)
{
	char *reserve;

	mallopt(M_TRIM_THRESHOLD, INT_MAX);
	mallopt(M_MMAP_THRESHOLD, INT_MAX);
	mallopt(M_TOP_PAD, 1 << 20);
	reserve = malloc(HEAP_RESERVE);
	if (reserve)
		memset(reserve, 1, HEAP_RESERVE);
	free(reserve);
	mlockall(MCL_CURRENT);
}

static int provoke_states(struct verify *v)
{
	auto_close int fd = module_file(&v->module, MEMTOOL_FILE_PROVOKE);
	auto_strbuf struct strbuf answer = STRBUF_INIT;

	for (size_t i = 0; i < v->n_states; i++) {
		struct slice line;
		int err = fd < 0 ? fd : module_ask(fd, v->states[i], &answer);

		line = (struct slice){ sb_str(&answer), answer.len };
		if (err)
			return cmd_error(EXIT_CANNOT, "provoke: %s: %s%s%.*s", v->states[i],
					 strerror(-err), line.len ? ": " : "", (int)line.len, line.p);
	}
	return 0;
}

static void release_states(struct verify *v)
{
	auto_close int fd = v->n_states ? module_file(&v->module, MEMTOOL_FILE_PROVOKE) : -1;
	auto_strbuf struct strbuf answer = STRBUF_INIT;

	if (fd >= 0)
		module_ask(fd, "release", &answer);
}

static int run_trials(struct verify *v)
{
	struct capture_opts opts = { .sources = 0 };
	auto_snapshot struct snapshot *s = NULL;
	auto_free char *why = NULL;
	struct mm mm = { 0 };
	int status = 0;

	if (snapshot_take(&opts, &s, &why))
		return cmd_error(EXIT_CANNOT, "%s", why ? why : "out of memory");
	if (mm_init(&mm, s)) {
		mm_done(&mm);
		return cmd_error(EXIT_CANNOT, "out of memory");
	}
	v->draw.state = v->seed;
	v->draw.waiting = v->wait;
	v->draw.max_order = v->max_order >= 0 ? (unsigned int)v->max_order
			    : v->wait	      ? mm.max_order + 1
			    : mm.max_order < 6 ? mm.max_order
					       : 6;
	keep_heap();
	status = provoke_states(v);
	for (uint64_t i = 0; i < v->count && !status; i++)
		status = one_trial(v, &mm);
	release_states(v);
	mm_done(&mm);
	return status;
}

static int print_score(struct verify *v)
{
	struct outfile out;
	int status = cmd_output_open(v->line, &out);

	if (status)
		return status;
	if (v->line->global->json)
		json_score(out.f, &v->score, v->tag);
	else
		text_score(out.f, &v->score);
	return cmd_output_close(v->line, &out, EXIT_DONE);
}

static int open_records(struct verify *v)
{
	if (!v->records_path)
		return 0;
	v->records = fopen(v->records_path, "ae");
	if (!v->records)
		return cmd_error(EXIT_CANNOT, "%s: %s", v->records_path, strerror(errno));
	setvbuf(v->records, NULL, _IOFBF, RECORDS_BUFFER);
	return 0;
}

static int run(struct cmd_line *line)
{
	struct verify v = { .line = line, .count = 100, .seed = 1, .max_order = -1, .local_node = -1 };
	const char *why = "";
	int status = parse_args(&v);

	if (status >= 0)
		return status;
	if (module_open(&v.module, &why))
		return cmd_error(EXIT_CANNOT, "memtool.ko: %s", why);
	pin(&v);
	v.try_fd = module_file(&v.module, MEMTOOL_FILE_TRY);
	status = open_records(&v);
	if (status == 0 && v.try_fd < 0)
		status = cmd_error(EXIT_CANNOT, "memtool.ko: %s", strerror(-v.try_fd));
	if (status == 0)
		status = run_trials(&v);
	if (v.records && fclose(v.records) && !status)
		status = cmd_error(EXIT_CANNOT, "records: %s", strerror(errno));
	if (!status)
		status = print_score(&v);
	if (v.try_fd >= 0)
		close(v.try_fd);
	free(v.states);
	module_close(&v.module);
	return status;
}

const struct cmd cmd_verify = {
	.name = "verify",
	.summary = "compare predictions with what this kernel does (needs the module)",
	.args = "",
	.description =
		"Draws requests, predicts each from a snapshot, has memtool.ko make it, and compares. By\n"
		"default only requests that leave no trace: none that reclaims, compacts or could bring in\n"
		"the OOM killer, and a bounded order and count. Needs root and the module.",
	.options = options,
	.run = run,
};
