"""Bodies that publish over years, and departments with units: each break between documents is one finding."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from unittest import mock

import pytest

from extract.transform import PROJECT
from tests.integration.builds import Built, run_build
from tests.typeset.corpora import write
from tests.typeset.documents import budget, final_accounts
from tests.typeset.model import Agency, Department, Size
from tests.typeset.tables import Claim, Document, Row

pytestmark = pytest.mark.integration

SIZE = Size(
    functions=7, economics=15, projects=2, purchases=1, indicators=2,
    government_fund=False, state_capital=False, non_fiscal=False,
)  # fmt: skip
PROFILE = "two_periods"
Change = Callable[[dict[str, Document]], None]
with (PROJECT / "seeds" / "reference" / "administrative_division.csv").open(encoding="utf-8") as handle:
    # a place of the reference: the name of its region may be left out of a body's, and is known
    PLACE = next(row["region_name"] for row in csv.DictReader(handle) if row["level_name"] == "prefecture")
# which of its numbers is wrong, the document's own tables say
ANY = mock.ANY


def rows(document: Document, table_code: str) -> Iterator[tuple[tuple[str, ...], Row, int]]:
    """Header path, row and place of every number of a table."""
    for table in document.tables:
        if table.table_code == table_code:
            for lane in table.lanes:
                for row in lane.rows:
                    for place, column in enumerate(lane.value_columns):
                        if isinstance(row.values[place], Decimal):
                            yield column.path, row, place


def scale(document: Document, table_code: str, header: str, factor: str, label: str = "") -> int:
    """Multiply the numbers under a header, of one line or of all; how many they are."""
    changed = 0
    for path, row, place in list(rows(document, table_code)):
        value = row.values[place]
        if header in "/".join(path) and label in row.label and isinstance(value, Decimal) and value:
            row.values[place] = (value * Decimal(factor)).quantize(Decimal("0.01"))
            changed += 1
    return changed


def first_item(document: Document, table_code: str) -> str:
    return next(row.label for _, row, _ in rows(document, table_code) if len(row.code) == 7)


def restate_a_line(made: dict[str, Document]) -> None:
    document = made["2026_budget"]
    assert scale(document, "BT05", "上年预算数", "1.5", first_item(document, "BT05"))


def restate_a_table(made: dict[str, Document]) -> None:
    assert scale(made["2026_budget"], "BT05", "上年预算数", "0.9") >= 5


def restate_a_table_by_far(made: dict[str, Document]) -> None:
    """Amounts of several milliards are amounts like any others."""
    assert scale(made["2026_budget"], "BT05", "上年预算数", "90000") >= 5


def restate_a_line_with_its_note(made: dict[str, Document]) -> None:
    restate_a_line(made)
    for table in made["2026_budget"].tables:
        if table.table_code == "BT05":
            table.note = "注：上年预算数已按可比口径调整。"


def restate_a_line_with_a_note_elsewhere(made: dict[str, Document]) -> None:
    """A note under another table says nothing of this one."""
    restate_a_line(made)
    for table in made["2026_budget"].tables:
        if table.table_code == "BT07":
            table.note = "注：上年预算数已按可比口径调整。"


def restate_a_table_after_a_reform(made: dict[str, Document]) -> None:
    restate_a_table(made)
    said = [
        chapter
        for chapter in made["2026_budget"].chapters
        if any(
            isinstance(piece, Claim) and piece.subject.startswith("BT05|")
            for sentence in chapter.sentences
            for piece in sentence
        )
    ]
    said[0].sentences.append(["主要原因是机构改革，职能划转。"])


def restate_an_expense(made: dict[str, Document]) -> None:
    """Its change from the year before follows."""
    line = [
        (path, row, place)
        for path, row, place in rows(made["2026_budget"], "BT07")
        if "公务接待费" in row.label
    ]
    (row, prior), (_, change) = (
        next((row, place) for path, row, place in line if word in "/".join(path)) for word in ("上年", "增")
    )
    before, more = row.values[prior], row.values[change]
    assert isinstance(before, Decimal) and isinstance(more, Decimal)
    row.values[prior], row.values[change] = before * 3, more - 2 * before


def misprint_an_expense(made: dict[str, Document]) -> None:
    """The table's own arithmetic names the number that last year's document states otherwise."""
    assert scale(made["2026_budget"], "BT07", "上年", "3", "公务接待费") == 1


def open_otherwise(made: dict[str, Document]) -> None:
    """With all sums that the opening balance is in."""
    changed = 0
    for _, row, place in list(rows(made["2025_final"], "FT01")):
        value = row.values[place]
        if isinstance(value, Decimal) and any(word in row.label for word in ("年初结转", "年末结转", "总计")):
            row.values[place] = value + Decimal("1234.56")
            changed += 1
    assert changed >= 4


def misprint_the_opening(made: dict[str, Document]) -> None:
    document = made["2025_final"]
    opened = [(row, place) for _, row, place in rows(document, "FT01") if "年初结转" in row.label]
    assert opened
    for row, place in opened:
        row.values[place] = (row.values[place] or Decimal(0)) + Decimal("1234.56")  # type: ignore[operator]


def restate_the_budget(made: dict[str, Document]) -> None:
    assert scale(made["2025_final"], "FT07", "预算数", "2") >= 1


def misstate_a_budget(more: str) -> Change:
    """The text of the final accounts gives another budget, with the rate of completion that follows."""

    def change(made: dict[str, Document]) -> None:
        state_a_budget(made, Decimal(more))

    change.__name__ = f"misstate_a_budget_{more}"
    return change


def state_a_budget(made: dict[str, Document], more: Decimal) -> None:
    for chapter in made["2025_final"].chapters:
        for sentence in chapter.sentences:
            claims = {
                piece.subject: place for place, piece in enumerate(sentence) if isinstance(piece, Claim)
            }
            stated = next((subject for subject in claims if subject.endswith("|approved")), None)
            if stated is None:
                continue
            budget_place, rate_place = claims[stated], claims[stated.replace("approved", "completion")]
            planned, rate = sentence[budget_place], sentence[rate_place]
            spent = sentence[claims[stated.removesuffix("|approved")]]
            assert isinstance(planned, Claim) and isinstance(rate, Claim) and isinstance(spent, Claim)
            assert planned.value is not None and spent.value is not None
            value = planned.value + more
            sentence[budget_place] = replace(planned, text=f"{value:,.2f}")
            sentence[rate_place] = replace(rate, text=f"{100 * spent.value / value:.2f}%")
            return
    raise AssertionError("no sentence states the budget")


def count_otherwise(key: str, word: str) -> Change:
    """More vehicles, wherever the text counts them so."""

    def change(made: dict[str, Document]) -> None:
        changed = 0
        for chapter in made[key].chapters:
            for sentence in chapter.sentences:
                for place, piece in enumerate(sentence):
                    if isinstance(piece, str) and f"{word}3辆" in piece:
                        sentence[place] = piece.replace(f"{word}3辆", f"{word}9辆")
                        changed += 1
        assert changed

    change.__name__ = f"count_otherwise_{key}"
    return change


def execute_twice_with_reasons(made: dict[str, Document]) -> None:
    execute_twice(made)
    for chapter in made["2025_final"].chapters:
        for sentence in chapter.sentences:
            if any(isinstance(piece, Claim) and piece.subject.endswith("|completion") for piece in sentence):
                sentence.append("主要原因是年中追加了专项经费。")


def execute_twice(made: dict[str, Document]) -> None:
    """All of it, so that the tables agree with each other."""
    document = made["2025_final"]
    for code in {table.table_code for table in document.tables} - {"FT07"}:
        for path, row, place in list(rows(document, code)):
            value = row.values[place]
            if isinstance(value, Decimal) and "预算数" not in "/".join(path):
                row.values[place] = value * 2


def recode(made: dict[str, Document]) -> None:
    """A new code under an old name of the body's own, with another amount for the year before."""
    label, name = first_item(made["2026_budget"], "BT05"), "专门业务活动"
    for key, document in made.items():
        for table in document.tables:
            for _, row, _ in list(rows(document, table.table_code)):
                if row.label == label:
                    row.label = name
                    row.code = row.code[:5] + "77" if key == "2026_budget" else row.code
    assert scale(made["2026_budget"], "BT05", "上年预算数", "1.25", name)


