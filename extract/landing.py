"""One document read into rows of the raw schema: texts as printed, with their place.

`RAW_TABLES` is the one registry of the raw schema; Parquet files, DuckDB tables, sources and docs read it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from extract.identity import identify
from extract.inputs import printable
from extract.layout.assemble import Layout, lay_out
from extract.layout.conservation import digits
from extract.layout.table import Table
from extract.layout.words import add_word_grids
from extract.model import Box, Document
from extract.narrative import read_narrative
from extract.privacy import mask_personal_numbers
from extract.readers import pdf_ocr
from extract.readers.pdf import read_pdf
from extract.readers.text import UnreadableDocument, read_text
from extract.vocabulary import CATALOGUE, load_vocabulary
from extract.workers import current_limits

__all__ = ["RAW_TABLES", "READER_VERSION", "RawColumn", "RawTable", "UnreadableDocument", "read_document"]


@dataclass(frozen=True)
class RawColumn:
    name: str
    type: str
    description: str


@dataclass(frozen=True)
class RawTable:
    name: str
    grain: str
    columns: tuple[RawColumn, ...]


def _table(name: str, grain: str, columns: str) -> RawTable:
    parsed = []
    for line in columns.strip().splitlines():
        column, kind, description = line.strip().split(maxsplit=2)
        parsed.append(RawColumn(column, kind, description))
    return RawTable(name, grain, tuple(parsed))


_DOCUMENT_ID = "document_id VARCHAR sha256 of the document's bytes\n"
_TABLE_NO = "table_no INT order of the table in the document, from 1\n"
_BOX = """
    x0 DOUBLE left edge in points from the left of the page; NULL for text
    top DOUBLE upper edge in points from the top of the page
    x1 DOUBLE right edge
    bottom DOUBLE lower edge
