"""Documents as PDF: the same tables drawn in the layouts that real documents have.

Nothing but the built-in CID font is needed, so that the files are the same on every machine.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from tests.typeset.grid import (
    BRACKET,
    DASH,
    JOINED,
    OWN_LEVEL,
    SPACED,
    SPLIT,
    Grid,
    HeaderCell,
    grid_of,
    spaced_word,
)
from tests.typeset.narrative import text_of
from tests.typeset.tables import CODE, LABEL, NUMBER, ORDINAL, TEXT, Document, Table, chinese_number
from tests.typeset.text import agency_label, consists_of, framed_rows, unit_label, unit_name

FONT = "STSong-Light"
WIDTH, HEIGHT = A4
MARGIN = 45.0
LARGEST_FONT, SMALLEST_FONT = 9.0, 4.0
PADDING = 2.5
# columns of a performance form
FORM_WIDTH = 7

LINES, THIN_RECTS, NO_RULINGS = "lines", "thin_rects", "none"


@dataclass(frozen=True, slots=True)
class PdfStyle:
    """How tables are drawn, and what makes them hard to read."""

    name: str
    rulings: str = LINES
    code_form: str = JOINED
    # pages wider than high for wide tables: a wide page box, or an upright one with /Rotate
    rotated: bool = False
    # title, agency and unit are rows inside the frame
    title_in_frame: bool = False
    # the unit stands in the last cell of a row of its own at the top of the frame
    unit_in_corner: bool = False
    # pages after the first begin with the header again, or with the next row
    repeats_header: bool = False
    # the last row of every table stands on a page of its own
    total_alone: bool = False
    # so many rows on a page at most; 0 = as many as fit
    page_rows: int = 0
    # no rule between the last header row and the first row of the body
    fused_header: bool = False
    # wrapped labels are spread over the width of their cell, with blanks between the characters
    justified: bool = False
    # white rectangles without stroke behind every cell
    white_rects: bool = False
    # code and name of the total are one cell
    merged_totals: bool = False
    # 合 计, 收 入
    spaced_words: bool = False


_STYLES = (
    PdfStyle("ruled"),
    PdfStyle("thin_rects", rulings=THIN_RECTS),
    PdfStyle("borderless", rulings=NO_RULINGS),
    PdfStyle("three_code_columns", code_form=SPLIT),
    PdfStyle("bracket_codes", code_form=BRACKET),
    PdfStyle("dash_codes", code_form=DASH),
    PdfStyle("spaced_codes", code_form=SPACED),
    PdfStyle("own_level_codes", code_form=OWN_LEVEL),
    PdfStyle("rotated", rotated=True),
    PdfStyle("title_in_frame", title_in_frame=True),
    PdfStyle("unit_in_corner", unit_in_corner=True),
    PdfStyle("continued", page_rows=12),
    PdfStyle("repeated_headers", page_rows=12, repeats_header=True),
    PdfStyle("total_alone", total_alone=True),
    PdfStyle("fused_header", fused_header=True),
    PdfStyle("justified", justified=True),
    PdfStyle("white_rects", white_rects=True, rulings=THIN_RECTS),
    PdfStyle("merged_totals", merged_totals=True),
    PdfStyle("spaced_words", spaced_words=True),
    PdfStyle("borderless_continued", rulings=NO_RULINGS, page_rows=12),
)
PDF_STYLES = {style.name: style for style in _STYLES}


def write_pdf(document: Document, style: PdfStyle | str, path: Path) -> None:
    """Write the document in one of PDF_STYLES."""
    style = PDF_STYLES[style] if isinstance(style, str) else style
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    canvas = Canvas(str(path), pagesize=A4, invariant=True, pageCompression=1)
    canvas.setTitle(document.name)
    writer = _Writer(canvas, document, style)
    writer.front()
    for table in document.tables:
        writer.table(table)
    writer.chapters()
    canvas.save()


@dataclass(slots=True)
class _Placed:
    """A cell of a drawn table: text, place, span and the way it is aligned."""

    text: str
    row: int
    column: int
    row_span: int = 1
    column_span: int = 1
    align: str = "center"


@dataclass(slots=True)
class _Sheet:
    """A table ready to be drawn: rows of cells, the first of them the header."""

    width: int
    header_rows: int
    rows: list[list[_Placed]]
    # narrow columns do not wrap: their least width in characters
    fixed: list[bool]


class _Writer:
    def __init__(self, canvas: Canvas, document: Document, style: PdfStyle) -> None:
        self.canvas = canvas
        self.document = document
        self.style = style
        self.page_width, self.page_height = WIDTH, HEIGHT

    # text pages

    def front(self) -> None:
        document = self.document
        kind = "预算" if document.kind == "budget" else "决算"
        year = f"{document.year}年" if document.kind == "budget" else f"{document.year}年度"
        heading = f"{year}{unit_name(document)}{kind}"
        self._begin_page(wide=False)
        self._centred(document.agency_name, 22, HEIGHT - 260)
        self._centred(heading, 22, HEIGHT - 300)
        self.canvas.showPage()
        titles = dict.fromkeys(table.title for table in document.tables)
        contents = ["目    录", f"第一部分  {unit_name(document)}概况", f"第二部分  {heading}表"]
        contents += [f"{chinese_number(number)}、{title}" for number, title in enumerate(titles, start=1)]
        contents += [f"第三部分  {heading}情况说明", "第四部分  名词解释"]
        self._paragraphs(contents)
        self._paragraphs(
            [
                f"第一部分  {unit_name(document)}概况",
                "一、主要职能",
                f"{document.agency_name}贯彻执行国家法律法规和政策，负责本地区相关管理和服务工作。",
                "二、机构设置",
                consists_of(document),
            ]
        )
        self._paragraphs([f"第二部分  {heading}表"])

    def chapters(self) -> None:
        document = self.document
        kind = "预算" if document.kind == "budget" else "决算"
        year = f"{document.year}年" if document.kind == "budget" else f"{document.year}年度"
        paragraphs = [f"第三部分  {year}{unit_name(document)}{kind}情况说明"]
        for chapter in document.chapters:
            paragraphs.append(f"{chapter.number}、{chapter.title}")
            paragraphs += [text_of(sentence) for sentence in chapter.sentences]
        paragraphs.append("第四部分  名词解释")
        paragraphs.append("一、基本支出：指为保障机构正常运转、完成日常工作任务而发生的人员支出和公用支出。")
        self._paragraphs(paragraphs)

    def _paragraphs(self, paragraphs: list[str]) -> None:
        """Running text: each paragraph indented, broken over lines and pages."""
        size, leading = 12.0, 22.0
        self._begin_page(wide=False)
        y = HEIGHT - 70
        for paragraph in paragraphs:
            for line in wrap(f"    {paragraph}", size, WIDTH - 2 * 70):
                if y < 70:
                    self.canvas.showPage()
                    self._begin_page(wide=False)
                    y = HEIGHT - 70
                self.canvas.setFont(FONT, size)
                self.canvas.drawString(70, y, line)
                y -= leading
        self.canvas.showPage()

    def _centred(self, text: str, size: float, y: float) -> None:
        self.canvas.setFont(FONT, size)
        self.canvas.drawCentredString(self.page_width / 2, y, text)

    def _begin_page(self, *, wide: bool) -> None:
        """An upright page, a wide one, or an upright page box that viewers turn."""
        self.page_width, self.page_height = (HEIGHT, WIDTH) if wide else (WIDTH, HEIGHT)
        # of a turned page the canvas wants the size that is seen, and swaps it itself
        self.canvas.setPageSize((self.page_width, self.page_height))
        if wide and self.style.rotated:
            self.canvas.setPageRotation(90)
            self.canvas.transform(0, 1, -1, 0, WIDTH, 0)
        else:
            self.canvas.setPageRotation(0)

    # tables

    def table(self, table: Table) -> None:
        sheet = self._sheet(table)
        wide = sheet.width > 7
        self._begin_page(wide=wide)
        y = self._title(table)
        size, widths = self._fit(sheet)
        heights = self._heights(sheet, widths, size)
        first, bottom = 0, MARGIN
        rows_left = list(range(len(sheet.rows)))
        header = rows_left[: sheet.header_rows]
        while rows_left:
            page: list[int] = []
            if first and self.style.repeats_header:
                page += header
            room = y - bottom - sum(heights[row] for row in page)
            taken = 0
            while rows_left and (not taken or heights[rows_left[0]] <= room):
                is_body = rows_left[0] >= sheet.header_rows
                if self.style.total_alone and taken and is_body and len(rows_left) == 1:
                    break
                if (
                    self.style.page_rows
                    and taken - (0 if first else sheet.header_rows) >= self.style.page_rows
                ):
                    break
                row = rows_left.pop(0)
                room -= heights[row]
                page.append(row)
                taken += 1
            end = self._draw(sheet, page, widths, heights, size, y)
            first += 1
            if rows_left:
                self.canvas.showPage()
                self._begin_page(wide=wide)
                y = self.page_height - MARGIN
            elif table.note:
                self._note(table.note, end)
        self.canvas.showPage()

    def _title(self, table: Table) -> float:
        """Form code, title, agency and unit above the table; where the table begins."""
        y = self.page_height - MARGIN
        if self.style.title_in_frame:
            return y
        self.canvas.setFont(FONT, 9)
        if table.form_code:
            self.canvas.drawString(MARGIN, y, table.form_code)
            y -= 20
        self._centred(table.title, 14, y)
        y -= 22
        self.canvas.setFont(FONT, 9)
        agency = f"{agency_label(self.document)}：{self.document.agency_name}"
        self.canvas.drawString(MARGIN, y, agency)
        unit = unit_label(table, self.document)
        if unit and not self.style.unit_in_corner and not table.head:
            self.canvas.drawRightString(self.page_width - MARGIN, y, unit)
        return y - 8

    def _note(self, note: str, y: float) -> None:
        for line in wrap(note, 8, self.page_width - 2 * MARGIN):
            y -= 12
            self.canvas.setFont(FONT, 8)
            self.canvas.drawString(MARGIN, y, line)

    def _sheet(self, table: Table) -> _Sheet:
        grid = grid_of(table, self.style.code_form, thousands=self.document.profile.thousands)
        if table.head:
            return _performance_sheet(table, grid, list(self._frame_rows(table, FORM_WIDTH)))
        rows: list[list[_Placed]] = [list(row) for row in self._frame_rows(table, grid.width)]
        shift = len(rows)
        rows += [[] for _ in range(grid.header_rows)]
        for cell in grid.header:
            rows[shift + cell.row].append(_placed_header(cell, shift))
        for texts in grid.rows:
            rows.append(self._body_row(grid, texts, len(rows)))
        if self.style.spaced_words:
            for placed in (cell for row in rows for cell in row):
                placed.text = spaced_word(placed.text)
        fixed = [kind in (CODE, NUMBER, ORDINAL) for kind in grid.kinds]
        return _Sheet(grid.width, shift + grid.header_rows, rows, fixed)

    def _body_row(self, grid: Grid, texts: list[str], row: int) -> list[_Placed]:
        cells = []
        for column, (kind, text) in enumerate(zip(grid.kinds, texts, strict=True)):
            # the name of a total begins in the column of codes
            is_after_code = column > 0 and grid.kinds[column - 1] == CODE
            if self.style.merged_totals and kind == LABEL and is_after_code and not texts[column - 1]:
                first = cells.pop().column if cells and not cells[-1].text else column
                while cells and cells[-1].align == _ALIGN[CODE] and not cells[-1].text:
                    first = cells.pop().column
                cells.append(_Placed(text, row, first, column_span=column + 1 - first))
            else:
                cells.append(_Placed(text, row, column, align=_ALIGN[kind]))
        return cells

    def _frame_rows(self, table: Table, width: int) -> Iterator[list[_Placed]]:
        """Rows of the frame above the header: title, agency, unit."""
        unit = unit_label(table, self.document)
        if self.style.title_in_frame:
            for row, texts in enumerate(framed_rows(self.document, table, width)):
                if len(texts) > 1 and texts[-1]:
                    half = max(1, width // 2)
                    yield [
                        _Placed(texts[0], row, 0, column_span=half, align="left"),
                        _Placed(texts[-1], row, half, column_span=width - half, align="right"),
                    ]
                else:
                    yield [_Placed(texts[0], row, 0, column_span=width)]
        elif self.style.unit_in_corner and unit:
            yield [_Placed(unit, 0, 0, column_span=width, align="right")]

    def _fit(self, sheet: _Sheet) -> tuple[float, list[float]]:
        """The largest font whose numbers fit side by side, and the width of every column."""
        room = self.page_width - 2 * MARGIN
        size = LARGEST_FONT
        while True:
            least = [0.0] * sheet.width
            wanted = [0.0] * sheet.width
            for row in sheet.rows:
                for cell in row:
                    if cell.column_span > 1 or not cell.text:
                        continue
                    need = pdfmetrics.stringWidth(cell.text, FONT, size) + 2 * PADDING
                    is_body = cell.row >= sheet.header_rows
                    unbroken = is_body and sheet.fixed[cell.column]
                    narrow = need if unbroken else min(need, (3 if not is_body else 6) * size + 2 * PADDING)
                    least[cell.column] = max(least[cell.column], narrow)
                    wanted[cell.column] = max(wanted[cell.column], min(need, 14 * size))
            least = [max(width, 2 * size + 2 * PADDING) for width in least]
            if sum(least) <= room or size <= SMALLEST_FONT:
                break
            size -= 0.5
        spare = room - sum(least)
        lack = [max(0.0, want - have) for want, have in zip(wanted, least, strict=True)]
        share = min(1.0, spare / sum(lack)) if sum(lack) and spare > 0 else 0.0
        widths = [have + share * more for have, more in zip(least, lack, strict=True)]
        stretch = (room - sum(widths)) / sheet.width
        return size, [width + max(0.0, stretch) for width in widths]

    def _heights(self, sheet: _Sheet, widths: list[float], size: float) -> list[float]:
        least = size * 1.25 + 2 * PADDING
        heights = [least] * len(sheet.rows)
        for row in sheet.rows:
            for cell in row:
                width = sum(widths[cell.column : cell.column + cell.column_span]) - 2 * PADDING
                need = len(wrap(cell.text, size, width)) * size * 1.25 + 2 * PADDING
                spanned = range(cell.row, cell.row + cell.row_span)
                missing = need - sum(heights[place] for place in spanned)
                if missing > 0:
                    heights[spanned[-1]] += missing
        return heights

    def _draw(
        self, sheet: _Sheet, page: list[int], widths: list[float], heights: list[float], size: float, y: float
    ) -> float:
        """Draw the rows of one page from `y` down; where they end."""
        lefts = [MARGIN]
        for width in widths:
            lefts.append(lefts[-1] + width)
        tops = {}
        place = y
        for row in page:
            tops[row] = place
            place -= heights[row]
        edges = _Edges()
        for row in page:
            for cell in sheet.rows[row]:
                spanned = [other for other in range(row, row + cell.row_span) if other in tops]
                top, bottom = tops[row], tops[spanned[-1]] - heights[spanned[-1]]
                left, right = lefts[cell.column], lefts[cell.column + cell.column_span]
                if self.style.white_rects:
                    self._white_rect(left, right, top, bottom)
                last = spanned[-1]
                is_fused = self.style.fused_header and last == sheet.header_rows - 1
                was_fused = self.style.fused_header and row == sheet.header_rows
                edges.add(left, right, top, bottom, has_top=not was_fused, has_bottom=not is_fused)
                self._text(cell, left, right, top, bottom, size)
        self._rule(edges)
        return place

    def _white_rect(self, left: float, right: float, top: float, bottom: float) -> None:
        self.canvas.setFillGray(1)
        self.canvas.rect(left + 1, bottom + 1, right - left - 2, top - bottom - 2, stroke=0, fill=1)
        self.canvas.setFillGray(0)

    def _text(self, cell: _Placed, left: float, right: float, top: float, bottom: float, size: float) -> None:
        lines = wrap(cell.text, size, right - left - 2 * PADDING)
        leading = size * 1.25
        y = (top + bottom) / 2 + leading * (len(lines) - 1) / 2 - size * 0.35
        self.canvas.setFont(FONT, size)
        for number, line in enumerate(lines):
            is_spread = self.style.justified and cell.align == "left" and number < len(lines) - 1
            if is_spread and len(line) > 1:
                step = (right - left - 2 * PADDING - size) / (len(line) - 1)
                for place, character in enumerate(line):
                    self.canvas.drawString(left + PADDING + place * step, y, character)
            elif cell.align == "left":
                self.canvas.drawString(left + PADDING, y, line)
            elif cell.align == "right":
                self.canvas.drawRightString(right - PADDING, y, line)
            else:
                self.canvas.drawCentredString((left + right) / 2, y, line)
            y -= leading

    def _rule(self, edges: _Edges) -> None:
        if self.style.rulings == NO_RULINGS:
            return
        self.canvas.setLineWidth(0.6)
        for x0, y0, x1, y1 in edges.merged():
            if self.style.rulings == LINES:
                self.canvas.line(x0, y0, x1, y1)
            else:
                self.canvas.rect(
                    x0 - 0.3, min(y0, y1) - 0.3, x1 - x0 + 0.6, abs(y1 - y0) + 0.6, stroke=0, fill=1
                )


class _Edges:
    """The edges of cells, joined to the longest straight lines."""

    def __init__(self) -> None:
        self.horizontal: dict[float, set[tuple[float, float]]] = {}
        self.vertical: dict[float, set[tuple[float, float]]] = {}

    def add(
        self, left: float, right: float, top: float, bottom: float, *, has_top: bool, has_bottom: bool
    ) -> None:
        if has_top:
            self.horizontal.setdefault(round(top, 2), set()).add((left, right))
        if has_bottom:
            self.horizontal.setdefault(round(bottom, 2), set()).add((left, right))
        self.vertical.setdefault(round(left, 2), set()).add((bottom, top))
        self.vertical.setdefault(round(right, 2), set()).add((bottom, top))

    def merged(self) -> Iterator[tuple[float, float, float, float]]:
        for y, spans in self.horizontal.items():
            for start, end in _joined(spans):
                yield start, y, end, y
        for x, spans in self.vertical.items():
            for start, end in _joined(spans):
                yield x, start, x, end


def _joined(spans: set[tuple[float, float]]) -> Iterator[tuple[float, float]]:
    current: tuple[float, float] | None = None
    for start, end in sorted(spans):
        if current is None:
            current = (start, end)
        elif start <= current[1] + 0.05:
            current = (current[0], max(current[1], end))
        else:
            yield current
            current = (start, end)
    if current is not None:
        yield current


_ALIGN = {CODE: "left", LABEL: "left", TEXT: "left", NUMBER: "right", ORDINAL: "center"}


def _placed_header(cell: HeaderCell, shift: int) -> _Placed:
    return _Placed(cell.text, cell.row + shift, cell.column, cell.row_span, cell.column_span)


def _performance_sheet(table: Table, grid: Grid, frame: list[list[_Placed]]) -> _Sheet:
    """The form of one project: seven columns, the name of the indicator three of them wide."""
    head = dict(table.head)

    def money(key: str) -> str:
        return "" if head[key] is None else str(head[key])

    label = f"项目资金（{table.unit}）" if table.unit else "项目资金"
    rows = [
        [_Placed("预算单位", 0, 0), _Placed(str(head["预算单位"]), 0, 1, column_span=6, align="left")],
        [_Placed("项目名称", 1, 0), _Placed(str(head["项目名称"]), 1, 1, column_span=6, align="left")],
        [
            _Placed(text, 2, column)
            for column, text in enumerate(
                (
                    label,
                    "年度预算总额",
                    money("年度预算总额"),
                    "其中：财政拨款",
                    money("其中：财政拨款"),
                    "其他资金",
                    money("其他资金"),
                )
            )
        ],
    ]
    columns, spans = (0, 1, 2, 5, 6), (1, 1, 3, 1, 1)
    header = [cell.text for cell in grid.header]
    for texts in (header, *grid.rows):
        row = len(rows)
        rows.append(
            [
                _Placed(text, row, column, column_span=span)
                for text, column, span in zip(texts, columns, spans, strict=True)
            ]
        )
    for placed in (cell for row in rows for cell in row):
        placed.row += len(frame)
    return _Sheet(FORM_WIDTH, len(frame) + 4, [*frame, *rows], [False] * FORM_WIDTH)


def wrap(text: str, size: float, width: float) -> list[str]:
    """Break a text into lines of a width; a number is never broken."""
    if not text:
        return []
    if pdfmetrics.stringWidth(text, FONT, size) <= width:
        return [text]
    lines, line, used = [], "", 0.0
    for token in _tokens(text):
        need = pdfmetrics.stringWidth(token, FONT, size)
        if line and used + need > width:
            lines.append(line)
            line, used = "", 0.0
        line += token
        used += need
    return [*lines, line]


def _tokens(text: str) -> Iterator[str]:
    """Single characters, but digits and what stands between them together."""
    number = ""
    for character in text:
        if character in "0123456789.,%-":
            number += character
            continue
        if number:
            yield number
            number = ""
        yield character
    if number:
        yield number
