# SPDX-License-Identifier: GPL-2.0-or-later
# Writes the fish completion from `memtool --list-options`.
BEGIN {
	FS = "\t"
	fn = "__" program "_command"
	gsub(/[^A-Za-z0-9_]/, "_", fn)
	out = ""
}
function quoted(text) {
	gsub(/\\/, "\\\\", text)
	gsub(/'/, "\\'", text)
	return "'" text "'"
}
function values_of(arg, values) {
	if (values == "FILE")
		return " -r -F"
	if (values == "DIR")
		return " -x -a '(__fish_complete_directories)'"
	if (values == "")
		return " -x"
	gsub(/\|/, " ", values)
	if (arg == "LIST")
		return " -x -a '(__fish_complete_list , \"printf \\'%s\\\\n\\' " values "\")'"
	return " -x -a " quoted(values)
}
function condition(command) {
	return command == "" ? "" : " -n '" fn " is " command "'"
}
$2 == "" {
	names = names " " $1
	out = out sprintf("complete -c %s -n '%s none' -a %s -d %s\n", program, fn, $1, quoted($6))
	if ($5 == "FILE" || $5 == "DIR")
		out = out sprintf("complete -c %s%s -F\n", program, condition($1))
	else if ($5 != "") {
		gsub(/\|/, " ", $5)
		out = out sprintf("complete -c %s%s -a %s\n", program, condition($1), quoted($5))
	}
	next
}
{
	if ($1 == "" && $4 != "")
		with_arg = with_arg " " $2 ($3 == "" ? "" : " " $3)
	out = out sprintf("complete -c %s%s -l %s%s%s -d %s\n", program, condition($1), substr($2, 3),
		$3 == "" ? "" : " -s " substr($3, 2), $4 == "" ? "" : values_of($4, $5), quoted($6))
}
END {
	out = out sprintf("complete -c %s -n '%s none' -a help -d 'print the help of a command'\n", program, fn)
	out = out sprintf("complete -c %s%s -a '%s'\n", program, condition("help"), substr(names, 2))
	printf "# fish completion for %s; made from its option tables.\n\n", program
	printf "# none: no command stands on the line yet; is NAME: that one does.\n"
	printf "function %s\n", fn
	print "    set -l command"
	print "    set -l skip no"
	print "    for word in (commandline -opc)[2..-1]"
	print "        if test $skip = yes"
	print "            set skip no"
	print "        else if contains -- $word" with_arg
	print "            set skip yes"
	print "        else if not string match -q -- '-*' $word"
	print "            set command $word"
	print "            break"
	print "        end"
	print "    end"
	print "    switch $argv[1]"
	print "        case none"
	print "            test -z \"$command\""
	print "        case is"
	print "            test \"$command\" = $argv[2]"
	print "    end"
	print "end\n"
	printf "complete -c %s -f\n%s", program, out
}