"""

RAW_TABLES: dict[str, RawTable] = {
    table.name: table
    for table in (
        _table(
            "document",
            "one row a document, read or set aside",
            _DOCUMENT_ID
            + """document_name VARCHAR file name
            media_type VARCHAR text or pdf
            size_bytes BIGINT size of the file
            page_count INT pages of a PDF; 1 for text
            reader_version VARCHAR fingerprint of the reader and its vocabulary
            status VARCHAR read or set_aside
            reason VARCHAR why it was set aside, or what is missing from it
            agency_name VARCHAR the publishing body, in the document's own words
            fiscal_year INT the year the document is about
            document_kind VARCHAR budget or final
            body_level VARCHAR department (部门) or unit (单位)
            region_name VARCHAR administrative division
            publication_date DATE date printed in the document
            source_url VARCHAR from the sidecar
            publisher VARCHAR from the sidecar
            is_new BOOLEAN read in this build""",
        ),
        _table(
            "document_name_alias",
            "one row a further file name of the same content",
            _DOCUMENT_ID + "document_name VARCHAR file name",
        ),
        _table(
            "page",
            "one row a page",
            _DOCUMENT_ID
            + """page_no INT page of a PDF, from 1; NULL for text
            status VARCHAR read or set_aside
            reason VARCHAR why it was set aside
            token_count INT numeric tokens on the page, counted by another road than the reader's""",
        ),
        _table(
            "table",
            "one row a printed table, empty ones included",
            _DOCUMENT_ID
            + _TABLE_NO
            + """table_title VARCHAR title as printed, without blanks
            title_line_no INT line of the title
            page_no INT first page
            last_page_no INT last page
            unit_text VARCHAR unit printed with the table; NULL if none
            agency_text VARCHAR agency line printed with the table
            form_code VARCHAR number of the form, such as 公开01表
            layout VARCHAR grid (cells drawn or tabbed), stream (bare text) or words (aligned words)
            row_count INT body rows
            column_count INT value columns
            source_token_count INT amounts in the source text of the table, counted by another road
            landed_token_count INT amounts landed
            note_text VARCHAR note below the table
            confidence VARCHAR high or low
            confidence_reason VARCHAR why it is low""",
        ),
        _table(
            "table_column",
            "one row a value column of a table",
            _DOCUMENT_ID
            + _TABLE_NO
            + """column_no INT place of the column, from 1
            lane_no INT which of the lists side by side, from 1
            column_path VARCHAR header texts from top to bottom, joined by /
            header_text VARCHAR the same texts, joined by blanks""",
        ),
        _table(
            "table_row",
            "one row a body row and lane with any text or number",
            _DOCUMENT_ID
            + _TABLE_NO
            + """row_no INT order below the header, from 1
            lane_no INT which of the lists side by side, from 1
            page_no INT page
            line_no INT line of the document
            row_code VARCHAR digits of the classification code, joined
            row_code_text VARCHAR the code as printed, where a level lacks a digit (301 2); NULL otherwise
            row_label VARCHAR label without blanks
            row_context VARCHAR the row's other texts, JSON object of header to text"""
            + _BOX,
        ),
        _table(
            "cell",
            "one row a number printed in a table body",
            _DOCUMENT_ID
            + _TABLE_NO
            + """row_no INT row of the table
            column_no INT column of the table
            lane_no INT which of the lists side by side, from 1
            page_no INT page
            line_no INT line of the document
            value_text VARCHAR the number as printed
            number_text VARCHAR plain decimal in the printed unit
            number_suffix VARCHAR what is printed right after it (%, 次, 万元)
            decimals INT digits printed after the point
            placement VARCHAR printed, inferred, ambiguous or ocr"""
            + _BOX,
        ),
        _table(
            "source_token",
            "one row an amount in the source text of a table, read by another road than the cells",
            _DOCUMENT_ID
            + _TABLE_NO
            + """token_no INT order in the table, from 1
            page_no INT page; NULL for text
            token_text VARCHAR the number as the text stream has it
            digits VARCHAR its digits alone
            x DOUBLE place of the token in points from the left of the page; NULL for text
            y DOUBLE place of the token in points from the top of the page""",
        ),
        _table(
            "unplaced",
            "one row a text that was not understood",
            _DOCUMENT_ID
            + """page_no INT page
            line_no INT line of the document
            table_no INT table, NULL outside of tables
            text VARCHAR the text
            reason VARCHAR why""",
        ),
        _table(
            "chapter",
            "one row a heading",
            _DOCUMENT_ID
            + """chapter_no INT order in the document, from 1
            parent_chapter_no INT the chapter it belongs to
            depth INT 1 for parts
            number_text VARCHAR printed numbering
            title VARCHAR heading without its numbering
            page_no INT page
            line_no INT line of the document""",
        ),
        _table(
            "sentence",
            "one row a sentence outside of tables",
            _DOCUMENT_ID
            + """sentence_no INT order in the document, from 1
            chapter_no INT chapter it stands in
            page_no INT page where it begins
            line_no INT line where it begins
            text VARCHAR the sentence, joined over line and page breaks
            x0 DOUBLE left edge of its part on that page, in points
            top DOUBLE upper edge of that part
            x1 DOUBLE right edge of that part
            bottom DOUBLE lower edge of that part""",
        ),
        _table(
            "claim",
            "one row an amount, percentage or count stated in the text",
            _DOCUMENT_ID
            + """claim_no INT order in the document, from 1
            sentence_no INT sentence it stands in
            claim_kind VARCHAR amount, percentage or count
            value_text VARCHAR the number as printed
            number_text VARCHAR plain decimal in the printed unit
            unit_text VARCHAR printed unit
            direction_text VARCHAR 增加, 减少, 增长, 下降, 持平 …
            period_text VARCHAR period words before it in the sentence
            subject_text VARCHAR clause before the number
            char_start INT first character in the sentence, from 0
            char_end INT character after the last""",
        ),
    )
}


def _fingerprint() -> str:
    """Changes when the reader or its vocabulary changes, so that landed results are read again."""
    here = Path(__file__).resolve().parent
    sources = sorted(
        path
        for path in [*here.glob("readers/*.py"), *here.glob("layout/*.py"), *here.glob("*.py")]
        if path.parent != here
        or path.stem in {"landing", "model", "vocabulary", "narrative", "identity", "privacy", "markers"}
    )
    names = (
        "layout_marker.csv",
        "form_column.csv",
        "narrative_marker.csv",
        "../reference/administrative_division.csv",
    )
    digest = hashlib.sha256(b"ocr" if pdf_ocr.available() else b"")
    for path in [*sources, *(CATALOGUE / name for name in names)]:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


READER_VERSION = _fingerprint()


# how files of office programs and archives begin: zip, the older binary files, rar, 7z, rich text
OFFICE = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"Rar!", b"7z\xbc\xaf", b"{\\rtf")
# how pictures begin: JPEG, PNG, GIF, TIFF in both orders of bytes
PICTURES = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"II*\0", b"MM\0*")
# every OFD is a zip with this file; the names in a zip are not packed
OFD_ENTRY = b"OFD.xml"


def read_document(path: Path) -> dict[str, list[dict[str, Any]]]:
    """The rows of one document, by name of raw table.

    The content decides the format, not the file's name.
    Raises UnreadableDocument with a reason for a person when nothing of it can be read.
    """
    data = path.read_bytes()
    document_id = hashlib.sha256(data).hexdigest()
    head = data[:1024].lstrip().lower()
    if b"%pdf-" in head:
        document = read_pdf(path, max_pages=current_limits().pages)
    elif data.startswith(PICTURES) or _is_bitmap(data):
        raise UnreadableDocument(
            "a picture: save it as PDF, which is read with the extra ocr (图片文件, 请另存为 PDF, 需安装 ocr)"
        )
    elif data.startswith(b"PK") and OFD_ENTRY in data:
        raise UnreadableDocument("an OFD file: export it as PDF (OFD 版式文件, 请导出为 PDF)")
    elif data.startswith(OFFICE):
        raise UnreadableDocument(
            "a Word, Excel or archive file: save it as PDF or as text (Office 或压缩文件, 请另存为 PDF)"
        )
    elif head.startswith((b"<!doctype html", b"<html", b"<?xml")):
        raise UnreadableDocument(
            "a web page, neither PDF nor plain text: save its text or its PDF (网页文件)"
        )
    else:
        document = read_text(data, document_id, path.name)
    if document.status != "read":
        raise UnreadableDocument(document.reason or "could not be read")
    return to_rows(document, len(data))


def _is_bitmap(data: bytes) -> bool:
    """BMP and WebP begin with letters that a text could begin with, too; numbers follow them."""
    is_bmp = data[:2] == b"BM" and data[6:10] == bytes(4)
    return is_bmp or (data[:4] == b"RIFF" and data[8:12] == b"WEBP")


def to_rows(document: Document, size_bytes: int) -> dict[str, list[dict[str, Any]]]:
    """Lay a document out and turn it into rows of the raw schema; personal numbers are masked."""
    if document.media_type == "pdf":
        add_word_grids(document)
    layout = lay_out(document, load_vocabulary())
    from_pictures = {line_no for page in document.pages for line_no in page.ocr_lines}
    for value in [v for table in layout.tables for v in table.values if v.line_no in from_pictures]:
        value.placement = "ocr"
    _place_as_shown(layout, document)
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in RAW_TABLES}
    identity = identify(document)
    set_aside = [p for p in document.pages if p.status != "read"]
    rows["document"].append(
        {
            "document_name": printable(document.document_name),
            "media_type": document.media_type,
            "size_bytes": size_bytes,
            "page_count": len(document.pages),
            "reader_version": READER_VERSION,
            "status": "read",
            "reason": f"pages set aside: {len(set_aside)}; {set_aside[0].reason}" if set_aside else None,
            "agency_name": identity.agency_name,
            "fiscal_year": identity.fiscal_year,
            "document_kind": identity.document_kind,
            "body_level": identity.body_level,
            "region_name": identity.region_name,
            "publication_date": identity.publication_date,
        }
    )
    rows["page"].extend(
        {"page_no": p.page_no, "status": p.status, "reason": p.reason, "token_count": p.token_count}
        for p in document.pages
    )
    rows["unplaced"].extend(
        {
            "page_no": p.page_no,
            "text": "\n".join(texts),
            "reason": reason,
        }
        for p in document.pages
        for texts, reason in (
            (p.hidden, "clipped away, seen by nobody (被裁剪, 页面上不可见)"),
            (p.marks, "a watermark behind the text (水印)"),
        )
        if texts
    )
    rows["unplaced"].extend(
        {"page_no": u.page_no, "line_no": u.line_no, "text": u.text, "reason": u.reason} for u in layout.stray
    )
    for table_no, table in enumerate(layout.tables, start=1):
        _add_table(rows, table_no, table)
    _add_narrative(rows, layout)
    for table_rows in rows.values():
        for row in table_rows:
            row["document_id"] = document.document_id
            for key, value in row.items():
                if key in _FREE_TEXT and isinstance(value, str):
                    row[key] = mask_personal_numbers(value)
    return rows


