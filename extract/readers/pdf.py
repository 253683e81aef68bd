"""PDF documents: pages as lines and ruled grids, in reading order.

Every page is read from PDFium's objects; a page that PDFium is known to misread is read by stock pdfplumber.
Both give the same grids, cell for cell.
"""

from __future__ import annotations

import hashlib
import io
import logging
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

import pdfplumber
import pypdfium2 as pdfium
from pdfplumber.utils.exceptions import PdfminerException

from extract.model import NUMBER_TOKEN, Block, Box, Cell, Document, Grid, GridRow, Line, Page, Word
from extract.readers.pdf_across import keep_texts_whole
from extract.readers.pdf_beside import in_reading_order
from extract.readers.pdf_integrity import Damaged, StreamChecker, is_root, repairs
from extract.readers.pdf_objects import (
    Char,
    Declined,
    PageObjects,
    TooLarge,
    read_objects,
    read_stream,
    stream_places,
)
from extract.readers.pdf_ocr import EXTRA, PictureText, available, read_picture
from extract.readers.pdf_open import (
    Rules,
    close_frame,
    group_rules,
    join_bands,
    side_rules,
    take_in,
    without_bands,
    without_boxes,
)
from extract.readers.pdf_page_number import Counted, PageNumbers, counted, is_number
from extract.readers.pdf_pictures import has_outlines, is_scanned, is_table, pictures, render
from extract.readers.pdf_stacked import is_stack, lines_of_row
from extract.readers.pdf_tables import (
    HIDDEN,
    LOOSE,
    BBox,
    FoundLine,
    FoundTable,
    close_up,
    drop_chars,
    fill_holes,
    fill_tables,
    find_lines,
    find_tables,
    part_merged,
    struck_once,
    turned_lines,
)
from extract.readers.pdf_turned import turn_of, turned_page
from extract.readers.text import UnreadableDocument

logging.getLogger("pdfminer").setLevel(logging.ERROR)

DEFAULT_MAX_PAGES = 2_000
# how much may follow the end mark of a whole file
_TAIL = 4096

_LAYER = "a picture, its text layer is seen by nobody and not proved (扫描页, 取自不可见的文字层, 未经核实)"

# the least slope of what stands askew
_ASKEW = 0.15
# one character in so many stands level at least
_MOST_ASKEW = 10
# a character so many times as large as the others may lie behind them
_LARGE = 2.0
# levels of headers of groups in a table
_MAX_GROUPS = 4
# one unknown character in so many is no mark any more
_MANY_UNKNOWN = 20

# One numeric token: digits with their separators. Blanks and line ends always end it.
NUMBER = NUMBER_TOKEN
_TEXT_LINE = re.compile(r"\S(?:[^\r\n]*\S)?")


def _white(obj: dict[str, Any]) -> bool:
    """A rectangle that is filled with white and has no outline: it hides, it does not rule."""
    if obj["object_type"] != "rect" or obj.get("stroke") or not obj.get("fill"):
        return False
    colour = obj.get("non_stroking_color")
    if isinstance(colour, (int, float)):
        return colour == 1
    if not isinstance(colour, (tuple, list)) or not all(isinstance(part, (int, float)) for part in colour):
        return False
    if len(colour) == 4:
        return all(part == 0 for part in colour)
    return len(colour) in (1, 3) and all(part == 1 for part in colour)


def stock_page(page: Any) -> Any:
    """The page as stock pdfplumber sees it once white fill-only rectangles are dropped."""
    return page.filter(lambda obj: not _white(obj))


def _stock_chars(page: Any) -> list[Char]:
    top_of = page.height + page.mediabox[1]
    return [
        Char(
            char["text"],
            char["x0"],
            char["top"],
            char["x1"],
            char["bottom"],
            top_of - char["matrix"][5],
            char["size"],
            # pdfplumber takes slanted text for upright, but no two of its characters stand on one line
            bool(char["upright"]) and abs(char["matrix"][1]) < 0.01 * abs(char["matrix"][0]),
        )
        for char in page.chars
    ]


