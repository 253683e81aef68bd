"""Tables in a bare text layer: no cells, only lines of blank-separated words and numbers.

A table begins at a title line that numbers follow, and ends at its note, the next title or the next part.
Its header words, wrapped and out of order, are recognised as one of the standard forms of the catalogue.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from extract.layout.conservation import text_tokens
from extract.layout.evaluation import add_evaluation_rows
from extract.layout.forms import choose_forms, unexplained
from extract.layout.numbers import split_leading_code
from extract.layout.placement import Evidence, Stated, assign, breaks, evidence_of, stated_amounts
from extract.layout.side_by_side import NUMBERED, Item, is_known, items_by_line
from extract.layout.source import SourceToken
from extract.layout.surroundings import read_surroundings
from extract.layout.table import Column, Row, Table, Unplaced, Value
from extract.layout.tokens import Token, join_codes, tokens_of, unglue
from extract.layout.wrapped import has_marked_amounts, is_bare, is_by_cell, rows_of_cells, unwrap
from extract.model import Line
from extract.vocabulary import Form, Vocabulary, normalise, squeeze

# what a further classification is called beside a row, where no header tells
_SECOND = "2"
# lines between a title and the first number of its table
_HEADER_REACH = 45
# lines below a title in which the two sides of a table without numbers are named
_HEADER_LINES = 6
# the number of a form, alone on the line below its title
_FORM_NUMBER = re.compile(r"\d{1,2}")
_PAGE_NUMBER = re.compile(r"([-—－–]?)\s*(\d{1,3})\s*([-—－–]?)")
_LEFT = 1
_CODE = re.compile(r"\d{3}|\d{5}|\d{7}")
# a sentence that says an amount is no row
_SAID = re.compile(r"\d[万亿]?元.*。")


def find_stream_tables(
    lines: list[Line],
    vocabulary: Vocabulary,
    evidence: dict[str, set[Decimal]],
    barriers: Sequence[int] = (),
) -> tuple[list[Table], list[Line]]:
    """The tables among text lines, and the other lines. None reaches over a barrier (a grid's line)."""
    tables: list[Table] = []
    outside: list[Line] = []
    lines = _without_page_numbers(lines)
    stated = stated_amounts("".join(line.text for line in lines), vocabulary)
    start = 0
    while start < len(lines):
        barrier = bisect_right(barriers, lines[start].line_no)
        limit = len(lines)
        if barrier < len(barriers):
            limit = bisect_right(lines, barriers[barrier], key=lambda line: line.line_no)
        end = _table_end(lines, start, limit, vocabulary)
        if end is None:
            outside.append(lines[start])
            start += 1
            continue
        tables.append(_build(lines[start:end], vocabulary, evidence, stated))
        for name, amounts in evidence_of(tables[-1:]).items():
            evidence.setdefault(name, set()).update(amounts)
        start = end
    return tables, outside


def _without_page_numbers(lines: list[Line]) -> list[Line]:
    """The lines without page numbers: between dashes, or lone and counting up through the document."""
    found: dict[int, int] = {}
    dashed: set[int] = set()
    for i, line in enumerate(lines):
        if page := _PAGE_NUMBER.fullmatch(line.text.strip()):
            found[i] = int(page[2])
            if page[1] and page[3]:
                dashed.add(i)
    # the longest run of numbers that go up by one or two, as pages of tables only may have none
    chains: dict[int, list[int]] = {}
    for i, number in found.items():
        chain = [*max(chains.get(number - 2, []), chains.get(number - 1, []), key=len), i]
        if len(chain) > len(chains.get(number, [])):
            chains[number] = chain
    best = max(chains.values(), key=len, default=[])
    numbers = dashed | set(best if len(best) > 3 else ())
    return [line for i, line in enumerate(lines) if i not in numbers] if numbers else lines


def _is_title(line: Line, vocabulary: Vocabulary) -> bool:
    plain = normalise(line.text)
    return (
        vocabulary.is_a("stream_title_line", plain)
        and not vocabulary.is_a("form_code_line", plain)
        and not vocabulary.is_a("heading_line", plain)
    )


def _table_end(lines: list[Line], start: int, limit: int, vocabulary: Vocabulary) -> int | None:
    """The line after the table whose title is line `start`, or None when no table begins there."""
    if not _is_title(lines[start], vocabulary):
        return None
    first_number = None
    marked = False
    for i in range(start + 1, min(limit, start + _HEADER_REACH)):
        plain = normalise(lines[i].text)
        if i == start + 1 and _FORM_NUMBER.fullmatch(plain):
            continue
        if _is_title(lines[i], vocabulary) or vocabulary.is_a("part_line", plain):
            between = lines[start + 1 : i]
            formed = _has_codes(between, vocabulary) or _is_two_sided(between[:_HEADER_LINES], vocabulary)
            empty = marked and i > start + 2 and formed
            return i - vocabulary.is_a("form_code_line", normalise(lines[i - 1].text)) if empty else None
        if any(
            vocabulary.is_a(k, plain)
            for k in ("form_code_line", "unit_line", "agency_line", "sub_title_line")
        ):
            marked = marked or i <= start + 5
            continue
        if vocabulary.is_a("note_line", plain):
            return _after_note(lines, i, vocabulary) if marked else None
        if any(t.number for t in tokens_of(lines[i])):
            first_number = i
            break
        if "。" in plain:
            break
    if first_number is None or not marked:
        return None
    for i in range(first_number, limit):
        plain = normalise(lines[i].text)
        if vocabulary.is_a("note_line", plain):
            return _after_note(lines, i, vocabulary)
        if vocabulary.is_a("part_line", plain):
            return i
        if i > first_number and _is_title(lines[i], vocabulary):
            if _is_printed_again(lines, start, first_number, i, vocabulary):
                continue
            above = i - 1 > first_number and vocabulary.is_a("form_code_line", normalise(lines[i - 1].text))
            return i - above
        if _SAID.search(plain) and len(plain) > 40:
            return i
        prose = vocabulary.is_a("heading_line", plain) and _is_prose(lines[i : i + 6], vocabulary)
        if prose and not any(t.number for t in tokens_of(lines[i])):
            return i
    return limit


def _is_printed_again(
    lines: list[Line], start: int, first_number: int, again: int, vocabulary: Vocabulary
) -> bool:
    """Whether the title of the table comes once more on a new page, above rows that go on.

    A total or the first row that comes again begins a table of its own: one per unit, say.
    """
    if squeeze(lines[again].text) != squeeze(lines[start].text):
        return False
    if any(vocabulary.match("indicator_section", line.text) for line in lines[start:again]):
        # the form of the next project
        return False
    for line in lines[again + 1 : again + _HEADER_REACH]:
        if vocabulary.is_a("note_line", normalise(line.text)) or _is_title(line, vocabulary):
            return False
        tokens = tokens_of(line)
        if any(t.is_marked for t in tokens):
            opening = tokens_of(lines[first_number])
            return tokens[0].text != opening[0].text and not vocabulary.is_a("total_label", tokens[0].text)
    return False


def _is_prose(lines: list[Line], vocabulary: Vocabulary) -> bool:
    """Whether sentences follow; those of a note below a table are none."""
    for line in lines:
        if vocabulary.is_a("note_line", normalise(line.text)):
            return False
        if "。" in line.text:
            return True
    return False


def _after_note(lines: list[Line], note: int, vocabulary: Vocabulary) -> int:
    """A note may run over a few lines; it ends where the next table or part begins."""
    for i in range(note + 1, min(len(lines), note + 4)):
        plain = normalise(lines[i].text)
        if _is_title(lines[i], vocabulary) or vocabulary.is_a("part_line", plain):
            return i
        if vocabulary.is_a("heading_line", plain):
            return i
    return note + 1


def _build(lines: list[Line], vocabulary: Vocabulary, evidence: Evidence, stated: Stated) -> Table:
    title = lines[0]
    joined = vocabulary.match("title_join", title.text)
    text = normalise(title.text)[joined.end() :] if joined else squeeze(title.text)
    table = Table(
        title=text,
        title_line_no=title.line_no,
        first_line_no=lines[0].line_no,
        last_line_no=lines[-1].line_no,
        page_no=title.page_no,
        last_page_no=lines[-1].page_no,
        layout="stream",
    )
    rest = _take_surroundings(lines[1:], table, vocabulary)
    rest = _take_note(rest, table, vocabulary)
    squeezed = "".join(normalise(line.text) for line in rest)
    if vocabulary.match("indicator_section", squeezed):
        add_evaluation_rows(table, rest, vocabulary)
        if not table.values:
            # whole lines, and each once
            table.unplaced = [
                Unplaced(line.text.strip(), "indicators not recognised", line.line_no, line.page_no)
                for line in rest
                if any(character.isdigit() for character in line.text)
            ]
        table.source_tokens = _source_tokens(rest, table)
        return table
    header, body = _split(rest, vocabulary)
    header = _once(header)
    header_text = "".join(normalise(line.text) for line in header)
    table.other_texts.extend(line.text for line in header)
    rows = _read_rows(header, body, table, vocabulary)
    if _is_undivided(header, rows, vocabulary):
        for row in rows:
            row.is_uncertain = True
    words = [normalise(token.text) for line in header for token in tokens_of(line)]
    widths = Counter(len(r.numbers) for r in rows)
    lanes = len({r.lane_no for r in rows if r.numbers})
    forms = choose_forms(header_text, words, widths, vocabulary, lanes)
    # forms that differ in the order of their columns are told apart by the rows that add up, and by the words
    ranks = [
        (_broken_rows(rows, form, vocabulary), _exchanged(header, form), _miscounted(words, form))
        for form in forms
    ]
    equal = [form for form, rank in zip(forms, ranks, strict=True) if rank == min(ranks)]
    _place(table, rows, equal[0] if equal else None, header_text, words, vocabulary, evidence, stated)
    _doubt(table, equal)
    table.source_tokens = _source_tokens(rest, table)
    return table


def _take_surroundings(lines: list[Line], table: Table, vocabulary: Vocabulary) -> list[Line]:
    kept = 0
    for line in lines[:8]:
        plain = normalise(line.text)
        if not kept and _FORM_NUMBER.fullmatch(plain):
            table.form_code = plain
            kept += 1
            continue
        if not read_surroundings(plain, table, vocabulary):
            if kept and not table.unit and vocabulary.is_a("agency_continued", plain):
                kept += 1
                continue
            break
        kept += 1
    return lines[kept:]


def _take_note(lines: list[Line], table: Table, vocabulary: Vocabulary) -> list[Line]:
    for i, line in enumerate(lines):
        if vocabulary.is_a("note_line", line.text):
            table.note = "".join(x.text.strip() for x in lines[i:])
            return lines[:i]
    return lines


def _split(lines: list[Line], vocabulary: Vocabulary) -> tuple[list[Line], list[Line]]:
    """Header lines and body lines; a line that counts the columns ends the header."""
    for i, line in enumerate(lines[:_HEADER_REACH]):
        plain = normalise(line.text)
        numbers = [t for t in tokens_of(line) if t.number]
        if any(t.is_marked for t in numbers):
            # amounts: no line below them counts columns
            break
        counted = vocabulary.is_a("row_number_line", plain) and any(c.isdigit() for c in plain)
        words = [t for t in tokens_of(line) if not t.number]
        if below := _counted_below(lines, i, vocabulary):
            return lines[:below], lines[below:]
        filled = bool(words) and all(vocabulary.is_a("filler", t.text) for t in words)
        if vocabulary.is_a("page_number_line", plain):
            continue
        if counted or (len(numbers) > (0 if filled else 3) and _counts_up(numbers)):
            return lines[: i + 1], lines[i + 1 :]
    for i, line in enumerate(lines):
        plain = normalise(line.text)
        tokens = join_codes(tokens_of(line))
        if any(t.number for t in tokens) and not vocabulary.match("year", plain):
            # the first half of a name wrapped around its code, or around its amounts
            wrapped = i > 1 and is_bare(tokens) and not _is_header_line(lines[i - 1], vocabulary)
            wrapped = wrapped or (i > 1 and vocabulary.is_a("heading_line", normalise(lines[i - 1].text)))
            levels, line = _without_levels(line, vocabulary)
            return [*lines[: i - wrapped], *levels], [*lines[i - wrapped : i], line, *lines[i + 1 :]]
        if vocabulary.is_a("total_label", line.text.strip()) and _opens_body(lines[i + 1 :]):
            return lines[:i], lines[i:]
    return lines, []


def _counted_below(lines: list[Line], at: int, vocabulary: Vocabulary) -> int:
    """The line after those that count the columns (栏次, 1, 2, 3), where each number has one; 0 for none."""
    if not vocabulary.is_a("row_number_header", lines[at].text.strip()):
        return 0
    end = at + 1
    while end < len(lines) and lines[end].text.strip() == str(end - at):
        end += 1
    return end if end > at + 2 else 0


def _once(header: list[Line]) -> list[Line]:
    """The header without the lines that it prints a second time, as a table set over two pages may do."""
    texts = [normalise(line.text) for line in header]
    for size in range(2, len(texts) // 2 + 1):
        if texts[-size:] == texts[-2 * size : -size]:
            return header[:-size]
    return header


def _opens_body(following: list[Line]) -> bool:
    """Whether a total without numbers is the first row: its numbers come next, or there are none at all."""
    numbers = [any(t.number for t in tokens_of(line)) for line in following]
    return not any(numbers) or (numbers[0] and tokens_of(following[0])[0].number is not None)


def _without_levels(line: Line, vocabulary: Vocabulary) -> tuple[list[Line], Line]:
    """The names of the levels of codes (类 款 项) before the first total, as a line of the header."""
    words = line.text.split()
    count = next((k for k, w in enumerate(words) if not vocabulary.is_a("code_part_header", w)), 0)
    if not count:
        return [], line
    return [replace(line, text=" ".join(words[:count]))], replace(line, text=" ".join(words[count:]))


def _is_header_line(line: Line, vocabulary: Vocabulary) -> bool:
    kinds = ("code_header", "code_part_header", "name_header", "column_word", "total_label")
    return any(vocabulary.is_a(kind, t.text) for t in tokens_of(line) for kind in kinds) or any(
        t.number for t in tokens_of(line)
    )


def _counts_up(numbers: list[Token]) -> bool:
    return all(t.is_integer for t in numbers) and [int(t.text) for t in numbers] == list(
        range(int(numbers[0].text), int(numbers[0].text) + len(numbers))
    )


def _is_undivided(header: list[Line], rows: list[StreamRow], vocabulary: Vocabulary) -> bool:
    """Whether the header names two lists side by side and the rows do not tell them apart."""
    return _is_two_sided(header, vocabulary) and len({row.lane_no for row in rows}) == 1


def _is_two_sided(header: list[Line], vocabulary: Vocabulary) -> bool:
    """Whether two sides are named; with codes they are columns (财政拨款收入, 事业收入) of one list."""
    if _has_codes(header, vocabulary):
        return False
    words = {normalise(token.text) for line in header for token in tokens_of(line)}
    side = vocabulary.pattern("side_header").pattern
    # the letters may be spaced out (收 入 支 出)
    both = re.compile(f"({side})({side})")
    return sum(vocabulary.is_a("side_header", word) for word in words) > 1 or any(
        (pair := both.fullmatch(normalise(line.text))) and pair[0][: len(pair[1])] != pair[2]
        for line in header
    )


@dataclass(slots=True)
class StreamRow:
    """A row of the stream: its lane, code, label and numbers in reading order."""

    row_no: int
    lane_no: int
    line: Line
    code: str = ""
    label: str = ""
    numbers: list[Token] = field(default_factory=list)
    # the text does not tell in which list the row stands
    is_uncertain: bool = False
    # code and name of a further classification beside its own
    second: str = ""


def _read_rows(header: list[Line], body: list[Line], table: Table, vocabulary: Vocabulary) -> list[StreamRow]:
    header_text = "".join(normalise(line.text) for line in header)
    if vocabulary.match("row_number_column", header_text):
        rows = _two_sided_rows(body, table)
        if rows:
            return rows
    lines = [tokens_of(line) for line in _without_headers(body, header, table, vocabulary)]
    if is_by_cell(lines):
        lines = rows_of_cells(lines)
    if _is_two_sided(header, vocabulary):
        items = items_by_line(lines, vocabulary)
        if items is not None:
            return _side_rows(items, table)
    lanes = max(1, len(re.findall(vocabulary.pattern("lane_header"), header_text)))
    if _has_codes(header, vocabulary):
        lines = unwrap([join_codes(tokens) for tokens in lines], vocabulary)
    return _coded_rows(lines, lanes, table, vocabulary)


def _without_headers(
    body: list[Line], header: list[Line], table: Table, vocabulary: Vocabulary
) -> list[Line]:
    """The body without what a new page prints again: title, unit, agency, header lines."""
    repeated = {normalise(line.text) for line in header}
    is_again = [normalise(line.text) in repeated for line in body]
    title = squeeze(table.title)
    around = ("form_code_line", "unit_line", "agency_line")
    kept: list[Line] = []
    for i, line in enumerate(body):
        plain = normalise(line.text)
        opens_row = vocabulary.is_a("total_label", plain) and _opens_body(body[i + 1 : i + 2])
        is_header = (
            is_again[i]
            and not opens_row
            and (
                len(line.text.split()) > 1
                or any(is_again[max(0, i - 1) : i] + is_again[i + 1 : i + 2])
                or vocabulary.match("column_word", plain)
            )
        )
        is_around = any(vocabulary.is_a(kind, plain) for kind in around) and not any(
            t.is_marked for t in tokens_of(line)
        )
        if is_header or is_around or squeeze(line.text) == title:
            table.other_texts.append(line.text)
        else:
            kept.append(line)
    return kept


def _has_codes(header: list[Line], vocabulary: Vocabulary) -> bool:
    return any(vocabulary.is_a("code_header", token.text) for line in header for token in tokens_of(line))


def _side_rows(items_of_lines: list[list[Item]], table: Table) -> list[StreamRow]:
    rows: list[StreamRow] = []
    row_no = 0
    for items in items_of_lines:
        row_no += bool(items)
        for item in items:
            table.other_texts.extend(item.words)
            row = StreamRow(row_no, item.side or _LEFT, item.line, item.code, item.label, item.numbers)
            row.is_uncertain = not item.side
            rows.append(row)
    return rows


def _two_sided_rows(body: list[Line], table: Table) -> list[StreamRow]:
    """Rows of `label number-of-row amounts`, once or twice a line; the row numbers count up on each side."""
    rows: list[StreamRow] = []
    expected: list[int | None] = [None, None]
    carried = ""
    row_no = 0
    for line in body:
        tokens = tokens_of(line)
        marks = _row_number_marks(tokens, expected)
        if not marks:
            # a label whose row number follows on the next line
            carried += "".join(t.text for t in tokens)
            continue
        row_no += 1
        begin = 0
        for order, (at, lane) in enumerate(marks):
            end = marks[order + 1][0] if order + 1 < len(marks) else len(tokens)
            label = "".join(t.text for t in tokens[begin:at])
            tail = tokens[at + 1 : end]
            numbers = []
            begin = end
            for k, token in enumerate(tail):
                if token.number is None:
                    begin = at + 1 + k
                    break
                numbers.append(token)
            expected[lane] = int(tokens[at].text) + 1
            table.other_texts.extend([label, tokens[at].text])
            label, carried = carried + label, ""
            if label or numbers:
                rows.append(StreamRow(row_no, lane + 1, line, "", label, numbers))
    if carried:
        table.unplaced.append(
            Unplaced(carried, "words without a row number", body[-1].line_no, body[-1].page_no)
        )
    return rows


def _row_number_marks(tokens: list[Token], expected: list[int | None]) -> list[tuple[int, int]]:
    """Places of the row numbers in a line, with their side (0 left, 1 right)."""
    marks: list[tuple[int, int]] = []
    for i, token in enumerate(tokens):
        if not token.is_integer or len(token.text) > 3:
            continue
        value = int(token.text)
        side = len(marks)
        if side > 1:
            break
        want = expected[side]
        begins = value == 1 if side == 0 else value > 1
        fits = begins if want is None else want <= value <= want + 5
        if not fits and side == 0 and expected[1] is not None and expected[1] <= value <= expected[1] + 5:
            side, fits = 1, True
        if fits:
            marks.append((i, side))
            if side == 1:
                break
    return marks


def _coded_rows(body: list[list[Token]], lanes: int, table: Table, vocabulary: Vocabulary) -> list[StreamRow]:
    """Rows that begin with a code or a total label; labels wrap, amounts follow them."""
    marked = has_marked_amounts(body)
    rows: list[StreamRow] = []
    row_no = 0
    last_line: Line | None = None
    item: StreamRow | None = None
    # the most numbers of any row so far: a row with fewer still waits for amounts
    usual = 0
    for tokens in body:
        if not tokens:
            continue
        line = tokens[0].line
        numbers_first = tokens[0].number is not None and not _opens_code(tokens, 0, marked)
        for i, token in enumerate(tokens):
            if _opens_code(tokens, i, marked):
                if lanes == 1 and item is not None and item.line is line and _is_second(item, token.text):
                    item.second = token.text
                    table.other_texts.append(token.text)
                    continue
                item = StreamRow(0, 0, line, code=token.text)
                rows.append(item)
                table.other_texts.append(token.text)
                continue
            if token.number is not None:
                complete = (
                    item is None
                    or (lanes > 1 and bool(item.numbers))
                    or (
                        lanes == 1
                        and i == 0
                        and bool(item.numbers)
                        and item.line is not line
                        and not ((item.code or item.label) and len(item.numbers) < usual)
                    )
                )
                if complete:
                    item = StreamRow(0, 0, line)
                    rows.append(item)
                assert item is not None
                item.numbers.append(token)
                usual = max(usual, len(item.numbers))
                continue
            table.other_texts.append(token.text)
            label_after = numbers_first and i >= len(tokens) - len([t for t in tokens if t.number is None])
            if item is not None and i == 0 and vocabulary.is_a("total_label", token.text):
                item = None
            if item is not None and label_after and not item.code and item.line is line:
                item.label += token.text
                item.is_uncertain = lanes > 1
            elif item is None or item.numbers or (i == 0 and _opens_row(item, token, vocabulary)):
                item = StreamRow(0, 0, line, label=token.text)
                rows.append(item)
            elif item.second:
                item.second += token.text
            else:
                item.label += token.text
    for item in rows:
        code, name = split_leading_code(item.label)
        if code and not item.code and not any(character.isdigit() for character in name):
            # [201]name, 201-name; with further digits the row is of several classifications
            item.code, item.label = code, name
        if item.line is not last_line or lanes == 1:
            row_no += 1
            last_line = item.line
        item.row_no = row_no
    _set_lanes(rows, lanes, vocabulary)
    return [r for r in rows if r.label or r.code or r.numbers]


def _is_second(item: StreamRow, code: str) -> bool:
    """Whether a code is of a further classification, beside the name of a row that has no amounts yet."""
    return bool(item.code and item.label) and not item.numbers and item.code[0] != code[0]


def _opens_row(item: StreamRow, token: Token, vocabulary: Vocabulary) -> bool:
    """Whether a line's first word begins a row of its own, so that the row above it has no amounts.

    Both have a number of their own (1. 2.), or names that rows have.
    """
    if item.code or item.line is token.line:
        return False
    if code := split_leading_code(token.text)[0]:
        # a code of another classification goes on with the row
        return split_leading_code(item.label)[0][:1] == code[0]
    if NUMBERED.match(token.text):
        return NUMBERED.match(item.label) is not None
    return is_known(item.label, vocabulary) and is_known(token.text, vocabulary)


def _opens_code(tokens: list[Token], i: int, marked: bool) -> bool:
    """A code stands before a label: at the start of a line or right after an amount.

    Where amounts have points or commas (`marked`) it may lack its label.
    """
    token = tokens[i]
    if not _CODE.fullmatch(token.text):
        return False
    following = tokens[i + 1] if i + 1 < len(tokens) else None
    if following is None:
        return i == 0 and len(token.text) > 3
    if marked and i == 0 and is_bare(tokens):
        return True
    if marked and following.is_marked:
        return i > 0 and len(token.text) > 3
    return following.number is None


def _set_lanes(rows: list[StreamRow], lanes: int, vocabulary: Vocabulary) -> None:
    """Lanes in reading order; a line with fewer items is matched by the codes that go on."""
    if lanes == 1:
        for row in rows:
            row.lane_no = 1
        return
    last: dict[int, str] = {}
    doubtful: set[tuple[int, str]] = set()
    by_row: dict[int, list[StreamRow]] = {}
    for row in rows:
        by_row.setdefault(row.row_no, []).append(row)
    for items in by_row.values():
        if len(items) == lanes:
            for lane, row in enumerate(items, start=1):
                row.lane_no = lane
                last[lane] = row.code or last.get(lane, "")
            continue
        lane = 0
        if len(items) == 1 and not items[0].code and vocabulary.is_a("total_label", items[0].label):
            items[0].is_uncertain = True
        for row in items:
            if row.is_uncertain:
                row.lane_no = lanes
                continue
            fitting = [k for k in range(lane + 1, lanes + 1) if row.code and last.get(k, "") < row.code]
            # the closest code before this one is the list that goes on
            best = max(fitting, key=lambda k: last.get(k, ""), default=min(lane + 1, lanes))
            # a class that begins here could go on any of the lists that fit
            opens = bool(row.code) and not last.get(best, "").startswith(row.code[:3])
            if (opens and len(fitting) > 1) or (best, row.code[:3]) in doubtful:
                row.is_uncertain = True
                doubtful.add((best, row.code[:3]))
            row.lane_no = lane = best
            if row.code:
                last[best] = row.code


def _place(
    table: Table,
    rows: list[StreamRow],
    form: Form | None,
    header_text: str,
    words: list[str],
    vocabulary: Vocabulary,
    evidence: Evidence,
    stated: Stated,
) -> None:
    columns: dict[int, list[Column]] = {}
    if form is not None and vocabulary.match("column_word", unexplained(header_text, words, form)):
        table.confidence_reason = "header has more than the form it resembles (表头与标准表式不完全一致)"
        for row in rows:
            row.is_uncertain = True
    if form is None:
        width = Counter(len(r.numbers) for r in rows if r.numbers).most_common(1)
        count = width[0][0] if width else 0
        for lane in sorted({r.lane_no for r in rows}):
            columns[lane] = [Column(0, lane, "", "") for _ in range(count)]
        if count:
            table.confidence_reason = "header not recognised as any known form (表头未能识别)"
    else:
        year = vocabulary.match("year", header_text)
        for column in form.columns:
            path = "/".join(column.path).replace("{year}", year[0][:4] if year else "")
            columns.setdefault(column.lane_no, []).append(
                Column(0, column.lane_no, path, path.replace("/", " "))
            )
    table.columns = [column for lane in sorted(columns) for column in columns[lane]]
    for number, placed in enumerate(table.columns, start=1):
        placed.column_no = number
    for lane_no, lane_columns in columns.items():
        items = [r for r in rows if r.lane_no == lane_no]
        _place_lane(table, items, lane_columns, vocabulary, evidence, stated)
        # a list names the columns of the one beside it
        evidence = {**evidence, **evidence_of([table])}
    orphans = [r for r in rows if r.lane_no not in columns]
    for row in orphans:
        for token in row.numbers:
            table.unplaced.append(
                Unplaced(token.text, "a list without a header", row.line.line_no, row.line.page_no)
            )


def _broken_rows(rows: list[StreamRow], form: Form, vocabulary: Vocabulary) -> int:
    """How many complete rows do not add up when their numbers stand in the form's columns."""
    broken = 0
    for lane_no in {column.lane_no for column in form.columns}:
        paths = ["/".join(column.path) for column in form.columns if column.lane_no == lane_no]
        for row in rows:
            numbers = [token.number for token in row.numbers if token.number]
            if row.lane_no == lane_no and len(numbers) == len(paths) > 1:
                broken += breaks(numbers, paths, vocabulary)
    return broken


def _exchanged(header: list[Line], form: Form) -> int:
    """How many pairs of columns a line of the header names the other way round."""
    names = Counter(normalise(column.path[-1]) for column in form.columns)
    order = {
        normalise(column.path[-1]): i
        for i, column in enumerate(form.columns)
        if names[normalise(column.path[-1])] == 1
    }
    exchanged = 0
    for line in header:
        places = [order[word] for token in tokens_of(line) if (word := normalise(token.text)) in order]
        exchanged += sum(a > b for i, a in enumerate(places) for b in places[i + 1 :])
    return exchanged


def _miscounted(words: list[str], form: Form) -> int:
    """How many words of the header the form has no cell for, though it has others of the same text."""
    cells = Counter(
        normalise(str(path[-1]))
        for path in {
            (column.lane_no, *column.path[: i + 1])
            for column in form.columns
            for i in range(len(column.path))
        }
    )
    printed = Counter(words)
    return sum(max(0, printed[word] - count) for word, count in cells.items())


def _doubt(table: Table, forms: list[Form]) -> None:
    """Mark the numbers that equally good forms have in different columns, unless they are the same number."""
    paths = [
        [column.path for column in sorted(form.columns, key=lambda column: column.lane_no)] for form in forms
    ]
    # another wording of the same columns is no other order
    orders = [order for order in paths if sorted(order) == sorted(paths[0])]
    open_columns = {
        column_no
        for column_no, *meant in zip(range(1, len(table.columns) + 1), *orders, strict=False)
        if len(set(meant)) > 1
    }
    by_row: dict[tuple[int, int], list[Value]] = {}
    for value in table.values:
        if value.column_no in open_columns:
            by_row.setdefault((value.row_no, value.lane_no), []).append(value)
    for values in by_row.values():
        if len({value.number.value for value in values}) > 1:
            for value in values:
                value.placement = "ambiguous"


def _place_lane(
    table: Table,
    items: list[StreamRow],
    columns: list[Column],
    vocabulary: Vocabulary,
    evidence: Evidence,
    stated: Stated,
) -> None:
    rows: list[Row] = []
    values: dict[int, list[Value]] = {}
    numbers = [c.column_no for c in columns]
    # without a header that is known the order of the numbers is all there is
    is_known = all(c.path for c in columns)
    taken: set[int] = set()
    for item in items:
        if item.row_no in taken:
            # a second item of the same list on one line
            item.row_no = max(taken) + 1
        taken.add(item.row_no)
        row = Row(item.row_no, item.lane_no, item.line.line_no, item.line.page_no, item.code, item.label)
        if item.second:
            row.context[_SECOND] = item.second
        table.rows.append(row)
        tokens = item.numbers
        for token in tokens[len(columns) :]:
            table.unplaced.append(
                Unplaced(
                    token.text, "more numbers in a row than columns", item.line.line_no, item.line.page_no
                )
            )
        found = [
            Value(row.row_no, numbers[k], row.lane_no, t.number, t.line.line_no, t.line.page_no)
            for k, t in enumerate(tokens[: len(columns)])
            if t.number
        ]
        for value in found:
            # with a number too many in the row none has a certain column
            is_open = item.is_uncertain or not is_known or len(tokens) > len(columns)
            value.placement = "ambiguous" if is_open else "printed"
        if found:
            rows.append(row)
            values.setdefault(row.row_no, []).extend(found)
            table.values.extend(found)
    is_known = is_known and not any(item.is_uncertain for item in items)
    if is_known and any(len(v) < len(columns) for v in values.values()) and len(columns) > 1:
        assign(rows, values, numbers, [c.path for c in columns], vocabulary, evidence, stated)


def _source_tokens(lines: list[Line], table: Table) -> list[SourceToken]:
    # a code in parts (208 05 01) is one word, here as in the rows
    texts = [" ".join(token.text for token in join_codes(tokens_of(line))) for line in lines]
    return text_tokens(texts, [unglue(text) for text in table.other_texts], table.values)
