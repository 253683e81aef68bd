"""Self-evaluation tables (绩效自评表) in bare text: narrow cells, wrapped after a few characters.

A row is complete where a line ends with its weight and score. The words before it are cut into cells by
their width: in a wrapped cell no line is longer than the first, and a shorter line is the last.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from extract.layout.forms import choose_forms
from extract.layout.numbers import Number, parse_amount, parse_target
from extract.layout.table import Column, Row, Table, Unplaced, Value
from extract.model import Line
from extract.vocabulary import Vocabulary, normalise, squeeze

_PLAIN = re.compile(r"\d+(?:\.\d+)?")
_STARTS_NUMBER = re.compile(r"[<>≤≥=≦≧]*\s*\d")
# a number and its unit printed apart
_UNIT_APART = re.compile(r"(?<=\d) (?=[^\d\s.,—-]{1,4}(?:\s|$))")


@dataclass(slots=True)
class Piece:
    """A run of words on one line, or an amount."""

    text: str
    line: Line
    gap: int = 2  # line breaks before it; 1 means that another cell begins


def add_evaluation_rows(table: Table, lines: list[Line], vocabulary: Vocabulary) -> None:
    """Fill the table from the lines of its form (funds) and its list of indicators."""
    start, end = _indicator_header(lines, vocabulary)
    funds, header, body = lines[:start], lines[start:end], lines[end:]
    row_no = _add_funds(table, funds, vocabulary)
    header_text = "".join(normalise(x.text) for x in header)
    table.other_texts.extend(x.text for x in header)
    _add_indicators(table, body, header_text, row_no, vocabulary)


def _indicator_header(lines: list[Line], vocabulary: Vocabulary) -> tuple[int, int]:
    """Lines [start, end) of the header over the indicators: from its first level to the first row."""
    at = next(
        i for i, x in enumerate(lines) if any(vocabulary.is_a("indicator_section", w) for w in x.text.split())
    )
    start = at
    while (
        start > 0
        and at - start < 4
        and len(squeeze(lines[start - 1].text)) <= 6
        and not any(c.isdigit() for c in lines[start - 1].text)
    ):
        start -= 1
    end = at + 1
    # the header ends with its remarks column; level words open the body
    while end < len(lines) and end - at < 10:
        run = "".join(squeeze(x.text) for x in lines[end : end + 5])
        if any(vocabulary.is_a("indicator_level", run[:k]) for k in range(3, len(run) + 1)):
            break
        end += 1
    return start, end


def _add_funds(table: Table, lines: list[Line], vocabulary: Vocabulary) -> int:
    """The rows of project funds, under the header words before the first of them."""
    first = next((i for i, x in enumerate(lines) if _amounts(x)), len(lines))
    # the label of the first row of amounts is wrapped above it
    header_text = "".join(normalise(x.text) for x in lines[:first])
    widths = [len([t for t in x.text.split() if parse_amount(t)]) for x in lines[first:]]
    forms = choose_forms(header_text, (), Counter(widths), vocabulary)
    # one short word stands in many a label: it is no header of funds
    form = next((form for form in forms if len(form.columns) > 1), None)
    table.other_texts.extend(x.text for x in lines[:first])
    if form is None:
        columns: list[str] = []
    else:
        columns = ["/".join(c.path) for c in form.columns]
        table.columns.extend(Column(k + 1, 1, path, path) for k, path in enumerate(columns))
    label = _tail_label(lines[:first], columns, vocabulary)
    row_no = 0
    ended = False
    for line in lines[first:]:
        tokens = line.text.split()
        cells = [t for t in tokens if parse_amount(t) or vocabulary.is_a("dash", t)]
        numbers = [t for t in cells if parse_amount(t)]
        words = "".join(t for t in tokens if t not in cells)
        if ended or not columns or (words and len(words) > 14):
            # prose of goals and results follows the funds
            ended = ended or bool(row_no)
            table.other_texts.append(line.text)
            continue
        table.other_texts.extend(t for t in tokens if t not in numbers)
        if not cells:
            label += words
            continue
        if words:
            label += words
        row_no += 1
        table.rows.append(Row(row_no, 1, line.line_no, line.page_no, "", label))
        for k, text in enumerate(cells):
            number = parse_amount(text)
            if number is None:
                continue
            if k >= len(columns):
                table.unplaced.append(
                    Unplaced(text, "more numbers in a row than columns", line.line_no, line.page_no)
                )
                continue
            # with a cell missing, what stands before the rate may be either of two columns
            doubtful = (
                len(columns) - len(cells) > 0
                and k == len(cells) - 2
                and not vocabulary.is_a("dash", cells[-1])
            )
            placement = "ambiguous" if doubtful else "printed"
            table.values.append(Value(row_no, k + 1, 1, number, line.line_no, line.page_no, placement))
        label = ""
    return row_no


def _tail_label(lines: list[Line], columns: list[str], vocabulary: Vocabulary) -> str:
    """The words between the last header word and the first amounts."""
    text = "".join(squeeze(x.text) for x in lines)
    last = max(
        (text.rfind(c.split("/")[-1]) + len(c.split("/")[-1]) for c in columns if c.split("/")[-1] in text),
        default=0,
    )
    return text[last:] if columns else ""


def _amounts(line: Line) -> list[str]:
    tokens = line.text.split()
    return [t for t in tokens if parse_amount(t)] if len(tokens) <= 9 else []


def _add_indicators(
    table: Table, lines: list[Line], header_text: str, row_no: int, vocabulary: Vocabulary
) -> None:
    leaf = vocabulary.match("evaluation_header", header_text)
    names = [name for name in leaf.groups() if name] if leaf else []
    if len(names) != 4:
        table.confidence_reason = "header of the indicators not recognised (指标表头未能识别)"
        names = ["", "", "", ""]
    base = len(table.columns)
    known = {c.path: c.column_no for c in table.columns}
    column_nos = []
    for k, name in enumerate(names):
        if name and name in known:
            column_nos.append(known[name])
            continue
        column_nos.append(base + k + 1)
        table.columns.append(Column(base + k + 1, 1, name, name))
    pending: list[Piece] = []
    last_line_no = lines[0].line_no if lines else 0
    open_row: Row | None = None
    for line in lines:
        gap = line.line_no - last_line_no
        last_line_no = line.line_no
        text = _UNIT_APART.sub("", line.text.strip())
        found = _row_end(text)
        if found is None:
            if open_row is not None and not pending and gap == 1 and line.text.startswith(" "):
                # a page break inside the label: its second half opens the next page
                open_row.label += squeeze(text)
                table.other_texts.append(text)
                continue
            pending.append(Piece(text, line, gap))
            continue
        head, weight, score, tail = found
        row_no += 1
        label, targets = _label_and_targets(head, pending, line, vocabulary)
        table.other_texts.extend(p.text for p in pending)
        table.other_texts.append(head)
        if tail:
            table.other_texts.append(tail)
        pending = []
        open_row = Row(row_no, 1, line.line_no, line.page_no, "", label)
        table.rows.append(open_row)
        numbers: list[tuple[int, Number | None]] = [
            *((k, parse_target(t)) for k, t in enumerate(targets)),
            (2, parse_amount(weight)),
            (3, parse_amount(score)),
        ]
        for k, number in numbers:
            if number is not None:
                table.values.append(Value(row_no, column_nos[k], 1, number, line.line_no, line.page_no))
    for piece in pending:
        if any(parse_target(token) for token in piece.text.split()):
            table.unplaced.append(
                Unplaced(piece.text, "indicators not recognised", piece.line.line_no, piece.line.page_no)
            )
        else:
            table.other_texts.append(piece.text)


def _row_end(text: str) -> tuple[str, str, str, str] | None:
    """(words and targets, weight, score, remark) of a line that closes a row."""
    tokens = text.split()
    for i in range(len(tokens) - 1, 0, -1):
        if _PLAIN.fullmatch(tokens[i]) and _PLAIN.fullmatch(tokens[i - 1]):
            tail = tokens[i + 1 :]
            if any(parse_target(t) for t in tail):
                return None
            return " ".join(tokens[: i - 1]), tokens[i - 1], tokens[i], " ".join(tail)
    return None


def _label_and_targets(
    head: str, pending: list[Piece], line: Line, vocabulary: Vocabulary
) -> tuple[str, list[str]]:
    """The indicator's name and its two targets (planned, reached), from its line and the words before."""
    words = head.split()
    targets: list[str] = []
    while words and _STARTS_NUMBER.match(words[-1]):
        targets.insert(0, words.pop())
    inline = words
    cells = _cells(pending, vocabulary)
    # amounts that were wrapped above the line: the planned value, or both
    wrapped: list[str] = []
    while cells and len(targets) + len(wrapped) < 2 and _STARTS_NUMBER.match(cells[-1]) and not inline:
        wrapped.insert(0, cells.pop())
    targets = wrapped + targets
    is_total = vocabulary.is_a("total_label", "".join(inline))
    if len(targets) < 2 and inline and not is_total and (len(inline) > 1 or (cells and cells[-1] != "")):
        # a planned value in words
        targets.insert(0, inline.pop())
    if len(targets) == 1:
        targets.insert(0, "")
    label = "".join(inline)
    if not label:
        named = [c for c in cells if c]
        label = named[-1] if named else ""
    return squeeze(label), [*targets, "", ""][:2]


