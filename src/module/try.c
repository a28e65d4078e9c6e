// SPDX-License-Identifier: GPL-2.0
/* try and batch: one real request, done and freed at once, and what it cost. */
#include <linux/cpu.h>
#include <linux/dma-mapping.h>
#include <linux/gfp.h>
#include <linux/huge_mm.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/workqueue.h>

#include "memtool.h"

static ulong try_max_bytes;
module_param(try_max_bytes, ulong, 0600);
MODULE_PARM_DESC(try_max_bytes, "largest sum of bytes that one request may take (0: half of RAM)");

#define MT_COUNT_MAX	1024
#define MT_SIZE_MAX	BIT_ULL(46)

struct mt_trial {
	struct mt_request r;
	const struct mt_api *api;
	gfp_t gfp;		/* as passed to the kernel */
	struct mt_obj *objs;
	struct mt_obj one;
	u64 done;		/* allocations that succeeded */
	int err;
	u64 latency_ns;
	struct mt_events before, after;
};

#define K(field, type, min, max) { #field, type, offsetof(struct mt_request, field), min, max }
static const struct mt_key mt_try_keys[] = {
	K(api, MT_STR, 0, 0),
	K(size, MT_U64, 1, MT_SIZE_MAX),
	K(order, MT_U64, 0, 31),
	K(gfp, MT_U64, 0, U64_MAX),
	K(node, MT_S64, (u64)-1, MAX_NUMNODES - 1),
	K(dma_mask, MT_U64, 1, 64),
	K(cache, MT_STR, 0, 0),
	K(cpu, MT_S64, (u64)-1, S32_MAX),
	K(count, MT_U64, 1, MT_COUNT_MAX),
	K(force, MT_U64, 0, 1),
	K(context, MT_STR, 0, 0),
	K(tag, MT_U64, 0, U64_MAX),
};

#undef K
enum { KEY_API = 0, KEY_SIZE = 1, KEY_ORDER = 2, KEY_GFP = 3, KEY_NODE = 4, KEY_CACHE = 6 };

/* What the kernel passes for a huge page, when the request names no gfp. */
static gfp_t mt_default_gfp(const struct mt_api *api, const struct mt_request *r)
{
	/* mm/huge_memory.c:vma_thp_gfp_mask(), with defrag allowed */
	if (!strcmp(api->name, "thp"))
		return GFP_TRANSHUGE;
	/* mm/hugetlb.c: htlb_alloc_mask() and the growth of the pool */
	if (!strcmp(api->name, "hugetlb"))
		return GFP_HIGHUSER_MOVABLE | __GFP_COMP | __GFP_RETRY_MAYFAIL |
		       (r->node == -1 ? 0 : __GFP_THISNODE);
	return GFP_KERNEL;
}

/* size and order are two words for one thing: fill in the one not given */
static const char *mt_settle_size(const struct mt_api *api, struct mt_request *r, u64 seen)
{
	bool huge = !strcmp(api->name, "thp") || !strcmp(api->name, "hugetlb");
	bool size = seen & BIT(KEY_SIZE), order = seen & BIT(KEY_ORDER), own;
	gfp_t extra;

	if (size && order)
		return "size or order, not both";
	if (!strcmp(api->name, "kmem_cache_alloc")) {
		if (size || order)
			return "kmem_cache_alloc takes its size from cache";
		r->size = mt_cache_parse(r->cache, &own, &extra);
		return seen & BIT(KEY_CACHE) ? NULL : "kmem_cache_alloc needs cache";
	}
	if (seen & BIT(KEY_CACHE))
		return "cache is for kmem_cache_alloc";
	if (!size && !order && huge)
		r->order = PMD_SHIFT - PAGE_SHIFT;
	else if (!strcmp(api->name, "get_zeroed_page"))
		r->order = size ? get_order(r->size) : r->order;
	else if (!size && !order)
		return "needs size or order";
	else if (size)
		r->order = get_order(r->size);
	if (!strcmp(api->name, "get_zeroed_page") && r->order)
		return "get_zeroed_page is of order 0";
	if (!size || api->kind == MT_PAGES)
		r->size = (u64)PAGE_SIZE << r->order;
	if (!strcmp(api->name, "krealloc") && r->size < 2)
		return "krealloc needs 2 bytes or more";
	if (api->kind == MT_SKB && r->size > SZ_1G)
		return "alloc_skb takes at most 1 GiB";
	return NULL;
}

