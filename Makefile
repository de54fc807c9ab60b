# make run     installs what is needed and serves the product at a local address
# make demo    plays months of office life into the database that make run serves
# make test    installs what is needed and checks everything
# make bench   the benchmarks; make lock: resolve the dependencies anew; make clean: remove what is built
# Needs sh and Python 3.11 or newer. A second run does only what has changed.

PYTHON ?= python3
WORKERS ?= 2
ARGS ?=
VENV := .venv
PY := $(VENV)/bin/python

.DEFAULT_GOAL := help
.PHONY: help install dev run demo test lint bench lock clean web

help:
	@sed -n '1,5s/^# //p' Makefile

install: $(VENV)/.installed $(VENV)/.project web

dev: $(VENV)/.installed-dev $(VENV)/.project web

run: install
	@$(VENV)/bin/quytrinh serve $(ARGS)

demo: install
	@$(VENV)/bin/quytrinh demo $(ARGS)

test: lint
	@$(PY) -m pytest -n $(WORKERS) --dist worksteal $(ARGS)

lint: dev
	@$(VENV)/bin/ruff check --quiet .
	@$(VENV)/bin/ruff format --check --quiet .
	@$(VENV)/bin/mypy --no-error-summary
	@$(VENV)/bin/lint-imports --no-logo > $(VENV)/lint-imports.txt || { cat $(VENV)/lint-imports.txt; exit 1; }

bench: dev
	@$(PY) -m bench $(ARGS)

web: $(VENV)/.project
	@$(PY) api/web/hatch_build.py

clean:
	rm -rf $(VENV) api/web/dist api/web/node_modules

# The locks hold every platform, hashes and no index address; what the index is stays the machine's affair.
COMPILE = $(VENV)/bin/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 \
  --generate-hashes --no-header --no-annotate --no-emit-index-url
lock: $(VENV)/.installed
	@$(COMPILE) --upgrade --group dev -o requirements-dev.lock
	@$(COMPILE) --upgrade --group build --constraint requirements-dev.lock -o requirements.lock
	@echo 'pyspark>=4.3,<5' | $(subst pyproject.toml,-,$(COMPILE)) --upgrade -o requirements-spark.lock

$(PY):
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed: make PYTHON=python3.13 ..." if sys.version_info < (3, 11) else 0)'
	@$(PYTHON) -m venv $(VENV)

# uv, itself pinned by the lock, is ten times faster than pip; where it cannot run, pip does the same.
define install_lock
@echo "Installing $(1) ..."
@sed -n '/^uv==/,/[^\\]$$/p' $(1) > $(VENV)/uv.txt
@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r $(VENV)/uv.txt || true
@$(VENV)/bin/uv pip install --quiet --python $(PY) --require-hashes -r $(1) \
  || $(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r $(1)
@touch $@
endef

$(VENV)/.installed: requirements.lock | $(PY)
	$(call install_lock,requirements.lock)

$(VENV)/.installed-dev: requirements-dev.lock | $(PY)
	$(call install_lock,requirements-dev.lock)
	@touch $(VENV)/.installed

# The project itself, editable; its build hook makes the web files.
$(VENV)/.project: pyproject.toml | $(VENV)/.installed
	@echo "Installing quytrinh ..."
	@$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@
