"""Conservation: numeric tokens counted in the source text, by another road than the table reader's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from extract.layout.numbers import count_tokens
from extract.layout.table import Table
from extract.model import NUMBER_TOKEN, Grid

if TYPE_CHECKING:
    from extract.layout.grid import SourceRow

_INNER_BLANK = re.compile(r"(?<=[\d,，.])[ \u3000\n]+(?=[\d,，.])")


def count_source_tokens(rows: list[SourceRow], table: Table, grids: Sequence[Grid] = ()) -> int:
    """Numeric tokens of the source cells, less those in texts that are labels, codes, headers or notes.

    What a page's text stream has inside a frame more or less than its cells counts as well.
    """
    everything = sum(
        count_tokens(_INNER_BLANK.sub("", cell.text or "")) for row in rows for cell in row.cells
    )
    for grid in grids:
        if grid.token_count is not None:
            cells = sum(len(NUMBER_TOKEN.findall(c.text or "")) for row in grid.rows for c in row.cells)
            everything += grid.token_count - cells
    understood = sum(count_tokens(_INNER_BLANK.sub("", text)) for text in table.other_texts)
    return everything - understood
