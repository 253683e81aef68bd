"""What is prepared once a version of the project: made once, made anew with every change, swept."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from extract import prepared
from extract.prepared import prepare


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """A small project, and the folders that were prepared for it."""
    project = tmp_path / "project"
    (project / "seeds").mkdir(parents=True)
    (project / "seeds" / "unit.csv").write_text("unit_text,yuan_factor\n元,1\n")
    folders: list[Path] = []

    def make(folder: Path) -> None:
        folders.append(folder)
        (folder / "failed_tests.json").write_text(json.dumps({}))

    monkeypatch.setattr(prepared, "PROJECT", project)
    monkeypatch.setattr(prepared, "CACHE", tmp_path / "environment")
    monkeypatch.setattr(prepared, "HAS_OWN", True)
    monkeypatch.setattr(prepared, "_make", make)
    return folders


def test_it_is_made_once_and_anew_after_a_change(tmp_path: Path, made: list[Path]) -> None:
    first = prepare(tmp_path / "spare")
    assert prepare(tmp_path / "spare") == first
    assert len(made) == 1
    assert first.folder.parent == tmp_path / "environment"
    assert not (tmp_path / "spare").exists()
    with (tmp_path / "project" / "seeds" / "unit.csv").open("a") as seed:
        seed.write("万元,10000\n")
    assert prepare(tmp_path / "spare") != first
    assert len(made) == 2


def test_what_dbt_leaves_in_the_project_is_no_change(tmp_path: Path, made: list[Path]) -> None:
    prepare(tmp_path / "spare")
    (tmp_path / "project" / "target").mkdir()
    (tmp_path / "project" / "target" / "manifest.json").write_text("{}")
    prepare(tmp_path / "spare")
    assert len(made) == 1


def test_without_an_environment_of_its_own_it_lies_in_the_output(
    tmp_path: Path, made: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prepared, "HAS_OWN", False)
    assert prepare(tmp_path / "spare").folder.parent == tmp_path / "spare"
    assert prepare(tmp_path / "spare").failed_tests == {}
    assert len(made) == 1
    assert not (tmp_path / "environment").exists()


def test_a_failure_leaves_nothing_behind(
    tmp_path: Path, made: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(folder: Path) -> None:
        (folder / "half").write_text("")
        raise RuntimeError

    monkeypatch.setattr(prepared, "_make", broken)
    with pytest.raises(RuntimeError):
        prepare(tmp_path / "spare")
    assert list((tmp_path / "environment").iterdir()) == []


def test_the_oldest_are_swept(tmp_path: Path, made: list[Path]) -> None:
    seed = tmp_path / "project" / "seeds" / "unit.csv"
    folders = []
    for number in range(prepared.KEPT + 2):
        seed.write_text(str(number))
        folders.append(prepare(tmp_path / "spare").folder)
        if folders[-1].is_dir():
            os.utime(folders[-1], (number, number))
    assert sum(folder.is_dir() for folder in folders) == prepared.KEPT
    assert folders[-1].is_dir() and not folders[0].is_dir()


def test_what_another_run_may_be_using_stays(tmp_path: Path, made: list[Path]) -> None:
    seed = tmp_path / "project" / "seeds" / "unit.csv"
    folders = []
    for number in range(prepared.KEPT + 2):
        seed.write_text(str(number))
        folders.append(prepare(tmp_path / "spare").folder)
    assert all(folder.is_dir() for folder in folders)


def test_what_a_run_that_died_did_not_finish_is_swept(tmp_path: Path, made: list[Path]) -> None:
    left, others = tmp_path / "environment" / ".making-dead", tmp_path / "environment" / ".making-now"
    left.mkdir(parents=True)
    others.mkdir()
    os.utime(left, (1, 1))
    prepare(tmp_path / "spare")
    assert not left.exists()
    assert others.is_dir()  # another run is at work in it
