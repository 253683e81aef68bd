"""Pages and tables that are pictures, read by optical character recognition.

Needs the extra `ocr`; nothing here is imported before a page needs it. The rulings are found in the picture
and made into cells by pdfplumber's TableFinder, as on any other page. Text that runs over a ruling, stops
short of the ink in its cell, or was not found at all is read again cell by cell.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from itertools import pairwise
from statistics import median
from typing import Any

from extract.model import Box, Word
from extract.readers.pdf_objects import line_edge
from extract.readers.pdf_tables import BBox, FoundLine, FoundTable, find_tables

EXTRA = "ocr"

_DPI = 200
# pixels to a point
_PIXELS = _DPI / 72
# shorter runs of ink are strokes of characters: the 一 of a title, the height of a printed line
_LEVEL_RUN, _UPRIGHT_RUN = 60, 36
# a thicker run is a filled band, ruled by its two sides
_THICK = 12
# a scanned page is turned by no more; less than the smaller angle does no harm
_MOST_DEGREES, _LEAST_DEGREES = 3.0, 0.1
# pixels of a picture's height that are searched for text at once; a band much wider than that is filled up
# with white by the recogniser, which takes more memory than the rest of the page
_BAND, _WIDEST_BAND = 300, 6
# pixels of ink that are more than the rest of a ruling or dust
_INK = 12
_MARGIN = 4
_SURE = 0.5


@dataclass(slots=True)
class PictureText:
    """What stands in a picture, in points of the page it is on."""

    tables: list[FoundTable] = field(default_factory=list)
    lines: list[FoundLine] = field(default_factory=list)

    def is_empty(self) -> bool:
        return not self.lines and not self.tables


@dataclass(frozen=True, slots=True)
class _Piece:
    """A run of text that the recogniser found, in pixels."""

    text: str
    box: BBox


@cache
def available() -> bool:
    return all(find_spec(name) is not None for name in ("rapidocr", "onnxruntime", "cv2"))


def read_picture(page: Any, box: BBox) -> PictureText:
    """Tables and lines in a part of an upright pdfium page; `box` counts from the top left."""
    picture = page.render(scale=_PIXELS).to_pil().convert("RGB")
    return read_image(picture.crop(tuple(round(part * _PIXELS) for part in box)), (box[0], box[1]))


def read_image(picture: Any, origin: tuple[float, float] = (0.0, 0.0)) -> PictureText:
    """Tables and lines of a picture of 200 dots an inch whose upper left corner stands at `origin`."""
    scan = _Scan(picture)
    pieces = scan.pieces()
    out = PictureText()
    for table in find_tables(scan.edges(), (0.0, 0.0, *scan.size)):
        rows = [
            [None if cell is None else _scaled(cell, _PIXELS) for cell in row.cells] for row in table.rows
        ]
        found = FoundTable(_scaled(table.bbox, _PIXELS), rows, [])
        inside = [piece for piece in pieces if _is_inside(piece.box, found.bbox)]
        pieces = [piece for piece in pieces if not _is_inside(piece.box, found.bbox)]
        texts = scan.cell_texts([cell for row in found.rows for cell in row if cell], inside)
        found.texts = [[None if cell is None else texts[cell] for cell in row] for row in found.rows]
        if any(text for row in found.texts for text in row):
            out.tables.append(_in_points(found, origin))
    out.lines = [_line(row, origin) for row in _printed_lines(pieces)]
    return out


class _Scan:
    """One picture, straightened, with its ink."""

    def __init__(self, picture: Any):
        import cv2
        import numpy

        self.cv2, self.numpy = cv2, numpy
        self.colour = numpy.asarray(picture)[:, :, ::-1].copy()
        self.ink = self._find_ink()
        degrees = self._slant()
        if abs(degrees) > _LEAST_DEGREES:
            height, width = self.ink.shape
            turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
            self.colour = cv2.warpAffine(self.colour, turn, (width, height), borderValue=(255, 255, 255))
            self.ink = self._find_ink()
        self.level = self._runs(_LEVEL_RUN, level=True)
        self.upright = self._runs(_UPRIGHT_RUN, level=False)
        # ink that is no ruling
        frame = cv2.dilate(self.level | self.upright, numpy.ones((3, 3), numpy.uint8))
        self.letters = self.ink & ~frame

    @property
    def size(self) -> tuple[float, float]:
        return float(self.ink.shape[1]), float(self.ink.shape[0])

    def _find_ink(self) -> Any:
        grey = self.cv2.cvtColor(self.colour, self.cv2.COLOR_BGR2GRAY)
        limit, _ = self.cv2.threshold(grey, 0, 255, self.cv2.THRESH_BINARY | self.cv2.THRESH_OTSU)
        return (grey < min(max(limit, 120), 200)).astype(self.numpy.uint8) * 255

    def _slant(self) -> float:
        """By how many degrees the long level lines lean."""
        lines = self.cv2.HoughLinesP(
            self.ink, 1, self.numpy.pi / 1800, 200, minLineLength=self.ink.shape[1] / 4, maxLineGap=4
        )
        if lines is None:
            return 0.0
        ends = self.numpy.asarray(lines).reshape(-1, 4).astype(float)
        angles = self.numpy.degrees(
            self.numpy.arctan2(ends[:, 3] - ends[:, 1], self.numpy.abs(ends[:, 2] - ends[:, 0]))
            * self.numpy.sign(ends[:, 2] - ends[:, 0])
        )
        angles = angles[abs(angles) < _MOST_DEGREES]
        return float(self.numpy.median(angles)) if len(angles) else 0.0

    def _runs(self, length: int, *, level: bool) -> Any:
        """The ink that is part of a straight run of at least so many pixels."""
        ones = self.numpy.ones
        gap = ones((1, 5) if level else (5, 1), self.numpy.uint8)
        run = ones((1, length) if level else (length, 1), self.numpy.uint8)
        closed = self.cv2.morphologyEx(self.ink, self.cv2.MORPH_CLOSE, gap)
        return self.cv2.morphologyEx(closed, self.cv2.MORPH_OPEN, run)

    def edges(self) -> list[dict[str, Any]]:
        """The rulings as pdfplumber edges, in points: its tolerances are."""
        out = []
        for mask, level in ((self.level, True), (self.upright, False)):
            count, _, stats, _ = self.cv2.connectedComponentsWithStats(mask)
            for left, top, width, height, _ in stats[1:count].tolist():
                start, end = (left, left + width) if level else (top, top + height)
                low, thick = (top, height) if level else (left, width)
                for place in [low + thick / 2] if thick <= _THICK else [low, low + thick]:
                    a, b, c = start / _PIXELS, end / _PIXELS, place / _PIXELS
                    out.append(line_edge((a, c), (b, c)) if level else line_edge((c, a), (c, b)))
        return out

    def pieces(self) -> list[_Piece]:
        """The text found, band by band: the whole picture at once takes a gigabyte."""
        out = []
        cuts = self._cuts()
        for start, end in pairwise(cuts):
            found = _engine()(self.colour[start:end], use_det=True, use_cls=False, use_rec=True)
            if found.boxes is None or found.txts is None:
                continue
            for corners, text in zip(found.boxes, found.txts, strict=True):
                (x0, top), (x1, bottom) = corners.min(axis=0).tolist(), corners.max(axis=0).tolist()
                out += _split(_Piece(str(text), (x0, top + start, x1, bottom + start)))
            _give_back()
        return out

    def _cuts(self) -> list[int]:
        """Where the picture is cut into bands: between two printed lines."""
        height = len(self.letters)
        busy = self.numpy.convolve((self.letters > 0).sum(axis=1), self.numpy.ones(9), "same")
        count = -(-height // max(_BAND, self.letters.shape[1] // _WIDEST_BAND))
        reach = height // count // 10
        cuts = [0]
        # bands of about one height: the recogniser refuses one that is next to nothing
        for middle in (number * height // count for number in range(1, count)):
            cuts.append(middle - reach + int(busy[middle - reach : middle + reach + 1].argmin()))
        return [*cuts, height]

    def cell_texts(self, cells: list[BBox], pieces: list[_Piece]) -> dict[BBox, str]:
        """The text of every cell, its lines one below the other."""
        by_cell: dict[BBox, list[_Piece]] = {cell: [] for cell in cells}
        for piece in pieces:
            met = [cell for cell in cells if _covers(cell, piece.box)]
            for cell in met:
                part = piece if len(met) == 1 else _Piece("", _cut(piece.box, cell))
                by_cell[cell].append(self._read_again(part, cell))
        texts = {}
        for cell, members in by_cell.items():
            if not any(piece.text for piece in members):
                members = self._read_cell(cell)
            rows = _printed_lines([piece for piece in members if piece.text])
            texts[cell] = "\n".join(" ".join(piece.text for piece in row) for row in rows)
        return texts

    def _read_again(self, piece: _Piece, cell: BBox) -> _Piece:
        """The piece, read anew where it was cut out of a longer one or ink stands beside it."""
        x0, top, x1, bottom = piece.box
        left, right = cell[0] + _MARGIN, cell[2] - _MARGIN
        band = self._inked((left, top + 0.2 * (bottom - top), right, bottom - 0.2 * (bottom - top)))
        near = bottom - top
        more = band is not None and (
            (band[0] < x0 - _MARGIN and x0 - band[0] < 2 * near)
            or (band[2] > x1 + _MARGIN and band[2] - x1 < 2 * near)
        )
        if piece.text and not more:
            return piece
        box = (min(x0, band[0]), top, max(x1, band[2]), bottom) if band and more else piece.box
        text = self._recognise(_cut(box, (left, cell[1], right, cell[3])))
        # what is read anew must not lose what was read before
        return _Piece(text if len(text) >= len(piece.text) else piece.text, box)

    def _read_cell(self, cell: BBox) -> list[_Piece]:
        """Text in a cell in which none was found, line by line."""
        inside = (cell[0] + _MARGIN, cell[1] + _MARGIN, cell[2] - _MARGIN, cell[3] - _MARGIN)
        box = self._inked(inside)
        if box is None:
            return []
        rows = self._crop(self.letters, box).max(axis=1) > 0
        out, start = [], 0
        for y in range(1, len(rows) + 1):
            if y < len(rows) and (rows[y] or rows[min(y + 3, len(rows) - 1)]):
                continue
            if y - start > _MARGIN:
                band = (box[0] - 2, box[1] + start - 3, box[2] + 2, box[1] + y + 3)
                out.append(_Piece(self._recognise(_cut(band, cell)), band))
            start = y
        return out

    def _inked(self, box: BBox) -> BBox | None:
        """The part of a box that holds ink; None where there is next to none."""
        part = self._crop(self.letters, box)
        ys, xs = part.nonzero()
        if len(ys) < _INK:
            return None
        left, top = max(int(box[0]), 0), max(int(box[1]), 0)
        return (
            float(left + xs.min()),
            float(top + ys.min()),
            float(left + xs.max() + 1),
            float(top + ys.max() + 1),
        )

    def _crop(self, image: Any, box: BBox) -> Any:
        x0, top, x1, bottom = (max(int(part), 0) for part in box)
        return image[top : max(bottom, top + 1), x0 : max(x1, x0 + 1)]

    def _recognise(self, box: BBox) -> str:
        part = self._crop(self.colour, box)
        if min(part.shape[:2]) < _MARGIN:
            return ""
        part = self.cv2.copyMakeBorder(part, 4, 4, 8, 8, self.cv2.BORDER_CONSTANT, value=(255, 255, 255))
        found = _engine()(part, use_det=False, use_cls=False, use_rec=True)
        read = zip(found.txts or (), found.scores or (), strict=True)
        return "".join(str(text) for text, score in read if score >= _SURE).strip()


def _give_back() -> None:
    """Give freed memory back to the system, where the C library would keep it: half of the peak is such."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
    if trim is not None:
        trim(0)


