"""Rows whose amounts stand in other columns than printed: only where the source lost a blank cell."""

from __future__ import annotations

import pytest

from extract.layout.grid import build_table
from extract.layout.source import SourceRow
from extract.layout.table import Table
from extract.model import Cell
from extract.vocabulary import load_vocabulary

pytestmark = pytest.mark.unit

HEADER = [
    ["单位编码", "单位名称", "本年收入", "", "", "上年结转", "", ""],
    ["", "", "合计", "财政拨款", "事业收入", "合计", "财政拨款", "非财政拨款"],
]


def placed(*amounts: str) -> tuple[list[str], set[str]]:
    """The amounts by column, and their placements."""
    rows = [
        *HEADER,
        ["303001", "甲馆", "9.00", "4.00", "5.00", "6.00", "4.00", "2.00"],
        ["303002", "乙馆", *amounts],
    ]
    source = [SourceRow([Cell(text) for text in row], line_no) for line_no, row in enumerate(rows, start=1)]
    table = build_table(Table(), source, load_vocabulary())
    values = [value for value in table.values if value.row_no == 2]
    at = {value.column_no: value.number.plain for value in values}
    return [at.get(column.column_no, "") for column in table.columns], {value.placement for value in values}


@pytest.mark.parametrize(
    "amounts",
    [
        ["5.00", "5.00", "", "3.00", "2.00", "1.00"],
        # 财政拨款 printed under 事业收入 changes no sum
        ["5.00", "", "5.00", "3.00", "2.00", "1.00"],
        # a total in the column of its blank part, and a part in the column of the total
        ["", "5.00", "5.00", "3.00", "2.00", "1.00"],
        ["5.00", "5.00", "", "", "3.00", "3.00"],
    ],
)
def test_a_row_that_lacks_no_cell_is_read_as_printed(amounts: list[str]) -> None:
    """An amount in the column of a blank is its author's error, for people to see."""
    assert placed(*amounts) == (amounts, {"printed"})


def test_a_row_that_lacks_a_cell_is_mended() -> None:
    columns, placements = placed("5.00", "5.00", "3.00", "2.00", "1.00")
    assert columns == ["5.00", "5.00", "", "3.00", "2.00", "1.00"]
    assert "inferred" in placements


def test_amounts_that_moved_together_are_moved_back() -> None:
    """The text lost a blank cell in the middle of the row and filled the row up at its end."""
    columns, placements = placed("5.00", "5.00", "3.00", "2.00", "1.00", "")
    assert columns == ["5.00", "5.00", "", "3.00", "2.00", "1.00"]
    assert placements == {"printed", "inferred"}
