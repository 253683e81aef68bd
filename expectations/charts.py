"""The corpus at a glance: charts as SVG, drawn while the report is written: the page needs no library."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from xml.etree import ElementTree

# colours are names in the page's style sheet, which knows light and dark
STATUS_COLOURS = {
    "pass": "var(--good)",
    "rounding": "var(--mild)",
    "fail": "var(--bad)",
    "insufficient_data": "var(--open)",
    "not_applicable": "var(--void)",
}
SEVERITY_COLOURS = {
    "error": "var(--bad)",
    "warning": "var(--warn)",
    "minor": "var(--mild)",
    "rounding": "var(--open)",
}
SVG = "{http://www.w3.org/2000/svg}"
ROW = 30
LEGEND_ROW = 20
# pygal gives every name of a legend the same room, however long it is
LEGEND_LETTERS = 45


def stacked_bars(
    title: str,
    rows: Sequence[tuple[str, Mapping[str, int]]],
    names: Mapping[str, str],
    colours: Mapping[str, str],
) -> str:
    """One bar a row, one colour a part; parts that are nowhere are left out. Empty where nothing is."""
    parts = [part for part in names if any(counts.get(part) for _, counts in rows)]
    if not parts:
        return ""
    longest = max(len(names[part]) for part in parts)
    legend_columns = max(1, min(len(parts), LEGEND_LETTERS // longest))
    legend_rows = -(-len(parts) // legend_columns)

    import pygal
    from pygal.style import Style

    chart = pygal.HorizontalStackedBar(
        style=Style(
            background="transparent",
            plot_background="transparent",
            foreground="var(--ink)",
            foreground_strong="var(--ink)",
            foreground_subtle="var(--line)",
            colors=tuple(colours[part] for part in parts),
            opacity="1",
            opacity_hover="1",
            font_family="inherit",
            label_font_size=13,
            major_label_font_size=13,
            legend_font_size=13,
            title_font_size=15,
        ),
        js=(),
        disable_xml_declaration=True,
        width=640,
        height=70 + LEGEND_ROW * legend_rows + ROW * len(rows),
        margin=6,
        # pygal leaves no room for a last row of the legend that is not full
        margin_bottom=6 + LEGEND_ROW * (legend_rows - len(parts) // legend_columns),
        # pygal takes a Chinese character for as wide as a Latin one
        margin_left=6 + 5 * max(sum(ord(letter) > 0x2E7F for letter in label) for label, _ in rows),
        spacing=8,
        title=title,
        legend_at_bottom=True,
        legend_at_bottom_columns=legend_columns,
        legend_box_size=12,
        max_scale=6,
        truncate_label=-1,
        truncate_legend=-1,
        formatter=lambda value: f"{value:,.0f}",
    )
    chart.x_labels = [label for label, _ in reversed(rows)]
    for part in parts:
        chart.add(names[part], [counts.get(part, 0) for _, counts in reversed(rows)])
    return _still(chart.render(is_unicode=True), title, rows, names)


def _still(
    svg: str, title: str, rows: Sequence[tuple[str, Mapping[str, int]]], names: Mapping[str, str]
) -> str:
    """The drawing without pygal's script, and with its numbers in words for who cannot see it."""
    root = ElementTree.fromstring(re.sub(r"<!--.*?-->", "", svg, flags=re.DOTALL))
    for parent in root.iter():
        for child in list(parent):
            if child.tag == f"{SVG}script":
                parent.remove(child)
    words = "; ".join(
        f"{label}: " + ", ".join(f"{names[part]} {number}" for part, number in counts.items() if number)
        for label, counts in rows
    )
    root.set("role", "img")
    root.set("aria-label", f"{title}. {words}")
    ElementTree.register_namespace("", "http://www.w3.org/2000/svg")
    ElementTree.register_namespace("xlink", "http://www.w3.org/1999/xlink")
    return ElementTree.tostring(root, encoding="unicode")
