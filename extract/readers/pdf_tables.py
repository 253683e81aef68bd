"""Grids and lines of one page from its characters and edges.

pdfplumber's TableFinder finds the cells. Characters are put into them by bisection and joined by the same
rules as `Table.extract`, so that the texts are the same as stock pdfplumber's, cell for cell.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from operator import itemgetter
from typing import Any

from pdfplumber.table import Table, TableFinder, TableSettings, cells_to_tables

from extract.model import Box, Word
from extract.readers.pdf_objects import Char, TooLarge

BBox = tuple[float, float, float, float]
# by place: the edges that cross there, upright ("v") and level ("h")
Crossings = dict[tuple[float, float], dict[str, list[dict[str, Any]]]]

# faster than by name
_text, _x0, _top, _base = (itemgetter(Char._fields.index(name)) for name in ("text", "x0", "top", "base"))
# pdfplumber's defaults for text inside cells
_TOLERANCE = 3
# marks of characters in no table, and of those that nobody sees
LOOSE, HIDDEN = -1, -2
# A published page holds at most some thousand cells
MAX_CROSSINGS = 20_000

# Han characters, full-width forms and Chinese punctuation
_CJK = (
    "\u2e80-\u303f\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\ufe30-\ufe4f\uff01-\uff60\uffe0-\uffe6“”‘’"
)
_BLANK_IN_CJK = re.compile(rf"(?<=[{_CJK}])[ \t\u3000\xa0]+(?=[{_CJK}])")
_AMOUNT = re.compile(r"[-－(（△]?\d[\d,，]*[.．]\d+[)）]?[%％]?")
_IS_CJK = re.compile(rf"[{_CJK}]")


def close_up(text: str) -> str:
    """Remove the blanks that justified setting leaves between Chinese characters. Line ends stay."""
    return _BLANK_IN_CJK.sub("", text)


@dataclass(slots=True)
class FoundTable:
    """One table: its cells row by row (None = covered by a merged neighbour) and their stock texts."""

    bbox: BBox
    rows: list[list[BBox | None]]
    texts: list[list[str | None]]


@dataclass(slots=True)
class PageLayout:
    tables: list[FoundTable] = field(default_factory=list)
    # for every character of the page: the table it was put into, or -1
    table_of_char: list[int] = field(default_factory=list)


class _EdgePage:
    """The little of a pdfplumber page that the TableFinder asks for."""

    def __init__(self, edges: list[dict[str, Any]], bbox: BBox):
        self.edges = edges
        self.bbox = bbox
        self.chars: list[dict[str, Any]] = []


class BoundedTableFinder(TableFinder):
    """pdfplumber's TableFinder that refuses a page with more crossings than any real table has."""

    def __init__(self, page: Any):
        self.page = page
        self.settings = TableSettings.resolve(None)
        self.edges = self.get_edges()
        upright = sum(edge["orientation"] == "v" for edge in self.edges)
        if upright * (len(self.edges) - upright) > 20 * MAX_CROSSINGS:
            raise TooLarge(f"{len(self.edges)} rulings on one page")
        self.intersections = crossings(self.edges, self.settings.intersection_tolerance)
        if len(self.intersections) > MAX_CROSSINGS:
            raise TooLarge(f"{len(self.intersections)} crossings of rulings on one page")
        self.cells = smallest_cells(self.intersections)
        self.tables = [Table(page, group) for group in cells_to_tables(self.cells)]


def crossings(edges: list[dict[str, Any]], tolerance: float) -> Crossings:
    """pdfplumber's `edges_to_intersections`, which sorts all level edges anew for each upright one."""
    level = sorted([edge for edge in edges if edge["orientation"] == "h"], key=itemgetter("top", "x0"))
    upright = sorted([edge for edge in edges if edge["orientation"] == "v"], key=itemgetter("x0", "top"))
    tops = [edge["top"] for edge in level]
    spans = [(edge["top"], edge["x0"] - tolerance, edge["x1"] + tolerance, edge) for edge in level]
    found: Crossings = {}
    for edge in upright:
        x, top, bottom = edge["x0"], edge["top"], edge["bottom"]
        # a little more than the tolerance, because the stock comparison rounds in another place
        first = bisect_left(tops, top - tolerance - 0.01)
        for y, left, right, other in spans[first : bisect_right(tops, bottom + tolerance + 0.01)]:
            if left <= x <= right and top <= y + tolerance and bottom >= y - tolerance:
                crossing = found.get((x, y))
                if crossing is None:
                    found[x, y] = {"v": [edge], "h": [other]}
                else:
                    crossing["v"].append(edge)
                    crossing["h"].append(other)
    return found


