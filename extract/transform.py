"""Runs the models on a warehouse file: by dbt with their data tests, or as dbt compiled them before."""

from __future__ import annotations

import os
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from extract.culprits import Fault

PROJECT = Path(__file__).resolve().parent.parent / "dbt_project"
# read by dbt_project/profiles.yml
WAREHOUSE_VARIABLE = "WAREHOUSE_PATH"


class BrokenTransform(Exception):
    """A model could not be built at all; the message names it and what the database said."""


@dataclass(slots=True)
class TransformResult:
    """How many nodes were built, how long the models of each folder ran, and which data tests failed."""

    nodes: int = 0
    tests: int = 0
    # folder of models → the seconds of its models, added up; two of them run at a time
    seconds: dict[str, float] = field(default_factory=dict)
    failed_tests: dict[str, str] = field(default_factory=dict)
    # models that could not be built, and what the database said
    broken: list[str] = field(default_factory=list)
    # what failed, and the SQL of the models that were built, by schema and name: to look into why
    faults: list[Fault] = field(default_factory=list)
    models: dict[tuple[str, str], str] = field(default_factory=dict)


def transform(warehouse: Path, manifest: Path, state: Path) -> TransformResult:
    """Build every model and run the data tests, on a warehouse that has the seeds.

    A model that could not be built is not raised: it may be for want of one document less.
    """
    from dbt.contracts.graph.manifest import Manifest

    parsed = Manifest.from_msgpack(manifest.read_bytes())
    # what is tested of seeds alone was tested when they were loaded
    return _read(invoke("build", warehouse, state, "--select", "resource_type:model", manifest=parsed))


def invoke(command: str, warehouse: Path, state: Path, *options: str, manifest: Any = None) -> Any:
    """One command of dbt. `manifest` is its parsed project, where that is known; parsing takes seconds."""
    # 4 s of imports: only who needs dbt pays for them
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    os.environ[WAREHOUSE_VARIABLE] = str(warehouse)
    # the seed reader warns of every configured column that a seed does not have
    warnings.filterwarnings("ignore", module="agate")
    arguments = [
        command,
        *("--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)),
        *("--target-path", str(state / "target"), "--log-path", str(state / "logs")),
        *options,
        *("--log-level", "none", "--log-level-file", "warn"),
        "--no-send-anonymous-usage-stats",
        "--no-version-check",
        "--no-write-json",  # a second for files that nothing here reads
        "--no-use-colors",
    ]
    if command == "build":
        arguments += ["--exclude-resource-type", "unit_test"]
    try:
        outcome = dbtRunner(manifest=manifest).invoke(arguments)
    finally:
        # the adapter keeps the file open for writing, and no other process could read it
        DuckDBConnectionManager.close_all_connections()
    if isinstance(outcome.exception, KeyboardInterrupt):
        raise outcome.exception  # dbt keeps even this to itself
    if outcome.exception is not None:
        raise BrokenTransform(str(outcome.exception).strip())
    return outcome


def judge(outcome: Any) -> TransformResult:
    """What a command of dbt built and found; what could not be built at all is collected and raised."""
    result = _read(outcome)
    if result.broken:
        raise BrokenTransform("\n".join(result.broken))
    return result


def _read(outcome: Any) -> TransformResult:
    result = TransformResult()
    for entry in getattr(outcome.result, "results", None) or []:
        status, node = str(entry.status), entry.node
        kind, message = str(node.resource_type), (entry.message or "").strip()
        sql = getattr(node, "compiled_code", None) or ""
        result.tests += kind == "test"
        result.nodes += kind != "test"
        if kind == "model":
            folder = node.fqn[1]
            result.seconds[folder] = round(result.seconds.get(folder, 0.0) + entry.execution_time, 3)
        if status in ("success", "pass", "warn", "skipped", "no-op"):
            if kind == "model" and sql:
                result.models[node.schema, node.alias] = sql
            continue
        if status == "fail":
            result.failed_tests[node.name] = message
        else:
            result.broken.append(f"{node.name}: {message or status}")
        model = str(getattr(node, "attached_node", None) or node.name).split(".")[-1]
        result.faults.append(Fault(model, sql, is_model=kind == "model"))
    if not outcome.success and not result.faults:
        raise BrokenTransform("dbt did not finish; its log is in the folder .dbt/logs of OUT")
    return result


def run_compiled(connection: duckdb.DuckDBPyConnection, models: Sequence[Mapping[str, str]]) -> None:
    """Build models from the SQL that dbt made of them, in the given order and one transaction.

    For one document dbt's own work is ten times that of the database. The tables are those of a build; its
    data tests and contracts are not run.
    """
    connection.begin()
    for schema in sorted({model["schema"] for model in models}):
        connection.execute(f'create schema if not exists "{schema}"')
    for model in models:
        try:
            connection.execute(
                f'create {model["kind"]} "{model["schema"]}"."{model["name"]}" as {model["sql"]}'
            )
        except duckdb.Error as error:
            raise BrokenTransform(f"{model['name']}: {str(error).strip()}") from error
    connection.commit()
