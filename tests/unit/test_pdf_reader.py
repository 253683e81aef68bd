"""The PDF reader on pages typeset here: every cell is known, and stock pdfplumber is asked as well."""

from __future__ import annotations

import io
import random
import re
import zlib
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pdfplumber
import pytest
from pdfminer.pdfexceptions import PDFObjectNotFound
from pdfminer.pdftypes import PDFObjRef, PDFStream
from pdfminer.psparser import LIT
from PIL import Image, ImageDraw
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from extract.model import Document, Grid, Line
from extract.readers.pdf import NUMBER, PdfReader, _refuse_unmapped, read_pdf, stock_page
from extract.readers.pdf_integrity import Damaged, StreamChecker
from extract.readers.pdf_objects import Char
from extract.readers.pdf_tables import close_up, smallest_cells
from extract.readers.text import UnreadableDocument

pytestmark = pytest.mark.unit

FONT = "STSong-Light"
A4 = (595, 842)
Draw = Callable[[Canvas], None]


def pdf(*pages: Draw, size: tuple[float, float] = A4, **options: object) -> bytes:
    """A PDF with one page for each drawing function."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=size, invariant=True, **options)
    for draw in pages:
        canvas.setFont(FONT, 10)
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def grids(document: Document) -> list[list[list[str | None]]]:
    return [
        [[cell.text for cell in row.cells] for row in block.rows]
        for block in document.blocks()
        if isinstance(block, Grid)
    ]


def lines(document: Document) -> list[str]:
    return [block.text for block in document.blocks() if isinstance(block, Line)]


def stock(data: bytes) -> list[list[list[list[str | None]]]]:
    with pdfplumber.open(io.BytesIO(data)) as opened:
        return [stock_page(page).extract_tables() for page in opened.pages]


def ours(data: bytes) -> tuple[list[list[list[list[str | None]]]], list[str | None]]:
    """The grids before blanks are closed up, and why pages were read by stock pdfplumber."""
    reader = PdfReader(data)
    try:
        read = [reader.read_page(index) for index in range(reader.page_count)]
    finally:
        reader.close()
    return [[table.texts for table in page.tables] for page in read], [page.fallback for page in read]


ROWS = [
    ["科目编码", "科目名称", "合计"],
    ["2080505", "养老保险", "1,234.56"],
    ["2101101", "行政单位医疗", "-7.80"],
]


def table(
    canvas: Canvas,
    rows: list[list[str]] = ROWS,
    *,
    left: float = 60,
    top: float = 700,
    width: float = 120,
    height: float = 20,
    rule: str = "lines",
) -> None:
    """Equal cells; rules as lines, thin rectangles, one rectangle a cell, or none."""
    count, columns = len(rows), max(map(len, rows))
    right, bottom = left + columns * width, top - count * height
    for row, texts in enumerate(rows):
        for column, text in enumerate(texts):
            x, y = left + column * width, top - (row + 1) * height
            if rule == "boxes":
                canvas.rect(x, y, width, height, stroke=1, fill=0)
            canvas.drawString(x + 4, y + 6, text)
    for row in range(count + 1):
        y = top - row * height
        if rule == "lines":
            canvas.line(left, y, right, y)
        elif rule == "thin":
            canvas.rect(left, y - 0.25, right - left, 0.5, stroke=0, fill=1)
    for column in range(columns + 1):
        x = left + column * width
        if rule == "lines":
            canvas.line(x, top, x, bottom)
        elif rule == "thin":
            canvas.rect(x - 0.25, bottom, 0.5, top - bottom, stroke=0, fill=1)


@pytest.mark.parametrize("rule", ["lines", "thin", "boxes"])
def test_ruled_tables(rule: str) -> None:
    data = pdf(lambda canvas: table(canvas, rule=rule))
    document = read_pdf(data, document_name="a.pdf")
    assert grids(document) == [ROWS]
    assert lines(document) == []
    assert ours(data) == (stock(data), [None])


def test_text_around_tables_is_lines_in_reading_order_and_numbered_through() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(60, 300, "说明：本表为空")
        table(canvas, top=700)
        table(canvas, [["三公", "1.00"]], top=500)
        canvas.drawString(60, 760, "收支总表")
        canvas.drawString(400, 720, "单位：万元")
        canvas.drawString(60, 720, "部门：某单位")

    document = read_pdf(pdf(draw, draw), document_name="a.pdf")
    kinds = [block.text if isinstance(block, Line) else len(block.rows) for block in document.pages[0].blocks]
    assert kinds == ["收支总表", "部门：某单位 单位：万元", 3, 1, "说明：本表为空"]
    numbers = [
        number
        for block in document.blocks()
        for number in ([block.line_no] if isinstance(block, Line) else [row.line_no for row in block.rows])
    ]
    assert numbers == list(range(1, 15))
    assert [word.text for word in document.pages[0].blocks[1].words] == ["部门：某单位", "单位：万元"]
    assert document.pages[0].blocks[1].box.x0 == pytest.approx(60, abs=0.1)
    assert document.pages[1].blocks[2].rows[1].cells[2].box.x0 == pytest.approx(300, abs=0.1)


def test_merged_cells_are_none_except_at_the_top_left() -> None:
    def draw(canvas: Canvas) -> None:
        for y in (700, 660):
            canvas.line(60, y, 300, y)
        canvas.line(140, 680, 300, 680)
        for x, y in ((60, 700), (140, 700), (220, 680), (300, 700)):
            canvas.line(x, y, x, 660)
        canvas.drawString(64, 676, "科目")
        canvas.drawString(180, 686, "预算数")
        canvas.drawString(144, 666, "基本支出")
        canvas.drawString(224, 666, "项目支出")

    data = pdf(draw)
    document = read_pdf(data)
    assert grids(document) == [[["科目", "预算数", None], [None, "基本支出", "项目支出"]]]
    [grid] = document.pages[0].blocks
    assert isinstance(grid, Grid)
    first, wide = grid.rows[0].cells[:2]
    assert (round(first.box.bottom - first.box.top), round(wide.box.x1 - wide.box.x0)) == (40, 160)
    assert ours(data) == (stock(data), [None])


def test_a_merged_cell_cut_by_the_page_end_keeps_its_text() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.grid([60, 160, 260, 360], [700, 680])
        for y in (660, 640, 620):
            canvas.line(160, y, 360, y)
        for x in (60, 160, 260, 360):
            canvas.line(x, 680, x, 620)
        for row, texts in enumerate(
            (("项目", "指标", "值"), ("", "数量", "1"), ("", "质量", "2"), ("", "时效", "3"))
        ):
            for column, text in enumerate(texts):
                canvas.drawString(64 + 100 * column, 686 - 20 * row, text)
        canvas.drawString(64, 650, "培训 61.80")

    data = pdf(draw)
    document = read_pdf(data)
    assert grids(document) == [
        [["项目", "指标", "值"], ["培训 61.80", "数量", "1"], [None, "质量", "2"], [None, "时效", "3"]]
    ]
    assert lines(document) == []
    assert ours(data)[0] == stock(data)


def test_text_off_the_page_is_not_read() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(60, 700, "看得见 1")
        canvas.drawString(60, 600, "这一行也看得见，而且比看不见的长得多，所以页面框没有错")
        canvas.drawString(60, 1000, "看不见 2")

    def all_off(canvas: Canvas) -> None:
        canvas.drawString(60, 1000, "页面框有误 3")

    first, second = read_pdf(pdf(draw, all_off)).pages
    assert [block.text for block in first.blocks] == [
        "看得见 1",
        "这一行也看得见，而且比看不见的长得多，所以页面框没有错",
    ]
    assert first.token_count == 1
    # where most of the text stands off the page, it is the page's box that is wrong
    assert [block.text for block in second.blocks] == ["页面框有误 3"]
    assert second.token_count == 1


def test_wrapped_text_keeps_its_line_ends() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.grid([60, 160, 260], [700, 660])
        canvas.drawString(64, 686, "机关事业单位基本")
        canvas.drawString(64, 668, "养老保险缴费支出")
        canvas.drawRightString(256, 676, "12.00")

    data = pdf(draw)
    assert grids(read_pdf(data)) == [[["机关事业单位基本\n养老保险缴费支出", "12.00"]]]
    assert ours(data) == (stock(data), [None])


def test_blanks_of_justified_text_are_closed_up_only_between_chinese_characters() -> None:
    rows = [["合 计", "一、本 年 收 入", "1.5 万元"], ["其中： 财政", "CT 检查", "A B"]]
    data = pdf(lambda canvas: table(canvas, rows))
    assert grids(read_pdf(data)) == [[["合计", "一、本年收入", "1.5 万元"], ["其中：财政", "CT 检查", "A B"]]]
    assert ours(data) == (stock(data), [None])
    assert close_up("甲　乙\n丙 丁") == "甲乙\n丙丁"


def test_blanks_drawn_on_their_own_still_end_words() -> None:
    # a font that is in the file (reportlab brings it): PDFium's text page has nothing of single blanks
    pdfmetrics.registerFont(TTFont("Vera", "Vera.ttf"))

    def draw(canvas: Canvas) -> None:
        canvas.setFont("Vera", 10)
        canvas.grid([60, 260, 300], [700, 680])
        # a blank in a text object of its own, narrower than the gap that ends a word
        for x, text in ((64, "1."), (73.6, " "), (75.5, "A"), (150, "7"), (156.4, " "), (158.5, "8")):
            canvas.drawString(x, 686, text)

    data = pdf(draw)
    found, fallback = ours(data)
    assert fallback == [None]
    assert found == stock(data) == [[[["1. A 7 8", ""]]]]


def test_white_fill_only_rectangles_rule_nothing() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFillGray(1)
        for x in (60, 180, 300):
            canvas.rect(x + 2, 690, 116, 6, stroke=0, fill=1)
        canvas.setFillGray(0)
        table(canvas)

    data = pdf(draw)
    assert grids(read_pdf(data)) == [ROWS]
    assert ours(data) == (stock(data), [None])


def test_a_page_with_only_a_total_row_is_a_table() -> None:
    data = pdf(lambda canvas: table(canvas, [["合计", "1,000.00", "20.00"]]))
    assert grids(read_pdf(data)) == [[["合计", "1,000.00", "20.00"]]]


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_rotated_pages_are_read_upright(turn: int) -> None:
    def draw(canvas: Canvas) -> None:
        if turn != 180:
            # reportlab takes the size of the upright page and swaps it for the page box
            canvas.setPageSize((A4[1], A4[0]))
        canvas.setPageRotation(turn)
        if turn == 90:
            canvas.transform(0, 1, -1, 0, A4[0], 0)
        elif turn == 180:
            canvas.transform(-1, 0, 0, -1, *A4)
        else:
            canvas.transform(0, -1, 1, 0, 0, A4[1])
        canvas.setFont(FONT, 10)
        canvas.drawString(60, 540, "支出总表")
        table(canvas, top=500)

    data = pdf(draw)
    document = read_pdf(data)
    assert grids(document) == [ROWS]
    assert lines(document) == ["支出总表"]
    # PDFium drops turned text of a font that is not in the file, as this one: the stock page is taken
    assert ours(data)[0] == stock(data)


def test_landscape_pages() -> None:
    data = pdf(lambda canvas: table(canvas, top=500, width=200), size=(842, 595))
    assert grids(read_pdf(data)) == [ROWS]
    assert ours(data) == (stock(data), [None])


def test_a_mediabox_that_does_not_begin_at_zero() -> None:
    data = pdf(lambda canvas: table(canvas), pageCompression=0)
    moved = data.replace(b"/MediaBox [ 0 0 595 842 ]", b"/MediaBox [ 20 9 595 842]")
    assert moved != data
    assert ours(moved) == (stock(moved), [None])
    assert grids(read_pdf(moved)) == [ROWS]


def test_tables_and_text_inside_forms() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.beginForm("inner")
        canvas.setFont(FONT, 10)
        table(canvas)
        canvas.endForm()
        canvas.saveState()
        canvas.translate(10, -30)
        canvas.scale(0.8, 0.8)
        canvas.doForm("inner")
        canvas.restoreState()

    data = pdf(draw)
    assert grids(read_pdf(data)) == [ROWS]
    assert ours(data) == (stock(data), [None])


def test_tables_without_rulings_are_lines_of_words_with_places() -> None:
    document = read_pdf(pdf(lambda canvas: table(canvas, rule="none")))
    assert grids(document) == []
    blocks = document.pages[0].blocks
    assert [[word.text for word in block.words] for block in blocks] == ROWS
    assert {round(block.words[2].box.x0) for block in blocks} == {304}


def test_slanted_text_is_read_by_stock_pdfplumber_and_not_lost() -> None:
    def draw(canvas: Canvas) -> None:
        table(canvas)
        canvas.saveState()
        canvas.translate(200, 200)
        canvas.rotate(45)
        canvas.drawString(0, 0, "草稿")
        canvas.restoreState()

    data = pdf(draw)
    found, fallback = ours(data)
    assert fallback == ["rotated or mirrored text"]
    assert found == stock(data)
    document = read_pdf(data)
    assert grids(document) == [ROWS]
    assert "".join(lines(document)) == "草稿"


@pytest.mark.parametrize(
    ("font", "hyphen", "fallback"),
    [
        ("Helvetica", "-", None),
        (FONT, "-", None),
        ("Vera", "-", None),
        ("Vera", "\xad", "the character U+FFFE"),
    ],
)
def test_hyphens_at_a_line_end(font: str, hyphen: str, fallback: str | None) -> None:
    """PDFium has one mark for both hyphens: it is read where the font has only one of them."""
    pdfmetrics.registerFont(TTFont("Vera", "Vera.ttf"))

    def draw(canvas: Canvas) -> None:
        canvas.grid([50, 200, 300], [720, 680])
        canvas.setFont(font, 10)
        canvas.drawString(60, 700, f"co{hyphen}")
        canvas.drawString(60, 686, "operate")

    data = pdf(draw)
    assert ours(data) == (stock(data), [fallback])
    assert grids(read_pdf(data)) == [[[f"co{hyphen}\noperate", ""]]]


def test_single_characters_of_a_font_outside_of_the_file_are_not_lost() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.grid([60, 260, 360], [700, 680])
        for place, character in enumerate("社会保障支出"):
            canvas.drawString(64 + 20 * place, 686, character)
        canvas.drawString(264, 686, "5")

    data = pdf(draw)
    assert ours(data)[0] == stock(data)
    assert grids(read_pdf(data)) == [[["社会保障支出", "5"]]]


def test_text_printed_twice_is_read_once() -> None:
    def draw(canvas: Canvas) -> None:
        table(canvas)
        table(canvas, rule="none", left=60.3)

    assert grids(read_pdf(pdf(draw))) == [ROWS]


def test_numbers_are_counted_by_the_text_stream_too() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(60, 760, "2026年收支总表 1 份")
        table(canvas)

    [page] = read_pdf(pdf(draw)).pages
    assert page.token_count == 6
    grid = page.blocks[1]
    landed = [number for row in grid.rows for cell in row.cells for number in NUMBER.findall(cell.text or "")]
    assert grid.token_count == len(landed) == 4


def test_what_counts_as_one_number() -> None:
    assert len(NUMBER.findall("1,234.56 -7.8 12% 2026年 208 05 １２．５")) == 7
    assert len(NUMBER.findall("1,234,\n567.8 无")) == 2


def picture(*, ruled: bool) -> Image.Image:
    image = Image.new("L", (800, 500), 255)
    pen = ImageDraw.Draw(image)
    if ruled:
        for step in range(6):
            pen.line((20, 20 + step * 90, 780, 20 + step * 90), fill=0, width=3)
            pen.line((20 + step * 152, 20, 20 + step * 152, 470), fill=0, width=3)
    else:
        pen.pieslice((250, 100, 550, 400), 0, 250, fill=90)
    return image


def test_a_page_without_text_is_set_aside_as_a_picture() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawImage(ImageReader(picture(ruled=True)), 60, 300, 480, 300)

    document = read_pdf(pdf(draw, lambda canvas: table(canvas)))
    assert [page.status for page in document.pages] == ["set_aside", "read"]
    assert str(document.pages[0].reason).startswith(
        "page 1: a picture without a text layer (图片页, 无文字层)"
    )


def test_a_table_that_is_a_picture_is_told_and_a_chart_is_not() -> None:
    def draw(ruled: bool) -> Draw:
        def on(canvas: Canvas) -> None:
            canvas.drawString(60, 760, "收支总表")
            canvas.drawImage(ImageReader(picture(ruled=ruled)), 60, 300, 480, 300)

        return on

    document = read_pdf(pdf(draw(True), draw(False)))
    assert [page.status for page in document.pages] == ["set_aside", "read"]
    assert "a table on the page is a picture" in str(document.pages[0].reason)
    assert lines(document) == ["收支总表", "收支总表"]


def test_an_empty_page_is_read_as_empty() -> None:
    [page] = read_pdf(pdf(lambda canvas: None)).pages
    assert (page.status, page.blocks, page.token_count) == ("read", [], 0)


# hostile and damaged files


def reason(data: bytes, **options: int) -> str:
    with pytest.raises(UnreadableDocument) as told:
        read_pdf(data, **options)
    assert "\n" not in str(told.value)
    return str(told.value)


def test_what_is_no_whole_pdf_gets_one_line() -> None:
    whole = pdf(lambda canvas: table(canvas))
    assert "web page" in reason(b"<!DOCTYPE html><html><body>404</body></html>")
    assert "empty" in reason(b"")
    assert "not a PDF" in reason(b"\x89PNG\r\n\x1a\n")
    assert "truncated" in reason(whole[: len(whole) // 2])
    assert "truncated" in reason(whole[:-40])


def test_encrypted_files() -> None:
    from reportlab.lib.pdfencrypt import StandardEncryption

    locked = pdf(lambda canvas: table(canvas), encrypt=StandardEncryption("secret", "owner"))
    assert "password" in reason(locked)
    printable = pdf(lambda canvas: table(canvas), encrypt=StandardEncryption("", "owner"))
    assert grids(read_pdf(printable)) == [ROWS]


def test_more_pages_than_the_limit() -> None:
    data = pdf(*[lambda canvas: None] * 12)
    assert "12 pages" in reason(data, max_pages=10)
    assert len(read_pdf(data, max_pages=12).pages) == 12


def test_a_grid_too_dense_for_a_table_sets_its_page_aside() -> None:
    def dense(canvas: Canvas) -> None:
        canvas.setPageSize((1400, 1400))
        canvas.grid([50 + 6 * i for i in range(201)], [100 + 6 * i for i in range(201)])
        canvas.drawString(60, 60, "1")

    def wide(canvas: Canvas) -> None:
        canvas.setPageSize((1400, 1400))
        canvas.grid([50 + 10 * i for i in range(121)], [100 + 10 * i for i in range(121)])
        canvas.drawString(60, 60, "1")

    first, second, third = read_pdf(pdf(dense, lambda canvas: table(canvas), wide)).pages
    assert first.status == "set_aside"
    assert "crossings of rulings" in str(first.reason)
    assert second.status == third.status == "read"


def flate_pdf(content: bytes) -> bytes:
    """The smallest PDF around one compressed content stream."""
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<<>>>>",
        b"<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(content), content),
    ]
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, part in enumerate(parts, start=1):
        places.append(len(out))
        out += b"%d 0 obj%s\nendobj\n" % (number, part)
    start = len(out)
    out += b"xref\n0 5\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    return bytes(out + b"trailer<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % start)


def test_content_that_breaks_off_is_not_taken_for_whole() -> None:
    content = zlib.compress(b"".join(b"%d w\n" % number for number in range(2000)))
    assert read_pdf(flate_pdf(content)).pages[0].status == "read"
    [cut] = read_pdf(flate_pdf(content[:-20])).pages
    assert cut.status == "set_aside" and "page 1" in str(cut.reason)
    hurt = bytearray(content)
    hurt[len(hurt) // 2] ^= 0x55
    [damaged] = read_pdf(flate_pdf(bytes(hurt))).pages
    assert damaged.status == "set_aside"


def test_damage_in_a_shared_stream_is_told_on_every_page() -> None:
    hurt = PDFStream({"Filter": LIT("FlateDecode")}, zlib.compress(b"1 beginbfchar" * 50)[:-9])
    hurt.set_objid(7, 0)
    page = SimpleNamespace(contents=[], resources={"Font": {"F1": {"ToUnicode": hurt}}})
    checker = StreamChecker()
    for _ in range(2):
        with pytest.raises(Damaged, match="character map breaks off"):
            checker.check_page(page)


def lost(number: int) -> PDFObjRef:
    """A reference to an object that the file no longer has."""

    def getobj(wanted: int) -> None:
        raise PDFObjectNotFound(wanted)

    return PDFObjRef(SimpleNamespace(getobj=getobj), number)


def composite(**parts: Any) -> dict[str, Any]:
    """A font whose text is glyph numbers, as office programs embed it."""
    glyphs = {"Subtype": LIT("CIDFontType2"), "CIDSystemInfo": {"Ordering": b"Identity"}}
    font = {
        "Subtype": LIT("Type0"),
        "Encoding": LIT("Identity-H"),
        "DescendantFonts": [{**glyphs, **parts.pop("glyphs", {})}],
    }
    return {**font, **parts}


def page_with(font: Any) -> Any:
    return SimpleNamespace(contents=[], resources={"Font": {"F1": font}})


@pytest.mark.parametrize(
    "font",
    [
        lost(4),
        {"Subtype": LIT("TrueType"), "ToUnicode": lost(4)},
        {"Subtype": LIT("TrueType"), "Encoding": lost(4)},
        composite(ToUnicode=lost(4)),
        composite(DescendantFonts=[lost(4)]),
        composite(glyphs={"W": lost(4)}),
        composite(DescendantFonts=[{"Subtype": LIT("CIDFontType2")}]),
    ],
)
def test_a_font_of_which_a_part_is_gone_is_not_guessed(font: Any) -> None:
    """Readers put other digits in place of the printed ones where a font's map is lost."""
    with pytest.raises(Damaged, match="font of the page is"):
        StreamChecker().check_page(page_with(font))


