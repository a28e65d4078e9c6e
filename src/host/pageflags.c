// SPDX-License-Identifier: GPL-2.0-or-later
/* Words of /proc/kpageflags. */
#include "host/pageflags.h"

#include <errno.h>
#include <limits.h>
#include <unistd.h>

int pageflags_open(const struct root *root, const char **why)
{
	return root_open_file(root, "proc/kpageflags", why);
}

int64_t pageflags_read(int fd, uint64_t pfn, uint64_t *words, size_t n)
{
	size_t want = n * sizeof(*words), got = 0;

	if (pfn > (uint64_t)INT64_MAX / sizeof(*words) - n)
		return 0;
	while (got < want) {
		ssize_t r = pread(fd, (char *)words + got, want - got,
				  (off_t)(pfn * sizeof(*words) + got));

		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0)
			return -errno;
		if (r == 0)
			break;
		got += (size_t)r;
	}
	return (int64_t)(got / sizeof(*words));
}