static const char *mt_bad_place(const struct mt_request *r)
{
	if (!mt_node_ok(r->node))
		return "node is not online";
	if (r->cpu != -1 && (r->cpu >= nr_cpu_ids || !cpu_online(r->cpu)))
		return "cpu is not online";
	if (strcmp(r->context, "process") && strcmp(r->context, "atomic"))
		return "context is process or atomic";
	return NULL;
}

/* APIs that carry no node to the kernel */
static bool mt_takes_node(const struct mt_api *api)
{
	switch (api->kind) {
	case MT_PAGES:
		return !strstr(api->name, "get_");
	case MT_SLAB:
		return strcmp(api->name, "krealloc");
	case MT_KVMALLOC:
	case MT_SKB:
		return true;
	default:
		return false;
	}
}

/* What the kernel turns down at once costs nothing: such a size may pass the bound. */
static bool mt_hopeless(const struct mt_api *api, const struct mt_request *r)
{
	switch (api->kind) {
	case MT_VMALLOC:
		return r->size >> PAGE_SHIFT > totalram_pages();
	case MT_KVMALLOC:
		return r->size > INT_MAX || r->size >> PAGE_SHIFT > totalram_pages();
	case MT_PERCPU:
		return r->size > PCPU_MIN_UNIT_SIZE;
	case MT_CMA:
		return false;
	default:
		return r->order > MT_MAX_ORDER;
	}
}

static u64 mt_cost(const struct mt_api *api, const struct mt_request *r)
{
	u64 one = api->kind == MT_PERCPU ? r->size * num_possible_cpus() : r->size;

	return one * r->count;
}

static int mt_refuse(struct mt_text *t, const struct mt_request *r, int err, const char *word,
		     const char *why)
{
	mt_printf(t, "tag=%llu api=%s refused=%s ", r->tag, r->api, word);
	mt_fail(t, err, "%s", why);
	return 1;
}

/* 0 to go on, 1 when the answer is already written. */
static int mt_admit(struct mt_trial *t, u64 seen, struct mt_text *out)
{
	struct mt_request *r = &t->r;
	u64 bound = try_max_bytes ?: (u64)totalram_pages() * (PAGE_SIZE / 2);
	const char *why = mt_settle_size(t->api, r, seen);

	if (!why)
		why = mt_bad_place(r);
	if (!why && r->node != -1 && !mt_takes_node(t->api))
		why = "this API takes no node";
	if (why)
		return mt_refuse(out, r, -EINVAL, MEMTOOL_REFUSED_SYNTAX, why);
	if (!(seen & BIT(KEY_GFP)))
		r->gfp = (__force u32)mt_default_gfp(t->api, r);
	r->gfp |= (__force u32)__GFP_NOWARN;
	why = mt_gfp_bad(t->api, r);
	if (why)
		return mt_refuse(out, r, -EINVAL, MEMTOOL_REFUSED_GFP, why);
	if (t->api->kind == MT_CMA && !IS_ENABLED(CONFIG_DMA_CMA))
		return mt_refuse(out, r, -EOPNOTSUPP, MEMTOOL_REFUSED_ABSENT,
				 "no CMA area that serves devices");
	if (!r->force && r->gfp & (__force u32)__GFP_MEMALLOC &&
	    !(r->gfp & (__force u32)__GFP_NOMEMALLOC))
		return mt_refuse(out, r, -EPERM, MEMTOOL_REFUSED_RESERVE,
				 "__GFP_MEMALLOC may empty the reserves");
	if (!r->force && mt_may_oom(t->api, r))
		return mt_refuse(out, r, -EPERM, MEMTOOL_REFUSED_OOM,
				 "may bring in the OOM killer");
	if (mt_cost(t->api, r) > bound && !mt_hopeless(t->api, r))
		return mt_refuse(out, r, -E2BIG, MEMTOOL_REFUSED_BOUND, "above try_max_bytes");
	return 0;
}

static DEFINE_SPINLOCK(mt_atomic_lock);

