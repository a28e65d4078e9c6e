// SPDX-License-Identifier: GPL-2.0-or-later
/* Captures to bytes and back. */
#if WITH_SQLITE

#include "snap/recording_image.h"

#include <errno.h>
#include <stdlib.h>

#define SAMPLE_VERSION 1

/* What a sample says of a source. */
enum entry {
	ENTRY_SAME,	/* read, and the same bytes as before */
	ENTRY_CHANGED,	/* read; its image is in the frame */
	ENTRY_LEFT_OUT, /* not part of this sample */
};

void image_done(struct image *im)
{
	for (unsigned int i = 0; i < IMAGE_SLOTS; i++)
		sb_done(&im->slots[i].bytes);
}

void image_coder_done(struct image_coder *k)
{
	if (k->cctx)
		k->libs->ZSTD_freeCCtx(k->cctx);
	if (k->dctx)
		k->libs->ZSTD_freeDCtx(k->dctx);
	sb_done(&k->prefix);
	sb_done(&k->plain);
	sb_done(&k->frame);
}

/* ---- numbers and strings ---- */

static void put_u64(struct strbuf *sb, uint64_t v)
{
	for (; v >= 0x80; v >>= 7)
		sb_addch(sb, (char)(v | 0x80));
	sb_addch(sb, (char)v);
}

static void put_i64(struct strbuf *sb, int64_t v)
{
	put_u64(sb, ((uint64_t)v << 1) ^ (v < 0 ? UINT64_MAX : 0));
}

/* 0 stands for NULL. */
static void put_str(struct strbuf *sb, const char *s)
{
	if (!s) {
		put_u64(sb, 0);
		return;
	}
	put_u64(sb, strlen(s) + 1);
	sb_add(sb, s, strlen(s));
}

/* A reader of bytes that anyone may have written: @bad sticks. */
struct bytes_in {
	struct slice rest;
	bool bad;
};

static uint64_t get_u64(struct bytes_in *in)
{
	uint64_t v = 0;

	for (unsigned int shift = 0; shift < 64; shift += 7) {
		unsigned char c;

		if (in->rest.len == 0)
			break;
		c = (unsigned char)*in->rest.p;
		in->rest.p++;
		in->rest.len--;
		if (shift == 63 && c > 1)
			break;
		v |= (uint64_t)(c & 0x7f) << shift;
		if (!(c & 0x80))
			return v;
	}
	in->bad = true;
	return 0;
}

static int64_t get_i64(struct bytes_in *in)
{
	uint64_t v = get_u64(in);

	return (int64_t)(v >> 1) ^ -(int64_t)(v & 1);
}

/* A length of bytes that an image may hold, on any word size. */
static size_t get_len(struct bytes_in *in)
{
	uint64_t len = get_u64(in);

	in->bad |= len > IMAGE_MAX;
	return in->bad ? 0 : (size_t)len;
}

static struct slice get_bytes(struct bytes_in *in, uint64_t len)
{
	struct slice s = { in->rest.p, (size_t)len };

	if (in->bad || len > in->rest.len) {
		in->bad = true;
		return (struct slice){ "", 0 };
	}
	in->rest.p += len;
	in->rest.len -= (size_t)len;
	return s;
}

/* NULL for the NULL that put_str wrote, and when bad. */
static const char *get_str(struct bytes_in *in, struct arena *arena)
{
	uint64_t len = get_u64(in);
	struct slice s;

	if (len == 0 || in->bad)
		return NULL;
	s = get_bytes(in, len - 1);
	if (in->bad || memchr(s.p, '\0', s.len)) {
		in->bad = true;
		return NULL;
	}
	return arena_strndup(arena, s.p, s.len);
}

/* ---- a source ---- */

