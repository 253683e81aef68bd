"""From a document's blocks to its tables and the lines that belong to none.

Titles stand above a grid or inside its frame; a grid without a title or header of its own goes on with
the table before the page break.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from extract.layout.conservation import source_tokens, streams_of
from extract.layout.grid import (
    build_table,
    is_column_numbers,
    is_printed_again,
    looks_like_data,
    printed_texts,
    split_header,
)
from extract.layout.indicator import indicator_header_at, indicator_name_at
from extract.layout.numbers import parse_amount
from extract.layout.placement import evidence_of
from extract.layout.sideways import add_own_rows, is_without_labels, rows_beside, widened
from extract.layout.source import SourceRow
from extract.layout.stream import find_stream_tables
from extract.layout.surroundings import read_surroundings, set_title
from extract.layout.table import Table, Unplaced
from extract.model import Block, Box, Cell, Document, Grid, GridRow, Line
from extract.vocabulary import Vocabulary, normalise, squeeze

# an amount by its print, and words of a sentence
_AMOUNT = re.compile(r"[-－(（△]?\d[\d,，]*[.．]\d+[)）]?[%％]?")
_CELL = re.compile(r"[-－]?\d[\d,，.．]*\s*[|｜│]")
_SAID = re.compile(r"[，。；：]|\d\s*[亿万]?元|[亿万]元")
_UNIT = re.compile(r"[亿万]?元|[%％]|[个平台辆人次套亩]|[，；：]")
# how much of a line that was not understood is shown
_SHOWN = 500
_PAGE_IN_LINE = re.compile(r"[第共]\d{1,4}页|\d{1,4}/\d{1,4}(?:页|$)")
_PAGE_END = re.compile(r"[-—－–]\s*\d{1,3}\s*[-—－–]")
# lines above a grid in which its title, unit and agency are looked for
_REACH = 6


@dataclass(slots=True)
class Layout:
    """The tables in order, and the text lines outside them."""

    tables: list[Table] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    # rows of amounts in a document in which no table was found
    stray: list[Unplaced] = field(default_factory=list)


@dataclass(slots=True)
class _Open:
    """A table whose rows are still being collected."""

    table: Table
    rows: list[SourceRow]
    grids: list[Grid]
    # the lines above the first grid
    above: list[Line] = field(default_factory=list)
    # further columns that stand on later pages: the cells by the lines of their rows
    beside: list[dict[int, list[Cell]]] = field(default_factory=list)


def lay_out(document: Document, vocabulary: Vocabulary) -> Layout:
    """Find every table of the document and give its numbers their rows and columns."""
    layout = Layout()
    furniture = _running_lines(document, vocabulary)
    current: _Open | None = None
    pending: list[Line] = []
    collected: list[_Open] = []
    for block in _blocks(document, vocabulary):
        if isinstance(block, Line):
            pending.append(block)
            continue
        rows = _source_rows(block)
        above = [line for line in pending if line.text.strip() and _running_key(line.text) not in furniture]
        if current is not None and _widens(current, block, above, vocabulary):
            layout.lines.extend(pending)
        elif (
            current is not None
            and not (current.beside and is_without_labels(block, vocabulary))
            and _goes_on(current, rows, above, vocabulary)
        ):
            layout.lines.extend(pending)
            _append(current, rows, block, vocabulary)
        else:
            table = Table(page_no=block.page_no, last_page_no=block.page_no)
            used = _read_above(table, above, vocabulary)
            if current is not None and not above and _is_beside(current.grids[-1], block):
                _name_like(table, current.table)
            layout.lines.extend(line for line in pending if line not in used)
            is_marked = any(vocabulary.match("title_continued", line.text) for line in above)
            is_around = all(line in used or vocabulary.is_a("page_number_line", line.text) for line in above)
            if current is not None and _is_printed_again(
                current, table, rows, vocabulary, is_marked=is_marked, is_around=is_around
            ):
                _append(current, rows, block, vocabulary)
            else:
                current = _Open(table, rows, [block], above)
                collected.append(current)
        pending = []
    layout.lines.extend(pending)
    text_streams = streams_of(document)
    for item in collected:
        table = build_table(item.table, widened(item.rows, item.beside), vocabulary)
        table.first_line_no = item.rows[0].line_no
        table.last_line_no = item.rows[-1].line_no
        table.source_tokens = source_tokens(item.rows, table, text_streams)
        _doubt_nameless_rows(table)
        layout.tables.append(table)
    lines = layout.lines
    streams, layout.lines = find_stream_tables(
        lines,
        vocabulary,
        evidence_of(layout.tables),
        [rows.line_no for block in document.blocks() if isinstance(block, Grid) for rows in block.rows],
    )
    layout.tables = sorted([*layout.tables, *streams], key=lambda t: t.title_line_no or t.first_line_no)
    _read_notes(layout, vocabulary)
    _doubt_stray_rows(layout, document)
    layout.lines = _with_page_ends(layout, lines)
    return layout


def _with_page_ends(layout: Layout, lines: list[Line]) -> list[Line]:
    """Text outside of tables, with its page numbers: a sentence runs on over the blank lines around one."""
    ranges = [(table.title_line_no or table.first_line_no, table.last_line_no) for table in layout.tables]
    ends = [
        line
        for line in lines
        if line.page_no is None
        and _PAGE_END.fullmatch(line.text.strip())
        and not any(first <= line.line_no <= last for first, last in ranges)
    ]
    return sorted({*layout.lines, *ends}, key=lambda line: line.line_no) if ends else layout.lines


def _doubt_nameless_rows(table: Table) -> None:
    """Amounts of several rows of which none has a name or a code are those of rows printed elsewhere."""
    rows = {(value.row_no, value.lane_no) for value in table.values}
    if len(rows) < 2 or table.page_no is None or any(r.code or r.label or r.context for r in table.rows):
        return
    table.confidence_reason = table.confidence_reason or "amounts beside no names (金额旁无科目或项目名称)"
    for value in table.values:
        value.placement = "ambiguous"


def _doubt_stray_rows(layout: Layout, document: Document) -> None:
    """Rows of amounts that no table took are the loss of the table before them: said, not passed over."""
    grids: dict[int | None, list[Box]] = {}
    for block in document.blocks():
        if isinstance(block, Grid) and block.box is not None:
            grids.setdefault(block.page_no, []).append(block.box)
    for line in layout.lines:
        amounts = _bare_amounts(line)
        if not amounts or (amounts < 2 and not _stands_beside(line, grids.get(line.page_no, []))):
            continue
        table = max(
            (table for table in layout.tables if table.last_line_no <= line.line_no),
            key=lambda table: table.last_line_no,
            default=layout.tables[0] if layout.tables else None,
        )
        text = line.text if len(line.text) <= _SHOWN else line.text[:_SHOWN] + "…"
        (layout.stray if table is None else table.unplaced).append(
            Unplaced(text, "amounts outside of the table (表外金额)", line.line_no, line.page_no)
        )


def _bare_amounts(line: Line) -> int:
    """How many amounts a line prints as a row does: without a unit, and in no sentence."""
    if line.words:
        if any(_SAID.search(word.text) for word in line.words):
            return 0
        return sum(1 for word in line.words if _AMOUNT.fullmatch(word.text))
    if "。" in line.text:
        return 0
    if _CELL.fullmatch(line.text.strip()):
        # a cell of a table whose rows were not found
        return 2
    words = line.text.split()
    return sum(
        1
        for word, following in zip(words, [*words[1:], ""], strict=True)
        if _AMOUNT.fullmatch(word) and word[-1] not in "%％" and not _UNIT.match(following)
    )


def _stands_beside(line: Line, boxes: list[Box]) -> bool:
    """Whether a line stands on the left or the right of a table, or between its cells."""
    if line.box is None:
        return False
    middle = (line.box.top + line.box.bottom) / 2
    return any(box.top < middle < box.bottom for box in boxes)


def _is_beside(before: Grid, grid: Grid) -> bool:
    """Whether a grid stands on the right of the one before it, under the same lines."""
    if before.box is None or grid.box is None or before.page_no != grid.page_no:
        return False
    return before.box.x1 <= grid.box.x0 + 1 and before.box.bottom > grid.box.top


def _name_like(table: Table, named: Table) -> None:
    table.title, table.title_line_no, table.form_code = named.title, named.title_line_no, named.form_code
    table.unit, table.agency = named.unit, named.agency


def _blocks(document: Document, vocabulary: Vocabulary) -> Iterator[Block]:
    """The document's blocks; a grid with further titles inside its frame is several tables."""
    for block in document.blocks():
        if isinstance(block, Line):
            yield block
            continue
        if _is_contents(block, vocabulary):
            for row in block.rows:
                text = " ".join(squeeze(cell.text) for cell in row.cells if cell.text and cell.text.strip())
                if text:
                    yield Line(text, row.line_no, block.page_no)
            continue
        start = 0
        titles = [_is_inner_title(row, vocabulary) for row in block.rows]
        for i, row in enumerate(block.rows):
            # titles in a row are a list of tables, not tables
            inner = i > start and titles[i] and not titles[i - 1] and not any(titles[i + 1 : i + 2])
            line = len(row.cells) == 1 and _is_text_line(row.cells[0].text or "", vocabulary)
            # the form's number stands above its title
            end = i
            while inner and end > start and _is_form_code(block.rows[end - 1], vocabulary):
                end -= 1
            if inner and all(_is_sole_text(row) for row in block.rows[start:end]):
                # above the first title stand what opens it, and other lines
                yield from _as_lines(block.rows[start:end], block.page_no)
            elif (inner or line) and end > start:
                yield _part(block, start, end)
            if inner:
                start = end
            elif line:
                yield Line(row.cells[0].text or "", row.line_no, block.page_no)
                start = i + 1
        if start < len(block.rows):
            yield _part(block, start, len(block.rows)) if start else block


