"""Lost columns put back by arithmetic: a total equals its parts, a parent its children.

The order of the numbers in a row is kept. A row's candidates are all ways to spread its numbers over
the columns; equations along rows and down columns remove candidates until one is left. What stays open
is placed at its best candidate and marked `ambiguous`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import combinations

from extract.layout.numbers import Number
from extract.layout.table import Row, Table, Value
from extract.vocabulary import Vocabulary, squeeze

_ZERO = Decimal(0)
# families with more joint states than this stay undecided rather than slow
_MAX_STATES = 5_000

Placement = tuple[int, ...]  # for each number of the row, in order, the index of its column


@dataclass(frozen=True)
class RowSum:
    """Along a row: the column `total` equals the sum of the columns `parts`."""

    total: int
    parts: tuple[int, ...]


@dataclass(slots=True)
class Puzzle:
    """Rows of numbers in order, without their columns.

    `families` are (parent row, child rows): in each column the parent equals the sum of its children.
    `tolerance` is the rounding of one printed number, in the numbers' own unit.
    """

    numbers: list[list[Decimal]]
    column_count: int
    row_sums: list[RowSum]
    families: list[tuple[int, list[int]]]
    tolerance: Decimal = Decimal("0.005")
    # rows whose placements are known to be among these
    given: dict[int, list[Placement]] = field(default_factory=dict)


def solve(
    puzzle: Puzzle, known: Mapping[int, Callable[[Placement], bool]] | None = None
) -> list[list[Placement]]:
    """Per row the placements that no equation excludes; one element means decided.

    `known` tells for some rows which placements other evidence allows.
    """
    candidates = [_row_candidates(row, puzzle, puzzle.given.get(i)) for i, row in enumerate(puzzle.numbers)]
    for row, allows in (known or {}).items():
        candidates[row] = [p for p in candidates[row] if allows(p)] or candidates[row]
    if not puzzle.given and len({len(row) for row in puzzle.numbers}) == 1:
        # every row lacks a number: the same column has none in all of them
        common = set(candidates[0]).intersection(*candidates[1:])
        candidates = [[p for p in row if p in common] for row in candidates] if common else candidates
    changed = True
    while changed:
        changed = False
        for parent, children in puzzle.families:
            changed = _within_parent(parent, children, candidates, puzzle) or changed
            kept = _consistent(parent, children, candidates, puzzle)
            for row, left in kept.items():
                if left and len(left) < len(candidates[row]):
                    candidates[row] = left
                    changed = True
    return candidates


def _within_parent(
    parent: int, children: list[int], candidates: list[list[Placement]], puzzle: Puzzle
) -> bool:
    """Drop the children's candidates with a number in a column in which the parent has none."""
    if any(number < 0 for row in (parent, *children) for number in puzzle.numbers[row]):
        return False
    filled = {
        column
        for places in candidates[parent]
        for column, amount in enumerate(_vector(puzzle.numbers[parent], places, puzzle))
        if amount
    }
    changed = False
    for child in children:
        left = [
            places
            for places in candidates[child]
            if all(p in filled for p, n in zip(places, puzzle.numbers[child], strict=False) if n)
        ]
        if left and len(left) < len(candidates[child]):
            candidates[child] = left
            changed = True
    return changed


def _row_candidates(
    numbers: Sequence[Decimal], puzzle: Puzzle, given: Sequence[Placement] | None = None
) -> list[Placement]:
    if given is not None and len(given) == 1:
        return list(given)
    everything = given or list(
        combinations(range(puzzle.column_count), min(len(numbers), puzzle.column_count))
    )
    scored = [(_row_misses(numbers, places, puzzle), places) for places in everything]
    fewest = min((misses for misses, _ in scored), default=0)
    return [places for misses, places in scored if misses == fewest]


