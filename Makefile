# What a newcomer types. Each target is one command; what it does stands in that command's script.

.DEFAULT_GOAL := help
.PHONY: help setup demo test guests guests-all bench neighbours soak lint build clean

EXAMPLE ?= guestbook
PORT ?= 8787
MINUTES ?= 20

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: setup ## Build worky and serve an example (EXAMPLE=guestbook PORT=8787); Ctrl-C stops it
	@tools/demo $(EXAMPLE) $(PORT)

test: setup ## Build worky and run every test: the crates' own and the black-box suite
	@tools/test

guests: ## Build the plugins and the test guests from source (components in Rust, Go and C)
	@tools/guests/build

guests-all: ## Those, and the ones whose toolchains are large (components in Python and JavaScript)
	@tools/guests/build --all

lint: ## Check formatting, clippy, licences and advisories
	@tools/setup lint
	@tools/lint

bench: ## Measure worky beside workerd and deno, and write benches/README.md
	@tools/setup bench
	@tests/benches/run

neighbours: ## Measure what bad neighbours do to good ones, for benches/README.md and benches/neighbours.svg
	@tools/setup bench
	@tests/benches/neighbours/run

soak: setup ## Mixed traffic, failures and restarts on the release binary, with a report (MINUTES=20)
	@tools/soak $(MINUTES)

build: setup ## Build the release binary, target/release/worky
	@cargo build --locked --release -p worky

setup: ## Get what the build needs: system packages, the Rust check, V8
	@tools/setup

clean: ## Remove what was built here; the cached V8 archive stays
	@cargo clean
	@rm -rf tests/benches/node_modules
