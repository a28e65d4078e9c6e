# SPDX-License-Identifier: GPL-2.0-or-later
# Targets of the tests; included by the Makefile.

# One program a file in tests/unit, linked with all of memtool but main.
UNIT_SRCS := $(sort $(wildcard tests/unit/*.c))
UNIT_BINS := $(UNIT_SRCS:tests/unit/%.c=$(BUILD)/unit/%)

$(BUILD)/unit/%: tests/unit/%.c $(LIB)
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS_ALL) -Itests $(CFLAGS_ALL) -MMD -MP -MF $@.d $(LDFLAGS_ALL) -o $@ $< $(LIB) -lcmocka $(LIBS)

-include $(UNIT_BINS:=.d)

unit: $(UNIT_BINS)

check: all unit
	tests/run

.PHONY: unit check
