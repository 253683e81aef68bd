"""Discovery and the sidecar: every oddity costs one clear line and nothing else."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from extract.inputs import WrongUse, discover, gather


def write(folder: Path, **files: bytes) -> None:
    for name, content in files.items():
        (folder / name).write_bytes(content)


def test_a_missing_folder_is_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="no folder"):
        discover(tmp_path / "nowhere")


def test_a_file_in_place_of_a_folder_names_the_other_command(tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text("text")
    with pytest.raises(WrongUse, match="make check DOC="):
        discover(tmp_path / "one.txt")


@pytest.mark.parametrize("name", [".hidden", "documents.csv"])
def test_a_folder_without_documents_is_wrong_use(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("file_name")
    with pytest.raises(WrongUse, match="no document"):
        discover(tmp_path)


def test_the_same_content_is_read_once_under_its_first_name(tmp_path: Path) -> None:
    for name in ("b.txt", "a.txt", "c d'\".txt"):
        (tmp_path / name).write_text("same")
    corpus = discover(tmp_path)
    assert [source.names for source in corpus.sources] == [("a.txt", "b.txt", "c d'\".txt")]
    assert len(corpus.notices) == 2


def test_subfolders_are_named_and_not_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("text")
    (tmp_path / "older").mkdir()
    assert discover(tmp_path).notices == ["Sub-folders are not read: older"]


def test_a_file_that_cannot_be_opened_is_reported_by_name(tmp_path: Path) -> None:
    gone = tmp_path / "gone.txt"
    assert "gone.txt" in gather([gone]).unopened


def sidecar(tmp_path: Path, text: str, encoding: str = "utf-8"):
    (tmp_path / "a.txt").write_text("text")
    (tmp_path / "documents.csv").write_text(text, encoding=encoding)
    corpus = discover(tmp_path)
    return corpus.overrides.get(corpus.sources[0].document_id, {}), corpus.notices


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_the_sidecar_adds_and_overrides(tmp_path: Path, encoding: str) -> None:
    values, notices = sidecar(
        tmp_path,
        "file_name,region,publication_date,fiscal_year,publisher\na.txt,某市,2026-02-03,2026,财政局\n",
        encoding,
    )
    assert values == {
        "region_name": "某市",
        "publication_date": date(2026, 2, 3),
        "fiscal_year": 2026,
        "publisher": "财政局",
    }
    assert notices == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("file_name,fiscal_year\na.txt,next\n", "fiscal_year 'next'"),
        ("file_name,publication_date\na.txt,2026-13-40\n", "publication_date"),
        ("file_name,document_kind\na.txt,plan\n", "budget or final"),
        ("file_name,region\nb.txt,x\n", "'b.txt'"),
        ("file_name,colour\na.txt,red\n", "colour"),
        ("name,region\na.txt,x\n", "no column file_name"),
        ("", "no column file_name"),
    ],
)
def test_what_a_sidecar_cannot_say_is_one_line(tmp_path: Path, text: str, says: str) -> None:
    values, notices = sidecar(tmp_path, text)
    assert values == {}
    assert len(notices) == 1
    assert says in notices[0]


def test_a_short_row_of_the_sidecar_is_an_empty_one(tmp_path: Path) -> None:
    assert sidecar(tmp_path, "file_name,region\na.txt\n") == ({}, [])
