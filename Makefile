# Two commands are all a fresh machine needs: `make demo` and `make test`. Paths are relative, so a blank in the folder's name does no harm.
PYTHON ?= python3
RUN = .venv/bin/python

.PHONY: demo test lint types setup setup-test bench soak spark readme clean

demo: setup
	$(RUN) -m kg demo

test: setup-test lint types
	$(RUN) -m pytest -n 2 --dist loadgroup

lint: setup-test
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	$(RUN) -c "from importlinter.cli import lint_imports_command; lint_imports_command()"

types: setup-test
	$(RUN) -m mypy

# Every measurement in turn; each says what it compares and how to run it alone.
bench: setup-test
	@for script in tests/bench/bench_*.py; do echo "== $$script"; $(RUN) $$script || exit 1; done

# Hours, not minutes: small versions of these runs are part of `make test`.
soak: setup-test
	@for script in tests/soak/*.py; do echo "== $$script"; $(RUN) $$script || exit 1; done

# Builds on a session and on a cluster of this machine, one worker killed; needs Java 17, and some 400 MB for Spark.
spark: setup-test
	$(RUN) -m pip install --quiet -c requirements/constraints.txt '.[spark]'
	$(RUN) -m pytest -n 0 tests/test_spark.py

readme: setup-test
	$(RUN) tests/tools/readme.py
	$(RUN) tests/tools/readme_picture.py
	$(RUN) tests/tools/measure.py

setup:
	@$(PYTHON) .ci/setup.py

setup-test:
	@$(PYTHON) .ci/setup.py test

clean:
	rm -rf .venv build dist
