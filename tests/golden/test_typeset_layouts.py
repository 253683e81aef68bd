"""Typeset documents in every layout, read cell for cell; where a layout destroys what tells columns apart,
no number may be lost and no misplaced one may pass for printed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from itertools import cycle
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pytest

from extract.landing import read_document
from extract.layout.numbers import parse_amount, parse_target
from tests.typeset import PDF_STYLES, PROFILES, TEXT_STYLES, Document, budget, final_accounts, truth
from tests.typeset.compare import ReadCell, compare
from tests.typeset.corpora import write

pytestmark = pytest.mark.golden

SEED = 1
MAKERS = {"budget": budget, "final_accounts": final_accounts}
# blank cells are gone from these: what they were cannot always be told
LOSSY_STYLES = ("tabs_dropped_cells", "bare")
EXACT_TEXT_STYLES = [style for style in TEXT_STYLES if style not in LOSSY_STYLES]

FINAL = ("final_accounts", "two_periods")

Case = tuple[str, str, str]


# layouts in which most has to be told from places and words
HARD_STYLES = ("borderless", "borderless_continued", "fused_header", "title_in_frame")


def _pdf_cases() -> list[Case]:
    """A budget or final accounts a style, profiles in turn; several of the hard ones."""
    kinds, profiles = cycle(MAKERS), cycle(PROFILES)
    cases = [
        (style, next(kinds), next(profiles))
        for style in PDF_STYLES
        for _ in range(3 if style in HARD_STYLES else 1)
    ]
    regional = ("title_in_frame", "fused_header", "borderless", "rotated")
    return [*cases, *((style, "budget", "regional") for style in regional), ("rotated", *FINAL)]


def _read(case: Case, folder: Path, seed: int = SEED) -> tuple[Document, dict[str, list[dict[str, Any]]]]:
    style, kind, profile = case
    document = MAKERS[kind](seed, profile=profile)
    return document, read_document(write(document, style, folder, "document"))


def _listed(cells: Sequence[ReadCell]) -> str:
    shown = "\n".join(f"    {'/'.join(map(str, cell))}" for cell in cells[:8])
    return f"{len(cells)}\n{shown}"


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("kind", MAKERS)
@pytest.mark.parametrize("style", EXACT_TEXT_STYLES)
def test_text_is_exact(style: str, kind: str, profile: str, tmp_path: Path) -> None:
    _assert_exact((style, kind, profile), tmp_path)


@pytest.mark.parametrize("case", dict.fromkeys(_pdf_cases()), ids="-".join)
def test_pdf_is_exact(case: Case, tmp_path: Path) -> None:
    _assert_exact(case, tmp_path)


# rows of labels alone, first below a header and last on a page
@pytest.mark.parametrize("style", ["borderless", "borderless_continued"])
def test_pdf_without_rulings_is_exact_for_another_body(style: str, tmp_path: Path) -> None:
    _assert_exact((style, "budget", "regional"), tmp_path, seed=2)


def _assert_exact(case: Case, folder: Path, seed: int = SEED) -> None:
    document, raw = _read(case, folder, seed)
    comparison = compare(document, raw)
    missing, invented = comparison.missing, comparison.invented
    assert not missing and not invented, (
        f"{' '.join(case)}: of {comparison.expected} cells\n"
        f"  not found as printed: {_listed(missing)}\n  found and not printed: {_listed(invented)}"
    )


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("kind", MAKERS)
@pytest.mark.parametrize("style", LOSSY_STYLES)
def test_lossy_text_loses_nothing_and_marks_doubt(
    style: str, kind: str, profile: str, tmp_path: Path
) -> None:
    document, raw = _read((style, kind, profile), tmp_path)
    expected = Counter(Decimal(str(row["value"])) for row in truth(document))
    kept = Counter(Decimal(cell["number_text"]) for cell in raw["cell"])
    for row in raw["unplaced"]:
        kept.update(_numbers(row["text"]))
    lost = expected - kept
    assert not lost, f"{style} {kind} {profile}: neither landed nor unplaced: {dict(lost)}"
    if style == "tabs_dropped_cells":
        assert len(raw["cell"]) == expected.total(), f"{style} {kind} {profile}: cells landed and printed"
    printed = raw | {"cell": [cell for cell in raw["cell"] if cell["placement"] == "printed"]}
    wrong = compare(document, printed).invented
    assert not wrong, f"{style} {kind} {profile}: called printed and wrong: {_listed(wrong)}"


def _numbers(text: str) -> list[Decimal]:
    found = [parse_amount(word) or parse_target(word) for word in text.split()]
    return [number.value for number in found if number]


def test_wide_tables_stand_on_turned_pages(tmp_path: Path) -> None:
    path = write(budget(SEED, profile="regional"), "rotated", tmp_path, "document")
    with pdfium.PdfDocument(path) as document:
        shown = [(page.get_rotation(), page.get_width() > page.get_height()) for page in document]
    # an upright page box that viewers turn: seen wide, and only where a table is wide
    assert set(shown) == {(0, False), (90, True)}
