"""Sound typeset documents with one slip each: the rule that it breaks speaks, and no other of its kind."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from pypdfium2 import PdfDocument

from extract.inputs import discover
from extract.store import land, load
from tests.models import begin, build_models, rows
from tests.typeset.documents import budget, final_accounts
from tests.typeset.model import Size
from tests.typeset.pdf import write_pdf
from tests.typeset.text import document_text

pytestmark = pytest.mark.unit

Slip = Callable[[str], str]
SIZE = Size(functions=6, economics=8, government_fund=False, state_capital=True)
BUDGET = budget(3, year=2026, size=SIZE)
FINAL = final_accounts(3, year=2024, size=SIZE)
BODY = BUDGET.agency_name
FORM = "\n".join(
    [
        "项目支出绩效目标表",
        "",
        "单位：万元",
        "",
        "单位名称\t项目名称\t年度资金总额\t年度绩效目标\t一级指标\t二级指标\t三级指标\t指标值\t权重",
        f"{BODY}\t设备维护\t12.50\t完成维护\t产出指标\t数量指标\t{{0}}",
        "\t\t\t\t\t质量指标\t{1}",
        "\t\t\t\t\t时效指标\t{2}",
        "\t\t\t\t效益指标\t社会效益指标\t{3}",
        "",
        "第三部分 2026年",
    ]
)
VALUES = ["维护设备\t≥20台\t30", "合格率\t≥95%\t20", "完成时间\t12月\t20", "满意度\t≥90%\t20"]


def weighed(*weights: str) -> list[str]:
    """The indicators with other weights."""
    return [f"{value.rsplit(chr(9), 1)[0]}\t{weight}" for value, weight in zip(VALUES, weights, strict=True)]


def put(old: str, new: str, count: int = 1) -> Slip:
    """Print something else in the last places, which are in the text and not in the contents."""

    def change(text: str) -> str:
        assert old in text, old
        return new.join(text.rsplit(old, count))

    return change


def put_first(old: str, new: str) -> Slip:
    def change(text: str) -> str:
        assert old in text, old
        return text.replace(old, new, 1)

    return change


def put_all(pattern: str, new: str, count: int = 0) -> Slip:
    def change(text: str) -> str:
        found = re.sub(pattern, new, text, count=count, flags=re.MULTILINE)
        assert found != text, pattern
        return found

    return change


def drop(pattern: str) -> Slip:
    return put_all(pattern, "")


ITEMS = "\n\n".join(
    f"（{number}）{name}{number_no}.00万元，比上年{change}"
    for number_no, (number, name, change) in enumerate(
        (
            ("一", "水费", "增加1.00万元，主要原因是用量增加。"),
            ("二", "电费", "减少1.00万元{}"),
            ("三", "邮寄费", "增加2.00万元，主要原因是业务增加。"),
            ("四", "租赁费", "增加3.00万元，主要原因是租金上涨。"),
        ),
        start=2,
    )
)


def add(sentence: str) -> Slip:
    """One more paragraph at the end of the explanations."""
    return put("\n第四部分", f"\n{sentence}\n\n第四部分")


def both(*slips: Slip) -> Slip:
    def change(text: str) -> str:
        for slip in slips:
            text = slip(text)
        return text

    return change


def in_table(title: str, slip: Slip) -> Slip:
    """A slip in one table, and not where the same lines stand in others."""

    def change(text: str) -> str:
        start = text.index(f"\n{title}\n")
        end = text.index("\n\n\n", start + 1)
        return text[:start] + slip(text[start:end]) + text[end:]

    return change


def early(text: str) -> str:
    """The same document, ten years and more before."""
    return re.sub(r"20(1[5-9]|2[0-6])年", lambda found: f"{int(found[0][:4]) - 11}年", text)


def after_item(name: str, sentence: str) -> Slip:
    """One more sentence behind the one that tells of an item."""
    return put_all(rf"^(\d+\..*{name}.*)$", rf"\1\n\n{sentence}")


def units(words: str) -> Slip:
    """Another sentence on the bodies and offices."""
    return put("共1个。", words.format(BODY))


def items(text: str) -> list[str]:
    """Function items of the expenditure table, in order."""
    return re.findall(r"^(2\d{6})\t", text, flags=re.MULTILINE)


def numbered(text: str) -> str:
    """The tables with the numbers of the form above their titles: 表一, 表二, …"""
    for number, title in zip("一二三四五六七八九", TITLES, strict=True):
        text = put(f"\n\n{title}\n", f"\n\n表{number}\n{title}\n")(text)
    return text


BUDGET_TEXT = document_text(BUDGET)
TITLES = re.findall(r"^- [一二三四五六七八九]、(.*表)$", BUDGET_TEXT, flags=re.MULTILINE)
BALANCE, EXPENDITURE = "收支预算总表", "支出预算总表"
STATE_CAPITAL = "国有资本经营预算支出功能分类预算表"
BASIC = "一般公共预算基本支出部门预算经济分类预算表"
FIRST_ITEM = items(BUDGET_TEXT)[0]
FIRST_NAME = re.search(rf"^{FIRST_ITEM}\t(\S+)\t", BUDGET_TEXT, flags=re.MULTILINE)[1]  # type: ignore[index]

# each document has one slip; the rules that must speak of it, and nothing else of H, I and J
BUDGETS: dict[str, tuple[Slip, set[str]]] = {
    "sound": (lambda text: text, set()),
    # H
    "unknown_code": (put_all(f"^{FIRST_ITEM}\t", f"{FIRST_ITEM[:5]}68\t"), {"H01"}),
    "only_item_of_another_domain": (
        in_table(EXPENDITURE, put_all("^2210201\t", "30201\t")),
        {"H01"},
    ),
    "code_of_another_domain": (in_table(EXPENDITURE, put_all(f"^{FIRST_ITEM}\t", "30201\t")), {"H01"}),
    "other_name": (put_all(f"^{FIRST_ITEM}\t{FIRST_NAME}\t", f"{FIRST_ITEM}\t气象事业机构\t"), {"H02"}),
    "names_exchanged": (
        in_table(
            EXPENDITURE,
            both(
                put_all(
                    "^2080505\t机关事业单位基本养老保险缴费支出", "2080505\t机关事业单位职业年金缴费支出"
                ),
                put_all(
                    "^2080506\t机关事业单位职业年金缴费支出", "2080506\t机关事业单位基本养老保险缴费支出"
                ),
            ),
        ),
        {"H02"},
    ),
    "abolished_code": (
        in_table(
            EXPENDITURE,
            put_all("^2080505\t机关事业单位基本养老保险缴费支出", "2080504\t未归口管理的行政单位离退休"),
        ),
        {"H01"},
    ),
    "name_misspelt": (
        in_table(EXPENDITURE, put_all("^2210201\t住房公积金", "2210201\t住房公积全")),
        {"H02"},
    ),
    "name_of_several": (
        in_table(EXPENDITURE, put_all("^2210201\t住房公积金", "2210201\t行政运行")),
        {"H02"},
    ),
    "name_with_a_lost_character": (
        in_table(EXPENDITURE, put_all("^2210201\t住房公积金", "2210201\t住房积金")),
        {"H02"},
    ),
    # without another table that prints it right
    "name_with_a_doubled_character": (
        in_table(BASIC, put_all("^30113\t住房公积金", "30113\t住房房公积金")),
        {"H02"},
    ),
    # the cell broke the line
    "name_without_its_end": (
        in_table(EXPENDITURE, put_all("^2101103\t公务员医疗补助", "2101103\t公务员医疗补")),
        set(),
    ),
    "name_behind_the_end_of_another": (
        in_table(EXPENDITURE, put_all("^2101103\t公务员医疗补助", "2101103\t出公务员医疗补助")),
        set(),
    ),
    "path_of_another": (
        put("住房保障支出（类）住房改革支出（款）", "卫生健康支出（类）住房改革支出（款）"),
        {"H02"},
    ),
    "path_by_its_old_name": (put("行政事业单位养老支出（款）", "行政事业单位离退休（款）"), {"H03"}),
    "path_of_an_item_without_amount": (
        add("1.教育支出（类）进修及培训（款）行政运行（项）2026年预算数为0万元。"),
        set(),
    ),
    "unknown_name": (put_all(f"^{FIRST_ITEM}\t{FIRST_NAME}\t", f"{FIRST_ITEM}\t某项专门业务\t"), set()),
    "old_name": (in_table(BALANCE, put("、卫生健康支出", "、医疗卫生与计划生育支出")), {"H03"}),
    "old_name_in_table_and_text": (
        both(
            put_all("、卫生健康支出", "、医疗卫生与计划生育支出"),
            put("卫生健康支出（类）", "医疗卫生与计划生育支出（类）"),
        ),
        {"H03"},
    ),
    "old_class_in_the_text": (put("卫生健康支出（类）", "医疗卫生与计划生育支出（类）"), {"H03"}),
    "no_parent": (in_table(EXPENDITURE, drop(rf"^{FIRST_ITEM[:5]}\t.*\n")), {"H04"}),
    "no_total": (in_table(EXPENDITURE, drop(r"^\t*合\s*计\t.*\n")), {"H04"}),
    "state_capital": (
        in_table(
            "一般公共预算支出功能分类预算表",
            put_all("^208\t社会保障和就业支出\t", "223\t国有资本经营预算支出\t"),
        ),
        {"H04"},
    ),
    "body_number": (
        in_table(
            EXPENDITURE,
            put_all(f"^{FIRST_ITEM[:3]}\t", rf"{FIRST_ITEM[:3]}001\t下属服务中心\t\t\t\n\g<0>"),
        ),
        set(),
    ),
    "government_fund": (
        in_table(
            "一般公共预算支出功能分类预算表",
            put_all(f"^{FIRST_ITEM}\t{FIRST_NAME}\t", "2120801\t征地和拆迁补偿支出\t"),
        ),
        {"H04"},
    ),
    "digit_lost": (in_table(EXPENDITURE, put_all(f"^{FIRST_ITEM}\t", f"{FIRST_ITEM[:6]}\t")), {"H05"}),
    "code_with_a_letter": (
        in_table(EXPENDITURE, put_all(f"^{FIRST_ITEM}\t", FIRST_ITEM.replace("0", "O", 1) + "\t")),
        {"H05"},
    ),
    "code_with_dashes": (
        in_table(EXPENDITURE, put_all("^(2\\d\\d)(\\d\\d)(\\d\\d)\t", r"\1-\2-\3\t")),
        set(),
    ),
    "list_number_out_of_turn": (in_table(BALANCE, put("十六、金融支出", "十八、金融支出")), {"H05"}),
    "list_number": (in_table(BALANCE, put("十六、金融支出", "十五、金融支出")), {"H05"}),
    # I
    "no_table": (in_table(EXPENDITURE, drop(r"(?s)\A.*\Z")), {"I01"}),
    # the years before the form was laid down did not ask for each of its tables and chapters
    "name_of_an_early_year": (
        both(early, put_all("^30113\t住房公积金", "30113\t医疗费"), put_all("、住房公积金", "、医疗费")),
        set(),
    ),
    "no_table_of_an_early_year": (
        both(early, in_table(EXPENDITURE, drop(r"(?s)\A.*\Z")), drop(r"^- 三、支出预算总表\n")),
        set(),
    ),
    "promised_table_of_an_early_year": (both(early, in_table(EXPENDITURE, drop(r"(?s)\A.*\Z"))), {"I01"}),
    "no_chapter_of_an_early_year": (both(early, drop(r"^（三）国有资产占有使用情况.*$")), set()),
    "table_not_in_the_contents": (drop(r"^- 四、财政拨款收支预算总表\n"), {"I01"}),
    "not_listed_table": (put_first("- 九、", "- 九、政府采购预算表\n- 十、"), {"I01"}),
    "no_table_of_the_contents": (in_table(STATE_CAPITAL, drop(r"(?s)\A.*\Z")), {"I01"}),
    "table_before_its_turn": (
        lambda text: put("\n收支预算总表\n", table(text, EXPENDITURE) + "\n\n\n收支预算总表\n")(
            in_table(EXPENDITURE, drop(r"(?s)\A.*\Z"))(text)
        ),
        {"I01"},
    ),
    "twice_the_table": (
        lambda text: put("\n第三部分", "\n" + table(text, EXPENDITURE) + "\n\n第三部分")(text),
        {"I01"},
    ),
    "table_before_the_number_of_another": (
        both(drop(r"^- .*\n"), numbered, put("\n表六\n", "\n表三\n"), put_first("\n表三\n", "\n表六\n")),
        {"I01"},
    ),
    "tables_with_numbers": (both(drop(r"^- .*\n"), numbered), set()),
    "no_items": (in_table(EXPENDITURE, drop(rf"^{FIRST_ITEM[:5]}\d\d\t.*\n")), {"I02"}),
    "no_sections": (in_table(BASIC, drop(r"^302\d\d\t.*\n")), {"I03"}),
    "no_chapter": (drop(r"^（三）国有资产占有使用情况.*$"), {"I04"}),
    "no_note": (drop(r"^.*没有(?:使用)?政府性基金预算.*$"), {"I05"}),
    "note_of_a_full_table": (
        in_table(EXPENDITURE, lambda text: f"{text}\n\n注：本表无数据。"),
        {"I06"},
    ),
    "denied": (
        put_all(r"^2026年国有资本经营预算支出.*$", f"{BODY}2026年没有使用国有资本经营预算安排的支出。"),
        {"I06"},
    ),
    "denied_of_a_part": (
        add(f"{BODY}本级2026年没有使用国有资本经营预算安排的支出。"),
        set(),
    ),
    "denied_of_last_year": (add("上年没有使用国有资本经营预算安排的支出。"), set()),
    "amount_without_table": (
        put_all(r"^.*没有使用政府性基金预算拨款安排的支出。$", "2026年政府性基金预算支出12.00万元。"),
        {"I06"},
    ),
    "balance_without_table": (
        put_all(
            r"^(.*没有使用政府性基金预算拨款安排的支出。)$", r"\1\n\n政府性基金预算年末结转和结余12.00万元。"
        ),
        set(),
    ),
    "reception_not_told": (drop(r"^公务接待费预算.*$"), {"I06"}),
    "no_reason": (drop(r"，主要原因是[^。]*"), {"I07"}),
    "nearly_the_same": (add("2026年培训费预算12.00万元，比上年增加0.01万元，基本持平。"), set()),
    "no_reason_of_one_item": (add(ITEMS.format("。")), {"I07"}),
    "a_reason_of_each_item": (add(ITEMS.format("，主要原因是人员减少。")), set()),
    "one_reason_for_all_items": (
        add(re.sub("，主要原因是[^。]*", "", ITEMS.format("。")) + "\n\n主要原因是调整了定额。"),
        set(),
    ),
    "no_targets": (put("第三部分 2026年", FORM.format("\t\t", "\t\t", "\t\t", "\t\t")), {"I09"}),
    "targets": (put("第三部分 2026年", FORM.format(*VALUES)), set()),
    "no_target_of_one": (
        put("第三部分 2026年", FORM.format(VALUES[0], "合格率\t\t20", *VALUES[2:])),
        {"I09"},
    ),
    "weights_of_80": (put("第三部分 2026年", FORM.format(*weighed("20", "20", "20", "20"))), {"A07"}),
    "weights_of_110": (put("第三部分 2026年", FORM.format(*weighed("40%", "20%", "20%", "30%"))), {"A07"}),
    "weights_of_100": (put("第三部分 2026年", FORM.format(*weighed("40", "20", "20", "20"))), set()),
    "weights_in_percent": (put("第三部分 2026年", FORM.format(*weighed("30%", "20%", "20%", "20%"))), set()),
    "a_weight_missing": (put("第三部分 2026年", FORM.format(*weighed("30", "20", "20", ""))), set()),
    "weights_and_their_total": (
        put("第三部分 2026年", FORM.format(*weighed("40", "20", "20", "20\n\t\t\t\t\t\t合计\t\t100"))),
        set(),
    ),
    "weights_of_two_forms": (put("第三部分 2026年", FORM.format(*weighed("60", "40", "60", "30"))), set()),
    "weights_of_a_habit": (
        both(
            put("第三部分 2026年", FORM.format(*weighed("20", "20", "20", "20"))),
            put("第三部分 2026年", FORM.format(*weighed("30", "10", "10", "30"))),
        ),
        set(),
    ),
    "weights_that_go_on": (
        both(
            put("第三部分 2026年", FORM.format(*weighed("10", "20", "20", "10"))),
            put("第三部分 2026年", FORM.format(*weighed("10", "10", "10", "10"))),
        ),
        set(),
    ),
    "no_vehicles": (put("共有车辆3辆，单价100万元以上设备0台", "已按规定登记"), {"I10"}),
    "only_equipment": (put("共有车辆3辆，", ""), {"I10"}),
    "vehicles_kept": (
        both(
            put("共有车辆3辆，单价100万元以上设备0台", "的资产已按规定登记，没有大型设备"),
            put("\n公务接待费预算", "\n主要用于车辆保险。年末公务用车保有量为3辆。\n\n公务接待费预算"),
        ),
        set(),
    ),
    "equipment_bought": (
        both(
            put_all(
                r"^（三）国有资产占有使用情况.*$", "（三）公务用车。年末公务用车保有量为3辆，车辆保险齐全。"
            ),
            add("本年按规定完成办公设备购置。"),
        ),
        set(),
    ),
    "no_change_of_operations": (put_all(r"^(（一）机关运行经费。[^，]*)，.*$", r"\1。"), {"I10"}),
    "no_small_firms": (drop(r"^政府采购项目均面向中小企业.*$"), {"I11"}),
    "no_small_firms_beside_a_zero": (
        both(
            drop(r"^政府采购项目均面向中小企业.*$"),
            put_all(r"政府采购工程预算[\d.,]+万元", "政府采购工程预算0万元"),
        ),
        {"I11"},
    ),
    "no_chapter_of_three_public": (drop(r"(?s)^七、[^\n]*“三公”经费预算情况说明\n.*?(?=^八、南)"), {"I04"}),
    "no_glossary": (drop(r"^(?:一、基本支出：|二、项目支出：|第四部分 名词解释).*$"), {"I04"}),
    # the contents promise it, and all other chapters are there
    "no_promised_glossary": (lambda text: text[: text.rindex("\n第四部分")], {"I04"}),
    "glossary_of_another_name": (put_all("名词解释", "专业术语说明"), set()),
    "late": (
        both(add("部门预算已于2026年1月5日批复。"), lambda text: f"{text}\n{BODY}\n2026年3月10日\n"),
        {"I12"},
    ),
    "in_time": (
        both(add("部门预算已于2026年1月5日批复。"), lambda text: f"{text}\n{BODY}\n2026年1月20日\n"),
        set(),
    ),
    "late_by_its_text": (
        add("部门预算已于2026年1月5日批复，预算信息于2026年3月10日在政府网站公开。"),
        {"I12"},
    ),
    "late_by_its_labels": (add("（批复日期：2026年1月5日；公开时间：2026年3月10日）"), {"I12"}),
    "in_time_by_its_text": (
        add("部门预算已于2026年1月5日批复，预算信息于2026年1月20日在政府网站公开。"),
        set(),
    ),
    "dates_of_several_publications": (
        add("部门预算已于2026年1月5日批复，预算信息于2026年1月20日公开。决算信息于2026年9月10日公开。"),
        set(),
    ),
    "date_of_something_else": (
        add("部门预算已于2026年1月5日批复，按预算于2026年3月10日公开招聘工作人员。"),
        set(),
    ),
    # E, as far as it is no equation
    "idle_item": (put("、退休费", "、离休费1.00万元、退休费"), {"E11"}),
    "unnamed_item": (put_all(r"、差旅费[\d.]+万元", ""), {"E11"}),
    "fixed_list": (put("、差旅费", "、差旅费、租赁费、福利费、劳务费、咨询费"), set()),
    "open_list": (
        both(put_all(r"、差旅费[\d.]+万元", ""), put("、公务用车运行维护费", "、公务用车运行维护费等")),
        set(),
    ),
    "list_without_amounts": (put_all(r"(?<=[\u4e00-\u9fff])[\d.,]+万元(?=、)", ""), set()),
    "purpose_of_another": (after_item("住房公积金（项）", "主要用于缴纳职工基本医疗保险费。"), {"E14"}),
    "purpose_of_its_own": (after_item("住房公积金（项）", "主要用于缴纳职工住房公积金。"), set()),
    "reason_of_another": (after_item("职业年金缴费支出（项）", "增加的原因是缴纳住房公积金。"), {"E14"}),
    "reason_of_all": (
        after_item("职业年金缴费支出（项）", "增加的原因是社会保险、住房公积金缴费基数上调。"),
        set(),
    ),
    "count_of_units": (units("共计3家，具体包括：{0}（本级）、{0}服务中心。"), {"E16"}),
    "count_that_is": (units("共3个，即{0}本级、{0}服务中心。"), {"E16"}),
    "count_of_numbers": (units("1个。下属单位2个，分别是：1.{0}服务中心；2.{0}信息站。"), set()),
    "count_of_parts": (units("1个。下属单位2个，分别是：{0}服务中心；{0}信息站。"), set()),
    "count_of_subordinates": (units("1个。下属单位2个，即：{0}服务中心、{0}信息站。"), set()),
    "count_of_offices": (units("1个。{0}设9个内设机构，分别是：办公室、综合科（财务科）、稽查科。"), {"E16"}),
    "count_behind": (units("1个。{0}下设办公室、综合科、业务一科，共4个部门。"), {"E16"}),
    "count_of_kinds": (
        units("1个。\n\n本部门中，行政单位1家，事业单位2家，具体包括：\n\n1.{0}本级\n\n2.{0}服务中心"),
        {"E16"},
    ),
    "count_below": (units("1个。\n\n{0}内设4个职能机构，分别是：\n\n办公室、综合科、机关党委。"), {"E16"}),
    "count_projects": (add("对“设备购置”、“信息系统维护”和“业务培训”4个项目开展评价。"), {"E16"}),
    "count_projects_more": (add("对“设备购置”、“信息系统维护”、“业务培训”等2个项目开展评价。"), {"E16"}),
    "count_projects_right": (add("对“设备购置”（一级项目）、“信息系统维护”等2个一级项目开展评价。"), set()),
    "count_projects_open": (add("对“设备购置”、“信息系统维护”等9个项目开展评价。"), set()),
    # a name with 和 may be two, a party office may go uncounted, a list may be open
    "count_joint": (
        units("1个。{0}设4个内设机构，分别是：办公室、综合科、法规和审批科、稽查科和信访科。"),
        set(),
    ),
    "count_party": (units("1个。{0}设2个内设机构，分别是：办公室、综合科、机关党委。"), set()),
    "count_open": (units("1个。{0}设9个内设机构，包括办公室、综合科、稽查科等。"), set()),
    "count_other_words": (units("1个。{0}设3个处室，即负责机关运转的办公室、信息化建设、稽查科。"), set()),
    "count_right": (units("共计2家，具体包括：{0}（本级）、{0}服务中心（含下设的A站、B站）。"), set()),
    # J
    "placeholder": (add("XX单位的项目已全部纳入本年预算管理。"), {"J01"}),
    "placeholder_in_a_line": (in_table(BASIC, put_all("^30113\t住房公积金", "30113\tXX项目")), {"J01"}),
    "placeholder_in_a_form": (
        put("第三部分 2026年", FORM.format("维护XX设备\t≥20台\t30", *VALUES[1:])),
        {"J01"},
    ),
    "braces": (add("以上数据由{单位名称}负责解释。"), {"J01"}),
    "dots": (add("主要用于……等方面的支出。"), {"J01"}),
    "model_of_a_device": (add("本年更新XX-200型设备，其型号为BXX20。"), set()),
    "undecided": (add("决算数增加（减少）的情况见附表。"), {"J02"}),
    "instruction": (add("无此项支出的，仍保留该表格式。"), {"J02"}),
    "instruction_of_a_form": (add("（说明：各单位根据实际情况填写）"), {"J02"}),
    "delete_if_none": (add("若无此项内容请删除本段。"), {"J02"}),
    "as_the_case_may_be": (add("以上为常见名词，部门应根据实际情况进行解释和增减。"), {"J02"}),
    "year_of_heading": (put(f"{BODY}2026年收入预算情况说明", f"{BODY}2024年收入预算情况说明"), {"J03"}),
    "year_of_assets": (put("截至2025年12月31日", "截至2026年12月31日"), {"J03"}),
    "year_of_none": (
        put(f"{BODY}2026年没有使用政府性基金", f"{BODY}2025年没有使用政府性基金"),
        {"J03"},
    ),
    "year_of_total": (put("\n2026年支出预算", "\n2025年支出预算"), {"J03"}),
    "total_of_both_years": (add("2025年支出预算10.00万元，2026年支出预算12.00万元。"), set()),
    "year_of_an_amount": (put("2026年“三公”经费预算", "2025年财政拨款安排“三公”经费"), {"J03"}),
    "year_of_the_same_amount": (
        lambda text: re.sub(
            r"(?m)^2026年“三公”经费预算([\d,.]+)万元", r"2025年财政拨款安排“三公”经费\1万元。\n\g<0>", text
        ),
        set(),
    ),
    "totals_of_both_years": (
        add("2026年会议费支出12.00万元。\n\n2026年基本支出预算12.00万元。2025年基本支出预算10.00万元。"),
        set(),
    ),
    "year_of_the_glossary": (put("第四部分 名词解释", "第四部分 2024年单位预算名词解释"), {"J03"}),
    "year_of_a_part": (add("2024年部门综合预算公开报表"), {"J03"}),
    "year_of_a_meeting": (
        add("2025年一般公共预算拨款安排的会议费预算支出1.20万元，与上年预算数相同。"),
        {"J03"},
    ),
    "stale_base": (put("比上年预算增加", "比2023年预算增加"), {"J03"}),
    "year_cut": (add("依据202年度部门预算编制通知，以上情况一并公开。"), {"J03"}),
    "year_doubled": (add("以上数据截止到20266年12月，一并公开。"), {"J03"}),
    "year_exchanged": (add("以上情况列入2206年度的重点工作。"), {"J03"}),
    "years_of_old": (
        add("馆藏文物距今2500年，遗址距今20000年，建馆202年，另有12.202年均值和2050年度远景目标。"),
        set(),
    ),
    "base_of_its_own": (add("本年预算比2026年预算增加的部分已落实。"), {"J03"}),
    "document_number": (add("依据财预〔2019〕12号文件，单价2019元以下、2083.68元以内的用品不列入。"), set()),
    "doubled_word": (put("纳入绩效管理", "纳入绩效的的管理"), {"J05"}),
    "doubled_mark": (put("纳入绩效管理。", "纳入绩效管理。。"), {"J05"}),
    "doubled_word_of_any_kind": (put("纳入绩效管理", "主要主要纳入绩效管理"), {"J05"}),
    "header_in_one_line": (add("公开01表金额单位：万元收入收入收入支出支出支出项目行次金额栏次1"), set()),
    "lawful_doubles": (add("与会单位常常看看目的的达成，参与与会者认为为民服务要有多元元素。"), set()),
    "bracket": (add("本单位（含下属机构严格执行预算。"), {"J05"}),
    "numbered_list": (add("主要任务有：1）加强管理；2）提高效率；（3）总结经验。"), set()),
    "repeated_sentence": (add("本单位严格执行预算管理各项规定。" * 2), {"J06"}),
    "paragraph_again": (put_all(r"^(人员经费.*)\n\n(公用经费.*)$", r"\1\n\n\2\n\n\1"), {"J06"}),
    "item_again": (
        put_all(r"(?s)^(1\.社会保障和就业支出（类）[^\n]*)\n(.*?)(?=^六、)", r"\1\n\2\1\n\n"),
        {"J06"},
    ),
    "chapter_again": (
        put_all(r"(?s)^(三、[^\n]*支出预算情况说明\n.*?)(?=^四、)", r"\1\1"),
        {"J06"},
    ),
    "no_stop": (put_all(r"^(项目支出[\d,.]+万元，占.*)。$", r"\1"), {"J05"}),
    "no_stop_before_a_list": (put_all(r"^(2026年支出预算[\d,.]+万元)，其中：$", r"\1，主要包括"), set()),
    "line_that_goes_on": (add("2026年培训费预算1.20万元\n，比上年减少0.10万元，主要原因是任务减少。"), set()),
    "title_unlike_the_contents": (put_first("- 三、支出预算总表", "- 三、支岀预算总表"), {"J09"}),
    "title_with_more_words": (put_first("- 三、支出预算总表", "- 三、支出预算总体情况表"), set()),
    "level_of_another": (put("第二部分 2026年单位预算表", "第二部分 2026年部门预算表"), {"J09"}),
    "title_of_another_table_in_the_contents": (
        put_first("- 三、支出预算总表", "- 三、收入预算总表"),
        {"I01"},
    ),
    "year_of_the_contents": (
        put_first("第二部分 2026年单位预算表", "第二部分 2025年单位预算表"),
        {"J03"},
    ),
    "no_percent": (add("从结构看，项目支出较多，占38.51，其余为基本支出。"), {"J07"}),
    "no_money_unit": (add("其中公用经费预算12.50，已压减。"), {"J07"}),
    "no_unit": (put_first("\n单位：万元\n", "\n"), {"J08"}),
    "decimals": (in_table(EXPENDITURE, put_all(r"(\.\d\d)\t", r"\g<1>00\t", 1)), {"J08"}),
    "decimals_everywhere": (in_table(EXPENDITURE, put_all(r"(\.\d)0\b", r"\1")), set()),
    "other_body": (in_table(EXPENDITURE, put(BODY, f"{BODY[:-3]}档案馆")), {"J09"}),
    "heading_of_another": (
        put(f"{BODY}2026年收入预算情况说明", "青禾市档案馆2026年收入预算情况说明"),
        {"J09"},
    ),
    "sentence_of_another": (put(f"{BODY}2026年收支总预算", "青禾市档案馆2026年收支总预算"), {"J09"}),
    "vehicles_of_another": (put(f"{BODY}共有车辆", "青禾市档案馆共有车辆"), {"J09"}),
    "chapter_of_another": (add("青禾市档案馆（单位）机构设置"), {"J09"}),
    "chapter_by_its_short_name": (add(f"{BODY[:2]}{BODY[3:]}（单位）机构设置"), set()),
    "table_of_another": (put(f"\n{EXPENDITURE}\n", f"\n青禾市档案馆{EXPENDITURE}\n"), {"J09"}),
    "table_of_its_own": (put(f"\n{EXPENDITURE}\n", f"\n{BODY}{EXPENDITURE}\n"), set()),
    "note_of_another": (
        put_first(f"{BODY}2026年没有政府性基金", "青禾市档案馆2026年没有政府性基金"),
        {"J09"},
    ),
    "unit_named": (
        both(
            add("下属的青禾市档案馆不单独公开。"),
            add("青禾市档案馆2026年支出预算1.00万元，已包括在内。"),
        ),
        set(),
    ),
}
FINALS: dict[str, tuple[Slip, set[str]]] = {
    "final_sound": (lambda text: text, set()),
    "final_counts": (put("国内公务接待5批次、40人次", "国内公务接待从简"), {"I08"}),
    "final_guests": (put("国内公务接待5批次、40人次", "国内公务接待5批次"), {"I08"}),
    # what one sentence leaves out is one finding
    "final_vehicles": (put("公务用车购置0辆，年末公务用车保有量3辆，", ""), {"I08"}),
    "final_batches": (put("国内公务接待5批次、40人次", "国内公务接待40人次"), {"I08"}),
    "final_columns": (put_all(r"2024年度(预算数|决算数)", r"2023年度\1"), {"J03"}),
    "final_columns_and_their_change": (
        both(put_all("2024年度预算数", "增减变化情况"), put_all("2024年度决算数", "2022年度决算数")),
        {"J03"},
    ),
    "final_base_of_itself": (put("比2023年度减少", "比2024年度减少"), {"J03"}),
    "final_completion": (put_all(r"(完成年初预算的[\d.]+)%", r"\1", 1), {"J07"}),
    "final_total_without_unit": (put_all(r"(收、支总计[\d.,]+)万元", r"\1"), {"J07"}),
    "final_assets": (put("截至2024年12月31日", "截至2023年12月31日"), {"J03"}),
    "final_heading": (put("一、收入支出决算总体情况说明", "一、2023年度收入支出决算总体情况说明"), {"J03"}),
    "final_no_state_capital": (
        both(
            in_table("国有资本经营预算财政拨款支出决算表", drop(r"(?s)\A.*\Z")),
            drop(r"^- 九、国有资本.*\n"),
            put_all(r"^2024年度国有资本经营.*$", "本单位2024年度没有国有资本经营预算财政拨款支出。"),
        ),
        set(),
    ),
    "final_state_capital_not_told": (
        both(
            in_table("国有资本经营预算财政拨款支出决算表", drop(r"(?s)\A.*\Z")),
            drop(r"^- 九、国有资本.*\n"),
        ),
        {"I01"},
    ),
    "final_no_table": (in_table("支出决算表", drop(r"(?s)\A.*\Z")), {"I01"}),
}
# slips within one sentence, and what looks like one and is none: all of them stand in one document
SENTENCES: dict[str, str | None] = {
    "[单位名称]负责解释以上数据的来源。": "J01",
    "数据由ＸＸ单位负责解释并公开。": "J01",
    "本年培训预算XXX.XX万元，已全部下达。": "J01",
    "本年会议费比上年减少　　万元，已从严控制。": "J01",
    "本年会务费下降　　%，已从严控制。": "J01",
    "本年新增预算？？万元，已从严控制。": "J01",
    "涉及金额□□万元，已列入预算。": "J01",
    "本预算于202X年2月公开。": "J01",
    "该项目金额#REF!万元，已列入预算。": "J01",
    "错误！未找到引用源。": "J01",
    "某局负责实施该项目。": "J01",
    "主要用于XXX、XXX等方面。": "J01",
    "本年接待费预算   元，已从严控制。": "J01",
    "此处填写单位名称，以封面为准。": "J02",
    "（如无，请写“无”）": "J02",
    "具体说明变化原因：（略）。": "J02",
    "请注明变动的主要原因。": "J02",
    "如无此项支出，须注明“无”。": "J02",
    "（需说明具体原因）": "J02",
    "（参考格式）": "J02",
    "模板说明：本段由各单位编写。": "J02",
    "各单位可自行增减名词。": "J02",
    "本年培训费比上年增加(减少)1.20万元，原因是任务变化。": "J02",
    "本年会议费比上年增加或减少1.20万元，原因是任务变化。": "J02",
    "本年劳务费增（减）1.20万元，原因是任务变化。": "J02",
    "2025年一般公共预算支出33.71万元，用于保障运转。": "J03",
    "2025年，本单位“三公”经费预算19.38万元，已从严控制。": "J03",
    "2026年培训费预算与2022年相比增加1.20万元，主要原因是任务增加。": "J03",
    "2025年项目支出全部编制绩效目标，纳入绩效管理。": "J03",
    "2026年当年预算执行数为12.00万元，已用于日常运转。": "J03",
    "2025年当年预算执行数为12.00万元，已用于日常运转。": None,
    "2027年差旅费预算34.10万元，从严从紧安排。": "J03",
    "截至2027年1月31日，本单位房屋均已入账。": "J03",
    "截至2026年1月31日，本单位房屋均已入账。": None,
    "2025年单位预算安排购置车辆，用于更新。": "J03",
    "本年项目由我局进进行全面梳理。": "J05",
    "预算安排用于用于保障运转。": "J05",
    "同比增长增长5.00%，原因是任务增加。": "J05",
    "严格执行各项规定，,不得突破。": "J05",
    "本年培训费比上年增长5.36，已从严控制。": "J07",
    "本年会议费占比38.51，已从严控制。": "J07",
    "本年劳务费比上年降低5.36，已从严控制。": "J07",
    "本年培训费预算12.50万，已从严控制。": "J07",
    "型号为XX-100的设备已列入政府采购。": None,
    "单价2083.68元以内的用品依据财预〔2016〕143号文件不列入。": None,
    "按照“十四五”规划（2021—2025年）和2035年远景目标安排项目。": None,
    "委托农业研究研究所推进科研，促进进行中的课题结题。": None,
    "采购XXL码服装，增加（减少）额按规定列示。": None,
    "全年增加加班补贴，高等院校校园和县县乡道路均已安排，税务务必做到依法征收。": None,
    "人人参与、天天检查，为了了解情况开展调研，不从从严控制中松劲。": None,
    "增加或减少编制须报批，增减变化情况按季度通报。": None,
    "请示报告制度健全，申请填报材料齐全，待补缴的费用已缴。": None,
    "金额单位为万元，表格填表说明见附件。": None,
    "面积占比重较大，约12.50平方米。": None,
    "培训人数增长5.36倍，GDP增长5.20个百分点。": None,
    "比2025年预算执行数增加12.00万元，主要原因是任务增加。": None,
    "2024年结转资金主要用于设备购置。": None,
    "2025年项目支出全部开展绩效自评。": None,
}
BUDGETS["sentences"] = (
    add("\n\n".join(SENTENCES)),
    {rule for rule in SENTENCES.values() if rule},
)
CASES = BUDGETS | FINALS
# slips in several places: another class in place of one, reasons of all chapters, two kinds of assets
SEVERAL = {"sentences", "state_capital", "no_reason", "no_vehicles"}
# a file that is a part of a document: what it lacks may stand in another


def without_beginning(text: str) -> str:
    """From the second part on: neither cover nor contents, duties or tables."""
    return text[text.rindex("\n第三部分") :].lstrip("\n").replace("第三部分", "第二部分", 1)


def without_end(text: str) -> str:
    """The contents promise a glossary, and the file stops before it."""
    return text[: text.rindex("\n（二）政府采购")]


FRAGMENTS: dict[str, Slip] = {
    "without_beginning": without_beginning,
    "without_end": without_end,
    "without_first_section": lambda text: text[text.rindex("\n三、") :].lstrip("\n"),
    "only_the_text": lambda text: text[text.rindex("\n第三部分") :].lstrip("\n"),
    "only_the_tables": lambda text: text[text.index("\n收支预算总表\n") : text.rindex("\n第三部分")],
}
# what is no whole disclosure of a body, and what is said of the chapters that it does not have
PARTIAL: dict[str, tuple[str, str]] = {
    "one_topic": (f"{BODY}2026年“三公”经费预算情况说明", "a statement of one topic: it owes no others"),
    "of_government": (
        "关于和山县2025年预算执行情况和2026年预算草案的报告",
        "a report of the government: it owes other chapters",
    ),
    "excerpt": (
        f"{BODY}2026年部门预算情况说明",
        "the file may be an excerpt: neither tables nor most of the chapters stand in it",
    ),
}
TOLD = "一、“三公”经费预算总体情况\n" + "2026年“三公”经费预算3.00万元，用于公务接待。\n"
TOLD += "2025年一般公共预算支出33.71万元，用于保障运转。\n"
TOLD += "\n".join(f"第{n}项工作已按年度计划安排经费，保障任务完成。" for n in range(1, 15))
# a number of it has no place: nobody knows whether its table is empty, as its note says
DOUBTFUL = "doubtful_note"
BLANK_PAGE = 4
SOURCES = [
    f"int_{name}"
    for name in (
        "classification_check",
        "completeness_table",
        "completeness_text",
        "hygiene_check",
        "enumeration_check",
        "count_check",
        "purpose_check",
        "statement_check",
        "path_check",
        "decimal_check",
    )
]
# what the equations of the tables begin with
EQUATIONS = (
    "int_finding_equation",
    "int_equation_selected",
    "int_equation_vertical",
    "int_rule_term",
    "int_rule_variant",
)


def table(text: str, title: str) -> str:
    start = text.index(f"\n{title}\n")
    return text[start : text.index("\n\n\n", start + 1)]


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All documents in one warehouse, with the models that the judgements rest on."""
    folder = tmp_path_factory.mktemp("disclosure")
    documents = folder / "documents"
    documents.mkdir()
    slips = {name: slip for name, (slip, _) in CASES.items()} | FRAGMENTS
    slips[DOUBTFUL] = CASES["note_of_a_full_table"][0]
    for name, slip in slips.items():
        sound = document_text(FINAL) if name in FINALS else BUDGET_TEXT
        # a line that no rule looks at keeps documents apart that are the same
        (documents / f"{name}.txt").write_text(slip(sound) + f"\n{name}\n", encoding="utf-8")
    for name, (title, _) in PARTIAL.items():
        (documents / f"{name}.txt").write_text(f"{title}\n{TOLD}\n", encoding="utf-8")
    write_pdf(BUDGET, "ruled", folder / "without_blank_page.pdf")
    with_page = PdfDocument(folder / "without_blank_page.pdf")
    with_page.new_page(595, 842, BLANK_PAGE - 1)
    with_page.save(documents / "blank_page.pdf")
    (documents / "sound_again.txt").write_bytes((documents / "sound.txt").read_bytes())
    corpus = discover(documents)
    folders = {}
    for source in corpus.sources:
        folders[source.document_id] = folder / source.document_id
        land(source.path, folders[source.document_id])
    path = folder / "warehouse.duckdb"
    begin(path)
    with duckdb.connect(str(path)) as connection:
        load(connection, corpus, folders, [])
        connection.execute(
            "insert into raw.unplaced (document_id, page_no, line_no, table_no, text, reason)"
            " select document_id, 1, 1, table_no, '1.00', 'no column' from raw.table inner join raw.document"
            " using (document_id) where document_name = ? and table_title = ?",
            [f"{DOUBTFUL}.txt", EXPENDITURE],
        )
        # the equations of the tables are another matter
        connection.execute("create schema intermediate")
        connection.execute(
            "create table intermediate.int_finding_equation"
            " (document_id varchar, table_no integer, cause varchar)"
        )
    build_models(
        path,
        ["+int_finding_disclosure", "+document_scorecard", "+disclosure_check"],
        exclude=[f"{model}+,+int_finding_equation" for model in EQUATIONS],
    )
    return path


