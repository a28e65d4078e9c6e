// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * zlib by dlopen: one file in one place needs it, and only on hosts without
 * /boot/config-*. The declarations are those of zlib's stable interface.
 */
#include "host/gunzip.h"

#include <dlfcn.h>
#include <errno.h>
#include <limits.h>

#define Z_OK 0
#define Z_STREAM_END 1
#define Z_NO_FLUSH 0
#define GZIP_WINDOW (15 + 16) /* largest window, gzip header */

struct zstream {
	const unsigned char *next_in;
	unsigned int avail_in;
	unsigned long total_in;
	unsigned char *next_out;
	unsigned int avail_out;
	unsigned long total_out;
	const char *msg;
	void *state;
	void *(*zalloc)(void *, unsigned int, unsigned int);
	void (*zfree)(void *, void *);
	void *opaque;
	int data_type;
	unsigned long adler, reserved;
};

struct zlib {
	void *handle;
	int (*init)(struct zstream *, int window, const char *version, int size);
	int (*inflate)(struct zstream *, int flush);
	int (*end)(struct zstream *);
	const char *(*version)(void);
};

static bool zlib_load(struct zlib *z)
{
	z->handle = dlopen("libz.so.1", RTLD_NOW | RTLD_LOCAL);
	if (!z->handle)
		return false;
	/* POSIX's way to a function pointer that ISO C has no cast for. */
	*(void **)&z->init = dlsym(z->handle, "inflateInit2_");
	*(void **)&z->inflate = dlsym(z->handle, "inflate");
	*(void **)&z->end = dlsym(z->handle, "inflateEnd");
	*(void **)&z->version = dlsym(z->handle, "zlibVersion");
	if (z->init && z->inflate && z->end && z->version)
		return true;
	dlclose(z->handle);
	return false;
}

static int inflate_all(const struct zlib *z, struct zstream *s, size_t max, struct bytes *out,
		       const char **why)
{
	out->len = 0;
	for (;;) {
		size_t want = out->cap - out->len > 1 ? out->cap : out->cap ? out->cap * 2 : 1 << 18;
		int ret;

		if (want > out->cap && bytes_reserve(out, want))
			return -ENOMEM;
		s->next_out = (unsigned char *)out->data + out->len;
		s->avail_out = (unsigned int)(out->cap - out->len - 1);
		ret = z->inflate(s, Z_NO_FLUSH);
		out->len = (size_t)((char *)s->next_out - out->data);
		if (out->len > max) {
			*why = "too large when unpacked";
			return -EFBIG;
		}
		if (ret == Z_STREAM_END)
			break;
		if (ret != Z_OK || (s->avail_in == 0 && s->avail_out > 0)) {
			*why = "damaged gzip data";
			return -EINVAL;
		}
	}
	out->data[out->len] = '\0';
	return 0;
}

int gunzip(struct slice in, size_t max, struct bytes *out, const char **why)
{
	struct zstream s = { .next_in = (const unsigned char *)in.p, .avail_in = (unsigned int)in.len };
	struct zlib z;
	int ret;

	if (in.len > INT_MAX || max > INT_MAX) {
		*why = "too large";
		return -EFBIG;
	}
	if (!zlib_load(&z)) {
		*why = "packed, and zlib (libz.so.1) is not installed";
		return -ENOPKG;
	}
	if (z.init(&s, GZIP_WINDOW, z.version(), (int)sizeof(s)) == Z_OK) {
		ret = inflate_all(&z, &s, max, out, why);
		z.end(&s);
	} else {
		*why = "zlib would not start";
		ret = -ENOMEM;
	}
	dlclose(z.handle);
	return ret;
}
