"""Cells in text of the web: rows drawn with bars, cells on lines of their own, and tabs that are none."""

from __future__ import annotations

from textwrap import dedent

import pytest

from extract.layout.assemble import lay_out
from extract.layout.table import Table
from extract.readers.text import read_text
from extract.readers.text_tags import without_tags
from extract.vocabulary import load_vocabulary

pytestmark = pytest.mark.unit


def tables_of(text: str) -> list[Table]:
    document = read_text(dedent(text).encode(), "0" * 64, "sample.txt")
    return lay_out(document, load_vocabulary()).tables


def landed(table: Table) -> list[tuple[int, str, str, dict[str, str]]]:
    """(list, code, label, amounts by column) of each row."""
    paths = {column.column_no: column.path for column in table.columns}
    return [
        (
            row.lane_no,
            row.code,
            row.label,
            {
                paths[v.column_no]: v.number.text
                for v in table.values
                if (v.row_no, v.lane_no) == (row.row_no, row.lane_no)
            },
        )
        for row in table.rows
    ]


@pytest.mark.parametrize(
    "row",
    [
        lambda cells: " | ".join(cells) + " |",
        lambda cells: "| " + " | ".join(cells) + " |",
        lambda cells: "｜".join(cells),
    ],
)
def test_rows_drawn_with_bars(row) -> None:
    rows = [
        ("项目", "本年预算数", "其中：财政拨款"),
        ("合计", "34.35", "34.35"),
        ("1.因公出国（境）费用", "", "0"),
        ("2.公务接待费", "34.35", "34.35"),
    ]
    text = "\n".join(["某局“三公”经费预算表", "单位：万元", *map(row, rows)])
    (table,) = tables_of(text)
    assert table.title == "某局“三公”经费预算表"
    assert table.unit == "万元"
    assert [found[2:] for found in landed(table)] == [
        ("合计", {"本年预算数": "34.35", "其中：财政拨款": "34.35"}),
        ("1.因公出国（境）费用", {"其中：财政拨款": "0"}),
        ("2.公务接待费", {"本年预算数": "34.35", "其中：财政拨款": "34.35"}),
    ]


def test_a_rule_below_the_header_is_no_row() -> None:
    (table,) = tables_of(
        """\
        某局收支总表
        单位：万元
        | 项目 | 预算数 |
        |---|---:|
        | 一、财政拨款 | 5.00 |
        | 合计 | 5.00 |
        """
    )
    assert [found[2] for found in landed(table)] == ["一、财政拨款", "合计"]


def test_cells_on_lines_of_their_own() -> None:
    """The header before the first amount tells how wide a row is; 收入 and 支出 stand over their names."""
    (table,) = tables_of(
        """\
        2024年全县一般公共预算收支平衡表
        单位:万元
        收入 |
        执行数 |
        支出 |
        执行数 |
        总计 |
        150 |
        总计 |
        150 |
        一、本级收入 |
        90 |
        一、本级支出 |
        150 |
        二、转移性收入 |
        60 |
        |
        |
        """
    )
    assert landed(table) == [
        (1, "", "总计", {"收入/执行数": "150"}),
        (2, "", "总计", {"支出/执行数": "150"}),
        (1, "", "一、本级收入", {"收入/执行数": "90"}),
        (2, "", "一、本级支出", {"支出/执行数": "150"}),
        (1, "", "二、转移性收入", {"收入/执行数": "60"}),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "首页 | 政务公开 | 预决算\n浏览量：120 | 字体 |\n某局2026年部门预算",
        "[ 索引号 ] | 0017500923541/2021-00217 | |\n[ 发布日期 ] | 2021-10-14 |\n某局决算",
    ],
)
def test_bars_around_the_card_of_a_web_page_are_no_table(text: str) -> None:
    assert tables_of(text) == []


