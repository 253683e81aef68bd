"""A file that is no document is told from its content, whatever its name, with what to do about it."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from extract.landing import UnreadableDocument, read_document


def picture(kind: str) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(file, kind)
    return file.getvalue()


def packed(*names: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, "<a/>" * 50)
    return file.getvalue()


def reason(folder: Path, content: bytes) -> str:
    path = folder / "document.pdf"
    path.write_bytes(content)
    with pytest.raises(UnreadableDocument) as unreadable:
        read_document(path)
    return str(unreadable.value)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "TIFF", "BMP", "WEBP"])
def test_a_picture_says_to_save_it_as_pdf(tmp_path: Path, kind: str) -> None:
    assert reason(tmp_path, picture(kind)).startswith("a picture: save it as PDF")


def test_an_ofd_says_to_export_it_as_pdf(tmp_path: Path) -> None:
    assert reason(tmp_path, packed("OFD.xml", "Doc_0/Document.xml")).startswith(
        "an OFD file: export it as PDF"
    )


def test_other_archives_are_not_taken_for_one(tmp_path: Path) -> None:
    assert reason(tmp_path, packed("[Content_Types].xml", "word/document.xml")).startswith("a Word, Excel")


def test_a_text_may_begin_like_a_bitmap(tmp_path: Path) -> None:
    path = tmp_path / "BM.txt"
    path.write_text("BM0001部门2026年预算\nRIFF\n", encoding="utf-8")
    assert read_document(path)["document"][0]["status"] == "read"
