// SPDX-License-Identifier: GPL-2.0-or-later
/* A request as one JSON object. */
#include "model/request_json.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/jsonr.h"

struct ctx {
	const cJSON *obj;
	char *why;
	size_t why_size;
};

static int bad(struct ctx *c, const char *fmt, ...) PRINTF_LIKE(2, 3);
static int bad(struct ctx *c, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(c->why, c->why_size, fmt, ap);
	va_end(ap);
	return -EINVAL;
}

static const cJSON *member(struct ctx *c, const char *name)
{
	const cJSON *item = jr_get(c->obj, name);

	return cJSON_IsNull(item) ? NULL : item;
}

static int take_int(struct ctx *c, const char *name, int min, int max, int *out)
{
	const cJSON *item = member(c, name);
	int64_t v;

	if (!item)
		return 0;
	if (!jr_i64(item, &v) || v < min || v > max)
		return bad(c, "%s is not a number from %d to %d", name, min, max);
	*out = (int)v;
	return 0;
}

static int take_size(struct ctx *c, struct request *r)
{
	const cJSON *item = member(c, "size");
	uint64_t bytes;

	if (!item)
		return 0;
	r->size = jr_u64(item);
	if (!r->size.known && cJSON_IsString(item) && num_size(item->valuestring, &bytes) == 0)
		r->size = opt_u64(bytes);
	return r->size.known ? 0 : bad(c, "size is not a number of bytes");
}

static int take_gfp(struct ctx *c, const struct gfp_names *names, struct request *r)
{
	const cJSON *item = member(c, "gfp");
	struct slice culprit;
	int64_t mask;

	if (!item)
		return 0;
	r->gfp_given = true;
	if (cJSON_IsNumber(item) && jr_i64(item, &mask) && mask >= 0 && mask <= UINT32_MAX) {
		r->gfp = gfp_from_mask(names, (uint64_t)mask);
		return 0;
	}
	if (!cJSON_IsString(item))
		return bad(c, "gfp is neither flags nor a mask of 32 bits");
	r->gfp_text = item->valuestring;
	if (gfp_parse(names, slice_of(item->valuestring), &r->gfp, &culprit))
		return bad(c, "unknown gfp flag, or more than 32 bits: '%.*s'", culprit.len > 60 ? 60 : (int)culprit.len,
			   culprit.p);
	return 0;
}

int request_from_json(const struct gfp_names *names, const cJSON *obj, struct request *out,
		      char *why, size_t why_size)
{
	struct ctx c = { obj, why, why_size };
	struct request r;
	const char *name, *reason;
	enum api api;

	if (!cJSON_IsObject(obj))
		return bad(&c, "not a JSON object");
	name = jr_get_str(obj, "api");
	if (!name)
		return bad(&c, "no api given");
	if (!api_from_name(slice_of(name), &api))
		return bad(&c, "unknown api '%.60s'", name);
	r = request_of(api);
	r.cache = jr_get_str(obj, "cache");
	if (take_int(&c, "order", 0, 63, &r.order) || take_int(&c, "node", -1, INT32_MAX, &r.node) ||
	    take_int(&c, "local_node", -1, INT32_MAX, &r.local_node) ||
	    take_int(&c, "dma_mask", 0, 64, &r.dma_mask) || take_size(&c, &r) ||
	    take_gfp(&c, names, &r))
		return -EINVAL;
	if (request_check(&r, &reason))
		return bad(&c, "%s", reason);
	*out = r;
	return 0;
}
