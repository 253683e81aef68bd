"""Sound texts with one mistake each: every mistake is one finding with its true value; what only looks wrong is none."""  # noqa: E501

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from extract.model import Line
from extract.narrative import read_narrative
from tests.models import begin, build_models, rows

pytestmark = pytest.mark.unit

BUDGET = """2026年度部门预算情况说明
一、收支预算总体情况说明
和山县某某局2026年度收入、支出预算总计1,000.00万元，与上年相比收支预算总计增加200.00万元，增长25.00%。
二、收入预算情况说明
和山县某某局2026年收入预算合计1,000.00万元，其中：一般公共预算收入900.00万元，占收入总计90.00%；其他收入100.00万元，占收入总计10.00%。
三、支出预算情况说明
和山县某某局2026年支出预算合计1,000.00万元，其中：基本支出600.00万元，占60.00%，比上年预算增加100.00万元，增长20.00%；项目支出400.00万元，占40.00%，比上年预算增加100.00万元，增长33.33%。
四、一般公共预算支出预算情况说明
2026年一般公共预算财政拨款支出预算900.00万元，与上年相比增加100.00万元，增长12.50%。
1.社会保障和就业支出（类）行政事业单位养老支出（款）机关事业单位基本养老保险缴费支出（项）支出300.00万元，与上年相比减少100.00万元，下降25.00%。
2.住房保障支出（类）住房改革支出（款）住房公积金（项）支出600.00万元，与上年相比增加200.00万元，增长50.00%。
五、一般公共预算基本支出预算情况说明
2026年一般公共预算基本支出600.00万元，其中：人员经费500.00万元，公用经费100.00万元。
六、一般公共预算“三公”经费预算情况说明
2026年“三公”经费预算10.00万元，其中：因公出国（境）费0.00万元，公务用车购置及运行维护费7.00万元，公务接待费3.00万元。
七、其他重要事项的情况说明
（一）机关运行经费
2026年机关运行经费财政拨款预算80.00万元，比上年预算增加20.00万元，增长33.33%。
（二）政府采购情况
2026年政府采购预算50.00万元，其中：政府采购货物预算20.00万元，政府采购工程预算0.00万元，政府采购服务预算30.00万元。
（三）国有资产占有使用情况
共有车辆6辆，其中，机要通信用车1辆、应急保障用车2辆、执法执勤用车2辆、其他用车1辆。
"""
FINAL = """2024年度部门决算情况说明
一、收入支出决算总体情况说明
某某局2024年度收入支出总计1,000.00万元。与2023年度相比，收入支出总计减少250.00万元，下降20.00%。
五、一般公共预算财政拨款支出决算情况说明
（一）一般公共预算财政拨款支出决算具体情况
一般公共预算财政拨款支出年初预算为800.00万元，支出决算为900.00万元，完成年初预算的112.50%。
六、一般公共预算财政拨款基本支出决算情况说明
一般公共预算财政拨款基本支出500.00万元，其中：人员经费主要包括：住房公积金60.00万元；公用经费主要包括：办公费20.00万元。
七、财政拨款“三公”经费支出决算情况说明
公务接待费支出决算为4.00万元，与2023年度决算数5.00万元相比减少1.00万元，下降20.00%。
八、政府性基金预算财政拨款收入支出决算情况说明
政府性基金预算财政拨款年初结转和结余3.00万元，本年收入50.00万元，本年支出45.00万元，年末结转和结余8.00万元。
"""
# table type, row kind, code, line item, side, component, yuan, placement
CELLS: dict[str, list[tuple[str, str, str | None, str | None, str, str, int]]] = {
    "budget": [
        ("budget_balance", "total", None, "total_income", "income", "total", 10_000_000),
        ("budget_balance", "total", None, "total_expenditure", "expenditure", "total", 10_000_000),
        ("budget_balance", "line", None, "income_general_public", "income", "total", 9_000_000),
        ("budget_balance", "line", None, "other_income", "income", "total", 1_000_000),
        ("budget_expenditure", "total", None, "total_expenditure", "expenditure", "total", 10_000_000),
        ("budget_expenditure", "total", None, "total_expenditure", "expenditure", "basic", 6_000_000),
        ("budget_expenditure", "total", None, "total_expenditure", "expenditure", "project", 4_000_000),
        ("gpb_expenditure", "total", None, "total_expenditure", "expenditure", "total", 9_000_000),
        ("gpb_expenditure", "child", "2080505", None, "expenditure", "total", 3_000_000),
        ("gpb_expenditure", "child", "2210201", None, "expenditure", "total", 6_000_000),
        ("gpb_basic_econ", "total", None, "total_expenditure", "expenditure", "total", 6_000_000),
        ("gpb_basic_econ", "total", None, "total_expenditure", "expenditure", "basic_personnel", 5_000_000),
        ("gpb_basic_econ", "total", None, "total_expenditure", "expenditure", "basic_public", 1_000_000),
        ("three_public", "total", None, None, "expenditure", "total", 100_000),
        ("three_public", "total", None, None, "expenditure", "abroad", 0),
        ("three_public", "total", None, None, "expenditure", "vehicle_total", 70_000),
        ("three_public", "total", None, None, "expenditure", "reception", 30_000),
        ("procurement", "total", None, "total", "", "total", 500_000),
        # one line, by kind of money
        ("three_public", "total", None, None, "expenditure", "travel", 40_000),
        ("three_public", "total", None, None, "expenditure", "travel", 0),
        ("gov_fund", "total", None, "total_expenditure", "expenditure", "total", 500_000),
        ("budget_balance", "line", None, "current_income_total", "income", "total", 10_000_000),
    ],
    "final": [
        ("final_balance", "total", None, "total_income", "income", "total", 10_000_000),
        ("gpb_final_expenditure", "total", None, "total_expenditure", "expenditure", "total", 9_000_000),
        ("gpb_final_expenditure", "child", "2210201", None, "expenditure", "total", 600_000),
        ("gpb_final_basic", "child", "30113", None, "expenditure", "basic_personnel", 600_000),
        ("gpb_final_basic", "child", "30201", None, "expenditure", "basic_public", 200_000),
        ("three_public_final", "total", None, None, "expenditure", "reception", 40_000),
        ("gov_fund_final", "total", None, None, "expenditure", "opening_balance", 30_000),
        ("gov_fund_final", "total", None, None, "expenditure", "current_income", 500_000),
        ("gov_fund_final", "total", None, None, "expenditure", "current_expenditure", 450_000),
        ("gov_fund_final", "total", None, None, "expenditure", "closing_balance", 80_000),
        ("fiscal_final_balance", "", None, "current_expenditure_total", "expenditure", "total", 9_500_000),
    ],
}
# what a cell's line prints of the year before: the place of the cell, and yuan
PRIORS = {"budget": {17: 50_000, 16: 70_000}, "final": {}}
# and what it prints of its budget
BUDGETS = {"budget": {}, "final": {6: 50_000}}
# cells of one line for several funds: their place, the line's first cell and the fund
FUNDS = {"budget": {19: (19, "general_public"), 20: (19, "government_fund")}, "final": {}}
LABELS = {
    "2080505": "机关事业单位基本养老保险缴费支出",
    "2210201": "住房公积金",
    "30113": "住房公积金",
    "30201": "办公费",
}


