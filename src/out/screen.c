// SPDX-License-Identifier: GPL-2.0-or-later
/* ncurses by dlopen: the few of its functions that a screen of lines needs. */
#include "out/screen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if WITH_NCURSES

#include <dlfcn.h>

/* Functions, not macros that look into its variables: those cannot be had from a library opened late. */
#define NCURSES_NOMACROS
#include <curses.h>

#undef KEY_LEFT_ARROW

#define FUNCTIONS(X)                                                                              \
	X(newterm) X(set_term) X(delscreen) X(endwin) X(cbreak) X(noecho) X(nonl) X(curs_set)     \
	X(start_color) X(use_default_colors) X(has_colors) X(init_pair) X(newwin) X(delwin)       \
	X(keypad) X(wtimeout) X(wgetch) X(werase) X(wmove) X(waddnstr) X(wattrset) X(wrefresh)    \
	X(getmaxx) X(getmaxy) X(clearok)

struct screen {
	void *handle;
	SCREEN *term;
	WINDOW *win;
	bool color;
#define FIELD(name) __typeof__(name) *name;
	FUNCTIONS(FIELD)
#undef FIELD
};

bool screen_supported(void)
{
	return true;
}

static int take_symbol(void *handle, const char *name, void *slot)
{
	void *p = dlsym(handle, name);

	memcpy(slot, &p, sizeof(p));
	return p ? 0 : -1;
}

static struct screen *fail(struct screen *s, const char *what, char **why)
{
	if (asprintf(why, "%s", what) < 0)
		*why = NULL;
	screen_close(s);
	return NULL;
}

struct screen *screen_open(bool color, char **why)
{
	struct screen *s = calloc(1, sizeof(*s));
	int ret = 0;

	*why = NULL;
	if (!s)
		return NULL;
	s->handle = dlopen("libncursesw.so.6", RTLD_NOW | RTLD_LOCAL);
	if (!s->handle)
		return fail(s, "a full screen needs ncurses (libncursesw.so.6)", why);
#define TAKE(name) ret |= take_symbol(s->handle, #name, &s->name);
	FUNCTIONS(TAKE)
#undef TAKE
	if (ret)
		return fail(s, "this ncurses lacks a function", why);
	s->term = s->newterm(NULL, stdout, stdin);
	if (!s->term)
		return fail(s, "this terminal is not known to ncurses (TERM)", why);
	s->cbreak();
	s->noecho();
	s->nonl();
	s->curs_set(0);
	s->color = color && s->has_colors();
	if (s->color) {
		s->start_color();
		s->use_default_colors();
		s->init_pair(TONE_HEAD, COLOR_CYAN, -1);
		s->init_pair(TONE_BAD, COLOR_RED, -1);
		s->init_pair(TONE_WARN, COLOR_YELLOW, -1);
		s->init_pair(TONE_GOOD, COLOR_GREEN, -1);
	}
	s->win = s->newwin(0, 0, 0, 0);
	if (!s->win)
		return fail(s, "the terminal has no room", why);
	s->keypad(s->win, TRUE);
	return s;
}

void screen_close(struct screen *s)
{
	if (!s)
		return;
	if (s->win)
		s->delwin(s->win);
	if (s->term) {
		s->endwin();
		s->delscreen(s->term);
	}
	if (s->handle)
		dlclose(s->handle);
	free(s);
}

void screen_size(struct screen *s, unsigned int *rows, unsigned int *columns)
{
	int y = s->getmaxy(s->win), x = s->getmaxx(s->win);

	*rows = y > 0 ? (unsigned int)y : 1;
	*columns = x > 0 ? (unsigned int)x : 1;
}

void screen_clear(struct screen *s)
{
	s->werase(s->win);
}

void screen_line(struct screen *s, unsigned int row, enum text_tone tone, const char *text)
{
	attr_t attr = tone == TONE_HEAD ? A_BOLD : tone == TONE_DIM ? A_DIM : A_NORMAL;

	if (s->color && tone != TONE_PLAIN && tone != TONE_DIM)
		attr |= (attr_t)tone << 8; /* COLOR_PAIR */
	s->wattrset(s->win, (int)attr);
	if (s->wmove(s->win, (int)row, 0) != ERR)
		s->waddnstr(s->win, text, s->getmaxx(s->win));
	s->wattrset(s->win, (int)A_NORMAL);
}

void screen_show(struct screen *s)
{
	s->wrefresh(s->win);
}

int screen_key(struct screen *s, int ms)
{
	int c;

	s->wtimeout(s->win, ms);
	c = s->wgetch(s->win);
	switch (c) {
	case ERR:
		return KEY_NOTHING;
	case KEY_LEFT:
		return KEY_LEFT_ARROW;
	case KEY_RIGHT:
		return KEY_RIGHT_ARROW;
	case KEY_UP:
		return KEY_UP_ARROW;
	case KEY_DOWN:
		return KEY_DOWN_ARROW;
	case KEY_PPAGE:
		return KEY_PAGE_UP;
	case KEY_NPAGE:
		return KEY_PAGE_DOWN;
	case KEY_HOME:
		return KEY_TO_FIRST;
	case KEY_END:
		return KEY_TO_LAST;
	case KEY_RESIZE:
		s->clearok(s->win, TRUE);
		return KEY_RESIZED;
	default:
		return c;
	}
}

#else

struct screen {
	char nothing;
};

bool screen_supported(void)
{
	return false;
}

struct screen *screen_open(bool color UNUSED, char **why)
{
	*why = strdup("this memtool was built without screens (WITH_NCURSES=0)");
	return NULL;
}

void screen_close(struct screen *s UNUSED)
{
}

void screen_size(struct screen *s UNUSED, unsigned int *rows, unsigned int *columns)
{
	*rows = *columns = 0;
}

void screen_clear(struct screen *s UNUSED)
{
}

void screen_line(struct screen *s UNUSED, unsigned int row UNUSED, enum text_tone tone UNUSED,
		 const char *text UNUSED)
{
}

void screen_show(struct screen *s UNUSED)
{
}

int screen_key(struct screen *s UNUSED, int ms UNUSED)
{
	return 'q';
}

#endif
