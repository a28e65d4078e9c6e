// SPDX-License-Identifier: GPL-2.0-or-later
/* memtool provoke: make, show and release states of fragmentation through memtool.ko. */
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/num.h"
#include "cmd/cmd.h"
#include "base/jsonw.h"
#include "cmd/demo.h"
#include "cmd/output.h"
#include "host/module.h"
#include "module/interface.h"

enum {
	OPT_YES = CMD_OPT(0),
	OPT_DEMO,
};

static const struct cmd_option options[] = {
	{ 'y', "yes", NULL, "do not ask before changing the state of this host", NULL },
	{ OPT_DEMO, "demo", NULL, "guided tour of the allocation APIs, each with where it shows in /proc", NULL },
	{ 0, NULL, NULL, NULL, NULL },
};

static bool has_module_on_command_line(void)
{
	char buf[4096];
	auto_fclose FILE *f = fopen("/proc/cmdline", "re");

	return f && fgets(buf, sizeof(buf), f) && strstr(buf, "memtool.test_machine");
}

/* A state takes memory from everybody: asked for on a terminal, refused without one. */
static int confirm(const struct cmd_line *line, bool yes, const char *what)
{
	char answer[16];

	if (yes || has_module_on_command_line())
		return 0;
	if (!isatty(STDIN_FILENO))
		return cmd_error(EXIT_CANNOT, "%s takes memory from everything on this host (say --yes)", what);
	fprintf(stderr, "memtool: %s takes memory from everything on this host. Go on? [y/N] ", what);
	if (!fgets(answer, sizeof(answer), stdin) || strncasecmp(answer, "y", 1) != 0)
		return cmd_error(EXIT_CANNOT, "nothing done");
	(void)line;
	return 0;
}

/* One state a line, as the module prints it; JSON: an array of objects of the same words. */
static void print_words(FILE *f, struct slice text, bool json, const char *name)
{
	struct slice line, word;
	struct jsonw jw;

	if (!json) {
		fwrite(text.p, 1, text.len, f);
		return;
	}
	jw_init(&jw, f, true);
	jw_object(&jw, NULL);
	jw_str(&jw, "schema", "memtool.provoke/1");
	jw_array(&jw, name);
	while (slice_line(&text, &line, NULL)) {
		jw_object_inline(&jw, NULL);
		while (slice_word(&line, &word)) {
			const char *eq = memchr(word.p, '=', word.len);
			char key[64];
			int64_t v;
			struct slice value;

			if (!eq || (size_t)(eq - word.p) >= sizeof(key))
				continue;
			memcpy(key, word.p, (size_t)(eq - word.p));
			key[eq - word.p] = '\0';
			value = (struct slice){ eq + 1, word.len - (size_t)(eq + 1 - word.p) };
			if (num_i64(value.p, value.len, &v) == 0)
				jw_i64(&jw, key, v);
			else
				jw_slice(&jw, key, value);
		}
		jw_end_object(&jw);
	}
	jw_end_array(&jw);
	jw_end_object(&jw);
	jw_finish(&jw);
}

static int show(struct cmd_line *line, const struct module *m, const char *file, const char *name)
{
	auto_strbuf struct strbuf text = STRBUF_INIT;
	int r = module_read(m, file, &text), status;
	struct outfile out;

	if (r)
		return cmd_error(EXIT_CANNOT, "memtool.ko: %s: %s", file, strerror(-r));
	status = cmd_output_open(line, &out);
	if (status)
		return status;
	print_words(out.f, (struct slice){ sb_str(&text), text.len }, line->global->json, name);
	return cmd_output_close(line, &out, EXIT_DONE);
}

static int tell(const struct module *m, const char *request)
{
	auto_close int fd = module_file(m, MEMTOOL_FILE_PROVOKE);
	auto_strbuf struct strbuf answer = STRBUF_INIT;
	struct slice reason = { "", 0 };
	int r = fd < 0 ? fd : module_ask(fd, request, &answer);

	if (!r)
		return EXIT_DONE;
	if (!module_field((struct slice){ sb_str(&answer), answer.len }, "reason", &reason))
		reason = slice_trim((struct slice){ sb_str(&answer), answer.len });
	return cmd_error(EXIT_CANNOT, "%s: %s%s%.*s", request, strerror(-r), reason.len ? ": " : "",
			 (int)reason.len, reason.p);
}

enum verb { LIST, STATUS, SET, RELEASE, VERBS };

