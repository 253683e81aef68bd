"""The data-quality report: one set of facts in the forms that people and machines read."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from expectations.checklist import COUNTS_SQL, checklists, write_checklists
from expectations.details import read_details
from expectations.exports import junit, sarif, write_findings_csv, write_findings_xlsx
from expectations.model import CheckResult, in_both_languages
from expectations.page import TEMPLATES, amount, plain, write_page
from expectations.pictures import MOST_PICTURES, Pictures
from expectations.words import KINDS, ORIGINS, REVIEWS, VERDICTS, next_step, reason_zh, unit_of
from expectations.words import SEVERITIES as SEVERITY_WORDS
from expectations.words import STATUSES as STATUS_WORDS

SHOWN_FINDINGS = 500
SEVERITIES = tuple(SEVERITY_WORDS)
STATUSES = ("pass", "rounding", "fail", "insufficient_data", "not_applicable")
WORDS = {
    "severity": SEVERITY_WORDS,
    "origin": ORIGINS,
    "review": REVIEWS,
    "verdict": VERDICTS,
    "kind": KINDS,
    "status": STATUS_WORDS,
}

# what only the page shows; it is in the warehouse for everyone else
PAGE_ONLY = {"findings", "details", "pictures", "picture_note", "checklists", "units"}
DETAILED = {
    "quality.finding",
    "quality.reconciliation",
    "quality.reconciliation_term",
    "intermediate.int_published_amount",
}

# a finding with what it takes to find its document, and its line where the document is a text
FINDINGS_SQL = """
select finding.*, landed.agency_name, landed.fiscal_year,
    review.status as review, review.reason as review_reason,
    case when landed.media_type = 'text' then coalesce(
        (
            select min(line.line_no) from raw.table_row as line
            where line.document_id = finding.document_id and line.table_no = finding.table_no
                and line.row_no = finding.row_no
        ),
        (
            select min(sentence.line_no) from raw.sentence as sentence
            where sentence.document_id = finding.document_id and sentence.sentence_no = finding.sentence_no
        ),
        (
            select min(title.title_line_no) from raw."table" as title
            where title.document_id = finding.document_id and title.table_no = finding.table_no
                and title.title_line_no > 0
        )
    ) end as line_no
from quality.finding as finding
left join raw.document as landed on landed.document_id = finding.document_id
left join quality.finding_review as review on review.finding_id = finding.finding_id
order by
    list_position(['error', 'warning', 'minor', 'rounding'], finding.severity),
    finding.document_name, finding.page_no, line_no, finding.table_title, finding.rule_id, finding.finding_id