static void put_source(struct strbuf *sb, const struct raw_source *s)
{
	put_u64(sb, s->state);
	put_str(sb, s->path);
	put_str(sb, s->reason);
	put_str(sb, s->hint);
	put_u64(sb, s->n_files);
	for (size_t i = 0; i < s->n_files; i++) {
		const struct raw_file *f = &s->files[i];

		/* Files of one folder follow each other: its name is said once. */
		put_str(sb, i > 0 && strcmp(f->dir, s->files[i - 1].dir) == 0 ? NULL : f->dir);
		put_str(sb, f->name);
		put_u64(sb, f->is_link);
		put_u64(sb, f->len);
	}
	for (size_t i = 0; i < s->n_files; i++)
		sb_add(sb, s->files[i].data, s->files[i].len);
}

static int get_files(struct bytes_in *in, struct arena *arena, struct raw_source *s, uint64_t n)
{
	/* A file takes four bytes of head at least: more cannot be there. */
	if (n > in->rest.len / 4)
		return -EBADMSG;
	s->files = calloc(n ? (size_t)n : 1, sizeof(*s->files));
	if (!s->files)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++) {
		struct raw_file *f = &s->files[i];
		struct bytes_in ahead;

		f->dir = get_str(in, arena);
		if (!f->dir)
			f->dir = i ? s->files[i - 1].dir : "";
		/* A file has a name: its length is not 0, in however many bytes that is written. */
		ahead = *in;
		in->bad |= get_u64(&ahead) == 0;
		f->name = get_str(in, arena);
		f->is_link = get_u64(in) != 0;
		f->len = get_len(in);
		if (in->bad || !f->name)
			return in->bad ? -EBADMSG : -ENOMEM;
	}
	for (size_t i = 0; i < n; i++) {
		struct raw_file *f = &s->files[i];
		struct slice data = get_bytes(in, f->len);

		if (in->bad)
			return -EBADMSG;
		f->data = arena_strndup(arena, data.p, data.len);
		if (!f->data)
			return -ENOMEM;
		s->bytes += f->len;
	}
	s->n_files = s->cap_files = (size_t)n;
	return 0;
}

static int get_source(struct slice image, struct arena *arena, struct raw_source *s)
{
	struct bytes_in in = { .rest = image };
	uint64_t state = get_u64(&in), n;

	s->path = get_str(&in, arena);
	s->reason = get_str(&in, arena);
	s->hint = get_str(&in, arena);
	n = get_u64(&in);
	if (in.bad || state > RAW_UNAVAILABLE || (state != RAW_READ && !s->reason))
		return -EBADMSG;
	s->state = (enum raw_state)state;
	return get_files(&in, arena, s, n);
}

int image_capture(const struct image *im, const struct image_map *map, const char *release,
		  struct raw_capture **out)
{
	struct raw_capture *c = calloc(1, sizeof(*c));
	int ret = 0;

	if (!c)
		return -ENOMEM;
	for (unsigned int i = 0; i < SRC_COUNT && ret == 0; i++) {
		const struct image_slot *slot = map->to_file[i] >= 0 ? &im->slots[map->to_file[i]] : NULL;
		struct raw_source *s = &c->sources[i];

		if (!slot || !slot->read) {
			s->state = RAW_SKIPPED;
			s->path = source_table[i].path;
			s->reason = "not in this sample of the recording";
			continue;
		}
		ret = get_source((struct slice){ sb_str(&slot->bytes), slot->bytes.len }, &c->arena, s);
		if (!s->path)
			s->path = source_table[i].path;
		s->start_ns = slot->start_ns;
		s->duration_ns = slot->duration_ns;
	}
	if (ret == 0 && release) {
		c->release = arena_strdup(&c->arena, release);
		ret = c->release ? 0 : -ENOMEM;
	}
	if (ret) {
		raw_capture_free(c);
		return ret;
	}
	*out = c;
	return 0;
}

/* ---- a sample ---- */

static int window_log(size_t bytes)
{
	int log = 10;

	while (log < 27 && (size_t)1 << log < bytes)
		log++;
	return log;
}

/* A key is compressed once for hundreds of samples; the others change little, and come each second. */
#define LEVEL_KEY 7
#define LEVEL_CHANGE 1

/* Compress k->plain with k->prefix into @out. */
static int compress(struct image_coder *k, bool key, struct strbuf *out)
{
	const struct recording_libs *l = k->libs;
	size_t bound = l->ZSTD_compressBound(k->plain.len), n;

	if (!k->cctx) {
		k->cctx = l->ZSTD_createCCtx();
		if (!k->cctx)
			return -ENOMEM;
		l->ZSTD_CCtx_setParameter(k->cctx, ZSTD_c_checksumFlag, 1);
	}
	l->ZSTD_CCtx_setParameter(k->cctx, ZSTD_c_compressionLevel, key ? LEVEL_KEY : LEVEL_CHANGE);
	l->ZSTD_CCtx_setParameter(k->cctx, ZSTD_c_windowLog, window_log(k->plain.len + k->prefix.len));
	if (k->prefix.len &&
	    l->ZSTD_isError(l->ZSTD_CCtx_refPrefix(k->cctx, k->prefix.buf, k->prefix.len)))
		return -ENOMEM;
	if (!sb_grow(out, bound))
		return -ENOMEM;
	n = l->ZSTD_compress2(k->cctx, out->buf + out->len, bound, k->plain.buf, k->plain.len);
	if (l->ZSTD_isError(n))
		return -ENOMEM;
	out->len += n;
	out->buf[out->len] = '\0';
	return 0;
}

static bool same_bytes(const struct strbuf *a, const struct strbuf *b)
{
	return a->len == b->len && (a->len == 0 || memcmp(a->buf, b->buf, a->len) == 0);
}

static void swap(struct strbuf *a, struct strbuf *b)
{
	struct strbuf t = *a;

	*a = *b;
	*b = t;
}

/* A key follows nothing. */
static void image_forget(struct image *im)
{
	for (unsigned int i = 0; i < IMAGE_SLOTS; i++)
		im->slots[i].known = im->slots[i].read = false;
}

/* What to say of @s, whose image is in k->frame. False: nothing. */
static bool choose_entry(const struct image_coder *k, const struct image_slot *slot,
			 const struct raw_source *s, bool key, enum entry *entry)
{
	bool same = slot->known && same_bytes(&k->frame, &slot->bytes);

	if (!key && s->state == RAW_SKIPPED) {
		*entry = ENTRY_LEFT_OUT;
		return slot->read && !same;
	}
	*entry = same ? ENTRY_SAME : ENTRY_CHANGED;
	return true;
}

static int encode_source(struct image_coder *k, struct image_slot *slot, int number,
			 const struct raw_source *s, int64_t time_ns, bool key, struct strbuf *out)
{
	enum entry entry;

	sb_reset(&k->frame);
	put_source(&k->frame, s);
	if (k->frame.failed)
		return -ENOMEM;
	if (!choose_entry(k, slot, s, key, &entry))
		return 0;
	put_u64(out, (uint64_t)number << 2 | entry);
	slot->read = entry != ENTRY_LEFT_OUT;
	if (entry == ENTRY_LEFT_OUT)
		return 0;
	put_i64(out, s->start_ns - time_ns);
	put_u64(out, s->duration_ns);
	if (entry == ENTRY_SAME)
		return 0;
	put_u64(out, k->frame.len);
	if (slot->known)
		sb_add(&k->prefix, slot->bytes.buf, slot->bytes.len);
	sb_add(&k->plain, k->frame.buf, k->frame.len);
	swap(&slot->bytes, &k->frame);
	slot->known = true;
	return 0;
}

/* No source has this number: the head ends. */
#define HEAD_END (UINT64_C(255) << 2)

int image_encode(struct image_coder *k, struct image *im, const struct image_map *map,
		 const struct raw_capture *c, int64_t time_ns, bool key, uint64_t inherited,
		 struct strbuf *out, uint64_t *plain_bytes)
{
	int ret = 0;

	sb_reset(out);
	sb_reset(&k->prefix);
	sb_reset(&k->plain);
	if (key)
		image_forget(im);
	put_u64(out, SAMPLE_VERSION);
	for (unsigned int i = 0; i < SRC_COUNT && ret == 0; i++) {
		int number = map->to_file[i];

		if (number >= 0 && (key || !(inherited & SRC_BIT(i))))
			ret = encode_source(k, &im->slots[number], number, &c->sources[i], time_ns, key, out);
	}
	put_u64(out, HEAD_END);
	if (ret || out->failed || k->prefix.failed || k->plain.failed)
		return -ENOMEM;
	*plain_bytes = k->plain.len;
	return k->plain.len ? compress(k, key, out) : 0;
}

