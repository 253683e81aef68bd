"""Conservation: the amounts in the source text of a table, by another road than the table reader's.

On a page with a text layer these are the numeric tokens of its text stream inside the table's frame, each
with its place; in text they are found in the lines. Tokens of labels, codes, headers and notes are left out.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from extract.layout.numbers import amount_tokens
from extract.layout.source import SourceRow, SourceToken
from extract.layout.table import Table, Value
from extract.model import NUMBER_TOKEN, Box, Document
from extract.vocabulary import squeeze

_INNER_BLANK = re.compile(r"(?<=[\d,，.])[ \u3000\n]+(?=[\d,，.])")
# cells are looked up by the bands of this height that they reach into
_BAND = 25.0

# (text, x, y) of the numeric tokens of a page's text stream
Stream = Sequence[tuple[str, float, float]]
_Place = tuple[float, float, float, float]


def streams_of(document: Document) -> dict[int | None, Stream]:
    return {page.page_no: page.tokens for page in document.pages if page.tokens is not None}


def source_tokens(
    rows: Sequence[SourceRow], table: Table, streams: Mapping[int | None, Stream]
) -> list[SourceToken]:
    """The amounts of a table's source rows, page by page."""
    understood = {squeeze(text) for text in table.other_texts if text}
    found: list[SourceToken] = []
    rows = [part for row in rows for part in _by_page(row)]
    for page_no in dict.fromkeys(row.page_no for row in rows):
        here = [row for row in rows if row.page_no == page_no]
        values = [value for value in table.values if value.page_no == page_no]
        if page_no in streams:
            found += _on_page(here, values, understood, streams[page_no], page_no)
            continue
        written = [cell.text or "" for row in here for cell in row.cells]
        seen = {squeeze(text) for text in written}
        others = [text for text in table.other_texts if page_no is None or squeeze(text) in seen]
        # blanks inside a cell's number are no ends of it
        written, others = ([_INNER_BLANK.sub("", text) for text in part] for part in (written, others))
        found += text_tokens(written, others, values)
    return found


def _by_page(row: SourceRow) -> list[SourceRow]:
    """The row, or its parts where its further columns stand on another page."""
    pages = dict.fromkeys(cell.page_no or row.page_no for cell in row.cells)
    if len(pages) < 2:
        return [row]
    return [
        SourceRow(
            [cell for cell in row.cells if (cell.page_no or row.page_no) == page_no], row.line_no, page_no
        )
        for page_no in pages
    ]


def text_tokens(
    texts: Iterable[str], understood: Iterable[str], values: Sequence[Value]
) -> list[SourceToken]:
    """Amounts in lines of text: all tokens but those of understood texts.

    A landed amount may stand glued to another number (行次 31 and 0.00 as 310.00): it is found in it.
    """
    printed = _tokens(texts)
    rest = Counter(map(digits, printed))
    found: list[SourceToken] = []
    glued: list[Value] = []
    for value in values:
        wanted = digits(value.number.text)
        if rest[wanted] > 0:
            rest[wanted] -= 1
            found.append(SourceToken(value.number.text, value.page_no))
        else:
            glued.append(value)
    known = Counter(map(digits, _tokens(understood)))
    both = rest & known
    rest, known = rest - both, known - both
    for value in glued:
        wanted = digits(value.number.text)
        around = next((token for token in rest if token.endswith(wanted)), None)
        around = around or next((token for token in rest if wanted in token), None)
        if around is None or not wanted:
            continue
        rest[around] -= 1
        rest = +rest
        rest.update(part for part in around.split(wanted, 1) if part)
        found.append(SourceToken(value.number.text, value.page_no))
    texts_of = {digits(token): token for token in printed}
    return found + [SourceToken(texts_of.get(token, token)) for token in (rest - known).elements()]


def digits(text: str) -> str:
    return re.sub(r"\D", "", unicodedata.normalize("NFKC", text))


