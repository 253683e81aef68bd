"""One body has one key however its documents call it, and no two bodies share one."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from extract.transform import PROJECT
from tests.models import begin, build_models, rows

pytestmark = pytest.mark.unit

with (PROJECT / "seeds" / "reference" / "administrative_division.csv").open(encoding="utf-8") as handle:
    DIVISIONS = {row["region_code"]: row["region_name"] for row in csv.DictReader(handle)}
# an autonomous region, a prefecture and a city in provinces of other names, and a district of the city
REGION = next(name for name in DIVISIONS.values() if name.endswith("回族自治区"))
SHORT = REGION.removesuffix("回族自治区")
STATE = next(name for name in DIVISIONS.values() if name.endswith("朝鲜族自治州"))
CODE, CITY = next((code, name) for code, name in DIVISIONS.items() if code == "320500")
PROVINCE = DIVISIONS[f"{CODE[:2]}0000"]
DISTRICT = next(
    name
    for code, name in DIVISIONS.items()
    if code[:4] == CODE[:4] and name.endswith("区") and list(DIVISIONS.values()).count(name) == 1
)
TWIN = next(
    name for name in DIVISIONS.values() if name.endswith("区") and list(DIVISIONS.values()).count(name) > 1
)
HEALTH = f"{CITY}卫生健康委员会"


@dataclass(frozen=True)
class Own:
    """A document: whose it says it is, where that is, its year, and the units that it lists."""

    name: str
    region: str | None = CITY
    year: int = 2025
    units: Sequence[str] = ()


# documents of one body
SAME = [
    [Own(f"{REGION}统计局", REGION), Own(f"{SHORT}统计局", REGION, 2024), Own("自治区统计局", REGION, 2023),
     Own(f"{SHORT}自治区统计局", REGION, 2022)],
    [Own(f"{STATE}教育局", STATE), Own(f"{STATE.removesuffix('朝鲜族自治州')}州教育局", STATE, 2024)],
    [Own(HEALTH), Own(f"{CITY}卫健委（本级）", year=2024), Own("市卫健委", year=2023),
     Own("卫健委", year=2022), Own(f"{PROVINCE}{CITY}卫生健康委", year=2021),
     Own(f"{CITY}卫生和计划生育委员会", year=2018)],
    [Own(f"{CITY}卫生健康委员会监督所"), Own("市卫健委监督所", year=2024)],
    [Own(f"{DISTRICT}人力资源和社会保障局", DISTRICT),
     Own(f"{CITY}{DISTRICT}人社局", f"{CITY}{DISTRICT}", 2024)],
    [Own(f"{CITY}发展和改革局"), Own(f"{CITY}发展改革局", year=2024), Own("市发改局", year=2023)],
    [Own(f"中共{CITY}委宣传部"), Own("市委宣传部", year=2024),
     Own(f"中国共产党{CITY}委员会宣传部", year=2023)],
    [Own(f"共青团{CITY}委员会"), Own(f"{CITY}团委", year=2024)],
    [Own(f"{CITY}市场监督管理局"), Own("市场监督管理局", year=2024), Own("市市场监管局", year=2023)],
    # a second name, and what kind of unit it is
    [Own(f"{CITY}农业农村局（{CITY}乡村振兴局）"), Own(f"{CITY}农业农村局", year=2023),
     Own(f"{CITY}农业农村局（加挂市乡村振兴局牌子）本级", year=2024)],
    [Own(f"{CITY}疾病预防控制中心（{CITY}卫生监督所）"), Own(f"{CITY}疾病预防控制中心", year=2023),
     Own(f"{CITY}疾病预防控制中心（公益一类）", year=2024)],
    # the region stands within the name
    [Own(f"中国人民政治协商会议{CITY}委员会"), Own(f"政协{CITY}委员会", year=2024),
     Own(f"{CITY}政协", year=2023), Own("市政协机关", year=2021),
     Own(f"中国人民政治协商会议{PROVINCE}{CITY}委员会本级", year=2022)],
    [Own(f"中国民主同盟{CITY}委员会"), Own(f"民盟{CITY}委", year=2024)],
]  # fmt: skip
# documents of two bodies, however alike their names are
APART = [
    (Own(f"{CITY}财政局"), Own(f"{CITY}{DISTRICT}财政局", DISTRICT, 2024)),
    (Own("市财政局"), Own("区财政局", DISTRICT, 2024)),
    (Own("市财政局", None), Own("市财政局", None, 2024)),
    (Own("财政局", None), Own("财政局", None, 2024)),
    (Own("卫生健康委员会", None), Own("卫健委", None, 2024)),
    (Own(f"{TWIN}财政局", TWIN), Own(f"{CITY}财政局", year=2024)),
    (Own(f"{CITY}公安局"), Own(f"{CITY}公安局治安支队", year=2024)),
    (Own(HEALTH), Own(f"{CITY}卫健委监督所", year=2024)),
    (Own(f"{CITY}自然资源局"), Own(f"{CITY}自然资源和规划局", year=2024)),
    (Own(f"中共{CITY}委员会"), Own(f"共青团{CITY}委员会", year=2024)),
    (Own(f"{REGION}统计局", REGION), Own(f"{SHORT}市统计局", REGION, 2024)),
    (Own(f"政协{CITY}委员会"), Own(f"中共{CITY}委员会", year=2024)),
    (Own(f"政协{CITY}委员会"), Own(f"民盟{CITY}委员会", year=2024)),
    (Own(f"{CITY}人民医院（南院）"), Own(f"{CITY}人民医院", year=2024)),
    # each published for the same year, or one list has both: they stand side by side
    (Own(f"{CITY}第一中学（实验学校）"), Own(f"{CITY}第一中学")),
    (Own(f"{CITY}医疗保障局"), Own(f"{CITY}医保局")),
    (Own(f"{CITY}应急管理局", units=("市应急局", "市应急管理局服务中心", "应急管理局")),
     Own(f"{CITY}应急局", year=2024)),
]  # fmt: skip
UNITS = Own(f"{DISTRICT}商务委员会", DISTRICT, units=("商务委本部", f"{DISTRICT}商务委促进中心"))
CENTRE = Own(f"{DISTRICT}商务委员会促进中心", DISTRICT)


def put(connection: duckdb.DuckDBPyConnection, table: str, row: dict[str, object]) -> None:
    columns, values = ", ".join(row), ", ".join("?" * len(row))
    connection.execute(f"insert into raw.{table} ({columns}) values ({values})", list(row.values()))


def keys(folder: Path, documents: Sequence[Own]) -> list[str]:
    """The key of each document's body; and of the units, in the warehouse."""
    warehouse = folder / "warehouse.duckdb"
    begin(warehouse)
    with duckdb.connect(str(warehouse)) as connection:
        for number, own in enumerate(documents):
            document = {
                "document_id": str(number), "document_name": str(number), "status": "read",
                "agency_name": own.name, "region_name": own.region, "fiscal_year": own.year,
                "document_kind": "budget", "body_level": "department",
            }  # fmt: skip
            put(connection, "document", document)
            if own.units:
                chapter = {"document_id": str(number), "chapter_no": 1}
                put(connection, "chapter", chapter | {"title": "机构设置"})
                listed = [f"{place}.{unit}" for place, unit in enumerate(own.units, start=1)]
                for line, text in enumerate(["部门预算编制范围的二级预算单位包括：", *listed], start=1):
                    put(connection, "sentence", chapter | {"sentence_no": line, "text": text})
    build_models(warehouse, ["+int_agency"])
    found = dict(rows(warehouse, "select document_id, agency_id from intermediate.int_agency"))
    return [found[str(number)] for number in range(len(documents))]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("agency")


def test_one_body_has_one_key_however_it_is_called(folder: Path) -> None:
    found = keys(folder, [own for group in SAME for own in group])
    for group in SAME:
        of_group, found = found[: len(group)], found[len(group) :]
        assert len(set(of_group)) == 1, group


def test_bodies_of_like_names_have_keys_of_their_own(folder: Path) -> None:
    found = keys(folder, [own for pair in APART for own in pair])
    assert [pair for number, pair in enumerate(APART) if found[2 * number] == found[2 * number + 1]] == []


def test_units_are_found_by_the_short_names_of_a_list(folder: Path) -> None:
    department, centre = keys(folder, [UNITS, CENTRE])
    listed = rows(
        folder / "warehouse.duckdb",
        "select agency_id from intermediate.int_agency_name where mention_no > 0 order by mention_no",
    )
    assert [key for (key,) in listed] == [department, centre]
