# Yijian 一件. `make help` lists what there is. Needs a POSIX shell and Python 3.11 or newer.

PYTHON := $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { command -v $$python; break; }; done)
IN_VENV := .venv/bin/python
# Where Python may not keep what it has compiled, each of a dozen processes compiles Django anew: three seconds instead of one.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run test lint format bench life mutate chaos prepare prepare-tests python

help: ## List the targets
	@echo "Yijian 一件 — what make can do:"
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{ printf "%-16s %s\n", $$1, $$2 }'
	@echo "Variables: PORT=8000, VAR=./var (data), T='-k words' (for make test), WORKERS=2 (tests at once)"

run: prepare ## Install, migrate, load the demo town and run the whole site (PORT=8000, VAR=./var)
	@exec $(IN_VENV) manage.py run

test: prepare-tests ## Run all tests on servers of their own (T='-k words' picks some)
	@exec $(IN_VENV) -m pytest -n $(or $(WORKERS),auto) --maxprocesses 8 --dist worksteal $(T)

lint: prepare-tests ## Check style, types, direction of imports, migrations and production settings
	@$(IN_VENV) -m portal.running.linting

format: prepare-tests ## Bring the code into the common form
	@$(IN_VENV) -m ruff check --fix --quiet . ; $(IN_VENV) -m ruff format --quiet .

bench: prepare-tests ## Measure the hot paths (one JSON line per figure)
	@exec $(IN_VENV) -m tests.bench

life: prepare-tests ## Live whole lives of applications on a site of its own and say what each costs (T="newborn --lives 40")
	@exec $(IN_VENV) -m tests.life $(T)

mutate: prepare-tests ## Change the pure core in small ways and count what its tests notice (T='rules merging/papers' picks modules)
	@exec $(IN_VENV) -m tests.mutation $(T)

chaos: prepare-tests ## Kill things in mid work, race, forge, send 100,000 bad requests (T="-k races" picks some)
	@exec $(IN_VENV) -m pytest -n $(or $(WORKERS),auto) --maxprocesses 8 --dist worksteal tests/chaos $(T)

prepare: python
	@$(PYTHON) portal/running/prepare.py

prepare-tests: python
	@$(PYTHON) portal/running/prepare.py --tests

python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed: sudo apt-get install python3 python3-venv" >&2; exit 1; }
