"""Chapters, sentences and claims: what a reader of the text would say is there."""

import time

import pytest

from extract.layout.assemble import lay_out
from extract.model import Box, Line
from extract.narrative import MAX_SENTENCE, Claim, read_narrative
from extract.readers.text import read_text
from extract.vocabulary import load_vocabulary

pytestmark = pytest.mark.unit


def lines(text: str) -> list[Line]:
    return [Line(row, number) for number, row in enumerate(text.split("\n"), start=1) if row.strip()]


def pages(*texts: str) -> list[Line]:
    found: list[Line] = []
    for page_no, text in enumerate(texts, start=1):
        for row in text.split("\n"):
            found.append(Line(row, len(found) + 1, page_no))
    return found


def claims(sentence: str) -> list[Claim]:
    return read_narrative(lines(sentence)).claims


def sentences(text: str) -> list[str]:
    return [sentence.text for sentence in read_narrative(lines(text)).sentences]


def outline(text: str) -> list[tuple[int, str | None, str]]:
    return [(c.depth, c.number_text, c.title) for c in read_narrative(lines(text)).chapters]


# --- chapters --------------------------------------------------------------------------------------


def test_numbered_headings_nest_by_their_kind_of_number():
    assert outline(
        "第三部分 情况说明\n一、收入情况\n（一）总体情况\n1.增减情况\n"
        "（二）具体情况\n二、支出情况\n第四部分 名词解释"
    ) == [
        (1, "第三部分", "情况说明"),
        (2, "一、", "收入情况"),
        (3, "（一）", "总体情况"),
        (4, "1.", "增减情况"),
        (3, "（二）", "具体情况"),
        (2, "二、", "支出情况"),
        (1, "第四部分", "名词解释"),
    ]


def test_a_chapter_knows_its_parent_and_its_line():
    narrative = read_narrative(lines("一、收入情况\n\n（一）总体情况\n收入预算 5 万元。"))
    assert narrative.chapters[1].parent_chapter_no == narrative.chapters[0].chapter_no
    assert narrative.chapters[1].line_no == 3
    assert narrative.sentences[0].chapter_no == narrative.chapters[1].chapter_no


@pytest.mark.parametrize(
    "item",
    [
        "1. 负责全区社会保险登记、社会保险费申报审核；",
        "（三）承担督促检查领导同志有关批示件落实情况的责任。",
        "(4) 负责各项社会保险基金的运营管理。",
        "1. 社会保障和就业支出（类）3,245.06 万元，占 90.15%。",
        "一、财政拨款：指由一般公共预算安排的财政拨款数。",
    ],
)
def test_numbered_duties_items_and_terms_are_text(item):
    assert outline(item) == []
    assert sentences(item) == [item]


def test_the_contents_are_one_chapter_and_do_not_repeat_the_others():
    contents = "目 录\n第一部分 概况\n- 一、主要职能\n第二部分 情况说明 ......... 5\n"
    text = contents + "第一部分 概况\n一、主要职能\n负责经办。"
    assert outline(text) == [
        (1, None, "目录"),
        (1, "第一部分", "概况"),
        (2, "一、", "主要职能"),
    ]
    assert sentences(text)[:3] == ["第一部分 概况", "一、主要职能", "第二部分 情况说明"]


def test_an_unnumbered_heading_is_known_from_the_contents():
    text = (
        "目录\n一、部门主要职能\n二、名词解释\n某区财政局主要职能\n某区财政局主管财政。\n名词解释\n基本支出。"
    )
    assert outline(text)[1:] == [(1, None, "某区财政局主要职能"), (1, None, "名词解释")]


def test_numbers_begin_anew_within_an_unnumbered_heading():
    contents = "目录\n一、名词解释\n二、其他相关情况说明\n"
    text = contents + "名词解释\n其他相关情况说明\n一、政府采购情况\n采购 5 万元。"
    assert outline(text)[2:] == [(1, None, "其他相关情况说明"), (2, "一、", "政府采购情况")]


def test_a_part_takes_its_title_from_the_next_line():
    assert outline("第四部分\n\n名词解释\n\n一、财政拨款：指拨款。") == [(1, "第四部分", "名词解释")]
    assert outline("**第二部分 2026 年度某\n局部门预算表**") == [(1, "第二部分", "2026 年度某局部门预算表")]


def test_a_heading_may_run_into_its_paragraph():
    narrative = read_narrative(lines("（一）机关运行经费支出情况。2022 年度支出 267.25 万元。"))
    assert narrative.chapters[0].title == "机关运行经费支出情况"
    assert [s.text for s in narrative.sentences] == ["2022 年度支出 267.25 万元。"]


