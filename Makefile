# One verb each; `make install` is done by those that need it, and again only when pyproject.toml has changed.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: install fmt lint types test demo browser

install: .venv/.installed

.venv/.installed: pyproject.toml setup.py
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --editable '.[tensorflow,dev]'
	touch $@

fmt: install
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lint: install
	$(BIN)/ruff check .

# mypy does not follow editable installs of mapped folders: links give it the packages' true names.
types: install
	mkdir -p .typing/inspectree
	for folder in logger server dashboard sample_experiments; do ln -sfn ../../$$folder .typing/inspectree/$$folder; done
	$(BIN)/mypy

browser:
	@command -v chromium || command -v chromium-browser || command -v google-chrome \
		|| { apt-get update -qq && apt-get install -y -qq chromium; } \
		|| { echo 'tests need a browser: install chromium (Debian: apt-get install chromium)' >&2; exit 1; }

test: install browser
	$(BIN)/python -I -m pytest

demo: install
	$(BIN)/inspectree demo
