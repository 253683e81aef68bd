"""Header rows of small grids: paths over columns, and rows that are header and body at once."""

from __future__ import annotations

import pytest

from extract.layout.grid import build_table
from extract.layout.headers import header_paths
from extract.layout.source import SourceRow
from extract.layout.table import Table
from extract.model import Cell
from extract.vocabulary import load_vocabulary

pytestmark = pytest.mark.unit


def table_of(*rows: list[str | None]) -> Table:
    source = [SourceRow([Cell(text) for text in row], line_no) for line_no, row in enumerate(rows, start=1)]
    return build_table(Table(), source, load_vocabulary())


def landed(table: Table) -> dict[tuple[str, str], str]:
    """(code or label, column path) of every number."""
    rows = {(row.row_no, row.lane_no): row.code or row.label for row in table.rows}
    return {
        (rows[value.row_no, value.lane_no], table.column(value.column_no).path): value.number.plain
        for value in table.values
    }


def test_a_group_stands_over_all_its_columns() -> None:
    rows = [["科目", "合计", "财政拨款", None, None], [None, None, "小计", "一般公共预算", "基金"]]
    assert header_paths(rows, 5) == [
        ("科目",),
        ("合计",),
        ("财政拨款", "小计"),
        ("财政拨款", "一般公共预算"),
        ("财政拨款", "基金"),
    ]


def test_a_group_stands_over_its_columns_beyond_those_of_a_table_that_touches() -> None:
    # the frame below has its rulings elsewhere: nothing stands in the columns 1 and 3
    rows = [["收入", None, None, None, "支出", None], ["项目", None, "决算数", None, "项目", "决算数"]]
    spans = [[4, 0, 0, 0, 2, 0], [2, 0, 2, 0, 1, 1]]
    assert [path for path in header_paths(rows, 6, (), spans) if path] == [
        ("收入", "项目"),
        ("收入", "决算数"),
        ("支出", "项目"),
        ("支出", "决算数"),
    ]


def test_code_levels_beside_the_first_row_are_header() -> None:
    table = table_of(
        ["项目", None, None, None, "收入合计", "财政拨款"],
        ["科目编码", None, None, "科目名称", None, None],
        ["类", "款", "项", "合计", "9.00", "9.00"],
        ["201", "", "", "公共服务", "9.00", "9.00"],
        ["201", "06", "", "财政", "9.00", "9.00"],
        ["201", "06", "01", "运行", "9.00", "9.00"],
    )
    assert [row.code for row in table.rows] == ["", "201", "20106", "2010601"]
    assert landed(table)["2010601", "财政拨款"] == "9.00"
    assert len(table.values) == 8


def test_levels_under_one_drawn_header_are_codes_without_it() -> None:
    table = table_of(
        ["科目编码", None, None, "科目名称", "合计", "基本支出"],
        ["201", "", "", "公共服务", "9.00", "9.00"],
        ["201", "06", "", "财政", "9.00", "9.00"],
        ["201", "06", "01", "运行", "9.00", "9.00"],
    )
    assert [row.code for row in table.rows] == ["201", "20106", "2010601"]
    assert len(table.values) == 6


def test_a_level_that_lost_its_zero_is_mended_and_kept_as_printed() -> None:
    table = table_of(
        ["类", "款", "科目名称", "合计", "人员经费"],
        ["301", "", "工资", "5", "5"],
        ["301", "2", "津贴", "3", "3"],
        ["301", "07", "绩效", "2", "2"],
    )
    assert [(row.code, row.code_text) for row in table.rows] == [
        ("301", ""),
        ("30102", "301 2"),
        ("30107", ""),
    ]


def test_an_amount_wrapped_in_its_cell_is_one_amount() -> None:
    table = table_of(
        ["项目", "总计", "财政拨款", "其他"],
        ["甲局", "435,216.1\n7", "435,000.00", "216.17"],
        ["乙项", "142,220.8\n5", "142,220.85", "0.00"],
    )
    assert landed(table)["甲局", "总计"] == "435216.17"
    assert landed(table)["乙项", "总计"] == "142220.85"
    assert len(table.rows) == 2


def test_the_last_header_row_may_hold_the_first_row() -> None:
    table = table_of(
        ["科目名称", "合计\n12.00", "基本支出\n7.00", "项目支出\n5.00"],
        [None, None, None, None],
        ["运行", "12.00", "7.00", "5.00"],
    )
    assert landed(table)["运行", "项目支出"] == "5.00"
    assert [value.number.plain for value in table.values][:3] == ["12.00", "7.00", "5.00"]


