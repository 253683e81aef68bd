"""What other programs read of the findings: SARIF, XLSX and the checklist form."""

from __future__ import annotations

import csv
import re
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from expectations.checklist import NO, NOT_APPLICABLE, NOT_CHECKED, YES, checklists, write_checklists
from expectations.exports import sarif, write_findings_csv, write_findings_xlsx
from expectations.words import next_step, next_steps

HOSTILE = '=HYPERLINK("http://x")<&>\'\x00'


def finding(**given: Any) -> dict[str, Any]:
    return {
        "finding_id": "f1",
        "document_id": "d1",
        "document_name": "某局 2026年预算#1.pdf",
        "page_no": 3,
        "table_title": "支出总表",
        "chapter": None,
        "rule_id": "A03",
        "severity": "error",
        "origin": "source",
        "published": Decimal("-10.50"),
        "expected": Decimal("99999999999.99"),
        "difference": Decimal("1.00"),
        "cause": "wrong_total",
        "message_zh": "合计错误。",
        "message_en": "Wrong total.",
        "line_no": None,
        "x0": 1.5,
        "top": 2.0,
        "x1": 3.0,
        "bottom": 4.0,
        "review": "unreviewed",
        "review_reason": None,
    } | given


def rule(rule_id: str, implemented: str = "true") -> dict[str, Any]:
    return {
        "rule_id": rule_id,
        "name_zh": f"规则{rule_id}",
        "name_en": f"Rule {rule_id}",
        "formula": "合计 = Σ类",
        "example": "",
        "severity": "error",
        "implemented": implemented,
    }


