"""What lies in the documents folder: the files to read, and the sidecar that says more about them."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

SIDECAR_NAME = "documents.csv"
# sidecar column → column of raw.document that it adds or overrides
SIDECAR_COLUMNS = {
    "source_url": "source_url",
    "publisher": "publisher",
    "publication_date": "publication_date",
    "region": "region_name",
    "region_name": "region_name",
    "agency_name": "agency_name",
    "fiscal_year": "fiscal_year",
    "document_kind": "document_kind",
    "body_level": "body_level",
}
ALLOWED_VALUES = {"document_kind": ("budget", "final"), "body_level": ("department", "unit")}


class WrongUse(Exception):
    """The command cannot mean anything: the message says what to do instead."""


@dataclass(frozen=True, slots=True)
class Source:
    """One content. `names` has more than one entry where the same bytes lie under several names."""

    document_id: str
    path: Path
    names: tuple[str, ...]
    size_bytes: int

    @property
    def name(self) -> str:
        return self.names[0]


@dataclass(slots=True)
class Corpus:
    """All contents of a folder, what the sidecar says of them, and what could not even be opened."""

    sources: list[Source]
    unopened: dict[str, str] = field(default_factory=dict)  # name → reason
    overrides: dict[str, dict[str, object]] = field(default_factory=dict)  # document_id → column → value
    notices: list[str] = field(default_factory=list)


def printable(name: str) -> str:
    """A file name that a database and a terminal can hold, whatever bytes it is made of."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def discover(folder: Path) -> Corpus:
    """Every regular file of the folder but the sidecar and hidden ones; the same bytes count once."""
    if not folder.exists():
        raise WrongUse(f"There is no folder {folder}. Name the one with the documents: DOCUMENTS=folder")
    if not folder.is_dir():
        raise WrongUse(f"{folder} is not a folder. For one document: make check DOC={folder}")
    entries = sorted(entry for entry in folder.iterdir() if not entry.name.startswith("."))
    files = [entry for entry in entries if entry.is_file() and entry.name != SIDECAR_NAME]
    if not files:
        raise WrongUse(f"There is no document in {folder}. Put published budgets or final accounts there.")
    corpus = gather(files)
    if subfolders := [printable(entry.name) for entry in entries if entry.is_dir()]:
        corpus.notices.append(f"Sub-folders are not read: {', '.join(subfolders)}")
    sidecar = folder / SIDECAR_NAME
    if sidecar.is_file():
        _apply_sidecar(corpus, sidecar)
    return corpus


def gather(files: Iterable[Path]) -> Corpus:
    """The given files as a corpus, keyed by content."""
    by_id: dict[str, Source] = {}
    corpus = Corpus(sources=[])
    for path in files:
        name = printable(path.name)
        try:
            with path.open("rb") as stream:
                document_id = hashlib.file_digest(stream, "sha256").hexdigest()
            size = path.stat().st_size
        except OSError as error:
            corpus.unopened[name] = f"cannot be opened: {error.strerror or error}"
            continue
        known = by_id.get(document_id)
        if known is None:
            by_id[document_id] = Source(document_id, path, (name,), size)
        else:
            by_id[document_id] = Source(document_id, known.path, (*known.names, name), size)
            corpus.notices.append(f"{name} has the same content as {known.name}: read once")
    corpus.sources = list(by_id.values())
    return corpus


def _apply_sidecar(corpus: Corpus, path: Path) -> None:
    """Fill `overrides` from the sidecar, and say in one line each what in it cannot be used."""
    notices = corpus.notices
    reader = csv.DictReader(io.StringIO(_decode(path.read_bytes()), newline=""), skipinitialspace=True)
    columns = [(column or "").strip() for column in reader.fieldnames or []]
    reader.fieldnames = columns
    if "file_name" not in columns:
        notices.append(f"{SIDECAR_NAME} has no column file_name: not used")
        return
    if unknown := [column for column in columns if column not in SIDECAR_COLUMNS and column != "file_name"]:
        notices.append(f"{SIDECAR_NAME}: unknown columns are not used: {', '.join(unknown)}")
    ids = {name: source.document_id for source in corpus.sources for name in source.names}
    try:
        rows = list(reader)
    except csv.Error as error:
        notices.append(f"{SIDECAR_NAME} is not a CSV file ({error}): not used")
        return
    for row in rows:
        name = (row["file_name"] or "").strip()
        if name not in ids:
            notices.append(f"{SIDECAR_NAME} line {name!r}: no such document in the folder")
            continue
        for column, target in SIDECAR_COLUMNS.items():
            text = (row.get(column) or "").strip()
            if not text:
                continue
            try:
                value = _parse(target, text)
            except ValueError as error:
                notices.append(f"{SIDECAR_NAME}, {name}: {column} {text!r} is not used: {error}")
                continue
            corpus.overrides.setdefault(ids[name], {})[target] = value


def _decode(content: bytes) -> str:
    """Spreadsheet programs save CSV as UTF-8 with or without a mark, or in the Chinese code page."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("utf-8", "replace")


def _parse(column: str, text: str) -> object:
    if column == "publication_date":
        return date.fromisoformat(text.replace("/", "-"))
    if column == "fiscal_year":
        year = int(text)
        if not 1990 <= year <= 2100:
            raise ValueError("not a year")
        return year
    if (allowed := ALLOWED_VALUES.get(column)) and text not in allowed:
        raise ValueError(f"expected {' or '.join(allowed)}")
    return text
