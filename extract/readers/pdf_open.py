"""Frames that are not drawn whole: open at their sides, or painted as bands of every second row.

The finder makes cells only where rulings close them. What it leaves beside and between them belongs to the
table all the same.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from extract.readers.pdf_beside import beside
from extract.readers.pdf_objects import Char, line_edge
from extract.readers.pdf_tables import LOOSE, BBox, FoundTable, cell_text, find_lines

# how far a rule must go on beyond the outermost upright one to make a column
_LEAST_WIDTH = 10.0
# rules on one level, ends that meet
_LEVEL, _JOINT = 1.5, 3.0
# so many of the rules must go on, of the rows' upper and lower ends
_SHARE = 0.6
# what stands between two bands is no higher than so many of the higher one: a name may be wrapped
_BAND_ROWS = 3.0
# amounts that stand between the cells of a frame: so many at least, and more than one to so many of its own
_LEAST_LOST, _SHARE_LOST = 3, 10
_DECIMAL = re.compile(r"[-－(（△]?\d[\d,，]*[.．]\d+[)）]?[%％]?")
_NUMBER = re.compile(r"[-－(（△]?\d[\d,，.．]*[)）%％]?")

# (level, one end, other end) of level rules by their tops, of upright ones by their left sides
_Rule = tuple[float, float, float]


class Rules:
    """The rulings of a page, sorted once for all its tables."""

    def __init__(self, edges: Sequence[dict[str, Any]]) -> None:
        self.level: list[_Rule] = sorted(
            (edge["top"], edge["x0"], edge["x1"]) for edge in edges if edge["orientation"] == "h"
        )
        self.upright: list[_Rule] = sorted(
            (edge["x0"], edge["top"], edge["bottom"]) for edge in edges if edge["orientation"] == "v"
        )


def close_frame(
    found: FoundTable, number: int, rules: Rules, chars: list[Char], table_of_char: list[int]
) -> None:
    """Make rows above and below a table where its rules go on and text stands between them."""
    for is_first in (True, False):
        _add_open_row(found, number, rules.upright, chars, table_of_char, is_first=is_first)


def side_rules(rules: Rules, chars: Sequence[Char]) -> list[dict[str, Any]]:
    """The rules that close frames drawn without their outer ones.

    Level rules that end on one line, with upright ones between them and none where they end, and text there;
    and upright ones that begin or end on one level without a rule.
    """
    found = []
    for band in _bands(rules):
        left, right = min(a for _, a, _ in band.levels), max(b for _, _, b in band.levels)
        top, bottom = (_open_end(band, rules.upright, chars, is_top=is_top) for is_top in (True, False))
        found += [line_edge((left, y), (right, y)) for y in (top, bottom) if y is not None]
        band.levels = [
            *([] if top is None else [(top, left, right)]),
            *band.levels,
            *([] if bottom is None else [(bottom, left, right)]),
        ]
        top, bottom = band.levels[0][0], band.levels[-1][0]
        # rules of painted header cells close no side
        inner = [x for x, _, _ in band.uprights if left + _JOINT < x < right - _JOINT]
        if not inner:
            continue
        sides = [
            (x, near) for x, near in ((left, min(inner)), (right, max(inner))) if _is_open(band, x, near)
        ]
        if any(_has_text(chars, min(side), max(side), top, bottom) for side in sides):
            found += [line_edge((x, top), (x, bottom)) for x, _ in sides]
    return found


@dataclass(slots=True)
class _Band:
    """Level rules below each other that upright ones tie together."""

    levels: list[_Rule]
    uprights: list[_Rule]


def group_rules(tables: Sequence[FoundTable], rules: Rules, chars: Sequence[Char]) -> list[dict[str, Any]]:
    """The rules below headers of groups in frames that have upright rules only.

    Upright rules begin inside of a cell and end with it: what stands above them is over all of its parts.
    """
    made = []
    for table in tables:
        for row in table.rows:
            for box, following in pairwise(row):
                if box is None or following is not None:
                    continue
                level = _begin_of_parts(box, rules, chars)
                if level is not None:
                    made.append(line_edge((box[0], level), (box[2], level)))
    return made


def _begin_of_parts(box: BBox, rules: Rules, chars: Sequence[Char]) -> float | None:
    """Where the first upright rules begin that part the lower end of a cell, with a text in every part."""
    x0, top, x1, bottom = box
    within = rules.upright[
        bisect_left(rules.upright, (x0 + _LEAST_WIDTH,)) : bisect_left(rules.upright, (x1 - _LEAST_WIDTH,))
    ]
    # a rule may be drawn row by row
    reaching: list[_Rule] = []
    for x, start, end in within:
        if reaching and x - reaching[-1][0] < _LEVEL and start < reaching[-1][2] + _JOINT:
            reaching[-1] = (reaching[-1][0], min(start, reaching[-1][1]), max(end, reaching[-1][2]))
        else:
            reaching.append((x, start, end))
    begun = [
        (x, start)
        for x, start, end in reaching
        if top + _JOINT < start < bottom - _JOINT and end > bottom - _JOINT
    ]
    if not begun:
        return None
    level = min(start for _, start in begun)
    ends = [x0, *(x for x, start in begun if start < level + _JOINT), x1]
    parts = [(a, b) for a, b in pairwise(ends) if b - a > _JOINT]
    if not _has_text(chars, x0, x1, top, level):
        return None
    return level if all(_has_text(chars, a, b, level, bottom) for a, b in parts) else None


def _open_end(band: _Band, uprights: list[_Rule], chars: Sequence[Char], *, is_top: bool) -> float | None:
    """Where upright rules begin above the first level one, or end below the last, with texts between them."""
    top, bottom = band.levels[0][0], band.levels[-1][0]
    left, right = min(a for _, a, _ in band.levels), max(b for _, _, b in band.levels)
    edge, sign = (top, -1) if is_top else (bottom, 1)
    own = {
        x: edge + sign * _reach(x, top, bottom, uprights, is_before=is_top)
        for x in sorted({x for x, _, _ in band.uprights})
        if left - _JOINT <= x <= right + _JOINT
    }
    if not own:
        return None
    far = min(own.values()) if is_top else max(own.values())
    if abs(far - edge) < _LEAST_WIDTH:
        return None
    tied = sorted({round(x) for x, end in own.items() if abs(end - far) <= _JOINT})
    upper, lower = min(far, edge), max(far, edge)
    texts = sum(_has_text(chars, a, b, upper, lower) for a, b in pairwise([left, *tied, right]))
    # a single rule stands between two texts
    return far if texts > (len(tied) == 1) else None


def _is_open(band: _Band, end: float, near: float) -> bool:
    """Whether level rules go well on behind the last upright one, and half of their end at least is open."""
    top, bottom = band.levels[0][0], band.levels[-1][0]
    closed = sum(min(b, bottom) - max(a, top) for x, a, b in band.uprights if abs(x - end) <= _JOINT)
    return abs(near - end) > _LEAST_WIDTH and 2 * closed < bottom - top


def _bands(rules: Rules) -> list[_Band]:
    joined = _joined(rules.level)
    bands: list[_Band] = []
    for rule in joined:
        if not bands or not _ties(rules, bands[-1].levels[-1], rule):
            bands.append(_Band([rule], []))
        else:
            bands[-1].levels.append(rule)
    for band in bands:
        top, bottom = band.levels[0][0], band.levels[-1][0]
        band.uprights = [
            rule for rule in rules.upright if rule[1] < bottom - _JOINT and rule[2] > top + _JOINT
        ]
    return [band for band in bands if len(band.levels) > 1 and band.uprights]


def _joined(level: list[_Rule]) -> list[_Rule]:
    """Rules on one level from the first end to the last."""
    joined: list[_Rule] = []
    for y, a, b in level:
        if joined and y - joined[-1][0] < _LEVEL:
            last = joined[-1]
            joined[-1] = (last[0], min(last[1], a), max(last[2], b))
        else:
            joined.append((y, a, b))
    return joined


def _ties(rules: Rules, upper: _Rule, lower: _Rule) -> bool:
    return any(
        top <= upper[0] + _JOINT and bottom >= lower[0] - _JOINT
        for x, top, bottom in rules.upright
        if max(upper[1], lower[1]) - _JOINT <= x <= min(upper[2], lower[2]) + _JOINT
    )


def _has_text(chars: Sequence[Char], x0: float, x1: float, top: float, bottom: float) -> bool:
    return any(
        x0 <= (char.x0 + char.x1) / 2 < x1 and top <= (char.top + char.bottom) / 2 < bottom
        for char in chars
        if not char.text.isspace()
    )


def _add_open_row(
    found: FoundTable,
    number: int,
    rules: list[_Rule],
    chars: list[Char],
    table_of_char: list[int],
    *,
    is_first: bool,
) -> None:
    """The row that a page's end cuts has no rule there."""
    x0, top, x1, bottom = found.bbox
    lefts = sorted({cell[0] for row in found.rows for cell in row if cell is not None})
    if len(lefts) != len(found.rows[0]):
        return
    reaches = [_reach(place, top, bottom, rules, is_before=is_first) for place in (*lefts, x1)]
    enough = sorted(reaches, reverse=True)[int(_SHARE * len(reaches))]
    if enough < _LEAST_WIDTH:
        return
    upper, lower = (top - enough, top) if is_first else (bottom, bottom + enough)
    boxes = [(left, upper, right, lower) for left, right in zip(lefts, [*lefts[1:], x1], strict=True)]
    inside = [_loose(box, chars, table_of_char) for box in boxes]
    if sum(any(not chars[i].text.isspace() for i in cell) for cell in inside) < 2:
        return
    texts = [cell_text([chars[i] for i in cell]) if cell else "" for cell in inside]
    for i in (i for cell in inside for i in cell):
        table_of_char[i] = number
    at = 0 if is_first else len(found.rows)
    found.rows.insert(at, list(boxes))
    found.texts.insert(at, list(texts))
    found.bbox = (x0, min(top, upper), x1, max(bottom, lower))