def smallest_cells(intersections: Crossings) -> list[BBox]:
    """pdfplumber's `intersections_to_cells`, with the crossings of each ruling looked up, not searched.

    The stock function looks through all crossings for each of them: four seconds for 120 × 120 cells.
    """
    # the edges through each crossing, one bit an edge
    upright: dict[tuple[float, float], int] = {}
    level: dict[tuple[float, float], int] = {}
    tops: dict[float, list[float]] = {}
    lefts: dict[float, list[float]] = {}
    bits: dict[BBox, int] = {}

    def bits_of(edges: list[dict[str, Any]]) -> int:
        mask = 0
        for edge in edges:
            mask |= bits.setdefault(_edge_box(edge), 1 << len(bits))
        return mask

    for point in sorted(intersections):
        edges = intersections[point]
        upright[point] = bits_of(edges["v"])
        level[point] = bits_of(edges["h"])
        tops.setdefault(point[0], []).append(point[1])
        lefts.setdefault(point[1], []).append(point[0])

    def cell_at(x: float, y: float) -> BBox | None:
        down, across = tops[x], lefts[y]
        through, along = upright[x, y], level[x, y]
        right: list[float] | None = None
        for bottom in down[bisect_right(down, y) :]:
            if not through & upright[x, bottom]:
                continue
            if right is None:
                right = [x1 for x1 in across[bisect_right(across, x) :] if along & level[x1, y]]
            for x1 in right:
                corner = (x1, bottom)
                if (
                    corner in upright
                    and upright[corner] & upright[x1, y]
                    and level[corner] & level[x, bottom]
                ):
                    return (x, y, x1, bottom)
        return None

    return [cell for x, y in upright if (cell := cell_at(x, y)) is not None]


_edge_box = itemgetter("x0", "top", "x1", "bottom")


def find_tables(edges: list[dict[str, Any]], bbox: BBox) -> list[Table]:
    if not edges:
        return []
    return BoundedTableFinder(_EdgePage(edges, bbox)).tables


def _clusters(values: Sequence[float]) -> dict[float, int]:
    """Group values whose neighbours are at most the tolerance apart (pdfplumber's cluster_list)."""
    groups: dict[float, int] = {}
    group = 0
    last: float | None = None
    for value in sorted(set(values)):
        if last is not None and value > last + _TOLERANCE:
            group += 1
        groups[value] = group
        last = value
    return groups


def cell_text(chars: list[Char]) -> str:
    """What `pdfplumber.utils.extract_text` gives for upright characters."""
    tops = [*map(_top, chars)]
    if max(tops) - min(tops) <= _TOLERANCE:
        lines = [sorted(chars, key=_x0)]
    else:
        groups = _clusters(tops)
        by_group: dict[int, list[Char]] = {}
        for char in chars:
            by_group.setdefault(groups[char.top], []).append(char)
        lines = [sorted(by_group[group], key=_x0) for group in sorted(by_group)]
    words: list[tuple[float, str]] = []
    for line in lines:
        text = ""
        top = last_top = right = 0.0
        for sign, x0, char_top, x1, _, _, _, _ in line:
            if sign.isspace():
                if text:
                    words.append((top, text))
                    text = ""
                continue
            if text and (x0 > right + _TOLERANCE or abs(char_top - last_top) > _TOLERANCE):
                words.append((top, text))
                text = ""
            if not text or char_top < top:
                top = char_top
            text += sign
            right, last_top = x1, char_top
        if text:
            words.append((top, text))
    if not words:
        return ""
    if len(lines) == 1:
        first = words[0][0]
        if all(top == first for top, _ in words):
            return " ".join([text for _, text in words])
    groups = _clusters([top for top, _ in words])
    printed: dict[int, list[str]] = {}
    for top, text in words:
        printed.setdefault(groups[top], []).append(text)
    return "\n".join(" ".join(printed[group]) for group in sorted(printed))


