"""Header words out of order, recognised as one of the standard forms."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from extract.vocabulary import Form, Vocabulary, normalise


def _found(part: str, header: str) -> int:
    """How many characters of a text occur in the header; 0 for none. A clipped last one is forgiven."""
    plain = normalise(part)
    if "{year}" in plain:
        return len(plain) if re.search(re.escape(plain).replace(re.escape("{year}"), r"\d{4}"), header) else 0
    if plain in header:
        return len(plain)
    return len(plain) - 1 if len(plain) > 5 and plain[:-1] in header else 0


def pieces_of(part: str, words: Sequence[str], used: AbstractSet[int] = frozenset()) -> list[int]:
    """The places of the header words that spell a text wrapped over several lines; [] when none do.

    Cells beside it stand between the pieces: each piece is a whole word, and their order is that of the text.
    """
    plain = normalise(part)

    def spell(rest: str, start: int) -> list[int] | None:
        if not rest:
            return []
        for i in range(start, len(words)):
            if words[i] and i not in used and rest.startswith(words[i]):
                tail = spell(rest[len(words[i]) :], i + 1)
                if tail is not None:
                    return [i, *tail]
        return None

    return (spell(plain, 0) or []) if len(plain) > 3 else []


def choose_forms(
    header: str, words: Sequence[str], widths: Counter[int], vocabulary: Vocabulary, lanes: int = 0
) -> list[Form]:
    """The forms all of whose texts occur in the header, explaining most of it and fitting the rows best.

    `header` is normalised and `words` are its words in reading order; `widths` counts how many numbers the
    rows have; `lanes` is how many lists stand side by side, 0 where that is not known. Forms that differ in
    the order of their columns only are equally good: all are given.
    """
    best: tuple[int, int] | None = None
    chosen: list[Form] = []
    # a single overlong row is damage, not a width
    usual = [w for w, count in widths.items() if w and (count > 1 or sum(widths.values()) < 3)]
    width = max(usual, default=0)
    for form in vocabulary.forms:
        parts = {part for column in form.columns for part in column.path}
        found = [_found(part, header) or sum(len(words[i]) for i in pieces_of(part, words)) for part in parts]
        if not all(found):
            continue
        columns = Counter(column.lane_no for column in form.columns)
        if max(columns.values()) < width or (lanes and len(columns) != lanes):
            continue
        score = (sum(found), -abs(max(columns.values()) - width))
        if best is None or score > best:
            best, chosen = score, []
        if score == best:
            chosen.append(form)
    return chosen


def unexplained(header: str, words: Sequence[str], form: Form) -> str:
    """What is left of the header without the words of the form."""
    parts = {normalise(part) for column in form.columns for part in column.path}
    used: set[int] = set()
    for part in sorted(parts):
        if part not in header:
            used.update(pieces_of(part, words, used))
    if used:
        header = " ".join(word for i, word in enumerate(words) if i not in used)
    for part in sorted(parts, key=len, reverse=True):
        header = header.replace(part, " ")
    return header
