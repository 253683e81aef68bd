"""Builds are shared: each fixture is one build for many tests."""

from __future__ import annotations

import fcntl
import json

import pytest

from tests.integration.builds import Built, run_make


@pytest.fixture(scope="session")
def five(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The five documents, built by the newcomer's own command, once for all workers."""
    common = tmp_path_factory.getbasetemp()
    if common.name.startswith("popen-"):
        common = common.parent
    out, told = common / "out of the project's folder", common / "five.json"
    with (common / "five.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not told.exists():
            told.write_text(json.dumps(run_make("build", f"OUT={out}")), encoding="utf-8")
    code, said = json.loads(told.read_text(encoding="utf-8"))
    return Built(out, code, said)
