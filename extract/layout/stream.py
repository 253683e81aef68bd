"""Tables in a bare text layer."""

from __future__ import annotations

from extract.layout.table import Table
from extract.model import Line
from extract.vocabulary import Vocabulary


def find_stream_tables(lines: list[Line], vocabulary: Vocabulary) -> tuple[list[Table], list[Line]]:
    return [], lines
