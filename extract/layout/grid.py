"""Grids of cells to tables: header rows, side-by-side lanes, labels, codes and numbers."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from extract.layout.dropped import hang, hangs_below, is_dropped
from extract.layout.headers import header_paths
from extract.layout.indicator import add_indicator_rows, indicator_header_at, indicator_name_at
from extract.layout.merged import reaching_down
from extract.layout.numbers import code_digits, level_digits, parse_amount, split_leading_code
from extract.layout.placement import mend_shifted_rows, place_lost_columns, place_ragged_rows
from extract.layout.source import SourceRow
from extract.layout.surroundings import read_surroundings, set_title
from extract.layout.table import Column, Row, Table, Unplaced, Value
from extract.model import Box, Cell
from extract.vocabulary import Vocabulary, normalise, squeeze

_RULER = re.compile(r"-{3,}")
_COLUMN_NUMBER = re.compile(r"[（(]?\d{1,2}(?:[=＝+＋\-－~～]\d{1,2})*[）)]?")
_AMOUNT_WITHIN = re.compile(r"\d\.\d\d(?!\d)")


@dataclass(slots=True)
class Lane:
    """One of the lists that stand side by side: its label columns and its value columns."""

    lane_no: int
    labels: list[int] = field(default_factory=list)
    values: list[int] = field(default_factory=list)
    # code columns of a further classification (government beside department economic codes)
    second_codes: set[int] = field(default_factory=set)


def is_ruler(row: SourceRow) -> bool:
    """A row of dashes that only separates header and body in marked-up text."""
    filled = row.filled()
    return bool(filled) and all(_RULER.fullmatch(squeeze(row.text(j))) for j in filled)


def is_column_numbers(row: SourceRow, vocabulary: Vocabulary) -> bool:
    """A row that counts the columns (栏次 1 2 3, or 1=2+3)."""
    filled = [squeeze(row.text(j)) for j in row.filled()]
    texts = [text for text in filled if not vocabulary.is_a("filler", text)]
    if len(texts) < len(filled) and all(_COLUMN_NUMBER.fullmatch(t) for t in texts):
        return True
    if (
        len(texts) >= 2
        and vocabulary.is_a("row_number_header", texts[0])
        and all(_COLUMN_NUMBER.fullmatch(t) or vocabulary.is_a("row_number_header", t) for t in texts)
    ):
        return True
    if len(texts) < 3 or not all(_COLUMN_NUMBER.fullmatch(t) for t in texts):
        return False
    firsts = [int(re.match(r"\d+", t.lstrip("（("))[0]) for t in texts]  # type: ignore[index]
    return firsts[0] <= 2 and all(b - a == 1 for a, b in pairwise(firsts))


def looks_like_data(row: SourceRow, above: list[SourceRow], vocabulary: Vocabulary) -> bool:
    """Whether a row below `above` header rows belongs to the body."""
    filled = row.filled()
    if not filled:
        return False
    texts = {j: row.text(j) for j in filled}
    if any(parse_amount(t) for t in texts.values()):
        return True
    if len(filled) == 1 and vocabulary.is_a("total_label", texts[filled[0]]):
        return True
    if not above:
        return False
    if any(vocabulary.is_a("dash", t) for t in texts.values()):
        return True
    words = ("code_part_header", "code_header", "name_header")
    if all(any(vocabulary.is_a(kind, t) for kind in words) for t in texts.values()) and any(
        vocabulary.is_a(kind, t) for kind in words[:2] for t in texts.values()
    ):
        return False
    width = max(len(row.cells), *(len(r.cells) for r in above))
    paths = header_paths([r.texts() for r in above], width)
    leaf = [path[-1] if path else "" for path in paths]
    under_labels = all(
        any(
            vocabulary.is_a(kind, leaf[j])
            for kind in ("code_header", "name_header", "text_header", "code_part_header")
        )
        for j in filled
    )
    # a header row names value columns too; words under label columns only are a body row without numbers
    return under_labels and any(
        leaf[j]
        and not any(vocabulary.is_a(k, leaf[j]) for k in ("code_header", "name_header", "code_part_header"))
        for j in range(width)
    )


def take_meta_rows(rows: list[SourceRow], table: Table, vocabulary: Vocabulary) -> list[SourceRow]:
    """Title, agency, unit and form number printed inside the frame, above the header."""
    kept = 0
    for row in rows[:6]:
        filled = row.filled()
        texts = [row.text(j) for j in filled]
        if len(filled) > 3 or not all(
            _take_meta(t, row, table, vocabulary, sole=len(filled) == 1) for t in texts
        ):
            break
        kept += 1
    return rows[kept:]


def _take_meta(text: str, row: SourceRow, table: Table, vocabulary: Vocabulary, *, sole: bool) -> bool:
    if read_surroundings(text, table, vocabulary):
        table.other_texts.append(text)
        return True
    if sole and len(row.cells) > 1 and not parse_amount(text) and vocabulary.is_a("title_line", text):
        set_title(table, squeeze(text), row.line_no, vocabulary)
        table.other_texts.append(text)
        return True
    return False


def build_table(table: Table, rows: list[SourceRow], vocabulary: Vocabulary) -> Table:
    """Fill `table` with columns, rows and values from the rows of one printed table."""
    rows = [row for row in rows if row.filled()]
    rows = take_meta_rows(rows, table, vocabulary)
    rulers = [row for row in rows if is_ruler(row)]
    rows = _split_fused_rows([row for row in rows if not is_ruler(row)], vocabulary)
    for row in rulers:
        table.other_texts.extend(row.texts())
    rows = _take_notes(rows, table, vocabulary)
    if not rows:
        return table
    width = max(len(row.cells) for row in rows)
    section = indicator_header_at(rows, vocabulary)
    if section is not None:
        add_indicator_rows(table, rows, section, width, vocabulary)
        return table
    header, body = split_header(rows, vocabulary, table)
    body = _drop_repeated_headers(header, body, table, vocabulary)
    for row in header:
        table.other_texts.extend(row.texts())
    is_riddle = False
    if is_dropped(header, body):
        hung = hang(header, body, vocabulary)
        if hung is None:
            table.confidence_reason = (
                "merged cells of the header were dropped (表头合并单元格缺失, 列名不能确定)"
            )
        is_riddle, header = hung is None, hung or header
    if any(_AMOUNT_WITHIN.search(text) for row in header for text in row.texts()):
        table.confidence_reason = "amounts in the header (表头中有金额)"
    _fill(table, header, body, width, vocabulary)
    if is_riddle:
        for value in table.values:
            value.placement = "ambiguous"
    if table.values and not any(column.path for column in table.columns):
        table.confidence_reason = "no header over the amounts (未识别到表头)"
    return table


def _split_fused_rows(rows: list[SourceRow], vocabulary: Vocabulary) -> list[SourceRow]:
    """Undo the missing ruling between the last header row and the first body row.

    Such header cells hold the first row's amount or label on their last line; cells merged over several
    header rows hold it further up.
    """
    for index, row in enumerate(rows):
        upper, lower = _first_lines(row)
        if any(vocabulary.is_a("indicator_section", upper.text(j)) and lower.text(j) for j in upper.filled()):
            return [*rows[:index], upper, lower, *rows[index + 1 :]]
    halves: list[list[tuple[str, str]]] = []
    last, fused = None, 0
    for index, row in enumerate(rows[:6]):
        counted = _first_lines(row)
        if is_column_numbers(counted[0], vocabulary) and counted[1].filled():
            return [*rows[:index], *counted, *rows[index + 1 :]]
        if any(parse_amount(row.text(j)) for j in row.filled()) and not any(
            _ends_with_amount(row.text(j)) for j in row.filled()
        ):
            break
        halves.append([_fused_halves(cell.text or "", vocabulary) for cell in row.cells])
        tails = [tail for head, tail in halves[-1] if head and tail]
        fused += sum(1 for tail in tails if parse_amount(tail)) * 2 + len(tails)
        last = index if tails else last
    # one amount and one label at least
    if last is None or fused < 4:
        return rows
    # rows below that lie beside cells merged down into them are header rows still
    while last + 1 < len(halves) and any(
        below.text is None and tail
        for level in halves[: last + 1]
        for below, (_, tail) in zip(rows[last + 1].cells, level, strict=False)
    ):
        last += 1
    halves = halves[: last + 1]
    if all(parse_amount(tail) for level in halves for _, tail in level if tail):
        halves = [
            [
                _named_halves(cell.text or "", vocabulary) or half
                for cell, half in zip(row.cells, level, strict=True)
            ]
            for row, level in zip(rows, halves, strict=False)
        ]
    body = [Cell("") for _ in range(max(map(len, halves)))]
    header = []
    for row, level in zip(rows, halves, strict=False):
        for j, (cell, (_, tail)) in enumerate(zip(row.cells, level, strict=True)):
            if tail:
                body[j] = Cell(tail, cell.box)
        heads = [
            Cell(None if c.text is None else h, c.box) for c, (h, _) in zip(row.cells, level, strict=True)
        ]
        header.append(SourceRow(heads, row.line_no, row.page_no, row.resumes))
    return [*header, SourceRow(body, rows[last].line_no, rows[last].page_no), *rows[last + 1 :]]


def _first_lines(row: SourceRow) -> tuple[SourceRow, SourceRow]:
    """The first line of every cell, and what stands below it."""
    upper, lower = [], []
    for cell in row.cells:
        head, _, rest = (cell.text or "").partition("\n")
        upper.append(Cell(None if cell.text is None else head, cell.box))
        lower.append(Cell(rest, cell.box))
    return (
        SourceRow(upper, row.line_no, row.page_no, row.resumes),
        SourceRow(lower, row.line_no, row.page_no),
    )


def _ends_with_amount(text: str) -> bool:
    """Whether the last line is an amount and the whole, an amount wrapped in its cell (435.1 ⏎ 7), is not."""
    return "\n" in text and not parse_amount(text) and parse_amount(text.rsplit("\n", 1)[-1]) is not None


def _fused_halves(text: str, vocabulary: Vocabulary) -> tuple[str, str]:
    lines = [line for line in text.split("\n") if line.strip()]
    if len(lines) < 2 or parse_amount(text):
        return ("", text) if parse_amount(text) else (text, "")
    if parse_amount(lines[-1]) or vocabulary.is_a("total_label", lines[-1]):
        return "\n".join(lines[:-1]), lines[-1]
    for kind in ("row_number_header", "name_header", "code_header"):
        # a header word on the first line, the first row's label below it
        if vocabulary.is_a(kind, lines[0]) and not vocabulary.is_a(kind, "".join(lines)):
            return lines[0], "\n".join(lines[1:])
    return text, ""


def _named_halves(text: str, vocabulary: Vocabulary) -> tuple[str, str] | None:
    """A header word and a label below it, although both together could be a header word too."""
    head, _, rest = text.partition("\n")
    is_name = vocabulary.is_a("name_header", head) and not vocabulary.is_a("name_header", rest)
    return (head, rest) if rest.strip() and is_name else None


def _take_notes(rows: list[SourceRow], table: Table, vocabulary: Vocabulary) -> list[SourceRow]:
    kept: list[SourceRow] = []
    for row in rows:
        filled = row.filled()
        if len(filled) == 1 and kept and vocabulary.is_a("note_line", row.text(filled[0])):
            table.note += row.text(filled[0])
            table.other_texts.append(row.text(filled[0]))
        else:
            kept.append(row)
    return kept


def split_header(
    rows: list[SourceRow], vocabulary: Vocabulary, table: Table | None = None
) -> tuple[list[SourceRow], list[SourceRow]]:
    """Header rows and body rows; what only counts columns goes to neither, and to the table's other texts."""
    header: list[SourceRow] = []
    for index, row in enumerate(rows):
        if is_column_numbers(row, vocabulary):
            if table is not None:
                table.other_texts.extend(row.texts())
            return header, rows[index + 1 :]
        parts = _code_parts_beside_amounts(row, vocabulary)
        if parts:
            header.append(_only(row, parts))
            return header, [_only(row, set(range(len(row.cells))) - parts), *rows[index + 1 :]]
        if looks_like_data(row, header, vocabulary) and not hangs_below(row, header, rows[index:]):
            return header, rows[index:]
        header.append(row if table is None else _without_unit(row, table, vocabulary))
    # nothing but words: an all-blank body below the header was dropped
    return header, []