def _askew(chars: list[Any]) -> set[int]:
    """The places of characters that stand well off the level, where not all do: a watermark, a stamp.

    A watermark all over the page may have more of them than the page itself.
    """
    slopes = (sorted(map(abs, char["matrix"][:2])) for char in chars)
    found = {i for i, (less, more) in enumerate(slopes) if less > _ASKEW * more}
    return found if _MOST_ASKEW * (len(chars) - len(found)) > len(chars) else set()


def _behind(chars: list[Char]) -> set[int]:
    """The places of level characters that lie behind much smaller ones: a watermark."""
    size = median(sizes) if (sizes := [char.size for char in chars if not char.text.isspace()]) else 0
    lines: dict[tuple[int, int], list[int]] = {}
    for i, char in enumerate(chars):
        if char.size > _LARGE * size and char.upright:
            lines.setdefault((round(char.base), round(char.size)), []).append(i)
    if not lines:
        return set()
    small = sorted(
        ((char.top + char.bottom) / 2, (char.x0 + char.x1) / 2)
        for char in chars
        if char.size <= _LARGE * size and not char.text.isspace()
    )
    levels = [level for level, _ in small]

    def is_covered(large: Char) -> bool:
        inside = small[bisect_right(levels, large.top) : bisect_right(levels, large.bottom)]
        return sum(1 for _, x in inside if large.x0 < x < large.x1) > 1

    found: set[int] = set()
    for places in lines.values():
        printed = [chars[i] for i in places if not chars[i].text.isspace()]
        if printed and 4 * sum(map(is_covered, printed)) >= len(printed):
            found.update(places)
    return found


@dataclass(slots=True)
class _PageRead:
    objects: PageObjects
    tables: list[FoundTable]
    table_of_char: list[int]
    # (text, x, y) of every numeric token in PDFium's stream
    tokens: list[tuple[str, float, float]]
    # why the stock page was taken, if it was
    fallback: str | None = None
    # where the page ends on the right and at the bottom
    size: tuple[float, float] = (0.0, 0.0)
    # by how many degrees the page was turned clockwise, so that its text stands upright
    turn: int = 0
    # why the page, or a part of it, was not read
    unread: str | None = None
    # its text is what somebody's program made of the picture that is seen
    is_layer: bool = False
    # what was read from pictures on the page
    pictures: list[PictureText] = field(default_factory=list)


class PdfReader:
    """An open PDF: the same file in PDFium and in pdfplumber."""

    def __init__(self, data: bytes, max_pages: int = DEFAULT_MAX_PAGES):
        self.repairs = repairs()
        try:
            self.pdfium = pdfium.PdfDocument(data)
        except pdfium.PdfiumError as error:
            raise UnreadableDocument(_open_reason(data, str(error))) from None
        self.streams = StreamChecker()
        try:
            self.page_count = len(self.pdfium)
            self.page_numbers = PageNumbers(self._counted_pages, self.page_count)
            if b"%%EOF" not in data[-_TAIL:]:
                raise UnreadableDocument("truncated PDF: the end of the file is missing (PDF 文件不完整)")
            if self.page_count > max_pages:
                raise UnreadableDocument(
                    f"{self.page_count} pages, more than the limit of {max_pages} (页数超过上限)"
                )
            self.plumber = _open_plumber(data)
        except BaseException:
            self.pdfium.close()
            raise
        pages = self.plumber.pages
        if repairs() > self.repairs:
            self.close()
            raise UnreadableDocument("damaged PDF: its index is broken (PDF 文件损坏)")
        if not is_root(self.plumber.doc.catalog.get("Pages")):
            self.close()
            raise UnreadableDocument(
                "damaged PDF: its list of pages is not whole (PDF 文件损坏, 页面目录不完整)"
            )
        if len(pages) != self.page_count or not pages:
            found = f"{self.page_count} pages by one count and {len(pages)} by another"
            self.close()
            raise UnreadableDocument(f"damaged PDF: {found} (PDF 文件损坏, 页数不一致)")

    def close(self) -> None:
        # pdfplumber's own close makes all pages anew, to close them; these were closed as they were read
        self.plumber.flush_cache()
        self.pdfium.close()

    def _counted_pages(self) -> Iterator[Counted]:
        """The lines of all pages that may be their numbers: their texts alone are read."""
        for index, page in enumerate(self.plumber.pages):
            handle = self.pdfium[index]
            textpage = handle.get_textpage()
            text = "".join(read_stream(textpage.raw))
            lines = [match.span() for match in _TEXT_LINE.finditer(text) if is_number(match.group())]
            ends = [place for start, end in lines for place in (start, end - 1)]
            places = stream_places(textpage.raw, ends, *_frame(page))
            for (start, end), (left, base), (right, _) in zip(lines, places[::2], places[1::2], strict=True):
                found = counted(index + 1, text[start:end], left, right, base, (page.width, page.height))
                if found is not None:
                    yield found
            textpage.close()
            handle.close()

    def read_page(self, index: int) -> _PageRead:
        """The page by PDFium, or by stock pdfplumber where PDFium is known to err.

        Raises Damaged where part of the page is missing in the file.
        """
        page = self.plumber.pages[index]
        self.streams.check_page(page.page_obj)
        handle = self.pdfium[index]
        textpage = handle.get_textpage()
        try:
            read = self._read(page, handle, textpage)
            turn = turn_of(page) if read.fallback else 0
            if turn:
                page.close()
                page = turned_page(page, turn)
                handle.set_rotation((handle.get_rotation() + turn) % 360)
                read = self._read(page, handle, textpage)
                read.turn = turn
            read.size = (page.bbox[2], page.bbox[3])
            read.unread, boxes = _unread(read.objects, page, handle)
            if not boxes and is_scanned(read.objects, handle):
                read.is_layer = True
                read.unread, boxes = _LAYER, [(0, 0, page.width, page.height)]
            if boxes:
                _read_pictures(read, boxes, handle)
        finally:
            textpage.close()
            handle.close()
            page.close()
        if repairs() > self.repairs:
            self.repairs = repairs()
            raise Damaged("a part of the page is damaged (页面内容已损坏)")
        return read

    def _read(self, page: Any, handle: Any, textpage: Any) -> _PageRead:
        try:
            if self.streams.lacks_map(page.page_obj):
                raise Declined("a font without a map to characters")
            read = self._fast(page, handle, textpage)
        except Declined as declined:
            read = self._stock(page, textpage, str(declined))
            _refuse_unmapped(read.objects.chars)
        return read

    def _fast(self, page: Any, handle: Any, textpage: Any) -> _PageRead:
        objects, stream, places = read_objects(handle.raw, textpage.raw, *_frame(page))
        kept = struck_once(objects.chars)
        if len(kept) < len(objects.chars):
            objects.chars = [objects.chars[i] for i in kept]
            objects.hidden = {place for place, i in enumerate(kept) if i in objects.hidden}
            places = [places[i] for i in kept if i < len(places)]
        chars = objects.chars
        layout = fill_tables(find_tables(objects.edges, page.bbox), chars)
        tokens = []
        struck = set(places)
        for match in NUMBER.finditer("".join(stream)):
            if match.start() in struck:
                at = bisect_right(places, match.start()) - 1
                if at in objects.hidden:
                    continue
                char, last = chars[at], chars[bisect_right(places, match.end() - 1) - 1]
                # right of a token's first character where it ends on the same line
                end = last.x1 if abs(last.base - char.base) < 1 else char.x1
                tokens.append((match.group(), (char.x0 + end) / 2, (char.top + char.bottom) / 2))
        return _PageRead(objects, layout.tables, layout.table_of_char, tokens)

    def _stock(self, page: Any, textpage: Any, reason: str) -> _PageRead:
        filtered = stock_page(page)
        chars = _stock_chars(page)
        tables = find_tables(filtered.edges, filtered.bbox)
        layout = fill_tables(tables, chars)
        for found, table in zip(layout.tables, tables, strict=True):
            table.page = filtered
            found.texts = table.extract(x_tolerance=3, y_tolerance=3)
        objects = PageObjects(
            chars=chars,
            edges=filtered.edges,
            images=[(i["x0"], i["top"], i["x1"], i["bottom"]) for i in page.images],
            path_count=len(page.rects) + len(page.lines) + len(page.curves),
        )
        matches = list(NUMBER.finditer("".join(read_stream(textpage.raw))))
        where = stream_places(textpage.raw, [match.start() for match in matches], *_frame(page))
        objects.askew = _askew(page.chars)
        origins = [(chars[i].text, page.chars[i]["matrix"][4], chars[i].base) for i in objects.askew]
        tokens = [
            (text, x, y)
            for text, (x, y) in zip(map(re.Match.group, matches), where, strict=True)
            if not any(
                text.startswith(sign) and abs(x - left) < 1 and abs(y - base) < 1
                for sign, left, base in origins
            )
        ]
        return _PageRead(objects, layout.tables, layout.table_of_char, tokens, reason)


