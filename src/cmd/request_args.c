// SPDX-License-Identifier: GPL-2.0-or-later
/* "kmalloc 64K alloc_pages order=4": requests as words of the command line. */
#include "cmd/request_args.h"

#include <string.h>

#include "base/num.h"

struct parser {
	struct cmd_line *line;
	const struct gfp_names *names;
	const struct request *given;
	bool masked; /* some request took the DMA mask */
};

/* One word of a measure: "64K", "order=4", a cache's name. */
static int take_measure(struct parser *p, struct request *r, const char *word)
{
	int order;

	if (api_argument(r->api) == ARG_CACHE && !r->cache) {
		r->cache = word;
		return 0;
	}
	if (r->order >= 0 || r->size.known)
		return cmd_usage(p->line, "'%s': %s has its %s already", word, api_name(r->api),
				 r->order >= 0 ? "order" : "size");
	if (strncmp(word, "order=", 6) == 0) {
		if (num_int(word + 6, 0, 63, &order))
			return cmd_usage(p->line, "'%s' is no order", word);
		r->order = order;
		return 0;
	}
	if (num_size(word, &r->size.v))
		return cmd_usage(p->line, "'%s' is neither a size (64, 4K, 1M) nor order=N", word);
	r->size.known = true;
	return 0;
}

static bool is_measure(const char *word)
{
	uint64_t v;

	return strncmp(word, "order=", 6) == 0 || num_size(word, &v) == 0;
}

/* The next request of the command line; @at moves on. 0 or an exit status. */
static int next_request(struct parser *p, int *at, struct request *r)
{
	struct cmd_line *line = p->line;
	const char *word = line->args[*at], *why;
	struct slice culprit;
	enum api api;
	int status;

	if (!api_from_name(slice_of(word), &api))
		return cmd_usage(line, "unknown API '%s'", word);
	*r = request_of(api);
	(*at)++;
	if (api_argument(api) == ARG_CACHE && *at < line->n_args &&
	    (status = take_measure(p, r, line->args[(*at)++])))
		return status;
	while (*at < line->n_args && is_measure(line->args[*at])) {
		if ((status = take_measure(p, r, line->args[(*at)++])))
			return status;
	}
	if ((api_argument(api) == ARG_SIZE || api_argument(api) == ARG_ORDER) && *at < line->n_args &&
	    !r->size.known && r->order < 0 && !api_from_name(slice_of(line->args[*at]), &api))
		return take_measure(p, r, line->args[*at]);
	r->node = p->given->node;
	r->local_node = p->given->local_node;
	r->dma_mask = r->api == API_DMA_ALLOC_COHERENT ? p->given->dma_mask : 0;
	p->masked |= r->dma_mask != 0;
	r->gfp_text = p->given->gfp_text;
	r->gfp_given = r->gfp_text != NULL;
	if (r->gfp_given && gfp_parse(p->names, slice_of(r->gfp_text), &r->gfp, &culprit))
		return cmd_usage(line, "unknown gfp flag, or more than 32 bits: '%.*s'", (int)culprit.len, culprit.p);
	if (request_check(r, &why))
		return cmd_usage(line, "%s: %s", word, why);
	return 0;
}

int cmd_request_args(struct cmd_line *line, const struct gfp_names *names, const struct request *given,
		     struct request *requests, size_t *n)
{
	struct parser p = { line, names, given, false };
	int at = 0, status = 0;

	for (*n = 0; at < line->n_args && !status; (*n)++)
		status = next_request(&p, &at, &requests[*n]);
	if (!status && given->dma_mask && !p.masked)
		return cmd_usage(line, "--dma-mask is for dma_alloc_coherent");
	return status;
}