def _code_parts_beside_amounts(row: SourceRow, vocabulary: Vocabulary) -> set[int]:
    """The cells 类, 款 and 项 of a last header row that holds the first row's label and amounts as well."""
    parts = {j for j in row.filled() if vocabulary.is_a("code_part_header", row.text(j))}
    distinct = {squeeze(row.text(j)) for j in parts}
    if len(parts) < 2 or len(distinct) < len(parts):
        return set()
    return parts if any(parse_amount(row.text(j)) for j in row.filled()) else set()


def _only(row: SourceRow, columns: Collection[int]) -> SourceRow:
    cells = [
        cell if j in columns or cell.text is None else Cell("", cell.box) for j, cell in enumerate(row.cells)
    ]
    return SourceRow(cells, row.line_no, row.page_no, row.resumes)


def _without_unit(row: SourceRow, table: Table, vocabulary: Vocabulary) -> SourceRow:
    """The header row without the corner cell that holds the unit."""
    cells = []
    for cell in row.cells:
        plain = normalise(cell.text or "")
        if (
            vocabulary.match("unit_text", plain)
            and vocabulary.is_a("unit_line", plain)
            and read_surroundings(plain, table, vocabulary)
        ):
            table.other_texts.append(plain)
            cells.append(Cell("", cell.box))
        else:
            cells.append(cell)
    return SourceRow(cells, row.line_no, row.page_no, row.resumes)