def test_tabs_between_words_are_no_borders_of_cells() -> None:
    """A text layer that prints a blank and a tab between words has dropped the blank cells."""
    (table,) = tables_of(
        """\
        2025年部门支出预算总表
        编制部门：某街道办事处 \t单位：元
        项目 \t支出预算
        功能分类科目编码
        功能分类科目名称 \t合计 \t基本支出 \t项目支出
        类 \t款 \t项
        208 \t社会保障和就业支出 \t16,091,895 \t13,755,695 \t2,336,200
        208 \t05 \t行政事业单位养老支出 \t13,755,695 \t13,755,695 \t0

        -- PAGE_BREAK --

        208 \t05 \t01 \t行政单位离退休 \t13,755,695 \t13,755,695 \t0
        208 \t07 \t就业补助 \t2,336,200 \t0 \t2,336,200
        合计 \t16,091,895 \t13,755,695 \t2,336,200
        """
    )
    assert [(found[1], found[2]) for found in landed(table)] == [
        ("208", "社会保障和就业支出"),
        ("20805", "行政事业单位养老支出"),
        ("2080501", "行政单位离退休"),
        ("20807", "就业补助"),
        ("", "合计"),
    ]
    assert {value.placement for value in table.values} == {"printed"}
    assert table.unplaced == []


def test_tabs_between_cells_stay_when_all_cells_are_filled() -> None:
    (table,) = tables_of("某局收支总表\n单位：万元\n项目 \t预算数\n一、财政拨款 \t5.00\n合计 \t5.00\n")
    assert table.layout == "grid"


def test_the_card_in_the_same_frame_is_no_table_and_merged_headers_keep_their_columns() -> None:
    """What is merged down leaves no cell in the row below: its cells stand under the last one above."""
    (table,) = tables_of(
        """\
        标题: | 某镇2020年预算执行和2021年预算草案 | ||
        ---|---|---|---|
        索引号: | 11370323/2021-5198253.0 | 文号: | |
        发文日期: | 2021-09-30 10:33:47 | 发布机构: | 某镇人民政府 |
        表1 | |||||
        2020年某镇一般公共预算收入执行情况表 | |||||
        单位:万元 | |||||
        项 目 | 2019年决算数 | 2020年预算调整数 | 2020年执行数 | ||
        金额 | 占调整预算% | 比上年增长% | |||
        一、税收收入 | 401 | 431 | 431 | 100 | 7.48 |
        资源税 | |||||
        本年收入合计 | 401 | 431 | 431 | 100 | 7.48 |
        """
    )
    assert table.title == "2020年某镇一般公共预算收入执行情况表"
    assert [column.path for column in table.columns] == [
        "2019年决算数",
        "2020年预算调整数",
        "2020年执行数/金额",
        "2020年执行数/占调整预算%",
        "2020年执行数/比上年增长%",
    ]


@pytest.mark.parametrize(
    ("line", "is_stray"),
    [
        (
            "项目 行次 金额 一、财政拨款收入 1 4,627.57 一、一般公共服务支出 32 0.00 二、事业收入 2 80.78",
            True,
        ),
        ("合计 34.35 34.35", True),
        ("基本支出 225.87 万元，占 58.2 %；项目支出 161.95 万元", False),
        ("共有车辆 14 辆，面积 4000.6 平方米", False),
    ],
)
def test_amounts_outside_of_any_table_are_said(line: str, is_stray: bool) -> None:
    """A document whose text is one line has no table that could be read: its numbers are not passed over."""
    document = read_text(f"某学校2022年决算\n{line}\n".encode(), "0" * 64, "sample.txt")
    layout = lay_out(document, load_vocabulary())
    assert layout.tables == []
    assert [text.text for text in layout.stray] == ([line] if is_stray else [])


@pytest.mark.parametrize(
    ("header", "row", "paths"),
    [
        (
            [
                "合计 | 因公出国费 | 公务用车费 | 公务接待费 | |||",
                "小计 | 公务用车运行费 | 公务用车购置费 | ||||",
            ],
            "6.0 | 1.0 | 3.0 | 2.0 | 1.0 | 2.0 |",
            [
                "合计",
                "因公出国费",
                "公务用车费/小计",
                "公务用车费/公务用车运行费",
                "公务用车费/公务用车购置费",
                "公务接待费",
            ],
        ),
        (
            ["功能分类科目\t合计\t基本支出\t项目支出", "科目编码\t科目名称\t小计\t人员经费\t公用经费"],
            "201\t一般公共服务支出\t9.00\t6.00\t5.00\t1.00\t3.00",
            ["合计", "基本支出/小计", "基本支出/人员经费", "基本支出/公用经费", "项目支出"],
        ),
        (
            [
                "功能分类科目\t上年预算数\t当年预算数",
                "编码\t名称\t合计\t基本支出\t项目支出\t合计\t基本支出\t项目支出",
            ],
            "201\t一般公共服务支出\t9.00\t6.00\t3.00\t8.00\t6.00\t2.00",
            [
                f"{year}/{part}"
                for year in ("上年预算数", "当年预算数")
                for part in ("合计", "基本支出", "项目支出")
            ],
        ),
    ],
)
def test_headers_that_lost_the_places_of_merged_cells(header, row, paths) -> None:
    """How many cells have others below them follows from the rows; which ones, from the words."""
    (table,) = tables_of("\n".join(["某局支出表", "单位：万元", *header, row, row.replace("201", "合计")]))
    assert [column.path for column in table.columns] == paths
    assert not table.confidence_reason


