/* SPDX-License-Identifier: GPL-2.0 */
/* What the parts of memtool.ko know of one another. */
#ifndef MT_MEMTOOL_H
#define MT_MEMTOOL_H

#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/sizes.h>
#include <linux/types.h>

#include "compat.h"
#include "interface.h"

struct device;
struct kmem_cache;
struct zone;

/* ---- text.c: answers out, words in ---- */

/* A bounded text; what does not fit is cut off, never written past cap. */
struct mt_text {
	char *buf;
	size_t len;
	size_t cap;
};

__printf(2, 3) void mt_printf(struct mt_text *t, const char *fmt, ...);

/* Ends the answer with reason="..." and returns err, for "return mt_fail(...)". */
__printf(3, 4) int mt_fail(struct mt_text *t, int err, const char *fmt, ...);

#define MT_WORD		32	/* bytes of a textual value, NUL included */

enum mt_type { MT_U64, MT_S64, MT_STR };

/* One key of a request: where its value goes, and what it may be. */
struct mt_key {
	const char *name;
	enum mt_type type;
	size_t offset;		/* of the u64, s64 or char[MT_WORD] in the target */
	u64 min, max;		/* numbers only; signed ones compare as s64 */
};

/*
 * Reads words key=value of line into target; line is cut up. Sets bit i of *seen
 * for keys[i]. A word may stand only once. 0, or -EINVAL with the reason in err.
 */
int mt_parse(char *line, const struct mt_key *keys, unsigned int n, void *target,
	     u64 *seen, struct mt_text *err);

/* ---- debugfs.c: files and sessions ---- */

struct mt_session {
	struct mutex lock;	/* two threads may share one descriptor */
	const struct mt_file *file;
	struct mt_text out;
	size_t taken;		/* bytes of out already read */
	bool shown;
	char *in;		/* file->in_max + 1 bytes */
	void *priv;		/* of the file's own code */
};

struct mt_file {
	const char *name;
	umode_t mode;
	size_t in_max;		/* bytes of one write; 0 when not writable */
	size_t out_max;
	int (*show)(struct mt_session *s);	/* first read without a write */
	int (*write)(struct mt_session *s, char *text);
	int (*open)(struct mt_session *s);
	void (*release)(struct mt_session *s);
};

int mt_debugfs_init(void);
void mt_debugfs_exit(void);

/* ---- zone.c ---- */

/* Calls fn for each populated zone that name ("all" or NULL is any) and node (-1 is any) pick. */
int mt_walk_zones(const char *name, s64 node,
		  int (*fn)(struct zone *zone, void *arg), void *arg);

struct zone *mt_zone_largest(s64 node);
/* The zone the page allocator looks at first for gfp on node; NULL when there is none. */
struct zone *mt_zone_preferred(gfp_t gfp, int node);
/* gfp that makes zone the highest one allowed. */
gfp_t mt_zone_gfp(struct zone *zone);
/* Free pages: all, and those of them that are not CMA's: all that a state can take. */
unsigned long mt_zone_free(struct zone *zone);
unsigned long mt_zone_left(struct zone *zone);
/* Whether a block of order or larger is free that is nobody's reserve. Without the zone's lock. */
bool mt_zone_has(struct zone *zone, unsigned int order);
bool mt_node_ok(s64 node);

/* ---- cache.c: our own slab caches ---- */

#define MT_CACHE_MIN	16
#define MT_CACHE_MAX	32768

/* The cache for objects of size bytes, made on demand; kept until the module goes. ERR_PTR. */
struct kmem_cache *mt_cache_get(unsigned int size, bool reclaimable);
void mt_cache_exit(void);
/* "own:SIZE" or "kmalloc-SIZE": object size, and *own; 0 when cache is neither. */
size_t mt_cache_parse(const char *cache, bool *own, gfp_t *extra);

/* ---- device.c: a device of our own for the DMA API ---- */

int mt_device_init(void);
void mt_device_exit(void);
/* Locks the device and sets its masks; 0, or an errno and not locked. */
int mt_device_get(unsigned int mask_bits, struct device **dev);
void mt_device_put(void);

