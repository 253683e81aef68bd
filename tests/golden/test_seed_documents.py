"""Every printed number of the five seed documents, compared cell by cell with an independent transcription.

`cells/<document>.csv` holds one row a number, `cells/tables.csv` one row a table (empty ones too).
They were made from the text by hand and by sums, without the product's reader.

    document   numbered tables   performance tables
    000              588                  0
    001              224                 78
    002              233                 57
    003              218                  1
    004              433                132
    total          1,696                268

`resolved` says how sure the place of a number is:
  ''         printed where it belongs
  resolved   the text lost its column or row, and sums (or the same table elsewhere) decided
  ambiguous  nothing in the table decides; the row holds the best candidate, any candidate is accepted

Not counted: codes, 行次 and 栏次, prose cells, digits inside labels, values that are missing in the
text, and targets that are dates (2026年12月 is a text, not a quantity).
"""

from __future__ import annotations

import csv
import unicodedata
from collections import Counter
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

HERE = Path(__file__).parent
CELLS = HERE / "cells"
DOCUMENTS = HERE.parents[1] / "data" / "documents"
DOCUMENT_NUMBERS = ["000", "001", "002", "003", "004"]

# a header whose last character the text layer lost, as the standard form prints it
COMPLETED_HEADERS = {"一般公共预算财政拨": "一般公共预算财政拨款"}

pytestmark = pytest.mark.golden


class Key(NamedTuple):
    """What identifies a cell: its table, row, full header path and value."""

    table_no: int
    row_code: str
    row_label: str
    column_path: str
    value: Decimal


def fold(text: str | None) -> str:
    """Text without blanks and quotes, full-width forms folded, no colon at the end."""
    folded = unicodedata.normalize("NFKC", text or "")
    kept = "".join(c for c in folded if not c.isspace() and c not in "\"'“”‘’")
    return kept.rstrip(":")


def fold_path(path: str | None) -> str:
    levels = [fold(level) for level in (path or "").split("/")]
    return "/".join(COMPLETED_HEADERS.get(level, level) for level in levels)


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def key_of(table_no: object, row: dict, column_path: str | None, value: str) -> Key:
    label = fold(row.get("row_label"))
    return Key(int(str(table_no)), row.get("row_code") or "", label, fold_path(column_path), Decimal(value))


def golden_rows(document: str) -> list[dict[str, str]]:
    return read_csv(CELLS / f"{document}.csv")


def golden_tables(document: str) -> list[dict[str, str]]:
    return [t for t in read_csv(CELLS / "tables.csv") if t["document"] == document]


def golden_key(row: dict[str, str]) -> Key:
    return key_of(row["table_no"], row, row["column_path"], row["value"])


@cache
def read(document: str) -> dict[str, list[dict]]:
    # imported late, so that the files' own checks run even where the reader cannot be imported
    from extract.landing import read_document

    (path,) = DOCUMENTS.glob(f"{document}_*.txt")
    return read_document(path)


def read_cells(landed: dict[str, list[dict]]) -> list[tuple[Key, str]]:
    """The reader's cells as keys with their placement, joined to their rows and columns."""
    rows = {(r["table_no"], r["row_no"], r["lane_no"]): r for r in landed["table_row"]}
    columns = {(c["table_no"], c["column_no"]): c for c in landed["table_column"]}
    found = []
    for cell in landed["cell"]:
        row = rows.get((cell["table_no"], cell["row_no"], cell["lane_no"]), {})
        column = columns.get((cell["table_no"], cell["column_no"]), {})
        key = key_of(cell["table_no"], row, column.get("column_path"), cell["number_text"])
        found.append((key, cell["placement"]))
    return found


def compare(golden: list[dict[str, str]], found: list[tuple[Key, str]]) -> tuple[Counter, Counter]:
    """Missing and extra cells; an ambiguous cell is satisfied by its value anywhere in its table."""
    wanted = Counter(golden_key(row) for row in golden)
    got = Counter(key for key, _ in found)
    missing, extra = wanted - got, got - wanted
    open_keys = Counter(golden_key(row) for row in golden if row["resolved"] == "ambiguous")
    for key in list((missing & open_keys).elements()):
        for other in extra:
            if (other.table_no, other.value) == (key.table_no, key.value):
                missing -= Counter([key])
                extra -= Counter([other])
                break
    return missing, extra


def describe(missing: Counter, extra: Counter, titles: dict[int, str], limit: int = 40) -> str:
    """The differences table by table, `-` for missing and `+` for extra cells."""
    lines = []
    for table_no in sorted({key.table_no for key in [*missing, *extra]}):
        gone = sorted((k for k in missing.elements() if k.table_no == table_no), key=str)
        new = sorted((k for k in extra.elements() if k.table_no == table_no), key=str)
        lines.append(
            f"table {table_no} {titles.get(table_no, '(no such table)')}: "
            f"{len(gone)} missing, {len(new)} extra"
        )
        for sign, keys in (("-", gone), ("+", new)):
            lines += [
                f"  {sign} {k.row_code} {k.row_label} | {k.column_path} = {k.value}" for k in keys[:limit]
            ]
            if len(keys) > limit:
                lines.append(f"  {sign} … {len(keys) - limit} more")
    return "\n".join(lines)


