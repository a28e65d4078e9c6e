/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A line of "Memory allocations:", which a report has where the kernel profiles them (6.10 and later). */
#ifndef LOG_ALLOC_SITE_H
#define LOG_ALLOC_SITE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

/* Slices of the text. */
struct log_alloc_site {
	uint64_t bytes, calls; /* bytes as near as three digits tell */
	struct slice size;     /* "66.6 MiB", as printed */
	struct slice location; /* file:line */
	struct slice module;   /* empty: the kernel proper */
	struct slice function;
};

/* mm/show_mem.c:__show_mem, lib/string_helpers.c:string_get_size. False if the text is none such. */
bool log_alloc_site_parse(const char *text, struct log_alloc_site *site);

#endif
