# What is long is in tools/: every recipe is one plain command, which make starts without a shell in between, so that
# a Ctrl-C reaches that command and nothing else has to pass it on.
PYTHON ?= python3
CREATION_SECONDS ?= 8
SCENARIO ?= ready
PYTEST_ARGUMENTS ?=
TRIALS ?= 20
SEED ?= 1
JOBS ?= 2
HOST ?= dynamic
VENV := .venv/bin
# Not from the environment, where another tool's ENGINE may be.
ifeq ($(origin ENGINE),command line)
export ROMA_PROVIDER_ENGINE := $(ENGINE)
endif

.DEFAULT_GOAL := help
.PHONY: help python setup engine env up preview refresh down outputs cancel journal test test-all test-fast walks test-languages bench bench-200 campaign check format lock docs-tables sdk dist pictures states clean

help: ## This text
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))
	@echo "For up, preview and refresh: CREATION_SECONDS=$(CREATION_SECONDS) and SCENARIO=$(SCENARIO) set what the emulator does."
	@echo "For test, test-fast, walks and test-languages: PYTEST_ARGUMENTS are pytest's. With any, test runs what they name, without the coverage."
	@echo "For all that run Pulumi: ENGINE=3.259.0 is its oldest supported version; else that of PATH serves, or 3.274.1 is built."
	@echo "For all: PYTHON=$(PYTHON) is the Python (3.10 or newer) that .venv is made with."

python:
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 10) or sys.exit("Python 3.10 or newer is needed, and $(PYTHON) is %d.%d. Name another one, e.g.: make PYTHON=python3.12" % sys.version_info[:2])'

setup: python ## Make .venv from requirements.lock (uv is fetched from PyPI where it is not on PATH)
	@$(PYTHON) tools/setup.py

engine: setup ## Find the Pulumi engine, or build it once (some minutes)
	@$(VENV)/python tools/engine.py

env: python ## Print what lets a shell use this clone for programs elsewhere: eval "$(make env)"
	@$(PYTHON) tools/env.py

up: setup ## Create or update the instance of examples/quickstart in the ROMA emulator
	@$(VENV)/python tools/stack.py up --creation-seconds $(CREATION_SECONDS) --scenario $(SCENARIO)
	@$(VENV)/python tools/stack.py outputs

preview: setup ## Show what `make up` would do
	@$(VENV)/python tools/stack.py preview --creation-seconds $(CREATION_SECONDS) --scenario $(SCENARIO)

refresh: setup ## Read the state of the instance again
	@$(VENV)/python tools/stack.py refresh --creation-seconds $(CREATION_SECONDS) --scenario $(SCENARIO)

down: setup ## Delete the instance and the stack
	@$(VENV)/python tools/stack.py down --creation-seconds $(CREATION_SECONDS)

outputs: setup ## Print the stack's outputs
	@$(VENV)/python tools/stack.py outputs

journal: setup ## Say what a run that was killed has left (`roma journal`; the journal is in .state/xdg)
	@$(VENV)/python tools/stack.py journal

cancel: setup ## Unlock the stack after a run that was killed
	@$(VENV)/python tools/stack.py cancel

test: setup ## Run the tests, those on the real engine included, and hold the coverage against its floor
	@$(VENV)/python tools/test.py $(PYTEST_ARGUMENTS)

test-all: setup ## As test, with the rarer ways to each promise on the engine: twice as long
	@$(VENV)/python tools/test.py --all

test-fast: setup ## Run the tests that need no engine and are not slow (a minute)
	@$(VENV)/python tools/test.py --fast $(PYTEST_ARGUMENTS)

walks: setup ## Run the commands and programs of README, docs and examples as they stand
	@$(VENV)/python tools/test.py --walks $(PYTEST_ARGUMENTS)

test-languages: setup ## Run the tests of other languages: YAML, TypeScript, Go, the SDKs and what `make dist` makes
	@$(VENV)/python tools/test.py --languages $(PYTEST_ARGUMENTS)

bench: setup ## The tables of docs/performance.md: polling, creations together, runs that change nothing (12 minutes)
	@$(VENV)/python -m bench.polling --law warped
	@$(VENV)/python -m bench.crowd --creations 1 16 64
	@$(VENV)/python -m bench.engine --runs 9
	@$(VENV)/python -m bench.engine --runs 3 --resources 64

bench-200: setup ## 200 creations of 15 minutes together, under the throttle (36 minutes)
	@$(VENV)/python -m bench.crowd --creations 1 200 --creation-seconds 900

campaign: setup ## Random interruptions on the real engine: TRIALS=200 of them from SEED=1 on, JOBS=2 at a time, HOST=dynamic or plugin
	@$(VENV)/python tools/campaign.py --trials $(TRIALS) --seed $(SEED) --jobs $(JOBS) --host $(HOST)

check: setup ## Formatting, lint, types, the arrows between the parts, and whether the tables of the docs are up to date
	@$(VENV)/python tools/check.py

format: setup ## Format the code and repair what ruff can
	@$(VENV)/ruff check --quiet --fix-only .
	@$(VENV)/ruff format .

lock: python ## Write requirements.lock anew from pyproject.toml, and tools/policy.lock
	@$(PYTHON) tools/setup.py --lock

docs-tables: setup ## Make the tables of docs anew, from the catalogue of arguments and the settings
	@$(VENV)/python -m tools.docs_tables

sdk: setup ## Make the SDKs for TypeScript, Go and Python from sdk/schema.json (with Go)
	@$(VENV)/python tools/make_sdk.py

dist: setup ## Make what is published, in dist/: packages for Python and npm, and the plugin's archive
	@$(VENV)/python tools/dist.py

pictures: setup ## Make the pictures of docs/pictures anew, from real runs (2 minutes)
	@$(VENV)/python -m tools.record

states: setup ## Make the states of tests/states anew (never those of a released version)
	@$(VENV)/python -m tools.states

clean: ## Remove .venv, caches and the emulator's stack; the built engine stays in its cache folder
	@rm -rf .venv .cache .state Pulumi.emulator.yaml .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
