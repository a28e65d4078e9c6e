// SPDX-License-Identifier: GPL-2.0-or-later
/* memtool advise: which allocation API fits a need. */
#include <errno.h>
#include <string.h>

#include "base/num.h"
#include "cmd/cmd.h"
#include "cmd/get_snapshot.h"
#include "cmd/output.h"
#include "cmd/summary.h"
#include "out/advice.h"

enum {
	OPT_SIZE = CMD_OPT(0),
	OPT_CONTIGUOUS,
	OPT_CONTEXT,
	OPT_EQUAL_OBJECTS,
	OPT_DMA_MASK,
	OPT_ZEROED,
	OPT_USER_MAPPED,
	OPT_CONSTRUCTOR,
	OPT_ALIGN,
	OPT_HOT,
};

static const struct cmd_option options[] = {
	{ OPT_SIZE, "size", "SIZE", "bytes of the buffer, or of one object", NULL },
	{ OPT_CONTIGUOUS, "contiguous", "WHETHER", "must it be physically contiguous: yes or no", "yes|no" },
	{ OPT_CONTEXT, "context", "CONTEXT", "who asks: process, atomic, nofs, noio", "process|atomic|nofs|noio" },
	{ OPT_EQUAL_OBJECTS, "equal-objects", "N", "number of equal objects", NULL },
	{ OPT_DMA_MASK, "dma-mask", "BITS", "a device reads it and reaches so many address bits", NULL },
	{ OPT_ZEROED, "zeroed", NULL, "it must be zeroed", NULL },
	{ OPT_USER_MAPPED, "user-mapped", NULL, "it is mapped to user space", NULL },
	{ OPT_CONSTRUCTOR, "constructor", NULL, "objects keep a constructed state", NULL },
	{ OPT_ALIGN, "align", "BYTES", "alignment of the buffer, or of an object", NULL },
	{ OPT_HOT, "hot", NULL, "objects are used on a hot path: align them to cache lines", NULL },
	{ 0, NULL, NULL, NULL, NULL },
};

static int take_option(struct cmd_line *line, int opt, struct need *n)
{
	const char *arg = line->optarg;

	switch (opt) {
	case OPT_SIZE:
		if (num_size(arg, &n->bytes) || n->bytes == 0)
			return cmd_usage(line, "'%s' is no size", arg);
		break;
	case OPT_CONTIGUOUS:
		n->contiguous_given = true;
		n->contiguous = strcmp(arg, "yes") == 0;
		if (!n->contiguous && strcmp(arg, "no") != 0)
			return cmd_usage(line, "--contiguous takes yes or no, not '%s'", arg);
		break;
	case OPT_CONTEXT:
		if (!need_context_from_name(arg, &n->context))
			return cmd_usage(line, "--context takes process, atomic, nofs or noio, not '%s'", arg);
		break;
	case OPT_EQUAL_OBJECTS:
		if (num_u64(arg, strlen(arg), &n->objects) || n->objects == 0)
			return cmd_usage(line, "'%s' is no number of objects", arg);
		break;
	case OPT_DMA_MASK:
		if (num_int(arg, 1, 64, &n->dma_mask))
			return cmd_usage(line, "a DMA mask has 1 to 64 bits, not '%s'", arg);
		break;
	case OPT_ALIGN:
		if (num_size(arg, &n->align) || (n->align & (n->align - 1)))
			return cmd_usage(line, "'%s' is no power of two", arg);
		break;
	case OPT_ZEROED:
		n->zeroed = true;
		break;
	case OPT_USER_MAPPED:
		n->user_mapped = true;
		break;
	case OPT_CONSTRUCTOR:
		n->constructor = true;
		break;
	case OPT_HOT:
		n->hot = true;
		break;
	}
	return 0;
}

static int print(struct cmd_line *line, const struct need *n, const struct advice *a)
{
	struct outfile out;
	int status = cmd_output_open(line, &out);

	struct text_style st;

	if (status)
		return status;
	st = cmd_style(line, out.f);
	if (line->global->json)
		json_advice(out.f, n, a);
	else
		text_advice(out.f, &st, a);
	return cmd_output_close(line, &out, EXIT_DONE);
}

static int run(struct cmd_line *line)
{
	auto_snapshot struct snapshot *s = NULL;
	struct need n = { 0 };
	struct explain e = { 0 };
	struct advice a = { 0 };
	struct mm mm = { 0 };
	int opt, status = 0;

	while ((opt = cmd_next_option(line)) >= 0) {
		status = take_option(line, opt, &n);
		if (status)
			return status;
	}
	if (opt == CMD_STOP)
		return line->status;
	if (n.bytes == 0)
		return cmd_usage(line, "--size is needed");
	status = cmd_get_snapshot(line, 0, &s);
	if (status)
		return status;
	if (mm_init(&mm, s) || explain_init(&e, &mm) || advise(&e, &n, &a))
		status = cmd_error(EXIT_CANNOT, "out of memory");
	else
		status = print(line, &n, &a);
	advice_done(&a);
	explain_done(&e);
	mm_done(&mm);
	return status;
}

const struct cmd cmd_advise = {
	.name = "advise",
	.summary = "say which allocation API fits a need",
	.args = "",
	.description = "Need in, API out: the choice of kernel practice, weighed by what this machine would do\n"
		       "with it now; the call as C, the check, how to free it, the fallback, what to avoid.",
	.options = options,
	.run = run,
};
