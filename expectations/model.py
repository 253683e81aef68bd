"""A check as written in suites/*.yml, and what became of it. Needs no Great Expectations to import."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

import yaml

SUITES = Path(__file__).resolve().parent / "suites"
SUITE_NAMES = ("landing", "marts", "reconciliation")

# integrity: red means the build is not published; strict: only where STRICT=1; watch: shown, never stops
Gate = Literal["integrity", "strict", "watch"]


@dataclass(frozen=True, slots=True)
class Check:
    """One expectation: either `query`, whose rows say `is_ok`, or an expectation of the suite's own table.

    `if_any` finds whether the corpus holds what it looks at: without such a thing it may be empty too.
    Documents that break it are set aside, but where it is not of documents, only of a list beside them.
    """

    suite: str
    name: str
    says: str
    says_zh: str
    gate: Gate
    rule_ids: tuple[str, ...] = ()
    may_be_empty: bool = False
    if_any: str = ""
    query: str | None = None
    expect: str | None = None
    arguments: dict[str, Any] = field(default_factory=dict)
    table: str = ""
    is_of_documents: bool = True

    @property
    def unexpected_rows(self) -> str:
        """The rows that break it, by SQL alone."""
        if self.query is not None:
            query = self.query.strip().rstrip(";")
            return f"select * from ({query}) as objects where is_ok is distinct from true"
        column = self.arguments["column"]
        words = ", ".join(f"'{word}'" for word in self.arguments.get("value_set", []))
        broken = f"not in ({words})" if words else "is null"
        return f"select {column} from {self.table} where {column} {broken}"


@dataclass(slots=True)
class CheckResult:
    """What a check found. `evaluated` objects were looked at, `unexpected` of them broke the rule."""

    suite: str
    name: str
    says: str
    says_zh: str
    gate: Gate
    rule_ids: tuple[str, ...]
    status: Literal["green", "red", "empty", "error"]
    evaluated: int = 0
    unexpected: int = 0
    examples: list[dict[str, Any]] = field(default_factory=list)
    message: str = ""

    def stops(self, strict: bool) -> bool:
        """Whether this result keeps the build from being published."""
        if self.status in ("green", "empty"):
            return False
        return self.gate == "integrity" or self.status == "error" or (strict and self.gate == "strict")

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def in_both_languages(check: Check | CheckResult) -> str:
    return f"{check.says_zh} · {check.says}"


@dataclass(frozen=True, slots=True)
class Suite:
    """A suite speaks mainly of one table; queries in it may look at any."""

    name: str
    about: str
    table: str
    checks: tuple[Check, ...]


def read_suites(folder: Path = SUITES) -> list[Suite]:
    suites = []
    for name in SUITE_NAMES:
        content = yaml.safe_load((folder / f"{name}.yml").read_text(encoding="utf-8"))
        checks = tuple(
            Check(
                suite=name, table=content["table"], **{**entry, "rule_ids": tuple(entry.get("rule_ids", ()))}
            )
            for entry in content["checks"]
        )
        suites.append(Suite(name, content["about"], content["table"], checks))
    return suites
