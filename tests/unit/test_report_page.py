"""The page in a browser without a window: it filters, opens findings, speaks English, fits a phone."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from expectations.charts import STATUS_COLOURS, stacked_bars
from expectations.model import CheckResult
from expectations.page import TEMPLATES, element, write_page
from expectations.pictures import Pictures
from expectations.report import write_reports
from expectations.words import SEVERITIES, STATUSES

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
NODE = shutil.which("node")
HOSTILE = '</script><img src=x onerror="window.hacked=1"><!--<script>\'\u2028'
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
DOCUMENTS = 3
FINDINGS = 1200  # enough for compressed details and for many pages


def finding(no: int) -> dict[str, Any]:
    return {
        "finding_id": f"f{no}",
        "document_id": f"d{no % DOCUMENTS}",
        "document_name": f"document {no % DOCUMENTS}",
        "page_no": None if no == 2 else no % 40 + 1,
        "table_title": HOSTILE,
        "chapter": None,
        "rule_id": "A03" if no % 2 else "B03",
        "severity": "error" if no < 100 else "minor",
        "origin": "source" if no else "extraction",
        "published": Decimal("1234567.50"),
        "expected": None,
        "difference": Decimal("-1.00"),
        "cause": "wrong_total",
        "message_zh": f"合计错误 {HOSTILE}",
        "message_en": f"wrong total number {no} {HOSTILE}",
        "equations": [f"e{no}"],
        "review": "unreviewed",
        "review_reason": None,
        "quote": None,
        "is_undecided": False,
        "unit": {0: "元", 1: "%"}.get(no, "万元"),
        "line_no": 435 if no == 2 else None,
        "cell_id": "d0:1:4:2",
    }


def details(no: int) -> str:
    terms = [
        {
            "c": "1.00",
            "a": "1234567.50",
            "l": HOSTILE,
            "k": "预算数",
            "t": "支出总表",
            "p": 3,
            "i": "d0:1:4:2",
            "s": "lhs",
        },
        {
            "c": "-1.00",
            "a": "1234566.00",
            "l": "教育支出",
            "k": "预算数",
            "t": "支出总表",
            "p": 4,
            "s": "rhs",
        },
        {"c": "-1.00", "a": "0.50", "l": "其他支出", "k": "预算数", "t": "支出总表", "p": 4, "s": "rhs"},
    ]
    equation = {
        "r": "A03",
        "n": None,
        "o": f"合计 · 预算数 {no}",
        "m": "eq",
        "lhs": "1234567.50",
        "rhs": "1234566.50",
        "d": "1.00",
        "t": "0.0150",
        "s": "fail",
        "w": None,
        "terms": terms,
        "more": 0,
    }
    near = {
        "c": 2,
        "h": [{"c": 1, "h": "合计"}, {"c": 2, "h": "基本支出"}],
        "r": [{"n": 4, "l": "教育支出", "v": {"1": "5.00", "2": "777.77"}, "is": True}],
    }
    return json.dumps({"equations": [equation], "near": near}, ensure_ascii=False)


def document(no: int) -> dict[str, Any]:
    return {
        "document_id": f"d{no}",
        "document_name": f"document {no}",
        "agency_name": f"某局{no}",
        "fiscal_year": 2024 + no,
        "document_kind": "budget",
        "media_type": "pdf",
        "status": "read",
        "verdict": "verified",
        "verdict_reason": "errors of the publisher: 3",
        "reason": None,
        "tables": 1,
        "numbers": 3,
        "source_tokens": 3,
        "landed_tokens": 3,
        "severities": {"error": 34},
    }


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    summary = {
        "status": "published",
        "status_text": "已发布 published",
        "strict": False,
        "documents": [document(no) for no in range(DOCUMENTS)],
        "tables": 3,
        "numbers": 9,
        "equations": {"pass": 2, "fail": 1},
        "findings": [finding(no) for no in range(FINDINGS)],
        "findings_by_severity": {"error": 100, "minor": FINDINGS - 100},
        "stopped_by": [],
        "notices": [],
        "rules": [
            {
                "rule_id": rule_id,
                "name_zh": "合计等于各项之和",
                "name_en": "The total equals its parts",
                "formula": "合计 = Σ类",
                "implemented": "true",
                "findings": FINDINGS // 2,
                **dict.fromkeys(STATUSES, 1),
            }
            for rule_id in ("A03", "B03")
        ],
        "causes": {"wrong_total": ("合计错误", "Wrong total")},
        "units": {"元": Decimal("1.00"), "万元": Decimal("10000.00")},
        "scorecards": {
            "d0": {"completeness": {"passed": 3, "failed": 1, "not_evaluated": 2, "score": Decimal("0.75")}}
        },
        "details": {f"f{no}": details(no) for no in range(FINDINGS)},
        "pictures": Pictures({"f0": PIXEL}, {"f1": "page 3: broken"}),
    }
    write_reports(folder, summary, [])
    return folder / "index.html"


def dom(page: Path, *options: str, fragment: str = "") -> str:
    assert CHROMIUM is not None
    done = subprocess.run(
        [
            *(CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"),
            *("--virtual-time-budget=20000", f"--user-data-dir={page.parent / 'profile'}"),
            *options,
            *("--dump-dom", page.as_uri() + fragment),
        ],
        capture_output=True,
        encoding="utf-8",
        timeout=120,
    )
    return done.stdout


def driven(page: Path, script: str, *options: str, fragment: str = "") -> dict[str, Any]:
    """What a script finds that uses the page as a person would; it needs the policy out of its way."""
    text = page.read_text(encoding="utf-8")
    text = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", text)
    driver = """