def printed_texts(row: SourceRow) -> tuple[str, ...]:
    """The texts of a row from left to right. Without rulings the words on each page tell the columns anew."""
    return tuple(squeeze(row.text(j)) for j in row.filled())


def is_printed_again(row: SourceRow, above: Sequence[SourceRow]) -> bool:
    """Whether a row is one of those above once more: in the same cells, or the same texts side by side."""
    return _is_among(row, [*map(_print_of, above)])


_Print = tuple[list[str], tuple[str, ...]]


def _print_of(row: SourceRow) -> _Print:
    return [*map(squeeze, row.texts())], printed_texts(row)


def _is_among(row: SourceRow, prints: Sequence[_Print]) -> bool:
    texts, printed = _print_of(row)
    return any(texts == cells or (len(printed) > 1 and printed == other) for cells, other in prints)


def _drop_repeated_headers(
    header: list[SourceRow], body: list[SourceRow], table: Table, vocabulary: Vocabulary
) -> list[SourceRow]:
    kept = []
    prints = [*map(_print_of, header)]
    for row in body:
        if _is_among(row, prints) or is_column_numbers(row, vocabulary):
            table.other_texts.extend(row.texts())
        else:
            kept.append(row)
    return kept


def column_spans(header: Sequence[SourceRow], rows: Sequence[SourceRow]) -> list[list[int]]:
    """How many columns each header cell covers by its place on the page; 0 for text, where nothing tells."""
    edges: dict[int, float] = {}
    pages: dict[int, int | None] = {}
    for row in rows:
        for j, cell in enumerate(row.cells):
            if cell.box is not None:
                edges[j] = min(edges.get(j, cell.box.x0), cell.box.x0)
                pages[j] = cell.page_no
    spans = []
    for row in header:
        level = []
        for j, cell in enumerate(row.cells):
            if cell.box is None or not (cell.text or "").strip():
                level.append(0)
                continue
            # half a point of overlap is how rulings are drawn
            inside = [
                k for k, edge in edges.items() if k >= j and edge < cell.box.x1 - 2 and pages[k] == pages[j]
            ]
            level.append(max(inside, default=j) - j + 1)
        spans.append(level)
    return spans