@dataclass(frozen=True)
class Case:
    """What is changed in a sound text, and the findings that follow: rule, cause, published, expected."""

    kind: str = "budget"
    changes: tuple[tuple[str, str], ...] = ()
    found: tuple[tuple[str, str, str, str | None], ...] = ()
    severity: str = "error"
    placement: str = "printed"
    doubted: bool = False
    # what the first cell would have to be, where the tables name it as one of several that could be wrong
    candidate: str | None = None
    # the case that is last year's document
    earlier: str | None = None
    # what last year's document prints of 公务接待费
    before: int | None = None

    @property
    def text(self) -> str:
        text = BUDGET if self.kind == "budget" else FINAL
        for old, new in self.changes:
            assert text.count(old) >= 1, old
            text = text.replace(old, new, 1)
        return text


def changed(old: str, new: str, *found: tuple[str, str, str, str | None], **more: Any) -> Case:
    return Case(changes=((old, new),), found=found, **more)


def said(
    words: str,
    *found: tuple[str, str, str, str | None],
    budget: str = "800.00",
    rate: str = "112.50",
    severity: str = "error",
    is_for: bool = False,
) -> Case:
    """A final account of 900.00 against its budget, and the sentence that compares them."""
    old = "年初预算为800.00万元，支出决算为900.00万元，完成年初预算的112.50%。"
    of = "为" if is_for else "完成"
    new = f"年初预算为{budget}万元，支出决算为900.00万元，{of}年初预算的{rate}%。{words}"
    return Case("final", ((old, new),), found, severity)


def heading(words: str, *found: tuple[str, str, str, str | None]) -> Case:
    """What is said behind the path of an item that stands in a line of its own; its table prints 60.00."""
    old = "完成年初预算的112.50%。"
    path = "1.住房保障支出（类）住房改革支出（款）住房公积金（项）"
    return Case("final", ((old, f"{old}\n{path}{words}"),), found)


def prior(words: str, *found: tuple[str, str, str, str | None], severity: str = "error") -> Case:
    """What is said behind 公务接待费 3.00 万元, which the table prints as 5.00 万元 for the year before."""
    return changed("，公务接待费3.00万元", f"。公务接待费3.00万元{words}", *found, severity=severity)


def running(words: str, *found: tuple[str, str, str, str | None]) -> Case:
    """What is said behind 机关运行经费 80.00 万元, which no table prints."""
    return changed("，比上年预算增加20.00万元，增长33.33%", words, *found)


def spent_on(words: str, *found: tuple[str, str, str, str | None], severity: str = "error") -> Case:
    """What is said behind 公务接待费 4.00 万元, of which the table prints a budget of 5.00 万元."""
    old = "，与2023年度决算数5.00万元相比减少1.00万元，下降20.00%"
    return Case("final", ((old, words),), found, severity)


def told_before(words: str, *found: tuple[str, str, str, str | None], share: str = "") -> Case:
    """A chapter on all fiscal money before that on the general public budget, which may be a share of all."""
    old = "五、一般公共预算财政拨款支出决算情况说明\n"
    told = "三、支出决算情况说明\n本年支出合计1,200.00万元。\n四、财政拨款收入支出决算情况说明\n"
    told += f"{words}\n{old}"
    if share:
        told += f"一般公共预算财政拨款支出900.00万元，占本年支出的{share}%。\n"
    return Case("final", ((old, told),), found)


def dated(
    words: str, year: int, *found: tuple[str, str, str, str | None], old: str = "", new: str = ""
) -> Case:
    """A sentence that names another year than the document's, and what else is changed in it."""
    is_final = "2024" in words
    slip = (words, words.replace("2024" if is_final else "2026", str(year)))
    return Case("final" if is_final else "budget", (slip, *([(old, new)] if old else [])), found)


def vehicles(words: str, *found: tuple[str, str, str, str | None]) -> Case:
    """How many vehicles there are, and of which kinds."""
    old = "共有车辆6辆，其中，机要通信用车1辆、应急保障用车2辆、执法执勤用车2辆、其他用车1辆。"
    return changed(old, words, *found)


def listed(words: str, *found: tuple[str, str, str, str | None]) -> Case:
    """What is said of the expenditure and of what it is made of."""
    return changed("增长25.00%。", f"增长25.00%。支出预算{words}。", *found, severity="warning")


def items(*budgets_and_found: Any, spent: str = "400.00", severity: str = "error") -> Case:
    """A final account of 900.00 against its budget, told item by item under names that no table has."""
    budgets = [word for word in budgets_and_found if isinstance(word, str)]
    found = tuple(finding for finding in budgets_and_found if not isinstance(finding, str))
    old = "完成年初预算的112.50%。\n"
    lines = [
        f"{number}.甲类（类）乙款（款）第{number}事项（项）。年初预算为{budget}万元，支出决算为{executed}万元。\n"
        for number, (budget, executed) in enumerate(
            zip(budgets, ("200.00", "300.00", spent), strict=True), start=1
        )
    ]
    return Case("final", ((old, old + "".join(lines)),), found, severity)


