"""Performance tables: a form of keys and values above, a list of indicators below."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from itertools import count

from extract.layout.headers import header_paths
from extract.layout.merged import reaching_down
from extract.layout.numbers import Number, parse_amount, parse_target
from extract.layout.source import SourceRow
from extract.layout.table import Column, Row, Table, Value
from extract.model import Cell
from extract.vocabulary import Vocabulary, squeeze


def indicator_header_at(rows: list[SourceRow], vocabulary: Vocabulary) -> int | None:
    """The row that opens the list of indicators, or None when this is no performance form.

    A table whose very first row is that header, with other amounts before the indicators, is an
    ordinary table with one row per project.
    """
    for index, row in enumerate(rows):
        if indicator_name_at(row, vocabulary) is not None:
            return index if index or not any(parse_amount(t) for r in rows for t in r.texts()[:3]) else None
    return None


def indicator_name_at(row: SourceRow, vocabulary: Vocabulary) -> int | None:
    """The column of the indicators' names, where the row is their header: names left of targets."""
    filled = row.filled()
    names = [j for j in filled if vocabulary.is_a("indicator_section", row.text(j))]
    if names:
        return names[-1]
    targets = [j for j in filled if vocabulary.is_a("target_header", row.text(j))]
    names = [
        j for j in filled if vocabulary.is_a("indicator_name", row.text(j)) and j < max(targets, default=0)
    ]
    return names[-1] if names else None


def add_indicator_rows(
    table: Table, rows: list[SourceRow], section: int, width: int, vocabulary: Vocabulary
) -> None:
    """Fill the table from the form above row `section` and the indicators below it."""
    columns = _Columns(table)
    row_no = _add_form(table, rows[:section], columns, vocabulary)
    header = rows[section]
    table.other_texts.extend(header.texts())
    paths = header_paths([header.texts()], width)
    leaf = [path[-1] if path else "" for path in paths]
    name_at = indicator_name_at(header, vocabulary) or 0
    known = tuple(map(squeeze, header.texts()))
    below = []
    for row in rows[section + 1 :]:
        if tuple(map(squeeze, row.texts())) == known:
            table.other_texts.extend(row.texts())
        else:
            below.append(row)
    body = _join_broken_rows(_join_broken_levels(below, name_at, vocabulary), name_at)
    seen = [Counter(squeeze(r.text(j)) for r in body if r.text(j)) for j in range(width)]
    for row, over in zip(body, reaching_down(body), strict=True):
        texts, moved = [*map(squeeze, row.texts()), *[""] * (width - len(row.cells))], False
        if not any(cell.box for cell in row.cells):
            # only text loses cells: those with a place on a page stand where they were drawn
            texts, moved = _aligned(texts, seen, leaf, name_at, width, vocabulary)
        row_no += 1
        label = next((texts[j] for j in range(name_at, -1, -1) if texts[j]), "")
        context = {}
        numbers: list[tuple[int, Number]] = []
        for j, text in enumerate(texts):
            if not text:
                continue
            number = (
                parse_target(text) if j > name_at and not vocabulary.is_a("text_header", leaf[j]) else None
            )
            if number:
                numbers.append((j, number))
            else:
                table.other_texts.append(text)
                if text != label:
                    context[leaf[j] or str(j + 1)] = text
        if not (label or context or numbers):
            continue
        # the levels of indicators stand once for all of theirs
        context.update({leaf[j]: text for j, text in over.items() if j < name_at and leaf[j]})
        table.rows.append(Row(row_no, 1, row.line_no, row.page_no, "", label, context))
        for j, number in numbers:
            column_no = columns.number(leaf[j], j + 1)
            box = row.cells[j].box if j < len(row.cells) and not moved else None
            placement = "inferred" if moved else "printed"
            table.values.append(Value(row_no, column_no, 1, number, row.line_no, row.page_no, placement, box))


class _Columns:
    """Column numbers of a form, where the same place holds different keys in different rows."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._numbers: dict[str, list[int]] = {}

    def number(self, path: str, wanted: int, used: Collection[int] = ()) -> int:
        """The column of this path that the row has not used yet."""
        own = self._numbers.setdefault(path, [])
        free = next((n for n in own if n not in used), None)
        if free is not None:
            return free
        taken = {n for numbers in self._numbers.values() for n in numbers}
        number = next(n for n in count(wanted) if n not in taken)
        own.append(number)
        self._table.columns.append(Column(number, 1, path, path))
        return number


def _add_form(table: Table, rows: list[SourceRow], columns: _Columns, vocabulary: Vocabulary) -> int:
    """Keys and values: a number's key stands on its left, or above it where the row has one amount."""
    row_no = 0
    for index, (row, over) in enumerate(zip(rows, reaching_down(rows), strict=True)):
        filled = row.filled()
        numbers = {j: n for j in filled if (n := parse_amount(row.text(j)))}
        for j in filled:
            if j not in numbers:
                table.other_texts.append(row.text(j))
        words = [j for j in filled if j not in numbers and not vocabulary.is_a("dash", row.text(j))]
        row_no += 1
        first = squeeze(row.text(words[0])) if words else ""
        if not numbers:
            table.rows.append(
                Row(
                    row_no,
                    1,
                    row.line_no,
                    row.page_no,
                    "",
                    first,
                    {str(j + 1): squeeze(row.text(j)) for j in words[1:]},
                )
            )
            continue
        label_at = words[0] if words else None
        # several amounts in a row without keys between them stand under a header
        keyed = all(j - 1 not in numbers for j in numbers)
        used: set[int] = set()
        for j, number in numbers.items():
            left = max((k for k in words if k < j), default=None)
            above = (
                _header_above(rows, index, j, vocabulary)
                if keyed
                else _group_above(rows, index, j, vocabulary)
            )
            if left is not None and len(numbers) == 1:
                label_at = left
            if above and left is not None and (len(numbers) == 1 or not keyed):
                path, label_at = above, left
            elif left is not None:
                path = squeeze(row.text(left))
            else:
                path = above or first
            column_no = columns.number(path, j + 1, used)
            used.add(column_no)
            table.values.append(
                Value(row_no, column_no, 1, number, row.line_no, row.page_no, "printed", row.cells[j].box)
            )
        label = squeeze(row.text(label_at)) if label_at is not None else ""
        context = {str(j + 1): squeeze(row.text(j)) for j in words if j != label_at}
        # the name of the whole, with the unit of its parts
        context |= {str(j + 1): text for j, text in over.items() if words and j < words[0]}
        table.rows.append(Row(row_no, 1, row.line_no, row.page_no, "", label, context))
    return row_no


