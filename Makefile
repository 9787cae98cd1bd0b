# `make` alone lists the targets. Each of them sets up first what is missing (scripts/setup.py), so on a fresh clone
# `make serve` or `make test` is all it takes.

PYTHON = .venv/bin/python
HANDBOOK = $(PYTHON) -m scripts

# Bytecode must be kept: without it every command compiles its imports anew.
unexport PYTHONDONTWRITEBYTECODE PYTHONHOME PYTHONPATH

.PHONY: help setup serve site diagrams check links new test faults bench portability verify lock clean

help:
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1|\2/p' Makefile | while IFS='|' read -r target text; do \
	  printf '  %-14s %s\n' "$$target" "$$text"; \
	done

setup: ## set up Python and Node packages (the others do it by themselves)
	@$(PYTHON) -I -S scripts/setup.py --check 2>/dev/null || { \
	  for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	    $$python -c '' 2>/dev/null && exec $$python -I scripts/setup.py; \
	  done; \
	  echo 'Python 3.11 or newer is needed, none was found: install it (python.org), then run make again' >&2; \
	  exit 1; \
	}

serve: setup ## build, serve on a loopback port, reload on every edit
	@$(HANDBOOK) serve

site: setup ## build the site into site/
	@$(HANDBOOK) site

diagrams: setup ## draw only the diagrams: self-contained SVG and PNG
	@$(HANDBOOK) diagrams

check: setup ## say everything that is wrong with the content and the code
	@$(HANDBOOK) check; content=$$?; $(PYTHON) -m ruff check --quiet --output-format=$(if $(GITHUB_ACTIONS),github,concise) . && exit $$content

links: setup ## check the external links: make links [options=--offline]
	@$(HANDBOOK) site && $(HANDBOOK) links $(options)

new: setup ## start a chapter: make new slug=netflix-chat
	@$(HANDBOOK) new "$(slug)"

# Two halves side by side, each about as long: files of tests/scripts with these letters are behind, with all other tests.
# What sends Ctrl-C stays in front: a shell starts what is behind without it. What both halves look at is built once.
BEHIND = n-r
test: setup ## run the tests (installs a browser if there is none)
	@$(PYTHON) -m scripts.browser >/dev/null
	@mkdir -p build; HANDBOOK_BUILT=$$(mktemp -d); export HANDBOOK_BUILT; trap 'rm -rf "$$HANDBOOK_BUILT"' EXIT; \
	$(PYTHON) -m pytest --ignore-glob='tests/scripts/test_[!$(BEHIND)]*' >build/tests.log 2>&1 & rest=$$!; \
	$(PYTHON) -m pytest tests/scripts --ignore=tests/scripts/live --ignore-glob='tests/scripts/test_[$(BEHIND)]*'; failed=$$?; \
	wait $$rest || failed=$$?; cat build/tests.log; exit $$failed

faults: setup ## break copies of the project on purpose, and see that a check names each fault
	@$(HANDBOOK) faults $(only)

bench: setup ## measure build, pages and live numbers beside plain MkDocs (ONLY=build, growth, page, live)
	@$(HANDBOOK) bench $(if $(ONLY),--only $(ONLY))

portability: setup ## build with Zensical and ProperDocs too, and say what differs
	@$(HANDBOOK) site && $(HANDBOOK) portability

verify: setup ## the long checks, with a table of verdicts: make verify [only=accessible]
	@$(PYTHON) -m scripts.browser >/dev/null
	@$(HANDBOOK) verify $(addprefix --only=,$(only))

lock: ## pin what requirements.in and package.json ask for (UPGRADE=--upgrade: the newest)
	@test -x .venv/bin/npm || $(MAKE) --no-print-directory setup # not always: the old lock may not fit what is asked for now
	@UV_SYSTEM_CERTS=true .venv/bin/uv pip compile --quiet $(UPGRADE) --universal --python-version 3.11 --fork-strategy fewest \
	  --generate-hashes --no-emit-index-url --no-emit-find-links requirements.in -o requirements.txt
	@NODE_USE_SYSTEM_CA=1 .venv/bin/npm install --package-lock-only --omit-lockfile-registry-resolved \
	  --ignore-scripts --no-audit --no-fund --loglevel=error
	@$(MAKE) --no-print-directory setup

clean: ## remove what was generated (the set-up stays)
	@rm -rf build site .pytest_cache .ruff_cache .hypothesis
