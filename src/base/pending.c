// SPDX-License-Identifier: GPL-2.0-or-later
/* Files that a signal which ends the process takes with it. */
#include "base/pending.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/cleanup.h"

/*
 * A command writes one file, and within it at most one more. The one state beyond main's: a
 * signal's handler is given nothing but its number.
 */
static const char *volatile pending[4];

static const int deadly[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM };

/* The signal's own action was restored on the way in (SA_RESETHAND) and follows. */
static void drop_all(int sig)
{
	int err = errno;

	for (size_t i = 0; i < ARRAY_SIZE(pending); i++) {
		if (pending[i])
			unlink(pending[i]);
	}
	raise(sig);
	errno = err;
}

/* Only where the signal would end the process: nohup(1) has SIGHUP ignored. */
static void catch_signals(void)
{
	struct sigaction old, act = { .sa_handler = drop_all, .sa_flags = (int)SA_RESETHAND };

	sigfillset(&act.sa_mask);
	for (size_t i = 0; i < ARRAY_SIZE(deadly); i++) {
		if (sigaction(deadly[i], NULL, &old) == 0 && old.sa_handler == SIG_DFL)
			sigaction(deadly[i], &act, NULL);
	}
}

int pending_create(char *template)
{
	sigset_t all, old;
	int fd;

	catch_signals();
	/* None of them between the file's birth and its entry here. */
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &old);
	fd = mkostemp(template, O_CLOEXEC);
	if (fd < 0)
		fd = -errno;
	for (size_t i = 0; fd >= 0 && i < ARRAY_SIZE(pending); i++) {
		if (!pending[i]) {
			pending[i] = template;
			break;
		}
	}
	sigprocmask(SIG_SETMASK, &old, NULL);
	return fd;
}

void pending_forget(const char *template)
{
	for (size_t i = 0; i < ARRAY_SIZE(pending); i++) {
		if (pending[i] == template)
			pending[i] = NULL;
	}
}
