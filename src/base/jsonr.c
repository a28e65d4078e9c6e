// SPDX-License-Identifier: GPL-2.0-or-later
/* Reading JSON with cJSON, without its loss. */
#include "base/jsonr.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"

/* cJSON's doubles hold every integer of up to 15 digits. */
#define EXACT_DIGITS 15

static size_t skip_string(const char *s, size_t i, size_t len)
{
	for (i++; i < len && s[i] != '"'; i++) {
		if (s[i] == '\\')
			i++;
	}
	return i < len ? i + 1 : len;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_number_byte(char c)
{
	return is_digit(c) || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
}

/* A copy of the text in which long integers stand in quotes. */
static bool quote_long_integers(const char *s, size_t len, struct strbuf *out)
{
	size_t i = 0;

	while (i < len) {
		size_t start = i;

		if (s[i] == '"') {
			i = skip_string(s, i, len);
			sb_add(out, s + start, i - start);
		} else if (is_digit(s[i]) || s[i] == '-') {
			bool whole = true;

			while (i < len && is_number_byte(s[i])) {
				whole &= is_digit(s[i]) || (i == start && s[i] == '-');
				i++;
			}
			if (whole && i - start > EXACT_DIGITS) {
				sb_addch(out, '"');
				sb_add(out, s + start, i - start);
				sb_addch(out, '"');
			} else {
				sb_add(out, s + start, i - start);
			}
		} else {
			while (i < len && s[i] != '"' && s[i] != '-' && !is_digit(s[i]))
				i++;
			sb_add(out, s + start, i - start);
		}
	}
	return !out->failed;
}

/*
 * Whether an integer may be too long for cJSON. A run of so many digits has one at every
 * EXACT_DIGITS-th byte, which is all that is looked at first.
 */
static bool may_have_long_integer(const char *s, size_t len)
{
	for (size_t i = EXACT_DIGITS - 1; i < len; i += EXACT_DIGITS) {
		size_t from = i, to = i;

		while (from > 0 && is_digit(s[from - 1]))
			from--;
		while (to < len && is_digit(s[to]))
			to++;
		if (to - from >= EXACT_DIGITS)
			return true;
	}
	return false;
}

/* One value and blanks behind it, as cJSON sees them. */
static cJSON *parse_exactly(const char *text, size_t len)
{
	const char *end = NULL;
	cJSON *tree = cJSON_ParseWithLengthOpts(text, len, &end, 0);

	while (tree && end < text + len && (unsigned char)*end <= ' ')
		end++;
	if (tree && end < text + len) {
		cJSON_Delete(tree);
		tree = NULL;
	}
	return tree;
}

cJSON *jr_parse(const char *text, size_t len, const char **why)
{
	auto_strbuf struct strbuf sb = STRBUF_INIT;
	cJSON *tree;

	if (memchr(text, '\0', len)) {
		*why = "not JSON (a NUL byte)";
		return NULL;
	}
	if (may_have_long_integer(text, len)) {
		if (!quote_long_integers(text, len, &sb)) {
			*why = "out of memory";
			return NULL;
		}
		text = sb_str(&sb);
		len = sb.len;
	}
	tree = parse_exactly(text, len);
	if (!tree)
		*why = "not JSON";
	return tree;
}

const cJSON *jr_get(const cJSON *obj, const char *name)
{
	return obj ? cJSON_GetObjectItemCaseSensitive(obj, name) : NULL;
}

bool jr_i64(const cJSON *item, int64_t *out)
{
	if (cJSON_IsString(item))
		return num_i64(item->valuestring, strlen(item->valuestring), out) == 0;
	if (!cJSON_IsNumber(item) || item->valuedouble < -1e15 || item->valuedouble > 1e15)
		return false;
	if ((double)(int64_t)item->valuedouble < item->valuedouble ||
	    (double)(int64_t)item->valuedouble > item->valuedouble)
		return false;
	*out = (int64_t)item->valuedouble;
	return true;
}

struct opt_u64 jr_u64(const cJSON *item)
{
	uint64_t u;
	int64_t i;

	if (cJSON_IsString(item) && num_u64(item->valuestring, strlen(item->valuestring), &u) == 0)
		return opt_u64(u);
	if (cJSON_IsNumber(item) && jr_i64(item, &i) && i >= 0)
		return opt_u64((uint64_t)i);
	return OPT_UNKNOWN;
}

struct opt_u64 jr_get_u64(const cJSON *obj, const char *name)
{
	return jr_u64(jr_get(obj, name));
}

const char *jr_get_str(const cJSON *obj, const char *name)
{
	const cJSON *item = jr_get(obj, name);

	return cJSON_IsString(item) ? item->valuestring : NULL;
}
