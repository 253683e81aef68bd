"""The end of a build on the terminal: a screen at most, every number of it also in the report."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from expectations.model import CheckResult
from expectations.report import SEVERITIES

SHOWN = 12
EQUATION_ORDER = ("pass", "rounding", "fail", "insufficient_data", "not_applicable")
STYLES = {
    "error": "red",
    "warning": "yellow",
    "fail": "red",
    "green": "green",
    "red": "red",
    "noted": "yellow",
}


def print_summary(
    console: Console, summary: dict[str, Any], checks: Sequence[CheckResult], strict: bool
) -> None:
    documents = summary["documents"]
    aside = [document for document in documents if document["status"] != "read"]
    table = Table.grid(padding=(0, 2))
    table.add_row(
        "documents",
        f"{summary['new']} new, {summary['unchanged']} unchanged, {len(aside)} set aside"
        f"; {_counts(_verdicts(documents))}",
    )
    table.add_row("tables", f"{summary['tables']}, of which {len(summary['unknown_tables'])} unknown")
    table.add_row("numbers", f"{summary['numbers']} ({_counts(summary['placements'])})")
    table.add_row("equations", _coloured(summary["equations"], EQUATION_ORDER))
    table.add_row("findings", _coloured(summary["findings_by_severity"], SEVERITIES))
    table.add_row("review", _counts(summary["findings_by_review"]) or "nothing to review")
    table.add_row("checks", _coloured(_statuses(checks, strict), ("green", "red", "noted", "empty", "error")))
    if summary["unplaced"]:
        table.add_row("unplaced", f"{len(summary['unplaced'])} texts without a place")
    table.add_row("seconds", ", ".join(f"{step} {value:.1f}" for step, value in summary["seconds"].items()))
    console.print(table)
    _lines(console, "set aside", [f"{entry['document_name']}: {entry['reason']}" for entry in aside])
    in_part = [document for document in documents if document["status"] == "read" and document["reason"]]
    _lines(console, "read in part", [f"{entry['document_name']}: {entry['reason']}" for entry in in_part])
    _lines(
        console,
        "unknown tables",
        [
            f"{entry['document_name']}, table {entry['table_no']}: {entry['table_title']}"
            for entry in summary["unknown_tables"]
        ],
    )
    _lines(console, "notes", summary["notices"])
    _lines(console, "not published because", summary["stopped_by"])
    published = summary["status"] == "published"
    console.print(Text(summary["status_text"], style="green" if published else "red"))
    if published:
        console.print(Text(f"warehouse  {summary['warehouse']}"), soft_wrap=True)
    console.print(Text(f"report     {summary['report']}"), soft_wrap=True)


def _lines(console: Console, title: str, lines: Sequence[str]) -> None:
    """A titled list; the rest of a long one is in the report."""
    if not lines:
        return
    console.print(Text(f"{title}:", style="bold"))
    for line in lines[:SHOWN]:
        console.print(Text(f"  {line}"), soft_wrap=True)
    if len(lines) > SHOWN:
        console.print(Text(f"  … and {len(lines) - SHOWN} more in the report"))


def _verdicts(documents: Sequence[dict[str, Any]]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for document in documents:
        if verdict := document["verdict"]:
            counts[verdict] = counts.get(verdict, 0) + 1
    return counts


def _statuses(checks: Sequence[CheckResult], strict: bool) -> dict[str, int]:
    """Red is what keeps this build from being published; what only the report shows is noted."""
    counts: dict[str, int] = {}
    for check in checks:
        status = "noted" if check.status == "red" and not check.stops(strict) else check.status
        counts[status] = counts.get(status, 0) + 1
    return counts


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{number} {name}" for name, number in sorted(counts.items()))


def _coloured(counts: dict[str, int], order: Sequence[str]) -> Text:
    parts = [Text(f"{counts[name]} {name}", style=STYLES.get(name, "")) for name in order if counts.get(name)]
    return Text(", ").join(parts) if parts else Text("none")
