"""One build: documents → landing → raw → dbt → checkpoint → published warehouse, or a report of why not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
from rich.console import Console

from expectations.checkpoint import BrokenCheckpoint, Checkpoint, waiting_checkpoint
from expectations.model import CheckResult, in_both_languages, read_suites
from expectations.pictures import Pictures, plan
from expectations.report import picture_note, read_facts, write_reports
from expectations.review import review
from extract.culprits import Fault, at_fault
from extract.dictionary import describe
from extract.inputs import Corpus, Source, WrongUse, discover
from extract.interrupts import SAYS, Interrupts, Stopped, stoppable
from extract.pictures import taking_pictures
from extract.prepared import prepare
from extract.publish import WAREHOUSE_NAME, Output, disk_fault, exclusive, export, publish, reject
from extract.rule_book import write_rule_book
from extract.steps import Steps
from extract.store import LandingCache, load, read_new, set_aside, write
from extract.summary import print_summary
from extract.transform import BrokenTransform, TransformResult, transform
from extract.workers import Limits

PUBLISHED, NOT_PUBLISHED, WRONG_USE = 0, 1, 2
# how often documents that break the data are set aside and the rest is worked out again
SECOND_CHANCES = 2


@dataclass(frozen=True, slots=True)
class Settings:
    """What one build reads, where it works, how strict it is."""

    documents: Path
    out: Path
    strict: bool = False
    jobs: int = 2
    limits: Limits = field(default_factory=Limits)


@dataclass(slots=True)
class Outcome:
    """How a build ended. `summary` is what the reports say, `checks` what the checkpoint found."""

    exit_code: int
    summary: dict[str, Any]
    checks: list[CheckResult]


def run(settings: Settings, console: Console) -> int:
    """Build and say in a few lines how it went; the exit code is the verdict."""
    try:
        with stoppable() as interrupts:
            outcome = build(settings, console, interrupts)
    except Stopped as stopped:
        console.print(
            f"{SAYS}; the published warehouse is as it was 已发布的数据仓库保持原样", soft_wrap=True
        )
        return stopped.exit_code
    except WrongUse as error:
        console.print(str(error), style="red", markup=False, soft_wrap=True)
        return WRONG_USE
    except Exception as error:
        if fault := disk_fault(error, settings.out):
            said = f"The build broke, what is published stays. {fault}"
            console.print(said, style="red", markup=False, highlight=False, soft_wrap=True)
        elif isinstance(error, BrokenTransform | BrokenCheckpoint):
            console.print("The build broke; what is published stays as it was.", style="red")
            console.print(str(error), markup=False, highlight=False, soft_wrap=True)
        else:
            # 1 is kept for data that failed; a fault of this program must not look like it
            console.print("The build broke on a fault of its own; what is published stays.", style="red")
            console.print_exception(max_frames=4)
        return WRONG_USE
    print_summary(console, outcome.summary, outcome.checks, settings.strict)
    return outcome.exit_code


def build(settings: Settings, console: Console, interrupts: Interrupts) -> Outcome:
    """Build into a corner of OUT, validate, and move the result over the old one if it is sound."""
    corpus = discover(settings.documents)
    output = Output(settings.out.resolve())
    steps = Steps(console)
    with exclusive(output), waiting_checkpoint() as checkpoint, steps.shown():
        warehouse = output.build / WAREHOUSE_NAME
        reports, exports = output.build / "reports", output.build / "exports"
        with steps.step("prepare", "Preparing seeds and models"):
            prepared = prepare(output.prepared)
        folders, new_ids = read_sources(
            corpus, LandingCache(output.landing, settings.limits), settings.jobs, steps
        )
        # where strict, a document that breaks the data is red
        for chances in range(0 if settings.strict else SECOND_CHANCES, -1, -1):
            with steps.step("load", "Loading the raw tables"):
                prepared.copy_to(warehouse)
                with duckdb.connect(str(warehouse)) as connection:
                    load(connection, corpus, folders, new_ids)
            with steps.step("transform", "Running models and their tests"):
                transformed = transform(warehouse, prepared.manifest, output.dbt_state)
            culprits = _culprits(warehouse, transformed, transformed.faults, steps) if chances else {}
            if not culprits:
                if transformed.broken:
                    raise BrokenTransform("\n".join(transformed.broken))
                transformed.failed_tests |= prepared.failed_tests
                checks, pictures = _validate(warehouse, corpus, transformed, checkpoint, reports, steps)
                culprits = _culprits(warehouse, transformed, _red(checks), steps) if chances else {}
            if not culprits:
                break
            for document_id, reason in culprits.items():
                folders[document_id] = output.build / "aside" / document_id
                write(set_aside(reason), folders[document_id])
        stopped_by = _stopped_by(transformed, checks, settings.strict)
        with steps.step("facts", "Gathering the report"):
            with duckdb.connect(str(warehouse), read_only=True) as connection:
                summary = read_facts(connection)
            summary["pictures"] = pictures
            summary["picture_note"] = picture_note(summary["pictures"], len(summary["findings"]))
        if not stopped_by:
            with steps.step("export", "Writing exports"):
                describe(warehouse)
                export(warehouse, exports)
        summary |= {
            "status": "not_published" if stopped_by else "published",
            "status_text": _status_text(output, bool(stopped_by)),
            "strict": settings.strict,
            "stopped_by": stopped_by,
            "notices": corpus.notices,
            "new": len(new_ids),
            "unchanged": len(corpus.sources) - len(new_ids),
            "warehouse": str(output.warehouse),
            "report": str(output.reports / "index.html"),
            "seconds": steps.all_seconds(),
            "model_seconds": transformed.seconds,
        }
        with steps.step("report", "Writing the report"):
            write_reports(reports, summary, checks)
            write_rule_book(warehouse, reports)
        summary["seconds"] = steps.all_seconds()
        interrupts.ignore()
        if stopped_by:
            reject(output, warehouse, reports)
        else:
            publish(output, warehouse, exports, reports)
        return Outcome(NOT_PUBLISHED if stopped_by else PUBLISHED, summary, checks)


def read_sources(
    corpus: Corpus, cache: LandingCache, jobs: int, steps: Steps
) -> tuple[dict[str, Path], set[str]]:
    """The landed folder of every content, reading only those that no build has read before."""
    cache.sweep()
    folders: dict[str, Path] = {}
    new: list[Source] = []
    for source in corpus.sources:
        folder = cache.find(source.document_id)
        if folder is None:
            new.append(source)
        else:
            folders[source.document_id] = folder
    says = f"Reading {len(new)} new of {len(corpus.sources)} documents"
    with steps.step("read", says, total=max(len(new), 1)):
        try:
            for source, folder in read_new(new, cache, jobs):
                folders[source.document_id] = folder
                steps.advance()
        finally:
            cache.sweep()  # of workers that were stopped while they wrote
    return folders, {source.document_id for source in new}


def _validate(
    warehouse: Path,
    corpus: Corpus,
    transformed: TransformResult,
    checkpoint: Checkpoint,
    reports: Path,
    steps: Steps,
) -> tuple[list[CheckResult], Pictures]:
    """What the expectations say of the data, with the pictures for the report drawn meanwhile."""
    checks: list[CheckResult] = []
    with duckdb.connect(str(warehouse)) as connection:
        # also where a data test failed: the report says what was found up to there
        if not transformed.failed_tests or _has_findings(connection):
            review(connection)
        views = plan(connection)
    with taking_pictures(views, {source.document_id: source.path for source in corpus.sources}) as taken:
        if not transformed.failed_tests:
            with steps.step("validate", "Checking expectations"):
                checks = checkpoint.run(warehouse, reports / "data_docs")
    return checks, taken.result()


def _culprits(
    warehouse: Path, transformed: TransformResult, faults: Sequence[Fault], steps: Steps
) -> Mapping[str, str]:
    """The documents that what failed is tied to, with a reason each; none where nothing failed."""
    if not faults:
        return {}
    with steps.step("search", "Looking for the documents that break the data"):
        return at_fault(warehouse, faults, transformed.models)


def _red(checks: Sequence[CheckResult]) -> list[Fault]:
    """The checks that keep this build from being published, as statements whose rows are what is wrong."""
    stopping = {(check.suite, check.name) for check in checks if check.stops(strict=False)}
    written = [check for suite in read_suites() for check in suite.checks]
    return [
        Fault(check.name, check.unexpected_rows)
        for check in written
        if (check.suite, check.name) in stopping and check.is_of_documents
    ]


def _has_findings(connection: duckdb.DuckDBPyConnection) -> bool:
    sql = "select 1 from information_schema.tables where table_schema = 'quality' and table_name = 'finding'"
    return connection.execute(sql).fetchone() is not None


def _stopped_by(transformed: TransformResult, checks: list[CheckResult], strict: bool) -> list[str]:
    """One line for each reason not to publish."""
    lines = [f"data test {name}: {message}" for name, message in transformed.failed_tests.items()]
    for check in checks:
        if check.stops(strict):
            found = check.message or f"{check.unexpected} of {check.evaluated} objects"
            lines.append(f"{check.suite}: {in_both_languages(check)} — {found}")
    return lines


def _status_text(output: Output, stopped: bool) -> str:
    if not stopped:
        return "已发布 published"
    before = (
        "the warehouse published before stays" if output.warehouse.exists() else "nothing is published yet"
    )
    return f"未发布 not published; {before}"