def _row_misses(numbers: Sequence[Decimal], places: Placement, puzzle: Puzzle) -> int:
    """Broken sums, where a number that has only its total printed next to it is not yet broken."""
    at = dict(zip(places, numbers, strict=False))
    misses = 0
    for row_sum in puzzle.row_sums:
        present = [p for p in row_sum.parts if p in at]
        if row_sum.total not in at:
            # parts without their total: a total is never blank while parts are printed
            misses += 2 * bool(present)
            continue
        if not present:
            continue
        rest = at[row_sum.total] - sum((at[p] for p in present), _ZERO)
        slack = puzzle.tolerance * (len(present) + 1)
        if abs(rest) <= slack:
            continue
        # the missing remainder could be the lost number, when a part is blank and the sign is right
        lost = len(present) < len(row_sum.parts) and rest * at[row_sum.total] > 0
        misses += 1 if lost else 3
    return misses


def _consistent(
    parent: int, children: list[int], candidates: list[list[Placement]], puzzle: Puzzle
) -> dict[int, list[Placement]]:
    """The candidates of parent and children that take part in a joint solution; {} when none exists."""
    rows = [parent, *children]
    if all(len(candidates[r]) == 1 for r in rows):
        return {}
    slack = puzzle.tolerance * (len(children) + 1)
    wanted = [_vector(puzzle.numbers[parent], places, puzzle) for places in candidates[parent]]
    # where nothing is negative no sum of some children is above the parent
    bounded = all(number >= 0 for row in rows for number in puzzle.numbers[row])
    # partial sums of the children, forward; with the candidates that lead to each sum kept for the way back
    layers: list[dict[tuple[Decimal, ...], list[tuple[tuple[Decimal, ...], Placement]]]] = []
    states: set[tuple[Decimal, ...]] = {(_ZERO,) * puzzle.column_count}
    for child in children:
        layer: dict[tuple[Decimal, ...], list[tuple[tuple[Decimal, ...], Placement]]] = {}
        for places in candidates[child]:
            vector = _vector(puzzle.numbers[child], places, puzzle)
            for state in states:
                total = tuple(a + b for a, b in zip(state, vector, strict=True))
                if bounded and not any(
                    all(a <= b + slack for a, b in zip(total, goal, strict=True)) for goal in wanted
                ):
                    continue
                layer.setdefault(total, []).append((state, places))
        if len(layer) > _MAX_STATES:
            return {}
        layers.append(layer)
        states = set(layer)
    kept: dict[int, set[Placement]] = {r: set() for r in rows}
    goals: set[tuple[Decimal, ...]] = set()
    for places, vector in zip(candidates[parent], wanted, strict=True):
        hits = {s for s in states if all(abs(a - b) <= slack for a, b in zip(s, vector, strict=True))}
        if hits:
            kept[parent].add(places)
            goals |= hits
    if not goals:
        return {}
    for child, layer in zip(reversed(children), reversed(layers), strict=True):
        before: set[tuple[Decimal, ...]] = set()
        for goal in goals:
            for state, places in layer.get(goal, ()):
                kept[child].add(places)
                before.add(state)
        goals = before
    return {row: [c for c in candidates[row] if c in kept[row]] for row in rows}


def _vector(numbers: Sequence[Decimal], places: Placement, puzzle: Puzzle) -> tuple[Decimal, ...]:
    """The row's columns under a placement, with the number it lost where its own sum tells it.

    A lost number only helps to place the others; it is never landed.
    """
    at = dict(zip(places, numbers, strict=False))
    for row_sum in puzzle.row_sums:
        present = [p for p in row_sum.parts if p in at]
        blank = [p for p in row_sum.parts if p not in at]
        if row_sum.total in at and present and len(blank) == 1:
            rest = at[row_sum.total] - sum((at[p] for p in present), _ZERO)
            if abs(rest) > puzzle.tolerance * (len(present) + 1):
                at[blank[0]] = rest
    return tuple(at.get(c, _ZERO) for c in range(puzzle.column_count))


