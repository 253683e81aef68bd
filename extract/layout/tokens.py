"""Words and numbers of a line of bare text, run-together ones parted and codes in parts joined."""

from __future__ import annotations

import re
from dataclasses import dataclass

from extract.layout.numbers import Number, parse_amount
from extract.model import Line

# an amount with two decimals or commas runs into the next code or label
_GLUED = re.compile(
    r"\d\.\d\d(?=(?:\d{3}|\d{5}|\d{7})\s*[\u4e00-\u9fff])|\d\.\d\d(?=[^\d\s.,%])"
    r"|\d\.\d{3,6}(?=[\u4e00-\u9fff])|\d,\d{3}(?=[\u4e00-\u9fff（])"
)
_LABEL_CODE = re.compile(r"([\u4e00-\u9fff）])(\d{5}|\d{7})(?=\s)")
# a code at the start of a line or behind an amount runs into its name
_CODE_LABEL = re.compile(r"(?:(?<=^)|(?<=\s))(\d{7}|\d{5}|\d{3})(?=[\u4e00-\u9fff])(?!\d*[年月日%])")
_CLASS = re.compile(r"\d{3}")
_LEVEL = re.compile(r"\d{1,2}")
_LEVEL_AND_NAME = re.compile(r"(\d{1,2})([\u4e00-\u9fff].*)")


@dataclass(slots=True)
class Token:
    """A word or number of a line; `number` is None for words."""

    text: str
    line: Line
    number: Number | None = None

    @property
    def is_integer(self) -> bool:
        return self.number is not None and self.text.isdigit()

    @property
    def is_marked(self) -> bool:
        """A number with a point or commas: an amount and no code."""
        return self.number is not None and ("." in self.text or "," in self.text)


def tokens_of(line: Line) -> list[Token]:
    return [Token(word, line, parse_amount(word)) for word in unglue(line.text).split()]


def unglue(text: str) -> str:
    """The text with blanks where an amount, a label and the next code run together."""
    text = _GLUED.sub(lambda m: m[0] + " ", text)
    return _CODE_LABEL.sub(r"\1 ", _LABEL_CODE.sub(r"\1 \2 ", text))


def join_codes(tokens: list[Token]) -> list[Token]:
    """`208 05 01 name`, `301 01name` and `301 2 name` with each code in one token."""
    joined: list[Token] = []
    i = 0
    while i < len(tokens):
        count = _code_parts(tokens, i)
        if not count:
            joined.append(tokens[i])
            i += 1
            continue
        last = _LEVEL_AND_NAME.fullmatch(tokens[i + count - 1].text)
        levels = [t.text for t in tokens[i + 1 : i + count - 1]] + [
            (last or [tokens[i + count - 1].text] * 2)[1]
        ]
        digits = tokens[i].text + "".join(level.zfill(2) for level in levels)
        joined.append(Token(digits, tokens[i].line, parse_amount(digits)))
        if last:
            joined.append(Token(last[2], tokens[i].line))
        i += count
    return joined


def _code_parts(tokens: list[Token], i: int) -> int:
    """How many tokens from here on spell a code level by level (类 款 项); 0 for none."""
    if not _CLASS.fullmatch(tokens[i].text):
        return 0
    at = i + 1
    while at < min(len(tokens), i + 3):
        if _LEVEL_AND_NAME.fullmatch(tokens[at].text):
            return at - i + 1
        if not _LEVEL.fullmatch(tokens[at].text):
            break
        at += 1
    if at == i + 1:
        return 0
    following = tokens[at] if at < len(tokens) else None
    if following is not None and following.number is None:
        return at - i
    # without a name behind it, bare numbers could be amounts without decimals
    starts = i == 0 or tokens[i - 1].number is not None
    whole = all(len(t.text) == 2 for t in tokens[i + 1 : at])
    return at - i if starts and whole and (following is None or following.is_marked) else 0
