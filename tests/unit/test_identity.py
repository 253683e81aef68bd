"""A document says who published it, for which year, and what it is."""

from datetime import date
from functools import cache
from pathlib import Path

import pytest

from extract.identity import Identity, identify
from extract.model import Cell, Document, Grid, GridRow, Line, Page
from extract.readers.text import read_text

DOCUMENTS = Path(__file__).resolve().parents[2] / "data" / "documents"


def document(text: str, name: str = "x.txt") -> Document:
    lines = [Line(row, number) for number, row in enumerate(text.split("\n"), start=1) if row.strip()]
    return Document("0" * 64, name, "text", [Page(None, list(lines))])


def said(text: str) -> Identity:
    return identify(document(text))


@cache
def seed(prefix: str) -> Identity:
    (path,) = DOCUMENTS.glob(f"{prefix}_*.txt")
    return identify(read_text(path.read_bytes(), prefix, path.name))


@pytest.mark.unit
@pytest.mark.parametrize(
    ("cover", "agency", "year", "kind", "level", "region"),
    [
        (
            "2026 年度\n福州市公安局治安管理\n支队\n单位预算",
            "福州市公安局治安管理支队",
            2026,
            "budget",
            "unit",
            "福州市",
        ),
        (
            "上海市普陀区2025年区级部门预算\n预算主管部门：上海市普陀区商务委员会",
            "上海市普陀区商务委员会",
            2025,
            "budget",
            "department",
            "普陀区",
        ),
        (
            "上海市2026年市级单位预算\n预算单位：上海交通职业技术学院",
            "上海交通职业技术学院",
            2026,
            "budget",
            "unit",
            "上海市",
        ),
        # what a page of the web prints above the title is no part of the name
        (
            "今天是\n搜索\n索引号：1 发布机构：县教育局\n苍南县教育局（汇总）2020年度部门决算\n目录",
            "苍南县教育局",
            2020,
            "final",
            "department",
            "苍南县",
        ),
        (
            "当前位置： 首页 > 重庆市交通委员会2018年部门预算\n重庆市交通委员会2018年部门预算情况说明",
            "重庆市交通委员会",
            2018,
            "budget",
            "department",
            "重庆市",
        ),
        (
            "（2018部门预算公开）\n防城港市公共资源交易中心2018年部门预算\n及“三公”经费预算编制说明",
            "防城港市公共资源交易中心",
            2018,
            "budget",
            "department",
            "防城港市",
        ),
        (
            "曾都区河道堤防建设管理处 2021 年度决算公开说明\n第一部分：基本情况\n2021 年度部门决算情况说明",
            "曾都区河道堤防建设管理处",
            2021,
            "final",
            "department",
            "曾都区",
        ),
        (
            "安义县长均乡中心学校部门2020年度部门决算\n目录",
            "安义县长均乡中心学校",
            2020,
            "final",
            "department",
            "安义县",
        ),
        ("西安市医疗保障局 年部门综合预算\n2022", "西安市医疗保障局", 2022, "budget", "department", "西安市"),
        (
            "西安市审计局（汇总）\n2026年部门预算公开说明",
            "西安市审计局",
            2026,
            "budget",
            "department",
            "西安市",
        ),
        ("国家信访局\n2024 年度部门决算\n二〇二五年七月", "国家信访局", 2024, "final", "department", None),
        (
            "中共上海市普陀区委\n社会工作部 2024 年度\n部门决算",
            "中共上海市普陀区委社会工作部",
            2024,
            "final",
            "department",
            "普陀区",
        ),
    ],
)
def test_title_pages(cover, agency, year, kind, level, region):
    found = said(cover + "\n目 录\n第一部分 概况\n")
    assert (
        found.agency_name,
        found.fiscal_year,
        found.document_kind,
        found.body_level,
        found.region_name,
    ) == (
        agency,
        year,
        kind,
        level,
        region,
    )