def _is_sole_text(row: GridRow) -> bool:
    texts = [cell.text for cell in row.cells if cell.text and cell.text.strip()]
    return not any(cell.box for cell in row.cells) and len(texts) < 2 and not any(map(parse_amount, texts))


def _as_lines(rows: list[GridRow], page_no: int | None) -> Iterator[Line]:
    for row in rows:
        if text := "".join(cell.text or "" for cell in row.cells).strip():
            yield Line(text, row.line_no, page_no)


def _part(grid: Grid, start: int, end: int) -> Grid:
    """Rows of a grid that is several tables, without the columns that only the others have."""
    rows = grid.rows[start:end]
    own = {j for row in rows for j, cell in enumerate(row.cells) if cell.box is not None or cell.text}
    if any(cell.box is not None for row in rows for cell in row.cells):
        rows = [replace(row, cells=[cell for j, cell in enumerate(row.cells) if j in own]) for row in rows]
    return replace(grid, rows=rows, token_count=None)


def _is_contents(grid: Grid, vocabulary: Vocabulary) -> bool:
    """A list of tables with their numbers and titles is no table: no amounts, and a title in most rows."""
    rows = [[cell.text for cell in row.cells if cell.text and cell.text.strip()] for row in grid.rows]
    if len(rows) < 3 or any(parse_amount(text) for row in rows for text in row[1:-1]):
        return False
    listed = [
        row
        for row in rows
        if len(row) > 1
        and (vocabulary.is_a("form_code_line", row[0]) or parse_amount(row[0]))
        and vocabulary.is_a("title_line", row[1])
    ]
    return len(listed) >= max(3, len(rows) - 2)