def test_a_font_whose_program_is_lost_is_told() -> None:
    descriptor = {"FontName": LIT("ABCDEF+Song"), "FontFile2": lost(4)}
    with pytest.raises(Damaged, match="missing: FontFile2"):
        StreamChecker().check_page(page_with(composite(glyphs={"FontDescriptor": descriptor})))


def test_glyph_numbers_without_a_map_are_not_left_to_pdfium() -> None:
    map_to_characters = PDFStream({}, b"1 beginbfchar <0013> <0030> endbfchar")
    assert StreamChecker().lacks_map(page_with(composite()))
    assert not StreamChecker().lacks_map(page_with(composite(ToUnicode=map_to_characters)))
    known = {"CIDSystemInfo": {"Ordering": b"GB1"}}
    assert not StreamChecker().lacks_map(page_with(composite(glyphs=known)))
    assert not StreamChecker().lacks_map(page_with({"Subtype": LIT("TrueType")}))
    # the name of the encoding may stand elsewhere, and the font in a form on the page
    name = PDFObjRef(SimpleNamespace(getobj=lambda number: LIT("Identity-H")), 4)
    assert StreamChecker().lacks_map(page_with(composite(Encoding=name)))
    form = PDFStream({"Subtype": LIT("Form"), "Resources": {"Font": {"F1": composite()}}}, b"")
    page = SimpleNamespace(contents=[], resources={"XObject": {"X1": form}})
    assert StreamChecker().lacks_map(page)


