"""What BI users see is described: marts and quality, in a page and in the warehouse itself."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import yaml

from expectations.review import TABLES
from extract.store import literal

MODELS = Path(__file__).resolve().parent.parent / "dbt_project" / "models"

INTRODUCTION = """\
# Data dictionary 数据字典

Generated from the descriptions beside the models by `make docs`; edit those, not this page.

Amounts are in yuan (元), `DECIMAL(18,2)`. Facts hold the finest codes and columns that a body published,
without subtotals, so that a sum is right inside one `scope`, `fiscal_year` and `phase`; never add across
scopes. Every fact row names the printed number that it rests on: `cell_id` leads to `fct_published_amount`,
to the page and the cell.
"""

SECTIONS = {
    "marts": "What was published 公布的数据",
    "quality": "Whether it adds up 勾稽与质量",
}
# the star's dimensions before its facts; anything else after them, by name
PREFIX_ORDER = ("expenditure", "dim_", "fct_")


@dataclass(frozen=True, slots=True)
class Model:
    """One model as its yml describes it."""

    name: str
    description: str
    columns: tuple[dict[str, Any], ...]


def models_of(room: str) -> list[Model]:
    """The tables of a room that users see; what only helps to build them (int_) is left out."""
    found = [
        Model(entry["name"], _one_line(entry.get("description")), tuple(entry.get("columns") or ()))
        for path in sorted((MODELS / room).glob("*.yml"))
        for entry in (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).get("models") or ()
        if not entry["name"].startswith("int_")
    ]
    if room == "quality":
        found += [
            Model(
                name, description, tuple({"name": key, "description": says} for key, says in columns.items())
            )
            for name, (description, columns) in TABLES.items()
        ]
    return sorted(found, key=lambda model: (_rank(model.name), model.name))


def data_dictionary() -> str:
    """The page as Markdown."""
    parts = [INTRODUCTION]
    for room, title in SECTIONS.items():
        models = models_of(room)
        parts.append(f"## `{room}`: {title}\n")
        parts.extend(f"- [`{model.name}`](#{model.name}): {_summary(model)}" for model in models)
        parts.append("")
        parts.extend(_page_part(model) for model in models)
    return "\n".join(parts)


def describe(warehouse: Path) -> None:
    """Put the descriptions into the file, where a BI tool shows them beside tables and columns."""
    statements = []
    for room in SECTIONS:
        for model in models_of(room):
            table = f'"{room}"."{model.name}"'
            statements.append(f"comment on table {table} is {literal(model.description)}")
            statements += [
                f'comment on column {table}."{column["name"]}"'
                f" is {literal(_one_line(column.get('description')))}"
                for column in model.columns
            ]
    with duckdb.connect(str(warehouse)) as connection:
        connection.begin()
        connection.execute(";".join(statements))
        connection.commit()


def _page_part(model: Model) -> str:
    lines = [f"### {model.name}", "", model.description, ""]
    if model.columns:
        typed = any(column.get("data_type") for column in model.columns)
        header = ["column", "type", "meaning"] if typed else ["column", "meaning"]
        lines += [_row(header), _row(["---"] * len(header))]
        for column in model.columns:
            kind = [str(column.get("data_type", ""))] if typed else []
            lines.append(_row([f"`{column['name']}`", *kind, _one_line(column.get("description"))]))
        lines.append("")
    return "\n".join(lines)


def _summary(model: Model) -> str:
    """Its first sentence."""
    return model.description.split(". ")[0].rstrip(".") + "."


def _rank(name: str) -> int:
    return next((i for i, prefix in enumerate(PREFIX_ORDER) if name.startswith(prefix)), len(PREFIX_ORDER))


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _one_line(text: str | None) -> str:
    return " ".join((text or "").split())
