# SPDX-License-Identifier: GPL-2.0-or-later
# All of memtool is built by this file; `make help` lists the targets.

PROGRAM  := memtool
VERSION  := 0.1.0
BUILD    ?= build
PREFIX   ?= /usr/local
DESTDIR  ?=

CC       ?= gcc
CFLAGS   ?= -O2 -g
PKGS     := libcjson smartcols
WITH_SQLITE  ?= 1
WITH_NCURSES ?= 1

WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wformat=2 \
	-Wstrict-prototypes -Wmissing-prototypes -Wwrite-strings -Wundef -Wvla -Wcast-qual \
	-Wpointer-arith -Wimplicit-fallthrough -Wdouble-promotion
ifneq (,$(findstring gcc,$(shell $(CC) --version 2>/dev/null | head -n 1)))
WARN += -Wlogical-op -Wduplicated-cond -Wduplicated-branches -Wnull-dereference
endif
# CI sets WERROR=1; a user's newer compiler must not fail on a new warning.
ifeq ($(WERROR),1)
WARN += -Werror
endif
HARDEN := -D_FORTIFY_SOURCE=2 -fstack-protector-strong

PKG_CFLAGS := $(shell pkg-config --cflags $(PKGS) 2>/dev/null)
PKG_LIBS   := $(shell pkg-config --libs $(PKGS) 2>/dev/null || echo -lcjson -lsmartcols)

CPPFLAGS_ALL := -D_GNU_SOURCE -DMEMTOOL_VERSION='"$(VERSION)"' -DMEMTOOL_PREFIX='"$(PREFIX)"' \
	-Isrc -I$(BUILD)/gen $(PKG_CFLAGS) $(CPPFLAGS)
CFLAGS_ALL   := -std=c17 $(WARN) $(if $(SANITIZE),-fsanitize=$(SANITIZE) -fno-omit-frame-pointer,$(HARDEN)) $(CFLAGS)
LDFLAGS_ALL  := $(if $(SANITIZE),-fsanitize=$(SANITIZE)) $(LDFLAGS)
LIBS         := $(PKG_LIBS) -lm

# Layers, left may not know right; lint checks the includes.
LAYERS := base host read log snap kernel model out cmd
SRCS   := $(sort $(foreach l,$(LAYERS),$(wildcard src/$(l)/*.c)))
OBJS   := $(SRCS:src/%.c=$(BUILD)/obj/%.o)
MAIN   := $(BUILD)/obj/main.o
LIB    := $(BUILD)/libmemtool.a

all: $(BUILD)/$(PROGRAM)

$(BUILD)/$(PROGRAM): $(MAIN) $(LIB)
	$(CC) $(CFLAGS_ALL) $(LDFLAGS_ALL) -o $@ $(MAIN) $(LIB) $(LIBS)

$(LIB): $(OBJS)
	rm -f $@
	$(AR) rcs $@ $(OBJS)

$(BUILD)/obj/%.o: src/%.c $(GENERATED)
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) -MMD -MP -c -o $@ $<

-include $(OBJS:.o=.d) $(MAIN:.o=.d)

include tests/tests.mk

clean:
	rm -rf $(BUILD)

help:
	@sed -n 's/^#> //p' $(MAKEFILE_LIST)

.PHONY: all clean help