/* An image in the frame. */
struct pending {
	struct image_slot *slot;
	size_t len;
};

static int decompress(struct image_coder *k, struct slice frame, size_t len)
{
	const struct recording_libs *l = k->libs;
	size_t n;

	if (!k->dctx)
		k->dctx = l->ZSTD_createDCtx();
	if (!k->dctx)
		return -ENOMEM;
	if (l->ZSTD_getFrameContentSize(frame.p, frame.len) != len)
		return -EBADMSG;
	sb_reset(&k->plain);
	if (!sb_grow(&k->plain, len + 1))
		return -ENOMEM;
	if (k->prefix.len &&
	    l->ZSTD_isError(l->ZSTD_DCtx_refPrefix(k->dctx, k->prefix.buf, k->prefix.len)))
		return -ENOMEM;
	n = l->ZSTD_decompressDCtx(k->dctx, k->plain.buf, len, frame.p, frame.len);
	if (l->ZSTD_isError(n) || n != len)
		return -EBADMSG;
	k->plain.len = len;
	return 0;
}

/* One entry of the head. 1 at its end, 0 to go on, or negative errno. */
static int decode_entry(struct image_coder *k, struct image *im, struct bytes_in *in, int64_t time_ns,
			struct pending *p)
{
	uint64_t word = get_u64(in), number = word >> 2, entry = word & 3;
	struct image_slot *slot;
	int64_t offset;

	p->slot = NULL;
	p->len = 0;
	if (in->bad)
		return -EBADMSG;
	if (word == HEAD_END)
		return 1;
	if (number >= IMAGE_SLOTS || entry > ENTRY_LEFT_OUT)
		return -EBADMSG;
	slot = &im->slots[number];
	slot->read = entry != ENTRY_LEFT_OUT;
	if (entry == ENTRY_LEFT_OUT)
		return 0;
	offset = get_i64(in);
	slot->duration_ns = get_u64(in);
	if (entry == ENTRY_CHANGED)
		p->len = get_len(in);
	if (in->bad || (entry == ENTRY_SAME && !slot->known) ||
	    __builtin_add_overflow(time_ns, offset, &slot->start_ns))
		return -EBADMSG;
	if (entry == ENTRY_SAME)
		return 0;
	p->slot = slot;
	if (slot->known)
		sb_add(&k->prefix, slot->bytes.buf, slot->bytes.len);
	return 0;
}

int image_decode(struct image_coder *k, struct image *im, struct slice blob, int64_t time_ns, bool key)
{
	struct bytes_in in = { .rest = blob };
	struct pending pending[IMAGE_SLOTS];
	size_t n = 0, total = 0, at = 0;
	int ret = 0;

	if (key)
		image_forget(im);
	sb_reset(&k->prefix);
	if (get_u64(&in) != SAMPLE_VERSION)
		return -EBADMSG;
	while (ret == 0) {
		struct pending p;

		ret = decode_entry(k, im, &in, time_ns, &p);
		if (ret || !p.slot)
			continue;
		if (n == IMAGE_SLOTS || (total += p.len) > IMAGE_MAX || k->prefix.len > IMAGE_MAX)
			return -EBADMSG;
		pending[n++] = p;
	}
	if (ret < 0)
		return ret;
	if (k->prefix.failed)
		return -ENOMEM;
	ret = n && total ? decompress(k, in.rest, total) : 0;
	for (size_t i = 0; i < n && ret == 0; i++) {
		struct image_slot *slot = pending[i].slot;

		sb_reset(&slot->bytes);
		sb_add(&slot->bytes, sb_str(&k->plain) + at, pending[i].len);
		at += pending[i].len;
		slot->known = true;
		ret = slot->bytes.failed ? -ENOMEM : 0;
	}
	return ret;
}

#else
typedef int recording_image_not_built;
#endif
