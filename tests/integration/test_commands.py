"""The newcomer's commands: what they leave, and what they say of themselves."""

from __future__ import annotations

import re
import sys

import pytest

from tests.integration.builds import ROOT, Built, run_make, said

pytestmark = pytest.mark.integration


def test_the_five_documents_are_published_and_their_defects_are_reviewed(five: Built) -> None:
    assert five.exit_code == 0, five.said
    summary = five.summary()
    assert {"read", "load", "transform", "validate", "export", "total"} <= summary["seconds"].keys()
    assert summary["findings_by_review"].keys() <= {"known", "not_needed"}
    assert summary["equations"]["pass"] > 1000


def test_make_alone_prints_every_target() -> None:
    code, text = run_make()
    assert code == 0
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert {line.split()[1] for line in text.splitlines()} == targets


@pytest.mark.parametrize("name", ["build", "check", "read", "docs", "bench"])
def test_every_command_says_what_it_does_and_takes(name: str) -> None:
    text = said([sys.executable, "-m", "extract.cli", name, "--help"])
    assert f"extract.cli {name}" in text
    assert len(text.splitlines()) > 5


def test_tables_can_be_looked_at_without_a_build() -> None:
    document = "data/documents/001_774ce66764669b01.txt"
    text = said([sys.executable, "-m", "extract.cli", "read", document])
    assert "1 单位收支总体情况表 (万元)" in text
    assert "3,599.74" in text
