"""Tables in a bare text layer: no cells, only lines of blank-separated words and numbers.

A table begins at a title line that numbers follow, and ends at its note, the next title or the next part.
Its header words, wrapped and out of order, are recognised as one of the standard forms of the catalogue.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from extract.layout.conservation import SourceToken, text_tokens
from extract.layout.evaluation import add_evaluation_rows
from extract.layout.forms import choose_form
from extract.layout.numbers import Number, parse_amount
from extract.layout.placement import Evidence, assign, evidence_of
from extract.layout.surroundings import read_surroundings
from extract.layout.table import Column, Row, Table, Unplaced, Value
from extract.model import Line
from extract.vocabulary import Form, Vocabulary, normalise, squeeze

# lines between a title and the first number of its table
_HEADER_REACH = 45
_AMOUNT = r"-?\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?|-?\d+\.\d{1,2}|-?\d+"
_TOKEN = re.compile(rf"({_AMOUNT})(?![\d.,])|([^\s]+)")
# an amount with two decimals runs into the next code or label
_GLUED = re.compile(r"(\d\.\d\d)(?=\d{3,7}(?:\D|$))|(\d\.\d\d)(?=[^\d\s.,%])")
_LABEL_CODE = re.compile(r"([\u4e00-\u9fff）])(\d{5}|\d{7})(?=\s)")
# the number of a form, alone on the line below its title
_FORM_NUMBER = re.compile(r"\d{1,2}")
_CODE = re.compile(r"\d{3}|\d{5}|\d{7}")


@dataclass(slots=True)
class Token:
    """A word or number of a line; `number` is None for words."""

    text: str
    line: Line
    number: Number | None = None

    @property
    def is_integer(self) -> bool:
        return self.number is not None and self.text.isdigit()


def tokens_of(line: Line) -> list[Token]:
    tokens = []
    for word in unglue(line.text).split():
        number = parse_amount(word)
        tokens.append(Token(word, line, number))
    return tokens


def unglue(text: str) -> str:
    """The text with blanks where an amount, a label and the next code run together."""
    return _LABEL_CODE.sub(r"\1 \2 ", _GLUED.sub(lambda m: (m[1] or m[2]) + " ", text))


def find_stream_tables(
    lines: list[Line],
    vocabulary: Vocabulary,
    evidence: dict[str, set[Decimal]],
    barriers: Sequence[int] = (),
) -> tuple[list[Table], list[Line]]:
    """The tables among text lines, and the other lines. None reaches over a barrier (a grid's line)."""
    tables: list[Table] = []
    outside: list[Line] = []
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
        tables.append(_build(lines[start:end], vocabulary, evidence))
        for name, amounts in evidence_of(tables[-1:]).items():
            evidence.setdefault(name, set()).update(amounts)
        start = end
    return tables, outside


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
            break
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
        if vocabulary.is_a("part_line", plain) or (i > first_number and _is_title(lines[i], vocabulary)):
            return i
        prose = vocabulary.is_a("heading_line", plain) and _is_prose(lines[i : i + 6], vocabulary)
        if prose and not any(t.number for t in tokens_of(lines[i])):
            return i
    return limit


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


def _build(lines: list[Line], vocabulary: Vocabulary, evidence: Evidence) -> Table:
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
            table.unplaced += [
                Unplaced(line.text.strip(), "indicators not recognised", line.line_no, line.page_no)
                for line in rest
                if any(character.isdigit() for character in line.text)
            ]
        table.source_tokens = _source_tokens(rest, table)
        return table
    header, body = _split(rest, vocabulary)
    header_text = "".join(normalise(line.text) for line in header)
    table.other_texts.extend(line.text for line in header)
    rows = _read_rows(header_text, body, table, vocabulary)
    if _is_undivided(header, rows, vocabulary):
        for row in rows:
            row.is_uncertain = True
    form = choose_form(header_text, Counter(len(r.numbers) for r in rows), vocabulary)
    _place(table, rows, form, header_text, vocabulary, evidence)
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
        counted = vocabulary.is_a("row_number_line", plain) and any(c.isdigit() for c in plain)
        words = [t for t in tokens_of(line) if not t.number]
        filled = bool(words) and all(vocabulary.is_a("filler", t.text) for t in words)
        if counted or (len(numbers) > (0 if filled else 3) and _counts_up(numbers)):
            return lines[: i + 1], lines[i + 1 :]
    for i, line in enumerate(lines):
        plain = normalise(line.text)
        numbers = [t for t in tokens_of(line) if t.number]
        if numbers and not vocabulary.match("year", plain):
            return lines[:i], lines[i:]
        if vocabulary.is_a("total_label", plain) and not any(
            vocabulary.is_a("code_part_header", t.text) for x in lines[i + 1 : i + 8] for t in tokens_of(x)
        ):
            return lines[:i], lines[i:]
    return lines, []


def _counts_up(numbers: list[Token]) -> bool:
    return all(t.is_integer for t in numbers) and [int(t.text) for t in numbers] == list(
        range(int(numbers[0].text), int(numbers[0].text) + len(numbers))
    )


def _is_undivided(header: list[Line], rows: list[StreamRow], vocabulary: Vocabulary) -> bool:
    """Whether the header names two lists side by side and the rows do not tell them apart."""
    sides = Counter(
        normalise(token.text)
        for line in header
        for token in tokens_of(line)
        if vocabulary.is_a("side_header", normalise(token.text))
    )
    return len(sides) > 1 and len({row.lane_no for row in rows}) == 1


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


def _read_rows(header_text: str, body: list[Line], table: Table, vocabulary: Vocabulary) -> list[StreamRow]:
    if vocabulary.match("row_number_column", header_text):
        rows = _two_sided_rows(body, table)
        if rows:
            return rows
    lanes = max(1, len(re.findall(vocabulary.pattern("lane_header"), header_text)))
    return _coded_rows(body, lanes, table, vocabulary)


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


def _coded_rows(body: list[Line], lanes: int, table: Table, vocabulary: Vocabulary) -> list[StreamRow]:
    """Rows that begin with a code or a total label; labels wrap, amounts follow them."""
    rows: list[StreamRow] = []
    row_no = 0
    last_line: Line | None = None
    item: StreamRow | None = None
    # the most numbers of any row so far: a row with fewer still waits for amounts
    usual = 0
    for line in body:
        tokens = tokens_of(line)
        numbers_first = bool(tokens) and tokens[0].number is not None and not _opens_code(tokens, 0)
        for i, token in enumerate(tokens):
            if _opens_code(tokens, i):
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
            elif item is None or item.numbers:
                item = StreamRow(0, 0, line, label=token.text)
                rows.append(item)
            else:
                item.label += token.text
    for item in rows:
        if item.line is not last_line or lanes == 1:
            row_no += 1
            last_line = item.line
        item.row_no = row_no
    _set_lanes(rows, lanes, vocabulary)
    return [r for r in rows if r.label or r.code or r.numbers]


def _opens_code(tokens: list[Token], i: int) -> bool:
    """A code stands before a label: at the start of a line or right after an amount."""
    token = tokens[i]
    if not _CODE.fullmatch(token.text):
        return False
    following = tokens[i + 1] if i + 1 < len(tokens) else None
    if following is None:
        return i == 0 and len(token.text) > 3
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
    vocabulary: Vocabulary,
    evidence: Evidence,
) -> None:
    columns: dict[int, list[Column]] = {}
    if form is not None and vocabulary.match("column_word", _unexplained(header_text, form)):
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
        _place_lane(table, [r for r in rows if r.lane_no == lane_no], lane_columns, vocabulary, evidence)
    orphans = [r for r in rows if r.lane_no not in columns]
    for row in orphans:
        for token in row.numbers:
            table.unplaced.append(
                Unplaced(token.text, "a list without a header", row.line.line_no, row.line.page_no)
            )


def _unexplained(header_text: str, form: Form) -> str:
    """What is left of the header without the words of the form."""
    words = {normalise(part) for column in form.columns for part in column.path}
    for word in sorted(words, key=len, reverse=True):
        header_text = header_text.replace(word, " ")
    return header_text


def _place_lane(
    table: Table, items: list[StreamRow], columns: list[Column], vocabulary: Vocabulary, evidence: Evidence
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
            value.placement = "ambiguous" if item.is_uncertain or not is_known else "printed"
        if found:
            rows.append(row)
            values.setdefault(row.row_no, []).extend(found)
            table.values.extend(found)
    is_known = is_known and not any(item.is_uncertain for item in items)
    if is_known and any(len(v) < len(columns) for v in values.values()) and len(columns) > 1:
        assign(rows, values, numbers, [c.path for c in columns], vocabulary, evidence)


def _source_tokens(lines: list[Line], table: Table) -> list[SourceToken]:
    return text_tokens(
        [unglue(line.text) for line in lines], [unglue(text) for text in table.other_texts], table.values
    )