def test_a_heading_glued_to_a_sentence_is_found():
    assert outline("本部门无委托业务费使用情况（四）国有资产占有使用情况") == [
        (1, "（四）", "国有资产占有使用情况")
    ]


def test_the_title_page_belongs_to_no_chapter():
    narrative = read_narrative(lines("某某局\n2026 年部门预算\n一、收入情况"))
    assert [s.chapter_no for s in narrative.sentences] == [None, None]


# --- sentences -------------------------------------------------------------------------------------


def test_a_line_wider_than_the_text_leaves_it_wrapped():
    """A note on a page that lies across: the words before a colon are no label of their own."""
    text = "\n".join(
        [
            "一、机构设置",
            *["甲" * 40] * 28,
            "乙" * 40,
            "单位包括：",
            "1.某某市某某局",
            "注：" + "丙" * 80 + "。",
        ]
    )
    assert "甲" * 28 * 40 + "乙" * 40 + "单位包括：" in sentences(text)


def test_hard_wrapped_lines_become_sentences_again():
    wrapped = (
        "2022 年度收、支总计 16242.83 万元。与 2021 年度相比，\n\n"
        "收、支总计各减少 3109.62 万元，减少 19.14%，主要原因是\n\n"
        "主要是 2089999 项目下核算的 2021 年度自治区财政厅向我\n\n"
        "局拨付追加预算项目 3673.76 万元，2022 年度无此预算金额\n\n"
        "，而且其他的项目也没有增加支出的预算安排金额，所以减\n\n"
        "少较多。"
    )
    found = sentences(wrapped)
    assert found[0] == "2022 年度收、支总计 16242.83 万元。"
    assert len(found) == 2
    assert "财政厅向我局拨付追加" in found[1] and found[1].endswith("所以减少较多。")


def test_a_sentence_runs_over_the_page_break_with_its_page_number_and_running_head():
    narrative = read_narrative(
        pages(
            "某局2026年度部门预算公开\n第一页的文字写满了一整行但是这里还没有写完所以支出预算比\n- 1 -",
            "某局2026年度部门预算公开\n上年增加 5 万元，增长 3%。\n- 2 -",
            "某局2026年度部门预算公开\n另一句。\n- 3 -",
        )
    )
    assert [s.text for s in narrative.sentences] == [
        "第一页的文字写满了一整行但是这里还没有写完所以支出预算比上年增加 5 万元，增长 3%。",
        "另一句。",
    ]
    assert narrative.sentences[0].page_no == 1


def test_an_indented_line_opens_a_paragraph():
    first = Line("这一行文字写满了整整一行没有标点符号也没有写完的样子", 1, 1, Box(50, 10, 500, 22))
    second = Line("另起一段的文字", 2, 1, Box(74, 30, 200, 42))
    assert len(read_narrative([first, second]).sentences) == 2


def test_a_block_that_is_set_in_as_a_whole_keeps_its_sentences():
    rows = [
        ("一、预算收支增减变化情况说明", 90), ("按照综合预算的原则，本单位所有收入和支出均纳入部门预算管理。", 90),  # noqa: E501
        ("（一）收入预算：2026年收入预算900.00万元，其中：一般公共预算", 90), ("收入800.00万元，其他收入100.00万元。", 90),  # noqa: E501
        ("比上年减少8.5万元。", 62),
    ]  # fmt: skip
    text = [
        Line(row, n, 1, Box(left, n * 20, left + 14 * len(row), n * 20 + 14))
        for n, (row, left) in enumerate(rows, 1)
    ]
    found = [sentence.text for sentence in read_narrative(text).sentences]
    assert (
        "（一）收入预算：2026年收入预算900.00万元，其中：一般公共预算收入800.00万元，其他收入100.00万元。"
        in found
    )


def test_an_item_that_breaks_off_in_its_sentence_is_no_title():
    text = "6.教育（类）进修及培训（款）培训支出（项）。年初预算\n为180.61万元，支出决算为180.03万元，完成年初预算的99.68%。"  # noqa: E501
    assert "年初预算为180.61万元，支出决算为180.03万元，完成年初预算的99.68%。" in sentences(text)


