"""Pictures of typeset pages are read as the pages are; without the extra they are set aside and say so."""

from __future__ import annotations

import io
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from extract import landing
from extract.model import Document, Grid
from extract.readers import pdf as pdf_reader
from extract.readers.pdf import read_pdf
from extract.readers.pdf_ocr import available
from tests.unit.test_pdf_reader import ROWS, grids, lines, pdf, picture, table

pytestmark = pytest.mark.unit

needs_ocr = pytest.mark.skipif(not available(), reason="the extra [ocr] is not installed")
REAL = Path(__file__).parents[3] / "shared" / "documents" / "xian_medical_2022.pdf"

# figures and Latin letters: a picture needs a font that is in the file, and this one is everywhere
FIGURES = [
    ["Code", "Total", "Basic", "Project"],
    ["2080505", "1,234.56", "1,234.56", "0.00"],
    ["2101101", "-7.80", "", "-7.80"],
    ["30199", "12,345,678.90", "12,000,000.00", "345,678.90"],
]


def photograph(data: bytes, *, degrees: float = 0.0) -> bytes:
    """The first page of a PDF as a picture on a page, perhaps laid crookedly on the scanner."""
    page = pdfium.PdfDocument(data)[0]
    width, height = page.get_size()
    image: Image.Image = page.render(scale=200 / 72).to_pil().convert("RGB")
    if degrees:
        image = image.rotate(degrees, Image.Resampling.BICUBIC, fillcolor="white")
    return pdf(lambda canvas: canvas.drawImage(ImageReader(image), 0, 0, width, height), size=(width, height))


def typeset(rows: list[list[str]] = FIGURES) -> bytes:
    pdfmetrics.registerFont(TTFont("Vera", "Vera.ttf"))

    def draw(canvas: Canvas) -> None:
        canvas.setFont("Vera", 11)
        canvas.drawString(60, 760, "Table 1")
        table(canvas, rows)

    return pdf(draw)


def drawn(document: Document) -> list[Grid]:
    return [block for block in document.blocks() if isinstance(block, Grid)]


@needs_ocr
@pytest.mark.parametrize("degrees", [0.0, 1.0])
def test_a_picture_of_a_table_gives_the_cells_of_the_table(degrees: float) -> None:
    document = read_pdf(photograph(typeset(), degrees=degrees))
    assert grids(document) == [FIGURES]
    assert lines(document) == ["Table 1"]
    [page] = document.pages
    assert (page.status, page.token_count) == ("read", None)
    assert "read from a picture" in str(page.reason)
    assert [(grid.placement, grid.token_count) for grid in drawn(document)] == [("ocr", None)]
    assert page.ocr_lines == {1, 2, 3, 4, 5}


@needs_ocr
def test_cells_stand_where_they_are_printed() -> None:
    printed, read = drawn(read_pdf(typeset()))[0], drawn(read_pdf(photograph(typeset())))[0]
    for before, after in zip(printed.rows, read.rows, strict=True):
        for cell, other in zip(before.cells, after.cells, strict=True):
            assert cell.box and other.box
            assert abs(cell.box.x0 - other.box.x0) < 2 and abs(cell.box.bottom - other.box.bottom) < 2


@needs_ocr
def test_a_table_that_is_a_picture_between_text() -> None:
    page = pdfium.PdfDocument(typeset())[0]
    image = page.render(scale=200 / 72).to_pil().convert("RGB").crop((140, 360, 1520, 640))

    def draw(canvas: Canvas) -> None:
        canvas.drawString(60, 760, "收支总表")
        canvas.drawImage(ImageReader(image), 60, 500, 480, 480 * image.height / image.width)
        table(canvas, top=400)

    document = read_pdf(pdf(draw))
    assert [page.status for page in document.pages] == ["read"]
    assert grids(document) == [FIGURES, ROWS]
    assert [grid.placement for grid in drawn(document)] == ["ocr", "printed"]


@needs_ocr
def test_landed_cells_say_that_they_were_read_from_a_picture() -> None:
    data = photograph(typeset())
    cells = landing.to_rows(read_pdf(data), len(data))["cell"]
    assert {cell["placement"] for cell in cells} == {"ocr"}
    assert {"12345678.90", "-7.80"} <= {cell["number_text"] for cell in cells}


@needs_ocr
@pytest.mark.skipif(not REAL.is_file(), reason="the real documents are not here")
def test_a_real_chart_and_pictures_of_real_tables() -> None:
    source = pdfium.PdfDocument(REAL)
    chart, printed = (pdfium.PdfDocument.new() for _ in range(2))
    for target, page in ((chart, 15), (printed, 29)):
        target.import_pages(source, [page])
    parts = [io.BytesIO() for _ in range(2)]
    chart.save(parts[0])
    printed.save(parts[1])
    [page] = read_pdf(parts[0].getvalue()).pages
    assert page.status == "read" and not drawn(read_pdf(parts[0].getvalue()))
    assert "59%" in [line.text for line in page.blocks]  # type: ignore[union-attr]
    wanted = [
        ["".join((text or "").split()) for text in row] for row in grids(read_pdf(parts[1].getvalue()))[0]
    ]
    found = grids(read_pdf(photograph(parts[1].getvalue())))
    assert [["".join((text or "").split()) for text in row] for row in found[0]] == wanted


def test_without_the_extra_the_page_is_set_aside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_reader, "available", lambda: False)
    data = pdf(lambda canvas: canvas.drawImage(ImageReader(picture(ruled=True)), 60, 300, 480, 300))
    [page] = read_pdf(data).pages
    assert page.status == "set_aside" and not page.blocks
    assert "the extra [ocr] reads it" in str(page.reason)


@needs_ocr
def test_a_picture_without_text_is_not_taken_for_read() -> None:
    data = pdf(lambda canvas: canvas.drawImage(ImageReader(picture(ruled=True)), 60, 300, 480, 300))
    [page] = read_pdf(data).pages
    assert page.status == "set_aside"
    assert "no text was recognised" in str(page.reason)