def struck_once(chars: list[Char]) -> list[int]:
    """The places of the characters without those printed a second time over themselves (bold)."""
    places = zip(map(_text, chars), map(int, map(_x0, chars)), map(int, map(_base, chars)), strict=True)
    if len(set(places)) == len(chars):
        return list(range(len(chars)))
    near: dict[tuple[str, int, int], list[Char]] = {}
    kept = []
    for i, char in enumerate(chars):
        x, y = int(char.x0), int(char.base)
        reach = min(1.0, 0.2 * char.size)
        twice = not char.text.isspace() and any(
            abs(other.x0 - char.x0) <= reach and abs(other.base - char.base) <= reach
            for dx in (-1, 0, 1)
            for dy in (-1, 0, 1)
            for other in near.get((char.text, x + dx, y + dy), ())
        )
        if not twice:
            kept.append(i)
            near.setdefault((char.text, x, y), []).append(char)
    return kept


def fill_tables(tables: Iterable[Table], chars: list[Char]) -> PageLayout:
    """Put every character into the cell that its centre lies in, as `Table.extract` does."""
    layout = PageLayout(table_of_char=[LOOSE] * len(chars))
    middles = [((char.top + char.bottom) / 2, i) for i, char in enumerate(chars)]
    middles.sort()
    heights = [middle for middle, _ in middles]
    centres = [(char.x0 + char.x1) / 2 for char in chars]
    for number, table in enumerate(tables):
        found = FoundTable(table.bbox, [row.cells for row in table.rows], [])
        bands: dict[tuple[float, float], tuple[list[float], list[int]]] = {}
        for row in found.rows:
            texts: list[str | None] = []
            for cell in row:
                if cell is None:
                    texts.append(None)
                    continue
                x0, top, x1, bottom = cell
                band = bands.get((top, bottom))
                if band is None:
                    inside = middles[bisect_left(heights, top) : bisect_left(heights, bottom)]
                    pairs = sorted([(centres[i], i) for _, i in inside])
                    band = bands[top, bottom] = ([x for x, _ in pairs], [i for _, i in pairs])
                xs, places = band
                members = sorted(places[bisect_left(xs, x0) : bisect_left(xs, x1)])
                for i in members:
                    layout.table_of_char[i] = number
                texts.append(cell_text([chars[i] for i in members]) if members else "")
            found.texts.append(texts)
        layout.tables.append(found)
    return layout


@dataclass(slots=True)
class FoundLine:
    """One printed line outside of tables."""

    text: str
    box: Box
    words: tuple[Word, ...]


def drop_chars(
    tables: Sequence[FoundTable], dropped: set[int], mark: int, chars: list[Char], table_of_char: list[int]
) -> None:
    """Take characters out of the cells: those that are clipped away, and a watermark over the table.

    A spreadsheet prints the text of a merged cell on both pages that the cell stands on, and hides on each
    what does not fit: seen as characters it lies over the header of the next page.
    """
    touched: dict[int, list[Char]] = {}
    for i in dropped:
        if table_of_char[i] >= 0:
            touched.setdefault(table_of_char[i], []).append(chars[i])
        table_of_char[i] = mark
    for number, gone in touched.items():
        found = tables[number]
        kept = [char for char, table in zip(chars, table_of_char, strict=True) if table == number]
        for row, texts in zip(found.rows, found.texts, strict=True):
            for j, box in enumerate(row):
                if box is not None and any(_stands_in(char, box) for char in gone):
                    inside = [char for char in kept if _stands_in(char, box)]
                    texts[j] = cell_text(inside) if inside else ""


def _stands_in(char: Char, box: BBox) -> bool:
    x, y = (char.x0 + char.x1) / 2, (char.top + char.bottom) / 2
    return box[0] <= x < box[2] and box[1] <= y < box[3]


