// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * usage: reader SAMPLES INTERVAL_MS FILE...
 *
 * Reads the files into memory at an interval and does nothing with them: what
 * any recorder must pay. Prints the processor time in microseconds a sample.
 */
#include <fcntl.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "base/num.h"

static char buffer[4 << 20];

static void read_all(char **files)
{
	for (; *files; files++) {
		int fd = open(*files, O_RDONLY | O_CLOEXEC);

		while (fd >= 0 && read(fd, buffer, sizeof(buffer)) > 0)
			;
		if (fd >= 0)
			close(fd);
	}
}

int main(int argc, char **argv)
{
	struct timespec next, cpu;
	int samples, ms;

	if (argc < 4 || num_int(argv[1], 1, 1000000, &samples) || num_int(argv[2], 1, 100000, &ms))
		return 2;
	clock_gettime(CLOCK_MONOTONIC, &next);
	for (int i = 0; i < samples; i++) {
		read_all(argv + 3);
		next.tv_nsec += (long)ms % 1000 * 1000000;
		next.tv_sec += ms / 1000 + next.tv_nsec / 1000000000;
		next.tv_nsec %= 1000000000;
		clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &next, NULL);
	}
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &cpu);
	printf("%.0f\n", ((double)cpu.tv_sec * 1e6 + (double)cpu.tv_nsec / 1e3) / samples);
	return 0;
}
