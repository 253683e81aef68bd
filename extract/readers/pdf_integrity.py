"""Is a PDF whole? Damaged files often read silently with text missing, so their streams are checked first.

PDF readers carry on where a compressed stream breaks off, and give the first part of a page for all of it.
"""

from __future__ import annotations

import threading
import zlib
from typing import Any

import pdfminer.pdftypes
from pdfminer.pdftypes import PDFStream, resolve1

# A page's content is some hundred kilobytes; what unpacks to this is made to fill the memory
MAX_STREAM_BYTES = 64 * 1024 * 1024
_PIECE = 1024 * 1024
_MAX_FORM_DEPTH = 12


class Damaged(Exception):
    """Part of a file is missing or changed; the message says what."""


class _Repairs(threading.local):
    """How many broken streams pdfminer has met in this thread."""

    count = 0


_repairs = _Repairs()


def repairs() -> int:
    """Broken streams met so far. A document during whose reading this grows is not whole."""
    return _repairs.count


def _decompress_corrupted(data: bytes) -> bytes:
    """In place of pdfminer's repair, which takes minutes for a large stream and hides that data is lost."""
    _repairs.count += 1
    try:
        return zlib.decompressobj().decompress(data, MAX_STREAM_BYTES)
    except zlib.error:
        return b""


pdfminer.pdftypes.decompress_corrupted = _decompress_corrupted


def check_stream(stream: PDFStream, what: str) -> None:
    """Unpack a stream piece by piece, keeping nothing; Damaged if it breaks off or grows without end."""
    filters = stream.get_filters()
    if stream.rawdata is None or stream.decipher is not None or not filters:
        return  # unpacked already, or encrypted: nothing to check it by
    if getattr(filters[0][0], "name", None) not in ("FlateDecode", "Fl"):
        return
    unpacker = zlib.decompressobj()
    data, size = stream.rawdata, 0
    try:
        while data and not unpacker.eof:
            size += len(unpacker.decompress(data, _PIECE))
            data = unpacker.unconsumed_tail
            if size > MAX_STREAM_BYTES:
                raise Damaged(f"{what} unpacks to more than {MAX_STREAM_BYTES // _PIECE} MB (数据流异常膨胀)")
    except zlib.error:
        raise Damaged(f"{what} is damaged (内容已损坏)") from None
    if not unpacker.eof:
        raise Damaged(f"{what} breaks off (内容不完整)")


class StreamChecker:
    """Checks each stream that a page's text depends on, once a document."""

    def __init__(self) -> None:
        # by object number: what is wrong with the stream, if anything
        self._checked: dict[int, str | None] = {}

    def check_page(self, page: Any) -> None:
        """Contents, forms, and the maps from glyphs to characters; `page` is pdfminer's."""
        for content in page.contents:
            stream = resolve1(content)
            if not isinstance(stream, PDFStream):
                raise Damaged("part of the page's content is missing (页面内容缺失)")
            self._check(stream, "the page's content")
        self._check_resources(resolve1(page.resources), 0)

    def _check(self, stream: PDFStream, what: str) -> bool:
        """False where it was checked before."""
        if stream.objid in self._checked:
            wrong = self._checked[stream.objid]
            if wrong is not None:
                raise Damaged(wrong)
            return False
        try:
            check_stream(stream, what)
        except Damaged as damaged:
            self._remember(stream, str(damaged))
            raise
        self._remember(stream, None)
        return True

    def _remember(self, stream: PDFStream, wrong: str | None) -> None:
        if stream.objid is not None:
            self._checked[stream.objid] = wrong

    def _check_resources(self, resources: Any, depth: int) -> None:
        if not isinstance(resources, dict) or depth > _MAX_FORM_DEPTH:
            return
        for font in _values(resources.get("Font")):
            if isinstance(font, dict):
                to_unicode = resolve1(font.get("ToUnicode"))
                if isinstance(to_unicode, PDFStream):
                    self._check(to_unicode, "a font's character map")
        for form in _values(resources.get("XObject")):
            is_form = isinstance(form, PDFStream) and getattr(form.get("Subtype"), "name", "") == "Form"
            if is_form and self._check(form, "a form on the page"):
                self._check_resources(resolve1(form.get("Resources")), depth + 1)


def _values(mapping: Any) -> list[Any]:
    mapping = resolve1(mapping)
    return [resolve1(value) for value in mapping.values()] if isinstance(mapping, dict) else []
