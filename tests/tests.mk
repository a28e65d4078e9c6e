# SPDX-License-Identifier: GPL-2.0-or-later
# Targets of the tests; included by the Makefile.

# One program a file in tests/unit, linked with all of memtool but main.
UNIT_SRCS := $(sort $(wildcard tests/unit/*.c))
UNIT_BINS := $(UNIT_SRCS:tests/unit/%.c=$(BUILD)/unit/%)

$(UNIT_BINS): $(BUILD)/unit/%: tests/unit/%.c $(LIB)
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(CPPFLAGS_ALL) -Itests $(CFLAGS_ALL) -MMD -MP -MF $@.d $(LDFLAGS_ALL) -o $@ $< $(LIB) -lcmocka $(LIBS)

-include $(UNIT_BINS:=.d)

# What the tests run besides unit programs; tests/*/*.mk add to it.
TEST_DEPS :=
-include $(sort $(wildcard tests/*/*.mk))

unit: $(UNIT_BINS)

RUN_TESTS = BUILD=$(BUILD) PROGRAM=$(PROGRAM) CC=$(CC) MAKE=$(MAKE) tests/run

#> check           every test that this machine can run; closes with "N passed, N failed, N skipped"
check: all unit $(TEST_DEPS)
	$(Q)$(RUN_TESTS) $(TESTS)
#> check-quick     without the slow ones; TESTS='tests/cli/*.bats' picks by name
check-quick: all unit $(TEST_DEPS)
	$(Q)TIER=quick $(RUN_TESTS) $(TESTS)

#> check-vm        boots real kernels, holds predictions against them; KERNELS="6.1 6.12" picks, CHECK_VM=--quick is for CI
check-vm: all
	$(Q)BUILD=$(BUILD) PROGRAM=$(PROGRAM) tests/vm/check-vm $(CHECK_VM) $(KERNELS)

#> check-module    the module: W=1, sparse, checkpatch, and its tests in guests; KERNELS="6.1 6.12" picks
check-module:
	tests/vm/module/lint $(KERNELS)
	tests/vm/module/run $(KERNELS)

#> asan            the tests with AddressSanitizer and UndefinedBehaviorSanitizer
SANITIZERS := address,undefined
asan:
	$(MAKE) BUILD=$(BUILD)/asan SANITIZE=$(SANITIZERS) RUN='env ASAN_OPTIONS=detect_leaks=0' \
		CFLAGS="-O1 -g -fno-sanitize-recover=all -DMEMTOOL_SANITIZED" $(or $(ASAN_CHECK),check)

#> valgrind        unit tests and command line tests under valgrind
# Without the checks of the C library, whose memmove valgrind takes for memcpy.
valgrind:
	$(Q)$(MAKE) BUILD=$(BUILD)/valgrind HARDEN= valgrind-here
valgrind-here: all unit $(TEST_DEPS)
	$(Q)VALGRIND=1 TIER=quick $(RUN_TESTS) $(or $(TESTS),'unit/*' 'tests/cli/*')

#> coverage        build/coverage/index.html and a summary, by gcovr
coverage:
	@command -v gcovr >/dev/null || { echo "make coverage: gcovr is not installed (make deps-test)" >&2; exit 1; }
	$(MAKE) BUILD=$(BUILD)/coverage CFLAGS="-O0 -g --coverage -fprofile-update=atomic" HARDEN= \
		LDFLAGS=--coverage WITH_TEST_LIMITS=0 check || echo "coverage: of a run in which tests failed"
	gcovr --root . --filter src/ --exclude-throw-branches --gcov-ignore-parse-errors \
		--html-details $(BUILD)/coverage/index.html --print-summary $(BUILD)/coverage | \
		tee $(BUILD)/coverage/summary.txt

#> bench           costs and ratios, measured side by side in one run
bench: all
	$(Q)BUILD=$(BUILD) PROGRAM=$(PROGRAM) tests/bench/run $(BENCH)

#> lint            layers, headers, manual, completions, shell, spelling, cppcheck, clang-tidy
lint: all
	$(Q)BUILD=$(BUILD) PROGRAM=$(PROGRAM) CC='$(CC)' CPPFLAGS_ALL='$(CPPFLAGS_ALL)' CFLAGS_ALL='$(CFLAGS_ALL)' \
		LAYERS='$(LAYERS)' tests/lint/run $(LINTS)

.PHONY: unit check check-quick check-vm check-module asan valgrind valgrind-here coverage bench lint