def test_a_page_number_among_blank_lines_does_not_end_a_sentence():
    """Text that was taken from pages has their numbers in it, and the empty foot and head around them."""

    def read(foot: str) -> list[str]:
        head = "各预算单位政府采购预算总额11884.37万元：货物预算2703.49万元、服务预算8941.32万元；其中一般公共预算"  # noqa: E501
        tail = "政府采购3400.00万元：政府采购货物预算1700.00万元、政府采购服务预算1700.00万元。"
        text = "\n".join([head, "", "", foot, *[""] * 9, tail])
        layout = lay_out(read_text(text.encode(), "0" * 64, "sample.txt"), load_vocabulary())
        return [sentence.text for sentence in read_narrative(layout.lines).sentences]

    assert len(read("        —    7   —")) == 1
    assert len(read("")) == 2


def test_a_sentence_has_the_box_of_its_part_on_the_first_page():
    def line(text: str, line_no: int, page_no: int, top: float) -> Line:
        return Line(text, line_no, page_no, Box(50, top, 50 + 10 * len(text), top + 12))

    first, second = read_narrative(
        [
            line("短句在前。支出预算比上年增加五万元，主要是人员", 1, 1, 700),
            line("经费按照规定的标准增加，并且还要继续往下写写", 2, 1, 716),
            line("下一页才写完的一句话。", 3, 2, 60),
        ]
    ).sentences
    assert first.box == Box(50, 700, 100, 712)
    # from the left end of its second line to the right end of its first; what is on page 2 does not count
    assert second.page_no == 1
    assert second.box == Box(50, 700, 280, 728)


def test_lines_with_labels_stay_apart():
    labelled = (
        "预算安排规模：999.00 万元",
        "项目承担单位：某某自治区社会保险中心信息化建设处",
        "资金分配情况：运维 480 万元",
    )
    assert sentences("\n\n".join(labelled)) == list(labelled)


def test_an_endless_text_is_cut():
    found = sentences("支出，" * 5_000)
    assert max(map(len, found)) <= MAX_SENTENCE
    assert "".join(found) == "支出，" * 5_000


@pytest.mark.parametrize(
    "text",
    [
        "1," * 200_000,
        "（" * 200_000,
        "1 . 2 , " * 50_000,
        "增加（" * 100_000,
        "字\n" * 50_000,
        "第一\n" * 50_000,
    ],
)
def test_odd_text_takes_no_longer_than_other_text(text):
    start = time.perf_counter()
    read_narrative(lines(text))
    assert time.perf_counter() - start < 10


# --- claims ----------------------------------------------------------------------------------------


def test_a_claim_is_found_again_at_its_place():
    text = "基本支出 2,279.34 万元，占 63.32%，比上年预算增加 151.63 万元。"
    for claim in claims(text):
        assert text[claim.char_start : claim.char_end] == claim.value_text


@pytest.mark.parametrize(
    ("text", "value", "number", "unit"),
    [
        ("项目支出 1903. 61 万元。", "1903. 61 万元", "1903.61", "万元"),
        ("收入 3, 245. 06 万元。", "3, 245. 06 万元", "3245.06", "万元"),
        ("占支出的 98.72 %。", "98.72 %", "98.72", "%"),
        ("比例为 5％。", "5％", "5", "%"),
        ("提高 1.5 个百分点。", "1.5 个百分点", "1.5", "个百分点"),
        ("发放养老金 1251.34 亿元。", "1251.34 亿元", "1251.34", "亿元"),
        ("补贴 120.00元/月/人。", "120.00元/月/人", "120.00", "元/月/人"),
        ("设备 1 台/个。", "1 台/个", "1", "台/个"),
        ("设备 0 台（套）。", "0 台（套）", "0", "台（套）"),
        ("房屋 846.57 平方米。", "846.57 平方米", "846.57", "平方米"),
        ("认证 59.7 万人次。", "59.7 万人次", "59.7", "万人次"),
        ("增长 -3.5%。", "-3.5%", "-3.5", "%"),
        ("支出１２．５万元。", "１２．５万元", "12.5", "万元"),
    ],
)
def test_values_as_printed_and_as_plain_decimals(text, value, number, unit):
    (claim,) = claims(text)
    assert (claim.value_text, claim.number_text, claim.unit_text) == (value, number, unit)


@pytest.mark.parametrize(
    "text",
    [
        "2026 年 12 月 31 日发布。",
        "巴财社[2025]102号、财社〔2025〕102号和国发[1998]23 号文件。",
        "热线掌上 12333 和电话 0951-5012345。",
        "列入 2089999-其他社会保障和就业支出。",
        "第 2 批项目、前 3 名单位。",
        "2022 年项目、3 项目名称、2 条例。",
        "在 E 通平台和 B2 个别系统。",
    ],
)
def test_years_documents_codes_and_ordinals_are_no_claims(text):
    assert claims(text) == []