static void mt_allocate_all(struct mt_trial *t)
{
	u64 start = ktime_get_ns();

	for (t->done = 0; t->done < t->r.count; t->done++) {
		t->err = t->api->alloc(&t->objs[t->done], &t->r, t->gfp);
		if (t->err)
			break;
	}
	t->latency_ns = ktime_get_ns() - start;
}

static void mt_allocate(struct mt_trial *t)
{
	if (strcmp(t->r.context, "atomic")) {
		mt_allocate_all(t);
		return;
	}
	spin_lock(&mt_atomic_lock);
	mt_allocate_all(t);
	spin_unlock(&mt_atomic_lock);
}

static long mt_allocate_on(void *arg)
{
	mt_allocate(arg);
	return 0;
}

static void mt_free_all(struct mt_trial *t)
{
	u64 i;

	for (i = 0; i < t->done; i++) {
		t->api->free(&t->objs[i], &t->r);
		cond_resched();
	}
}

/* The zone that is looked at first, as it was before the request. */
static void mt_print_zone(struct mt_text *out, const struct mt_trial *t)
{
	struct zone *z = mt_zone_preferred(t->gfp, t->r.node);

	if (!z)
		return;
	mt_printf(out, " pre_zone=%s pre_node=%d pre_free=%lu pre_highatomic=%lu", z->name,
		  zone_to_nid(z), mt_zone_free(z), z->nr_reserved_highatomic);
#ifdef CONFIG_COMPACTION
	mt_printf(out, " pre_defer_shift=%u pre_defer_considered=%u pre_order_failed=%d",
		  z->compact_defer_shift, z->compact_considered, z->compact_order_failed);
#endif
}

static void mt_print_result(struct mt_text *out, struct mt_trial *t)
{
	const struct mt_api *api = t->api;
	struct mt_obj *o = &t->objs[0];
	unsigned int order = t->r.order;

	mt_printf(out, "tag=%llu api=%s ok=%d errno=%d latency_ns=%llu done=%llu count=%llu",
		  t->r.tag, t->r.api, !t->err, -t->err, t->latency_ns, t->done, t->r.count);
	if (t->done)
		mt_api_resolve(api, o);
	if (t->done && o->page) {
		/* the other kinds are compound where the buddy allocator gave a block */
		if (api->kind != MT_PAGES && api->kind != MT_EXACT && api->kind != MT_DMA)
			order = mt_page_order(o->page);
		mt_printf(out, " order=%u size=%llu node=%d zone=%s pfn=0x%lx", order, t->r.size,
			  page_to_nid(o->page), page_zone(o->page)->name, page_to_pfn(o->page));
		mt_printf(out, " vaddr=0x%lx contiguous=%d", (unsigned long)o->data,
			  mt_contiguous(o, t->r.size));
		mt_printf(out, " pages=%llu", api->kind == MT_PAGES ? 1ULL << order :
			  max_t(u64, 1ULL << order, PAGE_ALIGN(t->r.size) >> PAGE_SHIFT));
	} else {
		mt_printf(out, " order=%u size=%llu", order, t->r.size);
	}
}

static void mt_print_events(struct mt_text *out, const struct mt_trial *t)
{
	const struct mt_events *a = &t->after, *b = &t->before;

	mt_printf(out, " allocstall=%llu compact_stall=%llu compact_success=%llu compact_fail=%llu",
		  a->allocstall - b->allocstall, a->compact_stall - b->compact_stall,
		  a->compact_success - b->compact_success, a->compact_fail - b->compact_fail);
	mt_printf(out, " pgscan=%llu pgscan_kswapd=%llu pgsteal=%llu oom=%llu gfp=0x%x",
		  a->pgscan_direct - b->pgscan_direct, a->pgscan_kswapd - b->pgscan_kswapd,
		  a->pgsteal - b->pgsteal, a->oom - b->oom, (__force u32)t->gfp);
}

