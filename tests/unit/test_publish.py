"""Publishing: one build at a time, old or new and nothing between."""

from __future__ import annotations

import errno
import io
import os
import subprocess
import sys
import tempfile
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from rich.console import Console

from extract import build, check
from extract.inputs import WrongUse
from extract.publish import Output, disk_fault, exclusive, export, publish, reject, replace_folder
from extract.transform import BrokenTransform

FULL = os.strerror(errno.ENOSPC)


def fill(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def content(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*") if path.is_file()
    }


def test_a_folder_is_replaced_file_by_file_and_old_names_go(tmp_path: Path) -> None:
    new = fill(tmp_path / "new", {"a": "new", "sub/b": "new"})
    old = fill(tmp_path / "old", {"a": "old", "gone": "old", "empty/c": "old"})
    replace_folder(new, old)
    assert content(old) == {"a": "new", "sub/b": "new"}
    assert not (old / "empty").exists()


def test_a_rejected_build_leaves_what_is_published(tmp_path: Path) -> None:
    output = Output(
        fill(tmp_path / "out", {"warehouse.duckdb": "old", "exports/a": "old", "reports/r": "old"})
    )
    build = fill(tmp_path / "build", {"warehouse.duckdb": "new", "reports/r": "new"})
    reject(output, build / "warehouse.duckdb", build / "reports")
    assert content(output.folder) == {
        "warehouse.duckdb": "old",
        "exports/a": "old",
        "reports/r": "new",
        "rejected/warehouse.duckdb": "new",
    }
    fill(build, {"warehouse.duckdb": "newer", "exports/a": "newer", "reports/r": "newer"})
    publish(output, build / "warehouse.duckdb", build / "exports", build / "reports")
    assert content(output.folder) == {"warehouse.duckdb": "newer", "exports/a": "newer", "reports/r": "newer"}


HOLD = """
import sys, time
from pathlib import Path
from extract.publish import Output, exclusive
with exclusive(Output(Path(sys.argv[1]))):
    print("held", flush=True)
    time.sleep(60)
"""


def test_two_builds_do_not_meet_and_a_killed_one_blocks_nobody(tmp_path: Path) -> None:
    output = Output(tmp_path / "out 'with' blanks")
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(output.folder)], stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline().strip() == "held"
        with pytest.raises(WrongUse, match=f"process {other.pid}"), exclusive(output):
            pass
        (output.build / "half").write_text("left by a build that dies")
        other.kill()
        other.wait()
    with exclusive(output):
        assert list(output.build.iterdir()) == []
    assert not output.build.exists()


def test_an_output_that_cannot_be_made_is_wrong_use(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(WrongUse, match="OUT="), exclusive(Output(tmp_path / "file")):
        pass


def test_exports_hold_the_tables_that_users_see(tmp_path: Path) -> None:
    warehouse = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(warehouse)) as connection:
        for schema in ("raw", "marts", "quality"):
            connection.execute(f"create schema {schema}")
            connection.execute(
                f"create table {schema}.{schema}_table as select 1.50::decimal(18, 2) as amount"
            )
        connection.execute("create view marts.wide as select * from marts.marts_table")
    target = tmp_path / "it's here"
    assert export(warehouse, target) == 3
    assert sorted(path.name for path in target.iterdir()) == [
        "marts_table.parquet",
        "quality_table.parquet",
        "wide.parquet",
    ]
    rows = duckdb.read_parquet(str(target / "wide.parquet")).fetchall()
    assert rows == [(Decimal("1.50"),)]


@pytest.mark.parametrize(
    "broken",
    [
        OSError(errno.ENOSPC, FULL),
        duckdb.IOException(f'Could not write file "warehouse.duckdb.wal": {FULL}'.replace(" on ", " on\n")),
        BrokenTransform(f"a_model: {FULL}"),
    ],
)
def test_a_full_disk_is_said_in_a_line(
    broken: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise broken

    (tmp_path / "a.txt").write_text("a", encoding="utf-8")
    for module, run in (
        (
            "extract.build.build",
            lambda console: build.run(build.Settings(tmp_path, tmp_path / "out"), console),
        ),
        ("extract.check.check", lambda console: check.run(tmp_path / "a.txt", tmp_path / "out", console)),
    ):
        monkeypatch.setattr(module, full)
        said = io.StringIO()
        assert run(Console(file=said, width=300)) == 2
        assert "the disk is full" in said.getvalue()
        assert "Traceback" not in said.getvalue() and len(said.getvalue().splitlines()) <= 2


def test_the_disk_that_is_full_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "gettempdir", lambda: "/scratch")
    full = os.strerror(errno.ENOSPC)
    places = [
        disk_fault(OSError(said), Path("/data/out")).partition(": ")[0]
        for said in (
            f'Could not write file "/data/out/.build/warehouse.duckdb": {full}',
            f"[Errno 28] {full}: '/scratch/picture.png'",
            full,
        )
    ]
    assert places == ["/data/out", "/scratch", "/data/out 或 or /scratch"]


def test_other_faults_are_not_the_disks(tmp_path: Path) -> None:
    assert disk_fault(ValueError("bad luck"), tmp_path) == ""