CASES: dict[str, Case] = {
    # consistent: operating expenses below 公用经费, a body whose name begins with a word of comparison
    "sound": Case(),
    "sound_final": Case("final"),
    "E01": changed("支出预算总计1,000.00万元", "支出预算总计1,008.00万元",
                   ("E01", "digit_error", "10080000.00", "10000000.00")),
    "E01_three_public": changed("公务接待费3.00万元", "公务接待费3.40万元",
                                ("E01", "digit_error", "34000.00", "30000.00")),
    "E01_page_reading": changed("支出预算总计1,000.00万元", "支出预算总计1,008.00万元",
                                ("E01", "digit_error", "10080000.00", "10000000.00"), placement="inferred"),
    # the table itself is blamed: the text is not accused a second time
    "blamed_cell": changed("支出预算总计1,000.00万元，与上年相比收支预算总计增加200.00万元，增长25.00%", "支出预算总计1,008.00万元", doubted=True),  # noqa: E501
    # one of several that could be: the text says so, too, or it says something else altogether
    "candidate_cell": changed("支出预算总计1,000.00万元，与上年相比收支预算总计增加200.00万元，增长25.00%", "支出预算总计1,008.00万元", candidate="10080000"),  # noqa: E501
    "other_candidate": changed("支出预算总计1,000.00万元", "支出预算总计1,008.00万元",
                               ("E01", "digit_error", "10080000.00", "10000000.00"), candidate="10050000"),
    "doubtful_place": changed("支出预算总计1,000.00万元，与上年相比收支预算总计增加200.00万元，增长25.00%", "支出预算总计1,008.00万元", placement="ambiguous"),  # noqa: E501
    "E01_body": changed("增长25.00%。", "增长25.00%。2026年某某局部门预算收入1,008.00万元。",
                        ("E01", "digit_error", "10080000.00", "10000000.00")),
    "E01_gpb": changed("增长25.00%。", "增长25.00%。其中一般公共预算拨款支出908.00万元。",
                       ("E01", "digit_error", "9080000.00", "9000000.00")),
    "E01_note": changed("（二）政府采购情况", "八、预算编制说明\n2026年政府性基金拨款支出预算53.00万元。\n（二）政府采购情况",  # noqa: E501
                        ("E01", "digit_error", "530000.00", "500000.00")),
    # of the kinds of money in one line, only one is not zero
    "E01_split_line": changed("，公务接待费3.00万元", "，公务接待费3.00万元。差旅费4.60万元",
                              ("E01", "digit_error", "46000.00", "40000.00")),
    "E01_split_true": changed("，公务接待费3.00万元", "，公务接待费3.00万元。差旅费4.00万元"),
    "E02": changed("人员经费500.00万元", "人员经费500.00元",
                   ("E02", "unit_error", "500.00", "5000000.00")),
    # of several numbers of one table, all in the unit that the text uses elsewhere: the table is in the other
    "E01_unit_of_table": Case(
        changes=(
            ("经费预算10.00万元", "经费预算0.0010万元"),
            ("运行维护费7.00万元", "运行维护费0.0007万元"),
            ("公务接待费3.00万元", "公务接待费0.0003万元"),
        ),
        found=(("E01", "unit_error", "100000.00", "10.00"),),
    ),
    "E03": changed("住房公积金（项）支出600.00万元", "住房公积金（项）支出650.00万元",
                   ("E03", "digit_error", "6500000.00", "6000000.00")),
    # an item is named in the line before its amounts
    "E03_heading": heading("。\n用于住房支出。年初预算为50.00万元，支出决算为66.00万元。",
                           ("E03", "digit_error", "660000.00", "600000.00")),
    "E03_headed": heading("。\n用于住房支出。年初预算为50.00万元，支出决算为60.00万元。"),
    "E03_next_heading": heading("。\n用于住房支出。\n2.其他事项。年初预算为50万元，支出决算为66.00万元。"),
    # or in their own sentence, whatever item was told before
    "E03_own_heading": heading("，用于住房支出，年初预算为50.00万元，支出决算为66.00万元。",
                               ("E03", "digit_error", "660000.00", "600000.00")),
    "E03_own_next": heading("。用于住房支出。\n2.其他支出（类）其他（款）其他事项（项），用于杂项，年初预算为50万元，支出决算为66.00万元。"),  # noqa: E501
    "E03_part_headed": heading("。\n用于住房支出。年初预算为50万元，其中20万元补缴，支出决算为66.00万元。"),
    # last year's document says the same
    "E03_stale": changed("住房公积金（项）支出600.00万元", "住房公积金（项）支出650.00万元",
                         ("E03", "stale_copy", "6500000.00", "6000000.00"), earlier="E03"),
    "E03_not_stale": changed("住房公积金（项）支出600.00万元", "住房公积金（项）支出650.00万元",
                             ("E03", "digit_error", "6500000.00", "6000000.00"), earlier="sound"),
    # a line of a table that has no column for all kinds of money
    "E03_basic": Case("final", (("办公费20.00万元", "办公费22.00万元"),),
                      (("E03", "digit_error", "220000.00", "200000.00"),)),
    "E01_fund": Case("final", (("本年支出45.00万元", "本年支出54.00万元"),),
                     (("E01", "digit_error", "540000.00", "450000.00"),)),
    "E03_truncated": changed("住房公积金（项）支出600.00万元", "住房公积金（项）支出599.98万元",
                             ("E03", "truncated", "5999800.00", "6000000.00"), severity="minor"),
    # one line told by its parts, and a name without its code
    "parts": changed("住房公积金（项）支出600.00万元，与上年相比增加200.00万元，增长50.00%。",
                     "住房公积金（项）支出250.00万元。\n3.住房保障支出（类）住房改革支出（款）住房公积金（项）支出350.00万元。"),
    "unknown_name": changed("住房公积金（项）支出600.00万元，与上年相比增加200.00万元，增长50.00%",
                            "住房公积（项）支出601.00万元"),
    "E05_wrong_base": changed("增长25.00%", "增长20.00%", ("E05", "wrong_base", "20.00", "25.00")),
    "E05_difference": Case("final", (("减少1.00万元", "减少3.00万元"),),
                           (("E05", "wrong_difference", "30000.00", "10000.00"),)),
    # what it changed to is no difference
    "E05_changed_to": Case("final", (("与2023年度决算数5.00万元相比减少1.00万元，下降20.00%",
                                      "由2023年度决算数5.00万元减少为4.00万元，下降20.00%"),)),
    "E05_last_digit": changed("增长25.00%", "增长25.01%", ("E05", "truncated", "25.01", "25.00"), severity="minor"),  # noqa: E501
    "E05_within_rounding": changed("增长25.00%", "增长25.0%"),
    "E05_missing_word": changed("比上年预算增加20.00万元，增长33.33%", "比上年20.00万元，增加33.33%"),
    # a whole and its list, then a change: of which of them, nobody knows
    "E05_list": changed("“三公”经费预算10.00万元，其中：因公出国（境）费0.00万元，公务用车购置及运行维护费7.00万元，公务接待费3.00万元",  # noqa: E501
                        "“三公”经费预算10.00万元，其中：因公出国（境）费0.00万元、公务用车购置及运行维护费7.00万元、公务接待费3.00万元，较上年增加5.00万元，增长100.00%"),
    # the base is named with its thing, and stands right before the change
    "E05_thing_base": Case("final", (("与2023年度相比，收入支出总计减少250.00万元",
                                           "比2023年度收入、支出总计1,250.00万元减少250.00万元"),)),
    "E05_thing_wrong": Case("final", (("与2023年度相比，收入支出总计减少250.00万元，下降20.00%",
                                                 "比2023年度收入、支出总计1,250.00万元减少250.00万元，下降25.00%"),),
                                      (("E05", "wrong_base", "25.00", "20.00"),)),
    "E06": changed("占收入总计90.00%", "占收入总计80.00%", ("E06", "wrong_ratio", "80.00", "90.00")),
    "E06_beside": changed("其他收入100.00万元，占收入总计10.00%", "其他收入100.00万元，占收入总计1,000.00万元的15.00%",  # noqa: E501
                          ("E06", "wrong_ratio", "15.00", "10.00")),
    "E06_beside_base": changed("其他收入100.00万元，占收入总计10.00%", "其他收入100.00万元，占收入总计1,080.00万元的10.00%",  # noqa: E501
                               ("E01", "digit_error", "10800000.00", "10000000.00")),
    "E06_beside_true": changed("其他收入100.00万元，占收入总计10.00%", "其他收入100.00万元，占收入总计1,000.00万元的10.00%"),  # noqa: E501
    "E06_forced": changed("占收入总计10.00%", "占收入总计10.01%", ("E06", "truncated", "10.01", "10.00"),
                          severity="minor"),
    "E07": changed("财政拨款预算80.00万元，比上年预算增加20.00万元，增长33.33%",
                   "财政拨款预算80.00万元，比上年预算增加80.00万元，增长100.00%",
                   ("E07", "zero_base", "100.00", None), severity="minor"),
    "E08": Case("final", (("完成年初预算的112.50%", "完成年初预算的100.00%"),),
                (("E08", "wrong_ratio", "100.00", "112.50"),)),
    # as much of a budget that is told right there
    "E08_beside": spent_on("，完成全年预算5.00万元的90.00%", ("E08", "wrong_ratio", "90.00", "80.00")),
    "E08_beside_true": spent_on("，完成全年预算5.00万元的80.00%"),
    "E08_for": said("", ("E08", "wrong_ratio", "100.00", "112.50"), is_for=True, rate="100.00"),
    "E08_for_true": said("", is_for=True),
    # from the year before, not from the budget that was completed
    "E05_on_year": said("", rate="112.50%，同比增长5.00"),
    "E08_of_nothing": Case("final", (("年初预算为800.00万元", "年初预算为0.00万元，全年预算为960.00万元"),),
                           (("E08", "wrong_base", "112.50", None),)),
    "E08_adjusted": Case("final", (("年初预算为800.00万元，支出", "全年预算为1,000.00万元，支出"),
                                   ("完成年初预算的112.50%", "完成全年预算的90.00%"))),
    # an amount is not its own budget
    "E08_one_amount": changed("增加20.00万元，增长33.33%", "增加20.00万元；教育收入完成50.00万元，完成年度预算的96.6%"),  # noqa: E501
    "E09": changed("增长12.50%", "下降12.50%", ("E09", "wrong_direction", "12.50", None)),
    # the year before is printed beside the amount: 公务接待费 3.00 万元, 上年 5.00 万元
    "E05_prior": prior("，比上年减少2.00万元"),
    "E05_prior_wrong": prior("，比上年减少1.00万元", ("E05", "wrong_change", "10000.00", "20000.00"),
                             severity="warning"),
    # last year's document says what the text does: the column of the table is wrong, another rule's matter
    "E05_prior_of_before": replace(prior("，比上年减少1.00万元"), before=40_000),
    "E05_prior_not_before": replace(prior("，比上年减少1.00万元", ("E05", "wrong_change", "10000.00", "20000.00"),  # noqa: E501
                                          severity="warning"), before=60_000),
    "E05_other_base": prior("，比上年预算执行数减少1.00万元"),
    "E05_other_year": prior("，比2024年减少1.00万元"),
    "E09_prior": prior("，比上年增加2.00万元", ("E09", "wrong_direction", "20000.00", None)),
    "E09_prior_flat": prior("，与上年持平", ("E09", "wrong_direction", "30000.00", None), severity="warning"),
    "E09_prior_flat_executed": prior("，与上年预算执行数持平"),
    "E09_prior_flat_true": changed("公务用车购置及运行维护费7.00万元", "公务用车购置及运行维护费7.00万元，与2025年预算持平"),  # noqa: E501
    # the year before is told in the sentence itself
    "E09_flat": changed("（二）政府采购情况", "2025年某项目预算安排20.00万元，2026年预算安排30.00万元，与2025年预算持平。\n（二）政府采购情况",  # noqa: E501
                        ("E09", "wrong_direction", "300000.00", None), severity="warning"),
    "E09_flat_true": changed("（二）政府采购情况", "2025年某项目预算安排30.00万元，2026年预算安排30.30万元，与2025年预算基本持平。\n（二）政府采购情况"),  # noqa: E501
    # the reason is one of the other direction
    "E09_reason": prior("，比上年减少2.00万元，增加的主要原因是接待任务较多",
                        ("E09", "wrong_direction", "20000.00", None), severity="warning"),
    "E09_reason_true": prior("，比上年减少2.00万元，减少的原因是厉行节约"),
    "E09_reason_of_part": prior("，比上年减少2.00万元，其中人员经费增加的主要原因是调资"),
    # more was added than there is
    "E09_grows": changed("，公务接待费3.00万元", "。公务接待费3.00万元。公务用车购置费0.00万元，比上年预算增加24.00万元",  # noqa: E501
                            ("E09", "wrong_direction", "0.00", None), severity="warning"),
    "E09_grows_true": changed("，公务接待费3.00万元", "。公务接待费3.00万元。公务用车购置费24.00万元，比上年预算增加24.00万元"),  # noqa: E501
    "E09_grows_falls": changed("，公务接待费3.00万元", "。公务接待费3.00万元。公务用车购置费0.00万元，比上年预算增加24.00万元，下降100.00%",  # noqa: E501
                               ("E09", "wrong_direction", "0.00", None), severity="warning"),
    "E09_falls": changed("，公务接待费3.00万元", "。公务接待费3.00万元。公务用车购置费0.00万元，比上年预算减少24.00万元"),  # noqa: E501
    "E09_grows_other": changed("，公务接待费3.00万元", "。公务接待费3.00万元。其他租车费用较上年增加24.00万元"),  # noqa: E501
    # a sentence of its own says what the two amounts before it do
    "E09_apart": said("决算数小于预算数的主要原因：人员调出。",
                      ("E09", "wrong_direction", "9000000.00", None)),
    "E09_apart_true": said("决算数大于年初预算数的主要原因：人员调入。"),
    "E09_apart_equal": said("决算数等于预算数的主要原因：执行良好。",
                            ("E09", "wrong_direction", "9000000.00", None), severity="warning"),
    "E09_apart_flat": said("决算数与预算数基本持平。",
                           ("E09", "wrong_direction", "9000000.00", None), severity="minor"),
    "E09_apart_near": said("决算数与预算数基本持平。", budget="898.00", rate="100.22"),
    "E09_apart_digit": said("决算数小于预算数。", budget="899.99", rate="100.00"),
    "E09_apart_units": said("决算数小于预算数。", ("E09", "wrong_direction", "9000000.00", None),
                            budget="899.97", rate="100.00"),
    # of another budget, of another item, of several amounts: nobody knows what it compares
    "E09_apart_year": said("决算数小于全年预算数的主要原因：人员调出。"),
    "E09_apart_item": said("2.住房保障支出（类）住房改革支出（款）住房公积金（项）。决算数小于预算数。"),
    "E09_apart_two": said("决算数小于预算数的主要原因：人员调出。", budget="800.00万元，全年预算为950.00"),
    # the whole agrees with its table; of its parts, one digit mends only the last
    "E10": changed("政府采购服务预算30.00万元", "政府采购服务预算35.00万元",
                   ("E10", "wrong_part", "350000.00", "300000.00")),
    # which part is wrong stays open, and the first is named
    "E10_open": changed("政府采购服务预算30.00万元", "政府采购服务预算38.70万元",
                        ("E10", "wrong_part", "200000.00", "113000.00")),
    "E10_vehicles": changed("共有车辆6辆", "共有车辆8辆", ("E10", "wrong_total", "8.00", "6.00")),
    "E10_apart": vehicles("共有车辆8辆。其中：机要通信用车1辆、应急保障用车2辆、执法执勤用车2辆、其他用车1辆。",  # noqa: E501
                                   ("E10", "wrong_total", "8.00", "6.00")),
    "E10_apart_true": vehicles("共有车辆6辆，其中：\n机要通信用车1辆、应急保障用车2辆、执法执勤用车2辆、其他用车1辆。"),  # noqa: E501
    # a short list is whole where it ends with all others
    "E10_few": vehicles("共有车辆5辆，其中：执法执勤用车3辆、其他用车1辆。", ("E10", "wrong_total", "5.00", "4.00")),  # noqa: E501
    "E10_short": vehicles("共有车辆5辆，其中：机要通信用车1辆、执法执勤用车3辆。"),
    "D14": changed("政府采购预算50.00万元，其中：政府采购货物预算20.00万元", "政府采购预算60.00万元，其中：政府采购货物预算30.00万元",  # noqa: E501
                   ("D14", "digit_error", "600000.00", "500000.00"), severity="warning"),
    # parts of a list that names not every part
    "E12_incomplete": Case(changes=(
        ("基本支出600.00万元，占60.00%，比上年预算增加100.00万元，增长20.00%；项目支出400.00万元，占40.00%，比上年预算增加100.00万元，增长33.33%",
         "基本支出600.00万元，占60.00%"),)),
    # a list of changes that makes the whole but for one slip, or but for one direction
    "E12_list": listed("增加248.10万元，其中：甲项增加150.00万元、乙项增加60.00万元、丙项增加8.10万元",
                       ("E12", "wrong_total", "2481000.00", "2181000.00")),
    "E12_list_turn": listed("增加218.10万元，其中：甲项增加150.00万元、乙项增加60.00万元、丙项减少8.10万元",
                            ("E12", "wrong_direction", "81000.00", None)),
    "E12_list_true": listed("增加201.90万元，其中：甲项增加150.00万元、乙项增加60.00万元、丙项减少8.10万元"),
    "E12_list_levels": listed("中，专项业务518.10万元，主要包括：甲项350.00万元、乙项160.00万元、丙项8.40万元",  # noqa: E501
                              ("E12", "wrong_total", "5181000.00", "5184000.00")),
    # which leaves out others, has parts of its own, names its whole again, or is of two together
    "E12_list_two": listed("中，子项目100.00万元、丑项目200.00万元，其中：甲项150.00万元、乙项150.00万元"),
    "E12_list_again": listed("中，专项业务500.00万元，主要包括：甲项300.00万元、乙项200.00万元，合计500.00万元"),  # noqa: E501
    "E12_list_part": listed("增加318.17万元，其中：甲项增加150.00万元、乙项增加60.00万元、丙项增加8.10万元"),
    "E12_list_inner": listed("增加248.10万元，其中：甲项增加150.00万元（其中丁项增加60.00万元、戊项增加8.10万元）"),  # noqa: E501
    # a source of income that its table leaves blank
    "E12_income": changed("其他收入100.00万元，占收入总计10.00%", "其他收入100.00万元，占收入总计10.00%；事业收入75.00万元",  # noqa: E501
                          ("E12", "wrong_part", "750000.00", "0.00")),
    "E12_income_less": changed("其他收入100.00万元，占收入总计10.00%", "事业收入75.00万元"),
    # items that make what was spent in all make its budget as well
    "E15": items("250.00", "260.00", "300.00",
                 ("E15", "wrong_part", "2500000.00", "2400000.00"), severity="warning"),
    "E15_sound": items("250.00", "250.00", "300.00"),
    "E15_rounding": items("250.00", "250.01", "300.00"),
    # what was spent on the items is not all that was spent: others are left out
    "E15_part": items("250.00", "260.00", "300.00", spent="390.00"),
    # only the year of a sentence is a slip: what it says is that of the document's own year
    **{
        f"year_{place}_{year}": dated(words, year)
        for year in (2019, 2025, 2027)
        for place, words in enumerate((
            "某某局2026年度收入", "某某局2026年收入预算", "某某局2026年支出预算", "2026年一般公共预算财政拨款支出预算",  # noqa: E501
            "2026年一般公共预算基本支出", "2026年“三公”经费", "2026年机关运行", "2026年政府采购预算",
        ))
    },
    **{f"year_final_{year}": dated("某某局2024年度收入支出总计", year) for year in (2019, 2023, 2025)},
    "year_compared": dated("某某局2026年支出预算", 2025, old="占60.00%，比上年预算", new="占60.00%，比2025年预算"),  # noqa: E501
    "year_printed_as_prior": changed("，公务接待费3.00万元", "。2025年公务接待费3.00万元，比上年减少2.00万元，下降40.00%"),  # noqa: E501
    # what is wrong in such a sentence is found as in any other
    "year_and_amount": dated("某某局2026年收入预算", 2025, ("E01", "digit_error", "10080000.00", "10000000.00"),  # noqa: E501
                             old="年收入预算合计1,000.00", new="年收入预算合计1,008.00"),
    "year_and_part": dated("某某局2026年支出预算", 2027, ("E02", "digit_error", "4040000.00", "4000000.00"),
                           old="项目支出400.00", new="项目支出404.00"),
    "year_and_share": dated("某某局2026年支出预算", 2025, ("E06", "wrong_ratio", "66.00", "60.00"),
                            old="基本支出600.00万元，占60.00%", new="基本支出600.00万元，占66.00%"),
    # the year is that of the amount: of the year before, or beside one of the document's own year
    "year_of_prior": changed("，公务接待费3.00万元", "，公务接待费3.00万元。2025年公务接待费预算4.00万元",
                             ("E01", "digit_error", "40000.00", "50000.00")),
    "year_of_base": changed("2026年一般公共预算财政拨款支出预算900.00万元，与上年相比增加",
                            "2025年一般公共预算财政拨款支出预算800.00万元，2026年一般公共预算财政拨款支出预算900.00万元，增加"),
    # a section goes on with what its chapter tells of: all fiscal money, or the general public budget
    "section": told_before("（一）财政拨款支出决算结构情况\n2024年度财政拨款支出950.00万元，用于以下方面。"),
    "E01_section": told_before("（一）财政拨款支出决算结构情况\n2024年度财政拨款支出956.00万元，用于以下方面。",  # noqa: E501
                               ("E01", "digit_error", "9560000.00", "9500000.00")),
    "E01_both": Case("final", (("收入支出总计1,000.00万元", "收、支总计均为1,006.00万元"), ("与2023年度相比，收入支出总计减少250.00万元，下降20.00%。", "")),  # noqa: E501
                     (("E01", "digit_error", "10060000.00", "10000000.00"),)),
    "E01_title": Case("final", (("财政拨款“三公”经费支出决算情况说明", "财政拨款“三公”经费支出决算及增减变化原因"),  # noqa: E501
                                ("公务接待费支出决算为4.00万元，与2023年度决算数5.00万元相比减少1.00万元，下降20.00%", "公务接待费支出决算为4.20万元")),  # noqa: E501
                      (("E01", "digit_error", "42000.00", "40000.00"),)),
    # the base stands right behind its year
    "E05_year_base": running("，比2025年60.00万元增加30.00万元，增长33.33%",
                             ("E05", "wrong_difference", "300000.00", "200000.00")),
    # the change is one digit away from what the others make, the rate is not
    "E05_one_digit": running("，比上年预算增加50.00万元，增长33.33%",
                             ("E05", "wrong_difference", "500000.00", "199985.00")),
    # an amount that the sentence before prints as well is no slip, though one digit would mend the rate
    "E05_twice": changed("财政拨款预算80.00万元，比上年预算增加20.00万元，增长33.33%",
                         "财政拨款预算91.97万元。主要用于：办公费等。2025年机关运行经费预算为77.99万元，2026年机关运行经费预算91.97万元，比2025年预算增长17.66%",
                         ("E05", "wrong_ratio", "17.66", "17.93")),
    # and where it is printed nowhere else, it may be one
    "E05_once": changed("财政拨款预算80.00万元，比上年预算增加20.00万元，增长33.33%",
                        "财政拨款预算3845.49万元，2025年机关运行经费预算43269.3万元，增长17.62%",
                        ("E05", "disagreement", "432693000.00", "32694184.66")),
    # more was added than there is in all: what the rate should be nobody can say
    "E05_impossible": running("，比上年预算增加455.00万元，增长6.20%", ("E05", "wrong_ratio", "6.20", None)),
    # told of the year before, a change is from the year before that
    "E05_told_of_prior": running("。2025年机关运行经费预算60.00万元，比上年增加5.00万元，增长9.09%"),
    # words that name nothing known do not stand for each other
    "E05_unknown": changed("，公务接待费3.00万元", "。甲项杂费3.00万元。乙项杂费较上年减少2.00万元，下降50.00%"),  # noqa: E501
    # the sentence before tells a budget and what was spent: what was spent has changed
    "E05_spent": said("决算数较上年增加100.00万元，增长10.00%。", ("E05", "wrong_ratio", "10.00", "12.50")),
    "E05_budget": spent_on("，较预算减少2.00万元", ("E05", "wrong_change", "20000.00", "10000.00"), severity="warning"),  # noqa: E501
    "E05_budget_true": spent_on("，较预算减少1.00万元，下降20.00%；较2023年度决算减少1.00万元"),
    "E05_opening_budget": spent_on("，较年初预算减少2.00万元"),
    "E08_table": spent_on("，完成预算的90.00%", ("E08", "wrong_ratio", "90.00", "80.00"), severity="warning"),
    "E08_table_true": spent_on("，完成预算的80.00%"),
    "E08_opening_budget": spent_on("，完成年初预算的90.00%"),
    # a share of what another chapter names with the same words
    "E06_other_true": told_before("财政拨款收入990.00万元，本年支出950.00万元。", share="75.00"),
    "E06_other_wrong": told_before("财政拨款收入990.00万元，本年支出950.00万元。", ("E06", "wrong_ratio", "80.00", "75.00"), share="80.00"),  # noqa: E501
    # parts whose whole stands elsewhere, by no words: none is the whole of the others
    "E06_parts_alone": Case("final", (("（一）一般公共预算财政拨款支出决算具体情况", "（一）支出决算结构情况\n主要用于以下方面：教育支出（类）10.00万元，占1.11%；卫生健康支出（类）8.00万元，占0.89%。\n（二）一般公共预算财政拨款支出决算具体情况"),)),  # noqa: E501
    # a section on fiscal money within a chapter on all income
    "E01_fiscal_income": changed("五、一般公共预算基本", "（二）财政拨款收入情况\n财政拨款收入900.00万元，其中：本年收入900.00万元。\n五、一般公共预算基本"),  # noqa: E501
    # one amount that two shares contradict; not to be above the whole says nothing for it
    "E06_part": changed("政府采购服务预算30.00万元", "政府采购服务预算30.00万元。面向中小企业预留36.00万元，占政府采购预算的80.00%，其中预留给小微企业20.00万元，占中小企业预留份额的50.00%",  # noqa: E501
                        ("E06", "disagreement", "360000.00", "400000.00")),
    # within the sentence of the amounts
    "E09_within": Case("final", (("完成年初预算的112.50%。", "完成年初预算的112.50%，决算数小于预算数的主要原因是人员调出。"),),  # noqa: E501
                       (("E09", "wrong_direction", "9000000.00", None),)),
    "E09_within_true": Case("final", (("完成年初预算的112.50%。", "完成年初预算的112.50%，决算数大于预算数的主要原因是人员调入。"),)),  # noqa: E501
    "E09_more": said("决算数较年初预算数减少的主要原因：人员调出。", ("E09", "wrong_direction", "9000000.00", None)),  # noqa: E501
    # the budget is wrong, and so the rate and the word
    "E09_with_budget": said("决算数大于预算数的主要原因：人员调入。", ("E08", "disagreement", "9500000.00", "8000000.00"), budget="950.00"),  # noqa: E501
    # in another chapter: of the two, the one that its own change and rate confirm is right
    "E13_chapters": changed("公用经费100.00万元。", "公用经费100.00万元（其中机关运行经费88.00万元）。",
                            ("E13", "digit_error", "880000.00", "800000.00")),
    "E13_chapters_true": changed("公用经费100.00万元。", "公用经费100.00万元（其中机关运行经费80.00万元）。"),
    "E13_of_others": changed("公用经费100.00万元。", "公用经费100.00万元（其中下属单位机关运行经费30.00万元）。"),  # noqa: E501
    "E13": changed("（二）政府采购情况", "2026年机关运行经费支出预算88.00万元。\n（二）政府采购情况",
                   ("E04", "digit_error", "880000.00", "800000.00")),
}  # fmt: skip

