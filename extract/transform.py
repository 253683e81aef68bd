"""Runs the dbt project once on a warehouse file: seeds, models and their data tests."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent / "dbt_project"
# read by dbt_project/profiles.yml
WAREHOUSE_VARIABLE = "WAREHOUSE_PATH"


class BrokenTransform(Exception):
    """A model could not be built at all; the message names it and what the database said."""


@dataclass(slots=True)
class TransformResult:
    """How many nodes were built and which data tests failed, with dbt's own words."""

    nodes: int = 0
    tests: int = 0
    failed_tests: dict[str, str] = field(default_factory=dict)


def transform(
    warehouse: Path,
    state: Path,
    on_node: Callable[[str], None] = lambda name: None,
    *,
    select: Sequence[str] = (),
    with_tests: bool = True,
) -> TransformResult:
    """Build everything, or what `select` names. `state` keeps dbt's last parse, which saves seconds."""
    # 4 s of imports: only who transforms pays for them
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    def progress(event: object) -> None:
        info = getattr(event, "info", None)
        if getattr(info, "name", "") == "NodeFinished":
            on_node(event.data.node_info.node_name)  # type: ignore[attr-defined]

    os.environ[WAREHOUSE_VARIABLE] = str(warehouse)
    # the seed reader warns of every configured column that a seed does not have
    warnings.filterwarnings("ignore", module="agate")
    arguments = [
        "build",
        *("--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)),
        *("--target-path", str(state / "target"), "--log-path", str(state / "logs")),
        *("--exclude-resource-type", "unit_test"),
        *(() if with_tests else ("--exclude-resource-type", "test")),
        *(part for chosen in select for part in ("--select", chosen)),
        *("--log-level", "none", "--log-level-file", "warn"),
        "--no-send-anonymous-usage-stats",
        "--no-version-check",
        "--no-write-json",  # a second for files that nothing here reads
        "--no-use-colors",
    ]
    try:
        outcome = dbtRunner(callbacks=[progress]).invoke(arguments)
    finally:
        # the adapter keeps the file open for writing, and no other process could read it
        DuckDBConnectionManager.close_all_connections()
    if outcome.exception is not None:
        raise BrokenTransform(str(outcome.exception).strip())
    result = TransformResult()
    broken = []
    for node in getattr(outcome.result, "results", None) or []:
        status, kind = str(node.status), str(node.node.resource_type)
        result.tests += kind == "test"
        result.nodes += kind != "test"
        if status == "fail":
            result.failed_tests[node.node.name] = (node.message or "").strip()
        elif status not in ("success", "pass", "warn", "skipped", "no-op"):
            broken.append(f"{node.node.name}: {(node.message or status).strip()}")
    if broken:
        raise BrokenTransform("\n".join(broken))
    if not outcome.success and not result.failed_tests:
        raise BrokenTransform(f"dbt did not finish; its log is in {state / 'logs'}")
    return result
