"""A slip in one code of one table is one finding, which says the code that was meant; no sum is blamed."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from extract.inputs import discover
from extract.store import land, load
from tests.models import begin, build_models, rows
from tests.unit.test_disclosure import BUDGET_TEXT, EXPENDITURE, Slip, in_table, put, put_all

pytestmark = pytest.mark.unit

GENERAL = "一般公共预算支出功能分类预算表"


def code(printed: str, instead: str, title: str = EXPENDITURE) -> Slip:
    return in_table(title, put_all(f"^{printed}\t", f"{instead}\t"))


# each document has one slip: the rule, and the code that the finding names; None where the name is the slip
CASES: dict[str, tuple[Slip, list[tuple[str, str | None]]]] = {
    "sound": (lambda text: text, []),
    "last_digit": (code("2080506", "2080508"), [("H02", "2080506")]),
    "digit_between": (code("2210201", "2219201"), [("H01", "2210201")]),
    "in_another_table": (code("2101103", "2101109", GENERAL), [("H01", "2101103")]),
    "another_class": (code("2210201", "2130201"), [("H02", "2210201")]),
    "code_of_the_neighbour": (code("2101103", "2101101"), [("H02", "2101103")]),
    "section": (code("21011", "21012"), [("H02", "21011")]),
    # two codes that changed places are one slip
    "codes_exchanged": (
        lambda text: code("0000000", "2210201")(code("2210201", "2101103")(code("2101103", "0000000")(text))),
        [("H02", "2101103")],
    ),
    "digit_too_few": (code("2101103", "210110"), [("H05", "2101103")]),
    "of_another_classification": (code("2101101", "30201", GENERAL), [("H01", "2101101")]),
    "no_code": (code("221", ""), [("H05", "221")]),
    # a line that is right, in the wrong place
    "below_another_class": (
        in_table(
            EXPENDITURE,
            put_all(r"(?s)^(21011\t.*?\n)(.*)^(2210201\t[^\n]*\n)", r"\1\3\2"),
        ),
        [("H04", "22102")],
    ),
    # the other tables and its place say that the code is right
    "another_name": (
        in_table(EXPENDITURE, put("2210201\t住房公积金", "2210201\t购房补贴")),
        [("H02", None)],
    ),
    "lines_in_another_order": (
        in_table(
            EXPENDITURE,
            put_all(r"^(2080505\t.*\n)(2080506\t.*\n)", r"\2\1"),
        ),
        [],
    ),
    "name_of_the_neighbour": (
        in_table(EXPENDITURE, put("2101103\t公务员医疗补助", "2101103\t行政单位医疗")),
        [("H02", None)],
    ),
}


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("codes")
    documents = folder / "documents"
    documents.mkdir()
    for name, (slip, _) in CASES.items():
        (documents / f"{name}.txt").write_text(slip(BUDGET_TEXT) + f"\n{name}\n", encoding="utf-8")
    corpus = discover(documents)
    folders = {source.document_id: folder / source.document_id for source in corpus.sources}
    for source in corpus.sources:
        land(source.path, folders[source.document_id])
    path = folder / "warehouse.duckdb"
    begin(path)
    with duckdb.connect(str(path)) as connection:
        load(connection, corpus, folders, [])
    build_models(path, ["+int_finding_equation", "+int_finding_disclosure", "+int_code_evidence"])
    return path


@pytest.mark.parametrize("name", CASES)
def test_a_slip_in_a_code_is_one_finding(warehouse: Path, name: str) -> None:
    found = [
        row
        for model in ("int_finding_equation", "int_finding_disclosure")
        for row in rows(
            warehouse,
            f"select rule_id, cause, message_zh from intermediate.{model}"
            " where document_name = ? and severity <> 'rounding'",
            f"{name}.txt",
        )
    ]
    expected = CASES[name][1]
    assert [rule for rule, _, _ in found] == [rule for rule, _ in expected], found
    for (_, cause, message), (_, wanted) in zip(found, expected, strict=True):
        assert cause == "other_name" if wanted is None else f" {wanted}" in message, found


def test_the_sums_of_the_code_that_was_meant_are_evidence(warehouse: Path) -> None:
    found = rows(
        warehouse,
        "select document_name, count(distinct equation_id) from intermediate.int_code_evidence"
        " inner join intermediate.int_finding_disclosure using (finding_id) group by document_name",
    )
    placed = {"sound", "below_another_class", "lines_in_another_order"}
    slips = {f"{name}.txt" for name, (_, said) in CASES.items() if name not in placed and said[0][1]}
    assert {name for name, equations in found if equations >= 2} == slips, found