# what they are called ends in many ways: the place before and the words of the title after it frame the name
BODIES = [
    "某某省科协",
    "某某自治区残联",
    "某某市妇联",
    "某某市某某区工商联",
    "某某县文联",
    "某某新区侨联",
    "某某县红十字会",
    "共青团某某市委",
    "某某市总工会",
    "某某县某某镇委宣传部",
    "中共某某市委党校",
    "某某县融媒体中心",
    "某某区供销社",
    "某某市机关事务中心",
    "某某县人民法院",
    "某某市人大",
    "某某县政协",
    "中国人民政治协商会议某某市委员会",
    "某某县人大常委会办公室",
    "某某市某某区某某街道办事处",
    "某某县某某镇人民政府",
    "某某镇",
    "某某县第一高级中学",
    "某某一中",
    "某某县某某乡初级中学",
    "某某镇中心小学",
    "某某区机关幼儿园",
    "某某市中医院",
    "某某省农业科学研究所",
    "某某经济开发区管委会",
    "某某县河道治理指挥部",
    "某某市交警支队",
    "某某县消费者协会",
    "某某市教育基金会",
    "某某市广播电视台",
    "某某市日报社",
    "某某市国资委",
    "中共某某县委政法委员会",
    "某某市纪委监委",
    "中共某某县委编办",
    "某某市信访局",
    "某某市社科联",
    "某某市记协",
    "某某县国有林场",
    "某某市植物园",
    "某某市青少年宫",
    "某某县粮库",
    "某某市监狱",
    "某某市公路段",
    "某某市渔政",
    "某某市疾控",
    "中国共产党某某市委员会宣传部",
    "民革某某市委",
    "国家税务总局某某市税务局",
    "某某县委某某县人民政府信访局",
    "某某县残联",
]
TITLES = [
    ("{}2024年度部门决算\n目录", 2024, "final", "department"),
    ("{}\n二〇二四年度部门决算\n目录", 2024, "final", "department"),
    ("2025年{}部门预算公开\n目录", 2025, "budget", "department"),
    ("2024年度\n{}\n单位决算\n二〇二五年八月\n目 录", 2024, "final", "unit"),
    ("{}2023年部门决算情况说明\n一、部门职责", 2023, "final", "department"),
    ("{}部门\n2025年度部门（单位）预算公开\n目录", 2025, "budget", "department"),
    ("附件\n关于{}2025年部门预算的说明\n目录", 2025, "budget", "department"),
    ("{}关于2025年部门预算公开的说明\n目录", 2025, "budget", "department"),
    ("{}\n部门决算公开\n（2024年度）\n目录", 2024, "final", "department"),
    ("2025年单位预算公开（{}）\n目录", 2025, "budget", "unit"),
    ("2024年部门决算公开\n部门名称（公章）：{}\n目录", 2024, "final", "department"),
]


@pytest.mark.unit
@pytest.mark.parametrize(("title", "year", "kind", "level"), TITLES)
def test_bodies_whatever_their_names_end_with(title, year, kind, level):
    # a name in brackets has none of its own, and a label takes no name of three characters
    bodies = [body for body in BODIES if "（" not in body and len(body) > 3]
    found = {body: said(title.format(body)) for body in bodies}
    assert {
        body: (one.agency_name, one.fiscal_year, one.document_kind, one.body_level)
        for body, one in found.items()
    } == {body: (body, year, kind, level) for body in bodies}


@pytest.mark.unit
@pytest.mark.parametrize(
    ("title", "kind"),
    [("{}2024年度决算公开", "final"), ("{}\n2024年收支预算", "budget"), ("{}2024年预算编制说明", "budget")],
)
def test_a_title_without_the_word_for_department_or_unit(title, kind):
    found = said(title.format("某某县妇联") + "\n目录\n第一部分 概况\n第二部分 2024年单位概况")
    assert (found.agency_name, found.fiscal_year, found.document_kind) == ("某某县妇联", 2024, kind)
    assert said("某某县妇联\n2024年度决算\n目录\n2024年度单位决算表").body_level == "unit"


@pytest.mark.unit
@pytest.mark.parametrize(
    "name",
    [
        "某某市",
        "某某市本级",
        "某某市市级",
        "某某省省直",
        "某某省某某市某某区",
        "福州市鼓楼区",
        "上海市浦东新区",
        "某某县各",
        "某某县全县",
        "某某市教育系统",
        "某某县教育投入",
        "某某市按照要求编制",
        "某某市一般公共",
        "某某市国有资本经营",
        "某某市社会保险基金",
        "某某县财政局关于批复",
        "本部门",
    ],
)
def test_a_place_or_a_sentence_is_no_body(name):
    assert said(f"{name}2024年部门预算\n目录\n第一部分 概况").agency_name is None
    assert said(f"{name}2024年预算公开\n目录\n第一部分 概况").agency_name is None
    assert said(f"部门：{name}\n部门：{name} 金额单位：元\n2024年部门预算").agency_name is None


@pytest.mark.unit
def test_the_budget_of_a_whole_place_has_no_body():
    assert said("某某县人民政府2024年度决算\n目录\n第一部分 报告").agency_name is None
    assert said("某某县某某镇人民政府2024年度决算\n目录").agency_name == "某某县某某镇人民政府"


@pytest.mark.unit
@pytest.mark.parametrize(
    "above",
    [
        "某某县人民政府门户网站",
        "某某县政府网\n首页",
        "某某县残联文件",
        "公开稿",
        "某某县残联",
        "（公开稿）",
        "附件1：",
    ],
)
def test_what_stands_above_the_title_is_no_part_of_the_name(above):
    assert said(f"{above}\n某某县残联2024年度部门决算\n目录").agency_name == "某某县残联"


