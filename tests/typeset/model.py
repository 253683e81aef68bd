"""A consistent public body: what it earns and spends year by year, down to the finest amounts.

Every published figure is a sum over `Spending` atoms and economic items, so that all tables of a
document agree by construction, and the documents of consecutive years agree with each other.
Amounts are whole fen (0.01 元). Budgets are whole multiples of 100 元, so that they print exactly
in 万元 with two decimals; `Size(rounded=True)` gives them odd fen instead, and with them the
differences of rounding that real documents have.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from random import Random

from tests.typeset.classification import economic_items, economic_names, function_items, function_names

GENERAL = "general_public"
GOVERNMENT_FUND = "government_fund"
STATE_CAPITAL = "state_capital"
NON_FISCAL = "non_fiscal"
FISCAL_FUNDS = (GENERAL, GOVERNMENT_FUND, STATE_CAPITAL)

PERSONNEL = "personnel"
PUBLIC = "public"
PROJECT = "project"
OPERATING = "operating"

# income that is not a fiscal grant, in the order of the published tables
OTHER_SOURCES = (
    "special_account",
    "business_income",
    "operating_income",
    "superior_subsidy",
    "affiliate_remittance",
    "other_income",
)
PERSONNEL_CLASSES = ("301", "303")
PUBLIC_CLASSES = ("302", "310")
PROJECT_CLASSES = ("301", "302", "303", "307", "309", "310", "311", "312", "313", "399")
# contributions that stand in both classifications: function 项 to economic 款
MIRRORED = {
    "2080505": "30108",
    "2080506": "30109",
    "2101101": "30110",
    "2101103": "30111",
    "2210201": "30113",
}

FEN_OF_BUDGET_STEP = 10_000
BASE_YEAR = 2022

_PLACES = ("云岭县", "青禾市", "望川区", "白石县", "临溪市", "南屏区", "宁远州", "松原岛区")
_BODIES = (
    "财政局", "社会保险服务中心", "水利局", "卫生健康委员会", "教育局", "公安局",
    "市场监督管理局", "民政局", "统计局", "农业农村局", "交通运输局", "文化馆",
)  # fmt: skip
_PROJECT_SUBJECTS = (
    "信息化建设", "业务档案管理", "公共服务能力提升", "专项检查", "设备购置", "办公场所维修",
    "宣传培训", "数据治理", "网络安全防护", "基层补助", "购买服务", "应急保障",
)  # fmt: skip
_PROJECT_FORMS = ("项目", "工作经费", "专项经费", "补助资金")
_INDICATORS = (
    ("产出指标", "数量指标", "培训次数", "≥", "次"),
    ("产出指标", "数量指标", "发放宣传资料份数", "≥", "份"),
    ("产出指标", "质量指标", "验收合格率", "≥", "%"),
    ("产出指标", "时效指标", "按期完成率", "=", "%"),
    ("成本指标", "经济成本指标", "项目总成本", "≤", "万元"),
    ("效益指标", "社会效益指标", "服务覆盖率", "≥", "%"),
    ("效益指标", "可持续影响指标", "系统正常运行率", "≥", "%"),
    ("满意度指标", "服务对象满意度指标", "服务对象满意度", "≥", "%"),
)
_PURCHASES = (
    ("办公设备", "台式计算机", "goods"),
    ("办公用纸", "复印纸", "goods"),
    ("网络设备", "服务器", "goods"),
    ("办公楼维修", "修缮工程", "works"),
    ("系统运维", "软件运维服务", "services"),
    ("物业管理", "物业管理服务", "services"),
    ("印刷", "其他印刷服务", "services"),
    ("法律顾问", "法律服务", "services"),
)


@dataclass(frozen=True)
class Size:
    """How much a body has to publish. `None` lets the seed decide."""

    functions: int = 14
    economics: int = 30
    projects: int = 6
    purchases: int = 6
    indicators: int = 6
    government_fund: bool | None = None
    state_capital: bool | None = None
    non_fiscal: bool | None = None
    rounded: bool = False


@dataclass(frozen=True, slots=True)
class Indicator:
    level_1: str
    level_2: str
    name: str
    operator: str
    unit: str
    target: int
    weight: int


@dataclass(frozen=True, slots=True)
class Project:
    """A project that money is spent on over the years. Only permanent ones carry money over."""

    number: int
    name: str
    function_code: str
    fund: str
    base: int
    classes: tuple[str, ...]
    is_permanent: bool
    source: str = ""
    component: str = PROJECT
    indicators: tuple[Indicator, ...] = ()


@dataclass(slots=True)
class Spending:
    """The finest amount: one function 项, one fund, one component, one project."""

    function_code: str
    fund: str
    component: str
    amount: int
    opening: int = 0
    closing: int = 0
    source: str = ""
    project: Project | None = None
    economics: dict[str, int] = field(default_factory=dict)
    # surplus distributed less surplus used, where the income of the atom bears it
    surplus: int = 0

    @property
    def income(self) -> int:
        """What came in this year to pay for it: spent + left over − brought forward."""
        return self.amount + self.closing - self.opening + self.surplus


@dataclass(frozen=True, slots=True)
class Purchase:
    name: str
    item: str
    kind: str
    fiscal: int
    non_fiscal: int
    for_small_firms: bool

    @property
    def amount(self) -> int:
        return self.fiscal + self.non_fiscal


@dataclass(slots=True)
class FiscalYear:
    """One year in one phase (approved or executed)."""

    year: int
    phase: str
    spendings: list[Spending]
    economics: dict[str, int]
    three_public: dict[str, int]
    purchases: list[Purchase]
    used_surplus: int = 0
    distributed_surplus: int = 0

    def spent(self, *, funds: Iterable[str] = (), components: Iterable[str] = ()) -> int:
        funds, components = tuple(funds), tuple(components)
        return sum(
            atom.amount
            for atom in self.spendings
            if (not funds or atom.fund in funds) and (not components or atom.component in components)
        )

    def opening(self, *funds: str) -> int:
        return sum(atom.opening for atom in self.spendings if not funds or atom.fund in funds)

    def closing(self, *funds: str) -> int:
        return sum(atom.closing for atom in self.spendings if not funds or atom.fund in funds)

    def fund_income(self, fund: str) -> int:
        return sum(atom.income for atom in self.spendings if atom.fund == fund)

    def source_income(self, source: str) -> int:
        return sum(atom.income for atom in self.spendings if atom.source == source)

    @property
    def income(self) -> int:
        return sum(atom.income for atom in self.spendings)

    @property
    def total(self) -> int:
        """收入总计 = 支出总计."""
        return self.income + self.opening() + self.used_surplus

    def economic_total(self, *classes: str) -> int:
        return sum(amount for code, amount in self.economics.items() if code[:3] in classes)


def merged(years: Sequence[FiscalYear]) -> FiscalYear:
    """The figures of several bodies together."""
    economics: dict[str, int] = {}
    for year in years:
        for code, amount in year.economics.items():
            economics[code] = economics.get(code, 0) + amount
    return FiscalYear(
        years[0].year,
        years[0].phase,
        [atom for year in years for atom in year.spendings],
        dict(sorted(economics.items())),
        {item: sum(year.three_public[item] for year in years) for item in years[0].three_public},
        [purchase for year in years for purchase in year.purchases],
        sum(year.used_surplus for year in years),
        sum(year.distributed_surplus for year in years),
    )


class Agency:
    """A public body whose approved and executed figures of any year follow from one seed."""

    def __init__(self, seed: int | str, size: Size | None = None, *, region_name: str = "") -> None:
        self.seed = str(seed)
        self.size = size or Size()
        rng = self._random("structure")
        drawn = rng.choice(_PLACES)
        self.region_name = region_name or drawn
        self.agency_name = self.region_name + rng.choice(_BODIES)
        self.is_department = rng.random() < 0.5
        self.units: list[Agency] = []
        self._choose_functions(rng)
        self._choose_economics(rng)
        self._choose_projects(rng)
        self._years: dict[tuple[int, str], FiscalYear] = {}

    def approved(self, year: int) -> FiscalYear:
        """The budget as the people's congress approved it."""
        key = (year, "approved")
        if key not in self._years:
            self._years[key] = self._approve(year)
        return self._years[key]

    def executed(self, year: int, step: int = 1) -> FiscalYear:
        """The final accounts of the year, in whole multiples of `step` fen."""
        key = (year, f"executed/{step}")
        if key not in self._years:
            self._years[key] = self._execute(year, step)
        return self._years[key]

    # structure: what never changes over the years

    def _choose_functions(self, rng: Random) -> None:
        names = function_names()
        administrations = [
            code
            for code in function_items(GENERAL)
            if names[code] == "行政运行" and code[:5] not in ("20805", "21011")
        ]
        self.main_code = rng.choice(administrations)
        group = self.main_code[:5]
        self.basic_codes = [self.main_code, *MIRRORED]
        optional = ["2080501", "2210203"] + [code for code in (group + "50",) if code in names]
        room = max(0, self.size.functions // 2 - len(self.basic_codes) + 2)
        self.basic_codes += optional[:room]
        used = set(self.basic_codes)
        own = [code for code in function_items(GENERAL) if code[:5] == group and code not in used]
        others = [code for code in function_items(GENERAL) if code[:5] != group and code not in used]
        wanted = min(max(1, self.size.functions - len(self.basic_codes)), self.size.projects)
        own = rng.sample(own, min(len(own), max(1, wanted // 2)))
        self.project_codes = own + rng.sample(others, min(len(others), wanted - len(own)))

    def _choose_economics(self, rng: Random) -> None:
        fixed = ["30101", "30102", "30103", "30112", "30201", "30211", "30217", "30228", "30231", "30302"]
        fixed += MIRRORED.values()
        more = [
            code
            for code in economic_items(*PERSONNEL_CLASSES, *PUBLIC_CLASSES)
            if code not in fixed and (code[:3] != "310" or code in ("31002", "31003", "31007", "31022"))
        ]
        wanted = max(0, self.size.economics - len(fixed))
        self.economic_bases: dict[str, int] = {}
        for code in sorted(fixed + rng.sample(more, min(wanted, len(more)))):
            largest = 6_000_000 if code[:3] == "301" else 900_000 if code[:3] == "303" else 400_000
            self.economic_bases[code] = int(largest * (0.02 + rng.random() ** 3)) * 100

    def _choose_projects(self, rng: Random) -> None:
        size, codes = self.size, self.project_codes
        self.projects: list[Project] = []
        for number in range(max(size.projects, len(codes))):
            code = codes[number] if number < len(codes) else rng.choice(codes)
            self.projects.append(self._project(rng, number, code, GENERAL, number < 2))
        if _decide(size.government_fund, rng, 0.35):
            for code in rng.sample(function_items(GOVERNMENT_FUND), rng.randint(1, 3)):
                self.projects.append(self._project(rng, len(self.projects), code, GOVERNMENT_FUND, True))
        if _decide(size.state_capital, rng, 0.15):
            code = rng.choice(function_items(STATE_CAPITAL))
            self.projects.append(self._project(rng, len(self.projects), code, STATE_CAPITAL, True))
        self.has_non_fiscal = _decide(size.non_fiscal, rng, 0.5)
        if self.has_non_fiscal:
            # the last source also takes what surplus was used or distributed
            for source in (*rng.sample(OTHER_SOURCES[:-1], rng.randint(1, 3)), OTHER_SOURCES[-1]):
                component = OPERATING if source == "operating_income" else PROJECT
                project = self._project(
                    rng, len(self.projects), rng.choice(codes), NON_FISCAL, True, source, component
                )
                self.projects.append(project)

    def _project(
        self,
        rng: Random,
        number: int,
        code: str,
        fund: str,
        permanent: bool,
        source: str = "",
        component: str = PROJECT,
    ) -> Project:
        serial = "" if number < len(_PROJECT_SUBJECTS) else f"（{number - len(_PROJECT_SUBJECTS) + 2}期）"
        name = _PROJECT_SUBJECTS[number % len(_PROJECT_SUBJECTS)] + rng.choice(_PROJECT_FORMS) + serial
        classes = (
            ("302",) if rng.random() < 0.5 else tuple(sorted(rng.sample(PROJECT_CLASSES, rng.randint(1, 3))))
        )
        base = int(100_000 + 9_000_000 * rng.random() ** 2) * 100
        indicators = self._indicators(rng)
        return Project(number, name, code, fund, base, classes, permanent, source, component, indicators)

    def _indicators(self, rng: Random) -> tuple[Indicator, ...]:
        count = min(self.size.indicators, len(_INDICATORS))
        chosen = sorted(rng.sample(range(len(_INDICATORS)), count))
        weights = split(90, count, rng, 1)
        return tuple(
            Indicator(*_INDICATORS[place], target=rng.randint(80, 100), weight=weight)
            for place, weight in zip(chosen, weights, strict=True)
        )

    # amounts of one year

    def _approve(self, year: int) -> FiscalYear:
        rng = self._random(year, "approved")
        step = 1 if self.size.rounded else FEN_OF_BUDGET_STEP
        trend = 1.03 ** (year - BASE_YEAR)

        def amount(base: int, low: float = 0.88, high: float = 1.12) -> int:
            return max(step, round(base * trend * rng.uniform(low, high)) // step * step)

        economics = {
            code: amount(base) for code, base in self.economic_bases.items() if self._is_used(code, year)
        }
        spendings = self._basic_spendings(economics, rng, step)
        for project in self.projects:
            if project.is_permanent or self._random("project", project.number, year).random() < 0.85:
                spendings.append(
                    self._project_spending(project, amount(project.base, 0.75, 1.25), year, rng, step)
                )
        return FiscalYear(
            year,
            "approved",
            spendings,
            economics,
            self._three_public(economics, rng, step),
            self._purchases(rng, step),
        )

    def _execute(self, year: int, step: int) -> FiscalYear:
        budget = self.approved(year)
        rng = self._random(year, "executed")

        def amount(approved: int) -> int:
            return max(step, round(approved * rng.uniform(0.86, 1.06)) // step * step)

        economics = {code: amount(value) for code, value in budget.economics.items()}
        spendings = self._basic_spendings(economics, rng, step)
        for planned in budget.spendings:
            if planned.project is not None:
                spent = self._project_spending(planned.project, amount(planned.amount), year, rng, step)
                spent.closing = self._carried(planned.project, year)
                spendings.append(spent)
        used = distributed = 0
        if self.has_non_fiscal and rng.random() < 0.5:
            last = spendings[-1]
            used, distributed = last.amount // 5 // step * step, last.amount // 9 // step * step
            last.surplus = distributed - used
        return FiscalYear(
            year,
            "executed",
            spendings,
            economics,
            {
                item: max(
                    economics.get(code, 0),
                    amount(budget.three_public[item]) if budget.three_public[item] else 0,
                )
                for item, code in _THREE_PUBLIC_CODES.items()
            },
            budget.purchases,
            used,
            distributed,
        )

    def _basic_spendings(self, economics: dict[str, int], rng: Random, step: int) -> list[Spending]:
        """Basic expenditure by function: mirrored contributions as they are, the rest shared out."""
        personnel = {code: value for code, value in economics.items() if code[:3] in PERSONNEL_CLASSES}
        rest = sum(personnel.values())
        spendings = []
        for code in self.basic_codes:
            mirrored = MIRRORED.get(code)
            value = personnel.get(mirrored, 0) if mirrored else 0
            if code == "2080501":
                value = personnel.get("30302", 0)
            if value:
                rest -= value
                spendings.append(Spending(code, GENERAL, PERSONNEL, value))
        running = [code for code in self.basic_codes if code not in MIRRORED and code != "2080501"]
        public = sum(value for code, value in economics.items() if code[:3] in PUBLIC_CLASSES)
        for code, value in zip(running, split(rest, len(running), rng, step), strict=True):
            spendings.append(Spending(code, GENERAL, PERSONNEL, value))
        offices = [code for code in running if code != "2210203"]
        for code, value in zip(offices, split(public, len(offices), rng, step), strict=True):
            spendings.append(Spending(code, GENERAL, PUBLIC, value))
        return spendings

    def _project_spending(self, project: Project, amount: int, year: int, rng: Random, step: int) -> Spending:
        opening = self._carried(project, year - 1)
        parts = split(amount, len(project.classes), rng, step)
        return Spending(
            project.function_code,
            project.fund,
            project.component,
            amount,
            opening=opening,
            source=project.source,
            project=project,
            economics=dict(zip(project.classes, parts, strict=True)),
        )

    def _carried(self, project: Project, year: int) -> int:
        """What a project carries from one year into the next; the same in every document."""
        if not project.is_permanent:
            return 0
        rng = self._random("carried", project.number, year)
        if rng.random() < 0.4:
            return 0
        return round(project.base * 0.3 * rng.random()) // FEN_OF_BUDGET_STEP * FEN_OF_BUDGET_STEP

    def _three_public(self, economics: dict[str, int], rng: Random, step: int) -> dict[str, int]:
        """At least what basic expenditure has for it; projects may pay for more."""
        items = {item: economics.get(code, 0) for item, code in _THREE_PUBLIC_CODES.items()}
        for item in items:
            if rng.random() < 0.25:
                items[item] += rng.randint(50, 2_000) * max(step, 100)
        return items

    def _purchases(self, rng: Random, step: int) -> list[Purchase]:
        purchases = []
        for number in range(self.size.purchases):
            name, item, kind = _PURCHASES[number % len(_PURCHASES)]
            if number >= len(_PURCHASES):
                name = f"{name}（{number // len(_PURCHASES) + 1}）"
            value = rng.randint(30, 9_000) * FEN_OF_BUDGET_STEP + (rng.randint(0, 9_999) if step == 1 else 0)
            is_fiscal = not self.has_non_fiscal or rng.random() < 0.7
            purchases.append(
                Purchase(name, item, kind, value * is_fiscal, value * (not is_fiscal), rng.random() < 0.5)
            )
        return purchases

    def _is_used(self, economic_code: str, year: int) -> bool:
        if economic_code in MIRRORED.values() or economic_code in ("30101", "30201", "30302"):
            return True
        return self._random("economic", economic_code, year).random() < 0.95

    def _random(self, *key: object) -> Random:
        return Random("/".join((self.seed, *map(str, key))))


class Department(Agency):
    """A department that publishes the sum of its units, each of which publishes its own document too."""

    def __init__(self, seed: int | str, units: int = 3, size: Size | None = None) -> None:
        super().__init__(seed, size)
        self.is_department = True
        self.units = [Agency(f"{seed}/unit {number}", size) for number in range(units)]
        for number, unit in enumerate(self.units):
            unit.is_department = False
            unit.region_name = self.region_name
            unit.agency_name = self.agency_name + (
                "（本级）" if number == 0 else _UNITS[number % len(_UNITS)]
            )

    def approved(self, year: int) -> FiscalYear:
        return merged([unit.approved(year) for unit in self.units])

    def executed(self, year: int, step: int = 1) -> FiscalYear:
        return merged([unit.executed(year, step) for unit in self.units])


_UNITS = ("服务中心", "信息中心", "培训中心", "监测站", "执法大队")
_THREE_PUBLIC_CODES = {
    "abroad": "30212",
    "vehicle_purchase": "31013",
    "vehicle_running": "30231",
    "reception": "30217",
}


def split(total: int, count: int, rng: Random, step: int = 1) -> list[int]:
    """Cut a total into positive parts, multiples of `step` where the total is one."""
    if count == 1:
        return [total]
    weights = [0.15 + rng.random() for _ in range(count)]
    whole = sum(weights)
    parts = [int(total * weight / whole) // step * step for weight in weights]
    parts[0] += total - sum(parts)
    return parts


def by_code(amounts: Iterable[tuple[str, Sequence[int]]], width: int) -> dict[str, list[int]]:
    """Add vectors up by code and by the codes above it, in the order that codes are printed."""
    sums: dict[str, list[int]] = {}
    for code, values in amounts:
        for length in (3, 5, 7):
            if length <= len(code):
                key = code[:length]
                line = sums.setdefault(key, [0] * width)
                for place, value in enumerate(values):
                    line[place] += value
    return dict(sorted(sums.items()))


def economic_name(code: str) -> str:
    return economic_names()[code]


def _decide(wanted: bool | None, rng: Random, chance: float) -> bool:
    drawn = rng.random() < chance
    return drawn if wanted is None else wanted
