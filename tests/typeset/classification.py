"""Names of the official codes that the generated documents use."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent


@cache
def function_names() -> dict[str, str]:
    """Functional classification: code of 类 (3), 款 (5) or 项 (7 digits) to its name."""
    return {row["code"]: row["name"] for row in _rows("function_codes.csv")}


@cache
def function_items(fund: str) -> tuple[str, ...]:
    """All 项 codes that money of one fund may be spent on."""
    return tuple(row["code"] for row in _rows("function_codes.csv") if row["fund"] == fund)


@cache
def function_classes() -> tuple[str, ...]:
    return tuple(code for code in function_names() if len(code) == 3)


@cache
def economic_names() -> dict[str, str]:
    """Departmental economic classification: code of 类 (3) or 款 (5 digits) to its name."""
    return {row["code"]: row["name"] for row in _rows("economic_codes.csv")}


@cache
def economic_items(*classes: str) -> tuple[str, ...]:
    return tuple(code for code in economic_names() if len(code) == 5 and code[:3] in classes)


def parents(code: str) -> tuple[str, ...]:
    """The codes above a code, the class first: 2080505 → 208, 20805."""
    return tuple(code[:length] for length in (3, 5) if length < len(code))


@cache
def _rows(name: str) -> tuple[dict[str, str], ...]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))