def _tokens(texts: Iterable[str]) -> list[str]:
    return [token for text in texts for token in amount_tokens(text)]


def _on_page(
    rows: Sequence[SourceRow],
    values: Sequence[Value],
    understood: set[str],
    stream: Stream,
    page_no: int | None,
) -> list[SourceToken]:
    """The stream's tokens cell by cell: those of a landed amount, and those that nothing accounts for."""
    cells: dict[_Place, str] = {}
    bands: dict[int, list[_Place]] = {}
    frame: Box | None = None
    for row in rows:
        for cell in row.cells:
            if cell.box is None or cell.text is None:
                continue
            place = _place(cell.box)
            cells[place] = cell.text
            frame = cell.box if frame is None else frame.union(cell.box)
            for band in range(int(place[1] // _BAND), int(place[3] // _BAND) + 1):
                bands.setdefault(band, []).append(place)
    if frame is None:
        return []
    inside: dict[_Place | None, list[tuple[str, float, float]]] = {}
    for token in stream:
        _, x, y = token
        if frame.x0 <= x < frame.x1 and frame.top <= y < frame.bottom:
            near = bands.get(int(y // _BAND), ())
            over = [p for p in near if p[0] <= x < p[2] and p[1] <= y < p[3]]
            inside.setdefault(min(over, key=_area) if over else None, []).append(token)
    landed: dict[_Place, list[Value]] = {}
    for value in values:
        if value.box is not None:
            landed.setdefault(_place(value.box), []).append(value)
    found: list[SourceToken] = []
    for at, tokens in inside.items():
        own = landed.get(at, []) if at else []
        if own:
            found += _of_values(own, tokens, page_no)
            continue
        text = cells[at] if at and _is_understood(cells[at], understood) else ""
        found += [SourceToken(token, page_no, x, y) for token, x, y in _beyond(text, tokens)]
    return found


def _is_understood(printed: str, understood: set[str]) -> bool:
    """Whether a cell's text is one of these, half of one that a page break cut, or two of them fused."""
    text = squeeze(printed)
    if text in understood or (len(text) > 7 and any(text in whole for whole in understood)):
        return True
    lines = printed.split("\n")
    return any(
        {squeeze("".join(lines[:n])), squeeze("".join(lines[n:]))} <= understood for n in range(1, len(lines))
    )


def _beyond(text: str, tokens: list[tuple[str, float, float]]) -> list[tuple[str, float, float]]:
    """The tokens that an understood text does not have: more digits stand at its place than in it."""
    if len(digits(text)) >= sum(len(digits(token)) for token, _, _ in tokens):
        return []
    known = Counter(map(digits, NUMBER_TOKEN.findall(text)))
    rest = []
    for token in tokens:
        known[digits(token[0])] -= 1
        if known[digits(token[0])] < 0:
            rest.append(token)
    return rest


def _of_values(
    values: Sequence[Value], tokens: list[tuple[str, float, float]], page_no: int | None
) -> list[SourceToken]:
    """The tokens of a cell with amounts: one a landed amount; all of them where one is not found again."""
    found: list[SourceToken] = []
    rest = list(tokens)
    lost = False
    for value in values:
        wanted = digits(value.number.text)
        same = next((token for token in rest if digits(token[0]) == wanted), None)
        if same is not None:
            rest.remove(same)
            found.append(SourceToken(same[0], page_no, same[1], same[2]))
        elif rest and "".join(digits(text) for text, _, _ in rest) == wanted:
            # an amount wrapped in its cell
            _, x, y = rest[0]
            found.append(SourceToken("".join(text for text, _, _ in rest), page_no, x, y))
            rest = []
        else:
            lost = True
    if lost:
        found += [SourceToken(text, page_no, x, y) for text, x, y in rest]
    return found


def _place(box: Box) -> _Place:
    return (box.x0, box.top, box.x1, box.bottom)


def _area(place: _Place) -> float:
    return (place[2] - place[0]) * (place[3] - place[1])
