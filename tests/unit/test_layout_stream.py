"""Tables in bare text: wrapped names, codes in parts, two lists side by side, headers in pieces."""

from __future__ import annotations

from textwrap import dedent

import pytest

from extract.layout.assemble import lay_out
from extract.layout.table import Table
from extract.readers.text import read_text
from extract.vocabulary import load_vocabulary

pytestmark = pytest.mark.unit


def tables_of(text: str) -> list[Table]:
    document = read_text(dedent(text).encode(), "0" * 64, "sample.txt")
    return lay_out(document, load_vocabulary()).tables


def landed(table: Table) -> list[tuple[str, str, dict[str, str]]]:
    """(code, label, amounts by column) of each row."""
    paths = {column.column_no: column.path for column in table.columns}
    return [
        (
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


def test_names_wrapped_around_their_code() -> None:
    """As many lines above the code as below; the code is no amount, and the first half is no header."""
    (table,) = tables_of(
        """\
        一般公共预算财政拨款支出决算表
        单位：万元
        项目
        合计 基本支出 项目支出
        功能分类
        科目名称
        科目编码
        文化旅游体育与传媒
        207 1,350.00 1,040.00 310.00
        支出
        20701 文化和旅游 1,350.00 1,040.00 310.00
        文化展示及纪念机
        2070105 310.00 310.00
        构
        2070109 群众文化 1,040.00 1,040.00
        合计 1,350.00 1,040.00 310.00
        注：本表反映部门本年度一般公共预算财政拨款支出情况。
        """
    )
    assert landed(table) == [
        ("207", "文化旅游体育与传媒支出", {"合计": "1,350.00", "基本支出": "1,040.00", "项目支出": "310.00"}),
        ("20701", "文化和旅游", {"合计": "1,350.00", "基本支出": "1,040.00", "项目支出": "310.00"}),
        ("2070105", "文化展示及纪念机构", {"合计": "310.00", "项目支出": "310.00"}),
        ("2070109", "群众文化", {"合计": "1,040.00", "基本支出": "1,040.00"}),
        ("", "合计", {"合计": "1,350.00", "基本支出": "1,040.00", "项目支出": "310.00"}),
    ]
    assert {value.placement for value in table.values} <= {"printed", "inferred"}
    assert len(table.source_tokens) == len(table.values) == 13


def test_codes_in_parts_and_a_header_printed_again() -> None:
    (table,) = tables_of(
        """\
        2026年部门支出预算总表
        编制部门：某某局 单位：元
        项目 支出预算
        功能分类科目编码
        功能分类科目名称 合计 基本支出 项目支出
        类 款 项
        208 社会保障和就业支出 36,297,096 36,003,096 294,000
        208 05 行政事业单位养老支出 36,003,096 36,003,096
        项目 支出预算
        功能分类科目编码
        功能分类科目名称 合计 基本支出 项目支出
        类 款 项
        208 05 05机关事业单位基本养老保险缴费支出 36,003,096 36,003,096
        208 08 抚恤 294,000 294,000
        208 08 01死亡抚恤 294,000 294,000
        合计 36,297,096 36,003,096 294,000
        """
    )
    assert [(code, label) for code, label, _ in landed(table)] == [
        ("208", "社会保障和就业支出"),
        ("20805", "行政事业单位养老支出"),
        ("2080505", "机关事业单位基本养老保险缴费支出"),
        ("20808", "抚恤"),
        ("2080801", "死亡抚恤"),
        ("", "合计"),
    ]
    assert landed(table)[3][2] == {"支出预算/合计": "294,000", "支出预算/项目支出": "294,000"}
    assert len(table.source_tokens) == len(table.values)


def test_two_lists_are_told_apart_by_names_and_numbers_of_lines() -> None:
    """No row numbers: blanks left and right, an amount glued to the next label, a wrapped label."""
    (table,) = tables_of(
        """\
        收入支出决算总表
        单位：万元
        收入 支出
        项目 决算数 项目 决算数
        一、一般公共预算财政拨款收入 4,733.14一、一般公共服务支出
        二、政府性基金预算财政拨款收入 二、外交支出
        八、其他收入 八、社会保障和就业支出 4,623.80
        九、卫生健康支出 109.34
        二十二、灾害防治及应急管理支
        出
        本年收入合计 4,733.14 本年支出合计 4,733.14
        使用非财政拨款结余 结余分配
        年初结转和结余 52.61 年末结转和结余 52.61
        总计 4,785.75 总计 4,785.75
        注：本表反映部门本年度的总收支和年末结转结余情况。
        """
    )
    rows = {(row.lane_no, row.label): row.row_no for row in table.rows}
    assert (1, "八、其他收入") in rows and (2, "九、卫生健康支出") in rows
    assert (2, "二十二、灾害防治及应急管理支出") in rows
    amounts = {(path, label): text for _, label, cells in landed(table) for path, text in cells.items()}
    assert amounts[("收入/决算数", "年初结转和结余")] == amounts[("支出/决算数", "年末结转和结余")] == "52.61"
    assert ("支出/决算数", "一、一般公共服务支出") not in amounts
    assert {value.placement for value in table.values} == {"printed"}


def test_header_words_in_pieces_beside_each_other() -> None:
    """一般公共 / 预算财政 / 拨款 in three lines, the next column's pieces between them."""
    (table,) = tables_of(
        """\
        财政拨款收入支出决算总表
        单位：万元
        收入 支出
        一般公共 政府性基 国有资本
        项目 决算数 项目 合计 预算财政 金预算财 经营预算
        拨款 政拨款 财政拨款
        一、一般公共预算财政拨款 24,535.67 一、一般公共服务支出
        二、政府性基金预算财政拨款 2,002.80 二、外交支出
        七、文化旅游体育与传媒支出 24,538.47 24,535.67 2.80
        十一、城乡社区支出 2,000.00 2,000.00
        本年收入合计 26,538.47 本年支出合计 26,538.47 24,535.67 2,002.80
        总计 26,538.47 总计 26,538.47 24,535.67 2,002.80
        注：本表反映部门本年度财政拨款总收支和结转结余情况。
        """
    )
    cells = {label: cells for _, label, cells in landed(table)}
    assert cells["十一、城乡社区支出"] == {
        "支出/决算数/合计": "2,000.00",
        "支出/决算数/政府性基金预算财政拨款": "2,000.00",
    }
    assert not table.confidence_reason
    assert {value.placement for value in table.values} <= {"printed", "inferred"}


@pytest.mark.parametrize(
    ("header", "row", "reception"),
    [
        ("公务接待费 小计 购置费 运行费", "114.22 0.00 0.46 113.76 75.00 38.76 507.25", "0.46"),
        ("小计 购置费 运行费 公务接待费", "114.22 0.00 113.76 75.00 38.76 0.46 507.25", "0.46"),
    ],
)
def test_the_order_of_columns_is_the_one_that_adds_up(header: str, row: str, reception: str) -> None:
    (table,) = tables_of(
        f"""\
        2026年部门“三公”经费和机关运行经费预算表
        编制部门：某某局 单位：万元
        “三公”经费预算数
        机关运行经费预算
        公务用车购置及运行费
        数
        合计 因公出国(境)费 {header}
        {row}
        """
    )
    ((_, _, cells),) = landed(table)
    assert cells["三公经费预算数/公务接待费"] == reception
    assert cells["三公经费预算数/公务用车购置及运行费/小计"] == "113.76"
    assert cells["机关运行经费预算数"] == "507.25"


def test_a_stated_amount_tells_the_column_of_a_total() -> None:
    """Two numbers equal: project expenditure and not basic, because a sentence says so."""
    text = """\
        支出决算表
        单位：万元
        项目
        本年支出合计 基本支出 项目支出 上缴上级支出 经营支出 对附属单位补助支出
        功能分类科目编码 科目名称
        合计 1,700.57 1,700.57
        207 文化旅游体育与传媒支出 1,700.57 1,700.57
        注：本表反映部门本年度各项支出情况。
        第三部分 情况说明
        本年支出合计1700.57万元，其中：{name}1700.57万元，占100%。
        """
    for name in ("基本支出", "项目支出"):
        (table,) = tables_of(text.format(name=name))
        assert [cells for _, _, cells in landed(table)] == [
            {"本年支出合计": "1,700.57", name: "1,700.57"}
        ] * 2


def test_a_table_goes_on_below_its_title_on_the_next_page() -> None:
    """Page numbers between dashes or counting up, the title, the unit and the header again: no rows."""
    (table,) = tables_of(
        """\
        一般公共预算支出表
        部门名称：某某局 单位：万元
        科目编码 科目名称 支出总计 基本支出 项目支出
        合计 340.58 340.58 0.00
        208 社会保障和就业支出 140.00 140.00 0.00
        2080501 行政单位离退休 140.00 140.00 0.00
        - 26 -
        表7
        一般公共预算支出表
        部门名称：某某局 单位：万元
        科目编码 科目名称 支出总计 基本支出 项目支出
        221 住房保障支出 200.58 200.58 0.00
        2210201 住房公积金 200.58 200.58 0.00
        注：本套报表金额单位转换时可能存在尾数误差。
        """
    )
    assert [row.code for row in table.rows] == ["", "208", "2080501", "221", "2210201"]
    assert len(table.values) == len(table.source_tokens) == 15


def test_a_total_that_comes_again_begins_a_table_of_its_own() -> None:
    page = """\
        一般公共预算支出表
        部门名称：某某局 单位：万元
        科目编码 科目名称 支出总计 基本支出 项目支出
        合计 {0}.58 {0}.58 0.00
        208 社会保障和就业支出 {0}.58 {0}.58 0.00
        """
    assert len(tables_of(dedent(page).format(140) + dedent(page).format(200))) == 2


def test_page_numbers_that_count_up_are_no_amounts() -> None:
    pages = [
        f"""\
        {year}年部门收支预算总表
        编制部门：某某局 单位：元
        科目编码 科目名称 预算数
        301 工资福利支出
        {page}
        30101 基本工资 1,000.00
        """
        for page, year in enumerate(range(2019, 2025), start=17)
    ]
    tables = tables_of("".join(map(dedent, pages)))
    assert [[v.number.text for v in table.values] for table in tables] == [["1,000.00"]] * 6


@pytest.mark.parametrize(
    ("line", "code", "label", "amounts"),
    [
        ("30101 基本工资 1,122.800000", "30101", "基本工资", ["1,122.800000"]),
        ("301 2 津贴补贴 40.50", "30102", "津贴补贴", ["40.50"]),
        ("302 99其他商品和服务支出 40.50", "30299", "其他商品和服务支出", ["40.50"]),
        ("3019999其他 40.50", "3019999", "其他", ["40.50"]),
    ],
)
def test_codes_and_amounts_that_run_together(line: str, code: str, label: str, amounts: list[str]) -> None:
    (table,) = tables_of(
        f"""\
        一般公共预算基本支出表
        部门名称：某某局 单位：万元
        科目编码 科目名称 预算数
        合计 1,203.80
        {line}
        注：无。
        """
    )
    (row,) = [row for row in table.rows if row.code]
    assert (row.code, row.label) == (code, label)
    assert [v.number.text for v in table.values if v.row_no == row.row_no] == amounts


def test_an_empty_table_without_a_note_is_a_table() -> None:
    tables = tables_of(
        """\
        政府性基金预算支出表
        金额单位：万元
        科目编码 科目名称 合计 基本支出 项目支出
        合计
        国有资本经营预算支出表
        金额单位：万元
        科目编码 科目名称 合计 基本支出 项目支出
        合计
        注：本表无数据。
        """
    )
    assert [(table.title, len(table.values)) for table in tables] == [
        ("政府性基金预算支出表", 0),
        ("国有资本经营预算支出表", 0),
    ]


def test_a_second_classification_beside_the_row_s_own_opens_no_row() -> None:
    (table,) = tables_of(
        """\
        一般公共预算支出明细表（按支出经济分类科目）
        单位：元
        部门经济 政府经济
        部门经济科目名称 政府经济科目名称 合计 人员经费支出 公用经费支出 专项业务经费支出 备注
        科目编码 科目编码
        合计 1,200.50 1,000.00 200.50
        301 工资福利支出 1,000.00 1,000.00
        30101 基本工资 50101 工资奖金津补贴 1,000.00 1,000.00
        302 商品和服务支出 200.50 200.50
        30201 办公费 50201 办公经费 200.50 200.50
        注：本表为一般公共预算支出。
        """
    )
    assert [(row.code, row.label) for row in table.rows] == [
        ("", "合计"),
        ("301", "工资福利支出"),
        ("30101", "基本工资"),
        ("302", "商品和服务支出"),
        ("30201", "办公费"),
    ]
    assert list(table.rows[2].context.values()) == ["50101工资奖金津补贴"]
    assert landed(table)[4][2] == {"合计": "200.50", "公用经费支出": "200.50"}


@pytest.mark.parametrize(
    ("title", "header", "row"),
    [
        (
            "一般公共预算“三公”经费、会议费、培训费支出表",
            "公务用车购置及运行维护费\n“三公”经费合计 因公出国（境）费 公务接待费 会议费 培训费\n"
            "公务用车运行维\n小计 公务用车购置费\n护费",
            {
                "“三公”经费合计": "10.00",
                "因公出国（境）费": "0.00",
                "公务用车购置及运行维护费/小计": "7.00",
                "公务用车购置及运行维护费/公务用车购置费": "0.00",
                "公务用车购置及运行维护费/公务用车运行维护费": "7.00",
                "公务接待费": "3.00",
                "会议费": "11.00",
                "培训费": "43.00",
            },
        ),
        (
            "收入预算总表",
            "一般公共 政府性基 国有资本 财政专户\n事业单位 上级补助 附属单位 上年结转\n"
            "单位名称 合计 预算拨款 金预算拨 经营预算 管理资金 事业收入 其他收入\n"
            "经营收入 收入 上缴收入 结余\n收入 款收入 拨款收入 收入",
            {
                "合计": "36.00",
                "一般公共预算拨款收入": "20.00",
                "政府性基金预算拨款收入": "0.00",
                "国有资本经营预算拨款收入": "1.00",
                "财政专户管理资金收入": "2.00",
                "事业收入": "3.00",
                "事业单位经营收入": "4.00",
                "上级补助收入": "0.00",
                "附属单位上缴收入": "0.00",
                "其他收入": "5.00",
                "上年结转结余": "1.00",
            },
        ),
    ],
)
def test_forms_of_the_integrated_budget_are_known(title: str, header: str, row: dict[str, str]) -> None:
    printed = " ".join(row.values())
    (table,) = tables_of(f"{title}\n单位：万元\n{header}\n合计 {printed}\n某局 {printed}\n注：无。\n")
    assert [cells for _, _, cells in landed(table)] == [row, row]
    assert {value.placement for value in table.values} == {"printed"}


def test_a_header_printed_twice_is_one_header() -> None:
    (table,) = tables_of(
        """\
        2026年部门收入预算总表
        编制部门：某委员会 单位：元
        项目 收入预算
        功能分类科目编码
        事业单位
        功能分类科目名称 合计 财政拨款收入 事业收入 其他收入
        经营收入
        类 款 项
        功能分类科目编码
        事业单位
        功能分类科目名称 合计 财政拨款收入 事业收入 其他收入
        经营收入
        类 款 项
        208 社会保障和就业支出 16,067.24 16,067.24 0.00 0.00 0.00
        合计 16,067.24 16,067.24 0.00 0.00 0.00
        """
    )
    assert landed(table)[0][2]["收入预算/财政拨款收入"] == "16,067.24"
    assert {value.placement for value in table.values} == {"printed"}


def test_names_of_two_lists_wrapped_around_their_line() -> None:
    """The first half of a name is no header, and it stands before the amounts of its own side."""
    (table,) = tables_of(
        """\
        2026年部门财政拨款收支预算总表
        编制部门：某委员会 单位：元
        财政拨款收入 财政拨款支出
        项目 预算数 项目 合计 一般公共预算 政府性基金预算 国有资本经营预算
        一、社会保障和就业
        一、一般公共预算 3,761.20 1,067.24 1,067.24 0.00 0.00
        支出
        二、政府性基金预算 2,857.00 二、卫生健康支出 1,134.96 1,134.96 0.00 0.00
        三、国有资本经营预
        三、城乡社区支出 2,857.00 0.00 2,857.00 0.00
        算
        四、资源勘探工业信
        1,559.00 1,559.00 0.00 0.00
        息等支出
        收入总计 6,618.20 支出总计 6,618.20 3,761.20 2,857.00 0.00
        """
    )
    assert [
        (label, amounts.get("财政拨款收入/预算数"), amounts.get("财政拨款支出/合计"))
        for _, label, amounts in landed(table)
    ] == [
        ("一、一般公共预算", "3,761.20", None),
        ("二、政府性基金预算", "2,857.00", None),
        ("三、国有资本经营预算", None, None),
        ("收入总计", "6,618.20", None),
        ("一、社会保障和就业支出", None, "1,067.24"),
        ("二、卫生健康支出", None, "1,134.96"),
        ("三、城乡社区支出", None, "2,857.00"),
        ("四、资源勘探工业信息等支出", None, "1,559.00"),
        ("支出总计", None, "6,618.20"),
    ]


def test_a_sentence_that_says_an_amount_ends_a_table() -> None:
    (table,) = tables_of(
        """\
        2026年财政拨款收支总表
        单位：万元
        收入 支出
        项目 预算数 项目 预算数
        一、一般公共预算 5.00 一、教育支出 5.00
        收入总计 5.00 支出总计 5.00
        ——一般公共预算拨款收入5.00万元，增长15.4%，其中人员经费3.00万元，公用经费2.00万元。支出同样。
        """
    )
    assert [row.label for row in table.rows][-1] == "支出总计"


@pytest.mark.parametrize(
    ("blank", "row"),
    [
        ("1、因公出国（境）费用", "2、公务接待费 15"),
        ("（一）因公出国（境）费", "（二）公务接待费 15"),
        ("因公出国（境）费", "公务接待费 15"),
    ],
)
def test_a_row_without_amounts_leaves_its_name_to_itself(blank: str, row: str) -> None:
    """Its name and the next one are two rows, by the numbers before them or as names that rows have."""
    (table,) = tables_of(f"某局“三公”经费预算表\n单位：元\n项目 2017年预算数\n合计 15\n{blank}\n{row}\n")
    assert [label for _, label, _ in landed(table)] == ["合计", blank, row.split()[0]]


def test_each_cell_on_a_line_of_its_own() -> None:
    """Amounts belong to the name above them; the code of a class and counted columns are none."""
    lines = ["某局支出预算总表", "单位：万元", "科目编码", "科目名称", "合计", "基本支出", "项目支出"]
    lines += [
        "栏次",
        "1",
        "2",
        "3",
        "合计",
        "9.00",
        "6.00",
        "3.00",
        "201",
        "一般公共服务支出",
        "7.00",
        "5.00",
        "2.00",
    ]
    lines += ["205", "教育支出", "2.00", "1.00", "1.00"]
    (table,) = tables_of("\n".join(lines))
    assert landed(table) == [
        ("", "合计", {"合计": "9.00", "基本支出": "6.00", "项目支出": "3.00"}),
        ("201", "一般公共服务支出", {"合计": "7.00", "基本支出": "5.00", "项目支出": "2.00"}),
        ("205", "教育支出", {"合计": "2.00", "基本支出": "1.00", "项目支出": "1.00"}),
    ]


def test_a_row_with_a_number_too_many_has_no_certain_columns() -> None:
    (table,) = tables_of(
        "某局支出预算总表\n单位：万元\n科目编码 科目名称 合计 基本支出 项目支出\n合计 9.00 6.00 3.00\n"
        "201 一般公共服务支出 7.00 5.00 2.00\n205 教育支出 1 2.00 1.00 1.00\n"
    )
    assert {v.placement for v in table.values if v.row_no == 3} == {"ambiguous"}
    assert {v.placement for v in table.values if v.row_no < 3} == {"printed"}


def test_two_sides_without_any_amount_are_an_empty_table() -> None:
    tables = tables_of(
        "政府性基金收支表\n单位：元\n收入 支出\n项目 预算数 项目 预算数\n一、基金拨款 一、科学技术支出\n"
        "某局收支总表\n单位：元\n收入 支出\n项目 预算数 项目 预算数\n一、财政拨款 5.00 一、教育支出 5.00\n"
    )
    assert [table.title for table in tables] == ["政府性基金收支表", "某局收支总表"]


@pytest.mark.parametrize("code", ["[201]", "201-", "201　"])
def test_a_code_may_be_joined_to_its_name(code: str) -> None:
    (table,) = tables_of(
        f"某局支出预算表\n单位：万元\n功能分类科目 合计 基本支出 项目支出\n合计 9.00 6.00 3.00\n"
        f"{code}一般公共服务支出 9.00 6.00 3.00\n"
    )
    assert [row[:2] for row in landed(table)] == [("", "合计"), ("201", "一般公共服务支出")]


def test_lines_of_two_lists_that_run_together_keep_the_sides_of_their_names() -> None:
    (table,) = tables_of(
        "某局收支总表\n单位：万元\n收入 支出\n项目 预算数 项目 预算数\n"
        "一、一般公共预算拨款收入 9.00 一、一般公共服务支出 5.00 二、政府性基金预算拨款收入 二、外交支出\n"
        "三、事业收入 三、国防支出\n十九、住房保障支出 4.00 二十、粮油物资储备支出\n"
        "本年收入合计 9.00 本年支出合计 9.00\n"
    )
    lanes = {row.label: row.lane_no for row in table.rows}
    names = ["二、政府性基金预算拨款收入", "十九、住房保障支出", "二十、粮油物资储备支出"]
    assert [lanes[name] for name in names] == [1, 2, 2]
    assert {value.placement for value in table.values} == {"printed"}


def test_rows_without_amounts_on_one_line_are_rows() -> None:
    (table,) = tables_of(
        "某局基本支出情况表\n单位：万元\n科目编码 科目名称 预算数\n合计 11.20\n302 商品和服务支出 2.00\n"
        "30201 办公费 2.00 30202 印刷费 310 资本性支出 9.20 31001 房屋建筑物购建 31002 办公设备购置 9.20\n"
    )
    assert [row[0] for row in landed(table)] == ["", "302", "30201", "30202", "310", "31001", "31002"]


def test_a_header_of_one_line_on_the_next_page_is_no_part_of_a_name() -> None:
    (table,) = tables_of(
        "某局基本支出情况表\n单位：万元\n部门预算支出经济科目 预算\n合计 6.00\n"
        "[302]商品和服务支出 6.00\n[30201]办公费\n"
        "[30202]印刷费 4.00\n部门预算支出经济科目 预算\n[30204]手续费 2.00\n"
    )
    assert [row[:2] for row in landed(table)] == [
        ("", "合计"),
        ("302", "商品和服务支出"),
        ("30201", "办公费"),
        ("30202", "印刷费"),
        ("30204", "手续费"),
    ]
