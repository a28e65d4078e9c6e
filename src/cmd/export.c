// SPDX-License-Identifier: GPL-2.0-or-later
/* memtool export: a snapshot for Prometheus and what else reads its formats. */
#include <string.h>

#include "cmd/get_snapshot.h"
#include "cmd/output.h"
#include "cmd/verdicts.h"
#include "cmd/view.h"
#include "out/openmetrics.h"

enum { OPT_FORMAT = CMD_OPT(0), OPT_NO_VERDICTS };

static const struct cmd_option options[] = {
	{ OPT_FORMAT, "format", "FORMAT", "openmetrics, or prometheus for its older text format"
					  " (node_exporter's textfile collector)", "openmetrics|prometheus" },
	{ OPT_NO_VERDICTS, "no-verdicts", NULL, "leave out the probabilities of common requests", NULL },
	{ 0, NULL, NULL, NULL, NULL },
};

static int write_out(struct cmd_line *line, const struct snapshot *s, bool verdicts, bool prometheus)
{
	struct verdicts v = { 0 };
	struct outfile out;
	int status = EXIT_DONE;

	if (verdicts && verdicts_make(&v, s))
		status = cmd_error(EXIT_CANNOT, "out of memory");
	if (status == EXIT_DONE)
		status = cmd_output_open(line, &out);
	if (status == EXIT_DONE) {
		openmetrics_write(out.f, s, &v.mm, v.known ? &v.table : NULL, prometheus);
		status = cmd_output_close(line, &out, EXIT_DONE);
	}
	if (verdicts)
		verdicts_done(&v);
	return status;
}

static int run(struct cmd_line *line)
{
	auto_snapshot struct snapshot *s = NULL;
	bool prometheus = false, verdicts = true;
	int opt, status;

	while ((opt = cmd_next_option(line)) >= 0) {
		if (opt == OPT_NO_VERDICTS)
			verdicts = false;
		else if (strcmp(line->optarg, "prometheus") == 0)
			prometheus = true;
		else if (strcmp(line->optarg, "openmetrics") == 0)
			prometheus = false;
		else
			return cmd_usage(line, "--format takes openmetrics or prometheus, not '%s'", line->optarg);
	}
	if (opt == CMD_STOP)
		return line->status;
	if (line->global->json)
		return cmd_usage(line, "metrics are text; memtool snapshot --json has the same as JSON");
	status = cmd_get_snapshot(line, 0, &s);
	return status ? status : write_out(line, s, verdicts, prometheus);
}

const struct cmd cmd_export = {
	.name = "export",
	.summary = "metrics of a snapshot as OpenMetrics text",
	.args = "",
	.description = "Prints a snapshot as OpenMetrics text: zones, free blocks by order, indices, pageblocks,\n"
		       "slab caches, vmalloc callers, counters, and the probability of common requests. With\n"
		       "--output the file is replaced whole, as node_exporter's textfile collector needs it.",
	.options = options,
	.run = run,
};