def _loose(box: BBox, chars: list[Char], table_of_char: list[int]) -> list[int]:
    return [
        i
        for i, char in enumerate(chars)
        if table_of_char[i] == LOOSE
        and box[0] <= (char.x0 + char.x1) / 2 < box[2]
        and box[1] <= (char.top + char.bottom) / 2 < box[3]
    ]


def _reach(place: float, start: float, end: float, rules: list[_Rule], *, is_before: bool) -> float:
    """How far the rule at one place goes on before the start or behind the end of the table."""
    near = rules[bisect_left(rules, (place - _LEVEL,)) : bisect_right(rules, (place + _LEVEL, 1e9))]
    reached = start if is_before else end
    for _, one, other in sorted(near, key=lambda rule: -rule[2] if is_before else rule[1]):
        if is_before and other >= reached - _JOINT:
            reached = min(reached, one)
        elif not is_before and one <= reached + _JOINT:
            reached = max(reached, other)
    return abs(reached - (start if is_before else end))


def join_bands(tables: list[FoundTable], chars: list[Char], table_of_char: list[int]) -> list[FoundTable]:
    """One table of bands one row high that stand below each other, with the rows between them.

    The numbers of tables stay those of `table_of_char`: what is joined leaves its place in the list empty.
    """
    bands = [
        number
        for number, table in enumerate(tables)
        if len(table.rows) == 1 and len(table.rows[0]) > 1 and None not in table.rows[0]
    ]
    bands.sort(key=lambda number: tables[number].bbox[1])
    groups: list[list[int]] = []
    for number in bands:
        if groups and _is_next_band(tables[groups[-1][-1]], tables[number]):
            groups[-1].append(number)
        else:
            groups.append([number])
    gone: set[int] = set()
    for group in groups:
        if len(group) > 2:
            _join(group, tables, chars, table_of_char)
            gone.update(group[1:])
    return [table for number, table in enumerate(tables) if number not in gone]


