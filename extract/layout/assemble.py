"""From a document's blocks to its tables and the lines that belong to none.

Titles stand above a grid or inside its frame; a grid without a title or header of its own goes on with
the table before the page break.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from extract.layout.conservation import count_source_tokens
from extract.layout.grid import SourceRow, build_table, is_column_numbers, looks_like_data
from extract.layout.numbers import parse_amount
from extract.layout.placement import evidence_of
from extract.layout.stream import find_stream_tables
from extract.layout.surroundings import read_surroundings
from extract.layout.table import Table
from extract.model import Document, Grid, Line
from extract.vocabulary import Vocabulary, normalise, squeeze

# lines above a grid in which its title, unit and agency are looked for
_REACH = 6


@dataclass(slots=True)
class Layout:
    """The tables in order, and the text lines outside them."""

    tables: list[Table] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)


@dataclass(slots=True)
class _Open:
    """A table whose rows are still being collected."""

    table: Table
    rows: list[SourceRow]


def lay_out(document: Document, vocabulary: Vocabulary) -> Layout:
    """Find every table of the document and give its numbers their rows and columns."""
    layout = Layout()
    current: _Open | None = None
    pending: list[Line] = []
    collected: list[_Open] = []
    for block in document.blocks():
        if isinstance(block, Line):
            pending.append(block)
            continue
        rows = _source_rows(block)
        above = [line for line in pending if line.text.strip()]
        if current is not None and _goes_on(current, rows, above, vocabulary):
            layout.lines.extend(pending)
            rows[0].resumes = True
            current.rows.extend(rows)
            current.table.last_page_no = block.page_no
        else:
            table = Table(page_no=block.page_no, last_page_no=block.page_no)
            used = _read_above(table, above, vocabulary)
            layout.lines.extend(line for line in pending if line not in used)
            current = _Open(table, rows)
            collected.append(current)
        pending = []
    layout.lines.extend(pending)
    for item in collected:
        table = build_table(item.table, item.rows, vocabulary)
        table.first_line_no = item.rows[0].line_no
        table.last_line_no = item.rows[-1].line_no
        table.source_tokens = count_source_tokens(item.rows, table)
        layout.tables.append(table)
    streams, layout.lines = find_stream_tables(layout.lines, vocabulary, evidence_of(layout.tables))
    layout.tables = sorted([*layout.tables, *streams], key=lambda t: t.title_line_no or t.first_line_no)
    _read_notes(layout, vocabulary)
    return layout


def _source_rows(grid: Grid) -> list[SourceRow]:
    return [SourceRow(row.cells, row.line_no, grid.page_no) for row in grid.rows]


def _goes_on(current: _Open, rows: list[SourceRow], above: list[Line], vocabulary: Vocabulary) -> bool:
    """Whether a grid continues the table before it: nothing but page furniture between, and no new header."""
    if any(not vocabulary.is_a("page_number_line", line.text) for line in above):
        return False
    first = next((row for row in rows if row.filled()), None)
    if first is None:
        return True
    width, last_width = len(first.cells), max(len(r.cells) for r in current.rows)
    if abs(width - last_width) > 1:
        return False
    texts = [row.text(j) for row in rows[:1] for j in row.filled()]
    if len(texts) <= 3 and any(
        vocabulary.is_a("unit_line", t) or vocabulary.is_a("agency_line", t) for t in texts
    ):
        return False
    repeated = tuple(map(squeeze, first.texts())) in {
        tuple(map(squeeze, r.texts())) for r in current.rows[:4]
    }
    return repeated or not _opens_header(rows, vocabulary)


def _opens_header(rows: list[SourceRow], vocabulary: Vocabulary) -> bool:
    first = rows[0]
    filled = first.filled()
    if any(parse_amount(first.text(j)) for j in filled) or is_column_numbers(first, vocabulary):
        return False
    kinds = ("name_header", "code_header", "side_header")
    return any(
        vocabulary.is_a(kind, first.text(j)) for kind in kinds for j in filled
    ) and not looks_like_data(first, [], vocabulary)


def _read_above(table: Table, above: list[Line], vocabulary: Vocabulary) -> list[Line]:
    """Title, unit, agency and form number from the lines above; returns the lines that were used."""
    used: list[Line] = []
    title_parts: list[Line] = []
    for line in reversed(above[-_REACH:]):
        plain = normalise(line.text)
        if not title_parts and read_surroundings(plain, table, vocabulary):
            used.append(line)
            continue
        if vocabulary.is_a("page_number_line", plain):
            continue
        if not title_parts and (vocabulary.is_a("title_line", plain) or _may_title(plain)):
            title_parts.append(line)
            used.append(line)
            continue
        if title_parts and vocabulary.is_a("form_code_line", plain):
            table.form_code = table.form_code or plain
            used.append(line)
            continue
        break
    if title_parts:
        title = squeeze(title_parts[0].text)
        prefix = vocabulary.match("form_code_prefix", title)
        if prefix and prefix.start() == 0 and len(title) > prefix.end() + 2:
            table.form_code = table.form_code or prefix[0]
            title = title[prefix.end() :]
        table.title, table.title_line_no = title, title_parts[0].line_no
    return used


def _may_title(plain: str) -> bool:
    return 4 <= len(plain) <= 40 and not any(stop in plain for stop in "。；，") and not plain[-1].isdigit()


def _read_notes(layout: Layout, vocabulary: Vocabulary) -> None:
    """Notes below a table (注：…, 空表说明) are the table's own; they stay in the text as well."""
    starts = [t.title_line_no or t.first_line_no for t in layout.tables[1:]] + [10**9]
    for table, next_start in zip(layout.tables, starts, strict=False):
        near = [line for line in layout.lines if table.last_line_no < line.line_no < next_start][:3]
        for line in near:
            if vocabulary.is_a("note_line", line.text):
                table.note += line.text.strip()
            elif table.note or not vocabulary.is_a("page_number_line", line.text):
                break
