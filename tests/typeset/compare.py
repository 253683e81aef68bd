"""What a reader landed against the truth: cell by cell, with nothing left out on either side."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from tests.typeset.documents import truth
from tests.typeset.tables import Document


class ReadCell(NamedTuple):
    """A number with everything that says what it is."""

    table_title: str
    row_code: str
    row_label: str
    column_path: str
    value: Decimal


@dataclass(frozen=True, slots=True)
class Comparison:
    expected: int
    found: int
    missing: list[ReadCell]
    invented: list[ReadCell]

    @property
    def is_exact(self) -> bool:
        return not self.missing and not self.invented


def compare(document: Document, raw: Mapping[str, Sequence[Mapping[str, Any]]]) -> Comparison:
    """Compare a document's truth with the raw rows that `extract.landing.read_document` returns."""
    expected = Counter(
        _cell(row["table_title"], row["row_code"], row["row_label"], row["column_path"], row["value"])
        for row in truth(document)
    )
    titles = {row["table_no"]: row["table_title"] for row in raw["table"]}
    labels = {
        (row["table_no"], row["row_no"], row["lane_no"]): (row["row_code"], row["row_label"])
        for row in raw["table_row"]
    }
    paths = {(row["table_no"], row["column_no"]): row["column_path"] for row in raw["table_column"]}
    found = Counter(
        _cell(
            titles[cell["table_no"]],
            *labels.get((cell["table_no"], cell["row_no"], cell["lane_no"]), ("", "")),
            paths[cell["table_no"], cell["column_no"]],
            cell["number_text"],
        )
        for cell in raw["cell"]
    )
    return Comparison(
        expected.total(),
        found.total(),
        sorted((expected - found).elements()),
        sorted((found - expected).elements()),
    )


def _cell(title: Any, code: Any, label: Any, path: Any, value: Any) -> ReadCell:
    return ReadCell(_plain(title), code or "", _plain(label), _plain(path), Decimal(str(value)))


def _plain(text: Any) -> str:
    """White space and quotes do not count, nor the width of brackets."""
    return re.sub(r"[\s“”\"]", "", text or "").replace("(", "（").replace(")", "）")
