"""Builds that are repeated, killed, watched by a reader, or meet another build."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.integration.builds import ONE, ROOT, Built, command, plain_environment, run_build

pytestmark = pytest.mark.integration

SMALL = """某县示例局2026年单位预算公开

单位收支总体情况表

单位：万元

收入\t\t支出\t
项目\t预算数\t科目名称\t预算数
一、本年收入\t10.00\t201 一般公共服务支出\t10.00
收入总计\t10.00\t支出总计\t10.00
"""


AMOUNTS = "select * exclude (document_id) from marts.fct_published_amount order by all"


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Built]:
    documents = tmp_path_factory.mktemp("documents")
    shutil.copy(ONE, documents)
    return documents, run_build(documents, tmp_path_factory.mktemp("life") / "out")


@dataclass(frozen=True)
class Again:
    """A second build of the same, watched by a reader, and a third one that came meanwhile."""

    built: Built
    before: tuple[dict[str, Any], list[tuple[Any, ...]], list[Path]]
    read: tuple[object, object]
    meanwhile: Built
    process: int


@pytest.fixture(scope="module")
def again(first: tuple[Path, Built]) -> Again:
    documents, built = first
    before = built.summary(), built.rows(AMOUNTS), landing(built)
    with duckdb.connect(str(built.out / "warehouse.duckdb"), read_only=True) as reader:
        count = "select count(*) from marts.fct_published_amount"
        counted = reader.execute(count).fetchone()
        build = start(documents, built)
        try:
            wait_for(built.out, ".build", build)
            meanwhile = run_build(documents, built.out)
        finally:
            code = build.wait()
        read = counted, reader.execute(count).fetchone()
    return Again(Built(built.out, code, ""), before, read, meanwhile, build.pid)


def landing(built: Built) -> list[Path]:
    return sorted((built.out / "landing").rglob("*"))


def numbers(built: Built) -> int:
    return built.value("select count(*) from marts.fct_published_amount")


def test_a_second_build_reads_nothing_and_gives_the_same(first: tuple[Path, Built], again: Again) -> None:
    assert first[1].exit_code == 0, first[1].said
    summary, amounts, landed = again.before
    assert summary["new"] == 1
    assert again.built.exit_code == 0
    now = again.built.summary()
    assert (now["new"], now["unchanged"]) == (0, 1)
    assert again.built.rows(AMOUNTS) == amounts
    assert landing(again.built) == landed


def test_a_reader_and_a_build_do_not_disturb_each_other(again: Again) -> None:
    before, after = again.read
    assert before == after != (0,)
    assert again.built.exit_code == 0


def test_a_second_build_on_the_same_folder_waits_for_nobody(again: Again) -> None:
    assert again.meanwhile.exit_code == 2
    assert f"process {again.process}" in again.meanwhile.said


def test_a_new_document_is_read_alone(first: tuple[Path, Built], again: Again) -> None:
    documents, built = first
    before = numbers(built)
    (documents / "small.txt").write_text(SMALL, encoding="utf-8")
    more = run_build(documents, built.out)
    assert (more.summary()["new"], more.summary()["unchanged"]) == (1, 1), more.said
    assert numbers(more) == before + 4


def test_killed_builds_leave_what_was_published_and_the_next_is_whole(
    first: tuple[Path, Built], again: Again
) -> None:
    """Killed while it lands, while models run and while it checks: each begins where the last one fell."""
    documents, built = first
    # a document that left is gone from the next build that is published
    (documents / "small.txt").unlink(missing_ok=True)
    shutil.rmtree(built.out / "landing")
    warehouse, exports = built.out / "warehouse.duckdb", built.out / "exports"
    before = warehouse.read_bytes(), {path.name for path in exports.iterdir()}
    for sign in ("landing/.writing", ".build/warehouse.duckdb", ".build/reports/data_docs"):
        build = start(documents, built)
        try:
            wait_for(built.out, sign, build)
        finally:
            os.kill(build.pid, signal.SIGKILL)
            build.wait()
        assert (warehouse.read_bytes(), {path.name for path in exports.iterdir()}) == before, sign
    after = run_build(documents, built.out)
    assert after.exit_code == 0, after.said
    assert not (built.out / ".build").exists()
    assert not list((built.out / "landing").glob(".writing-*"))
    assert numbers(after) == 302


@pytest.mark.parametrize(
    ("number", "line", "sign"),
    [
        (signal.SIGINT, "Reading", "landing/.writing"),
        (signal.SIGINT, "Running models", ".build/warehouse.duckdb.wal"),
        (signal.SIGTERM, "Running models", ".build/warehouse.duckdb.wal"),
    ],
)
def test_an_interrupted_build_says_so_and_leaves_nothing_behind(
    first: tuple[Path, Built], again: Again, number: signal.Signals, line: str, sign: str
) -> None:
    documents, built = first
    if line == "Reading":
        shutil.rmtree(built.out / "landing")
    before = (built.out / "warehouse.duckdb").read_bytes()
    build = start(documents, built, subprocess.PIPE)
    assert build.stdout is not None
    while line not in (said := build.stdout.readline().decode()):
        assert said, "the build ended before it was interrupted"
    wait_for(built.out, sign, build)
    os.killpg(build.pid, number)  # a terminal tells all of them
    said = build.stdout.read().decode()
    assert build.wait() == 128 + number
    assert said.splitlines()[-1].startswith("interrupted 已中断; the published warehouse is as it was"), said
    assert "broke" not in said and "Traceback" not in said
    assert (built.out / "warehouse.duckdb").read_bytes() == before
    assert not (built.out / ".build").exists()
    assert not list((built.out / "landing").glob(".writing-*"))
    for _ in range(500):
        if not alive(build.pid):
            break
        time.sleep(0.01)
    assert not alive(build.pid)


def alive(group: int) -> list[str]:
    """The processes of a group that still run."""
    states = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, _, of_group = stat.read_text().rpartition(")")[2].split()[:3]
            if int(of_group) == group and state != "Z":
                states.append(stat.parent.name)
    return states


def start(documents: Path, built: Built, stdout: int = subprocess.DEVNULL) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command(documents, built.out),
        cwd=ROOT,
        env=plain_environment(),
        stdout=stdout,
        stderr=subprocess.DEVNULL if stdout == subprocess.DEVNULL else subprocess.STDOUT,
        start_new_session=True,
    )


def wait_for(out: Path, sign: str, build: subprocess.Popen[bytes]) -> None:
    """Until the build has come so far that something of this name is there."""
    for _ in range(12_000):
        if any(out.glob(f"{sign}*")):
            return
        assert build.poll() is None, "the build ended before it was killed"
        time.sleep(0.01)
    raise AssertionError(f"{sign} did not appear")