def misstate_a_change(made: dict[str, Document]) -> None:
    """The text gives a change that leads to another number than last year's document has."""
    for chapter in made["2026_budget"].chapters:
        for sentence in chapter.sentences:
            for place, piece in enumerate(sentence):
                if (
                    isinstance(piece, Claim)
                    and piece.kind == "amount"
                    and piece.subject == "BT05|合计|change"
                ):
                    sentence[place] = replace(piece, text="1,234.56")
                    return
    raise AssertionError("no sentence states the change")


def change_both_totals(income: str, expenditure: str) -> Change:
    """What the text says of the change of total income and of total expenditure."""

    def change(made: dict[str, Document]) -> None:
        # the sentence on both totals together would speak of the same change
        del made["2026_budget"].chapters[0].sentences[0]
        for number, stated in ((1, income), (2, expenditure)):
            sentence = made["2026_budget"].chapters[number].sentences[0]
            assert isinstance(sentence[-1], str) and sentence[-1].startswith("万元，")
            sentence[-1] = f"万元，比上年预算增加{stated}万元，其中："

    change.__name__ = f"change_totals_{income}_{expenditure}"
    return change


def swell_a_unit(made: dict[str, Document]) -> None:
    document = made["1_unit"]
    assert scale(document, "BT06", "", "90", "办公费")


