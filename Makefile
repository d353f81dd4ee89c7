# Everything runs from .venv, which the first target that needs it builds from the lock file.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help generate check lint test mock lock clean

help: ## Show this list.
	@awk -F':.*## ' '/^[a-z]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

generate: $(READY) ## Write generated/ from specs/ and templates/.
	@$(BIN)/python -m generator generate --timings

check: $(READY) ## Say whether generated/ is what specs/ and templates/ make.
	@$(BIN)/python -m generator check

lint: $(READY) ## Run ruff and mypy --strict over generator, tests and output.
	@$(BIN)/ruff check generator tests generated
	@$(BIN)/black --check --quiet generator tests generated templates/venues/core
	@$(BIN)/mypy

test: $(READY) ## Run the tests.
	@$(BIN)/python -m pytest

mock: $(READY) ## Serve a mock exchange on port 8080: make mock API=bitget_margin
	@$(BIN)/python -m venues mock $(or $(API),bitget_margin) --port $(or $(PORT),8080)

lock: ## Resolve pyproject.toml into requirements.lock (needs uv).
	uv pip compile pyproject.toml --all-extras --group generator --group test --universal \
	  --python-version 3.11 --generate-hashes --no-header --quiet -o requirements.lock

clean: ## Remove what the tools left behind (not generated/, which is committed).
	rm -rf $(VENV) .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis dist site

$(READY): requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit("Venues needs Python 3.11 or newer; set PYTHON=…" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	@$(BIN)/python -c 'import pathlib, site; pathlib.Path(site.getsitepackages()[0], "venues.pth").write_text(str(pathlib.Path("generated").resolve()) + "\n")'
	@touch $(READY)
