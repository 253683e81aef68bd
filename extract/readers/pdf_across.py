"""Texts that run over a ruling into the next cell: each is whole in the cell that it was set in.

Characters go into cells by their centres, so a text wider than its cell would be cut where the ruling stands:
a number would become two. The same holds for words set from top to bottom in a cell that is too low.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence

from extract.readers.pdf_objects import Char
from extract.readers.pdf_tables import LOOSE, BBox, FoundTable, cell_text

# characters of one text follow each other without a gap, in parts of their height
_JOINT = 0.06
# a ruling nearer to the edge of a character does not cut it
_UNCUT = 0.15
# indents that differ by less are the same
_SAME = 0.3
# characters of a word that stand below each other begin no farther apart than so many of their heights
_STACKED = 1.12
_NUMERIC = frozenset("0123456789.,０１２３４５６７８９．，")

_Place = tuple[int, int]


def keep_texts_whole(tables: Sequence[FoundTable], chars: Sequence[Char], table_of_char: list[int]) -> None:
    """Move the characters of every text that a ruling cuts into one cell."""
    if not tables:
        return
    lefts = [sorted({cell[0] for row in table.rows for cell in row if cell is not None}) for table in tables]
    moved: dict[int, dict[int, _Place]] = {}
    for number, run in _runs(chars, table_of_char):
        x0, x1 = chars[run.start].x0, chars[run.stop - 1].x1
        table = tables[number]
        edges = lefts[number]
        at = bisect_right(edges, x0)
        if x1 <= table.bbox[2] and (at == len(edges) or edges[at] >= x1):
            continue
        places = [_cell_of(table, chars[i]) for i in run]
        inside = {place for place in places if place}
        if len(set(places)) < 2 or 2 * places.count(None) > len(places):
            continue
        own = min(inside, key=lambda place: _off(table, place, x0, x1))
        if not (_is_cut(table, chars, run, places) or _is_centred(_box_at(table, own), x0, x1)):
            continue
        moved.setdefault(number, {}).update(dict.fromkeys(run, own))
        for i in run:
            table_of_char[i] = number
    for number, stack in _stacks(chars, table_of_char):
        table = tables[number]
        places = [_cell_of(table, chars[i]) for i in stack]
        if len(set(places)) > 1:
            own = max((place for place in places if place), key=places.count)
            moved.setdefault(number, {}).update(dict.fromkeys(stack, own))
            for i in stack:
                table_of_char[i] = number
    for number, own_place in moved.items():
        _set_again(tables[number], number, own_place, chars, table_of_char)


def _runs(chars: Sequence[Char], table_of_char: Sequence[int]) -> Iterator[tuple[int, range]]:
    """Characters drawn one behind the other without a gap, with their table; some may stand outside of it."""
    start, own = 0, LOOSE
    base = end = size = 0.0
    for i, (char, number) in enumerate(zip(chars, table_of_char, strict=True)):
        is_other = number != own and number != LOOSE and own != LOOSE
        if is_other or char.base != base or abs(char.x0 - end) > _JOINT * size or char.text.isspace():
            if own >= 0 and i - start > 1:
                yield own, range(start, i)
            start, own = i, number
        elif own == LOOSE:
            own = number
        base, end, size = char.base, char.x1, char.size
    if own >= 0 and len(chars) - start > 1:
        yield own, range(start, len(chars))


def _stacks(chars: Sequence[Char], table_of_char: Sequence[int]) -> Iterator[tuple[int, range]]:
    """Words drawn one below the other without a gap, closer than rows are, with their table."""
    start = 0
    for i in range(1, len(chars) + 1):
        if i < len(chars):
            char, above = chars[i], chars[i - 1]
            is_below = 0.5 * above.size < char.top - above.top < _STACKED * above.size
            if (
                is_below
                and abs(char.x0 + char.x1 - above.x0 - above.x1) < 2 * _SAME
                and not (char.text in _NUMERIC or char.text.isspace())
                and not (above.text in _NUMERIC or above.text.isspace())
            ):
                continue
        numbers = {table_of_char[k] for k in range(start, i)} - {LOOSE}
        if i - start > 1 and len(numbers) == 1 and min(numbers) >= 0:
            yield min(numbers), range(start, i)
        start = i


def _cell_of(table: FoundTable, char: Char) -> _Place | None:
    x, y = (char.x0 + char.x1) / 2, (char.top + char.bottom) / 2
    for i, row in enumerate(table.rows):
        for j, box in enumerate(row):
            if box is not None and box[0] <= x < box[2] and box[1] <= y < box[3]:
                return i, j
    return None


def _is_cut(table: FoundTable, chars: Sequence[Char], run: range, places: Sequence[_Place | None]) -> bool:
    """Whether a ruling goes through a character, or between two of one number.

    Texts of two cells may touch at the ruling, and were drawn apart: the second as far from its ruling as the
    first from its own.
    """
    first = table.bbox[0] if places[0] is None else _box_at(table, places[0])[0]
    for i, here, there in zip(run, places, places[1:], strict=False):
        if here == there:
            continue
        ruling = table.bbox[0] if here is None else _box_at(table, here)[2]
        char, following = chars[i], chars[i + 1]
        indent = chars[run.start].x0 - first
        if any(abs(chars[k].x0 - ruling - indent) < _SAME for k in run if k > run.start):
            continue
        if char.text in _NUMERIC and following.text in _NUMERIC:
            return True
        if min(abs(ruling - char.x1), abs(ruling - following.x0)) > _UNCUT * char.size:
            return True
    return False


def _box_at(table: FoundTable, place: _Place) -> BBox:
    box = table.rows[place[0]][place[1]]
    assert box is not None
    return box


def _is_centred(box: BBox, x0: float, x1: float) -> bool:
    """Whether a text is as much too long for its cell on the left as on the right."""
    return x0 < box[0] and x1 > box[2] and abs(x0 + x1 - box[0] - box[2]) / 2 < _SAME


def _off(table: FoundTable, place: _Place, x0: float, x1: float) -> float:
    """How far a text is off the left, the right or the middle of a cell, whichever is least."""
    box = _box_at(table, place)
    return min(abs(x0 - box[0]), abs(x1 - box[2]), abs(x0 + x1 - box[0] - box[2]) / 2)


def _set_again(
    table: FoundTable,
    number: int,
    own_place: dict[int, _Place],
    chars: Sequence[Char],
    table_of_char: Sequence[int],
) -> None:
    """The texts of the cells that characters were moved from or to."""
    touched = set(own_place.values())
    touched.update(place for i in own_place if (place := _cell_of(table, chars[i])) is not None)
    inside: dict[_Place, list[Char]] = {place: [] for place in touched}
    for i, (char, other) in enumerate(zip(chars, table_of_char, strict=True)):
        if other == number:
            place = own_place.get(i) or _cell_of(table, char)
            if place in inside:
                inside[place].append(char)
    for (row, column), members in inside.items():
        table.texts[row][column] = cell_text(members) if members else ""
