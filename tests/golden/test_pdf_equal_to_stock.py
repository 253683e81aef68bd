"""On real documents the fast reader gives the grids of stock pdfplumber, cell for cell.

PDF_DOCUMENTS names the folder (default: `documents` among what is shared with the project);
without it the tests are skipped. By default every page of three documents and every tenth of the others is
compared; PDF_PAGES=all compares all.
"""

from __future__ import annotations

import os
from pathlib import Path

import pdfplumber
import pytest

from extract.readers.pdf import PdfReader, stock_page

pytestmark = pytest.mark.golden

FOLDER = Path(os.environ.get("PDF_DOCUMENTS", Path(__file__).parents[3] / "shared" / "documents"))
FILES = sorted(FOLDER.glob("*.pdf")) if FOLDER.is_dir() else []
ALL = os.environ.get("PDF_PAGES") == "all"
# pages that stock pdfplumber has to read, of every hundred: more, and the speed is lost
MOST_FALLBACKS = 0.05


@pytest.mark.skipif(not FILES, reason="the real documents are not here")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_same_grids_as_stock_pdfplumber(path: Path) -> None:
    reader = PdfReader(path.read_bytes())
    step = 1 if ALL or (path in FILES[:: max(1, len(FILES) // 3)] and reader.page_count < 40) else 10
    fallbacks = 0
    try:
        with pdfplumber.open(path) as stock:
            for index in range(0, reader.page_count, step):
                page = stock.pages[index]
                read = reader.read_page(index)
                fallbacks += read.fallback is not None
                assert [table.texts for table in read.tables] == stock_page(page).extract_tables(), (
                    f"{path.name}, page {index + 1}"
                )
                page.close()
    finally:
        reader.close()
    assert fallbacks <= max(1, MOST_FALLBACKS * reader.page_count)
