# The course's commands. `make help` lists them.

PYTHON  ?= python3
PORT    ?= 8888
BROWSER ?= yes
PROFILE ?= quick
JOBS    ?= 1
# Where the sources are published, for links that lead out of the site: https://github.com/OWNER/NAME
REPOSITORY ?=

VENV := .venv
BIN  := $(VENV)/bin
LAB_READY  := $(VENV)/.lab-ready
TEST_READY := $(VENV)/.test-ready
DOCS_READY := $(VENV)/.docs-ready
JAVASCRIPT_READY := javascript/node_modules/.ready

# Two processes: much of a test is tracing, which takes a single core. A file stays in one.
IN_PARALLEL := --numprocesses=2 --dist=loadfile

# JupyterLab refuses to run as root, as in containers, unless told.
AS_ROOT := $(if $(filter 0,$(shell id -u)),--allow-root)
# make hands a variable that was set on its command line on to JupyterLab, and so to the kernels.
FOLDER := notebooks$(if $(filter zh,$(GAN_TUTORIAL_LANGUAGE)),/zh)
NO_BROWSER := $(if $(filter no,$(BROWSER)),--no-browser)

.DEFAULT_GOAL := help
.PHONY: help install lab check test notebooks refresh notebook-text javascript lint site slides handouts wheelhouse clean

help:  ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

install: $(LAB_READY)  ## Install what the notebooks need into .venv, and start nothing

lab: $(LAB_READY)  ## Open the notebooks in JupyterLab (PORT=8888 BROWSER=yes|no GAN_TUTORIAL_LANGUAGE=en|zh)
	$(BIN)/jupyter lab --ServerApp.ip=127.0.0.1 --ServerApp.port=$(PORT) --LabApp.default_url=/lab/tree/$(FOLDER) $(NO_BROWSER) $(AS_ROOT)

check: $(TEST_READY)  ## Run the quick tests, for use while working
	$(BIN)/python -m pytest $(IN_PARALLEL) -m "not slow" tests

test: $(TEST_READY) $(JAVASCRIPT_READY)  ## Run all tests: units, every notebook, the browser
	$(BIN)/python -m pytest $(IN_PARALLEL)

notebooks: $(TEST_READY)  ## Execute all notebooks into build/notebooks (PROFILE=quick|full JOBS=1)
	$(BIN)/python -m tests.execute_notebooks --profile $(PROFILE) --jobs $(JOBS)

refresh: $(TEST_READY)  ## Execute all notebooks in full and keep their outputs
	$(BIN)/python -m tests.execute_notebooks --profile full --keep

notebook-text: $(TEST_READY)  ## Write notebooks/text, which reviews read as a diff, from the notebooks
	$(BIN)/python -m tools.notebook_text

javascript: $(JAVASCRIPT_READY)  ## Build what the widgets run in the browser (needs Node.js)
	npm run --silent --prefix javascript build

lint: $(TEST_READY) $(JAVASCRIPT_READY)  ## Check the style and the types of the code
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/python -m mypy
	@if [ -e $(JAVASCRIPT_READY) ]; then npm run --silent --prefix javascript lint; fi

site: $(DOCS_READY)  ## Build the published site into build/site (REPOSITORY=https://github.com/OWNER/NAME)
	$(BIN)/python -m tools.build_site --repository "$(REPOSITORY)"

slides: $(TEST_READY) $(JAVASCRIPT_READY)  ## Make slides of every notebook, in each language, in build/slides
	$(BIN)/python -m tools.make_slides
	GAN_TUTORIAL_LANGUAGE=zh $(BIN)/python -m tools.make_slides

handouts: $(TEST_READY)  ## Print every notebook, in each language, as PDF in build/handouts (needs Chromium)
	$(BIN)/python -m tools.make_handouts
	GAN_TUTORIAL_LANGUAGE=zh $(BIN)/python -m tools.make_handouts

wheelhouse: $(LAB_READY)  ## Fetch all packages into build/wheelhouse, for machines without internet
	$(BIN)/python -m pip download --dest build/wheelhouse pip "setuptools>=77" --requirement requirements.txt

clean:  ## Delete the environment and everything built
	rm -rf $(VENV) build *.egg-info javascript/node_modules

$(LAB_READY): requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if (3, 10) <= sys.version_info[:2] <= (3, 13) else \
	  "This course needs Python 3.10 to 3.13, but %s is %d.%d: try make PYTHON=python3.12" % (sys.executable, *sys.version_info[:2]))'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --quiet --requirement requirements.txt --editable .
	@# No question about news: there may be no internet in the classroom.
	@$(BIN)/jupyter labextension disable "@jupyterlab/apputils-extension:announcements" >/dev/null 2>&1 || true
	@touch $@

$(TEST_READY): $(LAB_READY) requirements-test.txt requirements-docs.txt
	$(BIN)/python -m pip install --quiet --quiet --requirement requirements-test.txt --requirement requirements-docs.txt
	@touch $@

$(DOCS_READY): $(LAB_READY) requirements-docs.txt
	$(BIN)/python -m pip install --quiet --quiet --requirement requirements-docs.txt
	@touch $@

# Only for those who change the JavaScript: without Node.js or internet its tests are skipped.
$(JAVASCRIPT_READY): javascript/package-lock.json
	@if command -v npm >/dev/null && npm ci --prefix javascript --silent --no-audit --no-fund --fetch-retries=0; \
	  then touch $@; else echo "No tools for JavaScript (they need Node.js and, once, internet): some tests are skipped."; fi
