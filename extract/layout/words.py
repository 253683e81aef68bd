"""Tables without rulings: aligned words of consecutive lines become a grid.

A run of lines whose numbers stand under each other is the body; what the body's words leave free between
them are the columns; short lines right above are the header, each word over the columns it is centred on.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, pairwise
from statistics import median

from extract.model import Block, Box, Cell, Document, Grid, GridRow, Line, Word
from extract.vocabulary import Vocabulary, load_vocabulary, normalise

_NUMBER = re.compile(r"^[-－−△▲(（]?(?:\d+(?:[,，]\d{3})*(?:[.．]\d+)?)[)）]?[%％]?$")
_AMOUNT = re.compile(r"^[-－−△▲]?\d+(?:[,，]\d{3})*[.．]\d+$")
_MIN_ROWS = 2
# right or left ends that differ by less stand under each other
_ALIGNED = 3.0
# columns are at least so far apart
_FREE = 1.0
# lines of one cell stand closer together than this many heights of a character
_LEADING, _CLOSE_LEADING = 1.4, 1.25
_MAX_HEADER_LINES = 8
# characters of one word stand no farther apart than so many of their heights; those of a known word do
_SPACED, _WIDELY_SPACED = 1.2, 8.0
# a centred text is off the middle of its cell by no more
_OFF_CENTRE = 3.0
# lines that stand around a table and are no part of it
_SURROUNDINGS = ("form_code_line", "unit_line", "agency_line", "sub_title_line", "note_line", "part_line")


Columns = list[tuple[float, float]]


def add_word_grids(document: Document) -> None:
    """Put grids in the place of table-like lines, page by page.

    A page that goes on with a table has its columns, also those that are empty there.
    """
    known: _Shape | None = None
    vocabulary = load_vocabulary()
    for block in document.blocks():
        if isinstance(block, Grid) and any(row.lines for row in block.rows):
            block.rows = [part for row in block.rows for part in (_unstacked(row) if row.lines else [row])]
    for page in document.pages:
        if page.status == "read" or page.ocr_lines:
            page.blocks, known = _page_blocks(page.blocks, known, vocabulary)


def _unstacked(row: GridRow) -> list[GridRow]:
    """The rows of a grid's row that no rule divides, by the lines that its numbers stand on."""
    boxes = [cell.box for cell in row.cells]
    groups = _rows(list(row.lines))
    tops = [min(_box(line).top for line in group) for group in groups]
    drawn = [box for box in boxes if box is not None]
    ends = [*tops[1:], max(box.bottom for box in drawn)]
    tops[0] = min(box.top for box in drawn)
    rows = []
    for group, top, bottom in zip(groups, tops, ends, strict=True):
        cells = []
        for box in boxes:
            if box is None:
                cells.append(Cell(None))
                continue
            parts = [
                " ".join(
                    word.text for word in line.words if box.x0 <= (word.box.x0 + word.box.x1) / 2 < box.x1
                )
                for line in group
            ]
            cells.append(Cell("\n".join(filter(None, parts)), Box(box.x0, top, box.x1, bottom)))
        rows.append(GridRow(cells, row.line_no))
    return rows


@dataclass(frozen=True, slots=True)
class _Shape:
    """The columns of a table: what their words cover, the edges of their cells, and the empty ones."""

    columns: Columns
    edges: list[float]
    empty: frozenset[int] = frozenset()

    def cell(self, word: Word) -> int:
        """The column in whose cell a word stands."""
        middle = (word.box.x0 + word.box.x1) / 2
        inner = self.edges[1:-1]
        return sum(1 for edge in inner if middle > edge)


def _page_blocks(
    blocks: Sequence[Block], known: _Shape | None, vocabulary: Vocabulary
) -> tuple[list[Block], _Shape | None]:
    out: list[Block] = []
    run: list[Line] = []
    last: _Shape | None = None
    for block in [*blocks, None]:
        if isinstance(block, Line) and block.words:
            run.append(block)
            continue
        made, last = _split(run, _header_shape(out[-1]) if out else known, vocabulary)
        out += made
        run = []
        if block is not None:
            out.append(block)
    return out, last


def _header_shape(block: Block) -> _Shape | None:
    """The columns of a header that is drawn, above rows that are not."""
    if not isinstance(block, Grid) or not block.ruled:
        return None
    cells = [cell for row in block.rows for cell in row.cells if cell.box is not None]
    texts = ["".join((cell.text or "").split()) for cell in cells]
    if any(_NUMBER.match(text) and not re.fullmatch(r"\d{1,2}", text) for text in texts):
        return None
    edges: list[float] = []
    for x in sorted(x for cell in cells if cell.box is not None for x in (cell.box.x0, cell.box.x1)):
        if not edges or x - edges[-1] > 1:
            edges.append(x)
    return _Shape([*pairwise(edges)], edges) if len(edges) > 2 else None


