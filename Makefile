# Two commands matter: `make run` opens the screens, `make test` runs every test.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: run test lab lock clean

run: $(VENV)/.installed
	@$(BIN)/copilot ingest
	@$(BIN)/copilot ui

test: $(VENV)/.installed-test
	@bash tests/install-system.sh
	@$(BIN)/python -m pytest

lab: $(VENV)/.installed-test
	@$(BIN)/jupyter lab notebooks

# uv installs a lock file in seconds; it comes from the package index like everything else.
$(BIN)/uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed (set PYTHON=…)"; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv

$(VENV)/.installed: requirements.lock pyproject.toml | $(BIN)/uv
	@echo "Installing Porte-voix into $(VENV)…"
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --compile-bytecode -r requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps -e .
	@touch $@

$(VENV)/.installed-test: requirements-test.lock pyproject.toml | $(BIN)/uv
	@echo "Installing Porte-voix and its test tools into $(VENV)…"
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --compile-bytecode -r requirements-test.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps -e .
	@touch $@ $(VENV)/.installed

# The locks hold exact versions for every platform; `requirements-test.lock` holds all extras.
lock: $(BIN)/uv
	$(BIN)/uv pip compile --quiet --universal --no-header --no-annotate --no-emit-index-url --python-version 3.11 pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --no-header --no-annotate --no-emit-index-url --python-version 3.11 --all-extras -c requirements.lock pyproject.toml -o requirements-test.lock

clean:
	rm -rf $(VENV) .copilot build *.egg-info
