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
    "period": {"prior", "current", "change"},
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
YEAR_ANYWHERE = re.compile(r"(19|20)\d{2}年度?")
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
    return YEAR_ANYWHERE.sub("", normalise(text))


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
    assert [r["header_text"] for r in rows("header_alias") if YEAR_ANYWHERE.search(r["header_text"])] == []
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
    assert {row["scope"] for row in rows("table_title_alias")} <= SCOPES
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
工资福利支出预算明细表（按政府预算经济分类）|budget|expenditure_part
商品和服务支出预算表|budget|expenditure_part
部门基本支出预算表（人员类、运转类公用经费项目）|budget|basic_expenditure
单位资金支出表|budget|expenditure_part
一般公共预算收支情况表|budget|fiscal_grant_balance
一般公共预算收入预算表|budget|fund_income
国有资本经营预算收入表|budget|fund_income
收支总表|final|final_balance
部门支出总体情况表|final|final_expenditure
一般公共预算财政拨款支出表|final|gpb_final_expenditure
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
会议费明细表|budget|meeting_training
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
收入支出总表|budget|budget_balance
收入支出总表|final|final_balance
国有资本经营预算财政拨款支出表|final|soe_final
财政专户管理资金收入支出决算表|final|special_account_final
地方政府债务支出情况表|budget|debt_expenditure
一般债务支出预算表|budget|debt_expenditure
项目支出绩效信息表|budget|performance_target
上级补助项目支出预算表|budget|transfer_payment
部门决算相关信息统计表|final|operating_info
列入2026年部门预算编制范围的单位详细情况见下表|budget|agency_list
纳入本部门2023年度部门决算编制范围的二级预算单位共有3个，包括|final|agency_list_final
决算单位构成情况表|final|agency_list_final
财政拨款项目支出决算表|final|gpb_final_project
项目收入支出决算表|final|final_project
2024年全县一般公共预算收支平衡表|budget|government_balance
2021年全区一般公共预算收支执行表|budget|government_balance
2020年某镇一般公共预算收入执行情况表|budget|government_income
2023年度一般公共预算收入决算明细表|final|government_income_final
2025年县本级政府性基金预算收支总表|budget|government_balance
表1:2020年度全区一般公共预算收支决算平衡表|final|government_balance_final
2026年市级部门一般公共预算收支总表|budget|fiscal_grant_balance
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


def read_path(path: str, table_type: str) -> dict[str, str]:
    """What a column means: per attribute the value of greatest precedence, and of equals the deepest."""
    found: dict[str, tuple[int, int, str]] = {}
    for depth, level in enumerate(path.split("/")):
        header = normalise_header(level)
        meanings: dict[str, dict[str, str]] = {}
        for alias in rows("header_alias"):
            if alias["header_text"] == header and alias["table_type"] in ("", table_type):
                kept = meanings.get(alias["attribute"])
                if kept is None or alias["table_type"]:
                    meanings[alias["attribute"]] = alias
        for attribute, alias in meanings.items():
            claim = (int(alias["precedence"]), depth, alias["value"])
            found[attribute] = max(found.get(attribute, claim), claim)
    return {attribute: claim[2] for attribute, claim in found.items()}


