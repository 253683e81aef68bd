"""One document before it is published: what is wrong, where, and against what was published before."""

from __future__ import annotations

import io
import json
import re
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from rich.console import Console

from extract.check import conclusion, printed_amount, without_place
from extract.check import run as run_check
from extract.inputs import WrongUse
from extract.related import bring_related
from tests.integration.builds import SEEDS, Built, run
from tests.typeset.corpora import write
from tests.typeset.documents import budget
from tests.typeset.inject import inject

FINAL = SEEDS / "004_504f661a639a9eef.txt"


def check(*arguments: str) -> tuple[int, str]:
    return run([sys.executable, "-m", "extract.cli", "check", *arguments])


def test_a_document_is_checked_against_a_published_warehouse(five: Built) -> None:
    code, said = check(str(FINAL), "--out", str(five.out), "--against", str(five.out))
    assert code == 1, said
    assert f"与 {five.out} 中的 4 份文件对照" in said
    assert "错误 error" in said
    assert re.search(r"公布 2,639,239\.99 元 +应为 25,188,062\.77 元 +差额 22,548,822\.78 元 +原因 ", said)
    # each says what to do, none says its table twice, and the end says whether to publish
    assert said.count("下一步 ") == len(re.findall(r"\[[A-J]\d\d\] ", said)) - said.count("四舍五入范围内")
    assert "《一般公共预算财政拨款基本支出决算表》“合计”" not in said
    assert "结论：有错误，改正后再公开" in said
    # what is wrong with the others is not this document's
    published = five.rows("select rule_id, document_name from quality.finding where severity = 'error'")
    assert {name for _, name in published} == {FINAL.name}
    page = (five.out / "check" / "reports" / "index.html").read_text(encoding="utf-8")
    assert "001_774ce66764669b01.txt" not in page.split('id="facts"')[0]
    # a check runs the models without dbt, and says what a build says
    for said_of_it in (
        "select * from quality.finding where document_name = ?",
        "select * from quality.disclosure_check where document_id in"
        " (select document_id from raw.document where document_name = ?)",
        "select * from quality.reconciliation where document_id in"
        " (select document_id from raw.document where document_name = ?)",
    ):
        with duckdb.connect(str(five.out / "check" / "warehouse.duckdb"), read_only=True) as connection:
            alone = connection.execute(f"{said_of_it} order by all", [FINAL.name]).fetchall()
        assert alone == five.rows(f"{said_of_it} order by all", FINAL.name)
        assert alone
    # nothing of the published warehouse has changed
    assert five.value("select count(*) from raw.document") == 5


def data(page: Path, name: str) -> Any:
    """What a script element of the page holds."""
    text = page.read_text(encoding="utf-8")
    return json.loads(text.split(f'id="{name}">')[1].split("</script>")[0])


def test_findings_open_to_their_equations_and_neighbours(five: Built) -> None:
    page = five.out / "reports" / "index.html"
    fields, findings, details = (
        data(page, "facts")["fields"],
        data(page, "findings"),
        data(page, "details-0"),
    )
    assert len(findings) == five.value("select count(*) from quality.finding")
    equations = 0
    for finding in (dict(zip(fields, entry, strict=True)) for entry in findings):
        shown = details[finding["finding_id"]]
        for equation in shown.get("equations", []):
            equations += 1
            total = sum(Decimal(term["c"]) * Decimal(term["a"]) for term in equation["terms"])
            assert equation["more"] or abs(total - Decimal(equation["d"])) < Decimal("0.01")
            # what is not printed counts as nothing
            assert all(term["v"] or not Decimal(term["a"]) for term in equation["terms"])
        assert shown.get("equations") or shown.get("checks"), finding
        # a text has no pages: who is told of a table or chapter is told its line
        assert finding["line_no"] or not finding["place"] or finding["severity"] == "rounding", finding
        if finding["cause"] == "wrong_total":
            here = next(row for row in shown["near"]["r"] if row["is"])
            printed = {Decimal(value.replace(",", "")) for value in here["v"].values()}
            assert Decimal(finding["published"]) in printed
    assert equations > 10
    forms = [data(page, f"checklist-{place}") for place in data(page, "facts")["checklists"]]
    assert len(forms) == 5
    verdicts = {verdict for form in forms for _, _, verdict, _ in form}
    assert verdicts == {"是", "否", "不适用", "未检查"}


