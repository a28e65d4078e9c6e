// SPDX-License-Identifier: GPL-2.0-or-later
/* The state as it would be after the actions that the command line names. */
#include "cmd/what_if.h"

#include <string.h>

#include "cmd/read_pagemap.h"
#include "model/whatif.h"

/* The first word of @rest, which moves behind it and its comma. */
static struct slice next_word(struct slice *rest)
{
	const char *comma = memchr(rest->p, ',', rest->len);
	struct slice word = { rest->p, comma ? (size_t)(comma - rest->p) : rest->len };

	rest->p += word.len + (comma != NULL);
	rest->len -= word.len + (comma != NULL);
	return word;
}

int cmd_what_if(struct cmd_line *line, const char *list, struct mm *mm, struct mm *changed)
{
	struct slice rest = slice_of(list);
	bool compacts = false;
	enum what_if action;

	if (rest.len == 0)
		return cmd_usage(line, "--what-if needs a change");
	while (rest.len) {
		struct slice word = next_word(&rest);

		if (!what_if_from_name(word, &action))
			return cmd_usage(line, "--what-if knows compact, drop_caches, min_free_kbytes and "
					       "release_highatomic, not '%.*s'", (int)word.len, word.p);
		compacts |= action == WHAT_IF_COMPACT;
	}
	if (compacts)
		cmd_bound_compaction(line, mm, sat_shl(PAGEMAP_BLOCKS, mm->pageblock_order));
	if (mm_copy(changed, mm))
		return cmd_error(EXIT_CANNOT, "out of memory");
	for (rest = slice_of(list); rest.len;) {
		if (what_if_from_name(next_word(&rest), &action))
			what_if_apply(changed, action);
	}
	return EXIT_DONE;
}
