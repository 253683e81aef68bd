"""Damaged copies of PDFs, with a fixed seed: each ends in time, and none is taken for whole that is not.

By default 300 copies of typeset documents and, where real ones are here, 30 of these; MUTANTS=3000 makes so
many of each. PDF_DOCUMENTS names the folder of real ones.
"""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from dataclasses import replace
from itertools import chain
from pathlib import Path
from random import Random
from typing import Any

import pytest

from extract.landing import UnreadableDocument, read_document
from extract.workers import Limits, run_documents
from tests.typeset.documents import budget
from tests.typeset.model import Agency, Size
from tests.typeset.pdf import write_pdf

pytestmark = pytest.mark.integration

SEED = 2026
MUTANTS = os.environ.get("MUTANTS")
FOLDER = Path(os.environ.get("PDF_DOCUMENTS", Path(__file__).parents[3] / "shared" / "documents"))
REAL = sorted(FOLDER.glob("*.pdf"), key=lambda path: path.stat().st_size)[:6] if FOLDER.is_dir() else []
STYLES = ("ruled", "borderless", "three_code_columns", "rotated", "white_rects", "repeated_headers")
LIMITS = Limits(seconds=30, memory_mb=600)
_STREAM = re.compile(rb"stream\r?\n.*?endstream", re.DOTALL)


def truncate(data: bytearray, rng: Random) -> None:
    del data[rng.randrange(len(data)) :]


def truncate_before_the_end(data: bytearray, rng: Random) -> None:
    """The end mark is there; what stood before it is not."""
    end = bytes(data[-300:])
    del data[rng.randrange(len(data) - 300) :]
    data += end


def flip_bits(data: bytearray, rng: Random) -> None:
    for _ in range(rng.randint(1, 12)):
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)


def change_digits(data: bytearray, rng: Random) -> None:
    """In what holds the file together: counts, lengths, references, boxes."""
    streams = [place.span() for place in _STREAM.finditer(data)]
    between = zip(
        [0, *(end for _, end in streams)], [*(start for start, _ in streams), len(data)], strict=True
    )
    places = [i for i in chain.from_iterable(range(*part) for part in between) if 48 <= data[i] < 58]
    for place in rng.sample(places, min(3, len(places))):
        data[place] = rng.choice([digit for digit in b"0123456789" if digit != data[place]])


def make_a_hole(data: bytearray, rng: Random) -> None:
    start = rng.randrange(len(data))
    data[start : start + 500] = bytes(len(data[start : start + 500]))


DAMAGES = (truncate, flip_bits, change_digits, truncate_before_the_end, make_a_hole)


def damaged(data: bytes, name: str, number: int) -> bytes:
    rng = Random(f"{SEED}/{name}/{number}")
    mutant = bytearray(data)
    DAMAGES[number % len(DAMAGES)](mutant, rng)
    return bytes(mutant)


def read(source: Path, number: int | None, told: Path) -> None:
    """In a worker: read a mutant of a document (or the document) and note what came of it."""
    data = source.read_bytes()
    # a name of no kind: the content decides
    path = told.with_suffix(".mutant")
    path.write_bytes(data if number is None else damaged(data, source.name, number))
    note: dict[str, Any]
    try:
        rows = read_document(path)
    except UnreadableDocument as error:
        note = {"reason": str(error)}
    else:
        numbers: dict[int, Counter[str]] = {page["page_no"]: Counter() for page in rows["page"]}
        for cell in rows["cell"]:
            numbers[cell["page_no"]][cell["value_text"]] += 1
        note = {
            "reason": None,
            "said": rows["document"][0]["reason"],
            "pages": [[page["status"], page["reason"], numbers[page["page_no"]]] for page in rows["page"]],
        }
    path.unlink()
    told.write_text(json.dumps(note, ensure_ascii=False), encoding="utf-8")


def typeset(folder: Path) -> list[Path]:
    """Small documents in six layouts: a few tables and the text."""
    paths = []
    for number, style in enumerate(STYLES):
        agency = Agency(
            f"fuzz/{number}", Size(functions=6, economics=8, projects=2, purchases=2, indicators=2)
        )
        document = budget(agency=agency)
        paths.append(folder / f"{style}.pdf")
        write_pdf(replace(document, tables=document.tables[:4]), style, paths[-1])
    return paths


def run(sources: list[Path], count: int, folder: Path) -> Counter[str]:
    """Read `count` mutants; what happened to how many."""
    tasks = {(source, None): (read, (source, None, folder / f"{source.stem}.json")) for source in sources}
    for number in range(count):
        source = sources[number % len(sources)]
        # each document in each damage
        tasks[source, number] = (read, (source, number // len(sources), folder / f"{number}.json"))
    stopped = {key: reason for key, reason in run_documents(tasks, LIMITS, jobs=2) if reason is not None}
    assert not stopped
    whole = {
        source: json.loads((folder / f"{source.stem}.json").read_text(encoding="utf-8")) for source in sources
    }
    assert all(note["reason"] is None and not note["said"] for note in whole.values())
    outcomes: Counter[str] = Counter()
    for source, number in tasks:
        if number is not None:
            note = json.loads((folder / f"{number}.json").read_text(encoding="utf-8"))
            which = (
                f"{DAMAGES[number // len(sources) % len(DAMAGES)].__name__}, {source.name}, mutant {number}"
            )
            outcomes[_outcome(note, whole[source], which)] += 1
    return outcomes


def _outcome(note: dict[str, Any], whole: dict[str, Any], which: str) -> str:
    if note["reason"] is not None:
        assert note["reason"] and "\n" not in note["reason"], which
        return "set aside"
    assert len(note["pages"]) == len(whole["pages"]), which
    aside = 0
    lost = False
    for (status, reason, numbers), (_, _, printed) in zip(note["pages"], whole["pages"], strict=True):
        if status != "read":
            assert reason and "\n" not in reason, which
            aside += 1
        else:
            lost = lost or Counter(numbers) != Counter(printed)
    if aside:
        assert note["said"].startswith(f"pages set aside: {aside}; page "), which
        return "pages set aside"
    return f"other numbers, {which}" if lost else "read as the whole one"


def check(outcomes: Counter[str]) -> None:
    """A reference that was changed to another page's text cannot be told from a document that has it."""
    changed = [outcome for outcome in outcomes if outcome.startswith("other numbers")]
    assert all(outcome.startswith(f"other numbers, {change_digits.__name__}") for outcome in changed), changed
    assert len(changed) <= max(1, outcomes.total() // 100), changed
    # the damage is neither too light nor too heavy to tell anything
    assert {"set aside", "pages set aside", "read as the whole one"} <= outcomes.keys()


def test_damaged_typeset_documents(tmp_path: Path) -> None:
    check(run(typeset(tmp_path), int(MUTANTS or 300), tmp_path))


@pytest.mark.skipif(not REAL, reason="the real documents are not here")
def test_damaged_real_documents(tmp_path: Path) -> None:
    check(run(REAL, int(MUTANTS or 30), tmp_path))