@pytest.mark.parametrize(("printed", "is_read"), [("1 Total", True), ("Total (cid:19)(cid:20)", False)])
def test_two_unknown_characters_side_by_side_are_a_lost_number(printed: str, is_read: bool) -> None:
    def char(text: str) -> Char:
        return Char(text, 0, 0, 5, 10, 8, 10, True)

    texts = re.findall(r"\(cid:\d+\)|.", printed + "." * 100)
    chars = [char(text) for text in ["(cid:108)", *texts]]
    if is_read:
        _refuse_unmapped(chars)
        return
    with pytest.raises(Damaged, match="without a map to characters"):
        _refuse_unmapped(chars)


def embedded() -> bytes:
    """A page in a font that is in the file."""
    pdfmetrics.registerFont(TTFont("Vera", "Vera.ttf"))

    def draw(canvas: Canvas) -> None:
        canvas.setFont("Vera", 10)
        canvas.grid([60, 260, 360], [700, 680])
        canvas.drawString(64, 686, "Total")
        canvas.drawRightString(350, 686, "1,234.56")

    return pdf(draw)


def without_object(data: bytes, name: bytes) -> bytes:
    """The object that a font's dictionary names so becomes a hole of zeros of the same length."""
    number = re.findall(rb"/%s (\d+) 0 R" % name, data)[-1]
    found = re.search(rb"(?m)^%s 0 obj.*?endobj" % number, data, re.DOTALL)
    assert found
    return data[: found.start()] + bytes(found.end() - found.start()) + data[found.end() :]


