"""Page numbers printed over a table that reaches down to them: they are no part of its cells.

All pages of the document together tell where its page numbers stand and from which page they count.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from extract.model import Word
from extract.readers.pdf_objects import Char
from extract.readers.pdf_tables import FoundLine, FoundTable, find_lines

_NUMBER = re.compile(r"[-—－–―·•~～]*第?(\d{1,4})页?(?:[,，/]?共?\d{1,4}页)?[-—－–―·•~～]*")
# page numbers stand in this part of the page at its upper and lower end
_EDGE = 0.12
# the same place: base lines in points, the middle in parts of the page's width
_LEVEL, _MIDDLE = 2.0, 0.02
# so many pages count on at one place, or all of a document that has fewer
_PAGES = 3

# the page, the page that its number counts from, the middle, and the base line from the lower end
Counted = tuple[int, int, float, float]


def is_number(text: str) -> bool:
    """Whether a text is a page's number and nothing else."""
    return _NUMBER.fullmatch("".join(text.split())) is not None


def counted(
    page_no: int, text: str, left: float, right: float, base: float, size: tuple[float, float]
) -> Counted | None:
    """A line of text as the number of its page, by its place; None where it is none."""
    number = _NUMBER.fullmatch("".join(text.split()))
    if number is None or _EDGE * size[1] < base < size[1] * (1 - _EDGE):
        return None
    return page_no, page_no - int(number[1]), (left + right) / 2 / size[0], size[1] - base


class PageNumbers:
    """The page numbers of a document, looked for once a table has something that may be one."""

    def __init__(self, look: Callable[[], Iterable[Counted]], page_count: int) -> None:
        self._look = look
        self._least = min(_PAGES, page_count)
        self._known: list[Counted] | None = None

    def within(
        self,
        tables: Sequence[FoundTable],
        chars: Sequence[Char],
        table_of_char: Sequence[int],
        page_no: int,
        size: tuple[float, float],
    ) -> tuple[set[int], list[Word]]:
        """The characters of the page's number that stand in a table, and the words that they make."""
        edge = _EDGE * size[1]
        if all(edge <= table.bbox[1] and table.bbox[3] <= size[1] - edge for table in tables):
            return set(), []
        inside = [
            i
            for i, (char, number) in enumerate(zip(chars, table_of_char, strict=True))
            if number >= 0 and not edge < char.base < size[1] - edge
        ]
        places: set[int] = set()
        found: list[Word] = []
        for line in find_lines([chars[i] for i in inside]):
            for word in _numbers(line):
                own = [i for i in inside if _is_of(chars[i], word)]
                here = counted(page_no, word.text, word.box.x0, word.box.x1, chars[own[0]].base, size)
                if here is not None and self._is_known(here):
                    found.append(word)
                    places.update(own)
        return places, found

    def _is_known(self, here: Counted) -> bool:
        if self._known is None:
            self._known = list(self._look())
        page_no, start, middle, level = here
        others = {
            other
            for other, first, place, base in self._known
            if first == start
            and abs(base - level) < _LEVEL
            and min(abs(middle - place), abs(1 - middle - place)) < _MIDDLE
        }
        return len(others | {page_no}) >= self._least > 1


def _is_of(char: Char, word: Word) -> bool:
    return (
        word.box.x0 <= char.x0
        and char.x1 <= word.box.x1
        and word.box.top <= (char.top + char.bottom) / 2 <= word.box.bottom
    )


def _numbers(line: FoundLine) -> list[Word]:
    """The words of a line that may be its page's number, with the dashes around them."""
    found: list[Word] = []
    for count in (3, 2, 1):
        for first in range(len(line.words) - count + 1):
            part = line.words[first : first + count]
            if not is_number("".join(word.text for word in part)):
                continue
            box = part[0].box
            for word in part[1:]:
                box = box.union(word.box)
            found.append(Word("".join(word.text for word in part), box))
    return found
