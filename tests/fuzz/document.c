// SPDX-License-Identifier: GPL-2.0-or-later
/* The snapshot document: what loads prints a document that loads and prints the same. */
#include "fuzz.h"
#include "out/json_snapshot.h"
#include "snap/load.h"

static char *print(const struct snapshot *s, size_t *len)
{
	char *text = NULL;
	FILE *f = open_memstream(&text, len);

	HOLDS(f && json_write_snapshot(s, f, false) == 0 && fclose(f) == 0);
	return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = fuzz_text(data, size);
	struct snapshot *s = NULL, *again = NULL;
	char *why = NULL, *first, *second;
	size_t first_len, second_len;
	int r = snapshot_parse(text, &s, &why);

	fuzz_free(text);
	HOLDS(r == 0 || r == -EINVAL);
	HOLDS((r == 0) == (s != NULL) && (r == 0) == (why == NULL));
	free(why);
	if (r)
		return 0;
	first = print(s, &first_len);
	HOLDS(snapshot_parse((struct slice){ first, first_len }, &again, &why) == 0);
	second = print(again, &second_len);
	HOLDS(first_len == second_len && memcmp(first, second, first_len) == 0);
	free(first);
	free(second);
	snapshot_free(s);
	snapshot_free(again);
	return 0;
}
