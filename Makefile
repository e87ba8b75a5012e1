# One verb each; `make install` is done by those that need it, and again only when pyproject.toml has changed.
PYTHON ?= python3
BIN := .venv/bin
TSC := $(BIN)/node node_modules/typescript/bin/tsc
JOBS ?= 2
JS_TESTS := $(BIN)/node --test 'tests/js/**/*.test.js'

.PHONY: install fmt lint types js test test-backends demo docs screenshots comparison browser redis

install: .venv/.installed

.venv/.installed: pyproject.toml setup.py
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --editable '.[tensorflow,dev,docs,redis]'
	touch $@

fmt: install
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lint: install
	$(BIN)/ruff check .

# mypy does not follow editable installs of mapped folders: links give it the packages' true names.
types: install node_modules/.installed
	mkdir -p .typing/inspectree
	for folder in logger server dashboard sample_experiments; do ln -sfn ../../$$folder .typing/inspectree/$$folder; done
	$(BIN)/mypy
	$(TSC)

# The page's JavaScript has no build step: TypeScript only reads it. Node is in the virtual environment.
node_modules/.installed: package.json package-lock.json .venv/.installed
	$(BIN)/npm ci --loglevel=error --ignore-scripts
	touch $@

js: install node_modules/.installed
	$(TSC)
	$(JS_TESTS)

browser:
	@command -v chromium-headless-shell \
		|| { [ "$$(id -u)" = 0 ] && apt-get update -qq && apt-get install -y -qq chromium-headless-shell; } \
		|| command -v chromium || command -v chromium-browser || command -v google-chrome \
		|| { echo 'tests need a browser: install chromium (Debian: chromium-headless-shell)' >&2; exit 1; }

redis:
	@command -v redis-server || { apt-get update -qq && apt-get install -y -qq redis-server; } \
		|| { echo 'tests need a Redis: install redis-server (Debian: apt-get install redis-server)' >&2; exit 1; }

# JOBS is how many files of tests are run at the same time; in their order, for the longest ones, which drive a
# browser, come first.
test: install node_modules/.installed browser redis
	$(JS_TESTS)
	$(BIN)/python -I -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder

# The logger's tests on Keras' other backends, each in an environment of its own.
test-backends: .venv-jax/.installed .venv-torch/.installed
	KERAS_BACKEND=jax .venv-jax/bin/python -I -m pytest tests/logger
	KERAS_BACKEND=torch .venv-torch/bin/python -I -m pytest tests/logger

.venv-jax/.installed: pyproject.toml setup.py
	$(PYTHON) -m venv .venv-jax
	.venv-jax/bin/python -m pip install --quiet --editable '.[jax,dev]'
	touch $@

.venv-torch/.installed: pyproject.toml setup.py
	$(PYTHON) -m venv .venv-torch
	.venv-torch/bin/python -m pip install --quiet torch==2.13.0
	.venv-torch/bin/python -m pip install --quiet --editable '.[torch,dev]'
	touch $@

# DEMO takes options of `inspectree demo`: make demo DEMO=--no-serve
demo: install
	$(BIN)/inspectree demo $(DEMO)

# The site, in build/docs; what is made from code is written first. It needs no network, and a broken link ends it.
docs: install
	$(BIN)/python -I -m inspectree.server.grammar.document docs/grammar.md
	$(BIN)/python -I -m inspectree.server.interestingness.document docs/interestingness.md
	$(BIN)/python -I -m inspectree.server.api.document docs/rest.md
	$(BIN)/python -I -m inspectree.dashboard.document docs/tools.md
	$(BIN)/zensical build --strict

screenshots: install browser
	$(BIN)/python -I scripts/screenshots.py docs/screenshots

# Beside TensorBoard, MLflow and Weights & Biases, in an environment of their own: COMPARISON takes options.
comparison: .venv-comparison/.installed
	.venv-comparison/bin/python benchmarks/comparison.py $(COMPARISON)

.venv-comparison/.installed: pyproject.toml setup.py
	$(PYTHON) -m venv .venv-comparison
	.venv-comparison/bin/python -m pip install --quiet --editable '.[tensorflow,bench]' mlflow wandb
	touch $@
