"""Chapters, sentences and the claims in them, from the text outside of tables.

A line becomes part of a paragraph, a paragraph is a heading or sentences, a sentence states claims.
Claims are raw: what is printed, with the words around it. What they mean is decided in SQL.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache

from extract.markers import alternatives, marker
from extract.model import Box, Line

# a text without any full stop must not become one endless sentence
MAX_SENTENCE = 4_000
MAX_PARAGRAPH = 20_000
MAX_HEADING = 70
MAX_CONTENTS_LINES = 400
# half-width characters: a line this long that ends without a stop goes on
OPEN_WIDTH = 40
MAX_LINE_GAP = 4

HEADING_KINDS = ("heading_part", "heading_1", "heading_2", "heading_3", "heading_4", "heading_5")
CLAIM_KINDS = (("amount", "amount_unit"), ("percentage", "percentage_unit"), ("count", "count_unit"))

_STOPS = "。！？!?"
_PAUSES = "；;：:"
_OPEN_ENDS = "，,、（([［【《〈“‘—-－/／"
_BLANKS = re.compile(r"\s+")
_BULLET = re.compile(r"\s*(?:[-*•·]\s+|#{1,6}\s+|>\s+)")
_LABEL = re.compile(r"[^\W\d_]{2,14}[：:]")
_SENTENCE = re.compile(r"[^。！？!?]*(?:[。！？!?]+[”’」』）)\"]*|$)")
_CLAUSE_END = re.compile(r"[，,；;。：:！？!?]")
_WIDE_FORMS = str.maketrans("０１２３４５６７８９．％", "0123456789.%")
_PAIRS = (("（", "）"), ("(", ")"), ("《", "》"), ("“", "”"), ("〔", "〕"))
_WORD = re.compile(r"[^\W\d_]")
_BARE_AMOUNT = re.compile(r"(?<![\d.])\d[\d,]*\.\d+(?![\d%])")
_EDGES = ' （(“”"、，,'
_LATIN_PAIR = re.compile(r"[A-Za-z][A-Za-z]")


@dataclass(frozen=True, slots=True)
class Chapter:
    """A heading. `depth` is 1 for the outermost ones of its document."""

    chapter_no: int
    parent_chapter_no: int | None
    depth: int
    number_text: str | None
    title: str
    page_no: int | None
    line_no: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, or one line that is none: joined over line and page breaks. No chapter = title page."""

    sentence_no: int
    chapter_no: int | None
    page_no: int | None
    line_no: int
    text: str
    box: Box | None = None  # of what stands on that page


@dataclass(frozen=True, slots=True)
class Claim:
    """A number with its unit: `text[char_start:char_end] == value_text`.

    `direction_text` stands right before the number, or says that it equals its base (持平).
    `subject_text` is the clause before the number; where that holds no name of its own,
    the subject of the claim before (`基本支出 5 万元，占 3%`: both speak of 基本支出).
    """

    claim_no: int
    sentence_no: int
    claim_kind: str
    value_text: str
    number_text: str
    unit_text: str
    direction_text: str | None
    period_text: str | None
    subject_text: str | None
    char_start: int
    char_end: int


@dataclass(slots=True)
class Narrative:
    chapters: list[Chapter] = field(default_factory=list)
    sentences: list[Sentence] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)


@dataclass(slots=True)
class _Paragraph:
    """Lines joined to one text, with the place where each begins in it."""

    text: str
    parts: list[tuple[int, Line]]
    alone: bool = False  # takes no further line

    def line_at(self, offset: int) -> Line:
        found = self.parts[0][1]
        for start, line in self.parts:
            if start > offset:
                break
            found = line
        return found

    def box_of(self, begin: int, end: int) -> Box | None:
        """Around the part of the text that stands on the page where it begins."""
        page_no = self.line_at(begin).page_no
        found: Box | None = None
        ends = [start for start, _ in self.parts[1:]] + [len(self.text)]
        for (start, line), stop in zip(self.parts, ends, strict=True):
            if start >= end or stop <= begin or line.page_no != page_no or line.box is None:
                continue
            printed = self.text[start:stop]
            box = _part_of(line.box, printed, max(begin - start, 0), min(end, stop) - start)
            found = box if found is None else found.union(box)
        return found


