"""Pictures of the parts of PDF pages that findings speak of, with the cells in question marked.

`plan` says what to show, `draw` renders one document (in a process that may be killed), `collect` takes in
what came of it. A page that cannot be rendered gives no picture and a reason, never a broken report.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

if TYPE_CHECKING:
    import pypdfium2
    from PIL import Image

# the worst findings come first; what is beyond is counted and has no picture
MOST_PICTURES = 300
MOST_BYTES = 12_000_000
MOST_PIXELS = 4_000_000
WIDEST = 1400
LARGEST_SCALE = 2.0
# points of the page: all parts of a picture together, a header above the first row, around a part
TALLEST = 560.0
HEADER = 64.0
MARGIN = 8.0
NEIGHBOURS = 2
MOST_MARKS = 200

TERM, CANDIDATE, SUSPECT = 1, 2, 3
GREYS = 8
TINTS = {0: (255, 255, 255), TERM: (222, 236, 252), CANDIDATE: (255, 236, 200), SUSPECT: (255, 208, 204)}
OUTLINES = {TERM: (52, 120, 198), CANDIDATE: (196, 120, 0), SUSPECT: (200, 20, 20)}
SEPARATOR = GREYS * len(TINTS) + len(OUTLINES) + 1

Box = tuple[float, float, float, float]  # x0, top, x1, bottom

VIEWS_SQL = """
with chosen as (
    select
        finding.*,
        row_number() over (
            order by list_position(['error', 'warning', 'minor'], finding.severity),
                finding.document_name, finding.page_no, finding.finding_id
        ) as place
    from quality.finding as finding
    inner join raw.document as landed
        on landed.document_id = finding.document_id and landed.media_type = 'pdf'
    where finding.page_no is not null and finding.severity in ('error', 'warning', 'minor')
    qualify place <= $most
),

marked as (
    select finding_id, 3 as kind, x0, top, x1, bottom from chosen where x0 is not null and cell_id is not null
    union all
    select chosen.finding_id, 2, cell.x0, cell.top, cell.x1, cell.bottom
    from (select *, unnest(candidates) as candidate from chosen where is_undecided) as chosen
    inner join intermediate.int_published_amount as cell
        on cell.cell_id = chosen.candidate and cell.page_no = chosen.page_no and cell.x0 is not null
    union all
    select chosen.finding_id, 1, cell.x0, cell.top, cell.x1, cell.bottom
    from (select *, unnest(equations[1:20]) as equation_id from chosen) as chosen
    inner join quality.reconciliation_term as term on term.equation_id = chosen.equation_id
    inner join intermediate.int_published_amount as cell
        on cell.cell_id = term.cell_id and cell.document_id = chosen.document_id
        and cell.page_no = chosen.page_no and cell.x0 is not null
),

strongest as (
    select finding_id, x0, top, x1, bottom, max(kind) as kind
    from marked
    group by all
),

marks as (
    select
        finding_id,
        list(
            {'kind': kind, 'x0': x0, 'top': top, 'x1': x1, 'bottom': bottom} order by kind desc, top, x0
        ) as marks
    from strongest
    group by finding_id
),

rows_of_tables as (
    select document_id, table_no, page_no,
        list(distinct {'top': top, 'bottom': bottom, 'x0': x0, 'x1': x1}) as lines
    from (
        select document_id, table_no, page_no, top, bottom, x0, x1 from raw.table_row
        union all by name
        select document_id, table_no, page_no, top, bottom, x0, x1 from raw.cell
    )
    where x0 is not null
        and (document_id, table_no, page_no) in (select document_id, table_no, page_no from chosen)
    group by all
)

select chosen.finding_id, chosen.document_id, chosen.page_no, marks.marks, rows_of_tables.lines,
    chosen.quote,
    case
        when chosen.cell_id is null and chosen.x0 is not null
            then {'x0': chosen.x0, 'top': chosen.top, 'x1': chosen.x1, 'bottom': chosen.bottom}
    end as sentence