def test_an_error_in_a_pdf_is_shown_with_its_page_and_a_picture(tmp_path: Path, five: Built) -> None:
    document, injection = inject(budget("check"), 1, "digit_slip")
    path = write(document, "rotated", tmp_path, "prepared")
    code, said = check(str(path), "--out", str(five.out))
    assert code == 1, said
    assert re.search(r"第 \d+ 页 · .*\[[A-D]\d\d\]", said)
    assert injection.true_value is not None and f"{injection.true_value:,}".rstrip("0") in said
    page = (five.out / "check" / "reports" / "index.html").read_text(encoding="utf-8")
    assert re.search(r'<script type="text/plain" id="picture-[0-9a-f]+">iVBORw0KGgo', page)


def test_amounts_are_shown_as_the_document_prints_them() -> None:
    factors = {"元": Decimal(1), "万元": Decimal(10000)}
    shown = [
        printed_amount(Decimal(value), unit, factors)
        for value, unit in (("29953900.00", "万元"), ("-12.30", "元"), ("123456.78", "万元"), ("71.65", "%"))
    ]
    assert shown == ["2,995.39 万元", "-12.30 元", "12.345678 万元", "71.65 %"]


@pytest.mark.parametrize(
    ("message", "says"),
    [
        ("第3页《支出总表》“合计”印为 1.00 元。", "“合计”印为 1.00 元。"),
        ("《支出总表》没有印出金额单位。", "没有印出金额单位。"),
        ("《支出总表》的序号有误：“二、三”。", "《支出总表》的序号有误：“二、三”。"),
        ("“‘三公’经费说明”中接待费为 1 元。", "接待费为 1 元。"),
    ],
)
def test_a_message_is_a_whole_sentence_below_its_place(message: str, says: str) -> None:
    finding = {"message_zh": message, "page_no": 3, "table_title": "支出总表", "chapter": "“三公”经费说明"}
    assert without_place(finding) == says


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "Name the document to check: make check DOC=file"),
        (("no_such_file.pdf",), "There is no document no_such_file.pdf"),
        ((str(SEEDS),), "is a folder; for all documents in it: make build DOCUMENTS=folder"),
        ((str(FINAL), "--against", "nowhere.duckdb"), "There is no warehouse nowhere.duckdb"),
    ],
)
def test_wrong_use_is_one_line(tmp_path: Path, arguments: tuple[str, ...], says: str) -> None:
    code, said = check(*arguments, "--out", str(tmp_path))
    assert code == 2
    assert says in said
    # the people who check a document read Chinese
    assert re.search("[一-龥]", said)
    assert len(said.splitlines()) == 1


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("budget.docx", b"PK\x03\x04", "a Word, Excel or archive file: save it as PDF or as text"),
        ("scan.pdf", b"\xff\xd8\xff\xe0\x00\x10JFIF\x00", "a picture: save it as PDF"),
        ("web.pdf", b"<!DOCTYPE html><html></html>", "a web page, neither PDF nor plain text"),
        ("cut.pdf", b"%PDF-1.7\n1 0 obj", "truncated PDF: the end of the file is missing"),
        ("note.txt", "今天天气很好。".encode(), "note.txt\n0 张表 tables"),
    ],
)
def test_what_cannot_be_checked_says_why_and_is_no_pass(
    tmp_path: Path, name: str, content: bytes, says: str
) -> None:
    (tmp_path / name).write_bytes(content)
    code, said = check(str(tmp_path / name), "--out", str(tmp_path / "out"))
    assert code == 1, said
    assert says in said
    assert "不算通过" in said
    assert "Traceback" not in said and "nothing found" not in said
    assert (tmp_path / "out" / "check" / "reports" / "index.html").is_file()


