// SPDX-License-Identifier: GPL-2.0
/*
 * provoke and states: the states that are held now, their bounds, and how they go:
 * on command, at their deadline, under memory pressure, with the module.
 */
#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/workqueue.h>

#include "memtool.h"

static ulong max_bytes;
module_param(max_bytes, ulong, 0600);
MODULE_PARM_DESC(max_bytes, "bytes that all states together may hold (0: all of RAM, less the floors)");

#define MT_STATES_MAX	32
#define MT_COMMON_KEYS	"percent=90 deadline=300 shrinker=0 bytes floor"

static const struct mt_state_ops *const mt_ops[] = {
	&mt_state_unmovable_holes, &mt_state_movable_holes, &mt_state_hoard,
	&mt_state_drain, &mt_state_dma, &mt_state_highatomic,
	&mt_state_slab_sparse, &mt_state_slab_leak, &mt_state_vmalloc, &mt_state_cma,
};

#define K(field, type, min, max) { #field, type, offsetof(struct mt_args, field), min, max }
static const struct mt_key mt_arg_keys[] = {
	K(state, MT_STR, 0, 0),
	K(zone, MT_STR, 0, 0),
	K(node, MT_S64, (u64)-1, MAX_NUMNODES - 1),
	K(migratetype, MT_STR, 0, 0),
	K(stride, MT_U64, 2, 1024),
	K(random, MT_U64, 0, 1),
	K(order, MT_U64, 0, MT_MAX_ORDER),
	K(mix, MT_U64, 1, 100),
	K(seed, MT_U64, 0, U32_MAX),
	K(top, MT_U64, 0, 1),
	K(leave, MT_U64, 0, U64_MAX),
	K(to, MT_STR, 0, 0),
	K(free_percent, MT_U64, 1, 100),
	K(free_bytes, MT_U64, MT_FLOOR_MIN, U64_MAX),
	K(follow, MT_U64, 0, 1),
	K(cache, MT_STR, 0, 0),
	K(keep, MT_U64, 1, 1024),
	K(reclaimable, MT_U64, 0, 1),
	K(rate, MT_U64, PAGE_SIZE, SZ_1G),
	K(count, MT_U64, 1, SZ_1M),
	K(size, MT_U64, PAGE_SIZE, SZ_1G),
	K(mode, MT_STR, 0, 0),
	K(percent, MT_U64, 1, 99),
	K(bytes, MT_U64, PAGE_SIZE, U64_MAX),
	K(floor, MT_U64, MT_FLOOR_MIN, U64_MAX),
	K(deadline, MT_U64, 1, 3600),
	K(shrinker, MT_U64, 0, 1),
};

#undef K

static LIST_HEAD(mt_states);		/* with the rest, under mt_states_lock */
static DEFINE_MUTEX(mt_states_lock);
static u64 mt_next_id = 1;
static u64 mt_held;			/* bytes of all states */
static unsigned int mt_count;
static struct workqueue_struct *mt_wq;
static struct shrinker *mt_shrinker;

static void mt_tick(struct work_struct *work);
static DECLARE_DELAYED_WORK(mt_work, mt_tick);

/* ---- bounds ---- */

static u64 mt_max_bytes(void)
{
	u64 ram = (u64)totalram_pages() << PAGE_SHIFT;

	return max_bytes ? min_t(u64, max_bytes, ram) : ram;
}

int mt_state_check(struct mt_state *st, u64 more)
{
	cond_resched();
	if (fatal_signal_pending(current))
		return -EINTR;
	st->bound = NULL;
	if (ktime_get_ns() >= st->dies)
		st->bound = MEMTOOL_BOUND_DEADLINE;
	else if (mt_held + more > mt_max_bytes() || (st->a.bytes && st->bytes + more > st->a.bytes))
		st->bound = MEMTOOL_BOUND_BYTES;
	return st->bound ? 1 : 0;
}