def _is_next_band(upper: FoundTable, lower: FoundTable) -> bool:
    if len(upper.rows[0]) != len(lower.rows[0]):
        return False
    gap = lower.bbox[1] - upper.bbox[3]
    high = max(table.bbox[3] - table.bbox[1] for table in (upper, lower))
    return 0 <= gap <= _BAND_ROWS * high and all(
        one is not None and other is not None and abs(one[0] - other[0]) < 2 and abs(one[2] - other[2]) < 2
        for one, other in zip(upper.rows[0], lower.rows[0], strict=True)
    )


def _join(group: list[int], tables: list[FoundTable], chars: list[Char], table_of_char: list[int]) -> None:
    first = group[0]
    high = max(tables[number].bbox[3] - tables[number].bbox[1] for number in group)
    columns = [(box[0], box[2]) for box in tables[first].rows[0] if box is not None]
    ends = [(tables[number].bbox[1], tables[number].bbox[3]) for number in group]
    gaps = [(ends[0][0] - high, ends[0][0])]
    gaps += [(upper[1], lower[0]) for upper, lower in pairwise(ends)]
    gaps.append((ends[-1][1], ends[-1][1] + high))
    rows: list[list[BBox | None]] = []
    texts: list[list[str | None]] = []
    for place, (top, bottom) in enumerate(gaps):
        members = [
            i
            for i, char in enumerate(chars)
            if table_of_char[i] == LOOSE and top <= (char.top + char.bottom) / 2 < bottom
        ]
        boxes: list[BBox | None] = [(left, top, right, bottom) for left, right in columns]
        inside = [
            [i for i in members if left <= (chars[i].x0 + chars[i].x1) / 2 < right] for left, right in columns
        ]
        printed: list[str | None] = [cell_text([chars[i] for i in cell]) if cell else "" for cell in inside]
        is_between = 0 < place < len(group)
        if any(printed) if is_between else _is_row(printed, is_first=place == 0):
            rows.append(boxes)
            texts.append(printed)
            for i in (i for cell in inside for i in cell):
                table_of_char[i] = first
        if place < len(group):
            rows += tables[group[place]].rows
            texts += tables[group[place]].texts
    for i, number in enumerate(table_of_char):
        if number in group:
            table_of_char[i] = first
    boxes = [box for row in rows for box in row]
    tables[first].rows, tables[first].texts = rows, texts
    tables[first].bbox = (
        columns[0][0],
        min(box[1] for box in boxes if box is not None),
        columns[-1][1],
        max(box[3] for box in boxes if box is not None),
    )


