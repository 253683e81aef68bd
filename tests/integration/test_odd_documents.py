"""Input that is not a plain document, or breaks a test, costs only itself, and one line says what it was."""

from __future__ import annotations

import os
from pathlib import Path

import duckdb
import pytest

from extract.inputs import discover
from extract.store import LandingCache, land
from extract.workers import Limits
from tests.integration.builds import ONE, Built, run_build

pytestmark = pytest.mark.integration

BIG = 200 * 1024 * 1024
# neither year nor kind, and a name that is no text
BARE = """单位收支总体情况表

单位：万元

收入\t\t支出\t
项目\t预算数\t科目名称\t预算数
一、本年收入\t10.00\t201 一般公共服务支出\t10.00
收入总计\t10.00\t支出总计\t10.00
"""
# what is done to the landed rows of a document behind the reader's back, and the model whose test finds it
SPOILT = {
    "doubled.txt": ("from landed union all (from landed limit 1)", "stg_table_row"),
    "orphans.txt": ("from landed where not (table_no = 2 and row_no = 5)", "cell_row"),
}
TEXT = "某单位2026年单位预算公开\n\n一、收支情况\n\n2026年收支总预算10.00万元。\n"


def spoil(documents: Path, out: Path) -> None:
    """Leave landed rows for the build to find, as if the reader had written them."""
    cache = LandingCache(out / "landing", Limits())
    for source in discover(documents).sources:
        if source.name in SPOILT:
            folder = cache.folder(source.document_id)
            land(source.path, folder)
            file = folder / "table_row.parquet"
            with duckdb.connect() as connection:
                connection.read_parquet(str(file)).create("landed")
                connection.sql(SPOILT[source.name][0]).write_parquet(str(file))


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Built:
    folder = tmp_path_factory.mktemp("odd documents, \"quoted\" and 'quoted'")
    (folder / "a plain one.txt").write_bytes(ONE.read_bytes())
    (folder / "the same again's.txt").write_bytes(ONE.read_bytes())
    (folder / "empty.txt").write_bytes(b"")
    (folder / "binary.txt").write_bytes(os.urandom(50_000))
    # the last blank line makes another content of it, so that it is a document of its own
    (folder / "gb18030.txt").write_bytes((ONE.read_text(encoding="utf-8") + "\n").encode("gb18030"))
    (folder / "utf16.txt").write_bytes((ONE.read_text(encoding="utf-8") + "\n\n").encode("utf-16"))
    (folder / "no table.txt").write_text(TEXT, encoding="utf-8")
    (folder / "without a year.txt").write_text(BARE, encoding="utf-8")
    named_by_bytes = Path(os.fsdecode(os.fsencode(folder) + b"/name of bytes \xff.txt"))
    named_by_bytes.write_text(f"{TEXT}\n", encoding="utf-8")
    (folder / "page.html").write_text(f"<!doctype html><html><body>{TEXT}</body></html>", encoding="utf-8")
    (folder / "truncated.pdf").write_bytes(b"%PDF-1.7\n1 0 obj\n<<")
    (folder / ".hidden.txt").write_text(TEXT, encoding="utf-8")
    (folder / "older").mkdir()
    with (folder / "big.txt").open("wb") as stream:
        chunk = ("预算 3,245.06 基本支出\n" * 40_000).encode()
        for _ in range(BIG // len(chunk) + 1):
            stream.write(chunk)
    (folder / "documents.csv").write_text(
        "file_name,source_url,publisher,publication_date\n"
        "a plain one.txt,https://example.invalid/one,财政局,2026-02-03\n"
        "not there.txt,,,\n",
        encoding="utf-8",
    )
    for name in SPOILT:
        (folder / name).write_text(ONE.read_text(encoding="utf-8") + name, encoding="utf-8")
    out = tmp_path_factory.mktemp("odd") / "it's out"
    spoil(folder, out)
    return run_build(folder, out, "--seconds", "60")


def test_the_rest_is_published(odd: Built) -> None:
    assert odd.exit_code == 0, odd.said


@pytest.mark.parametrize("name", ["empty.txt", "binary.txt", "page.html", "truncated.pdf", "big.txt"])
def test_what_cannot_be_read_is_set_aside_in_one_line(odd: Built, name: str) -> None:
    lines = [line for line in odd.said.splitlines() if line.strip().startswith(f"{name}:")]
    assert len(lines) == 1, odd.said
    status, reason = odd.rows("select status, reason from raw.document where document_name = ?", name)[0]
    assert status == "set_aside"
    assert reason in lines[0]
    assert "Error" not in reason


def test_where_strict_they_would_be_red(odd: Built) -> None:
    check = odd.check("document_verified")
    assert (check["gate"], check["status"]) == ("strict", "red")
    names = {example["document_name"] for example in check["examples"]}
    assert {"empty.txt", "binary.txt", "page.html", "truncated.pdf", "big.txt"} <= names
    assert "a plain one.txt" not in names


@pytest.mark.parametrize("name", ["gb18030.txt", "utf16.txt"])
def test_other_encodings_are_the_same_text(odd: Built, name: str) -> None:
    numbers = """
        select table_no, row_no, column_no, value_text, column_path
        from marts.fct_published_amount where document_name = ? order by all
    """
    assert odd.rows(numbers, name) == odd.rows(numbers, "a plain one.txt") != []


def test_a_document_without_tables_is_a_document(odd: Built) -> None:
    count = "select table_count, number_count from marts.dim_document where document_name = 'no table.txt'"
    assert odd.rows(count) == [(0, 0)]


@pytest.mark.parametrize("name", ["without a year.txt", "name of bytes \ufffd.txt"])
def test_what_little_is_said_is_read(odd: Built, name: str) -> None:
    landed = odd.rows("select status, reason from raw.document where document_name = ?", name)
    assert landed == [("read", None)]


def test_one_content_with_two_names_is_landed_once(odd: Built) -> None:
    assert odd.said.count("has the same content as a plain one.txt") == 1
    assert odd.rows("select document_name from raw.document_name_alias") == [("the same again's.txt",)]


def test_the_sidecar_is_used_and_its_slips_are_named(odd: Built) -> None:
    said = odd.rows("select source_url, publisher, publication_date::varchar from marts.dim_document"
                    " where document_name = 'a plain one.txt'")  # fmt: skip
    assert said == [("https://example.invalid/one", "财政局", "2026-02-03")]
    assert "'not there.txt'" in odd.said


def test_subfolders_are_named(odd: Built) -> None:
    assert "Sub-folders are not read: older" in odd.said


@pytest.mark.parametrize("name", SPOILT)
def test_a_document_that_breaks_a_test_is_set_aside_with_its_reason(odd: Built, name: str) -> None:
    ((status, reason),) = odd.rows("select status, reason from raw.document where document_name = ?", name)
    assert status == "set_aside"
    assert SPOILT[name][1] in reason and "已搁置" in reason
    assert f"{name}: {reason}" in odd.said
    assert "7 set aside" in odd.said
    assert odd.value("select status_reason from marts.dim_document where document_name = ?", name) == reason
    numbers = "select count(*) from marts.fct_published_amount where document_name = ?"
    assert odd.value(numbers, name) == 0 < odd.value(numbers, "a plain one.txt")


def test_where_strict_no_document_is_set_aside_for_its_data(tmp_path: Path) -> None:
    documents, out = tmp_path / "documents", tmp_path / "out"
    documents.mkdir()
    (documents / "doubled.txt").write_bytes(ONE.read_bytes())
    spoil(documents, out)
    built = run_build(documents, out, "--strict")
    assert built.exit_code == 1
    assert "stg_table_row" in built.said and "0 set aside" in built.said
    assert not (out / "warehouse.duckdb").exists()


@pytest.mark.parametrize("kind", ["missing", "empty", "file"])
def test_nothing_to_read_is_wrong_use_and_keeps_what_is_published(tmp_path: Path, kind: str) -> None:
    documents, out = tmp_path / "documents", tmp_path / "out"
    if kind == "empty":
        documents.mkdir()
    if kind == "file":
        documents.write_text("one")
    out.mkdir()
    (out / "warehouse.duckdb").write_text("published before")
    built = run_build(documents, out)
    assert built.exit_code == 2
    assert len(built.said.strip().splitlines()) == 1
    assert (out / "warehouse.duckdb").read_text() == "published before"
