// SPDX-License-Identifier: GPL-2.0-or-later
/* memtool snapshot */
#include <errno.h>
#include <string.h>

#include "cmd/cmd.h"
#include "cmd/get_snapshot.h"
#include "cmd/output.h"
#include "cmd/summary.h"
#include "out/json_snapshot.h"

enum {
	OPT_ONLY = CMD_OPT(1),
	OPT_WITHOUT,
	OPT_WITH,
};

#define SOURCES                                                                    \
	"buddyinfo|pagetypeinfo|zoneinfo|vmstat|meminfo|slabinfo|slab-sysfs|slab|" \
	"vmallocinfo|vmalloc|allocinfo|kmemleak|page_owner|sysctl|nodes|settings|hugepages|cma|swiotlb|iommu|memcg|" \
	"extfrag_index|unusable_index|extfrag|gfpformat|kconfig|kernel"

static const struct cmd_option options[] = {
	{ OPT_ONLY, "only", "LIST", "read only these sources", SOURCES },
	{ OPT_WITHOUT, "without", "LIST", "leave these sources out", SOURCES },
	{ OPT_WITH, "with", "LIST", "read these even where they can stall the host", SOURCES },
	{ 0, NULL, NULL, NULL, NULL },
};

static int take_list(struct cmd_line *line, const char *option, uint64_t *mask)
{
	struct slice bad;

	if (source_mask(line->optarg, mask, &bad))
		return cmd_usage(line, "--%s: no source '%.*s'", option, (int)bad.len, bad.p);
	return EXIT_DONE;
}

static int parse(struct cmd_line *line, struct capture_opts *opts)
{
	uint64_t only = 0, without = 0, with = 0, mask;
	int opt, status = EXIT_DONE;

	while ((opt = cmd_next_option(line)) >= 0 && status == EXIT_DONE) {
		if (opt == OPT_ONLY && (status = take_list(line, "only", &mask)) == EXIT_DONE)
			only |= mask;
		else if (opt == OPT_WITHOUT && (status = take_list(line, "without", &mask)) == EXIT_DONE)
			without |= mask;
		else if (opt == OPT_WITH && (status = take_list(line, "with", &mask)) == EXIT_DONE)
			with |= mask;
	}
	if (opt == CMD_STOP)
		return line->status;
	if (status != EXIT_DONE)
		return status;
	if (line->global->from && (only | without | with))
		return cmd_usage(line, "--only, --without and --with choose what is read: with --from they have no meaning");
	opts->insist = only | with;
	opts->sources = ((only ? only | with : SRC_ALL) & ~without);
	if (!opts->sources)
		return cmd_usage(line, "no source is left to read");
	opts->sysroot = line->global->sysroot;
	return -1;
}

/* What is there is written while the rest is still being read. */
static int write_json(FILE *f, const struct snapshot *s, struct snapshot_rest **rest)
{
	struct json_snapshot doc;
	int ret = json_begin_snapshot(&doc, s, f, isatty(fileno(f)));

	if (ret)
		return ret;
	ret = snapshot_finish(*rest);
	*rest = NULL;
	return json_end_snapshot(&doc) ? -ENOMEM : ret;
}

static int write_out(struct cmd_line *line, const struct snapshot *s, struct snapshot_rest **rest)
{
	struct outfile out;
	int status = cmd_output_open(line, &out);

	if (status)
		return status;
	if (!line->global->json)
		status = cmd_put_summary(line, out.f, s);
	else if (write_json(out.f, s, rest))
		status = cmd_error(EXIT_CANNOT, "out of memory");
	return cmd_output_close(line, &out, status);
}

static int run(struct cmd_line *line)
{
	auto_snapshot struct snapshot *s = NULL;
	struct snapshot_rest *rest = NULL;
	struct capture_opts opts = { 0 };
	int status = parse(line, &opts);

	if (status >= 0)
		return status;
	status = cmd_begin_snapshot(line, &opts, &s, line->global->json ? &rest : NULL);
	if (status == EXIT_DONE)
		status = write_out(line, s, &rest);
	snapshot_finish(rest); /* if it was not come to */
	return status;
}

const struct cmd cmd_snapshot = {
	.name = "snapshot",
	.summary = "take one snapshot of the kernel's memory",
	.args = "",
	.description =
		"Reads what the kernel tells of its memory and prints a summary, or all of it as JSON.\n"
		"Sources: buddyinfo pagetypeinfo zoneinfo vmstat meminfo slabinfo slab-sysfs\n"
		"vmallocinfo allocinfo kmemleak page_owner sysctl nodes settings hugepages\n"
		"cma swiotlb iommu memcg extfrag_index unusable_index gfpformat kconfig; slab,\n"
		"vmalloc and extfrag name groups. pagetypeinfo can stall a host above 1 TiB, or one\n"
		"whose kernel lacks its cap (before 5.4): there it is left out unless --with or --only\n"
		"names it; so are kmemleak, whose scan makes a reader wait, and page_owner, which\n"
		"takes seconds a gigabyte.",
	.options = options,
	.run = run,
};
