# Everything runs from .venv, which the first target that needs it builds from the lock file.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
SITE := .venv-site
PEERS := .venv-bench
PEERS_READY := $(PEERS)/.ready
SITE_READY := $(SITE)/.ready
BROWSER := .cache/browser
BROWSER_READY := $(BROWSER)/.ready
PYRIGHT := .cache/pyright
PYRIGHT_READY := $(PYRIGHT)/.ready
DOCUMENTS := .cache/documents
DOCUMENTS_READY := $(DOCUMENTS)/.ready
CLIENT := .cache/openapi-client
CLIENT_READY := $(CLIENT)/.ready
FOREIGN := .cache/foreign
FOREIGN_READY := $(FOREIGN)/.ready
FRAMES := .cache/frames
FRAMES_READY := $(FRAMES)/.ready
LOWEST := .cache/lowest
LOWEST_READY := $(LOWEST)/.ready
PYTHONS := .cache/pythons
PYTHONS_READY := $(PYTHONS)/.ready

# Images of Python set it; then each of the hundred programs that the tests start compiles all that it imports.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help generate check lint pyright test lowest drift build interface bench atlas soak mock site browser tools lock clean

help: ## Show this list.
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

generate: $(READY) ## Write generated/ from specs/ and templates/.
	@$(BIN)/python -m generator generate --timings

check: $(READY) ## Say whether generated/ is what specs/ and templates/ make.
	@$(BIN)/python -m generator check

lint: $(READY) ## Run ruff, black, mypy --strict, pyright and the rooms' contracts over generator, tests and output.
	@$(BIN)/lint-imports --no-cache --no-logo >.venv/rooms.txt 2>&1 || { cat .venv/rooms.txt; exit 1; }
	@$(BIN)/ruff check generator tests generated
	@$(BIN)/black --check --quiet generator tests generated templates/venues/core
	@$(BIN)/mypy
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory pyright; else echo "no npm: pyright does not run" >&2; fi

pyright: $(READY) $(PYRIGHT_READY) $(FRAMES_READY) ## Check what a user gets with pyright, too: no error, every public type known, open enums.
	@PATH="$$PWD/$(BIN):$$PATH" $(PYRIGHT)/node_modules/.bin/pyright generated/venues
	@PATH="$$PWD/$(BIN):$$PATH" $(PYRIGHT)/node_modules/.bin/pyright --project tests/typed
	@PATH="$$PWD/$(BIN):$$PATH" $(PYRIGHT)/node_modules/.bin/pyright --project tests/users
	@PATH="$$PWD/$(BIN):$$PATH" $(PYRIGHT)/node_modules/.bin/pyright --verifytypes venues --ignoreexternal >$(PYRIGHT)/types.txt || { cat $(PYRIGHT)/types.txt; exit 1; }

test: $(READY) ## Run the tests, in as many processes as there are cores.
	@$(BIN)/python -m pytest --numprocesses auto --dist worksteal

lowest: $(LOWEST_READY) ## Test transports, sending and limits with the lowest versions that pyproject.toml allows.
	@PYTHONPATH=generated $(LOWEST)/bin/python -m pytest tests/test_transports.py tests/test_sending.py tests/test_limits.py tests/test_network.py

drift: $(READY) ## Fetch the documentation that the specs name, and say what changed: make drift API=sixmm WRITE=1
	@$(BIN)/python -m generator drift $(API) $(if $(WRITE),--write)

build: $(READY) ## Build the wheel and the source archive into dist/.
	@$(BIN)/python -m build --no-isolation --outdir dist .

interface: $(READY) ## Say what breaks programs since the last tag, or another commit: make interface SINCE=v0.1.0
	@since="$(or $(SINCE),$$(git describe --tags --abbrev=0 2>/dev/null))"; \
	if [ -z "$$since" ]; then echo "there is no tag yet: nothing to compare with"; else \
	$(BIN)/griffe check venues --search generated --against "$$since" --extensions $(dir $(lastword $(MAKEFILE_LIST)))tests/tools/public_interface.py; fi

bench: $(READY) $(PEERS_READY) ## Time it against what a user would pick instead.
	@$(BIN)/python -m tests.bench --peers $(PEERS)/bin/python --keep

atlas: $(READY) $(PEERS_READY) ## Sign as 80 exchanges do, compare with ccxt byte for byte, and write the table to specs/atlas.json.
	@$(BIN)/python -m tests.atlas --peers $(PEERS)/bin/python --keep

soak: $(READY) ## Orders, then streams, through random misbehavior, a minute each: make soak SECONDS=600 SEED=7
	@PYTHONPATH=generated $(BIN)/python -m tests.soak.orders --seconds $(or $(SECONDS),60) $(if $(SEED),--seed $(SEED)) $(if $(ORDERS),--orders $(ORDERS))
	@PYTHONPATH=generated $(BIN)/python -m tests.soak.streams --seconds $(or $(SECONDS),60) $(if $(SEED),--seed $(SEED))

mock: $(READY) ## Serve a mock exchange on port 8080: make mock API=bitget_margin
	@$(BIN)/python -m venues mock $(or $(API),bitget_margin) --port $(or $(PORT),8080)

site: $(READY) $(SITE_READY) ## Build the reference site into site/; ADDRESS=https://… is where it will be published.
	@$(BIN)/python -m generator check >/dev/null || echo "generated/ is not up to date: run make generate" >&2
	@$(SITE)/bin/python -m generator.site $(if $(ADDRESS),--address $(ADDRESS))