def _split(
    lines: list[Line], known: _Shape | None, vocabulary: Vocabulary
) -> tuple[list[Block], _Shape | None]:
    """One run of lines between grids: what stays text, and what is a table. The last table's shape too."""
    out: list[Block] = []
    done = 0
    shape: _Shape | None = None
    lines = [_closed_up(line, vocabulary) for line in lines]
    edges = [_is_around(line, vocabulary) for line in lines]
    while known and done < len(lines) and not edges[done] and _fits(lines, done, known):
        done += 1
    if known and done and any(_is_row(line) for line in lines[:done]):
        # a page that goes on with the rows of the page before, labels without numbers included
        shape = known
        out.append(_grid(_Header([]), lines[:done], shape))
    else:
        done = 0
    for first, last in _bodies(lines, edges):
        if first < done:
            continue
        body = lines[first : last + 1]
        columns = _columns(body)
        above = max((i + 1 for i in range(done, first) if edges[i]), default=done)
        top = _header_start(lines, above, first, columns)
        first = _first_label(lines, top, first, last)
        header = _Header(lines[top:first])
        shape = None
        if header.lines:
            columns = _with_leaves(columns, header.lines)
        elif known and not done:
            shape = _continued(columns, known)
        if len(columns) < 2:
            continue
        shape = shape or _shape(header, body, columns)
        last = _last_label(lines, first, last, shape, edges)
        out += lines[done:top]
        out.append(_grid(header, lines[first : last + 1], shape))
        done = last + 1
    return out + lines[done:], shape


def _closed_up(line: Line, vocabulary: Vocabulary) -> Line:
    """The line with words of which every character stands apart (合  计) made whole.

    Characters farther apart are one word where it is one that headers and totals have.
    """
    if not any(_is_apart(a) and _is_apart(b) for a, b in pairwise(line.words)):
        return line
    size = _height(line)
    parts: list[list[Word]] = []
    for word in line.words:
        if (
            parts
            and _is_apart(word)
            and _is_apart(parts[-1][-1])
            and _space(parts[-1], [word]) < _SPACED * size
        ):
            parts[-1].append(word)
        else:
            parts.append([word])
    words: list[list[Word]] = []
    while parts:
        run = 1
        while run < len(parts) and _is_wide(parts[run - 1], parts[run], size):
            run += 1
        longest = (n for n in range(run, 1, -1) if _is_known([*chain(*parts[:n])], vocabulary))
        taken = next(longest, 1)
        words.append([*chain(*parts[:taken])])
        parts = parts[taken:]
    made = tuple(word for part in words for word in _whole(part, vocabulary))
    return replace(line, words=made)


def _is_apart(word: Word) -> bool:
    return len(word.text) == 1 and "\u4e00" <= word.text <= "\u9fff"


def _space(left: list[Word], right: list[Word]) -> float:
    return right[0].box.x0 - left[-1].box.x1


def _is_wide(left: list[Word], right: list[Word], size: float) -> bool:
    return all(map(_is_apart, left + right)) and _space(left, right) < _WIDELY_SPACED * size


def _is_known(words: list[Word], vocabulary: Vocabulary) -> bool:
    text = "".join(word.text for word in words)
    kinds = ("name_header", "code_header", "side_header", "total_label", "text_header", "row_number_header")
    return any(vocabulary.is_a(kind, text) for kind in kinds)


def _whole(words: list[Word], vocabulary: Vocabulary) -> list[Word]:
    """The words as one; 类, 款 and 项 head columns of their own."""
    levels = all(vocabulary.is_a("code_part_header", word.text) for word in words)
    if len(words) < 2 or (levels and not _is_known(words, vocabulary)):
        return words
    box = words[0].box
    for word in words[1:]:
        box = box.union(word.box)
    return [Word("".join(word.text for word in words), box)]


def _with_leaves(columns: Columns, header: list[Line]) -> Columns:
    """The columns, and those that only the header shows because no row has anything in them."""
    words = [cell.box for cell in _joined(header)]
    top = min(box.top for box in words)
    leaves = [
        box
        for box in words
        if not any(other.top > box.top + 1 and other.x0 < box.x1 and other.x1 > box.x0 for other in words)
    ]
    common = [box for box in leaves if _is_over_gap(box, words, box.top < top + 1)]
    for box in leaves:
        if box in common or any(box.x1 > x0 and box.x0 < x1 for x0, x1 in columns):
            continue
        # beside its column: a header in the middle of the cell, short texts at its left or right
        unnamed: list[int] = []
        for names in (leaves, [leaf for leaf in leaves if leaf not in common]):
            unnamed = unnamed or [
                i
                for i, (x0, x1) in enumerate(columns)
                if not any(leaf.x1 > x0 and leaf.x0 < x1 for leaf in names)
                and not any(
                    min(x1, box.x1) <= left and right <= max(x0, box.x0)
                    for left, right in [*columns, *((leaf.x0, leaf.x1) for leaf in names)]
                )
            ]
        if unnamed:
            i = min(unnamed, key=lambda i: abs(columns[i][0] + columns[i][1] - box.x0 - box.x1))
            columns = [
                (min(x0, box.x0), max(x1, box.x1)) if k == i else (x0, x1)
                for k, (x0, x1) in enumerate(columns)
            ]
        else:
            columns = sorted([*columns, (box.x0, box.x1)])
    return columns