/* ---- api.c: one request to the kernel ---- */

struct mt_request {
	char api[MT_WORD];
	u64 size;
	u64 order;
	u64 gfp;
	s64 node;
	u64 dma_mask;
	char cache[MT_WORD];
	s64 cpu;
	u64 count;
	u64 force;
	char context[MT_WORD];
	u64 tag;
};

enum mt_kind {
	MT_PAGES, MT_EXACT, MT_SLAB, MT_KVMALLOC, MT_VMALLOC, MT_PERCPU, MT_DMA, MT_CMA, MT_SKB
};

struct mt_obj {
	void *addr;		/* the virtual address, or the skb, or the percpu cookie */
	const void *data;	/* where the memory is seen: this CPU's copy, the skb's head */
	struct page *page;	/* the first page */
	u64 dma;
	struct kmem_cache *cache;
};

struct mt_api {
	const char *name;
	enum mt_kind kind;
	bool zero;		/* adds __GFP_ZERO */
	/* 0 or -errno */
	int (*alloc)(struct mt_obj *o, const struct mt_request *r, gfp_t gfp);
	void (*free)(struct mt_obj *o, const struct mt_request *r);
};

const struct mt_api *mt_api_find(const char *name);
/* The cache, device masks, ... that the request needs, taken before it is timed. */
int mt_api_prepare(const struct mt_api *api, struct mt_request *r, struct mt_obj *proto);
void mt_api_finish(const struct mt_api *api);
/* Fills o->data and o->page, also for vmalloc and percpu addresses. */
void mt_api_resolve(const struct mt_api *api, struct mt_obj *o);
/* Whether size bytes from o->data on lie in one run of page frames. */
bool mt_contiguous(const struct mt_obj *o, u64 size);

/* ---- gfp.c: what must not reach the kernel ---- */

/* NULL, or why the kernel would warn or break. */
const char *mt_gfp_bad(const struct mt_api *api, const struct mt_request *r);
/* Whether the request may bring in the OOM killer, as mm/page_alloc.c:__alloc_pages_may_oom. */
bool mt_may_oom(const struct mt_api *api, const struct mt_request *r);

/* ---- events.c: what the kernel did meanwhile ---- */

struct mt_events {
	u64 allocstall, compact_stall, compact_success, compact_fail;
	u64 pgscan_direct, pgscan_kswapd, pgsteal, oom;
};

void mt_events_read(struct mt_events *e);

/* ---- the files ---- */

extern const struct mt_file mt_file_version, mt_file_try, mt_file_batch;
extern const struct mt_file mt_file_provoke, mt_file_states, mt_file_demo;

/* ---- provoke.c and the states ---- */

struct mt_args {
	char state[MT_WORD], zone[MT_WORD], migratetype[MT_WORD], to[MT_WORD];
	char cache[MT_WORD], mode[MT_WORD];
	u64 stride, random, order, mix, seed, top, leave, follow;
	u64 bytes, percent, floor, deadline, shrinker;
	u64 count, size, rate, keep, reclaimable, free_percent, free_bytes;
	s64 node;
};

/*
 * Whether the unit with this number stays: the first of every stride units, or,
 * with random=1, one of them by a hash. A regular stride of 2 hides every hole from
 * compaction's free scanner, which samples every other frame when it finds none.
 */
#define MT_HOLES_KEYS	"stride=16 random=0 seed=1"
bool mt_stays(const struct mt_args *a, unsigned long unit);
int mt_stays_least(const struct mt_args *a);

/* Pages held, linked through their own memory: no bookkeeping beside them. */
struct mt_link;

struct mt_hold {
	struct mt_link *head;
	u64 pages;
};

struct mt_state {
	struct list_head node;
	const struct mt_state_ops *ops;
	struct mt_args a;
	u64 id;
	u64 born, dies;		/* ktime_get_ns() */
	const char *bound;	/* MEMTOOL_BOUND_* */
	u64 bytes;		/* held now, all kinds together */
	u64 peak;		/* held at most, while building too */
	u64 objects;
	u64 shrunk;		/* pages given back under pressure */
	struct mt_hold hold;
	struct mt_hold halves;	/* single pages: every other piece of a block that was halved */
	struct mt_hold pins;	/* single pages that keep what came back later from merging */
	void *priv;		/* of the state's own code; freed by its release */
};

