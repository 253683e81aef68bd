"""A document whose data breaks a test or a check is set aside, and the others are published."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from extract.inputs import discover
from extract.store import LandingCache, land
from extract.workers import Limits
from tests.integration.builds import ONE, Built, run_build

pytestmark = pytest.mark.integration

# what is done to the landed rows of a document behind the reader's back
SPOILT = {
    "doubled.txt": "from landed union all (from landed limit 1)",
    "orphans.txt": "from landed where not (table_no = 2 and row_no = 5)",
}
NAMES = {"doubled.txt": "stg_table_row", "orphans.txt": "cell_row"}


def spoil(documents: Path, out: Path) -> None:
    """Leave landed rows for the build to find, as if the reader had written them."""
    cache = LandingCache(out / "landing", Limits())
    for source in discover(documents).sources:
        folder = cache.folder(source.document_id)
        land(source.path, folder)
        if sql := SPOILT.get(source.name):
            file = folder / "table_row.parquet"
            with duckdb.connect() as connection:
                connection.execute(f"create table landed as from '{file}'")
                connection.execute(f"copy ({sql}) to '{file}' (format parquet)")


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("documents")
    shutil.copy(ONE, folder / "sound.txt")
    for name in SPOILT:
        # further blank lines make other contents of it
        (folder / name).write_text(
            ONE.read_text(encoding="utf-8") + "\n" * len(name) + name, encoding="utf-8"
        )
    (folder / "another.txt").write_text(
        ONE.read_text(encoding="utf-8").replace("2026", "2025"), encoding="utf-8"
    )
    return folder


@pytest.fixture(scope="module")
def built(documents: Path, tmp_path_factory: pytest.TempPathFactory) -> Built:
    out = tmp_path_factory.mktemp("spoilt") / "out"
    spoil(documents, out)
    return run_build(documents, out)


def test_the_others_are_published(built: Built) -> None:
    assert built.exit_code == 0, built.said
    assert (built.out / "warehouse.duckdb").is_file()
    numbers = "select document_name, count(*) from marts.fct_published_amount group by all order by all"
    (another, count), (sound, of_sound) = built.rows(numbers)
    assert (another, sound) == ("another.txt", "sound.txt")
    assert count == of_sound > 0


@pytest.mark.parametrize("name", SPOILT)
def test_it_is_set_aside_with_its_reason(built: Built, name: str) -> None:
    ((status, reason),) = built.rows("select status, reason from raw.document where document_name = ?", name)
    assert status == "set_aside"
    assert NAMES[name] in reason and "已搁置" in reason
    assert f"{name}: {reason}" in built.said
    assert "2 set aside" in built.said
    assert built.value("select status_reason from marts.dim_document where document_name = ?", name) == reason


def test_where_strict_nothing_is_set_aside(documents: Path, tmp_path: Path) -> None:
    spoil(documents, tmp_path)
    built = run_build(documents, tmp_path, "--strict")
    assert built.exit_code == 1
    assert "stg_table_row" in built.said and "0 set aside" in built.said
    assert not (tmp_path / "warehouse.duckdb").exists()