@pytest.mark.parametrize("name", ["ToUnicode", "FontDescriptor", "FontFile2"])
def test_a_font_with_a_part_missing_is_not_read(name: str) -> None:
    """Readers carry on without it, and take codes of glyphs for characters."""
    whole = embedded()
    assert grids(read_pdf(whole)) == [[["Total", "1,234.56"]]]
    [page] = read_pdf(without_object(whole, name.encode())).pages
    assert page.status == "set_aside"
    assert f"part of a font of the page is missing: {name}" in str(page.reason)


@pytest.mark.parametrize(
    ("name", "other"),
    [("ToUnicode", "FontDescriptor"), ("FontDescriptor", "FontFile2"), ("FontFile2", "FontDescriptor")],
)
def test_a_font_with_a_part_of_another_kind_is_not_read(name: str, other: str) -> None:
    data = embedded()
    wrong, right = (re.findall(rb"/%s (\d+ 0 R)" % key.encode(), data)[-1] for key in (other, name))
    assert len(wrong) == len(right)
    changed = data.replace(b"/%s %s" % (name.encode(), right), b"/%s %s" % (name.encode(), wrong))
    [page] = read_pdf(changed).pages
    assert page.status == "set_aside"
    assert f"part of a font of the page is damaged: {name}" in str(page.reason)