/* How many words may follow the verb: a state's keys are for the module to judge. */
static const struct {
	const char *name;
	int max_args;
} verbs[VERBS] = { { "list", 0 }, { "status", 0 }, { "set", INT_MAX }, { "release", 1 } };

/* "set STATE [KEY=VALUE]...": the module checks the words and says what is wrong. */
static int compose_set(const struct cmd_line *line, struct strbuf *request)
{
	if (line->n_args < 2)
		return cmd_usage(line, "set needs a state (memtool provoke list)");
	sb_printf(request, "state=%s", line->args[1]);
	for (int i = 2; i < line->n_args; i++)
		sb_printf(request, " %s", line->args[i]);
	if (request->failed || request->len > MEMTOOL_LINE_MAX)
		return cmd_usage(line, "the request is longer than %d bytes", MEMTOOL_LINE_MAX);
	return 0;
}

static int compose_release(const struct cmd_line *line, struct strbuf *request)
{
	uint64_t id;

	sb_addstr(request, "release");
	if (line->n_args > 1) {
		const char *word = line->args[1];

		if (strncmp(word, "id=", 3) == 0)
			word += 3;
		if (num_u64(word, strlen(word), &id))
			return cmd_usage(line, "'%s' is no id (memtool provoke status)", line->args[1]);
		sb_printf(request, " id=%llu", (unsigned long long)id);
	}
	return 0;
}

/* What the words ask for, before there need be a module. 0, or EXIT_USAGE. */
static int compose(const struct cmd_line *line, enum verb *verb, struct strbuf *request)
{
	const char *word = line->n_args ? line->args[0] : "status";

	*verb = LIST;
	while (*verb < VERBS && strcmp(word, verbs[*verb].name) != 0)
		++*verb;
	if (*verb == VERBS)
		return cmd_usage(line, "unknown verb '%s'", word);
	if (line->n_args - 1 > verbs[*verb].max_args)
		return cmd_usage(line, "unexpected argument '%s'", line->args[1 + verbs[*verb].max_args]);
	if (*verb == SET)
		return compose_set(line, request);
	return *verb == RELEASE ? compose_release(line, request) : 0;
}

static int act(struct cmd_line *line, const struct module *m, enum verb verb, const char *request, bool yes)
{
	int status;

	switch (verb) {
	case LIST:
		return show(line, m, MEMTOOL_FILE_STATES, "states");
	case SET:
		status = confirm(line, yes, line->args[1]);
		if (!status)
			status = tell(m, request);
		if (!status && !line->global->quiet)
			status = show(line, m, MEMTOOL_FILE_PROVOKE, "active");
		return status;
	case RELEASE:
		return tell(m, request);
	default:
		return show(line, m, MEMTOOL_FILE_PROVOKE, "active");
	}
}

static int run(struct cmd_line *line)
{
	auto_strbuf struct strbuf request = STRBUF_INIT;
	bool yes = false, demo = false;
	enum verb verb = STATUS;
	const char *why = "";
	struct module m;
	int opt, status;

	while ((opt = cmd_next_option(line)) >= 0) {
		if (opt == 'y')
			yes = true;
		else if (opt == OPT_DEMO)
			demo = true;
	}
	if (opt == CMD_STOP)
		return line->status;
	if (line->global->sysroot || line->global->from)
		return cmd_usage(line, "provoke acts on the running kernel: --sysroot and --from have no meaning");
	if (demo && line->n_args)
		return cmd_usage(line, "--demo takes no argument, not '%s'", line->args[0]);
	status = compose(line, &verb, &request);
	if (status)
		return status;
	if (module_open(&m, &why))
		return cmd_error(EXIT_CANNOT, "memtool.ko: %s", why);
	status = demo ? demo_tour(line, &m) : act(line, &m, verb, sb_str(&request), yes);
	module_close(&m);
	return status;
}

const struct cmd cmd_provoke = {
	.name = "provoke",
	.summary = "make a state of fragmentation through the companion module",
	.args = "[VERB [ARGUMENT]...]",
	.arg_values = "list|set|status|release",
	.description =
		"Drives memtool.ko: list names the states that it can make, with their keys; set STATE\n"
		"KEY=VALUE ... makes one; status, what is done without a verb, says what is held; release ID\n"
		"lets go of one, release of all. States are bounded and end by themselves (deadline=).\n"
		"Needs root and the module; see memtool-module(7).",
	.options = options,
	.run = run,
};
