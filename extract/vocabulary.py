"""The words the layout may lean on, read from the catalogue seeds: no title or header stands in code."""

from __future__ import annotations

import csv
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

CATALOGUE = Path(__file__).resolve().parent.parent / "dbt_project" / "seeds" / "catalogue"

_BLANK = re.compile(r"\s+")
_QUOTES = str.maketrans("", "", "“”\"'‘’＂")
_NUMBERING = re.compile(
    r"(?:其中：?|加：|减：|（[一二三四五六七八九十\d]+）|[一二三四五六七八九十]+[、．.，]|\d{1,2}[、．.，）])+"
)
_WIDE = str.maketrans({"(": "（", ")": "）", ":": "：", ";": "；", ",": "，"})


def squeeze(text: str) -> str:
    """Text without any white space (row labels, column paths)."""
    return _BLANK.sub("", text)


def normalise(text: str) -> str:
    """The form in which names are compared: no blanks or quotes, full-width punctuation, plain digits."""
    return unicodedata.normalize("NFKC", squeeze(text)).translate(_QUOTES).translate(_WIDE)


def plain_label(text: str) -> str:
    """A row's label in the form in which its names are compared: without its numbering."""
    label = normalise(text)
    numbering = _NUMBERING.match(label)
    return label[numbering.end() :] if numbering else label


@dataclass(frozen=True)
class FormColumn:
    """One value column of a standard form, as its header texts from top to bottom."""

    lane_no: int
    path: tuple[str, ...]


@dataclass(frozen=True)
class Form:
    name: str
    columns: tuple[FormColumn, ...]


class Vocabulary:
    """Markers (regular expressions on normalised text, by kind) and the header trees of standard forms."""

    def __init__(
        self, markers: dict[str, list[str]], forms: list[Form], sides: dict[str, str] | None = None
    ) -> None:
        self._patterns = {
            kind: re.compile("|".join(f"(?:{p})" for p in group)) for kind, group in markers.items()
        }
        self.forms = forms
        # labels of rows, and the side of two lists on which they stand; empty for both
        self.sides = sides or {}

    def is_a(self, kind: str, text: str | None) -> bool:
        """Whether the whole text is of this kind."""
        return bool(text) and self._patterns[kind].fullmatch(normalise(text or "")) is not None

    def pattern(self, kind: str) -> re.Pattern[str]:
        return self._patterns[kind]

    def match(self, kind: str, text: str) -> re.Match[str] | None:
        """The first place in the normalised text where the kind occurs."""
        return self._patterns[kind].search(normalise(text))


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


@cache
def load_vocabulary(catalogue: Path = CATALOGUE) -> Vocabulary:
    markers: dict[str, list[str]] = {}
    for row in _read(catalogue / "layout_marker.csv"):
        markers.setdefault(row["kind"], []).append(row["pattern"])
    forms: dict[str, list[FormColumn]] = {}
    for row in _read(catalogue / "form_column.csv"):
        column = FormColumn(int(row["lane_no"]), tuple(row["column_path"].split("/")))
        forms.setdefault(row["form"], []).append(column)
    return Vocabulary(
        markers, [Form(name, tuple(columns)) for name, columns in forms.items()], _sides(catalogue)
    )


def _sides(catalogue: Path) -> dict[str, str]:
    """The side of each known row label; names of functions are expenditure."""
    sides = {
        row["class_name"]: "expenditure"
        for row in _read(catalogue / "class_name_alias.csv")
        if row["code_domain"] == "function"
    }
    named: dict[str, set[str]] = {}
    for row in _read(catalogue / "row_label_alias.csv"):
        if not row["within"]:
            named.setdefault(row["label"], set()).add(row["side"])
    return sides | {label: found.pop() if len(found) == 1 else "" for label, found in named.items()}
