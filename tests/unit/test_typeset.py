"""The generator's own promise: its documents add up, and the same seed gives the same document."""

from __future__ import annotations

import re
import time
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

import pytest

from tests.typeset.documents import budget, final_accounts, truth
from tests.typeset.grid import grid_of
from tests.typeset.model import Agency, Size
from tests.typeset.tables import PROFILES, Document, Table
from tests.typeset.text import TEXT_STYLES, document_text

pytestmark = pytest.mark.unit

SEEDS = range(12)


def documents() -> Iterator[Document]:
    for profile in PROFILES:
        for seed in SEEDS:
            yield budget(seed, profile=profile)
            yield final_accounts(seed, profile=profile)


def table(document: Document, table_code: str) -> Table:
    return next(table for table in document.tables if table.table_code == table_code)


def column(document: Document, table_code: str, path: str, label: str) -> Decimal:
    for row in truth(document):
        if (row["table_code"], row["column_path"], row["row_label"]) == (table_code, path, label):
            return Decimal(str(row["value"]))
    return Decimal(0)


@pytest.mark.parametrize("document", documents(), ids=lambda document: document.name)
def test_coded_tables_add_up_by_level(document: Document) -> None:
    for published in document.tables:
        for lane in published.lanes:
            sums: dict[tuple[str, int], Decimal] = defaultdict(Decimal)
            rows = [row for row in lane.rows if row.code and not any(isinstance(v, str) for v in row.values)]
            for row in rows:
                for place, value in enumerate(row.values):
                    if len(row.code) > 3:
                        sums[row.code[:-2], place] += value or 0
            for row in rows:
                for place, value in enumerate(row.values):
                    if (row.code, place) in sums:
                        assert sums[row.code, place] == (value or 0), (published.title, row.code, place)


@pytest.mark.parametrize("document", documents(), ids=lambda document: document.name)
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
            parts = [row.values[place] or 0 for row in lane.rows if len(row.code) == finest]
            assert sum(parts, Decimal(0)) == (total or 0), (published.title, place)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("profile", PROFILES)
def test_tables_of_a_budget_agree(seed: int, profile: str) -> None:
    document = budget(seed, profile=profile)
    total = column(document, "BT01", "收入/预算数", "收入总计")
    assert total > 0
    assert column(document, "BT01", "支出/预算数", "支出总计") == total
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


@pytest.mark.parametrize("style", TEXT_STYLES)
def test_text_holds_every_number(style: str) -> None:
    """Whatever a style loses, it is never a number."""
    for document in (budget(4, profile="regional"), final_accounts(4)):
        text = re.sub(r"(?<=[,.]) (?=\d)", "", document_text(document, style))
        for published in document.tables:
            for row in grid_of(published).rows:
                for cell in filter(lambda cell: re.fullmatch(r"-?[\d,]+\.\d\d", cell), row):
                    assert cell in text


def test_thousands_of_documents_in_half_a_minute() -> None:
    """3,000 documents take less than 30 s; a tenth of them here, with room for a slow machine."""
    started = time.process_time()
    numbers = sum(len(truth(budget(seed, size=Size(functions=18, projects=9)))) for seed in range(60))
    assert numbers / 60 > 350
    assert (time.process_time() - started) / 60 < 0.02
