/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Talking to memtool.ko through its files in debugfs (src/module/interface.h). */
#ifndef HOST_MODULE_H
#define HOST_MODULE_H

#include "base/str.h"

struct module {
	int dir; /* descriptor of its debugfs directory */
};

/*
 * Find the module's directory. 0, or negative errno with one line in @why
 * (static text): not loaded, debugfs not mounted, not root.
 */
int module_open(struct module *m, const char **why);
void module_close(struct module *m);

/* Open one of its files for questions and answers. Descriptor or negative errno. */
int module_file(const struct module *m, const char *name);
/*
 * Write one line to @fd and read all of the answer into @answer (reset first).
 * 0 or negative errno of the write, with the answer, if any, still read.
 */
int module_ask(int fd, const char *line, struct strbuf *answer);
/* Read a whole file of the module. 0 or negative errno. */
int module_read(const struct module *m, const char *name, struct strbuf *text);

/* Value of @key in a line of key=value words ("..." may hold blanks). False if it is not there. */
bool module_field(struct slice line, const char *key, struct slice *value);
/* As a number; @fallback if it is not there or no number. */
int64_t module_number(struct slice line, const char *key, int64_t fallback);

#endif
