# SPDX-License-Identifier: GPL-2.0-or-later
# All of memtool is built by this file; `make help` lists the targets.

# The installed program's name: another memtool exists, a packager may need to choose.
PROGRAM  ?= memtool
VERSION  := 0.1.0
BUILD    ?= build

PREFIX   ?= /usr/local
DESTDIR  ?=

ifeq ($(origin CC),default)
CC       := gcc
endif
CFLAGS   ?= -O2 -g
PKGS     := libcjson smartcols
WITH_SQLITE  ?= 1
WITH_NCURSES ?= 1

WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wformat=2 \
	-Wstrict-prototypes -Wmissing-prototypes -Wwrite-strings -Wundef -Wvla -Wcast-qual \
	-Wpointer-arith -Wimplicit-fallthrough -Wdouble-promotion
CC_IS_CLANG := $(shell echo | $(CC) -dM -E - 2>/dev/null | grep -c __clang__)
ifeq ($(CC_IS_CLANG),0)
WARN += -Wlogical-op -Wduplicated-cond -Wduplicated-branches -Wnull-dereference
endif
# CI sets WERROR=1; a user's newer compiler must not fail on a new warning.
ifeq ($(WERROR),1)
WARN += -Werror
endif
HARDEN := -D_FORTIFY_SOURCE=2 -fstack-protector-strong

PKG_CFLAGS := $(shell pkg-config --cflags $(PKGS) 2>/dev/null)
PKG_LIBS   := $(shell pkg-config --libs $(PKGS) 2>/dev/null || echo -lcjson -lsmartcols)

CPPFLAGS_ALL := -D_GNU_SOURCE -DMEMTOOL_NAME='"$(PROGRAM)"' -DMEMTOOL_VERSION='"$(VERSION)"' \
	-DMEMTOOL_PREFIX='"$(PREFIX)"' -DWITH_SQLITE=$(WITH_SQLITE) -DWITH_NCURSES=$(WITH_NCURSES) -Isrc -I$(BUILD)/gen $(PKG_CFLAGS) $(CPPFLAGS)
CFLAGS_ALL   := -std=c17 $(WARN) $(if $(SANITIZE),-fsanitize=$(SANITIZE) -fno-omit-frame-pointer,$(HARDEN)) $(CFLAGS)
LDFLAGS_ALL  := $(if $(SANITIZE),-fsanitize=$(SANITIZE)) $(LDFLAGS)
# SQLite, zstd and ncurses are opened by dlopen when a command needs them.
LIBS         := $(PKG_LIBS) -lm -ldl -pthread

# make V=1 shows the commands.
ifeq ($(V),1)
say = @:
Q :=
else ifneq (,$(findstring s,$(firstword -$(MAKEFLAGS))))
say = @:
Q := @
else
say = @printf '  %-7s %s\n' $(1) $(2)
Q := @
endif

# Layers, left may not know right; lint checks the includes.
LAYERS := base host read log snap kernel model out cmd
SRCS   := $(sort $(foreach l,$(LAYERS),$(wildcard src/$(l)/*.c)))
OBJS   := $(SRCS:src/%.c=$(BUILD)/obj/%.o)
MAIN   := $(BUILD)/obj/main.o
LIB    := $(BUILD)/libmemtool.a

# Programs that memtool starts when a command needs a library which the plain binary does not
# link: src/helper/NAME.c becomes build/libexec/NAME, linked with LIBS_NAME as well.
HELPERS       := $(sort $(wildcard src/helper/*.c))
LIBEXEC_PROGS := $(HELPERS:src/helper/%.c=$(BUILD)/libexec/%)

#> all             build/memtool (also the default)
all: $(BUILD)/$(PROGRAM) $(LIBEXEC_PROGS) completions

$(BUILD)/$(PROGRAM): $(MAIN) $(LIB)
	$(call say,LD,$@)
	$(Q)$(CC) $(CFLAGS_ALL) $(LDFLAGS_ALL) -o $@ $(MAIN) $(LIB) $(LIBS)

$(LIBEXEC_PROGS): $(BUILD)/libexec/%: $(BUILD)/obj/helper/%.o $(LIB)
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(CFLAGS_ALL) $(LDFLAGS_ALL) -o $@ $< $(LIB) $(LIBS_$*) $(LIBS)

$(LIB): $(OBJS) $(BUILD)/objects
	$(call say,AR,$@)
	@rm -f $@
	$(Q)$(AR) rcs $@ $(OBJS)

$(BUILD)/obj/%.o: src/%.c $(GENERATED) $(BUILD)/flags
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) $(CFLAGS_$(basename $(@F))) -MMD -MP -c -o $@ $<

-include $(OBJS:.o=.d) $(MAIN:.o=.d) $(HELPERS:src/%.c=$(BUILD)/obj/%.d)

# Files that change when flags, or the list of objects, change: what depends on them is made anew.
stamp = @mkdir -p $(@D); printf '%s\n' $(1) | cmp -s - $@ || printf '%s\n' $(1) >$@
quote = '$(subst ','\'',$(1))'
$(BUILD)/flags: FORCE
	$(call stamp,$(call quote,$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) $(LDFLAGS_ALL)))
$(BUILD)/objects: FORCE
	$(call stamp,$(call quote,$(OBJS)))
FORCE:

# Made from the option tables of the binary itself, so that they cannot drift. When building for
# another machine, RUN names what runs its programs here (RUN=qemu-aarch64).
COMPLETIONS := $(BUILD)/completions/memtool.bash $(BUILD)/completions/_memtool \
	$(BUILD)/completions/memtool.fish
completions: $(COMPLETIONS)
$(BUILD)/options.tsv: $(BUILD)/$(PROGRAM)
	$(Q)$(RUN) $< --list-options >$@.tmp
	@mv $@.tmp $@
$(BUILD)/completions/memtool.bash: completions/bash/memtool.awk
$(BUILD)/completions/_memtool: completions/zsh/memtool.awk
$(BUILD)/completions/memtool.fish: completions/fish/memtool.awk
$(COMPLETIONS): $(BUILD)/options.tsv
	@mkdir -p $(@D)
	$(call say,GEN,$@)
	$(Q)awk -v program=$(PROGRAM) -f $(filter %.awk,$^) $< >$@.tmp
	@mv $@.tmp $@

#> deps            install what building needs, through the distribution's package manager
#> deps-test       install what testing needs
deps:
	@sh .packaging/deps build
deps-test:
	@sh .packaging/deps build test

#> module          the companion kernel module, for the running kernel or for KDIR=
KDIR ?= /lib/modules/$(shell uname -r)/build
MODULE_FILES = $(filter-out %.md,$(wildcard src/module/*))
module:
	@test -e $(KDIR)/Makefile || { echo "make module: $(KDIR) is not there;" \
		"install the running kernel's headers, or set KDIR=" >&2; exit 1; }
	@mkdir -p $(BUILD)/module
	cp -pu $(MODULE_FILES) $(BUILD)/module
	$(MAKE) -C $(KDIR) M=$(abspath $(BUILD)/module) $(MODULE_FLAGS) modules

include .packaging/install.mk
include tests/tests.mk

#> deb             packages for Debian and Ubuntu in build/deb
deb:
	bash .packaging/deb $(BUILD)/deb $(VERSION)

#> clean           remove what was built
clean:
	rm -rf $(BUILD)

#> help            this list
help:
	@sed -n 's/^#> //p' $(filter %Makefile %.mk,$(MAKEFILE_LIST))

.PHONY: all completions deps deps-test module deb clean help FORCE
.DELETE_ON_ERROR:
