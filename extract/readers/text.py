"""Web text and text layers: rows of cells become grids, everything else stays lines."""

from __future__ import annotations

import codecs

from extract.model import Cell, Document, Grid, GridRow, Line, Page
from extract.readers.text_cells import barred_rows, is_page_mark, without_gaps
from extract.readers.text_tags import without_tags

MAX_BYTES = 50 * 1024 * 1024


class UnreadableDocument(Exception):
    """A document that is set aside; the message is for a person."""


def decode(data: bytes) -> str:
    """The text of a file in UTF-8, UTF-16 (with or without a mark) or GB18030.

    Raises UnreadableDocument for bytes that are no text in any of them.
    """
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            return _decoded(data, encoding)
    sample = data[:4096]
    if b"\0" in sample:
        # Latin digits and line ends make every other byte zero in UTF-16 without a mark
        encoding = "utf-16-le" if sample[1::2].count(0) >= sample[0::2].count(0) else "utf-16-be"
        if sample.count(0) < len(sample) // 50:
            raise UnreadableDocument("binary content, not text (二进制内容, 不是文本)")
        return _decoded(data, encoding)
    for encoding in ("utf-8", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return _checked(text)
    raise UnreadableDocument("not text in UTF-8, UTF-16 or GB18030 (无法识别的文字编码)")


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return _checked(data.decode(encoding))
    except UnicodeDecodeError as error:
        raise UnreadableDocument(f"damaged {encoding} text at byte {error.start} (文字编码损坏)") from None


def _checked(text: str) -> str:
    sample = text[:20_000]
    odd = sum(
        1
        for c in sample
        if (ord(c) < 32 and c not in "\t\n\r\f\v") or 0xE000 <= ord(c) < 0xF900 or c == "\ufffd"
    )
    if odd > len(sample) // 50:
        raise UnreadableDocument("binary content, not text (二进制内容, 不是文本)")
    return text


def read_text(data: bytes, document_id: str, document_name: str) -> Document:
    """Lines and grids of a text file, as one page without a number.

    Raises UnreadableDocument when the file is empty, too large, or no text.
    """
    if not data.strip():
        raise UnreadableDocument("empty file (空文件)")
    if len(data) > MAX_BYTES:
        size = len(data) // (1024 * 1024)
        raise UnreadableDocument(
            f"{size} MB of text, the limit is {MAX_BYTES // (1024 * 1024)} MB (文件过大)"
        )
    page = Page(page_no=None)
    rows: list[GridRow] = []

    def close_grid() -> None:
        if rows:
            page.blocks.append(Grid(rows=list(rows)))
            rows.clear()

    text = decode(data).replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n")
    lines = without_gaps(without_tags(text)).split("\n")
    barred = barred_rows(lines)
    for line_no, text_line in enumerate(lines, start=1):
        if is_page_mark(text_line):
            continue
        if line_no - 1 in barred:
            if (row := barred[line_no - 1]) is not None:
                rows.append(row)
            continue
        # a row whose blank cells were all dropped has no tab left
        alone = rows and text_line.strip() and "\t" in "".join(lines[line_no : line_no + 1])
        if "\t" in text_line or alone:
            rows.append(GridRow([Cell(part.strip()) for part in text_line.split("\t")], line_no))
            continue
        close_grid()
        if text_line.strip():
            page.blocks.append(Line(text_line.rstrip(), line_no))
    close_grid()
    return Document(document_id, document_name, "text", [page])
