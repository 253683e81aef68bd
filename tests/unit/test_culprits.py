"""What breaks a statement is found by leaving documents out, and the innocent stay."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from extract.culprits import Fault, at_fault

DOCUMENTS = [f"d{number:02}" for number in range(1, 31)]
# sums names no document: it is made anew for a part of them
MODELS = {
    ("marts", "facts"): 'select * from "warehouse"."raw"."cell"',
    ("marts", "sums"): 'select code, count(*) as rows from "warehouse"."marts"."facts" group by code',
}
TWICE = 'select code from "warehouse"."marts"."sums" where rows > 1 and code = '
NUMBER = 'select document_id, cast(text as integer) as number from "warehouse"."marts"."facts"'
EARLIER = (
    "select document_id from marts.facts where earlier is not null"
    " and earlier not in (select document_id from marts.facts)"
)


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    path = tmp_path / "it's" / "warehouse.duckdb"
    path.parent.mkdir()
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema raw; create schema marts")
        connection.execute(
            "create table raw.document as select unnest(?) as document_id, document_id as document_name,"
            " 'read' as status, document_id = 'd03' as is_new",
            [DOCUMENTS],
        )
        connection.execute(
            """
            create table raw.cell as
            select
                document_id,
                case document_id when 'd04' then 'one' when 'd22' then 'two' else '3' end as text,
                case when document_id in ('d03', 'd20') then 'same' else document_id end as code,
                -- the first and the last are of a pair; one stands alone
                case document_id when 'd05' then 'd29' when 'd09' then 'gone' end as earlier
            from raw.document
            """
        )
        connection.execute(
            "insert into raw.cell values ('d17', '4', 'again', null), ('d17', '4', 'again', null)"
        )
        for schema, name in MODELS:
            connection.execute(f"create table {schema}.{name} as {MODELS[schema, name]}")
    return path


def culprits(warehouse: Path, sql: str, *, is_model: bool = False) -> list[str]:
    return sorted(at_fault(warehouse, [Fault("statement", sql, is_model)], MODELS))


def test_rows_of_one_document(warehouse: Path) -> None:
    assert culprits(warehouse, f"{TWICE}'again'") == ["d17"]


def test_of_two_that_do_not_get_along_the_newcomer_goes(warehouse: Path) -> None:
    assert culprits(warehouse, f"{TWICE}'same'") == ["d03"]


def test_a_model_that_cannot_run(warehouse: Path) -> None:
    found = at_fault(warehouse, [Fault("numbers", NUMBER, is_model=True)], MODELS)
    assert sorted(found) == ["d04", "d22"]
    assert "'one'" in found["d04"] and "numbers" in found["d04"]


def test_who_only_misses_another_stays(warehouse: Path) -> None:
    assert culprits(warehouse, EARLIER) == ["d09"]


@pytest.mark.parametrize(
    "sql",
    ["select 1", "select missing from marts.facts", "select 1 where false", "select 1 from marts.facts"],
    ids=["without any document", "cannot run at all", "does not fail", "of all documents"],
)
def test_what_is_not_of_a_few_documents_is_tied_to_none(warehouse: Path, sql: str) -> None:
    assert culprits(warehouse, sql) == []


def test_several_faults_at_once(warehouse: Path) -> None:
    faults = [Fault("again", f"{TWICE}'again'"), Fault("numbers", NUMBER, is_model=True)]
    assert sorted(at_fault(warehouse, faults, MODELS)) == ["d04", "d17", "d22"]