def swell_a_department(made: dict[str, Document]) -> None:
    assert scale(made["0_department"], "BT06", "", "1.5", "办公费")


def subsidise_a_unit(made: dict[str, Document]) -> None:
    """The department pays it money that is no income of the department's own."""
    item = next(row.code for _, row, _ in rows(made["1_unit"], "BT02") if len(row.code) == 7)
    paid, changed = Decimal("5000.00"), 0
    for path, row, place in list(rows(made["1_unit"], "BT02")):
        if path == ("总计",) and item.startswith(row.code):
            value = row.values[place]
            assert isinstance(value, Decimal)
            row.values[place] = value + paid
            (lane,) = next(table for table in made["1_unit"].tables if table.table_code == "BT02").lanes
            headers = ["/".join(column.path) for column in lane.value_columns]
            row.values[headers.index("单位资金/上级补助收入")] = paid
            changed += 1
    assert changed == 4


def copy_the_department(made: dict[str, Document]) -> None:
    copied = deepcopy(made["0_department"].tables)
    made["2_unit"].tables = [
        copied[number] if table.table_code == "BT05" else table
        for number, table in enumerate(made["2_unit"].tables)
    ]


def forget_a_unit(made: dict[str, Document]) -> None:
    document = made["0_department"]
    document.agency = deepcopy(document.agency)
    del document.agency.units[-1]


def come_from_elsewhere(made: dict[str, Document]) -> None:
    """Last year's document is that of a body of the same name in another place of the same name."""
    here = made["2026_budget"]
    stranger = Agency(f"{here.agency_name} elsewhere", SIZE)
    stranger.agency_name = here.agency_name
    stranger.is_department = here.is_department
    made["2025_budget"] = budget(agency=stranger, year=2025, profile=PROFILE)


def call(key: str, name: str) -> Change:
    """One of the documents calls the body otherwise."""

    def change(made: dict[str, Document]) -> None:
        agency = deepcopy(made[key].agency)
        agency.agency_name = name
        made[key] = budget(agency=agency, year=made[key].year, profile=PROFILE)

    change.__name__ = f"call_{key}"
    return change


def come_from_another(name: str) -> Change:
    """Last year's document is that of a body whose name looks like a short one of this body."""

    def change(made: dict[str, Document]) -> None:
        stranger = Agency(name, SIZE)
        stranger.agency_name = name
        stranger.is_department = made["2026_budget"].is_department
        made["2025_budget"] = budget(agency=stranger, year=2025, profile=PROFILE)

    change.__name__ = "come_from_another"
    return change


def nothing(made: dict[str, Document]) -> None:
    """Everything agrees."""


