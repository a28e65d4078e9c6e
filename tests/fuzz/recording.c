// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A sample of a recording. After a first byte of 0 the input is a sample as it
 * stands in the file, after another byte the image of one source, which is
 * then compressed as a sample holds it: mutations of a compressed frame hardly
 * ever get past its checks.
 */
#include "fuzz.h"

#if WITH_SQLITE
#include "snap/recording_image.h"
#include "snap/take.h"

/* A sample's head: version, one source that changed, its image's length, the end. */
#define SAMPLE_VERSION 1
#define ENTRY_CHANGED  1
#define HEAD_END       "\xfc\x07"

static void put_number(struct strbuf *sb, uint64_t v)
{
	for (; v >= 0x80; v >>= 7)
		sb_addch(sb, (char)(v | 0x80));
	sb_addch(sb, (char)v);
}

static void wrap(struct image_coder *k, struct slice image, unsigned int source, struct strbuf *out)
{
	const struct recording_libs *l = k->libs;
	size_t bound = l->ZSTD_compressBound(image.len), n;

	put_number(out, SAMPLE_VERSION);
	put_number(out, source % SRC_COUNT << 2 | ENTRY_CHANGED);
	put_number(out, 0); /* when it was read, and how long that took */
	put_number(out, 0);
	put_number(out, image.len);
	sb_addstr(out, HEAD_END);
	if (!k->cctx)
		k->cctx = l->ZSTD_createCCtx();
	HOLDS(k->cctx && sb_grow(out, bound));
	n = l->ZSTD_compress2(k->cctx, out->buf + out->len, bound, image.p, image.len);
	HOLDS(!l->ZSTD_isError(n));
	out->len += n;
}

static void use(const struct image *im)
{
	struct raw_capture *c = NULL;
	struct snapshot *s = NULL;
	struct image_map map;
	char *why = NULL;
	int r;

	for (int i = 0; i < SRC_COUNT; i++)
		map.to_file[i] = i;
	r = image_capture(im, &map, "6.1.0", &c);
	HOLDS(r == 0 || r == -EBADMSG);
	if (r)
		return;
	r = snapshot_from_raw(c, NULL, &s, &why);
	HOLDS(r == 0 || r == -ENODATA);
	raw_capture_free(c);
	free(why);
	snapshot_free(s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct recording_libs libs;
	struct image_coder k = { .libs = &libs };
	struct strbuf sample = STRBUF_INIT;
	static struct image im;
	struct slice text;

	if (size < 2 || (!libs.zstd_handle && recording_libs_open(&libs, &(char *){ NULL }) != 0))
		return 0;
	text = fuzz_text(data + 1, size - 1);
	if (data[0])
		wrap(&k, text, data[0], &sample);
	else
		sb_add(&sample, text.p, text.len);
	fuzz_free(text);
	/* As the first of its group, and as the successor of itself. */
	for (int key = 1; key >= 0; key--) {
		int r = image_decode(&k, &im, (struct slice){ sample.buf, sample.len }, 0, key);

		HOLDS(r == 0 || r == -EBADMSG);
		if (r)
			break;
		use(&im);
	}
	image_done(&im);
	memset(&im, 0, sizeof(im));
	sb_done(&sample);
	image_coder_done(&k);
	return 0;
}

#else
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	(void)data;
	(void)size;
	return 0;
}
#endif
