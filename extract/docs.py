"""The generated pages of docs/: what they are, and writing them anew."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from extract.dictionary import data_dictionary
from extract.rule_book import rule_book

DOCS = Path(__file__).resolve().parent.parent / "docs"
PAGES: dict[str, Callable[[], str]] = {"data_dictionary.md": data_dictionary, "rule_book.md": rule_book}


def write_pages(folder: Path = DOCS) -> list[Path]:
    """Write every generated page and say where it is."""
    folder.mkdir(exist_ok=True)
    written = []
    for name, render in PAGES.items():
        page = folder / name
        page.write_text(render(), encoding="utf-8")
        written.append(page)
    return written