def _is_over_gap(box: Box, words: list[Box], is_top: bool) -> bool:
    """Whether a header stands over the gap between two lower ones, as the common header of both does.

    Below the first line there may be a column between the two, if there is room for its cell.
    """
    lower = [other for other in words if other.top >= box.bottom - 1]
    left = max((other.x1 for other in lower if other.x1 < box.x0), default=None)
    right = min((other.x0 for other in lower if other.x0 > box.x1), default=None)
    if left is None or right is None:
        return False
    return is_top or (box.x0 - left < _ALIGNED and right - box.x1 < _ALIGNED)


def _shape(header: _Header, body: list[Line], columns: Columns) -> _Shape:
    words = [word.box for line in body for word in line.words]
    empty = frozenset(
        i for i, (x0, x1) in enumerate(columns) if not any(w.x0 < x1 and w.x1 > x0 for w in words)
    )
    edges = _place_header(header, columns, _box([*header.counted, *body][0]).top)
    return _Shape(columns, edges or _bounds(columns), empty)


def _continued(columns: Columns, known: _Shape) -> _Shape | None:
    """The shape of the page before, where the columns here are among its own."""
    merged = list(known.columns)
    for x0, x1 in columns:
        over = [
            i
            for i, (left, right) in enumerate(known.columns)
            if x0 < right + _ALIGNED and x1 > left - _ALIGNED
        ]
        if len(over) != 1:
            return None
        left, right = merged[over[0]]
        merged[over[0]] = (min(left, x0), max(right, x1))
    if len(known.columns) < len(columns):
        return None
    edges = [min(known.edges[0], merged[0][0]), *known.edges[1:-1], max(known.edges[-1], merged[-1][1])]
    return _Shape(merged, edges, known.empty)


def _last_label(lines: list[Line], first: int, last: int, shape: _Shape, edges: list[bool]) -> int:
    """The last line of the table, where its last rows have labels and no numbers."""
    tops = [_box(line).top for line in lines[first : last + 1]]
    step = 1.5 * max(median([b - a for a, b in pairwise(tops)]), _height(lines[last])) if tops[1:] else 0
    while (
        last + 1 < len(lines)
        and not edges[last + 1]
        and _box(lines[last + 1]).top - _box(lines[last]).top < step
        and not _numbers(lines[last + 1])
        and _fits(lines, last + 1, shape)
    ):
        last += 1
    return last


def _fits(lines: list[Line], i: int, shape: _Shape) -> bool:
    """Whether every word of a line stands in a cell as the words of its column do.

    Beside two numbers that do, a label may stand anywhere in its cell: totals are set apart.
    """
    numbers = sum(1 for word in lines[i].words if _NUMBER.match(word.text))
    if i and _gap(lines[i - 1], lines[i]) > 2.5 * _height(lines[i]):
        return False
    for word in lines[i].words:
        left, right = word.box.x0, word.box.x1
        k = shape.cell(word)
        if left < shape.edges[k] - 1 or right > shape.edges[k + 1] + 1:
            return False
        x0, x1 = shape.columns[k]
        is_inside = left > x0 - 1 and right < x1 + 1
        is_around = left < x0 and right > x1
        is_aligned = abs(left - x0) < 1 or abs(right - x1) < 1
        is_label = numbers > 1 and not _NUMBER.match(word.text)
        if not (k in shape.empty or is_inside or is_around or is_aligned or is_label):
            return False
    return True


def _is_row(line: Line) -> bool:
    """Words and numbers side by side that are no sentence, or an amount on its own beside a wrapped label."""
    words = line.words
    if any(word.text[-1] in "，；。、" or "。" in word.text for word in words):
        return False
    if len(words) == 1:
        return _AMOUNT.match(words[0].text) is not None
    return bool(_numbers(line)) and not _counts_columns(line)


def _numbers(line: Line) -> list[Word]:
    """The line's numbers; one right before a word is its code and does not count."""
    words = line.words
    opens = [
        right.box.x0 - left.box.x1 < 0.4 * (left.box.bottom - left.box.top) and not _NUMBER.match(right.text)
        for left, right in pairwise(words)
    ]
    return [
        word
        for word, is_code in zip(words, [*opens, False], strict=True)
        if not is_code and _NUMBER.match(word.text)
    ]


