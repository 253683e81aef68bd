"""One known error put into a consistent document: what a check has to find, and what it should say.

Errors are drawn with a fixed seed. The document given stays as it is; the returned one shares all
but what was changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import ROUND_DOWN, Decimal
from itertools import pairwise
from random import Random

from tests.typeset.model import Agency
from tests.typeset.narrative import percentage, text_of
from tests.typeset.tables import (
    NUMBER,
    BudgetTables,
    Chapter,
    Claim,
    Document,
    FinalTables,
    Lane,
    Row,
    Sentence,
    Table,
    Target,
    Value,
)


@dataclass(frozen=True, slots=True)
class Injection:
    """What was changed where: the truth that a finding is compared with."""

    cause: str
    # table errors
    table_no: int | None = None
    table_code: str = ""
    table_title: str = ""
    row_code: str = ""
    row_label: str = ""
    lane_no: int | None = None
    column_path: str = ""
    other_column_path: str = ""
    # errors in the text
    chapter: str = ""
    sentence: str = ""
    sentence_no: int | None = None
    # what stands before the number, in the sound sentence and in the wrong one
    true_before: str = ""
    before: str = ""
    subject: str = ""
    true_value: Value = None
    printed_value: Value = None


@dataclass(frozen=True, slots=True)
class _Place:
    """A printed amount of a document."""

    table: int
    lane: int
    row: int
    column: int


class NotPossibleError(ValueError):
    """The document has no place for this error."""


def inject(document: Document, seed: int | str, cause: str | None = None) -> tuple[Document, Injection]:
    """Put one error into a copy of the document; `cause` is one of CAUSES, or drawn."""
    rng = Random(f"inject/{seed}/{document.name}/{cause}")
    if cause is not None:
        return CAUSES[cause](document, rng)
    for drawn in rng.sample(list(CAUSES), len(CAUSES)):
        try:
            return CAUSES[drawn](document, rng)
        except NotPossibleError:
            continue
    raise NotPossibleError(f"{document.name} has no place for any error")


def inject_many(document: Document, seed: int | str, count: int) -> tuple[Document, list[Injection]]:
    """Several errors, one after the other, at most one in each table and each sentence."""
    injections: list[Injection] = []
    taken: set[tuple[str, str, str]] = set()
    for attempt in range(count * 20):
        if len(injections) == count:
            break
        mutated, injection = inject(document, f"{seed}/{attempt}")
        place = (injection.table_code, injection.table_title, injection.subject)
        if place not in taken:
            taken.add(place)
            document = mutated
            injections.append(injection)
    return document, injections


# what all table errors share


def _places(document: Document, *, kinds: tuple[str, ...] = ()) -> list[_Place]:
    """Every amount that is not zero, of rows of certain kinds."""
    return [
        _Place(t, la, r, c)
        for t, table in enumerate(document.tables)
        if not table.head
        for la, lane in enumerate(table.lanes)
        for r, row in enumerate(lane.rows)
        if not kinds or row.kind in kinds
        for c, (column, value) in enumerate(zip(lane.value_columns, row.values, strict=True))
        if column.kind == NUMBER and isinstance(value, Decimal) and not isinstance(value, Target) and value
    ]


def _draw(places: list[_Place], rng: Random) -> _Place:
    if not places:
        raise NotPossibleError("no amount to change")
    return rng.choice(places)


def _row(document: Document, place: _Place) -> Row:
    return document.tables[place.table].lanes[place.lane].rows[place.row]


def _value(document: Document, place: _Place) -> Decimal:
    value = _row(document, place).values[place.column]
    assert isinstance(value, Decimal)
    return value


def _with_table(document: Document, number: int, table: Table) -> Document:
    tables = list(document.tables)
    tables[number] = table
    return replace(document, tables=tables)


def _with_lane(document: Document, place: _Place, rows: list[Row]) -> Document:
    table = document.tables[place.table]
    lanes = list(table.lanes)
    lane = lanes[place.lane]
    lanes[place.lane] = Lane(lane.columns, rows, lane.tail)
    return _with_table(document, place.table, replace(table, lanes=lanes))


def _with_values(document: Document, place: _Place, values: dict[int, Value]) -> Document:
    rows = list(document.tables[place.table].lanes[place.lane].rows)
    row = rows[place.row]
    changed = [values.get(column, value) for column, value in enumerate(row.values)]
    rows[place.row] = replace(row, values=changed)
    return _with_lane(document, place, rows)


def _at(document: Document, place: _Place, cause: str, **details: Value) -> Injection:
    table = document.tables[place.table]
    row = _row(document, place)
    return Injection(
        cause,
        table_no=place.table + 1,
        table_code=table.table_code,
        table_title=table.title,
        row_code=row.code,
        row_label=row.label,
        lane_no=place.lane + 1,
        column_path=_path(document, place),
        **details,  # type: ignore[arg-type]
    )


def _path(document: Document, place: _Place, column: int | None = None) -> str:
    columns = document.tables[place.table].lanes[place.lane].value_columns
    return "/".join(columns[place.column if column is None else column].path)


def _replace_value(
    document: Document, place: _Place, cause: str, printed: Value
) -> tuple[Document, Injection]:
    true_value = _value(document, place)
    injection = _at(document, place, cause, true_value=true_value, printed_value=printed)
    return _with_values(document, place, {place.column: printed}), injection


# errors in tables


def _wrong_total(document: Document, rng: Random) -> tuple[Document, Injection]:
    """A total, subtotal or parent row that its parts do not make."""
    place = _draw(_places(document, kinds=("total", "subtotal", "class", "group")), rng)
    value = _value(document, place)
    largest = max(2, int(abs(value) * 10))
    delta = Decimal(rng.randint(2, largest)).scaleb(-2) * rng.choice((-1, 1))
    return _replace_value(document, place, "wrong_total", value + delta if value + delta else value - delta)


def _wrong_part(document: Document, rng: Random) -> tuple[Document, Injection]:
    """A line of the finest level holds another amount altogether."""
    place = _draw(_places(document, kinds=("item",)), rng)
    value = _value(document, place)
    largest = max(2, int(abs(value) * 200))
    printed = Decimal(rng.randint(1, largest)).scaleb(-2)
    return _replace_value(document, place, "wrong_part", printed + 1 if printed == value else printed)


def _wrong_sign(document: Document, rng: Random) -> tuple[Document, Injection]:
    """3,245.06 → -3,245.06."""
    place = _draw(_places(document), rng)
    return _replace_value(document, place, "wrong_sign", -_value(document, place))


def _duplicated_row(document: Document, rng: Random) -> tuple[Document, Injection]:
    """A row of the finest level is printed twice."""
    places = [place for place in _places(document, kinds=("item",)) if _row(document, place).code]
    place = _draw(places, rng)
    rows = list(document.tables[place.table].lanes[place.lane].rows)
    value = _value(document, place)
    injection = _at(document, place, "duplicated_row", true_value=value, printed_value=2 * value)
    rows.insert(place.row, rows[place.row])
    return _with_lane(document, place, rows), injection


def _missing_row(document: Document, rng: Random) -> tuple[Document, Injection]:
    """A row of the finest level is gone."""
    places = [place for place in _places(document, kinds=("item",)) if _row(document, place).code]
    place = _draw(places, rng)
    rows = list(document.tables[place.table].lanes[place.lane].rows)
    injection = _at(document, place, "missing_row", true_value=_value(document, place))
    del rows[place.row]
    return _with_lane(document, place, rows), injection


def _columns_swapped(document: Document, rng: Random) -> tuple[Document, Injection]:
    """Two amounts of a row stand in each other's columns."""
    places = []
    for place in _places(document):
        lane = document.tables[place.table].lanes[place.lane]
        row, columns = _row(document, place), lane.value_columns
        for other in range(len(columns)):
            value = row.values[other]
            is_amount = columns[other].kind == NUMBER and (value is None or isinstance(value, Decimal))
            if other != place.column and is_amount and value != row.values[place.column]:
                places.append((place, other))
    if not places:
        raise NotPossibleError("no two amounts in a row")
    place, other = rng.choice(places)
    first, second = _row(document, place).values[place.column], _row(document, place).values[other]
    injection = _at(
        document,
        place,
        "columns_swapped",
        true_value=first,
        printed_value=second,
        other_column_path=_path(document, place, other),
    )
    return _with_values(document, place, {place.column: second, other: first}), injection