<script>
(async () => {
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));
  const by = (id) => document.getElementById(id);
  const rows = () => [...document.querySelectorAll(".row[data-finding]")];
  const press = (key) =>
    document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
  const choose = (name, value) => {
    const field = by("filters").elements[name];
    field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const found = {};
  try {
    while (document.documentElement.dataset.ready !== "true") await pause(20);
    SCRIPT
  } catch (error) { found.error = String(error.stack || error); }
  document.body.setAttribute("data-found", JSON.stringify(found));
})();
</script></body>"""
    other = page.with_name("driven.html")
    other.write_text(text.replace("</body>", driver.replace("SCRIPT", script)), encoding="utf-8")
    said = re.search(r'data-found="([^"]*)"', dom(other, *options, fragment=fragment))
    assert said is not None
    found = json.loads(html.unescape(said[1]))
    assert "error" not in found, found["error"]
    return found


in_a_browser = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")


@in_a_browser
def test_the_page_opens_under_its_own_policy(page: Path) -> None:
    text = dom(page)
    assert 'data-ready="true"' in text
    assert text.count('data-finding="f') == 50
    assert f"{FINDINGS} 个问题" in text
    assert "<img src=x" not in text  # what a document says is text
    assert "第 435 行" in text  # a text has no pages
    # each language has its own words for what is noted of a document
    assert '<span class="zh">公布数据有误：3 处</span><span class="en" lang="en">errors of' in text


@in_a_browser
def test_a_link_filters_and_opens(page: Path) -> None:
    text = dom(page, fragment="#rule=B03&severity=error&finding=f0")
    assert "50 个问题" in text
    assert 'aria-expanded="true" data-finding="f0"' in text
    assert f"data:image/png;base64,{PIXEL}" in text
    assert "777.77" in text
    assert "1,234,566.50" in text  # the right side of the equation
    # where no number would be right, none is promised
    assert "<b>1,234,567.50</b> 元" in text
    # a table in 万元 is spoken of in 万元, its equation too
    assert "<b>123.45675</b> 万元" in text
    assert "允许 ±0.000001 万元" in dom(page, fragment="#finding=f3")
    # what a percentage is held against are amounts
    assert "允许 ±0.015 元" in dom(page, fragment="#finding=f1")
    assert "<b>1,234,567.50</b> %" in dom(page)


@in_a_browser
def test_filters_keys_languages_and_pages(page: Path) -> None:
    found = driven(
        page,
        """
    found.all = by("count").textContent;
    press("/"); found.search = document.activeElement.id; by("search").blur();
    choose("agency", "某局1"); found.agency = by("count").textContent;
    choose("severity", "error"); found.both = by("count").textContent; found.hash = location.hash;
    by("search").value = "number 97"; by("search").dispatchEvent(new Event("input", { bubbles: true }));
    found.words = by("count").textContent; found.kept = by("search").value;
    by("clear").click(); found.cleared = by("count").textContent;
    press("j"); press("j"); found.second = rows().indexOf(document.activeElement);
    press("k"); found.first = rows().indexOf(document.activeElement);
    document.activeElement.click(); await pause(400);
    found.open = document.activeElement.getAttribute("aria-expanded");
    found.picture = !!document.querySelector(".panel img");
    found.terms = document.querySelectorAll(".panel .equation td.dim").length;
    const suspects = [...document.querySelectorAll(".panel .equation .here")];
    found.suspect = suspects.map((row) => row.cells[1].textContent);
    found.next = document.querySelector(".panel dl").textContent.includes("先对照原文");
    press("Escape"); found.closed = document.activeElement.getAttribute("aria-expanded");
    rows()[1].click(); await pause(400);
    found.reason = document.querySelector(".panel").textContent.includes("page 3: broken");
    press("n"); found.page = by("count").textContent; found.on = document.activeElement.dataset.finding;
    press("p"); found.back = by("count").textContent;
    by("language").click(); found.english = by("count").textContent;
    by("search").value = "number 1199"; by("search").dispatchEvent(new Event("input", { bubbles: true }));
    found.one = by("count").textContent;
    found.button = by("language").textContent;
    found.chinese = getComputedStyle(document.querySelector("h1 .zh")).display;
    found.hacked = window.hacked === undefined;
    found.images = document.querySelectorAll("img").length;
    """,
    )
    assert found == {
        "all": "1200 个问题，第 1 / 24 页",
        "search": "search",
        "agency": "400 个问题，第 1 / 8 页",
        "both": "33 个问题，第 1 / 1 页",
        "hash": "#agency=%E6%9F%90%E5%B1%801&severity=error",
        "words": "1 个问题，第 1 / 1 页",
        "kept": "number 97",
        "cleared": "1200 个问题，第 1 / 24 页",
        "second": 1,
        "first": 0,
        "open": "true",
        "picture": True,
        "terms": 3,
        "suspect": ["1,234,567.50"],
        "next": True,
        "closed": "false",
        "reason": True,
        "page": "1200 个问题，第 2 / 24 页",
        "on": "f50",
        "back": "1200 个问题，第 1 / 24 页",
        "english": "1200 findings, page 1 of 24",
        "one": "1 finding, page 1 of 1",
        "button": "中文",
        "chinese": "none",
        "hacked": True,
        "images": 0,
    }


@in_a_browser
def test_fifty_thousand_findings_open_and_filter(tmp_path: Path) -> None:
    many = 50_000
    summary = {
        "status": "published",
        "status_text": "已发布 published",
        "documents": [document(no) for no in range(DOCUMENTS)],
        "tables": 3,
        "numbers": 9,
        "equations": {"fail": many},
        "findings": [finding(no) for no in range(many)],
        "findings_by_severity": {"error": 100, "minor": many - 100},
        "details": {f"f{no}": details(no) for no in range(many)},
    }
    page = tmp_path / "index.html"
    write_page(page, summary, [])
    assert page.stat().st_size < 10_000_000
    found = driven(
        page,
        """
    found.all = by("count").textContent; found.rows = rows().length;
    choose("severity", "error"); found.errors = by("count").textContent;
    by("clear").click(); by("search").value = "number 49999 ";
    by("search").dispatchEvent(new Event("input", { bubbles: true })); found.one = by("count").textContent;
    rows()[0].click(); await pause(400); found.open = document.querySelectorAll(".panel .equation").length;
    """,
    )
    assert found == {
        "all": "50000 个问题，第 1 / 1000 页",
        "rows": 50,
        "errors": "100 个问题，第 1 / 2 页",
        "one": "1 个问题，第 1 / 1 页",
        "open": 1,
    }


@in_a_browser
def test_it_fits_a_phone(page: Path) -> None:
    script = """
    rows()[0].click(); await pause(400);
    found.wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
    found.width = document.documentElement.clientWidth;
    """
    found = driven(page, script, "--window-size=500,900")
    assert found["wide"] <= 0
    assert found["width"] <= 500


@pytest.mark.skipif(NODE is None, reason="no Node.js on this machine")
def test_the_scripts_own_logic() -> None:
    assert NODE is not None
    program = """