def _is_row(texts: Sequence[str | None], *, is_first: bool) -> bool:
    """Numbers beside a text; above the first band also a header, a text without numbers over each column."""
    filled = [text for text in texts if text]
    numbers = sum(1 for text in filled if _NUMBER.fullmatch("".join(text.split())))
    if is_first and not numbers:
        return len(filled) == len(texts)
    return len(filled) > 1 and numbers > 0


def take_in(tables: list[FoundTable]) -> list[FoundTable]:
    """The tables without those whose cells are free places of another one around them.

    Where blank cells have no borders, a few cells between them hang together with none of the others.
    """
    gone: list[FoundTable] = []
    for small in tables:
        for large in tables:
            if (
                large is small
                or any(large is other for other in gone)
                or not _is_inside(small.bbox, large.bbox)
            ):
                continue
            places = _free_places(small, large)
            if places is None:
                continue
            for (row, column), box, text in places:
                large.rows[row][column], large.texts[row][column] = box, text
            gone.append(small)
            break
    return [table for table in tables if not any(table is other for other in gone)]


def _is_inside(inner: BBox, outer: BBox) -> bool:
    return (
        inner[0] >= outer[0] - 1
        and inner[1] >= outer[1] - 1
        and inner[2] <= outer[2] + 1
        and inner[3] <= outer[3] + 1
    )


