"""The text of the five documents, against what a person reads there."""

import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from extract.layout.assemble import lay_out
from extract.narrative import Narrative, read_narrative
from extract.readers.text import read_text
from extract.vocabulary import load_vocabulary

pytestmark = pytest.mark.golden

DOCUMENTS = Path(__file__).resolve().parents[2] / "data" / "documents"


@cache
def narrative(prefix: str) -> Narrative:
    (path,) = DOCUMENTS.glob(f"{prefix}_*.txt")
    document = read_text(path.read_bytes(), prefix, path.name)
    return read_narrative(lay_out(document, load_vocabulary()).lines)


def values(prefix: str, title: str) -> list[tuple[str, str | None, str | None]]:
    """Value, direction and subject of each claim of a chapter."""
    found = narrative(prefix)
    (chapter,) = [c.chapter_no for c in found.chapters if c.title == title]
    numbers = {s.sentence_no for s in found.sentences if s.chapter_no == chapter}
    return [
        (c.value_text, c.direction_text, c.subject_text) for c in found.claims if c.sentence_no in numbers
    ]


@pytest.mark.parametrize(
    ("prefix", "parts"),
    [
        ("000", ["第一部分", "第二部分", "第三部分", "第四部分"]),
        ("001", ["第一部分", "第二部分", "第三部分", "第四部分"]),
        ("002", ["第一部分", "第二部分", "第三部分", "第四部分"]),
        ("004", ["第一部分", "第二部分", "第三部分", "第四部分", "第五部分"]),
    ],
)
def test_each_part_is_there_once(prefix, parts):
    numbers = [c.number_text for c in narrative(prefix).chapters if (c.number_text or "").startswith("第")]
    assert numbers == parts


def test_the_nine_chapters_on_nine_tables_and_the_rest():
    found = narrative("004").chapters
    (part,) = [c.chapter_no for c in found if c.title == "2022 年度部门决算情况说明"]
    numbers = [c.number_text for c in found if c.parent_chapter_no == part]
    assert numbers == [f"{n}、" for n in "一二三四五六七八九十"]


def test_totals_of_the_final_accounts():
    assert values("004", "收入支出决算总体情况说明")[:3] == [
        ("16242.83 万元", None, "2022 年度收、支总计"),
        ("3109.62 万元", "减少", "收、支总计"),
        ("19.14%", "减少", "收、支总计"),
    ]
    assert values("004", "收入决算情况说明")[:4] == [
        ("15765.78万元", None, "2022年度收入合计"),
        ("15764.73万元", None, "财政拨款收入"),
        ("99.99%", None, "财政拨款收入占"),
        ("0元", None, "上级补助收入"),
    ]


def test_totals_of_a_budget():
    found = values("003", "2026 年收支预算总体情况")
    assert [(value, direction) for value, direction, _ in found] == [
        ("1131.55 万元", None),
        ("1131.55 万元", None),
        ("0 万元", None),
        ("32.12 万元", "减少"),
    ]
    found = values("000", "收支预算总体情况说明")
    assert found[0][0] == "8,588.23 万元" and len(found) == 39
    assert ("1,913.61 万元", "增加", "上年结转结余收入") in found  # over a page break


def test_every_amount_of_the_text_is_a_claim():
    for prefix in ("000", "001", "002", "003", "004"):
        found = narrative(prefix)
        stated = Counter(c.sentence_no for c in found.claims if c.claim_kind != "count")
        for sentence in found.sentences:
            printed = re.findall(r"\d\s*(?:[万亿]?元|%|％)", sentence.text)
            assert len(printed) == stated[sentence.sentence_no], sentence.text


def test_the_terms_are_a_chapter():
    for prefix in ("000", "001", "002", "003", "004"):
        assert any(c.title.endswith("名词解释") and c.depth == 1 for c in narrative(prefix).chapters)
