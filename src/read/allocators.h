/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's allocators by the names of their functions. Who asked for memory is the first
 * function of a backtrace that is none of them.
 */
#ifndef READ_ALLOCATORS_H
#define READ_ALLOCATORS_H

#include <stdbool.h>

/* Whether a name of @list (NULL at its end) begins @function. */
bool function_starts(const char *function, const char *const *list);
/* The allocators and their wrappers, up to what a driver calls. */
bool function_allocates(const char *function);
/* Wrappers of the network stack: the request is the caller's, but its kind is the skb. */
bool function_allocates_skb(const char *function);

#endif
