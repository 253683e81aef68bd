"""Conservation: numeric tokens counted in the source text, by another road than the table reader's."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from extract.layout.numbers import count_tokens
from extract.layout.table import Table

if TYPE_CHECKING:
    from extract.layout.grid import SourceRow

_INNER_BLANK = re.compile(r"(?<=[\d,，.])[ \u3000]+(?=[\d,，.])")


def count_source_tokens(rows: list[SourceRow], table: Table) -> int:
    """Numeric tokens of the source cells, less those in texts that are labels, codes, headers or notes."""
    everything = sum(
        count_tokens(_INNER_BLANK.sub("", cell.text or "")) for row in rows for cell in row.cells
    )
    understood = sum(count_tokens(_INNER_BLANK.sub("", text)) for text in table.other_texts)
    return everything - understood