/* Enough for the others not to meet reclaim; less only when asked for by name. */
static u64 mt_floor_pages(const struct mt_state *st, struct zone *zone)
{
	if (st->a.floor)
		return DIV_ROUND_UP(st->a.floor, PAGE_SIZE);
	return max_t(u64, high_wmark_pages(zone),
		     min_t(u64, SZ_8M >> PAGE_SHIFT, zone_managed_pages(zone) / 8));
}

int mt_state_check_zone(struct mt_state *st, struct zone *zone, u64 held_here, u64 more_pages)
{
	int ret = mt_state_check(st, more_pages << PAGE_SHIFT);

	if (ret)
		return ret;
	if ((held_here + more_pages) * 100 > st->a.percent * zone_managed_pages(zone))
		st->bound = MEMTOOL_BOUND_PERCENT;
	else if (mt_zone_left(zone) < mt_floor_pages(st, zone) + more_pages)
		st->bound = MEMTOOL_BOUND_FLOOR;
	return st->bound ? 1 : 0;
}

struct mt_sums {
	struct mt_state *st;
	u64 floor, free, managed;
};

static int mt_sum_zone(struct zone *zone, void *arg)
{
	struct mt_sums *s = arg;

	s->floor += mt_floor_pages(s->st, zone);
	s->free += mt_zone_left(zone);
	s->managed += zone_managed_pages(zone);
	return 0;
}

int mt_state_check_all(struct mt_state *st, u64 more)
{
	struct mt_sums s = { .st = st };
	u64 more_pages = DIV_ROUND_UP(more, PAGE_SIZE);
	int ret = mt_state_check(st, more);

	if (ret)
		return ret;
	mt_walk_zones(NULL, -1, mt_sum_zone, &s);
	if (st->a.floor)
		s.floor = DIV_ROUND_UP(st->a.floor, PAGE_SIZE);
	if (((st->bytes >> PAGE_SHIFT) + more_pages) * 100 > st->a.percent * s.managed)
		st->bound = MEMTOOL_BOUND_PERCENT;
	else if (s.free < s.floor + more_pages)
		st->bound = MEMTOOL_BOUND_FLOOR;
	return st->bound ? 1 : 0;
}

void mt_state_charge(struct mt_state *st, s64 bytes)
{
	st->bytes += bytes;
	mt_held += bytes;
	st->peak = max(st->peak, st->bytes);
}

/* ---- letting go ---- */

static void mt_state_empty(struct mt_state *st)
{
	bool any = st->bytes;

	if (st->ops->release)
		st->ops->release(st);
	mt_hold_free(&st->hold);
	mt_hold_free(&st->halves);
	mt_hold_free(&st->pins);
	mt_held -= st->bytes;
	st->bytes = 0;
	if (any)
		mt_flush_lists();
}

static void mt_state_free(struct mt_state *st)
{
	mt_state_empty(st);
	list_del(&st->node);
	mt_count--;
	kfree(st);
}

/* Runs while there are states: deadlines, and those that grow with time. */
static void mt_tick(struct work_struct *work)
{
	struct mt_state *st, *next;
	u64 now = ktime_get_ns(), delay = U64_MAX;

	mutex_lock(&mt_states_lock);
	list_for_each_entry_safe(st, next, &mt_states, node) {
		if (now >= st->dies) {
			mt_state_free(st);
			continue;
		}
		delay = min(delay, st->dies - now);
		if (st->ops->tick) {
			st->ops->tick(st);
			delay = min_t(u64, delay, MT_TICK_MS * NSEC_PER_MSEC);
		}
	}
	if (delay != U64_MAX)
		mod_delayed_work(mt_wq, &mt_work, nsecs_to_jiffies(delay) + 1);
	mutex_unlock(&mt_states_lock);
}

/*
 * Reclaim may run below us, with the lock held by this very task: never wait for it.
 */
static unsigned long mt_shrink_count(struct shrinker *s, struct shrink_control *sc)
{
	struct mt_state *st;
	unsigned long pages = 0;

	if (!mutex_trylock(&mt_states_lock))
		return 0;
	list_for_each_entry(st, &mt_states, node)
		if (st->a.shrinker)
			pages += st->bytes >> PAGE_SHIFT;
	mutex_unlock(&mt_states_lock);
	return pages;
}

