"""Names of a coded table wrapped around the line of their code, put back between code and amounts.

Such a name has as many lines above its code as below; header lines repeated on a new page are left out.
A text may also have each cell on a line of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from extract.layout.tokens import Token
from extract.vocabulary import Vocabulary, normalise

_CODE = re.compile(r"\d{3}|\d{5}|\d{7}")
_LEVEL = re.compile(r"\d\d")
_LONG_CODE = re.compile(r"\d{5}|\d{7}")


@dataclass(slots=True)
class _Row:
    """A line with numbers, and the lines of words above and below that are its own."""

    tokens: list[Token]
    above: list[list[Token]] = field(default_factory=list)
    below: list[list[Token]] = field(default_factory=list)


def unwrap(lines: list[list[Token]], vocabulary: Vocabulary) -> list[list[Token]]:
    """The lines of a body, wrapped names with their codes; unchanged where no code stands without a name."""
    if not has_marked_amounts(lines) or not any(is_bare(tokens) for tokens in lines):
        return lines
    rows: list[_Row] = []
    block: list[list[Token]] = []
    for tokens in lines:
        text = normalise("".join(t.text for t in tokens))
        if not any(t.number for t in tokens) and not vocabulary.is_a("total_label", text):
            block.append(tokens)
            continue
        row = _Row(tokens)
        own = min(len(block), len(rows[-1].above)) if rows else 0
        if rows:
            rows[-1].below = block[:own]
        row.above = block[own:]
        rows.append(row)
        block = []
    if rows:
        rows[-1].below += block
    return [_in_order(row) for row in rows]


def is_by_cell(lines: list[list[Token]]) -> bool:
    """Whether nearly every line holds one cell."""
    return 5 * sum(len(tokens) == 1 for tokens in lines) > 4 * len(lines)


def rows_of_cells(lines: list[list[Token]]) -> list[list[Token]]:
    """One line a row: its code, its name and the amounts down to the next code or name."""
    marked = has_marked_amounts(lines)
    rows: list[list[Token]] = []
    opened = False
    i = 0
    while i < len(lines):
        tokens = lines[i]
        row = rows[-1] if rows else []
        count = _code_lines(lines, i) if marked else 0
        if count:
            code = Token("".join(part[0].text for part in lines[i : i + count]), tokens[0].line)
            # one of another classification beside a name without amounts yet is of the same row
            second = len(row) == 2 and not row[1].number and row[0].text[0] != code.text[0]
            if second and _CODE.fullmatch(row[0].text):
                row.append(code)
            else:
                rows.append([code])
        elif opened or (rows and all(token.number for token in tokens)):
            row.extend(tokens)
        else:
            rows.append(list(tokens))
        opened = bool(count)
        i += max(count, 1)
    return rows


def _code_lines(lines: list[list[Token]], at: int) -> int:
    """How many lines from here on are a code, whole or level by level, with a name below; 0 for none."""
    end = at
    while (
        end < len(lines)
        and len(lines[end]) == 1
        and (_CODE if end == at else _LEVEL).fullmatch(lines[end][0].text)
    ):
        end += 1
    is_named = any(
        t.number is None and len(t.text) > 1 for tokens in lines[end : end + 1] for t in tokens[:1]
    )
    return end - at if is_named and end - at < 4 else 0


def has_marked_amounts(lines: list[list[Token]]) -> bool:
    """Whether all long amounts have a point or commas, so that five or seven bare digits are a code."""
    amounts = [
        t for tokens in lines for t in tokens if t.number and len(t.text) > 3 and not _CODE.fullmatch(t.text)
    ]
    return bool(amounts) and all(t.is_marked for t in amounts)


def is_bare(tokens: list[Token]) -> bool:
    """Whether a line begins with a code and goes on with amounts."""
    return (
        len(tokens) > 1
        and bool(_CODE.fullmatch(tokens[0].text))
        and tokens[1].number is not None
        and any(token.is_marked for token in tokens[1:])
    )


def _in_order(row: _Row) -> list[Token]:
    """Code, name, amounts; in several lists side by side the name is that of the first code without one."""
    above, below = ([token for line in part for token in line] for part in (row.above, row.below))
    tokens = row.tokens
    if not above and not below:
        return tokens
    for i, token in enumerate(tokens[:-1]):
        if is_bare(tokens) if i == 0 else _LONG_CODE.fullmatch(token.text) and tokens[i + 1].is_marked:
            return [*tokens[: i + 1], *above, *below, *tokens[i + 1 :]]
    begin = 1 if _CODE.fullmatch(tokens[0].text) else 0
    end = next((i for i in range(begin, len(tokens)) if tokens[i].number), len(tokens))
    return [*tokens[:begin], *above, *tokens[begin:end], *below, *tokens[end:]]
