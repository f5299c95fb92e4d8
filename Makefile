# make demo and make test need nothing but Python 3.11+: `setup` brings the rest.
PYTHON_IN_VENV := .venv/bin/python
PYTEST := $(PYTHON_IN_VENV) -m pytest
# of three on two cores, each with browsers of several engines, pages now and then were not open in time
WORKERS ?= 2
# pytest keeps what it rewrote beside the sources: without, each of the many processes that tests start reads all of it anew
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup demo test slow accuracy recall bench allure peers clean

help:    ## this list
	@sed -n 's/^\([a-z]*\):[^#]*## /  make \1	/p' Makefile

setup:   ## .venv, a browser, a Chinese font; quick when they are there
	@sh scripts/setup.sh

demo: setup   ## inspect the built-in site; its planted faults (exit status 1 of pytest) are the expected end
	@$(PYTEST) --site=demo; status=$$?; [ $$status -le 1 ] || exit $$status

test: setup   ## the project's own tests, but for those of `make slow`
	@$(PYTEST) -n $(WORKERS) --dist loadfile --no-loadscope-reorder -m "not slow"

slow: setup   ## the tests of whole runs: every kind of search and login, ends of runs and sweeps, an installed wheel
	@$(PYTEST) -n $(WORKERS) --dist loadfile --no-loadscope-reorder -m slow

accuracy: setup   ## the readers against labelled pages: make accuracy CORPUS=folder [OUT=file.json]
	@test -n "$(CORPUS)" || { echo "usage: make accuracy CORPUS=folder [OUT=file.json]" >&2; exit 2; }
	@$(PYTHON_IN_VENV) bench/accuracy.py "$(CORPUS)" $(if $(OUT),--out "$(OUT)")

recall: setup peers  ## the whole inspection against invented sites in many systems' markup, with known faults (some 40 minutes)
	@$(PYTHON_IN_VENV) bench/freshness.py
	@$(PYTHON_IN_VENV) bench/functions.py

bench: setup peers   ## measurements: the way out, the crawl, a whole inspection of 功能设计, links beside lychee and linkinator, visits, the history, the overview page, a sweep beside lighthouse and pa11y-ci, the report
	@$(PYTHON_IN_VENV) bench/way_out.py
	@$(PYTHON_IN_VENV) bench/crawl.py
	@$(PYTHON_IN_VENV) bench/function_design.py
	@$(PYTHON_IN_VENV) bench/inspection.py
	@LINKINATOR=.venv/peers $(PYTHON_IN_VENV) bench/links.py
	@$(PYTHON_IN_VENV) bench/visits.py
	@$(PYTHON_IN_VENV) bench/history.py
	@$(PYTHON_IN_VENV) bench/overview.py
	@$(PYTHON_IN_VENV) bench/memory.py
	@$(PYTHON_IN_VENV) bench/report.py 60
	@$(PYTHON_IN_VENV) bench/sweep.py --sites 12 --workers 1 2 --peer-sites 4 --pages 100

allure: setup  ## the npm package that `govsite report` runs, where there is npm; its tests are skipped without
	@[ -d .venv/peers/node_modules/allure ] || ! command -v npm >/dev/null || npm install --silent --no-fund --no-audit --prefix .venv/peers allure@3

peers: allure
	@$(PYTHON_IN_VENV) -m pip install -q -e '.[bench]'
	@[ -d .venv/peers/node_modules/lighthouse ] || ! command -v npm >/dev/null || PUPPETEER_SKIP_DOWNLOAD=1 \
		npm install --silent --no-fund --no-audit --prefix .venv/peers linkinator@8 lighthouse@13 pa11y-ci@4

clean:   ## everything that the other targets made
	rm -rf .venv .pytest_cache govsite-results allure-results build dist *.egg-info
