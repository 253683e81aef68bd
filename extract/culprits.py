"""Which documents break a model or a test: those without which it holds.

Looked for only where something failed, on the warehouse as it is: the statement that failed is run on it
as it would look with some of the documents. Nobody needs to know what the statement is about.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import duckdb

# one odd document costs itself; a statement that more of them break is at fault itself
MOST = 20
SHOWN = 160
RELATIONS = """
select schema_name, table_name, bool_or(column_name = 'document_id')
from duckdb_columns()
where database_name = 'whole' and not internal
group by all
order by all
"""


@dataclass(frozen=True, slots=True)
class Fault:
    """A statement that failed: its rows are what is wrong, or it is of a model and cannot run at all."""

    of: str
    sql: str
    is_model: bool = False


def at_fault(
    warehouse: Path, faults: Sequence[Fault], models: Mapping[tuple[str, str], str]
) -> dict[str, str]:
    """The documents that the faults are tied to, each with the reason for a person.

    `models` is the SQL of the models, by schema and name: a table that does not name documents is made anew.
    Nothing is found where more than a few, or more than half of the documents, would have to go.
    """
    found: dict[str, str] = {}
    try:
        with _part_of(warehouse, models) as part:
            documents = part.documents()
            for fault in faults:
                rest = [document for document in documents if document not in found]
                culprits = _search(partial(part.breaks, fault), rest)
                sound = [document for document in rest if document not in culprits]
                for document in culprits:
                    example = part.example(fault, [*sound, document])
                    found[document] = _reason(fault, example.replace(document, document[:8]))
    except duckdb.OperationalError:
        return {}  # memory or disk: no document's fault
    return {} if len(found) > min(MOST, len(documents) / 2) else found


def _search(breaks: Callable[[Sequence[str]], bool], documents: Sequence[str]) -> list[str]:
    """The fewest documents found without which nothing breaks; none where that cannot be said."""
    if breaks([]):
        return []
    rest = list(documents)
    found: list[str] = []
    while len(found) <= MOST and breaks(rest):
        # the last of the shortest beginning that breaks: alone, or with one that was there before it
        sound, broken = 0, len(rest)
        while broken - sound > 1:
            middle = (sound + broken) // 2
            sound, broken = (sound, middle) if breaks(rest[:middle]) else (middle, broken)
        found.append(rest.pop(broken - 1))
    for document in list(found):
        # it only missed the company of a later one
        if not breaks([*rest, document]):
            rest.append(document)
            found.remove(document)
    return found


def _reason(fault: Fault, example: str) -> str:
    found = " ".join(example.split())[:SHOWN]
    return (
        f"its data breaks {fault.of} ({found}), the others are published without it: look whether the file is"
        " whole and what it should be, and report it to whoever maintains this program"
        f" (数据未通过检验 {fault.of}，已搁置此文件，其余照常发布；"
        "请核对文件是否完整、正确，并告知程序维护人员)"
    )


class _Part:
    """The warehouse with some of its documents."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def documents(self) -> list[str]:
        """Those that were read, the newest last: where two do not get along, the newcomer goes."""
        sql = (
            "select document_id from whole.raw.document where status = 'read'"
            " order by is_new, document_name, document_id"
        )
        return [document for (document,) in self._connection.execute(sql).fetchall()]

    def breaks(self, fault: Fault, documents: Sequence[str]) -> bool:
        return self._look(fault, documents) is not None

    def example(self, fault: Fault, documents: Sequence[str]) -> str:
        return self._look(fault, documents) or ""

    def _look(self, fault: Fault, documents: Sequence[str]) -> str | None:
        self._connection.execute(
            "create or replace table chosen as select unnest(?::varchar[]) as id", [documents]
        )
        try:
            if fault.is_model:
                self._connection.execute(f"create or replace table probe as {fault.sql}")
                return None
            row = self._connection.execute(fault.sql).fetchone()
        except duckdb.OperationalError:
            raise
        except duckdb.Error as error:
            return str(error)
        return None if row is None else " · ".join(str(value) for value in row if value not in (None, False))


@contextmanager
def _part_of(warehouse: Path, models: Mapping[tuple[str, str], str]) -> Iterator[_Part]:
    """A database of views that has the name and the relations of the warehouse, and the chosen documents."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{_escaped(str(warehouse))}' as whole (read_only)")
        connection.execute(f"attach ':memory:' as \"{warehouse.stem}\"")
        connection.execute(f'use "{warehouse.stem}"')
        connection.execute("create table chosen as select '' as id")
        relations = connection.execute(RELATIONS).fetchall()
        for schema in {schema for schema, *_ in relations}:
            connection.execute(f'create schema if not exists "{schema}"')
        # models in the order in which they were built: each after what it reads
        order = {name: place for place, name in enumerate(models, start=1)}
        for schema, name, names_documents in sorted(relations, key=lambda found: order.get(found[:2], 0)):
            sql = f'select * from whole."{schema}"."{name}"'
            if names_documents:
                sql += " where document_id in (from chosen)"
            elif (schema, name) in models:
                sql = models[schema, name]
            connection.execute(f'create view "{schema}"."{name}" as {sql}')
        yield _Part(connection)


def _escaped(text: str) -> str:
    return text.replace("'", "''")