def publish_again(title: str) -> Change:
    """Last year's document was published with an error first; only its name says which of the two holds."""

    def change(made: dict[str, Document]) -> None:
        made[f"2025_budget_{title}"] = deepcopy(made["2025_budget"])
        document = made["2025_budget"]
        assert scale(document, "BT05", "", "1.5", first_item(document, "BT05"))

    change.__name__ = f"publish_again_{title}"
    return change


def publish_in_two_formats(made: dict[str, Document]) -> None:
    made |= {f"{name}_again": document for name, document in made.items()}


def travel_more(key: str, more: str) -> Change:
    """Of one document, and with the change from the year before."""

    def change(made: dict[str, Document]) -> None:
        for path, row, place in list(rows(made[key], "BT07")):
            value = row.values[place]
            if "因公出国" in row.label and "上年" not in "/".join(path) and isinstance(value, Decimal):
                row.values[place] = value + Decimal(more)

    change.__name__ = f"travel_more_{key}"
    return change


def plan_a_project_otherwise(agency: Agency, year: int) -> None:
    """All that a document says of it follows, so that the document agrees with itself."""
    body = (agency.units or [agency])[0]
    planned = next(atom for atom in body.approved(year).spendings if atom.project is not None)
    planned.amount += 3_300_000
    code = next(iter(planned.economics))
    planned.economics[code] += 3_300_000


@dataclass(frozen=True)
class Case:
    """A body of its own, what is changed in its documents, and the findings that must follow."""

    name: str
    change: Change
    findings: list[tuple[str, str, Any]]  # rule, severity, cause
    units: int = 0
    finals: tuple[int, ...] = ()
    budgets: tuple[int, ...] = (2025, 2026)
    # this document comes from figures of its own
    differs: str = ""
    profile: str = PROFILE
    style: str = "tabs"


