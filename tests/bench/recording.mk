# SPDX-License-Identifier: GPL-2.0-or-later
# Programs that the part about recordings needs.
RECORDING_BENCH := $(BUILD)/bench/reader $(BUILD)/bench/long_recording

$(RECORDING_BENCH): $(BUILD)/bench/%: tests/bench/%.c $(LIB)
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) $(LDFLAGS_ALL) -o $@ $< $(LIB) $(LIBS)

bench: $(RECORDING_BENCH)