def column_roles(
    paths: list[tuple[str, ...]], body: Sequence[SourceRow], vocabulary: Vocabulary
) -> list[str]:
    """What each column holds (code, name, text, row_number, value, none), from header and content."""
    roles: list[str] = []
    for j, path in enumerate(paths):
        numeric, wordy = _numeric(body, j), _wordy(body, j, vocabulary)
        leaf = path[-1] if path else ""
        if vocabulary.is_a("row_number_header", leaf):
            role = "row_number"
        elif vocabulary.is_a("code_part_header", leaf) or vocabulary.is_a("code_header", leaf):
            role = "name" if wordy > numeric and wordy > _code_like(body, j) else "code"
        elif vocabulary.is_a("name_header", leaf):
            role = "value" if numeric > wordy + 1 and _code_like(body, j) < numeric else "name"
        elif vocabulary.is_a("text_header", leaf):
            role = "text"
        elif vocabulary.is_a("side_header", leaf) and wordy and not numeric:
            # the side stands over its names, in place of a word for them
            role = "name"
        elif leaf:
            role = "code" if _holds_codes(body, j, vocabulary) else "value"
        elif roles and roles[-1] == "code" and numeric and numeric == _two_digits(body, j):
            # a header drawn over all levels of the code
            role = "code"
        else:
            role = "value" if numeric else ("name" if wordy else "none")
        roles.append(role)
    return roles


def _numeric(body: Sequence[SourceRow], j: int) -> int:
    return sum(1 for row in body if parse_amount(row.text(j)))


def _holds_codes(body: Sequence[SourceRow], j: int, vocabulary: Vocabulary) -> bool:
    """Whether a column left of names holds nothing but codes of three, five and seven digits."""
    texts = [squeeze(row.text(j)) for row in body if parse_amount(row.text(j))]
    return (
        len(texts) > 2
        and all(re.fullmatch(r"[1-5]\d\d(?:\d\d){0,2}", text) for text in texts)
        and any(len(text) > 3 for text in texts)
        and _wordy(body, j + 1, vocabulary) >= len(texts)
    )


def _two_digits(body: Sequence[SourceRow], j: int) -> int:
    return sum(1 for row in body if re.fullmatch(r"\d\d", squeeze(row.text(j))))


def _wordy(body: Sequence[SourceRow], j: int, vocabulary: Vocabulary) -> int:
    return sum(
        1
        for row in body
        if row.text(j).strip() and not parse_amount(row.text(j)) and not vocabulary.is_a("dash", row.text(j))
    )


def _code_like(body: Sequence[SourceRow], j: int) -> int:
    return sum(1 for row in body if code_digits(row.text(j)))


