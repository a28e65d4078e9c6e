/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Mail as it lies in an archive: quoted-printable (RFC 2045, 6.7). */
#ifndef LOG_MIME_H
#define LOG_MIME_H

#include <stdbool.h>

#include "base/str.h"

/*
 * Append the text of one physical line to @out, "=3D" as "=". True if the line
 * ends with '=': it goes on in the next one, without a blank between.
 */
bool mime_qp_line(struct slice line, struct strbuf *out);

/*
 * Whether the lines of @text are so encoded: kernel reports hold many '=', which
 * then all stand as "=3D"; without any, lines of no more than 76 bytes end with one.
 */
bool mime_is_qp(struct slice text);

#endif