const page = require(process.argv[1]);
const documents = [{ name: "a.pdf", agency: "某局", year: 2026 }];
const names = ["finding_id", "document_id", "rule_id", "message_en"];
const one = page.asFinding(["f1", 0, "A03", "Wrong Total"], names, documents);
console.log(JSON.stringify([
  ["1234567.5", "-0.25", "200.0000", "12", "12.345678", null, "text"].map(page.money),
  [["1163700.00", 4], ["-12.5", 4], ["5", 0], [null, 4]].map((pair) => page.shifted(...pair)),
  page.readState("#rule=A03&q=%E5%90%88%20x&broken=%E5%9&=no"),
  page.writeState({ rule: "A03", q: "", year: 2026 }),
  [page.matches(one, { rule: "A03", year: "2026" }, ["wrong", "某局"]),
   page.matches(one, { year: "2025" }, []),
   page.matches(one, {}, page.searchWords(" TOTAL  nothing"))],
  ["1.00", "-1.00", "0.50", "-100"].map(page.factor),
  [[{ c: "1.00" }], [{ c: "-1" }], [{ c: "2054" }], [{ c: "1" }, { c: "1" }]].map(page.isSum),
  ["增加 89.06万元（81.26%）", "81.26%，81.26%", "增加"].map((sentence) => page.told(
    { published: "81.2600" }, [{ terms: [{ a: "890600", v: "89.06" }, { a: "81.26", v: "81.26" }] }], sentence
  )),
  page.sides({ terms: [{ c: "1", s: "lhs" }, { c: "-1", s: "rhs" }, { c: "2", s: "rhs" }] }),
]));
"""
    script = TEMPLATES / "report.js"
    done = subprocess.run(
        [NODE, "-e", program, str(script)], capture_output=True, encoding="utf-8", check=True
    )
    assert json.loads(done.stdout) == [
        ["1,234,567.50", "−0.25", "200.00", "12", "12.345678", "", "text"],
        ["116.370000", "-0.00125", "5", None],
        {"rule": "A03", "q": "合 x"},
        "rule=A03&year=2026",
        [True, False, False],
        ["+", "−", "+0.5 ×", "−100 ×"],
        [False, False, True, True],
        ["81.26", "", ""],
        {"left": [{"c": "1", "s": "lhs"}], "right": [{"c": "1", "s": "rhs"}, {"c": "-2", "s": "rhs"}]},
    ]


def test_broken_checks_of_the_data_come_first_in_both_languages(tmp_path: Path) -> None:
    summary = {
        "status": "published",
        "status_text": "已发布 published",
        "documents": [document(0)],
        "tables": 1,
        "numbers": 3,
        "equations": {},
        "findings": [],
        "findings_by_severity": {},
    }
    checks = [
        CheckResult("marts", "good", "all is well", "一切都好", "integrity", (), "green", 3),
        CheckResult("rules", "A_income", "Income: x", "规则 A01", "watch", ("A01",), "red", 3, 1),
        CheckResult(
            "landing", "bad", "not so", "不是", "strict", (), "red", 3, 1, [{"page": None, "no": "7"}]
        ),
    ]
    write_page(tmp_path / "index.html", summary, checks)
    text = (tmp_path / "index.html").read_text(encoding="utf-8")
    shown = text.split('<section id="checks-section">')[1].split("</section>")[0]
    broken, held = shown.split("<details>")
    assert [word in broken for word in ("一切都好", "规则 A01", "not so")] == [False, True, True]
    assert "一切都好" in held and "all is well" in held and "必须成立" in held
    # a rule's break leads to its findings, another shows what it found, and no word of it is nothing
    assert '<a href="#rule=A01">A01</a>' in broken
    assert "no = 7" in broken and "None" not in broken
    assert ">1</strong>" in text and "1 documents" not in re.sub("<[^>]*>", " ", text)


def test_a_document_whose_numbers_are_not_all_landed_is_marked(tmp_path: Path) -> None:
    whole, partly = document(0), document(1) | {"landed_tokens": 2}
    summary = {
        "status": "published",
        "status_text": "已发布 published",
        "documents": [whole, partly],
        "tables": 2,
        "numbers": 5,
        "equations": {},
        "findings": [],
        "findings_by_severity": {},
    }
    write_page(tmp_path / "index.html", summary, [])
    text = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert text.count('<td class="number bad">') == 1
    assert '<td class="number bad">3<br>2 / 3</td>' in text


def test_nothing_in_data_ends_its_element() -> None:
    text = element("facts", json.dumps({"text": HOSTILE}, ensure_ascii=False))
    body = text.removeprefix('<script type="application/json" id="facts">').removesuffix("</script>")
    assert not any(letter in body for letter in "<>&\u2028")
    assert json.loads(body) == {"text": HOSTILE}
    packed = element("facts", json.dumps({"text": HOSTILE}), compress=True)
    assert re.fullmatch(
        r'<script type="text/plain" data-packed="deflate" id="facts">[A-Za-z0-9+/=]*</script>', packed
    )


def test_charts_say_their_numbers_and_run_nothing() -> None:
    rows = [("A & <b>", {"pass": 12, "fail": 3}), ("B", {"pass": 4})]
    names = {key: words[0] for key, words in STATUSES.items()}
    drawing = stacked_bars("勾稽", rows, names, STATUS_COLOURS)
    assert "<script" not in drawing
    assert "A &amp; &lt;b&gt;: 相符 12, 不符 3; B: 相符 4" in drawing
    assert "数据不足" not in drawing  # nothing of it is there
    # names of a legend that would run into each other take another line
    heights = [
        re.search(
            r'viewBox="0 0 \d+ (\d+)"', stacked_bars("", rows, {"pass": name, "fail": name}, STATUS_COLOURS)
        )
        for name in ("holds", "holds within half of what is printed")
    ]
    assert heights[0] and heights[1] and int(heights[0][1]) < int(heights[1][1])
    assert stacked_bars("空", [], dict.fromkeys(SEVERITIES, ""), {}) == ""