YEARS = [
    Case("云岭县档案局", nothing, [], finals=(2024, 2025)),
    Case("云岭县教育局", nothing, [("F01", "warning", "restated")], differs="2025_budget"),
    Case("云岭县老干部局", nothing, [("F01", "warning", "restated")], differs="2025_budget", style="ruled"),
    Case("云岭县民政局", restate_a_table, [("F01", "warning", "wrong_base")]),
    Case("云岭县气象局", restate_a_table_by_far, [("F01", "warning", "base_differs")]),
    Case("云岭县水利局", restate_an_expense, [("F03", "warning", "restated")]),
    Case("云岭县审计局", open_otherwise, [("F04", "warning", "opening_differs")], finals=(2024, 2025)),
    Case("云岭县统计局", restate_the_budget, [("F04", "minor", "wrong_base")], finals=(2025,)),
    Case("云岭县体育局", execute_twice, [("F05", "warning", "execution_outlier")], finals=(2025,)),
    Case("云岭县团委", execute_twice_with_reasons, [], finals=(2025,)),
    Case(
        "云岭县妇联", misstate_a_budget("10"), [("F04", "warning", "stated_budget_differs")], finals=(2025,)
    ),
    # what the budget carried over from the year before may be left out
    Case("云岭县侨联", misstate_a_budget("-0.05"), [], finals=(2025,)),
    Case(
        "云岭县工会",
        count_otherwise("2025_final", "保有量"),
        [("F03", "minor", "vehicles_differ")],
        finals=(2024, 2025),
    ),
    Case("云岭县农业局", misstate_a_change, [("E05", "error", "wrong_change")]),
    # tables without a prior-year column: the text alone tells the base
    Case(
        "云岭县气象局",
        nothing,
        [("F01", "warning", "base_differs")],
        differs="2025_budget",
        profile="standard",
    ),
    Case(
        "云岭县林业局",
        change_both_totals("1.00", "2.00"),
        [("F02", "warning", "bases_differ")],
        budgets=(2026,),
    ),
    Case("云岭县医保局", change_both_totals("1.00", "1.00"), [], budgets=(2026,)),
    # where the document's own tables do not decide between lines, the other document does
    Case("云岭县司法局", recode, [("A02", "error", ANY)]),
    Case("云岭县物价局", restate_a_line, [("A02", "error", ANY)]),
    # one slip is one finding: what the document says itself, the other document confirms
    Case("云岭县林草局", misprint_an_expense, [("B07", "error", "wrong_part")]),
    Case("云岭县供销社", misprint_the_opening, [("C03", "error", "wrong_part")], finals=(2024, 2025)),
    # what the document says of the year before
    Case("云岭县招商局", restate_a_line_with_its_note, []),
    Case("云岭县信访局", restate_a_line_with_a_note_elsewhere, [("A02", "error", ANY)]),
    Case("云岭县旅游局", restate_a_table_after_a_reform, []),
    # a corrected version is compared and the first one is not; a document in two formats is one
    Case("云岭县粮食局", publish_again("更正版"), []),
    Case("云岭县科技局", publish_again("2"), []),
    Case("云岭县地震局", publish_in_two_formats, []),
    # the name of this body is all that says where it is, and several places have that name
    Case("普陀区教育局", come_from_elsewhere, []),
    # short names
    Case(f"{PLACE}卫生健康委员会", call("2025_budget", f"{PLACE}卫健委"), []),
    Case(f"{PLACE}发展和改革局", come_from_another(f"{PLACE}发改局"), []),
]
DEPARTMENTS = [
    Case("青禾市财政局", nothing, [], units=2),
    Case("青禾市公安局", nothing, [], units=1),
    Case("青禾市交通局", nothing, [("G01", "error", "roll_up")], units=2, differs="0_department"),
    Case("青禾市文化局", travel_more("1_unit", "1000.00"), [("G02", "warning", "above_department")], units=2),
    Case(
        "青禾市工会",
        count_otherwise("1_unit", "共有车辆"),
        [("G02", "minor", "count_above_department")],
        units=2,
    ),
    Case("青禾市林业局", nothing, [("G03", "error", "roll_up")], units=1, differs="1_unit"),
    # one slip is one finding, in the document that it is in
    Case("青禾市城管局", swell_a_department, [("A05", "error", ANY)], units=2),
    Case("青禾市园林局", swell_a_unit, [("A05", "error", ANY)], units=2),
    Case("青禾市人防办", swell_a_unit, [("A05", "error", ANY)], units=1),
    # what bodies pay each other is in the unit's sums and not in the department's
    Case("青禾市园艺所", subsidise_a_unit, [], units=2),
    Case("青禾市史志办", publish_in_two_formats, [], units=2),
    Case(
        "青禾市商务局",
        copy_the_department,
        [("G04", "warning", "department_copied")],
        units=2,
    ),
    Case(f"{PLACE}应急管理局", call("0_department", f"{PLACE}应急局"), [], units=2),
    Case("青禾市农业局", forget_a_unit, [("G05", "warning", "unlisted_unit")], units=3),
]
# a document that the folder holds as a text and as a PDF
TWICE = Case("云岭县残联", nothing, [], budgets=(2026,))


def published(case: Case) -> dict[str, Document]:
    """The documents of a case: two years of one body, or one year of a department and its units."""
    if case.units:
        department = Department(case.name, case.units, SIZE)
        for unit in department.units:
            unit.agency_name = unit.agency_name.replace(department.agency_name, case.name)
        department.agency_name = case.name
        bodies = {"0_department": department} | {
            f"{number}_unit": unit for number, unit in enumerate(department.units, start=1)
        }
        made = {
            name: budget(agency=otherwise(case, name, body), year=2026, profile=case.profile)
            for name, body in bodies.items()
        }
    else:
        agency = Agency(case.name, SIZE)
        agency.agency_name = case.name
        made = {
            f"{year}_budget": budget(
                agency=otherwise(case, f"{year}_budget", agency), year=year, profile=case.profile
            )
            for year in case.budgets
        }
        made |= {
            f"{year}_final": final_accounts(agency=agency, year=year, profile=PROFILE) for year in case.finals
        }
    made = deepcopy(made)
    case.change(made)
    return made