def _is_text_line(text: str, vocabulary: Vocabulary) -> bool:
    """A line between rows that is no row: a title, what stands around a table, or prose."""
    kinds = (
        "stream_title_line",
        "form_code_line",
        "unit_line",
        "agency_line",
        "sub_title_line",
        "note_line",
        "part_line",
    )
    return len(text) > 40 or "。" in text or any(vocabulary.is_a(kind, text) for kind in kinds)


def _is_form_code(row: GridRow | SourceRow, vocabulary: Vocabulary) -> bool:
    texts = [cell.text for cell in row.cells if cell.text and cell.text.strip()]
    return bool(texts) and all(vocabulary.is_a("form_code_line", text) for text in texts)


def _is_inner_title(row: GridRow | SourceRow, vocabulary: Vocabulary) -> bool:
    texts = [cell.text for cell in row.cells if cell.text and cell.text.strip()]
    titles = [
        t for t in texts if vocabulary.is_a("stream_title_line", t) and not vocabulary.is_a("note_line", t)
    ]
    return (
        len(row.cells) > 2
        and len(titles) == 1
        # a form's number on the left of a title is an entry in a list of tables
        and texts[0] == titles[0]
        and all(t in titles or vocabulary.is_a("form_code_line", t) for t in texts)
        and not vocabulary.is_a("name_header", titles[0])
    )