@dataclass(frozen=True, slots=True)
class _Heading:
    rank: int
    number: str
    title: str
    body_start: int = -1  # where text goes on behind a heading that runs into its paragraph


def read_narrative(lines: Iterable[Line]) -> Narrative:
    """Chapters, sentences and claims of a document's lines, in reading order."""
    kept, turns = _without_page_furniture([line for line in lines if line.text and not line.text.isspace()])
    contents = _contents(kept)
    narrative = Narrative()
    writer = _Writer(narrative, contents.titles)
    position = 0
    for first, last in contents.ranges:
        writer.add(_paragraphs(kept[position:first], turns=turns))
        writer.add_contents(kept[first:last])
        position = last
    writer.add(_paragraphs(kept[position:], contents.titles, turns))
    return narrative


# --- lines -----------------------------------------------------------------------------------------


def _clean(text: str) -> str:
    return _BLANKS.sub(" ", text.replace("**", "").replace("\u200b", "")).strip()


def _squeezed(text: str) -> str:
    return _BLANKS.sub("", text)


def _width(text: str) -> int:
    """Printed width in half-width characters."""
    return sum(2 if ord(character) > 0x2E7F else 1 for character in text)


def _part_of(box: Box, text: str, begin: int, end: int) -> Box:
    """The part of a line's box that some of its characters take, by the widths that they are printed in."""
    whole = _width(text) or 1
    wide = box.x1 - box.x0
    return Box(
        box.x0 + wide * _width(text[:begin]) / whole,
        box.top,
        box.x0 + wide * _width(text[:end]) / whole,
        box.bottom,
    )


def _without_page_furniture(lines: list[Line]) -> tuple[list[Line], list[int]]:
    """Lines without page numbers and running heads, which would tear sentences apart; where numbers stood."""
    pages: dict[int, list[int]] = {}
    for index, line in enumerate(lines):
        if line.page_no is not None:
            pages.setdefault(line.page_no, []).append(index)
    edges = {index for indexes in pages.values() for index in (*indexes[:2], *indexes[-2:])}
    repeated = Counter(_squeezed(lines[index].text) for index in edges)
    often = max(3, len(pages) // 3)
    page_number, bare = marker("page_number"), marker("bare_page_number")
    kept, turns = [], []
    for index, line in enumerate(lines):
        text = _clean(line.text)
        if len(text) <= 20 and page_number.fullmatch(text):
            if line.page_no is None:
                turns.append(line.line_no)
            continue
        if index in edges and (
            bare.fullmatch(text) or (repeated[_squeezed(text)] >= often and not _number_of(text))
        ):
            continue
        kept.append(line)
    return kept, turns


@cache
def _heading_numbers() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(r"\s*" + alternatives(kind)) for kind in HEADING_KINDS)


def _number_of(text: str) -> tuple[int, int] | None:
    """Rank of the number that opens a text, and where the number ends."""
    for rank, pattern in enumerate(_heading_numbers()):
        if found := pattern.match(text):
            return rank, found.end()
    return None


# --- table of contents -----------------------------------------------------------------------------


@dataclass(slots=True)
class _Contents:
    """Where tables of contents stand, and what they list."""

    ranges: list[tuple[int, int]] = field(default_factory=list)
    entries: list[tuple[int, str]] = field(default_factory=list)  # rank, title without blanks

    @property
    def titles(self) -> dict[str, int]:
        return {title: rank for rank, title in self.entries if 4 <= len(title) <= 60}


def _entry_title(text: str) -> str:
    return _squeezed(marker("toc_leader").sub("", text))


def _contents(lines: Sequence[Line]) -> _Contents:
    """Each table of contents runs from its word to where its numbering begins again, or text begins."""
    contents = _Contents()
    toc = marker("toc")
    index = 0
    while index < len(lines):
        text = _clean(lines[index].text)
        if len(text) > 80 or not toc.fullmatch(text):
            index += 1
            continue
        first, end, entries = index, index + 1, []
        seen: set[tuple[str, ...]] = set()
        path: list[tuple[int, str]] = []
        idle = 0
        for at in range(index + 1, min(len(lines), index + MAX_CONTENTS_LINES)):
            raw = lines[at].text
            text = _clean(_BULLET.sub("", raw, count=1))
            if "。" in text or len(text) > 120 or text[-1:] in "；;，,：:":
                break
            number = _number_of(text)
            if number is None:
                led = marker("toc_leader").search(text)
                idle = 0 if led else idle + 1
                if led:
                    end = at + 1
                if idle > 2:
                    break
                continue
            rank, cut = number
            path = [step for step in path if step[0] < rank] + [(rank, _squeezed(text[:cut]).rstrip("：:、"))]
            key = tuple(part for _, part in path)
            if key in seen:
                break
            seen.add(key)
            title = _entry_title(text[cut:])
            entries.append((rank, title))
            end, idle = at + 1, 0
        contents.ranges.append((first, end))
        contents.entries.extend(entries)
        index = end
    return contents