static unsigned long mt_shrink_scan(struct shrinker *s, struct shrink_control *sc)
{
	struct mt_state *st;
	unsigned long freed = 0;

	if (!mutex_trylock(&mt_states_lock))
		return SHRINK_STOP;
	list_for_each_entry(st, &mt_states, node) {
		unsigned long n;

		if (!st->a.shrinker || !st->bytes || freed >= sc->nr_to_scan)
			continue;
		n = mt_hold_shrink(&st->hold, sc->nr_to_scan - freed);
		mt_state_charge(st, -(s64)(n << PAGE_SHIFT));
		st->shrunk += n;
		freed += n;
		/* what is not plain pages takes locks to free: the worker does it */
		if (!st->hold.head && st->bytes) {
			st->dies = 0;
			mod_delayed_work(mt_wq, &mt_work, 0);
		}
	}
	mutex_unlock(&mt_states_lock);
	return freed ?: SHRINK_STOP;
}

/* ---- the text of it ---- */

/* Whether key is a word of list ("stride=2 order=0"); *value is what follows its '='. */
static bool mt_key_in(const char *list, const char *key, const char **value)
{
	size_t n = strlen(key);

	while (*list) {
		const char *end = strchrnul(list, ' ');

		if (!strncmp(list, key, n) && (list[n] == '=' || list + n == end)) {
			*value = list[n] == '=' ? list + n + 1 : NULL;
			return true;
		}
		list = *end ? end + 1 : end;
	}
	return false;
}

static bool mt_takes(const struct mt_state_ops *ops, const char *key)
{
	const char *value;

	return !strcmp(key, "state") || mt_key_in(ops->keys, key, &value) ||
	       mt_key_in(MT_COMMON_KEYS, key, &value);
}

static void mt_print_args(struct mt_text *t, const struct mt_state *st)
{
	unsigned int i;

	for (i = 1; i < ARRAY_SIZE(mt_arg_keys); i++) {
		const struct mt_key *k = &mt_arg_keys[i];
		const void *v = (const void *)&st->a + k->offset;

		if (!mt_takes(st->ops, k->name))
			continue;
		if (k->type == MT_STR && *(const char *)v)
			mt_printf(t, " %s=%s", k->name, (const char *)v);
		else if (k->type == MT_S64)
			mt_printf(t, " %s=%lld", k->name, *(const s64 *)v);
		else if (k->type == MT_U64 && (*(const u64 *)v || !k->min))
			mt_printf(t, " %s=%llu", k->name, *(const u64 *)v);
	}
}

static void mt_print_state(struct mt_text *t, const struct mt_state *st)
{
	u64 now = ktime_get_ns();

	mt_printf(t, "id=%llu state=%s held_bytes=%llu pages=%llu objects=%llu peak_bytes=%llu",
		  st->id, st->ops->name, st->bytes,
		  st->hold.pages + st->halves.pages + st->pins.pages, st->objects, st->peak);
	mt_printf(t, " bound_by=%s", st->bound ?: MEMTOOL_BOUND_DONE);
	mt_printf(t, " age_ms=%llu left_ms=%llu shrunk_pages=%llu",
		  div_u64(now - st->born, NSEC_PER_MSEC),
		  st->dies > now ? div_u64(st->dies - now, NSEC_PER_MSEC) : 0, st->shrunk);
	mt_print_args(t, st);
	mt_printf(t, "\n");
}

static int mt_provoke_show(struct mt_session *s)
{
	struct mt_state *st;

	if (mutex_lock_killable(&mt_states_lock))
		return -EINTR;
	list_for_each_entry(st, &mt_states, node)
		mt_print_state(&s->out, st);
	mutex_unlock(&mt_states_lock);
	return 0;
}