def test_sarif_names_rule_level_place_and_fingerprint() -> None:
    text = finding(
        finding_id="f2", document_name="a.txt", page_no=None, line_no=17, severity="minor", x0=None
    )
    log = sarif([finding(), text, finding(rule_id="Z99")], [rule("A03"), rule("B01"), rule("E14", "false")])
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [entry["id"] for entry in rules] == ["A03", "B01", "Z99"]
    assert "合计 = Σ类" in rules[0]["help"]["text"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in ("error", "warning", "note")
        assert result["message"]["text"]
        assert result["partialFingerprints"]["findingId/v1"]
    first, second = run["results"][:2]
    place = first["locations"][0]["physicalLocation"]
    assert re.fullmatch(r"[A-Za-z0-9%._~-]+", place["artifactLocation"]["uri"])
    assert unquote(place["artifactLocation"]["uri"]) == "某局 2026年预算#1.pdf"
    assert place["artifactLocation"]["uriBaseId"] in run["originalUriBaseIds"]
    assert "region" not in place  # a PDF has no lines
    assert first["locations"][0]["logicalLocations"][0]["fullyQualifiedName"] == "第 3 页 · 支出总表"
    assert first["properties"]["box"] == [1.5, 2.0, 3.0, 4.0]
    assert first["properties"]["expected"] == "99999999999.99"
    assert second["locations"][0]["physicalLocation"]["region"] == {"startLine": 17}
    assert second["level"] == "note"


def cells(path: Path, sheet: int = 1) -> str:
    with zipfile.ZipFile(path) as book:
        return book.read(f"xl/worksheets/sheet{sheet}.xml").decode()


def test_no_text_of_a_document_is_a_formula_or_a_link_in_a_workbook(tmp_path: Path) -> None:
    path = tmp_path / "findings.xlsx"
    write_findings_xlsx(path, [finding(message_zh=HOSTILE, document_name=HOSTILE, table_title=HOSTILE)], {})
    text = cells(path)
    assert "HYPERLINK" in text
    assert "<f>" not in text
    assert "<hyperlink" not in text
    assert "<v>-10.5" in text  # an amount is a number


COUNTS = {
    "pass": 0,
    "rounding": 0,
    "fail": 0,
    "insufficient_data": 0,
    "not_applicable": 0,
    "reason": None,
    "document_id": "d1",
}


@pytest.mark.parametrize(
    ("counts", "findings", "verdict", "evidence"),
    [
        ({"pass": 4, "rounding": 1}, [], YES, "核对 5 处均相符，其中 1 处为四舍五入"),
        ({"pass": 4, "insufficient_data": 2}, [], YES, "核对 4 处均相符；另有 2 处缺少数据"),
        ({"pass": 9, "fail": 1}, [finding()], NO, "第 3 页：合计错误。"),
        ({"fail": 1}, [finding(message_zh="第3页《支出总表》有误。")], NO, "第3页《支出总表》有误。"),
        ({"fail": 1}, [finding(page_no=None, line_no=435)], NO, "第 435 行：合计错误。"),
        ({"pass": 9, "fail": 1}, [], NO, "1 处不符，原因见其他规则"),
        (
            {"pass": 9, "fail": 1},
            [finding(rule_id="B06", equations=["B06.1:d1:x", "A03.2:d1:y"])],
            NO,
            "1 处不符，与 B06 是同一问题",
        ),
        (
            {"pass": 2, "rounding": 1},
            [finding(severity="rounding")],
            YES,
            "核对 3 处均相符，其中 1 处为四舍五入",
        ),
        ({"fail": 1}, [finding(origin="extraction", page_no=None)], NO, "合计错误。（可能误读，请对照原文）"),
        ({"insufficient_data": 3, "reason": "没有上年文件"}, [], NOT_CHECKED, "缺少数据：没有上年文件"),
        ({"not_applicable": 3, "reason": "空表"}, [], NOT_APPLICABLE, "空表"),
        (None, [], NOT_APPLICABLE, "本文件没有可检查的对象"),
    ],
)
def test_yes_needs_something_that_held(
    counts: dict[str, Any] | None, findings: list[dict[str, Any]], verdict: str, evidence: str
) -> None:
    document = {
        "document_id": "d1",
        "document_name": "a.pdf",
        "agency_name": "某局",
        "fiscal_year": 2026,
        "status": "read",
        "severities": {},
    }
    aside = {**document, "document_id": "d2", "status": "set_aside"}
    counted = [] if counts is None else [COUNTS | {"rule_id": "A03"} | counts]
    (form,) = checklists([document, aside], [rule("A03"), rule("E14", "false")], counted, findings)
    assert form.rows() == [(1, "A03 表内纵向：规则A03", verdict, evidence)]


def test_one_sheet_a_document_and_one_that_sums_them_up(tmp_path: Path) -> None:
    documents = [
        {
            "document_id": f"d{no}",
            "document_name": HOSTILE,
            "agency_name": None,
            "fiscal_year": None,
            "status": "read",
            "severities": {"error": no},
        }
        for no in range(3)
    ]
    write_checklists(tmp_path / "checklist.xlsx", checklists(documents, [rule("A03")], [], []), 5)
    assert "另有 2 份文件未列出" in cells(tmp_path / "checklist.xlsx")
    assert "符合要求" in cells(tmp_path / "checklist.xlsx", 4)
    assert "<f>" not in cells(tmp_path / "checklist.xlsx")


def test_reasons_are_said_in_chinese_and_what_is_not_known_stays() -> None:
    from expectations.words import reason_zh

    assert reason_zh("a needed number is not printed") == "所需数字未印出"
    assert reason_zh(
        "needs the 2023 final of 某局, which the corpus does not hold; "
        "needs the 2024 budget of the department of 某局, which the corpus does not hold"
    ) == ("缺少 某局 2023 年决算；缺少 某局 主管部门 2024 年预算")
    assert reason_zh("something new") == "something new"
    assert reason_zh(None) == ""


def test_the_junit_of_one_document_has_its_findings() -> None:
    from xml.etree import ElementTree

    from expectations.exports import junit

    finding = {
        "finding_id": "f1", "rule_id": "A01", "severity": "error", "page_no": 3, "table_title": "<支出>",
        "chapter": None, "message_zh": "错\x00误", "message_en": "wrong",
    }  # fmt: skip
    minor = finding | {"finding_id": "f2", "severity": "minor", "page_no": None, "table_title": None}
    suite = ElementTree.fromstring(junit([], False, [finding, minor])).find("testsuite")
    assert suite is not None and suite.attrib["failures"] == "1" and suite.attrib["tests"] == "2"
    failed, noted = suite.findall("testcase")
    assert failed.attrib["name"] == "A01 · 第 3 页 · <支出> · f1"
    assert failed.find("failure") is not None and noted.find("failure") is None


def test_a_document_that_was_not_checked_is_green_nowhere() -> None:
    from xml.etree import ElementTree

    from expectations.exports import junit

    suite = ElementTree.fromstring(junit([], False, [], {"a.pdf": "", "b.pdf": "truncated"})).find(
        "testsuite"
    )
    assert suite is not None
    assert {key: suite.get(key) for key in ("tests", "failures", "errors", "skipped")} == {
        "tests": "2", "failures": "0", "errors": "1", "skipped": "0",
    }  # fmt: skip
    passed, broken = suite.findall("testcase")
    assert passed.find("error") is None and broken.find("error") is not None

    (run,) = sarif([], [rule("A03")], {"b 1.pdf": "truncated"}, is_checked=False)["runs"]
    (invocation,) = run["invocations"]
    (notification,) = invocation["toolExecutionNotifications"]
    assert invocation["executionSuccessful"] is False and notification["level"] == "error"
    assert "truncated" in notification["message"]["text"]
    assert notification["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "b%201.pdf"
    assert sarif([], [])["runs"][0]["invocations"][0]["executionSuccessful"] is True


def test_every_cause_has_a_next_step_and_no_other_has() -> None:
    seed = Path("dbt_project/seeds/rules/cause.csv")
    with seed.open(encoding="utf-8", newline="") as stream:
        causes = {row["cause"] for row in csv.DictReader(stream) if not row["cause"].startswith("slip_")}
    # what messages of other causes say, no cause of their own
    causes -= {"blank_line", "may_lack_line"}
    assert set(next_steps()) == causes | {"extraction"}
    assert all(zh and en for zh, en in next_steps().values())
    assert next_step(finding(origin="extraction")) == next_steps()["extraction"]
    assert next_step(finding()) == next_steps()["wrong_total"]


def test_the_unit_beside_an_amount_is_that_of_the_amount(tmp_path: Path) -> None:
    found = [finding(unit="万元"), finding(unit="%"), finding(unit=None)]
    write_findings_csv(tmp_path / "findings.csv", found)
    with (tmp_path / "findings.csv").open(encoding="utf-8-sig", newline="") as stream:
        assert [row["unit"] for row in csv.DictReader(stream)] == ["元", "%", ""]