# two findings
CUT_OFF_AND_WRONG = changed(
    "项目支出400.00万元，占40.00%，比上年预算增加100.00万元，增长33.33%。",
    "项目支出400.00万元，占40.00%，比上年预算增加100.00万元，增长33.33%。其中：培训费4.06万元，占支出总预算0.40%，"
    "同比减少0.36万元，降低0.08%。",
)

CELL_COLUMNS = """
    cell_no ubigint as (hash(cell_id)), cell_id varchar, document_id varchar, table_no integer, table_type varchar, page_no integer,
    row_no integer, lane_no integer, column_no integer, row_order integer, placement varchar, is_money boolean,
    row_role varchar, row_kind varchar, line_code varchar, parent_row_no integer, parent_lane_no integer,
    table_side varchar, component varchar, fund varchar, money_source varchar, measure varchar,
    is_of_which boolean, line_item varchar, row_label varchar, column_path varchar, period varchar,
    phase varchar, period_key varchar, amount decimal(18, 2), half_unit decimal(18, 4), column_key varchar,
    meaning_no ubigint
"""  # noqa: E501


def insert(connection: duckdb.DuckDBPyConnection, table: str, row: dict[str, Any]) -> None:
    marks = ", ".join("?" * len(row))
    connection.execute(f"insert into {table} ({', '.join(row)}) values ({marks})", list(row.values()))


