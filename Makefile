# `make run` opens the dashboard, `make test` passes the tests; both set up .venv by themselves.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: run test check format bench

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
	$(BIN)/python -m pytest

check: .venv/test-ready
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m mypy

format: .venv/test-ready
	$(BIN)/python -m ruff check --fix .
	$(BIN)/python -m ruff format .

bench: .venv/test-ready
	$(BIN)/python -m benchmarks
