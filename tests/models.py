"""Runs a part of the dbt project on tables that a test has made, and asks what the models hold."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb

from extract.prepared import prepare
from extract.transform import invoke, judge


def begin(warehouse: Path) -> None:
    """The empty raw tables and the seeds, as a build begins."""
    prepare(warehouse.parent).copy_to(warehouse)


def build_models(warehouse: Path, select: Sequence[str], exclude: Sequence[str] = ()) -> None:
    """Build the models that are selected, with their data tests."""
    from dbt.contracts.graph.manifest import Manifest

    parsed = Manifest.from_msgpack(prepare(warehouse.parent).manifest.read_bytes())
    chosen = [part for name in select for part in ("--select", f"{name},resource_type:model")]
    left_out = [part for name in exclude for part in ("--exclude", name)]
    result = judge(invoke("build", warehouse, warehouse.parent, *chosen, *left_out, manifest=parsed))
    assert result.nodes and not result.failed_tests, result.failed_tests


def rows(warehouse: Path, sql: str, *parameters: object) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        return connection.execute(sql, list(parameters)).fetchall()
