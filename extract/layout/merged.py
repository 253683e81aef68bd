"""Cells merged over several rows: what the rows below the first one lie under."""

from __future__ import annotations

from collections.abc import Sequence

from extract.layout.source import SourceRow
from extract.model import Cell
from extract.vocabulary import squeeze


def reaching_down(rows: Sequence[SourceRow]) -> list[dict[int, str]]:
    """For each row the texts, by column, of cells that begin in a row above and are merged over it.

    Only cells with a place on a page tell.
    """
    found: list[dict[int, str]] = []
    begun: dict[int, Cell] = {}
    page_no: int | None = None
    for row in rows:
        if row.page_no != page_no:
            begun, page_no = {}, row.page_no
        top = min((cell.box.top for cell in row.cells if cell.box is not None), default=None)
        over = {}
        for j, cell in enumerate(row.cells):
            if cell.text is not None:
                begun[j] = cell
            elif j in begun and top is not None:
                box, text = begun[j].box, squeeze(begun[j].text or "")
                if text and box is not None and box.bottom > top + 1:
                    over[j] = text
        found.append(over)
    return found