def _lost_name_header(
    roles: list[str], paths: list[tuple[str, ...]], body: Sequence[SourceRow], vocabulary: Vocabulary
) -> int | None:
    """The column of labels that stands under no header or that of an amount, because its own was lost.

    Only text loses cells: where cells have a place on a page, headers stand where they were drawn.
    """
    if any(cell.box for row in body for cell in row.cells):
        return None
    for j, role in enumerate(roles):
        if role in ("code", "row_number"):
            continue
        words = sum(1 for row in body if row.text(j).strip() and not parse_amount(row.text(j)))
        named = any(vocabulary.is_a("name_header", part) for part in paths[j][-1:])
        return j if not named and j and words > max(2, _numeric(body, j) * 3) else None
    return None


def _names_amount(row: Sequence[str], j: int, vocabulary: Vocabulary) -> bool:
    text = row[j] if j < len(row) else ""
    return bool(text) and not any(
        vocabulary.is_a(kind, text) for kind in ("name_header", "code_header", "code_part_header")
    )


def _settle_wordy_columns(roles: list[str], body: Sequence[SourceRow], vocabulary: Vocabulary) -> None:
    """Columns of words under headers that no marker knows: names, texts, or texts among amounts (mixed)."""
    for j, role in enumerate(roles):
        numeric = _numeric(body, j)
        if role == "value" and _wordy(body, j, vocabulary) > numeric:
            if numeric:
                roles[j] = "mixed"
            elif "name" not in roles[:j] or (roles[j - 1] == "value" and _lists_items(body, j)):
                roles[j] = "name"
            elif roles[j - 1] == "code" and "value" in roles[:j]:
                # words beside codes that follow amounts: the names of another list
                roles[j] = "name"
            else:
                roles[j] = "text"


def _lists_items(body: Sequence[SourceRow], j: int) -> bool:
    """Whether most words of a column are numbered items: a list of its own beside another."""
    filled = [row.text(j) for row in body if row.text(j).strip()]
    return len(filled) > 2 and 2 * sum(1 for text in filled if _NUMBERED.match(text)) > len(filled)


def find_lanes(roles: list[str]) -> list[Lane]:
    """The lists side by side: a new one begins where names or codes follow amounts.

    Codes without a name beside them are no list, but a further classification of the names before them.
    """
    lanes = [Lane(1)]
    for j, role in enumerate(roles):
        if role == "none":
            continue
        starts = role in ("name", "code", "row_number") and lanes[-1].values
        if starts:
            lanes.append(Lane(lanes[-1].lane_no + 1))
        (lanes[-1].values if role in ("value", "mixed") else lanes[-1].labels).append(j)
    if len(lanes) > 1 and not lanes[-1].values:
        tail = lanes.pop()
        lanes[-1].labels.extend(tail.labels)
    listed = {lane.lane_no: {roles[j] for j in lane.labels} for lane in lanes}
    for left, lane in reversed([*pairwise(lanes)]):
        kinds = listed[lane.lane_no]
        if "name" in listed[left.lane_no] and "code" in kinds and kinds <= {"code", "text"}:
            left.labels.extend(lane.labels)
            left.values.extend(lane.values)
            lanes.remove(lane)
    for lane_no, lane in enumerate(lanes, 1):
        lane.lane_no = lane_no
        named = False
        for before, j in pairwise([*lane.labels[:1], *lane.labels]):
            named = named or roles[before] == "name"
            if roles[j] == "code" and named:
                lane.second_codes.add(j)
    return lanes