def titles_of(document: str) -> dict[int, str]:
    return {int(t["table_no"]): t["table_title"] for t in golden_tables(document)}


def test_golden_files_agree_with_their_totals() -> None:
    counts: Counter = Counter()
    for document in DOCUMENT_NUMBERS:
        per_table = Counter(int(row["table_no"]) for row in golden_rows(document))
        for table in golden_tables(document):
            assert per_table[int(table["table_no"])] == int(table["cell_count"]), table
            counts[document, table["kind"]] += int(table["cell_count"])
    assert {k: n for k, n in counts.items() if n} == {
        ("000", "numbered"): 588,
        ("001", "numbered"): 224,
        ("001", "performance"): 78,
        ("002", "numbered"): 233,
        ("002", "performance"): 57,
        ("003", "numbered"): 218,
        ("003", "performance"): 1,
        ("004", "numbered"): 433,
        ("004", "performance"): 132,
    }


def test_comparison_sees_missing_extra_and_moved_cells() -> None:
    golden = golden_rows("001")
    found = [(golden_key(row), "printed") for row in golden]
    assert compare(golden, found) == (Counter(), Counter())

    missing, _ = compare(golden, found[1:])
    assert missing == Counter([found[0][0]])
    _, extra = compare(golden, [*found, found[0]])
    assert extra == Counter([found[0][0]])
    moved = (found[0][0]._replace(column_path="支出/预算数"), "printed")
    missing, extra = compare(golden, [moved, *found[1:]])
    assert missing == Counter([found[0][0]])
    assert extra == Counter([moved[0]])
    assert "1 missing, 1 extra" in describe(missing, extra, titles_of("001"))


def test_comparison_accepts_any_candidate_of_an_ambiguous_cell() -> None:
    golden = golden_rows("004")
    is_open = [row["resolved"] == "ambiguous" for row in golden]
    found = [
        (golden_key(row)._replace(column_path="another") if still_open else golden_key(row), "ambiguous")
        for row, still_open in zip(golden, is_open, strict=True)
    ]
    assert compare(golden, found) == (Counter(), Counter())
    missing, extra = compare(golden, found[: is_open.index(True)] + found[is_open.index(True) + 1 :])
    assert sum(missing.values()) == 1
    assert not extra


@pytest.mark.parametrize("document", DOCUMENT_NUMBERS)
def test_tables_are_found_in_order(document: str) -> None:
    tables = sorted(read(document)["table"], key=lambda t: t["table_no"])
    found = [fold(t["table_title"]) for t in tables]
    expected = [fold(t["table_title"]) for t in golden_tables(document)]
    assert len(found) == len(expected), f"found {found}"
    for title, wanted in zip(found, expected, strict=True):
        assert wanted in title


@pytest.mark.parametrize("document", DOCUMENT_NUMBERS)
def test_every_printed_number_is_landed_once_in_its_place(document: str) -> None:
    missing, extra = compare(golden_rows(document), read_cells(read(document)))
    report = describe(missing, extra, titles_of(document))
    assert not missing and not extra, f"document {document}\n{report}"


@pytest.mark.parametrize("document", DOCUMENT_NUMBERS)
def test_decided_places_are_not_called_printed(document: str) -> None:
    """A place that sums decided must say so; a place that nothing decides must not look certain."""
    numbered = {int(t["table_no"]) for t in golden_tables(document) if t["kind"] == "numbered"}
    decided = Counter(
        golden_key(row)
        for row in golden_rows(document)
        if row["resolved"] == "resolved" and int(row["table_no"]) in numbered
    )
    printed = Counter(key for key, placement in read_cells(read(document)) if placement == "printed")
    plain = Counter(golden_key(row) for row in golden_rows(document) if row["resolved"] == "")
    wrong = decided & (printed - plain)
    assert not wrong, "called printed:\n" + describe(wrong, Counter(), titles_of(document))


@pytest.mark.parametrize("document", DOCUMENT_NUMBERS)
def test_only_open_places_are_called_ambiguous(document: str) -> None:
    """What is printed in place, or decided by sums, is not left open."""
    golden = golden_rows(document)
    open_values = Counter(
        (int(r["table_no"]), Decimal(r["value"])) for r in golden if r["resolved"] == "ambiguous"
    )
    called = Counter(
        (key.table_no, key.value) for key, placement in read_cells(read(document)) if placement == "ambiguous"
    )
    too_many = called - open_values
    assert not too_many, f"document {document}: called ambiguous without need: {dict(too_many)}"