def write(connection: duckdb.DuckDBPyConnection, name: str, case: Case) -> None:
    is_final = case.kind == "final"
    insert(
        connection,
        "staging.stg_document",
        {
            "document_id": name, "document_name": name, "agency_name": "某某局", "read_status": "read",
            "fiscal_year": 2024 if is_final else 2026, "document_kind": case.kind,
        },
    )  # fmt: skip
    lines = [Line(text, number) for number, text in enumerate(case.text.split("\n"), start=1) if text]
    narrative = read_narrative(lines)
    for table, things in (
        ("chapter", narrative.chapters),
        ("sentence", narrative.sentences),
        ("claim", narrative.claims),
    ):
        for thing in things:
            columns = {column: value for column, value in asdict(thing).items() if column != "box"}
            insert(connection, f"raw.{table}", {"document_id": name} | columns)
    tables = list(dict.fromkeys(cell[0] for cell in CELLS[case.kind]))
    for number, (table, kind, code, item, side, component, amount) in enumerate(CELLS[case.kind], start=1):
        is_first = number == 1
        row_no, fund = FUNDS[case.kind].get(number, (number, None))
        insert(
            connection,
            "intermediate.int_equation_cell",
            {
                "cell_id": f"{name}:{number}", "document_id": name, "table_no": tables.index(table) + 1,
                "table_type": table, "row_no": row_no, "column_no": 1, "lane_no": 1, "fund": fund,
                "placement": case.placement if is_first else "printed", "is_money": True, "row_kind": kind,
                "line_code": code, "table_side": side, "component": component, "is_of_which": False,
                "line_item": item, "row_label": LABELS.get(code or ""), "column_path": component,
                "period": "current", "phase": "executed" if is_final else "approved",
                "amount": Decimal(amount), "half_unit": Decimal(50) if amount else Decimal(0),
            },
        )  # fmt: skip
        for beside, period, amounts in (("上年", "prior", PRIORS), ("预算数", "current", BUDGETS)):
            if number not in amounts[case.kind]:
                continue
            insert(
                connection,
                "intermediate.int_equation_cell",
                {
                    "cell_id": f"{name}:{number}:{period}", "document_id": name,
                    "table_no": tables.index(table) + 1, "table_type": table, "row_no": number,
                    "column_no": 2, "lane_no": 1,
                    "placement": "printed", "is_money": True, "row_kind": kind, "line_code": code,
                    "table_side": side, "component": component, "is_of_which": False, "line_item": item,
                    "column_path": f"{beside}/{component}", "period": period, "phase": "approved",
                    "amount": Decimal(amounts[case.kind][number]), "half_unit": Decimal(50),
                },
            )  # fmt: skip
    if case.doubted:
        found = {"cell_id": f"{name}:1", "is_undecided": False}
        insert(connection, "intermediate.int_finding_equation", found)
    if case.earlier:
        pair = {"document_id": name, "relation": f"{case.kind}_before", "other_document_id": case.earlier}
        insert(connection, "intermediate.int_document_pair", pair)
    if case.before is not None:
        number = next(iter(PRIORS[case.kind]))
        mine, other = (2 * connection.sql("from intermediate.int_corpus_link").shape[0] + n for n in (0, 1))
        link = {"rule_id": "F03", "corpus_cell_no": mine, "other_cell_no": other}
        insert(connection, "intermediate.int_corpus_link", link)
        printed = {"cell_id": f"{name}:{number}:prior", "corpus_cell_no": mine, "amount": 50_000}
        insert(connection, "intermediate.int_corpus_number", printed)
        insert(connection, "intermediate.int_corpus_cell", {"corpus_cell_no": other, "amount": case.before})
    if case.candidate:
        found = {"cell_id": f"{name}:1", "expected": Decimal(case.candidate)}
        insert(connection, "intermediate.int_finding_candidate", found)


