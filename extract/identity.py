"""Who published a document, for which year, what kind it is, and when: from its own words only.

Every answer carries its evidence; where the words do not decide, the answer is None.
The file name is never looked at: published files are often named after something else.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import TypeVar

from extract.markers import SEEDS, alternatives, each, marker, markers
from extract.model import Document, Grid

MAX_LINES = 20_000
MAX_LINE = 500
COVER_LINES = 30
CLOSING_LINES = 15
SHORT_LINE = 60
# a region that the body's name does not say needs this many mentions, and twice as many as any other
MIN_MENTIONS = 3

_BLANKS = re.compile(r"\s+")
_WIDE = str.maketrans("():,;０１２３４５６７８９", "（）：，；0123456789")
_QUOTES = str.maketrans("", "", "“”\"'*#")
_CHINESE_DIGITS = str.maketrans("零〇○０一二三四五六七八九", "0000123456789")
_DATE = re.compile(r"(?P<year>(?:19|20)\d\d)[年./-](?P<month>\d{1,2})[月./-](?P<day>3[01]|[12]\d|0?[1-9])日?")
_CHINESE_DATE = re.compile(
    r"(?P<year>[二一][零〇○Ｏ九][零〇○一二三四五六七八九]{2})年(?P<month>[一二三四五六七八九十]{1,2})月(?P<day>[一二三四五六七八九十]{1,3})日"
)
# the year of a title; that of a date is followed by its month
_CHINESE_YEAR = re.compile(r"二[零〇○Ｏ0][零〇○一二三四五六七八九]{2}(?=年(?![一二三四五六七八九十]{1,2}月))")
Answer = TypeVar("Answer", int, str)
_FINAL_OR_BUDGET = {"final": "identity_kind_final", "budget": "identity_kind_budget"}
_LEVELS = {"department": "identity_level_department", "unit": "identity_level_unit"}


@dataclass(frozen=True, slots=True)
class Identity:
    """What a document says of itself. `evidence` names the words behind each answer."""

    agency_name: str | None = None
    fiscal_year: int | None = None
    document_kind: str | None = None  # budget, final
    body_level: str | None = None  # department, unit
    region_name: str | None = None
    region_code: str | None = None
    publication_date: date | None = None
    evidence: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Division:
    code: str
    name: str
    level: str
    short_name: str

    @property
    def significant(self) -> str:
        """The digits that its subordinates share."""
        return self.code[: {"province": 2, "prefecture": 4}.get(self.level, 6)]


@cache
def divisions() -> tuple[Division, ...]:
    """All administrative divisions of the reference."""
    ending = re.compile(alternatives("identity_region_short_ending") + "$")
    found = []
    with (SEEDS / "reference" / "administrative_division.csv").open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            name, level = row["region_name"], row["level_name"]
            short = ending.sub("", name) if level != "county" else ""
            found.append(Division(row["region_code"], name, level, short if len(short) >= 2 else ""))
    return tuple(found)


def identify(document: Document) -> Identity:
    """Agency, year, kind, level, region and publication date of a document as it states them itself."""
    lines = list(_lines(document))
    cover = _cover(lines)
    evidence: dict[str, str] = {}
    title = _title(cover)
    agency = _agency(lines, cover, title, evidence)
    year, kind, level = _year_kind_level(lines, cover, title, evidence)
    region = _region(lines, cover, agency, evidence)
    published = _publication_date(lines, cover, year, evidence)
    return Identity(
        agency_name=agency,
        fiscal_year=year,
        document_kind=kind,
        body_level=level,
        region_name=region.name if region else None,
        region_code=region.code if region else None,
        publication_date=published,
        evidence=evidence,
    )


def _plain(text: str) -> str:
    return _BLANKS.sub("", text).translate(_WIDE).translate(_QUOTES)


def _lines(document: Document) -> Iterator[str]:
    """All lines and grid rows without blanks, as far as an identity could lie in them."""
    count = 0
    for block in document.blocks():
        if isinstance(block, Grid):
            texts: Iterable[str] = (" ".join(cell.text or "" for cell in row.cells) for row in block.rows)
        else:
            texts = (block.text,)
        for text in texts:
            plain = _plain(text[:MAX_LINE])
            if plain:
                yield plain
                count += 1
                if count >= MAX_LINES:
                    return


def _cover(lines: list[str]) -> list[str]:
    """The lines before the table of contents or the first part."""
    part = marker("heading_part")
    for index, line in enumerate(lines[:COVER_LINES]):
        if marker("toc").fullmatch(line) or (index and part.match(line)):
            return lines[:index]
        # the word may hang on the line that names the body
        if line.endswith(_contents_word()) and index:
            return lines[: index + 1]
    part_at = next((i for i, line in enumerate(lines[:COVER_LINES]) if part.match(line)), None)
    if part_at is not None:
        return lines[:part_at]
    # three lines of the document itself, below what a page of the web prints above them
    furniture = marker("identity_page_furniture")
    own = [i for i, line in enumerate(lines[:COVER_LINES]) if not furniture.fullmatch(line)]
    return lines[: own[:3][-1] + 1] if own else lines[:3]


@cache
def _contents_word() -> str:
    return next(note for _, note in markers()["identity_contents_word"])


def _title(cover: list[str]) -> re.Match[str] | None:
    text = "".join(_title_lines(cover))
    text = _CHINESE_YEAR.sub(lambda year: year.group().translate(_CHINESE_DIGITS), text)
    titles = [found for pattern in each("identity_title") if (found := pattern.search(text))]
    # without the word for department or unit it may speak of a whole place: a body must be named
    named = [found for found in titles if _body_name(found["agency"], framed=bool(found["level"]))]
    return next(iter([*named, *(found for found in titles if found["level"])]), None)


def _title_lines(cover: list[str]) -> list[str]:
    # a page of the web has more above the title than the document
    furniture = marker("identity_page_furniture")
    return [line for line in cover if not furniture.fullmatch(line)] or cover


def _titled_name(title: re.Match[str], cover: list[str]) -> str | None:
    """The body that a title names, without the lines above it that are no part of the name.

    They are no part of it where the name after them begins with the place that they began with already,
    or where they have words in them that no name has.
    """
    start, end = title.span("agency")
    text, name, at = title.string, _body_name(title["agency"], framed=True), 0
    for line in _title_lines(cover):
        front, back = text[start:at], text[at:end]
        at += len(line)
        if len(front) < 2 or not _body_name(back, framed=True):
            continue
        # the committee and the government of a place may run an office together
        together = re.match(alternatives("identity_party_prefix"), front)
        other = marker("identity_agency_sentence").search(front) and _is_placed(back)
        if other or (back[:3] in front and not together):
            name = _body_name(back, framed=True)
    return name


# --- agency ----------------------------------------------------------------------------------------


def _agency(
    lines: list[str], cover: list[str], title: re.Match[str] | None, evidence: dict[str, str]
) -> str | None:
    """Named on the cover by a label, in the title, over the tables, or in the first part's heading."""
    if labelled := _labelled(cover, "identity_agency_label"):
        evidence["agency_name"] = f"cover label: {labelled.most_common(1)[0][0]}"
        return labelled.most_common(1)[0][0]
    over_tables = _labelled(lines, "identity_agency_label") or _labelled(lines, "identity_agency_cell")
    titled = _titled_name(title, cover) if title else None
    if titled and not _is_region_only(titled):
        evidence["agency_name"] = f"title: {title.group() if title else ''}"
        return titled
    if over_tables:
        name, count = over_tables.most_common(1)[0]
        # a name wrapped to the next line is counted under its beginning
        longer = [other for other, n in over_tables.items() if other.startswith(name) and n * 2 >= count]
        name = max(longer, key=len)
        evidence["agency_name"] = f"label over {count} tables: {name}"
        return name
    for line in lines:
        for pattern in each("identity_agency_heading"):
            if (found := pattern.match(line)) and (headed := _body_name(found["agency"])):
                evidence["agency_name"] = f"heading: {line[:60]}"
                return headed
    place = marker("identity_agency_place")
    alone = {named for line in cover if place.match(line) and (named := _body_name(line))}
    if len(alone) == 1 and _states(["".join(cover)]):
        evidence["agency_name"] = f"line of the cover: {min(alone)}"
        return min(alone)
    return None


