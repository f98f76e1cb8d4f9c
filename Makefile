# Every target prepares what it needs by itself: scripts/bootstrap.py.
# ARGS passes words on: make test ARGS="tests/app -k serve"

PYTHON ?= python3
easel := @$(PYTHON) -m scripts.bootstrap

.DEFAULT_GOAL := help
.PHONY: help serve build local traces demo-providers test test-faults check lint format client lock bench clean

help: ## List the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1	\2/p' Makefile | expand -t 16

serve: ## Install what is missing, build the studio, start everything and print the address
	$(easel) serve $(ARGS)

build: ## Install what is missing and build the studio, without starting anything
	$(easel) build

local: ## Install PyTorch and diffusers as well, so that this machine can run models itself
	$(easel) local

traces: ## Install what sends traces to an OpenTelemetry collector as well
	$(easel) traces

test: ## Run every check and every test
	$(easel) test $(ARGS)

test-faults: ## Kill processes and machines at work, fuzz at length; takes the better part of an hour
	$(easel) test-faults $(ARGS)

check: ## Types, lint, import rules, and that nothing generated is out of date
	$(easel) check

lint: ## Lint Python and the studio
	$(easel) lint

format: ## Format Python and the studio
	$(easel) format

client: ## Write anew what is generated: the OpenAPI document, the studio's client, the reference
	$(easel) client

lock: ## Write the lock files from pyproject.toml; ARGS=--upgrade for new versions
	$(easel) lock $(ARGS)

demo-providers: ## Serve the test servers of the providers' protocols, to try the studio without accounts
	$(easel) demo-providers

bench: ## Run the measurements
	$(easel) bench $(ARGS)

clean: ## Remove all that make has made; your data stays
	$(easel) clean