def test_the_amounts_may_tell_what_a_merged_header_cell_covers() -> None:
    """小计 and 其中 are known below 事业收入, but the rows add up with them below the other one only."""
    (table,) = tables_of(
        "某局收入总表\n单位：万元\n单位名称\t合计\t一般公共预算拨款\t事业收入\t其他收入\n小计\t其中：专项预算\n"
        "某中心\t9.00\t5.00\t2.00\t3.00\t1.00\n合计\t9.00\t5.00\t2.00\t3.00\t1.00\n"
    )
    assert [column.path for column in table.columns][1:3] == [
        "一般公共预算拨款/小计",
        "一般公共预算拨款/其中：专项预算",
    ]


def test_one_cell_over_a_whole_header_is_no_riddle() -> None:
    (table,) = tables_of(
        "某局“三公”经费情况统计表 | ||\n? | 单位：万元 | |\n项目 | 本年预算数 | 其中:财政拨款 |\n"
        "合计 | 34.35 | 34.35 |\n"
    )
    assert {value.placement for value in table.values} == {"printed"}


def test_a_header_whose_merged_cells_are_a_riddle_is_doubted() -> None:
    (table,) = tables_of(
        "某局支出表\n单位：万元\n项目\t甲\t乙\t丙\n丁\t戊\n"
        "一、办公\t6.00\t1.00\t2.00\t3.00\n二、会议\t6.00\t1.00\t2.00\t3.00\n"
    )
    assert "merged cells" in table.confidence_reason


def test_cells_on_lines_of_their_own_may_hold_dashes() -> None:
    (table,) = tables_of(
        "全区经费决算情况表\n单位：万元\n项目 |\n支出 |\n减少 |\n甲费 |\n5.00 |\n- |\n乙费 |\n6.00 |\n无 |\n"
    )
    assert [found[2:] for found in landed(table)] == [("甲费", {"支出": "5.00"}), ("乙费", {"支出": "6.00"})]


@pytest.mark.parametrize("number", ["文号 | 浏览量 | 31 |", "[ 文号 ] | 2016 | |"])
def test_a_number_on_the_card_of_a_web_page_is_no_amount(number: str) -> None:
    (table,) = tables_of(
        f"""\
        | 索引号 | 015-A/2017 | 发布机构 | 某县财政局 |
        {number}
        某县“三公”经费决算情况统计表 | ||
        单位:万元 | ||
        项目 | 上年决算数 | 本年决算数 |
        合计 | 2911.47 | 2706.86 |
        """
    )
    assert [v.number.text for v in table.values] == ["2911.47", "2706.86"]


def test_tables_pasted_as_html() -> None:
    (table,) = tables_of(
        """\
        某局支出总表
        单位：万元
        <table border=1><tr><td rowspan="2">科目编码</td><td rowspan=2>科目名称</td>
        <td colspan="2">支出</td></tr>
        <tr><td>基本支出</td><td><p>项目支出</p></td></tr>
        <tr><td>201</td><td>一般&nbsp;公共服务支出</td><td></td><td>3.00</td></tr>
        <tr><td>合计<td><td>0.00<td>3.00</tr></table>
        注：单位 < 处室
        """
    )
    assert [column.path for column in table.columns] == ["支出/基本支出", "支出/项目支出"]
    assert [found[1:] for found in landed(table)] == [
        ("201", "一般公共服务支出", {"支出/项目支出": "3.00"}),
        ("", "合计", {"支出/基本支出": "0.00", "支出/项目支出": "3.00"}),
    ]
    assert table.note == "注：单位 < 处室"


