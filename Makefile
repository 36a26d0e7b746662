# `make` alone lists the targets. Everything runs in .venv, which is made on demand.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/sh

VENV ?= .venv
BIN := $(VENV)/bin
# Which interpreter makes .venv; by default the first of these that TensorFlow has builds for.
PYTHON ?=
# A Python that was named is taken at its word, so that a new one can be tried.
SUITABLE = $(if $(PYTHON),sys.version_info >= (3, 10),(3, 10) <= sys.version_info[:2] <= (3, $(NEWEST)))
NEWEST ?= 13
# A file of versions that pip has to keep to.
CONSTRAINTS ?=
INSTALL = $(BIN)/python -m pip install --quiet $(addprefix --constraint ,$(CONSTRAINTS)) --editable
NO_PYTHON = No Python 3.10 to 3.$(NEWEST) with its venv module was found; install one, or name it: make PYTHON=/path/to/python3
PYTHONS := python3 python3.13 python3.12 python3.11 python3.10
# Tests that run at once: each may hold a TensorFlow of its own. A file stays on one worker, as its tests share runs.
WORKERS ?= 4
PYTEST := $(BIN)/python -m pytest -n auto --maxprocesses $(WORKERS) --dist loadfile --no-loadscope-reorder
# The script that `make demo` diagnoses.
DEMO ?= broken_scripts/exploding_init.py

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: demo
demo: $(VENV)/demo.stamp ## Install doctor into .venv and diagnose a broken script
	@# Exit status 1 says that doctor found the fault, which is what a demo is for.
	@echo "doctor diagnose $(DEMO)"; \
	status=0; $(BIN)/doctor diagnose $(DEMO) || status=$$?; \
	if [ $$status -ne 1 ]; then \
	    echo "make demo: doctor should have found the fault and exited with 1, not $$status." >&2; exit 1; \
	fi

.PHONY: test
test: $(VENV)/test.stamp ## Run all tests but the slow ones
	$(PYTEST) -m "not slow"

.PHONY: test-slow
test-slow: $(VENV)/test.stamp ## Run the slow tests: real trainings
	$(PYTEST) -m slow

# The oldest versions that doctor works with (tests/oldest.txt); they have builds for Python up to 3.12.
OLDEST := VENV=.venv-oldest NEWEST=12 CONSTRAINTS=tests/oldest.txt

.PHONY: test-oldest
test-oldest: ## Run the fast tests on the oldest TensorFlow and Keras that doctor works with
	$(MAKE) $(OLDEST) test

.PHONY: smoke-oldest
smoke-oldest: ## Run some whole scripts on them
	$(MAKE) $(OLDEST) smoke

# For .ci/run: succeeds where there is a Python with builds of these versions, also where one is named.
.PHONY: has-oldest
has-oldest:
	@for candidate in $(or $(PYTHON),$(PYTHONS)); do \
	    $$candidate -c 'import sys, venv, ensurepip; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 12))' \
	        2>/dev/null && exit; \
	done; exit 1

.PHONY: smoke
smoke: $(VENV)/test.stamp ## Run some whole scripts
	$(PYTEST) -m smoke

.PHONY: coverage
coverage: $(VENV)/test.stamp ## Measure which lines the fast tests run
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -q -m "not slow"
	$(BIN)/coverage combine -q
	$(BIN)/coverage report

.PHONY: benchmark
benchmark: $(VENV)/demo.stamp ## Measure what watching costs, how it grows, and how long judging takes: an hour
	$(BIN)/python benchmarks/overhead.py
	$(BIN)/python benchmarks/scale.py
	$(BIN)/python benchmarks/judging.py

.PHONY: accuracy
accuracy: $(VENV)/test.stamp ## Diagnose the whole corpus; write reports/accuracy.md
	$(BIN)/python -m tests.corpus.accuracy

.PHONY: proofs
proofs: $(VENV)/test.stamp ## Prove and repair the corpus, keeping recordings in KEEP=DIR; write reports/proofs.md: hours
	$(BIN)/python -m tests.corpus.proofs --keep $(if $(KEEP),$(KEEP),corpus_runs)

.PHONY: reports
reports: $(VENV)/demo.stamp ## Diagnose the five scripts and their repaired twins; write reports/
	$(BIN)/python reports/make.py

.PHONY: reference
reference: $(VENV)/demo.stamp ## Train the references on the whole data sets in DATA=DIR; write reports/reference.md
	$(BIN)/python reports/reference.py $(if $(DATA),--data $(DATA))

.PHONY: studies
studies: $(VENV)/demo.stamp ## Measure tf.data orders and vary a perceptron on the whole data in DATA=DIR; write reports/
	$(BIN)/doctor reference pipelines --out reports/pipelines $(if $(DATA),--data $(DATA))
	$(BIN)/doctor reference sweep --out reports/sweep $(if $(DATA),--data $(DATA))

.PHONY: lint
lint: $(VENV)/test.stamp ## Check style and types
	$(BIN)/flake8 doctor tests
	$(BIN)/mypy

.PHONY: docs
docs: $(VENV)/demo.stamp ## Write the pages that are made from docstrings
	$(BIN)/python docs/generate.py

.PHONY: clean
clean: ## Remove .venv and what tools leave behind
	rm -rf $(VENV) .venv-oldest build dist *.egg-info .pytest_cache .mypy_cache .coverage* htmlcov
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A stamp for each set of extras, so that a second run installs nothing.
$(VENV)/demo.stamp: $(VENV)/pip.stamp setup.cfg pyproject.toml
	$(INSTALL) '.[cpu]'
	@touch $@

$(VENV)/test.stamp: $(VENV)/pip.stamp setup.cfg pyproject.toml
	$(INSTALL) '.[cpu,test]'
	@touch $@ $(VENV)/demo.stamp

# The pip that comes with older Pythons cannot install a setup.cfg project as editable.
$(VENV)/pip.stamp:
	@for candidate in $(or $(PYTHON),$(PYTHONS)); do \
	    if $$candidate -c 'import sys, venv, ensurepip; sys.exit(not $(SUITABLE))' 2>/dev/null; then \
	        echo "Making $(VENV) with $$($$candidate --version)"; \
	        rm -rf $(VENV) && $$candidate -m venv $(VENV) && $(BIN)/python -m pip install --quiet --upgrade pip; \
	        exit; \
	    fi; \
	done; \
	echo "$(NO_PYTHON)" >&2; exit 1
	@touch $@
