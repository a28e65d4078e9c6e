/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Valid UTF-8 or not. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stddef.h>

/*
 * Length of the well-formed UTF-8 sequence at @s (at most @len bytes), or 0:
 * overlong forms, surrogates and code points above U+10FFFF are not well formed.
 */
size_t utf8_sequence(const char *s, size_t len);

#endif
