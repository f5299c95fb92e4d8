# make demo and make test need nothing but Python 3.11+: `setup` brings the rest.
PYTHON_IN_VENV := .venv/bin/python
PYTEST := $(PYTHON_IN_VENV) -m pytest
WORKERS ?= 2

.DEFAULT_GOAL := help
.PHONY: help setup demo test accuracy recall bench clean

help:    ## this list
	@sed -n 's/^\([a-z]*\):[^#]*## /  make \1	/p' Makefile

setup:   ## .venv, a browser, a Chinese font; quick when they are there
	@sh scripts/setup.sh

demo: setup   ## inspect the built-in site; its planted faults (exit status 1 of pytest) are the expected end
	@$(PYTEST) --site=demo; status=$$?; [ $$status -le 1 ] || exit $$status

test: setup   ## the project's own tests
	@$(PYTEST) -n $(WORKERS)

accuracy: setup   ## the readers against labelled pages: make accuracy CORPUS=folder [OUT=file.json]
	@test -n "$(CORPUS)" || { echo "usage: make accuracy CORPUS=folder [OUT=file.json]" >&2; exit 2; }
	@$(PYTHON_IN_VENV) bench/accuracy.py "$(CORPUS)" $(if $(OUT),--out "$(OUT)")

recall: setup  ## the whole inspection against invented sites in six systems' markup, with known faults (some 10 minutes)
	@$(PYTHON_IN_VENV) bench/freshness.py
	@$(PYTHON_IN_VENV) bench/functions.py

bench: setup   ## measurements: our proxy beside Chromium's own host rules, the crawl beside raw Chromium and plain aiohttp
	@$(PYTHON_IN_VENV) bench/way_out.py
	@$(PYTHON_IN_VENV) bench/crawl.py

clean:   ## everything that the other targets made
	rm -rf .venv .pytest_cache govsite-results allure-results build dist *.egg-info
