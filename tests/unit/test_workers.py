"""Workers: a document that hangs, grows or crashes gets one line, and the others are read."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from extract.workers import Limits, current_limits, run_documents

pytestmark = pytest.mark.unit

LIMITS = Limits(seconds=2, memory_mb=300, pages=7)


def note(path: Path, text: str = "") -> None:
    path.write_text(text or str(os.getpid()))


def note_limits(path: Path) -> None:
    path.write_text(current_limits().key())


def hang(*_: object) -> None:
    while True:
        time.sleep(0.01)


def grow(step_mb: int) -> None:
    kept = []
    while True:
        kept.append(b"x" * (step_mb * 1024 * 1024))


def crash() -> None:
    os.abort()


def leave() -> None:
    os._exit(3)


def fail() -> None:
    raise ValueError("first line\nsecond line")


def recurse() -> None:
    recurse()


def test_all_good_documents_are_done_and_workers_are_used_again(tmp_path: Path) -> None:
    tasks = {name: (note, (tmp_path / name,)) for name in "abcdef"}
    assert dict(run_documents(tasks, LIMITS, jobs=2)) == dict.fromkeys("abcdef")
    assert len({(tmp_path / name).read_text() for name in "abcdef"}) <= 2


def test_each_failure_is_one_line_and_the_others_are_read(tmp_path: Path) -> None:
    tasks = {
        "first": (note, (tmp_path / "first",)),
        "hang": (hang, ()),
        "grow": (grow, (20,)),
        "leap": (grow, (2000,)),
        "crash": (crash, ()),
        "leave": (leave, ()),
        "fail": (fail, ()),
        "recurse": (recurse, ()),
        "last": (note, (tmp_path / "last",)),
    }
    start = time.monotonic()
    reasons = dict(run_documents(tasks, LIMITS, jobs=2))
    assert time.monotonic() - start < 60
    assert reasons.keys() == tasks.keys()
    assert reasons["first"] is None and reasons["last"] is None
    assert "stopped after 2 s" in str(reasons["hang"])
    assert "300 MB" in str(reasons["grow"]) and "300 MB" in str(reasons["leap"])
    assert "SIGABRT" in str(reasons["crash"])
    assert "code 3" in str(reasons["leave"])
    assert "ValueError: first line second line" in str(reasons["fail"])
    assert "nested too deeply" in str(reasons["recurse"])
    assert not any("\n" in reason for reason in reasons.values() if reason)


def test_a_function_that_cannot_be_sent_or_loaded_is_a_reason_too(tmp_path: Path) -> None:
    tasks = {"ok": (note, (tmp_path / "ok",)), "bad": (note, (tmp_path / "no" / "folder",))}
    reasons = dict(run_documents(tasks, LIMITS, jobs=1))
    assert reasons["ok"] is None
    assert "FileNotFoundError" in str(reasons["bad"])


def test_the_worker_knows_its_limits(tmp_path: Path) -> None:
    list(run_documents({"a": (note_limits, (tmp_path / "a",))}, LIMITS))
    assert (tmp_path / "a").read_text() == "2s-300mb-7p"


def test_no_worker_outlives_the_run(tmp_path: Path) -> None:
    tasks = {"a": (note, (tmp_path / "a",)), "b": (hang, ())}
    run = run_documents(tasks, Limits(seconds=60, memory_mb=300), jobs=2)
    assert next(run) == ("a", None)
    run.close()
    pid = int((tmp_path / "a").read_text())
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_limits_must_be_positive() -> None:
    with pytest.raises(ValueError, match="memory_mb"):
        Limits(memory_mb=0)


def test_no_tasks_no_workers() -> None:
    assert list(run_documents({}, LIMITS, jobs=4)) == []
