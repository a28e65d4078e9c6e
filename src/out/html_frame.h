/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What stands around the report's content. */
#ifndef OUT_HTML_FRAME_H
#define OUT_HTML_FRAME_H

/* Up to the title, from there to the body, and after it. */
extern const char html_head[], html_style[], html_tail[];

#endif