@pytest.mark.parametrize("name", CASES)
def test_one_slip_is_one_finding_of_its_rule(warehouse: Path, name: str) -> None:
    found = rows(
        warehouse,
        "select rule_id, message_zh from intermediate.int_finding_disclosure"
        " where document_name = ? and cause <> 'duplicate_file'",
        f"{name}.txt",
    )
    rules = [rule for rule, _ in found]
    assert set(rules) == CASES[name][1], found
    assert len(rules) == len(set(rules)) or name in SEVERAL, found


def test_each_sentence_is_told_of_by_its_rule(warehouse: Path) -> None:
    """Blanks are no part of a sentence, and a mark of exclamation ends one."""
    found: dict[str, set[str]] = {sentence: set() for sentence in SENTENCES}
    for rule, printed in rows(
        warehouse,
        "select rule_id, sentence_text from intermediate.int_disclosure_check"
        " inner join staging.stg_sentence using (document_id, sentence_no)"
        " inner join staging.stg_document using (document_id)"
        " where document_name = 'sentences.txt' and status = 'fail'",
    ):
        for sentence in found:
            if re.sub(r"\s", "", printed) in re.sub(r"\s", "", sentence):
                found[sentence].add(rule)
    assert found == {sentence: {rule} if rule else set() for sentence, rule in SENTENCES.items()}