def _labelled(lines: Iterable[str], kind: str) -> Counter[str]:
    """The names behind labels of a kind, and how often each is there."""
    found: Counter[str] = Counter()
    for line in lines:
        for pattern in each(kind):
            if (match := pattern.match(line)) and (name := _body_name(match["agency"], framed=True)):
                found[name] += 1
    return found


def _body_name(text: str, framed: bool = False) -> str | None:
    """The name of a body as printed; None for other text.

    Where a label or a title's words frame it, a name may also be known by the place that it begins with.
    """
    # what a bracket closes that opened before it is not of the name: （2018部门预算公开）某某中心
    text = re.sub("^[^（）]*）", "", text)
    text = re.sub("^" + alternatives("identity_agency_lead") + "+", "", text.strip("、-—－"))
    name = re.sub(alternatives("identity_agency_summary") + "+$", "", text)
    if not 3 <= len(name) <= 60 or marker("identity_agency_not").fullmatch(name):
        return None
    bare = re.sub(alternatives("identity_agency_suffix") + "$", "", name)
    ending = alternatives("identity_agency_word") + r"(?:（[^（）]{1,20}）)?$"
    if re.search(ending, bare) or (framed and _is_placed(bare)):
        return name
    return None


def _is_placed(name: str) -> bool:
    """A place, and then a few characters that are neither a place nor of a sentence."""
    place = "^" + alternatives("identity_agency_place") + "{1,4}(?P<rest>[一-龥]{2,12})$"
    found = re.search(place, name)
    if found is None or re.search(alternatives("identity_agency_other_end") + "$", name):
        return False
    return not marker("identity_agency_sentence").search(found["rest"])


