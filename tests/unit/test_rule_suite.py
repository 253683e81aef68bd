"""One expectation a rule family and table type, and its way to the findings."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from expectations.rules import link_findings, rule_suite

pytestmark = pytest.mark.unit


def warehouse(folder: Path) -> Path:
    path = folder / "warehouse.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("""
            create schema quality;
            create schema staging;
            create schema intermediate;
            create table staging.rule as select * from (values
                ('A01', '甲', 'first'), ('A02', '乙', 'second'), ('E01', '丙', 'third'),
                ('H01', '丁', 'fourth'), ('I02', '戊', 'fifth'), ('J03', '己', 'sixth')
            ) as rules (rule_id, name_zh, name_en);
            create table staging.table_type as
                select 'income' as table_type, '收入总表' as name_zh, 'Income' as name_en;
            create table quality.reconciliation as select *, 'd' as document_id, '' as table_title,
                1 as page_no, '' as object, 0 as residual
            from (values
                ('one', 'A01', 'income', 'pass'), ('two', 'A02', 'income', 'fail'),
                ('three', 'E01', null, 'rounding'), ('four', 'A01', 'income', 'insufficient_data')
            ) as verdicts (equation_id, rule_id, table_type, status);
            create table intermediate.int_table as
                select 'd' as document_id, 7 as table_no, 'income' as table_type;
            create table quality.disclosure_check as select *, 'd' as document_id,
                null::varchar as table_title,
                '一、概况' as chapter,
                1 as page_no, '' as object, 'why' as reason
            from (values
                ('five', 'H01', 7, 'fail'), ('six', 'H01', 7, 'pass'), ('seven', 'I02', 7, 'pass'),
                ('eight', 'I02', null, 'fail'), ('nine', 'J03', null, 'fail'),
                ('ten', 'J03', null, 'insufficient_data')
            ) as checks (check_id, rule_id, table_no, status);
        """)
    return path


def test_each_family_and_table_type_has_its_expectation_that_what_is_broken_breaks(tmp_path: Path) -> None:
    path = warehouse(tmp_path)
    suite = rule_suite(path)
    assert [(check.name, check.rule_ids) for check in suite.checks] == [
        ("A_income", ("A01", "A02")),
        ("E_text", ("E01",)),
        ("H_income", ("H01",)),
        ("I_text", ("I02",)),
        ("I_income", ("I02",)),
        ("J_text", ("J03",)),
    ]
    assert suite.checks[0].says_zh.startswith("规则 A01, A02 · 收入总表：")
    assert suite.checks[0].says.startswith("Income: ")
    with duckdb.connect(str(path), read_only=True) as connection:
        verdicts = [
            connection.execute(
                f"select judgement_id from ({check.query}) where not is_ok order by all"
            ).fetchall()
            for check in suite.checks
        ]
    assert verdicts == [[("two",)], [], [("five",)], [("eight",)], [], [("nine",)]]


def test_rules_named_in_the_data_docs_lead_to_their_findings(tmp_path: Path) -> None:
    page = tmp_path / "data_docs" / "expectations" / "rules.html"
    page.parent.mkdir(parents=True)
    page.write_text('<p id="A01">规则 A01, A02 · 收入总表</p>', encoding="utf-8")
    link_findings(tmp_path / "data_docs")
    assert page.read_text(encoding="utf-8") == (
        '<p id="A01">规则 <a href="../../index.html#rule=A01">A01</a>, '
        '<a href="../../index.html#rule=A02">A02</a> · 收入总表</p>'
    )
