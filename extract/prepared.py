"""What every run needs and no document changes, made once a version of this project and kept.

dbt's own seconds (parsing, seeds, compiling) go into a folder that is named after the content of everything
they depend on: a warehouse file with the empty raw tables and the seeds, dbt's parsed manifest, and the SQL
that dbt made of the models that a check of one document needs. A build copies the file and gives dbt the
manifest; a check runs the SQL as it stands, without dbt.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from graphlib import TopologicalSorter
from importlib.metadata import version
from pathlib import Path
from typing import Any

import duckdb

from extract import landing
from extract.publish import WAREHOUSE_NAME
from extract.store import create_raw
from extract.transform import PROJECT, invoke, judge

# beside the packages of this environment; a Python of the system is left alone
CACHE = Path(sys.prefix) / "prepared"
HAS_OWN = sys.prefix != sys.base_prefix
# of other versions, for whoever goes back and forth
KEPT = 5
# what is still being made after so long was left by a run that died; what is younger may be in use
IN_USE_SECONDS = 3600
# what the findings rest on; facts for analysts, data tests and exports are a build's business
CHECK_MODELS = "+path:models/quality,resource_type:model"


@dataclass(frozen=True, slots=True)
class Prepared:
    """A folder that is there as a whole or not at all; nothing in it changes."""

    folder: Path

    @property
    def manifest(self) -> Path:
        return self.folder / "target" / "partial_parse.msgpack"

    @property
    def models(self) -> list[dict[str, str]]:
        """Schema, name, kind and SQL of the models of a check, each after those that it reads."""
        return json.loads((self.folder / "models.json").read_text(encoding="utf-8"))

    @property
    def failed_tests(self) -> dict[str, str]:
        """Data tests of the seeds alone that failed: a build says so and is not published."""
        return json.loads((self.folder / "failed_tests.json").read_text(encoding="utf-8"))

    def copy_to(self, warehouse: Path) -> None:
        """Begin a warehouse: raw tables without rows, and the seeds."""
        shutil.copyfile(self.folder / WAREHOUSE_NAME, warehouse)


def prepare(spare: Path) -> Prepared:
    """What is kept for this version of the project, or made now. `spare` serves where nothing can be kept."""
    name = _key()
    for root in (CACHE, spare):
        if (root / name).is_dir():
            with suppress(OSError):
                os.utime(root / name)  # the last to be swept
            return Prepared(root / name)
    root = CACHE if _can_keep() else spare
    root.mkdir(parents=True, exist_ok=True)
    new = Path(tempfile.mkdtemp(prefix=".making-", dir=root))
    try:
        new.chmod(0o755)
        _make(new)
        try:
            new.rename(root / name)
        except OSError:
            if not (root / name).is_dir():
                raise
            # another run was faster with the same
    finally:
        shutil.rmtree(new, ignore_errors=True)
    _sweep(root)
    return Prepared(root / name)


def _make(folder: Path) -> None:
    """Load the seeds, test them, and compile what a check needs."""
    warehouse = folder / WAREHOUSE_NAME
    with duckdb.connect(str(warehouse)) as connection:
        create_raw(connection)
    manifest = invoke("parse", warehouse, folder).result
    seeds = ("--select", "resource_type:seed", "--indirect-selection", "cautious")
    failed = judge(invoke("build", warehouse, folder, *seeds, manifest=manifest)).failed_tests
    (folder / "failed_tests.json").write_text(json.dumps(failed), encoding="utf-8")
    chosen = ("--select", CHECK_MODELS, "--indirect-selection", "empty")
    compiled = invoke("compile", warehouse, folder, *chosen, manifest=manifest)
    judge(compiled)
    models = _in_order([result.node for result in compiled.result.results])
    (folder / "models.json").write_text(json.dumps(models, ensure_ascii=False), encoding="utf-8")
    for left in ("target/compiled", "target/run", "logs"):
        shutil.rmtree(folder / left, ignore_errors=True)


def _in_order(nodes: list[Any]) -> list[dict[str, str]]:
    by_id = {node.unique_id: node for node in nodes}
    order = TopologicalSorter({key: set(node.depends_on.nodes) for key, node in by_id.items()})
    return [
        {
            "schema": node.schema,
            "name": node.alias,
            "kind": node.config.materialized,
            # the file is attached under the name that it was compiled for
            "sql": node.compiled_code,
        }
        for key in order.static_order()
        if (node := by_id.get(key)) is not None
    ]


def _key() -> str:
    """A name that changes with what is prepared: the project's files, the raw schema, the tools."""
    digest = hashlib.sha256(str(PROJECT).encode())
    for package in ("duckdb", "dbt-core", "dbt-duckdb"):
        digest.update(version(package).encode())
    digest.update(repr(landing.RAW_TABLES).encode())
    for code in (Path(__file__), Path(invoke.__code__.co_filename)):
        digest.update(code.read_bytes())
    for folder, folders, files in os.walk(PROJECT):
        folders[:] = sorted(name for name in folders if name not in ("target", "logs"))
        for name in sorted(files):
            path = Path(folder) / name
            digest.update(f"\n{path.relative_to(PROJECT)}\n".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:24]


def _can_keep() -> bool:
    if not HAS_OWN:
        return False
    try:
        CACHE.mkdir(exist_ok=True)
    except OSError:
        return False
    return os.access(CACHE, os.W_OK)


def _sweep(root: Path) -> None:
    """Remove the oldest of other versions, and what runs that died did not finish."""
    with suppress(OSError):  # another run sweeps, too
        for entry in root.glob(".making-*"):
            if entry.stat().st_mtime < time.time() - IN_USE_SECONDS:
                shutil.rmtree(entry, ignore_errors=True)
        whole = [entry for entry in root.iterdir() if not entry.name.startswith(".")]
        for entry in sorted(whole, key=lambda entry: entry.stat().st_mtime, reverse=True)[KEPT:]:
            if entry.stat().st_mtime < time.time() - IN_USE_SECONDS:
                shutil.rmtree(entry, ignore_errors=True)


if __name__ == "__main__":
    prepare(CACHE)
