"""The amounts of a table counted by another road: what is lost or doubled is seen, and told by its text."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest

from extract.layout.assemble import lay_out
from extract.layout.conservation import digits, source_tokens, streams_of, text_tokens
from extract.layout.numbers import Number
from extract.layout.source import SourceRow
from extract.layout.table import Table, Value
from extract.model import Box, Cell, Document, Grid, GridRow, Page
from extract.vocabulary import load_vocabulary

pytestmark = pytest.mark.unit

ROWS = [["科目编码", "科目名称", "合计"], ["201", "2024年补助", "1,234.56"], ["205", "教育", "7.\n80"]]
# what the page's text stream has at these cells, in its own order
STREAM = [
    ("7.", 250.0, 45.0),
    ("80", 250.0, 55.0),
    ("201", 20.0, 30.0),
    ("2024", 120.0, 30.0),
    ("1,234.56", 250.0, 30.0),
    ("205", 20.0, 50.0),
    ("15", 20.0, 800.0),
]


def read(stream: list[tuple[str, float, float]]) -> tuple[Document, list[SourceRow]]:
    rows = [
        GridRow(
            [
                Cell(text, Box(100.0 * j, 20.0 * i, 100.0 * j + 100, 20.0 * i + 20))
                for j, text in enumerate(texts)
            ],
            i + 1,
        )
        for i, texts in enumerate(ROWS)
    ]
    page = Page(1, [Grid(rows, 1, Box(0, 0, 300, 60))], tokens=stream)
    return Document("0" * 64, "a.pdf", "pdf", [page]), [SourceRow(r.cells, r.line_no, 1) for r in rows]


def table_of(stream: list[tuple[str, float, float]]) -> Table:
    return lay_out(read(stream)[0], load_vocabulary()).tables[0]


def gap(table: Table, tokens: list[str]) -> tuple[list[str], list[str]]:
    """Missing and doubled numbers, as the warehouse compares them."""
    printed = Counter(map(digits, tokens))
    landed = Counter(digits(value.number.text) for value in table.values)
    return sorted((printed - landed).elements()), sorted((landed - printed).elements())


def test_labels_and_codes_are_no_amounts() -> None:
    table = table_of(STREAM)
    assert [(t.text, t.page_no, t.x, t.y) for t in table.source_tokens] == [
        ("7.80", 1, 250.0, 45.0),
        ("1,234.56", 1, 250.0, 30.0),
    ]
    assert gap(table, [t.text for t in table.source_tokens]) == ([], [])


def test_a_number_that_only_the_stream_has_is_missing() -> None:
    table = table_of([*STREAM, ("99.90", 250.0, 5.0)])
    assert gap(table, [t.text for t in table.source_tokens]) == (["9990"], [])


def test_a_number_that_the_stream_has_not_is_doubled() -> None:
    table = table_of([token for token in STREAM if token[0] != "1,234.56"])
    assert gap(table, [t.text for t in table.source_tokens]) == ([], ["123456"])


def test_a_misread_number_is_missing_and_doubled() -> None:
    table = table_of([(text.replace("1,234", "1,284"), x, y) for text, x, y in STREAM])
    assert gap(table, [t.text for t in table.source_tokens]) == (["128456"], ["123456"])


def test_a_number_that_is_not_landed_is_missing() -> None:
    document, rows = read(STREAM)
    table = table_of(STREAM)
    table.values = [value for value in table.values if value.row_no != 1]
    tokens = source_tokens(rows, table, streams_of(document))
    assert gap(table, [t.text for t in tokens]) == (["123456"], [])


def value(text: str) -> Value:
    return Value(1, 1, 1, Number(text, Decimal(text.replace(",", ""))), 1)


def test_lines_of_text_are_counted_without_what_was_understood() -> None:
    found = text_tokens(["208 社会保障 31 1,234.50 0.00"], ["208", "社会保障", "31"], [value("1,234.50")])
    # the second amount was not landed: it is missing
    assert [token.text for token in found] == ["1,234.50", "0.00"]


def test_an_amount_glued_to_another_number_is_found_in_it() -> None:
    found = text_tokens(["支出 310.00"], ["支出", "31"], [value("0.00")])
    assert [token.text for token in found] == ["0.00"]
