"""A picture shows the part of the page that a finding speaks of, however the page is turned."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import pytest
from PIL import Image
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from expectations import pictures
from expectations.pictures import CANDIDATE, GREYS, SUSPECT, TERM, Mark, View, bands, collect, draw
from extract.landing import read_document
from extract.pictures import take_pictures
from extract.workers import Limits

ROWS = (("科目", "合计", "基本支出"), ("合计", "1,234.56", "1,000.00"), ("教育支出", "1,234.56", "777.77"))
WIDTHS = (150, 90, 90)


def typeset(path: Path, size: tuple[float, float], rotation: int = 0) -> None:
    """One ruled table and a sentence, upright on a page that is stored as turned as `rotation` says."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    width, height = size
    canvas = Canvas(str(path), pagesize=(height, width) if rotation in (90, 270) else size)
    canvas.setPageRotation(rotation)
    if rotation == 90:
        canvas.transform(0, 1, -1, 0, height, 0)
    elif rotation == 180:
        canvas.transform(-1, 0, 0, -1, width, height)
    elif rotation == 270:
        canvas.transform(0, -1, 1, 0, 0, width)
    canvas.setFont("STSong-Light", 10)
    canvas.drawString(72, height - 60, "支出预算总表")
    canvas.drawString(300, height - 76, "单位：万元")
    top = height - 90
    for no, row in enumerate(ROWS):
        x = 72.0
        for text, wide in zip(row, WIDTHS, strict=True):
            canvas.rect(x, top - 24 * (no + 1), wide, 24)
            canvas.drawString(x + 6, top - 24 * (no + 1) + 8, text)
            x += wide
    canvas.drawString(72, top - 150, "2026年支出预算为 1,234.56 万元，比上年增加 88.88 万元。")
    canvas.save()


PAGES = {
    "portrait": ((595, 842), 0),
    "landscape": ((842, 595), 0),
    "turned 90": ((842, 595), 90),
    "turned 180": ((595, 842), 180),
    "turned 270": ((842, 595), 270),
}


