// SPDX-License-Identifier: GPL-2.0-or-later
/* memtool: which kernel memory allocation would fail now, and why. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/outfile.h"
#include "cmd/cmd.h"
#include "cmd/commands.h"

static const struct cmd *const commands[] = {
#define CMD(name) &cmd_##name,
	COMMANDS(CMD)
#undef CMD
	NULL,
};

static const struct cmd *find_command(const char *name)
{
	for (const struct cmd *const *c = commands; *c; c++) {
		if (strcmp((*c)->name, name) == 0)
			return *c;
	}
	return NULL;
}

/* A full disk behind standard output is an error; a closed pipe is not worth a word. */
static int close_stdout(int status)
{
	int err = -stream_flush(stdout);

	if (fclose(stdout) && !err)
		err = errno;
	/* A command that could not do it has said why, and that may be this very error. */
	if (!err || err == EPIPE || status == EXIT_CANNOT || status == EXIT_USAGE)
		return status;
	return cmd_error(EXIT_CANNOT, "standard output: %s", strerror(err));
}

static const struct cmd_option *find_global(const char *name, size_t length)
{
	const struct cmd_option *o = cmd_global_options;

	for (; o->name; o++) {
		if (strncmp(o->name, name, length) == 0 && o->name[length] == '\0')
			return o;
	}
	return NULL;
}

static const struct cmd_option *find_global_letter(char letter)
{
	const struct cmd_option *o = cmd_global_options;

	for (; o->name; o++) {
		if (o->id == letter)
			return o;
	}
	return NULL;
}

/*
 * Words that the option @word and its argument take: 1 or 2. Unknown options
 * before the command's name are left for the command's own parser, which may
 * know them.
 */
static int option_words(const char *word)
{
	const struct cmd_option *o;

	if (word[1] == '-') {
		o = find_global(word + 2, strlen(word + 2));
		return o && o->arg ? 2 : 1;
	}
	for (const char *c = word + 1; *c; c++) {
		o = find_global_letter(*c);
		if (o && o->arg)
			return c[1] ? 1 : 2;
	}
	return 1;
}

/* Where the command's name stands: global options may precede it. */
static int find_command_word(int argc, char **argv)
{
	int i = 1;

	while (i < argc && argv[i][0] == '-' && argv[i][1]) {
		if (strcmp(argv[i], "--") == 0)
			return i + 1;
		i += option_words(argv[i]);
	}
	return i < argc ? i : argc;
}

/* A line without a command: help, version, or a mistake. */
static int run_without_command(int argc, char **argv)
{
	for (int i = 1; i < argc; i += option_words(argv[i])) {
		const char *equals = strchr(argv[i], '=');

		if (strcmp(argv[i], "-V") == 0 || strcmp(argv[i], "--version") == 0) {
			cmd_print_version(stdout);
			return EXIT_DONE;
		}
		if (strcmp(argv[i], "-h") == 0 || strcmp(argv[i], "--help") == 0) {
			cmd_print_program_help(stdout, commands);
			return EXIT_DONE;
		}
		if (strncmp(argv[i], "--", 2) == 0 && argv[i][2] &&
		    !find_global(argv[i] + 2, equals ? (size_t)(equals - argv[i] - 2)
						     : strlen(argv[i] + 2)))
			return cmd_error(EXIT_USAGE, "unknown option '%s' (see " MEMTOOL_NAME " --help)",
					 argv[i]);
		if (argv[i][1] != '-' && !find_global_letter(argv[i][1]))
			return cmd_error(EXIT_USAGE, "unknown option '-%c' (see " MEMTOOL_NAME " --help)",
					 argv[i][1]);
	}
	return cmd_error(EXIT_USAGE, "no command given (see " MEMTOOL_NAME " --help)");
}

static int run_help(char **words)
{
	const char *name = words[0];
	const struct cmd *cmd = name ? find_command(name) : NULL;

	if (name && !cmd)
		return cmd_error(EXIT_USAGE, "unknown command '%s' (see " MEMTOOL_NAME " --help)", name);
	if (name && words[1])
		return cmd_error(EXIT_USAGE, "help takes one command, not also '%s' (see " MEMTOOL_NAME " --help)",
				 words[1]);
	if (cmd)
		cmd_print_help(stdout, cmd);
	else
		cmd_print_program_help(stdout, commands);
	return EXIT_DONE;
}

static int run(const struct cmd *cmd, int argc, char **argv, int word)
{
	struct global_opts global = { 0 };
	struct cmd_line line = { .cmd = cmd, .global = &global };
	int status;

	/* The command's name leaves the line, so that options may stand on both sides of it. */
	memmove(argv + word, argv + word + 1, (size_t)(argc - word) * sizeof(*argv));
	line.argc = argc - 1;
	line.argv = argv;
	status = cmd->run(&line);
	free(line.longopts);
	free(line.shortopts);
	return status == EXIT_NO_READER ? EXIT_DONE : status;
}

/*
 * A standard stream that is closed is opened the wrong way round, so that to use
 * it fails, and so that no file that is opened later takes its place.
 */
static void fill_standard_descriptors(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF)
			open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
	}
}

int main(int argc, char **argv)
{
	int word = find_command_word(argc, argv);
	const struct cmd *cmd;

	fill_standard_descriptors();
	signal(SIGPIPE, SIG_IGN);
	if (argc > 1 && strcmp(argv[1], "--list-options") == 0) {
		cmd_list_options(stdout, commands);
		return close_stdout(EXIT_DONE);
	}
	if (word >= argc)
		return close_stdout(run_without_command(argc, argv));
	if (strcmp(argv[word], "help") == 0)
		return close_stdout(run_help(argv + word + 1));
	cmd = find_command(argv[word]);
	if (!cmd)
		return cmd_error(EXIT_USAGE, "unknown command '%s' (see " MEMTOOL_NAME " --help)",
				 argv[word]);
	return close_stdout(run(cmd, argc, argv, word));
}
