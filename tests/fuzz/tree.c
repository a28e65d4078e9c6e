// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A whole captured tree. A line "=SOURCE DIR NAME" starts a file of that
 * source ("=>" a link), the lines up to the next such line are its text. What
 * is built must print a document that loads and prints the same.
 */
#include "fuzz.h"
#include "out/json_snapshot.h"
#include "snap/load.h"
#include "snap/take.h"

static char *print(const struct snapshot *s, size_t *len)
{
	char *text = NULL;
	FILE *f = open_memstream(&text, len);

	HOLDS(f && json_write_snapshot(s, f, false) == 0 && fclose(f) == 0);
	return text;
}

static int source_of(struct slice name)
{
	for (int i = 0; i < SRC_COUNT; i++) {
		if (slice_eq(name, source_table[i].name))
			return i;
	}
	return -1;
}

/* Files of one folder share its string, as in a real capture. */
static const char *dir_of(struct raw_capture *c, const struct raw_source *s, struct slice dir)
{
	if (s->n_files && slice_eq(dir, s->files[s->n_files - 1].dir))
		return s->files[s->n_files - 1].dir;
	return arena_strndup(&c->arena, dir.p, dir.len);
}

static void add_file(struct raw_capture *c, struct slice head, struct slice text)
{
	struct slice source, dir, name;
	struct raw_source *s;
	struct raw_file *f;
	bool is_link = slice_skip(&head, ">");
	int id;

	if (!slice_word(&head, &source) || !slice_word(&head, &dir) || !slice_word(&head, &name))
		return;
	id = source_of(source);
	if (id < 0)
		return;
	s = &c->sources[id];
	HOLDS(vec_grow(&s->files, &s->cap_files, s->n_files, sizeof(*s->files)) == 0);
	f = &s->files[s->n_files];
	f->dir = dir_of(c, s, dir);
	f->name = arena_strndup(&c->arena, name.p, name.len);
	f->data = arena_strndup(&c->arena, text.p, text.len);
	f->len = text.len;
	f->is_link = is_link;
	s->n_files++;
	s->bytes += text.len;
	s->state = RAW_READ;
	s->reason = NULL;
}

static struct raw_capture *capture_of(struct slice rest)
{
	struct raw_capture *c = calloc(1, sizeof(*c));
	struct slice line, head = { "", 0 };
	const char *start = rest.p;

	HOLDS(c);
	for (int i = 0; i < SRC_COUNT; i++) {
		c->sources[i].state = RAW_UNAVAILABLE;
		c->sources[i].reason = "absent";
	}
	c->release = "6.1.0";
	while (slice_line(&rest, &line, NULL)) {
		if (line.len == 0 || line.p[0] != '=')
			continue;
		if (head.len)
			add_file(c, head, (struct slice){ start, (size_t)(line.p - start) });
		head = (struct slice){ line.p + 1, line.len - 1 };
		start = rest.p;
	}
	if (head.len)
		add_file(c, head, (struct slice){ start, (size_t)(rest.p - start) });
	return c;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice input = fuzz_text(data, size);
	struct raw_capture *raw = capture_of(input);
	struct snapshot *s = NULL, *again = NULL;
	char *why = NULL, *first, *second;
	size_t first_len, second_len;
	int r = snapshot_from_raw(raw, NULL, &s, &why);

	raw_capture_free(raw);
	fuzz_free(input);
	HOLDS(r == 0 || (r == -ENODATA && why && !strchr(why, '\n')));
	free(why);
	if (r)
		return 0;
	first = print(s, &first_len);
	r = snapshot_parse((struct slice){ first, first_len }, &again, &why);
	if (r)
		fprintf(stderr, "%s\n%s\n", why, first);
	HOLDS(r == 0);
	second = print(again, &second_len);
	HOLDS(first_len == second_len && memcmp(first, second, first_len) == 0);
	free(first);
	free(second);
	snapshot_free(s);
	snapshot_free(again);
	return 0;
}
