"""How the engine joins: comparing every row with every row is quick on five documents, not on thousands."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb

from extract.prepared import prepare
from tests.integration.builds import Built

ROW_BY_ROW = ("BLOCKWISE_NL_JOIN", "NESTED_LOOP_JOIN")


def compared_row_by_row(plan: dict[str, Any]) -> list[str]:
    """The conditions of the joins without a hash that ask for the same document, and had a key for one."""
    asked = json.dumps(plan.get("extra_info", {}))
    own = [asked] if plan["name"].strip() in ROW_BY_ROW and "document_id = document_id" in asked else []
    return own + [condition for child in plan["children"] for condition in compared_row_by_row(child)]


def explained(connection: duckdb.DuckDBPyConnection, sql: str) -> list[str]:
    _, plan = connection.execute(f"explain (format json) {sql}").fetchall()[0]
    return [condition for root in json.loads(plan) for condition in compared_row_by_row(root)]


def test_no_join_within_documents_compares_every_row_with_every_row(five: Built, tmp_path: Path) -> None:
    """An outer join does so for a condition on its left side alone: that belongs into an equality."""
    with duckdb.connect(str(five.out / "warehouse.duckdb"), read_only=True) as connection:
        slow = {model["name"]: explained(connection, model["sql"]) for model in prepare(tmp_path).models}
        assert {name: conditions for name, conditions in slow.items() if conditions} == {}
        # the test sees one where there is one
        both = "a.document_id = b.document_id and a.row_no > 3"
        assert explained(connection, f"select * from raw.cell as a left join raw.cell as b on {both}")