def fill_holes(found: FoundTable, number: int, chars: list[Char], table_of_char: list[int]) -> None:
    """Make cells where a frame is open: text inside the table that no cell holds.

    A merged cell cut by the page's end has no lower rule there, so no cell is found and its text would
    fall between the rows. It gets the rows and columns that it stands in.
    """
    x0, top, x1, bottom = found.bbox
    loose = [
        i
        for i, char in enumerate(chars)
        if table_of_char[i] == LOOSE
        and x0 <= (char.x0 + char.x1) / 2 < x1
        and top <= (char.top + char.bottom) / 2 < bottom
    ]
    if not any(not chars[i].text.isspace() for i in loose):
        return
    cells = [cell for row in found.rows for cell in row if cell is not None]
    lefts = sorted({cell[0] for cell in cells})
    rights = [*lefts[1:], x1]
    tops = [min(cell[1] for cell in row if cell is not None) for row in found.rows]
    ends = [*tops[1:], bottom]
    middles = [(chars[i].x0 + chars[i].x1) / 2 for i in loose]
    columns = [
        j for j, (a, b) in enumerate(zip(lefts, rights, strict=True)) if any(a <= x < b for x in middles)
    ]

    def is_hole(row: int, column: int) -> bool:
        x, y = (lefts[column] + rights[column]) / 2, (tops[row] + ends[row]) / 2
        return not any(a <= x < c and b <= y < d for a, b, c, d in cells)

    holes = {(row, column) for row in range(len(tops)) for column in columns if is_hole(row, column)}
    runs: list[tuple[int, int, int]] = []
    for column in columns:
        row = 0
        while row < len(tops):
            first = row
            while (row, column) in holes:
                row += 1
            if row > first:
                runs.append((column, first, row))
            row += 1
    boxes = {
        (column, first, end): [(lefts[column], tops[k], rights[column], ends[k]) for k in range(first, end)]
        for column, first, end in runs
    }
    inside = {run: [[i for i in loose if _stands_in(chars[i], box)] for box in boxes[run]] for run in runs}
    texts = {run: [cell_text([chars[i] for i in own]) if own else "" for own in inside[run]] for run in runs}
    listed = [run for run in runs if _lists_amounts(found, run, texts[run], ends)]
    for run in runs:
        column, first, end = run
        printed = [text for text in texts[run] if text]
        # a column without rules has its texts row by row; a merged cell has one
        is_list = run in listed or (len(printed) > 1 and any(run[1:] == other[1:] for other in listed))
        if is_list:
            places = list(zip(range(first, end), boxes[run], texts[run], inside[run], strict=True))
        else:
            whole = (lefts[column], tops[first], rights[column], ends[end - 1])
            own = [i for part in inside[run] for i in part]
            places = [(first, whole, cell_text([chars[i] for i in sorted(own)]) if own else "", own)]
        for row, box, text, own in places:
            if text:
                found.rows[row][column] = box
                found.texts[row][column] = text
                for i in own:
                    table_of_char[i] = number


def _lists_amounts(
    found: FoundTable, run: tuple[int, int, int], texts: Sequence[str], ends: Sequence[float]
) -> bool:
    """Whether a column's places without cells hold amounts row by row, and no amount of a merged cell."""
    printed = [text for text in texts if text]
    amounts = sum(1 for text in printed if _AMOUNT.fullmatch(text))
    return amounts > 1 or (amounts == len(printed) == 1 and _has_rows(found, run[0], ends))


def _has_rows(found: FoundTable, column: int, ends: Sequence[float]) -> bool:
    """Whether the amounts of a column all stand in cells one row high."""
    cells = [
        (row[column], texts[column], end)
        for row, texts, end in zip(found.rows, found.texts, ends, strict=True)
    ]
    own = [(box, end) for box, text, end in cells if box is not None and text and _AMOUNT.fullmatch(text)]
    return len(own) > 1 and all(abs(box[3] - end) <= 1 for box, end in own)


