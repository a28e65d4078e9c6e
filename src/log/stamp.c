// SPDX-License-Identifier: GPL-2.0-or-later
#include "log/stamp.h"

#include <string.h>

#include "base/timefmt.h"
#include "log/cursor.h"

void stamp_copy(char *to, size_t size, const char *from, size_t len)
{
	if (len >= size)
		len = size - 1;
	memcpy(to, from, len);
	to[len] = '\0';
}

void stamp_keep(struct frame *f, const char *from, const char *end)
{
	if (!f->stamp[0])
		stamp_copy(f->stamp, sizeof(f->stamp), from, (size_t)(end - from));
}

/* "12.345678" seconds since boot. */
bool stamp_uptime(struct slice *s, struct frame *f)
{
	struct slice t = *s;
	uint64_t sec, frac = 0;
	size_t digits = 0;

	if (!cur_u64(&t, &sec) || !cur_char(&t, '.'))
		return false;
	for (; digits < 9 && t.len && cur_digit(*t.p); digits++) {
		if (digits < 6)
			frac = frac * 10 + (uint64_t)(*t.p - '0');
		cur_skip(&t, 1);
	}
	if (digits < 2)
		return false;
	for (; digits < 6; digits++)
		frac *= 10;
	f->uptime_us = opt_u64(sat_add(sat_mul(sec, 1000000), frac));
	*s = t;
	return true;
}

static bool name_of(struct slice *s, const char *list)
{
	for (; *list; list += 3) {
		if (s->len >= 3 && memcmp(s->p, list, 3) == 0) {
			cur_skip(s, 3);
			return true;
		}
	}
	return false;
}

static bool clock_time(struct slice *s)
{
	struct slice t = *s;

	if (!cur_digits(&t, 2, NULL) || !cur_char(&t, ':') || !cur_digits(&t, 2, NULL))
		return false;
	if (cur_char(&t, ':') && !cur_digits(&t, 2, NULL))
		return false;
	if (t.len > 1 && (*t.p == '.' || *t.p == ',') && cur_digit(t.p[1])) {
		uint64_t frac;

		cur_skip(&t, 1);
		cur_u64(&t, &frac);
	}
	*s = t;
	return true;
}

/* "[Wed ]Feb 13 [2019 ]04:32:04[.123][ 2019]" */
bool stamp_syslog(struct slice *s, struct frame *f)
{
	struct slice t = *s, year;
	unsigned int day;
	uint64_t v;

	if (name_of(&t, "MonTueWedThuFriSatSun")) {
		cur_char(&t, ',');
		cur_blanks(&t);
	}
	if (!name_of(&t, "JanFebMarAprMayJunJulAugSepOctNovDec"))
		return false;
	cur_blanks(&t);
	if (!cur_digits(&t, 2, &day) && !cur_digits(&t, 1, &day))
		return false;
	cur_blanks(&t);
	year = t;
	if (cur_digits(&year, 4, NULL) && year.len && cur_space(*year.p)) {
		t = year;
		cur_blanks(&t);
	}
	if (!clock_time(&t))
		return false;
	year = t;
	cur_blanks(&year);
	if (cur_u64(&year, &v) && v >= 1990 && v < 2100 &&
	    (!year.len || cur_space(*year.p) || *year.p == ']'))
		t = year;
	stamp_keep(f, s->p, t.p);
	*s = t;
	return true;
}

/* "2016-10-10T20:14:39.164501-07:00", also with a blank, slashes or without zone */
bool stamp_iso(struct slice *s, struct frame *f)
{
	struct slice t = *s;
	char text[FRAME_STAMP];
	int64_t ns;
	bool zone = false;

	if (!cur_digits(&t, 4, NULL) || !t.len || !(*t.p == '-' || *t.p == '/'))
		return false;
	cur_skip(&t, 1);
	if (!cur_digits(&t, 2, NULL) || !t.len || !(*t.p == '-' || *t.p == '/'))
		return false;
	cur_skip(&t, 1);
	if (!cur_digits(&t, 2, NULL) || !t.len || !(*t.p == 'T' || *t.p == ' '))
		return false;
	cur_skip(&t, 1);
	if (!clock_time(&t))
		return false;
	if (cur_char(&t, 'Z')) {
		zone = true;
	} else if (t.len >= 5 && (*t.p == '+' || *t.p == '-')) {
		struct slice z = t;

		cur_skip(&z, 1);
		if (cur_digits(&z, 2, NULL)) {
			cur_char(&z, ':');
			if (cur_digits(&z, 2, NULL)) {
				zone = true;
				t = z;
			}
		}
	}
	stamp_keep(f, s->p, t.p);
	if (zone && (size_t)(t.p - s->p) < sizeof(text) - 1) {
		size_t n = (size_t)(t.p - s->p);

		stamp_copy(text, sizeof(text), s->p, n);
		for (size_t i = 0; i < n; i++) {
			if (text[i] == ',')
				text[i] = '.';
			else if (text[i] == '/')
				text[i] = '-';
		}
		/* "-0700" as "-07:00" */
		if (n > 5 && (text[n - 5] == '+' || text[n - 5] == '-')) {
			memmove(text + n - 1, text + n - 2, 3);
			text[n - 2] = ':';
		}
		if (time_parse_rfc3339(text, &ns) == 0 && ns >= 0 && !f->time_ns.known)
			f->time_ns = opt_u64((uint64_t)ns);
	}
	*s = t;
	return true;
}

/* "06-08 18:46:11.095" of Android */
bool stamp_short(struct slice *s, struct frame *f)
{
	struct slice t = *s;

	if (!cur_digits(&t, 2, NULL) || !cur_char(&t, '-') || !cur_digits(&t, 2, NULL) ||
	    !cur_char(&t, ' ') || !clock_time(&t))
		return false;
	stamp_keep(f, s->p, t.p);
	*s = t;
	return true;
}

/* A clock time, the year behind it and up to four words of a day's name in between or before. */
bool stamp_foreign(struct slice s, struct frame *f)
{
	struct slice t = s, word;
	bool clock = false, year = false, foreign = false;
	int words = 0;

	while (slice_word(&t, &word) && ++words <= 7) {
		struct slice w = word;
		uint64_t v;

		if (!clock && word.len == 8 && clock_time(&w) && !w.len) {
			clock = true;
			continue;
		}
		w = word;
		year |= word.len == 4 && cur_u64(&w, &v) && !w.len && v >= 1990 && v < 2100;
		for (size_t i = 0; i < word.len; i++)
			foreign |= !cur_digit(word.p[i]) && word.p[i] != ':';
	}
	if (!clock || !year || !foreign || words > 7)
		return false;
	stamp_keep(f, s.p, s.p + s.len);
	return true;
}
