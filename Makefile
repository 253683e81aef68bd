# Every target is one command; `make` alone prints them. All settings have defaults:
#   DOCUMENTS=folder  OUT=folder  STRICT=1  DOC=file  AGAINST=warehouse.duckdb
export DOCUMENTS ?= data/documents
export OUT ?= data/out
export STRICT ?=
export DOC ?=
export AGAINST ?=
PYTHON ?= python3
RUN = .venv/bin/python -m extract.cli

.PHONY: help build check test lint docs bench clean
.DEFAULT_GOAL := help

help: ## print the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' Makefile

build: .venv/.installed ## read DOCUMENTS, check them, publish OUT/warehouse.duckdb (STRICT=1: unreviewed findings are red)
	@$(RUN) build

check: .venv/.installed ## run one document through every rule and print its findings: make check DOC=file (AGAINST=warehouse.duckdb)
	@$(RUN) check

test: .venv/.installed ## run all tests
	@.venv/bin/python -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder

lint: .venv/.installed ## ruff, sqlfluff, mypy
	@.ci/lint

docs: .venv/.installed ## write the generated pages of docs/ anew
	@$(RUN) docs

bench: .venv/.installed ## measure reading and building DOCUMENTS, and typeset ones (PAGES=0: compare all PDFs; SIZES=30,300,3000)
	@$(RUN) bench

clean: ## remove what builds and tools left behind (OUT and caches, not the environment)
	@.ci/clean

.venv/.installed: requirements.lock
	@$(PYTHON) .ci/setup.py
