"""How well root causes are found: errors of each kind put into sound typeset documents, one build, a report.

python -m tests.benchmark.injected_errors --bodies 140 --work folder
"""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

import duckdb

from extract.inputs import discover
from extract.store import LandingCache, load, read_new
from extract.transform import PROJECT, WAREHOUSE_VARIABLE
from extract.workers import Limits
from tests.benchmark.cases import Case, Plan, write_cases
from tests.benchmark.scoring import Score, Scored, score
from tests.typeset.inject import NUMBER_CAUSES, TEXT_CAUSES

TABLE_MODELS = "+int_finding_equation +int_reconciliation_table +int_reconciliation_table_term"
TEXT_MODELS = "+finding +reconciliation +reconciliation_term"
# most documents are text, which is read fastest; one body in ten is printed as PDF
STYLES = (
    *("tabs", "tabs_three_code_columns", "tabs", "tabs_page_breaks", "tabs_bracket_codes"),
    *("tabs", "tabs_own_level_codes", "tabs", "tabs_repeated_headers", "ruled"),
)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--bodies", type=int, default=100, help="sound documents; nine copies of each have errors"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--text", action="store_true", help="errors in sentences, too")
    parser.add_argument(
        "--work", type=Path, help="keep everything in this folder; what is read is not read again"
    )
    parser.add_argument("--models", help="models to run anew on a folder that was built before")
    parser.add_argument(
        "--missed", action="store_true", help="list the errors not suggested first, and the surplus findings"
    )
    given = parser.parse_args(arguments)
    causes = NUMBER_CAUSES + (TEXT_CAUSES if given.text else ())
    plan = Plan(given.bodies, causes, seed=given.seed, styles=STYLES)
    work = given.work or Path(tempfile.mkdtemp(prefix="benchmark-"))
    try:
        cases = write_cases(plan, work / "documents")
        seconds = build(work, given.models, with_text=given.text)
        result = score(work / "warehouse.duckdb", cases, with_text=given.text)
    finally:
        if given.work is None:
            shutil.rmtree(work)
    print("\n".join(report(result, cases, seconds)))
    if given.missed:
        print("\n".join(missed(result)))


def build(work: Path, models: str | None = None, *, with_text: bool = False) -> dict[str, float]:
    """Read the documents and run the models that find root causes; nothing is checked or published."""
    seconds: dict[str, float] = {}
    warehouse = work / "warehouse.duckdb"
    if models is None or not warehouse.exists():
        start = time.perf_counter()
        corpus = discover(work / "documents")
        cache = LandingCache(work / "landing", Limits())
        found = {source.document_id: cache.find(source.document_id) for source in corpus.sources}
        folders = {document_id: folder for document_id, folder in found.items() if folder}
        unread = [source for source in corpus.sources if source.document_id not in folders]
        folders |= {source.document_id: folder for source, folder in read_new(unread, cache, 2)}
        seconds["read"] = time.perf_counter() - start
        warehouse.unlink(missing_ok=True)
        with duckdb.connect(str(warehouse)) as connection:
            load(connection, corpus, folders, set())
    start = time.perf_counter()
    seconds |= _run_models(warehouse, work, models or (TEXT_MODELS if with_text else TABLE_MODELS))
    seconds["models"] = time.perf_counter() - start
    return seconds


def _run_models(warehouse: Path, work: Path, models: str) -> dict[str, float]:
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    os.environ[WAREHOUSE_VARIABLE] = str(warehouse)
    folders = (
        "--project-dir",
        str(PROJECT),
        "--profiles-dir",
        str(PROJECT),
        "--target-path",
        str(work / "target"),
    )
    try:
        outcome = dbtRunner().invoke(
            [
                *("build", *folders, "--log-path", str(work / "logs"), "--log-level", "error"),
                *("--exclude-resource-type", "test", "--exclude-resource-type", "unit_test"),
                *("--no-send-anonymous-usage-stats", "--select", *models.split()),
            ]
        )
    finally:
        DuckDBConnectionManager.close_all_connections()
    if not outcome.success:
        raise SystemExit(f"the models broke: {outcome.exception or 'see ' + str(work / 'logs')}")
    results = getattr(outcome.result, "results", [])
    return {
        "repair models": sum(
            node.execution_time
            for node in results
            if node.node.name.startswith(("int_repair", "int_finding"))
        )
    }


def report(result: Score, cases: Sequence[Case], seconds: dict[str, float]) -> list[str]:
    """The tables that people read."""
    lines = [f"documents  {len(cases)}, of which {result.untouched} untouched"]
    lines.append(f"errors     {len(result.errors)}")
    lines += [
        "",
        "| cause | errors | not read | unseen | seen | detected | seen by ≥ 2 | first suggestion | named |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for cause in sorted({error.cause for error in result.errors}):
        lines.append(_line(cause, [error for error in result.errors if error.cause == cause]))
    for style in sorted({error.style for error in result.errors}):
        lines.append(_line(f"style {style}", [error for error in result.errors if error.style == style]))
    lines.append(_line("one in a document", [error for error in result.errors if error.is_single]))
    lines.append(_line("several in a document", [error for error in result.errors if not error.is_single]))
    lines.append(_line("all", result.errors))
    share = f"{100 * result.right_findings / result.findings:.1f} %" if result.findings else "–"
    lines += [
        "",
        f"precision  {result.right_findings} of {result.findings} findings name an injected error: {share}",
    ]
    lines.append(f"untouched  {len(result.false_alarms)} findings in {result.untouched} documents")
    lines += [f"           {' '.join(str(part) for part in alarm)}" for alarm in result.false_alarms[:10]]
    spent = ", ".join(
        f"{name} {took:.1f} s ({1000 * took / len(cases):.1f} ms)" for name, took in seconds.items()
    )
    lines.append(f"time       {spent}; in brackets a document")
    return lines


def _line(name: str, errors: Sequence[Scored]) -> str:
    seen = [error for error in errors if error.is_seen]
    twice = [error for error in errors if error.equations >= 2]
    figures = (
        len(errors),
        sum(not error.is_read for error in errors),
        sum(error.is_read and not error.is_seen for error in errors),
        len(seen),
        _share(error.is_detected for error in seen),
        len(twice),
        _share(error.is_first for error in twice),
        _share(error.is_named for error in seen),
    )
    return f"| {name} | {' | '.join(str(figure) for figure in figures)} |"


def _share(flags: Iterable[bool]) -> str:
    values = list(flags)
    return f"{100 * sum(values) / len(values):.1f} %" if values else "–"


def missed(result: Score) -> list[str]:
    return [
        f"{'missed ' if not error.is_detected else 'unnamed' if not error.is_named else 'named  '}"
        f" {error.equations} {error.case} {error.cause} {error.place}"
        for error in result.errors
        if error.is_seen
        and not (error.is_first and error.is_detected)
        and (error.equations > 1 or not error.is_detected)
    ] + [f"surplus  {' '.join(str(part) for part in finding)}" for finding in result.surplus]


if __name__ == "__main__":
    main()
