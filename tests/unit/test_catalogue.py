"""The catalogue seeds are well-formed, and known titles, headers and row labels find their meaning.

`normalise*` and `match_title` mirror what the staging models do in SQL, so that a new province can be
tried out here by adding a line to the tables below.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from functools import cache
from pathlib import Path

import duckdb
import pytest

pytestmark = pytest.mark.unit

CATALOGUE = Path(__file__).parents[2] / "dbt_project" / "seeds" / "catalogue"

KEYS = {
    "table_type": ("table_type",),
    "table_title_alias": ("match", "title_pattern", "document_kind"),
    "header_alias": ("header_text", "attribute", "table_type"),
    "row_label_alias": ("label", "side", "within"),
    "line_item": ("line_item",),
    "unit": ("unit_text",),
    "class_name_alias": ("class_name", "code_domain"),
}
SCOPES = {"all_funds", "fiscal_appropriation", "general_public", "government_fund", "state_capital", ""}
ATTRIBUTES = {
    "side": {"income", "expenditure"},
    "fund": {"general_public", "government_fund", "state_capital"},
    "period": {"prior", "current"},
    "phase": {"approved", "adjusted", "executed"},
    "of_which": {"true"},
    "code_domain": {"function", "economic_department", "economic_government"},
    "component": None,
    "money_source": None,
    "text": None,
}
NUMERALS = "一二三四五六七八九十百"
NUMBERING = re.compile(
    rf"^(其中：?|加：|减：|（[{NUMERALS}\d]+）|[{NUMERALS}]+[、．.，]|\d{{1,2}}[、．.，)）]|[①-⑳])"
)
FORM_CODE = re.compile(
    rf"^(第?[{NUMERALS}\d]+部分|附?表[{NUMERALS}\d]+(-\d+)?|附件[{NUMERALS}\d]*(-\d+)?|"
    rf"(公开|预算|决算|财决|财预)?(表\d+(-\d+)?|\d+(-\d+)?表))[：、.．]?"
)
YEAR = re.compile(r"^（?(19|20)\d{2}年?度?）?")
TAIL = re.compile(r"(（\d{1,2}）|（续表?\d*）|续表|（单位：[^）]*）|（公开）|（?(19|20)\d{2}年?度?）?)$")
MONEY_UNIT = re.compile(r"（单位：(人民币)?[千百万亿]*元）$")


@cache
def rows(name: str) -> list[dict[str, str]]:
    with (CATALOGUE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def normalise(text: str) -> str:
    """Drop white space and quotes, make brackets and colons full width."""
    text = re.sub(r"[\s\u3000\u200b\ufeff“”‘’\"'＂＇「」『』*]", "", text)
    return text.replace("(", "（").replace(")", "）").replace(":", "：")


def strip_all(text: str, *patterns: re.Pattern[str]) -> str:
    """Strip the patterns as long as any of them matches and something is left."""
    while True:
        before = text
        for pattern in patterns:
            text = pattern.sub("", text) or text
        if text == before:
            return text


def normalise_title(text: str) -> str:
    return strip_all(normalise(text), FORM_CODE, NUMBERING, YEAR, TAIL)


def normalise_header(text: str) -> str:
    return strip_all(normalise(text), YEAR)


def normalise_label(text: str) -> str:
    return strip_all(normalise(text), NUMBERING)


def match_title(text: str, document_kind: str = "") -> str | None:
    """An exact alias first, then contains and regex by priority, longer patterns first."""
    title = normalise_title(text)
    found = [
        (int(alias["priority"]), -len(alias["title_pattern"]), alias["table_type"])
        for alias in rows("table_title_alias")
        if alias["document_kind"] in ("", document_kind)
        and (
            (alias["match"] == "exact" and title == alias["title_pattern"])
            or (alias["match"] == "contains" and alias["title_pattern"] in title)
            or (alias["match"] == "regex" and re.search(alias["title_pattern"], title))
        )
    ]
    return min(found)[2] if found else None


@pytest.mark.parametrize("name", KEYS)
def test_keys_are_unique_and_values_trimmed(name: str) -> None:
    seen = Counter(tuple(row[column] for column in KEYS[name]) for row in rows(name))
    assert [key for key, count in seen.items() if count > 1] == []
    for row in rows(name):
        assert None not in row, f"a row with too many values: {row}"
        assert all(value is not None and value == value.strip() for value in row.values()), row


def test_aliases_are_written_as_normalised_text_is() -> None:
    for name, column in (
        ("header_alias", "header_text"),
        ("row_label_alias", "label"),
        ("class_name_alias", "class_name"),
        ("unit", "unit_text"),
    ):
        wrong = [row[column] for row in rows(name) if normalise(row[column]) != row[column]]
        assert wrong == [], f"{name}.csv"
    assert [r["label"] for r in rows("row_label_alias") if normalise_label(r["label"]) != r["label"]] == []
    assert [r["header_text"] for r in rows("header_alias") if YEAR.match(r["header_text"])] == []
    exact = [r["title_pattern"] for r in rows("table_title_alias") if r["match"] == "exact"]
    assert [title for title in exact if normalise_title(title) != title] == []


def test_table_types_use_known_values() -> None:
    for row in rows("table_type"):
        assert re.fullmatch(r"[BF]T\d\d", row["table_code"]), row
        assert (row["table_code"][0] == "B") == (row["document_kind"] == "budget"), row
        assert row["scope"] in SCOPES, row
        assert row["code_domain"] in {"function", "economic", ""}, row
        assert {row["is_mandatory"], row["may_be_empty"]} <= {"true", "false"}, row
    assert len({row["table_code"] for row in rows("table_type")}) == len(rows("table_type"))


def test_every_referenced_name_exists() -> None:
    types = {row["table_type"] for row in rows("table_type")}
    assert {row["table_type"] for row in rows("table_title_alias")} <= types
    assert {row["table_type"] for row in rows("header_alias")} <= types | {""}
    items = {row["line_item"] for row in rows("line_item")}
    assert {row["line_item"] for row in rows("row_label_alias")} <= items
    assert {row["parent_line_item"] for row in rows("line_item")} <= items | {""}


def test_every_table_type_can_be_found_by_its_official_name() -> None:
    # the project note is text, not a table with a title of its own
    for row in rows("table_type"):
        assert match_title(row["name_zh"], row["document_kind"]) == row["table_type"], row["name_zh"]


def test_headers_and_labels_use_known_values() -> None:
    for row in rows("header_alias"):
        values = ATTRIBUTES[row["attribute"]]
        assert re.fullmatch(r"[a-z_0-9]+", row["value"]), row
        assert values is None or row["value"] in values, row
        assert row["precedence"].isdigit(), row
    for row in rows("row_label_alias"):
        assert row["side"] in {"income", "expenditure", ""}, row
        assert row["role"] in {"total", "subtotal", "item", "of_which", "balance"}, row
    for row in rows("unit"):
        assert float(row["yuan_factor"]) > 0, row
    for row in rows("class_name_alias"):
        assert re.fullmatch(r"[2-5]\d\d", row["class_code"]), row
        assert row["code_domain"] in ATTRIBUTES["code_domain"], row


def test_patterns_compile_in_the_database_too() -> None:
    with duckdb.connect() as connection:
        for row in rows("table_title_alias"):
            assert row["match"] in {"exact", "contains", "regex"}, row
            if row["match"] == "regex":
                re.compile(row["title_pattern"])
                connection.execute("select regexp_matches('x', ?)", [row["title_pattern"]]).fetchall()


# title as printed | kind of document | table type
TITLES = """
收支总表|budget|budget_balance
公开01表 收支总表|budget|budget_balance
2026年部门财务收支预算总表|budget|budget_balance
2026年预算单位财务收支预算总表|budget|budget_balance
表01 2026年市级部门收支预算总表|budget|budget_balance
表1 部门综合预算收支总表|budget|budget_balance
2022年部门综合预算收支总表（不含上年结转）|budget|budget_balance
一、XX省XX厅2025年收支预算总表|budget|budget_balance
公开表1 收支总体情况表|budget|budget_balance
收支预算总表 (01)|budget|budget_balance
部门预算收支总表|budget|budget_balance
2024年度单位收支总体情况表（续表）|budget|budget_balance
2021年部综合预算收入总表|budget|budget_income
部门收入总体情况表|budget|budget_income
表1-1 单位收入总表|budget|budget_income
XX市XX局2026年部门收入预算表|budget|budget_income
本年支出总体情况表|budget|budget_expenditure
表1-2 部门支出总表|budget|budget_expenditure
部门支出预算表|budget|budget_expenditure
部门综合预算财政拨款收支总表|budget|fiscal_grant_balance
财政拨款收支预算总体情况表|budget|fiscal_grant_balance
部门预算财政拨款收支总表|budget|fiscal_grant_balance
预算单位财政拨款收支预算总表|budget|fiscal_grant_balance
财政拨款支出表（功能科目）|budget|fiscal_exp_func
财政拨款支出预算表（部门经济分类科目）|budget|fiscal_exp_econ
财政拨款基本支出表（经济科目）|budget|fiscal_basic_econ
2026年度XX局一般公共预算支出表|budget|gpb_expenditure
部门预算一般公共预算财政拨款支出表|budget|gpb_expenditure
一般公共预算支出预算表（按功能科目分类）|budget|gpb_expenditure
一般公共预算支出情况表（按功能分类科目）|budget|gpb_expenditure
2025年部门一般公共预算支出功能分类预算表|budget|gpb_expenditure
部门综合预算一般公共预算支出明细表（按支出功能分类科目-不含上年结转）|budget|gpb_expenditure
部门综合预算一般公共预算支出明细表（按支出经济分类科目）|budget|gpb_expenditure_econ
一般公共预算支出经济分类情况表|budget|gpb_expenditure_econ
一般公共预算支出表（按政府预算支出经济分类）|budget|gpb_gov_econ
部门综合预算一般公共预算基本支出明细表（按支出功能分类科目）|budget|gpb_basic_func
部门综合预算一般公共预算基本支出明细表（支出经济分类科目-不含上年结转）|budget|gpb_basic_econ
2026年部门一般公共预算基本支出部门预算经济分类预算表|budget|gpb_basic_econ
表3-1 一般公共预算基本支出预算表|budget|gpb_basic_econ
一般公共预算基本支出表（按政府预算支出经济分类科目）|budget|gpb_basic_gov_econ
一般公共预算基本支出表-人员经费（工资福利支出）（按政府预算经济分类）|budget|gpb_basic_gov_econ
一般公共预算基本支出表-公用经费（商品和服务支出）（按部门预算经济分类）|budget|gpb_basic_part
支出预算分类汇总表（按政府预算经济分类）|budget|expenditure_gov_econ
支出预算分类汇总表（按部门预算经济分类）|budget|expenditure_econ
表3-2 一般公共预算项目支出预算表|budget|gpb_project
一般公共预算项目支出情况表（按经济分类科目）|budget|gpb_project_econ
部门预算项目支出及其他支出预算表|budget|project_expenditure
项目支出预算表（其他运转类、特定目标类项目）|budget|project_expenditure
部门综合预算专项业务经费支出表（不含上年结转）|budget|project_expenditure
省级专项资金预算汇总表|budget|project_expenditure
基本支出预算表（人员类、运转类公用经费项目）|budget|basic_expenditure
表4 基本支出总表|budget|basic_expenditure
2026年部门“三公”经费和机关运行经费预算表|budget|three_public
表8 财政拨款安排的行政经费及“三公”经费预算表|budget|three_public
2026年市级部门一般公共预算"三公"经费支出表|budget|three_public
一般公共预算拨款“三公”经费及会议费、培训费支出预算表（不含上年结转）|budget|three_public
一般公共预算“三公”经费、会议费、培训费、差旅费等支出表|budget|three_public
表4-1 政府性基金预算“三公”经费支出预算表|budget|three_public_gov_fund
一般公共预算和政府性基金预算“三公”经费支出表|budget|three_public
政府性基金支出预算表|budget|gov_fund
部门预算政府基金预算财政拨款支出表|budget|gov_fund
部门综合预算政府性基金收支表（不含上年结转）|budget|gov_fund_balance
政府性基金预算支出分类汇总表（按部门预算经济分类）|budget|gov_fund_econ
国有资本经营预算支出预算表（09）|budget|soe_capital
2026年部门国有资本经营预算支出功能分类预算表|budget|soe_capital
财政专户管理资金预算支出表|budget|special_account_expenditure
一般公共预算机关运行经费支出预算表|budget|agency_operating
2026年政府采购预算明细表|budget|procurement
部门综合预算政府采购（资产配置、购买服务）预算表|budget|procurement
财政拨款政府购买服务明细表|budget|service_purchase
新增资产配置预算表|budget|assets
财政拨款委托业务费支出预算表|budget|entrusted_services
部门综合预算财政拨款上年结转资金支出表|budget|carryover
省对下转移支付预算表|budget|transfer_payment
省对下转移支付绩效目标表|budget|performance_target
部门项目中期规划预算表|budget|project_plan
非税收入预算表|budget|non_tax_income
政策和项目预算绩效目标表|budget|performance_target
2026年市级部门项目支出绩效表|budget|performance_target
综合工作经费项目绩效目标表|budget|performance_target
2026年市级重点专项资金绩效目标表（一级项目）|budget|performance_target
单位整体绩效目标表|budget|performance_target_overall
部门整体支出绩效目标表（2026年度）|budget|performance_target_overall
2022年度部门决算表收入支出决算总表|final|final_balance
收入支出决算总表（公开01表）|final|final_balance
XX省XX厅2023年度收入决算表|final|final_income
支出决算表|final|final_expenditure
财政拨款收入支出决算总表|final|fiscal_final_balance
财政拨款支出决算明细表|final|fiscal_final_expenditure
一般公共预算财政拨款收入支出决算表|final|gpb_final_income_expenditure
一般公共预算财政拨款支出决算表|final|gpb_final_expenditure
一般公共预算财政拨款支出决算明细表|final|gpb_final_detail
一般公共预算财政拨款基本支出决算明细表|final|gpb_final_basic
一般公共预算财政拨款项目支出决算表|final|gpb_final_project
2024年度财政拨款“三公”经费支出决算表|final|three_public_final
财政拨款“三公”经费、行政参公单位机关运行经费情况表|final|three_public_final
政府性基金预算财政拨款“三公”经费支出决算表|final|three_public_gov_fund_final
政府性基金预算财政拨款收入支出决算表|final|gov_fund_final
政府性基金预算财政拨款收入、支出及结转和结余情况表|final|gov_fund_final
国有资本经营预算财政拨款收入支出决算表|final|soe_final
国有资本经营预算支出决算表|final|soe_final
机构运行信息决算表|final|operating_info
政府采购情况表|final|final_procurement
国有资产占有使用情况表|final|assets_final
自治区项目支出绩效自评表|final|self_evaluation
信息化运行维护项目绩效自评表|final|self_evaluation
部门整体支出绩效自评情况|final|self_evaluation_overall
一般公共预算支出决算表||gpb_final_expenditure
一般公共预算支出表||gpb_expenditure
"""


@pytest.mark.parametrize("fact", TITLES.strip().splitlines())
def test_titles_of_many_provinces_are_recognised(fact: str) -> None:
    title, document_kind, table_type = fact.split("|")
    assert match_title(title, document_kind) == table_type


@pytest.mark.parametrize(
    "text",
    [
        "目录",
        "单位：万元",
        "2026年部门预算公开",
        "第二部分 2022年度部门决算表",
        "公开01表",
        "部门预算报表目录",
    ],
)
def test_other_lines_are_no_tables(text: str) -> None:
    assert match_title(text, "budget") is None
    assert match_title(text, "final") is None