def _running_lines(document: Document, vocabulary: Vocabulary) -> set[str]:
    """Texts at the edge of most pages: running headers and footers, no titles of tables."""
    seen: Counter[str] = Counter()
    if len(document.pages) == 1:
        return _beside_page_numbers(document.pages[0].blocks, vocabulary)
    if len(document.pages) < 4:
        return set()
    for page in document.pages:
        lines = [b for b in page.blocks if isinstance(b, Line)]
        seen.update({_running_key(line.text) for line in (*lines[:2], *lines[-2:])})
    kinds = ("unit_line", "agency_line", "form_code_line")
    return {
        text
        for text, count in seen.items()
        if count * 2 > len(document.pages) and not any(vocabulary.is_a(k, text) for k in kinds)
    }


def _beside_page_numbers(blocks: list[Block], vocabulary: Vocabulary) -> set[str]:
    """Running headers and footers of a text whose pages left nothing but their numbers."""
    seen: Counter[str] = Counter()
    marks = [
        i
        for i, block in enumerate(blocks)
        if isinstance(block, Line) and vocabulary.is_a("page_number_line", block.text)
    ]
    for i in marks:
        near = [block for block in blocks[max(0, i - 1) : i + 2] if isinstance(block, Line)]
        seen.update({_running_key(line.text) for line in near})
    kinds = ("unit_line", "agency_line", "form_code_line", "stream_title_line")
    return {
        text
        for text, count in seen.items()
        if count > 3 and count * 2 > len(marks) and not any(vocabulary.is_a(kind, text) for kind in kinds)
    }


def _running_key(text: str) -> str:
    """A text at a page's edge without the page's own number (第12页), which differs from page to page."""
    return _PAGE_IN_LINE.sub("", squeeze(text))


def _widens(current: _Open, grid: Grid, above: list[Line], vocabulary: Vocabulary) -> bool:
    """Take the further columns of a table that is too wide for its page; False where the grid has none."""
    found = rows_beside(grid, current.grids, vocabulary)
    if found is None:
        return False
    lines = [
        *(line for line in above if not vocabulary.is_a("page_number_line", line.text)),
        *(
            Line(text, row.line_no, grid.page_no, _box_of(row))
            for row in found.above
            if (text := _text_of(row))
        ),
    ]
    titles: list[tuple[str, int]] = []
    around = Table()
    for line in lines:
        part = next((part for part in current.above if _is_level(part, line)), None)
        joined = squeeze(part.text) + squeeze(line.text) if part is not None else ""
        if part is not None and vocabulary.is_a("title_line", normalise(joined)):
            if vocabulary.is_a("title_line", normalise(part.text)):
                # the title of the page before is whole: this one is of another table
                return False
            titles.append((joined, part.line_no))
        elif not read_surroundings(normalise(line.text), around, vocabulary):
            return False
    for title, line_no in titles:
        set_title(current.table, title, line_no, vocabulary)
    current.table.unit = current.table.unit or around.unit
    current.table.agency = current.table.agency or around.agency
    current.table.form_code = current.table.form_code or around.form_code
    add_own_rows(current.rows, found)
    cells = found.cells
    known = next((other for other in current.beside if not other.keys() & cells.keys()), None)
    # the same columns beside the rows of the next page
    if known is not None and len(next(iter(known.values()))) == len(next(iter(cells.values()))):
        known.update(cells)
    else:
        current.beside.append(cells)
    if not grid.ruled:
        # where a group ends that the pages divide is not drawn
        current.table.confidence_reason = "columns on two pages without rules (无框线表格分页列示)"
    current.table.last_page_no = grid.page_no
    return True


def _is_level(one: Line, other: Line) -> bool:
    return one.box is not None and other.box is not None and abs(one.box.top - other.box.top) < 2


def _text_of(row: GridRow) -> str:
    return "".join(cell.text or "" for cell in row.cells).strip()


def _box_of(row: GridRow) -> Box | None:
    return next((cell.box for cell in row.cells if cell.box is not None), None)


def _append(current: _Open, rows: list[SourceRow], grid: Grid, vocabulary: Vocabulary) -> None:
    """Add the rows of a further page, its columns matched to the first page's by their places."""
    rows[0].resumes = True
    rows = _without_frame(current, rows, vocabulary)
    edges, others = _column_edges(current.rows), _column_edges(rows)
    if len(others) > len(edges) and all(any(abs(left - x0) < 3 for x0 in others) for left in edges):
        # the page before has none but wide cells of these columns
        for row in current.rows:
            _align(row, others)
    elif edges and max(len(r.cells) for r in rows) != len(edges):
        for row in rows:
            _align(row, edges)
    current.rows.extend(rows)
    current.grids.append(grid)
    current.table.last_page_no = grid.page_no


