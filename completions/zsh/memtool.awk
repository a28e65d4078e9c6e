# SPDX-License-Identifier: GPL-2.0-or-later
# Writes the zsh completion from `memtool --list-options`.
BEGIN {
	FS = "\t"
	fn = "_" program
}
# Text inside single quotes, and where _arguments gives brackets and colons a meaning.
function quoted(text) {
	gsub(/\\/, "\\\\", text)
	gsub(/[\[\]:]/, "\\\\&", text)
	gsub(/'/, "'\\''", text)
	return text
}
function action(arg, values) {
	if (values == "FILE")
		return "_files"
	if (values == "DIR")
		return "_files -/"
	if (values == "")
		return " "
	gsub(/\|/, " ", values)
	return arg == "LIST" ? "_values -s , " quoted(arg) " " values : "(" quoted(values) ")"
}
$2 == "" {
	commands = commands sprintf("\t\t'%s:%s'\n", $1, quoted($6))
	order[++n] = $1
	if ($5 != "")
		rest[$1] = "'*:" quoted($4) ":" action("", $5) "'"
	next
}
{
	long = $2 ($4 == "" ? "" : "=")
	names = $3 == "" ? long : "'{" $3 "," long "}'"
	# -v may be repeated; the others exclude themselves.
	exclude = $2 == "--verbose" ? "*" : ($3 == "" ? "" : "(" $3 " " $2 ")")
	tail = $4 == "" ? "" : ":" quoted($4) ":" action($4, $5)
	options[$1] = options[$1] sprintf("\t\t'%s%s[%s]%s'\n", exclude, names, quoted($6), tail)
}
END {
	printf "#compdef %s\n# zsh completion for %s; made from its option tables.\n\n", program, program
	printf "%s() {\n\tlocal curcontext=$curcontext state line\n\tlocal -a commands global\n", fn
	commands = commands "\t\t'help:print the help of a command'\n"
	printf "\tcommands=(\n%s\t)\n\tglobal=(\n%s\t)\n", commands, options[""]
	print "\t_arguments -C -S $global '1:command:->command' '*::argument:->argument' && return"
	print "\tcase $state in"
	print "\tcommand) _describe -t commands command commands ;;"
	print "\targument)"
	print "\t\tcase $line[1] in"
	for (i = 1; i <= n; i++) {
		own = options[order[i]]
		gsub(/\n$/, "", own)
		gsub(/\n/, " \\\n\t", own)
		gsub(/^\t\t/, "", own)
		printf "\t\t%s)\n\t\t\t_arguments -S $global%s%s\n\t\t\t;;\n", order[i],
			own == "" ? "" : " \\\n\t\t\t" own, rest[order[i]] == "" ? "" : " \\\n\t\t\t" rest[order[i]]
	}
	print "\t\thelp) _describe -t commands command commands ;;"
	print "\t\tesac"
	print "\t\t;;"
	print "\tesac"
	printf "}\n\n%s \"$@\"\n", fn
}