@pytest.mark.unit
@pytest.mark.parametrize(
    "cover", ["某某县委\n某某县人民政府信访局", "某某市\n某某区残联", "某某县信息\n技术中心", "某某市\n妇联"]
)
def test_a_name_over_several_lines_is_one_name(cover):
    name = cover.replace("\n", "")
    assert said(f"中共{cover}\n2024年度部门决算\n目录").agency_name == f"中共{name}"


@pytest.mark.unit
def test_a_name_below_the_title_counts_where_it_is_the_only_one():
    assert said("2024年度部门决算公开\n福州市残联\n目录").agency_name == "福州市残联"
    assert said("2024年度\n部门决算\n某某县残联\n目录").fiscal_year == 2024
    assert said("2024年度部门决算公开\n某某县财政局\n某某县残联\n目录").agency_name is None
    assert said("资料汇编\n某某县财政局\n目录").agency_name is None


@pytest.mark.unit
@pytest.mark.parametrize(
    ("agency", "region"),
    [
        ("福州市科协", "福州市"),
        ("中共苍南县委组织部", "苍南县"),
        ("民革福州市委", "福州市"),
        ("政协苍南县委员会", "苍南县"),
        ("中国人民政治协商会议苍南县委员会", "苍南县"),
        ("共青团安义县委", "安义县"),
        ("苍南县某某镇人民政府", "苍南县"),
        ("福州经济技术开发区管委会", "福州市"),
        ("新疆妇联", "新疆维吾尔自治区"),
        ("中国残疾人联合会", None),
    ],
)
def test_the_place_in_a_name(agency, region):
    found = said(f"{agency}2024年度部门决算\n目录")
    assert (found.agency_name, found.region_name) == (agency, region)


@pytest.mark.unit
def test_a_district_of_a_common_name_is_the_one_in_the_named_city():
    assert said("上海市普陀区财政局\n2024 年度部门决算\n目录").region_code == "310107"
    assert said("舟山市普陀区财政局\n2024 年度部门决算\n目录").region_code == "330903"
    assert said("普陀区财政局\n2024 年度部门决算\n目录").region_name is None


@pytest.mark.unit
def test_without_a_title_page_headings_and_table_labels_decide():
    found = said(
        "第一部分 单位概况\n第二部分 2022 年度部门决算表\n公开部门：某某市档案馆 金额单位：元\n"
        "公开部门：某某市档案\n馆 金额单位：元\n公开部门：某某市档案馆 金额单位：元\n"
        "第三部分 2022 年度部门决算情况说明"
    )
    assert (found.agency_name, found.fiscal_year, found.document_kind) == ("某某市档案馆", 2022, "final")
    assert "3 tables" in found.evidence["agency_name"] or "2 tables" in found.evidence["agency_name"]


@pytest.mark.unit
def test_label_and_name_may_stand_in_two_cells():
    grid = Grid([GridRow([Cell("部门名称"), Cell("北京市审计局")], 1)])
    found = identify(Document("0" * 64, "x.pdf", "pdf", [Page(1, [grid])]))
    assert (found.agency_name, found.region_name) == ("北京市审计局", "北京市")


@pytest.mark.unit
def test_a_generic_region_is_found_by_its_mentions():
    text = "自治区档案馆\n2026 年部门预算\n目录\n负责中央驻宁单位。\n印发《宁夏回族自治区办法》。\n宁夏档案。"
    assert said(text).region_name == "宁夏回族自治区"


@pytest.mark.unit
def test_thin_or_mixed_evidence_names_no_region():
    assert said("自治区档案馆\n2026 年部门预算\n目录\n宁夏档案。").region_name is None
    mixed = "自治区档案馆\n2026 年部门预算\n目录\n" + "与宁夏合作。\n与新疆合作。\n" * 5
    assert said(mixed).region_name is None


@pytest.mark.unit
@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("二零二六年四月二十四日", date(2026, 4, 24)),
        ("二〇二六年十月三十日", date(2026, 10, 30)),
        ("2026年02月04日", date(2026, 2, 4)),
        ("2026年2月10日", date(2026, 2, 10)),
        ("2026年2月31日", None),
        ("2019年2月10日", None),
        ("二〇二六年七月", None),
    ],
)
def test_dates_that_stand_alone(line, expected):
    assert said(f"某某市档案馆\n2026 年部门预算\n{line}\n目录\n第一部分 概况").publication_date == expected
    assert said(f"某某市档案馆\n2026 年部门预算\n目录\n第一部分 概况\n{line}").publication_date == expected


@pytest.mark.unit
def test_a_date_in_a_sentence_is_not_the_publication():
    assert (
        said("某某市档案馆\n2026 年部门预算\n目录\n截至 2025 年 12 月 31 日有车 2 辆").publication_date
        is None
    )


