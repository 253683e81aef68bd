"""Text that is drawn and clipped away: spreadsheets print a cell cut by a page's end on both pages."""

from __future__ import annotations

import io

import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from extract.landing import to_rows
from extract.model import Document, Grid, Line
from extract.readers.pdf import read_pdf

pytestmark = pytest.mark.unit

FONT = "STSong-Light"


def page(*, rotation: int = 0) -> Document:
    """A table of two columns; over its header, outside of the clip, the text of the page before."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842), invariant=True)
    canvas.setPageRotation(rotation)
    canvas.setFont(FONT, 10)
    for y in (700, 680, 660):
        canvas.line(60, y, 260, y)
    for x in (60, 160, 260):
        canvas.line(x, 660, x, 700)
    for text, x, y in (("项目", 65, 685), ("总额", 165, 685), ("甲", 65, 665), ("7.25", 165, 665)):
        canvas.drawString(x, y, text)
    canvas.saveState()
    clip = canvas.beginPath()
    clip.rect(60, 600, 200, 78)
    canvas.clipPath(clip, stroke=0, fill=0)
    canvas.drawString(170, 687, "15.960000")
    canvas.drawString(65, 705, "上页的文字")
    canvas.drawString(65, 640, "看得见的文字在裁剪框之内")
    canvas.restoreState()
    canvas.showPage()
    canvas.save()
    return read_pdf(out.getvalue())


def test_what_is_clipped_away_is_not_read() -> None:
    document = page()
    grids = [b for b in document.blocks() if isinstance(b, Grid)]
    assert [[cell.text for cell in row.cells] for row in grids[0].rows] == [["项目", "总额"], ["甲", "7.25"]]
    assert [b.text for b in document.blocks() if isinstance(b, Line)] == ["看得见的文字在裁剪框之内"]
    # the count by the text stream leaves it out as well
    assert (grids[0].token_count, document.pages[0].token_count) == (1, 1)


def test_what_is_clipped_away_is_told() -> None:
    unplaced = to_rows(page(), 1)["unplaced"]
    assert [(row["page_no"], row["text"]) for row in unplaced] == [(1, "上页的文字\n15.960000")]
    assert all(row["reason"].startswith("clipped away") for row in unplaced)


def test_a_turned_page_is_clipped_in_its_own_space() -> None:
    document = page(rotation=90)
    assert "15.960000" not in {
        cell.text for b in document.blocks() if isinstance(b, Grid) for row in b.rows for cell in row.cells
    }
