"""One build: documents → landing → raw → dbt → checkpoint → published warehouse, or a report of why not."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)

from expectations.checkpoint import BrokenCheckpoint, waiting_checkpoint
from expectations.model import CheckResult
from expectations.report import read_facts, write_reports
from expectations.review import review
from extract.inputs import Corpus, Source, WrongUse, discover, gather
from extract.publish import WAREHOUSE_NAME, Output, exclusive, export, publish, reject
from extract.store import LandingCache, load, read_new
from extract.summary import print_summary
from extract.transform import BrokenTransform, TransformResult, transform
from extract.workers import Limits

PUBLISHED, NOT_PUBLISHED, WRONG_USE = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Settings:
    """What one build reads, where it works, and how strict it is."""

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


class Timer:
    """Seconds by step, in the order in which they ran."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._started = time.monotonic()

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        started = time.monotonic()
        yield
        self.seconds[name] = round(time.monotonic() - started, 2)

    def total(self) -> float:
        return round(time.monotonic() - self._started, 2)


def run(settings: Settings, console: Console) -> int:
    """Build and say in a few lines how it went; the exit code is the verdict."""
    try:
        outcome = build(settings, console)
    except WrongUse as error:
        console.print(str(error), style="red", markup=False, soft_wrap=True)
        return WRONG_USE
    except (BrokenTransform, BrokenCheckpoint) as error:
        console.print("The build broke; what is published stays as it was.", style="red")
        console.print(str(error), markup=False, highlight=False, soft_wrap=True)
        return WRONG_USE
    print_summary(console, outcome.summary, outcome.checks, settings.strict)
    return outcome.exit_code


def build(settings: Settings, console: Console) -> Outcome:
    """Build into a corner of OUT, validate, and move the result over the old one if it is sound."""
    corpus = (
        discover(settings.documents) if not settings.documents.is_file() else gather([settings.documents])
    )
    output = Output(settings.out.resolve())
    with exclusive(output), waiting_checkpoint() as checkpoint, _progress(console) as progress:
        timer = Timer()
        warehouse = output.build / WAREHOUSE_NAME
        reports, exports = output.build / "reports", output.build / "exports"

        with timer.step("read"):
            folders, new_ids = _read(corpus, output, settings, progress)
        with timer.step("load"), duckdb.connect(str(warehouse)) as connection:
            load(connection, corpus, folders, new_ids)
        with timer.step("transform"), _step(progress, "models and their tests"):
            transformed = transform(warehouse, output.dbt_state)
        checks: list[CheckResult] = []
        if not transformed.failed_tests:
            with duckdb.connect(str(warehouse)) as connection:
                review(connection)
            with timer.step("validate"), _step(progress, "expectations"):
                checks = checkpoint.run(warehouse, reports / "data_docs")
        stopped_by = _stopped_by(transformed, checks, settings.strict)
        with duckdb.connect(str(warehouse), read_only=True) as connection:
            summary = read_facts(connection)
        if not stopped_by:
            with timer.step("export"), _step(progress, "exports"):
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
            "seconds": {**timer.seconds, "total": timer.total()},
        }
        write_reports(reports, summary, checks)
        if stopped_by:
            reject(output, warehouse, reports)
        else:
            publish(output, warehouse, exports, reports)
        return Outcome(NOT_PUBLISHED if stopped_by else PUBLISHED, summary, checks)


def _read(
    corpus: Corpus, output: Output, settings: Settings, progress: Progress
) -> tuple[dict[str, Path], set[str]]:
    """The landed folder of every content, reading only those that no build has read before."""
    cache = LandingCache(output.landing, settings.limits)
    cache.sweep()
    folders: dict[str, Path] = {}
    new: list[Source] = []
    for source in corpus.sources:
        folder = cache.find(source.document_id)
        if folder is None:
            new.append(source)
        else:
            folders[source.document_id] = folder
    task = progress.add_task("documents", total=len(new), visible=bool(new))
    for source, folder in read_new(new, cache, settings.jobs):
        folders[source.document_id] = folder
        progress.advance(task)
    return folders, {source.document_id for source in new}


def _stopped_by(transformed: TransformResult, checks: list[CheckResult], strict: bool) -> list[str]:
    """One line for each reason not to publish."""
    lines = [f"data test {name}: {message}" for name, message in transformed.failed_tests.items()]
    for check in checks:
        if check.stops(strict):
            found = check.message or f"{check.unexpected} of {check.evaluated} objects"
            lines.append(f"{check.suite}: {check.says} — {found}")
    return lines


def _status_text(output: Output, stopped: bool) -> str:
    if not stopped:
        return "已发布 published"
    before = (
        "the warehouse published before stays" if output.warehouse.exists() else "nothing is published yet"
    )
    return f"未发布 not published; {before}"


def _progress(console: Console) -> Progress:
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
    )


@contextmanager
def _step(progress: Progress, name: str) -> Iterator[None]:
    task = progress.add_task(name, total=1)
    yield
    progress.update(task, completed=1)
