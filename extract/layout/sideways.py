"""Tables too wide for a page: their further columns stand on a later page, beside no labels.

A spreadsheet prints such a table page by page, the rows of both pages at the same heights.
"""

from __future__ import annotations

from collections.abc import Sequence

from extract.layout.numbers import parse_amount
from extract.layout.source import SourceRow
from extract.model import Cell, Grid, GridRow
from extract.vocabulary import Vocabulary

# rows that begin on one height
_LEVEL = 1.5


def rows_beside(grid: Grid, others: Sequence[Grid], vocabulary: Vocabulary) -> dict[int, list[Cell]] | None:
    """The cells of a grid that goes on beside one of the others, by the lines of that one's rows."""
    if not _is_without_labels(grid, vocabulary):
        return None
    first = [cell.text for cell in grid.rows[0].cells if cell.text and cell.text.strip()]
    has_header = bool(first) and not any(parse_amount(t) or vocabulary.is_a("dash", t) for t in first)
    for other in others:
        # a header goes on beside a header
        lines = _matched(grid, other) if has_header == (other is others[0]) else None
        if lines is not None:
            return {
                line: [Cell(cell.text, cell.box, grid.page_no) for cell in row.cells]
                for line, row in zip(lines, grid.rows, strict=True)
            }
    return None


def widened(rows: list[SourceRow], parts: Sequence[dict[int, list[Cell]]]) -> list[SourceRow]:
    """The rows with the cells that go on beside them."""
    for part in parts:
        width = max(len(row.cells) for row in rows)
        more = max(map(len, part.values()))
        for row in rows:
            blank = [Cell("") for _ in range(width - len(row.cells))]
            row.cells = [*row.cells, *blank, *part.get(row.line_no, [Cell("") for _ in range(more)])]
    return rows


def _is_without_labels(grid: Grid, vocabulary: Vocabulary) -> bool:
    """Whether the rows below the header hold amounts alone; an empty form is a table of its own."""
    rows = [[cell.text for cell in row.cells if cell.text and cell.text.strip()] for row in grid.rows]
    amounts = [[bool(parse_amount(t)) or vocabulary.is_a("dash", t) for t in texts] for texts in rows]
    start = next((i for i, found in enumerate(amounts) if not found or any(found)), len(rows))
    return any(map(any, amounts)) and all(all(found) for found in amounts[start:])


def _matched(grid: Grid, other: Grid) -> list[int] | None:
    """For each row of the grid the line of the other's row at its height; None where there is none."""
    if other.page_no is None or grid.page_no is None or other.page_no >= grid.page_no:
        return None
    tops = [(_top(row), row.line_no) for row in other.rows]
    lines = []
    for row in grid.rows:
        here = _top(row)
        line = next(
            (no for top, no in tops if top is not None and here is not None and abs(top - here) < _LEVEL),
            None,
        )
        if line is None:
            return None
        lines.append(line)
    # a part of the header may be higher on one of the pages
    return lines if len(set(lines)) == len(lines) and len(lines) + 2 >= len(other.rows) else None


def _top(row: GridRow) -> float | None:
    return min((cell.box.top for cell in row.cells if cell.box is not None), default=None)