def _counts_columns(line: Line) -> bool:
    """1 2 3 … below the header, one under each of its words."""
    numbers = [int(word.text) for word in line.words if re.fullmatch(r"\d{1,2}", word.text)]
    if len(numbers) < 2 or numbers[0] > 2 or any(b - a != 1 for a, b in pairwise(numbers)):
        return False
    others = [word.text for word in line.words if not re.fullmatch(r"\d{1,2}", word.text)]
    return not any(_NUMBER.match(text) for text in others) and len(others) <= max(2, len(numbers) // 2)


def _is_around(line: Line, vocabulary: Vocabulary) -> bool:
    """Title, form number, unit, agency or note: no row and no header of a table."""
    plain = normalise(line.text)
    if any(vocabulary.is_a(kind, plain) for kind in _SURROUNDINGS):
        return True
    if len(line.words) == 1 and vocabulary.is_a("page_number_line", plain):
        return True
    return len(line.words) == 1 and vocabulary.is_a("stream_title_line", plain)


def _height(line: Line) -> float:
    return max(word.box.bottom - word.box.top for word in line.words)


def _box(line: Line) -> Box:
    box = line.words[0].box
    for word in line.words[1:]:
        box = box.union(word.box)
    return box


def _bodies(lines: list[Line], edges: list[bool]) -> list[tuple[int, int]]:
    """First and last line of every run of rows; lines without numbers may stand between two rows.

    `edges` tells which lines are around tables: no run reaches over one.
    """
    rows = [i for i, line in enumerate(lines) if _is_row(line) and not edges[i]]
    runs: list[list[int]] = []
    for i in rows:
        if runs and not any(edges[runs[-1][-1] : i]) and _reaches(lines, runs[-1][0], runs[-1][-1], i):
            runs[-1].append(i)
        else:
            runs.append([i])
    found = []
    for run in runs:
        body = [lines[i] for i in run]
        if (
            (len(run) >= _MIN_ROWS or _is_single(lines, run[0]))
            and _stand_under_each_other(body)
            and not _is_contents(body)
        ):
            last = run[-1]
            # the last row's label may go on below its numbers
            while (
                last + 1 < len(lines)
                and not edges[last + 1]
                and _gap(lines[last], lines[last + 1]) < 0.3 * _height(lines[last])
                and len(lines[last + 1].words) == 1
            ):
                last += 1
            found.append((_label_start(lines, run[0], last, edges), last))
    return found


def _label_start(lines: list[Line], first: int, last: int, edges: list[bool]) -> int:
    """The first line of the first row, whose label may begin above its numbers."""
    words = [word for line in lines[first : last + 1] for word in line.words]
    starts = [word.box.x0 for word in words if not _NUMBER.match(word.text)]
    while (
        first
        and not edges[first - 1]
        and _gap(lines[first - 1], lines[first]) < 0.3 * _height(lines[first])
        and all(any(abs(word.box.x0 - start) < 1 for start in starts) for word in lines[first - 1].words)
    ):
        first -= 1
    return first


def _gap(upper: Line, lower: Line) -> float:
    return _box(lower).top - _box(upper).bottom


def _reaches(lines: list[Line], begin: int, first: int, last: int) -> bool:
    """Whether what stands between two rows belongs to their table: close lines that begin where words of
    the rows since `begin` begin (labels of empty rows), or a few of any kind (wrapped labels).
    """
    if any(_gap(lines[i], lines[i + 1]) > 2.5 * _height(lines[i + 1]) for i in range(first, last)):
        return False
    starts = [word.box.x0 for line in [*lines[begin : first + 1], lines[last]] for word in line.words]
    odd = sum(
        1
        for line in lines[first + 1 : last]
        if not all(any(abs(word.box.x0 - start) < _ALIGNED for start in starts) for word in line.words)
    )
    return odd <= 6


def _stand_under_each_other(rows: list[Line]) -> bool:
    """Most rows share the right end of a number; in running text they do not."""
    ends = sorted(word.box.x1 for row in rows for word in row.words if _NUMBER.match(word.text))
    best = max(sum(1 for other in ends if end - _ALIGNED <= other <= end) for end in ends)
    return best >= max(min(_MIN_ROWS, len(rows)), 0.6 * len(rows))


def _is_single(lines: list[Line], row: int) -> bool:
    """A row of numbers right under a header, as a table of one row has it."""
    numbers = sum(1 for word in lines[row].words if _NUMBER.match(word.text))
    if numbers < 3 or numbers < len(lines[row].words) - 2 or not row:
        return False
    while row and _counts_columns(lines[row - 1]):
        row -= 1
    # the lines of a wrapped header stand closer, the last of them may hold the end of one word only
    while row and _gap(lines[row - 1], lines[row]) < 1.6 * _height(lines[row - 1]):
        row -= 1
        if any(_NUMBER.match(word.text) for word in lines[row].words):
            return False
        if len(lines[row].words) >= 3:
            return True
    return False


def _is_contents(rows: list[Line]) -> bool:
    """Titles with page numbers that only rise."""
    pages = [row.words[-1].text for row in rows]
    if not all(page.isdecimal() and len(page) <= 3 for page in pages):
        return False
    numbers = [int(page) for page in pages]
    return numbers == sorted(numbers) and len(rows[0].words) <= 3


def _columns(body: list[Line]) -> Columns:
    """Left and right end of each column: the words' places laid over each other."""
    columns: Columns = []
    # a blank inside a text is narrower than what is between two columns
    free = max(_FREE, 0.3 * median([_height(line) for line in body]))
    for word in sorted((word for line in body for word in line.words), key=lambda word: word.box.x0):
        if columns and word.box.x0 < columns[-1][1] + free:
            columns[-1] = (columns[-1][0], max(columns[-1][1], word.box.x1))
        else:
            columns.append((word.box.x0, word.box.x1))
    return columns


def _header_start(lines: list[Line], done: int, first: int, columns: Columns) -> int:
    """The first line of the header above the body: inside its width, and not a title or a unit line."""
    left, right = columns[0][0], columns[-1][1]
    size = _height(lines[first])
    top, levels = first, 0
    while top > done and levels < _MAX_HEADER_LINES:
        line = lines[top - 1]
        box = _box(line)
        gap = _gap(line, lines[top])
        # what overlaps the line below is wrapped in a cell beside it
        levels += gap >= 0
        is_far = gap > 1.6 * size
        # what overlaps a line of the header stands in a cell beside it
        is_outside = (
            gap >= 0 and len(line.words) < 3 and (box.x0 < left - 4 * size or box.x1 > right + 4 * size)
        )
        is_title = len(line.words) == 1 and _height(line) > 1.15 * size
        is_said = any(mark in line.text for mark in "。；")
        is_keyed = len(line.words) < 3 and any(mark in line.text for mark in "：:")
        if is_far or is_outside or is_title or is_said or is_keyed:
            break
        left, right = min(left, box.x0), max(right, box.x1)
        top -= 1
    return top


def _first_label(lines: list[Line], top: int, first: int, last: int) -> int:
    """The first line of the body, where its first rows have labels and no numbers.

    Such a label begins where those below it begin, as far above the next row as the rows are apart, and
    has a header above it; so do all of a row where lists stand side by side.
    """
    tops = [_box(line).top for line in lines[first : last + 1]]
    if len(tops) < 3:
        return first
    pitch = median([b - a for a, b in pairwise(tops)])
    words = [word for line in lines[first : last + 1] for word in line.words]
    left = min(word.box.x0 for word in words)
    starts = [word.box.x0 for word in words if not _NUMBER.match(word.text)]
    while first - 1 > top:
        line = lines[first - 1]
        box = _box(line)
        is_named = any(
            w.box.x0 < box.x1 and w.box.x1 > box.x0 for above in lines[top : first - 1] for w in above.words
        )
        if (
            abs(box.x0 - left) > 1
            or not all(any(abs(word.box.x0 - x0) <= 1 for x0 in starts) for word in line.words)
            or abs(_box(lines[first]).top - box.top - pitch) > 0.2 * pitch
            or not is_named
        ):
            break
        first -= 1
    return first


class _Header:
    """The lines above the body, those that count the columns apart; `cells` get their columns later."""

    def __init__(self, lines: list[Line]) -> None:
        self.counted = [line for line in lines if _counts_columns(line)]
        self.lines = [line for line in lines if not _counts_columns(line)]
        self.cells = _joined(self.lines)


@dataclass(slots=True)
class _HeaderCell:
    words: list[Word]
    columns: tuple[int, int] = (0, 0)
    row: int = 0
    above: list[_HeaderCell] = field(default_factory=list)

    @property
    def box(self) -> Box:
        box = self.words[0].box
        for word in self.words[1:]:
            box = box.union(word.box)
        return box

    @property
    def middle(self) -> float:
        return (self.box.x0 + self.box.x1) / 2


def _joined(header: list[Line]) -> list[_HeaderCell]:
    """Words of the header, joined where the text of one cell is wrapped."""
    cells: list[_HeaderCell] = []
    for line in header:
        for word in line.words:
            size = word.box.bottom - word.box.top
            middle = (word.box.x0 + word.box.x1) / 2
            for cell in cells:
                last = cell.words[-1].box
                step = word.box.top - last.top
                is_centred = abs(cell.middle - middle) < 2 and step < _LEADING * size
                # a wrapped text fills its first line
                is_at_side = (
                    min(abs(cell.box.x0 - word.box.x0), abs(cell.box.x1 - word.box.x1)) < 0.5
                    and cell.box.x1 - cell.box.x0 > word.box.x1 - word.box.x0
                    and step < _CLOSE_LEADING * size
                )
                if step > 0 and (is_centred or is_at_side):
                    cell.words.append(word)
                    break
            else:
                cells.append(_HeaderCell([word]))
    return cells


def _place_header(header: _Header, columns: Columns, body_top: float) -> list[float] | None:
    """Set the columns of the header's cells; the edges of the table's cells where the header tells them."""
    cells = header.cells
    edges = _centred_cells(cells, columns, body_top) if cells else None
    if edges is None:
        _place_by_words(cells, columns)
        _place_by_sides(cells, columns)
        _place_by_middles(cells, columns)
    elif any(_is_alone(cell, cells) for cell in cells) and _place_by_sides(cells, columns):
        edges = None
    cells.sort(key=lambda cell: cell.box.top + cell.box.bottom)
    return edges


def _place_by_words(cells: list[_HeaderCell], columns: Columns) -> None:
    """Header cells over the columns that their words touch or are centred over."""
    middles = [(x0 + x1) / 2 for x0, x1 in columns]
    for cell in cells:
        box = cell.box
        nearest = min(range(len(columns)), key=lambda i: abs(middles[i] - cell.middle))
        own = [i for i, (x0, x1) in enumerate(columns) if box.x0 < x1 and box.x1 > x0] or [nearest]
        cell.columns = (own[0], own[-1])
    # a word that has others below it is centred over all of theirs
    cells.sort(key=lambda cell: cell.box.top + cell.box.bottom)
    for i, cell in enumerate(cells):
        below = [other for other in cells[i + 1 :] if other.box.top >= cell.box.bottom - 1]
        beside = [
            other
            for other in cells
            if other is not cell and other.box.top < cell.box.bottom and other.box.bottom > cell.box.top
        ]
        first, last = _widest(cell, below, beside, columns)
        cell.columns = (first, last)
    _share_out(cells, columns)


def _centred_cells(cells: list[_HeaderCell], columns: Columns, body_top: float) -> list[float] | None:
    """Set the columns of header cells that are centred; the edges of all cells, or None if they are not.

    Where the header of every column is centred in its cell, one edge of the table gives all others: each
    cell reaches as far right of its middle as left of it. A cell above is centred over the cells of its own.
    """
    leaves = _leaves(cells, columns)
    if leaves is None:
        return None
    edges = _cell_edges([leaf.middle for leaf in leaves], columns)
    if edges is None:
        return None
    for i, leaf in enumerate(leaves):
        leaf.columns = (i, i)
    own = {id(leaf) for leaf in leaves}
    rest = sorted((c for c in cells if id(c) not in own), key=lambda c: (-c.box.top, c.middle))
    lines: list[list[_HeaderCell]] = []
    for cell in rest:
        if lines and abs(lines[-1][0].box.top - cell.box.top) < 1:
            lines[-1].append(cell)
        else:
            lines.append([cell])
    bottom = (max(leaf.box.bottom for leaf in leaves) + body_top) / 2
    tops = [leaf.box.top + leaf.box.bottom - bottom for leaf in leaves]
    return edges if all(_cover(line, tops, edges) for line in lines) else None


def _leaves(cells: list[_HeaderCell], columns: Columns) -> list[_HeaderCell] | None:
    """The lowest header cell over each column; None where two columns have the same or one has none."""
    over = [[cell for cell in cells if cell.box.x0 < x1 and cell.box.x1 > x0] for x0, x1 in columns]
    if not all(over):
        return None
    leaves = [max(own, key=lambda cell: cell.box.top) for own in over]
    return leaves if len({id(leaf) for leaf in leaves}) == len(columns) else None


def _is_alone(cell: _HeaderCell, cells: list[_HeaderCell]) -> bool:
    """Whether a header stands over that of one column only."""
    return cell.columns[0] == cell.columns[1] and any(
        other.columns == cell.columns and other.box.top >= cell.box.bottom - 1 for other in cells
    )


def _place_by_sides(cells: list[_HeaderCell], columns: Columns) -> bool:
    """Set the columns of header cells that all begin where one below them begins, or end where one ends."""
    leaves = _leaves(cells, columns)
    if leaves is None:
        return False
    own = {id(leaf) for leaf in leaves}
    groups = sorted((cell for cell in cells if id(cell) not in own), key=lambda cell: cell.box.top)
    heights = [leaf.box.top + leaf.box.bottom for leaf in leaves]
    for is_left in (True, False):
        firsts = [_first_below(group, leaves, is_left=is_left) for group in groups]
        if not groups or None in firsts:
            continue
        for i, leaf in enumerate(leaves):
            leaf.columns = (i, i)
        step = 1 if is_left else -1
        for group, first in zip(groups, firsts, strict=True):
            assert first is not None
            starts = {
                other
                for cell, other in zip(groups, firsts, strict=True)
                if cell is not group and cell.box.top < group.box.bottom
            }
            last = first
            while (
                0 <= last + step < len(leaves)
                and last + step not in starts
                and leaves[last + step].box.top >= group.box.bottom - 1
                # one beside the group stands in the middle of the whole header
                and (heights[last + step] > min(heights) + 2 or heights[first] <= min(heights) + 2)
            ):
                last += step
            group.columns = (min(first, last), max(first, last))
        return True
    return False


def _place_by_middles(cells: list[_HeaderCell], columns: Columns) -> None:
    """Set the columns of header cells over others by the heights that the lowest ones stand at.

    In the middle of its cell, the header of a column is the higher the more lines of the header its cell
    reaches over: what stands lower than those beside a common header stands below it.
    """
    leaves = _leaves(cells, columns)
    if leaves is None:
        return
    own = {id(leaf) for leaf in leaves}
    lines: list[list[_HeaderCell]] = []
    for cell in sorted((c for c in cells if id(c) not in own), key=lambda c: c.box.top + c.box.bottom):
        if lines and abs(_height_of(lines[-1][0]) - _height_of(cell)) < 1:
            lines[-1].append(cell)
        else:
            lines.append([cell])
    levels: list[float] = []
    for height in sorted(map(_height_of, leaves)):
        if not levels or height - levels[-1] > 1:
            levels.append(height)
    # on one line by their upper or lower ends, not by their middles
    is_level = any(
        max(ends) - min(ends) < 1
        for ends in ([leaf.box.top for leaf in leaves], [leaf.box.bottom for leaf in leaves])
    )
    top = min((cell.box.top for line in lines for cell in line), default=0.0)
    if (
        len(levels) != len(lines) + 1
        or is_level
        # headers that hang from the top stand on the first line
        or any(abs(leaf.box.top - top) < 1 for leaf in leaves)
    ):
        return
    depths = [sum(1 for level in levels if _height_of(leaf) > level + 0.5) for leaf in leaves]
    for i, leaf in enumerate(leaves):
        leaf.columns = (i, i)
    for depth, line in enumerate(lines):
        runs: list[list[int]] = []
        for i, own_depth in enumerate(depths):
            if own_depth <= depth:
                continue
            if runs and runs[-1][-1] == i - 1:
                runs[-1].append(i)
            else:
                runs.append([i])
        for run in runs:
            over = [cell for cell in line if columns[run[0]][0] <= cell.middle <= columns[run[-1]][1]]
            if len(over) == 1:
                over[0].columns = (run[0], run[-1])


def _height_of(cell: _HeaderCell) -> float:
    return (cell.box.top + cell.box.bottom) / 2


def _first_below(group: _HeaderCell, leaves: list[_HeaderCell], *, is_left: bool) -> int | None:
    """The column whose header begins below the group's own begin; or ends below its end."""
    for i, leaf in enumerate(leaves):
        off = leaf.box.x0 - group.box.x0 if is_left else leaf.box.x1 - group.box.x1
        if abs(off) < 1 and leaf.box.top >= group.box.bottom - 1:
            return i
    return None


def _cell_edges(middles: list[float], columns: Columns) -> list[float] | None:
    """The edges of cells with these middles, so that every column lies inside its cell; None if none do."""
    # edge i is offset + sign * (the first edge)
    low, high = -1e6, columns[0][0]
    offset, sign = 0.0, 1
    for i, middle in enumerate(middles):
        offset, sign = 2 * middle - offset, -sign
        least = columns[i][1]
        most = columns[i + 1][0] if i + 1 < len(columns) else 1e6
        # half a point of rounding
        bounds = sorted(((least - 0.5 - offset) * sign, (most + 0.5 - offset) * sign))
        low, high = max(low, bounds[0]), min(high, bounds[1])
    if low > high:
        return None
    first = (low + high) / 2 if low > -1e5 else high
    edges = [first]
    for middle in middles:
        edges.append(2 * middle - edges[-1])
    return edges


def _cover(line: list[_HeaderCell], tops: list[float], edges: list[float]) -> bool:
    """Share the columns out to the cells of one header line: each centred over its own, as many as can be.

    `tops` are the upper edges of the columns' own header cells; one that begins beside the line is not below.
    """
    middle = (line[0].box.top + line[0].box.bottom) / 2
    below = [top > middle for top in tops]
    # best[j]: least cost with the cells so far, the last of them ending before column j
    best: dict[int, tuple[float, list[tuple[int, int]]]] = {0: (0.0, [])}
    for cell in line:
        following: dict[int, tuple[float, list[tuple[int, int]]]] = {}
        for done, (cost, runs) in best.items():
            for first in range(done, len(tops)):
                for last in range(first, len(tops)):
                    if not below[last]:
                        break
                    off = abs((edges[first] + edges[last + 1]) / 2 - cell.middle)
                    if off > _OFF_CENTRE:
                        continue
                    total = cost + off / _OFF_CENTRE - (last - first + 1)
                    if last + 1 not in following or total < following[last + 1][0]:
                        following[last + 1] = (total, [*runs, (first, last)])
        best = following
    if not best:
        return False
    _, runs = min(best.values(), key=lambda item: item[0])
    for cell, run in zip(line, runs, strict=True):
        cell.columns = run
    return True


def _share_out(cells: list[_HeaderCell], columns: Columns) -> None:
    """Give every cell of the lowest header line to one of the uppermost, so that all are best centred.

    A word centred over five columns touches one of them only; where its neighbours stand tells the rest.
    """
    if not cells:
        return

    def middle(cell: _HeaderCell) -> float:
        return (cell.box.top + cell.box.bottom) / 2

    size = cells[0].words[0].box.bottom - cells[0].words[0].box.top
    high, low = min(map(middle, cells)), max(map(middle, cells))
    if low - high < size:
        return
    upper = sorted((c for c in cells if middle(c) - high < 0.6 * size), key=lambda c: c.middle)
    lower = sorted((c for c in cells if low - middle(c) < 0.6 * size), key=lambda c: c.middle)
    bounds = _bounds(columns)
    taken = {i for cell in lower for i in range(cell.columns[0], cell.columns[1] + 1)}

    def cost(cell: _HeaderCell, first: int, last: int) -> float:
        """How far the cell is off the middle of lower[first:last]."""
        if first == last:
            return 0.0 if cell.columns[0] not in taken else 1e6
        left, right = lower[first].columns[0], lower[last - 1].columns[1]
        if any(i not in taken for i in range(left, right + 1)):
            return 1e6
        return abs((bounds[left] + bounds[right + 1]) / 2 - cell.middle)

    # best[j]: the least cost of giving the first j lower cells to the upper cells so far, and the shares
    best: dict[int, tuple[float, list[tuple[int, int]]]] = {0: (0.0, [])}
    for cell in upper:
        following: dict[int, tuple[float, list[tuple[int, int]]]] = {}
        for first, (so_far, shares) in best.items():
            for last in range(first, len(lower) + 1):
                total = so_far + cost(cell, first, last)
                if last not in following or total < following[last][0]:
                    following[last] = (total, [*shares, (first, last)])
        best = following
    total, shares = best.get(len(lower), (1e6, []))
    # with headers over others in between, those of the lowest line may be no more than some of the columns
    known = [*map(id, (*upper, *lower))]
    is_nested = any(
        id(cell) not in known
        and any(
            other.box.top >= cell.box.bottom - 1 and other.box.x0 < cell.box.x1 and other.box.x1 > cell.box.x0
            for other in lower
        )
        for cell in cells
    )
    if total >= 1e6 or (is_nested and total >= sum(_off_centre(cell, bounds) for cell in upper)):
        return
    for cell, (first, last) in zip(upper, shares, strict=True):
        if last > first:
            cell.columns = (lower[first].columns[0], lower[last - 1].columns[1])


def _off_centre(cell: _HeaderCell, bounds: list[float]) -> float:
    return abs((bounds[cell.columns[0]] + bounds[cell.columns[1] + 1]) / 2 - cell.middle)


def _widest(
    cell: _HeaderCell, below: list[_HeaderCell], beside: list[_HeaderCell], columns: Columns
) -> tuple[int, int]:
    """The columns of a header cell: the span whose middle is nearest to its own and hits no neighbour."""
    under = sorted({i for other in below for i in range(other.columns[0], other.columns[1] + 1)})
    low = max((other.columns[1] + 1 for other in beside if other.middle < cell.middle), default=0)
    high = min(
        (other.columns[0] - 1 for other in beside if other.middle > cell.middle), default=len(columns) - 1
    )
    best, error = cell.columns, abs(_middle(columns, *cell.columns) - cell.middle)
    for first in range(max(low, 0), cell.columns[0] + 1):
        for last in range(cell.columns[1], max(high, cell.columns[1]) + 1):
            if (first, last) == cell.columns or not set(range(first, last + 1)) <= set(under):
                continue
            off = abs(_middle(columns, first, last) - cell.middle)
            if off < error - 2:
                best, error = (first, last), off
    return best


def _middle(columns: Columns, first: int, last: int) -> float:
    return (columns[first][0] + columns[last][1]) / 2


def _grid(header: _Header, body: list[Line], shape: _Shape) -> Grid:
    cells, bounds = header.cells, shape.edges
    for i, cell in enumerate(cells):
        over = [
            other.row + 1
            for other in cells[:i]
            if other.columns[0] <= cell.columns[1] and other.columns[1] >= cell.columns[0]
        ]
        cell.row = max(over, default=0)
    depth = max((cell.row for cell in cells), default=-1) + 1
    grid = Grid([], body[0].page_no, ruled=False)
    line_nos = [line.line_no for line in header.lines]
    for row in range(depth):
        texts: list[Cell] = [Cell(None) for _ in shape.columns]
        for cell in cells:
            if cell.row != row:
                continue
            first, last = cell.columns
            text = "\n".join(word.text for word in cell.words)
            texts[first] = Cell(text, Box(bounds[first], cell.box.top, bounds[last + 1], cell.box.bottom))
        if row == 0:
            # nothing above: an empty corner, not a merged cell
            covered = {
                i for cell in cells if cell.row == 0 for i in range(cell.columns[0], cell.columns[1] + 1)
            }
            texts = [cell if i in covered else Cell("") for i, cell in enumerate(texts)]
        grid.rows.append(GridRow(texts, line_nos[min(row, len(line_nos) - 1)]))
    grid.rows += [GridRow(_row_cells([line], shape), line.line_no) for line in header.counted]
    for lines in _rows(body):
        anchor = next((line for line in lines if _is_row(line)), lines[0])
        grid.rows.append(GridRow(_row_cells(lines, shape), anchor.line_no))
    box = _box(body[0])
    for line in [*header.lines, *header.counted, *body]:
        box = box.union(_box(line))
    grid.box = box
    return grid


def _bounds(columns: Columns) -> list[float]:
    inner = [(left[1] + right[0]) / 2 for left, right in pairwise(columns)]
    return [columns[0][0], *inner, columns[-1][1]]


def _rows(body: list[Line]) -> list[list[Line]]:
    """Lines of one row together: a wrapped label stands above and below the numbers of its row."""
    anchors = [i for i, line in enumerate(body) if _is_row(line)]
    places = [(_box(line).top + _box(line).bottom) / 2 for line in body]
    steps = [places[b] - places[a] for a, b in pairwise(anchors)]
    pitch = median(steps) if steps else 2 * _height(body[0])
    size = median([_height(line) for line in body])
    # as close as the lines of one cell are
    close = [b - a < min(_LEADING * size, 0.9 * pitch) for a, b in pairwise(places)]
    groups: dict[int, list[int]] = {i: [i] for i in anchors}
    for i in range(len(body)):
        if i in groups:
            continue
        reached = [k for k in anchors if all(close[min(i, k) : max(i, k)])]
        if reached:
            groups[min(reached, key=lambda k: abs(places[k] - places[i]))].append(i)
        elif i and close[i - 1]:
            # the label of a row without numbers goes on
            next(group for group in groups.values() if i - 1 in group).append(i)
        else:
            groups[i] = [i]
    return [[body[i] for i in sorted(groups[key])] for key in sorted(groups, key=lambda key: places[key])]


def _row_cells(lines: list[Line], shape: _Shape) -> list[Cell]:
    texts: list[list[str]] = [[] for _ in shape.columns]
    for line in lines:
        parts: dict[int, list[Word]] = {}
        for word in line.words:
            parts.setdefault(shape.cell(word), []).append(word)
        for column, words in parts.items():
            texts[column].append(" ".join(word.text for word in words))
    top, bottom = min(_box(line).top for line in lines), max(_box(line).bottom for line in lines)
    return [
        Cell("\n".join(text), Box(left, top, right, bottom))
        for text, (left, right) in zip(texts, pairwise(shape.edges), strict=True)
    ]
