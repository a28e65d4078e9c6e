// SPDX-License-Identifier: GPL-2.0-or-later
/* What verify asks the module for, and what it keeps of a trial. */
#include "cmd/verify_record.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/outfile.h"
#include "host/module.h"
#include "kernel/fragmentation.h"
#include "out/json_verdict.h"

void trial_question(const struct mm *mm, const struct request *r, struct strbuf *sb)
{
	sb_reset(sb);
	sb_printf(sb, "api=%s gfp=0x%llx", api_name(r->api),
		  (unsigned long long)gfp_to_mask(&mm->names, r->gfp));
	if (r->size.known)
		sb_printf(sb, " size=%llu", (unsigned long long)r->size.v);
	else if (r->order >= 0)
		sb_printf(sb, " order=%d", r->order);
	if (r->node >= 0)
		sb_printf(sb, " node=%d", r->node);
	if (r->cache)
		sb_printf(sb, " cache=%s", r->cache);
	if (r->dma_mask)
		sb_printf(sb, " dma_mask=%d", r->dma_mask);
	/* It cannot wait, so all that is forced is the refusal to let it at the reserves. */
	if (r->gfp.flags & GF_MEMALLOC && !(r->gfp.flags & GF_DIRECT_RECLAIM))
		sb_addstr(sb, " force=1");
}

unsigned int trial_order(const struct mm *mm, const struct request *r)
{
	return r->order >= 0 ? (unsigned int)r->order : get_order(r->size.v, mm->page_size);
}

void trial_by_hand(const struct mm *mm, struct trial *t)
{
	t->block_free = false;
	t->index_high = true;
	for (size_t i = 0; i < mm->n_zones; i++) {
		const struct mm_zone *z = &mm->zones[i];
		int64_t index = fragmentation_index(z->nr_free, z->n_orders, t->order);

		for (unsigned int o = t->order; o < z->n_orders; o++)
			t->block_free |= z->nr_free[o] > 0;
		if (t->order < z->n_orders && index <= 500)
			t->index_high = false;
	}
}

void trial_record(FILE *f, const char *tag, const struct mm *mm, const struct request *r,
		  const struct verdict *verdict, struct slice answer, const struct trial *t)
{
	static const char *const numbers[] = { "latency_ns", "order", "node", "allocstall", "compact_stall",
					       "compact_success", "compact_fail", "pgscan", "pgsteal", "oom",
					       "pre_defer_shift", "pre_defer_considered", "pre_order_failed" };
	struct slice zone;
	struct jsonw jw;

	jw_init(&jw, f, false);
	jw_object(&jw, NULL);
	jw_str(&jw, "kernel", mm->snap->kernel.release);
	jw_str(&jw, "tag", tag);
	jw_bool(&jw, "ok", t->ok);
	jw_bool(&jw, "block_free", t->block_free);
	jw_bool(&jw, "index_high", t->index_high);
	jw_str(&jw, "class", gfp_class_name(gfp_class_of(t->gfp)));
	jw_object(&jw, "obtained");
	if (module_field(answer, "zone", &zone))
		jw_slice(&jw, "zone", zone);
	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++)
		jw_i64(&jw, numbers[i], module_number(answer, numbers[i], -1));
	jw_end_object(&jw);
	json_verdict(&jw, "predicted", r, &mm->names, NULL, verdict);
	jw_end_object(&jw);
	jw_finish(&jw);
}

int trial_case(const char *parent, uint64_t number, const char *tag, const struct raw_capture *raw,
	       const struct mm *mm, const struct request *r, const struct verdict *verdict,
	       struct slice answer, const struct trial *t)
{
	auto_free char *dir = NULL, *file = NULL;
	struct outfile out;
	int err;

	mkdir(parent, 0777);
	if (asprintf(&dir, "%s/%s%s%06llu", parent, tag ? tag : "", tag ? "-" : "",
		     (unsigned long long)number) < 0) {
		dir = NULL;
		return -ENOMEM;
	}
	err = raw_capture_write(raw, dir);
	if (err)
		return err;
	if (asprintf(&file, "%s/verify.json", dir) < 0) {
		file = NULL;
		return -ENOMEM;
	}
	err = outfile_open(&out, file);
	if (err)
		return err;
	trial_record(out.f, tag, mm, r, verdict, answer, t);
	err = outfile_commit(&out);
	outfile_done(&out);
	return err;
}