from chosen
left join marks on marks.finding_id = chosen.finding_id
left join rows_of_tables
    on rows_of_tables.document_id = chosen.document_id and rows_of_tables.table_no = chosen.table_no
    and rows_of_tables.page_no = chosen.page_no
order by chosen.place
"""


class BrokenPages(Exception):
    """Pages that could not be rendered; the pictures of the others are there."""


@dataclass(frozen=True, slots=True)
class Mark:
    kind: int
    box: Box


@dataclass(frozen=True, slots=True)
class View:
    """What one picture shows. Where no cell is known, the lines of `quote` are looked for on the page."""

    finding_id: str
    page_no: int
    marks: tuple[Mark, ...]
    lines: tuple[Box, ...]  # boxes of the table's rows and cells on this page
    quote: str = ""
    sentence: Box | None = None  # where the quote stands; marked as a whole where its lines are not found


@dataclass(slots=True)
class Pictures:
    """PNG files as base64 by finding, and why others have none."""

    images: dict[str, str] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)


def plan(connection: duckdb.DuckDBPyConnection, most: int = MOST_PICTURES) -> dict[str, list[View]]:
    """The views to draw by document, worst findings first."""
    views: dict[str, list[View]] = {}
    try:
        rows = connection.execute(VIEWS_SQL, {"most": most}).fetchall()
    except duckdb.CatalogException:
        return views  # a build that failed before there were findings
    for finding_id, document_id, page_no, marks, lines, quote, sentence in rows:
        view = View(
            finding_id,
            page_no,
            tuple(Mark(mark["kind"], _box(mark)) for mark in (marks or [])[:MOST_MARKS]),
            tuple(_box(line) for line in lines or []),
            quote or "",
            _box(sentence) if sentence else None,
        )
        if view.marks or view.quote or view.sentence:
            views.setdefault(document_id, []).append(view)
    return views


def _box(entry: Mapping[str, Any]) -> Box:
    return entry["x0"], entry["top"], entry["x1"], entry["bottom"]


def draw(document: Path, views: Sequence[View], folder: Path) -> None:
    """Write one PNG a view, named after its finding. A page that fails keeps no other from being drawn."""
    import pypdfium2

    broken = []
    pdf = pypdfium2.PdfDocument(document)
    try:
        for page_no in sorted({view.page_no for view in views}):
            try:
                _draw_page(pdf, page_no, [view for view in views if view.page_no == page_no], folder)
            except (pypdfium2.PdfiumError, IndexError, ValueError) as error:
                broken.append(f"page {page_no}: {error}")
    finally:
        pdf.close()
    if broken:
        raise BrokenPages("; ".join(broken))


def _draw_page(pdf: pypdfium2.PdfDocument, page_no: int, views: Sequence[View], folder: Path) -> None:
    page = pdf[page_no - 1]
    try:
        width, height = page.get_size()
        scale = min(LARGEST_SCALE, WIDEST / max(width, 1), math.sqrt(MOST_PIXELS / max(width * height, 1)))
        image = page.render(scale=scale, grayscale=True, may_draw_forms=True).to_pil().convert("L")
        for view in views:
            marks = view.marks
            if not any(mark.kind != TERM for mark in marks):
                marks += tuple(Mark(SUSPECT, box) for box in text_boxes(page, view.quote, view.sentence))
            if not marks:
                continue
            picture = compose(image, scale, marks, view.lines)
            new = folder / f".{view.finding_id}.png"
            picture.save(new, "PNG", compress_level=7)
            new.replace(folder / f"{view.finding_id}.png")
    finally:
        page.close()


def text_boxes(page: pypdfium2.PdfPage, quote: str, sentence: Box | None) -> list[Box]:
    """The lines of a quote; the sentence as a whole where they are not found, or found in another place."""
    lines = find_text(page, quote)
    if sentence is None:
        return lines
    inside = [box for box in lines if box[1] < sentence[3] and box[3] > sentence[1]]
    return inside or [sentence]


def find_text(page: pypdfium2.PdfPage, quote: str) -> list[Box]:
    """Boxes of the lines of a text on the page, in points from the top left; blanks do not count.

    A sentence that goes on over the page break is found by its beginning.
    """
    wanted = "".join(quote.split())
    if len(wanted) < 2:
        return []
    text_page = page.get_textpage()
    try:
        characters = text_page.get_text_range()
        if len(characters) != text_page.count_chars():
            return []  # characters beyond the basic plane: places and text would not agree
        places = [index for index, character in enumerate(characters) if not character.isspace()]
        squeezed = "".join(characters[index] for index in places)
        length = len(wanted)
        start = squeezed.find(wanted)
        while start < 0 and length > 12:
            length = max(12, length * 2 // 3)
            start = squeezed.find(wanted[:length])
        if start < 0:
            return []
        height = page.get_height()
        lines: list[Box] = []
        for index in places[start : start + length]:
            left, bottom, right, top = _displayed(page, text_page.get_charbox(index))
            box = (left, height - top, right, height - bottom)
            if lines and abs(lines[-1][3] - box[3]) < 6 and box[0] >= lines[-1][0]:
                last = lines[-1]
                box = (last[0], min(last[1], box[1]), max(last[2], box[2]), max(last[3], box[3]))
                lines[-1] = box
            else:
                lines.append(box)
        return lines
    finally:
        text_page.close()


def _displayed(page: pypdfium2.PdfPage, box: Box) -> Box:
    """A box in the page's own space (left, bottom, right, top) as the page is shown, turned and cropped."""
    left, bottom, right, top = box
    x0, y0, x1, y1 = page.get_cropbox()
    left, right, bottom, top = left - x0, right - x0, bottom - y0, top - y0
    across, up = x1 - x0, y1 - y0
    match page.get_rotation():
        case 90:
            return bottom, across - right, top, across - left
        case 180:
            return across - right, up - top, across - left, up - bottom
        case 270:
            return up - top, left, up - bottom, right
    return left, bottom, right, top


