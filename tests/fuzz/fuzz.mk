# SPDX-License-Identifier: GPL-2.0-or-later
# Fuzz targets: tests/fuzz/NAME.c, corpus in tests/fuzz/corpus/NAME.

FUZZ_NAMES  := $(filter-out driver,$(patsubst tests/fuzz/%.c,%,$(sort $(wildcard tests/fuzz/*.c))))
REPLAY_BINS := $(FUZZ_NAMES:%=$(BUILD)/replay/%)
FUZZ_BINS   := $(FUZZ_NAMES:%=$(BUILD)/fuzz/bin/%)
FUZZ_CC     ?= clang
FUZZ_FLAGS  := -O2 -g -fno-sanitize-recover=all

# Replayed by every compiler in `make check`.
$(REPLAY_BINS): $(BUILD)/replay/%: tests/fuzz/%.c tests/fuzz/driver.c tests/fuzz/fuzz.h $(LIB)
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(CPPFLAGS_ALL) -Itests/fuzz $(CFLAGS_ALL) $(LDFLAGS_ALL) -o $@ $< tests/fuzz/driver.c $(LIB) $(LIBS)

TEST_DEPS += $(REPLAY_BINS)

fuzz-lib:
	$(MAKE) CC='$(FUZZ_CC)' BUILD=$(BUILD)/fuzz SANITIZE=fuzzer-no-link,address,undefined \
		CFLAGS='$(FUZZ_FLAGS)' $(BUILD)/fuzz/libmemtool.a

$(FUZZ_BINS): $(BUILD)/fuzz/bin/%: tests/fuzz/%.c tests/fuzz/fuzz.h fuzz-lib
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(FUZZ_CC) $(CPPFLAGS_ALL) -Itests/fuzz -std=c17 $(FUZZ_FLAGS) -fsanitize=fuzzer,address,undefined \
		-o $@ $< $(BUILD)/fuzz/libmemtool.a $(LIBS)

#> fuzz            libFuzzer targets (clang), each for FUZZ_SECONDS; FUZZ="vmallocinfo slabinfo" picks
fuzz: $(FUZZ_BINS)
	BUILD=$(BUILD) FUZZ_SECONDS=$(or $(FUZZ_SECONDS),60) tests/fuzz/run $(or $(FUZZ),$(FUZZ_NAMES))

.PHONY: fuzz fuzz-lib
