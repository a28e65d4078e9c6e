# SPDX-License-Identifier: GPL-2.0-or-later
# make install and make uninstall: one list serves both.

bindir       := $(PREFIX)/bin
libexecdir   := $(PREFIX)/libexec/memtool
datadir      := $(PREFIX)/share/memtool
mandir       := $(PREFIX)/share/man
bashcompdir  ?= $(PREFIX)/share/bash-completion/completions
zshcompdir   ?= $(PREFIX)/share/zsh/site-functions
fishcompdir  ?= $(PREFIX)/share/fish/vendor_completions.d
unitdir      ?= $(PREFIX)/lib/systemd/system

# Where the pages of memtool(1) and its commands go when the program has another name.
page = $(patsubst memtool%,$(PROGRAM)%,$(notdir $(1)))

# One word a file: MODE:SOURCE:DESTINATION.
INSTALLED := 755:$(BUILD)/$(PROGRAM):$(bindir)/$(PROGRAM) \
	$(foreach f,$(LIBEXEC_PROGS),755:$(f):$(libexecdir)/$(notdir $(f))) \
	$(foreach s,1 5 7 8,$(foreach f,$(sort $(wildcard man/*.$(s))),644:$(f):$(mandir)/man$(s)/$(call page,$(f)))) \
	644:$(BUILD)/completions/memtool.bash:$(bashcompdir)/$(PROGRAM) \
	644:$(BUILD)/completions/_memtool:$(zshcompdir)/_$(PROGRAM) \
	644:$(BUILD)/completions/memtool.fish:$(fishcompdir)/$(PROGRAM).fish \
	$(foreach d,schema dashboards alerts examples,$(foreach f,$(sort $(wildcard src/share/$(d)/*)),644:$(f):$(datadir)/$(d)/$(notdir $(f)))) \
	$(foreach f,$(sort $(wildcard src/share/systemd/*)),644:$(f):$(unitdir)/$(call page,$(f)))

# Folders of our own: removed when nothing is left in them.
OWN_DIRS := $(foreach d,schema dashboards alerts examples,$(datadir)/$(d)) $(datadir) $(libexecdir)

#> install         into $(DESTDIR)$(PREFIX): program, man pages, completions, schemas, units
install: $(if $(NO_BUILD),,all)
	@set -e; for f in $(INSTALLED); do \
		mode=$${f%%:*}; f=$${f#*:}; from=$${f%%:*}; to="$(DESTDIR)$${f#*:}"; \
		install -D -m "$$mode" "$$from" "$$to"; \
		case "$$to" in \
		*/systemd/system/*) sed -i -e 's|@bindir@/memtool|$(bindir)/$(PROGRAM)|g' \
			-e 's|man:memtool|man:$(PROGRAM)|g' "$$to" ;; \
		*/man/*) [ "$(PROGRAM)" = memtool ] || sed -i -E -e 's/^(\.(Nm|Xr|Dt)) memtool/\1 $(PROGRAM)/' \
			-e 's/(^\.Dl |[#$$] |sudo )memtool /\1$(PROGRAM) /' "$$to" ;; \
		esac; \
	done
	@echo "installed $(words $(INSTALLED)) files below $(DESTDIR)$(PREFIX)"

#> uninstall       remove what install put there, and nothing else
uninstall:
	@for f in $(INSTALLED); do rm -f "$(DESTDIR)$${f##*:}"; done
	@for d in $(OWN_DIRS); do rmdir "$(DESTDIR)$$d" 2>/dev/null || :; done

.PHONY: install uninstall