@pytest.mark.parametrize(
    ("reason", "landed", "has_error", "says"),
    [
        (None, 9, False, "没有错误；"),
        (None, 9, True, "有错误，"),
        ("pages set aside: 1; page 3: a picture without a text layer", 9, False, "读入的部分没有错误，"),
        (None, 8, False, "读入的部分没有错误，"),
        (None, 8, True, "有错误，"),
    ],
)
def test_of_what_was_not_read_nobody_says_that_it_holds_no_error(
    reason: str | None, landed: int, has_error: bool, says: str
) -> None:
    entry = {"reason": reason, "landed_tokens": landed, "source_tokens": 9}
    assert conclusion(entry, has_error=has_error)[0].startswith(f"结论：{says}")


ABSURD = """某县示例局2026年单位预算公开

单位收支总体情况表

单位：万元

收入\t\t支出\t
项目\t预算数\t科目名称\t预算数
一、本年收入\t99999999999999.00\t201 一般公共服务支出\t10.00
收入总计\t99999999999999.00\t支出总计\t10.00
"""


def test_an_absurd_number_is_named_in_a_line(tmp_path: Path) -> None:
    document = tmp_path / "absurd.txt"
    document.write_text(ABSURD, encoding="utf-8")
    code, said = check(str(document), "--out", str(tmp_path / "out"))
    assert code == 2
    assert "无法处理的数据" in said and "99999999999999" in said
    assert len([line for line in said.splitlines() if not line.endswith("…")]) == 2


def test_a_fault_of_the_program_is_not_the_documents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("bad luck")

    monkeypatch.setattr("extract.check.check", broken)
    out = io.StringIO()
    assert run_check(FINAL, tmp_path, Console(file=out, width=200)) == 2
    assert "says nothing about the document" in out.getvalue()


PUBLISHED = """
create schema raw;
create table raw.document (
    document_id varchar, document_name varchar, agency_name varchar, region_name varchar, fiscal_year int,
    status varchar, document_kind varchar, body_level varchar
);
create table raw.sentence (document_id varchar, text varchar);
"""


@pytest.fixture
def small_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("extract.related.landing.RAW_TABLES", {"document": None, "sentence": None})


def test_the_body_itself_comes_first_then_who_is_named(tmp_path: Path, small_registry: None) -> None:
    published = tmp_path / "o'ne.duckdb"
    with duckdb.connect(str(published)) as connection:
        connection.execute(PUBLISHED)
        connection.execute(
            """
            insert into raw.document values
                ('own', 'own.pdf', '某市教育局', '某市', 2026, 'read', 'budget', 'department'),
                ('before', 'before.pdf', '某市教育局（本级）', '某市', 2025, 'read', 'budget', 'unit'),
                ('unit', 'unit.pdf', '某市第一中学', '某市', 2026, 'read', 'budget', 'unit'),
                ('near', 'near.pdf', '某市水利局', '某市', 2026, 'read', 'budget', 'department'),
                ('far', 'far.pdf', '他县水利局', '他县', 2026, 'read', 'budget', 'department'),
                ('aside', 'aside.pdf', '某市教育局', '某市', 2024, 'set_aside', 'budget', 'department'),
                -- the document that is checked is a version of this one, and replaces it
                ('first', 'first.pdf', '某市教育局', '某市', 2026, 'read', 'budget', 'department')
            """
        )
        connection.execute("insert into raw.sentence values ('unit', '某市第一中学隶属某市教育局。')")
    with duckdb.connect() as connection:
        connection.execute(PUBLISHED)
        connection.execute(
            """
            insert into raw.document values
                ('own', 'own.pdf', '某市教育局', '某市', 2026, 'read', 'budget', 'department')
            """
        )
        brought = []
        for most in (1, 2, 3):
            bring_related(connection, published, "own", most)
            found = connection.execute("delete from raw.document where document_id <> 'own' returning *")
            brought.append({row[0] for row in found.fetchall()})
        assert brought == [{"before"}, {"before", "unit"}, {"before", "unit", "near"}]
        # a small warehouse comes as a whole
        assert bring_related(connection, published, "own", 4) == 4


def test_a_warehouse_of_another_version_says_so(tmp_path: Path, small_registry: None) -> None:
    published = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(published)) as connection:
        connection.execute("create schema raw")
    with duckdb.connect() as connection:
        connection.execute(PUBLISHED)
        with pytest.raises(WrongUse, match="another version"):
            bring_related(connection, tmp_path, "own")
        connection.execute("select 1")
