"""The dbt project: its unit tests run on an empty warehouse, and it keeps the rules of the house."""

from __future__ import annotations

import functools
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from extract.store import create_raw
from extract.transform import PROJECT, WAREHOUSE_VARIABLE

pytestmark = pytest.mark.unit

MODELS = PROJECT / "models"
# what only one engine says this way belongs into macros
ONE_ENGINE_ONLY = re.compile(
    r"\b(regexp_\w+|string_split|list_\w+|unnest|struct_pack|arg_min|arg_max|md5|map_entries|strptime|read_\w+)\s*\("
)


@functools.cache
def descriptions() -> dict[str, dict[str, Any]]:
    """What the ymls beside the models say, by model."""
    found: dict[str, dict[str, Any]] = {}
    for path in MODELS.rglob("*.yml"):
        for entry in (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).get("models") or ():
            found[entry["name"]] = entry
    return found


MODEL_FILES = sorted(MODELS.rglob("*.sql"))


def test_project_builds_without_documents_and_unit_tests_pass(tmp_path: Path) -> None:
    """An empty folder of documents is no error of the models; unit tests need the empty tables."""
    warehouse = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(warehouse)) as connection:
        create_raw(connection)
    outcome = subprocess.run(
        [
            *(sys.executable, "-m", "dbt.cli.main", "--no-use-colors", "build"),
            *("--project-dir", PROJECT, "--profiles-dir", PROJECT),
            *("--target-path", tmp_path / "target", "--log-path", tmp_path / "logs"),
        ],
        env={**os.environ, WAREHOUSE_VARIABLE: str(warehouse)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert outcome.returncode == 0, outcome.stdout[-4000:]
    assert re.search(r"(\d+) unit tests", outcome.stdout), "no unit test ran"


@pytest.mark.parametrize("path", MODEL_FILES, ids=lambda path: path.stem)
def test_model_has_a_description_and_a_key_test(path: Path) -> None:
    entry = descriptions().get(path.stem)
    assert entry, f"{path.name} has no yml"
    assert "one row" in entry["description"].lower(), "the description must say what one row is"
    tests = {name for test in entry.get("data_tests", ()) for name in test}
    assert tests & {"grain", "primary_key"}, "no test of the key"


@pytest.mark.parametrize("path", MODEL_FILES, ids=lambda path: path.stem)
def test_model_is_portable_sql_and_says_its_grain_first(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.startswith("-- "), "the first line says what the model is"
    # what stands in macro calls is another matter
    assert not ONE_ENGINE_ONLY.search(re.sub(r"\{\{.*?\}\}|\{%.*?%\}", "", text, flags=re.DOTALL))


def test_marts_have_enforced_contracts() -> None:
    for path in (MODELS / "marts").glob("*.sql"):
        entry = descriptions()[path.stem]
        assert entry.get("config", {}).get("contract", {}).get("enforced"), path.stem
        assert all(column.get("data_type") for column in entry["columns"]), path.stem