# --- year, kind, level -----------------------------------------------------------------------------


def _year_kind_level(
    lines: list[str], cover: list[str], title: re.Match[str] | None, evidence: dict[str, str]
) -> tuple[int | None, str | None, str | None]:
    years: Counter[int] = Counter()
    kinds: Counter[str] = Counter()
    levels: Counter[str] = Counter()
    short = [line for line in lines if len(line) <= SHORT_LINE]
    if not _states(short):
        # the year may stand on a line of its own on the cover, or the whole document on one line
        short = ["".join(_title_lines(cover))]
        short = short if _states(short) else [line[:SHORT_LINE] for line in lines[:COVER_LINES]]
    for line in short:
        for pattern in each("identity_statement"):
            if found := pattern.search(line):
                years[int(found["year"])] += 1
                kinds[_of(found["kind"], "identity_word_final", "final", "budget")] += 1
                if found["level"]:
                    levels[_of(found["level"], "identity_word_unit", "unit", "department")] += 1
                break
    year = kind = level = None
    if title:
        year = int(title["year"]) if title["year"] else None
        kind = _of(title["kind"], "identity_word_final", "final", "budget")
        evidence["document_kind"] = f"title: {title.group()}"
        if title["level"]:
            level = _of(title["level"], "identity_word_unit", "unit", "department")
            evidence["body_level"] = f"title: {title.group()}"
        if year:
            evidence["fiscal_year"] = f"title: {title.group()}"
    if year is None:
        year = _winner(years)
        if year:
            evidence["fiscal_year"] = f"{years[year]} headings"
    if year is None:
        votes = Counter(
            int(found["year"])
            for line in lines
            if len(line) <= 30
            for pattern in each("identity_year")
            if (found := pattern.search(line))
        )
        year = _winner(votes)
        if year:
            evidence["fiscal_year"] = f"{votes[year]} titles of tables"
    if kind is None and (kind := _winner(kinds)):
        evidence["document_kind"] = f"{kinds[kind]} headings"
    if level is None and (level := _winner(levels)):
        evidence["body_level"] = f"{levels[level]} headings"
    if kind is None:
        kind = _by_words(lines, _FINAL_OR_BUDGET, "document_kind", evidence)
    if level is None:
        level = _by_words(lines, _LEVELS, "body_level", evidence)
    return year, kind, level


def _states(lines: Iterable[str]) -> bool:
    """Whether a line says of which year and kind the document is."""
    return any(pattern.search(line) for line in lines for pattern in each("identity_statement"))


def _of(word: str, kind: str, if_so: str, otherwise: str) -> str:
    return if_so if marker(kind).search(word) else otherwise


def _winner(votes: Counter[Answer]) -> Answer | None:
    ranked = votes.most_common(2)
    if not ranked or (len(ranked) == 2 and ranked[0][1] == ranked[1][1]):
        return None
    return ranked[0][0]


def _by_words(lines: list[str], kinds: dict[str, str], what: str, evidence: dict[str, str]) -> str | None:
    counts = {answer: sum(1 for line in lines if marker(kind).search(line)) for answer, kind in kinds.items()}
    votes = Counter(counts)
    (first, most), (_, next_most) = votes.most_common(2)
    if most < 2 or most < 3 * next_most:
        return None
    evidence[what] = f"{most} lines with words of this kind, {next_most} of the other"
    return first


# --- region ----------------------------------------------------------------------------------------


@cache
def _by_name() -> dict[str, tuple[Division, ...]]:
    found: dict[str, list[Division]] = {}
    for division in divisions():
        found.setdefault(division.name, []).append(division)
        if division.short_name:
            found.setdefault(division.short_name, []).append(division)
    return {name: tuple(group) for name, group in found.items()}


@cache
def _longest_name() -> int:
    return max(map(len, _by_name()))


@cache
def _any_division() -> re.Pattern[str]:
    """Full names, and short names of provinces and prefectures; the longest first."""
    names = [name for name, group in _by_name().items() if len(name) >= 3 or group[0].level == "province"]
    return re.compile("|".join(map(re.escape, sorted(names, key=len, reverse=True))))


def _chain(text: str, short: bool = False) -> Division | None:
    """The most specific division that a text begins with: each name a part of the one before."""
    text = re.sub("^(?:" + alternatives("identity_party_prefix") + ")", "", text)
    current: Division | None = None
    at = 0
    while True:
        step = _step(text, at, current, short)
        if step is None:
            return current
        current, at = step