def test_numbered_words_behind_amounts_are_a_list_of_their_own() -> None:
    table = table_of(
        ["收入", None, "支出", None, None, None],
        ["项目", "预算数", "支出按大类", "预算数", "经济分类科目（按大类）", "预算数"],
        ["一、拨款", "9.00", "一、公共服务支出", "4.00", "一、工资支出", "6.00"],
        ["二、其他", "", "二、教育支出", "5.00", "二、商品支出", "3.00"],
        ["收入总计", "9.00", "三、其他支出", "", "三、资本支出", ""],
    )
    assert landed(table) == {
        ("一、拨款", "收入/预算数"): "9.00",
        ("收入总计", "收入/预算数"): "9.00",
        ("一、公共服务支出", "支出/预算数"): "4.00",
        ("二、教育支出", "支出/预算数"): "5.00",
        ("一、工资支出", "支出/预算数"): "6.00",
        ("二、商品支出", "支出/预算数"): "3.00",
    }


def test_years_beside_names_are_no_list() -> None:
    table = table_of(
        ["单位名称", "年度", "合计", "接待费"],
        ["某局", "2025年", "5.00", "5.00"],
        ["某局", "2026年", "4.00", "4.00"],
        ["某局", "增减", "-1.00", "-1.00"],
    )
    assert [(row.label, row.context) for row in table.rows] == [
        ("某局", {"年度": "2025年"}),
        ("某局", {"年度": "2026年"}),
        ("某局", {"年度": "增减"}),
    ]


def test_two_classifications_side_by_side_are_codes_of_one_list() -> None:
    table = table_of(
        ["部门经济科目编码", "部门经济科目名称", "政府经济科目编码", "政府经济科目名称", "合计", "人员经费"],
        ["301", "工资福利支出", "", "", "9.00", "9.00"],
        ["30101", "基本工资", "50101", "工资奖金津补贴", "5.00", "5.00"],
        ["30102", "津贴补贴", "50101", "工资奖金津补贴", "4.00", "4.00"],
    )
    assert [(row.code, row.label, row.lane_no) for row in table.rows] == [
        ("301", "工资福利支出", 1),
        ("30101", "基本工资", 1),
        ("30102", "津贴补贴", 1),
    ]
    assert table.rows[1].context["政府经济科目编码"] == "50101"
    assert len(table.values) == 6


def test_codes_behind_an_amount_without_a_name_are_no_list_of_their_own() -> None:
    table = table_of(
        ["科目编码", "项目名称", "数量", "部门预算支出经济科目编码", "实施采购时间", "预算金额"],
        ["", "合计", "3", "", "", "9.00"],
        ["2010801", "体检", "2", "30299", "3月", "4.00"],
        ["2010804", "审计服务", "1", "30227", "", "5.00"],
    )
    assert [(row.code, row.label, row.lane_no) for row in table.rows] == [
        ("", "合计", 1),
        ("2010801", "体检", 1),
        ("2010804", "审计服务", 1),
    ]
    assert table.rows[1].context == {"部门预算支出经济科目编码": "30299", "实施采购时间": "3月"}
    assert landed(table)["2010804", "预算金额"] == "5.00"


def test_codes_under_an_unknown_header_are_no_amounts() -> None:
    table = table_of(
        ["甲码", "用途", "金额"],
        ["301", "工资", "1000"],
        ["30101", "基本工资", "600"],
        ["30102", "津贴", "400"],
    )
    assert [(row.code, row.label) for row in table.rows] == [
        ("301", "工资"),
        ("30101", "基本工资"),
        ("30102", "津贴"),
    ]
    # whole amounts beside names stay amounts
    assert [value.number.plain for value in table.values] == ["1000", "600", "400"]


def test_amounts_in_a_header_are_doubted() -> None:
    table = table_of(["资金总额745.00其他0.00", "金额"], ["项目", "绩效"], ["甲", "5.00"])
    assert table.confidence_reason.startswith("amounts in the header")


def test_codes_of_departments_and_units_in_one_column_are_no_amounts() -> None:
    table = table_of(
        ["部门（单位）代码", "部门（单位）名称", "合计", "一般公共预算"],
        ["", "合计", "9.00", "9.00"],
        ["330001", "某某局", "5.00", "5.00"],
        ["330002", "某某站", "4.00", "4.00"],
    )
    assert {value.number.plain for value in table.values} == {"9.00", "5.00", "4.00"}
