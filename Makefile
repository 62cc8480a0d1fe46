# Two commands do everything on a machine with Python 3.11 or newer and make.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
CORES := $(shell nproc 2>/dev/null || echo 2)

.PHONY: site test serve check benchmarks clean

# Where the site will live: the permalinks on its pages begin with it.
site serve: export REPORTGEN_URL ?= https://example.github.io/reportgen/

site: $(VENV)/.site ## Build the site of this repository into site/
	$(BIN)/reportgen build --strict --jobs $(CORES)

test: $(VENV)/.test ## Check style, types and behaviour
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest -n $(CORES)

serve: $(VENV)/.site ## Build, serve on loopback, rebuild on change
	$(BIN)/reportgen serve --jobs $(CORES)

clean: ## Remove everything that was made
	rm -rf build site dist $(VENV)

$(VENV)/.site: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	$(BIN)/python -m compileall -q reportgen # as pip does with what is not editable
	touch $@

$(VENV)/.test: pyproject.toml $(VENV)/.site
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $@
