"""Is a PDF whole? Damaged files often read silently with text missing, so their streams are checked first.

PDF readers carry on where a compressed stream breaks off, and give the first part of a page for all of it.
"""

from __future__ import annotations

import threading
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import pdfminer.pdftypes
from pdfminer.ascii85 import ascii85decode, asciihexdecode
from pdfminer.cmapdb import CMapDB
from pdfminer.pdftypes import PDFObjRef, PDFStream, resolve1
from pdfminer.psparser import PSLiteral

# A page's content is some hundred kilobytes; what unpacks to this is made to fill the memory
MAX_STREAM_BYTES = 64 * 1024 * 1024
_PIECE = 1024 * 1024
_MAX_FORM_DEPTH = 12
# packed bytes written as text
_AS_TEXT = {
    "ASCII85Decode": ascii85decode,
    "A85": ascii85decode,
    "ASCIIHexDecode": asciihexdecode,
    "AHx": asciihexdecode,
}

_PROGRAMS = ("FontFile", "FontFile2", "FontFile3")
# by key of a font's dictionary: what may stand there
_KINDS: dict[str, Any] = {
    "ToUnicode": (PDFStream, PSLiteral),
    "Encoding": (PDFStream, PSLiteral, dict),
    "CIDToGIDMap": (PDFStream, PSLiteral),
    "CIDSystemInfo": dict,
    "FontDescriptor": dict,
    "CharProcs": dict,
    "Widths": list,
    "W": list,
    "W2": list,
    **dict.fromkeys(_PROGRAMS, PDFStream),
}


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
    if stream.rawdata is None or stream.decipher is not None:
        return  # unpacked already, or encrypted: nothing to check it by
    data = stream.rawdata
    for packing, _ in stream.get_filters():
        name = getattr(packing, "name", None)
        if name in _AS_TEXT:
            try:
                data = _AS_TEXT[name](data)
            except ValueError:
                raise Damaged(f"{what} is damaged (内容已损坏)") from None
        else:
            if name in ("FlateDecode", "Fl"):
                _check_deflated(data, what)
            return


def _check_deflated(data: bytes, what: str) -> None:
    unpacker = zlib.decompressobj()
    size = 0
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


def is_root(reference: Any) -> bool:
    """Whether this is the top of a tree of pages: readers take a branch or a single page for all of it."""
    node = resolve1(reference)
    if not isinstance(node, dict) or "Kids" not in node:
        return False
    above = resolve1(node.get("Parent"))
    return not (isinstance(above, dict) and "Kids" in above)


class StreamChecker:
    """Checks each stream that a page's text depends on, once a document."""

    def __init__(self) -> None:
        # by object number: what is wrong with a stream or font, if anything
        self._checked: dict[int, str | None] = {}
        self._unmapped: dict[int | None, bool] = {}

    def check_page(self, page: Any) -> None:
        """Contents, forms, and fonts with their maps to characters; `page` is pdfminer's."""
        for content in page.contents:
            stream = resolve1(content)
            if not isinstance(stream, PDFStream):
                raise Damaged("part of the page's content is missing (页面内容缺失)")
            self._check_stream(stream, "the page's content")
        self._check_resources(resolve1(page.resources), 0)

    def _once(self, number: int | None, check: Callable[..., None], *arguments: Any) -> bool:
        """Check what has this object number; False where it was checked before."""
        if number in self._checked:
            wrong = self._checked[number]
            if wrong is not None:
                raise Damaged(wrong)
            return False
        wrong = None
        try:
            check(*arguments)
        except Damaged as damaged:
            wrong = str(damaged)
            raise
        finally:
            if number is not None:
                self._checked[number] = wrong
        return True

    def _check_stream(self, stream: PDFStream, what: str) -> bool:
        return self._once(stream.objid, check_stream, stream, what)

    def _check_resources(self, resources: Any, depth: int) -> None:
        if not isinstance(resources, dict) or depth > _MAX_FORM_DEPTH:
            return
        for reference in _values(resources.get("Font")):
            self._once(getattr(reference, "objid", None), self._check_font, reference)
        for reference in _values(resources.get("XObject")):
            form = resolve1(reference)
            if _is_form(form) and self._check_stream(form, "a form on the page"):
                self._check_resources(resolve1(form.get("Resources")), depth + 1)

    def _check_font(self, reference: Any) -> None:
        font = resolve1(reference)
        if not isinstance(font, dict):
            raise Damaged("a font of the page is missing (字体缺失)")
        _check_references(font)
        is_composite = getattr(font.get("Subtype"), "name", "") == "Type0"
        if is_composite != ("DescendantFonts" in font):
            raise Damaged("a font of the page is damaged (字体已损坏)")
        if is_composite:
            _check_encoding(resolve1(font.get("Encoding")))
            _check_descendants(font)
        self._check_if_stream(font.get("ToUnicode"), "a font's character map")
        self._check_program(font)

    def lacks_map(self, page: Any) -> bool:
        """Whether a font of the page or its forms names glyphs by numbers that only its program understands.

        PDFium gives those numbers for characters; pdfminer looks them up in the program or says so.
        """
        return any(map(self._lacks_map, _fonts(resolve1(page.resources), set())))

    def _lacks_map(self, reference: Any) -> bool:
        number = getattr(reference, "objid", None)
        if number is None or number not in self._unmapped:
            self._unmapped[number] = _is_unmapped(resolve1(reference))
        return self._unmapped[number]

    def _check_program(self, font: dict[str, Any]) -> None:
        """Where the program of its glyphs is damaged, text looks like blanks and is left out."""
        for part in [*(resolve1(font.get("DescendantFonts")) or []), font]:
            descriptor = resolve1(resolve1(part).get("FontDescriptor"))
            if not isinstance(descriptor, dict):
                continue
            _check_references(descriptor)
            for name in _PROGRAMS:
                self._check_if_stream(descriptor.get(name), "a font on the page")

    def _check_if_stream(self, reference: Any, what: str) -> None:
        stream = resolve1(reference)
        if isinstance(stream, PDFStream):
            self._check_stream(stream, what)


