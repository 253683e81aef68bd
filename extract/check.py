"""One document before a person: its findings, or its tables as read."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from extract import landing

SHOWN_SEVERITIES = ("error", "warning", "minor", "rounding")


def run(document: Path, out: Path, console: Console) -> int:
    """Build the document alone and print what is wrong with it. 1 means that there is an error."""
    from extract.build import WRONG_USE, Settings, build
    from extract.inputs import WrongUse
    from extract.transform import BrokenTransform

    if not document.is_file():
        console.print(
            f"There is no document {document}. Name one: make check DOC=file", style="red", markup=False
        )
        return WRONG_USE
    try:
        outcome = build(Settings(document, out, alone=True), console)
    except (WrongUse, BrokenTransform) as error:
        console.print(str(error), style="red", markup=False, soft_wrap=True)
        return WRONG_USE
    for entry in outcome.summary["documents"]:
        if entry["status"] != "read":
            console.print(Text(f"{entry['document_name']}: {entry['reason']}", style="red"))
            return 1
        console.print(
            Text(f"{entry['agency_name']} {entry['fiscal_year']} {entry['document_kind']}", style="bold")
        )
        console.print(f"{entry['tables']} tables, {entry['numbers']} numbers", markup=False)
    for line in outcome.summary["stopped_by"]:
        console.print(Text(line, style="red"), soft_wrap=True)
    findings = outcome.summary["findings"]
    for severity, group in groupby(findings, key=lambda finding: finding["severity"]):
        console.print(Text(f"\n{severity}", style="bold"))
        for finding in group:
            place = finding["table_title"] or finding["chapter"] or ""
            page = f"p. {finding['page_no']} " if finding["page_no"] is not None else ""
            console.print(
                Text(f"  {page}{place} [{finding['rule_id']}] {finding['message_zh']}"), soft_wrap=True
            )
            console.print(Text(f"    {finding['message_en']}", style="dim"), soft_wrap=True)
    console.print(Text(f"\nreport {outcome.summary['report']}"), soft_wrap=True)
    has_error = any(finding["severity"] == "error" for finding in findings)
    return 1 if has_error or outcome.exit_code else 0


def show_tables(document: Path, rows: int, console: Console) -> int:
    """Print the first rows of every table under its full header paths."""
    try:
        tables = landing.read_document(document)
    except (landing.UnreadableDocument, OSError) as error:
        console.print(Text(f"{document.name}: {error}", style="red"))
        return 1
    for landed in tables["table"]:
        table_no = landed["table_no"]
        console.print(Text(f"\n{table_no} {landed['table_title']} ({landed['unit_text']})", style="bold"))
        columns = {
            column["column_no"]: column["column_path"]
            for column in tables["table_column"]
            if column["table_no"] == table_no
        }
        grid = Table("row")
        for path in columns.values():
            grid.add_column(Text(path or ""))
        numbers = {
            (cell["row_no"], cell["lane_no"], cell["column_no"]): cell["value_text"]
            for cell in tables["cell"]
            if cell["table_no"] == table_no
        }
        shown = [row for row in tables["table_row"] if row["table_no"] == table_no]
        for row in shown[:rows]:
            label = f"{row['row_code'] or ''} {row['row_label'] or ''}".strip()
            place = (row["row_no"], row["lane_no"])
            grid.add_row(Text(label), *(Text(numbers.get((*place, no), "")) for no in columns))
        console.print(grid)
        if len(shown) > rows:
            console.print(f"… {len(shown) - rows} rows more", markup=False)
    return 0