struct mt_state_ops {
	const char *name;
	const char *keys;	/* "stride=2 order=0": the keys it takes, with their defaults */
	/*
	 * 0 or -errno; what was taken so far is then given back through release.
	 * err is written only for an errno that needs words.
	 */
	int (*build)(struct mt_state *st, struct mt_text *err);
	void (*release)(struct mt_state *st);	/* what is not in hold; may be NULL */
	void (*tick)(struct mt_state *st);	/* every MT_TICK_MS; may be NULL */
};

#define MT_TICK_MS	100
#define MT_FLOOR_MIN	SZ_256K		/* the least free memory that a floor may leave */

int mt_provoke_init(void);
void mt_provoke_exit(void);

/*
 * May st take more bytes? 0; or 1 with st->bound set when a bound is reached; or
 * -EINTR when the writer is being killed. The second form also minds the zone's
 * floor and percent (held_here: pages of this zone), the third the floor of all zones.
 */
int mt_state_check(struct mt_state *st, u64 more);
int mt_state_check_zone(struct mt_state *st, struct zone *zone, u64 held_here, u64 more_pages);
int mt_state_check_all(struct mt_state *st, u64 more);
void mt_state_charge(struct mt_state *st, s64 bytes);

/* ---- hold.c ---- */

/* What every allocation of a state adds: no reclaim but kswapd's, no reserves, no warning. */
#define MT_QUIET_GFP	(__GFP_NOWARN | __GFP_NORETRY | __GFP_NOMEMALLOC)

void mt_hold_add(struct mt_hold *h, struct page *page, unsigned int order);
void mt_hold_free(struct mt_hold *h);
/* Frees that many pages or less; how many it freed. */
unsigned long mt_hold_shrink(struct mt_hold *h, unsigned long pages);
/* Sends what was freed on from this CPU's lists to the buddy allocator. */
void mt_flush_lists(void);
/* One block of exactly this zone without reclaim; NULL when there is none. */
struct page *mt_zone_take(struct zone *zone, unsigned int order, gfp_t extra);
/*
 * Blocks set aside while a state is built that would leave none of the orders that the
 * kernel kills for (PAGE_ALLOC_COSTLY_ORDER and below), and then freed: without them
 * the next fork() may bring in the OOM killer. a.leave says how many bytes. The other half
 * of each pair stays held, so that they do not merge.
 */
void mt_leave_take(struct mt_state *st, struct mt_hold *h, unsigned int least);
void mt_leave_free(struct mt_state *st, struct mt_hold *h);
/* The order from which on a state that takes blocks of least takes what comes later. */
int mt_follow_least(const struct mt_state *st, int least);
#define MT_LEAVE_AUTO	U64_MAX
/* The order of these blocks: what per-CPU lists hold at one order serves no request of another. */
#define MT_LEAVE_ORDER	(PAGE_ALLOC_COSTLY_ORDER + 1)
/*
 * To be called every few single pages while many are taken. From 6.7 on each refill of a
 * per-CPU list takes twice what the one before took, to 32 times the batch, far below any
 * watermark (mm/page_alloc.c:nr_pcp_alloc); a page freed in between halves it again.
 */
void mt_calm_refill(struct zone *zone);
#define MT_CALM_PAGES	16
/* Holds blocks of order in h until target_free pages are left, or a bound. As mt_state_check. */
int mt_hold_fill(struct mt_state *st, struct mt_hold *h, struct zone *zone,
		 unsigned int order, gfp_t extra, u64 target_free);

extern const struct mt_state_ops mt_state_unmovable_holes, mt_state_movable_holes;
extern const struct mt_state_ops mt_state_hoard, mt_state_drain, mt_state_dma;
extern const struct mt_state_ops mt_state_highatomic, mt_state_slab_sparse;
extern const struct mt_state_ops mt_state_slab_leak, mt_state_vmalloc, mt_state_cma;

#endif
