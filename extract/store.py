"""The landing cache: what was read from one content, as Parquet, and the raw schema loaded from it.

A result is keyed by the content's sha256 and the reader's version, so nothing is read twice.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from extract import landing
from extract.inputs import SIDECAR_COLUMNS, Corpus, Source
from extract.workers import Limits, run_documents

ARROW_TYPES = {
    "VARCHAR": pa.string(),
    "INT": pa.int32(),
    "INTEGER": pa.int32(),
    "BIGINT": pa.int64(),
    "DOUBLE": pa.float64(),
    "DATE": pa.date32(),
    "BOOLEAN": pa.bool_(),
}


@dataclass(frozen=True, slots=True)
class LandingCache:
    """Folders of Parquet files, one a content. A folder is there as a whole or not at all."""

    root: Path
    limits: Limits

    def folder(self, document_id: str) -> Path:
        return self.root / f"{document_id}.{landing.READER_VERSION}"

    def stopped_folder(self, document_id: str) -> Path:
        """Where it is noted that a document was stopped at these limits: with others it is tried again."""
        return self.root / f"{document_id}.{landing.READER_VERSION}.{self.limits.key()}"

    def find(self, document_id: str) -> Path | None:
        candidates = (self.folder(document_id), self.stopped_folder(document_id))
        return next((folder for folder in candidates if folder.is_dir()), None)

    def sweep(self) -> None:
        """Remove what builds left that died while they wrote, and results of other reader versions."""
        if not self.root.is_dir():
            return
        for entry in self.root.iterdir():
            version = entry.name.split(".")[1:2]
            if entry.name.startswith(".writing-") or version != [landing.READER_VERSION]:
                shutil.rmtree(entry, ignore_errors=True)


def read_new(sources: Sequence[Source], cache: LandingCache, jobs: int) -> Iterator[tuple[Source, Path]]:
    """Read each source in a worker of its own and yield its landed folder, as they come."""
    if not sources:
        return
    by_id = {source.document_id: source for source in sources}
    tasks = {
        source.document_id: (land, (source.path, cache.folder(source.document_id))) for source in sources
    }
    for document_id, failure in run_documents(tasks, cache.limits, jobs):
        folder = cache.folder(document_id)
        if failure is not None:
            folder = cache.stopped_folder(document_id)
            write(set_aside(failure), folder)
        yield by_id[document_id], folder


def land(path: Path, folder: Path) -> None:
    """Read one document and write its rows. A document that cannot be read leaves a row with the reason."""
    try:
        tables = landing.read_document(path)
    except landing.UnreadableDocument as error:
        tables = set_aside(str(error))
    write(tables, folder)


def set_aside(reason: str) -> dict[str, list[dict[str, Any]]]:
    return {"document": [{"status": "set_aside", "reason": reason}]}


def write(tables: Mapping[str, Sequence[Mapping[str, Any]]], folder: Path) -> None:
    """Write the rows as one Parquet file a table into a new folder, and only then give it its name."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    new = Path(tempfile.mkdtemp(prefix=".writing-", dir=folder.parent))
    for table, rows in tables.items():
        if rows:
            pq.write_table(_arrow(table, rows), new / f"{table}.parquet", compression="zstd")
    try:
        new.rename(folder)
    except OSError:
        if not folder.is_dir():
            raise
        shutil.rmtree(new)  # another worker was faster with the same content


