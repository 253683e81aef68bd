"""Header rows flattened from merged cells, back into one path per column."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import pairwise

from extract.vocabulary import squeeze


def header_paths(
    rows: Sequence[Sequence[str | None]],
    width: int,
    lane_starts: Collection[int] = (),
    spans: Sequence[Sequence[int]] = (),
) -> list[tuple[str, ...]]:
    """The header texts over each column, from top to bottom, white space removed.

    A blank place belongs to the cell on its left when something stands below it and both lie under
    the same cell of the row above; otherwise it belongs to the cell above it. A group that begins a
    column or two before its own first column (a blank was lost on its left) is moved there:
    `lane_starts` are the columns where a new list begins, and a column that is the group's own total
    begins the group. `spans` tells for cells with a place on the page how many columns they cover, 0 where
    that is not known.
    """
    texts = [[squeeze((row[j] if j < len(row) else None) or "") for j in range(width)] for row in rows]
    for upper, lower in pairwise(texts):
        _snap_groups(upper, lower, lane_starts)
    # origin[i][j]: the column where the cell covering (i, j) begins, or None where nothing stands
    origin: list[list[int | None]] = []
    for i, level in enumerate(texts):
        line: list[int | None] = []
        for j in range(width):
            if level[j]:
                line.append(j)
                continue
            below = any(texts[k][j] for k in range(i + 1, len(texts)))
            # nothing stands below some columns of a cell where grids of several tables touch
            left = line[j - 1] if j else None
            if left is None:
                left = next((k for k in range(j) if level[k] and j < k + _span(spans, i, k)), None)
            covered = _span(spans, i, left)
            if covered and left is not None and j >= left + covered:
                line.append(None)
                continue
            same_group = i == 0 or (
                left is not None and origin[i - 1][j] is not None and origin[i - 1][j] == origin[i - 1][left]
            )
            line.append(left if below and same_group else None)
        origin.append(line)
    paths = []
    for j in range(width):
        parts: list[str] = []
        for i in range(len(texts)):
            start = origin[i][j]
            if start is not None and (not parts or parts[-1] != texts[i][start]):
                parts.append(texts[i][start])
        paths.append(tuple(parts))
    return paths


def _snap_groups(upper: list[str], lower: list[str], lane_starts: Collection[int]) -> None:
    for j in range(1, len(upper)):
        group = upper[j]
        if not group or not lower[j] or j in lane_starts:
            continue
        for start in (j + 1, j + 2):
            if start >= len(upper) or any(upper[j + 1 : start + 1]):
                break
            own_total = lower[start].startswith(group) and len(lower[start]) > len(group)
            if start in lane_starts or (own_total and not lower[j].startswith(group)):
                upper[j], upper[start] = "", group
                break


def _span(spans: Sequence[Sequence[int]], i: int, j: int | None) -> int:
    return spans[i][j] if j is not None and i < len(spans) and j < len(spans[i]) else 0
