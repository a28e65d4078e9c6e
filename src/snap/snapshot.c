// SPDX-License-Identifier: GPL-2.0-or-later
/* Lifetime of a snapshot and look-ups in it. */
#include "snap/snapshot.h"

#include <stdlib.h>

struct snapshot *snapshot_new(void)
{
	return calloc(1, sizeof(struct snapshot));
}

void snapshot_free(struct snapshot *s)
{
	if (!s)
		return;
	arena_done(&s->arena);
	free(s);
}

struct snap_zone *snapshot_zone(const struct snapshot *s, int node, const char *name)
{
	for (size_t i = 0; i < s->n_zones; i++) {
		if (s->zones[i].node == node && strcmp(s->zones[i].name, name) == 0)
			return &s->zones[i];
	}
	return NULL;
}

struct snap_node *snapshot_node(const struct snapshot *s, int node)
{
	for (size_t i = 0; i < s->n_nodes; i++) {
		if (s->nodes[i].node == node)
			return &s->nodes[i];
	}
	return NULL;
}

const struct snap_type *snap_zone_type(const struct snap_zone *z, const char *type)
{
	for (size_t i = 0; i < z->n_types; i++) {
		if (strcmp(z->types[i].name, type) == 0)
			return &z->types[i];
	}
	return NULL;
}

const struct snap_source *snapshot_source(const struct snapshot *s, const char *name)
{
	for (size_t i = 0; i < s->n_sources; i++) {
		if (strcmp(s->sources[i].name, name) == 0)
			return &s->sources[i];
	}
	return NULL;
}

const char *snapshot_setting(const struct snapshot *s, const char *name)
{
	for (size_t i = 0; i < s->n_settings; i++) {
		if (strcmp(s->settings[i].name, name) == 0)
			return s->settings[i].text;
	}
	return NULL;
}
