# make run    everything from a clean clone, then serve on http://127.0.0.1:8000
# make test   everything from a clean clone, then lint, types, architecture and the whole test suite
# make check  the quick path for yourself: lint, types, architecture, tests without engine and browser
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
UV_VERSION := 0.9
UV := $(shell command -v uv 2>/dev/null || echo .tools/bin/uv)
PYTHON_VERSION := 3.11
export RASA_TELEMETRY_ENABLED := false
export UV_LINK_MODE := copy

.PHONY: help run test check setup lint types architecture lock bench clean

help:
	@sed -n 's/^# \(make .*\)/\1/p' Makefile

run: setup
	.venv/bin/fangzha up

test: setup .venv/browser
	$(MAKE) lint types architecture
	.venv/bin/fangzha content check
	.venv/bin/pytest $(PYTEST)

check: .venv/ready
	$(MAKE) lint types architecture
	.venv/bin/pytest -q -m "not engine and not browser and not slow" $(PYTEST)

setup: .venv/ready .venv-rasa/ready

lint: .venv/ready
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .

types: .venv/ready
	.venv/bin/mypy

architecture: .venv/ready
	.venv/bin/lint-imports --no-logo 2>/dev/null || .venv/bin/lint-imports

# -- tools and environments: each step leaves a stamp, so an interrupted first run goes on where it stopped -----------

.tools/bin/uv:
	@echo "== bringing uv"
	python3 -m venv .tools
	.tools/bin/pip install --quiet --disable-pip-version-check "uv>=$(UV_VERSION)"

$(filter .tools/bin/uv,$(UV)):

.tools/python: $(filter .tools/bin/uv,$(UV))
	@mkdir -p .tools
	@$(UV) python find $(PYTHON_VERSION) >/dev/null 2>&1 || { echo "== bringing Python $(PYTHON_VERSION)"; $(UV) python install $(PYTHON_VERSION); }
	@$(UV) python find $(PYTHON_VERSION) > $@

.venv/ready: requirements/dev.txt pyproject.toml | .tools/python
	@echo "== app environment (about 0.7 GB)"
	test -x .venv/bin/python || $(UV) venv --quiet --python "$$(cat .tools/python)" .venv
	VIRTUAL_ENV=.venv $(UV) pip sync --require-hashes --compile-bytecode requirements/dev.txt
	VIRTUAL_ENV=.venv $(UV) pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

.venv-rasa/ready: requirements/rasa.txt | .tools/python
	@echo "== dialogue engine environment (about 2.6 GB, most of it TensorFlow)"
	test -x .venv-rasa/bin/python || $(UV) venv --quiet --python "$$(cat .tools/python)" .venv-rasa
	VIRTUAL_ENV=.venv-rasa $(UV) pip sync --require-hashes --compile-bytecode requirements/rasa.txt
	cp bot/engine/quiet.pth .venv-rasa/lib/python$(PYTHON_VERSION)/site-packages/fangzha_quiet.pth
	touch $@

# The browser tests want Chromium and Chinese fonts. As root on Debian they are brought; elsewhere those tests say so and skip.
.venv/browser: | .venv/ready
	@if command -v chromium >/dev/null && fc-list 2>/dev/null | grep -qi "noto.*cjk"; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "== Chromium and Chinese fonts"; apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium fonts-noto-cjk fontconfig >/dev/null; \
	else echo "== no Chromium here: the browser tests will be skipped"; fi
	touch $@

# -- for maintainers ---------------------------------------------------------------------------------------------------

lock:
	$(UV) lock
	for group in app ocr dev rasa; do $(UV) export --quiet --only-group $$group --no-emit-project --no-header --output-file requirements/$$group.txt; done

bench: setup
	.venv/bin/python -m benchmarks.run

clean:
	rm -rf .venv .venv-rasa .tools var models results build *.egg-info