def _group_above(rows: list[SourceRow], index: int, j: int, vocabulary: Vocabulary) -> str:
    """The header over an amount in a row of amounts, with the groups above it up to the row's own key."""
    first = index
    while first and not any(parse_amount(t) for t in rows[first - 1].texts()):
        first -= 1
        if rows[first].text(0):
            break
    header = rows[first:index]
    if len(header) < 2:
        return _header_above(rows, index, j, vocabulary)
    width = max(len(row.cells) for row in header)
    parts = header_paths([["", *row.texts()[1:]] for row in header], width)[j] if j < width else ()
    return "/".join(parts) or _header_above(rows, index, j, vocabulary)


def _header_above(rows: list[SourceRow], index: int, j: int, vocabulary: Vocabulary) -> str:
    """The header over an amount; other words above it are keys and values of their own rows."""
    for k in range(index - 1, -1, -1):
        text = rows[k].text(j)
        if not text or parse_amount(text):
            continue
        if not vocabulary.is_a("amount_header", text):
            return ""
        if len(text) < 20:
            return squeeze(text)
    return ""


def _join_broken_levels(body: list[SourceRow], name_at: int, vocabulary: Vocabulary) -> list[SourceRow]:
    """The name of a level that a page break cut in two (效益指 ∣ 标), whole on both sides of it."""
    for index, row in enumerate(body):
        if not row.resumes:
            continue
        for j in [j for j in row.filled() if j < name_at]:
            above = next((k for k in range(index - 1, -1, -1) if body[k].text(j)), None)
            if above is None or vocabulary.is_a("indicator_level", row.text(j)):
                continue
            whole = squeeze(body[above].text(j) + row.text(j))
            if vocabulary.is_a("indicator_level", whole):
                body[above].cells[j] = Cell(whole, body[above].cells[j].box)
                row.cells[j] = Cell(whole, row.cells[j].box)
    return body


def _join_broken_rows(body: list[SourceRow], name_at: int) -> list[SourceRow]:
    """Undo page breaks inside a row: the second half goes on with some of the cells only."""
    joined: list[SourceRow] = []
    for row in body:
        filled = row.filled()
        goes_on = (
            row.resumes
            and joined
            and filled
            and name_at >= filled[0]
            and all(joined[-1].text(j) for j in filled)
            # half a number is no number: two of them are two rows
            and not any(parse_target(joined[-1].text(j)) and parse_target(row.text(j)) for j in filled)
            and len(filled) < len([j for j in joined[-1].filled() if j >= name_at])
        )
        if goes_on:
            previous = joined[-1]
            cells = [
                Cell((cell.text or "") + row.text(j), cell.box) if row.text(j) else cell
                for j, cell in enumerate(previous.cells)
            ]
            joined[-1] = type(row)(cells, previous.line_no, previous.page_no, previous.resumes)
        else:
            joined.append(row)
    return joined


def _aligned(
    texts: list[str],
    seen: list[Counter[str]],
    leaf: list[str],
    name_at: int,
    width: int,
    vocabulary: Vocabulary,
) -> tuple[list[str], bool]:
    """The row's texts under their columns, and whether they had to be moved.

    Cells that were dropped on the left shift a row. The order of texts is kept; each is put where
    the other rows hold the same words, a level of indicators, or numbers.
    """
    texts = [*texts, *[""] * (width - len(texts))]
    cells = [t for t in texts if t]

    numeric = [sum(n for t, n in counter.items() if parse_target(t)) for counter in seen]
    total = [sum(counter.values()) or 1 for counter in seen]

    def fit(text: str, j: int) -> float:
        is_level = vocabulary.is_a("indicator_level", text)
        if j < name_at:
            return 2.0 if is_level else -1.0
        if j == name_at:
            return -1.0 if is_level and seen[j][text] < 2 else (0.5 if parse_target(text) is None else -1.0)
        share = numeric[j] / total[j]
        same = (seen[j][text] - 1) / total[j]
        return same + (share if parse_target(text) else (1 - share) * 0.5 - share * 0.5)

    in_place = sum(fit(t, j) for j, t in enumerate(texts) if t)
    best: dict[int, tuple[float, tuple[int, ...]]] = {-1: (0.0, ())}
    for text in cells:
        after: dict[int, tuple[float, tuple[int, ...]]] = {}
        for end, (score, places) in best.items():
            for j in range(end + 1, width):
                candidate = (score + fit(text, j), (*places, j))
                if j not in after or candidate[0] > after[j][0]:
                    after[j] = candidate
        best = after
    if not best:
        return texts, False
    score, places = max(best.values(), key=lambda item: item[0])
    if score <= in_place + 0.75:
        return texts, False
    moved = [""] * width
    for text, j in zip(cells, places, strict=True):
        moved[j] = text
    return moved, True
