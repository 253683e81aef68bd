"""Brings the documents that bear on one from a published warehouse, so that it is checked against them.

Only the raw rows come over: what they mean is worked out anew, together with the document's own.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from extract import landing
from extract.inputs import WrongUse
from extract.publish import WAREHOUSE_NAME

# documents to compare with: those of the body itself first, then the ones that name it or that it names
MOST_RELATED = 16

SAID_OF_DOCUMENTS = (
    "quality.finding",
    "quality.disclosure_check",
    "quality.document_scorecard",
    "intermediate.int_table",
    "raw.unplaced",
    "raw.table",
    "raw.cell",
)

RELATED_SQL = """
with own as (
    select document_id, agency_name, region_name, fiscal_year, document_kind, body_level
    from raw.document
    where document_id = $document_id
),

-- a body and its head office (本级) go by one name
others as (
    select
        other.document_id,
        other.fiscal_year,
        other.document_name,
        regexp_replace(coalesce(other.agency_name, ''), '[（(]?本级[）)]?$', '') as agency_name,
        regexp_replace(coalesce(own.agency_name, ''), '[（(]?本级[）)]?$', '') as own_name,
        coalesce(other.region_name = own.region_name, false) as is_same_region
    from published.raw.document as other
    cross join own
    where
        other.status = 'read' and other.document_id <> own.document_id
        -- a version of the document itself, which the one that is checked replaces
        and not coalesce(
            other.agency_name = own.agency_name
            and other.region_name is not distinct from own.region_name
            and other.fiscal_year = own.fiscal_year
            and other.document_kind = own.document_kind
            and other.body_level is not distinct from own.body_level,
            false
        )
),

ranked as (
    select
        document_id,
        fiscal_year,
        document_name,
        case
            when length(own_name) < 2 or length(agency_name) < 2 then 9
            when ends_with(agency_name, own_name) or ends_with(own_name, agency_name) then 1
            when exists (
                select 1 from raw.sentence as said
                where said.document_id = $document_id and contains(said.text, others.agency_name)
            ) then 2
            when exists (
                select 1 from published.raw.sentence as said
                where said.document_id = others.document_id and contains(said.text, others.own_name)
            ) then 2
            when is_same_region then 3
            else 9
        end as distance
    from others
)

select document_id
from ranked
where distance < 9 or (select count(*) from ranked) <= $most
order by distance, fiscal_year desc, document_name
limit $most
"""


def warehouse_of(against: Path) -> Path:
    """The published file; its folder will do."""
    warehouse = against / WAREHOUSE_NAME if against.is_dir() else against
    if not warehouse.is_file():
        raise WrongUse(
            f"没有这个数据库 There is no warehouse {warehouse}."
            f" Name a published one: AGAINST=path/to/{WAREHOUSE_NAME}"
        )
    return warehouse


def bring_related(
    connection: duckdb.DuckDBPyConnection, against: Path, document_id: str, most: int = MOST_RELATED
) -> int:
    """Copy the raw rows of related documents into the working file, and say how many documents came."""
    warehouse = warehouse_of(against)
    path = str(warehouse).replace("'", "''")
    try:
        connection.execute(f"attach '{path}' as published (read_only)")
    except duckdb.Error as error:
        raise WrongUse(f"{warehouse} cannot be opened as a warehouse: {_first_line(error)}") from error
    try:
        chosen = connection.execute(RELATED_SQL, {"document_id": document_id, "most": most}).fetchall()
        documents = [row[0] for row in chosen]
        connection.begin()
        for name in landing.RAW_TABLES:
            connection.execute(
                f'insert into raw."{name}" by name'
                f' select * from published.raw."{name}" where list_contains(?, document_id)',
                [documents],
            )
        connection.commit()
    except duckdb.Error as error:
        raise WrongUse(
            f"{warehouse} was published by another version; build it anew: {_first_line(error)}"
        ) from error
    finally:
        connection.execute("detach database if exists published")
    return len(documents)


def narrow(connection: duckdb.DuckDBPyConnection, document_id: str) -> None:
    """Leave in the working file what is said of this document; the numbers it was compared with stay."""
    known = connection.execute("select table_schema || '.' || table_name from information_schema.tables")
    tables = {row[0] for row in known.fetchall()}
    for table in SAID_OF_DOCUMENTS:
        if table in tables:
            schema, name = table.split(".")
            connection.execute(f'delete from {schema}."{name}" where document_id <> ?', [document_id])
    connection.execute(
        "delete from quality.reconciliation where document_id <> ?"
        " and equation_id not in (select unnest(equations) from quality.finding)",
        [document_id],
    )


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0]