# table type | column path | attributes that must be read from it
PATHS = """
budget_income|本年收入/财政拨款预算收入/小计|component=fiscal money_source=fiscal
budget_income|本年收入/财政拨款预算收入/一般公共预算|component=fiscal fund=general_public
budget_income|本年收入/小计|component=current_income
budget_income|本年收入/一般公共预算|component=fiscal fund=general_public
budget_income|上年结转/财政拨款预算收入/小计|component=carryover money_source=fiscal
budget_income|财政拨款结转|component=carryover money_source=fiscal
budget_income|非财政拨款结转结余|component=carryover money_source=non_fiscal
budget_income|上年结转/非财政拨款收入|component=carryover money_source=non_fiscal
budget_income|财政拨款（补助）/上级一般公共预算安排的转移支付|component=transfer_general fund=general_public
budget_income|总计|component=total
budget_expenditure|财政拨款/基本支出|component=basic money_source=fiscal
budget_expenditure|非财政拨款/其他支出|component=other_expenditure money_source=non_fiscal
budget_expenditure|本年支出合计|component=total
fiscal_exp_func|上年预算数/基本支出/人员支出|component=basic_personnel period=prior phase=approved
fiscal_exp_func|当年预算数/总计|component=total period=current phase=approved
gpb_basic_econ|一般公共预算基本支出/合计|component=total fund=general_public
gpb_basic_econ|基本支出/公用经费|component=basic_public
gpb_expenditure|一般公共预算支出/项目支出|component=project fund=general_public
gov_fund|当年预算/基本支出|component=basic money_source=current_budget
gov_fund|上年结转结余/项目支出|component=project money_source=carryover
gpb_project|项目支出合计|component=total
gpb_project|其他支出|component=econ_399
gpb_gov_econ|其他支出|component=econ_599
three_public|“三公”经费预算数/公务用车购置及运行费/购置费|component=vehicle_purchase phase=approved
three_public|“三公”经费预算数/公务用车购置及运行费/小计|component=vehicle_total
three_public|2026年预算数|component=total phase=approved
three_public|增幅|component=change_amount
three_public_final|2022年度决算数/公务接待费|component=reception phase=executed
procurement|货物/财政拨款|component=goods money_source=fiscal
procurement|服务/小计|component=services
carryover|财政拨款/基本支出/公用经费|component=basic_public money_source=fiscal
final_income|事业收入/其中：教育收费|component=education_fee of_which=true
final_income|本年收入合计|component=total
gov_fund_final|本年支出/小计|component=current_expenditure
gov_fund_final|本年支出/基本支出|component=basic
gov_fund_final|年初结转和结余|component=opening_balance
fiscal_final_balance|支出/合计|component=total side=expenditure
self_evaluation|全年预算数|component=total phase=adjusted
self_evaluation|全年执行数|component=total phase=executed
final_balance|2023年度预算调整数|component=total phase=adjusted
final_balance|变动后预算数|component=total phase=adjusted
gpb_final_expenditure|支出决算数|component=total phase=executed
gpb_final_basic|决算金额|component=total phase=executed
"""


@pytest.mark.parametrize("fact", PATHS.strip().splitlines())
def test_column_paths_are_understood(fact: str) -> None:
    table_type, path, wanted = fact.split("|")
    meaning = read_path(path, table_type)
    assert dict(item.split("=") for item in wanted.split()).items() <= meaning.items()


def find_label(text: str, side: str, within: str) -> str | None:
    """The line item of a label: inside a block first, then its own side, then either side."""
    label = normalise_label(text)
    known = {(row["label"], row["side"], row["within"]): row["line_item"] for row in rows("row_label_alias")}
    for key in ((label, side, within), (label, side, ""), (label, "", "")):
        if key in known:
            return known[key]
    return None


# label as printed | side | block that the row stands in | line item
LABELS = """
一、财政拨款预算收入|income||income_fiscal
(1) 一般公共预算|income||income_general_public
其中：一般财力|income||own_general_revenue
八、上年结转|income||carryover_opening
（一）一般公共预算拨款|income|carryover_opening|carryover_opening_general_public
其中：财政专户核拨|income|carryover_opening|carryover_opening_special_account
5. 单位资金|income||unit_funds
本 年 收 入 合 计|income||current_income_total
收 入 总 计|income||total_income
总计|expenditure||total_expenditure
合计|||total
本年支出小计|expenditure||current_expenditure_total
使用非财政拨款结余（含专用结余）|income||use_of_non_fiscal_surplus
年末结转和结余|expenditure||closing_balance
二、年终结转结余|expenditure||closing_balance
1、因公出国(境)费用|expenditure||abroad
其中：（1）公务用车运行维护费|expenditure||vehicle_running
公务用车购置及运行维护费（小计）|expenditure||vehicle_total
“三公”经费|expenditure||three_public_total
"""


@pytest.mark.parametrize("fact", LABELS.strip().splitlines())
def test_row_labels_are_understood(fact: str) -> None:
    label, side, within, line_item = fact.split("|")
    assert find_label(label, side, within) == line_item


@pytest.mark.parametrize(
    ("label", "code"),
    [
        ("（二十）自然资源海洋气象等支出", "220"),
        ("九、医疗卫生与计划生育支出", "210"),
        ("三十、抗疫特别国债安排的支出", "234"),
        ("14、交通运输支出", "214"),
        ("七、文化体育与传媒支出", "207"),
    ],
)
def test_class_names_lead_to_their_codes(label: str, code: str) -> None:
    codes = {
        row["class_name"]: row["class_code"]
        for row in rows("class_name_alias")
        if row["code_domain"] == "function"
    }
    assert codes[normalise_label(label)] == code
