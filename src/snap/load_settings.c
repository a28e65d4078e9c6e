// SPDX-License-Identifier: GPL-2.0-or-later
/* Loading of the snapshot document: settings, configuration, pools, the kernel's own indices. */
#include <inttypes.h>
#include <errno.h>

#include "snap/load_priv.h"

/* The numbers of a setting as the line of text that the kernel printed. */
static bool numbers_text(const cJSON *item, struct strbuf *sb)
{
	const cJSON *one = cJSON_IsArray(item) ? item->child : item;
	bool first = true;

	for (; one; one = cJSON_IsArray(item) ? one->next : NULL) {
		int64_t i;

		if (!jr_i64(one, &i))
			return false;
		sb_printf(sb, "%s%" PRId64, first ? "" : "\t", i);
		first = false;
	}
	return !first;
}

static void load_sysctls(struct loading *l, const cJSON *doc)
{
	const cJSON *item;

	cJSON_ArrayForEach(item, jr_get(doc, "sysctl")) {
		auto_strbuf struct strbuf sb = STRBUF_INIT;
		const char *name = load_text(l, item->string);
		int ret = 0;

		if (cJSON_IsString(item))
			sb_addstr(&sb, item->valuestring);
		else if (!numbers_text(item, &sb))
			ret = -EINVAL;
		/* As in the file: without its end a line counts as cut. */
		sb_addch(&sb, '\n');
		if (!ret && name)
			ret = sysctl_add(&l->s->arena, &l->s->sysctl, name,
					 (struct slice){ sb_str(&sb), sb.len });
		if (ret == -ENOMEM)
			l->no_memory = true;
		else if (ret || !item->string)
			load_bad(l, "sysctl");
	}
}

/* A table of texts as pairs; returns how many. */
static size_t load_texts(struct loading *l, const cJSON *table, const char *what, const char ***names,
			 const char ***texts)
{
	const cJSON *item;
	size_t n = 0, at = 0;

	cJSON_ArrayForEach(item, table)
		n++;
	*names = load_array(l, n, sizeof(**names));
	*texts = load_array(l, n, sizeof(**texts));
	if (!*names || !*texts)
		return 0;
	cJSON_ArrayForEach(item, table) {
		if (!item->string || !cJSON_IsString(item)) {
			load_bad(l, what);
			continue;
		}
		(*names)[at] = load_text(l, item->string);
		(*texts)[at++] = load_text(l, item->valuestring);
	}
	return at;
}

static void load_mm_settings(struct loading *l, const cJSON *doc)
{
	const char **names, **texts;
	size_t n = load_texts(l, jr_get(doc, "settings"), "settings", &names, &texts);

	l->s->settings = load_array(l, n, sizeof(*l->s->settings));
	for (size_t i = 0; l->s->settings && i < n; i++)
		l->s->settings[i] = (struct snap_setting){ names[i], texts[i] };
	l->s->n_settings = l->s->settings ? n : 0;
}

static void load_kconfig(struct loading *l, const cJSON *doc)
{
	const char **names, **texts;
	size_t n = load_texts(l, jr_get(doc, "kconfig"), "kconfig", &names, &texts);
	struct kconfig *k = &l->s->kconfig;

	l->s->has_kconfig = cJSON_IsObject(jr_get(doc, "kconfig"));
	k->v = load_array(l, n, sizeof(*k->v));
	for (size_t i = 0; k->v && i < n; i++) {
		/* Look-ups count on the order. */
		if (i > 0 && strcmp(names[i - 1], names[i]) >= 0)
			load_bad(l, "kconfig");
		k->v[i] = (struct kconfig_option){ names[i], texts[i] };
	}
	k->n = k->v ? n : 0;
}

static void load_cma(struct loading *l, const cJSON *doc)
{
	size_t n = load_count(l, doc, "cma");
	const cJSON *item;

	l->s->cma = load_array(l, n, sizeof(*l->s->cma));
	if (!l->s->cma)
		return;
	cJSON_ArrayForEach(item, jr_get(doc, "cma")) {
		struct snap_cma *to = &l->s->cma[l->s->n_cma++];

		to->name = load_str(l, item, "name");
		if (!to->name)
			load_bad(l, "cma");
		load_members(l, item, to, snap_cma_members);
	}
}

static void load_extfrag_row(struct loading *l, const cJSON *item, struct extfrag_row *to)
{
	const cJSON *one;
	size_t n = load_count(l, item, "thousandths");

	to->node = load_int(l, item, "node");
	to->zone = load_str(l, item, "zone");
	to->milli = load_array(l, n, sizeof(*to->milli));
	if (!to->zone || n > 64 || !to->milli) {
		load_bad(l, "debugfs");
		return;
	}
	cJSON_ArrayForEach(one, jr_get(item, "thousandths")) {
		if (!jr_i64(one, &to->milli[to->n_orders++]))
			load_bad(l, "thousandths");
	}
}

static bool load_extfrag(struct loading *l, const cJSON *debugfs, const char *name, struct extfrag *e)
{
	size_t n = load_count(l, debugfs, name);
	const cJSON *item;

	if (!cJSON_IsArray(jr_get(debugfs, name)))
		return false;
	e->rows = load_array(l, n, sizeof(*e->rows));
	if (!e->rows)
		return false;
	cJSON_ArrayForEach(item, jr_get(debugfs, name))
		load_extfrag_row(l, item, &e->rows[e->n_rows++]);
	return true;
}

static void load_gfp_flags(struct loading *l, const cJSON *doc)
{
	size_t n = load_count(l, doc, "gfp_flags");
	struct gfpformat *g = &l->s->gfpformat;
	const cJSON *item;

	l->s->has_gfpformat = n > 0;
	g->flags = load_array(l, n, sizeof(*g->flags));
	if (!g->flags)
		return;
	cJSON_ArrayForEach(item, jr_get(doc, "gfp_flags")) {
		struct gfpformat_flag *to = &g->flags[g->n_flags++];
		const char *mask = jr_get_str(item, "mask");

		to->name = load_str(l, item, "name");
		if (!to->name || !mask || num_hex(mask, strlen(mask), &to->mask))
			load_bad(l, "gfp_flags");
	}
}

void load_settings(struct loading *l, const cJSON *doc)
{
	const cJSON *debugfs = jr_get(doc, "debugfs");

	load_sysctls(l, doc);
	load_mm_settings(l, doc);
	load_kconfig(l, doc);
	l->s->hugepages = load_pools(l, doc, "hugepages", &l->s->n_hugepages);
	load_cma(l, doc);
	load_members(l, jr_get(doc, "swiotlb"), &l->s->swiotlb, snap_swiotlb_members);
	l->s->has_extfrag = load_extfrag(l, debugfs, "extfrag_index", &l->s->extfrag);
	l->s->has_unusable = load_extfrag(l, debugfs, "unusable_index", &l->s->unusable);
	load_gfp_flags(l, doc);
}
