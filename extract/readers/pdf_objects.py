"""The characters and drawn paths of one PDF page, taken from PDFium in pdfplumber's coordinates.

Stock pdfplumber spends most of its time in a tokenizer written in Python. PDFium gives the same objects
many times faster, but reads some pages differently and says nothing. `read_objects` raises `Declined`
with the reason wherever a cheap check sees one of those, and the caller takes the stock page instead.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium_c

Matrix = tuple[float, float, float, float, float, float]


def _raw(name: str, result: Any = ctypes.c_int) -> Any:
    """A PDFium function without ctypes' argument checks, which cost as much as the call itself.

    Handles are passed as `c_void_p`, numbers as int, results through `byref`.
    """
    address = ctypes.cast(getattr(pdfium_c, name), ctypes.c_void_p).value
    return ctypes.PYFUNCTYPE(result)(address or 0)


class _Handle(ctypes.c_void_p):
    """A handle that ctypes returns as it is passed on, and not as a number to be wrapped again."""


_char_unicode = _raw("FPDFText_GetUnicode")
_char_origin = _raw("FPDFText_GetCharOrigin")
_char_object = _raw("FPDFText_GetTextObject", ctypes.c_void_p)
_char_matrix = _raw("FPDFText_GetMatrix")
_char_generated = _raw("FPDFText_IsGenerated")
_char_unmapped = _raw("FPDFText_HasUnicodeMapError")
_char_hyphen = _raw("FPDFText_IsHyphen")
_object_type = _raw("FPDFPageObj_GetType")
_object_matrix = _raw("FPDFPageObj_GetMatrix")
_object_fill = _raw("FPDFPageObj_GetFillColor")
_object_bounds = _raw("FPDFPageObj_GetBounds")
_object_clip = _raw("FPDFPageObj_GetClipPath", ctypes.c_void_p)
_clip_count = _raw("FPDFClipPath_CountPaths")
_clip_size = _raw("FPDFClipPath_CountPathSegments")
_clip_segment = _raw("FPDFClipPath_GetPathSegment", ctypes.c_void_p)
_page_object = _raw("FPDFPage_GetObject", ctypes.c_void_p)
_form_count = _raw("FPDFFormObj_CountObjects")
_form_object = _raw("FPDFFormObj_GetObject", ctypes.c_void_p)
_text_font = _raw("FPDFTextObj_GetFont", ctypes.c_void_p)
_glyph_width = _raw("FPDFFont_GetGlyphWidth")
_text_size = _raw("FPDFTextObj_GetFontSize")
_path_count = _raw("FPDFPath_CountSegments")
_path_segment = _raw("FPDFPath_GetPathSegment", _Handle)
_path_mode = _raw("FPDFPath_GetDrawMode")
_segment_point = _raw("FPDFPathSegment_GetPoint")
_segment_type = _raw("FPDFPathSegment_GetType")
_segment_close = _raw("FPDFPathSegment_GetClose")

# a font's size, where the measures of its glyphs are asked for
_ONE = ctypes.c_float(1.0)
_TEXT, _PATH, _IMAGE, _FORM = (
    pdfium_c.FPDF_PAGEOBJ_TEXT,
    pdfium_c.FPDF_PAGEOBJ_PATH,
    pdfium_c.FPDF_PAGEOBJ_IMAGE,
    pdfium_c.FPDF_PAGEOBJ_FORM,
)
_MOVE, _LINE = pdfium_c.FPDF_SEGMENT_MOVETO, pdfium_c.FPDF_SEGMENT_LINETO
_MAX_FORM_DEPTH = 12
_EVERYWHERE = (-1e9, -1e9, 1e9, 1e9)
# pdfplumber's edge_min_length_prefilter
_SHORTEST = 1
_UNCHANGED = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
# PDFium's mark for a hyphen at a line's end, in its stream and character by character
_HYPHEN_MARKS = "\ufffe\x02"

# What PDFium turns into something else, and says nothing of: control characters and soft hyphens (its marks
# for a hyphen at a line's end among them), ligatures taken apart, right-to-left text that it reorders and
# whose brackets it mirrors, and characters outside of the basic plane.
_MISREAD = re.compile(
    "[\x00-\x09\x0b\x0c\x0e-\x1f\xad\u0590-\u08ff\ud800-\udfff\ufb00-\ufb06\ufb1d-\ufdff"
    "\ufe70-\ufefe\ufffe\uffff\U00010000-\U0010ffff]"
)


class Declined(Exception):
    """PDFium is known to misread something on this page: take the stock page."""


class TooLarge(Exception):
    """The page holds more objects than a published table can have."""


class Char(NamedTuple):
    """One printed character. Coordinates count from the top left of the upright page."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    # the line the character stands on; the same for all fonts of a printed line
    base: float
    size: float
    upright: bool = True


