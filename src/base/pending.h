/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files that a signal which ends the process takes with it. */
#ifndef BASE_PENDING_H
#define BASE_PENDING_H

/*
 * As mkostemp(3) with O_CLOEXEC; the file is removed when SIGHUP, SIGINT, SIGQUIT
 * or SIGTERM ends the process, unless the process ignores or handles that signal.
 * @template must live until pending_forget. A descriptor, or negative errno.
 */
int pending_create(char *template);
/* The file is gone, or stays: leave it alone from now on. */
void pending_forget(const char *template);

#endif