def _doubled(document: Document, rng: Random) -> tuple[Document, Injection]:
    place = _draw(_places(document), rng)
    return _replace_value(document, place, "doubled_cell", 2 * _value(document, place))


def _missing_cell(document: Document, rng: Random) -> tuple[Document, Injection]:
    place = _draw(_places(document), rng)
    return _replace_value(document, place, "missing_cell", None)


def _missing_unit(document: Document, rng: Random) -> tuple[Document, Injection]:
    number = _draw(_places(document), rng).table
    table = document.tables[number]
    injection = Injection(
        "missing_unit", number + 1, table.table_code, table.title, true_value=table.unit, printed_value=""
    )
    return _with_table(document, number, replace(table, unit="")), injection


def _missing_table(document: Document, rng: Random) -> tuple[Document, Injection]:
    number = _draw(_places(document), rng).table
    table = document.tables[number]
    tables = [other for place, other in enumerate(document.tables) if place != number]
    injection = Injection("missing_table", number + 1, table.table_code, table.title)
    return replace(document, tables=tables), injection


def _digits_changed(
    cause: str, change: Callable[[str, Random], str | None]
) -> Callable[[Document, Random], tuple[Document, Injection]]:
    """An error in the digits of one amount."""

    def apply(document: Document, rng: Random) -> tuple[Document, Injection]:
        places = _places(document)
        for _ in range(100):
            place = _draw(places, rng)
            value = _value(document, place)
            printed = change(str(abs(value)), rng)
            if printed is not None and Decimal(printed) != abs(value):
                return _replace_value(document, place, cause, Decimal(printed).copy_sign(value))
        raise NotPossibleError(cause)

    return apply


