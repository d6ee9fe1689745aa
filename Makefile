# `make run` opens the dashboard, `make test` passes the tests; both set up .venv by themselves.
PYTHON ?= python3
# Of the quick tests two workers are enough: each takes ten seconds to collect them.
WORKERS ?= 2
BIN := .venv/bin
# Asked first: a .venv that an older Python began would keep that Python.
NEW_VENV = $(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 or newer is needed, this is " + sys.version.split()[0] + ": make run PYTHON=python3.12")' \
	&& $(PYTHON) -m venv .venv && echo "Installing into .venv (about 200 MB to download, once) ..."
PIP_INSTALL = $(BIN)/python -m pip install --quiet --progress-bar on --disable-pip-version-check

.PHONY: run test test-all test-rest check format bench torture audit lock

.venv/run-ready: requirements.txt
	$(NEW_VENV)
	$(PIP_INSTALL) -r requirements.txt
	touch $@

.venv/test-ready: requirements.txt requirements-dev.txt
	$(NEW_VENV)
	$(PIP_INSTALL) -r requirements-dev.txt
	touch $@

run: .venv/run-ready
	$(BIN)/python -m streamlit run app.py

# Byte code is kept also where the environment says otherwise: without it each worker, server and command of
# the tests compiles everything anew.
test test-all test-rest: export PYTHONDONTWRITEBYTECODE =
QUICK = pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

# The quick tests (tests/tiers.py): three minutes on two cores. COVERAGE=1 counts the statements of ita/ that
# they run in their own processes, which takes a third longer, and fails below the floor in pyproject.toml.
COVERAGE ?=
test: .venv/test-ready
	$(BIN)/python -m $(QUICK) $(if $(COVERAGE),-m "not slow and not timed" --cov --cov-report=term)

# Every test, with all examples of the property tests, kills and a real browser: twenty minutes.
test-all: .venv/test-ready
	ITA_TESTS=full $(BIN)/python -m pytest -m "" -n 3 --dist loadfile

# What `make test` leaves out: the slow tests, and all examples of the property tests. Says last where the
# time went.
test-rest: .venv/test-ready
	ITA_TESTS=full $(BIN)/python -m pytest -m "slow or property" -n 3 --dist loadfile --durations=40

check: .venv/test-ready
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m mypy

format: .venv/test-ready
	$(BIN)/python -m ruff check --fix .
	$(BIN)/python -m ruff format .

bench: .venv/test-ready
	$(BIN)/python -m benchmarks

# Known holes in what is installed; says so where the list can't be reached.
audit: .venv/test-ready
	$(BIN)/python .ci/audit.py

# Kills, faults, mutated files, small things that would stop the server, many at once: an hour or more, figures in docs/reliability.md.
torture: .venv/test-ready
	$(BIN)/python -m tests.torture

# requirements*.txt from pyproject.toml: every package of every platform with its hashes. Needs uv (`pip install uv`).
LOCK = uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-annotate \
	--no-emit-index-url --unsafe-package pip --quiet --custom-compile-command "make lock"
lock:
	$(LOCK) --output-file requirements.txt
	$(LOCK) --group dev --constraint requirements.txt --output-file requirements-dev.txt