@dataclass(slots=True)
class PageObjects:
    """What a page shows, in pdfplumber's coordinates."""

    chars: list[Char] = field(default_factory=list)
    # pdfplumber edge dicts, in the order lines, rects, curves
    edges: list[dict[str, Any]] = field(default_factory=list)
    # boxes (x0, top, x1, bottom)
    images: list[tuple[float, float, float, float]] = field(default_factory=list)
    path_count: int = 0
    # places of characters that a clipping rectangle hides: drawn, but seen by nobody
    hidden: set[int] = field(default_factory=set)
    # places of characters that stand askew, as a watermark does
    askew: set[int] = field(default_factory=set)


def _multiply(m1: Matrix, m0: Matrix) -> Matrix:
    """`m1` applied first, then `m0`, as pdfminer multiplies."""
    a1, b1, c1, d1, e1, f1 = m1
    a0, b0, c0, d0, e0, f0 = m0
    return (
        a0 * a1 + c0 * b1,
        b0 * a1 + d0 * b1,
        a0 * c1 + c0 * d1,
        b0 * c1 + d0 * d1,
        a0 * e1 + c0 * f1 + e0,
        b0 * e1 + d0 * f1 + f0,
    )


def page_matrix(mediabox: tuple[float, float, float, float], rotation: int) -> Matrix:
    """From the page's own space to the upright page with its origin at the bottom left (pdfminer's)."""
    x0, y0, x1, y1 = mediabox
    if rotation == 90:
        return (0, -1, 1, 0, -y0, x1)
    if rotation == 180:
        return (-1, 0, 0, -1, x1, y1)
    if rotation == 270:
        return (0, 1, -1, 0, y1, -x0)
    return (1, 0, 0, 1, -x0, -y0)