static int mt_run(struct mt_trial *t, struct mt_text *out, struct mt_text *pre)
{
	struct mt_obj proto;
	int err;
	u64 i;

	err = mt_api_prepare(t->api, &t->r, &proto);
	if (err) {
		if (err == -EOPNOTSUPP)
			return mt_refuse(out, &t->r, err, MEMTOOL_REFUSED_ABSENT,
					 "not a cache that a module can reach");
		mt_printf(out, "tag=%llu api=%s ", t->r.tag, t->r.api);
		return mt_fail(out, err, t->api->kind == MT_DMA || t->api->kind == MT_CMA ?
			       "the device's mask cannot be set" : "no such cache can be made");
	}
	t->gfp = (__force gfp_t)t->r.gfp | (t->api->zero ? __GFP_ZERO : 0);
	if (t->api->kind == MT_SLAB)
		t->r.order = get_order(t->r.size);
	for (i = 0; i < t->r.count; i++)
		t->objs[i] = proto;

	mt_print_zone(pre, t);
	mt_events_read(&t->before);
	if (t->r.cpu == -1)
		mt_allocate(t);
	else
		work_on_cpu(t->r.cpu, mt_allocate_on, t);
	mt_events_read(&t->after);
	mt_print_result(out, t);
	mt_free_all(t);
	mt_api_finish(t->api);
	mt_print_events(out, t);
	mt_printf(out, "%s\n", pre->buf);
	return 0;
}

/* One request line; the answer goes to out. Only a malformed line is an error. */
static int mt_try_line(char *line, struct mt_text *out)
{
	char prebuf[256] = "";
	struct mt_text pre = { .buf = prebuf, .cap = sizeof(prebuf) };
	struct mt_trial *t = kzalloc(sizeof(*t), GFP_KERNEL);
	u64 seen;
	int err;

	if (!t)
		return mt_fail(out, -ENOMEM, "no memory for the request itself");
	t->r = (struct mt_request){ .node = -1, .cpu = -1, .count = 1, .dma_mask = 32,
				    .context = "process" };
	err = mt_parse(line, mt_try_keys, ARRAY_SIZE(mt_try_keys), &t->r, &seen, out);
	if (err)
		goto out;
	t->api = mt_api_find(t->r.api);
	if (!t->api) {
		err = mt_fail(out, -EINVAL, seen & BIT(KEY_API) ? "unknown api" : "needs api");
		goto out;
	}
	if (mt_admit(t, seen, out))
		goto out;
	t->objs = t->r.count == 1 ? &t->one : kvcalloc(t->r.count, sizeof(*t->objs), GFP_KERNEL);
	if (!t->objs)
		err = mt_fail(out, -ENOMEM, "no memory for the request itself");
	else
		mt_run(t, out, &pre);
	if (t->objs != &t->one)
		kvfree(t->objs);
out:
	kfree(t);
	return err;
}

static int mt_try_write(struct mt_session *s, char *text)
{
	if (strchr(text, '\n'))
		return mt_fail(&s->out, -EINVAL, "one line only; batch takes more");
	return mt_try_line(text, &s->out);
}

/* A bad line costs that line: its answer says so, and the rest is done. */
static int mt_batch_write(struct mt_session *s, char *text)
{
	char *line;
	int lines = 0;

	while ((line = strsep(&text, "\n")) != NULL) {
		struct mt_text one = { .buf = s->out.buf + s->out.len,
				       .cap = min_t(size_t, MEMTOOL_ANSWER_MAX + 1,
						    s->out.cap - s->out.len) };

		if (fatal_signal_pending(current))
			return -EINTR;
		if (++lines > MEMTOOL_BATCH_LINES)
			mt_fail(&one, -E2BIG, "more than %d lines", MEMTOOL_BATCH_LINES);
		else if (strlen(line) > MEMTOOL_LINE_MAX)
			mt_fail(&one, -EINVAL, "longer than %d bytes", MEMTOOL_LINE_MAX);
		else
			mt_try_line(line, &one);
		s->out.len += one.len;
		if (lines > MEMTOOL_BATCH_LINES)
			break;
		cond_resched();
	}
	return 0;
}

const struct mt_file mt_file_try = {
	.name = MEMTOOL_FILE_TRY,
	.mode = 0600,
	.in_max = MEMTOOL_LINE_MAX,
	.out_max = MEMTOOL_ANSWER_MAX + 1,
	.write = mt_try_write,
};

const struct mt_file mt_file_batch = {
	.name = MEMTOOL_FILE_BATCH,
	.mode = 0600,
	.in_max = MEMTOOL_BATCH_MAX,
	.out_max = (MEMTOOL_BATCH_LINES + 1) * (MEMTOOL_ANSWER_MAX + 1),
	.write = mt_batch_write,
};
