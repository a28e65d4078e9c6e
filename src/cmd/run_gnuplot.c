// SPDX-License-Identifier: GPL-2.0-or-later
/* Running gnuplot: script on its standard input, picture from its standard output. */
#include "cmd/run_gnuplot.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

bool gnuplot_is_there(void)
{
	const char *path = getenv("PATH");

	for (; path && *path; path += strcspn(path, ":"), path += *path == ':') {
		char file[4096];
		int n = snprintf(file, sizeof(file), "%.*s/gnuplot", (int)strcspn(path, ":"), path);

		if (n > 0 && (size_t)n < sizeof(file) && access(file, X_OK) == 0)
			return true;
	}
	return false;
}

static int spawn(FILE *script, int picture, FILE *said, pid_t *pid)
{
	/* "-" reads standard input; no ~/.gnuplot of whoever runs this. */
	char name[] = "gnuplot", option[] = "-d", dash[] = "-";
	char *argv[] = { name, option, dash, NULL };
	posix_spawn_file_actions_t fa;
	int err = posix_spawn_file_actions_init(&fa);

	if (err)
		return -err;
	err = posix_spawn_file_actions_adddup2(&fa, fileno(script), STDIN_FILENO);
	if (!err)
		err = posix_spawn_file_actions_adddup2(&fa, picture, STDOUT_FILENO);
	if (!err)
		err = posix_spawn_file_actions_adddup2(&fa, fileno(said), STDERR_FILENO);
	if (!err)
		err = posix_spawnp(pid, "gnuplot", &fa, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&fa);
	return -err;
}

/* gnuplot's status 0 says nothing of the disk: what it draws is written here, where errors are seen. */
static int copy(int picture, FILE *out)
{
	char buf[16384];
	ssize_t n;

	while ((n = read(picture, buf, sizeof(buf))) != 0) {
		if (n < 0 && errno != EINTR)
			return -errno;
		/* After an error @out keeps its mark; the rest is read so that gnuplot can end. */
		if (n > 0 && !ferror(out))
			fwrite(buf, 1, (size_t)n, out);
	}
	return 0;
}

static int run_on(FILE *f, struct slice script, FILE *out, FILE *said)
{
	int status, ret, ends[2];
	pid_t pid;

	if (fwrite(script.p, 1, script.len, f) != script.len || fflush(f) || fseek(f, 0, SEEK_SET))
		return -EIO;
	if (pipe2(ends, O_CLOEXEC))
		return -errno;
	ret = spawn(f, ends[1], said, &pid);
	close(ends[1]);
	if (ret) {
		close(ends[0]);
		return ret;
	}
	ret = copy(ends[0], out);
	close(ends[0]);
	while (waitpid(pid, &status, 0) < 0) {
		if (errno != EINTR)
			return -errno;
	}
	if (ret)
		return ret;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -EIO;
}

/* The first line with an error in it: gnuplot shows the command before. */
static void take_error(FILE *said, struct strbuf *why)
{
	char line[300];

	rewind(said);
	while (fgets(line, sizeof(line), said)) {
		struct slice text = slice_trim(slice_of(line));

		if (text.len == 0 || strstr(line, "warning:") || slice_starts(text, "gnuplot>") ||
		    slice_starts(text, "multiplot>") || *text.p == '^')
			continue;
		sb_add(why, text.p, text.len);
		return;
	}
}

int gnuplot_run(struct slice script, FILE *out, struct strbuf *why)
{
	auto_fclose FILE *f = tmpfile(), *said = tmpfile();
	int ret;

	if (!f || !said)
		return -errno;
	ret = run_on(f, script, out, said);
	if (ret == -EIO && why)
		take_error(said, why);
	return ret;
}