class _Reader:
    """Reads one page; every ctypes buffer is made once and used for all calls."""

    def __init__(self, matrix: Matrix, height: float, offset: tuple[float, float], max_objects: int):
        self.matrix = matrix
        self.height = height
        # pdfplumber adds the mediabox's corner back to what pdfminer took off
        self.dx, self.dy = offset
        self.max_objects = max_objects
        self.seen = 0
        self._m = pdfium_c.FS_MATRIX()
        self._m_ref = ctypes.byref(self._m)
        self._fonts: dict[int, tuple[Any, float, dict[str, float]]] = {}
        self._clips: dict[tuple[int | None, ...], tuple[float, float, float, float]] = {}
        # characters outside of their clipping rectangle, with the text object that they came from
        self.clipped: list[tuple[int, int]] = []
        self._fx, self._fy = ctypes.c_float(), ctypes.c_float()
        self._fx_ref, self._fy_ref = ctypes.byref(self._fx), ctypes.byref(self._fy)

    # -- text ------------------------------------------------------------------------------------------

    def stream(self, textpage: ctypes.c_void_p) -> list[str]:
        """The page's text as PDFium orders it, one entry a character, blanks of its own included."""
        count = pdfium_c.FPDFText_CountChars(textpage)
        if count <= 0:
            return []
        buffer = (ctypes.c_ushort * (count + 1))()
        written = pdfium_c.FPDFText_GetText(textpage, 0, count, buffer)
        if written == count + 1:
            text = bytes(buffer)[: 2 * count].decode("utf-16-le", "surrogatepass")
            if len(text) == count:
                return list(text)
        return [chr(_char_unicode(textpage, i)) for i in range(count)]

    def chars(self, textpage: ctypes.c_void_p, stream: list[str]) -> tuple[list[Char], list[int], set[int]]:
        """Printed characters, the place of each in the stream, and the text objects they came from."""
        out: list[Char] = []
        places: list[int] = []
        objects: set[int] = set()
        odd = _MISREAD.search("".join(stream))
        if odd and odd.group() in _HYPHEN_MARKS:
            self._put_hyphens(textpage, stream)
            odd = _MISREAD.search("".join(stream))
        if odd:
            raise Declined(f"the character U+{ord(odd.group()):04X}")
        x, y = ctypes.c_double(), ctypes.c_double()
        x_ref, y_ref = ctypes.byref(x), ctypes.byref(y)
        number = ctypes.c_float()
        number_ref = ctypes.byref(number)
        make = tuple.__new__
        fonts = self._fonts
        last: int | None = None
        last_x: float | None = None
        last_y: float | None = None
        a = b = c = d = size = 0.0
        widths: dict[str, float] = {}
        font: Any = None
        pa, pb, pc, pd, pe, pf = self.matrix
        turned = (pa, pb, pc, pd) != (1, 0, 0, 1)
        dx, flip = self.dx, self.height + self.dy
        straight = True
        y_low = y_high = 0.0
        clip = _EVERYWHERE
        ahead = up = (0.0, 0.0)
        for i, text in enumerate(stream):
            handle = _char_object(textpage, i)
            if handle is None:
                # a blank or a line end that PDFium made up; anything else is not understood
                if text in " \r\n":
                    continue
                raise Declined("a character without a text object")
            if text in " \r\n" and _char_generated(textpage, i):
                continue
            _char_origin(textpage, i, x_ref, y_ref)
            ox, oy = x.value, y.value
            if handle != last:
                last = handle
                last_x = last_y = None
                objects.add(handle)
                obj = ctypes.c_void_p(handle)
                _text_size(obj, number_ref)
                size = number.value
                if not _char_matrix(textpage, i, self._m_ref):
                    raise Declined("text without a matrix")
                m = self._m
                a, b, c, d = m.a, m.b, m.c, m.d
                clip = self._clip(obj)
                ahead, up = (a * size / 2, b * size / 2), (c * size, d * size)
                if turned:
                    a, b, c, d, _, _ = _multiply((a, b, c, d, 0.0, 0.0), self.matrix)
                key = _text_font(obj)
                font, descent, widths = fonts.get(key) or self._font(key)
                straight = b == 0 and c == 0 and a > 0 and d > 0
                y_low, y_high = descent * size * d, (descent * size + size) * d
            if ox == last_x and oy == last_y:
                raise Declined("one glyph stands for several characters")
            last_x, last_y = ox, oy
            width = widths.get(text)
            if width is None:
                if _char_unmapped(textpage, i):
                    raise Declined("a glyph without a Unicode value")
                if not _glyph_width(font, ord(text), _ONE, number_ref):
                    raise Declined("a glyph without a width")
                width = widths[text] = number.value
            if clip is not _EVERYWHERE:
                # the middle of the character, in the page's own space
                mx, my = ox + ahead[0] * width + up[0] * 0.3, oy + ahead[1] * width + up[1] * 0.3
                if not (clip[0] <= mx <= clip[2] and clip[1] <= my <= clip[3]):
                    self.clipped.append((len(out), handle))
            px = pa * ox + pc * oy + pe + dx
            py = flip - (pb * ox + pd * oy + pf)
            if not straight:
                raise Declined("rotated or mirrored text")
            # what Char(...) does, in half the time
            out.append(
                make(Char, (text, px, py - y_high, px + a * width * size, py - y_low, py, size * d, True))
            )
            places.append(i)
        return out, places, objects

    def _clip(self, handle: ctypes.c_void_p) -> tuple[float, float, float, float]:
        """What the clipping rectangles of an object have in common; other shapes hide nothing here."""
        path = ctypes.c_void_p(_object_clip(handle))
        count = _clip_count(path) if path else 0
        if count <= 0:
            return _EVERYWHERE
        # objects of one state share its paths: where the points of a path lie in memory tells which it is
        key = tuple([_clip_segment(path, i, 0) for i in range(count)])
        found = self._clips.get(key)
        if found is None:
            found = self._clips[key] = self._clip_box(path, count)
        return found

    def _clip_box(self, path: ctypes.c_void_p, count: int) -> tuple[float, float, float, float]:
        x, y, x_ref, y_ref = self._fx, self._fy, self._fx_ref, self._fy_ref
        left, low, right, high = _EVERYWHERE
        for i in range(count):
            if _clip_size(path, i) not in (4, 5):
                continue
            corners = []
            for k in range(3):
                _segment_point(ctypes.c_void_p(_clip_segment(path, i, k)), x_ref, y_ref)
                corners.append((x.value, y.value))
            (x0, y0), (x1, y1), (x2, y2) = corners
            if (x0 == x1 and y1 == y2) or (y0 == y1 and x1 == x2):
                left, right = max(left, min(x0, x2)), min(right, max(x0, x2))
                low, high = max(low, min(y0, y2)), min(high, max(y0, y2))
        return (left, low, right, high)

    def hidden(self, page: ctypes.c_void_p, count: int, total: int) -> set[int]:
        """The characters that are clipped away. Clips inside of forms have a space of their own: they tell
        nothing; neither do clips that would hide most of a page.
        """
        if not self.clipped or 2 * len(self.clipped) > total:
            return set()
        own = {_page_object(page, i) for i in range(count)}
        return {place for place, handle in self.clipped if handle in own}

    def _put_hyphens(self, textpage: ctypes.c_void_p, stream: list[str]) -> None:
        """Put the hyphen back where PDFium marks a line's end.

        The mark stands for a soft hyphen too: that is excluded where the font has a glyph for the hyphen
        and, by its width, none for the soft one.
        """
        number = ctypes.c_float()
        for i, mark in enumerate(stream):
            handle = (
                _char_object(textpage, i) if mark in _HYPHEN_MARKS and _char_hyphen(textpage, i) else None
            )
            if handle is None:
                continue
            font = ctypes.cast(_text_font(ctypes.c_void_p(handle)), pdfium_c.FPDF_FONT)
            widths = []
            for text in ("-", "\xad", "\x01"):
                pdfium_c.FPDFFont_GetGlyphWidth(font, ord(text), 1.0, ctypes.byref(number))
                widths.append(number.value)
            hyphen, soft, none = widths
            if hyphen != none and soft == none:
                stream[i] = "-"

    def _font(self, key: int) -> tuple[Any, float, dict[str, float]]:
        """A font's handle, its descent (never above the base line) and the glyph widths met so far."""
        font = ctypes.cast(key, pdfium_c.FPDF_FONT)
        descent = ctypes.c_float()
        if not pdfium_c.FPDFFont_GetDescent(font, 1.0, ctypes.byref(descent)):
            raise Declined("a font without metrics")
        self._fonts[key] = (font, min(descent.value, -descent.value), {})
        return self._fonts[key]

    def left_out(self, handle: ctypes.c_void_p, around: Matrix, origins: set[tuple[int, int]]) -> Char | None:
        """A text object that PDFium's text page has nothing of: a run of blanks, or text printed twice.

        Blanks are given back as one, because they end words. Of text printed twice (bold by double
        striking) one copy is enough. Anything else would be lost, so the page is declined: text in a font
        that is not in the file has no height either, and PDFium drops single characters of it.
        """
        number = ctypes.c_float()
        _text_size(handle, ctypes.byref(number))
        a, b, c, d, e, f = _multiply(self.own_matrix(handle), around)
        size = number.value * d
        x, base = e + self.dx, self.height + self.dy - f
        left, low, right, high = (ctypes.c_float() for _ in range(4))
        _object_bounds(handle, *(ctypes.byref(part) for part in (left, low, right, high)))
        if high.value - low.value < 0.3 * abs(size):
            if b or c or a <= 0 or d <= 0:
                raise Declined("turned text that PDFium leaves out")
            font, descent, _ = self._fonts.get(key := _text_font(handle)) or self._font(key)
            if not pdfium_c.FPDFFont_GetIsEmbedded(font):
                raise Declined("text that PDFium leaves out, in a font that is not embedded")
            pdfium_c.FPDFFont_GetGlyphWidth(font, 32, 1.0, ctypes.byref(number))
            width = number.value * size / d * a
            bottom = base - descent * size
            return Char(" ", x, bottom - size, x + width, bottom, base, size)
        near = (round(x), round(base))
        if any((near[0] + i, near[1] + j) in origins for i in (-1, 0, 1) for j in (-1, 0, 1)):
            return None
        raise Declined("text that PDFium leaves out")

    # -- paths -----------------------------------------------------------------------------------------

    def walk(
        self, page: ctypes.c_void_p, count: int, known: set[int]
    ) -> Iterator[tuple[int, ctypes.c_void_p, Matrix]]:
        """All objects of the page and of the forms on it, with the matrix that stands around them.

        Text objects that are known already are passed over.
        """
        self._count(count)
        for i in range(count):
            handle = _page_object(page, i)
            if handle not in known:
                yield from self._visit(ctypes.c_void_p(handle), self.matrix, known, 0)

    def _visit(
        self, handle: ctypes.c_void_p, around: Matrix, known: set[int], depth: int
    ) -> Iterator[tuple[int, ctypes.c_void_p, Matrix]]:
        kind = _object_type(handle)
        if kind != _FORM:
            yield kind, handle, around
            return
        if depth >= _MAX_FORM_DEPTH:
            raise Declined("forms nested too deeply")
        inner = _multiply(self.own_matrix(handle), around)
        count = _form_count(handle)
        self._count(count)
        for i in range(count):
            child = _form_object(handle, ctypes.c_ulong(i))
            if child not in known:
                yield from self._visit(ctypes.c_void_p(child), inner, known, depth + 1)

    def _count(self, more: int) -> None:
        self.seen += more
        if self.seen > self.max_objects:
            raise TooLarge(f"more than {self.max_objects} drawn objects on the page")

    def own_matrix(self, handle: ctypes.c_void_p) -> Matrix:
        _object_matrix(handle, self._m_ref)
        m = self._m
        return (m.a, m.b, m.c, m.d, m.e, m.f)

    def path(
        self, handle: ctypes.c_void_p, around: Matrix
    ) -> Iterator[tuple[str, list[tuple[float, float]]]]:
        """The sub-paths of one path object as (shape, points); shapes are pdfminer's: `mlllh`, `ml` …"""
        own = self.own_matrix(handle)
        a, b, c, d, e, f = around if own == _UNCHANGED else _multiply(own, around)
        dx, flip = self.dx, self.height + self.dy
        fx, fy, fx_ref, fy_ref = self._fx, self._fy, self._fx_ref, self._fy_ref
        shape: list[str] = []
        points: list[tuple[float, float]] = []
        bezier = 0
        for i in range(_path_count(handle)):
            segment = _path_segment(handle, i)
            _segment_point(segment, fx_ref, fy_ref)
            x, y = fx.value, fy.value
            point = (a * x + c * y + e + dx, flip - (b * x + d * y + f))
            kind = _segment_type(segment)
            if kind == _MOVE:
                if len(points) > 1:
                    yield "".join(shape), points
                shape, points, bezier = ["m"], [point], 0
                continue
            if kind == _LINE:
                shape.append("l")
                points.append(point)
            else:
                # three entries make one curve; only its end is a point of the outline
                bezier += 1
                if bezier % 3 == 0:
                    shape.append("c")
                    points.append(point)
            # PDFium closes with a line back to the start; pdfminer says `h` instead
            if point == points[0] and _segment_close(segment):
                if shape[-1] == "l" and len(points) > 2:
                    shape[-1] = "h"
                else:
                    shape.append("h")
                    points.append(point)
        if len(points) > 1:
            yield "".join(shape), points


