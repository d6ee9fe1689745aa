# `make run` opens the dashboard, `make test` passes the tests; both set up .venv by themselves.
PYTHON ?= python3
WORKERS ?= 3
BIN := .venv/bin

.PHONY: run test check format bench torture audit

.venv/run-ready: requirements.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

.venv/test-ready: requirements.txt requirements-dev.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@

run: .venv/run-ready
	$(BIN)/python -m streamlit run app.py

test: .venv/test-ready
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile

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

# Kills, faults, mutated files, many at once: an hour or more, figures in docs/reliability.md.
torture: .venv/test-ready
	$(BIN)/python -m tests.torture
