/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Undoing what mailers, browsers, terminals and loggers did to a line. */
#ifndef LOG_CLEAN_H
#define LOG_CLEAN_H

#include <stdbool.h>

#include "base/num.h"
#include "base/str.h"

/*
 * The line without ANSI colour, HTML entities, tags of pages and forums, Markdown backslashes,
 * carriage returns and control bytes. Borrows @line when there is nothing to
 * do, else @scratch. Escaped newlines ("#012" of rsyslog, "\x0a" of journald, "\n" of others)
 * become real ones.
 */
struct slice clean_line(struct slice line, struct strbuf *scratch);

/*
 * The message of a JSON log record (journald, containers, clouds), unescaped in
 * @scratch, and its time if it gives one. False if @line is no such record.
 */
bool clean_json(struct slice line, struct strbuf *scratch, struct opt_u64 *time_ns);

#endif