def stream_places(
    textpage: Any,
    found: list[int],
    mediabox: tuple[float, float, float, float],
    rotation: int,
    height: float,
    offset: tuple[float, float],
) -> list[tuple[float, float]]:
    """Where the characters at these places of PDFium's stream stand on the upright page."""
    a, b, c, d, e, f = page_matrix(mediabox, rotation)
    handle = ctypes.cast(textpage, ctypes.c_void_p)
    x, y = ctypes.c_double(), ctypes.c_double()
    out = []
    for i in found:
        _char_origin(handle, i, ctypes.byref(x), ctypes.byref(y))
        px, py = a * x.value + c * y.value + e, b * x.value + d * y.value + f
        out.append((px + offset[0], height + offset[1] - py))
    return out


def read_stream(textpage: Any) -> list[str]:
    """The page's text as PDFium orders it, one entry a character."""
    return _Reader(page_matrix((0, 0, 0, 0), 0), 0, (0, 0), 0).stream(textpage)


def line_edge(p0: tuple[float, float], p1: tuple[float, float]) -> dict[str, Any]:
    x0, x1 = (p0[0], p1[0]) if p0[0] <= p1[0] else (p1[0], p0[0])
    top, bottom = (p0[1], p1[1]) if p0[1] <= p1[1] else (p1[1], p0[1])
    return {
        "x0": x0,
        "x1": x1,
        "top": top,
        "bottom": bottom,
        "width": x1 - x0,
        "height": bottom - top,
        "orientation": "h" if top == bottom else "v",
    }


