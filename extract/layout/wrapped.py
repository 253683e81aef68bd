"""Names of a coded table wrapped around the line of their code, put back between code and amounts.

Such a name has as many lines above its code as below; header lines repeated on a new page are left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from extract.layout.tokens import Token
from extract.vocabulary import Vocabulary, normalise

_CODE = re.compile(r"\d{3}|\d{5}|\d{7}")
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
