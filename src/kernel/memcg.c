// SPDX-License-Identifier: GPL-2.0-or-later
/* Charges to the memory cgroup of who asks. */
#include "kernel/memcg.h"

#include <string.h>

static const struct snap_setting *setting_of(const struct snapshot *s, const char *dir, size_t len,
					     const char *file)
{
	for (size_t i = 0; i < s->n_settings; i++) {
		const char *name = s->settings[i].name;

		if (strncmp(name, dir, len) == 0 && strcmp(name + len, file) == 0)
			return &s->settings[i];
	}
	return NULL;
}

/* The level that a limit's file stands in; its use beside it. */
static void take_level(const struct snapshot *s, const struct snap_setting *limit, size_t dir_len,
		       const char *use_file, struct memcg_room *room)
{
	const struct snap_setting *use = setting_of(s, limit->name, dir_len, use_file);
	uint64_t max, used, left;

	/* "max", and version 1's largest number of pages, are no limit. */
	if (!use || num_u64(limit->text, strlen(limit->text), &max) || max >= UINT64_C(1) << 62 ||
	    num_u64(use->text, strlen(use->text), &used))
		return;
	left = sat_sub(max, used);
	if (room->limited && left >= room->room_bytes)
		return;
	*room = (struct memcg_room){ true, max, left, limit->name };
}

struct memcg_room memcg_room(const struct mm *mm)
{
	static const char *const files[][2] = { { "memory.max", "memory.current" },
						{ "memory.limit_in_bytes", "memory.usage_in_bytes" } };
	const struct snapshot *s = mm->snap;
	struct memcg_room room = { 0 };

	for (size_t i = 0; i < s->n_settings; i++) {
		const char *name = s->settings[i].name, *slash = strrchr(name, '/');

		if (strncmp(name, "cgroup/", 7) != 0 || !slash)
			continue;
		for (size_t f = 0; f < ARRAY_SIZE(files); f++) {
			if (strcmp(slash + 1, files[f][0]) == 0)
				take_level(s, &s->settings[i], (size_t)(slash + 1 - name), files[f][1], &room);
		}
	}
	return room;
}

enum charge try_charge_memcg(const struct mm *mm, const struct memcg_room *room, uint32_t gfp,
			     uint64_t bytes)
{
	uint32_t privileged = GF_NOFAIL | (mm->rules.memcg_forces_high ? GF_HIGH : GF_ATOMIC);

	if (!room->limited || bytes <= room->room_bytes)
		return CHARGE_FITS;
	if (gfp & privileged)
		return CHARGE_FORCED;
	if (!(gfp & GF_DIRECT_RECLAIM) || bytes > room->limit_bytes)
		return CHARGE_REFUSED;
	return CHARGE_RECLAIM;
}