def _rect_edges(p0: tuple[float, float], p2: tuple[float, float]) -> list[dict[str, Any]]:
    x0, x1 = (p0[0], p2[0]) if p0[0] <= p2[0] else (p2[0], p0[0])
    top, bottom = (p0[1], p2[1]) if p0[1] <= p2[1] else (p2[1], p0[1])
    width, height = x1 - x0, bottom - top

    def edge(x0: float, top: float, x1: float, bottom: float, w: float, h: float, way: str) -> dict[str, Any]:
        return {
            "x0": x0,
            "x1": x1,
            "top": top,
            "bottom": bottom,
            "width": w,
            "height": h,
            "orientation": way,
        }

    edges = []
    # the two short sides of a thin rectangle are shorter than any edge that the finder takes
    if width >= _SHORTEST:
        edges += [
            edge(x0, top, x1, top, width, 0, "h"),
            edge(x0, top + height, x1, bottom, width, 0, "h"),
        ]
    if height >= _SHORTEST:
        edges += [
            edge(x0, top, x0, bottom, 0, height, "v"),
            edge(x1, top, x1, bottom, 0, height, "v"),
        ]
    return edges


def _curve_edges(points: list[tuple[float, float]]) -> list[dict[str, Any]]:
    """The upright and level parts of an outline; the finder takes no others, and no shorter ones."""
    return [
        line_edge(p0, p1)
        for p0, p1 in pairwise(points)
        if (p0[0] == p1[0] and abs(p1[1] - p0[1]) >= _SHORTEST)
        or (p0[1] == p1[1] and abs(p1[0] - p0[0]) >= _SHORTEST)
    ]


