"""The output folder: one build at a time, made in a corner of it and moved over the old one when whole."""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from extract.inputs import WrongUse

WAREHOUSE_NAME = "warehouse.duckdb"
EXPORTED_SCHEMAS = ("marts", "quality")
# by what the system says of them: libraries keep the words of an error and lose its number
DISK_FAULTS = {
    os.strerror(errno.ENOSPC): "磁盘已满，请清理后重试 the disk is full: free some space and run it again",
    os.strerror(errno.EDQUOT): "磁盘配额已用完 the disk quota is used up",
    os.strerror(errno.EROFS): "目录所在磁盘只读 the disk of this folder is read-only",
}


def disk_fault(error: BaseException, folder: Path) -> str:
    """One line where the disk is at fault, and neither the documents nor this program; else nothing."""
    said = " ".join(str(error).split())
    found = (says for words, says in DISK_FAULTS.items() if words in said)
    return next((f"{_place(said, folder.resolve())}: {says}" for says in found), "")


def _place(said: str, folder: Path) -> str:
    """Which of the two folders that a run writes to: by the file that the error names, else both."""
    temporary = Path(tempfile.gettempdir()).resolve()
    if str(folder) in said or folder.is_relative_to(temporary):
        return str(folder)
    return str(temporary) if str(temporary) in said else f"{folder} 或 or {temporary}"


@dataclass(frozen=True, slots=True)
class Output:
    """Names inside OUT. Everything under `build` belongs to the build that holds the lock."""

    folder: Path

    @property
    def warehouse(self) -> Path:
        return self.folder / WAREHOUSE_NAME

    @property
    def exports(self) -> Path:
        return self.folder / "exports"

    @property
    def reports(self) -> Path:
        return self.folder / "reports"

    @property
    def landing(self) -> Path:
        return self.folder / "landing"

    @property
    def rejected(self) -> Path:
        """The file of the last build that was not published, for whoever looks into why."""
        return self.folder / "rejected"

    @property
    def build(self) -> Path:
        """Always the same path, so that dbt finds its last parse valid; the lock keeps others out."""
        return self.folder / ".build"

    @property
    def dbt_state(self) -> Path:
        return self.folder / ".dbt"

    @property
    def prepared(self) -> Path:
        """What is kept between runs where the project's own folder cannot be written to."""
        return self.dbt_state / "prepared"

    @property
    def lock(self) -> Path:
        return self.folder / ".lock"


@contextmanager
def exclusive(output: Output) -> Iterator[None]:
    """Hold OUT for one build. The system drops the lock with the process, however that ends."""
    try:
        output.folder.mkdir(parents=True, exist_ok=True)
        lock = output.lock.open("a+")
    except OSError as error:
        raise WrongUse(
            f"Cannot write to {output.folder}: {error.strerror}. Name another: OUT=folder"
        ) from error
    with lock:
        try:
            # a POSIX lock, unlike flock, is not inherited by the workers that a killed build leaves behind
            fcntl.lockf(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            lock.seek(0)
            holder = lock.read().strip() or "unknown"
            raise WrongUse(
                f"Another build (process {holder}) is working in {output.folder}: wait for it"
            ) from error
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        shutil.rmtree(output.build, ignore_errors=True)  # of a build that died
        output.build.mkdir()
        try:
            yield
        finally:
            shutil.rmtree(output.build, ignore_errors=True)


def export(warehouse: Path, folder: Path) -> int:
    """Write every table that users see as Parquet, and say how many."""
    folder.mkdir(parents=True)
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        tables = connection.execute(
            "select table_schema, table_name from information_schema.tables"
            " where list_contains(?, table_schema) order by all",
            [list(EXPORTED_SCHEMAS)],
        ).fetchall()
        for schema, table in tables:
            target = folder / f"{table}.parquet"
            rows = connection.sql(f'select * from "{schema}"."{table}"')
            rows.write_parquet(str(target), compression="zstd")
    return len(tables)


def publish(output: Output, warehouse: Path, exports: Path, reports: Path) -> None:
    """Move a whole build over the old one. Readers of the old file keep what they opened."""
    _sync(warehouse)
    warehouse.replace(output.warehouse)
    _sync(output.folder)
    replace_folder(exports, output.exports)
    replace_folder(reports, output.reports)
    shutil.rmtree(output.rejected, ignore_errors=True)


def reject(output: Output, warehouse: Path, reports: Path) -> None:
    """Leave what is published as it is; replace only the report, and keep the file for inspection."""
    output.rejected.mkdir(exist_ok=True)
    warehouse.replace(output.rejected / WAREHOUSE_NAME)
    replace_folder(reports, output.reports)


def replace_folder(new: Path, old: Path) -> None:
    """Make `old` hold what `new` holds, file by file, so that at no moment a name is missing."""
    wanted = {path.relative_to(new) for path in new.rglob("*") if path.is_file()}
    for relative in sorted(wanted):
        target = old / relative
        target.parent.mkdir(parents=True, exist_ok=True)
        (new / relative).replace(target)
    if not old.is_dir():
        return
    for path in sorted(old.rglob("*"), reverse=True):
        if path.is_dir():
            if not any(path.iterdir()):
                path.rmdir()
        elif path.relative_to(old) not in wanted:
            path.unlink()


def _sync(path: Path) -> None:
    """Ask the disk to keep it before the name is changed, so that a power cut leaves old or new."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