@pytest.mark.parametrize("name", FRAGMENTS)
def test_of_a_part_nobody_says_what_the_whole_lacks(warehouse: Path, name: str) -> None:
    """What is missing from a file that is cut, or from one half of a document, is not decided."""
    missing = rows(
        warehouse,
        "select rule_id, cause, message_zh from intermediate.int_finding_disclosure"
        " where document_name = ? and cause like 'missing%' and cause <> 'missing_reason'",
        f"{name}.txt",
    )
    assert missing == []
    reasons = rows(
        warehouse,
        "select distinct reason from quality.disclosure_check inner join staging.stg_document"
        " using (document_id) where document_name = ? and status = 'insufficient_data' and rule_id <> 'I12'",
        f"{name}.txt",
    )
    cut = [reason for (reason,) in reasons if reason.startswith(("the file begins", "the file ends"))]
    assert len(cut) == (0 if name == "only_the_tables" else 1), reasons


def test_a_note_is_not_held_against_numbers_without_a_place(warehouse: Path) -> None:
    judged = rows(
        warehouse,
        "select status from quality.disclosure_check inner join staging.stg_document using (document_id)"
        " where document_name = ? and rule_id = 'I06' and table_title = ?",
        f"{DOUBTFUL}.txt",
        EXPENDITURE,
    )
    assert judged == [("insufficient_data",)]