def _without_frame(current: _Open, rows: list[SourceRow], vocabulary: Vocabulary) -> list[SourceRow]:
    """The rows without those that open the table and are printed once more: title, unit, header, total.

    A line of the table may be like its first one: it stays.
    """
    _, body = split_header(current.rows, vocabulary)
    frame = len(current.rows) - len(body) + _opens_with_total(body, vocabulary)
    again = 0
    while again < min(len(rows) - 1, frame) and _texts(rows[again : again + 1]) == _texts(
        current.rows[again : again + 1]
    ):
        current.table.other_texts.extend(rows[again].texts())
        again += 1
    return rows[again:]


def _column_edges(rows: list[SourceRow]) -> list[float]:
    """The left edge of each column, from cells with a place; [] for text."""
    width = max(len(r.cells) for r in rows)
    edges: list[float | None] = [None] * width
    for row in rows:
        for j, cell in enumerate(row.cells):
            if cell.box is not None and (edges[j] is None or len(row.cells) == width):
                edges[j] = cell.box.x0
    return [e for e in edges if e is not None] if all(e is not None for e in edges) else []


def _align(row: SourceRow, edges: list[float]) -> None:
    cells = [Cell(None) for _ in edges]
    for cell in row.cells:
        if cell.box is None:
            continue
        j = min(range(len(edges)), key=lambda k: abs(edges[k] - cell.box.x0))  # type: ignore[union-attr]
        if cells[j].text:
            box = cells[j].box
            cells[j] = Cell(
                (cells[j].text or "") + (cell.text or ""), box.union(cell.box) if box else cell.box
            )
        else:
            cells[j] = cell
    row.cells = cells


def _source_rows(grid: Grid) -> list[SourceRow]:
    return [SourceRow(row.cells, row.line_no, grid.page_no) for row in grid.rows]


def _goes_on(current: _Open, rows: list[SourceRow], above: list[Line], vocabulary: Vocabulary) -> bool:
    """Whether a grid continues the table before it: nothing but page furniture between, and no new header."""
    if any(not vocabulary.is_a("page_number_line", line.text) for line in above):
        return False
    if all(_is_inner_title(row, vocabulary) for row in current.rows):
        # the title alone stood at the foot of the page
        return True
    first = next((row for row in rows if row.filled()), None)
    if first is None:
        return True
    if (
        not _same_width(current.rows, rows)
        and not _among_columns(current, rows)
        and not _is_set_anew(current, rows, vocabulary)
    ):
        return False
    if _is_list_header(first, vocabulary) and _is_header_of(first, current.rows):
        return True
    texts = [row.text(j) for row in rows[:1] for j in row.filled()]
    if len(texts) <= 3 and any(
        vocabulary.is_a("unit_line", t) or vocabulary.is_a("agency_line", t) for t in texts
    ):
        return _is_frame_again(current.rows, rows, vocabulary)
    if (
        0 < len(texts) < 3
        and len(first.cells) > 2
        and any(vocabulary.is_a("stream_title_line", t) and not parse_amount(t) for t in texts)
    ):
        return _is_frame_again(current.rows, rows, vocabulary)
    if indicator_header_at(current.rows, vocabulary) and indicator_header_at(rows, vocabulary):
        # keys and values above indicators once more: the form of the next project
        return False
    repeated = _is_header_of(first, current.rows)
    if not repeated and _is_form_code(first, vocabulary):
        return False
    return repeated or not _opens_header(rows, vocabulary)


def _is_header_of(row: SourceRow, rows: list[SourceRow]) -> bool:
    """Whether a row is one of the first rows of a table once more."""
    return is_printed_again(row, rows[:4])


def _is_set_anew(current: _Open, rows: list[SourceRow], vocabulary: Vocabulary) -> bool:
    """Whether a grid without rulings has the table's header and columns, as wide as its own words are."""
    if any(grid.ruled for grid in current.grids) or len(rows[0].cells) != len(current.rows[0].cells):
        return False
    return len(rows[0].filled()) > 1 and _is_frame_again(current.rows, rows, vocabulary)


def _is_list_header(row: SourceRow, vocabulary: Vocabulary) -> bool:
    """The header of a list of indicators with their projects beside them, no form of keys and values."""
    return indicator_name_at(row, vocabulary) is not None