def _refuse_unmapped(chars: list[Char]) -> None:
    """pdfminer gives the number of a glyph in place of a character that it does not know.

    One by itself is the sign before a list's item; two side by side are a word or a number that is lost.
    """
    unknown = [char.text.startswith("(cid:") for char in chars]
    is_word = any(one and other for one, other in pairwise(unknown))
    if is_word or _MANY_UNKNOWN * sum(unknown) > sum(not char.text.isspace() for char in chars):
        raise Damaged("text in fonts without a map to characters (文字无编码, 无法识别)")


def _frame(page: Any) -> tuple[Any, int, float, tuple[float, float]]:
    """What places PDFium's coordinates on pdfplumber's page."""
    return tuple(page.page_obj.mediabox), page.rotation, page.height, (page.mediabox[0], page.mediabox[1])


def _unread(objects: PageObjects, page: Any, handle: Any) -> tuple[str | None, list[BBox]]:
    """What on the page is a picture that text or a table may stand in, and where."""
    has_text = any(not char.text.isspace() for char in objects.chars)
    if not has_text:
        if objects.images or has_outlines(objects):
            return "a picture without a text layer (图片页, 无文字层)", [(0, 0, page.width, page.height)]
        return None, []
    boxes = [box for box in pictures(objects, page.width, page.height) if is_table(render(handle, box))]
    return ("a table on the page is a picture (表格为图片)" if boxes else None), boxes


def _read_pictures(read: _PageRead, boxes: list[BBox], handle: Any) -> None:
    """Read what is drawn; the page stays unread where the extra is missing or nothing is found."""
    if not available():
        read.unread = f"{read.unread}; the extra [{EXTRA}] reads it (安装 {EXTRA} 扩展后可识别)"
        return
    found = [read_picture(handle, box) for box in boxes]
    if any(picture.is_empty() for picture in found):
        read.unread = f"{read.unread}; no text was recognised (未识别出文字)"
        return
    read.unread, read.pictures = None, found
    if read.is_layer:
        # what is seen counts
        read.objects.chars, read.tokens, read.is_layer = [], [], False
        read.objects.hidden, read.objects.askew = set(), set()
    if not any(not char.text.isspace() for char in read.objects.chars):
        # rulings drawn around outlines: the picture has them with their texts
        read.tables = []
        read.table_of_char = [-1] * len(read.objects.chars)