MODELS = (
    "stg_chapter stg_sentence stg_claim"
    " int_class_name int_claim_chapter int_claim_reading int_claim_path int_claim_code int_claim_selector"
    " int_claim_bound int_claim_context int_claim_link int_claim_beside int_text_direction int_text_equation"
    " int_text_sum int_text_term int_text_verdict int_text_blame int_text_cause int_finding_text"
    " int_reconciliation_text int_reconciliation_text_term"
)


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("text")
    path = folder / "warehouse.duckdb"
    begin(path)
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema intermediate")
        connection.execute(f"create table intermediate.int_equation_cell ({CELL_COLUMNS})")
        connection.execute(
            "create table intermediate.int_finding_equation (cell_id varchar, is_undecided boolean)"
        )
        connection.execute(
            "create table intermediate.int_finding_candidate (cell_id varchar, expected decimal(18, 2))"
        )
        connection.execute(
            "create table intermediate.int_document_pair"
            " (document_id varchar, relation varchar, other_document_id varchar)"
        )
        connection.execute(
            "create table intermediate.int_corpus_link"
            " (rule_id varchar, corpus_cell_no ubigint, other_cell_no ubigint, value_claim_id varchar)"
        )
        number = "(corpus_cell_no ubigint, cell_id varchar, amount decimal(18, 2))"
        for table in ("number", "cell"):
            connection.execute(f"create table intermediate.int_corpus_{table} {number}")
        connection.execute("""
            create table staging.stg_document (document_id varchar, document_name varchar, agency_name varchar,
                read_status varchar, fiscal_year integer, document_kind varchar)
        """)  # noqa: E501
        for name, case in (CASES | {"cut_off_and_wrong": CUT_OFF_AND_WRONG}).items():
            write(connection, name, case)
        connection.execute("""
            update intermediate.int_equation_cell set meaning_no = hash(table_type, row_kind, line_code, line_item,
                table_side, component, fund)
        """)  # noqa: E501
        connection.execute("""
            create table intermediate.int_table as
            select distinct document_id, table_no, table_type as table_title, 'high' as confidence
            from intermediate.int_equation_cell
        """)
    build_models(path, MODELS.split())
    return path