def families_by_code(codes: Sequence[str], totals: Iterable[int]) -> list[tuple[int, list[int]]]:
    """Parents and children from code prefixes; each total row over the rows of the highest level."""
    families: list[tuple[int, list[int]]] = []
    index: dict[str, list[int]] = {}
    for i, code in enumerate(codes):
        if code:
            index.setdefault(code, []).append(i)
    known = sorted(index, key=len)
    for code in known:
        children = [
            i
            for other in known
            if other.startswith(code) and len(other) > len(code) and _parent(other, index) == code
            for i in index[other]
        ]
        if children and len(index[code]) == 1:
            families.append((index[code][0], children))
    tops = [i for code in known if _parent(code, index) is None for i in index[code]]
    families.extend((total, tops) for total in totals if tops)
    return families


def _parent(code: str, index: dict[str, list[int]]) -> str | None:
    for length in range(len(code) - 1, 2, -1):
        if code[:length] in index:
            return code[:length]
    return None


def row_sums_of(paths: Sequence[str], vocabulary: Vocabulary) -> list[RowSum]:
    """The sums that header trees promise: a total column over its siblings, a group over its columns."""
    split = [tuple(path.split("/")) for path in paths]
    sums: list[RowSum] = []
    for total, path in enumerate(split):
        if not path or not vocabulary.is_a("total_label", path[-1]):
            continue
        group = path[:-1]
        parts: list[int] = []
        skip: set[tuple[str, ...]] = set()
        for j, other in enumerate(split):
            if j == total or other[: len(group)] != group or len(other) <= len(group):
                continue
            head = other[: len(group) + 1]
            if vocabulary.is_a("of_which", other[-1]) or head in skip:
                continue
            if len(other) > len(group) + 1:
                # a sub-group counts once: by its own total column where it has one
                own_total = [
                    k
                    for k, o in enumerate(split)
                    if o[: len(head)] == head and vocabulary.is_a("total_label", o[-1])
                ]
                if own_total:
                    skip.add(head)
                    parts.append(own_total[0])
                    continue
            parts.append(j)
        if parts:
            sums.append(RowSum(total, tuple(parts)))
    return sums


def place_lost_columns(table: Table, vocabulary: Vocabulary) -> None:
    """Give the numbers of every row of a one-lane table their columns, in place."""
    columns = sorted(table.columns, key=lambda c: c.column_no)
    rows = [r for r in table.rows if any(v.row_no == r.row_no for v in table.values)]
    values = {r.row_no: sorted((v for v in table.values if v.row_no == r.row_no), key=_order) for r in rows}
    if not rows or any(len(v) > len(columns) for v in values.values()):
        table.confidence_reason = "more numbers in a row than columns in the header"
        return
    assign(
        rows,
        values,
        [c.column_no for c in columns],
        [c.path for c in columns],
        vocabulary,
        in_order="inferred",
    )


def mend_shifted_rows(table: Table, dropped: Mapping[int, int], vocabulary: Vocabulary) -> None:
    """Rows that lost a blank cell: everything behind it stands a column or two too far to the left.

    A row is moved only when its sums break in place and all of them hold after the move. In a row that lacks
    no cell, because it was filled up at its end, several amounts must have moved together: a single one
    in the column of a blank is what its author printed, and stays there.
    """
    for lane_no in {c.lane_no for c in table.columns}:
        columns = sorted((c for c in table.columns if c.lane_no == lane_no), key=lambda c: c.column_no)
        column_nos = [c.column_no for c in columns]
        row_sums = row_sums_of([c.path for c in columns], vocabulary)
        if not row_sums:
            continue
        rows: dict[int, list[Value]] = {}
        for value in table.values:
            if value.lane_no == lane_no:
                rows.setdefault(value.row_no, []).append(value)
        for values in rows.values():
            values.sort(key=_order)
            if len(values) == len(columns) or any(v.box for v in values):
                continue
            lacks = dropped.get(values[0].row_no, 0)
            _mend_row(values, column_nos, row_sums, at_least=1 if lacks else 2, furthest=min(lacks or 2, 2))


