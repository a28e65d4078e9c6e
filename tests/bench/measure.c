// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Runs commands in turn, round after round, and prints what each took: the
 * rounds are interleaved so that a busy machine is busy for all of them, and
 * ratios hold where times do not.
 *
 *	measure ROUNDS NAME COMMAND... [\; NAME COMMAND...]...
 *
 * Standard output of the commands goes to /dev/null. One line a command, tab
 * separated: name, median and fastest wall time in microseconds, median
 * processor time in microseconds, largest resident set in KiB.
 */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

#define MAX_COMMANDS 16

extern char **environ;

struct command {
	const char *name;
	char **argv;
	uint64_t *wall, *cpu;
	long rss_kb;
};

static uint64_t now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

static uint64_t us(struct timeval t)
{
	return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_usec;
}

static int run(struct command *c, size_t round)
{
	posix_spawn_file_actions_t actions;
	uint64_t start;
	struct rusage u;
	int status, err;
	pid_t pid;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
	start = now_us();
	err = posix_spawnp(&pid, c->argv[0], &actions, NULL, c->argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	if (err) {
		fprintf(stderr, "measure: %s: %s\n", c->argv[0], strerror(err));
		return -1;
	}
	if (wait4(pid, &status, 0, &u) < 0)
		return -1;
	c->wall[round] = now_us() - start;
	c->cpu[round] = us(u.ru_utime) + us(u.ru_stime);
	if (u.ru_maxrss > c->rss_kb)
		c->rss_kb = u.ru_maxrss;
	if (!WIFEXITED(status) || WEXITSTATUS(status)) {
		fprintf(stderr, "measure: %s: ended with status %#x\n", c->name, (unsigned int)status);
		return -1;
	}
	return 0;
}

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static uint64_t median(uint64_t *v, size_t n)
{
	qsort(v, n, sizeof(*v), compare);
	return v[n / 2];
}

int main(int argc, char **argv)
{
	struct command commands[MAX_COMMANDS];
	size_t n = 0, rounds = argc > 1 ? (size_t)strtoul(argv[1], NULL, 10) : 0;

	for (int i = 2; i + 1 < argc && n < MAX_COMMANDS; n++) {
		commands[n] = (struct command){ .name = argv[i], .argv = &argv[i + 1],
						.wall = calloc(rounds + 1, sizeof(uint64_t)),
						.cpu = calloc(rounds + 1, sizeof(uint64_t)) };
		if (!commands[n].wall || !commands[n].cpu)
			return 1;
		for (i++; i < argc && strcmp(argv[i], ";") != 0; i++)
			;
		if (i < argc)
			argv[i++] = NULL;
	}
	if (!rounds || !n) {
		fputs("usage: measure ROUNDS NAME COMMAND... [\\; NAME COMMAND...]...\n", stderr);
		return 2;
	}
	/* One round more, for the caches; it is overwritten. */
	for (size_t round = 0; round <= rounds; round++) {
		for (size_t i = 0; i < n; i++) {
			if (run(&commands[i], round ? round - 1 : 0))
				return 1;
		}
	}
	for (size_t i = 0; i < n; i++) {
		uint64_t wall = median(commands[i].wall, rounds);

		printf("%s\t%llu\t%llu\t%llu\t%ld\n", commands[i].name, (unsigned long long)wall,
		       (unsigned long long)commands[i].wall[0],
		       (unsigned long long)median(commands[i].cpu, rounds), commands[i].rss_kb);
	}
	return 0;
}
