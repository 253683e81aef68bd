"""How fast documents are read and checked: against stock pdfplumber, by stage, and as a corpus grows."""

from __future__ import annotations

import gc
import io
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from functools import wraps
from hashlib import sha256
from pathlib import Path
from typing import Any

import pdfplumber
import pyarrow.parquet as pq
from rich.console import Console
from rich.table import Table
from rich.text import Text

from extract import landing, store
from extract.build import WRONG_USE
from extract.inputs import Source, WrongUse, discover
from extract.readers import pdf
from extract.readers.text import UnreadableDocument

ROOT = Path(__file__).resolve().parents[1]
RESULTS = "bench.json"
# a log is no narrower than the tables
_WIDTH = 140
# by stage: the functions that take its time; they do not call each other
STAGES: dict[str, tuple[tuple[Any, str], ...]] = {
    "open": ((pdf.PdfReader, "__init__"), (landing, "read_text")),
    "parse objects": ((pdf, "read_objects"),),
    "find tables": ((pdf, "find_tables"), (pdf, "fill_tables"), (pdf, "struck_once")),
    "lay out": ((landing, "add_word_grids"), (landing, "lay_out")),
    "narrative": ((landing, "read_narrative"), (landing, "identify")),
    "landing": ((store, "write"),),
}
REST = "the rest of reading"
# a larger corpus is of texts: what grows is the work of the database, and reading takes its time a page
MOST_PDFS = 300


@dataclass(frozen=True, slots=True)
class Comparison:
    """Seconds of one core for the same pages of one document."""

    document: str
    pages: int
    ours: float
    stock_tables: float
    stock_text: float


@dataclass(slots=True)
class Results:
    comparisons: list[Comparison] = field(default_factory=list)
    pages: int = 0
    stages: dict[str, float] = field(default_factory=dict)
    builds: list[dict[str, Any]] = field(default_factory=list)
    growth: list[dict[str, Any]] = field(default_factory=list)


def run(documents: Path, out: Path, pages: int, sizes: Sequence[int], console: Console) -> int:
    """Measure, print tables, and leave the same figures in OUT as JSON."""
    try:
        sources = discover(documents).sources
    except WrongUse as error:
        console.print(Text(str(error), style="red"))
        return WRONG_USE
    results = Results()
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        pdfs = [source.path for source in sources if source.path.suffix.lower() == ".pdf"]
        can_typeset = (ROOT / "tests" / "typeset").is_dir()
        if not pdfs and can_typeset:
            typeset(folder / "pages", 20, "pdf")
            pdfs = sorted((folder / "pages").glob("*.pdf"))
        chosen = sample(pdfs, pages)
        console.print(f"Comparing {len(chosen)} of {len(pdfs)} PDFs with stock pdfplumber …")
        results.comparisons = [compare(path) for path in chosen]
        _print_comparisons(console, results.comparisons, len(pdfs), pages)
        console.print("Timing the stages …")
        results.pages, results.stages = time_stages(sources, folder / "landed")
        _print_stages(console, results)
        for title in ("first", "second"):
            console.print(f"Timing the {title} build …")
            results.builds.append({"build": title} | timed_build(documents, folder / "out"))
        _print_builds(console, "build", results.builds)
        if not can_typeset:
            console.print("The growth is not measured: the generator of documents is not here.")
            sizes = ()
        for size in sizes:
            form = "pdf" if size <= MOST_PDFS else "text"
            console.print(f"Typesetting and building {size} documents ({form}) …")
            typeset(folder / str(size), size, form)
            results.growth.append(
                {"documents": size} | timed_build(folder / str(size), folder / f"out{size}")
            )
        if results.growth:
            _print_builds(console, "documents", results.growth)
            _print_models(console, results.growth)
    out.mkdir(parents=True, exist_ok=True)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    text = json.dumps({"cores": cores} | asdict(results), ensure_ascii=False, indent=1)
    (out / RESULTS).write_text(text, encoding="utf-8")
    console.print(f"All figures: {out / RESULTS}", markup=False)
    return 0