def test_a_report_of_the_government_tells_of_two_years(warehouse: Path) -> None:
    found = rows(
        warehouse,
        "select document_name from intermediate.int_disclosure_check inner join staging.stg_document"
        " using (document_id) where rule_id = 'J03' and status = 'fail' and document_name in (?, ?)",
        "of_government.txt",
        "excerpt.txt",
    )
    assert found == [("excerpt.txt",)]


@pytest.mark.parametrize("name", PARTIAL)
def test_only_a_whole_disclosure_owes_every_chapter(warehouse: Path, name: str) -> None:
    judged = rows(
        warehouse,
        "select distinct status, reason from quality.disclosure_check inner join staging.stg_document"
        " using (document_id) where document_name = ? and rule_id = 'I04' and status <> 'pass'",
        f"{name}.txt",
    )
    status = "insufficient_data" if name == "excerpt" else "not_applicable"
    assert judged == [(status, PARTIAL[name][1])]


def test_a_file_under_two_names_is_said_once(warehouse: Path) -> None:
    found = rows(
        warehouse,
        "select document_name, equation_count from intermediate.int_finding_disclosure"
        " where cause = 'duplicate_file'",
    )
    assert found == [("sound.txt", 1)]


def test_an_old_name_in_tables_and_text_is_told_once(warehouse: Path) -> None:
    found = rows(
        warehouse,
        "select message_zh from intermediate.int_finding_disclosure"
        " where document_name = 'old_name_in_table_and_text.txt'",
    )
    assert len(found) == 1
    assert "、医疗" not in found[0][0]


