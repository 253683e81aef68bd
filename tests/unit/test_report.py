"""The reports say what was found, and no text of a document does anything in them."""

from __future__ import annotations

import base64
import csv
import hashlib
import json
import re
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import pytest

from expectations.exports import harmless
from expectations.model import CheckResult
from expectations.report import make_offline, write_reports

HOSTILE = "=cmd|'/C calc'!A0<script>alert(1)</script>\x00|`*"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_text_is_a_formula(start: str) -> None:
    assert harmless(f"{start}1+1") == f"'{start}1+1"


@pytest.mark.parametrize("value", [Decimal("-12.50"), "-12.50", "+3", None, "支出总表", 7])
def test_numbers_and_plain_texts_stay_what_they_are(value: object) -> None:
    assert harmless(value) == value


def test_lists_are_joined_and_guarded_too() -> None:
    assert harmless(["=a", "b"]) == "'=a b"


def result(name: str, status: str, gate: str = "integrity") -> CheckResult:
    return CheckResult("marts", name, HOSTILE, "某项", gate, ("K1",), status, 3, 1, [{"text": HOSTILE}], "")  # type: ignore[arg-type]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    finding = {
        "finding_id": "f1",
        "document_id": "d1",
        "document_name": HOSTILE,
        "page_no": None,
        "table_title": HOSTILE,
        "chapter": None,
        "rule_id": "A03",
        "severity": "error",
        "origin": "source",
        "published": Decimal("-1234567.50"),
        "expected": Decimal("2.00"),
        "difference": Decimal("1.00"),
        "cause": "wrong_total",
        "message_zh": HOSTILE,
        "message_en": HOSTILE,
        "equations": ["e1", "e2"],
        "review": "unreviewed",
        "review_reason": None,
    }
    document = {
        "document_id": "d1",
        "document_name": HOSTILE,
        "agency_name": HOSTILE,
        "fiscal_year": 2026,
        "document_kind": "budget",
        "status": "read",
        "verdict": "verified",
        "reason": None,
        "tables": 1,
        "numbers": 3,
        "source_tokens": 3,
        "landed_tokens": 3,
        "severities": {"error": 501},
    }
    summary = {
        "status": "not_published",
        "status_text": "未发布 not published",
        "strict": False,
        "documents": [document],
        "tables": 1,
        "numbers": 3,
        "equations": {"pass": 2, "fail": 1},
        "findings": [finding] * 501,
        "findings_by_severity": {"error": 501},
        "stopped_by": [HOSTILE],
        "unknown_tables": [{"document_name": "a", "table_no": 1, "table_title": HOSTILE}],
        "unplaced": [{"document_name": "a", "line_no": 1, "text": HOSTILE, "reason": HOSTILE}],
        "notices": [HOSTILE],
    }
    checks = [
        result("green", "green"),
        result("red", "red"),
        result("watched", "red", "strict"),
        result("empty", "empty"),
        result("broken", "error"),
    ]
    write_reports(tmp_path, summary, checks)
    return tmp_path


def test_html_escapes_and_asks_no_network(folder: Path) -> None:
    page = (folder / "index.html").read_text(encoding="utf-8")
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
    # what follows the page's own text is data, in which no letter can open or close an element
    data = re.findall(r'<script type="application/json" id="[a-z0-9-]+">(.*?)</script>', page)
    assert data
    assert not any(letter in text for text in data for letter in "<>&")
    outside = re.findall(r"""(?:src|href|url)\s*[=(]\s*["']?(?:[a-z]+:)?//[^\s"']*""", page)
    assert outside == []


def test_only_the_pages_own_script_may_run(folder: Path) -> None:
    page = (folder / "index.html").read_text(encoding="utf-8")
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    assert policy is not None
    assert "default-src 'none'" in policy[1]
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    assert len(scripts) == 1
    digest = base64.b64encode(hashlib.sha256(scripts[0].encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in policy[1]
    assert "unsafe-eval" not in policy[1]


def test_the_page_holds_every_finding(folder: Path) -> None:
    page = (folder / "index.html").read_text(encoding="utf-8")
    text = re.search(r'<script type="application/json" id="findings">(.*?)</script>', page)
    assert text is not None
    findings = json.loads(text[1])
    assert len(findings) == 501
    assert HOSTILE in findings[0]
    assert "-1234567.50" in findings[0]


def test_markdown_tables_keep_their_columns(folder: Path) -> None:
    lines = (folder / "summary.md").read_text(encoding="utf-8").splitlines()
    header = next(line for line in lines if line.startswith("| 级别 severity"))
    row = next(line for line in lines if line.startswith("| 错误"))
    assert row.replace("\\|", "").count("|") == header.count("|")


def test_json_keeps_amounts_and_counts(folder: Path) -> None:
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    assert summary["findings"] == 501
    assert summary["equations"] == {"pass": 2, "fail": 1}
    assert len(summary["checks"]) == 5


def test_junit_is_well_formed_and_only_what_stops_is_a_failure(folder: Path) -> None:
    suite = ElementTree.parse(folder / "junit.xml").getroot().find("testsuite")
    assert suite is not None
    assert {key: suite.get(key) for key in ("tests", "failures", "errors", "skipped")} == {
        "tests": "5",
        "failures": "1",
        "errors": "1",
        "skipped": "1",
    }


def test_findings_csv_opens_in_a_spreadsheet_without_running_anything(folder: Path) -> None:
    with (folder / "findings.csv").open(encoding="utf-8-sig", newline="") as stream:
        row = next(csv.DictReader(stream))
    assert row["document_name"].startswith("'=")
    assert row["published"] == "-1234567.50"
    assert row["equations"] == "e1 e2"


def test_data_docs_lose_what_a_network_would_bring(tmp_path: Path) -> None:
    page = tmp_path / "index.html"
    page.write_text(
        '<head><link rel="stylesheet" href="https://cdn.example/x.css"/>'
        '<script src="//cdn.example/x.js"></script><link href="static/own.css">'
        '<link rel="shortcut icon" href="../../../static/images/favicon.ico" type="image/x-icon"/></head>'
        '<body><img src="https://cdn.example/logo.png?d=1"/>text<img src="static/own.png"></body>'
    )
    make_offline(tmp_path)
    text = page.read_text()
    assert "cdn.example" not in text and "favicon" not in text
    assert "static/own.css" in text
    assert text.endswith('<body>text<img src="static/own.png"></body>')