def place_ragged_rows(
    table: Table, dropped: Mapping[int, int], vocabulary: Vocabulary, *, keeps_blanks: bool = False
) -> None:
    """Rows of a one-lane table that end early: blank cells were dropped, at the end or before some amount.

    `dropped` tells how many cells each such row lacks; its amounts stand where they are printed or up to
    so many columns further right. Where all sums hold in place, only blanks at the end were dropped, unless
    the table `keeps_blanks` at the end of other rows: then no place in the row is certain.
    """
    columns = sorted(table.columns, key=lambda c: c.column_no)
    column_nos = [c.column_no for c in columns]
    by_row: dict[int, list[Value]] = {}
    for value in sorted(table.values, key=_order):
        by_row.setdefault(value.row_no, []).append(value)
    rows = [r for r in table.rows if r.row_no in by_row]
    in_place = [tuple(column_nos.index(v.column_no) for v in by_row[r.row_no]) for r in rows]
    puzzle = _puzzle(rows, by_row, [c.path for c in columns], vocabulary)
    if not keeps_blanks and _holds(puzzle, in_place):
        return
    for i, row in enumerate(rows):
        spare = dropped.get(row.row_no, 0)
        puzzle.given[i] = list(_shifted(in_place[i], spare, len(columns))) if spare else [in_place[i]]
    if sum(map(len, puzzle.given.values())) > _MAX_STATES * 10:
        table.confidence_reason = "too many dropped cells to put back (缺失单元格过多)"
        for row in rows:
            for value in by_row[row.row_no] if row.row_no in dropped else ():
                value.placement = "ambiguous"
        return
    solved = solve(puzzle)
    moved = keeps_blanks or any(
        in_place[i] not in placements for i, placements in enumerate(solved) if placements
    )
    for i, placements in enumerate(solved):
        if rows[i].row_no not in dropped:
            continue
        if not placements:
            for value in by_row[rows[i].row_no]:
                value.placement = "ambiguous"
            continue
        best = in_place[i] if in_place[i] in placements else placements[0]
        for k, value in enumerate(by_row[rows[i].row_no]):
            value.column_no = column_nos[best[k]]
            if len({p[k] for p in placements}) > 1 and moved:
                value.placement = "ambiguous"
            else:
                value.placement = "inferred"


def _shifted(places: Placement, spare: int, width: int) -> Iterator[Placement]:
    """The places moved right by at most `spare`, each at least as far as the one before it."""

    def extend(done: Placement, shift: int) -> Iterator[Placement]:
        if len(done) == len(places):
            yield done
            return
        for more in range(shift, spare + 1):
            place = places[len(done)] + more
            if place < width:
                yield from extend((*done, place), more)

    yield from extend((), 0)


def _holds(puzzle: Puzzle, placements: Sequence[Placement]) -> bool:
    vectors = []
    for numbers, places in zip(puzzle.numbers, placements, strict=True):
        if _broken(numbers, places, puzzle.row_sums, puzzle.tolerance):
            return False
        at = dict(zip(places, numbers, strict=True))
        vectors.append([at.get(c, _ZERO) for c in range(puzzle.column_count)])
    for parent, children in puzzle.families:
        slack = puzzle.tolerance * (len(children) + 1)
        for c in range(puzzle.column_count):
            if abs(vectors[parent][c] - sum((vectors[k][c] for k in children), _ZERO)) > slack:
                return False
    return True