def _place_as_shown(layout: Layout, document: Document) -> None:
    """Boxes of pages that were turned to be read, as the pages are shown."""
    turned = {page.page_no: page for page in document.pages if page.turn}
    for table in layout.tables if turned else ():
        for row in table.rows:
            if row.page_no in turned and row.box is not None:
                row.box = turned[row.page_no].as_shown(row.box)
        for value in table.values:
            if value.page_no in turned and value.box is not None:
                value.box = turned[value.page_no].as_shown(value.box)
        for i, token in enumerate(table.source_tokens):
            if token.page_no in turned and token.x is not None and token.y is not None:
                box = turned[token.page_no].as_shown(Box(token.x, token.y, token.x, token.y))
                table.source_tokens[i] = replace(token, x=box.x0, y=box.top)


_FREE_TEXT = {
    "row_label",
    "row_context",
    "text",
    "note_text",
    "title",
    "subject_text",
    "table_title",
    "agency_text",
}


def _box(box: Box | None) -> dict[str, float | None]:
    if box is None:
        return {"x0": None, "top": None, "x1": None, "bottom": None}
    return {"x0": box.x0, "top": box.top, "x1": box.x1, "bottom": box.bottom}


def _add_table(rows: dict[str, list[dict[str, Any]]], table_no: int, table: Table) -> None:
    key = {"table_no": table_no}
    rows["table"].append(
        key
        | {
            "table_title": table.title or None,
            "title_line_no": table.title_line_no,
            "page_no": table.page_no,
            "last_page_no": table.last_page_no,
            "unit_text": table.unit or None,
            "agency_text": table.agency or None,
            "form_code": table.form_code or None,
            "layout": table.layout,
            "row_count": len({r.row_no for r in table.rows}),
            "column_count": len(table.columns),
            "source_token_count": len(table.source_tokens),
            "landed_token_count": table.landed_tokens,
            "note_text": table.note or None,
            "confidence": "low" if table.confidence_reason else "high",
            "confidence_reason": table.confidence_reason or None,
        }
    )
    rows["table_column"].extend(
        key | {"column_no": c.column_no, "lane_no": c.lane_no, "column_path": c.path, "header_text": c.header}
        for c in table.columns
    )
    rows["table_row"].extend(
        key
        | {
            "row_no": r.row_no,
            "lane_no": r.lane_no,
            "page_no": r.page_no,
            "line_no": r.line_no,
            "row_code": r.code or None,
            "row_code_text": r.code_text or None,
            "row_label": r.label or None,
            "row_context": json.dumps(r.context, ensure_ascii=False) if r.context else None,
        }
        | _box(r.box)
        for r in table.rows
    )
    rows["cell"].extend(
        key
        | {
            "row_no": v.row_no,
            "column_no": v.column_no,
            "lane_no": v.lane_no,
            "page_no": v.page_no,
            "line_no": v.line_no,
            "value_text": v.number.text,
            "number_text": v.number.plain,
            "number_suffix": v.number.suffix or None,
            "decimals": v.number.decimals,
            "placement": v.placement,
        }
        | _box(v.box)
        for v in table.values
    )
    rows["source_token"].extend(
        key
        | {"token_no": n, "page_no": t.page_no, "token_text": t.text, "digits": digits(t.text)}
        | {"x": t.x, "y": t.y}
        for n, t in enumerate(table.source_tokens, start=1)
    )
    rows["unplaced"].extend(
        key | {"page_no": u.page_no, "line_no": u.line_no, "text": u.text, "reason": u.reason}
        for u in table.unplaced
    )


def _add_narrative(rows: dict[str, list[dict[str, Any]]], layout: Layout) -> None:
    narrative = read_narrative(layout.lines)
    rows["chapter"].extend(_as_rows(narrative.chapters, "chapter"))
    rows["sentence"].extend(
        row | _box(sentence.box)
        for row, sentence in zip(_as_rows(narrative.sentences, "sentence"), narrative.sentences, strict=True)
    )
    rows["claim"].extend(_as_rows(narrative.claims, "claim"))


def _as_rows(items: Iterable[object], table: str) -> list[dict[str, Any]]:
    names = [c.name for c in RAW_TABLES[table].columns if c.name not in ("document_id", *_box(None))]
    return [{name: getattr(item, name) for name in names} for item in items]
