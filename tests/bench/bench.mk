# SPDX-License-Identifier: GPL-2.0-or-later
$(BUILD)/bench/measure: tests/bench/measure.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) -D_GNU_SOURCE $(CFLAGS_ALL) $(LDFLAGS_ALL) -o $@ $<

bench: $(BUILD)/bench/measure
