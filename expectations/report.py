"""The data-quality report: one set of facts, for people (HTML, Markdown) and machines (JSON, JUnit, CSV)."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import duckdb

from expectations.model import CheckResult

TEMPLATES = Path(__file__).resolve().parent / "templates"
SHOWN_FINDINGS = 500
SEVERITIES = ("error", "warning", "minor", "rounding")
# a spreadsheet takes a text that starts so for a formula
FORMULA_START = ("=", "+", "-", "@", "\t", "\r")
NUMBER = re.compile(r"[-+]?\d+(\.\d+)?")
NOT_IN_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

FINDINGS_SQL = """
select finding.*, review.status as review, review.reason as review_reason
from quality.finding as finding
left join quality.finding_review as review on review.finding_id = finding.finding_id
order by
    list_position(['error', 'warning', 'minor', 'rounding'], finding.severity),
    finding.document_name, finding.page_no, finding.table_title, finding.rule_id, finding.finding_id
"""


def read_facts(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """The figures of one build. What a failed build did not come to make is left out, never a zero."""
    known = {
        f"{schema}.{table}"
        for schema, table in connection.execute(
            "select table_schema, table_name from information_schema.tables"
        ).fetchall()
    }

    def rows(sql: str, *needed: str) -> list[dict[str, Any]]:
        if not known.issuperset(needed):
            return []
        result = connection.execute(sql)
        names = [column[0] for column in result.description or []]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    def counts(sql: str, *needed: str) -> dict[str, int]:
        return {str(row["name"]): int(row["n"]) for row in rows(sql, *needed)}

    verdicts = (
        "left join marts.dim_document as verdict on verdict.document_id = landed.document_id"
        if "marts.dim_document" in known
        else "left join (select null as document_id, null as status) as verdict on false"
    )
    documents = rows(
        f"""
        select landed.document_id, landed.document_name, landed.status, landed.reason, landed.is_new,
            landed.agency_name, landed.fiscal_year, landed.document_kind, landed.page_count,
            verdict.status as verdict,
            (select count(*) from raw."table" t where t.document_id = landed.document_id) as tables,
            (select count(*) from raw.cell c where c.document_id = landed.document_id) as numbers,
            (select sum(source_token_count) from raw."table" t where t.document_id = landed.document_id)
                as source_tokens,
            (select sum(landed_token_count) from raw."table" t where t.document_id = landed.document_id)
                as landed_tokens
        from raw.document as landed {verdicts}
        order by landed.document_name
        """,
        "raw.document",
    )
    return {
        "documents": documents,
        "tables": sum(document["tables"] for document in documents),
        "numbers": sum(document["numbers"] for document in documents),
        "placements": counts(
            "select placement as name, count(*) as n from raw.cell group by all", "raw.cell"
        ),
        "unplaced": rows(
            "select document_name, page_no, line_no, table_no, text, unplaced.reason from raw.unplaced"
            " inner join raw.document on document.document_id = unplaced.document_id"
            " where regexp_matches(text, '[0-9]') order by all limit 1000",
            "raw.unplaced",
        ),
        "unknown_tables": rows(
            "select landed.document_name, tables.table_no, tables.table_title"
            " from intermediate.int_table as tables"
            " inner join raw.document as landed on landed.document_id = tables.document_id"
            " where tables.table_type = 'unknown' or tables.table_type is null order by all",
            "intermediate.int_table",
        ),
        "equations": counts(
            "select status as name, count(*) as n from quality.reconciliation group by all",
            "quality.reconciliation",
        ),
        "findings_by_severity": counts(
            "select severity as name, count(*) as n from quality.finding group by all", "quality.finding"
        ),
        "findings_by_review": counts(
            "select status as name, count(*) as n from quality.finding_review group by all",
            "quality.finding_review",
        ),
        "findings": rows(FINDINGS_SQL, "quality.finding", "quality.finding_review"),
    }


def write_reports(folder: Path, summary: dict[str, Any], checks: Sequence[CheckResult]) -> None:
    """Write every form of the report into `folder`, which may already hold the Data Docs."""
    folder.mkdir(parents=True, exist_ok=True)
    findings = summary["findings"]
    machine = {**summary, "findings": len(findings), "checks": [check.as_dict() for check in checks]}
    (folder / "summary.json").write_text(
        json.dumps(machine, ensure_ascii=False, indent=2, default=_plain), encoding="utf-8"
    )
    (folder / "junit.xml").write_bytes(junit(checks, summary["strict"]))
    write_findings(folder / "findings.csv", findings)
    make_offline(folder / "data_docs")
    _render(folder, summary, checks)


def _render(folder: Path, summary: dict[str, Any], checks: Sequence[CheckResult]) -> None:
    from jinja2 import Environment, FileSystemLoader

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=lambda name: name is not None and ".html" in name,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(amount=_amount, cell=_markdown_cell)
    facts = {
        "summary": summary,
        "checks": checks,
        "findings": summary["findings"][:SHOWN_FINDINGS],
        "more_findings": max(0, len(summary["findings"]) - SHOWN_FINDINGS),
        "severities": SEVERITIES,
    }
    for name in ("index.html", "summary.md"):
        text = environment.get_template(f"{name}.j2").render(facts)
        (folder / name).write_text(text, encoding="utf-8")


def junit(checks: Sequence[CheckResult], strict: bool) -> bytes:
    """One test case a check; what would not stop this build is no failure."""
    root = ElementTree.Element("testsuites", name="warehouse")
    for suite in dict.fromkeys(check.suite for check in checks):
        members = [check for check in checks if check.suite == suite]
        element = ElementTree.SubElement(
            root,
            "testsuite",
            name=suite,
            tests=str(len(members)),
            failures=str(sum(check.status == "red" and check.stops(strict) for check in members)),
            errors=str(sum(check.status == "error" for check in members)),
            skipped=str(sum(check.status == "empty" for check in members)),
        )
        for check in members:
            case = ElementTree.SubElement(element, "testcase", classname=suite, name=check.name)
            kind = {"error": "error", "empty": "skipped"}.get(check.status)
            if check.status == "red" and check.stops(strict):
                kind = "failure"
            detail = [f"{check.unexpected} of {check.evaluated} objects", check.message]
            detail += [json.dumps(example, ensure_ascii=False) for example in check.examples]
            text = _xml_text("\n".join(filter(None, detail)))
            if kind:
                ElementTree.SubElement(case, kind, message=_xml_text(check.says)).text = text
            elif check.status == "red":
                ElementTree.SubElement(case, "system-out").text = text
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)


def _xml_text(text: str) -> str:
    return NOT_IN_XML.sub("\ufffd", text)


def write_findings(path: Path, findings: Sequence[dict[str, Any]]) -> None:
    """A CSV for spreadsheets: with a mark that says UTF-8, and without any text that would be run."""
    columns = list(findings[0]) if findings else ["finding_id"]
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(columns)
        writer.writerows([harmless(row[column]) for column in columns] for row in findings)


def harmless(value: object) -> object:
    """The value as a spreadsheet may show it: numbers stay numbers, no text is a formula."""
    if isinstance(value, list | tuple):
        value = " ".join(str(entry) for entry in value)
    if isinstance(value, str) and value.startswith(FORMULA_START) and not NUMBER.fullmatch(value):
        return "'" + value
    return value


def make_offline(folder: Path) -> None:
    """Data Docs ask a network for styles and scripts; a report must open without, and tell no one."""
    outside = re.compile(
        r"<(script|link)\b[^>]*\b(?:src|href)=[\"'](?:https?:)?//[^>]*>(?:\s*</script>)?", re.IGNORECASE
    )
    style = (
        "<style>body{font:15px/1.5 sans-serif;max-width:75rem;margin:1rem auto;padding:0 1rem}"
        "table{border-collapse:collapse}td,th{border:1px solid #ccc;padding:.2rem .5rem;text-align:left}"
        "img{max-height:3rem}.collapse{display:block}</style></head>"
    )
    for page in folder.rglob("*.html"):
        text = outside.sub("", page.read_text(encoding="utf-8"))
        page.write_text(text.replace("</head>", style, 1), encoding="utf-8")


def _plain(value: object) -> object:
    """Amounts go into JSON as text, so that no reader makes floats of them."""
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def _amount(value: object) -> str:
    if value is None:
        return ""
    try:
        return f"{Decimal(str(value)):,.2f}"
    except ArithmeticError:
        return str(value)


def _markdown_cell(value: object) -> str:
    text = "" if value is None else str(value)
    return re.sub(r"([\\|<>`*_\[\]])", r"\\\1", " ".join(text.split()))
