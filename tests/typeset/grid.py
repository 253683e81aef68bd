"""A logical table as a grid of printed texts: what every layout draws."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from tests.typeset.tables import CODE, LABEL, NUMBER, ORDINAL, Column, Lane, Path, Row, Table, Target, Value

# how a code stands on paper
JOINED = "joined"  # 2080505 in a column of its own
SPLIT = "split"  # 208 ∣ 05 ∣ 05 in a column for each level
OWN_LEVEL = "own_level"  # as SPLIT, but with the digits of the row's own level only: ∣ 05 ∣
SPACED = "spaced"  # 208 05 05 in one column
BRACKET = "bracket"  # [2080505]name in the column of names
DASH = "dash"  # 2080505-name in the column of names

_SPACED_WORDS = ("合计", "总计", "收入", "支出", "项目", "收入总计", "支出总计")
_LEVEL_NAMES = ("类", "款", "项")


@dataclass(frozen=True, slots=True)
class HeaderCell:
    text: str
    row: int
    column: int
    row_span: int = 1
    column_span: int = 1


@dataclass(slots=True)
class Grid:
    """Header cells with their spans, and the texts of the body row by row."""

    kinds: list[str]
    paths: list[Path]
    header: list[HeaderCell]
    header_rows: int
    rows: list[list[str]]
    # the columns where each lane begins
    lane_starts: list[int] = field(default_factory=list)

    @property
    def width(self) -> int:
        return len(self.kinds)

    def header_texts(self) -> list[list[str]]:
        """Header rows with every merged cell at its first place and nothing elsewhere."""
        texts = [[""] * self.width for _ in range(self.header_rows)]
        for cell in self.header:
            texts[cell.row][cell.column] = cell.text
        return texts


def grid_of(table: Table, code_form: str = JOINED, *, thousands: bool = True) -> Grid:
    """Lanes side by side, codes in their form, numbers as text."""
    columns: list[Column] = []
    starts = []
    for lane in table.lanes:
        starts.append(len(columns))
        columns += _printed_columns(lane, code_form)
    length = max(len(lane.rows) for lane in table.lanes)
    rows: list[list[str]] = [[] for _ in range(length)]
    ordinal = 0
    for lane in table.lanes:
        for place, row in enumerate(_padded(lane, length)):
            ordinal += 1
            rows[place] += _printed_row(lane, row, code_form, thousands, ordinal)
    header, depth = _header(columns)
    if table.column_numbers:
        header += _column_numbers(columns, depth, table.column_numbers)
        depth += 1
    return Grid([column.kind for column in columns], [c.path for c in columns], header, depth, rows, starts)


def number_text(value: Value, *, thousands: bool = True) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, Target):
        return f"{value.operator}{Decimal(value)}{value.unit}"
    return f"{value:,}" if thousands else str(value)


def spaced_word(text: str) -> str:
    """Short words as forms space them out: 合 计, 收 入, 收 入 总 计."""
    return " ".join(text) if text in _SPACED_WORDS else text


def code_levels(code: str) -> list[str]:
    """2080505 → 208, 05, 05."""
    return [code[:3], *(code[place : place + 2] for place in range(3, len(code), 2))] if code else []


def _is_economic(lane: Lane) -> bool:
    return all(len(row.code) <= 5 for row in lane.rows) and any(len(row.code) == 5 for row in lane.rows)


def _has_classes(lane: Lane) -> bool:
    """Only where the rows above it are printed can a row leave out their digits."""
    return any(len(row.code) == 3 for row in lane.rows)


def _printed_columns(lane: Lane, code_form: str) -> list[Column]:
    columns: list[Column] = []
    for column in lane.columns:
        if column.kind != CODE:
            columns.append(column)
        elif code_form in (SPLIT, OWN_LEVEL):
            levels = _LEVEL_NAMES[: 2 if _is_economic(lane) else 3]
            columns += [Column((*column.path, level), CODE) for level in levels]
        elif code_form not in (BRACKET, DASH):
            columns.append(column)
    return columns


def _printed_row(lane: Lane, row: Row, code_form: str, thousands: bool, ordinal: int) -> list[str]:
    texts: list[str] = []
    values = iter(row.values)
    for column in lane.columns:
        if column.kind == CODE:
            texts += _code_texts(lane, row.code, code_form)
        elif column.kind == LABEL:
            texts.append(_label_text(lane, row, code_form))
        elif column.kind == ORDINAL:
            texts.append(str(ordinal))
        else:
            texts.append(number_text(next(values), thousands=thousands))
    return texts


def _code_texts(lane: Lane, code: str, code_form: str) -> list[str]:
    levels = code_levels(code)
    if code_form in (SPLIT, OWN_LEVEL):
        width = 2 if _is_economic(lane) else 3
        if code_form == OWN_LEVEL and _has_classes(lane):
            levels = [*[""] * (len(levels) - 1), *levels[-1:]]
        return [*levels, *[""] * (width - len(levels))]
    if code_form in (BRACKET, DASH):
        return []
    return [" ".join(levels) if code_form == SPACED else code]


def _label_text(lane: Lane, row: Row, code_form: str) -> str:
    if not row.code:
        return row.label
    if not lane.has_codes:
        return f"{row.code} {row.label}"
    if code_form == BRACKET:
        return f"[{row.code}]{row.label}"
    if code_form == DASH:
        return f"{row.code}-{row.label}"
    return row.label


def _padded(lane: Lane, length: int) -> list[Row]:
    """The lane's rows with empty ones before its foot, as long as the longest lane."""
    missing = length - len(lane.rows)
    empty = Row("", "", [None] * len(lane.value_columns))
    cut = len(lane.rows) - lane.tail
    return [*lane.rows[:cut], *[empty] * missing, *lane.rows[cut:]]


def _header(columns: list[Column]) -> tuple[list[HeaderCell], int]:
    """Adjacent columns share the cells of their common head; a short path reaches down to the body."""
    depth = max(len(column.path) for column in columns)
    cells: list[HeaderCell] = []
    for level in range(depth):
        place = 0
        while place < len(columns):
            path = columns[place].path
            if level >= len(path):
                place += 1
                continue
            end = place + 1
            if level < len(path) - 1:
                while (
                    end < len(columns)
                    and len(columns[end].path) > level + 1
                    and columns[end].path[: level + 1] == path[: level + 1]
                ):
                    end += 1
            is_last = level == len(path) - 1
            cells.append(HeaderCell(path[level], level, place, depth - level if is_last else 1, end - place))
            place = end
    return cells, depth


def _column_numbers(columns: list[Column], row: int, mark: str) -> list[HeaderCell]:
    """The line 栏次 1 2 3 …, or ** ** 1 2 3 …"""
    cells, number = [], 0
    for place, column in enumerate(columns):
        if column.kind == NUMBER:
            number += 1
            cells.append(HeaderCell(str(number), row, place))
        elif column.kind == LABEL:
            cells.append(HeaderCell(mark, row, place))
        else:
            cells.append(HeaderCell(mark if mark == "**" else "", row, place))
    return cells
