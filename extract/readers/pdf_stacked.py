"""Rows that no rule divides: the cells of a frame with upright rules only hold all their columns' amounts."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extract.readers.pdf_objects import Char
from extract.readers.pdf_tables import BBox, FoundLine, find_lines

_AMOUNT = re.compile(r"[-－(（△]?(?:\d[\d,，]*(?:[.．]\d+)?|[.．]\d+)[)）]?[%％]?")
_ITEM = re.compile(r"\s*(?:[一二三四五六七八九十]+、|[2-5]\d\d(?:\d\d){0,2}(?:\s*-?[\u4e00-\u9fff]|\s*$))")
# the whole of an amount that is wrapped in its cell
_WRAPPED = re.compile(r"[-－(（△]?\d[\d,，]*(?:[.．]\d{1,2})?[)）]?[%％]?")


def is_stack(boxes: Sequence[BBox | None], texts: Sequence[str | None]) -> bool:
    """Whether two cells at least hold amounts one below the other that are no wrapped ones, or a cell labels.

    Not so beside a cell merged over the next row: that is divided.
    """
    ends = [box[3] for box in boxes if box is not None]
    if max(ends) - min(ends) > 1:
        return False
    wrapped = [text for text in texts if text and "\n" in text]
    stacks = sum(map(_is_stacked, wrapped))
    least = 2 if stacks else 3
    return stacks > 1 or any(_lists_labels(text, least) for text in wrapped)


def _lists_labels(text: str, least: int) -> bool:
    """Whether numbered items or codes follow each other line by line, none of them a sentence."""
    opened = [line for line in text.split("\n") if _ITEM.match(line)]
    return len(opened) >= least and not any(mark in text for mark in "，。；,;")


def _is_stacked(text: str) -> bool:
    lines = ["".join(line.split()) for line in text.split("\n")]
    amounts: list[str] = []
    for line in reversed(lines):
        if not _AMOUNT.fullmatch(line):
            break
        amounts.insert(0, line)
    if len(amounts) < 2:
        return False
    return len(amounts) > 2 or not _WRAPPED.fullmatch("".join(amounts))


def lines_of_row(boxes: Sequence[BBox | None], chars: Sequence[Char]) -> list[FoundLine]:
    """The printed lines in a row of cells."""
    drawn = [box for box in boxes if box is not None]
    x0, x1 = min(box[0] for box in drawn), max(box[2] for box in drawn)
    top, bottom = min(box[1] for box in drawn), max(box[3] for box in drawn)
    return find_lines(
        char
        for char in chars
        if char.upright
        and x0 <= (char.x0 + char.x1) / 2 < x1
        and top <= (char.top + char.bottom) / 2 < bottom
    )