/* One line a state: its keys as key=default, with key.min and key.max for numbers. */
static int mt_states_show(struct mt_session *s)
{
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(mt_ops); i++) {
		mt_printf(&s->out, "state=%s", mt_ops[i]->name);
		for (j = 1; j < ARRAY_SIZE(mt_arg_keys); j++) {
			const struct mt_key *k = &mt_arg_keys[j];
			const char *def = NULL;

			if (!mt_key_in(mt_ops[i]->keys, k->name, &def) &&
			    !mt_key_in(MT_COMMON_KEYS, k->name, &def))
				continue;
			mt_printf(&s->out, " %s=%.*s", k->name,
				  def ? (int)(strchrnul(def, ' ') - def) : 0, def ?: "");
			if (k->type == MT_U64)
				mt_printf(&s->out, " %s.min=%llu %s.max=%llu", k->name, k->min,
					  k->name, k->max);
		}
		mt_printf(&s->out, "\n");
	}
	return 0;
}

/* ---- commands ---- */

static int mt_defaults(struct mt_state *st, const char *keys, struct mt_text *err)
{
	char *copy = kstrdup(keys, GFP_KERNEL), *p = copy, *word;
	u64 seen;
	int ret = copy ? 0 : -ENOMEM;

	while (!ret && (word = strsep(&p, " ")) != NULL)
		if (strchr(word, '='))
			ret = mt_parse(word, mt_arg_keys, ARRAY_SIZE(mt_arg_keys), &st->a, &seen,
				       err);
	kfree(copy);
	return ret;
}

/* The state's name decides which keys are known: find it before the rest is read. */
static const struct mt_state_ops *mt_find_ops(const char *text)
{
	const char *p = text, *value;
	unsigned int i;

	if (!mt_key_in(p, "state", &value) || !value)
		return NULL;
	for (i = 0; i < ARRAY_SIZE(mt_ops); i++) {
		size_t n = strlen(mt_ops[i]->name);

		if (!strncmp(value, mt_ops[i]->name, n) && (!value[n] || value[n] == ' '))
			return mt_ops[i];
	}
	return NULL;
}

static int mt_read_args(struct mt_state *st, char *text, struct mt_text *err)
{
	unsigned int i;
	u64 seen;
	int ret;

	st->a.node = -1;
	st->a.leave = MT_LEAVE_AUTO;
	ret = mt_defaults(st, MT_COMMON_KEYS, err);
	if (!ret)
		ret = mt_defaults(st, st->ops->keys, err);
	if (!ret)
		ret = mt_parse(text, mt_arg_keys, ARRAY_SIZE(mt_arg_keys), &st->a, &seen, err);
	if (ret)
		return ret;
	for (i = 0; i < ARRAY_SIZE(mt_arg_keys); i++)
		if (seen & BIT_ULL(i) && !mt_takes(st->ops, mt_arg_keys[i].name))
			return mt_fail(err, -EINVAL, "%s: not a key of %s", mt_arg_keys[i].name,
				       st->ops->name);
	if (!mt_node_ok(st->a.node))
		return mt_fail(err, -EINVAL, "node: not online");
	return 0;
}

static int mt_build(struct mt_state *st, struct mt_text *out)
{
	size_t before = out->len;
	int ret;

	st->born = ktime_get_ns();
	st->dies = st->born + st->a.deadline * NSEC_PER_SEC;
	list_add_tail(&st->node, &mt_states);
	mt_count++;
	ret = st->ops->build(st, out);
	if (ret) {
		if (out->len == before)
			mt_fail(out, ret, ret == -EINTR ? "interrupted" :
				ret == -ENODEV ? "no such zone" : "could not be made");
		mt_state_free(st);
		return ret;
	}
	st->id = mt_next_id++;
	mt_printf(out, "ok=1 errno=0 ");
	mt_print_state(out, st);
	mod_delayed_work(mt_wq, &mt_work, 0);
	return 0;
}