def _among_columns(current: _Open, rows: list[SourceRow]) -> bool:
    """Whether a grid at the top of the next page has some of the table's columns, up to its right edge.

    Cells merged over a page break are open at the top: on the next page the frame begins behind them.
    """
    edges, others = _outer_edges(current.rows), _outer_edges(rows)
    page_no, last_page_no = rows[0].page_no, current.table.last_page_no
    if edges is None or others is None or page_no is None or page_no != (last_page_no or 0) + 1:
        return False
    if abs(edges[1] - others[1]) > 6 or others[0] < edges[0] - 6:
        return False
    known = {cell.box.x0 for row in current.rows for cell in row.cells if cell.box is not None}
    lefts = {cell.box.x0 for row in rows for cell in row.cells if cell.box is not None}
    return len(lefts) > 2 and all(any(abs(left - x0) < 3 for x0 in known) for left in lefts)


def _same_width(before: list[SourceRow], rows: list[SourceRow]) -> bool:
    """As many columns, or for drawn tables the same outer edges."""
    edges, others = _outer_edges(before), _outer_edges(rows)
    if edges and others:
        return abs(edges[0] - others[0]) < 6 and abs(edges[1] - others[1]) < 6
    return abs(max(len(r.cells) for r in rows) - max(len(r.cells) for r in before)) <= 1


def _outer_edges(rows: list[SourceRow]) -> tuple[float, float] | None:
    boxes = [cell.box for row in rows for cell in row.cells if cell.box is not None]
    return (min(b.x0 for b in boxes), max(b.x1 for b in boxes)) if boxes else None


def _is_printed_again(
    current: _Open,
    table: Table,
    rows: list[SourceRow],
    vocabulary: Vocabulary,
    *,
    is_marked: bool,
    is_around: bool,
) -> bool:
    """Whether title and header are those of the table on the page before, so that its rows go on.

    A total row that comes again begins a table of its own: one per unit, say. What is marked as going on
    (续表) needs no header. Where nothing but the unit and the body stand above, the header is enough.
    """
    if not (table.title or is_marked or is_around):
        return False
    if table.title and table.title != current.table.title:
        return False
    if table.form_code != current.table.form_code and not (is_marked and not table.form_code):
        return False
    if table.page_no is None or current.table.last_page_no is None:
        # a text has no pages: the body is the same, and the list does not begin anew
        if table.agency != current.table.agency or _begins_alike(current.rows, rows, vocabulary):
            return False
    elif table.page_no > current.table.last_page_no + 1:
        return False
    if indicator_header_at(rows, vocabulary) is not None or not _same_width(current.rows, rows):
        return False
    if is_marked:
        return True
    header, body = split_header(rows, vocabulary)
    before, body_before = split_header(current.rows, vocabulary)
    if not header or _texts(header) != _texts(before[: len(header)]):
        return False
    return not (_opens_with_total(body, vocabulary) and _opens_with_total(body_before, vocabulary))


def _begins_alike(before: list[SourceRow], rows: list[SourceRow], vocabulary: Vocabulary) -> bool:
    """Whether the first row of two bodies has the same words."""
    first, other = (split_header(part, vocabulary)[1][:1] for part in (before, rows))
    words = [
        [t for row in part for t in printed_texts(row) if not parse_amount(t)] for part in (first, other)
    ]
    return not words[0] or words[0] == words[1]


def _is_frame_again(before: list[SourceRow], rows: list[SourceRow], vocabulary: Vocabulary) -> bool:
    """Whether the rows up to the header, the title's among them, are those of the table that goes on."""
    header, body = split_header(rows, vocabulary)
    _, body_before = split_header(before, vocabulary)
    if not body or _texts(header) != _texts(before[: len(header)]):
        return False
    return not (_opens_with_total(body, vocabulary) and _opens_with_total(body_before, vocabulary))


def _texts(rows: list[SourceRow]) -> list[tuple[str, ...]]:
    return [*map(printed_texts, rows)]


def _opens_with_total(part: list[SourceRow], vocabulary: Vocabulary) -> bool:
    return bool(part) and any(vocabulary.is_a("total_label", part[0].text(j)) for j in part[0].filled())