@cache
def _engine() -> Any:
    """One recogniser a process, on one thread: documents are read side by side."""
    from rapidocr import RapidOCR

    one_thread = {f"EngineConfig.onnxruntime.{kind}_op_num_threads": 1 for kind in ("intra", "inter")}
    return RapidOCR(
        params={
            "Global.log_level": "error",
            "Det.limit_side_len": 240,
            "Rec.rec_batch_num": 1,
            **one_thread,
        }
    )


def _split(piece: _Piece) -> list[_Piece]:
    """The words of a piece, each with its share of the width."""
    words = piece.text.split()
    if len(words) < 2:
        return [_Piece("".join(words), piece.box)] if words else []
    x0, top, x1, bottom = piece.box
    step = (x1 - x0) / len(piece.text)
    out, at = [], 0
    for word in words:
        at = piece.text.index(word, at)
        out.append(_Piece(word, (x0 + at * step, top, x0 + (at + len(word)) * step, bottom)))
        at += len(word)
    return out


def _covers(cell: BBox, box: BBox) -> bool:
    """Whether more than the rim of a piece stands in the cell."""
    height = box[3] - box[1]
    wide = min(cell[2], box[2]) - max(cell[0], box[0])
    high = min(cell[3], box[3]) - max(cell[1], box[1])
    return wide > min(0.4 * height, 0.5 * (box[2] - box[0])) and high > 0.5 * min(height, cell[3] - cell[1])