static int mt_provoke(char *text, struct mt_text *out)
{
	const struct mt_state_ops *ops = mt_find_ops(text);
	struct mt_state *st;
	int ret;

	if (!ops)
		return mt_fail(out, -EINVAL,
			       "needs state=NAME (see the file states), release or status");
	if (mt_count >= MT_STATES_MAX)
		return mt_fail(out, -ENOSPC, "%d states are held already", MT_STATES_MAX);
	st = kzalloc(sizeof(*st), GFP_KERNEL);
	if (!st)
		return mt_fail(out, -ENOMEM, "no memory for the state itself");
	st->ops = ops;
	ret = mt_read_args(st, text, out);
	if (ret) {
		kfree(st);
		return ret;
	}
	return mt_build(st, out);
}

struct mt_which {
	u64 id;
	char state[MT_WORD];
};

static int mt_release_some(char *text, struct mt_text *out)
{
	static const struct mt_key keys[] = {
		{ "id", MT_U64, offsetof(struct mt_which, id), 1, U64_MAX },
		{ "state", MT_STR, offsetof(struct mt_which, state), 0, 0 },
	};
	struct mt_which w = {};
	struct mt_state *st, *next;
	u64 seen, released = 0;
	int ret = mt_parse(text, keys, ARRAY_SIZE(keys), &w, &seen, out);

	if (ret)
		return ret;
	list_for_each_entry_safe(st, next, &mt_states, node) {
		if ((w.id && st->id != w.id) || (*w.state && strcmp(st->ops->name, w.state)))
			continue;
		mt_state_free(st);
		released++;
	}
	if (w.id && !released)
		return mt_fail(out, -ENOENT, "no state of that id");
	mt_printf(out, "ok=1 errno=0 released=%llu\n", released);
	return 0;
}

static int mt_command(char *text, struct mt_text *out)
{
	struct mt_state *st;

	if (strchr(text, '\n'))
		return mt_fail(out, -EINVAL, "one line only");
	if (!strcmp(text, "status")) {
		list_for_each_entry(st, &mt_states, node)
			mt_print_state(out, st);
		return 0;
	}
	if (!strcmp(text, "release"))
		return mt_release_some(text + strlen("release"), out);
	if (!strncmp(text, "release ", strlen("release ")))
		return mt_release_some(text + strlen("release "), out);
	return mt_provoke(text, out);
}

static int mt_provoke_write(struct mt_session *s, char *text)
{
	int ret;

	if (mutex_lock_killable(&mt_states_lock))
		return -EINTR;
	ret = mt_command(text, &s->out);
	mutex_unlock(&mt_states_lock);
	return ret;
}

int mt_provoke_init(void)
{
	mt_wq = alloc_workqueue("memtool", WQ_UNBOUND | WQ_MEM_RECLAIM, 1);
	if (!mt_wq)
		return -ENOMEM;
	mt_shrinker = mt_shrinker_new(mt_shrink_count, mt_shrink_scan);
	if (!mt_shrinker) {
		destroy_workqueue(mt_wq);
		return -ENOMEM;
	}
	return 0;
}

/* Nobody writes any more: with the list empty the work does not come back. */
void mt_provoke_exit(void)
{
	struct mt_state *st, *next;

	mt_shrinker_free(mt_shrinker);
	mutex_lock(&mt_states_lock);
	list_for_each_entry_safe(st, next, &mt_states, node)
		mt_state_free(st);
	mutex_unlock(&mt_states_lock);
	cancel_delayed_work_sync(&mt_work);
	destroy_workqueue(mt_wq);
}

const struct mt_file mt_file_provoke = {
	.name = MEMTOOL_FILE_PROVOKE,
	.mode = 0600,
	.in_max = MEMTOOL_LINE_MAX,
	.out_max = (MT_STATES_MAX + 1) * (MEMTOOL_ANSWER_MAX + 1),
	.show = mt_provoke_show,
	.write = mt_provoke_write,
};

const struct mt_file mt_file_states = {
	.name = MEMTOOL_FILE_STATES,
	.mode = 0400,
	.out_max = ARRAY_SIZE(mt_ops) * 2 * (MEMTOOL_ANSWER_MAX + 1),
	.show = mt_states_show,
};