def otherwise(case: Case, name: str, agency: Agency) -> Agency:
    if case.differs != name:
        return agency
    other = deepcopy(agency)
    plan_a_project_otherwise(other, 2025 if name.startswith("2025") else 2026)
    return other


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    folder = tmp_path_factory.mktemp("corpus")
    for case in [*YEARS, *DEPARTMENTS]:
        for name, document in published(case).items():
            # the same document in another format has another layout
            style = "tabs_spaced_codes" if name.endswith("_again") else case.style
            write(document, style, folder, f"{case.name}_{name}")
    (document,) = published(TWICE).values()
    for style in ("tabs", "ruled"):
        write(document, style, folder, TWICE.name)
    return run_build(folder, tmp_path_factory.mktemp("corpus") / "out")


def found(built: Built, case: Case) -> list[tuple[str, str, str]]:
    return [
        (rule, severity, cause)
        for rule, severity, cause in built.rows(
            """
            select rule_id, severity, cause from quality.finding
            where
                len(list_filter(equations, evidence -> regexp_matches(evidence, '^[FG]\\d\\d[.]'))) > 0
                and document_name like ?
            order by rule_id, cause
            """,
            f"{case.name}%",
        )
    ]


@pytest.mark.parametrize(
    "case", [*YEARS, *DEPARTMENTS], ids=lambda case: f"{case.name} {case.change.__name__}"
)
def test_each_break_is_one_finding(built: Built, case: Case) -> None:
    assert found(built, case) == case.findings


@pytest.mark.parametrize(
    "rule", ["F01", "F02", "F03", "F04", "F05", "F06", "G01", "G02", "G03", "G04", "G05"]
)
def test_a_rule_holds_where_the_documents_agree(built: Built, rule: str) -> None:
    """Not silent because it never speaks: it was decided on documents that agree."""
    agreeing = {"F": "云岭县档案局%", "G": "青禾市财政局%", "F02": "云岭县医保局%", "G03": "青禾市公安局%"}
    names = agreeing.get(rule, agreeing[rule[0]])
    statuses = {
        status
        for (status,) in built.rows(
            """
            select distinct reconciliation.status from quality.reconciliation
            inner join raw.document using (document_id)
            where rule_id = ? and document_name like ?
            """,
            rule,
            names,
        )
    }
    assert "fail" not in statuses
    # an agreeing pair recodes nothing, and copies nothing
    assert rule in ("F06", "G04") or "pass" in statuses


@pytest.mark.parametrize("name", ["云岭县司法局", "云岭县物价局"])
def test_the_other_document_decides_which_line_is_wrong(built: Built, name: str) -> None:
    """By the sums of its table another line, or the line above, may be wrong as well."""
    ((is_undecided, row_code, expected, was),) = built.rows(
        """
        select findings.is_undecided, amounts.row_code, findings.expected, earlier.amount_yuan
        from quality.finding as findings
        inner join intermediate.int_published_amount as amounts using (cell_id)
        inner join intermediate.int_published_amount as earlier
            on amounts.row_label = earlier.row_label and amounts.table_type = earlier.table_type
            and earlier.document_name = ? and earlier.period = 'current' and earlier.component = 'total'
        where findings.document_name = ? and findings.rule_id = 'A02'
        """,
        f"{name}_2025_budget.txt",
        f"{name}_2026_budget.txt",
    )
    assert not is_undecided
    assert len(row_code) == 7
    assert expected == was


@pytest.mark.parametrize(
    ("name", "rule"),
    [("云岭县林草局", "F03"), ("云岭县供销社", "F04"), ("云岭县司法局", "F06"), ("云岭县物价局", "F01")],
)
def test_a_slip_that_a_table_names_is_confirmed_by_the_other_document(
    built: Built, name: str, rule: str
) -> None:
    """The broken equation is evidence of the finding that the table gave."""
    found_by = {
        by
        for (by,) in built.rows(
            """
            select findings.rule_id from quality.reconciliation
            inner join raw.document using (document_id)
            inner join quality.finding as findings
                on list_contains(findings.equations, reconciliation.equation_id)
                and findings.equation_count = len(findings.equations)
            where
                reconciliation.rule_id = ?
                and reconciliation.status = 'fail'
                and raw.document.document_name like ?
            """,
            rule,
            f"{name}%",
        )
    }
    assert found_by and all(by[0] in "ABCD" for by in found_by)


