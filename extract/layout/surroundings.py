"""What stands around a table: unit, agency, form number."""

from __future__ import annotations

from extract.layout.table import Table
from extract.vocabulary import Vocabulary, normalise


def read_surroundings(text: str, table: Table, vocabulary: Vocabulary) -> bool:
    """Take unit, agency and form number from a text around a table; False when it is none of them."""
    plain = normalise(text)
    unit = vocabulary.match("unit_text", plain)
    if vocabulary.is_a("form_code_line", plain):
        table.form_code = plain
        return True
    if vocabulary.is_a("unit_line", plain):
        if unit is None:
            unit = vocabulary.match("unit_word", plain)
        if unit:
            table.unit = unit[1]
        agency = vocabulary.match("agency_line", plain)
        if (
            agency
            and agency.start() == 0
            and not table.agency
            and agency[0] != plain[agency.start() :].split("：")[0]
        ):
            table.agency = plain
        return True
    if vocabulary.is_a("agency_line", plain):
        table.agency = plain
        if unit:
            table.unit = unit[1]
        return True
    return vocabulary.is_a("sub_title_line", plain)


def set_title(table: Table, title: str, line_no: int, vocabulary: Vocabulary) -> None:
    """Give the table its title, without the form's number around it and the mark that it goes on."""
    title = vocabulary.pattern("title_continued").sub("", title) or title
    prefix = vocabulary.match("form_code_prefix", title)
    if prefix and prefix.start() == 0 and len(title) > prefix.end() + 2:
        table.form_code = table.form_code or prefix[0]
        title = title[prefix.end() :]
    suffix = vocabulary.match("form_code_suffix", title)
    if suffix:
        table.form_code = table.form_code or suffix[1]
        title = title[: len(title) - len(suffix[0])]
    unit = vocabulary.match("title_unit", title)
    if unit:
        table.unit = table.unit or unit[1]
        title = title[: len(title) - len(unit[0])]
    table.title, table.title_line_no = title, line_no
