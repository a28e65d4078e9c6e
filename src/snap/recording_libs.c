// SPDX-License-Identifier: GPL-2.0-or-later
/* Opening of SQLite and zstd. */
#if WITH_SQLITE

#include "snap/recording_libs.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

/* ISO C knows no conversion of an object pointer to a function's; POSIX promises that the bytes do. */
static int take_symbol(void *handle, const char *name, void *slot)
{
	void *p = dlsym(handle, name);

	if (!p)
		return -ENOSYS;
	memcpy(slot, &p, sizeof(p));
	return 0;
}

static int fail(struct recording_libs *l, const char *what, char **why)
{
	const char *reason = dlerror();

	if (asprintf(why, "recordings need %s: %s", what, reason ? reason : "it is too old") < 0)
		*why = NULL;
	recording_libs_close(l);
	return -ENOSYS;
}

int recording_libs_open(struct recording_libs *l, char **why)
{
	int ret = 0;

	memset(l, 0, sizeof(*l));
	l->sqlite_handle = dlopen("libsqlite3.so.0", RTLD_NOW | RTLD_LOCAL);
	if (!l->sqlite_handle)
		return fail(l, "SQLite", why);
#define TAKE(name) ret = ret ? ret : take_symbol(l->sqlite_handle, #name, &l->name);
	SQLITE_FUNCTIONS(TAKE)
#undef TAKE
	if (ret)
		return fail(l, "SQLite", why);
	l->zstd_handle = dlopen("libzstd.so.1", RTLD_NOW | RTLD_LOCAL);
	if (!l->zstd_handle)
		return fail(l, "zstd", why);
#define TAKE(name) ret = ret ? ret : take_symbol(l->zstd_handle, #name, &l->name);
	ZSTD_FUNCTIONS(TAKE)
#undef TAKE
	return ret ? fail(l, "zstd", why) : 0;
}

void recording_libs_close(struct recording_libs *l)
{
	if (l->sqlite_handle)
		dlclose(l->sqlite_handle);
	if (l->zstd_handle)
		dlclose(l->zstd_handle);
	memset(l, 0, sizeof(*l));
}

#else
typedef int recording_libs_not_built;
#endif