@pytest.mark.parametrize(
    ("name", "status", "words"),
    [("云岭县招商局", "not_applicable", "可比口径"), ("云岭县旅游局", "insufficient_data", "机构改革")],
)
def test_a_note_on_the_year_before_is_quoted(built: Built, name: str, status: str, words: str) -> None:
    reasons = built.rows(
        """
        select reconciliation.reason from quality.reconciliation
        inner join raw.document using (document_id)
        where rule_id = 'F01' and residual <> 0 and reconciliation.status = ? and document_name like ?
        """,
        status,
        f"{name}%",
    )
    assert reasons and all(words in reason for (reason,) in reasons)


def test_a_break_between_documents_names_the_other_one(built: Built) -> None:
    told = built.rows(
        """
        select cause, document_name, message_zh, message_en from quality.finding
        where regexp_matches(rule_id, '^[FG]') and cause <> 'bases_differ'
        """
    )
    causes = {"roll_up", "above_department", "execution_outlier", "restated", "unlisted_unit"}
    assert causes <= {cause for cause, *_ in told}
    for _, name, *messages in told:
        body = name[: name.index("_")]
        assert all(f"“{body}_" in message and f"“{name}" not in message for message in messages), messages


def test_the_page_of_the_other_number_is_named(built: Built) -> None:
    ((zh, en),) = built.rows(
        "select message_zh, message_en from quality.finding where document_name = ? and rule_id = 'F01'",
        "云岭县老干部局_2026_budget.pdf",
    )
    assert re.search("“云岭县老干部局_2025_budget.pdf”第[1-9]+页", zh)
    assert re.search(r"“云岭县老干部局_2025_budget.pdf” \(p. [1-9]+\)", en)


def test_what_the_text_states_is_shown_in_its_sentence(built: Built) -> None:
    places = built.rows(
        """
        select distinct
            cause, sentence_no is not null and length(quote) > 0, table_title is null and cell_id is null
        from quality.finding where cause in ('base_differs', 'bases_differ', 'stated_budget_differs')
        order by all
        """
    )
    assert places == [
        (cause, True, True) for cause in ("base_differs", "bases_differ", "stated_budget_differs")
    ]


def test_errors_between_documents_leave_their_numbers_in_the_facts(built: Built) -> None:
    statuses = {
        name: status
        for name, status in built.rows("select document_name, status from marts.dim_document")
        if name.startswith("青禾市农业局")
    }
    assert set(statuses.values()) == {"verified"}


def test_bodies_that_share_a_name_are_not_held_against_each_other(built: Built) -> None:
    verdicts = built.rows(
        """
        select distinct reconciliation.status, reconciliation.reason from quality.reconciliation
        inner join raw.document using (document_id)
        where rule_id = 'F01' and document_name = '普陀区教育局_2026_budget.txt'
            and reconciliation.residual <> 0
        """
    )
    assert verdicts == [
        (
            "insufficient_data",
            "most of the numbers differ, and places of this name are several: it may be another body",
        )
    ]


@pytest.mark.parametrize(
    ("name", "rule"),
    [(f"{PLACE}卫生健康委员会_2026_budget.txt", "F01"), (f"{PLACE}应急管理局_0_department.txt", "G01")],
)
def test_a_body_is_known_by_its_short_name(built: Built, name: str, rule: str) -> None:
    statuses = built.rows(
        """
        select distinct reconciliation.status from quality.reconciliation
        inner join raw.document using (document_id) where rule_id = ? and document_name = ?
        """,
        rule,
        name,
    )
    assert statuses == [("pass",)]
    assert built.rows(
        "select count(distinct agency_id) from marts.dim_document where document_name like ?",
        f"{PLACE}卫生健康委员会%",
    ) == [(1,)]


