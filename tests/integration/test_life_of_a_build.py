"""Builds that are repeated, killed, watched by a reader, or meet another build."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

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


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Built]:
    documents = tmp_path_factory.mktemp("documents")
    shutil.copy(ONE, documents)
    return documents, run_build(documents, tmp_path_factory.mktemp("life") / "out")


def numbers(built: Built) -> int:
    return built.value("select count(*) from marts.fct_published_amount")


def test_a_second_build_reads_nothing_and_gives_the_same(first: tuple[Path, Built]) -> None:
    documents, built = first
    assert built.exit_code == 0, built.said
    assert built.summary()["new"] == 1
    amounts = "select * exclude (document_id) from marts.fct_published_amount order by all"
    before, landed = built.rows(amounts), sorted((built.out / "landing").rglob("*"))
    again = run_build(documents, built.out)
    assert again.exit_code == 0, again.said
    assert (again.summary()["new"], again.summary()["unchanged"]) == (0, 1)
    assert again.rows(amounts) == before
    assert sorted((built.out / "landing").rglob("*")) == landed


def test_a_new_document_is_read_alone_and_one_that_left_is_gone(first: tuple[Path, Built]) -> None:
    documents, built = first
    before = numbers(built)
    (documents / "small.txt").write_text(SMALL, encoding="utf-8")
    more = run_build(documents, built.out)
    assert (more.summary()["new"], more.summary()["unchanged"]) == (1, 1), more.said
    assert numbers(more) == before + 4
    (documents / "small.txt").unlink()
    assert numbers(run_build(documents, built.out)) == before


def test_a_reader_and_a_build_do_not_disturb_each_other(first: tuple[Path, Built]) -> None:
    documents, built = first
    with duckdb.connect(str(built.out / "warehouse.duckdb"), read_only=True) as reader:
        count = "select count(*) from marts.fct_published_amount"
        before = reader.execute(count).fetchone()
        assert run_build(documents, built.out).exit_code == 0
        assert reader.execute(count).fetchone() == before


@pytest.mark.parametrize("sign", [".build/warehouse.duckdb", ".build/reports/data_docs", "landing/.writing"])
def test_a_killed_build_leaves_what_was_published_and_the_next_is_whole(
    first: tuple[Path, Built], sign: str
) -> None:
    documents, built = first
    warehouse, exports = built.out / "warehouse.duckdb", built.out / "exports"
    before = warehouse.read_bytes(), {path.name for path in exports.iterdir()}
    if sign.startswith("landing"):
        shutil.rmtree(built.out / "landing")
    build = subprocess.Popen(
        command(documents, built.out),
        cwd=ROOT,
        env=plain_environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        wait_for(built.out, sign, build)
    finally:
        os.kill(build.pid, signal.SIGKILL)
        build.wait()
    assert (warehouse.read_bytes(), {path.name for path in exports.iterdir()}) == before
    after = run_build(documents, built.out)
    assert after.exit_code == 0, after.said
    assert not (built.out / ".build").exists()
    assert not list((built.out / "landing").glob(".writing-*"))
    assert numbers(after) == 302


def wait_for(out: Path, sign: str, build: subprocess.Popen[bytes]) -> None:
    """Until the build has come so far that something of this name is there."""
    for _ in range(12_000):
        if any(out.glob(f"{sign}*")):
            return
        assert build.poll() is None, "the build ended before it was killed"
        time.sleep(0.01)
    raise AssertionError(f"{sign} did not appear")


def test_a_second_build_on_the_same_folder_waits_for_nobody(first: tuple[Path, Built]) -> None:
    documents, built = first
    other = subprocess.Popen(
        command(documents, built.out), cwd=ROOT, env=plain_environment(), stdout=subprocess.DEVNULL
    )
    try:
        wait_for(built.out, ".build", other)
        late = run_build(documents, built.out)
        assert late.exit_code == 2
        assert f"process {other.pid}" in late.said
    finally:
        assert other.wait() == 0