def _opens_header(rows: list[SourceRow], vocabulary: Vocabulary) -> bool:
    first = rows[0]
    filled = first.filled()
    if any(parse_amount(first.text(j)) for j in filled) or is_column_numbers(first, vocabulary):
        return False
    kinds = ("name_header", "code_header", "side_header")
    if len(filled) == 1 and len(first.cells) > 2 and vocabulary.is_a("side_header", first.text(filled[0])):
        # the end of a label that a page break cut
        return False
    return any(
        vocabulary.is_a(kind, first.text(j)) for kind in kinds for j in filled
    ) and not looks_like_data(first, [], vocabulary)


def _read_above(table: Table, above: list[Line], vocabulary: Vocabulary) -> list[Line]:
    """Title, unit, agency and form number from the lines above; returns the lines that were used."""
    used: list[Line] = []
    near = above[-_REACH:]
    title: str | None = None
    title_line_no = 0
    for at in range(len(near) - 1, -1, -1):
        line = near[at]
        plain = normalise(line.text)
        if title is None:
            if read_surroundings(plain, table, vocabulary) or _read_unit_apart(line, table, vocabulary):
                used.append(line)
                continue
            if vocabulary.is_a("page_number_line", plain):
                continue
            if plain.endswith("："):
                title, lines = _lead_in(above[: len(above) - len(near) + at + 1], vocabulary)
                title_line_no = lines[0].line_no
                break
            title, lines = _title_at(near, at, vocabulary)
            if title is None:
                break
            used.extend(lines)
            title_line_no = lines[0].line_no
        elif line in used:
            continue
        elif vocabulary.is_a("form_code_line", plain):
            table.form_code = table.form_code or plain
            used.append(line)
        elif read_surroundings(plain, table, vocabulary):
            used.append(line)
        else:
            break
    if title:
        set_title(table, title, title_line_no, vocabulary)
    return used


def _read_unit_apart(line: Line, table: Table, vocabulary: Vocabulary) -> bool:
    """The bare unit at the end of a line with a name: 341-某局 … 万元."""
    name, _, unit = line.text.strip().rpartition(" ")
    if not name or len(name) > 40 or "。" in name or not vocabulary.is_a("unit_word", unit):
        return False
    table.unit = normalise(unit)
    return True


def _lead_in(lines: list[Line], vocabulary: Vocabulary) -> tuple[str, list[Line]]:
    """The sentence that leads to a table without a title: …的单位包括： It stays in the text as well."""
    part = [lines[-1]]
    for line in reversed(lines[max(0, len(lines) - 4) : -1]):
        plain = normalise(line.text)
        if vocabulary.is_a("page_number_line", plain):
            continue
        if vocabulary.is_a("heading_line", part[0].text) or vocabulary.is_a("heading_line", plain):
            break
        if plain[-1:] in "。：；" or len(plain) < 12:
            break
        part.insert(0, line)
    return "".join(squeeze(line.text) for line in part).rstrip("：:"), part


def _title_at(lines: list[Line], at: int, vocabulary: Vocabulary) -> tuple[str | None, list[Line]]:
    """The title that ends on line `at`, with the lines before it where it is wrapped."""
    text = squeeze(lines[at].text)
    if vocabulary.is_a("part_line", text):
        return None, []
    for count in (1, 2, 3):
        if count > at + 1:
            break
        part = lines[at + 1 - count : at + 1]
        joined = "".join(squeeze(line.text) for line in part)
        plain = normalise(joined)
        if (
            plain.count("（") == plain.count("）")
            and vocabulary.is_a("title_line", plain)
            and "。" not in plain
        ):
            opening = at - count
            if opening >= 0 and _opens_title(lines[opening], part[0], vocabulary):
                return squeeze(lines[opening].text) + joined, [lines[opening], *part]
            return joined, part
    if _may_title(normalise(text)):
        return text, [lines[at]]
    return None, []


def _opens_title(upper: Line, line: Line, vocabulary: Vocabulary) -> bool:
    """Whether a line is the first half of the title below it: as large, as centred, and broken off."""
    plain = normalise(upper.text)
    if upper.box is None or line.box is None or upper.page_no != line.page_no:
        return False
    if not vocabulary.is_a("title_opening", plain) or vocabulary.is_a("heading_line", plain):
        return False
    high, low = upper.box.bottom - upper.box.top, line.box.bottom - line.box.top
    return (
        abs(high - low) < 0.1 * low
        and -0.5 * low < line.box.top - upper.box.bottom < low
        and abs(upper.box.x0 + upper.box.x1 - line.box.x0 - line.box.x1) < low
    )


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