def _step(text: str, at: int, parent: Division | None, short: bool) -> tuple[Division, int] | None:
    for length in range(min(_longest_name(), len(text) - at), 1, -1):
        name = text[at : at + length]
        group = [
            division
            for division in _by_name().get(name, ())
            if (division.name == name or short)
            and (parent is None or (division.code.startswith(parent.significant) and division != parent))
        ]
        if len(group) == 1:
            return group[0], at + length
        if len(group) > 1:
            # a name that several divisions bear decides nothing
            continue
    return None


def _is_region_only(name: str) -> bool:
    division = _chain(name)
    return division is not None and name.endswith(division.name)


def _region(
    lines: list[str], cover: list[str], agency: str | None, evidence: dict[str, str]
) -> Division | None:
    """The division in the body's name, else on the cover, else the one that the text speaks of."""
    if agency and marker("identity_central").fullmatch(agency):
        evidence["region_name"] = f"central body: {agency}"
        return None
    if agency and (division := _chain(agency)):
        evidence["region_name"] = f"agency name: {agency}"
        return division
    for line in cover:
        start = re.sub("^" + alternatives("identity_agency_lead") + r"?(?:20\d\d年?度?)?", "", line)
        if division := _chain(start):
            evidence["region_name"] = f"cover: {line[:40]}"
            return division
    if agency and (division := _chain(agency, short=True)):
        evidence["region_name"] = f"agency name: {agency}"
        return division
    return _region_by_mentions(lines, agency or "", evidence)


def _region_by_mentions(lines: list[str], agency: str, evidence: dict[str, str]) -> Division | None:
    """By most frequent mention, of the kind that the agency's generic beginning (自治区, 县) names."""
    generic = marker("identity_region_word").match(agency)
    by_code = {division.code: division for division in divisions()}
    abbreviations = {word: by_code[code] for word, code in markers()["identity_region_abbreviation"]}
    mentions: Counter[str] = Counter()
    abbreviation = marker("identity_region_abbreviation")
    for line in lines:
        found = [group[0] for m in _any_division().finditer(line) if len(group := _by_name()[m.group()]) == 1]
        found += [abbreviations[m.group()] for m in abbreviation.finditer(line)]
        for division in found:
            # a place speaks for the province around it too
            province = by_code.get(division.code[:2] + "0000")
            if generic and province and province.name.endswith(generic.group()):
                mentions[province.code] += 1
            elif not generic or division.name.endswith(generic.group()):
                mentions[division.code] += 1
    ranked = mentions.most_common(2)
    if not ranked or ranked[0][1] < MIN_MENTIONS or (len(ranked) == 2 and ranked[0][1] < 2 * ranked[1][1]):
        return None
    division = by_code[ranked[0][0]]
    evidence["region_name"] = f"{ranked[0][1]} mentions of {division.name} or places in it"
    return division


# --- date ------------------------------------------------------------------------------------------


def _publication_date(
    lines: list[str], cover: list[str], year: int | None, evidence: dict[str, str]
) -> date | None:
    """A date that stands alone on the cover or at the very end, or behind the word for publication."""
    for number, line in enumerate(lines):
        # the card of a web page has several labels on a line, and the hour behind the day
        on_card = number < COVER_LINES
        label = marker("identity_date_label")
        at = label.search(line) if on_card else label.match(line)
        if at and (found := _date(line[at.end() :], year, on_card=on_card)):
            evidence["publication_date"] = line[max(0, at.start() - 10) : at.end() + 20]
            return found
    for where, part in (("cover", cover), ("end", lines[: -CLOSING_LINES - 1 : -1])):
        for line in part:
            if found := _date(line, year):
                evidence["publication_date"] = f"{where}: {line}"
                return found
    return None


def _date(text: str, year: int | None, on_card: bool = False) -> date | None:
    """The date that a text is, near enough to the fiscal year to be that of its publication.

    On the card of a web page other things may follow the date.
    """
    if found := _DATE.match(text) if on_card else _DATE.fullmatch(text):
        numbers = [int(found[part]) for part in ("year", "month", "day")]
    elif found := _CHINESE_DATE.fullmatch(text):
        year_digits = int(found["year"].translate(_CHINESE_DIGITS))
        numbers = [year_digits, _number(found["month"]), _number(found["day"])]
    else:
        return None
    try:
        value = date(*numbers)
    except ValueError:
        return None
    return value if year is None or year - 1 <= value.year <= year + 2 else None


def _number(text: str) -> int:
    """十一, 二十四, 三十 as numbers."""
    if "十" not in text:
        return int(text.translate(_CHINESE_DIGITS))
    tens, _, ones = text.partition("十")
    return int(tens.translate(_CHINESE_DIGITS) or 1) * 10 + int(ones.translate(_CHINESE_DIGITS) or 0)