def _is_form(found: Any) -> bool:
    return isinstance(found, PDFStream) and getattr(found.get("Subtype"), "name", "") == "Form"


def _fonts(resources: Any, seen: set[int | None]) -> Iterator[Any]:
    """The fonts of a page's resources, and of the forms among them."""
    if not isinstance(resources, dict):
        return
    yield from _values(resources.get("Font"))
    for reference in _values(resources.get("XObject")):
        form = resolve1(reference)
        if _is_form(form) and form.objid not in seen:
            seen.add(form.objid)
            yield from _fonts(resolve1(form.get("Resources")), seen)


def _check_references(part: dict[str, Any]) -> None:
    """What a font names has to be there, and of its kind: else readers put other characters, silently."""
    for key, value in part.items():
        found = resolve1(value)
        if found is None and isinstance(value, PDFObjRef):
            raise Damaged(f"part of a font of the page is missing: {key} (字体内容缺失)")
        if key in _KINDS and not isinstance(found, _KINDS[key]):
            raise Damaged(f"part of a font of the page is damaged: {key} (字体内容已损坏)")


def _check_descendants(font: dict[str, Any]) -> None:
    """The glyphs of a composite font: numbers that only a map makes characters."""
    for reference in resolve1(font["DescendantFonts"]) or [None]:
        glyphs = resolve1(reference)
        if not isinstance(glyphs, dict):
            raise Damaged("part of a font of the page is missing (字体内容缺失)")
        _check_references(glyphs)
        if "CIDSystemInfo" not in glyphs:
            raise Damaged("a font of the page is damaged (字体已损坏)")


def _is_unmapped(font: dict[str, Any]) -> bool:
    if "DescendantFonts" not in font or isinstance(resolve1(font.get("ToUnicode")), PDFStream):
        return False
    if not str(getattr(resolve1(font.get("Encoding")), "name", "")).startswith("Identity"):
        return False
    system = resolve1(resolve1(resolve1(font["DescendantFonts"])[0])["CIDSystemInfo"])
    return not isinstance(system, dict) or system.get("Ordering") in (None, b"Identity")


def _check_encoding(encoding: Any) -> None:
    """A composite font's bytes mean nothing without the map it names: readers drop its text silently."""
    name = getattr(encoding, "name", None)
    if isinstance(encoding, PDFStream):
        return
    try:
        CMapDB.get_cmap(name or "")
    except CMapDB.CMapNotFound:
        raise Damaged("the encoding of a font is unknown (字体编码未知)") from None


def _values(mapping: Any) -> list[Any]:
    mapping = resolve1(mapping)
    return [*mapping.values()] if isinstance(mapping, dict) else []
