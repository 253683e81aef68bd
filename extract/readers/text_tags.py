"""Tables pasted as HTML into a text: rows of tabs, a blank for each place that a merged cell covers."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_TABLE = re.compile(r"<table\b", re.IGNORECASE)
_CELL = re.compile(r"<t[dh]\b", re.IGNORECASE)
_BREAKS = {"p", "div", "br", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "section", "caption"}
_SILENT = {"script", "style", "title"}
# a wider table or a longer cell is damage
_MAX_COLUMNS = 200
_MAX_ROWS = 500


def without_tags(text: str) -> str:
    """The text as a browser shows it, if tables are marked up in it; else as it is."""
    table = _TABLE.search(text)
    if table is None or not _CELL.search(text, table.end()):
        return text
    reader = _Unfold()
    reader.feed(text)
    reader.close()
    reader.end_line()
    return "\n".join(reader.lines) + "\n"


class _Unfold(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = []
        self._text = ""
        # a table that others stand in only sets out the page
        self._depth = 0
        self._silent = 0
        self._row: list[str] | None = None
        self._cell: tuple[int, int] | None = None
        # per column how many rows a cell above still covers
        self._covered: dict[int, int] = {}

    def end_line(self) -> None:
        if self._text.strip():
            self.lines.append(" ".join(self._text.split()))
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += 1
        elif tag == "table":
            self._end_row()
            self.end_line()
            self._depth += 1
            self._covered = {}
        elif tag == "tr" and self._depth:
            self._end_row()
            self._row = []
        elif tag in ("td", "th") and self._depth:
            self._end_cell()
            self._row = [] if self._row is None else self._row
            given = dict(attrs)
            self._cell = (
                min(_span(given.get("colspan")), _MAX_COLUMNS),
                min(_span(given.get("rowspan")), _MAX_ROWS),
            )
            self._text = ""
        elif tag in _BREAKS and self._cell is None:
            self.end_line()

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag in ("td", "th"):
            self._end_cell()
        elif tag in ("tr", "table"):
            self._end_row()
            if tag == "table":
                self._depth = max(0, self._depth - 1)
                self._covered = {}
        elif tag in _BREAKS and self._cell is None:
            self.end_line()

    def handle_data(self, data: str) -> None:
        if self._silent:
            return
        if self._row is not None and self._cell is None:
            # what stands between the cells of a row is shown above the table
            data = data if data.strip() else ""
        first, *others = data.split("\n") if self._cell is None else [data]
        self._text += first
        for line in others:
            self.end_line()
            self._text = line

    def _end_cell(self) -> None:
        if self._cell is None or self._row is None:
            return
        (columns, rows), self._cell = self._cell, None
        self._cover()
        at = len(self._row)
        end = max(at + 1, min(at + columns, _MAX_COLUMNS))
        self._row.extend([" ".join(self._text.split()), *[""] * (end - at - 1)])
        if rows > 1:
            self._covered.update(dict.fromkeys(range(at, min(end, _MAX_COLUMNS)), rows))
        self._text = ""

    def _cover(self) -> None:
        """Blanks where cells of the rows above reach down to."""
        assert self._row is not None
        while self._covered.get(len(self._row), 0):
            self._row.append("")

    def _end_row(self) -> None:
        self._end_cell()
        if self._row is None:
            return
        last = max((j for j, rows in self._covered.items() if rows), default=-1)
        while len(self._row) <= last and self._covered.get(len(self._row), 0):
            self._row.append("")
        self._covered = {j: rows - 1 for j, rows in self._covered.items() if rows > 1}
        if any(self._row):
            self.lines.append("\t".join(self._row))
        self._row = None


def _span(text: str | None) -> int:
    return int(text) if text and re.fullmatch(r"\s*[1-9]\d{0,5}\s*", text) else 1
