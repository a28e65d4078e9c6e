// SPDX-License-Identifier: GPL-2.0
/*
 * Counters of the whole system, as /proc/vmstat shows them: a module cannot see
 * those of one task. On an idle machine the difference is the request's own.
 */
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/nodemask.h>

#include "memtool.h"

#ifdef MT_HAVE_NODE_PGSCAN
/* node_page_state() with what the CPUs have not folded in yet */
static u64 mt_node_item(enum node_stat_item item)
{
	s64 sum = 0;
	int nid, cpu;

	for_each_online_node(nid) {
		struct pglist_data *pgdat = NODE_DATA(nid);

		sum += atomic_long_read(&pgdat->vm_stat[item]);
		for_each_online_cpu(cpu)
			sum += per_cpu_ptr(pgdat->per_cpu_nodestats, cpu)->vm_node_stat_diff[item];
	}
	return sum < 0 ? 0 : sum;
}
#endif

void mt_events_read(struct mt_events *e)
{
#ifdef CONFIG_VM_EVENT_COUNTERS
	unsigned long ev[NR_VM_EVENT_ITEMS];
	int z;

	memset(e, 0, sizeof(*e));
	all_vm_events(ev);
	for (z = 0; z < MAX_NR_ZONES; z++)
		e->allocstall += ev[ALLOCSTALL_NORMAL - ZONE_NORMAL + z];
#ifdef CONFIG_COMPACTION
	e->compact_stall = ev[COMPACTSTALL];
	e->compact_success = ev[COMPACTSUCCESS];
	e->compact_fail = ev[COMPACTFAIL];
#endif
	e->oom = ev[OOM_KILL];
#ifdef MT_HAVE_NODE_PGSCAN
	e->pgscan_direct = mt_node_item(PGSCAN_DIRECT);
	e->pgscan_kswapd = mt_node_item(PGSCAN_KSWAPD);
	e->pgsteal = mt_node_item(PGSTEAL_DIRECT) + mt_node_item(PGSTEAL_KSWAPD);
#else
	e->pgscan_direct = ev[PGSCAN_DIRECT];
	e->pgscan_kswapd = ev[PGSCAN_KSWAPD];
	e->pgsteal = ev[PGSTEAL_DIRECT] + ev[PGSTEAL_KSWAPD];
#endif
#else
	memset(e, 0, sizeof(*e));
#endif
}
