"""What is printed around a table: its unit in many wordings, and the number of its form."""

from __future__ import annotations

import pytest

from extract.layout.surroundings import read_surroundings, set_title
from extract.layout.table import Table
from extract.vocabulary import load_vocabulary

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("单位：万元", "万元"),
        ("金额单位：元（列至角分）", "元"),
        ("单位：万元（保留两位小数）", "万元"),
        ("（单位：千元）", "千元"),
        ("单位：（万元）", "万元"),
        ("单位；万元", "万元"),
        ("单位：百万元", "百万元"),
        ("单位：万元、%", "万元"),
        ("编制单位：某某县某某局 金额单位：亿元", "亿元"),
    ],
)
def test_the_unit_is_read_in_every_wording(text: str, unit: str) -> None:
    table = Table()
    assert read_surroundings(text, table, load_vocabulary())
    assert table.unit == unit


@pytest.mark.parametrize(
    "text",
    [
        "公开01表",
        "公开表01",
        "表一",
        "附表1",
        "预算01表",
        "预算公开01表",
        "部门预算公开表1",
        "财决01-1表",
        "批复03表",
        "公开附表2",
    ],
)
def test_the_number_of_a_form_is_no_part_of_its_table(text: str) -> None:
    table = Table()
    assert read_surroundings(text, table, load_vocabulary())
    assert (table.form_code, table.unit, table.agency) == (text, "", "")


@pytest.mark.parametrize("text", ["公开表", "预算表", "部门预算公开情况表", "单位：某某县某某局", "01"])
def test_other_words_are_no_number_of_a_form(text: str) -> None:
    table = Table()
    read_surroundings(text, table, load_vocabulary())
    assert not table.form_code


@pytest.mark.parametrize("prefix", ["财决01表", "预算01表", "公开表01", "批复02表"])
def test_the_number_in_front_of_a_title_is_taken_off(prefix: str) -> None:
    table = Table()
    set_title(table, prefix + "部门收支总表", 1, load_vocabulary())
    assert (table.title, table.form_code) == ("部门收支总表", prefix)


@pytest.mark.parametrize("words", ["部门", "编制单位", "部门/单位"])
def test_the_line_of_the_body_is_no_title(words: str) -> None:
    table = Table()
    assert read_surroundings(f"{words}：某某县某某局", table, load_vocabulary())
    assert (table.agency, table.title) == (f"{words}：某某县某某局", "")