@pytest.mark.unit
def test_the_file_name_says_nothing():
    found = identify(document("正文", name="上海市财政局2026年部门预算.txt"))
    assert found == Identity(evidence={})


@pytest.mark.golden
@pytest.mark.parametrize(
    ("prefix", "expected"),
    [
        ("000", ("自治区社会保险事业管理局本级", 2026, "budget", "department", "宁夏回族自治区", None)),
        (
            "001",
            ("新疆维吾尔自治区社会保险中心", 2026, "budget", "unit", "新疆维吾尔自治区", date(2026, 2, 4)),
        ),
        ("002", ("和静县社会保险中心", 2026, "budget", "unit", "和静县", date(2026, 2, 10))),
        (
            "003",
            ("安图县社会保险事业管理局（本级）", 2026, "budget", "department", "安图县", date(2026, 4, 24)),
        ),
        ("004", ("自治区社会保险事业管理局", 2022, "final", "department", "宁夏回族自治区", None)),
    ],
)
def test_the_five_documents(prefix, expected):
    found = seed(prefix)
    assert (
        found.agency_name,
        found.fiscal_year,
        found.document_kind,
        found.body_level,
        found.region_name,
        found.publication_date,
    ) == expected
    assert set(found.evidence) >= {"agency_name", "fiscal_year", "document_kind", "region_name"}


@pytest.mark.parametrize(
    ("card", "expected"),
    [
        ("来源：某某院 发布时间:2024-09-24 16:08:34", date(2024, 9, 24)),
        ("[ 成文日期 ]2024-01-19 [ 发布日期 ]2024-01-20 [ 体裁分类 ]财政", date(2024, 1, 20)),
        ("[ 发布机构 ] | 某区财政局 | [ 发布日期 ] | 2024-10-14 |", date(2024, 10, 14)),
        ("发文日期: | 2024-09-30 10:33:47 | 发布机构: | 某镇人民政府 |", date(2024, 9, 30)),
        ("公开目录 | 部门决算 | 发布日期 | 2024-03-24 |", date(2024, 3, 24)),
        ("文号 发布机构 某县教育局 公开目录 部门决算 发布日期 2024-03-25", date(2024, 3, 25)),
        ("发布时间：[2024-02-23] 责任编辑：某某 浏览次数：2407", date(2024, 2, 23)),
    ],
)
def test_the_date_on_the_card_of_a_web_page(card, expected):
    assert said(f"{card}\n某某市档案馆2023年度部门决算\n目录\n第一部分 概况").publication_date == expected


@pytest.mark.parametrize(
    ("line", "year", "kind"),
    [
        ("某县2025年度政府预算公开", 2025, "budget"),
        ("现将2024年财政总决算和2025年1-6月预算执行情况报告如下", 2024, "final"),
        ("2021年区本级“三公”经费预算支出表", 2021, "budget"),
        ("2024年中央财政预算", 2024, "budget"),
        ("2018年度教育部门“三公”经费决算情况说明", 2018, "final"),
    ],
)
def test_a_place_or_one_subject_says_its_year_too(line, year, kind):
    found = said(f"各位代表：\n{line}\n请予审议，与2019年预算基本持平。")
    assert (found.fiscal_year, found.document_kind) == (year, kind)


def test_a_body_in_the_first_heading():
    text = "一、某某市科学技术协会概况\n（一）主要职能\n二、2015年部门预算安排情况说明"
    assert said(text).agency_name == "某某市科学技术协会"
    assert said("一、部门基本情况\n二、2015年部门预算安排情况说明").agency_name is None


@pytest.mark.parametrize(
    ("text", "agency"),
    [
        # the card of a web page in place of a cover
        (
            "[ 索引号 ] | 115/2020 | [ 发文字号 ] | |\n[ 发布机构 ] | 某某区公安局 | ||\n"
            "文号 浏览量\n主题词\n"
            "某某市某某区公安局2019年度部门决算情况说明\n一、部门基本情况",
            "某某市某某区公安局",
        ),
        # one subject of a body
        ("某某市某某区审批局2016年“三公”经费预算公开\n财政拨款情况表", "某某市某某区审批局"),
        # no title: the sentence that says whose units are added up
        (
            "一、概况\n负责治安。\n纳入某某省某某市公安局（汇总）2020年度部门决算编制范围的单位有：",
            "某某省某某市公安局",
        ),
        # the title stands before a text on one line that has words of a title further on
        ("某某大学2022年度决算.pdf\n目 录 某某大学概况 第二部分 2022年度单位决算表 一、收入表", "某某大学"),
    ],
)
def test_bodies_on_pages_of_the_web(text, agency):
    assert said(text).agency_name == agency
