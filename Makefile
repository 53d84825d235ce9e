PYTHON ?= python3
PORT ?= 8000
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: run demo test check bench chaos format lock clean help

run:  ## start the gateway with a database of its own (PORT=8000 SIMULATE=garmin,oura)
	@$(PYTHON) dev.py run --port $(PORT) $(if $(SIMULATE),--simulate $(SIMULATE)) $(ARGS)

demo:  ## the same with a made-up tenant and made-up wearables to look at
	@$(PYTHON) dev.py demo $(ARGS)

test:  ## all checks and all tests (ARGS="-k words" for pytest)
	@$(PYTHON) dev.py test -- $(ARGS)

check:  ## lint, format, types and import rules, without the tests
	@$(PYTHON) dev.py check

bench:  ## measure against ceilings of the same run (ARGS="user_info --rounds 3"; docs/benchmarks.md)
	@$(PYTHON) dev.py bench $(ARGS)

chaos:  ## kill everything by turns and see whether every event arrives (ARGS="kills --kills 100 --seconds 600")
	@$(PYTHON) dev.py chaos $(ARGS)

format:  ## format the code and mend what the linter can mend by itself
	@$(PYTHON) dev.py format

lock:  ## resolve pyproject.toml into the two lock files (ARGS=--upgrade)
	@$(PYTHON) dev.py lock $(ARGS)

clean:  ## remove the environment and all caches; data in .data stays
	@$(PYTHON) dev.py clean

help:  ## this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  \1\t\2/p' $(MAKEFILE_LIST)
