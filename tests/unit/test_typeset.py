"""The generator's own promise: its documents add up, and the same seed gives the same document."""

from __future__ import annotations

import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pdfplumber
import pypdfium2
import pytest

from tests.typeset.corpora import corpus
from tests.typeset.documents import budget, final_accounts, truth
from tests.typeset.grid import grid_of
from tests.typeset.inject import CAUSES, TEXT_CAUSES, NotPossibleError, inject, inject_many
from tests.typeset.model import Agency, Department, Size
from tests.typeset.pdf import PDF_STYLES, write_pdf
from tests.typeset.tables import NUMBER, PROFILES, Document, Table
from tests.typeset.text import TEXT_STYLES, document_text

pytestmark = pytest.mark.unit

SEEDS = range(6)


def _documents() -> Iterator[Document]:
    for profile in PROFILES:
        for seed in SEEDS:
            yield budget(seed, profile=profile)
            yield final_accounts(seed, profile=profile)


DOCUMENTS = list(_documents())


def repr_of(document: Document) -> str:
    return f"{document.profile.name}-{document.kind}-{document.seed}"


def table(document: Document, table_code: str) -> Table:
    return next(table for table in document.tables if table.table_code == table_code)


def column(document: Document, table_code: str, path: str, label: str) -> Decimal:
    for row in truth(document):
        if (row["table_code"], row["column_path"], row["row_label"]) == (table_code, path, label):
            return Decimal(str(row["value"]))
    return Decimal(0)


@pytest.mark.parametrize("document", DOCUMENTS, ids=repr_of)
def test_coded_tables_add_up_by_level(document: Document) -> None:
    for published in document.tables:
        for lane in published.lanes:
            sums: dict[tuple[str, int], Decimal] = defaultdict(Decimal)
            # a project's row repeats the code of its function
            is_number = [column.kind == NUMBER for column in lane.value_columns]
            rows = [row for row in lane.rows if row.code]
            for row in rows:
                for place, value in enumerate(row.values):
                    if len(row.code) > 3 and is_number[place]:
                        sums[row.code[:-2], place] += value or 0
            for row in rows:
                for place, value in enumerate(row.values):
                    if (row.code, place) in sums:
                        assert sums[row.code, place] == (value or 0), (published.title, row.code, place)


@pytest.mark.parametrize("document", DOCUMENTS, ids=repr_of)
def test_totals_are_the_sums_of_the_finest_rows(document: Document) -> None:
    for published in document.tables:
        if published.table_code in ("BT15", "FT06") or len(published.lanes) > 1:
            continue
        lane = published.lanes[0]
        totals = [row for row in lane.rows if row.kind == "total"]
        finest = max((len(row.code) for row in lane.rows), default=0)
        if not finest or not totals or published.table_code == "BT10":
            continue
        for place, total in enumerate(totals[0].values):
            if lane.value_columns[place].kind != NUMBER:
                continue
            parts = [row.values[place] or 0 for row in lane.rows if len(row.code) == finest]
            assert sum(parts, Decimal(0)) == (total or 0), (published.title, place)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("profile", PROFILES)
def test_tables_of_a_budget_agree(seed: int, profile: str) -> None:
    document = budget(seed, profile=profile)
    head = "本年预算" if document.profile.carryover_columns else "预算数"
    total = column(document, "BT01", f"收入/{head}", "收入总计")
    assert total > 0
    assert column(document, "BT01", f"支出/{head}", "支出总计") == total
    assert column(document, "BT02", "总计", "合计") == total
    assert column(document, "BT04", "收入/预算数", "收入总计") == column(
        document, "BT04", "支出/预算数/合计", "支出总计"
    )
    agency = Agency(seed)
    year = agency.approved(2026)
    basic = year.spent(funds=["general_public"], components=["personnel", "public"])
    assert basic == sum(year.economics.values())


@pytest.mark.parametrize("seed", SEEDS)
def test_final_accounts_balance_and_follow_last_year(seed: int) -> None:
    document = final_accounts(seed, profile="standard")
    assert column(document, "FT01", "收入/决算数", "总计") == column(document, "FT01", "支出/决算数", "总计")
    agency = Agency(seed)
    assert agency.executed(2024).opening() == agency.executed(2023).closing()
    assert agency.approved(2025).opening() == agency.executed(2024).closing()


@pytest.mark.parametrize("make", [budget, final_accounts])
def test_a_department_is_the_sum_of_its_units(make: Callable[..., Document]) -> None:
    department = Department(5, units=3)
    sums: dict[tuple[str, str, str, str], Decimal] = defaultdict(Decimal)
    for unit in department.units:
        for row in truth(make(agency=unit, profile="standard")):
            key = (row["table_code"], row["row_code"], row["row_label"], row["column_path"])
            sums[key] += Decimal(str(row["value"]))
    whole: dict[tuple[str, str, str, str], Decimal] = defaultdict(Decimal)
    for row in truth(make(agency=department, profile="standard")):
        key = (row["table_code"], row["row_code"], row["row_label"], row["column_path"])
        whole[key] += Decimal(str(row["value"]))
    assert whole == sums


