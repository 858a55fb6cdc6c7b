# Every target works from an empty clone; only Python >= 3.11 and make are needed (uv is used where it is found).
.DEFAULT_GOAL := help
.PHONY: help setup demo serve test check lint types architecture definitions compose bench chaos mutants simulate crash-points lock clean

VENV := .venv
BIN := $(VENV)/bin
RUNTIME_READY := $(VENV)/.ready-runtime
DEV_READY := $(VENV)/.ready-dev
BENCH_READY := $(VENV)/.ready-bench

# The first interpreter that really runs and is new enough: a version manager's shim may exist and not run.
CANDIDATES := python3 python3.13 python3.12 python3.11 python3.14 python
RECENT := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for p in $(CANDIDATES); do "$$p" -c '$(RECENT)' 2>/dev/null && echo "$$p" && break; done)

UV := $(shell command -v uv 2>/dev/null)
ifneq ($(UV),)
  CREATE = "$(UV)" venv --quiet --allow-existing --python "$$("$(PYTHON)" -c 'import sys; print(sys.executable)')" $(VENV)
  INSTALL = "$(UV)" pip install --quiet --compile-bytecode --python $(BIN)/python
else
  # ensurepip again, because an environment that uv made has no pip.
  CREATE = "$(PYTHON)" -m venv $(VENV)
  INSTALL = $(BIN)/python -m ensurepip >/dev/null && \
	$(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check --no-input
endif
# Compiled here, so that the first command is as quick as the second, even where Python may not write bytecode itself.
INSTALL_PROJECT = $(INSTALL) --no-deps --no-build-isolation --editable . && \
	$(BIN)/python -m compileall -q workflow workers portal
COMPILE = uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --python-version 3.11 $(UPGRADE)

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-7s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(DEV_READY) ## Install everything, locked and hashed, into .venv

demo: $(RUNTIME_READY) ## The main job: 300 filings from submission to archive, with real workers
	@$(BIN)/banjie demo

serve: $(RUNTIME_READY) ## Portal and workers on this machine
	@$(BIN)/banjie serve

test: $(DEV_READY) ## All tests (installs Chromium, fonts and PostgreSQL from Debian where it may)
	@bash .ci/packages
	@$(BIN)/pytest -n 2 --dist loadfile

check: lint types architecture definitions compose ## Lint, types, architecture, definitions, compose file

lint: $(DEV_READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(DEV_READY)
	$(BIN)/mypy

architecture: $(DEV_READY)
	$(BIN)/lint-imports --no-logo

definitions: $(DEV_READY)
	$(BIN)/banjie matters check

compose: $(DEV_READY)
	$(BIN)/check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml

bench: $(BENCH_READY) ## Benchmarks, docs/performance.md (QUICK=--quick for a short form)
	@$(BIN)/python -m benchmarks all $(QUICK)

chaos: $(DEV_READY) ## Kill, freeze and cut the real installation under load (SEED=1 MINUTES=3)
	@$(BIN)/python -m tests.chaos --seed $(or $(SEED),1) --minutes $(or $(MINUTES),3) $(CHAOS)

mutants: $(DEV_READY) ## Plant each known bug in a copy of the tree and see that a test notices it (ID=…)
	@$(BIN)/python -m tests.mutations $(ID)

simulate: $(DEV_READY) ## The engine in a bad world: SEEDS=300 FIRST=1 JOBS=1
	@$(BIN)/python -m tests.simulation --seeds $(or $(SEEDS),300) --first $(or $(FIRST),1) --jobs $(or $(JOBS),1)

crash-points: $(DEV_READY) ## Die at every statement and commit of the main stories
	@$(BIN)/python -m tests.simulation.crash_points

lock: ## Resolve the locks in requirements/ again (needs uv; UPGRADE=--upgrade for newer versions)
	@command -v uv >/dev/null || { echo "make lock needs uv: pip install uv" >&2; exit 1; }
	$(COMPILE) --group build --output-file requirements/build.txt
	$(COMPILE) pyproject.toml --output-file requirements/production.txt
	$(COMPILE) pyproject.toml --extra embedded --constraint requirements/production.txt --output-file requirements/runtime.txt
	$(COMPILE) pyproject.toml --extra otel --constraint requirements/production.txt --output-file requirements/otel.txt
	$(COMPILE) pyproject.toml --extra embedded --group dev --constraint requirements/build.txt \
		--constraint requirements/runtime.txt --constraint requirements/otel.txt --output-file requirements/dev.txt
	$(COMPILE) --group bench --constraint requirements/dev.txt --output-file requirements/bench.txt

clean: ## Remove the environment, caches and build products (never ./var, where cases live)
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@"$(PYTHON)" -c '$(RECENT)' 2>/dev/null || { \
	  echo "Banjie needs Python 3.11 or newer. Tried: $(or $(PYTHON),$(CANDIDATES)). Install one, or say where it is:" >&2; \
	  echo "  make setup PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(CREATE) || { rm -rf $(VENV); \
	  echo "Could not create $(VENV). On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }

$(RUNTIME_READY): requirements/runtime.txt requirements/build.txt pyproject.toml | $(BIN)/python
	@echo "Installing Banjie into $(VENV) (hashes checked) ..."
	@$(INSTALL) --require-hashes -r requirements/build.txt -r requirements/runtime.txt
	@$(INSTALL_PROJECT)
	@touch $@

$(DEV_READY): requirements/dev.txt pyproject.toml | $(BIN)/python
	@echo "Installing Banjie and its development tools into $(VENV) (hashes checked) ..."
	@$(INSTALL) --require-hashes -r requirements/dev.txt
	@$(INSTALL_PROJECT)
	@touch $(RUNTIME_READY) $@

$(BENCH_READY): requirements/bench.txt $(DEV_READY)
	@echo "Installing what only benchmarks need into $(VENV) (hashes checked) ..."
	@$(INSTALL) --require-hashes -r requirements/bench.txt
	@touch $@
