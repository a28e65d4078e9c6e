/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The text interface between memtool.ko and user space.
 *
 * All files lie in one debugfs directory. Requests and answers are lines of
 * key=value words; the last word of an answer may be reason="text with spaces".
 * A file's answers belong to the open file that asked: keep the descriptor,
 * write one request, read until end of file. See memtool-module(7).
 *
 * Plain C99, no includes: shared with cmd/.
 */
#ifndef MEMTOOL_INTERFACE_H
#define MEMTOOL_INTERFACE_H

/* raised when a key or a word changes its meaning; new keys do not raise it */
#define MEMTOOL_INTERFACE	1

#define MEMTOOL_MODULE		"memtool"
#define MEMTOOL_DIR		"memtool"	/* below the debugfs mount point */

#define MEMTOOL_FILE_VERSION	"version"
#define MEMTOOL_FILE_TRY	"try"
#define MEMTOOL_FILE_BATCH	"batch"
#define MEMTOOL_FILE_PROVOKE	"provoke"
#define MEMTOOL_FILE_STATES	"states"
#define MEMTOOL_FILE_DEMO	"demo"

/* bytes, without the closing newline or NUL */
#define MEMTOOL_LINE_MAX	1023	/* one request line */
#define MEMTOOL_ANSWER_MAX	1023	/* one answer line */
#define MEMTOOL_BATCH_LINES	256	/* request lines in one write to batch */
#define MEMTOOL_BATCH_MAX	65535	/* bytes in one write to batch */

/* X(name): the APIs of a request, under the kernel's names */
#define MEMTOOL_APIS(X)		\
	X(alloc_pages)		\
	X(__get_free_pages)	\
	X(get_zeroed_page)	\
	X(alloc_pages_exact)	\
	X(folio_alloc)		\
	X(kmalloc)		\
	X(kzalloc)		\
	X(kcalloc)		\
	X(krealloc)		\
	X(kvmalloc)		\
	X(kvzalloc)		\
	X(vmalloc)		\
	X(vzalloc)		\
	X(kmem_cache_alloc)	\
	X(dma_alloc_coherent)	\
	X(alloc_percpu)		\
	X(cma_alloc)		\
	X(hugetlb)		\
	X(thp)			\
	X(alloc_skb)

/* X(name): the states that provoke can make */
#define MEMTOOL_STATES(X)	\
	X(unmovable_holes)	\
	X(movable_holes)	\
	X(hoard)		\
	X(drain)		\
	X(dma)			\
	X(highatomic)		\
	X(slab_sparse)		\
	X(slab_leak)		\
	X(vmalloc)		\
	X(cma)

/* words of refused= in an answer to try: the kernel was not asked */
#define MEMTOOL_REFUSED_SYNTAX	"syntax"	/* the line is malformed: EINVAL */
#define MEMTOOL_REFUSED_GFP	"gfp"		/* the kernel would warn or break: EINVAL */
#define MEMTOOL_REFUSED_OOM	"oom"		/* may call the OOM killer: EPERM, force=1 */
#define MEMTOOL_REFUSED_RESERVE	"reserve"	/* may empty the reserves: EPERM, force=1 */
#define MEMTOOL_REFUSED_BOUND	"bound"		/* above try_max_bytes: E2BIG */
#define MEMTOOL_REFUSED_ABSENT	"unsupported"	/* this kernel lets no module do it: EOPNOTSUPP */

/* words of bound= in provoke: what ended the building of a state */
#define MEMTOOL_BOUND_DONE	"done"		/* nothing: the state is complete */
#define MEMTOOL_BOUND_BYTES	"bytes"		/* bytes= or the module's max_bytes */
#define MEMTOOL_BOUND_PERCENT	"percent"	/* percent= of the zone */
#define MEMTOOL_BOUND_FLOOR	"floor"		/* floor= free memory left in the zone */
#define MEMTOOL_BOUND_COUNT	"count"		/* count= */
#define MEMTOOL_BOUND_MEMORY	"memory"	/* the kernel had no more to give */
#define MEMTOOL_BOUND_DEADLINE	"deadline"	/* deadline= passed while building */

#endif
