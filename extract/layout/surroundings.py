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
