"""Runs whole builds as a user runs them, and asks what they left."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

ROOT = Path(__file__).resolve().parents[2]
SEEDS = ROOT / "data" / "documents"
ONE = SEEDS / "001_774ce66764669b01.txt"


@dataclass(frozen=True)
class Built:
    """What one build left, and what it said."""

    out: Path
    exit_code: int
    said: str

    def rows(self, sql: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Ask the published warehouse, or the rejected one where nothing was published."""
        published = self.out / "warehouse.duckdb"
        path = published if published.exists() else self.out / "rejected" / "warehouse.duckdb"
        with duckdb.connect(str(path), read_only=True) as connection:
            return connection.execute(sql, list(parameters)).fetchall()

    def value(self, sql: str, *parameters: object) -> Any:
        return self.rows(sql, *parameters)[0][0]

    def summary(self) -> dict[str, Any]:
        return json.loads((self.out / "reports" / "summary.json").read_text(encoding="utf-8"))

    def check(self, name: str) -> dict[str, Any]:
        return next(check for check in self.summary()["checks"] if check["name"] == name)


def command(documents: Path, out: Path, *options: str) -> list[str]:
    build = [sys.executable, "-m", "extract.cli", "build"]
    return [*build, "--documents", str(documents), "--out", str(out), *options]


def plain_environment() -> dict[str, str]:
    """Without what a surrounding `make` says of other builds."""
    ours = ("DOCUMENTS", "OUT", "STRICT", "DOC", "AGAINST", "MAKEFLAGS", "MFLAGS", "MAKELEVEL")
    return {key: value for key, value in os.environ.items() if key not in ours}


def run(words: list[str], folder: Path = ROOT) -> tuple[int, str]:
    """The exit code of a command and what it prints."""
    done = subprocess.run(
        words,
        cwd=folder,
        env=plain_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    return done.returncode, done.stdout


def run_build(documents: Path, out: Path, *options: str) -> Built:
    return Built(out, *run(command(documents, out, *options)))


def run_make(*arguments: str) -> tuple[int, str]:
    return run(["make", *arguments])


def said(words: list[str], folder: Path = ROOT) -> str:
    """What a command prints, whatever its exit code is."""
    return run(words, folder)[1]