def _mend_row(
    values: list[Value], column_nos: list[int], row_sums: list[RowSum], *, at_least: int, furthest: int
) -> None:
    """Move the shortest tail of so many amounts that mends the row to the right, no further than that."""
    numbers = [v.number.value for v in values]
    places = [column_nos.index(v.column_no) for v in values]
    decimals = max(v.number.decimals for v in values)
    tolerance = Decimal(1).scaleb(-decimals) / 2
    if not _broken(numbers, places, row_sums, tolerance):
        return
    for start in reversed(range(len(places))):
        if sum(1 for number in numbers[start:] if number) < at_least:
            continue
        for shift in range(1, furthest + 1):
            moved = [*places[:start], *(p + shift for p in places[start:])]
            if moved[-1] >= len(column_nos):
                continue
            # a total is never blank while parts are printed: −5 after 5 is a wrong sign, not a lost blank
            has_totals = all(
                row_sum.total in moved or not set(row_sum.parts).intersection(moved) for row_sum in row_sums
            )
            if has_totals and not _broken(numbers, moved, row_sums, tolerance):
                for value, place, before in zip(values, moved, places, strict=True):
                    if place != before:
                        value.column_no, value.placement = column_nos[place], "inferred"
                return


def _broken(
    numbers: Sequence[Decimal], places: Sequence[int], row_sums: list[RowSum], tolerance: Decimal
) -> bool:
    at = dict(zip(places, numbers, strict=True))
    for row_sum in row_sums:
        present = [p for p in row_sum.parts if p in at]
        if not present and row_sum.total not in at:
            continue
        rest = at.get(row_sum.total, _ZERO) - sum((at[p] for p in present), _ZERO)
        if abs(rest) > tolerance * (len(present) + 1):
            return True
    return False


def breaks(numbers: Sequence[Number], paths: Sequence[str], vocabulary: Vocabulary) -> bool:
    """Whether a row with a number in every column does not add up under this header."""
    tolerance = Decimal(1).scaleb(-max(number.decimals for number in numbers)) / 2
    return _broken(
        [number.value for number in numbers], range(len(numbers)), row_sums_of(paths, vocabulary), tolerance
    )


def _order(value: Value) -> tuple[int, int]:
    return value.line_no, value.column_no


class _Hints:
    """What else speaks for a placement when sums leave several."""

    def __init__(
        self, paths: Sequence[str], evidence: Evidence, vocabulary: Vocabulary, stated: Stated | None = None
    ) -> None:
        split = [tuple(p.split("/")) for p in paths]
        self._evidence = [evidence.get(p[-1], frozenset()) for p in split]
        self._stated = [(stated or {}).get(p[-1], ()) for p in split]
        self._of_which = [vocabulary.is_a("of_which", p[-1]) for p in split]
        # the same column in another group: this year and last year, budget and final
        self._twins = [
            (i, j)
            for i in range(len(split))
            for j in range(i + 1, len(split))
            if len(split[i]) > 1 and split[i][1:] == split[j][1:] and split[i][0] != split[j][0]
        ]

    def filter(self, numbers: Sequence[Decimal]) -> Callable[[Placement], bool]:
        """Allows the placements that agree best with the amounts printed under the columns' names."""

        def agreed(places: Placement) -> int:
            score = 0
            for number, place in zip(numbers, places, strict=False):
                named = self._evidence[place]
                if number and named:
                    score += 1 if number in named else -1
                elif number and any(low <= number <= high for low, high in self._stated[place]):
                    score += 1
            return score

        most = max(
            (
                agreed(p)
                for p in combinations(range(len(self._evidence)), min(len(numbers), len(self._evidence)))
            ),
            default=0,
        )
        return lambda places: agreed(places) == most

    def rank(self, numbers: Sequence[Decimal], places: Placement) -> tuple[int, int]:
        at = dict(zip(places, numbers, strict=False))
        alike = sum(1 for i, j in self._twins if bool(at.get(i)) == bool(at.get(j)))
        return -sum(1 for p in places if self._of_which[p]), alike


# amounts by the name they are printed with elsewhere in the document
Evidence = Mapping[str, AbstractSet[Decimal]]
# amounts by the name they are stated with in the text, in the intervals that its rounding leaves
Stated = Mapping[str, Sequence[tuple[Decimal, Decimal]]]

_NUMBERING = re.compile(r"^(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十\d]+[)）]|\d+[.、．])")


