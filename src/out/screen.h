/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A full screen through ncurses, which is opened when a screen is. */
#ifndef OUT_SCREEN_H
#define OUT_SCREEN_H

#include <stdbool.h>

#include "out/style.h"

struct screen;

enum screen_key {
	KEY_NOTHING = -1, /* the time was over */
	KEY_LEFT_ARROW = 0x1000,
	KEY_RIGHT_ARROW,
	KEY_UP_ARROW,
	KEY_DOWN_ARROW,
	KEY_PAGE_UP,
	KEY_PAGE_DOWN,
	KEY_TO_FIRST,
	KEY_TO_LAST,
	KEY_RESIZED,
};

/* Whether this memtool was built with screens (WITH_NCURSES). */
bool screen_supported(void);
/* NULL and a message for free() in @why when there is no ncurses or no such terminal. */
struct screen *screen_open(bool color, char **why);
/* Give the terminal back as it was. NULL is fine. */
void screen_close(struct screen *s);
void screen_size(struct screen *s, unsigned int *rows, unsigned int *columns);
void screen_clear(struct screen *s);
/* A line of text at the left edge of @row, cut at the right edge. */
void screen_line(struct screen *s, unsigned int row, enum text_tone tone, const char *text);
void screen_show(struct screen *s);
/* The next key within @ms milliseconds: a character, or one of enum screen_key. */
int screen_key(struct screen *s, int ms);

#endif