def _fill(
    table: Table, header: list[SourceRow], body: list[SourceRow], width: int, vocabulary: Vocabulary
) -> None:
    texts = [row.texts() for row in header]
    spans = column_spans(header, [*header, *body])
    paths = header_paths(texts, width, (), spans)
    roles = column_roles(paths, body, vocabulary)
    lost = False
    at = _lost_name_header(roles, paths, body, vocabulary)
    if at is not None:
        texts = [
            [*row[:at], "", *row[at:]] if _names_amount(row, at, vocabulary) or len(row) < width else row
            for row in texts
        ]
        wider = max(width, *(len(row) for row in texts))
        paths = header_paths(texts, wider)
        lost = any(paths[width:])
        paths = paths if lost else paths[:width]
        roles = column_roles(paths, body, vocabulary)
        roles[at] = "name"
    _settle_wordy_columns(roles, body, vocabulary)
    lanes = find_lanes(roles)
    if len(lanes) > 1 and not lost:
        paths = header_paths(texts, width, {lane.labels[0] for lane in lanes[1:]}, spans)
        paths = _under_their_sides(paths, lanes, roles, vocabulary)
    table.columns = [
        Column(j + 1, lane.lane_no, "/".join(paths[j]), " ".join(paths[j]))
        for lane in lanes
        for j in lane.values
    ]
    codes = {lane.lane_no: CodeJoiner() for lane in lanes}
    body = [_without_dropped_labels(row, roles, width) for row in _merge_resumed(body, roles, vocabulary)]
    words_are_usual = any(indicator_name_at(row, vocabulary) is not None for row in header)
    reaching = [
        {j: text for j, text in over.items() if roles[j] in ("name", "text")} for over in reaching_down(body)
    ]
    groups = {j for texts in reaching for j in texts}
    for row_no, (row, over) in enumerate(zip(body, reaching, strict=True), start=1):
        for lane in lanes:
            _add_lane_row(
                table,
                lane,
                row,
                row_no,
                roles,
                paths,
                codes[lane.lane_no],
                vocabulary,
                over,
                groups,
                words_are_usual,
            )
            _name_by_covering_label(table, lane, row, row_no, roles, vocabulary)
    if words_are_usual:
        table.unplaced = [text for text in table.unplaced if parse_amount(text.text)]
    else:
        coded = {lane.lane_no for lane in lanes if any(roles[j] == "code" for j in lane.labels)}
        _name_rows_of_a_group(table, coded, vocabulary)
    _name_totals_printed_above(table, vocabulary)
    _name_stray_rows(table, in_order=lost)
    if lost:
        place_lost_columns(table, vocabulary)
    else:
        dropped = {n: width - len(row.cells) for n, row in enumerate(body, start=1) if len(row.cells) < width}
        mend_shifted_rows(table, dropped, vocabulary)
        if dropped and len(lanes) == 1:
            # blanks at the end of a line are kept where a row shows some, or where there is but one row
            keeps = len(body) == 1 or any(len(r.cells) == width and not r.text(width - 1) for r in body)
            place_ragged_rows(table, dropped, vocabulary, keeps_blanks=keeps)


def _under_their_sides(
    paths: list[tuple[str, ...]], lanes: list[Lane], roles: list[str], vocabulary: Vocabulary
) -> list[tuple[str, ...]]:
    """The paths with the side in front where it stands over the names only (收入 | 数 | 支出 | 数)."""
    sides = [
        next((p for j in lane.labels if roles[j] == "name" for p in paths[j][-1:]), "") for lane in lanes
    ]
    if not all(vocabulary.is_a("side_header", side) for side in sides):
        return paths
    beside = {j: side for lane, side in zip(lanes, sides, strict=True) for j in lane.values}
    return [
        (beside[j], *path) if j in beside and beside[j] not in path else path for j, path in enumerate(paths)
    ]


def _merge_resumed(body: list[SourceRow], roles: list[str], vocabulary: Vocabulary) -> list[SourceRow]:
    """Join a row that a page break cut in two: its second half has words but neither code nor amount."""
    merged: list[SourceRow] = []
    if any(not row.resumes and not _has_content(row, roles) for row in body):
        # rows without amounts are usual here: nothing tells a half row from a whole one
        return list(body)
    for row in body:
        filled = row.filled()
        if (
            row.resumes
            and merged
            and filled
            and not any(parse_amount(row.text(j)) for j in filled)
            and all(j < len(roles) and roles[j] in ("name", "text") for j in filled)
            and not any(vocabulary.is_a("total_label", row.text(j)) for j in filled)
            and all(merged[-1].text(j) for j in filled)
            and "value" in roles
            and any(parse_amount(merged[-1].text(j)) for j in range(len(roles)) if roles[j] == "value")
            and not _opens_item(row.text(filled[0]))
        ):
            cells = [
                Cell((cell.text or "") + row.text(j), cell.box) if row.text(j) else cell
                for j, cell in enumerate(merged[-1].cells)
            ]
            merged[-1] = SourceRow(cells, merged[-1].line_no, merged[-1].page_no, merged[-1].resumes)
        else:
            merged.append(row)
    return merged


def _without_dropped_labels(row: SourceRow, roles: list[str], width: int) -> SourceRow:
    """A row that lacks cells and has an amount in a column of words lost the blank cells before it."""
    cells = list(row.cells)
    for j, role in enumerate(roles):
        if role not in ("name", "text", "code") or j >= len(cells) or len(cells) >= width:
            continue
        number = parse_amount(cells[j].text)
        # a code has neither a point nor commas
        if number and (number.decimals or re.search(r"\d[,，]\d", number.text)):
            cells.insert(j, Cell(""))
    return SourceRow(cells, row.line_no, row.page_no, row.resumes) if len(cells) > len(row.cells) else row


def _has_content(row: SourceRow, roles: list[str]) -> bool:
    return any(parse_amount(row.text(j)) for j in row.filled() if j >= len(roles) or roles[j] != "row_number")


_ITEM_OPENING = re.compile(
    r"\s*(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十\d]+[)）]|\d+[.、．]|其中|\d{3})"
)


_NUMBERED = re.compile(r"\s*(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十\d]+[)）]|\d{1,2}[.、．])")


def _opens_item(text: str) -> bool:
    return _ITEM_OPENING.match(text) is not None