def evidence_of(tables: Iterable[Table]) -> dict[str, set[Decimal]]:
    """Row labels without their numbering, and the amounts that stand beside them in no doubt."""
    named: dict[str, set[Decimal]] = {}
    for table in tables:
        labels = {(r.row_no, r.lane_no): _NUMBERING.sub("", r.label) for r in table.rows}
        for value in table.values:
            label = labels.get((value.row_no, value.lane_no))
            if label and value.placement == "printed":
                named.setdefault(label, set()).add(value.number.value)
    return named


def stated_amounts(text: str, vocabulary: Vocabulary) -> dict[str, list[tuple[Decimal, Decimal]]]:
    """What sentences say of the columns of the standard forms (基本支出 9,800.36 万元), in 万元 and in 元."""
    names = {column.path[-1] for form in vocabulary.forms for column in form.columns}
    names = {name for name in names if len(name) > 3 and not vocabulary.is_a("total_label", name)}
    word = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    stated: dict[str, list[tuple[Decimal, Decimal]]] = {}
    pattern = rf"({word})(?:预算|决算)?数?(?:为|是)?(\d[\d,，]*(?:\.\d+)?)(万?)元"
    for name, digits, thousands in re.findall(pattern, squeeze(text)):
        value = Decimal(re.sub("[,，]", "", digits))
        half = Decimal(1).scaleb(int(value.as_tuple().exponent)) / 2
        for scale in (0, 4 if thousands else -4):
            stated.setdefault(name, []).append(((value - half).scaleb(scale), (value + half).scaleb(scale)))
    return stated


def _puzzle(
    rows: list[Row], values: Mapping[int, list[Value]], paths: Sequence[str], vocabulary: Vocabulary
) -> Puzzle:
    totals = [i for i, r in enumerate(rows) if not r.code and vocabulary.is_a("total_label", r.label)]
    decimals = max((v.number.decimals for r in rows for v in values[r.row_no]), default=2)
    families = families_by_code([r.code for r in rows], totals)
    if not families and totals and totals[0] > 1:
        # a list without codes adds up to its first total
        families = [(totals[0], list(range(totals[0])))]
    return Puzzle(
        numbers=[[v.number.value for v in values[r.row_no]] for r in rows],
        column_count=len(paths),
        row_sums=row_sums_of(paths, vocabulary),
        families=families,
        tolerance=Decimal(1).scaleb(-decimals) / 2,
    )


def assign(
    rows: list[Row],
    values: dict[int, list[Value]],
    column_nos: list[int],
    paths: list[str],
    vocabulary: Vocabulary,
    evidence: Evidence | None = None,
    stated: Stated | None = None,
    *,
    in_order: str = "printed",
) -> None:
    """Set column and placement of every value from the header tree, the rows' codes and the document.

    An amount printed elsewhere under the name of a column decides where sums leave a choice.
    A row with a number for every column is placed by order alone, and called `in_order`.
    """
    puzzle = _puzzle(rows, values, paths, vocabulary)
    totals = [i for i, r in enumerate(rows) if not r.code and vocabulary.is_a("total_label", r.label)]
    hints = _Hints(paths, evidence or {}, vocabulary, stated)
    fixed = {i: hints.filter(puzzle.numbers[i]) for i in totals}
    for row, placements in zip(rows, solve(puzzle, fixed), strict=True):
        if not placements:
            continue
        numbers = [v.number.value for v in values[row.row_no]]
        placements.sort(key=lambda p: hints.rank(numbers, p), reverse=True)
        decided = {k: {p[k] for p in placements if k < len(p)} for k in range(len(values[row.row_no]))}
        for k, value in enumerate(values[row.row_no]):
            value.column_no = column_nos[placements[0][k]]
            full = len(values[row.row_no]) == len(column_nos)
            value.placement = in_order if full else ("inferred" if len(decided[k]) == 1 else "ambiguous")