def _free_places(
    small: FoundTable, large: FoundTable
) -> list[tuple[tuple[int, int], BBox, str | None]] | None:
    """The row and column of each cell in the larger table; None where one has none or it is taken."""
    cells = [cell for row in large.rows for cell in row if cell is not None]
    lefts = sorted({cell[0] for cell in cells})
    tops = [min((cell[1] for cell in row if cell is not None), default=0.0) for row in large.rows]
    found: list[tuple[tuple[int, int], BBox, str | None]] = []
    for boxes, texts in zip(small.rows, small.texts, strict=True):
        for box, text in zip(boxes, texts, strict=True):
            if box is None:
                continue
            row = next((k for k, top in enumerate(tops) if abs(top - box[1]) <= 1), None)
            column = next((k for k, left in enumerate(lefts) if abs(left - box[0]) <= 1), None)
            if row is None or column is None or column >= len(large.rows[row]):
                return None
            if large.rows[row][column] is not None:
                return None
            found.append(((row, column), box, text))
    return found


def without_boxes(tables: list[FoundTable], chars: list[Char], table_of_char: list[int]) -> list[FoundTable]:
    """The tables without those that are a line around rows: the words tell where their cells are.

    Most of their amounts stand beside each other in one cell.
    """
    gone = []
    for table in tables:
        counts = [
            [sum(1 for word in line.split() if _DECIMAL.fullmatch(word)) for line in text.split("\n")]
            for texts in table.texts
            for text in texts
            if text
        ]
        beside_others = sum(count for cell in counts for count in cell if count > 1)
        if 2 * beside_others > sum(map(sum, counts)):
            gone.append(table)
    return _loosen(gone, tables, chars, table_of_char)


def without_bands(tables: list[FoundTable], chars: list[Char], table_of_char: list[int]) -> list[FoundTable]:
    """The tables without those that are paint under some columns only: the words tell where their cells are.

    A frame leaves no amounts between its cells, and has no more of them beside it than in it.
    """
    if not tables or not any(number == LOOSE for number in table_of_char):
        return tables
    loose = [char for char, number in zip(chars, table_of_char, strict=True) if number == LOOSE]
    amounts = [word.box for line in find_lines(loose) for word in line.words if _DECIMAL.fullmatch(word.text)]
    if len(amounts) < _LEAST_LOST:
        return tables
    gone: list[FoundTable] = []
    for group in beside(tables):
        boxes = [table.bbox for table in group]
        x0, top = min(box[0] for box in boxes), min(box[1] for box in boxes)
        x1, bottom = max(box[2] for box in boxes), max(box[3] for box in boxes)
        own = sum(
            1
            for table in group
            for texts in table.texts
            for text in texts
            # one column is no table
            if len(texts) > 1 and text and _DECIMAL.fullmatch("".join(text.split()))
        )
        level = [box for box in amounts if top < (box.top + box.bottom) / 2 < bottom]
        between = sum(1 for box in level if x0 < (box.x0 + box.x1) / 2 < x1)
        if len(level) >= _LEAST_LOST and (_SHARE_LOST * between > own or len(level) - between > own):
            gone += group
    return _loosen(gone, tables, chars, table_of_char)


def _loosen(
    gone: list[FoundTable], tables: list[FoundTable], chars: list[Char], table_of_char: list[int]
) -> list[FoundTable]:
    """The tables without some of them, whose texts stand in no table any more."""
    for i, char in enumerate(chars if gone else ()):
        x, y = (char.x0 + char.x1) / 2, (char.top + char.bottom) / 2
        if table_of_char[i] >= 0 and any(
            table.bbox[0] <= x < table.bbox[2] and table.bbox[1] <= y < table.bbox[3] for table in gone
        ):
            table_of_char[i] = LOOSE
    return [table for table in tables if not any(table is other for other in gone)]
