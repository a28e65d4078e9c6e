/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which lines belong to which report. Several CPUs may print at once: where the
 * log names the caller its lines are kept apart by that, else each line goes to
 * the first report that still lacks what it says.
 */
#ifndef LOG_COLLECT_H
#define LOG_COLLECT_H

#include "log/classify.h"
#include "log/frame.h"
#include "log/report.h"

/* One line of a report, broken ones joined. */
struct log_item {
	enum line_kind kind;
	bool has_prefix;
	const char *text;
	size_t len;
};

struct log_open {
	struct log_report *r; /* carries the stamps so far */
	struct log_item *items;
	size_t n_items, cap_items, bytes;
	char caller[FRAME_CALLER];
	enum line_kind opened_by;
	struct slice process; /* of the first line, in items; len 0 unknown */
	uint32_t *seen;	      /* what it has already: hashes of kind and name */
	size_t n_seen, cap_seen;
	uint64_t last_line;   /* number of the last line it took */
	char last_stamp[FRAME_STAMP];  /* of that line */
	struct opt_u64 last_uptime_us; /* of that line, or of the last one whose stamp is whole */
	bool has_cpu, has_trace, has_meminfo, past_end, closed;
	const char *banner;   /* the release that its boot began with, in the report's arena; NULL not known */
	bool heading;	  /* its first line is a heading of Markdown */
	bool below_other; /* a report began just above it */
	bool on_request;  /* SysRq asked for it: nothing was refused */
	bool kills_all; /* memory.oom.group: more than one process is killed */
	enum line_kind last_kind;
	int stage;     /* how far in Mem-Info */
	int lists_due; /* zones whose free list has not come yet */
};

struct collect {
	struct log_open **open;
	size_t n, cap;
	struct log_open *last, *trace; /* took the last line; is printing its trace */
	uint64_t line;		       /* number of the current line */
	uint64_t last_opened;	       /* number of the last line that began a report */
	uint64_t last_taken;	       /* number of the last line that was taken */
	uint64_t run;			       /* lines in a row that last took */
	size_t hard_width;	       /* lines were cut at this width, also within words; 0: not known */
	struct strbuf pending;	       /* a line that may go on in the next ones */
	struct frame pending_frame;
	bool has_pending;
	uint64_t pending_line;
	struct strbuf name;	       /* "x:" alone in a line, as the name before a first line in pieces */
	uint64_t name_line;
	struct strbuf before;	       /* the last line that nobody took */
	struct frame before_frame;
	bool before_valid;
	bool show_memory;	       /* the next Mem-Info is shown on request */
	uint64_t show_memory_line;     /* who asked */
	uint64_t suppressed, suppressed_all;
	struct strbuf cpu;	       /* the last line that names the kernel's release */
	struct opt_u64 cpu_uptime_us;
	uint64_t cpu_line;
	struct strbuf banner;	       /* the release that "Linux version" named last: that boot's kernel */
	uint64_t boot_line;	       /* where; 0: nowhere yet */
};

void collect_done(struct collect *c);
/*
 * Take one line. It is held back until the next one shows whether it goes on
 * there; collect_flush takes it. 0 or -ENOMEM.
 */
int collect_line(struct collect *c, const struct frame *f);
int collect_flush(struct collect *c);
/* As collect_line for a line that is whole: at once. */
int collect_take(struct collect *c, const struct frame *f);
/* The next finished report in the order of the log, or NULL; the caller frees it with collect_free. */
struct log_open *collect_next(struct collect *c);
/* Whether its trace is that of a failed allocation, as far as only warn_alloc has it. */
bool collect_is_of_failure(const struct log_open *o);
/* A title that quotes a first line, and not more of a report. */
bool collect_is_title(const struct log_open *o);
/* Declare all open reports finished. */
void collect_close_all(struct collect *c);
void collect_free(struct log_open *o);

#endif