"""


def read_facts(connection: duckdb.DuckDBPyConnection, only: str = "") -> dict[str, Any]:
    """The figures of one build, or of one document in it. What a failed build did not come to make is left
    out, never a zero.
    """
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

    verdicts = "(select null as document_id, null as status, null as status_reason) as verdict"
    if "marts.dim_document" in known:
        verdicts = "marts.dim_document as verdict"
    elif "quality.document_status" in known:
        verdicts = (
            "(select document_id, status, reason as status_reason from quality.document_status) as verdict"
        )
    documents = rows(
        f"""
        select landed.document_id, landed.document_name, landed.media_type, landed.status, landed.reason,
            landed.is_new, landed.agency_name, landed.fiscal_year, landed.document_kind, landed.page_count,
            verdict.status as verdict, verdict.status_reason as verdict_reason,
            (select count(*) from raw."table" t where t.document_id = landed.document_id) as tables,
            (select count(*) from raw.cell c where c.document_id = landed.document_id) as numbers,
            (select sum(source_token_count) from raw."table" t where t.document_id = landed.document_id)
                as source_tokens,
            (select sum(landed_token_count) from raw."table" t where t.document_id = landed.document_id)
                as landed_tokens
        from raw.document as landed
        left join {verdicts} on verdict.document_id = landed.document_id
        order by landed.document_name
        """,
        "raw.document",
    )
    if only:
        documents = [document for document in documents if document["document_id"] == only]
    by_document: dict[str, dict[str, int]] = {}
    for row in rows(
        "select document_id, severity, count(*) as n from quality.finding group by all", "quality.finding"
    ):
        by_document.setdefault(row["document_id"], {})[row["severity"]] = int(row["n"])
    for document in documents:
        document["severities"] = by_document.get(document["document_id"], {})
    findings = rows(FINDINGS_SQL, "quality.finding", "quality.finding_review")
    for finding in findings:
        finding["next_zh"], finding["next_en"] = next_step(finding)
    evaluated = " union all by name ".join(
        f"select document_id, rule_id, status, reason from {table}"
        for table in ("quality.reconciliation", "quality.disclosure_check")
        if table in known
    )
    checked = rows(COUNTS_SQL.format(verdicts=evaluated), "quality.reconciliation") if evaluated else []
    rules = rows("select * from staging.rule order by rule_id", "staging.rule")
    totals: dict[str, Counter[str]] = {}
    for entry in checked:
        totals.setdefault(entry["rule_id"], Counter()).update({status: entry[status] for status in STATUSES})
    found = Counter(finding["rule_id"] for finding in findings)
    for rule in rules:
        own = totals.get(rule["rule_id"], Counter())
        rule |= {status: own[status] for status in STATUSES} | {"findings": found[rule["rule_id"]]}
    scorecards: dict[str, dict[str, Any]] = {}
    for row in rows("select * from quality.document_scorecard", "quality.document_scorecard"):
        scorecards.setdefault(row["document_id"], {})[row["block"]] = row
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
        "findings": findings,
        "rules": rules,
        "causes": {
            row["cause"]: (row["name_zh"], row["name_en"])
            for row in rows("select cause, name_zh, name_en from staging.cause", "staging.cause")
        },
        "units": {
            row["unit_text"]: row["yuan_factor"]
            for row in rows("select unit_text, yuan_factor from staging.unit", "staging.unit")
        },
        "scorecards": scorecards,
        "checklists": checklists(documents, rules, checked, findings),
        "details": read_details(connection) if known.issuperset(DETAILED) else {},
    }


def write_reports(folder: Path, summary: dict[str, Any], checks: Sequence[CheckResult]) -> None:
    """Write every form of the report into `folder`, which may already hold the Data Docs."""
    folder.mkdir(parents=True, exist_ok=True)
    findings = summary["findings"]
    rules, forms = summary.get("rules", []), summary.get("checklists", [])
    machine = {name: value for name, value in summary.items() if name not in PAGE_ONLY}
    machine |= {"findings": len(findings), "checks": [check.as_dict() for check in checks]}
    (folder / "summary.json").write_text(
        json.dumps(machine, ensure_ascii=False, indent=2, default=plain), encoding="utf-8"
    )
    # a check of one document is judged by its findings, a build by its expectations
    is_check = summary["status"] == "checked"
    documents = {entry["document_name"]: _why_unchecked(entry, summary) for entry in summary["documents"]}
    unchecked = {name: reason for name, reason in documents.items() if reason}
    (folder / "junit.xml").write_bytes(
        junit(checks, summary["strict"], findings if is_check else (), documents if is_check else {})
    )
    (folder / "findings.sarif").write_text(
        json.dumps(
            sarif(findings, rules, unchecked, is_checked=len(unchecked) < len(documents)),
            ensure_ascii=False,
            indent=1,
            default=plain,
        ),
        encoding="utf-8",
    )
    write_findings_csv(folder / "findings.csv", findings)
    write_findings_xlsx(folder / "findings.xlsx", findings, summary.get("causes", {}), rules)
    write_checklists(folder / "checklist.xlsx", forms, len(summary["documents"]))
    make_offline(folder / "data_docs")
    write_page(folder / "index.html", summary, checks)
    _write_markdown(folder / "summary.md", summary, checks)


def _why_unchecked(entry: Mapping[str, Any], summary: Mapping[str, Any]) -> str:
    """Why nothing was compared in a document; no text where something was."""
    if entry["status"] != "read":
        return str(entry["reason"] or entry["status"])
    held = sum(summary["equations"].get(status, 0) for status in ("pass", "rounding", "fail"))
    return "" if held else "没有可以核对的数字 nothing could be compared"


def picture_note(pictures: Pictures, findings: int) -> tuple[str, str]:
    """How many pictures there are and why others have none, in one line."""
    taken, failed = len(pictures.images), len(pictures.reasons)
    zh = f"图片 {taken} 张（错误与警告优先，最多 {MOST_PICTURES} 张）；共 {findings} 个问题。"
    en = (
        f"{taken} {'picture' if taken == 1 else 'pictures'} (errors and warnings first, at most"
        f" {MOST_PICTURES}) for {findings} {'finding' if findings == 1 else 'findings'}."
    )
    if failed:
        zh += f"{failed} 张未能生成，原因见各问题。"
        en += f" {failed} could not be made; the findings say why."
    return zh, en


def _write_markdown(path: Path, summary: dict[str, Any], checks: Sequence[CheckResult]) -> None:
    from jinja2 import Environment, FileSystemLoader

    environment = Environment(loader=FileSystemLoader(TEMPLATES), trim_blocks=True, lstrip_blocks=True)
    environment.filters.update(
        amount=amount, both=in_both_languages, cell=_markdown_cell, unit=_unit_cell, word=_word, zh=reason_zh
    )
    text = environment.get_template("summary.md.j2").render(
        summary={"causes": {}, **summary},
        checks=checks,
        findings=summary["findings"][:SHOWN_FINDINGS],
        more_findings=max(0, len(summary["findings"]) - SHOWN_FINDINGS),
    )
    path.write_text(text, encoding="utf-8")


def make_offline(folder: Path) -> None:
    """Data Docs ask a network for styles, scripts and a logo; a report must open without, and tell no one."""
    # their icon is sought one folder too high by half of the pages
    outside = re.compile(
        r"<(script|link|img)\b[^>]*\b(?:src|href)=[\"'](?:(?:https?:)?//|[^\"']*favicon\.ico)[^>]*>"
        r"(?:\s*</script>)?",
        re.IGNORECASE,
    )
    style = (
        "<style>body{font:15px/1.5 sans-serif;max-width:75rem;margin:1rem auto;padding:0 1rem}"
        "table{border-collapse:collapse}td,th{border:1px solid #ccc;padding:.2rem .5rem;text-align:left}"
        "img{max-height:3rem}.collapse{display:block}</style></head>"
    )
    for page in folder.rglob("*.html"):
        text = outside.sub("", page.read_text(encoding="utf-8"))
        page.write_text(text.replace("</head>", style, 1), encoding="utf-8")


def _word(key: str | None, group: str) -> str:
    """What a key is called, in Chinese."""
    return _markdown_cell(WORDS[group].get(key or "", (key,))[0])


def _unit_cell(finding: Mapping[str, Any]) -> str:
    """The unit of the amounts before it, where there are any."""
    given = finding["published"] is not None or finding["expected"] is not None
    return _markdown_cell(unit_of(finding.get("unit"))[0]) if given else ""


def _markdown_cell(value: object) -> str:
    text = "" if value is None else str(value)
    return re.sub(r"([\\|<>`*_\[\]])", r"\\\1", " ".join(text.split()))
