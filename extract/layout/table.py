"""A table as landed: columns with their full header paths, rows with code and label, and the numbers."""

from __future__ import annotations

from dataclasses import dataclass, field

from extract.layout.numbers import Number
from extract.layout.source import SourceToken
from extract.model import Box


@dataclass(slots=True)
class Column:
    column_no: int  # from 1, as printed
    lane_no: int
    path: str
    header: str = ""


@dataclass(slots=True)
class Row:
    row_no: int  # from 1 below the header
    lane_no: int
    line_no: int
    page_no: int | None = None
    code: str = ""
    label: str = ""
    context: dict[str, str] = field(default_factory=dict)
    box: Box | None = None
    # the code as printed, where a level lacks a digit (301 2)
    code_text: str = ""


@dataclass(slots=True)
class Value:
    row_no: int
    column_no: int
    lane_no: int
    number: Number
    line_no: int
    page_no: int | None = None
    placement: str = "printed"
    box: Box | None = None


@dataclass(slots=True)
class Unplaced:
    """A text that could not be read, placed or understood, with its reason."""

    text: str
    reason: str
    line_no: int
    page_no: int | None = None


@dataclass(slots=True)
class Table:
    title: str = ""
    title_line_no: int | None = None
    first_line_no: int = 0
    last_line_no: int = 0
    page_no: int | None = None
    last_page_no: int | None = None
    unit: str = ""
    agency: str = ""
    form_code: str = ""
    layout: str = "grid"
    note: str = ""
    columns: list[Column] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    values: list[Value] = field(default_factory=list)
    unplaced: list[Unplaced] = field(default_factory=list)
    # texts of the table's lines that were understood as something else than an amount
    other_texts: list[str] = field(default_factory=list)
    # the amounts in the source text, read by another road than the cells
    source_tokens: list[SourceToken] = field(default_factory=list)
    confidence_reason: str = ""

    def column(self, column_no: int) -> Column:
        return next(c for c in self.columns if c.column_no == column_no)

    @property
    def landed_tokens(self) -> int:
        return len(self.values)
