// SPDX-License-Identifier: GPL-2.0-or-later
/* Lines of "Memory allocations:". */
#include "log/alloc_site.h"

#include "base/num.h"

/* "66.6" in hundredths: at most three digits stand there, but for those of "1023 KiB". */
static bool hundredths(struct slice s, uint64_t *out)
{
	const char *dot = memchr(s.p, '.', s.len);
	size_t whole = dot ? (size_t)(dot - s.p) : s.len, digits = dot ? s.len - whole - 1 : 0;
	uint64_t n, part = 0;

	if (num_u64(s.p, whole, &n) || n > UINT32_MAX || (dot && (digits == 0 || digits > 2 || num_u64(dot + 1, digits, &part))))
		return false;
	*out = n * 100 + part * (digits == 1 ? 10 : 1);
	return true;
}

static bool unit(struct slice s, unsigned int *shift)
{
	static const char *const units[] = { "B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB" };

	for (unsigned int i = 0; i < ARRAY_SIZE(units); i++) {
		if (slice_eq(s, units[i])) {
			*shift = 10 * i;
			return true;
		}
	}
	return false;
}

bool log_alloc_site_parse(const char *text, struct log_alloc_site *site)
{
	struct slice rest = slice_of(text), number, name, word;
	uint64_t n;
	unsigned int shift;

	*site = (struct log_alloc_site){ 0 };
	if (!slice_word(&rest, &number) || !slice_word(&rest, &name) || !hundredths(number, &n) || !unit(name, &shift) ||
	    slice_u64(&rest, &site->calls) != 0 || !slice_word(&rest, &site->location) || !slice_word(&rest, &word))
		return false;
	site->size = (struct slice){ number.p, (size_t)(name.p + name.len - number.p) };
	site->bytes = sat_shl(n, shift) / 100;
	if (word.len > 2 && word.p[0] == '[' && word.p[word.len - 1] == ']') {
		site->module = (struct slice){ word.p + 1, word.len - 2 };
		if (!slice_word(&rest, &word))
			return false;
	}
	if (!slice_skip(&word, "func:") || word.len == 0)
		return false;
	site->function = word;
	return true;
}