def _open_plumber(data: bytes) -> Any:
    try:
        plumber = pdfplumber.open(io.BytesIO(data))
    except (PdfminerException, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise UnreadableDocument(f"damaged PDF: {_short(error)} (PDF 文件损坏)") from None
    try:
        _ = plumber.pages
    except Exception as error:  # pdfminer lets any error of a damaged page tree through
        raise UnreadableDocument(f"damaged page tree: {_short(error)} (PDF 文件损坏)") from None
    return plumber


def _short(error: BaseException) -> str:
    text = " ".join(str(error).split())[:120]
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def _open_reason(data: bytes, error: str) -> str:
    head = data[:1024].lstrip().lower()
    if head.startswith((b"<!doctype", b"<html", b"<?xml", b"<head")) or b"<html" in head:
        return "a web page with a PDF's name (网页, 不是 PDF)"
    if not data:
        return "an empty file (空文件)"
    if b"%pdf-" not in head:
        return "not a PDF: no PDF header (不是 PDF 文件)"
    if "password" in error.lower():
        return "encrypted: a password is needed (PDF 已加密)"
    if b"%%EOF" not in data[-_TAIL:]:
        return "truncated PDF: the end of the file is missing (PDF 文件不完整)"
    return "damaged PDF: it cannot be opened (PDF 文件损坏)"


def read_pdf(
    source: Path | bytes,
    document_id: str | None = None,
    document_name: str | None = None,
    *,
    max_pages: int = DEFAULT_MAX_PAGES,
) -> Document:
    """Pages of a PDF in reading order.

    Raises UnreadableDocument with one line for a person where the file is no readable PDF.
    A page that cannot be read is set aside with its reason, and the rest is read.
    """
    data = source if isinstance(source, bytes) else source.read_bytes()
    name = document_name or (source.name if isinstance(source, Path) else "document.pdf")
    document = Document(document_id or hashlib.sha256(data).hexdigest(), name, "pdf")
    reader = PdfReader(data, max_pages)
    line_no = 0
    try:
        for page_no in range(1, reader.page_count + 1):
            page, line_no = page_of(reader, page_no, line_no)
            document.pages.append(page)
    finally:
        reader.close()
    return document


def page_of(reader: PdfReader, page_no: int, line_no: int) -> tuple[Page, int]:
    """One page, its lines numbered on from `line_no`, and the number of its last line."""
    try:
        return _page(reader.read_page(page_no - 1), page_no, line_no, reader.page_numbers)
    except TooLarge as error:
        reason = f"{error} (表格线过多)"
    except Damaged as error:
        reason = str(error)
    except MemoryError:
        raise
    except Exception as error:  # one bad page does not lose the others
        reason = f"{_short(error)} (页面无法读取)"
    return Page(page_no, status="set_aside", reason=f"page {page_no}: {reason}"), line_no


# what may stand on a page that is blank all the same: - 12 -, 第 12 页
_PAGE_NUMBER = re.compile(r"[\s\d—–－·第页共/-]*")


def _on_page(read: _PageRead) -> Callable[[float, float, float, float], bool] | None:
    """Tells whether something stands on the page, by its right, lower, left and upper end; None if all does.

    What stands off the page is seen by nobody: spreadsheets print the text of a cell that a page's end cuts
    on both pages. Where more than a fifth does, the page's box is wrong and everything counts.
    """
    width, height = read.size
    chars = read.objects.chars

    def is_on(x1: float, bottom: float, x0: float, top: float) -> bool:
        return x1 > 0 and bottom > 0 and x0 < width and top < height

    off = sum(
        [x1 <= 0 or bottom <= 0 or x0 >= width or top >= height for _, x0, top, x1, bottom, _, _, _ in chars]
    )
    return is_on if off and 5 * off <= len(chars) else None


def _stands_in(token: tuple[str, float, float], word: Word) -> bool:
    _, x, y = token
    return word.box.x0 <= x < word.box.x1 and word.box.top <= y < word.box.bottom


def _is_of(token: tuple[str, float, float], line: FoundLine) -> bool:
    text, x, y = token
    box = line.box
    return text in line.text and box.x0 <= x < box.x1 and abs(y - (box.top + box.bottom) / 2) < 1


def _close_sides(read: _PageRead, rules: Rules) -> None:
    """Find the tables of a page once more where a frame has no sides, or no rules below headers of groups."""
    chars = read.objects.chars
    edges = list(read.objects.edges)
    more = side_rules(rules, chars) or group_rules(read.tables, rules, chars)
    # groups may be parts of others
    for _ in range(_MAX_GROUPS):
        if not more:
            break
        edges += more
        layout = fill_tables(find_tables(edges, (0, 0, *read.size)), chars)
        read.tables, read.table_of_char = layout.tables, layout.table_of_char
        more = group_rules(read.tables, rules, chars)


def _page(read: _PageRead, page_no: int, line_no: int, numbers: PageNumbers) -> tuple[Page, int]:
    page = Page(page_no, turn=read.turn, size=read.size)
    chars = read.objects.chars
    if read.unread is not None:
        page.status = "set_aside"
        page.reason = f"page {page_no}: {read.unread}"
    rules = Rules(read.objects.edges if read.tables else ())
    _close_sides(read, rules)
    tables = read.tables
    drop_chars(tables, read.objects.hidden, HIDDEN, chars, read.table_of_char)
    behind = _behind(chars)
    marks = find_lines([chars[i] for i in sorted(behind)])
    page.marks = [line.text for line in marks]
    read.tokens = [token for token in read.tokens if not any(_is_of(token, line) for line in marks)]
    drop_chars(tables, read.objects.askew | behind, LOOSE, chars, read.table_of_char)
    places, words = numbers.within(tables, chars, read.table_of_char, page_no, read.size)
    drop_chars(tables, places, LOOSE, chars, read.table_of_char)
    read.tokens = [token for token in read.tokens if not any(_stands_in(token, word) for word in words)]
    page.hidden = [line.text for line in find_lines([chars[i] for i in sorted(read.objects.hidden)])]
    keep_texts_whole(tables, chars, read.table_of_char)
    for number, table in enumerate(tables):
        fill_holes(table, number, chars, read.table_of_char)
        part_merged(table, number, chars, read.table_of_char)
        close_frame(table, number, rules, chars, read.table_of_char)
    tables = take_in(join_bands(tables, chars, read.table_of_char))
    tables = without_boxes(tables, chars, read.table_of_char)
    tables = without_bands(tables, chars, read.table_of_char)
    is_on = _on_page(read)
    loose = [i for i, number in enumerate(read.table_of_char) if number == LOOSE]
    if is_on is not None:
        loose = [i for i in loose if is_on(chars[i].x1, chars[i].bottom, chars[i].x0, chars[i].top)]
    loose = [i for i in loose if i not in behind]
    lines = find_lines([chars[i] for i in loose if chars[i].upright])
    lines += turned_lines([chars[i] for i in loose if not chars[i].upright])
    recognised = [item for picture in read.pictures for item in (*picture.lines, *picture.tables)]
    lines += [line for picture in read.pictures for line in picture.lines]
    tables = [*tables, *(table for picture in read.pictures for table in picture.tables)]
    for item in in_reading_order(lines, tables):
        block: Block
        before = line_no
        if isinstance(item, FoundTable):
            block, line_no = _grid(item, page_no, line_no, read)
        else:
            line_no += 1
            block = Line(item.text, line_no, page_no, item.box, item.words)
        if read.is_layer or any(item is other for other in recognised):
            page.ocr_lines.update(range(before + 1, line_no + 1))
            if isinstance(block, Grid):
                block.placement, block.token_count = "ocr", None
        page.blocks.append(block)
    if recognised:
        page.reason = f"page {page_no}: read from a picture (图片文字识别)"
    elif not read.is_layer:
        frames = [table.bbox for table in tables]
        page.tokens = [
            (text, x, y)
            for text, x, y in read.tokens
            # a table that reaches over the page's end is one with all its cells
            if is_on is None
            or is_on(x, y, x, y)
            or any(box[0] <= x < box[2] and box[1] <= y < box[3] for box in frames)
        ]
        page.token_count = len(page.tokens)
    shown = read.objects
    is_drawn = bool(tables or shown.images or shown.path_count or read.pictures)
    if page.status == "read" and not is_drawn and all(_PAGE_NUMBER.fullmatch(line.text) for line in lines):
        page.reason = f"page {page_no}: blank (空白页)"
    return page, line_no


def _grid(table: FoundTable, page_no: int, line_no: int, read: _PageRead) -> tuple[Grid, int]:
    x0, top, x1, bottom = table.bbox
    grid = Grid([], page_no, Box(x0, top, x1, bottom), ruled=True)
    for boxes, texts in zip(table.rows, table.texts, strict=True):
        line_no += 1
        cells = [
            Cell(None if text is None else close_up(text), None if box is None else Box(*box))
            for box, text in zip(boxes, texts, strict=True)
        ]
        lines = lines_of_row(boxes, read.objects.chars) if is_stack(boxes, texts) else []
        printed = tuple(Line(line.text, line_no, page_no, line.box, line.words) for line in lines)
        grid.rows.append(GridRow(cells, line_no, printed))
    grid.token_count = sum(1 for _, x, y in read.tokens if x0 <= x < x1 and top <= y < bottom)
    return grid, line_no