def _cut(box: BBox, cell: BBox) -> BBox:
    return (max(box[0], cell[0]), max(box[1], cell[1]), min(box[2], cell[2]), min(box[3], cell[3]))


def _is_inside(box: BBox, frame: BBox) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return frame[0] < x < frame[2] and frame[1] < y < frame[3]


def _printed_lines(pieces: Iterable[_Piece]) -> list[list[_Piece]]:
    """Pieces side by side make a line; lines from the top, pieces from the left."""
    rows: list[list[_Piece]] = []
    for piece in sorted(pieces, key=lambda piece: piece.box[1] + piece.box[3]):
        middle = (piece.box[1] + piece.box[3]) / 2
        if rows:
            last = median([(other.box[1] + other.box[3]) / 2 for other in rows[-1]])
            if middle - last <= 0.5 * min(
                piece.box[3] - piece.box[1], rows[-1][-1].box[3] - rows[-1][-1].box[1]
            ):
                rows[-1].append(piece)
                continue
        rows.append([piece])
    for row in rows:
        row.sort(key=lambda piece: piece.box[0])
    return rows


def _scaled(box: BBox, scale: float) -> BBox:
    return (box[0] * scale, box[1] * scale, box[2] * scale, box[3] * scale)


def _points(box: BBox, origin: tuple[float, float]) -> BBox:
    x0, top, x1, bottom = _scaled(box, 1 / _PIXELS)
    return (x0 + origin[0], top + origin[1], x1 + origin[0], bottom + origin[1])


def _in_points(table: FoundTable, origin: tuple[float, float]) -> FoundTable:
    rows = [[None if cell is None else _points(cell, origin) for cell in row] for row in table.rows]
    return FoundTable(_points(table.bbox, origin), rows, table.texts)


def _line(row: list[_Piece], origin: tuple[float, float]) -> FoundLine:
    words = tuple(Word(piece.text, Box(*_points(piece.box, origin))) for piece in row)
    box = words[0].box
    for word in words[1:]:
        box = box.union(word.box)
    return FoundLine(" ".join(word.text for word in words), box, words)
