# `make demo` and `make test` do all the set-up on a machine with Python 3.11+, git and make.

PYTHON ?= python3
VENV ?= .venv
# A folder of wheels (`make wheelhouse DIR=...`), to install without a network.
WHEELS ?=
# Where pip finds the build of torch for your device; see "CPU or CUDA" in the README.
TORCH_INDEX ?=

BIN := $(VENV)/bin
RUN := $(BIN)/python
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
SOURCE := $(if $(WHEELS),--no-index --find-links "$(WHEELS)",$(if $(TORCH_INDEX),--extra-index-url "$(TORCH_INDEX)",))
DIR ?= wheelhouse
TESTS ?= src/tests

.DEFAULT_GOAL := help
.PHONY: help demo test fast test-docs torture bench lint types format wheelhouse clean

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

$(VENV)/.made:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, this is %d.%d: make PYTHON=python3.12" % sys.version_info[:2])'
	$(PYTHON) -m venv "$(VENV)"
	$(PIP) install $(SOURCE) --upgrade pip setuptools wheel -c constraints.txt
	@touch $@

$(VENV)/.base: $(VENV)/.made pyproject.toml constraints.txt
	$(PIP) install $(SOURCE) --no-build-isolation -c constraints.txt -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.made pyproject.toml constraints.txt
	$(PIP) install $(SOURCE) --no-build-isolation -c constraints.txt -e ".[dev]"
	@touch $@ $(VENV)/.base

demo: $(VENV)/.base  ## preprocess, train and test on the committed sample; prints scores and where the report lies
	$(RUN) run_modeling.py task=ner "stage=[preprocess,train,test]"

test: $(VENV)/.dev  ## the whole suite; names what it skipped and why
	$(RUN) -m pytest $(TESTS) -n 2 --dist loadgroup -m "not torture and not docs" $(PYTEST_FLAGS)

fast: $(VENV)/.dev  ## the fast tier
	$(RUN) -m pytest $(TESTS) -n 2 --dist loadgroup -m "not slow and not torture and not docs" $(PYTEST_FLAGS)

test-docs: $(VENV)/.dev  ## run every command block of the documents
	$(RUN) -m pytest src/tests/docs -m docs $(PYTEST_FLAGS)

torture: $(VENV)/.dev  ## the survival tests in full
	$(RUN) -m pytest $(TESTS) -m torture --timeout 7200 $(PYTEST_FLAGS)

bench: $(VENV)/.dev  ## benchmarks; one JSON line each
	$(RUN) -m benchmarks $(BENCH)

lint: $(VENV)/.dev  ## ruff
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev  ## mypy, strict
	$(BIN)/mypy

format: $(VENV)/.dev  ## put the code in order
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

wheelhouse: $(VENV)/.made  ## collect every wheel that `make demo WHEELS=DIR` and `make test WHEELS=DIR` need
	$(PIP) wheel $(SOURCE) --wheel-dir "$(DIR)" -c constraints.txt pip setuptools wheel ".[dev]"
	rm -f "$(DIR)"/tengjia-*.whl

clean:  ## remove the environment and everything that runs left
	rm -rf "$(VENV)" build data .pytest_cache .mypy_cache .ruff_cache .hypothesis
