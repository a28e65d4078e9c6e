/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Output that is whole or not at all. */
#ifndef BASE_OUTFILE_H
#define BASE_OUTFILE_H

#include <stdio.h>

struct outfile {
	FILE *f;
	char *path; /* the file itself, behind all links; NULL for standard output */
	char *tmp;
};

/*
 * Open for writing: @path NULL or "-" is standard output; anything else is
 * written to a temporary and renamed by outfile_commit. A symbolic link stays,
 * the file behind it is replaced, and keeps its mode and, for root, its owner.
 * What is no regular file (a FIFO, a device), or an open one (/dev/stdout,
 * /proc/PID/fd/N), is written directly. 0 or negative errno.
 */
int outfile_open(struct outfile *o, const char *path);
/* As outfile_open, but whatever it is, it is written directly: output that has no end. */
int outfile_open_direct(struct outfile *o, const char *path);
/* Flush, check, sync, rename. 0 or negative errno; the target is untouched on error. */
int outfile_commit(struct outfile *o);
/* Drop what is not committed. Safe to call always, also after outfile_commit. */
void outfile_done(struct outfile *o);

/*
 * Flush @f and say whether all that was written to it, since the last call,
 * arrived: 0 or negative errno, -EPIPE for a pipe that its reader closed. The
 * stream's error is cleared, so that it is reported once.
 */
int stream_flush(FILE *f);

#endif
