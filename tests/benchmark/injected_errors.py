"""How well root causes are found: errors of each kind put into sound typeset documents, one build, a report.

python -m tests.benchmark.injected_errors --bodies 34 --seeds 1 2 3 --text --work folder

Every seed is a corpus of its own. With a folder, a seed that this version of the models was run on is not run
again, so that a long run can be made in parts.
"""

from __future__ import annotations

import argparse
import os
import pickle
import shutil
import tempfile
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

import duckdb

from extract.inputs import discover
from extract.prepared import prepare
from extract.store import LandingCache, load, read_new
from extract.transform import PROJECT, WAREHOUSE_VARIABLE
from extract.workers import Limits
from tests.benchmark.cases import Plan, write_cases
from tests.benchmark.scoring import Score, Scored, merged, score
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
    parser.add_argument("--seeds", type=int, nargs="+", default=[1], help="one corpus each, told together")
    parser.add_argument("--text", action="store_true", help="errors in sentences, too")
    parser.add_argument(
        "--work", type=Path, help="keep everything in this folder; what is read is not read again"
    )
    parser.add_argument("--models", help="models to run anew on a folder that was built before")
    parser.add_argument(
        "--missed", action="store_true", help="list the errors not suggested first, and the surplus findings"
    )
    given = parser.parse_args(arguments)
    work = given.work or Path(tempfile.mkdtemp(prefix="benchmark-"))
    try:
        parts = [run_part(work / str(seed), seed, given) for seed in given.seeds]
    finally:
        if given.work is None:
            shutil.rmtree(work)
    result = merged(score for score, _ in parts)
    seconds = {name: sum(part[name] for _, part in parts) for name in parts[0][1]}
    print("\n".join(report(result, seconds)))
    if given.missed:
        print("\n".join(missed(result)))


def run_part(work: Path, seed: int, given: argparse.Namespace) -> tuple[Score, dict[str, float]]:
    """One corpus, built and scored, or what is kept of it."""
    kept = work / f"score-{prepare(work).folder.name}.pickle"
    if kept.exists() and not given.models:
        part: tuple[Score, dict[str, float]] = pickle.loads(kept.read_bytes())
        return part
    causes = NUMBER_CAUSES + (TEXT_CAUSES if given.text else ())
    cases = write_cases(Plan(given.bodies, causes, seed=seed, styles=STYLES), work / "documents")
    seconds = build(work, given.models, with_text=given.text)
    part = score(work / "warehouse.duckdb", cases, with_text=given.text), seconds
    kept.write_bytes(pickle.dumps(part))
    return part


def build(work: Path, models: str | None = None, *, with_text: bool = False) -> dict[str, float]:
    """Read the documents and run the models that find root causes; nothing is checked or published."""
    seconds: dict[str, float] = {}
    spent = time.process_time() + _children()
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
    seconds["processor"] = time.process_time() + _children() - spent
    return seconds


def _children() -> float:
    """Seconds of the processor that processes begun here took."""
    times = os.times()
    return times.children_user + times.children_system


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


def report(result: Score, seconds: dict[str, float]) -> list[str]:
    """The tables that people read."""
    lines = [f"documents  {result.documents}, of which {result.untouched} untouched"]
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
    lines.append("")
    for number, does in ((result.true_findings, "see"), (result.right_findings, "name")):
        share = f"{100 * number / result.findings:.1f} %" if result.findings else "–"
        lines.append(f"precision  {number} of {result.findings} findings {does} an injected error: {share}")
    lines.append(f"untouched  {len(result.false_alarms)} findings in {result.untouched} documents")
    lines += [f"           {' '.join(str(part) for part in alarm)}" for alarm in result.false_alarms[:10]]
    spent = ", ".join(
        f"{name} {took:.1f} s ({1000 * took / result.documents:.1f} ms)" for name, took in seconds.items()
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
    ] + [
        f"{name} {' '.join(str(part) for part in finding)}"
        for name, findings in (("unnaming", result.unnaming), ("surplus ", result.surplus))
        for finding in findings
    ]


if __name__ == "__main__":
    main()