def _cells(pending: list[Piece], vocabulary: Vocabulary) -> list[str]:
    """The words before a row cut into cells; a level of indicators becomes an empty mark."""
    cells: list[str] = []
    i = 0
    while i < len(pending):
        level = _level_length(pending[i:], vocabulary)
        if level:
            cells = [""]
            i += level
            continue
        first = pending[i].text
        cell, width = first, _width(first)
        i += 1
        number = _STARTS_NUMBER.match(first) is not None
        while i < len(pending) and pending[i].gap != 1 and not _level_length(pending[i:], vocabulary):
            piece = pending[i].text
            starts_number = _STARTS_NUMBER.match(piece) is not None
            if vocabulary.is_a("year_only", cell):
                pass
            elif number:
                if starts_number and _is_complete(cell):
                    break
            elif starts_number or _width(piece) > width + 1:
                break
            cell += piece
            i += 1
            if not number and _width(piece) < width - 1:
                break
            if number and _is_complete(cell):
                break
        cells.append(squeeze(cell))
    return cells


def _is_complete(cell: str) -> bool:
    """A target with its unit."""
    number = parse_target(squeeze(cell))
    return number is not None and bool(number.suffix)


def _width(text: str) -> int:
    return len(squeeze(text))


def _level_length(pieces: list[Piece], vocabulary: Vocabulary) -> int:
    """How many pieces from here on spell a level of indicators (质量 指标); 0 for none."""
    run = ""
    longest = 0
    for k, piece in enumerate(pieces[:6], start=1):
        run += squeeze(piece.text)
        if len(run) > 16:
            break
        if vocabulary.is_a("indicator_level_full", run):
            longest = k
    return longest
