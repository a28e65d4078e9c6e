// SPDX-License-Identifier: GPL-2.0
/* Lines of key=value words: writing answers, reading requests. */
#include <linux/kernel.h>
#include <linux/string.h>

#include "memtool.h"

static __printf(2, 0) void mt_vprintf(struct mt_text *t, const char *fmt, va_list ap)
{
	if (t->len < t->cap)
		t->len += vscnprintf(t->buf + t->len, t->cap - t->len, fmt, ap);
}

void mt_printf(struct mt_text *t, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	mt_vprintf(t, fmt, ap);
	va_end(ap);
}

int mt_fail(struct mt_text *t, int err, const char *fmt, ...)
{
	va_list ap;

	mt_printf(t, "ok=0 errno=%d reason=\"", -err);
	va_start(ap, fmt);
	mt_vprintf(t, fmt, ap);
	va_end(ap);
	mt_printf(t, "\"\n");
	return err;
}

/* kstrtox reads octal and signs of its own accord: decimal or 0x, nothing else */
static int mt_number(const char *s, bool is_signed, u64 *out)
{
	bool minus = is_signed && *s == '-';
	unsigned int base = 10;
	u64 v;

	if (minus)
		s++;
	if (s[0] == '0' && (s[1] == 'x' || s[1] == 'X')) {
		base = 16;
		s += 2;
	}
	if (!*s || *s == '+' || *s == '-' || kstrtoull(s, base, &v))
		return -EINVAL;
	if (is_signed && v > S64_MAX)
		return -EINVAL;
	*out = minus ? -v : v;
	return 0;
}

static int mt_store(const struct mt_key *k, const char *value, void *target,
		    struct mt_text *err)
{
	void *to = target + k->offset;
	u64 v;

	if (k->type == MT_STR) {
		if (!*value || strlen(value) >= MT_WORD)
			return mt_fail(err, -EINVAL, "%s: 1 to %d characters", k->name,
				       MT_WORD - 1);
		strcpy(to, value);
		return 0;
	}
	if (mt_number(value, k->type == MT_S64, &v))
		return mt_fail(err, -EINVAL, "%s: not a number", k->name);
	if (k->type == MT_U64 ? v < k->min || v > k->max :
	    (s64)v < (s64)k->min || (s64)v > (s64)k->max)
		return mt_fail(err, -EINVAL, "%s: out of range", k->name);
	memcpy(to, &v, sizeof(v));
	return 0;
}

/* Words are echoed in answers: let nothing in that would need escapes. */
static bool mt_printable(const char *s)
{
	for (; *s; s++)
		if (*s < ' ' || *s > '~' || *s == '"' || *s == '\\')
			return false;
	return true;
}

int mt_parse(char *line, const struct mt_key *keys, unsigned int n, void *target,
	     u64 *seen, struct mt_text *err)
{
	char *word;

	*seen = 0;
	while ((word = strsep(&line, " \t")) != NULL) {
		char *value = strchr(word, '=');
		unsigned int i;
		int ret;

		if (!*word)
			continue;
		if (!mt_printable(word))
			return mt_fail(err, -EINVAL, "a byte that is not plain text");
		if (!value)
			return mt_fail(err, -EINVAL, "%.32s: no '='", word);
		*value++ = '\0';
		for (i = 0; i < n && strcmp(word, keys[i].name); i++)
			;
		if (i == n)
			return mt_fail(err, -EINVAL, "%.32s: unknown key", word);
		if (*seen & BIT_ULL(i))
			return mt_fail(err, -EINVAL, "%s: given twice", word);
		*seen |= BIT_ULL(i);
		ret = mt_store(&keys[i], value, target, err);
		if (ret)
			return ret;
	}
	return 0;
}