def digit_slip(text: str, rng: Random) -> str | None:
    """3,245.06 → 3,265.06."""
    places = [place for place, character in enumerate(text) if character.isdigit()]
    place = rng.choice(places)
    digits = [digit for digit in "0123456789" if digit != text[place] and (place or digit != "0")]
    return text[:place] + rng.choice(digits) + text[place + 1 :]


def transposition(text: str, rng: Random) -> str | None:
    """3,245.06 → 3,254.06."""
    digits = [place for place, character in enumerate(text) if character.isdigit()]
    pairs = [
        (first, second)
        for first, second in pairwise(digits)
        if text[first] != text[second] and not (first == 0 and text[second] == "0")
    ]
    if not pairs:
        return None
    first, second = rng.choice(pairs)
    characters = list(text)
    characters[first], characters[second] = characters[second], characters[first]
    return "".join(characters)


def extra_digit(text: str, rng: Random) -> str | None:
    """3,245.06 → 32,245.06."""
    point = text.find(".") if "." in text else len(text)
    place = rng.randint(1, point)
    return text[:place] + text[place - 1] + text[place:]


def missing_digit(text: str, rng: Random) -> str | None:
    """3,245.06 → 345.06."""
    point = text.find(".") if "." in text else len(text)
    if point < 3:
        return None
    place = rng.randint(1, point - 1)
    return text[:place] + text[place + 1 :]


def _unit_error(document: Document, rng: Random) -> tuple[Document, Injection]:
    """One amount of a table is printed in 元 where the table is in 万元, or the other way round."""
    place = _draw(_places(document), rng)
    value = _value(document, place)
    in_ten_thousands = document.tables[place.table].unit == "万元"
    printed = value * 10_000 if in_ten_thousands else (value / 10_000).quantize(Decimal("0.01"))
    if not printed:
        raise NotPossibleError("unit_error")
    return _replace_value(document, place, "unit_error", printed)


