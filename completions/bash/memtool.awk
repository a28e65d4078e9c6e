# SPDX-License-Identifier: GPL-2.0-or-later
# Writes the bash completion from `memtool --list-options`.
BEGIN {
	FS = "\t"
	fn = "_" program
	gsub(/[^A-Za-z0-9_]/, "_", fn)
}
function kind(arg, values) {
	if (values == "FILE" || values == "DIR")
		return values
	gsub(/\|/, " ", values)
	return (arg == "LIST" ? "LIST " : "WORDS ") values
}
$2 == "" {
	commands = commands " " $1
	if ($5 != "")
		cases = cases sprintf("\t%s:) printf '%%s' '%s' ;;\n", $1, kind("", $5))
	next
}
{
	options[$1] = options[$1] " " $2 ($3 == "" ? "" : " " $3)
	if ($4 == "")
		next
	with_arg[$1] = with_arg[$1] "|" $2 ($3 == "" ? "" : "|" $3)
	pattern = $1 == "" ? "*" : $1
	cases = cases sprintf("\t%s:%s%s) printf '%%s' '%s' ;;\n", pattern, $2,
		$3 == "" ? "" : " | " pattern ":" $3, kind($4, $5))
}
END {
	cases = cases sprintf("\thelp:) printf '%%s' 'WORDS%s' ;;\n", commands)
	commands = commands " help"
	printf "# bash completion for %s; made from its option tables.\n\n", program
	printf "# %s_kind COMMAND:OPTION: what may follow.\n", fn
	printf "%s_kind()\n{\n\tcase $1 in\n%s\tesac\n}\n\n", fn, cases
	printf "%s_options()\n{\n\tcase $1 in\n", fn
	n = split(commands, c, " ")
	for (i = 1; i <= n; i++)
		if (options[c[i]] != "")
			printf "\t%s) printf '%%s' '%s' ;;\n", c[i], substr(options[c[i]], 2)
	printf "\tesac\n}\n\n"
	printf "%s()\n{\n", fn
	print "\tlocal cur=${COMP_WORDS[COMP_CWORD]} command='' option='' kind='' i word"
	print "\tlocal commands='" substr(commands, 2) "' global='" substr(options[""], 2) "'"
	print "\tCOMPREPLY=()"
	print "\t# The command's name: the first word that is no option and no global option's argument."
	print "\tfor ((i = 1; i < COMP_CWORD; i++)); do"
	print "\t\tword=${COMP_WORDS[i]}"
	print "\t\tcase $word in"
	print "\t\t" substr(with_arg[""], 2) ")"
	print "\t\t\t[ \"${COMP_WORDS[i + 1]}\" = '=' ] && ((i++))"
	print "\t\t\t((i++))"
	print "\t\t\t;;"
	print "\t\t-*) ;;"
	print "\t\t*)"
	print "\t\t\tcommand=$word"
	print "\t\t\tbreak"
	print "\t\t\t;;"
	print "\t\tesac"
	print "\tdone"
	print "\t# --option=value comes as three words."
	print "\tif [ \"$cur\" = '=' ]; then"
	print "\t\toption=${COMP_WORDS[COMP_CWORD - 1]} cur=''"
	print "\telif [ \"${COMP_WORDS[COMP_CWORD - 1]}\" = '=' ] && ((COMP_CWORD > 1)); then"
	print "\t\toption=${COMP_WORDS[COMP_CWORD - 2]}"
	print "\telse"
	print "\t\toption=${COMP_WORDS[COMP_CWORD - 1]}"
	print "\tfi"
	print "\tcase $option in"
	printf "\t-*) kind=$(%s_kind \"$command:$option\") ;;\n", fn
	print "\tesac"
	print "\tif [ -z \"$kind\" ]; then"
	print "\t\tcase $cur in"
	printf "\t\t-*) kind=\"WORDS $global $(%s_options \"$command\")\" ;;\n", fn
	print "\t\t*)"
	print "\t\t\tif [ -z \"$command\" ]; then"
	print "\t\t\t\tkind=\"WORDS $commands\""
	print "\t\t\telse"
	printf "\t\t\t\tkind=$(%s_kind \"$command:\")\n", fn
	print "\t\t\tfi"
	print "\t\t\t;;"
	print "\t\tesac"
	print "\tfi"
	print "\tcase $kind in"
	print "\tFILE) mapfile -t COMPREPLY < <(compgen -f -- \"$cur\") && compopt -o filenames 2>/dev/null ;;"
	print "\tDIR) mapfile -t COMPREPLY < <(compgen -d -- \"$cur\") && compopt -o filenames 2>/dev/null ;;"
	print "\tLIST*)"
	print "\t\tlocal before=''"
	print "\t\t[[ $cur == *,* ]] && before=${cur%,*},"
	print "\t\tmapfile -t COMPREPLY < <(compgen -P \"$before\" -W \"${kind#LIST}\" -- \"${cur##*,}\")"
	print "\t\tcompopt -o nospace 2>/dev/null"
	print "\t\t;;"
	print "\tWORDS*) mapfile -t COMPREPLY < <(compgen -W \"${kind#WORDS}\" -- \"$cur\") ;;"
	print "\tesac"
	print "\treturn 0"
	print "}"
	printf "complete -F %s %s\n", fn, program
}
