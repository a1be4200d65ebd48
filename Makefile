# The verbs of the workshop. The first of them sets up .venv; later ones find it ready.
PYTHON ?= python3
PYTEST_FLAGS ?= -n auto
EXAMPLES ?= 100000
BIN := .venv/bin

.PHONY: demo test lint types fuzz bench clean

demo: .venv/.stamp
	$(BIN)/sharedfate check models/architectures/imessage.fate --graph out/

test: .venv/.stamp
	$(BIN)/pytest $(PYTEST_FLAGS)

lint: .venv/.stamp
	$(BIN)/ruff check .

types: .venv/.stamp
	$(BIN)/mypy

# Engine against brute force on EXAMPLES random models.
fuzz: .venv/.stamp
	SHAREDFATE_EXAMPLES=$(EXAMPLES) $(BIN)/pytest $(PYTEST_FLAGS) -m "referee or fuzz"

bench: .venv/.stamp
	$(BIN)/python benchmarks/run.py

clean:
	rm -rf .venv out build checker/*.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find checker tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

# Pinned versions with hashes first; then the project itself, in place, from what is already there.
.venv/.stamp: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 or later is needed, this is " + sys.version.split()[0] + "; try: make PYTHON=python3.11")'
	$(PYTHON) -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --no-index --editable .
	$(BIN)/python -m compileall -q checker  # the first run is as fast as the second, also where Python may not write
	@touch $@
