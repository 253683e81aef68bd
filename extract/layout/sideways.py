"""Tables too wide for a page: their further columns stand on a later page, beside no labels.

A spreadsheet prints such a table page by page, the rows of both pages at the same heights. What is merged
over the cut, a title or the header of a group, is printed in part on both pages or on one of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from extract.layout.numbers import parse_amount
from extract.layout.source import SourceRow
from extract.model import Box, Cell, Grid, GridRow
from extract.vocabulary import Vocabulary

# rows that begin on one height
_LEVEL = 1.5


@dataclass(frozen=True, slots=True)
class Beside:
    """The cells that go on beside the rows of a table, by the lines of those.

    Rows of the header that only the further columns have are rows of their own. `above` are the rows of the
    frame over the header: parts of the title, the unit.
    """

    cells: dict[int, list[Cell]]
    own_rows: list[GridRow]
    above: list[GridRow]


def rows_beside(grid: Grid, others: Sequence[Grid], vocabulary: Vocabulary) -> Beside | None:
    """The cells of a grid that goes on beside one of the others, by the lines of that one's rows."""
    start = _first_amounts(grid, vocabulary)
    if start is None:
        return None
    for other in others:
        # a header goes on beside a header
        if any(_texts(row) for row in grid.rows[:start]) == (other is others[0]):
            found = _matched(grid, start, other)
            if found is not None:
                return found
    return None


def add_own_rows(rows: list[SourceRow], found: Beside) -> None:
    """Put the rows of the header that only the further columns have where they stand."""
    own = {row.line_no for row in found.own_rows}
    before: int | None = None
    for line in found.cells:
        if line in own:
            at = next((i + 1 for i, row in enumerate(rows) if row.line_no == before), 0)
            width = len(rows[at - 1].cells)
            rows.insert(at, SourceRow([Cell(None) for _ in range(width)], line, rows[0].page_no))
        before = line


def widened(rows: list[SourceRow], parts: Sequence[dict[int, list[Cell]]]) -> list[SourceRow]:
    """The rows with the cells that go on beside them."""
    for part in parts:
        width = max(len(row.cells) for row in rows)
        more = max(map(len, part.values()))
        for row in rows:
            blank = [Cell("") for _ in range(width - len(row.cells))]
            row.cells = [*row.cells, *blank, *part.get(row.line_no, [Cell("") for _ in range(more)])]
        _join_headers(rows, width)
    if not parts:
        # the further columns may be missing
        _join_headers(rows, max(len(row.cells) for row in rows))
    return rows


def is_without_labels(grid: Grid, vocabulary: Vocabulary) -> bool:
    """Whether the rows below the header hold amounts alone."""
    return _first_amounts(grid, vocabulary) is not None


def _texts(row: GridRow) -> list[str]:
    return [cell.text for cell in row.cells if cell.text and cell.text.strip()]


def _first_amounts(grid: Grid, vocabulary: Vocabulary) -> int | None:
    """The first row of amounts, where the rows from there on hold nothing else; None if they do.

    An empty form is a table of its own.
    """
    rows = [_texts(row) for row in grid.rows]
    amounts = [[bool(parse_amount(t)) or vocabulary.is_a("dash", t) for t in texts] for texts in rows]
    start = next((i for i, found in enumerate(amounts) if any(found)), None)
    return start if start is not None and all(map(all, amounts[start:])) else None


def _matched(grid: Grid, start: int, other: Grid) -> Beside | None:
    """The grid's rows beside those of the other one at their heights; None where there are none."""
    if other.page_no is None or grid.page_no is None or other.page_no >= grid.page_no:
        return None
    found = Beside({}, [], [])
    lines = [(row.line_no, _ends(row)) for row in other.rows]
    alone = {row.line_no for row in other.rows if len(_texts(row)) == 1}
    for i, row in enumerate(grid.rows):
        here = _ends(row)
        if here is None:
            return None
        free = ((no, ends) for no, ends in lines if ends is not None and no not in found.cells)
        line = next((no for no, ends in free if _is_level(here, ends)), None)
        cells = [Cell(cell.text, cell.box, grid.page_no) for cell in row.cells]
        if line in alone and i < start and len(_texts(row)) == 1 and not found.cells:
            # parts of a title in frames of their own
            return None
        if line is not None:
            found.cells[line] = cells
        elif i >= start:
            return None
        elif not found.cells and len(_texts(row)) < 2:
            found.above.append(row)
        else:
            found.cells[row.line_no] = cells
            found.own_rows.append(row)
    # a part of the header may be higher on one of the pages, and only rules show an empty row
    is_whole = len(found.cells) - len(found.own_rows) + 2 >= len(other.rows)
    is_enough = len(grid.rows) - start > 2 if not grid.ruled else is_whole
    return found if is_enough and len(found.own_rows) < 3 else None