@pytest.mark.parametrize("name", CASES)
def test_one_mistake_is_one_finding(warehouse: Path, name: str) -> None:
    case = CASES[name]
    found = rows(
        warehouse,
        "select rule_id, cause, published::varchar, expected::varchar from intermediate.int_finding_text"
        " where document_id = ?",
        name,
    )
    assert found == list(case.found)


MEASURES = {"E05": "增减幅度", "E06": "占比", "E08": "完成率"}


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.found])
def test_a_finding_says_how_grave_it_is_and_where(warehouse: Path, name: str) -> None:
    [(severity, origin, chapter, quote, zh, en)] = rows(
        warehouse,
        "select severity, origin, chapter, quote, message_zh, message_en from intermediate.int_finding_text"
        " where document_id = ?",
        name,
    )
    assert severity == CASES[name].severity
    assert origin == ("extraction" if CASES[name].placement == "inferred" else "source")
    assert chapter and CASES[name].changes[0][1][:4] in CASES[name].text and quote in CASES[name].text
    inner = chapter.translate(str.maketrans("“”", "‘’"))
    assert inner in zh and inner in en and "{" not in zh + en
    # nothing is left open, and a percentage says of what
    assert "—" not in zh + en and "”中为" not in zh
    if name in MEASURES:
        assert f"的{MEASURES[name]}为" in zh


