# Everything starts here: `make run` and `make test` need Python 3.11, make and a package index, nothing else.
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help run test coverage check bench format lock examples migrations messages clean

help: ## Show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

.venv/.installed: requirements/dev.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -c 'import uv' 2>/dev/null || $(BIN)/python -m pip install --quiet uv
	@$(BIN)/uv pip sync --quiet --python $(BIN)/python requirements/dev.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --editable .
	@touch $@

node_modules/.installed: package-lock.json package.json scripts/install_frontend.py .venv/.installed
	@$(BIN)/python scripts/install_frontend.py
	@touch $@

var/.messages: $(shell find src -name '*.po') .venv/.installed
	@mkdir -p $(@D)
	@$(BIN)/python scripts/compile_messages.py
	@touch $@

run: .venv/.installed node_modules/.installed var/.messages ## Set up what is missing, load the examples, serve on 127.0.0.1:8000
	@$(BIN)/chengshu demo

test: .venv/.installed node_modules/.installed var/.messages ## Install what the tests need, then run every test
	@$(BIN)/python scripts/install_chromium.py
	@$(BIN)/python -m pytest -n auto -m 'not spark'
	@$(BIN)/python -m pytest -n 0 -m spark -q
	@$(BIN)/python scripts/run_on_postgresql.py $(BIN)/python -m pytest -n auto -q -m database

coverage: .venv/.installed node_modules/.installed var/.messages ## Run the tests on SQLite and tell which lines and branches none of them reaches
	@$(BIN)/python scripts/install_chromium.py
	@$(BIN)/python -m pytest -n auto -m 'not spark' --cov --cov-report=term:skip-covered

check: .venv/.installed node_modules/.installed var/.messages ## Format, lint, types, contracts, dependency audit
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python scripts/audit_dependencies.py

bench: .venv/.installed node_modules/.installed var/.messages ## Measure speed and memory against the floor underneath
	@$(BIN)/python -m benchmarks --full

format: .venv/.installed ## Format and mend what can be mended
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

lock: ## Resolve the dependencies anew (needs .venv)
	@$(BIN)/uv pip compile -q pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-annotate --no-header -o requirements/dev.lock

examples: .venv/.installed node_modules/.installed ## Print the example records into examples/files
	@$(BIN)/python scripts/render_examples.py

migrations: .venv/.installed ## Write migrations for changed models
	@$(BIN)/chengshu manage makemigrations

messages: .venv/.installed ## Bring the English catalogues, docs/findings.md, docs/openapi.json and docs/pipelines.md in step with the code
	@$(BIN)/python scripts/collect_messages.py
	@$(BIN)/python scripts/document_findings.py
	@$(BIN)/python scripts/document_interface.py
	@$(BIN)/python scripts/document_pipelines.py

clean: ## Remove caches (not your data in var/)
	@rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache htmlcov .coverage
