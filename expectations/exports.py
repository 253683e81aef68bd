"""The findings and checks in the forms that other programs read: CSV, XLSX, SARIF and JUnit XML."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

from expectations.model import CheckResult, in_both_languages
from expectations.words import ORIGINS, SEVERITIES, unit_of

# a spreadsheet takes a text that starts so for a formula
FORMULA_START = ("=", "+", "-", "@", "\t", "\r")
NUMBER = re.compile(r"[-+]?\d+(\.\d+)?")
NOT_IN_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
LONGEST_CELL = 32_000
# what readers of SARIF take of one run
MOST_RESULTS = 25_000
LEVELS = {"error": "error", "warning": "warning", "minor": "note", "rounding": "note"}
COLUMNS = {
    "severity": ("级别", 8),
    "origin": ("来源", 12),
    "document_name": ("文件", 32),
    "agency_name": ("单位", 24),
    "fiscal_year": ("年度", 6),
    "page_no": ("页", 5),
    "place": ("表 / 章", 32),
    "rule_id": ("规则", 7),
    "rule_name": ("检查项目", 26),
    "published": ("公布数", 18),
    "expected": ("应为", 18),
    "difference": ("差额", 18),
    "unit": ("单位", 6),
    "cause": ("原因", 16),
    "message_zh": ("说明", 80),
    "next_zh": ("下一步", 50),
    "message_en": ("message", 60),
    "review": ("复核", 12),
    "review_reason": ("复核说明", 40),
    "finding_id": ("编号", 14),
}
WRAPPED = ("message_zh", "next_zh", "message_en")


def write_findings_csv(path: Path, findings: Sequence[Mapping[str, Any]]) -> None:
    """For spreadsheets: with a mark that says UTF-8, and without any text that would be run."""
    columns = list(findings[0]) if findings else ["finding_id"]
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(columns)
        for row in findings:
            # the unit of the amounts beside it, not the printed one: amounts are in yuan
            shown = {**row, "unit": _amounts_unit(row)}
            writer.writerow([harmless(shown[column]) for column in columns])


def _amounts_unit(finding: Mapping[str, Any]) -> str | None:
    return unit_of(finding["unit"])[0] if finding.get("unit") else None


def harmless(value: object) -> object:
    """The value as a spreadsheet may show it: numbers stay numbers, no text is a formula."""
    if isinstance(value, list | tuple):
        value = " ".join(str(entry) for entry in value)
    if isinstance(value, str) and value.startswith(FORMULA_START) and not NUMBER.fullmatch(value):
        return "'" + value
    return value


def workbook(path: Path) -> Any:
    """A new XLSX file in which a text is a text: no formula, no link, whatever a document says."""
    import xlsxwriter

    return xlsxwriter.Workbook(
        str(path),
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "default_format_properties": {"valign": "top"},
        },
    )


def write_cell(sheet: Any, row: int, column: int, value: object, form: Any = None) -> None:
    """Numbers as numbers, everything else as text that the file format can hold."""
    if value is None or value == "":
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value, form)
    elif isinstance(value, int | float | Decimal):
        sheet.write_number(row, column, value, form)
    else:
        sheet.write_string(row, column, xml_text(str(value))[:LONGEST_CELL], form)


def write_findings_xlsx(
    path: Path,
    findings: Sequence[Mapping[str, Any]],
    causes: Mapping[str, Sequence[str]],
    rules: Sequence[Mapping[str, Any]] = (),
) -> None:
    names = {rule["rule_id"]: rule["name_zh"] for rule in rules}
    with workbook(path) as book:
        sheet = book.add_worksheet("问题 findings")
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        money = book.add_format({"num_format": "#,##0.00", "valign": "top"})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        for column, (name, width) in enumerate(COLUMNS.values()):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, name, head)
        sheet.freeze_panes(1, 0)
        if findings:
            sheet.autofilter(0, 0, len(findings), len(COLUMNS) - 1)
        for row, finding in enumerate(findings, start=1):
            for column, name in enumerate(COLUMNS):
                value = finding.get(name)
                if name == "place":
                    value = finding.get("table_title") or finding.get("chapter")
                elif name == "unit":
                    value = _amounts_unit(finding)
                elif name == "rule_name":
                    value = names.get(finding["rule_id"])
                elif name in ("severity", "origin", "cause"):
                    value = {"severity": SEVERITIES, "origin": ORIGINS, "cause": causes}[name].get(
                        str(value), [value]
                    )[0]
                amount = name in ("published", "expected", "difference")
                form = money if amount else wrapped if name in WRAPPED else None
                write_cell(sheet, row, column, value, form)


def sarif(
    findings: Sequence[Mapping[str, Any]],
    rules: Sequence[Mapping[str, Any]],
    unchecked: Mapping[str, str] = MappingProxyType({}),
    is_checked: bool = True,
) -> dict[str, Any]:
    """SARIF 2.1.0, one result a finding. A text has lines; a PDF has its page and box as properties.

    A document that was not checked (name → reason) has no results, which must not look like none wrong.
    """
    shown = findings[:MOST_RESULTS]
    used = {finding["rule_id"] for finding in shown}
    listed = {
        rule["rule_id"]: rule for rule in rules if rule["implemented"] == "true" or rule["rule_id"] in used
    }
    order = [*listed, *sorted(used - listed.keys())]
    places = {rule_id: place for place, rule_id in enumerate(order)}
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "fiscal-warehouse",
                        "rules": [_sarif_rule(rule_id, listed.get(rule_id)) for rule_id in order],
                    }
                },
                "invocations": [
                    {
                        "executionSuccessful": is_checked,
                        "toolExecutionNotifications": [
                            {
                                "level": "error",
                                "message": {
                                    "text": f"{name}: 没有检查，不算通过 not checked, no pass: {reason}"
                                },
                                "locations": [{"physicalLocation": {"artifactLocation": _artifact(name)}}],
                            }
                            for name, reason in unchecked.items()
                        ],
                    }
                ],
                "originalUriBaseIds": {"DOCUMENTS": {"description": {"text": "the folder that was read"}}},
                "columnKind": "unicodeCodePoints",
                "results": [_sarif_result(finding, places[finding["rule_id"]]) for finding in shown],
                "properties": {"findings": len(findings), "findingsOmitted": len(findings) - len(shown)},
            }
        ],
    }


def _sarif_rule(rule_id: str, rule: Mapping[str, Any] | None) -> dict[str, Any]:
    if rule is None:
        return {"id": rule_id}
    formula = f"公式 formula: {rule['formula']}"
    example = f"示例 example: {rule['example']}" if rule.get("example") else ""
    return {
        "id": rule_id,
        "name": rule_id,
        "shortDescription": {"text": f"{rule['name_zh']} {rule['name_en']}"},
        "fullDescription": {"text": f"{rule['name_zh']}。{rule['name_en']}."},
        "help": {"text": "\n".join(filter(None, [rule["name_zh"], rule["name_en"], formula, example]))},
        "defaultConfiguration": {"level": LEVELS.get(str(rule.get("severity")), "warning")},
    }


def _artifact(document_name: str) -> dict[str, str]:
    return {"uri": quote(document_name), "uriBaseId": "DOCUMENTS"}


def _sarif_result(finding: Mapping[str, Any], place: int) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": _artifact(str(finding["document_name"]))}
    if finding.get("line_no"):
        physical["region"] = {"startLine": int(finding["line_no"])}
    title = finding.get("table_title") or finding.get("chapter")
    page = f"第 {finding['page_no']} 页" if finding.get("page_no") is not None else ""
    location: dict[str, Any] = {"physicalLocation": physical}
    if name := " · ".join(filter(None, [page, title])):
        location["logicalLocations"] = [{"fullyQualifiedName": name}]
    properties = {
        "pageNo": finding.get("page_no"),
        "box": [finding.get(edge) for edge in ("x0", "top", "x1", "bottom")]
        if finding.get("x0") is not None
        else None,
        "origin": finding.get("origin"),
        "cause": finding.get("cause"),
        "published": _text(finding.get("published")),
        "expected": _text(finding.get("expected")),
        "difference": _text(finding.get("difference")),
        "unit": unit_of(finding.get("unit"))[1],
        "review": finding.get("review"),
    }
    return {
        "ruleId": finding["rule_id"],
        "ruleIndex": place,
        "level": LEVELS.get(finding["severity"], "warning"),
        "message": {"text": f"{finding['message_zh']}\n{finding['message_en']}"},
        "locations": [location],
        "partialFingerprints": {"findingId/v1": finding["finding_id"]},
        "properties": {name: value for name, value in properties.items() if value is not None},
    }


def _text(value: object) -> str | None:
    return None if value is None else format(value, "f") if isinstance(value, Decimal) else str(value)


def junit(
    checks: Sequence[CheckResult],
    strict: bool,
    findings: Sequence[Mapping[str, Any]] = (),
    documents: Mapping[str, str] = MappingProxyType({}),
) -> bytes:
    """One test case a check or finding; what would not stop this build, or is no error, is no failure.

    `documents` are those of a check of their own: name → why it was not checked, or nothing.
    """
    root = ElementTree.Element("testsuites", name="warehouse")
    if documents:
        suite = _suite(root, "documents", len(documents), errors=sum(map(bool, documents.values())))
        for name, reason in documents.items():
            case = _case(suite, "documents", xml_text(name))
            if reason:
                says = f"没有检查，不算通过 not checked, which is no pass: {reason}"
                ElementTree.SubElement(case, "error", message=xml_text(says))
    if findings:
        _junit_findings(root, findings)
    for name in dict.fromkeys(check.suite for check in checks):
        members = [check for check in checks if check.suite == name]
        suite = _suite(
            root,
            name,
            len(members),
            failures=sum(check.status == "red" and check.stops(strict) for check in members),
            errors=sum(check.status == "error" for check in members),
            skipped=sum(check.status == "empty" for check in members),
        )
        for check in members:
            case = _case(suite, name, check.name)
            kind = {"error": "error", "empty": "skipped"}.get(check.status)
            if check.status == "red" and check.stops(strict):
                kind = "failure"
            detail = [f"{check.unexpected} of {check.evaluated} objects", check.message]
            detail += [json.dumps(example, ensure_ascii=False) for example in check.examples]
            text = xml_text("\n".join(filter(None, detail)))
            if kind:
                ElementTree.SubElement(case, kind, message=xml_text(in_both_languages(check))).text = text
            elif check.status == "red":
                ElementTree.SubElement(case, "system-out").text = text
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)


def _junit_findings(root: ElementTree.Element, findings: Sequence[Mapping[str, Any]]) -> None:
    errors = sum(finding["severity"] == "error" for finding in findings)
    suite = _suite(root, "findings", len(findings), failures=errors)
    for finding in findings:
        page = f"第 {finding['page_no']} 页" if finding.get("page_no") is not None else ""
        place = [page, finding.get("table_title") or finding.get("chapter") or "", finding["finding_id"]]
        name = " · ".join(filter(None, (finding["rule_id"], *place)))
        case = _case(suite, finding["severity"], xml_text(name))
        said, text = xml_text(finding["message_zh"] or ""), xml_text(finding["message_en"] or "")
        if finding["severity"] == "error":
            ElementTree.SubElement(case, "failure", message=said).text = text
        else:
            ElementTree.SubElement(case, "system-out").text = f"{said}\n{text}"


def _suite(
    root: ElementTree.Element, name: str, tests: int, failures: int = 0, errors: int = 0, skipped: int = 0
) -> ElementTree.Element:
    """A suite with all the counts that readers of the format ask for; nothing here has a time of its own."""
    counts = {"tests": tests, "failures": failures, "errors": errors, "skipped": skipped, "time": 0}
    attributes = {"name": name} | {key: str(count) for key, count in counts.items()}
    return ElementTree.SubElement(root, "testsuite", attributes)


def _case(suite: ElementTree.Element, classname: str, name: str) -> ElementTree.Element:
    return ElementTree.SubElement(suite, "testcase", classname=classname, name=name, time="0")


def xml_text(text: str) -> str:
    return NOT_IN_XML.sub("\ufffd", text)