def part_merged(found: FoundTable, number: int, chars: list[Char], table_of_char: list[int]) -> None:
    """Part the cells that lack inner rules, as they do where blank cells are drawn without borders.

    No merged cell holds several amounts, each in a row and column of its own, or a name and an amount apart;
    and what stands in a smaller cell that the finder made as well is not the larger one's.
    """
    lefts = sorted({cell[0] for row in found.rows for cell in row if cell is not None})
    tops = [min(cell[1] for cell in row if cell is not None) for row in found.rows]
    for i, row in enumerate(found.rows):
        for j, box in enumerate(row):
            amounts = len(_AMOUNT.findall(found.texts[i][j] or "")) if box is not None else 0
            if box is None or not amounts:
                continue
            columns = range(j, bisect_left(lefts, box[2] - 1))
            rows = range(i, bisect_left(tops, box[3] - 1))
            inner = [(k, m) for k in rows for m in columns if (k, m) != (i, j)]
            within = {place for place in inner if found.rows[place[0]][place[1]] is not None}
            words = (found.texts[i][j] or "").split()
            is_named = (
                amounts == 1
                and len(rows) == 1
                and len(words) > 1
                and _AMOUNT.fullmatch(words[-1]) is not None
                and _IS_CJK.match(words[0]) is not None
            )
            if not inner or (amounts < 2 and not within and not is_named):
                continue
            xs = [box[0], *(lefts[m] for m in columns[1:]), box[2]]
            ys = [box[1], *(tops[k] for k in rows[1:]), box[3]]
            parts: dict[tuple[int, int], tuple[BBox, str]] = {}
            for k, (top, bottom) in zip(rows, pairwise(ys), strict=True):
                for m, (x0, x1) in zip(columns, pairwise(xs), strict=True):
                    part = (x0, top, x1, bottom)
                    own = [
                        char
                        for char, table in zip(chars, table_of_char, strict=True)
                        if table == number and _stands_in(char, part)
                    ]
                    if own and (k, m) not in within:
                        parts[k, m] = (part, cell_text(own))
            printed = [text for _, text in parts.values()]
            if is_named:
                # the name before its amount, and nothing cut in two
                is_parted = len(printed) > 1 and printed == ["".join(words[:-1]), words[-1]]
            else:
                is_parted = all(map(_AMOUNT.fullmatch, printed))
            if is_parted:
                found.rows[i][j], found.texts[i][j] = (box[0], box[1], xs[1], ys[1]), ""
                for (k, m), (part, text) in parts.items():
                    found.rows[k][m], found.texts[k][m] = part, text


def _word(chars: list[Char]) -> Word:
    return Word(
        "".join([char.text for char in chars]),
        Box(
            min([char.x0 for char in chars]),
            min([char.top for char in chars]),
            max([char.x1 for char in chars]),
            max([char.bottom for char in chars]),
        ),
    )


def find_lines(chars: Iterable[Char]) -> list[FoundLine]:
    """Characters that stand on one base line, cut into words at blanks and at wide gaps."""
    rows: list[list[Char]] = []
    base = size = 0.0
    for char in sorted(chars, key=_base):
        # 0.4 of the smaller character: a raised or lowered sign stays, the next line does not
        if rows and char.base - base <= 0.4 * min(size, char.size):
            rows[-1].append(char)
        else:
            rows.append([char])
            base, size = char.base, char.size
    lines = []
    for row in rows:
        row.sort(key=_x0)
        words: list[list[Char]] = []
        open_word = False
        for char in row:
            if char.text.isspace():
                open_word = False
                continue
            if open_word:
                last = words[-1][-1]
                open_word = char.x0 <= last.x1 + max(_TOLERANCE, 0.3 * last.size)
            if open_word:
                words[-1].append(char)
            else:
                words.append([char])
                open_word = True
        if not words:
            continue
        text = ""
        for before, word in zip([None, *words], words, strict=False):
            piece = "".join([char.text for char in word])
            if before is not None:
                close = word[0].x0 - before[-1].x1 <= before[-1].size
                if not (close and _IS_CJK.match(before[-1].text) and _IS_CJK.match(piece)):
                    text += " "
            text += piece
        made = tuple(_word(word) for word in words)
        box = made[0].box
        for other in made[1:]:
            box = box.union(other.box)
        lines.append(FoundLine(text, box, made))
    lines.sort(key=lambda line: (line.box.top, line.box.x0))
    return lines


def turned_lines(chars: Iterable[Char]) -> list[FoundLine]:
    """Text that does not stand upright (seals, watermarks, marks of an axis), in the order it was drawn."""
    runs: list[list[Char]] = []
    for char in chars:
        last = runs[-1][-1] if runs else None
        if last and max(abs(char.x0 - last.x0), abs(char.top - last.top)) <= 2 * max(char.size, last.size):
            runs[-1].append(char)
        else:
            runs.append([char])
    words = [_word(run) for run in runs if any(not char.text.isspace() for char in run)]
    return [FoundLine(word.text.strip(), word.box, (word,)) for word in words]
