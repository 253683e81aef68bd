"""The words that narrative, identity and privacy lean on, read once from the catalogue seed."""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path

SEEDS = Path(__file__).resolve().parent.parent / "dbt_project" / "seeds"
MARKERS = SEEDS / "catalogue" / "narrative_marker.csv"


@cache
def markers() -> dict[str, tuple[tuple[str, str], ...]]:
    """All (pattern, note) pairs by kind."""
    found: dict[str, list[tuple[str, str]]] = {}
    with MARKERS.open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            found.setdefault(row["kind"], []).append((row["pattern"], row["note"]))
    return {kind: tuple(pairs) for kind, pairs in found.items()}


def alternatives(kind: str) -> str:
    """The patterns of a kind as one group, in the order of the seed."""
    return "(?:" + "|".join(pattern for pattern, _ in markers()[kind]) + ")"


@cache
def marker(kind: str) -> re.Pattern[str]:
    """The patterns of a kind as one compiled expression."""
    return re.compile(alternatives(kind))


@cache
def each(kind: str) -> tuple[re.Pattern[str], ...]:
    """The patterns of a kind one by one, where each has named groups of its own."""
    return tuple(re.compile(pattern) for pattern, _ in markers()[kind])
