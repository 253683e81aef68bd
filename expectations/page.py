"""The report as one HTML page that needs nothing else: no network, no file beside it, no library in it.

Data stands in script elements as JSON, large data compressed, and is read when it is asked for. The page's
policy lets only its own script run, and every text of a document is shown as text.
"""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from expectations.charts import SEVERITY_COLOURS, STATUS_COLOURS, stacked_bars
from expectations.model import CheckResult
from expectations.pictures import Pictures
from expectations.words import (
    BLOCKS,
    FAMILIES,
    GATES,
    KINDS,
    ORIGINS,
    OUTCOMES,
    REVIEWS,
    SEVERITIES,
    STATUSES,
    SUITES,
    VERDICTS,
    next_steps,
    printed_unit,
    reason_zh,
)

TEMPLATES = Path(__file__).resolve().parent / "templates"
# below this data stays readable in the source of the page
COMPRESSED_FROM = 2_000_000
CHUNK = 200
LANGUAGES = ("zh", "en")
# of a rule's name beside its bar
LONGEST_LABEL = {"zh": 16, "en": 30}
FINDING_FIELDS = (
    "finding_id",
    "document_id",
    "page_no",
    "place",
    "rule_id",
    "severity",
    "origin",
    "cause",
    "published",
    "expected",
    "difference",
    "message_zh",
    "message_en",
    "review",
    "review_reason",
    "quote",
    "is_undecided",
    "unit",
    "line_no",
    "cell_id",
)


def write_page(path: Path, summary: Mapping[str, Any], checks: Sequence[CheckResult]) -> None:
    """Render the page. `summary` has the facts, and where they were made `details` and `pictures`."""
    script = (TEMPLATES / "report.js").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii")
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["amount"] = amount
    environment.filters["zh"] = reason_zh
    text = environment.get_template("index.html.j2").render(
        summary=summary,
        checks=checks,
        script=Markup(script),
        script_hash=digest,
        style=Markup((TEMPLATES / "report.css").read_text(encoding="utf-8")),
        charts=_charts(summary),
        data=Markup("\n".join(_data(summary))),
        words={
            "severity": SEVERITIES,
            "status": STATUSES,
            "verdict": VERDICTS,
            "block": BLOCKS,
            "family": FAMILIES,
            "kind": KINDS,
            "suite": SUITES,
            "gate": GATES,
            "outcome": OUTCOMES,
        },
    )
    path.write_text(text, encoding="utf-8")


def _charts(summary: Mapping[str, Any]) -> list[dict[str, Markup]]:
    """The same charts in each language."""
    verdicts: dict[str, int] = {}
    for document in summary["documents"]:
        name = document["verdict"] or document["status"]
        verdicts[name] = verdicts.get(name, 0) + 1
    families: dict[str, dict[str, int]] = {}
    for rule in summary.get("rules", []):
        counts = families.setdefault(rule["rule_id"][0], {})
        for status in STATUSES:
            counts[status] = counts.get(status, 0) + int(rule.get(status) or 0)
    rule_names = {rule["rule_id"]: rule for rule in summary.get("rules", [])}
    by_rule: dict[str, dict[str, int]] = {}
    for finding in summary["findings"]:
        counts = by_rule.setdefault(finding["rule_id"], {})
        counts[finding["severity"]] = counts.get(finding["severity"], 0) + 1
    worst = sorted(
        by_rule, key=lambda rule: [-by_rule[rule].get(severity, 0) for severity in SEVERITIES] + [0]
    )
    titles = (
        ("文件", "Documents"),
        ("勾稽关系", "Equations by family"),
        ("错误、警告最多的规则", "Rules with most errors and warnings"),
    )
    charts: list[dict[str, Markup]] = [{}, {}, {}]
    for language, name in enumerate(LANGUAGES):
        verdict_names = {key: words[language] for key, words in VERDICTS.items()}
        drawings = (
            stacked_bars(
                titles[0][language],
                [(titles[0][language], verdicts)],
                verdict_names,
                {
                    "verified": "var(--good)",
                    "read": "var(--good)",
                    "source_defects": "var(--bad)",
                    "unverified": "var(--warn)",
                    "set_aside": "var(--open)",
                },
            ),
            stacked_bars(
                titles[1][language],
                [
                    (f"{family} {FAMILIES[family][language]}", counts)
                    for family, counts in sorted(families.items())
                    if any(counts.values())
                ],
                {key: words[language] for key, words in STATUSES.items()},
                STATUS_COLOURS,
            ),
            stacked_bars(
                titles[2][language],
                [(_label(rule, rule_names.get(rule), name), by_rule[rule]) for rule in worst[:10]],
                {key: words[language] for key, words in SEVERITIES.items()},
                SEVERITY_COLOURS,
            ),
        )
        for chart, drawing in zip(charts, drawings, strict=True):
            chart[name] = Markup(drawing)
    return charts