def tinted(path: Path, kind: int) -> list[int]:
    """How dark each pixel is that has the tint of a kind of mark."""
    with Image.open(path) as image:
        assert image.mode == "P"
        return [value % GREYS for value in image.tobytes() if value // GREYS == kind]


@pytest.mark.parametrize("page", PAGES)
def test_the_marked_cell_holds_the_number(tmp_path: Path, page: str) -> None:
    size, rotation = PAGES[page]
    typeset(tmp_path / "a.pdf", size, rotation)
    cells = read_document(tmp_path / "a.pdf")["cell"]
    cell = next(cell for cell in cells if cell["value_text"] == "777.77")
    box = (cell["x0"], cell["top"], cell["x1"], cell["bottom"])
    empty = (box[2] + 4, box[1], box[2] + 80, box[3])
    draw(
        tmp_path / "a.pdf",
        [View("full", 1, (Mark(SUSPECT, box),), ()), View("empty", 1, (Mark(SUSPECT, empty),), ())],
        tmp_path,
    )
    ink = tinted(tmp_path / "full.png", SUSPECT)
    assert sum(grey < 4 for grey in ink) > 40
    # the box is the cell's: beside it nothing is printed
    assert min(tinted(tmp_path / "empty.png", SUSPECT)) == GREYS - 1


@pytest.mark.parametrize("page", PAGES)
def test_a_sentence_is_found_by_its_words(tmp_path: Path, page: str) -> None:
    size, rotation = PAGES[page]
    typeset(tmp_path / "a.pdf", size, rotation)
    said = "比上年增加88.88万元，下一页上的话不在这一页"
    draw(
        tmp_path / "a.pdf", [View("said", 1, (), (), said), View("other", 1, (), (), "没有这句话")], tmp_path
    )
    ink = tinted(tmp_path / "said.png", SUSPECT)
    assert sum(grey < 4 for grey in ink) > 100
    assert len(ink) < 300 * 60 * 4  # one line, not the page
    assert not (tmp_path / "other.png").exists()


@pytest.mark.parametrize("page", PAGES)
def test_a_sentence_is_landed_with_its_box(tmp_path: Path, page: str) -> None:
    size, rotation = PAGES[page]
    typeset(tmp_path / "a.pdf", size, rotation)
    sentence = next(row for row in read_document(tmp_path / "a.pdf")["sentence"] if "88.88" in row["text"])
    box = (sentence["x0"], sentence["top"], sentence["x1"], sentence["bottom"])
    # its words cannot be found, so the box is what is marked
    draw(tmp_path / "a.pdf", [View("said", 1, (), (), "没有这句话", box)], tmp_path)
    shown = tinted(tmp_path / "said.png", SUSPECT)
    dark = sum(value < GREYS // 2 for value in shown)
    draw(tmp_path / "a.pdf", [View("found", 1, (), (), sentence["text"])], tmp_path)
    found = sum(value < GREYS // 2 for value in tinted(tmp_path / "found.png", SUSPECT))
    assert found and abs(dark - found) < found / 10


def test_a_quote_that_also_stands_elsewhere_is_marked_in_its_sentence(tmp_path: Path) -> None:
    typeset(tmp_path / "a.pdf", (595, 842))
    sentence = next(row for row in read_document(tmp_path / "a.pdf")["sentence"] if "88.88" in row["text"])
    box = (sentence["x0"], sentence["top"], sentence["x1"], sentence["bottom"])
    with_table = View("said", 1, (Mark(TERM, (160, 100, 220, 110)),), (), "1,234.56", box)
    draw(tmp_path / "a.pdf", [with_table], tmp_path)
    assert any(tinted(tmp_path / "said.png", SUSPECT)) and any(tinted(tmp_path / "said.png", TERM))


def test_rows_around_the_marks_and_the_header_are_shown() -> None:
    lines = tuple((72.0, 100.0 + 20 * row, 400.0, 120.0 + 20 * row) for row in range(30))
    suspect = Mark(SUSPECT, (200, 500, 260, 520))
    shown = bands([suspect, Mark(TERM, (200, 120, 260, 140))], lines)
    assert shown[0][0] <= 100 - pictures.HEADER
    assert shown[0][1] >= 180  # two rows below the term
    assert shown[1] == (458, 562)


def test_what_is_suspected_has_its_room_before_all_else() -> None:
    lines = tuple((72.0, 100.0 * row, 400.0, 100.0 + 100 * row) for row in range(1, 60))
    terms = [Mark(TERM, (200, 100.0 * row, 260, 100.0 * row + 100)) for row in range(1, 50)]
    shown = bands([*terms, Mark(SUSPECT, (200, 5000, 260, 5100))], lines)
    assert any(top <= 5000 and bottom >= 5100 for top, bottom in shown)
    assert sum(bottom - top for top, bottom in shown) <= pictures.TALLEST + 200


def test_a_page_as_large_as_a_wall_stays_a_small_picture(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "wall.pdf"), pagesize=(14_000, 14_000))
    canvas.drawString(100, 13_000, "777.77")
    canvas.save()
    draw(tmp_path / "wall.pdf", [View("a", 1, (Mark(SUSPECT, (0, 900, 13_000, 1_100)),), ())], tmp_path)
    with Image.open(tmp_path / "a.png") as image:
        assert image.width * image.height <= pictures.MOST_PIXELS


def test_boxes_off_the_page_break_nothing(tmp_path: Path) -> None:
    typeset(tmp_path / "a.pdf", (595, 842))
    marks = (Mark(SUSPECT, (-50, -80, -10, -20)), Mark(CANDIDATE, (9000, 9000, 9100, 9100)))
    draw(tmp_path / "a.pdf", [View("a", 1, marks, ())], tmp_path)
    assert (tmp_path / "a.png").is_file()


def test_a_broken_document_gives_a_reason_and_no_picture(tmp_path: Path) -> None:
    typeset(tmp_path / "good.pdf", (595, 842))
    whole = (tmp_path / "good.pdf").read_bytes()
    (tmp_path / "bad.pdf").write_bytes(whole[:200])
    mark = (Mark(SUSPECT, (72, 90, 200, 120)),)
    views = {
        "good": [View("f1", 1, mark, ()), View("f2", 1, (), (), "没有这句话")],
        "bad": [View("f3", 1, mark, ())],
        "short": [View("f4", 99, mark, ())],
        "away": [View("f5", 1, mark, ())],
    }
    sources = {
        "good": tmp_path / "good.pdf",
        "bad": tmp_path / "bad.pdf",
        "short": tmp_path / "good.pdf",
    }
    taken = take_pictures(views, sources, Limits(seconds=30))
    assert set(taken.images) == {"f1"}
    assert set(taken.reasons) == {"f2", "f3", "f4", "f5"}
    assert Image.open(io.BytesIO(base64.b64decode(taken.images["f1"]))).format == "PNG"
    assert taken.reasons["f5"] == "the document is not at hand"


def test_pictures_stop_at_a_size(tmp_path: Path) -> None:
    for name in ("f1", "f2"):
        (tmp_path / f"{name}.png").write_bytes(b"x" * 60)
    views = {"d": [View("f1", 1, (), ()), View("f2", 1, (), ())]}
    taken = collect(views, tmp_path, {}, most_bytes=100)
    assert set(taken.images) == {"f1"}
    assert taken.reasons == {"f2": "limit"}