class CodeJoiner:
    """Codes printed in one cell, in three, or with each level's own two digits only."""

    def __init__(self) -> None:
        self._last: list[str] = ["", "", ""]

    def join(self, parts: list[str]) -> str:
        """The full code of a row from its code cells, left to right; '' when there is none."""
        filled = [p for p in parts if p]
        if not filled:
            return ""
        if len(parts) == 1 or len(filled[-1]) >= 5:
            return filled[-1]
        levels = list(parts[:3])
        deepest = max(i for i, p in enumerate(levels) if p)
        for i in range(deepest):
            if not levels[i]:
                levels[i] = self._last[i]
        self._last = [*levels[: deepest + 1], "", ""][:3]
        return "".join(levels[: deepest + 1])


def _add_lane_row(
    table: Table,
    lane: Lane,
    row: SourceRow,
    row_no: int,
    roles: list[str],
    paths: list[tuple[str, ...]],
    codes: CodeJoiner,
    vocabulary: Vocabulary,
    over: Mapping[int, str],
    groups: Collection[int],
    words_are_usual: bool,
) -> None:
    """Add what one list has in a row; `over` are texts merged down into it, `groups` their columns."""
    code_parts: list[str] = []
    printed_parts: list[str] = []
    label = ""
    names: list[tuple[int, str]] = []
    context: dict[str, str] = {}
    boxes: list[Box] = []
    texts_seen = False
    for j in lane.labels:
        text = row.text(j)
        if j < len(row.cells) and text and row.cells[j].box:
            boxes.append(row.cells[j].box)  # type: ignore[arg-type]
        if text:
            texts_seen = True
            table.other_texts.append(text)
        if roles[j] == "row_number":
            continue
        if roles[j] == "code":
            digits = level_digits(text, below=bool(code_parts))
            if digits and j in lane.second_codes:
                context[_key(paths, j)] = digits
                continue
            code_parts.append(digits)
            if digits:
                printed_parts.append(" ".join(text.split()))
            if text and not digits and not vocabulary.is_a("code_part_header", text):
                label = label or squeeze(text)
            continue
        if not text:
            continue
        names.append((j, squeeze(text))) if roles[j] == "name" else context.update(
            {_key(paths, j): squeeze(text)}
        )
    has_codes = any(roles[j] == "code" for j in lane.labels)

    def rank(name: tuple[int, str]) -> tuple[bool, bool]:
        """A unit's name is the label only where the row has no other; so is that of a group of rows."""
        header = paths[name[0]][-1] if paths[name[0]] else ""
        is_group = name[0] in groups or vocabulary.is_a("group_header", header)
        return vocabulary.is_a("agency_header", header), is_group and not has_codes

    names.sort(key=rank)
    if names and not label:
        label = names.pop(0)[1]
    context.update({_key(paths, j): text for j, text in names})
    if texts_seen or any(row.text(j).strip() for j in lane.values):
        merged = {j: text for j, text in over.items() if j in lane.labels}
        outer = [j for j in merged if roles[j] == "name"]
        if outer and not (label or has_codes or words_are_usual):
            label = merged.pop(outer[-1])
        context.update({_key(paths, j): text for j, text in merged.items()})
    code = codes.join(code_parts)
    if label:
        own_code, rest = split_leading_code(label)
        if own_code and (not code or own_code == code):
            code, label = own_code, rest
    values: list[Value] = []
    for j in lane.values:
        text = row.text(j)
        if not text.strip():
            continue
        number = parse_amount(text)
        if number:
            box, page_no = row.cells[j].box, row.cells[j].page_no or row.page_no
            values.append(Value(row_no, j + 1, lane.lane_no, number, row.line_no, page_no, box=box))
        elif vocabulary.is_a("dash", text):
            table.other_texts.append(text)
        else:
            table.other_texts.append(text)
            context[_key(paths, j)] = squeeze(text)
            table.unplaced.append(
                Unplaced(text, "words where an amount was expected", row.line_no, row.page_no)
            )
    if not (texts_seen or values or context):
        return
    box = None
    for b in boxes:
        box = b if box is None else box.union(b)
    printed = " ".join(printed_parts)
    # a digit is missing, or a letter stands for one; marks between the levels are a way to print codes
    malformed = len(squeeze(printed)) < sum(map(len, code_parts)) or any(c.isalpha() for c in printed)
    table.rows.append(
        Row(
            row_no,
            lane.lane_no,
            row.line_no,
            row.page_no,
            code,
            label,
            context,
            box,
            code_text=printed if malformed else "",
        )
    )
    table.values.extend(values)