def _label(rule_id: str, rule: Mapping[str, Any] | None, language: str) -> str:
    label = f"{rule_id} {rule[f'name_{language}'] if rule else ''}".strip()
    longest = LONGEST_LABEL[language]
    return label if len(label) <= longest else f"{label[: longest - 1].rstrip()}…"


def _data(summary: Mapping[str, Any]) -> Iterable[str]:
    """The script elements with the data of the page."""
    details: Mapping[str, str] = summary.get("details") or {}
    pictures: Pictures = summary.get("pictures") or Pictures()
    findings = summary["findings"]
    documents = {document["document_id"]: place for place, document in enumerate(summary["documents"])}
    yield element(
        "facts",
        dumps(
            {
                "chunk": CHUNK,
                "fields": FINDING_FIELDS,
                "documents": [
                    {
                        "name": document["document_name"],
                        "agency": document["agency_name"],
                        "year": document["fiscal_year"],
                        "kind": document["document_kind"],
                        "media": document.get("media_type"),
                    }
                    for document in summary["documents"]
                ],
                "rules": {
                    rule["rule_id"]: [rule["name_zh"], rule["name_en"], rule["formula"]]
                    for rule in summary.get("rules", [])
                },
                "causes": summary.get("causes", {}),
                "steps": next_steps(),
                "severities": SEVERITIES,
                "origins": ORIGINS,
                "statuses": STATUSES,
                "reviews": REVIEWS,
                "no_picture": pictures.reasons,
                "checklists": [
                    documents[checklist.document_id] for checklist in summary.get("checklists", [])
                ],
            }
        ),
    )
    yield element(
        "findings",
        dumps(
            [
                [
                    documents.get(finding["document_id"])
                    if name == "document_id"
                    else finding.get("table_title") or finding.get("chapter")
                    if name == "place"
                    else printed_unit(finding.get("unit"), summary.get("units", {}))
                    if name == "unit"
                    else finding.get(name)
                    for name in FINDING_FIELDS
                ]
                for finding in findings
            ]
        ),
    )
    for start in range(0, len(findings), CHUNK):
        members = [
            f"{dumps(finding['finding_id'])}:{details[finding['finding_id']]}"
            for finding in findings[start : start + CHUNK]
            if finding["finding_id"] in details
        ]
        yield element(
            f"details-{start // CHUNK}", "{" + ",".join(members) + "}", compress=len(findings) > 1000
        )
    for finding_id, image in pictures.images.items():
        yield f'<script type="text/plain" id="picture-{finding_id}">{image}</script>'
    for checklist in summary.get("checklists", []):
        yield element(f"checklist-{documents[checklist.document_id]}", dumps(checklist.rows()))


def element(name: str, text: str, compress: bool | None = None) -> str:
    """A script element that holds JSON: inert, and nothing in it ends the element."""
    if compress or (compress is None and len(text) > COMPRESSED_FROM):
        packed = base64.b64encode(zlib.compress(text.encode("utf-8"), 6)).decode("ascii")
        return f'<script type="text/plain" data-packed="deflate" id="{name}">{packed}</script>'
    # these letters occur in JSON only inside texts
    for letter in "<>&\u2028\u2029":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return f'<script type="application/json" id="{name}">{text}</script>'


def dumps(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=plain)


def plain(value: object) -> object:
    """Amounts go into JSON as text, so that no reader makes floats of them."""
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def amount(value: object) -> str:
    if value is None:
        return ""
    try:
        return f"{Decimal(str(value)):,.2f}"
    except ArithmeticError:
        return str(value)
