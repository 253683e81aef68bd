"""From blocks to tables: pages that go on with a table, titles, and grids that are no tables."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from extract.layout.assemble import Layout, lay_out
from extract.layout.table import Table
from extract.model import Block, Box, Cell, Document, Grid, GridRow, Line, Page
from extract.vocabulary import load_vocabulary

pytestmark = pytest.mark.unit

Texts = Sequence[str | None]


class Printed:
    """A document built block by block; columns have edges in points, as on a page."""

    def __init__(self) -> None:
        self.pages: list[Page] = []
        self._line_no = 0

    def page(self, *blocks: str | tuple[Sequence[float], Sequence[Texts]]) -> Printed:
        page = Page(len(self.pages) + 1)
        for block in blocks:
            page.blocks.append(self._block(block, page.page_no or 0))
        self.pages.append(page)
        return self

    def _block(self, block: str | tuple[Sequence[float], Sequence[Texts]], page_no: int) -> Block:
        self._line_no += 1
        if isinstance(block, str):
            return Line(block, self._line_no, page_no)
        edges, rows = block
        grid = Grid([], page_no, Box(edges[0], 0, edges[-1], 20.0 * len(rows)), ruled=True)
        for number, texts in enumerate(rows):
            cells = []
            for j, text in enumerate(texts):
                end = j + 1
                while text is not None and end < len(texts) and texts[end] is None:
                    end += 1
                box = None if text is None else Box(edges[j], 20.0 * number, edges[end], 20.0 * number + 20)
                cells.append(Cell(text, box))
            grid.rows.append(GridRow(cells, self._line_no))
            self._line_no += 1
        return grid

    def read(self) -> Layout:
        return lay_out(Document("0" * 64, "a.pdf", "pdf", self.pages), load_vocabulary())


def landed(table: Table) -> list[tuple[str, str, str]]:
    """(label, column path, number) in order."""
    labels = {(row.row_no, row.lane_no): row.label for row in table.rows}
    return [
        (labels[v.row_no, v.lane_no], table.column(v.column_no).path, v.number.plain) for v in table.values
    ]


LIST = [0, 80, 140, 200, 300, 340, 400]
LIST_HEADER: list[Texts] = [["项目名称", "项目总额", "绩效目标", "三级指标", "性质", "本年绩效指标值"]]


def test_a_list_of_indicators_goes_on_below_its_header_again() -> None:
    first: list[Texts] = [*LIST_HEADER, ["甲项目", "7.25", "做好", "培训", "≥", "3"]]
    second: list[Texts] = [*LIST_HEADER, ["", "", "", "满意度", "≥", "95"]]
    layout = Printed().page("项目支出绩效目标表", (LIST, first)).page((LIST, second)).read()
    assert len(layout.tables) == 1
    assert landed(layout.tables[0]) == [
        ("甲项目", "项目总额", "7.25"),
        ("甲项目", "本年绩效指标值", "3"),
        ("", "本年绩效指标值", "95"),
    ]
    # a sign among numbers is no amount that lost its place
    assert not layout.tables[0].unplaced


FORM = [0, 30, 80, 140, 260, 320, 380]
FORM_ROWS: list[Texts] = [
    ["项目名称", None, None, "甲项目", None, None],
    ["资金（万元）", None, None, "年度资金总额：", "7.25", None],
    ["年度指标", "一级指标", "二级指标", "三级指标", "指标值", "分值"],
    [None, "产出指标", "数量指标", "培训", "≥3次", "10"],
    [None, "效益指", "经济效益指标", "节约", "≥1亿元", "15"],
]


def test_a_form_goes_on_behind_its_open_merged_cells() -> None:
    rest: list[Texts] = [["标", "社会效益指标", "就业", "≥50人", "20"]]
    layout = Printed().page("项目绩效目标表", (FORM, FORM_ROWS)).page((FORM[1:], rest)).read()
    (table,) = layout.tables
    assert (table.page_no, table.last_page_no) == (1, 2)
    assert landed(table)[-2:] == [("就业", "指标值", "50"), ("就业", "分值", "20")]
    levels = [row.context.get("一级指标") for row in table.rows if row.label in ("节约", "就业")]
    assert levels == ["效益指标", "效益指标"]


@pytest.mark.parametrize(
    "page",
    [
        # a title of its own, other columns, another right edge
        ["其他项目绩效目标表", (FORM[1:], [["标", "社会效益指标", "就业", "≥50人", "20"]])],
        [([30, 50, 110, 200, 320, 380], [["标", "社会效益指标", "就业", "≥50人", "20"]])],
        [([30, 80, 140, 260, 320, 500], [["标", "社会效益指标", "就业", "≥50人", "20"]])],
    ],
)
def test_a_grid_of_its_own_begins_a_table(page: list[str | tuple[list[float], list[Texts]]]) -> None:
    layout = Printed().page("项目绩效目标表", (FORM, FORM_ROWS)).page(*page).read()
    assert len(layout.tables) == 2


def test_the_next_project_begins_a_table() -> None:
    layout = Printed().page("甲表", (FORM, FORM_ROWS)).page((FORM, FORM_ROWS)).read()
    assert len(layout.tables) == 2


def test_two_numbers_are_never_joined_at_a_page_break() -> None:
    rows: list[Texts] = [*FORM_ROWS[:3], [None, "产出指标", "数量指标", "发稿", "≥350篇", "6"]]
    rest: list[Texts] = [["", "", "", "报送", "≥55期", "8"]]
    layout = Printed().page("绩效目标表", (FORM, rows)).page((FORM, rest)).read()
    assert landed(layout.tables[0])[1:] == [
        ("发稿", "指标值", "350"),
        ("发稿", "分值", "6"),
        ("报送", "指标值", "55"),
        ("报送", "分值", "8"),
    ]


def test_a_dash_is_no_name_of_an_amount() -> None:
    rows: list[Texts] = [
        ["项目资金", "", "年初预算数", "执行数", "分值", "执行率"],
        [None, "资金总额：", "5.00", "4.00", "10", "80%"],
        [None, "其他资金", "1.00", "0.50", "--", "50%"],
        ["一级指标", "二级指标", "三级指标", "年度指标值", "分值", "得分"],
        ["产出指标", "数量指标", "次数", "3次", "10", "10"],
    ]
    (table,) = Printed().page("项目绩效自评表", (FORM, rows)).read().tables
    assert [row.label for row in table.rows[1:3]] == ["资金总额：", "其他资金"]
    assert landed(table)[4:7] == [
        ("其他资金", "年初预算数", "1.00"),
        ("其他资金", "执行数", "0.50"),
        ("其他资金", "执行率", "50"),
    ]


def test_amounts_under_groups_in_a_form_have_the_whole_path() -> None:
    rows: list[Texts] = [
        ["资金（万元）", "预算总额", "财政拨款", None, "其他资金", None],
        [None, None, "基本支出", "项目支出", "基本支出", "项目支出"],
        [None, "10.00", "4.00", "3.00", "2.00", "1.00"],
        ["活动", "", "绩效指标", "性质", "指标值", "单位"],
        ["审计", None, "报告", "＝", "4", "份"],
    ]
    (table,) = Printed().page("整体绩效目标表", (FORM, rows)).read().tables
    assert [path for _, path, _ in landed(table)] == [
        "预算总额",
        "财政拨款/基本支出",
        "财政拨款/项目支出",
        "其他资金/基本支出",
        "其他资金/项目支出",
        "指标值",
    ]


def test_a_list_of_tables_is_text() -> None:
    rows: list[Texts] = [
        ["报表", "报表名称", "是否空表"],
        ["表1", "收支总表", ""],
        ["表2", "收入总表", ""],
        ["表3", "政府性基金收支表", "是"],
    ]
    layout = Printed().page("目录", ([0, 50, 200, 300], rows)).read()
    assert not layout.tables
    assert "表3 政府性基金收支表 是" in [line.text for line in layout.lines]


def test_the_sentence_before_a_table_without_title_names_it() -> None:
    rows: list[Texts] = [["项目", "预算数（万元）"], ["甲项目", "6.50"]]
    layout = (
        Printed()
        .page(
            "二、单位构成", "从预算单位构成看，某局包括两个单位，", "详细情况见下表：", ([0, 90, 200], rows)
        )
        .read()
    )
    assert layout.tables[0].title == "从预算单位构成看，某局包括两个单位，详细情况见下表"
    # it stays a sentence of the text
    assert "详细情况见下表：" in [line.text for line in layout.lines]


def test_the_unit_may_stand_behind_a_name() -> None:
    rows: list[Texts] = [["项目名称", "金额"], ["甲项目", "6.50"]]
    layout = Printed().page("项目支出绩效表", "341-某市某局 万元", ([0, 90, 200], rows)).read()
    assert (layout.tables[0].title, layout.tables[0].unit) == ("项目支出绩效表", "万元")


def test_a_label_over_several_lists_names_the_amount_behind_them() -> None:
    rows: list[Texts] = [
        [
            "科目编码",
            "科目名称",
            "决算数",
            "科目编码",
            "科目名称",
            "决算数",
            "科目编码",
            "科目名称",
            "决算数",
        ],
        ["301", "工资福利支出", "7.00", "302", "商品和服务支出", "3.00", "399", "其他支出", ""],
        ["人员经费合计", None, "7.00", "公用经费合计", None, None, None, None, "3.00"],
    ]
    layout = Printed().page("基本支出决算表", ([40.0 * k for k in range(10)], rows)).read()
    (table,) = layout.tables
    assert landed(table)[-1][0::2] == ("公用经费合计", "3.00")
    assert [v.placement for v in table.values] == ["printed"] * 4
    assert [row.label for row in table.rows if row.row_no == 2] == ["人员经费合计", "公用经费合计"]


def test_totals_below_an_empty_numbered_row_are_certain() -> None:
    rows: list[Texts] = [
        ["收入", None, None, "支出", None, None],
        ["项目", "行次", "金额", "项目", "行次", "金额"],
        ["年初结转", "29", "1.00", "年末结转", "60", "1.00"],
        ["", "30", "", "", "61", ""],
        ["总计", "31", "9.00", "总计", "62", "9.00"],
    ]
    (table,) = Printed().page("收入支出决算总表", ([50.0 * k for k in range(7)], rows)).read().tables
    assert [v.placement for v in table.values] == ["printed"] * 4
    assert [row.label for row in table.rows if row.row_no == 2] == []


def test_wide_cells_at_a_page_s_end_do_not_glue_the_columns_of_the_next() -> None:
    first: list[Texts] = [["项目名称", "补助资"]]
    rest: list[Texts] = [
        ["", "金", None, None, None, None],
        ["资金情况", "资金总额", "", "745.00", "", ""],
        ["指标", "一级指标", "二级指标", "三级指标", "指标值", "分值"],
        [None, "产出指标", "数量指标", "培训", "≥3次", "10"],
    ]
    layout = Printed().page("项目绩效目标表", ([0, 30, 380], first)).page((FORM, rest)).read()
    (table,) = layout.tables
    assert [number for _, _, number in landed(table)] == ["745.00", "3", "10"]


EDGES = [40.0, 120.0, 300.0, 400.0, 500.0]
HEADER = ["采购项目", "采购品目", "数量", "金额"]


def test_a_line_like_the_first_one_below_the_header_again_is_a_line() -> None:
    """Only title, unit, header and total are printed once more; a list may name the same thing twice."""
    same = ["办公设备购置", "台式计算机", "1", "0.50"]
    read = Printed().page("政府采购预算表", (EDGES, [HEADER, same, ["印刷", "印刷服务", "1", "3.00"]]))
    read.page((EDGES, [HEADER, same, ["会议", "会议服务", "1", "2.00"]]))
    [table] = read.read().tables
    assert [value.number.plain for value in table.values if value.column_no == 4] == [
        "0.50",
        "3.00",
        "0.50",
        "2.00",
    ]


def test_a_total_printed_once_more_below_the_header_is_one_total() -> None:
    total = ["合计", "", "2", "3.50"]
    read = Printed().page("政府采购预算表", (EDGES, [HEADER, total, ["设备", "台式计算机", "1", "0.50"]]))
    read.page((EDGES, [HEADER, total, ["印刷", "印刷服务", "1", "3.00"]]))
    [table] = read.read().tables
    assert [value.number.plain for value in table.values if value.column_no == 4] == ["3.50", "0.50", "3.00"]


def test_two_empty_forms_of_one_size_are_two_tables() -> None:
    """Their titles stand in their frames, and their rows at the same heights."""
    header, blank = ["科目编码", "科目名称", "基本支出", "项目支出"], ["", "", "", ""]
    titles = ["政府性基金预算支出表", "国有资本经营预算支出表"]
    printed = Printed()
    for title in titles:
        printed.page((EDGES, [[title, None, None, None], header, blank, blank]))
    assert [table.title for table in printed.read().tables] == titles