def _stale_copy(document: Document, rng: Random) -> tuple[Document, Injection]:
    """An amount of last year's document stands in this year's."""
    return _copied(document, rng, "stale_copy", _tables_of(document, document.agency, document.year - 1))


def _foreign_copy(document: Document, rng: Random) -> tuple[Document, Injection]:
    """An amount of another body's document, which served as the template, was left standing."""
    other = Agency(f"template/{document.seed}", document.agency.size)
    return _copied(document, rng, "foreign_copy", _tables_of(document, other, document.year))


def _stale_column(document: Document, rng: Random) -> tuple[Document, Injection]:
    """The amount of the year before stands under this year, too."""
    places = []
    for place in _places(document):
        columns = document.tables[place.table].lanes[place.lane].value_columns
        path, values = columns[place.column].path, _row(document, place).values
        for other, column in enumerate(columns):
            is_earlier = "上年" in column.path[0] and "当年" in path[0] and column.path[1:] == path[1:]
            if is_earlier and values[other] and values[other] != values[place.column]:
                places.append((place, values[other]))
    if not places:
        raise NotPossibleError("stale_column")
    place, value = rng.choice(places)
    return _replace_value(document, place, "stale_column", value)


def _tables_of(document: Document, agency: Agency, year: int) -> list[Table]:
    builder = BudgetTables if document.kind == "budget" else FinalTables
    return builder(agency, year, document.profile).tables()


def _copied(document: Document, rng: Random, cause: str, tables: list[Table]) -> tuple[Document, Injection]:
    """An amount that other tables of the same form have at the same place."""
    known: dict[tuple[str, int, str, str, int], Value] = {}
    for table in tables:
        for number, lane in enumerate(table.lanes):
            for row in lane.rows:
                for column, value in enumerate(row.values):
                    known[table.table_code, number, row.code, row.label, column] = value
    places = []
    for place in _places(document):
        row = _row(document, place)
        key = (document.tables[place.table].table_code, place.lane, row.code, row.label, place.column)
        if known.get(key) and known[key] != row.values[place.column]:
            places.append((place, known[key]))
    if not places:
        raise NotPossibleError(cause)
    place, value = rng.choice(places)
    return _replace_value(document, place, cause, value)


# errors in the text


def _claims(document: Document) -> Iterator[tuple[int, int, int, Claim]]:
    for chapter_no, chapter in enumerate(document.chapters):
        for sentence_no, sentence in enumerate(chapter.sentences):
            for piece_no, piece in enumerate(sentence):
                if isinstance(piece, Claim):
                    yield chapter_no, sentence_no, piece_no, piece


def _claim_changed(
    cause: str, wanted: Callable[[Claim], bool], change: Callable[[Claim, Random], Claim | None]
) -> Callable[[Document, Random], tuple[Document, Injection]]:
    """An error in what one sentence states."""

    def apply(document: Document, rng: Random) -> tuple[Document, Injection]:
        places = [place for place in _claims(document) if wanted(place[3])]
        rng.shuffle(places)
        for chapter_no, sentence_no, piece_no, claim in places:
            changed = change(claim, rng)
            if changed is None or changed.text == claim.text:
                continue
            chapter = document.chapters[chapter_no]
            sentence: Sentence = list(chapter.sentences[sentence_no])
            sentence[piece_no] = changed
            sentences = list(chapter.sentences)
            sentences[sentence_no] = sentence
            chapters = list(document.chapters)
            chapters[chapter_no] = Chapter(chapter.number, chapter.title, sentences)
            # a word of direction belongs to the number behind it
            number_no = next(
                number
                for number, piece in enumerate(sentence)
                if number >= piece_no and isinstance(piece, Claim) and piece.value is not None
            )
            injection = Injection(
                cause,
                chapter=f"{chapter.number}、{chapter.title}",
                sentence=text_of(sentence),
                sentence_no=sentence_no,
                true_before=text_of(chapter.sentences[sentence_no][:number_no]),
                before=text_of(sentence[:number_no]),
                subject=claim.subject,
                true_value=claim.text if claim.value is None else claim.value,
                printed_value=changed.text if changed.value is None else changed.value,
            )
            return replace(document, chapters=chapters), injection
        raise NotPossibleError(cause)

    return apply


