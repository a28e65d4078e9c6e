/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reports out of a stream of log, of any size, in constant memory: text that
 * holds no report is only searched; the lines of a report are collected until
 * it is over, and then decoded.
 */
#ifndef LOG_PARSER_H
#define LOG_PARSER_H

#include <stddef.h>
#include <stdint.h>

#include "log/report.h"

struct log_parser;

/* Takes a finished report over (log_report_free). Non-zero stops the parser, which then returns it. */
typedef int (*log_sink)(void *ctx, struct log_report *r);

/* NULL when memory is out. */
struct log_parser *log_parser_new(log_sink sink, void *ctx);
void log_parser_free(struct log_parser *p);

/* Room for more text, at least @n bytes of it; lent until log_parser_fed. NULL when memory is out. */
char *log_parser_room(struct log_parser *p, size_t n);
/*
 * @n bytes were put into the room. Lines may be cut anywhere; an unfinished one
 * waits for its rest. 0, -ENOMEM, or what the sink said.
 */
int log_parser_fed(struct log_parser *p, size_t n);
/* Nothing came for a while: what is open is over. */
int log_parser_idle(struct log_parser *p);
/* The end: also an unfinished last line is taken. */
int log_parser_end(struct log_parser *p);

/* Whether a report is being collected. */
bool log_parser_busy(const struct log_parser *p);
/* Whether the stamps of what was collected run backwards: of such a log hardly a report is whole. */
bool log_parser_backwards(const struct log_parser *p);
/* All "callbacks suppressed" that were said: reports that the log does not hold. */
uint64_t log_parser_suppressed(const struct log_parser *p);

#endif
