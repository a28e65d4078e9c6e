// SPDX-License-Identifier: GPL-2.0-or-later
/* Runs a fuzz target on the files named on the command line; each is a line of TAP. */
#include <sys/stat.h>

#include "base/cleanup.h"
#include "fuzz.h"

static int replay(const char *path)
{
	auto_fclose FILE *f = fopen(path, "rb");
	auto_free uint8_t *data = NULL;
	struct stat st;

	if (!f || fstat(fileno(f), &st) != 0)
		return -1;
	data = malloc((size_t)st.st_size + 1);
	if (!data || fread(data, 1, (size_t)st.st_size, f) != (size_t)st.st_size)
		return -1;
	LLVMFuzzerTestOneInput(data, (size_t)st.st_size);
	return 0;
}

int main(int argc, char **argv)
{
	int failed = 0;

	for (int i = 1; i < argc; i++) {
		const char *not_ok = replay(argv[i]) == 0 ? "" : "not ";

		failed += *not_ok != '\0';
		printf("%sok %d - %s\n", not_ok, i, argv[i]);
		fflush(stdout); /* the next one may abort */
	}
	return failed ? 1 : 0;
}