def test_a_sound_text_is_bound_and_holds(warehouse: Path) -> None:
    kinds = dict(
        rows(
            warehouse,
            "select variant, count(*) from intermediate.int_reconciliation_text where status in ('pass', 'rounding')"  # noqa: E501
            " and document_id in ('sound', 'sound_final') group by variant",
        )
    )
    assert kinds["cell"] >= 15 and kinds["rate"] >= 8 and kinds["share"] == 4 and kinds["sum"] >= 4
    assert kinds["difference"] == 1 and kinds["completion"] == 1
    assert rows(warehouse, "select count(*) from intermediate.int_reconciliation_text where status = 'fail'"
                " and document_id like 'sound%'") == [(0,)]  # fmt: skip


def test_a_share_that_was_cut_off_says_nothing_against_its_amount(warehouse: Path) -> None:
    """And the rate beside it, which is wrong, is told for itself."""
    found = rows(
        warehouse,
        "select rule_id, cause, published::varchar, expected::varchar, severity"
        " from intermediate.int_finding_text where document_id = ? order by rule_id",
        "cut_off_and_wrong",
    )
    assert found == [
        ("E05", "wrong_ratio", "0.08", "8.14", "error"),
        ("E06", "truncated", "0.40", "0.41", "minor"),
    ]


def test_verdicts_follow_from_their_terms(warehouse: Path) -> None:
    broken = rows(
        warehouse,
        """
        select verdict.equation_id from intermediate.int_reconciliation_text as verdict
        inner join intermediate.int_reconciliation_text_term as term using (equation_id)
        where verdict.residual is not null
        group by verdict.equation_id, verdict.residual
        having abs(sum(term.coefficient * term.amount_yuan) - verdict.residual) > 0.000001
        """,
    )
    assert broken == []


def test_a_cell_that_the_tables_blame_decides_nothing(warehouse: Path) -> None:
    assert rows(
        warehouse,
        "select status, reason from intermediate.int_reconciliation_text"
        " where document_id = 'blamed_cell' and rule_id = 'E01' and status not in ('pass', 'rounding')",
    ) == [("insufficient_data", "the cell that the text would have to equal is itself in doubt")]


def test_every_claim_is_bound_or_says_why_not(warehouse: Path) -> None:
    assert rows(
        warehouse,
        "select count(*) from intermediate.int_claim_bound"
        " where (binding_status = 'bound') <> (binding_reason is null)",
    ) == [(0,)]
