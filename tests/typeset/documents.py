"""Whole documents from a seed, and the truth of every number printed in their tables."""

from __future__ import annotations

from typing import TypedDict

from tests.typeset.model import Agency, Size
from tests.typeset.narrative import BudgetNarrative, FinalNarrative
from tests.typeset.tables import (
    NUMBER,
    PROFILES,
    STANDARD,
    TWO_PERIODS,
    BudgetTables,
    Document,
    FinalTables,
    Profile,
    Table,
    Value,
)
from tests.typeset.tables import Target as TargetValue


class TruthRow(TypedDict):
    """One number printed in a table, as a reader has to return it."""

    table_no: int
    table_title: str
    table_code: str
    row_code: str
    row_label: str
    column_path: str
    value: Value
    unit: str
    lane_no: int


def budget(
    seed: int | str = 0,
    *,
    year: int = 2026,
    size: Size | None = None,
    profile: Profile | str = STANDARD,
    agency: Agency | None = None,
) -> Document:
    """The budget that a body publishes for a year."""
    agency = agency or Agency(seed, size)
    profile = PROFILES[profile] if isinstance(profile, str) else profile
    return Document(
        name=f"{agency.agency_name}{year}年{_body(agency)}预算公开",
        kind="budget",
        agency_name=agency.agency_name,
        region_name=agency.region_name,
        year=year,
        is_department=agency.is_department,
        profile=profile,
        tables=BudgetTables(agency, year, profile).tables(),
        chapters=BudgetNarrative(agency, year, profile).chapters(),
        agency=agency,
    )


def final_accounts(
    seed: int | str = 0,
    *,
    year: int = 2024,
    size: Size | None = None,
    profile: Profile | str = TWO_PERIODS,
    agency: Agency | None = None,
) -> Document:
    """The final accounts that a body publishes for a year."""
    agency = agency or Agency(seed, size)
    profile = PROFILES[profile] if isinstance(profile, str) else profile
    return Document(
        name=f"{agency.agency_name}{year}年度{_body(agency)}决算公开",
        kind="final",
        agency_name=agency.agency_name,
        region_name=agency.region_name,
        year=year,
        is_department=agency.is_department,
        profile=profile,
        tables=FinalTables(agency, year, profile).tables(),
        chapters=FinalNarrative(agency, year, profile).chapters(),
        agency=agency,
    )


def truth(document: Document) -> list[TruthRow]:
    """Every printed number: which table, row and header path it belongs to, its value and its unit."""
    rows: list[TruthRow] = []
    for table_no, table in enumerate(document.tables, start=1):
        rows += _head_truth(table_no, table)
        for lane_no, lane in enumerate(table.lanes, start=1):
            columns = lane.value_columns
            for row in lane.rows:
                for column, value in zip(columns, row.values, strict=True):
                    if column.kind == NUMBER and value is not None:
                        unit = value.unit if isinstance(value, TargetValue) else table.unit
                        if column.path == ("指标分值权重",):
                            unit = ""
                        rows.append(
                            TruthRow(
                                table_no=table_no,
                                table_title=table.title,
                                table_code=table.table_code,
                                row_code=row.code,
                                row_label=row.label,
                                column_path="/".join(column.path),
                                value=value,
                                unit=unit,
                                lane_no=lane_no,
                            )
                        )
    return rows


def _head_truth(table_no: int, table: Table) -> list[TruthRow]:
    """The money in the head of a performance form, as rows of 项目资金."""
    return [
        TruthRow(
            table_no=table_no,
            table_title=table.title,
            table_code=table.table_code,
            row_code="",
            row_label=f"项目资金（{table.unit}）",
            column_path=label,
            value=value,
            unit=table.unit,
            lane_no=1,
        )
        for label, value in table.head
        if not isinstance(value, str) and value is not None
    ]


def _body(agency: Agency) -> str:
    return "部门" if agency.is_department else "单位"