def test_same_seed_same_document() -> None:
    for seed in SEEDS:
        first, second = budget(seed), budget(seed)
        assert truth(first) == truth(second)
        assert document_text(first) == document_text(second)
    assert truth(budget(1)) != truth(budget(2))


def test_size_is_what_was_asked_for() -> None:
    small = budget(3, size=Size(functions=7, economics=15, projects=1, purchases=1))
    large = budget(3, size=Size(functions=60, economics=70, projects=80, purchases=40), profile="regional")
    assert len(truth(small)) < 250
    assert len(truth(large)) > 1_000


def printed_numbers(document: Document) -> list[str]:
    return [
        text
        for published in document.tables
        for row in grid_of(published).rows
        for text in row
        if re.fullmatch(r"-?[\d,]+\.\d\d", text)
    ]


@pytest.mark.parametrize("style", TEXT_STYLES)
def test_text_holds_every_number(style: str) -> None:
    """Whatever a style loses, it is never a number."""
    for document in (budget(4, profile="regional"), final_accounts(4)):
        text = re.sub(r"(?<=[,.]) (?=\d)", "", document_text(document, style))
        found = re.findall(r"-?[\d,]+\.\d\d", text)
        for number in printed_numbers(document):
            assert number in text
        assert len(found) >= len(printed_numbers(document))


@pytest.mark.parametrize("style", PDF_STYLES)
def test_pdf_holds_every_number(style: str, tmp_path: Path) -> None:
    """Counted in the characters of the file: drawn once each, never broken over lines."""
    document = budget(4, profile="regional", size=Size(functions=7, economics=15, projects=2))
    path = tmp_path / "document.pdf"
    write_pdf(document, style, path)
    first, second = path.read_bytes(), tmp_path / "again.pdf"
    write_pdf(document, style, second)
    assert second.read_bytes() == first
    with pypdfium2.PdfDocument(path) as pdf:
        text = "\n".join(page.get_textpage().get_text_range() for page in pdf)
    for number in printed_numbers(document):
        assert number in text


def test_ruled_pdf_is_cell_for_cell_the_grid(tmp_path: Path) -> None:
    document = budget(2, size=Size(functions=7, economics=15, projects=2))
    path = tmp_path / "document.pdf"
    write_pdf(document, "ruled", path)
    with pdfplumber.open(path) as pdf:
        found = [table for page in pdf.pages for table in page.extract_tables()]
    assert len(found) >= len(document.tables)
    grid = grid_of(table(document, "BT03"))
    drawn = next(
        cells for cells in found if "上缴上级支出" in "".join(filter(None, cells[0])).replace("\n", "")
    )
    body = [[(text or "").replace("\n", "") for text in row] for row in drawn[grid.header_rows :]]
    assert body == grid.rows[: len(body)]


@pytest.mark.parametrize("cause", CAUSES)
def test_an_injected_error_is_in_the_copy_only(cause: str) -> None:
    done = 0
    for document in DOCUMENTS[::5]:
        before, text = truth(document), document_text(document)
        try:
            wrong, injection = inject(document, 1, cause)
        except NotPossibleError:
            continue
        done += 1
        assert (truth(document), document_text(document)) == (before, text)
        assert document_text(wrong) != text
        assert injection.cause == cause
        assert (truth(wrong) == before) == (cause in TEXT_CAUSES)
        assert inject(document, 1, cause)[1] == injection
    assert done


def test_an_injection_says_what_was_there() -> None:
    document = budget(1)
    wrong, injection = inject(document, 5, "digit_slip")
    changed = [
        (was, now)
        for was, now in zip(truth(document), truth(wrong), strict=True)
        if was["value"] != now["value"]
    ]
    assert len(changed) == 1
    was, now = changed[0]
    assert (injection.table_no, injection.row_code, injection.row_label, injection.column_path) == (
        was["table_no"], was["row_code"], was["row_label"], was["column_path"],
    )  # fmt: skip
    assert (injection.true_value, injection.printed_value) == (was["value"], now["value"])


def test_several_errors_stand_in_different_places() -> None:
    _, injections = inject_many(budget(1), 3, 3)
    assert len({(entry.table_code, entry.subject) for entry in injections}) == 3


def test_corpus_writes_each_style_in_turn(tmp_path: Path) -> None:
    written = corpus(tmp_path, 4, 1, ("tabs", "ruled"), size=Size(functions=7, economics=15, projects=2))
    assert [path.suffix for path, _ in written] == [".txt", ".pdf", ".txt", ".pdf"]
    assert [document.year for _, document in written] == [2025, 2026, 2025, 2025]
    assert all(path.stat().st_size > 1_000 for path, _ in written)


def test_thousands_of_documents_in_half_a_minute() -> None:
    """3,000 documents of some 500 numbers take less than 30 s; a few here, with room for a slow machine."""
    started = time.process_time()
    size = Size(functions=30, projects=14)
    numbers = sum(len(truth(budget(seed, size=size))) for seed in range(60))
    assert numbers / 60 > 400
    assert (time.process_time() - started) / 60 < 0.02