def _arrow(table: str, rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    types = column_types(table)
    if unknown := {column for row in rows for column in row} - types.keys():
        raise ValueError(f"raw.{table} has no column {', '.join(sorted(unknown))}")
    schema = pa.schema([(column, ARROW_TYPES[duckdb_type]) for column, duckdb_type in types.items()])
    return pa.Table.from_pylist([dict(row) for row in rows], schema=schema)


def column_types(table: str) -> dict[str, str]:
    return {column.name: column.type for column in landing.RAW_TABLES[table].columns}


def create_raw(connection: duckdb.DuckDBPyConnection) -> None:
    """The raw tables without rows, with what each column means."""
    connection.execute("create schema raw")
    for name, table in landing.RAW_TABLES.items():
        columns = ", ".join(f'"{column.name}" {column.type}' for column in table.columns)
        connection.execute(f'create table raw."{name}" ({columns})')
        connection.execute(f'comment on table raw."{name}" is {literal(table.grain)}')
        for column in table.columns:
            connection.execute(
                f'comment on column raw."{name}"."{column.name}" is {literal(column.description)}'
            )


def load(
    connection: duckdb.DuckDBPyConnection,
    corpus: Corpus,
    folders: Mapping[str, Path],
    new_ids: Iterable[str],
) -> None:
    """Fill the raw schema from the landed folders of this corpus, in one transaction."""
    connection.begin()
    if not connection.execute("from duckdb_schemas() where schema_name = 'raw'").fetchone():
        create_raw(connection)
    for name in landing.RAW_TABLES:
        files = [str(file) for folder in folders.values() if (file := folder / f"{name}.parquet").is_file()]
        if name != "document" and files:
            _insert_files(connection, name, files)
    connection.register("source", _sources(corpus, folders, set(new_ids)))
    overridden = sorted(set(SIDECAR_COLUMNS.values()))
    connection.execute(
        f"""
        insert into raw.document by name
        select landed.* exclude (filename) replace (
            source.document_id as document_id,
            source.document_name as document_name,
            source.size_bytes as size_bytes,
            source.is_new as is_new,
            coalesce(landed.media_type, source.media_type) as media_type,
            {", ".join(f"coalesce(source.{column}, landed.{column}) as {column}" for column in overridden)}
        )
        from read_parquet(?, filename => true) as landed
        inner join source on landed.filename = source.file
        """,
        [[str(folder / "document.parquet") for folder in folders.values()]],
    )
    connection.unregister("source")
    for source in corpus.sources:
        for name in source.names[1:]:
            connection.execute(
                "insert into raw.document_name_alias (document_id, document_name) values (?, ?)",
                [source.document_id, name],
            )
    for name, reason in corpus.unopened.items():
        connection.execute(
            "insert into raw.document (document_id, document_name, status, reason, is_new, reader_version)"
            " values (sha256(?), ?, 'set_aside', ?, true, ?)",
            [f"unopened:{name}", name, reason, landing.READER_VERSION],
        )
    connection.commit()


def _sources(corpus: Corpus, folders: Mapping[str, Path], new_ids: set[str]) -> pa.Table:
    """What the folder and its sidecar say. They win over the landed row: it may have been read from the
    cache, under another name, and a set-aside row knows nothing but its reason.
    """
    types = column_types("document")
    given = ["document_id", "document_name", "media_type", "size_bytes", "is_new"]
    columns = [*given, *sorted(set(SIDECAR_COLUMNS.values()))]
    rows = [
        {
            "file": str(folders[source.document_id] / "document.parquet"),
            "document_id": source.document_id,
            "document_name": source.name,
            "media_type": "pdf" if source.path.suffix.lower() == ".pdf" else "text",
            "size_bytes": source.size_bytes,
            "is_new": source.document_id in new_ids,
            **corpus.overrides.get(source.document_id, {}),
        }
        for source in corpus.sources
    ]
    schema = [("file", pa.string())] + [(column, ARROW_TYPES[types[column]]) for column in columns]
    return pa.Table.from_pylist(rows, schema=pa.schema(schema))


def _insert_files(connection: duckdb.DuckDBPyConnection, table: str, files: list[str]) -> None:
    connection.execute(
        f'insert into raw."{table}" by name select * from read_parquet(?, union_by_name => true)', [files]
    )


def literal(text: str) -> str:
    """COMMENT takes no parameters; the texts are this project's own."""
    return "'" + text.replace("'", "''") + "'"
