"""Errors put into a sound document: each is caught by the check that should catch it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from expectations.checkpoint import validate
from expectations.model import read_suites
from tests.integration.builds import ONE, Built, run_build

pytestmark = pytest.mark.integration

Lines = list[str]
# the table of expenditure from the general public budget: found by its title after the table of contents
TITLE = "一般公共预算支出情况表"


def table(lines: Lines) -> tuple[int, int]:
    """First and last line of the table under TITLE."""
    start = max(index for index, line in enumerate(lines) if line.strip() == TITLE)
    end = next(index for index in range(start, len(lines)) if lines[index].startswith("\t\t\t总计"))
    return start, end


def in_table(lines: Lines, begins: str) -> int:
    start, end = table(lines)
    return next(index for index in range(start, end + 1) if lines[index].startswith(begins))


def change_a_total(lines: Lines) -> None:
    index = in_table(lines, "\t\t\t总计")
    lines[index] = lines[index].replace("3,599.74", "3,699.74")


def drop_a_row(lines: Lines) -> None:
    del lines[in_table(lines, "208\t01\t01")]


def swap_two_columns(lines: Lines) -> None:
    start, end = table(lines)
    for index in range(start, end + 1):
        cells = lines[index].split("\t")
        if len(cells) == 7 and cells[4].replace(",", "").replace(".", "").isdigit():
            lines[index] = "\t".join([*cells[:5], cells[6], cells[5]])


def double_a_cell(lines: Lines) -> None:
    index = in_table(lines, "208\t05\t05")
    cells = lines[index].split("\t")
    lines[index] = "\t".join([*cells[:6], cells[5]])


def blank_a_unit(lines: Lines) -> None:
    start, _ = table(lines)
    index = next(index for index in range(start, start + 10) if lines[index].startswith("单位："))
    del lines[index]


def remove_a_table(lines: Lines) -> None:
    start, end = table(lines)
    del lines[start : end + 1]


MUTATIONS: dict[str, Callable[[Lines], None]] = {
    mutation.__name__: mutation
    for mutation in (
        change_a_total,
        drop_a_row,
        swap_two_columns,
        double_a_cell,
        blank_a_unit,
        remove_a_table,
    )
}


@pytest.fixture(scope="module")
def mutated(tmp_path_factory: pytest.TempPathFactory) -> Built:
    folder = tmp_path_factory.mktemp("mutated")
    for name, mutation in MUTATIONS.items():
        lines = ONE.read_text(encoding="utf-8").split("\n")
        before = list(lines)
        mutation(lines)
        assert lines != before, name
        (folder / f"{name}.txt").write_text("\n".join(lines), encoding="utf-8")
    (folder / "sound.txt").write_bytes(ONE.read_bytes())
    return run_build(folder, tmp_path_factory.mktemp("mutated") / "out")


def failures(built: Built, name: str) -> set[str]:
    """Rules that fail in a mutant and hold in the sound document."""
    sql = """
        select distinct rule_id from quality.reconciliation
        inner join raw.document using (document_id)
        where document_name = ? and quality.reconciliation.status = 'fail'
    """
    return {rule for (rule,) in built.rows(sql, f"{name}.txt")} - {
        rule for (rule,) in built.rows(sql, "sound.txt")
    }


@pytest.mark.parametrize(
    ("name", "rules"),
    [
        ("change_a_total", {"A03", "B03"}),
        ("drop_a_row", {"A02"}),
        ("swap_two_columns", {"D05"}),
        ("double_a_cell", {"B03"}),
    ],
)
def test_the_equations_that_see_it_fail(mutated: Built, name: str, rules: set[str]) -> None:
    assert rules <= failures(mutated, name)


@pytest.mark.parametrize("name", ["change_a_total", "drop_a_row", "swap_two_columns", "double_a_cell"])
def test_the_document_is_not_verified_and_the_finding_is_unreviewed(mutated: Built, name: str) -> None:
    status = "select status from marts.dim_document where document_name = ?"
    assert mutated.value(status, f"{name}.txt") != "verified"
    reviewed = """
        select distinct review.status from quality.finding
        inner join quality.finding_review as review using (finding_id)
        where document_name = ? and severity = 'error'
    """
    assert mutated.rows(reviewed, f"{name}.txt") in ([("unreviewed",)], [("extraction",)])


def test_a_changed_total_is_found_where_it_stands(mutated: Built) -> None:
    sql = "select published, expected from quality.finding where document_name = 'change_a_total.txt'"
    found = [tuple(map(float, row)) for row in mutated.rows(f"{sql} and severity = 'error'")]
    assert (36_997_400.0, 35_997_400.0) in found


def test_a_removed_table_is_missed(mutated: Built) -> None:
    missing = [
        (row["document_name"], row["table_type"]) for row in mutated.check("mandatory_tables")["examples"]
    ]
    assert missing == [("remove_a_table.txt", "gpb_expenditure")]


def test_a_blanked_unit_is_missed(mutated: Built) -> None:
    without = [
        (row["document_name"], row["table_title"]) for row in mutated.check("unit_printed")["examples"]
    ]
    assert without == [("blank_a_unit.txt", TITLE)]


def test_a_sound_document_stays_sound(mutated: Built) -> None:
    status = "select status from marts.dim_document where document_name = 'sound.txt'"
    assert mutated.value(status) == "verified"


# The same errors made behind the reader's back, in a built warehouse: the suites see those, too.
WAREHOUSE_MUTATIONS = {
    "a fact dropped": (
        "delete from marts.fct_expenditure_by_function where cell_id = (select min(cell_id) from"
        " marts.fct_expenditure_by_function where amount_yuan > 100 and scope = 'general_public')",
        "function_facts_equal_totals",
    ),
    "all facts of a scope dropped": (
        "delete from marts.fct_expenditure_by_function where scope = 'general_public'",
        "every_total_has_facts",
    ),
    "a subtotal among the facts": (
        "insert into marts.fct_expenditure_by_function by name select * replace (left(function_code, 3) as"
        " function_code) from marts.fct_expenditure_by_function where length(function_code) = 7"
        " order by all limit 1",
        "leaves_only",
    ),
    "a project dropped": (
        "delete from marts.fct_project_expenditure where amount_yuan = (select max(amount_yuan) from"
        " marts.fct_project_expenditure)",
        "other_facts_equal_totals",
    ),
    "all projects dropped": ("delete from marts.fct_project_expenditure", "other_facts_equal_totals"),
    "三公 counted twice": (
        "insert into marts.fct_three_public select * from marts.fct_three_public",
        "other_facts_equal_totals",
    ),
    "projects counted twice": (
        "insert into marts.fct_project_expenditure select * from marts.fct_project_expenditure",
        "other_facts_equal_totals",
    ),
    "two documents for one body": (
        "insert into intermediate.int_fact_cell by name select * replace (other.document_id as document_id)"
        " from intermediate.int_fact_cell cross join (select 'another' as document_id) as other;"
        " insert into marts.dim_document by name select * replace ('another' as document_id)"
        " from marts.dim_document",
        "one_document_speaks",
    ),
    "a published amount dropped": (
        "delete from marts.fct_published_amount where row_no = 3",
        "nothing_dropped",
    ),
    "a published amount doubled": (
        "insert into marts.fct_published_amount select * from marts.fct_published_amount limit 1",
        "amount_key",
    ),
    "an amount invented": (
        "insert into marts.fct_published_amount by name select * replace (9999 as row_no)"
        " from marts.fct_published_amount limit 1",
        "nothing_invented",
    ),
    "a landed cell doubled": (
        "insert into raw.cell select * from raw.cell limit 1",
        "cell_key",
    ),
    "a landed cell without its row": (
        "delete from raw.table_row where row_no = 4",
        "cell_row",
    ),
    "a landed cell removed": (
        "delete from raw.cell where (table_no, row_no, column_no) in"
        " (select (table_no, row_no, column_no) from raw.cell limit 1)",
        "conservation_tokens",
    ),
    "a landed cell once more in another row": (
        "insert into raw.cell by name select * replace (row_no + 1000 as row_no) from raw.cell limit 1",
        "conservation_tokens",
    ),
    "a landed cell removed and another one doubled": (
        "update raw.cell set value_text = '987654321.12' where (table_no, row_no, column_no) in"
        " (select (table_no, row_no, column_no) from raw.cell limit 1)",
        "conservation_tokens",
    ),
    "a document that lost its hundredth part": (
        "update quality.conservation set conserved_share = 0.989",
        "conservation_document",
    ),
    "a corpus that lost its thousandth part": (
        "update quality.conservation set missing_count = 1 + printed_count // 999",
        "conservation_corpus",
    ),
    "a token lost": (
        'update raw."table" set landed_token_count = landed_token_count - 1 where table_no = 2',
        "conservation",
    ),
    "an unconserved document taken for verified": (
        'update raw."table" set landed_token_count = landed_token_count - 1 where table_no = 2',
        "conserved_or_unverified",
    ),
    "a failure passed off as a pass": (
        "update quality.reconciliation set residual = 5000 where status = 'pass' and comparison = 'eq'",
        "verdict_follows",
    ),
    "a residual that its terms do not give": (
        "update quality.reconciliation_term set amount_yuan = amount_yuan + 1 where term_no = 1",
        "residual_recomputed",
    ),
    "a missing number that passes": (
        "delete from quality.reconciliation_term",
        "residual_recomputed",
    ),
    "a verified document that fails": (
        "update quality.reconciliation set status = 'fail', severity = 'error' where status = 'pass'",
        "verified_is_earned",
    ),
    "a failure that no finding explains": (
        "update quality.reconciliation set status = 'fail' where status = 'pass'",
        "failure_explained",
    ),
    "a listed defect that was mended": (
        "insert into quality.known_source_defect by name select document_id, 'A01' as rule_id,"
        " 'mended' as reason, true as is_in_corpus, false as is_found from raw.document",
        "known_defects_still_occur",
    ),
    "a defect that nobody has reviewed": (
        "insert into quality.finding by name select 'new' as finding_id, 'error' as severity;"
        " insert into quality.finding_review by name select 'new' as finding_id, 'unreviewed' as status",
        "source_defects_reviewed",
    ),
    "a document that is not verified": (
        "update marts.dim_document set status = 'unverified'",
        "document_verified",
    ),
    "a number that was misread": (
        "insert into quality.finding by name select 'new' as finding_id, 'error' as severity,"
        " 'extraction' as origin",
        "nothing_misread",
    ),
    "all facts by function lost on the way": (
        "delete from marts.fct_expenditure_by_function",
        "function_facts_equal_totals",
    ),
    "a unit lost": (
        "update intermediate.int_table set unit = 'unknown' where table_no = 1",
        "unit_known",
    ),
    "nothing reconciled": (
        "delete from quality.reconciliation",
        "equation_key",
    ),
}


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Built:
    folder = tmp_path_factory.mktemp("sound")
    (folder / "sound.txt").write_bytes(ONE.read_bytes())
    return run_build(folder, tmp_path_factory.mktemp("sound") / "out")


@pytest.mark.parametrize("name", WAREHOUSE_MUTATIONS)
def test_the_gate_closes(sound: Built, tmp_path: Path, name: str) -> None:
    sql, expected = WAREHOUSE_MUTATIONS[name]
    copy = tmp_path / "warehouse.duckdb"
    copy.write_bytes((sound.out / "warehouse.duckdb").read_bytes())
    with duckdb.connect(str(copy)) as connection:
        connection.execute(sql)
    suites = [
        replace(suite, checks=tuple(check for check in suite.checks if check.name == expected))
        for suite in read_suites()
    ]
    (result,) = validate(copy, tmp_path / "docs", [suite for suite in suites if suite.checks])
    assert result.status == "red"
    assert result.stops(strict=True)
