"""Frames and pages that no style of the typeset documents has: each was read wrong once."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Collection, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from extract.landing import read_document

pytestmark = pytest.mark.unit

FONT = "STSong-Light"
WIDTH, HEIGHT = 595, 842
SIZE, ROW = 9, 17
Rows = Sequence[Sequence[str]]
Raw = dict[str, list[dict[str, Any]]]

# a cell merged into its left or its upper neighbour
LEFT, ABOVE = "<", "^"
HEADER = ["科目编码", "科目名称", "合计", "基本支出", "项目支出"]
WIDTHS = [60, 200, 80, 80, 80]
BODY = [
    ["", "合计", "1,150.50", "1,100.50", "50.00"],
    ["208", "社会保障和就业支出", "120.00", "70.00", "50.00"],
    ["20805", "行政事业单位养老支出", "120.00", "70.00", "50.00"],
    ["2080505", "机关事业单位养老保险", "120.00", "70.00", "50.00"],
    ["210", "卫生健康支出", "1,030.50", "1,030.50", ""],
    ["21011", "行政事业单位医疗", "1,030.50", "1,030.50", ""],
    ["2101101", "行政单位医疗", "1,030.50", "1,030.50", ""],
]
ROWS = [HEADER, *BODY]
TITLE = "一般公共预算支出表"
LANDED = [
    (code or label, header, text.replace(",", ""))
    for code, label, *texts in BODY
    for header, text in zip(HEADER[2:], texts, strict=True)
    if text
]


def read(folder: Path, *pages: Callable[[Canvas], None]) -> Raw:
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(WIDTH, HEIGHT), invariant=True)
    for page in pages:
        canvas.setFont(FONT, SIZE)
        page(canvas)
        canvas.showPage()
    canvas.save()
    path = folder / "a.pdf"
    path.write_bytes(out.getvalue())
    return read_document(path)


def sheet(
    canvas: Canvas,
    rows: Rows,
    widths: Sequence[float],
    *,
    left: float = 45,
    top: float = 700,
    level: str = "all",
    upright: str = "all",
    fused: Collection[int] = (),
    head: int = 0,
) -> float:
    """Draw a table: numbers at the right of their cells, `head` rows in the middle.

    `level` and `upright` rules are all, outer, inner or none. No rule is
    drawn above the rows `fused`. Gives the lower end.
    """
    lefts = [left, *(left + end for end in accumulate(widths))]
    for i, row in enumerate(rows):
        for j, text in enumerate(row):
            if text in (LEFT, ABOVE):
                continue
            right = next((k for k in range(j + 1, len(row)) if row[k] != LEFT), len(row))
            down = next((k for k in range(i + 1, len(rows)) if rows[k][j] != ABOVE), len(rows))
            x0, x1, y0, y1 = lefts[j], lefts[right], top - i * ROW, top - down * ROW
            if level == "all":
                for y, place in ((y0, i), (y1, down)):
                    if place not in fused:
                        canvas.line(x0, y, x1, y)
            for x, is_outer in ((x0, j == 0), (x1, right == len(row))):
                if upright == "all" or (upright == "inner" and not is_outer):
                    canvas.line(x, y0, x, y1)
            lines = text.split("\n")
            y = (y0 + y1) / 2 + 5 * (len(lines) - 1) - 3
            for line in lines:
                if i < head:
                    canvas.drawCentredString((x0 + x1) / 2, y, line)
                elif line[:1].isdigit() and "." in line:
                    canvas.drawRightString(x1 - 3, y, line)
                else:
                    canvas.drawString(x0 + 3, y, line)
                y -= 10
    end = top - len(rows) * ROW
    if level == "outer":
        for y in (top, end):
            canvas.line(left, y, lefts[-1], y)
    return end


def titled(canvas: Canvas, title: str = TITLE, middle: float = WIDTH / 2, top: float = 740) -> None:
    canvas.setFont(FONT, 14)
    canvas.drawCentredString(middle, top, title)
    canvas.setFont(FONT, SIZE)


def landed(raw: Raw, table_no: int = 1) -> list[tuple[str, str, str]]:
    """(code or label, column path, number) of one table in the order of its rows."""
    rows = {(r["row_no"], r["lane_no"]): r for r in raw["table_row"] if r["table_no"] == table_no}
    paths = {c["column_no"]: c["column_path"] for c in raw["table_column"] if c["table_no"] == table_no}
    cells = sorted(
        (c for c in raw["cell"] if c["table_no"] == table_no), key=lambda c: (c["row_no"], c["column_no"])
    )
    named = [(rows[c["row_no"], c["lane_no"]], c) for c in cells]
    return [
        (row["row_code"] or row["row_label"] or "", paths[c["column_no"]], c["number_text"])
        for row, c in named
    ]


def titles(raw: Raw) -> list[str]:
    return [table["table_title"] for table in raw["table"]]


def assert_conserved(raw: Raw) -> None:
    assert all(table["source_token_count"] == table["landed_token_count"] for table in raw["table"])
    assert not raw["unplaced"]


@pytest.mark.parametrize("rules", ["all", "none"])
@pytest.mark.parametrize("turn", [90, 180, 270])
def test_text_on_its_side_is_read_as_it_stands(turn: int, rules: str, tmp_path: Path) -> None:
    def page(canvas: Canvas) -> None:
        # an upright page number, as printed on pages that hold a turned table
        canvas.drawCentredString(WIDTH / 2, 20, "15")
        matrix = {
            90: (0, 1, -1, 0, WIDTH, 0),
            180: (-1, 0, 0, -1, WIDTH, HEIGHT),
            270: (0, -1, 1, 0, 0, HEIGHT),
        }
        canvas.transform(*matrix[turn])
        titled(canvas, top=540)
        sheet(canvas, ROWS, WIDTHS, top=500, level=rules, upright=rules)

    raw = read(tmp_path, page)
    assert titles(raw) == [TITLE]
    assert landed(raw) == LANDED
    assert_conserved(raw)
    # the places are those of the page as it is shown
    total = next(c for c in raw["cell"] if c["number_text"] == "1150.50")
    token = next(t for t in raw["source_token"] if t["token_text"] == "1,150.50")
    assert total["x0"] <= token["x"] <= total["x1"] and total["top"] <= token["y"] <= total["bottom"]
    # drawn at (345, 475) from the lower left, before it was turned
    x, y = {90: (WIDTH - 475, HEIGHT - 345), 180: (WIDTH - 345, 475), 270: (475, 345)}[turn]
    assert total["x0"] - 20 < x < total["x1"] + 20 and total["top"] - 20 < y < total["bottom"] + 20


def test_tables_side_by_side_have_their_own_titles(tmp_path: Path) -> None:
    rows = [["科目编码", "科目名称", "合计"], ["208", "社会保障", "5.00"], ["20805", "养老支出", "5.00"]]
    names = ["政府性基金预算支出表", "国有资本经营预算支出表"]

    def page(canvas: Canvas) -> None:
        for left, title in zip((45, 320), names, strict=True):
            titled(canvas, title, left + 115)
            canvas.drawRightString(left + 230, 710, "单位：万元")
            sheet(canvas, rows, [60, 110, 60], left=left)

    raw = read(tmp_path, page)
    assert titles(raw) == names
    assert [table["unit_text"] for table in raw["table"]] == ["万元", "万元"]
    assert landed(raw, 1) == landed(raw, 2) == [("208", "合计", "5.00"), ("20805", "合计", "5.00")]


@pytest.mark.parametrize(("lower", "tables"), [(0, 1), (6, 2)])
def test_frames_under_one_title_are_one_table_or_share_it(lower: int, tables: int, tmp_path: Path) -> None:
    income = [["收入", LEFT], ["项目", "预算数"], ["一、本年收入", "9.00"], ["收入总计", "9.00"]]
    spent = [["支出", LEFT], ["项目", "预算数"], ["一、本年支出", "9.00"], ["支出总计", "9.00"]]

    def page(canvas: Canvas) -> None:
        titled(canvas, "财政拨款收支总表")
        canvas.drawRightString(550, 710, "单位：万元")
        sheet(canvas, income, [150, 80])
        sheet(canvas, spent, [150, 80], left=300, top=700 - lower)

    raw = read(tmp_path, page)
    assert titles(raw) == ["财政拨款收支总表"] * tables
    assert [table["unit_text"] for table in raw["table"]] == ["万元"] * tables
    both = [cell for number in range(1, tables + 1) for cell in landed(raw, number)]
    assert sorted(both) == [
        ("一、本年支出", "支出/预算数", "9.00"),
        ("一、本年收入", "收入/预算数", "9.00"),
        ("支出总计", "支出/预算数", "9.00"),
        ("收入总计", "收入/预算数", "9.00"),
    ]


def test_words_set_wide_in_a_table_without_rulings_are_whole(tmp_path: Path) -> None:
    rows = [
        ["收            入", LEFT, "支            出", LEFT],
        ["项    目", "预算数", "项    目", "合  计"],
        ["本年收入", "9.00", "本年支出", "9.00"],
        ["收 入 总 计", "9.00", "支 出 总 计", "9.00"],
    ]

    def page(canvas: Canvas) -> None:
        titled(canvas, "收支总表")
        sheet(canvas, rows, [150, 80, 150, 80], level="none", upright="none", head=2)

    assert landed(read(tmp_path, page)) == [
        ("本年收入", "收入/预算数", "9.00"),
        ("本年支出", "支出/合计", "9.00"),
        ("收入总计", "收入/预算数", "9.00"),
        ("支出总计", "支出/合计", "9.00"),
    ]


def test_a_triangle_is_a_minus(tmp_path: Path) -> None:
    rows = [["项目", "预算数", "增减额"], ["公务接待费", "30.00", "△10.00"], ["合计", "30.00", "▲10.00"]]
    for rules in ("all", "none"):
        raw = read(tmp_path, lambda c, r=rules: sheet(c, rows, [150, 80, 80], level=r, upright=r))  # type: ignore[misc]
        assert [number for _, _, number in landed(raw)] == ["30.00", "-10.00"] * 2


LANES = [
    ["科目编码", "科目名称", "决算数"] * 3,
    ["301", "工资福利支出", "7.00", "302", "商品和服务支出", "2.00", "310", "资本性支出", "1.00"],
    ["30101", "基本工资", "7.00", "30201", "办公费", "2.00", "31002", "办公设备购置", "1.00"],
    ["303", "对个人的补助", "", "30202", "印刷费", "", "399", "其他支出", ""],
    ["人员经费合计", LEFT, "7.00", "公用经费合计", LEFT, LEFT, LEFT, LEFT, "3.00"],
]


@pytest.mark.parametrize("rules", ["all", "none"])
def test_a_total_over_several_lists_keeps_its_amount(rules: str, tmp_path: Path) -> None:
    raw = read(tmp_path, lambda c: sheet(c, LANES, [58, 80, 45] * 3, left=20, level=rules, upright=rules))
    assert landed(raw)[-2:] == [("人员经费合计", "决算数", "7.00"), ("公用经费合计", "决算数", "3.00")]
    assert {cell["placement"] for cell in raw["cell"]} == {"printed"}


def test_codes_fused_with_their_header_are_no_lost_amounts(tmp_path: Path) -> None:
    raw = read(tmp_path, lambda c: sheet(c, LANES, [36, 85, 45] * 3, fused=(1,)))
    assert landed(raw)[:3] == [
        ("301", "决算数", "7.00"),
        ("302", "决算数", "2.00"),
        ("310", "决算数", "1.00"),
    ]
    assert_conserved(raw)


def test_rows_under_a_merged_name_have_it_beside_them(tmp_path: Path) -> None:
    rows = [
        ["单位名称", "项目类型", "项目名称", "合计"],
        ["某局", "特定目标类", "甲项目", "3.00"],
        [ABOVE, ABOVE, "乙项目", "2.00"],
        ["某中心", "其他运转类", "丙项目", "1.00"],
        ["合计", LEFT, LEFT, "6.00"],
    ]
    raw = read(tmp_path, lambda c: sheet(c, rows, [90, 90, 120, 70]))
    assert [name for name, _, _ in landed(raw)] == ["甲项目", "乙项目", "丙项目", "合计"]
    contexts = [json.loads(row["row_context"]) for row in raw["table_row"][:2]]
    assert contexts == [{"单位名称": "某局", "项目类型": "特定目标类"}] * 2


@pytest.mark.parametrize("mark", ["", ABOVE])
def test_rows_of_years_go_on_with_the_name_above(mark: str, tmp_path: Path) -> None:
    rows = [
        ["预算单位", "年度", "合计", "公务接待费"],
        ["某局", "2025年", "40.00", "30.00"],
        [mark, "2026年", "35.00", "25.00"],
        [mark, "增减变化金额", "-5.00", "-5.00"],
    ]
    raw = read(tmp_path, lambda c: sheet(c, rows, [120, 90, 80, 80]))
    assert [row["row_label"] for row in raw["table_row"]] == ["某局"] * 3


def test_a_form_s_amounts_are_named_by_their_keys(tmp_path: Path) -> None:
    rows = [
        ["项目名称", LEFT, "甲项目", LEFT, LEFT],
        ["主管部门", LEFT, "某局", "实施单位", "某中心"],
        ["项目资金\n（万元）", "年度预算资金总额：", LEFT, "31.00", LEFT],
        [ABOVE, "其中：财政拨款", LEFT, "30.00", LEFT],
        [ABOVE, "其他资金", LEFT, "1.00", LEFT],
        ["绩效指标", "一级指标", "二级指标", "三级指标", "指标值"],
        [ABOVE, "产出指标", "数量指标", "次数", "3次"],
        [ABOVE, ABOVE, ABOVE, "人数", "5人"],
    ]
    raw = read(tmp_path, lambda c: sheet(c, rows, [80, 100, 100, 100, 80]))
    assert [path for _, path, _ in landed(raw)] == [
        "年度预算资金总额：",
        "其中：财政拨款",
        "其他资金",
        "指标值",
        "指标值",
    ]
    by_label = {row["row_label"]: row["row_context"] for row in raw["table_row"]}
    assert '"项目资金（万元）"' in by_label["其他资金"]
    assert by_label["人数"] == '{"一级指标": "产出指标", "二级指标": "数量指标"}'


def test_half_a_label_at_a_page_s_top_is_no_header(tmp_path: Path) -> None:
    rest = [["", "支出", "", "", ""], *BODY[3:]]
    cut = [*ROWS[:3], ["20805", "行政事业单位养老", *BODY[2][2:]]]
    raw = read(tmp_path, lambda c: sheet(c, cut, WIDTHS), lambda c: sheet(c, rest, WIDTHS))
    assert landed(raw) == LANDED
    assert [row["row_label"] for row in raw["table_row"] if row["row_code"] == "20805"] == [
        "行政事业单位养老支出"
    ]


def test_a_total_alone_on_the_next_page_without_rulings(tmp_path: Path) -> None:
    def first(canvas: Canvas) -> None:
        titled(canvas)
        sheet(canvas, [HEADER, *BODY[1:]], WIDTHS, level="none", upright="none")

    total = [["合 计", "", *BODY[0][2:]]]
    raw = read(tmp_path, first, lambda c: sheet(c, total, WIDTHS, level="none", upright="none"))
    assert landed(raw) == [*LANDED[3:], *LANDED[:3]]


@pytest.mark.parametrize("fused", [False, True])
def test_rows_that_no_rule_divides_are_rows(fused: bool, tmp_path: Path) -> None:
    def page(canvas: Canvas) -> None:
        sheet(canvas, ROWS, WIDTHS, level="outer")
        if not fused:
            canvas.line(45, 700 - ROW, 545, 700 - ROW)

    raw = read(tmp_path, page)
    assert landed(raw) == LANDED
    assert_conserved(raw)


def test_columns_outside_of_the_upright_rules_are_columns(tmp_path: Path) -> None:
    raw = read(
        tmp_path,
        lambda c: sheet(c, ROWS[:4], WIDTHS, upright="inner"),
        lambda c: sheet(c, ROWS[4:], WIDTHS, upright="inner"),
    )
    assert landed(raw) == LANDED
    assert_conserved(raw)


@pytest.mark.parametrize("first", [0, 1])
def test_rows_between_painted_ones_are_rows(first: int, tmp_path: Path) -> None:
    def page(canvas: Canvas) -> None:
        canvas.setFillGray(0.9)
        for i in range(first, len(ROWS), 2):
            for left, width in zip((45, 105, 305, 385, 465), WIDTHS, strict=True):
                canvas.rect(left, 700 - (i + 1) * ROW, width, ROW, stroke=0, fill=1)
        canvas.setFillGray(0)
        sheet(canvas, ROWS, WIDTHS, level="none", upright="none")

    raw = read(tmp_path, page)
    assert landed(raw) == LANDED
    assert_conserved(raw)


def test_a_row_of_two_lines_between_painted_ones_is_one_row(tmp_path: Path) -> None:
    wrapped = [BODY[2][0], "行政事业单位养老\n支出", *BODY[2][2:]]
    rows = [HEADER, *BODY[:2], wrapped, [ABOVE] * 5, *BODY[3:]]

    def page(canvas: Canvas) -> None:
        canvas.setFillGray(0.9)
        for i in (0, 2, 5, 7):
            for left, width in zip((45, 105, 305, 385, 465), WIDTHS, strict=True):
                canvas.rect(left, 700 - (i + 1) * ROW, width, ROW, stroke=0, fill=1)
        canvas.setFillGray(0)
        sheet(canvas, rows, WIDTHS, level="none", upright="none")

    raw = read(tmp_path, page)
    assert landed(raw) == LANDED
    assert [row["row_label"] for row in raw["table_row"]] == [row[1] for row in BODY]
    assert_conserved(raw)


def test_a_title_over_two_lines_with_its_unit(tmp_path: Path) -> None:
    def page(canvas: Canvas) -> None:
        titled(canvas, "某市某局2025年一般公共预算财政拨款", top=750)
        titled(canvas, "支出表（单位：万元）", top=732)
        sheet(canvas, ROWS, WIDTHS)

    raw = read(tmp_path, page)
    assert titles(raw) == ["某市某局2025年一般公共预算财政拨款支出表"]
    assert raw["table"][0]["unit_text"] == "万元"


def test_amounts_beside_and_below_a_table_are_not_passed_over(tmp_path: Path) -> None:
    def page(canvas: Canvas) -> None:
        end = sheet(canvas, ROWS, [40, 180, 60, 60, 60])
        canvas.drawString(520, 700 - 1.7 * ROW, "50.00")
        canvas.drawString(60, end - 60, "合计")
        canvas.drawString(250, end - 60, "1,150.50")
        canvas.drawString(330, end - 60, "50.00")
        canvas.drawString(45, end - 100, "注：本表合计1,150.50万元，其中项目支出50.00万元。")

    raw = read(tmp_path, page)
    assert [(u["table_no"], u["text"]) for u in raw["unplaced"]] == [
        (1, "50.00"),
        (1, "合计 1,150.50 50.00"),
    ]


def test_rows_at_a_page_s_end_without_a_rule_are_rows(tmp_path: Path) -> None:
    raw = read(
        tmp_path,
        lambda c: sheet(c, ROWS[:5], WIDTHS, fused=(5,)),
        lambda c: sheet(c, ROWS[5:], WIDTHS, fused=(0,)),
    )
    assert landed(raw) == LANDED
    assert_conserved(raw)


def test_a_table_that_reaches_over_the_page_s_end_is_whole(tmp_path: Path) -> None:
    raw = read(tmp_path, lambda c: sheet(c, ROWS, [60, 260, 90, 90, 110]))
    assert landed(raw) == LANDED
    assert_conserved(raw)


def test_a_text_wider_than_its_cell_is_whole(tmp_path: Path) -> None:
    raw = read(tmp_path, lambda c: sheet(c, ROWS, [60, 200, 26, 80, 30], head=1))
    assert landed(raw) == LANDED
    assert_conserved(raw)


def test_a_number_that_runs_out_of_the_frame_is_whole(tmp_path: Path) -> None:
    def page(canvas: Canvas) -> None:
        sheet(canvas, [[*row[:-1], ""] for row in ROWS], WIDTHS, left=25)
        for i, row in enumerate(ROWS):
            canvas.drawRightString(532, 700 - (i + 0.5) * ROW - 3, row[-1])

    raw = read(tmp_path, page)
    assert landed(raw) == LANDED
    assert_conserved(raw)


def test_texts_that_touch_at_a_ruling_are_two(tmp_path: Path) -> None:
    def page(canvas: Canvas) -> None:
        sheet(canvas, [[*row[:3], "", row[4]] for row in ROWS], WIDTHS)
        for i, row in enumerate(ROWS):
            canvas.drawString(385, 700 - (i + 0.5) * ROW - 3, row[3])
            canvas.drawRightString(385, 700 - (i + 0.5) * ROW - 3, "" if i else "（决算数）")

    raw = read(tmp_path, page)
    assert [(code, path.removesuffix("（决算数）"), text) for code, path, text in landed(raw)] == LANDED


def _in_parts(parts: Sequence[Rows], around: Callable[[Canvas, int], None]) -> list[Callable[[Canvas], None]]:
    """A page for each part of a table, with what stands around it by its number."""

    def page(canvas: Canvas, number: int, rows: Rows) -> None:
        around(canvas, number)
        sheet(canvas, rows, WIDTHS)

    return [
        lambda c, number=number, rows=rows: page(c, number, rows)  # type: ignore[misc]
        for number, rows in enumerate(parts)
    ]


@pytest.mark.parametrize(
    ("head", "foot"), [("某市某局部门预算  第{}页", "{}/30"), ("某市某局部门预算", "第 {} 页，共 30 页")]
)
def test_a_running_head_with_the_page_s_number_is_no_title(head: str, foot: str, tmp_path: Path) -> None:
    def around(canvas: Canvas, number: int) -> None:
        canvas.drawString(45, 820, head.format(number + 7))
        canvas.drawCentredString(WIDTH / 2, 20, foot.format(number + 7))
        if not number:
            titled(canvas)

    raw = read(tmp_path, *_in_parts([ROWS[:3], ROWS[3:5], ROWS[5:7], ROWS[7:]], around))
    assert titles(raw) == [TITLE]
    assert landed(raw) == LANDED


@pytest.mark.parametrize("mark", ["（续表）", "（续）", "续表1"])
@pytest.mark.parametrize("header", [[], [HEADER]])
def test_a_table_goes_on_below_its_title_with_a_mark(
    header: list[list[str]], mark: str, tmp_path: Path
) -> None:
    def around(canvas: Canvas, number: int) -> None:
        titled(canvas, f"{TITLE}{mark}" if number else TITLE)
        canvas.drawRightString(545, 710, "单位：万元")

    raw = read(tmp_path, *_in_parts([ROWS[:4], [*header, *ROWS[4:]]], around))
    assert titles(raw) == [TITLE]
    assert landed(raw) == LANDED


def test_a_stroke_is_a_printed_nothing(tmp_path: Path) -> None:
    raw = read(tmp_path, lambda c: sheet(c, [[text or "/" for text in row] for row in ROWS[1:]], WIDTHS))
    assert not raw["unplaced"]


def test_a_frame_without_sides_has_its_outer_columns_under_merged_headers(tmp_path: Path) -> None:
    header = [
        ["科目编码", "科目名称", "合计", "本年支出", LEFT],
        [ABOVE, ABOVE, ABOVE, "基本支出", "项目支出"],
    ]
    raw = read(
        tmp_path,
        lambda c: sheet(c, [*header, *BODY[:4]], WIDTHS, upright="inner", head=2),
        # nothing stands in the last column here
        lambda c: sheet(c, BODY[4:], WIDTHS, upright="inner"),
    )
    assert [(code, path.split("/")[-1], text) for code, path, text in landed(raw)] == LANDED
    assert {c["column_path"] for c in raw["table_column"]} == {
        "合计",
        "本年支出/基本支出",
        "本年支出/项目支出",
    }
    assert_conserved(raw)


def test_a_watermark_is_no_part_of_the_table_below_it(tmp_path: Path) -> None:
    def page(canvas: Canvas) -> None:
        sheet(canvas, ROWS, WIDTHS)
        canvas.translate(100, 500)
        canvas.rotate(40)
        canvas.setFont(FONT, 40)
        canvas.drawString(0, 0, "仅供内部使用2026")

    raw = read(tmp_path, page)
    assert landed(raw) == LANDED
    assert_conserved(raw)


@pytest.mark.parametrize("rules", ["all", "none"])
def test_a_level_watermark_is_no_part_of_the_table_over_it(rules: str, tmp_path: Path) -> None:
    def page(canvas: Canvas) -> None:
        canvas.setFont(FONT, 48)
        canvas.drawString(120, 610, "内部资料 2026")
        canvas.setFont(FONT, SIZE)
        sheet(canvas, ROWS, WIDTHS, level=rules, upright=rules)

    raw = read(tmp_path, page)
    assert landed(raw) == LANDED
    assert [(text["text"], text.get("table_no")) for text in raw["unplaced"]] == [("内部资料 2026", None)]
    assert [(t["source_token_count"], t["landed_token_count"]) for t in raw["table"]] == [(18, 18)]


def test_a_watermark_all_over_the_page_is_no_part_of_its_table(tmp_path: Path) -> None:
    def page(canvas: Canvas) -> None:
        sheet(canvas, ROWS, WIDTHS)
        for x in range(40, 500, 110):
            for y in range(300, 720, 40):
                canvas.saveState()
                canvas.translate(x, y)
                canvas.rotate(30)
                canvas.drawString(0, 0, "财政局 2026-01-20")
                canvas.restoreState()

    raw = read(tmp_path, page)
    assert landed(raw) == LANDED
    assert_conserved(raw)


def test_a_frame_without_its_outer_rules_has_its_outer_cells(tmp_path: Path) -> None:
    header = [
        ["科目", LEFT, "合计", "本年支出", LEFT],
        ["编码", "名称", ABOVE, "基本支出", "项目支出"],
    ]
    rows = [*header, *BODY]
    lefts = [45, *(45 + end for end in accumulate(WIDTHS))]

    def page(canvas: Canvas) -> None:
        titled(canvas)
        end = sheet(canvas, rows, WIDTHS, level="none", upright="inner", head=2)
        for i in range(2, len(rows)):
            canvas.line(lefts[0], 700 - i * ROW, lefts[-1], 700 - i * ROW)
        for x0, x1 in ((0, 2), (3, 5)):
            canvas.line(lefts[x0], 700 - ROW, lefts[x1], 700 - ROW)
        canvas.drawString(45, end - 20, "注：本表反映支出情况。")

    raw = read(tmp_path, page)
    assert titles(raw) == [TITLE]
    assert [(code, path.split("/")[-1], text) for code, path, text in landed(raw)] == LANDED
    assert {c["column_path"] for c in raw["table_column"]} == {
        "合计",
        "本年支出/基本支出",
        "本年支出/项目支出",
    }
    assert_conserved(raw)


@pytest.mark.parametrize("inner", [False, True], ids=["outer box", "lines between the rows"])
def test_a_box_around_rows_is_no_cell(inner: bool, tmp_path: Path) -> None:
    def page(canvas: Canvas) -> None:
        titled(canvas)
        end = sheet(canvas, ROWS, WIDTHS, level="none", upright="none")
        canvas.rect(45, end, sum(WIDTHS), 700 - end)
        for i in range(1, len(ROWS)):
            if inner or i == 1:
                canvas.line(45, 700 - i * ROW, 45 + sum(WIDTHS), 700 - i * ROW)

    raw = read(tmp_path, page)
    assert titles(raw) == [TITLE]
    assert landed(raw) == LANDED
    assert_conserved(raw)


@pytest.mark.parametrize("printed", ["{}", "- {} -", "第{}页"])
def test_a_page_number_over_the_last_row_is_no_part_of_it(printed: str, tmp_path: Path) -> None:
    def around(canvas: Canvas, number: int) -> None:
        canvas.drawCentredString(280, 62, printed.format(number + 3))

    def first(canvas: Canvas) -> None:
        canvas.drawString(60, 700, "一般公共预算支出情况说明如下。")
        around(canvas, 0)

    def page(canvas: Canvas) -> None:
        around(canvas, 1)
        sheet(canvas, ROWS, [60, 250, 80, 60, 60], top=60 + len(ROWS) * ROW)

    raw = read(tmp_path, first, page)
    assert landed(raw) == LANDED
    assert [row["row_label"] for row in raw["table_row"]][-1] == BODY[-1][1]
    assert_conserved(raw)


@pytest.mark.parametrize("is_alone", [True, False])
def test_later_pages_tell_the_page_number_over_the_first_table(is_alone: bool, tmp_path: Path) -> None:
    def page(canvas: Canvas) -> None:
        canvas.drawString(244, 62, "7")
        sheet(canvas, ROWS, WIDTHS, top=60 + len(ROWS) * ROW)

    def text(number: int) -> Callable[[Canvas], None]:
        def draw(canvas: Canvas) -> None:
            canvas.drawString(60, 700, "一般公共预算支出情况说明如下。")
            # lower where it is another number that counts on
            canvas.drawString(244, 62 if is_alone else 50, str(number))

        return draw

    raw = read(tmp_path, page, text(8), text(9))
    last = next(row for row in raw["table_row"] if row["row_code"] == BODY[-1][0])
    assert last["row_label"] == (BODY[-1][1] if is_alone else BODY[-1][1] + "7")
    assert_conserved(raw)


@pytest.mark.parametrize("rows", [BODY, BODY[:1]])
def test_rows_without_rules_below_a_drawn_header_have_its_columns(
    rows: list[list[str]], tmp_path: Path
) -> None:
    def page(canvas: Canvas) -> None:
        end = sheet(canvas, [HEADER, ["栏次", LEFT, "1", "2", "3"]], WIDTHS, head=2)
        sheet(canvas, rows, WIDTHS, top=end, level="none", upright="none")
        canvas.drawString(45, end - (len(rows) + 2) * ROW, "注：本表反映部门本年度一般公共预算支出情况。")

    raw = read(tmp_path, page)
    assert landed(raw) == LANDED[: 3 if len(rows) == 1 else None]
    assert_conserved(raw)


def test_a_header_wider_than_its_cell_between_others_is_whole(tmp_path: Path) -> None:
    header = [*HEADER[:2], "工资福利支出", "商品和服务支出", "资本性支出"]
    # the rulings stand between two characters on both sides
    raw = read(tmp_path, lambda c: sheet(c, [header, *BODY], [60, 200, 90, 45, 90], head=1))
    assert [c["column_path"] for c in raw["table_column"]] == header[2:]


@pytest.mark.parametrize("top", [[TITLE, "单位：万元"], ["单位：万元"], []])
def test_a_table_with_its_frame_s_head_on_every_page_is_one(top: list[str], tmp_path: Path) -> None:
    head = [[text, *[LEFT] * 4] for text in top]
    raw = read(
        tmp_path,
        # no row fits below the first header; a row of dashes is a row
        lambda c: sheet(c, [*head, HEADER], WIDTHS),
        lambda c: sheet(c, [*head, HEADER, ["201", "一般公共服务支出", "-", "-", "-"], *BODY[1:4]], WIDTHS),
        lambda c: sheet(c, [*head, HEADER, *BODY[4:]], WIDTHS),
    )
    assert titles(raw) == [TITLE if TITLE in top else None]
    assert landed(raw) == LANDED[3:]
    assert raw["table_row"][0]["row_code"] == "201"
    assert_conserved(raw)


@pytest.mark.parametrize("is_down_first", [True, False])
def test_further_columns_on_a_later_page_belong_to_the_rows_at_their_heights(
    is_down_first: bool, tmp_path: Path
) -> None:
    def part(rows: Rows, columns: slice, *, titled_: bool = False) -> Callable[[Canvas], None]:
        def page(canvas: Canvas) -> None:
            if titled_:
                titled(canvas)
            canvas.drawCentredString(WIDTH / 2, 20, f"- {canvas.getPageNumber()} -")
            sheet(canvas, [row[columns] for row in rows], WIDTHS[columns])

        return page

    # the last rows have no amount in the further columns
    upper, lower, left, right = ROWS[:5], ROWS[5:], slice(0, 3), slice(3, 5)
    pages = [part(upper, left, titled_=True), part(lower, left), part(upper, right), part(lower, right)]
    if not is_down_first:
        pages = [pages[0], pages[2], pages[1], pages[3]]
    raw = read(tmp_path, *pages)
    assert titles(raw) == [TITLE]
    assert landed(raw) == LANDED
    assert_conserved(raw)
    further = {c["page_no"] for c in raw["cell"] if c["column_no"] > 3}
    assert further == ({3, 4} if is_down_first else {2, 4})


WIDE = [
    ["科目编码", "科目名称", "合计", "财政拨款收入", LEFT, LEFT, "事业收入"],
    [ABOVE, ABOVE, ABOVE, "小计", "一般公共预算", "政府性基金", ABOVE],
    ["", "合计", "100.50", "90.50", "60.25", "30.25", "10.00"],
    ["201", "一般公共服务支出", "70.50", "60.50", "45.25", "15.25", "10.00"],
    ["205", "教育支出", "30.00", "30.00", "15.00", "15.00", ""],
]
WIDE_PATHS = ["合计", *(f"财政拨款收入/{name}" for name in WIDE[1][3:6]), "事业收入"]
WIDE_LANDED = [
    (row[0] or row[1], path, number)
    for row in WIDE[2:]
    for path, number in zip(WIDE_PATHS, row[2:], strict=True)
    if number
]


def _window(columns: slice, texts: Sequence[tuple[int, str]]) -> Callable[[Canvas], None]:
    """The part of a wide sheet that one page shows: its title, unit and groups are cut with the columns."""
    widths = [80.0] * len(WIDE[0])
    left, end = 80.0 * columns.start, 80.0 * columns.stop

    def page(canvas: Canvas) -> None:
        frame = canvas.beginPath()
        frame.rect(45, 100, end - left, 700)
        canvas.clipPath(frame, stroke=0, fill=0)
        middle = 45 + sum(widths) / 2 - left
        canvas.setFont(FONT, 14)
        canvas.drawCentredString(middle, 740, "部门收入总体情况表")
        canvas.setFont(FONT, SIZE)
        for x, text in texts:
            canvas.drawString(45 + x - left, 710, text)
        for i, row in enumerate(WIDE):
            for j in range(columns.start, columns.stop):
                first = next(k for k in range(j, -1, -1) if row[k] != LEFT)
                last = next((k for k in range(j + 1, len(row)) if row[k] != LEFT), len(row))
                text = row[first]
                x0, x1, top = 45 + 80 * j - left, 125 + 80 * j - left, 700 - ROW * i
                down = i + 1 < len(WIDE) and WIDE[i + 1][j] == ABOVE
                if text == ABOVE:
                    top += ROW
                if not down:
                    canvas.line(x0, 700 - ROW * (i + 1), x1, 700 - ROW * (i + 1))
                if text != ABOVE:
                    canvas.line(x0, top, x1, top)
                # a merged cell has no rule where the page ends
                for k, x in ((j, x0), (j + 1, x1)):
                    if k in (first, last):
                        canvas.line(x, top, x, 700 - ROW * (i + 1))
                if text != ABOVE and j in (first, columns.start):
                    centre = 45 + 40 * (first + last) - left
                    canvas.drawCentredString(centre, 700 - ROW * (i + 1.5 if down else i + 0.5) - 3, text)

    return page


@pytest.mark.parametrize("cut", [4, 5, 6])
def test_a_wide_table_is_cut_with_its_title_and_the_header_of_a_group(cut: int, tmp_path: Path) -> None:
    texts = [(0, "部门名称：某某局"), (500, "单位：万元")]
    raw = read(tmp_path, _window(slice(0, cut), texts), _window(slice(cut, 7), texts))
    assert titles(raw) == ["部门收入总体情况表"]
    assert raw["table"][0]["unit_text"] == "万元"
    assert landed(raw) == WIDE_LANDED
    # what both pages draw is told where it is clipped away
    assert {row["reason"].split(",")[0] for row in raw["unplaced"]} == {"clipped away"}
    assert raw["table"][0]["source_token_count"] == raw["table"][0]["landed_token_count"]


def test_amounts_whose_names_stand_on_no_page_are_in_doubt(tmp_path: Path) -> None:
    raw = read(tmp_path, _window(slice(5, 7), []))
    assert {table["confidence"] for table in raw["table"]} == {"low"}
    assert {cell["placement"] for cell in raw["cell"]} == {"ambiguous"}


def test_amounts_under_a_title_that_is_cut_inside_of_the_frame_are_in_doubt(tmp_path: Path) -> None:
    def part(title: str, columns: slice) -> Callable[[Canvas], None]:
        def page(canvas: Canvas) -> None:
            rows = [row[columns] for row in ROWS]
            frame = [title, *[LEFT] * (len(rows[0]) - 1)]
            sheet(canvas, [frame, *rows], WIDTHS[columns], head=1)

        return page

    raw = read(tmp_path, part("部门支出", slice(0, 3)), part("总体情况", slice(3, 5)))
    assert {cell["placement"] for cell in raw["cell"] if cell["page_no"] == 2} == {"ambiguous"}


def test_a_table_goes_on_below_the_unit_and_its_header(tmp_path: Path) -> None:
    def around(canvas: Canvas, number: int) -> None:
        if not number:
            titled(canvas)
        canvas.drawRightString(545, 710, "单位：万元")

    raw = read(tmp_path, *_in_parts([ROWS[:4], [HEADER, *ROWS[4:]]], around))
    assert titles(raw) == [TITLE]
    assert landed(raw) == LANDED


NESTED = [
    ["科目编码", "科目名称", "本年预算数", LEFT, LEFT, LEFT, LEFT, "上年预算数"],
    [ABOVE, ABOVE, "合计", "基本支出", LEFT, LEFT, "项目支出", ABOVE],
    [ABOVE, ABOVE, ABOVE, "小计", "人员经费", "公用经费", ABOVE, ABOVE],
    ["201", "一般公共服务支出", "70.50", "60.50", "45.25", "15.25", "10.00", "65.00"],
    ["205", "教育支出", "30.00", "30.00", "15.00", "15.00", "", "28.00"],
]


def test_upright_rules_alone_tell_what_the_header_of_a_group_is_over(tmp_path: Path) -> None:
    def page(canvas: Canvas) -> None:
        widths = [50, 110, 55, 55, 60, 60, 60, 60]
        sheet(canvas, NESTED, widths, level="outer", head=3)
        canvas.line(45, 700 - 3 * ROW, 45 + sum(widths), 700 - 3 * ROW)

    raw = read(tmp_path, page)
    basic = [f"本年预算数/基本支出/{name}" for name in NESTED[2][3:6]]
    paths = ["本年预算数/合计", *basic, "本年预算数/项目支出", "上年预算数"]
    assert landed(raw) == [
        (row[0], path, number)
        for row in NESTED[3:]
        for path, number in zip(paths, row[2:], strict=True)
        if number
    ]
    assert_conserved(raw)


def test_words_set_from_top_to_bottom_are_whole_where_they_run_over_the_rule_below(tmp_path: Path) -> None:
    names = ["合计", "基本支出", "项目支出"]

    def page(canvas: Canvas) -> None:
        sheet(canvas, [["科目编码", "科目名称", "", "", ""], *[[ABOVE] * 5] * 2, *BODY], WIDTHS)
        rule = 700 - 3 * ROW
        for name, x in zip(names, (340, 420, 500), strict=True):
            for k, sign in enumerate(name, 1):
                # the middle of the last one is below the rule
                canvas.drawString(x, rule - 5 + (len(name) - k) * SIZE, sign)

    raw = read(tmp_path, page)
    assert landed(raw) == [
        (row[0] or row[1], name, number.replace(",", ""))
        for row in BODY
        for name, number in zip(names, row[2:], strict=True)
        if number
    ]
    assert_conserved(raw)


def test_a_painted_header_does_not_close_a_frame_without_sides(tmp_path: Path) -> None:
    def page(canvas: Canvas) -> None:
        canvas.setFillGray(0.85)
        for left, width in zip((45, 105, 305, 385, 465), WIDTHS, strict=True):
            canvas.rect(left, 700 - ROW, width, ROW, stroke=0, fill=1)
        canvas.setFillGray(0)
        sheet(canvas, ROWS, WIDTHS, upright="inner")

    raw = read(tmp_path, page)
    assert landed(raw) == LANDED
    assert_conserved(raw)


def test_labels_that_no_rule_divides_are_rows_beside_a_single_amount(tmp_path: Path) -> None:
    header = ["收入", LEFT, "支出", LEFT], ["项目", "预算数", "项目", "预算数"]
    first = ["一、一般公共预算拨款收入", "5.00", "一、一般公共服务支出", "5.00"]
    labels = ["十一、城乡社区支出", "十二、农林水支出", "十三、交通运输支出"]
    rows = [*(["", "", label, ""] for label in labels), ["收入总计", "5.00", "支出总计", "5.00"]]
    widths = [150, 80, 180, 80]
    raw = read(
        tmp_path,
        lambda c: sheet(c, [*header, first], widths),
        lambda c: sheet(c, rows, widths, level="outer"),
    )
    assert landed(raw)[2:] == [("收入总计", "收入/预算数", "5.00"), ("支出总计", "支出/预算数", "5.00")]
    assert [row["row_label"] for row in raw["table_row"] if row["lane_no"] == 2] == [
        first[2],
        *labels,
        "支出总计",
    ]


def test_a_table_without_rules_goes_on_below_its_header_printed_again(tmp_path: Path) -> None:
    header = [
        ["科目", LEFT, "本年支出", LEFT, LEFT],
        ["科目编码", "科目名称", "支出合\n计", "基本支\n出", "项目支\n出"],
        [ABOVE] * 5,
    ]
    widths = [80, 160, 85, 85, 85]

    def first(canvas: Canvas) -> None:
        titled(canvas)
        end = sheet(canvas, header, widths, level="none", upright="none", head=3)
        # set anew on each page, a line's right ends differ
        sheet(canvas, BODY[:1], [80, 160, 80, 80, 80], top=end, level="none", upright="none")

    def second(canvas: Canvas) -> None:
        end = sheet(canvas, header, widths, level="none", upright="none", head=3)
        end = sheet(canvas, BODY[1:], widths, top=end, level="none", upright="none")
        canvas.drawString(45, end, "注：本表反映部门本年度一般公共预算支出情况。")
        canvas.drawString(45, end - 12, "公开06表")

    raw = read(tmp_path, first, second)
    names = dict(zip(HEADER[2:], ["支出合计", "基本支出", "项目支出"], strict=True))
    assert landed(raw) == [(key, f"本年支出/{names[path]}", number) for key, path, number in LANDED]
    assert titles(raw) == [TITLE]
    assert raw["table_row"][-1]["row_label"] == BODY[-1][1]
    assert_conserved(raw)


@pytest.mark.parametrize("is_scan", [True, False])
def test_a_text_layer_behind_a_picture_of_the_page_is_no_print(
    is_scan: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("extract.readers.pdf.available", lambda: False)

    def page(canvas: Canvas) -> None:
        canvas.drawImage(ImageReader(Image.new("L", (60, 84), 255)), 0, 0, WIDTH, HEIGHT)
        # invisible, as programs that recognise text write it; else a picture behind the page's print
        canvas.setFillAlpha(1)
        canvas._code.append("3 Tr" if is_scan else "0 Tr")
        titled(canvas)
        sheet(canvas, ROWS, WIDTHS, level="none", upright="none")

    raw = read(tmp_path, page)
    assert landed(raw) == LANDED
    assert {cell["placement"] for cell in raw["cell"]} == ({"ocr"} if is_scan else {"printed"})
    assert [("文字层" in (page["reason"] or "")) for page in raw["page"]] == [is_scan]
    assert [page["status"] for page in raw["page"]] == ["set_aside" if is_scan else "read"]
    assert [page["token_count"] is None for page in raw["page"]] == [is_scan]


def bordered(canvas: Canvas, rows: Rows, is_open: Callable[[int, int], bool]) -> None:
    """A sheet in which the cells that are open have no borders of their own."""
    sheet(canvas, rows, WIDTHS, level="none", upright="none")
    lefts = [45, *(45 + end for end in accumulate(WIDTHS))]
    for i, row in enumerate(rows):
        for j in range(len(row)):
            if not is_open(i, j):
                canvas.rect(lefts[j], 700 - (i + 1) * ROW, WIDTHS[j], ROW)


# blank cells around amounts of which one hangs together with nothing, one is beside, one below another
SPARSE = [
    HEADER,
    ["", "合计", "3,605.00", "1,202.00", "2,403.00"],
    ["208", "社会保障和就业支出", "1,201.00", "1,201.00", ""],
    ["20805", "行政事业单位养老支出", "1,201.00", "", ""],
    ["2080505", "机关事业单位养老保险", "1,201.00", "", "1,201.00"],
    ["210", "卫生健康支出", "1,202.00", "", ""],
    ["21011", "行政事业单位医疗", "", "1,202.00", ""],
    ["2101101", "行政单位医疗", "1,202.00", "", "1,202.00"],
    ["213", "农林水支出", "", "", ""],
    ["21301", "农业农村", "", "", "1,202.00"],
]


@pytest.mark.parametrize(
    "is_open",
    [
        lambda i, j: not SPARSE[i][j] and j > 1,
        lambda i, j: i > 0 and j == 4,
        lambda i, j: i > 0 and j > 1 and i % 3 == 1,
        lambda i, j: i > 1 and j in (2, 3),
    ],
    ids=["blank cells", "last column", "every third row", "two columns"],
)
def test_cells_without_borders_keep_their_amounts(
    is_open: Callable[[int, int], bool], tmp_path: Path
) -> None:
    raw = read(tmp_path, lambda c: bordered(c, SPARSE, is_open))
    assert landed(raw) == [
        (code or label, header, text.replace(",", ""))
        for code, label, *texts in SPARSE[1:]
        for header, text in zip(HEADER[2:], texts, strict=True)
        if text
    ]
    assert_conserved(raw)


@pytest.mark.parametrize("place", [3, 4], ids=["both amounts", "a name and an amount"])
def test_two_cells_without_the_rule_between_them_are_two(place: int, tmp_path: Path) -> None:
    lefts = [45, *(45 + end for end in accumulate(WIDTHS))]
    columns = {3: 3, 4: 2}[place]

    def page(canvas: Canvas) -> None:
        sheet(canvas, ROWS, WIDTHS, upright="none")
        for k, x in enumerate(lefts):
            for i in range(len(ROWS)):
                if k != columns or i % 3 != 2:
                    canvas.line(x, 700 - i * ROW, x, 700 - (i + 1) * ROW)

    raw = read(tmp_path, page)
    assert landed(raw) == LANDED
    assert_conserved(raw)


def test_two_rows_without_the_rule_between_them_are_two(tmp_path: Path) -> None:
    # one column of amounts alone tells them apart
    rows = [[code, label, total, *[""] * 2] for code, label, total, *_ in ROWS[1:]]
    raw = read(tmp_path, lambda c: sheet(c, [HEADER, *rows], WIDTHS, fused=(3, 6)))
    assert landed(raw) == [entry for entry in LANDED if entry[1] == "合计"]
    assert_conserved(raw)


def test_tables_that_touch_have_only_their_own_columns(tmp_path: Path) -> None:
    def table(canvas: Canvas, title: str, rows: Rows, widths: Sequence[float], top: float) -> float:
        end = sheet(canvas, [[title, *[LEFT] * 4]], widths, top=top)
        return sheet(canvas, rows, widths, top=end)

    others = [40, 150, 130, 110, 70]

    def first(canvas: Canvas) -> None:
        end = table(canvas, "部门收入总体情况表", ROWS, WIDTHS, 700)
        table(canvas, "部门支出总体情况表", ROWS[:4], others, end)

    def second(canvas: Canvas) -> None:
        end = sheet(canvas, [HEADER, *ROWS[4:]], others)
        table(canvas, TITLE, ROWS, [100] * 5, end)

    raw = read(tmp_path, first, second)
    assert titles(raw) == ["部门收入总体情况表", "部门支出总体情况表", TITLE]
    assert [landed(raw, n) for n in (1, 2, 3)] == [LANDED] * 3
    assert_conserved(raw)


@pytest.mark.parametrize("painted", [(0, 2, 4), (0,), (4,), (1, 3)])
@pytest.mark.parametrize("head", [False, True], ids=["columns", "columns below the header"])
def test_columns_of_paint_are_no_frame(painted: Collection[int], head: bool, tmp_path: Path) -> None:
    lefts = [45, *(45 + end for end in accumulate(WIDTHS))]

    def page(canvas: Canvas) -> None:
        canvas.setFillGray(0.9)
        for i in range(len(ROWS)):
            for j in range(len(WIDTHS)):
                if j in painted or (head and i == 0):
                    canvas.rect(lefts[j], 700 - (i + 1) * ROW, WIDTHS[j], ROW, stroke=0, fill=1)
        canvas.setFillGray(0)
        sheet(canvas, ROWS, WIDTHS, level="none", upright="none")

    raw = read(tmp_path, page)
    assert landed(raw) == LANDED
    assert_conserved(raw)


def test_an_amount_between_the_cells_of_a_frame_is_not_passed_over(tmp_path: Path) -> None:
    def page(canvas: Canvas) -> None:
        sheet(canvas, ROWS, WIDTHS)
        sheet(canvas, [["甲", "1.00"], ["乙", "2.00"]], [80, 80], top=500)
        sheet(canvas, [["丙", "3.00"], ["丁", "4.00"]], [80, 80], left=305, top=500)
        canvas.drawString(250, 488, "5.00")

    raw = read(tmp_path, page)
    assert landed(raw) == LANDED
    assert [text["text"] for text in raw["unplaced"]] == ["5.00"]


def test_first_rows_of_two_lists_without_rules_or_amounts_are_no_header(tmp_path: Path) -> None:
    rows = [
        ["收入", LEFT, "支出", LEFT],
        ["项目", "预算数", "项目", "预算数"],
        ["一、一般公共预算拨款收入", "", "一、一般公共服务支出", ""],
        ["二、政府性基金预算拨款收入", "", "二、外交支出", ""],
        ["三、国有资本经营预算拨款收入", "12.00", "三、国防支出", "10.00"],
        ["四、财政专户管理资金收入", "3.00", "四、公共安全支出", "5.00"],
        ["收入总计", "15.00", "支出总计", "15.00"],
    ]

    def page(canvas: Canvas) -> None:
        titled(canvas, "部门收支总体情况表")
        sheet(canvas, rows, [180, 70, 180, 70], level="none", upright="none", head=2)

    raw = read(tmp_path, page)
    assert landed(raw) == [
        (row[k], path, row[k + 1]) for row in rows[4:] for k, path in ((0, "收入/预算数"), (2, "支出/预算数"))
    ]
    assert len(raw["table_row"]) == 10
    assert_conserved(raw)


def test_a_wrapped_header_at_the_side_of_its_column_is_one_text(tmp_path: Path) -> None:
    header = [("合计", ""), ("一般公共预", "算"), ("政府性基", "金")]

    def page(canvas: Canvas) -> None:
        titled(canvas)
        canvas.drawCentredString(75, 712, "科目编码")
        canvas.drawCentredString(205, 712, "科目名称")
        for x, (upper, lower) in zip((382, 462, 542), header, strict=True):
            canvas.drawRightString(x, 717, upper)
            canvas.drawRightString(x, 706.5, lower)
        sheet(canvas, BODY, WIDTHS, level="none", upright="none")

    raw = read(tmp_path, page)
    assert sorted({path for _, path, _ in landed(raw)}) == ["一般公共预算", "合计", "政府性基金"]


@pytest.mark.parametrize("has_header", [True, False])
def test_amounts_under_no_header_are_doubted(has_header: bool, tmp_path: Path) -> None:
    rows = ROWS if has_header else BODY
    raw = read(tmp_path, lambda c: (titled(c), sheet(c, rows, WIDTHS))[0])
    assert [table["confidence"] for table in raw["table"]] == ["high" if has_header else "low"]


# texts with their columns and rows, first and last
DEEP = [
    ("科目\n编码", 0, 0, 0, 2),
    ("科目名称", 1, 1, 0, 2),
    ("本年预算数", 2, 6, 0, 0),
    ("合计", 2, 2, 1, 2),
    ("基本支出", 3, 5, 1, 1),
    ("小计", 3, 3, 2, 2),
    ("人员\n经费", 4, 4, 2, 2),
    ("公用\n经费", 5, 5, 2, 2),
    ("项目支出", 6, 6, 1, 2),
    ("上年预\n算数", 7, 7, 0, 2),
]
DEEP_PATHS = [
    "本年预算数/合计",
    "本年预算数/基本支出/小计",
    "本年预算数/基本支出/人员经费",
    "本年预算数/基本支出/公用经费",
    "本年预算数/项目支出",
    "上年预算数",
]


@pytest.mark.parametrize("align", ["left", "right", "right below the middle"])
def test_headers_without_rules_stand_over_their_columns(align: str, tmp_path: Path) -> None:
    lefts = [45, 95, 225, 275, 325, 375, 425, 475, 530]
    heights = [700, 685, 670, 645]

    def page(canvas: Canvas) -> None:
        titled(canvas)
        for text, first, last, upper, lower in DEEP:
            lines = text.split("\n")
            y = (heights[upper] + heights[lower + 1]) / 2 + 5 * (len(lines) - 1) - 3
            for line in lines:
                if align == "left":
                    canvas.drawString(lefts[first] + 3, y, line)
                elif align == "right" or first == last:
                    canvas.drawRightString(lefts[last + 1] - 3, y, line)
                else:
                    canvas.drawCentredString((lefts[first] + lefts[last + 1]) / 2, y, line)
                y -= 10
        for i, (code, label, *_) in enumerate(BODY):
            y = 633 - i * ROW
            canvas.drawString(48, y, code)
            canvas.drawString(98, y, label)
            for j in range(6):
                canvas.drawRightString(lefts[j + 3] - 3, y, f"{i + 1}{j},000.00")

    raw = read(tmp_path, page)
    assert landed(raw) == [
        (code or label, path, f"{i + 1}{j}000.00")
        for i, (code, label, *_) in enumerate(BODY)
        for j, path in enumerate(DEEP_PATHS)
    ]
    assert_conserved(raw)


def test_a_header_of_many_lines_beside_each_other_is_whole(tmp_path: Path) -> None:
    # each text is wrapped to another number of lines, so that no two of them stand on one level
    lefts = [45, 80, 130, 160, 205, 245, 290, 340, 390, 440, 480, 520, 560]
    one = [
        "合计",
        "因公\n出国\n（境）\n费",
        "小\n计",
        "公务用车\n购置费",
        "公务\n用车\n运行费",
        "公务\n接待\n费",
    ]

    def page(canvas: Canvas) -> None:
        titled(canvas)
        for k, text in enumerate(("预算数", "决算数")):
            canvas.drawCentredString((lefts[6 * k] + lefts[6 * k + 6]) / 2, 690, text)
            for n, line in enumerate(("公务用车", "购置及", "运行费")):
                canvas.drawCentredString((lefts[6 * k + 2] + lefts[6 * k + 5]) / 2, 677 - 10 * n, line)
        for j, text in enumerate(one * 2):
            lines = text.split("\n")
            y = 639 if j % 6 in (2, 3, 4) else 653
            y += 5 * (len(lines) - 1)
            for line in lines:
                canvas.drawCentredString((lefts[j] + lefts[j + 1]) / 2, y - 3, line)
                y -= 10
            canvas.drawRightString(lefts[j + 1] - 3, 603, f"{j + 1}.50")

    raw = read(tmp_path, page)
    plain = [text.replace("\n", "") for text in one]
    paths = [f"公务用车购置及运行费/{text}" if 1 < j < 5 else text for j, text in enumerate(plain)]
    assert titles(raw) == [TITLE]
    assert [(path, text) for _, path, text in landed(raw)] == [
        (f"{side}/{path}", f"{6 * k + j + 1}.50")
        for k, side in enumerate(("预算数", "决算数"))
        for j, path in enumerate(paths)
    ]