def test_a_blank_page_is_told_with_its_number(warehouse: Path) -> None:
    found = rows(
        warehouse,
        "select rule_id, page_no from intermediate.int_finding_disclosure"
        " where document_name = 'blank_page.pdf'",
    )
    assert found == [("J06", BLANK_PAGE)]


def test_every_judged_rule_has_a_slip_and_passes_elsewhere(warehouse: Path) -> None:
    judged = {rule for (rule,) in rows(warehouse, "select rule_id from staging.scorecard_block")}
    assert {rule for _, rules in CASES.values() for rule in rules} | {"J06"} == judged
    passed = rows(warehouse, "select distinct rule_id from quality.disclosure_check where status = 'pass'")
    # of operations without a table and old names nothing but the slip is printed
    assert judged - {rule for (rule,) in passed} <= {"H03"}


def test_what_was_not_decided_says_why(warehouse: Path) -> None:
    silent = rows(
        warehouse,
        "select rule_id, object from quality.disclosure_check"
        " where status in ('insufficient_data', 'not_applicable') and reason is null",
    )
    assert silent == []


def test_the_scorecard_counts_the_judgements(warehouse: Path) -> None:
    name = "select document_id from staging.stg_document where document_name = 'no_chapter.txt'"
    blocks = dict(
        rows(warehouse, f"select block, failed from quality.document_scorecard where document_id = ({name})")
    )
    assert blocks == {"timeliness": 0, "completeness": 1, "detail": 0, "standard_form": 0}
    full = rows(
        warehouse,
        "select distinct score from quality.document_scorecard inner join staging.stg_document"
        " using (document_id) where document_name = 'final_no_state_capital.txt' and block <> 'timeliness'",
    )
    assert full == [(1,)]
    scores = rows(
        warehouse,
        "select count(*) from quality.document_scorecard"
        " where score is distinct from round(passed::decimal(18, 6) / nullif(passed + failed, 0), 4)"
        " and abs(score - passed::decimal(18, 6) / (passed + failed)) > 0.0001",
    )
    assert scores == [(0,)]


def test_a_judgement_keeps_its_id_in_whatever_order_the_rows_come(warehouse: Path) -> None:
    """Threads decide the order in which a database hands rows on."""
    asked = "select * from intermediate.int_disclosure_check order by all"
    before = rows(warehouse, asked)
    with duckdb.connect(str(warehouse)) as connection:
        for model in SOURCES:
            connection.execute(
                f"create table intermediate.reversed as from intermediate.{model} order by all desc"
            )
            connection.execute(f"drop table intermediate.{model}")
            connection.execute(f"alter table intermediate.reversed rename to {model}")
    build_models(warehouse, ["int_disclosure_check"])
    assert rows(warehouse, asked) == before