PAGES = """\
- 1 -
某局2026年度部门预算公开
支出总表
单位：万元
科目编码\t科目名称\t合计\t基本支出\t项目支出
\t合计\t9.00\t6.00\t3.00
201\t一般公共服务支出\t4.00\t4.00\t
- 2 -
某局2026年度部门预算公开
{again}205\t教育支出\t3.00\t2.00\t1.00
- 3 -
某局2026年度部门预算公开
{again}208\t社会保障和就业支出\t2.00\t\t2.00
- 4 -
某局2026年度部门预算公开
第三部分 说明
"""
FRAME = "支出总表\n单位：万元\n科目编码\t科目名称\t合计\t基本支出\t项目支出\n"


@pytest.mark.parametrize("again", ["", FRAME])
def test_a_table_goes_on_over_what_the_pages_of_a_text_print_again(again: str) -> None:
    """A running header beside the number of a page is no title; title and header may come again."""
    (table,) = tables_of(PAGES.format(again=again))
    assert table.title == "支出总表"
    assert [row.code for row in table.rows] == ["", "201", "205", "208"]


def test_a_list_that_begins_anew_below_the_same_title_is_a_table_of_its_own() -> None:
    rows = "201\t一般公共服务支出\t4.00\t4.00\t\n205\t教育支出\t3.00\t2.00\t1.00\n"
    assert len(tables_of(f"{FRAME}{rows}{FRAME}{rows}")) == 2
    other = FRAME.replace("单位：万元", "部门名称：某中心 单位：万元")
    assert len(tables_of(f"{FRAME}{rows}{other}208\t社会保障和就业支出\t2.00\t\t2.00\n")) == 2


def test_a_total_that_lost_the_blanks_below_its_codes() -> None:
    (table,) = tables_of(
        "某局支出总表\n单位：元\n类\t款\t科目名称\t合计\t基本支出\n201\t01\t人大事务\t1,200\t0\n合计\t1,200\t0\n"
    )
    assert landed(table)[-1] == (1, "", "合计", {"合计": "1,200", "基本支出": "0"})


def test_a_second_header_row_below_names_only_is_no_body() -> None:
    """It hangs below the first one, which has too few places; an empty row further down is no obstacle."""
    (table,) = tables_of(
        "某局支出总表\n单位：万元\n科目编码\t科目名称\t总计\t基本支出\t项目支出\t经营支出\n人员支出\t公用经费\n"
        "合计\t\t9.00\t5.00\t1.00\t3.00\t\n201\t一般公共服务支出\t9.00\t5.00\t1.00\t3.00\t\n\t\t\t\t\t\t\n"
    )
    assert [column.path for column in table.columns] == [
        "总计",
        "基本支出/人员支出",
        "基本支出/公用经费",
        "项目支出",
        "经营支出",
    ]


def test_a_damaged_table_in_html_does_not_grow_without_end() -> None:
    text = "<table>" + "<tr><td colspan=99999 rowspan=99999>1</td><td>2</td></tr>" * 300 + "</table>"
    assert max(len(line) for line in without_tags(text).split("\n")) < 1000


def test_titles_above_cells_on_lines_of_their_own() -> None:
    (table,) = tables_of(
        "附件6 |\n||||\n2019年债务限额情况表 |\n||||\n单位:亿元 |\n||||\n项目 |\n公式 |\n本地区 |\n本级 |\n"
        "一、限额 |\nA=B+C |\n42,866 |\n|\n其中:一般债务限额 |\nB |\n3,666 |\n3,666 |\n"
    )
    assert (table.title, table.unit) == ("2019年债务限额情况表", "亿元")
    assert [found[2:] for found in landed(table)] == [
        ("一、限额", {"本地区": "42,866"}),
        ("其中:一般债务限额", {"本地区": "3,666", "本级": "3,666"}),
    ]


def test_cells_of_no_table_are_said() -> None:
    text = "某局决算\n甲 |\n乙 |\n5.00 |\n丙 |\n丁 |\n戊 |\n6.00 |\n"
    document = read_text(text.encode(), "0" * 64, "sample.txt")
    assert [text.text for text in lay_out(document, load_vocabulary()).stray] == ["5.00 |", "6.00 |"]
