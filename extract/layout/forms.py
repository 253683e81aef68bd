"""Header words out of order, recognised as one of the standard forms."""

from __future__ import annotations

import re
from collections import Counter

from extract.vocabulary import Form, Vocabulary, normalise


def _found(part: str, header: str) -> int:
    """How many characters of a text occur in the header; 0 for none. A clipped last one is forgiven."""
    plain = normalise(part)
    if "{year}" in plain:
        return len(plain) if re.search(re.escape(plain).replace(re.escape("{year}"), r"\d{4}"), header) else 0
    if plain in header:
        return len(plain)
    return len(plain) - 1 if len(plain) > 5 and plain[:-1] in header else 0


def choose_form(header: str, widths: Counter[int], vocabulary: Vocabulary) -> Form | None:
    """The form all of whose texts occur in the header, explaining most of it and fitting the rows best.

    `header` is normalised; `widths` counts how many numbers the rows have.
    """
    best: tuple[int, int, Form] | None = None
    # a single overlong row is damage, not a width
    usual = [w for w, count in widths.items() if w and (count > 1 or sum(widths.values()) < 3)]
    width = max(usual, default=0)
    for form in vocabulary.forms:
        parts = {part for column in form.columns for part in column.path}
        found = [_found(part, header) for part in parts]
        if not all(found):
            continue
        lanes = Counter(column.lane_no for column in form.columns)
        if max(lanes.values()) < width:
            continue
        score = (sum(found), -abs(max(lanes.values()) - width))
        if best is None or score > best[:2]:
            best = (*score, form)
    return best[2] if best else None
