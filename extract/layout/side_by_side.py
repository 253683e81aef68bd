"""Two lists side by side in bare text, income and expenditure, with no row numbers to tell them apart.

Which side an item stands on is told by its name (the catalogue knows the names of both), or by its order on
a line that has one of each.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from extract.layout.tokens import Token
from extract.model import Line
from extract.vocabulary import Vocabulary, plain_label

NUMBERED = re.compile(
    r"(?:[一二三四五六七八九十]+[、.．]|[（(][一二三四五六七八九十\d]+[)）]|\d{1,2}[.．、])"
)
_CODE = re.compile(r"[2-5]\d\d(?:\d\d){0,2}")
_LEFT, _RIGHT = 1, 2


@dataclass(slots=True)
class Item:
    """A label and its amounts; `side` 0 where nothing tells it."""

    line: Line
    words: list[str] = field(default_factory=list)
    numbers: list[Token] = field(default_factory=list)
    side: int = 0
    code: str = ""

    @property
    def label(self) -> str:
        return "".join(self.words)


def items_by_line(lines: list[list[Token]], vocabulary: Vocabulary) -> list[list[Item]] | None:
    """The items of each line with their sides; None where the names are not those of two lists."""
    parted = [_items(tokens, vocabulary) for tokens in _unwrapped(lines, vocabulary)]
    _join_wrapped(parted, vocabulary)
    if sum(len([item for item in items if item.numbers]) > 2 for items in parted) > 1:
        # three or four lists, not two
        return None
    named = 0
    for items in parted:
        for item in items:
            item.side = _side_of(item.label, vocabulary)
            named += item.side > 0
        if items and all(item.side for item in items) and [i.side for i in items] != [_RIGHT, _LEFT]:
            # by their names, however many lines run together into one
            continue
        if len(items) == 2:
            for item, side in zip(items, (_LEFT, _RIGHT), strict=True):
                item.side = item.side or side
            if [item.side for item in items] != [_LEFT, _RIGHT]:
                items[0].side = items[1].side = 0
        elif len(items) > 2:
            for item in items:
                item.side = 0
    return parted if named * 2 > sum(map(len, parted)) else None


def _unwrapped(lines: list[list[Token]], vocabulary: Vocabulary) -> list[list[Token]]:
    """The lines with each name that is wrapped around the line of its amounts put before them."""
    counts = Counter(
        len(tokens) - 1
        for tokens in lines
        if len(tokens) > 1
        and all(token.number for token in tokens[1:])
        and _side_of(tokens[0].text, vocabulary) == _RIGHT
    )
    usual = max(counts, key=lambda count: counts[count], default=0)
    found: list[list[Token]] = []
    i = 0
    while i < len(lines):
        above, line, below = (lines[k] if k < len(lines) else [] for k in (i, i + 1, i + 2))
        row = _around(above, line, below, usual, vocabulary)
        found.append(row or above)
        i += 3 if row else 1
    return found


def _around(
    above: list[Token], line: list[Token], below: list[Token], usual: int, vocabulary: Vocabulary
) -> list[Token] | None:
    """The line with the name that stands above and below it; None where both are not one name."""
    begin = next((k for k, token in enumerate(line) if token.number), None)
    if begin is None or not above or not below or any(token.number for token in [*above, *below]):
        return None
    name = "".join(token.text for token in [*above, *below])
    if not is_known(name, vocabulary) or is_known("".join(t.text for t in below), vocabulary):
        return None
    words = [Token("".join(token.text for token in part), part[0].line) for part in (above, below)]
    side, own = _side_of(name, vocabulary), _side_of("".join(t.text for t in line[:begin]), vocabulary)
    if not begin or (side, own) == (_LEFT, _RIGHT):
        return [*words, *line]
    if (side, own) == (_RIGHT, _LEFT) and usual and all(token.number for token in line[begin:]):
        at = max(begin, len(line) - usual)
        return [*line[:at], *words, *line[at:]]
    return None


def _items(tokens: list[Token], vocabulary: Vocabulary) -> list[Item]:
    items: list[Item] = []
    for token, following in zip(tokens, [*tokens[1:], None], strict=True):
        item = items[-1] if items else None
        if (
            _CODE.fullmatch(token.text)
            and following is not None
            and following.number is None
            and is_known(following.text, vocabulary)
        ):
            items.append(Item(token.line, code=token.text))
            continue
        if token.number is not None:
            if item is None:
                items.append(item := Item(token.line))
            item.numbers.append(token)
            continue
        begins = (
            item is None
            or item.numbers
            or (
                item.words
                and not NUMBERED.fullmatch(item.label)
                and (
                    NUMBERED.match(token.text)
                    or (is_known(item.label, vocabulary) and is_known(token.text, vocabulary))
                )
            )
        )
        if begins:
            items.append(Item(token.line, [token.text]))
        elif item is not None:
            item.words.append(token.text)
    return items


def _join_wrapped(parted: list[list[Item]], vocabulary: Vocabulary) -> None:
    """A line of words only that completes the name of the item before it."""
    last: Item | None = None
    for items in parted:
        alone = items[0] if len(items) == 1 else None
        if alone and last and not alone.numbers and not NUMBERED.match(alone.label):
            whole = last.label + alone.label
            if not is_known(alone.label, vocabulary) and (
                is_known(whole, vocabulary) or not is_known(last.label, vocabulary)
            ):
                last.words += alone.words
                items.clear()
        if items:
            last = items[-1]


def is_known(label: str, vocabulary: Vocabulary) -> bool:
    return plain_label(label) in vocabulary.sides


def _side_of(label: str, vocabulary: Vocabulary) -> int:
    return {"income": _LEFT, "expenditure": _RIGHT}.get(vocabulary.sides.get(plain_label(label), ""), 0)
