// SPDX-License-Identifier: GPL-2.0-or-later
/* Lines of backtraces, in kmemleak and page_owner. */
#include "read/backtrace.h"

#include <string.h>

const char *backtrace_frame(const struct lines *l, struct slice *function, struct slice *module)
{
	struct slice s = slice_trim(l->line), word;
	const char *plus;

	*function = *module = (struct slice){ 0 };
	if (!slice_word(&s, &word) || (slice_starts(word, "[<") && !slice_word(&s, &word)))
		return "not a function";
	plus = memchr(word.p, '+', word.len);
	if (!plus && !l->complete)
		return "cut off";
	if (plus)
		word.len = (size_t)(plus - word.p);
	else if (!slice_starts(word, "0x"))
		return "not a function";
	if (!lines_name_ok(word))
		return "not a function";
	*function = word;
	if (slice_word(&s, &word) && word.len > 2 && word.p[0] == '[' && word.p[word.len - 1] == ']')
		word = (struct slice){ word.p + 1, word.len - 2 };
	else
		return NULL;
	if (lines_name_ok(word))
		*module = word;
	return NULL;
}