browser: $(BROWSER_READY) site ## Test the site in a real browser, with pictures in .cache/pictures (needs chromium, chromedriver and npm).
	@$(BIN)/python -m pytest tests/browser

tools: $(BROWSER_READY) $(CLIENT_READY) $(DOCUMENTS_READY) $(FRAMES_READY) $(FOREIGN_READY) $(PYTHONS_READY) site ## Install what the tests that else skip need, beside a browser and Redis.

lock: ## Resolve pyproject.toml into the lock files (needs uv).
	uv pip compile pyproject.toml --all-extras --group generator --group test --group build --universal \
	  --python-version 3.11 --generate-hashes --no-header --quiet -o requirements.lock
	uv pip compile --group pyproject.toml:site --universal \
	  --python-version 3.11 --generate-hashes --no-header --quiet -o requirements-site.lock
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header --quiet -o tests/tools/runtime.lock
	uv pip compile tests/tools/frames.in --universal --python-version 3.11 --generate-hashes --no-header --quiet -o tests/tools/frames.lock
	uv pip compile tests/tools/openapi_client.in --universal --python-version 3.11 --generate-hashes --no-header --quiet -o tests/tools/openapi_client.lock
	uv pip compile pyproject.toml tests/tools/lowest.in --all-extras --resolution lowest-direct --universal \
	  --python-version 3.11 --generate-hashes --no-header --quiet -o tests/tools/lowest.lock

clean: ## Remove what the tools left behind (not generated/, which is committed).
	rm -rf $(VENV) $(SITE) $(PEERS) .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis dist site

$(READY): requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit("Venues needs Python 3.11 or newer; set PYTHON=…" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	@$(BIN)/python -c 'import pathlib, site; pathlib.Path(site.getsitepackages()[0], "venues.pth").write_text(str(pathlib.Path("generated").resolve()) + "\n")'
	@touch $(READY)

$(SITE_READY): requirements-site.lock
	$(PYTHON) -m venv $(SITE)
	$(SITE)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-site.lock
	@touch $(SITE_READY)

$(BROWSER_READY): $(READY) tests/tools/browser.lock tests/tools/package-lock.json
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --target $(BROWSER) --upgrade --requirement tests/tools/browser.lock
	cp tests/tools/package.json tests/tools/package-lock.json $(BROWSER)
	if command -v npm >/dev/null; then npm ci --silent --prefix $(BROWSER); else echo "no npm: accessibility is not tested" >&2; fi
	@touch $(BROWSER_READY)

$(PYRIGHT_READY): tests/tools/pyright/package-lock.json
	mkdir -p $(PYRIGHT) && cp tests/tools/pyright/package.json tests/tools/pyright/package-lock.json $(PYRIGHT)
	npm ci --silent --no-audit --no-fund --ignore-scripts --prefix $(PYRIGHT)
	@touch $(PYRIGHT_READY)

$(DOCUMENTS_READY): tests/tools/documents/package-lock.json
	mkdir -p $(DOCUMENTS) && cp tests/tools/documents/package.json tests/tools/documents/package-lock.json $(DOCUMENTS)
	if command -v npm >/dev/null; then npm ci --silent --no-audit --no-fund --ignore-scripts --prefix $(DOCUMENTS); else echo "no npm: documents are not given to other tools" >&2; fi
	@touch $(DOCUMENTS_READY)

$(CLIENT_READY): tests/tools/openapi_client.lock
	$(PYTHON) -m venv $(CLIENT)
	$(CLIENT)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement tests/tools/openapi_client.lock
	@touch $(CLIENT_READY)

$(FOREIGN_READY): tests/tools/foreign.lock
	$(PYTHON) -m venv $(FOREIGN)
	$(FOREIGN)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement tests/tools/foreign.lock
	@touch $(FOREIGN_READY)

$(FRAMES_READY): $(READY) tests/tools/frames.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --target $(FRAMES) --upgrade --requirement tests/tools/frames.lock
	@touch $(FRAMES_READY)

$(LOWEST_READY): tests/tools/lowest.lock
	$(PYTHON) -m venv $(LOWEST)
	$(LOWEST)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement tests/tools/lowest.lock
	@touch $(LOWEST_READY)

# Those that this machine has, of the versions that the package is for beside the oldest.
$(PYTHONS_READY): tests/tools/runtime.lock
	@for version in 3.12 3.13 3.14; do \
	  for python in $$(command -v python$$version) "$${PYENV_ROOT:-$$HOME/.pyenv}"/versions/$$version.*/bin/python; do \
	    if "$$python" -c '' 2>/dev/null; then \
	      "$$python" -m venv $(PYTHONS)/$$version && $(PYTHONS)/$$version/bin/python -m pip install --quiet \
	        --disable-pip-version-check --require-hashes --requirement tests/tools/runtime.lock || exit 1; \
	      break; \
	    fi; \
	  done; \
	done
	@mkdir -p $(PYTHONS) && touch $(PYTHONS_READY)

$(PEERS_READY): tests/bench/requirements.lock
	$(PYTHON) -m venv $(PEERS)
	$(PEERS)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement tests/bench/requirements.lock
	@$(PEERS)/bin/python -m compileall -qq $(PEERS)/lib || true  # a peer ships files that are no Python
	@touch $(PEERS_READY)