def test_a_font_whose_program_breaks_off_is_not_read() -> None:
    """Its glyphs look like blanks: a single number in it would be lost."""
    program = PDFStream({"Filter": LIT("FlateDecode")}, zlib.compress(bytes(5000))[:-9])
    program.set_objid(9, 0)
    font = {"Subtype": LIT("TrueType"), "FontDescriptor": {"FontFile2": program}}
    page = SimpleNamespace(contents=[], resources={"Font": {"F1": font}})
    with pytest.raises(Damaged, match="a font on the page breaks off"):
        StreamChecker().check_page(page)


def test_a_page_is_not_taken_for_the_whole_document() -> None:
    """A digit changed in the reference to the page tree: both parsers see a document of one page."""
    data = flate_pdf(zlib.compress(b"1 w"))
    with pytest.raises(UnreadableDocument, match="list of pages is not whole"):
        read_pdf(data.replace(b"/Catalog/Pages 2 0 R", b"/Catalog/Pages 3 0 R"))


def test_a_stream_that_unpacks_without_end() -> None:
    bomb = zlib.compress(b" " * (200 * 1024 * 1024), 9)
    [page] = read_pdf(flate_pdf(bomb)).pages
    assert page.status == "set_aside"
    assert "more than 64 MB" in str(page.reason)


