# Two commands on a fresh machine: `make demo` and `make test`. Neither needs anything typed before it.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO ?= assessments/card_fraud/exemplars/naive/submission
PYTEST_ARGS ?= -n 2 --dist loadfile --no-loadscope-reorder

# Hundreds of commands are started: none of them compiles everything anew, whatever the host prefers.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test check lint types format schemas docs clean-venv
.DEFAULT_GOAL := check

demo: $(VENV)/.installed
	@$(BIN)/harness grade $(DEMO) --pack card_fraud --out runs/demo

test: $(VENV)/.installed-dev
	$(BIN)/python -m pytest $(PYTEST_ARGS)

check: lint types test

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check . && $(BIN)/ruff format --check .

types: $(VENV)/.installed-dev
	$(BIN)/mypy

format: $(VENV)/.installed-dev
	$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

schemas: $(VENV)/.installed
	$(BIN)/python -m harness.schemas.catalog

docs: $(VENV)/.installed-docs
	@$(BIN)/python -m docs.generate && $(BIN)/zensical build --strict

$(VENV)/.installed: pyproject.toml requirements/run.lock
	@bash requirements/install.sh $(PYTHON) $(VENV) requirements/run.lock
	@touch $@

$(VENV)/.installed-dev: pyproject.toml requirements/dev.lock
	@bash requirements/install.sh $(PYTHON) $(VENV) requirements/dev.lock
	@touch $@ $(VENV)/.installed

$(VENV)/.installed-docs: requirements/docs.lock | $(VENV)/.installed
	@bash requirements/install.sh $(PYTHON) $(VENV) requirements/docs.lock
	@touch $@