def _is_amount(claim: Claim) -> bool:
    return claim.kind == "amount" and bool(claim.value)


def _is_growth(claim: Claim) -> bool:
    return claim.kind == "percentage" and claim.subject.endswith("|growth")


def _is_rate(claim: Claim) -> bool:
    return claim.kind == "percentage" and len(claim.operands) == 2 and claim.operands[1] != 0


def _in_yuan(claim: Claim, rng: Random) -> Claim | None:
    return _restated(claim, claim.value * 10_000) if claim.value is not None else None


def _slipped_claim(claim: Claim, rng: Random) -> Claim | None:
    printed = digit_slip(str(claim.value), rng)
    return _restated(claim, Decimal(printed)) if printed else None


def _restated(claim: Claim, value: Decimal) -> Claim:
    text = f"{value}%" if claim.kind == "percentage" else f"{value:,.2f}"
    return replace(claim, value=value, text=text)


def _wrong_base(claim: Claim, rng: Random) -> Claim | None:
    """The rate is taken of this year instead of last."""
    current, base = claim.operands
    return _restated(claim, percentage(abs(current - base), current)) if current else None


def _turned(claim: Claim, rng: Random) -> Claim | None:
    words = {"增加": "减少", "减少": "增加"}
    return replace(claim, text=words[claim.text]) if claim.text in words else None


def _truncated(claim: Claim, rng: Random) -> Claim | None:
    """Cut off instead of rounded."""
    first, second = claim.operands
    part = abs(first - second) if _is_growth(claim) else first
    exact = Decimal(100 * part) / Decimal(second)
    return _restated(claim, exact.quantize(Decimal("0.01"), ROUND_DOWN))


_Change = Callable[[Document, Random], tuple[Document, Injection]]
_TABLE_CAUSES: dict[str, _Change] = {
    "wrong_total": _wrong_total,
    "wrong_part": _wrong_part,
    "missing_row": _missing_row,
    "duplicated_row": _duplicated_row,
    "columns_swapped": _columns_swapped,
    "doubled_cell": _doubled,
    "missing_cell": _missing_cell,
    "missing_unit": _missing_unit,
    "missing_table": _missing_table,
    "digit_slip": _digits_changed("digit_slip", digit_slip),
    "transposition": _digits_changed("transposition", transposition),
    "extra_digit": _digits_changed("extra_digit", extra_digit),
    "missing_digit": _digits_changed("missing_digit", missing_digit),
    "unit_error": _unit_error,
    "wrong_sign": _wrong_sign,
    "stale_copy": _stale_copy,
    "stale_column": _stale_column,
    "foreign_copy": _foreign_copy,
}
_TEXT_CAUSES: dict[str, _Change] = {
    "text_digit_slip": _claim_changed("text_digit_slip", _is_amount, _slipped_claim),
    "text_unit": _claim_changed("text_unit", _is_amount, _in_yuan),
    "wrong_base": _claim_changed("wrong_base", _is_growth, _wrong_base),
    "wrong_direction": _claim_changed("wrong_direction", lambda claim: claim.kind == "direction", _turned),
    "truncated": _claim_changed("truncated", _is_rate, _truncated),
}
CAUSES = _TABLE_CAUSES | _TEXT_CAUSES
TABLE_CAUSES, TEXT_CAUSES = tuple(_TABLE_CAUSES), tuple(_TEXT_CAUSES)
# errors that change numbers: what equations are to find
NUMBER_CAUSES = tuple(cause for cause in TABLE_CAUSES if cause not in ("missing_unit", "missing_table"))
