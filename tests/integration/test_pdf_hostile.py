"""Files made to hurt, read as a build reads them: each gets one line, and the others are read."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pypdfium2 as pdfium
import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from extract.inputs import gather
from extract.store import LandingCache, read_new
from extract.workers import Limits
from tests.typeset.documents import budget
from tests.typeset.pdf import write_pdf
from tests.unit.test_pdf_reader import flate_pdf, pdf, table

pytestmark = pytest.mark.integration


def many_pages(count: int) -> bytes:
    """A small file with so many pages that show the same."""
    kids = b" ".join(b"%d 0 R" % number for number in range(4, 4 + count))
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 3 0 R/Resources<<>>>>"
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, count),
        b"<</Length 0>>stream\n\nendstream",
        *[page] * count,
    ]
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, part in enumerate(parts, start=1):
        places.append(len(out))
        out += b"%d 0 obj%s\nendobj\n" % (number, part)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(parts) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    return bytes(out + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(parts) + 1, start))


def typeset_pages(folder: Path, count: int) -> bytes:
    """A document over and over, until there are so many pages."""
    write_pdf(budget(1), "ruled", folder / "one.pdf")
    one, many = pdfium.PdfDocument(folder / "one.pdf"), pdfium.PdfDocument.new()
    while len(many) < count:
        many.import_pages(one)
    out = io.BytesIO()
    many.save(out)
    return out.getvalue()


def dense(canvas: Canvas) -> None:
    """200 × 200 cells."""
    canvas.setPageSize((1400, 1400))
    canvas.grid([50 + 6 * i for i in range(201)], [100 + 6 * i for i in range(201)])
    canvas.drawString(60, 60, "1")


WHOLE = pdf(lambda canvas: table(canvas), lambda canvas: table(canvas))
# by name: the file, and what is said of it; None where it is read
FILES: dict[str, tuple[Callable[[], bytes], str | None]] = {
    "whole.pdf": (lambda: WHOLE, None),
    "web page.pdf": (lambda: b"<!DOCTYPE html><html><body>404</body></html>", "a web page"),
    "empty.pdf": (lambda: b"", "empty"),
    "truncated.pdf": (lambda: WHOLE[: len(WHOLE) // 2], "truncated PDF"),
    "encrypted.pdf": (
        lambda: pdf(lambda canvas: table(canvas), encrypt=StandardEncryption("secret", "owner")),
        "encrypted: a password is needed",
    ),
    "endless stream.pdf": (
        lambda: flate_pdf(zlib.compress(b" " * (200 * 1024 * 1024), 9)),
        "pages set aside: 1",
    ),
    "dense grid.pdf": (lambda: pdf(dense, lambda canvas: table(canvas)), "pages set aside: 1"),
    "10,000 pages.pdf": (lambda: many_pages(10_000), "10000 pages, more than the limit of 2000"),
    "no PDF.pdf": (lambda: b"%PDF-1.4\n" + bytes(range(256)) * 40, "PDF"),
}


@pytest.fixture(scope="module")
def landed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, str | None]]:
    """Status and reason of every file."""
    folder = tmp_path_factory.mktemp("hostile")
    for name, (make, _) in FILES.items():
        (folder / name).write_bytes(make())
    cache = LandingCache(tmp_path_factory.mktemp("landing"), Limits(seconds=60, memory_mb=500))
    return {
        source.name: said(found) for source, found in read_new(gather(folder.iterdir()).sources, cache, 2)
    }


def said(folder: Path) -> tuple[str, str | None]:
    [row] = pq.read_table(folder / "document.parquet").to_pylist()
    return row["status"], row["reason"]


@pytest.mark.parametrize("name", FILES)
def test_each_gets_one_line(landed: dict[str, tuple[str, str | None]], name: str) -> None:
    expected = FILES[name][1]
    status, reason = landed[name]
    if expected is None:
        assert (status, reason) == ("read", None)
        return
    assert reason and expected in reason and "\n" not in reason
    assert "Error" not in reason
    # what is read in part says so; nothing else is taken for read
    assert status == ("read" if "pages set aside" in reason else "set_aside")


def test_a_document_whose_text_changed_is_another_version(tmp_path: Path) -> None:
    path = tmp_path / "accounts.pdf"
    cache = LandingCache(tmp_path / "landing", Limits())

    def read() -> tuple[str, list[str]]:
        [source] = gather([path]).sources
        new = [source] if cache.find(source.document_id) is None else []
        assert len(list(read_new(new, cache, 1))) == len(new)
        folder = cache.find(source.document_id)
        assert folder is not None
        texts = pq.read_table(folder / "cell.parquet").column("value_text").to_pylist()
        return ("anew" if new else "known"), texts

    path.write_bytes(pdf(lambda canvas: table(canvas)))
    first = read()
    assert first == ("anew", ["1,234.56", "-7.80"])
    assert read() == ("known", first[1])
    rows = [["科目编码", "科目名称", "合计"], ["2080505", "养老保险", "1,234.65"]]
    path.write_bytes(pdf(lambda canvas: table(canvas, rows)))
    assert read() == ("anew", ["1,234.65"])


def test_a_document_of_300_pages_is_read_in_less_than_500_megabytes(tmp_path: Path) -> None:
    path = tmp_path / "long.pdf"
    path.write_bytes(typeset_pages(tmp_path, 300))
    cache = LandingCache(tmp_path / "landing", Limits(seconds=600, memory_mb=500))
    [(_, folder)] = read_new(gather([path]).sources, cache, 1)
    assert said(folder) == ("read", None)
    assert pq.read_metadata(folder / "page.parquet").num_rows >= 300