def _name_by_covering_label(
    table: Table, lane: Lane, row: SourceRow, row_no: int, roles: list[str], vocabulary: Vocabulary
) -> None:
    """An amount whose own label columns lie under a label merged over several lists belongs to that label.

    So does one behind empty label columns, where a total on its left has no amount of its own.
    """
    labels = [j for j in lane.labels if j < len(row.cells)]
    if lane.lane_no == 1 or not labels or any(row.text(j).strip() for j in labels):
        return
    is_covered = all(row.cells[j].text is None for j in labels)
    left = next(
        (
            j
            for j in range(labels[0] - 1, -1, -1)
            if (row.cells[j].text is not None if is_covered else row.text(j).strip())
        ),
        None,
    )
    own = [r for r in table.rows if (r.row_no, r.lane_no) == (row_no, lane.lane_no)]
    if left is None or roles[left] not in ("name", "code") or not row.text(left).strip() or len(own) != 1:
        return
    if not is_covered and (
        not vocabulary.is_a("total_label", row.text(left))
        or any(parse_amount(row.text(j)) for j in range(left + 1, labels[0]))
    ):
        return
    own[0].label = squeeze(row.text(left))
    valued = {v.lane_no for v in table.values if v.row_no == row_no}
    table.rows = [
        r
        for r in table.rows
        if r is own[0] or r.row_no != row_no or r.label != own[0].label or r.lane_no in valued
    ]


def _key(paths: list[tuple[str, ...]], j: int) -> str:
    return "/".join(paths[j]) or str(j + 1)


def _name_rows_of_a_group(table: Table, coded: Collection[int], vocabulary: Vocabulary) -> None:
    """Rows that have a text but no name go on with the name above, beside which such a text stands as well:
    a body, year by year. A name without one is a line of its own over them.
    """
    named: dict[int, Row] = {}
    valued = {(value.row_no, value.lane_no) for value in table.values}
    for row in table.rows:
        if row.label or row.code:
            named[row.lane_no] = row
            continue
        above = named.get(row.lane_no)
        if above is None or row.lane_no in coded or vocabulary.is_a("total_label", above.label):
            continue
        if (row.row_no, row.lane_no) not in valued:
            continue
        if row.context and row.context.keys() <= above.context.keys():
            row.label = above.label


def _name_totals_printed_above(table: Table, vocabulary: Vocabulary) -> None:
    """Amounts one line above the total labels they belong to take those labels.

    An amount that stands beside such a label as well has no sum of its own: it is kept as ambiguous.
    """
    by_row: dict[int, list[Row]] = {}
    for row in table.rows:
        by_row.setdefault(row.row_no, []).append(row)
    for row_no, stray in by_row.items():
        labels = by_row.get(row_no + 1, [])
        if any(r.label or r.code or r.context for r in stray) or len(labels) < 2:
            continue
        if not any(v.row_no == row_no for v in table.values):
            continue
        if not all(vocabulary.is_a("total_label", r.label) for r in labels):
            continue
        for row in stray:
            own = next((r for r in labels if r.lane_no == row.lane_no), None)
            if own is None:
                continue
            row.label = own.label
            beside = [v for v in table.values if (v.row_no, v.lane_no) == (own.row_no, own.lane_no)]
            for value in table.values:
                if (value.row_no, value.lane_no) == (row.row_no, row.lane_no):
                    value.placement = "inferred"
            for value in beside:
                value.placement = "ambiguous"
            if not beside:
                table.rows.remove(own)


def _name_stray_rows(table: Table, *, in_order: bool) -> None:
    """Amounts on a line of their own belong to the neighbouring row that has room for them.

    With `in_order` the columns are not known yet, and room is a matter of counting.
    """
    by_lane: dict[int, list[Row]] = {}
    for row in table.rows:
        by_lane.setdefault(row.lane_no, []).append(row)
    held: dict[tuple[int, int], list[Value]] = {}
    for value in table.values:
        held.setdefault((value.row_no, value.lane_no), []).append(value)
    for lane_no, rows in by_lane.items():
        width = sum(1 for c in table.columns if c.lane_no == lane_no)
        for index, row in enumerate(rows):
            own = held.get((row.row_no, lane_no), [])
            if row.label or row.code or row.context or not own:
                continue
            for neighbour in (
                rows[k] for k in (index - 1, index + 1) if 0 <= k < len(rows) and rows[k].label
            ):
                theirs = held.setdefault((neighbour.row_no, lane_no), [])
                if in_order:
                    room = len(theirs) + len(own) <= width
                else:
                    room = not {v.column_no for v in theirs} & {v.column_no for v in own}
                if not room:
                    continue
                for value in own:
                    value.row_no, value.placement = neighbour.row_no, "inferred"
                theirs.extend(own)
                held[row.row_no, lane_no] = []
                break
    table.rows = [r for r in table.rows if r.label or r.code or r.context or held.get((r.row_no, r.lane_no))]
