"""Folders of typeset documents: for builds of any size, and for the five ways a body publishes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from random import Random

from tests.typeset.documents import budget, final_accounts
from tests.typeset.model import Agency, Department, Size
from tests.typeset.pdf import PDF_STYLES, write_pdf
from tests.typeset.tables import PROFILES, Document
from tests.typeset.text import TEXT_STYLES, write_text

LAST_YEAR = 2026


def corpus(
    folder: Path,
    count: int,
    seed: int = 0,
    styles: Sequence[str] = ("tabs",),
    *,
    size: Size | None = None,
    prefix: str = "",
) -> list[tuple[Path, Document]]:
    """Write `count` documents: of each body two budgets and the final accounts of the year between.

    Styles (of TEXT_STYLES and PDF_STYLES) and profiles take turns. Documents of one body share it,
    so that years and phases agree with each other.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rng = Random(f"corpus/{seed}")
    profiles = list(PROFILES.values())
    written: list[tuple[Path, Document]] = []
    agency: Agency | None = None
    names: set[str] = set()
    for number in range(count):
        kind = number % 3
        if kind == 0 or agency is None:
            agency = Agency(f"{seed}/{number}", size)
            profile = rng.choice(profiles)
            # two bodies of one name would be one body to whoever reads their documents
            if agency.agency_name in names:
                agency.agency_name += f"第{number // 3 + 1}分局"
            names.add(agency.agency_name)
        document = (
            final_accounts(agency=agency, year=LAST_YEAR - 1, profile=profile)
            if kind == 2
            else budget(agency=agency, year=LAST_YEAR - 1 + kind, profile=profile)
        )
        written.append(
            (write(document, styles[number % len(styles)], folder, f"{prefix}{number:05d}"), document)
        )
    return written


def department_corpus(
    folder: Path,
    seed: int | str = 0,
    *,
    units: int = 3,
    years: Sequence[int] = (LAST_YEAR - 1, LAST_YEAR),
    profile: str = "two_periods",
    style: str = "tabs",
    size: Size | None = None,
) -> list[tuple[Path, Document]]:
    """Write what a department and its units publish: budgets, final accounts of all years but the last."""
    folder.mkdir(parents=True, exist_ok=True)
    department = Department(seed, units, size)
    written: list[tuple[Path, Document]] = []
    for number, agency in enumerate([department, *department.units]):
        for year in years:
            made = [budget(agency=agency, year=year, profile=profile)]
            if year < max(years):
                made.append(final_accounts(agency=agency, year=year, profile=profile))
            for document in made:
                name = f"{number}_{document.year}_{document.kind}"
                written.append((write(document, style, folder, name), document))
    return written


def write(document: Document, style: str, folder: Path, name: str) -> Path:
    """Write a document in a style of either kind."""
    if style in TEXT_STYLES:
        path = folder / f"{name}.txt"
        write_text(document, style, path)
    elif style in PDF_STYLES:
        path = folder / f"{name}.pdf"
        write_pdf(document, style, path)
    else:
        raise ValueError(f"unknown style {style}: one of {', '.join([*TEXT_STYLES, *PDF_STYLES])}")
    return path
