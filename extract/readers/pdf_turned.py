"""Pages whose text lies on its side or upside down although the page is not marked as turned."""

from __future__ import annotations

import copy
from collections import Counter
from typing import Any

from pdfplumber.page import Page

# a page is turned where so much of its text is; seals, watermarks and page numbers stand as they like
_MOST = 0.75


def turn_of(page: Any) -> int:
    """By how many degrees a pdfplumber page must be turned clockwise for its text to stand upright."""
    turns = Counter(_turn(*char["matrix"][:2]) for char in page.chars if not char["text"].isspace())
    turn, count = turns.most_common(1)[0] if turns else (0, 0)
    return turn if turn and count >= _MOST * turns.total() else 0


def _turn(ahead: float, up: float) -> int:
    """The turn for text that runs this way; slanted text has none."""
    if abs(up) > 100 * abs(ahead):
        return 90 if up > 0 else 270
    return 180 if ahead < 0 and abs(ahead) > 100 * abs(up) else 0


def turned_page(page: Any, turn: int) -> Page:
    """The same page, shown as its text stands."""
    shown = copy.copy(page.page_obj)
    shown.rotate = (page.rotation + turn) % 360
    shown.attrs = {**shown.attrs, "Rotate": shown.rotate}
    return Page(page.pdf, shown, page.page_number, page.initial_doctop)
