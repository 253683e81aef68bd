"""Sound documents and copies of them with known errors, written to one folder that one build reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests.typeset.corpora import write
from tests.typeset.documents import budget, final_accounts
from tests.typeset.inject import Injection, NotPossibleError, inject
from tests.typeset.model import Agency, Size
from tests.typeset.tables import PROFILES, Document
from tests.typeset.text import document_text

_SYLLABLES = "青云白石临溪望川宁远松原岭禾南屏金沙永安清河长乐平湖新丰"


@dataclass(frozen=True, slots=True)
class Plan:
    """How many documents, and how many errors in each."""

    bodies: int
    causes: Sequence[str]
    # of each sound document: so many copies with one error, and so many with several
    single: int = 6
    several: int = 3
    errors_of_several: int = 5
    seed: int = 1
    # styles in turn over the bodies
    styles: Sequence[str] = ("tabs",)
    # by how much sizes vary; rounded sizes have the differences of rounding that real documents have
    sizes: Sequence[Size] = (Size(), Size(functions=8, economics=18, projects=3), Size(rounded=True))


@dataclass(slots=True)
class Case:
    """One written document: untouched, or a copy of its twin with errors."""

    path: Path
    twin: Path
    style: str
    injections: list[Injection] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.path.name


def write_cases(plan: Plan, folder: Path) -> list[Case]:
    """All documents of a plan. Causes take turns, so that each is met as often as documents allow."""
    folder.mkdir(parents=True, exist_ok=True)
    profiles = list(PROFILES.values())
    wanted = _in_turn(plan.causes, plan.seed)
    cases: list[Case] = []
    for number in range(plan.bodies):
        style = plan.styles[number % len(plan.styles)]
        agency = Agency(
            f"benchmark/{plan.seed}/{number}",
            plan.sizes[number % len(plan.sizes)],
            region_name=_region_name(number),
        )
        # every form meets every style
        profile = profiles[(number // 2 + number // len(plan.styles)) % len(profiles)]
        make = final_accounts if (number + number // len(plan.styles)) % 2 else budget
        sound = make(agency=agency, year=2025, profile=profile)
        twin = write(sound, style, folder, f"{number:04d}-sound")
        cases.append(Case(twin, twin, style))
        texts = {document_text(sound)}
        for copy in range(plan.single + plan.several):
            count = 1 if copy < plan.single else plan.errors_of_several
            wrong, injections = _with_errors(sound, count, wanted, f"{plan.seed}/{number}/{copy}")
            # the same content again would be read once
            if (text := document_text(wrong)) not in texts:
                texts.add(text)
                path = write(wrong, style, folder, f"{number:04d}-{copy:02d}-{count}")
                cases.append(Case(path, twin, style, injections))
    return cases


def _in_turn(causes: Sequence[str], seed: int) -> Iterator[str]:
    rng = Random(f"causes/{seed}")
    while True:
        yield from rng.sample(list(causes), len(causes))


def _with_errors(
    document: Document, count: int, wanted: Iterator[str], seed: str
) -> tuple[Document, list[Injection]]:
    """So many errors, no two in one row of a table or in one sentence."""
    injections: list[Injection] = []
    taken: set[tuple[object, ...]] = set()
    attempt = 0
    while len(injections) < count and attempt < 20 * count:
        attempt += 1
        cause = next(wanted)
        try:
            wrong, injection = inject(document, f"{seed}/{attempt}", cause)
        except NotPossibleError:
            continue
        place: tuple[object, ...] = (injection.table_no, injection.row_code, injection.row_label)
        if injection.sentence:
            place = (injection.chapter, injection.sentence_no)
        if place not in taken:
            taken.add(place)
            document = wrong
            injections.append(injection)
    return document, injections


def _region_name(number: int) -> str:
    """A name that no other body of the benchmark bears, so that no two of them seem to be the same."""
    first, second = divmod(number, len(_SYLLABLES))
    return f"{_SYLLABLES[first % len(_SYLLABLES)]}{_SYLLABLES[second]}{'县' if number % 2 else '区'}"
