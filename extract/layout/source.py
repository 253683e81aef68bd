"""A table as printed: its rows of cells, and the amounts that its text holds."""

from __future__ import annotations

from dataclasses import dataclass

from extract.model import Cell


@dataclass(slots=True)
class SourceRow:
    """One printed row of a grid with its page; `resumes` marks the first row after a break."""

    cells: list[Cell]
    line_no: int
    page_no: int | None = None
    resumes: bool = False

    def text(self, j: int) -> str:
        return (self.cells[j].text or "") if j < len(self.cells) else ""

    def texts(self) -> list[str]:
        return [cell.text or "" for cell in self.cells]

    def filled(self) -> list[int]:
        return [j for j, cell in enumerate(self.cells) if (cell.text or "").strip()]


@dataclass(frozen=True, slots=True)
class SourceToken:
    """An amount as the source prints it, with the middle of its first character where that is known."""

    text: str
    page_no: int | None = None
    x: float | None = None
    y: float | None = None
