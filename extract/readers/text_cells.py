"""What a text of the web or of a text layer means by its tabs and bars: cells, or gaps between words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extract.layout.numbers import parse_amount
from extract.markers import marker
from extract.model import Cell, GridRow
from extract.vocabulary import load_vocabulary, squeeze

_BAR = re.compile(r"[|｜│]")
_RULE = re.compile(r"[\s|｜│:：+\-—─=]*")
# what a converter prints between two pages
_PAGE_MARK = re.compile(
    r"\W{2,}(?:page[\W_]?break|page[\W_]{0,3}\d{1,4}(?:\W{1,3}(?:of\W{1,3})?\d{1,4})?|\d{1,4}\s?(?:of|/)\s?\d{1,4})\W{2,}",
    re.IGNORECASE,
)
_GAP = re.compile(r" +\t *")
# a table of fewer cells, each on a line of its own, could be read in several ways
_MIN_CELLS = 6
_MAX_WIDTH = 15


def is_page_mark(line: str) -> bool:
    """Whether a line only says that a page ends: `-- PAGE_BREAK --`, `--- Page 3 ---`, `-- 3 of 24 --`."""
    return _PAGE_MARK.fullmatch(line.strip()) is not None


def without_gaps(text: str) -> str:
    """The text with blanks for its tabs where they stand between words and not between cells.

    A text layer prints words with a blank and a tab between them: nothing says that a cell is blank, so that
    the tabs of a row tell no columns.
    """
    if "\t" not in text or re.search(r"[^ ]\t|\t *(?:\t|\n|$)|(?:^|\n) *\t", text):
        return text
    widths = {line.count("\t") for line in text.split("\n") if "\t" in line}
    return _GAP.sub(" ", text) if len(widths) > 1 else text


def barred_rows(lines: list[str]) -> dict[int, GridRow | None]:
    """The rows of tables drawn with bars (`a | b |`), by the index of their line.

    None for a line that is a part of a table and no row: a rule below a header, a cell of the row above it.
    """
    found: dict[int, GridRow | None] = {}
    for start, end in _runs(lines):
        found.update(_table(lines, start, end))
    return found


def _runs(lines: list[str]) -> Iterator[tuple[int, int]]:
    start = None
    for i, line in enumerate([*lines, ""]):
        if _BAR.search(line):
            start = i if start is None else start
        elif start is not None:
            if i - start > 1:
                yield start, i
            start = None


def _table(lines: list[str], start: int, end: int) -> dict[int, GridRow | None]:
    texts = [line.strip() for line in lines[start:end]]
    # bars only are the places that a cell merged over its row covers
    lined = dict(enumerate(texts, start=start))
    spread = {i for i, text in lined.items() if len(text) > 1 and not _BAR.sub("", text).strip()}
    cells = {i: text[:-1].strip() for i, text in lined.items() if i not in spread}
    if all(len(_BAR.findall(lined[i])) == 1 and _BAR.fullmatch(lined[i][-1]) for i in cells):
        above = {i for i in cells if i + 1 in spread}
        alone = {i: GridRow([Cell(cells[i]), Cell("")], i + 1) for i in above}
        found = _cell_by_cell({i: text for i, text in cells.items() if i not in above})
        return {**dict.fromkeys(spread), **alone, **found} if found else {}
    framed = all(_BAR.match(text) for text in texts)
    rows: dict[int, GridRow | None] = {}
    for i, text in enumerate(texts, start=start):
        if _RULE.fullmatch(text) and re.search(r"[-—─=]", text):
            rows[i] = None
            continue
        inner = text[1:] if framed else text
        inner = inner[:-1] if inner and _BAR.fullmatch(inner[-1]) else inner
        rows[i] = GridRow([Cell(part.strip()) for part in _BAR.split(inner)], i + 1)
    rows = _without_card(rows)
    held = [row for row in rows.values() if row is not None and len(row.cells) > 1]
    has_amounts = any(parse_amount(cell.text or "") for row in held for cell in row.cells[1:])
    return rows if len(held) > 1 and has_amounts else {}


def _without_card(rows: dict[int, GridRow | None]) -> dict[int, GridRow | None]:
    """The rows below the card of a web page (索引号 | … | 发布机构 | …) that stands in the same frame."""
    furniture = marker("identity_page_furniture")
    last = None
    for i, row in rows.items():
        cells = row.cells if row is not None else []
        if any(furniture.fullmatch(squeeze(cell.text or "")) for cell in cells):
            last = i
        elif any(parse_amount(cell.text or "") for cell in cells):
            break
    return rows if last is None else {i: row for i, row in rows.items() if i > last}


def _cell_by_cell(cells: dict[int, str]) -> dict[int, GridRow | None]:
    """Rows from cells on lines of their own: as wide as the header that stands before the first amount."""
    texts, places = list(cells.values()), list(cells)
    first = next((i for i, text in enumerate(texts) if parse_amount(text)), 0)
    for width in range(min(first - 1, _MAX_WIDTH), 1, -1):
        rows = [texts[i : i + width] for i in range(0, len(texts), width)]
        if len(texts) >= _MIN_CELLS and _is_even(rows[1:]):
            found: dict[int, GridRow | None] = dict.fromkeys(places)
            for i, row in enumerate(rows):
                at = places[i * width]
                found[at] = GridRow([Cell(text) for text in row], at + 1)
            return found
    return {}


def _is_even(rows: list[list[str]]) -> bool:
    """Whether each column holds words only or amounts only, and the first one words."""
    is_a = load_vocabulary().is_a
    for j in range(len(rows[0])):
        texts = [row[j] for row in rows if j < len(row) and row[j] and not is_a("dash", row[j])]
        are_amounts = {parse_amount(text) is not None for text in texts}
        if len(are_amounts) > 1 or (j == 0 and are_amounts != {False}):
            return False
    return True
