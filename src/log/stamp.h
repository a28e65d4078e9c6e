/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Times as prefixes print them. Each takes what it knows and moves behind it; false leaves all as it was. */
#ifndef LOG_STAMP_H
#define LOG_STAMP_H

#include "log/frame.h"

/* "12.345678" seconds since boot, into f->uptime_us. */
bool stamp_uptime(struct slice *s, struct frame *f);
/* "[Wed ]Feb 13 [2019 ]04:32:04[.123][ 2019]" */
bool stamp_syslog(struct slice *s, struct frame *f);
/* "2016-10-10T20:14:39.164501-07:00", also with a blank, slashes or without zone; f->time_ns where it has one. */
bool stamp_iso(struct slice *s, struct frame *f);
/* "[五 5月 15 17:19:17 2026]": dmesg -T in another language; all of @s. */
bool stamp_foreign(struct slice s, struct frame *f);
/* "06-08 18:46:11.095" of Android */
bool stamp_short(struct slice *s, struct frame *f);

/* The text from @from to @end becomes f->stamp, unless it has one. */
void stamp_keep(struct frame *f, const char *from, const char *end);
/* As much of @len bytes as @size holds with its end. */
void stamp_copy(char *to, size_t size, const char *from, size_t len);

#endif
