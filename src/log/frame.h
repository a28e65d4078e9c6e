/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From a physical line of any log to what the kernel printed: takes off colour,
 * quotes, JSON, entities, syslog and console prefixes, and keeps what they told
 * of the time and the caller.
 */
#ifndef LOG_FRAME_H
#define LOG_FRAME_H

#include <stdbool.h>

#include "base/num.h"
#include "base/str.h"

#define FRAME_CALLER 24
#define FRAME_STAMP 48

struct frame {
	struct slice body;	  /* without trailing blanks; borrowed from the line or the scratch buffer */
	bool has_prefix;	  /* the line began with a stamp, a tag or a level of its own */
	char caller[FRAME_CALLER]; /* "T123", "C1", a CPU or task that the prefix names; "" */
	char stamp[FRAME_STAMP];  /* the time as printed; "" */
	size_t width;		  /* of the physical line, quotes and prefix included */
	bool tagged;		  /* by syslog: "kernel:" */
	bool host_due;		  /* a syslog's date without the tag "kernel:"; the host's name may stand first */
	bool heading;		  /* of Markdown: "# ..." */
	bool starts_blank;	  /* the text behind quotes begins with a blank */
	struct opt_u64 uptime_us;
	bool stamp_cut; /* its first digits may be lost: uptime_us is not to be compared */
	struct opt_u64 time_ns;   /* unix time, if the prefix gives it with its zone */
};

/*
 * Call @each for every line of the kernel in the physical line @line: one for
 * most, several where a logger put escaped newlines into one. @scratch is used
 * for text that had to be changed; what @each gets is valid during the call.
 * Stops when @each returns non-zero and returns that.
 */
int frame_line(struct slice line, struct strbuf *scratch,
	       int (*each)(void *ctx, const struct frame *f), void *ctx);

#endif
