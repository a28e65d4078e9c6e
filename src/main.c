// SPDX-License-Identifier: GPL-2.0-or-later
/* memtool: which kernel memory allocation would fail now, and why. */
#include <errno.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

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
	int err = 0;

	errno = 0;
	if (fflush(stdout) || ferror(stdout))
		err = errno ? errno : EIO;
	if (fclose(stdout) && !err)
		err = errno;
	if (err && err != EPIPE && err != EBADF)
		return cmd_error(EXIT_CANNOT, "standard output: %s", strerror(err));
	return err == EPIPE ? status : (err ? EXIT_CANNOT : status);
}

/* Where the command's name stands: global options, some with an argument, may precede it. */
static int find_command_word(int argc, char **argv)
{
	int i = 1;

	for (; i < argc && argv[i][0] == '-' && argv[i][1]; i++) {
		const struct cmd_option *o = cmd_global_options;
		const char *word = argv[i];

		if (strcmp(word, "--") == 0)
			return i + 1;
		for (; o->name; o++) {
			if (!o->arg)
				continue;
			if (strncmp(word, "--", 2) == 0 ? strcmp(word + 2, o->name) == 0
							: word[strlen(word) - 1] == o->id)
				break;
		}
		if (o->name)
			i++;
	}
	return i;
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
	return status;
}

int main(int argc, char **argv)
{
	int word = find_command_word(argc, argv);
	const struct cmd *cmd;

	setlocale(LC_CTYPE, "");
	signal(SIGPIPE, SIG_IGN);
	if (argc > 1 && strcmp(argv[1], "--list-options") == 0) {
		cmd_list_options(stdout, commands);
		return close_stdout(EXIT_DONE);
	}
	if (word >= argc) {
		for (int i = 1; i < argc; i++) {
			if (strcmp(argv[i], "-V") == 0 || strcmp(argv[i], "--version") == 0) {
				puts("memtool " MEMTOOL_VERSION);
				return close_stdout(EXIT_DONE);
			}
			if (strcmp(argv[i], "-h") == 0 || strcmp(argv[i], "--help") == 0) {
				cmd_print_program_help(stdout, commands);
				return close_stdout(EXIT_DONE);
			}
		}
		return cmd_error(EXIT_USAGE, "no command given (see memtool --help)");
	}
	if (strcmp(argv[word], "help") == 0) {
		cmd = word + 1 < argc ? find_command(argv[word + 1]) : NULL;
		if (cmd)
			cmd_print_help(stdout, cmd);
		else
			cmd_print_program_help(stdout, commands);
		return close_stdout(EXIT_DONE);
	}
	cmd = find_command(argv[word]);
	if (!cmd)
		return cmd_error(EXIT_USAGE, "unknown command '%s' (see memtool --help)", argv[word]);
	return close_stdout(run(cmd, argc, argv, word));
}
