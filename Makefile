# `make` alone says what there is. Everything but the system's libraries lives in .venv; setup.sh brings both.

PYTHON = .venv/bin/python
# Tests side by side; drills and measurements go one by one.
AT_ONCE = -n 3 --dist worksteal
# The same lock from every machine: none of its own indexes or folders of wheels is asked, and none is written down.
LOCK = env PIP_CONFIG_FILE=/dev/null PIP_EXTRA_INDEX_URL= PIP_FIND_LINKS= \
       $(PYTHON) -m piptools compile --quiet --upgrade --generate-hashes --allow-unsafe --strip-extras --all-build-deps \
       --no-header --no-emit-index-url --no-emit-find-links --no-emit-trusted-host pyproject.toml

# What was compiled is kept, also where the environment says otherwise: the suite starts a hundred processes.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run dev test test-fast check messages sample pictures bench attack lock

help:
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' Makefile | expand -t 16

run: ## start the tool and say where to open it; HOST and PORT move it: make run PORT=8080
	@sh setup.sh run
	@exec $(PYTHON) -m bulletin serve

dev: ## serve a made-up site to develop on, anew at each change; how to sign in is printed
	@sh setup.sh test
	@exec $(PYTHON) -m bulletin.demo

test: ## run all the tests, and say what this machine could not test
	@sh setup.sh test
	@$(PYTHON) -m pytest $(AT_ONCE)

test-fast: ## run what needs no browser, no printing and no PostgreSQL, for while you work
	@sh setup.sh test
	@$(PYTHON) -m pytest $(AT_ONCE) --quick

check: ## what must hold before a change goes in: format, lint, types, tests
	@sh setup.sh test
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m ruff check .
	$(PYTHON) -m mypy
	$(PYTHON) -m pytest $(AT_ONCE)

messages: ## bring the catalogues of translators up to date; a new language: make messages LOCALE=pl
	@sh setup.sh run
	@$(PYTHON) -m bulletin.sentences.catalogues $(LOCALE)

sample: ## print every kind of bulletin to instance/samples/
	@sh setup.sh run
	@$(PYTHON) -m bulletin sample

pictures: ## picture the samples anew, for the page and the README
	@sh setup.sh test
	@$(PYTHON) -m tests.pictures

bench: ## measure how fast the press is, beside others
	@sh setup.sh test
	@$(PYTHON) -m tests.bench

attack: ## the long hostile drills
	@sh setup.sh test
	@$(PYTHON) -m pytest tests -m attack

lock: ## choose the versions of all packages anew and write them down with their hashes
	@sh setup.sh test
	$(LOCK) -o requirements.txt
	$(LOCK) --extra dev -c requirements.txt -o requirements-dev.txt