def test_cells_are_found_as_stock_pdfplumber_finds_them() -> None:
    """The lookup gives the stock function's cells, in its order, on random rulings with gaps."""
    from pdfplumber.table import edges_to_intersections, intersections_to_cells

    rng = random.Random(20260)
    for _ in range(60):
        edges = []
        for way in "vh":
            for place in rng.sample(range(12), rng.randint(2, 7)):
                cuts = sorted(rng.sample(range(13), rng.choice((2, 2, 4))))
                for start, end in zip(cuts[::2], cuts[1::2], strict=True):
                    x0, x1, top, bottom = (
                        (place, place, start, end) if way == "v" else (start, end, place, place)
                    )
                    edges.append({"x0": x0, "x1": x1, "top": top, "bottom": bottom, "orientation": way})
        crossings = edges_to_intersections(edges)
        assert smallest_cells(crossings) == intersections_to_cells(crossings)


def test_mutants_never_raise_anything_but_the_reason(tmp_path: Path) -> None:
    """Bits flipped, ends cut, digits changed: pages are all there, or a line says why not."""
    rng = random.Random(2026)
    whole = pdf(lambda canvas: table(canvas), lambda canvas: table(canvas, rule="thin"), lambda canvas: None)
    for number in range(300):
        data = bytearray(whole)
        kind = number % 3
        if kind == 0:
            for _ in range(rng.randint(1, 8)):
                data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
        elif kind == 1:
            del data[rng.randrange(len(data)) :]
        else:
            digits = [place for place, byte in enumerate(data) if 48 <= byte < 58]
            for place in rng.sample(digits, 3):
                data[place] = 48 + rng.randrange(10)
        try:
            document = read_pdf(bytes(data))
        except UnreadableDocument as told:
            assert str(told) and "\n" not in str(told)
        else:
            assert len(document.pages) == 3
            assert all(page.status == "read" or page.reason for page in document.pages)