def _listed_title(text: str, titles: dict[str, int]) -> int | None:
    """Rank of the contents entry that an unnumbered line repeats, be it under the body's full name."""
    squeezed = _squeezed(text)
    if not titles or not 4 <= len(squeezed) <= 60 or _CLAUSE_END.search(squeezed):
        return None
    if marker("table_title").fullmatch(squeezed):
        return None
    if squeezed in titles:
        return titles[squeezed]
    for title, rank in titles.items():
        if found := marker("toc_subject").match(title):
            title = title[found.end() :]
        name = squeezed[: -len(title)] if len(title) >= 4 and squeezed.endswith(title) else ""
        if name and len(name) <= 30 and marker("toc_prefix").fullmatch(name):
            return rank
    return None


# --- paragraphs ------------------------------------------------------------------------------------


def _line_width(lines: Sequence[Line]) -> tuple[int, bool]:
    """Width from which a line counts as full, and whether the text is hard-wrapped at all."""
    widths = sorted(width for line in lines if (width := _width(_clean(line.text))) >= OPEN_WIDTH // 2)
    if len(widths) < 8:
        return OPEN_WIDTH, False
    usual = widths[len(widths) * 9 // 10]
    near = sum(1 for width in widths if usual * 0.85 <= width <= usual * 1.15)
    # a note on a page that lies across is wider than any line of the text
    wider = sum(1 for width in widths if width > usual * 1.6)
    if near * 10 >= len(widths) * 3 and wider * 20 <= len(widths):
        return max(OPEN_WIDTH * 7 // 10, round(usual * 0.8)), True
    return OPEN_WIDTH, False


def _unclosed(text: str) -> bool:
    tail = text[-200:]
    return any(tail.count(left) > tail.count(right) for left, right in _PAIRS)


def _stands_alone(text: str) -> bool:
    return len(text) <= 100 and bool(marker("table_line").fullmatch(text))


def _paragraphs(
    lines: Sequence[Line], titles: dict[str, int] | None = None, turns: Sequence[int] = ()
) -> Iterable[_Paragraph]:
    """Lines joined where a sentence runs on over a line or page break."""
    flow = _Flow(*_line_width(lines), {}, turns)
    for line in lines:
        if line.box is not None:
            flow.margins[line.page_no] = min(flow.margins.get(line.page_no, line.box.x0), line.box.x0)
    current: _Paragraph | None = None
    bold_open = False
    for line in lines:
        bullet = bool(_BULLET.match(line.text))
        for text in _split_glued_heading(_clean(_BULLET.sub("", line.text, count=1))):
            if current is not None and not bullet and _goes_on(current, line, text, flow, bold_open):
                joint = " " if _LATIN_PAIR.fullmatch(current.text[-1:] + text[:1]) else ""
                current.parts.append((len(current.text) + len(joint), line))
                current.text += joint + text
                continue
            if current is not None:
                yield current
            alone = _stands_alone(text) or (titles is not None and _listed_title(text, titles) is not None)
            current = _Paragraph(text, [(0, line)], alone)
        bold_open ^= line.text.count("**") % 2 == 1
    if current is not None:
        yield current


@dataclass(frozen=True, slots=True)
class _Flow:
    """How the text runs: from which width a line is full, where lines begin on each page, where pages end."""

    full: int
    wrapped: bool
    margins: dict[int | None, float]
    turns: Sequence[int]  # lines of page numbers: the blank lines around one are no gap

    def turns_between(self, before: Line, line: Line) -> bool:
        return bisect_left(self.turns, line.line_no) > bisect_left(self.turns, before.line_no)


def _goes_on(paragraph: _Paragraph, line: Line, text: str, flow: _Flow, bold_open: bool) -> bool:
    """Whether `line` continues the paragraph rather than opening its own."""
    before = paragraph.parts[-1][1]
    if paragraph.alone or len(paragraph.text) > MAX_PARAGRAPH or _stands_alone(text):
        return False
    gap = line.line_no - before.line_no
    if gap > MAX_LINE_GAP and line.page_no == before.page_no and not flow.turns_between(before, line):
        return False
    number = _number_of(text)
    last = paragraph.text[-1]
    heading = _number_of(paragraph.text)
    if heading and heading[0] == 0:
        return number is None and _part_goes_on(paragraph, heading[1], text, bold_open)
    if number is not None and not (number[0] >= 2 and _unclosed(paragraph.text)):
        return False
    if last in _OPEN_ENDS or (_unclosed(paragraph.text) and last not in "。；;"):
        return True
    if line.box is not None:
        indent = line.box.x0 - flow.margins[line.page_no]
        if indent > (line.box.bottom - line.box.top) * 1.2 and not _is_set_in(paragraph, line):
            return False
    if last in _STOPS or (last in _PAUSES and not flow.wrapped):
        return False
    if _width(paragraph.text[paragraph.parts[-1][0] :]) < flow.full:
        return False
    if not flow.wrapped and _LABEL.match(text):
        return False
    return heading is None or not _is_whole_heading(paragraph, heading[1], flow.wrapped)


def _is_set_in(paragraph: _Paragraph, line: Line) -> bool:
    """Whether a line goes on with a sentence of a block that stands away from the margin as a whole."""
    before = paragraph.parts[-1][1]
    if before.box is None or line.box is None or before.page_no != line.page_no:
        return False
    is_open = paragraph.text[-1] not in _STOPS + _PAUSES and _CLAUSE_END.search(paragraph.text) is not None
    return is_open and before.box.x0 >= line.box.x0


def _is_whole_heading(paragraph: _Paragraph, cut: int, wrapped: bool) -> bool:
    """A full line may be a title that is just so long, or break off where a title could end."""
    title = paragraph.text[cut:]
    if not wrapped and len(paragraph.parts) == 1 and _titled(title) and not _CLAUSE_END.search(title[:-1]):
        return True
    found = _heading(paragraph.text) if len(paragraph.text) <= 200 else None
    return found is not None and found.body_start < 0 and _closes(found.title)


def _closes(title: str) -> bool:
    """Whether it ends as titles do, and lists of duties do not."""
    return marker("heading_closing").fullmatch(title) is not None


def _part_goes_on(paragraph: _Paragraph, cut: int, text: str, bold_open: bool) -> bool:
    """第四部分 alone, or broken in two, takes its title from the next line; never a sentence."""
    if len(text) > MAX_HEADING or _CLAUSE_END.search(text):
        return False
    title = paragraph.text[cut:].strip()
    return bold_open or _unclosed(title) or not title or (not _titled(title) and _titled(title + text))


def _split_glued_heading(text: str) -> Iterable[str]:
    """`…使用情况（四）国有资产占有使用情况` are two lines, printed without a break."""
    if not text:
        return
    found = _glued().search(text) if len(text) <= 2 * MAX_HEADING else None
    if found and _titled(text[found.end() :]) and _titled(text[: found.start()]):
        yield text[: found.start()]
        yield text[found.start() :]
    else:
        yield text


@cache
def _glued() -> re.Pattern[str]:
    return re.compile(r"(?<=[^\W\d_])" + alternatives("heading_2"))


# --- headings --------------------------------------------------------------------------------------


def _titled(text: str) -> bool:
    return 0 < len(text) <= MAX_HEADING and bool(marker("heading_title").fullmatch(text.strip()))


def _heading(text: str) -> _Heading | None:
    """The heading that a paragraph is, or begins with; None for text."""
    number = _number_of(text)
    if number is None:
        return None
    rank, cut = number
    printed = _squeezed(text[:cut])
    title = text[cut:].strip()
    if rank == 0:
        return _Heading(rank, printed, title) if len(title) <= MAX_HEADING and "。" not in title else None
    if marker("duty").match(title):
        return None
    bare = title
    while (shorter := marker("heading_tail").sub("", bare).strip()) != bare:
        bare = shorter
    clean = bare.rstrip("。：:")
    if _is_title(clean):
        # the deeper the number, the more a title must look like one: lists are numbered too
        if clean == bare and (rank <= 2 or _titled(clean)):
            return _Heading(rank, printed, clean)
        if _closes(clean):
            return _Heading(rank, printed, clean)
    stop = title.find("。")
    if 0 < stop < len(title) - 1 and _is_title(title[:stop]) and _closes(title[:stop]):
        return _Heading(rank, printed, title[:stop], text.index("。", cut) + 1)
    return None


def _is_title(text: str) -> bool:
    return 0 < len(text) <= MAX_HEADING and not _CLAUSE_END.search(text) and not _claim_pattern().search(text)


class _Writer:
    """Numbers chapters, sentences and claims as paragraphs come in."""

    def __init__(self, narrative: Narrative, titles: dict[str, int]) -> None:
        self.narrative = narrative
        self.titles = titles
        self.stack: list[tuple[float, int]] = []  # rank, chapter_no

    def add(self, paragraphs: Iterable[_Paragraph]) -> None:
        for paragraph in paragraphs:
            body = 0
            if heading := _heading(paragraph.text):
                self._open(heading.rank, heading.number, heading.title, paragraph.parts[0][1])
                body = heading.body_start
            elif paragraph.alone and (rank := self._listed_rank(paragraph.text)) is not None:
                # printed without its number, so that 一、 within it begins anew
                self._open(rank - 0.5, None, paragraph.text, paragraph.parts[0][1])
                body = -1
            if body >= 0:
                self._write(paragraph, body)

    def _listed_rank(self, text: str) -> int | None:
        return None if _stands_alone(text) else _listed_title(text, self.titles)

    def add_contents(self, lines: Sequence[Line]) -> None:
        """A table of contents is a chapter of its own, each entry a sentence."""
        if not lines:
            return
        self.stack.clear()
        self._open(0, None, _squeezed(_clean(lines[0].text)), lines[0])
        for line in lines[1:]:
            text = marker("toc_leader").sub("", _clean(_BULLET.sub("", line.text, count=1)))
            if text:
                self._sentence(text[:MAX_SENTENCE], line, line.box)
        self.stack.clear()

    def _open(self, rank: float, number: str | None, title: str, line: Line) -> None:
        while self.stack and self.stack[-1][0] >= rank:
            self.stack.pop()
        chapters = self.narrative.chapters
        parent = self.stack[-1][1] if self.stack else None
        depth = len(self.stack) + 1
        chapters.append(Chapter(len(chapters) + 1, parent, depth, number, title, line.page_no, line.line_no))
        self.stack.append((rank, len(chapters)))

    def _write(self, paragraph: _Paragraph, start: int) -> None:
        topic: str | None = None
        for begin, end in _sentence_spans(paragraph.text, start):
            text = paragraph.text[begin:end]
            sentence = self._sentence(text, paragraph.line_at(begin), paragraph.box_of(begin, end))
            claims = _claims(text, sentence.sentence_no, len(self.narrative.claims) + 1, topic)
            self.narrative.claims.extend(claims)
            money = [claim for claim in claims if claim.claim_kind != "count"]
            named = [claim.subject_text for claim in money if claim.subject_text]
            topic = named[0] if named else topic or (None if claims else _topic(text))

    def _sentence(self, text: str, line: Line, box: Box | None) -> Sentence:
        sentences = self.narrative.sentences
        chapter = self.stack[-1][1] if self.stack else (len(self.narrative.chapters) or None)
        if self.narrative.chapters and not self.stack:
            chapter = None
        sentence = Sentence(len(sentences) + 1, chapter, line.page_no, line.line_no, text, box)
        sentences.append(sentence)
        return sentence


def _sentence_spans(text: str, start: int) -> Iterable[tuple[int, int]]:
    """Where sentences stand, without the blanks around them; overlong ones are cut at a clause."""
    for found in _SENTENCE.finditer(text, start):
        begin, end = found.span()
        while begin < end and text[begin] == " ":
            begin += 1
        while end > begin and text[end - 1] == " ":
            end -= 1
        while end - begin > MAX_SENTENCE:
            cut = max(text.rfind(mark, begin, begin + MAX_SENTENCE) for mark in "；;，,") + 1
            if cut <= begin:
                cut = begin + MAX_SENTENCE
            yield begin, cut
            begin = cut
        if begin < end:
            yield begin, end


# --- claims ----------------------------------------------------------------------------------------


@cache
def _claim_pattern() -> re.Pattern[str]:
    """A number with a known unit. Years, codes and document numbers have none, and so never match."""
    whole = r"(?:\d{1,3}(?:\s?,\s?\d{3})+(?!\d)|\d{1,3}(?:，\d{3})+(?=\.\d)|\d{1,18}+)"
    number = rf"(?P<number>{whole}(?:\s?\.\s?\d{{1,12}})?)"
    units = "|".join(f"(?P<{name}>{alternatives(kind)})" for name, kind in CLAIM_KINDS)
    # a number is not read from its middle, nor behind a letter
    return re.compile(rf"(?<![0-9A-Za-z.])(?P<sign>[-－−]\s?)?(?<![0-9.]){number}\s{{0,2}}(?:{units})")


@cache
def _direction_pattern() -> re.Pattern[str]:
    words = alternatives("direction")
    printed = rf"(?:[（(]\s?{words}\s?[）)]\s?)?{words}(?:\s?[（(]\s?{words}\s?[）)])?"
    return re.compile(rf"(?P<direction>{printed}){alternatives('direction_gap')}$")


def _list_number_end(text: str) -> int:
    number = _number_of(text)
    return number[1] if number and number[0] > 0 else 0


def _topic(text: str) -> str:
    """What a numbered first sentence names: 1.…（款）…（项）。"""
    cut = _list_number_end(text)
    return text[cut:].strip().rstrip("。：:") if cut and len(text) <= 200 else ""


def _claims(text: str, sentence_no: int, first_no: int, topic: str | None) -> list[Claim]:
    if not any(character.isdigit() for character in text):
        return []
    plain = text.translate(_WIDE_FORMS)
    start = _list_number_end(text)
    found_all = [
        found for found in _claim_pattern().finditer(plain, start) if not _is_ordinal(plain, found.start())
    ]
    if not found_all:
        return []
    periods = [
        (found.start(), found.end(), _is_compared(plain, found.start()))
        for found in marker("period").finditer(plain)
    ]
    claims: list[Claim] = []
    # counts have subjects of their own: `公务接待费 0.26 万元，共接待 1 批次，比上年增加 …`
    subjects = {"count": topic or "", "money": topic or ""}
    done = start
    period_at = -1
    level: int | None = None
    base: int | None = None
    # 完成全年预算 84.82 万元的 73.2%: what stands before the amount, for the percentage behind it
    of_amount = ""
    for index, found in enumerate(found_all):
        begin, end = found.span()
        if found["sign"] and not _is_negative(plain, begin):
            begin = found.start("number")
        kind = next(name for name, _ in CLAIM_KINDS if found[name])
        digits = re.sub(r"[\s,，]", "", found["number"])
        clause_start = _clause_start(plain, done, begin)
        direction = _direction_pattern().search(plain[clause_start:begin])
        own = _subject(text[clause_start:begin], direction)
        if not own and clause_start > done and plain[clause_start - 1] in "：:":
            before = _clause_start(plain, done, clause_start - 1)
            own = _subject(text[before : clause_start - 1], None)
        group = "count" if kind == "count" else "money"
        if group == "money" and (bare := [*_BARE_AMOUNT.finditer(plain, done, clause_start)]):
            # 项目支出 215.00，占 37.07%: the share is of what lost its unit, not of the claim before it
            low, high = _clause_start(plain, done, bare[-1].start()), bare[-1].start()
            bare_subject = _subject(text[low:high], _direction_pattern().search(plain[low:high]))
            subjects[group] = bare_subject or subjects[group]
        subject = own or subjects[group]
        is_threshold = marker("threshold").match(plain, end) is not None
        next_start = found_all[index + 1].start() if index + 1 < len(found_all) else len(plain)
        share = None if kind == "count" else marker("share").match(plain, clause_start, begin)
        if kind == "percentage" and (of_amount or share):
            # of what, and in what: both are needed
            words = of_amount or text[share.start() : begin] if share else of_amount
            subject = subjects[group] + _share_end().sub("", words.strip(_EDGES))
            of_amount = ""
        elif share and marker("share_joint").fullmatch(plain, end, next_start):
            # the base of the share: a thing of its own, or the budget of the thing before
            of_amount = text[share.start() : begin]
            subject = _subject(text[share.end() : begin], None) or subjects[group]
        elif not is_threshold:
            of_amount = ""
            subjects[group] = subject
        while period_at + 1 < len(periods) and periods[period_at + 1][1] <= begin:
            period_at += 1
            if periods[period_at][2]:
                base = period_at
            else:
                level = period_at
        period = _period(plain, periods, period_at, base if direction else level, begin, bool(direction))
        direction_text = _squeezed(direction["direction"]) if direction else _flat(plain, end, next_start)
        claims.append(
            Claim(
                claim_no=first_no + len(claims),
                sentence_no=sentence_no,
                claim_kind=kind,
                value_text=text[begin:end],
                number_text=("-" if begin < found.start("number") else "") + digits,
                unit_text=_squeezed(found[kind]),
                direction_text=direction_text,
                period_text=_squeezed(plain[slice(*period)]) if period else None,
                subject_text=subject or None,
                char_start=begin,
                char_end=end,
            )
        )
        if not is_threshold:
            done = end
    return claims


def _is_negative(text: str, at: int) -> bool:
    """Whether the hyphen at `at` is a sign: behind a word it is a dash, unless a direction stands there."""
    if not at or not (text[at - 1].isalnum() or text[at - 1] in "）)]〕】"):
        return True
    return _direction_pattern().search(text[max(0, at - 12) : at]) is not None


def _is_compared(text: str, at: int) -> bool:
    """Whether a period is what something is compared with: 比上年, 与 2021 年度."""
    return marker("comparison").search(text[max(0, at - 4) : at]) is not None


def _is_ordinal(text: str, at: int) -> bool:
    before = text[max(0, at - 2) : at].rstrip()
    return bool(before) and bool(marker("ordinal_prefix").fullmatch(before[-1]))


def _clause_start(text: str, low: int, high: int) -> int:
    """Where the clause that ends at `high` begins: behind the last mark, or the last claim."""
    at = max(text.rfind(mark, low, high) for mark in "，,；;。：:！？!?")
    at = low if at < 0 else at + 1
    while at < high and text[at] in " 、，,；;":
        at += 1
    return at


def _subject(clause: str, direction: re.Match[str] | None) -> str:
    """What the clause names, without direction, period and filler around it; '' when it names nothing."""
    named = clause[: direction.start()] if direction else clause
    named = named[-200:].strip(_EDGES)
    rest = named
    for kind in ("subject_phase", "period", "subject_filler"):
        rest = marker(kind).sub("", rest)
    return _subject_edges().sub("", named).strip(_EDGES) if _WORD.search(rest) else ""


@cache
def _subject_edges() -> re.Pattern[str]:
    """Filler before and behind the name of a thing: 其中…, 与上年相比…, …较上年, …为."""
    base = rf"(?:比|较|与|同)\s?{alternatives('period')}\s?(?:(?:支出|收入|安排)?(?:相比|对比))?"
    return re.compile(
        rf"^(?:(?:{alternatives('subject_head')}|{base})\s?){{1,3}}|(?:\s?(?:{alternatives('subject_tail')}|{base})){{1,4}}$"
    )


@cache
def _share_end() -> re.Pattern[str]:
    return re.compile(rf"\s?{alternatives('share_tail')}$")


def _period(
    text: str,
    periods: list[tuple[int, int, bool]],
    nearest: int,
    preferred: int | None,
    begin: int,
    is_change: bool,
) -> tuple[int, int] | None:
    """The period a number belongs to: of a change, its base; of a level, the last one that is no base."""
    if nearest < 0:
        return None
    start, end, _ = periods[nearest]
    if len(text[end:begin].strip()) <= 1:
        return start, end
    if preferred is not None:
        return periods[preferred][:2]
    return (start, end) if is_change else None


def _flat(text: str, start: int, stop: int) -> str | None:
    """持平 where the clause behind an amount says that it equals its base."""
    tail = text[start : min(stop, start + 40)]
    end = re.search(r"[；;。]", tail)
    found = marker("flat").search(tail[: end.start()] if end else tail)
    return found.group() if found else None
