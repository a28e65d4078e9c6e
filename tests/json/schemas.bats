#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Schemas of the documents whose commands have no such test of their own: every schema is one, and
# real output is valid by it.
load ../helper

schema() {
	"$PYTHON" "$TOP/tests/json/validate.py" "$@"
}

setup() {
	need_module jsonschema
	cd "$BATS_TEST_TMPDIR"
	fragmented=$TOP/fixtures/6.1-amd64-4K-fragmented
	[ -d "$fragmented" ] || skip "no fixtures"
}

@test "every schema is valid draft 2020-12 and names its document" {
	"$PYTHON" - "$TOP"/src/share/schema/*.json <<-'END'
		import json, sys
		from jsonschema import Draft202012Validator
		for path in sys.argv[1:]:
		    schema = json.load(open(path))
		    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema", path
		    Draft202012Validator.check_schema(schema)
		    document = schema if "properties" in schema else schema["$defs"]["document"]
		    name = path.rsplit("/", 1)[1].removesuffix(".json")
		    assert document["properties"]["schema"].get("const") == "memtool.%s/1" % name, path
	END
}

@test "explain: the table and single requests on every recorded machine" {
	for d in "$TOP"/fixtures/*/; do
		[ -d "$d/proc" ] || continue
		memtool explain -s "$d" -J >"$(basename "$d").table"
		memtool explain -s "$d" -J alloc_pages order=9 kmalloc 64K kvmalloc 1M vmalloc 1G thp hugetlb 2M >"$(basename "$d").some"
	done
	schema "$TOP/src/share/schema/explain.json" ./*.table
	schema --lines "$TOP/src/share/schema/explain.json" ./*.some
}

@test "explain --requests: one line a request, bad lines among them" {
	printf '%s\n' '{"api":"alloc_pages","order":4,"size":null,"gfp":"GFP_ATOMIC","node":-1}' \
		'{"api":"kmalloc","size":18446744073709551615}' '{"api":"no_such"}' 'junk' '[]' '{}' \
		'{"api":"kmalloc","size":64,"more":{"nested":[1,"two",null,true]}}' >requests
	memtool explain -s "$fragmented" -J --requests requests >answers
	[ "$(wc -l <answers)" -eq 7 ]
	schema --lines "$TOP/src/share/schema/explain.json" answers
	[ "$(jq -c 'has("error")' answers | tr '\n' ' ')" = 'false false true true true true false ' ]
	[ "$(sed -n 7p answers | jq -c .request.more)" = '{"nested":[1,"two",null,true]}' ]
}

@test "advise" {
	memtool advise -s "$fragmented" -J --size 1M >a
	memtool advise -s "$fragmented" -J --size 64 --equal-objects 100000 --context atomic >b
	memtool advise -s "$fragmented" -J --size 64K --contiguous yes --dma-mask 32 --zeroed >c
	schema "$TOP/src/share/schema/advise.json" a b c
}

@test "the validator finds a verdict that is none" {
	memtool explain -s "$fragmented" -J kmalloc 64K >good
	schema "$TOP/src/share/schema/explain.json" good
	sed 's/"verdict": *"[a-z_]*"/"verdict":"perhaps"/' good >bad
	not cmp -s good bad
	not schema "$TOP/src/share/schema/explain.json" bad
}
