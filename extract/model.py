"""What every reader returns: Document → Page → blocks of lines and grids, in reading order.

Readers know where text stands; `extract.layout` turns lines and grids into tables.
Coordinates are PDF points from the top left of the upright page; text formats have none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

# what counts as one numeric token wherever source and reader are compared
NUMBER_TOKEN = re.compile(r"[0-9０-９]+(?:[.,，．][0-9０-９]+)*")


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page: `x0 <= x1`, `top <= bottom`."""

    x0: float
    top: float
    x1: float
    bottom: float

    def union(self, other: Box) -> Box:
        return Box(
            min(self.x0, other.x0),
            min(self.top, other.top),
            max(self.x1, other.x1),
            max(self.bottom, other.bottom),
        )


@dataclass(frozen=True, slots=True)
class Word:
    """A run of characters without blanks, with its place."""

    text: str
    box: Box


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line of text outside of any grid."""

    text: str
    line_no: int  # from 1 through the whole document, shared with grid rows
    page_no: int | None = None
    box: Box | None = None
    words: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a grid. `text is None` marks a place covered by a merged neighbour."""

    text: str | None
    box: Box | None = None
    # where that is not the page of its row
    page_no: int | None = None


@dataclass(slots=True)
class GridRow:
    cells: list[Cell]
    line_no: int
    # the printed lines of a row that holds several because no rule stands between them
    lines: tuple[Line, ...] = ()


@dataclass(slots=True)
class Grid:
    """Rows of cells as printed: drawn by rulings, or by tabs in text. Rows may differ in length."""

    rows: list[GridRow]
    page_no: int | None = None
    box: Box | None = None
    # True when every column boundary was drawn, so that a cell's place needs no second thought
    ruled: bool = False
    # 'ocr' when the cells were read from a picture
    placement: str = "printed"
    # numeric tokens inside the frame, counted by another road than the cells; None = not counted
    token_count: int | None = None


Block = Line | Grid


@dataclass(slots=True)
class Page:
    """One page. `status` is `read`, or `set_aside` with a reason for a person."""

    page_no: int | None
    blocks: list[Block] = field(default_factory=list)
    status: str = "read"
    reason: str | None = None
    # numeric tokens counted by another road than the one that made the blocks; None = not counted
    token_count: int | None = None
    # those tokens with the places of their middles
    tokens: list[tuple[str, float, float]] | None = None
    ocr_lines: set[int] = field(default_factory=set)  # numbers of lines and rows read from a picture
    # texts that are drawn and clipped away: in the file, but seen by nobody
    hidden: list[str] = field(default_factory=list)
    # large texts behind the others: watermarks
    marks: list[str] = field(default_factory=list)
    # by how many degrees the page was turned clockwise to read it, and its size as turned
    turn: int = 0
    size: tuple[float, float] = (0.0, 0.0)

    def as_shown(self, box: Box) -> Box:
        """A box of the page as read, on the page as it is shown."""
        width, height = self.size
        if self.turn == 90:
            return Box(box.top, width - box.x1, box.bottom, width - box.x0)
        if self.turn == 180:
            return Box(width - box.x1, height - box.bottom, width - box.x0, height - box.top)
        if self.turn == 270:
            return Box(height - box.bottom, box.x0, height - box.top, box.x1)
        return box


@dataclass(slots=True)
class Document:
    """A document as read. `document_id` is the sha256 of its bytes."""

    document_id: str
    document_name: str
    media_type: str  # text, pdf
    pages: list[Page] = field(default_factory=list)
    status: str = "read"
    reason: str | None = None

    def blocks(self) -> list[Block]:
        return [block for page in self.pages for block in page.blocks]
