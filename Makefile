# Everything is set up on the way and skipped when it is done: a virtual environment in
# $(VENV), the locked dependencies, and (by `stillgreen` itself) the company and its index.

PYTHON ?= python3
VENV ?= .venv
# PyTorch's CPU wheel index (see constraints.txt); empty: the wheel that pip takes by itself.
TORCH_INDEX_URL ?=
# More arguments, e.g. make demo ARGS="--json demo.json", make test ARGS="-k trace".
ARGS ?=

BIN := $(VENV)/bin
PACKAGES := services faults agents corpus observability
RUNTIME := $(VENV)/.runtime-installed
DEV := $(VENV)/.dev-installed

.DEFAULT_GOAL := help
.PHONY: help demo up test lint format setup setup-dev clean

help: ## say what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(RUNTIME) ## show a healthy system, three faults, and what monitoring sees of them
	@$(BIN)/stillgreen demo $(ARGS)

up: $(RUNTIME) ## serve the whole application on loopback until interrupted
	@$(BIN)/stillgreen up $(ARGS)

test: $(DEV) ## run the tests
	@$(BIN)/python -m pytest $(ARGS)

lint: $(DEV) ## check style, formatting, types and import directions
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: $(DEV) ## format the code and repair what ruff can
	@$(BIN)/ruff check --fix-only .
	@$(BIN)/ruff format .

setup: $(RUNTIME)

setup-dev: $(DEV)

clean: ## remove the virtual environment and all generated data
	rm -rf $(VENV) .stillgreen build dist *.egg-info

$(BIN)/python:
	@command -v "$(PYTHON)" >/dev/null 2>&1 || { \
	  echo "error: $(PYTHON) was not found. Install Python 3.11 or newer, or name one:" \
	       "make PYTHON=/path/to/python3.12 …" >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "error: Python 3.11 or newer is needed, but $(PYTHON) is" \
	       "$$("$(PYTHON)" --version 2>&1). Name another:" \
	       "make PYTHON=/path/to/python3.12 …" >&2; exit 1; }
	@"$(PYTHON)" -m venv "$(VENV)" || { rm -rf "$(VENV)"; \
	  echo "error: no virtual environment could be made. On Debian and Ubuntu:" \
	       "apt install python3-venv" >&2; exit 1; }

# torch comes first and alone where a CPU index is named, so that pip does not look
# for anything else there.
$(VENV)/.torch-installed: | $(BIN)/python
	@if [ -n "$(TORCH_INDEX_URL)" ]; then \
	  $(BIN)/python -m pip install --no-deps --index-url "$(TORCH_INDEX_URL)" \
	    -c constraints.txt torch; fi
	@touch $@

$(RUNTIME): pyproject.toml constraints.txt $(VENV)/.torch-installed
	@echo "Installing dependencies into $(VENV) (some minutes the first time) …" >&2
	@$(BIN)/python -m pip install -q -c constraints.txt -e .
	@touch $@

$(DEV): pyproject.toml constraints.txt $(VENV)/.torch-installed
	@echo "Installing dependencies into $(VENV) (some minutes the first time) …" >&2
	@$(BIN)/python -m pip install -q -c constraints.txt -e ".[dev]"
	@touch $@ $(RUNTIME)