def test_list_numbers_are_no_part_of_amounts():
    (claim, *_) = claims("2. 100 万元以上设备 0 台。")
    assert claim.number_text == "100"
    assert [c.value_text for c in claims("1.2026年房屋 3 间。")] == ["3 间"]


def test_one_clause_after_another_speaks_of_the_same_thing():
    found = claims(
        "基本支出 2,279.34 万元，占 63.32%，比上年预算增加 151.63 万元，增长 7.13%；项目支出 5 万元。"
    )
    assert [c.subject_text for c in found] == ["基本支出", "基本支出占", "基本支出", "基本支出", "项目支出"]
    assert [c.direction_text for c in found] == [None, None, "增加", "增长", None]
    assert [c.period_text for c in found] == [None, None, "上年预算", "上年预算", None]
    assert [c.claim_kind for c in found] == ["amount", "percentage", "amount", "percentage", "amount"]


def test_a_share_names_its_base():
    (_, share) = claims("中小企业合同金额 166.62 万元，占政府采购支出总额的 41.89%。")
    assert share.subject_text == "中小企业合同金额占政府采购支出总额"


def test_the_item_stands_before_the_colon():
    (claim, *_) = claims(
        "1. 卫生健康支出（类）行政事业单位医疗（款）行政单位医疗（项）：2026 年预算数为 5.00 万元。"
    )
    assert claim.subject_text == "卫生健康支出（类）行政事业单位医疗（款）行政单位医疗（项）"
    assert claim.period_text == "2026年预算数"


def test_the_item_may_stand_in_the_sentence_before():
    found = claims("1.教育（类）培训支出（项）。年初预算为 180.61 万元，支出决算为 180.03 万元。")
    assert [c.subject_text for c in found] == ["教育（类）培训支出（项）"] * 2
    assert [c.period_text for c in found] == ["年初预算", "决算"]


def test_a_change_belongs_to_the_period_it_is_compared_with():
    found = claims("2.资本性支出0.53万元，较2021年度决算数1.04万元减少0.51万元，降低49.03%。")
    assert [c.period_text for c in found[1:]] == ["2021年度决算数"] * 3
    found = claims(
        "2026 年会议费比上年预算增加 1 万元，原因是 2025 年与 2026 年均有会议；培训费增加 2 万元。"
    )
    assert [c.period_text for c in found] == ["上年预算", "上年预算"]


@pytest.mark.parametrize("words", ["相比", "对比", ""])
def test_a_comparison_names_no_thing(words):
    found = claims(f"与上年{words}减少 5 万元，下降 20%，主要原因是项目减少。")
    assert [c.subject_text for c in found] == [None, None]


def test_the_current_year_of_another_is_that_other():
    found = claims("2025年当年预算执行数为59.11万元，2026年预算安排57.8万元。")
    assert [claim.period_text for claim in found] == ["2025年当年预算执行数", "2026年预算安排"]


def test_equal_to_last_year_is_a_direction():
    (claim,) = claims("事业收入 0 万元,与上年持平。")
    assert claim.direction_text == "持平"


def test_unfilled_alternatives_are_kept_as_printed():
    (claim,) = claims("较2021年度决算数增加（减少）0元。")
    assert claim.direction_text == "增加（减少）"


def test_a_threshold_describes_what_is_counted():
    found = claims("单价 100 万元以上设备 2 台。")
    assert [(c.value_text, c.subject_text) for c in found][1] == ("2 台", "单价 100 万元以上设备")


def test_counts_do_not_change_what_amounts_speak_of():
    found = claims("公务接待费 0.26 万元，共接待 1 批次，16 人次，比上年增加 0.1 万元。")
    assert [c.subject_text for c in found] == ["公务接待费", "共接待", "共接待", "公务接待费"]


def test_a_share_belongs_to_the_amount_before_it_also_where_that_lost_its_unit() -> None:
    found = claims("基本支出365.00万元，占62.93%；项目支出215.00，占37.07%，比上年增加8.00，增长3.86%。")
    assert [(claim.value_text, claim.subject_text) for claim in found] == [
        ("365.00万元", "基本支出"),
        ("62.93%", "基本支出占"),
        ("37.07%", "项目支出占"),
        ("3.86%", "项目支出"),
    ]