def test_where_most_differs_a_short_name_may_be_anothers(built: Built) -> None:
    verdicts = built.rows(
        """
        select distinct reconciliation.status, reconciliation.reason from quality.reconciliation
        inner join raw.document using (document_id)
        where rule_id = 'F01' and document_name = ? and reconciliation.residual <> 0
        """,
        f"{PLACE}发展和改革局_2026_budget.txt",
    )
    assert verdicts == [
        (
            "insufficient_data",
            "most of the numbers differ, and the bodies are called differently: it may be another body",
        )
    ]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (
            "云岭县粮食局_2025_budget.txt",
            "the corrected version “云岭县粮食局_2025_budget_更正版.txt” is compared",
        ),
        ("云岭县科技局_2026_budget.txt", "the corpus holds 2 documents that may be the 2025 budget of"),
    ],
)
def test_which_version_is_compared_is_said(built: Built, name: str, words: str) -> None:
    verdicts = built.rows(
        """
        select distinct reconciliation.reason from quality.reconciliation
        inner join raw.document using (document_id)
        where rule_id = 'F01' and document_name = ?
        """,
        name,
    )
    assert len(verdicts) == 1 and words in verdicts[0][0]


def test_one_of_two_formats_is_compared_in_the_others_place(built: Built) -> None:
    verdicts = built.rows(
        """
        select
            document_name,
            bool_or(reconciliation.status = 'pass'),
            bool_or(reconciliation.reason like 'prints the same%')
        from quality.reconciliation
        inner join raw.document using (document_id)
        where rule_id in ('F01', 'G01') and (document_name like ? or document_name like ?)
        group by document_name
        """,
        "云岭县地震局_2026%",
        "青禾市史志办_0%",
    )
    assert len(verdicts) == 4
    assert all(is_compared != is_other for _, is_compared, is_other in verdicts)
    assert sum(is_compared for _, is_compared, _ in verdicts) == 2


def test_what_is_missing_is_named(built: Built) -> None:
    reasons = built.rows(
        """
        select reconciliation.reason from quality.reconciliation
        inner join raw.document using (document_id)
        where rule_id = 'F01' and document_name = '云岭县档案局_2025_budget.txt'
        """
    )
    assert [reason for (reason,) in reasons] == [
        "needs the 2024 budget of 云岭县档案局, which the corpus does not hold"
    ]


def test_one_of_two_versions_speaks_in_the_facts(built: Built) -> None:
    """Both are read and verified; the one with pages gives the facts, and the other names it."""
    versions = built.rows(
        """
        select documents.document_name, documents.status, others.document_name
        from marts.dim_document as documents
        left join marts.dim_document as others on others.document_id = documents.superseded_by_document_id
        where documents.document_name like ? order by all
        """,
        f"{TWICE.name}%",
    )
    pdf, text = f"{TWICE.name}.pdf", f"{TWICE.name}.txt"
    assert versions == [(pdf, "verified", None), (text, "verified", pdf)]
    for fact in ("expenditure_by_function", "revenue", "three_public", "carryover"):
        names = built.rows(
            f"""
            select distinct document_name from marts.fct_{fact}
            inner join marts.dim_document using (document_id) where document_name like ?
            """,
            f"{TWICE.name}%",
        )
        assert names == [(pdf,)], fact


def test_sums_over_bodies_leave_out_the_units_of_a_department(built: Built) -> None:
    counted = built.rows(
        """
        select document_name, department_document_id is null from marts.dim_document
        where document_name like '青禾市财政局%' order by all
        """
    )
    assert counted == [
        ("青禾市财政局_0_department.txt", True),
        ("青禾市财政局_1_unit.txt", False),
        ("青禾市财政局_2_unit.txt", False),
    ]
    assert built.rows(
        """
        select count(*) from marts.dim_document
        where superseded_by_document_id is not null and document_name like '青禾市%局%'
        """
    ) == [(0,)]


def test_the_budget_of_a_year_speaks_before_the_budget_column_of_its_final_accounts(built: Built) -> None:
    told = built.rows(
        """
        select distinct fiscal_year, phase, document_name from marts.fct_three_public as facts
        inner join marts.dim_document as documents using (document_id, fiscal_year)
        where document_name like '云岭县档案局%' order by all
        """
    )
    assert told == [
        (2024, "approved", "云岭县档案局_2024_final.txt"),
        (2024, "executed", "云岭县档案局_2024_final.txt"),
        (2025, "approved", "云岭县档案局_2025_budget.txt"),
        (2025, "executed", "云岭县档案局_2025_final.txt"),
        (2026, "approved", "云岭县档案局_2026_budget.txt"),
    ]
