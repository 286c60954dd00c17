# Recado's commands. `make run` needs Python 3.11 or newer, make and git; everything else it brings along.
PYTHON ?= python3
BIN := .venv/bin
TESTS ?= -n 2

.PHONY: help run dev test check format bench chaos install install-dev

help:
	@echo "make run    everything, at http://localhost:8000 (PORT, HOST, RECADO_HOME and .env change where)"
	@echo "make dev    the same, reloading what you change"
	@echo "make test   every test        make check   linters, types, import rules"
	@echo "make bench  benchmarks        make chaos   the crash matrix"

run: install
	@exec $(BIN)/python -m config.ground.run --leashed

dev: install-dev
	@exec $(BIN)/python -m config.ground.run --leashed --dev

test: install-dev
	@exec $(BIN)/python -m config.ground.tests_of_all $(TESTS)

check: install-dev
	@exec $(BIN)/python -m config.ground.check

format: install-dev
	@$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

bench: install
	@ONLY="$(ONLY)" exec $(BIN)/python -m config.bench

chaos: install
	@ROUNDS="$(ROUNDS)" SEED="$(SEED)" ONLY="$(ONLY)" exec $(BIN)/python -m config.chaos

install:
	@$(PYTHON) config/ground/install.py requirements.txt

install-dev:
	@$(PYTHON) config/ground/install.py requirements-dev.txt