# -- against stock pdfplumber ------------------------------------------------------------------------------


def sample(paths: Iterable[Path], pages: int) -> list[Path]:
    """PDFs of so many pages together, or all of them for 0: whole ones, because a document's fonts are set
    up once. A hash shuffles them, always in the same way; one that cannot be opened is left out.
    """
    counts: dict[Path, int] = {}
    for path in sorted(paths, key=lambda path: sha256(path.read_bytes()).digest()):
        try:
            reader = pdf.PdfReader(path.read_bytes())
        except UnreadableDocument:
            continue
        if not pages or sum(counts.values()) + reader.page_count <= pages:
            counts[path] = reader.page_count
        reader.close()
    return sorted(counts)


def compare(path: Path) -> Comparison:
    """The reader, stock pdfplumber, and the reader again (the mean counts): a machine that grows busy slows
    both alike. Each begins with nothing of the other's in memory.
    """
    data = path.read_bytes()
    before = _read(data)
    pages, tables, text = _read_stock(data)
    return Comparison(path.name, pages, (before + _read(data)) / 2, tables, text)


def _read(data: bytes) -> float:
    gc.collect()
    start = time.process_time()
    pdf.read_pdf(data)
    return time.process_time() - start


def _read_stock(data: bytes) -> tuple[int, float, float]:
    """How many pages, and the seconds of their tables (opening the file among them) and of their text."""
    gc.collect()
    text = 0.0
    begin = time.process_time()
    with pdfplumber.open(io.BytesIO(data)) as stock:
        for page in stock.pages:
            page.extract_tables()
            start = time.process_time()
            page.extract_text()
            text += time.process_time() - start
            page.close()
        count = len(stock.pages)
    return count, time.process_time() - begin - text, text


def _print_comparisons(console: Console, comparisons: Sequence[Comparison], count: int, pages: int) -> None:
    if not comparisons:
        said = f"Each of the {count} PDFs has more than {pages} pages, or cannot be opened: set PAGES higher"
        console.print(f"{said}." if count else "No PDF to compare with stock pdfplumber.")
        return
    table = _table(
        "Pages a second on one core, text of every page included, and the ratio to stock pdfplumber",
        "document",
        "pages",
        "ours",
        "extract_tables",
        "ratio",
        "+ extract_text",
        "ratio",
    )
    pages, ours, tables, text = (
        sum(getattr(part, name) for part in comparisons)
        for name in ("pages", "ours", "stock_tables", "stock_text")
    )
    for row in [*comparisons, Comparison("all", pages, ours, tables, text)]:
        both = row.stock_tables + row.stock_text
        if row.document == "all":
            table.add_section()
        table.add_row(
            Text(row.document),
            str(row.pages),
            f"{row.pages / row.ours:.1f}",
            *(
                text
                for seconds in (row.stock_tables, both)
                for text in (f"{row.pages / seconds:.1f}", f"{seconds / row.ours:.2f}")
            ),
        )
    _print(console, table)


# -- stage by stage ----------------------------------------------------------------------------------------


def time_stages(sources: Sequence[Source], folder: Path) -> tuple[int, dict[str, float]]:
    """Read and land every document in this process; the seconds of each stage, and how many pages."""
    pages = 0
    with stopwatch(STAGES) as seconds:
        start = time.process_time()
        for source in sources:
            store.land(source.path, folder / source.document_id)
        total = time.process_time() - start
        seconds[REST] = total - sum(seconds.values())
        seconds["reading in all"] = total
    for source in sources:
        landed = folder / source.document_id / "page.parquet"
        pages += pq.read_metadata(landed).num_rows if landed.is_file() else 0
    return pages, seconds