def _is_rect(shape: str, points: list[tuple[float, float]]) -> bool:
    if shape not in ("mlllh", "mllll") or points[0] != points[4]:
        return False
    (x0, y0), (x1, y1), (x2, y2), (x3, y3), _ = points
    return (x0 == x1 and y1 == y2 and x2 == x3 and y3 == y0) or (
        y0 == y1 and x1 == x2 and y2 == y3 and x3 == x0
    )


def read_objects(
    page: Any,
    textpage: Any,
    mediabox: tuple[float, float, float, float],
    rotation: int,
    height: float,
    offset: tuple[float, float],
    max_objects: int = 200_000,
) -> tuple[PageObjects, list[str], list[int]]:
    """The page's objects, PDFium's text stream, and each character's place in that stream.

    Blanks that the stream leaves out stand at the end of the characters and have no place.
    """
    reader = _Reader(page_matrix(mediabox, rotation), height, offset, max_objects)
    page_handle = ctypes.cast(page, ctypes.c_void_p)
    text_handle = ctypes.cast(textpage, ctypes.c_void_p)
    found = PageObjects()
    stream = reader.stream(textpage)
    found.chars, places, text_objects = reader.chars(text_handle, stream)
    object_count = pdfium_c.FPDFPage_CountObjects(page)
    found.hidden = reader.hidden(page_handle, object_count, len(found.chars))
    origins: set[tuple[int, int]] | None = None
    blanks: list[Char] = []
    lines: list[dict[str, Any]] = []
    rects: list[dict[str, Any]] = []
    curves: list[dict[str, Any]] = []
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    fill_ref, stroke_ref = ctypes.byref(fill), ctypes.byref(stroke)
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    colour = tuple(ctypes.byref(part) for part in (red, green, blue, alpha))
    for kind, handle, around in reader.walk(page_handle, object_count, text_objects):
        if kind == _PATH:
            found.path_count += 1
            _path_mode(handle, fill_ref, stroke_ref)
            white: bool | None = None
            for shape, points in reader.path(handle, around):
                if shape in ("ml", "mlh"):
                    lines.append(line_edge(points[0], points[1]))
                elif _is_rect(shape, points):
                    if white is None:
                        white = bool(
                            not stroke.value
                            and _object_fill(handle, *colour)
                            and red.value == green.value == blue.value == 255
                        )
                    if not white:
                        rects += _rect_edges(points[0], points[2])
                else:
                    curves += _curve_edges(points)
        elif kind == _TEXT:
            if origins is None:
                origins = {(round(char.x0), round(char.base)) for char in found.chars}
            blank = reader.left_out(handle, around, origins)
            if blank is not None:
                blanks.append(blank)
        elif kind == _IMAGE:
            a, b, c, d, e, f = _multiply(reader.own_matrix(handle), around)
            xs, ys = sorted((e, e + a + c)), sorted((f, f + b + d))
            found.images.append(
                (
                    xs[0] + reader.dx,
                    height + reader.dy - ys[1],
                    xs[1] + reader.dx,
                    height + reader.dy - ys[0],
                )
            )
    found.chars += blanks
    found.edges = lines + rects + curves
    return found, stream, places