def _ends(row: GridRow) -> tuple[float, float] | None:
    boxes = [cell.box for cell in row.cells if cell.box is not None]
    return (min(box.top for box in boxes), min(box.bottom for box in boxes)) if boxes else None


def _is_level(one: tuple[float, float], other: tuple[float, float]) -> bool:
    """Whether two rows begin, end or have their middles on one height: labels may have more lines."""
    middles = abs(sum(one) - sum(other)) / 2
    return min(abs(one[0] - other[0]), abs(one[1] - other[1]), middles) < _LEVEL


class _Header:
    """The header of a table whose columns were joined at the column `at`."""

    def __init__(self, rows: list[SourceRow], at: int) -> None:
        end = next((i for i, row in enumerate(rows) if any(map(parse_amount, row.texts()))), len(rows))
        self.rows, self.at = rows[:end], at
        self.width = max(len(row.cells) for row in rows)
        self.middles: list[float | None] = []
        for j in range(self.width):
            boxes = [row.cells[j].box for row in rows if j < len(row.cells)]
            known = [box for box in boxes if box is not None]
            narrow = min(known, key=lambda box: box.x1 - box.x0, default=None)
            self.middles.append((narrow.x0 + narrow.x1) / 2 if narrow else None)
        self.tops = [
            min((cell.box.top for cell in row.cells if cell.box is not None), default=None)
            for row in self.rows
        ]

    def text(self, i: int, j: int) -> str:
        return self.rows[i].text(j).strip()

    def is_group(self, j: int, i: int) -> bool:
        """Whether a header stands below this place."""
        return any(self.text(k, j) for k in range(i + 1, len(self.rows)))

    def cover(self, i: int, j: int) -> tuple[int, int] | None:
        """The cell that is drawn over a place."""
        middle, top = self.middles[j], self.tops[i]
        for k in range(i + 1):
            for column, cell in enumerate(self.rows[k].cells):
                if cell.box is None or (column < self.at) != (j < self.at) or middle is None or top is None:
                    continue
                if cell.box.x0 < middle < cell.box.x1 and cell.box.top < top + _LEVEL < cell.box.bottom:
                    return k, column
        return None

    def is_open(self, i: int, j: int) -> bool:
        """Whether no cell is drawn at a place over a header: its rules are on another page."""
        if not 0 <= j < self.width or self.text(i, j) or self.middles[j] is None or self.tops[i] is None:
            return False
        return self.is_group(j, i) and self.cover(i, j) is None


def _join_headers(rows: list[SourceRow], at: int) -> None:
    """Make one of the header of a group whose columns the end of a page divides, in its first column."""
    header = _Header(rows, at)
    if any(len(row.cells) < header.width for row in header.rows):
        return
    _part_levels(header)
    for i, row in enumerate(header.rows):
        first, last = at, at
        while header.is_open(i, first - 1):
            first -= 1
        while header.is_open(i, last):
            last += 1
        if first < at:
            # its text stands on the later page alone
            if last < header.width and header.text(i, last) and header.is_group(last, i):
                row.cells[first], row.cells[last] = replace(row.cells[last], box=None), Cell(None)
            continue
        place = header.cover(i, at - 1)
        if place is None or place[0] != i or not header.text(*place) or not header.is_group(at - 1, i):
            continue
        start = place[1]
        while header.is_open(i, start - 1):
            start -= 1
        cell = row.cells[place[1]]
        row.cells[place[1]] = Cell(None)
        is_cut = start < place[1] and header.text(i, at) and header.is_group(at, i)
        if is_cut:
            cell = replace(cell, text=(cell.text or "") + (row.cells[at].text or ""))
            row.cells[at] = Cell(None)
        goes_on = is_cut or last > at or start < place[1]
        row.cells[start] = replace(cell, box=None if goes_on else cell.box)


def _part_levels(header: _Header) -> None:
    """Part a cell at the end of a page whose lines are the headers of several open levels."""
    j = header.at - 1
    for i, row in enumerate(header.rows):
        box, lines = row.cells[j].box, (row.cells[j].text or "").split("\n")
        if box is None or len(lines) < 2 or not header.is_group(j, i):
            continue
        levels = [
            k for k, top in enumerate(header.tops) if top is not None and box.top - 1 < top < box.bottom - 1
        ]
        if len(levels) != len(lines) or not all(header.is_open(k, j - 1) for k in levels):
            continue
        ends = [*(header.tops[k] or 0.0 for k in levels[1:]), box.bottom]
        for k, line, bottom in zip(levels, lines, ends, strict=True):
            part = Box(box.x0, header.tops[k] or 0.0, box.x1, bottom)
            header.rows[k].cells[j] = Cell(line, part, row.cells[j].page_no)
