"""Page numbers printed over a table that reaches down to them: they are no part of its cells.

Other pages of the document tell where its page numbers stand and from which page they count.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from extract.model import Word
from extract.readers.pdf_objects import Char
from extract.readers.pdf_tables import FoundLine, find_lines

_NUMBER = re.compile(r"[-—－–―·•~～]*第?(\d{1,4})页?[-—－–―·•~～]*")
# page numbers stand in this part of the page at its upper and lower end
_EDGE = 0.12
# the same place: levels in points, the middle in parts of the page's width
_LEVEL, _MIDDLE = 2.0, 0.02


class PageNumbers:
    """The page numbers met so far: their distance from the lower end, their middle, their first page."""

    def __init__(self) -> None:
        self._known: set[tuple[int, float, int]] = set()

    def learn(self, lines: Sequence[FoundLine], page_no: int, size: tuple[float, float]) -> None:
        """Note the page number among the lines outside of tables."""
        for line in lines:
            found = _NUMBER.fullmatch("".join(line.text.split()))
            middle = (line.box.top + line.box.bottom) / 2
            if found and min(middle, size[1] - middle) < _EDGE * size[1]:
                place = (line.box.x0 + line.box.x1) / 2 / size[0]
                level = round(size[1] - line.box.bottom)
                self._known.add((level, round(place, 2), page_no - int(found[1])))

    def within(
        self, chars: Sequence[Char], table_of_char: Sequence[int], page_no: int, size: tuple[float, float]
    ) -> tuple[set[int], list[Word]]:
        """The characters of the page's number that stand in a table, and the words that they make."""
        levels = {size[1] - level for level, _, _ in self._known}
        if not levels:
            return set(), []
        low, high = min(levels) - _LEVEL, max(levels) + _LEVEL
        inside = [
            i
            for i, (char, number) in enumerate(zip(chars, table_of_char, strict=True))
            if number >= 0
            and low < char.bottom < high
            and any(abs(char.bottom - level) < _LEVEL for level in levels)
        ]
        words = [word for line in find_lines([chars[i] for i in inside]) for word in _numbers(line)]
        found = [word for word in words if self._is_known(word, page_no, size)]
        places = {
            i
            for i in inside
            for word in found
            if word.box.x0 <= chars[i].x0
            and chars[i].x1 <= word.box.x1
            and abs(chars[i].bottom - word.box.bottom) < _LEVEL
        }
        return places, found

    def _is_known(self, word: Word, page_no: int, size: tuple[float, float]) -> bool:
        number = _NUMBER.fullmatch(word.text)
        middle = (word.box.x0 + word.box.x1) / 2 / size[0]
        return number is not None and any(
            abs(size[1] - word.box.bottom - level) < _LEVEL
            and min(abs(middle - place), abs(1 - middle - place)) < _MIDDLE
            and int(number[1]) == page_no - start
            for level, place, start in self._known
        )


def _numbers(line: FoundLine) -> list[Word]:
    """The words of a line that may be its page's number, with the dashes around them."""
    words = [word for word in line.words if _NUMBER.fullmatch(word.text)]
    for one, other in pairwise(line.words):
        words.append(Word(one.text + other.text, one.box.union(other.box)))
    for one, middle, other in zip(line.words, line.words[1:], line.words[2:], strict=False):
        words.append(Word(one.text + middle.text + other.text, one.box.union(middle.box).union(other.box)))
    return [word for word in words if _NUMBER.fullmatch(word.text)]