def compose(image: Image.Image, scale: float, marks: Sequence[Mark], lines: Sequence[Box]) -> Image.Image:
    """The parts of the page around the marks, one below the other, in few colours."""
    from PIL import Image as Images
    from PIL import ImageDraw

    page = image.point([value * GREYS // 256 for value in range(256)])
    page.putpalette(_palette())
    pen = ImageDraw.Draw(page)
    for mark in sorted(marks, key=lambda mark: mark.kind):
        box = _pixels(mark.box, scale, page.size)
        page.paste(page.crop(box).point(_tint(mark.kind)), box)
        pen.rectangle(
            (box[0], box[1], box[2] - 1, box[3] - 1),
            outline=GREYS * len(TINTS) + mark.kind,
            width=3 if mark.kind == SUSPECT else 1,
        )
    left = min([box[0] for box in lines] + [mark.box[0] for mark in marks]) - MARGIN
    right = max([box[2] for box in lines] + [mark.box[2] for mark in marks]) + MARGIN
    parts = []
    for top, bottom in bands(marks, lines):
        part = page.crop(_pixels((left, top, right, bottom), scale, page.size))
        if part.getextrema() != (GREYS - 1, GREYS - 1):
            parts.append(part)
    gap = 9
    whole = Images.new(
        "P", (parts[0].width, sum(part.height for part in parts) + gap * (len(parts) - 1)), GREYS - 1
    )
    whole.putpalette(_palette())
    pen = ImageDraw.Draw(whole)
    y = 0
    for part in parts:
        if y:
            for x in range(0, whole.width, 12):
                pen.line((x, y + gap // 2, x + 6, y + gap // 2), fill=SEPARATOR)
            y += gap
        whole.paste(part, (0, y))
        y += part.height
    return whole


def bands(marks: Sequence[Mark], lines: Sequence[Box]) -> list[tuple[float, float]]:
    """From where to where the page is shown: the marked rows with their neighbours, and the header.

    The rows nearest to what is suspected come first where not all have room.
    """
    rows = _rows(lines)
    centre = max(marks, key=lambda mark: mark.kind).box[1]
    wanted = []
    if rows:
        wanted.append((rows[0][0] - HEADER, rows[0][0]))
    wanted += [
        _with_neighbours(mark.box, rows) for mark in sorted(marks, key=lambda mark: abs(mark.box[1] - centre))
    ]
    # what is suspected has its room before the header has
    wanted.insert(0, _with_neighbours(max(marks, key=lambda mark: mark.kind).box, rows))
    shown: list[tuple[float, float]] = []
    for band in wanted:
        merged = _merged([*shown, band])
        if shown and sum(bottom - top for top, bottom in merged) > TALLEST:
            continue
        shown = merged
    return shown


def _rows(lines: Sequence[Box]) -> list[tuple[float, float]]:
    """Top and bottom of each printed row: boxes that mostly overlap are one row."""
    rows: list[tuple[float, float]] = []
    for top, bottom in sorted((box[1], box[3]) for box in lines):
        if rows and top < (rows[-1][0] + rows[-1][1]) / 2:
            rows[-1] = (rows[-1][0], max(rows[-1][1], bottom))
        else:
            rows.append((top, bottom))
    return rows


def _with_neighbours(box: Box, rows: Sequence[tuple[float, float]]) -> tuple[float, float]:
    own = [index for index, (top, bottom) in enumerate(rows) if top < box[3] and bottom > box[1]]
    if not own:
        return box[1] - 3 * MARGIN, box[3] + 3 * MARGIN
    top = min(box[1], rows[max(0, own[0] - NEIGHBOURS)][0])
    bottom = max(box[3], rows[min(len(rows) - 1, own[-1] + NEIGHBOURS)][1])
    # a row as tall as a page is no neighbour to show
    return max(top, box[1] - TALLEST / 4) - 2, min(bottom, box[3] + TALLEST / 4) + 2


def _merged(bands: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    merged: list[tuple[float, float]] = []
    for top, bottom in sorted(bands):
        if merged and top <= merged[-1][1] + 2 * MARGIN:
            merged[-1] = (merged[-1][0], max(merged[-1][1], bottom))
        else:
            merged.append((top, bottom))
    return merged


def _pixels(box: Box, scale: float, size: tuple[int, int]) -> tuple[int, int, int, int]:
    """The box in whole pixels inside the picture, at least one wide and high."""
    x0 = min(max(0, math.floor(box[0] * scale)), size[0] - 1)
    y0 = min(max(0, math.floor(box[1] * scale)), size[1] - 1)
    x1 = min(max(x0 + 1, math.ceil(box[2] * scale)), size[0])
    y1 = min(max(y0 + 1, math.ceil(box[3] * scale)), size[1])
    return x0, y0, x1, y1


def _tint(kind: int) -> list[int]:
    """Which colour each becomes: greys keep how dark they are, outlines stay."""
    tinted = GREYS * len(TINTS)
    return [colour % GREYS + GREYS * kind if colour < tinted else colour for colour in range(256)]


def _palette() -> list[int]:
    """Every grey in every tint, then the colours of the outlines and of the line between parts."""
    colours: list[int] = []
    for kind in sorted(TINTS):
        for grey in range(GREYS):
            colours += [part * grey // (GREYS - 1) for part in TINTS[kind]]
    colours += [0, 0, 0]
    for kind in sorted(OUTLINES):
        colours += OUTLINES[kind]
    return [*colours, 120, 130, 140]


def collect(
    views: Mapping[str, Sequence[View]],
    folder: Path,
    failures: Mapping[str, str],
    most_bytes: int = MOST_BYTES,
) -> Pictures:
    """The pictures that were drawn, up to a size, and a reason for each that was planned and is not there."""
    pictures = Pictures()
    room = most_bytes
    for document_id, planned in views.items():
        for view in planned:
            file = folder / f"{view.finding_id}.png"
            if not file.is_file():
                pictures.reasons[view.finding_id] = failures.get(document_id, "not found on the page")
                continue
            size = file.stat().st_size
            if size > room:
                pictures.reasons[view.finding_id] = "limit"
                continue
            room -= size
            pictures.images[view.finding_id] = base64.b64encode(file.read_bytes()).decode("ascii")
    return pictures
