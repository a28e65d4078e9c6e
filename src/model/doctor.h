/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which debugging aids a kernel has, whether they are on, what they cost and
 * how to get them; the settings that decide fragmentation; and which aid to
 * reach for. Unknown is unknown: an aid is "no" or "off" only where a file says so.
 */
#ifndef MODEL_DOCTOR_H
#define MODEL_DOCTOR_H

#include "host/probe.h"
#include "kernel/rules.h"
#include "snap/snapshot.h"

enum doctor_aid_id {
	AID_SLUB_DEBUG,
	AID_DEBUG_SLAB,
	AID_PAGE_POISONING,
	AID_KASAN,
	AID_KFENCE,
	AID_KMEMLEAK,
	AID_PAGE_OWNER,
	AID_DEBUG_PAGEALLOC,
	AID_ALLOC_PROFILING,
	AID_COMPACTION,
	AID_CMA,
	AID_FAIL_PAGE_ALLOC,
	AID_FAILSLAB,
	AID_COUNT
};

enum answer { ANSWER_UNKNOWN, ANSWER_NO, ANSWER_YES };

struct doctor_aid {
	const char *name;    /* "KMEMLEAK" */
	const char *config;  /* "DEBUG_KMEMLEAK": the option without CONFIG_ */
	const char *gives;   /* what it tells */
	const char *cost;    /* of having it on */
	const char *turn_on; /* command or boot option; first of all CONFIG_ if it is not built in */
	bool needs_build;    /* turn_on says what to build, there is no need to put it before */
	enum answer built, on;
	const char *evidence; /* what told so; "" if nothing did */
};

struct doctor_tunable {
	const char *name;      /* "vm.swappiness" or a path below /sys/kernel/mm */
	const char *value;     /* text as read; NULL: not there or not readable */
	const char *standard;  /* the kernel's default; NULL: depends on the machine */
	enum answer at_default; /* unknown where the default is not one value */
	const char *effect;    /* what moving it does */
};

struct doctor_step {
	const char *symptom;
	const char *what;	/* what it tells */
	const char *command;
	int aid;		/* needs this aid; -1 none */
	enum answer ready;	/* can be used now */
};

struct doctor {
	struct doctor_aid aids[AID_COUNT];
	struct doctor_tunable *tunables; /* those that this kernel has, or all if none could be read */
	size_t n_tunables;
	struct doctor_step *steps; /* by symptom; within one: ready ones first */
	size_t n_steps;
};

/* @probes NULL: not looked (a snapshot from a file). All memory from @arena. 0 or -ENOMEM. */
int doctor_build(struct arena *arena, const struct snapshot *s,
		 const struct probe probes[PROBE_COUNT], struct doctor *out);

/* "leak", "corruption", ... NULL terminated, with a title for each. */
struct doctor_symptom {
	const char *name, *title;
};
extern const struct doctor_symptom doctor_symptoms[];

/* Parts of doctor_build. */
void doctor_judge_aids(const struct snapshot *s, const struct mm_rules *rules, const struct probe *probes,
		       struct doctor_aid *aids);
int doctor_list_tunables(struct arena *arena, const struct snapshot *s, const struct mm_rules *rules,
			 struct doctor *d);
int doctor_list_steps(struct arena *arena, const struct mm_rules *rules, struct doctor *d);

#endif
