"""Header rows that lost the places covered by merged cells, as a table copied from a web page prints them.

A merged cell leaves its text once, and the next cell follows at once: `合计 | 基本支出 | 项目支出` and
`人员经费 | 公用经费` below it stand over four columns. How many cells have others below them follows from
the number of columns; which ones they are is told by the words, and by the amounts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import combinations, pairwise

from extract.layout.headers import header_paths
from extract.layout.numbers import parse_amount
from extract.layout.placement import row_sums_of
from extract.layout.source import SourceRow
from extract.model import Cell
from extract.vocabulary import Vocabulary, normalise

# more ways than this to hang the lower cells below the upper ones are not looked through
_MAX_WAYS = 5_000
_MAX_EQUAL = 60
_YEAR = re.compile(r"\{year\}|(?:19|20)\d{2}年?度?")
_LABELS = ("code_part_header", "code_header", "name_header")
# columns that a known form has below each other say more than words in common
_KNOWN, _REPEATED, _ALIKE, _LIKELY, _UNLIKELY = 4, 4, 2, 1, -8


@dataclass(frozen=True, slots=True)
class _Leaf:
    """The lowest header cell of a column so far, and where the levels above have theirs."""

    text: str
    level: int


def hang(
    header: Sequence[SourceRow], body: Sequence[SourceRow], vocabulary: Vocabulary
) -> list[SourceRow] | None:
    """The header rows with each cell over its first column.

    None where neither the words nor the amounts below tell one way from another.
    """
    texts = [[text for text in row.texts() if text.strip()] for row in header]
    if len(texts) > 3:
        return None
    ways: list[tuple[int, list[list[str]]]] = []
    for width in range(_width(header, body), max(len(row.cells) for row in body) + 1):
        ways.extend(_ways(texts, width, vocabulary))
    if len(ways) > 1:
        ways.sort(key=lambda way: -way[0])
        # what the words make nearly as likely the amounts may make likelier
        near = [way for way in ways[:_MAX_EQUAL] if way[0] > max(0, ways[0][0] - _KNOWN - 1)]
        ranked = sorted(((_misses(grid, body, vocabulary), -score), grid) for score, grid in near)
        ways = [(-rank[1], grid) for rank, grid in ranked if rank == ranked[0][0]]
        # the same header may be hung in several steps
        ways = [way for i, way in enumerate(ways) if way not in ways[:i]]
    if len(ways) != 1:
        return None
    return [
        SourceRow([Cell(text) for text in line], row.line_no, row.page_no)
        for line, row in zip(ways[0][1], header, strict=True)
    ]


def hangs_below(row: SourceRow, header: Sequence[SourceRow], rows: Sequence[SourceRow]) -> bool:
    """Whether a row of words could only belong to the header, because that has too few places without it."""
    if not header or any(cell.box for cell in row.cells):
        return False
    places, above = len(row.filled()), len(header[-1].filled())
    return (
        places > 1
        and is_dropped([*header, row], rows)
        and places + above > _width([*header, row], rows)
        and not any(parse_amount(text) for text in row.texts())
    )


def _width(header: Sequence[SourceRow], body: Sequence[SourceRow]) -> int:
    """How many columns there are at least: the last ones may be blank in all rows."""
    widest = max((len(row.cells) for row in body), default=0)
    is_short = any(len(row.cells) < widest and len(row.filled()) == len(row.cells) for row in header)
    return widest if is_short else max((j + 1 for row in body for j in row.filled()), default=0)


def _misses(grid: list[list[str]], body: Sequence[SourceRow], vocabulary: Vocabulary) -> int:
    """What speaks against a header: words below amounts' names, amounts below names' names, broken sums."""
    paths = header_paths(grid, len(grid[0]))
    misses = 0
    for j, path in enumerate(paths):
        leaf = path[-1] if path else ""
        is_name = vocabulary.is_a("name_header", leaf)
        is_value = not is_name and not any(
            vocabulary.is_a(kind, leaf) for kind in (*_LABELS, "text_header", "row_number_header")
        )
        for row in body:
            if text := row.text(j).strip():
                number = parse_amount(text)
                misses += is_name if number and number.decimals else is_value and not number
    for row in body:
        amounts = {j: number.value for j in row.filled() if (number := parse_amount(row.text(j)))}
        for total in row_sums_of(["/".join(path) for path in paths], vocabulary):
            parts = [amounts[j] for j in total.parts if j in amounts]
            if total.total in amounts and parts and sum(parts) != amounts[total.total]:
                misses += 1
    return misses


def is_dropped(header: Sequence[SourceRow], body: Sequence[SourceRow]) -> bool:
    """Whether rows of a header have fewer places than those below, though no place in them is blank."""
    if len(header) < 2 or not body or any(cell.box for row in header for cell in row.cells):
        return False
    filled = [row.filled() for row in header]
    width = _width(header, body)
    return all(places == list(range(len(places))) for places in filled) and (
        all(len(places) < width for places in filled[:-1]) and 0 < len(filled[-1]) <= width
    )


def _ways(
    texts: list[list[str]], width: int, vocabulary: Vocabulary
) -> Iterator[tuple[int, list[list[str]]]]:
    """All ways to hang each row below the one above, with their scores."""
    first = [(0, [texts[0]], [_Leaf(text, 0) for text in texts[0]])]
    for depth, lower in enumerate(texts[1:], start=1):
        last = depth == len(texts) - 1
        further: list[tuple[int, list[list[str]], list[_Leaf]]] = []
        for score, grid, leaves in first:
            # a cell may have others below it only in the row right above them
            open_places = [i for i, leaf in enumerate(leaves) if leaf.level == depth - 1]
            counts = (
                [len(leaves) + len(lower) - width]
                if last
                else range(1, min(len(open_places), len(lower)) + 1)
            )
            for count in counts:
                if not 0 < count <= min(len(open_places), len(lower)):
                    continue
                for parents in combinations(open_places, count):
                    for sizes in _sizes(len(lower), count):
                        further.append(_hung(score, grid, leaves, parents, sizes, lower, depth, vocabulary))
                        if len(further) > _MAX_WAYS:
                            return
        first = further
    for score, grid, leaves in first:
        if len(leaves) == width:
            yield score, grid


def _sizes(total: int, count: int) -> Iterator[tuple[int, ...]]:
    for cuts in combinations(range(1, total), count - 1):
        yield tuple(b - a for a, b in pairwise((0, *cuts, total)))


def _hung(
    score: int,
    grid: list[list[str]],
    leaves: list[_Leaf],
    parents: tuple[int, ...],
    sizes: tuple[int, ...],
    lower: list[str],
    depth: int,
    vocabulary: Vocabulary,
) -> tuple[int, list[list[str]], list[_Leaf]]:
    lines: list[list[str]] = [[] for _ in grid]
    below: list[str] = []
    found: list[_Leaf] = []
    groups: list[tuple[str, ...]] = []
    at = 0
    for i, leaf in enumerate(leaves):
        size = sizes[parents.index(i)] if i in parents else 0
        for line, above in zip(lines, grid, strict=True):
            line.extend([above[i], *[""] * (max(size, 1) - 1)])
        if not size:
            below.append("")
            found.append(leaf)
            continue
        group = tuple(lower[at : at + size])
        at += size
        groups.append(group)
        # rates stand below the amount that is compared with those before it
        score += i == len(leaves) - 1 and any("%" in text for text in group)
        below.extend(group)
        found.extend(_Leaf(text, depth) for text in group)
        score += _fits(leaf.text, group, vocabulary)
    # the same columns once more, of another year or fund
    score += _REPEATED * sum(a == b and len(a) > 1 for a, b in pairwise(groups))
    return score, [*lines, below], found


@lru_cache(maxsize=20_000)
def _fits(parent: str, group: tuple[str, ...], vocabulary: Vocabulary) -> int:
    """How well a cell stands over others."""
    score = 0 if len(group) > 1 else _UNLIKELY // 2
    if vocabulary.is_a("total_label", parent):
        score += _UNLIKELY
    of_labels = any(vocabulary.is_a(kind, parent) for kind in _LABELS)
    # a side stands over names and amounts
    sided = vocabulary.is_a("side_header", parent) and not all(
        any(vocabulary.is_a(kind, text) for kind in _LABELS) for text in group
    )
    for place, text in enumerate(group):
        is_label = any(vocabulary.is_a(kind, text) for kind in _LABELS)
        if vocabulary.is_a("code_part_header", text):
            score += _ALIKE if vocabulary.is_a("code_header", parent) else _UNLIKELY
        elif of_labels != is_label and not (is_label and sided):
            score += _UNLIKELY
        elif of_labels or (sided and is_label):
            score += _ALIKE
        if (_plain(parent), _plain(text)) in _pairs(vocabulary):
            score += _KNOWN
        elif "%" not in text and (common := _in_common(_plain(parent), _plain(text))) > 1:
            # a rate may name what it is a rate of, which stands beside it
            score += min(common, _KNOWN) if common > 2 else _LIKELY
        if vocabulary.is_a("total_label", text):
            # a total opens its group
            score += _LIKELY if place == 0 else _UNLIKELY
    return score


@cache
def _pairs(vocabulary: Vocabulary) -> frozenset[tuple[str, str]]:
    """Which header texts stand right below which in the standard forms."""
    return frozenset(
        (_plain(upper), _plain(lower))
        for form in vocabulary.forms
        for column in form.columns
        for upper, lower in pairwise(column.path)
    )


def _plain(text: str) -> str:
    """A header text without its year."""
    return _YEAR.sub("", normalise(text))


def _in_common(a: str, b: str) -> int:
    """The length of the longest run of characters that both texts have."""
    return max(
        (n for n in range(len(a), 0, -1) for i in range(len(a) - n + 1) if a[i : i + n] in b), default=0
    )