@contextmanager
def stopwatch(stages: dict[str, tuple[tuple[Any, str], ...]]) -> Iterator[dict[str, float]]:
    """Seconds of processor time that pass inside the functions of each stage while this is open."""
    seconds = dict.fromkeys(stages, 0.0)

    def timed(stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def call(*arguments: Any, **options: Any) -> Any:
            start = time.process_time()
            try:
                return function(*arguments, **options)
            finally:
                seconds[stage] += time.process_time() - start

        return call

    with ExitStack() as stack:
        for stage, functions in stages.items():
            for owner, name in functions:
                function = getattr(owner, name)
                stack.callback(setattr, owner, name, function)
                setattr(owner, name, timed(stage, function))
        yield seconds


def _print_stages(console: Console, results: Results) -> None:
    table = _table(f"{results.pages} pages, one core", "stage", "seconds", "pages a second")
    for stage, seconds in results.stages.items():
        table.add_row(stage, f"{seconds:.2f}", f"{results.pages / seconds:,.0f}" if seconds else "")
    _print(console, table)


# -- whole builds ------------------------------------------------------------------------------------------


def typeset(folder: Path, count: int, form: str) -> None:
    """Documents of the tests' generator, in all layouts of PDFs or texts by turns."""
    command = [sys.executable, "-m", "tests.typeset", str(folder), str(count), form]
    subprocess.run(command, cwd=ROOT, check=True)


def timed_build(documents: Path, out: Path) -> dict[str, Any]:
    """One build in a process of its own: seconds by step, and the memory of its largest process."""
    command = [sys.executable, "-m", "extract.cli", "build", "--documents", str(documents), "--out", str(out)]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.DEVNULL, env=os.environ | {"STRICT": ""}
    ) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    summary = json.loads((out / "reports" / "summary.json").read_text(encoding="utf-8"))
    # kilobytes, but for one system that gives bytes
    megabytes = usage.ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)
    return {
        "exit_code": process.returncode,
        "new": summary["new"],
        "numbers": summary["numbers"],
        "equations": sum(summary["equations"].values()),
        "peak_mb": round(megabytes),
        "seconds": summary["seconds"],
        "model_seconds": summary["model_seconds"],
    }


def _print_builds(console: Console, key: str, builds: Sequence[dict[str, Any]]) -> None:
    steps = list(dict.fromkeys(step for build in builds for step in build["seconds"]))
    table = _table(
        "Seconds of whole builds, and the memory of their largest process",
        *(key, "read anew", "numbers", "equations", *steps, "MB"),
    )
    for build in builds:
        table.add_row(
            str(build[key]),
            *(f"{build[part]:,}" for part in ("new", "numbers", "equations")),
            *(f"{build['seconds'].get(step, 0):.1f}" for step in steps),
            f"{build['peak_mb']:,}",
        )
    _print(console, table)


def _print_models(console: Console, builds: Sequence[dict[str, Any]]) -> None:
    """What a corpus takes to be reconciled: the models of `quality`, without their data tests."""
    folders = list(dict.fromkeys(folder for build in builds for folder in build["model_seconds"]))
    table = _table(
        "Seconds of the models, added up while two run at a time; reconciling is quality",
        *("documents", "numbers", *folders, "quality: numbers a second"),
    )
    for build in builds:
        seconds = build["model_seconds"]
        rate = build["numbers"] / seconds["quality"] if seconds.get("quality") else 0
        table.add_row(
            *(str(build["documents"]), f"{build['numbers']:,}"),
            *(f"{seconds.get(folder, 0):.1f}" for folder in folders),
            f"{rate:,.0f}",
        )
    _print(console, table)


def _table(title: str, first: str, *columns: str) -> Table:
    table = Table(title=title)
    table.add_column(first, no_wrap=True)
    for column in columns:
        table.add_column(column, justify="right")
    return table


def _print(console: Console, table: Table) -> None:
    # a log has no width of its own, and a print is never wider than its console
    wide = console if console.is_terminal else Console(file=console.file, width=_WIDTH)
    wide.print(table)
