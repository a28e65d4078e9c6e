/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A place in a recording, and what came before it there. */
#ifndef CMD_REPLAY_H
#define CMD_REPLAY_H

#include "cmd/held.h"
#include "cmd/timeline.h"

/*
 * Hold the sample at which @t stands, the one before it, and of each file that @t's sample
 * leaves out the last two that hold it, as far back as is read at once. An exit status; the
 * error has been reported. @t is a recording (timeline_can_step).
 */
int replay_look(struct timeline *t, struct held *h);

#endif
