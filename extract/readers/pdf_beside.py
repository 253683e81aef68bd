"""The order in which lines and tables of a page are read, where tables stand side by side.

Two frames under titles of their own are two tables, each with the part of the lines above that is its own.
Two frames under one title are one table whose lists were drawn apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from extract.readers.pdf_tables import BBox, FoundLine, FoundTable

# lines above the frames in which their titles are looked for
_REACH = 6
# rows of both frames begin on one level
_LEVEL = 2.0
# a title is off the middle of its frame by no more of the frame's width
_OFF_CENTRE = 0.06

Item = FoundLine | FoundTable


def in_reading_order(lines: Sequence[FoundLine], tables: Sequence[FoundTable]) -> list[Item]:
    """Lines and tables from the top; tables side by side from the left, each behind its own lines."""
    keyed: list[tuple[tuple[float, float, float], Item]] = []
    left = list(lines)
    for group in beside(tables):
        above = [line for line in left if line.box.bottom <= min(t.bbox[1] for t in group) + 1]
        heads = _heads(above[-_REACH:], group)
        if _are_titled(heads, group):
            start = min(line.box.top for line in heads)
            left = [line for line in left if not any(line is head for head in heads)]
            parts = [_cut(line, group) for line in heads]
            for column, table in enumerate(group):
                own = [part for line in parts if (part := line[column]) is not None]
                keyed += [((start, column, line.box.top), line) for line in own]
                keyed.append(((start, column, table.bbox[1]), table))
        else:
            joined = _joined(group) if len(group) > 1 else None
            shown = group if joined is None else [joined]
            start = min(table.bbox[1] for table in shown)
            keyed += [((start, table.bbox[0], 0.0), table) for table in shown]
    keyed += [((line.box.top, line.box.x0, 0.0), line) for line in left]
    return [item for _, item in sorted(keyed, key=lambda pair: pair[0])]


def beside(tables: Sequence[FoundTable]) -> list[list[FoundTable]]:
    """The tables in groups of those that stand side by side, from the left."""
    groups: list[list[FoundTable]] = []
    for table in sorted(tables, key=lambda table: (table.bbox[1], table.bbox[0])):
        near = next((group for group in groups if all(_is_beside(other, table) for other in group)), None)
        if near is None:
            groups.append([table])
        else:
            near.append(table)
    return [sorted(group, key=lambda table: table.bbox[0]) for group in groups]


def _is_beside(one: FoundTable, other: FoundTable) -> bool:
    (a0, top, a1, bottom), (b0, high, b1, low) = one.bbox, other.bbox
    shared = min(bottom, low) - max(top, high)
    return (a1 <= b0 + 1 or b1 <= a0 + 1) and shared > 0.5 * min(bottom - top, low - high)


def _gutters(group: Sequence[FoundTable]) -> list[float]:
    return [(one.bbox[2] + other.bbox[0]) / 2 for one, other in pairwise(group)]


def _heads(above: Sequence[FoundLine], group: Sequence[FoundTable]) -> list[FoundLine]:
    """The lines right above the frames none of whose words stands over a gap between two frames."""
    heads: list[FoundLine] = []
    for line in reversed(above if len(group) > 1 else ()):
        if any(word.box.x0 < gutter < word.box.x1 for word in line.words for gutter in _gutters(group)):
            break
        heads.append(line)
    return heads


def _cut(line: FoundLine, group: Sequence[FoundTable]) -> list[FoundLine | None]:
    """The parts of a line that stand over each frame."""
    ends = [*_gutters(group), float("inf")]
    parts: list[FoundLine | None] = []
    start = float("-inf")
    for end in ends:
        words = tuple(word for word in line.words if start <= (word.box.x0 + word.box.x1) / 2 < end)
        start = end
        if not words:
            parts.append(None)
            continue
        box = words[0].box
        for word in words[1:]:
            box = box.union(word.box)
        parts.append(FoundLine(" ".join(word.text for word in words), box, words))
    return parts


def _are_titled(heads: Sequence[FoundLine], group: Sequence[FoundTable]) -> bool:
    """Whether one line has a text in the middle over each frame."""
    for line in heads:
        parts = _cut(line, group)
        if all(
            part is not None
            and abs(part.box.x0 + part.box.x1 - table.bbox[0] - table.bbox[2]) / 2
            < _OFF_CENTRE * (table.bbox[2] - table.bbox[0])
            for part, table in zip(parts, group, strict=True)
        ):
            return True
    return False


def _joined(group: Sequence[FoundTable]) -> FoundTable | None:
    """One table of frames whose rows begin on the same levels; None where they do not."""
    levels = max((_tops(table) for table in group), key=len)
    rows: list[list[BBox | None]] = [[] for _ in levels]
    texts: list[list[str | None]] = [[] for _ in levels]
    for table in group:
        width = max(map(len, table.rows))
        tops = _tops(table)
        if not all(any(abs(top - level) <= _LEVEL for level in levels) for top in tops):
            return None
        for i, level in enumerate(levels):
            own = next((k for k, top in enumerate(tops) if abs(top - level) <= _LEVEL), None)
            rows[i] += [None] * width if own is None else table.rows[own]
            texts[i] += [None] * width if own is None else table.texts[own]
    boxes = [table.bbox for table in group]
    bbox = (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )
    return FoundTable(bbox, rows, texts)


def _tops(table: FoundTable) -> list[float]:
    return [min(cell[1] for cell in row if cell is not None) for row in table.rows]
