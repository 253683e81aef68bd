"""The published tables of a body's year as logical tables: the truth that layouts print.

A table is one or more lanes side by side (income ∣ expenditure, or lanes of economic codes). A lane
has columns with their header path, and rows with a code, a label and one value for each value column.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from tests.typeset import model
from tests.typeset.classification import economic_items, economic_names, function_classes, function_names
from tests.typeset.model import (
    FISCAL_FUNDS,
    GENERAL,
    GOVERNMENT_FUND,
    NON_FISCAL,
    OPERATING,
    PERSONNEL,
    PERSONNEL_CLASSES,
    PROJECT,
    PROJECT_CLASSES,
    PUBLIC,
    PUBLIC_CLASSES,
    STATE_CAPITAL,
    Agency,
    FiscalYear,
    Spending,
    by_code,
)

CODE, LABEL, NUMBER, TEXT, ORDINAL = "code", "label", "number", "text", "ordinal"
FEN_OF_UNIT = {"元": 100, "万元": 1_000_000}

Value = Decimal | str | None
Path = tuple[str, ...]
Measure = Callable[[Spending], int]


@dataclass(slots=True)
class Column:
    path: Path
    kind: str = NUMBER


@dataclass(slots=True)
class Row:
    code: str = ""
    label: str = ""
    values: list[Value] = field(default_factory=list)
    kind: str = "item"

    @property
    def is_empty(self) -> bool:
        return not self.label and not self.code and not any(value is not None for value in self.values)


@dataclass(slots=True)
class Lane:
    columns: list[Column]
    rows: list[Row]
    # so many rows at the end stand at the foot of the table, however long the lane beside it is
    tail: int = 0

    @property
    def value_columns(self) -> list[Column]:
        return [column for column in self.columns if column.kind in (NUMBER, TEXT)]

    @property
    def has_codes(self) -> bool:
        return any(column.kind == CODE for column in self.columns)


@dataclass(slots=True)
class Table:
    table_code: str
    title: str
    unit: str
    lanes: list[Lane]
    form_code: str = ""
    note: str = ""
    # a line 栏次 1 2 3 …, or ** ** 1 2 3 …, under the header
    column_numbers: str = ""
    # the form of one project's performance targets: key and value cells above the indicators
    head: list[tuple[str, Value]] = field(default_factory=list)
    # the title of a table that has the same title as others (performance targets) stands for itself
    subtitle: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """What a sentence states: an amount, a percentage or a direction, and what it speaks of."""

    kind: str
    text: str
    value: Decimal | None
    unit: str
    subject: str
    # amounts in fen behind it: (amount,), or (current, base) for growth, (part, whole) for shares
    operands: tuple[int, ...] = ()


Sentence = list[str | Claim]


@dataclass(slots=True)
class Chapter:
    number: str
    title: str
    sentences: list[Sentence]


@dataclass(slots=True)
class Document:
    """One published document: cover, tables and the text that explains them."""

    name: str
    kind: str
    agency_name: str
    region_name: str
    year: int
    is_department: bool
    profile: Profile
    tables: list[Table]
    chapters: list[Chapter]
    agency: Agency

    @property
    def seed(self) -> str:
        return self.agency.seed


@dataclass(frozen=True, slots=True)
class Profile:
    """How one place publishes: its titles, its columns, and how it prints zeros and classes."""

    name: str
    titles: dict[str, str]
    form_code: str = ""
    # numbered 一、, bracketed （一） or coded 201
    class_labels: str = "numbered"
    all_classes: bool = True
    total_first: bool = True
    # 0.00 or nothing, in budgets and in final accounts
    prints_zero: bool = False
    final_prints_zero: bool = False
    two_periods: bool = False
    three_public_rows: bool = False
    # the final accounts of some places list 项 only
    items_only: bool = False
    all_economics: bool = False
    economic_lanes: int = 3
    has_ordinals: bool = False
    final_unit: str = "元"
    # “三公” tables are in 万元 wherever the others are in 元
    budget_unit: str = "万元"
    thousands: bool = True
    # this year's money and what was carried over stand in columns beside each other
    carryover_columns: bool = False
    # economic codes of the department and of the government side by side
    government_codes: bool = False
    # the budget's one-sided tables number their columns: ** ** 1 2 3
    starred_columns: bool = False


STANDARD = Profile(
    "standard",
    {
        "BT01": "收支预算总表",
        "BT02": "收入预算总表",
        "BT03": "支出预算总表",
        "BT04": "财政拨款收支预算总表",
        "BT05": "一般公共预算支出功能分类预算表",
        "BT06": "一般公共预算基本支出部门预算经济分类预算表",
        "BT07": "一般公共预算“三公”经费支出预算表",
        "BT08": "政府性基金预算支出功能分类预算表",
        "BT09": "国有资本经营预算支出功能分类预算表",
        "FT01": "收入支出决算总表",
        "FT02": "收入决算表",
        "FT03": "支出决算表",
        "FT04": "财政拨款收入支出决算总表",
        "FT05": "一般公共预算财政拨款支出决算表",
        "FT06": "一般公共预算财政拨款基本支出决算表",
        "FT07": "一般公共预算财政拨款“三公”经费支出决算表",
        "FT08": "政府性基金预算财政拨款收入支出决算表",
        "FT09": "国有资本经营预算财政拨款支出决算表",
    },
    final_unit="万元",
    economic_lanes=2,
)
REGIONAL = Profile(
    "regional",
    {
        "BT01": "单位收支总体情况表",
        "BT02": "单位收入总体情况表",
        "BT03": "单位支出总体情况表",
        "BT04": "财政拨款收支预算总体情况表",
        "BT05": "一般公共预算支出情况表",
        "BT06": "一般公共预算基本支出情况表",
        "BT10": "一般公共预算项目支出情况表",
        "BT08": "政府性基金预算支出情况表",
        "BT09": "国有资本经营预算支出情况表",
        "BT07": "财政拨款“三公”经费支出情况表",
        "BT12": "上年结转结余情况表",
        "BT15": "项目支出绩效目标表",
        "FT01": "收入支出决算总表",
        "FT02": "收入决算表",
        "FT03": "支出决算表",
        "FT04": "财政拨款收入支出决算总表",
        "FT05": "一般公共预算财政拨款支出决算表",
        "FT06": "一般公共预算财政拨款基本支出决算表",
        "FT07": "财政拨款“三公”经费支出决算表",
        "FT08": "政府性基金预算财政拨款收入支出决算表",
        "FT09": "国有资本经营预算财政拨款支出决算表",
    },
    form_code="表 {number}",
    class_labels="coded",
    total_first=False,
    three_public_rows=True,
)
TWO_PERIODS = Profile(
    "two_periods",
    {
        "BT01": "收支总表",
        "BT02": "收入总表",
        "BT03": "支出总表",
        "BT04": "财政拨款收支预算总表",
        "BT05": "一般公共预算支出表",
        "BT06": "一般公共预算基本支出预算表",
        "BT07": "一般公共预算“三公”经费、会议费、培训费、差旅费等支出表",
        "BT08": "政府性基金预算支出表",
        "BT13": "一般公共预算机关运行经费支出预算表",
        "BT14": "政府采购支出表",
        "FT01": "收入支出决算总表",
        "FT02": "收入决算表",
        "FT03": "支出决算表",
        "FT04": "财政拨款收入支出决算总表",
        "FT05": "一般公共预算财政拨款支出决算表",
        "FT06": "一般公共预算财政拨款基本支出决算表",
        "FT07": "一般公共预算财政拨款“三公”经费支出决算表",
        "FT08": "政府性基金预算财政拨款收入支出决算表",
        "FT09": "国有资本经营预算财政拨款支出决算表",
    },
    form_code="表{chinese}",
    class_labels="bracketed",
    two_periods=True,
    three_public_rows=True,
    items_only=True,
    all_economics=True,
    has_ordinals=True,
    final_prints_zero=True,
)
CARRYOVER = replace(
    STANDARD,
    name="carryover",
    titles={
        **STANDARD.titles,
        "BT01": "收支预算总表",
        "BT05": "一般公共预算拨款支出预算表",
        "BT06": "一般公共预算基本支出预算表",
        "BT08": "政府性基金预算拨款支出预算表",
        "BT09": "国有资本经营预算支出预算表",
        "BT10": "项目支出预算表",
    },
    form_code="{number:02d}",
    prints_zero=True,
    thousands=False,
    carryover_columns=True,
    starred_columns=True,
)
YUAN = replace(
    STANDARD,
    name="yuan",
    titles={
        **STANDARD.titles,
        "BT01": "部门财务收支预算总表",
        "BT07": "部门“三公”经费和机关运行经费预算表",
    },
    all_classes=False,
    total_first=False,
    budget_unit="元",
    government_codes=True,
)
PROFILES = {profile.name: profile for profile in (STANDARD, REGIONAL, TWO_PERIODS, CARRYOVER, YUAN)}

# the government's class and item for each class of the department's expenditure
_GOVERNMENT_CODES = {
    "301": ("501", "01", "工资奖金津补贴"),
    "302": ("502", "01", "办公经费"),
    "303": ("509", "01", "社会福利和救助"),
    "310": ("503", "06", "设备购置"),
}
_GOVERNMENT_CLASSES = {
    "501": "机关工资福利支出",
    "502": "机关商品和服务支出",
    "503": "机关资本性支出",
    "509": "对个人和家庭的补助",
}

_CHINESE_DIGITS = "零一二三四五六七八九"
SOURCE_NAMES = {
    "special_account": "财政专户管理资金收入",
    "business_income": "事业收入",
    "operating_income": "事业单位经营收入",
    "superior_subsidy": "上级补助收入",
    "affiliate_remittance": "附属单位上缴收入",
    "other_income": "其他收入",
}
FUND_NAMES = {
    GENERAL: "一般公共预算",
    GOVERNMENT_FUND: "政府性基金预算",
    STATE_CAPITAL: "国有资本经营预算",
}


def chinese_number(number: int) -> str:
    """1 … 99 as 一 … 九十九."""
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else _CHINESE_DIGITS[tens] + "十"
    return head + (_CHINESE_DIGITS[ones] if ones else "")


def in_unit(fen: int, unit: str) -> Decimal:
    """Fen as printed with two decimals in 元 or 万元, half up."""
    step = FEN_OF_UNIT[unit] // 100
    sign = -1 if fen < 0 else 1
    return Decimal(sign * ((abs(fen) * 2 + step) // (2 * step))).scaleb(-2)


class TableBuilder:
    """What all tables share: unit, profile, and how amounts and rows are made."""

    def __init__(self, agency: Agency, year: int, profile: Profile, unit: str, prints_zero: bool) -> None:
        self.agency = agency
        self.year = year
        self.profile = profile
        self.unit = unit
        self.prints_zero = prints_zero

    def money(self, fen: int, *, always: bool = False) -> Decimal | None:
        if fen == 0 and not always and not self.prints_zero:
            return None
        return in_unit(fen, self.unit)

    def monies(self, amounts: Iterable[int], *, always: bool = False) -> list[Value]:
        return [self.money(fen, always=always) for fen in amounts]

    def class_label(self, code: str, number: int) -> tuple[str, str]:
        """Code and label of one 类 in the lists of the balance tables."""
        name = function_names()[code]
        style = self.profile.class_labels
        if style == "coded":
            return code, name
        if style == "bracketed":
            return "", f"（{chinese_number(number)}）{name}"
        return "", f"{chinese_number(number)}、{name}"

    def class_rows(self, amounts: dict[str, list[int]], width: int) -> list[Row]:
        """One row for each 类, in the order of the classification."""
        codes = [
            code for code in function_classes() if self.profile.all_classes or any(amounts.get(code, ()))
        ]
        rows = []
        for number, code in enumerate(codes, start=1):
            printed_code, label = self.class_label(code, number)
            rows.append(Row(printed_code, label, self.monies(amounts.get(code, [0] * width)), "class"))
        return rows

    def coded_rows(
        self,
        amounts: Iterable[tuple[str, Sequence[int]]],
        width: int,
        names: dict[str, str],
        *,
        items_only: bool = False,
        total_label: str = "合计",
    ) -> list[Row]:
        """Rows of a coded table with its levels summed up, and the total at its place."""
        amounts = [(code, values) for code, values in amounts if any(values)]
        sums = by_code(amounts, width)
        finest = max((len(code) for code in sums), default=0)
        rows = [
            Row(code, names[code], self.monies(values), _LEVELS[len(code)])
            for code, values in sums.items()
            if not items_only or len(code) == finest
        ]
        totals = [sum(values[place] for _, values in amounts) for place in range(width)]
        if amounts:
            total = Row("", total_label, self.monies(totals, always=self.prints_zero), "total")
        else:
            total = Row("", total_label, [None] * width, "total")
        return [total, *rows] if self.profile.total_first else [*rows, total]

    def coded_lane(
        self,
        spendings: Iterable[Spending],
        measures: Sequence[tuple[Path, Measure]],
        *,
        head: str = "科目",
        top: Path = (),
    ) -> Lane:
        """A table by function 类款项 whose columns are measures of spendings."""
        amounts = [(atom.function_code, [take(atom) for _, take in measures]) for atom in spendings]
        return Lane(
            [
                Column((head, "科目编码"), CODE),
                Column((head, "科目名称"), LABEL),
                *(Column((*top, *path)) for path, _ in measures),
            ],
            self.coded_rows(
                amounts,
                len(measures),
                function_names(),
                items_only=self.profile.items_only and self.unit == "元",
            ),
        )


_LEVELS = {3: "class", 5: "group", 7: "item"}


def amount_of(*components: str, funds: Sequence[str] = ()) -> Measure:
    def take(atom: Spending) -> int:
        if components and atom.component not in components:
            return 0
        if funds and atom.fund not in funds:
            return 0
        return atom.amount

    return take


def economics_lane(
    builder: TableBuilder, economics: dict[str, int], top: Path, heads: tuple[str, str, str], head: str
) -> Lane:
    amounts = [
        (code, [value, value * (code[:3] in PERSONNEL_CLASSES), value * (code[:3] in PUBLIC_CLASSES)])
        for code, value in economics.items()
    ]
    return Lane(
        [
            Column((head, "科目编码"), CODE),
            Column((head, "科目名称"), LABEL),
            *(Column((*top, text)) for text in heads),
        ],
        builder.coded_rows(amounts, 3, economic_names()),
    )


def _beside_government_codes(lane: Lane) -> Lane:
    """Each row with the government's code and name beside the department's."""
    head = "政府预算支出经济分类"
    rows = []
    for row in lane.rows:
        texts: list[Value] = [None, None]
        if row.code:
            class_code, item, name = _GOVERNMENT_CODES[row.code[:3]]
            texts = (
                [class_code, _GOVERNMENT_CLASSES[class_code]]
                if len(row.code) == 3
                else [class_code + item, name]
            )
        rows.append(replace(row, values=[*texts, *row.values]))
    code, label, *numbers = lane.columns
    beside = [Column((head, "科目编码"), TEXT), Column((head, "科目名称"), TEXT)]
    return Lane([code, label, *beside, *numbers], rows, lane.tail)


# budget


class BudgetTables(TableBuilder):
    """The tables of a budget: BT01 … BT15, as far as the profile publishes them."""

    def __init__(self, agency: Agency, year: int, profile: Profile) -> None:
        super().__init__(agency, year, profile, profile.budget_unit, profile.prints_zero)
        self.current = agency.approved(year)
        self.prior = agency.approved(year - 1)
        self.prior_spendings = {id(atom) for atom in self.prior.spendings}

    def tables(self) -> list[Table]:
        made: list[Table] = []
        for number, (table_code, title) in enumerate(
            (entry for entry in self.profile.titles.items() if entry[0].startswith("BT")), start=1
        ):
            build = getattr(self, table_code.lower())
            for table in build():
                table.table_code, table.title = table_code, title
                if self.profile.starred_columns and len(table.lanes) == 1:
                    table.column_numbers = "**"
                if table_code != "BT15":
                    table.form_code = self.profile.form_code.format(
                        number=number, chinese=chinese_number(number)
                    )
                made.append(table)
        return made

    def _table(self, *lanes: Lane, note: str = "") -> list[Table]:
        return [Table("", "", self.unit, list(lanes), note=note)]

    def _empty_note(self, title: str) -> str:
        return f"{self.agency.agency_name}{self.year}年没有{title}安排的支出，本表为空表。"

    def bt01(self) -> list[Table]:
        if self.profile.carryover_columns:
            return self._balance_with_carryover()
        year = self.current
        income = self._income_rows(year)
        classes = by_code(((atom.function_code, [atom.amount]) for atom in year.spendings), 1)
        spent = year.spent()
        total = self.monies([year.total], always=True)
        expenditure = self.class_rows(classes, 1)
        if self.profile.class_labels == "coded":
            foot_left = [Row("", "收入总计", total, "total")]
            foot_right = [Row("", "支出总计", total, "total")]
        else:
            foot_left = [
                Row("", "本年收入合计", self.monies([year.income]), "subtotal"),
                Row("", "上年结转结余", self.monies([year.opening()]), "balance"),
                Row("", "收入总计", total, "total"),
            ]
            foot_right = [
                Row("", "本年支出合计", self.monies([spent]), "subtotal"),
                Row("", "结转下年", self.monies([year.closing()]), "balance"),
                Row("", "支出总计", total, "total"),
            ]
        left = [Column(("收入", "项目"), LABEL), Column(("收入", "预算数"))]
        right = [Column(("支出", "项目"), LABEL), Column(("支出", "预算数"))]
        return self._table(
            Lane(left, [*income, *foot_left], len(foot_left)),
            Lane(right, [*expenditure, *foot_right], len(foot_right)),
        )

    def _balance_with_carryover(self) -> list[Table]:
        """收支预算总表 whose both sides have this year's money and what was carried over."""
        year = self.current

        def row(label: str, atoms: list[Spending], kind: str = "item") -> Row:
            income, opening = sum(atom.income for atom in atoms), sum(atom.opening for atom in atoms)
            return Row("", label, self.monies([income + opening, income, opening]), kind)

        def of_fund(*funds: str) -> list[Spending]:
            return [atom for atom in year.spendings if atom.fund in funds]

        def of_source(*sources: str) -> list[Spending]:
            return [atom for atom in year.spendings if atom.source in sources]

        units = [source for source in SOURCE_NAMES if source != "special_account"]
        left = [
            row("一、财政拨款收入", of_fund(*FISCAL_FUNDS), "subtotal"),
            *(row(f"{FUND_NAMES[fund]}拨款收入", of_fund(fund)) for fund in FISCAL_FUNDS),
            row("二、财政专户管理资金收入", of_source("special_account"), "subtotal"),
            row("三、单位资金收入", of_source(*units), "subtotal"),
            *(row(SOURCE_NAMES[source], of_source(source)) for source in units),
            row("本年收入合计", year.spendings, "subtotal"),
            Row("", "", [None, None, None]),
            row("收入总计", year.spendings, "total"),
        ]
        classes = by_code(
            ((atom.function_code, [atom.amount, atom.income, atom.opening]) for atom in year.spendings), 3
        )
        right = [
            *self.class_rows(classes, 3),
            row("本年支出合计", year.spendings, "subtotal"),
            Row("", "结转下年支出", self.monies([0, 0, 0]), "balance"),
            row("支出总计", year.spendings, "total"),
        ]
        heads = ("本年预算", "编制预算", "上年结转")
        return self._table(
            Lane([Column(("收入", "项目"), LABEL), *(Column(("收入", head)) for head in heads)], left, 3),
            Lane([Column(("支出", "项目"), LABEL), *(Column(("支出", head)) for head in heads)], right, 3),
        )

    def _income_rows(self, year: FiscalYear) -> list[Row]:
        grants = {fund: year.fund_income(fund) for fund in FISCAL_FUNDS}
        sources = {source: year.source_income(source) for source in SOURCE_NAMES}
        lines: list[tuple[str, int]]
        if self.profile.class_labels == "coded":
            units = sum(amount for source, amount in sources.items() if source != "special_account")
            lines = [
                ("一、本年收入", year.income),
                ("1.一般公共预算拨款", grants[GENERAL]),
                ("其中：一般财力", grants[GENERAL]),
                ("上级一般公共预算安排转移支付", 0),
                ("2.政府性基金预算拨款", grants[GOVERNMENT_FUND]),
                ("其中：政府性基金收入", grants[GOVERNMENT_FUND]),
                ("上级政府性基金安排转移支付", 0),
                ("3.国有资本经营预算拨款", grants[STATE_CAPITAL]),
                ("其中：国有资本经营收入", grants[STATE_CAPITAL]),
                ("上级国有资本经营预算安排转移支付", 0),
                ("4.财政专户核拨", sources["special_account"]),
                ("5.单位资金", units),
                ("其中：事业收入", sources["business_income"]),
                ("上级补助收入", sources["superior_subsidy"]),
                ("附属单位上缴收入", sources["affiliate_remittance"]),
                ("事业单位经营收入", sources["operating_income"]),
                ("其他收入", sources["other_income"]),
                ("二、上年结转结余", year.opening()),
                ("1.财政拨款结转", year.opening(*FISCAL_FUNDS)),
                ("其中：一般公共预算拨款", year.opening(GENERAL)),
                ("政府性基金预算拨款", year.opening(GOVERNMENT_FUND)),
                ("国有资本经营预算拨款", year.opening(STATE_CAPITAL)),
                ("2.非财政拨款结转结余", year.opening(NON_FISCAL)),
                ("其中：财政专户核拨", _opening_of(year, special=True)),
                ("单位资金", _opening_of(year, special=False)),
            ]
        elif self.profile.class_labels == "bracketed":
            lines = [
                ("一、财政拨款预算收入", sum(grants.values())),
                ("（1）一般公共预算", grants[GENERAL]),
                ("（2）政府性基金预算", grants[GOVERNMENT_FUND]),
                ("（3）国有资本经营预算", grants[STATE_CAPITAL]),
                ("二、财政专户管理资金收入", sources["special_account"]),
                ("三、事业预算收入", sources["business_income"]),
                ("四、上级补助预算收入", sources["superior_subsidy"]),
                ("五、附属单位上缴预算收入", sources["affiliate_remittance"]),
                ("六、经营预算收入", sources["operating_income"]),
                ("七、其他预算收入", sources["other_income"]),
            ]
        else:
            names = [f"{FUND_NAMES[fund]}拨款收入" for fund in FISCAL_FUNDS] + list(SOURCE_NAMES.values())
            amounts = [*grants.values(), *sources.values()]
            lines = [
                (f"{chinese_number(number)}、{name}", amount)
                for number, (name, amount) in enumerate(zip(names, amounts, strict=True), start=1)
            ]
        return [Row("", label, self.monies([amount])) for label, amount in lines]

    def bt02(self) -> list[Table]:
        def fund(*funds: str) -> Measure:
            return lambda atom: atom.income if atom.fund in funds else 0

        def source(name: str) -> Measure:
            return lambda atom: atom.income if atom.source == name else 0

        def carried(*funds: str) -> Measure:
            return lambda atom: atom.opening if atom.fund in funds else 0

        grants = "财政拨款"
        measures: list[tuple[Path, Measure]] = [
            (("总计",), lambda atom: atom.amount),
            ((grants, "小计"), fund(*FISCAL_FUNDS)),
            *(((grants, FUND_NAMES[name]), fund(name)) for name in FISCAL_FUNDS),
            (("财政专户管理资金",), source("special_account")),
            *((("单位资金", SOURCE_NAMES[name]), source(name)) for name in list(SOURCE_NAMES)[1:]),
            (("上年结转结余", "财政拨款结转"), carried(*FISCAL_FUNDS)),
            (("上年结转结余", "非财政拨款结转结余"), carried(NON_FISCAL)),
        ]
        return self._table(self.coded_lane(self.current.spendings, measures))

    def bt03(self) -> list[Table]:
        top = ("支出预算",) if self.profile.class_labels == "coded" else ()
        measures: list[tuple[Path, Measure]] = [
            (("合计",), amount_of()),
            (("基本支出",), amount_of(PERSONNEL, PUBLIC)),
            (("项目支出",), amount_of(PROJECT)),
            (("事业单位经营支出",), amount_of(OPERATING)),
            (("上缴上级支出",), lambda atom: 0),
            (("对附属单位补助支出",), lambda atom: 0),
        ]
        return self._table(self.coded_lane(self.current.spendings, measures, top=top))

    def bt04(self) -> list[Table]:
        year = self.current
        income, opening = [], []
        for number, fund in enumerate(FISCAL_FUNDS, start=1):
            label = f"（{chinese_number(number)}）{FUND_NAMES[fund]}拨款"
            income.append(Row("", label, self.monies([year.fund_income(fund)])))
            opening.append(Row("", label, self.monies([year.opening(fund)])))
        granted = sum(year.fund_income(fund) for fund in FISCAL_FUNDS)
        spent = [year.spent(funds=FISCAL_FUNDS), *(year.spent(funds=[fund]) for fund in FISCAL_FUNDS)]
        classes = by_code(
            (
                (
                    atom.function_code,
                    [atom.amount, *(atom.amount * (atom.fund == fund) for fund in FISCAL_FUNDS)],
                )
                for atom in year.spendings
                if atom.fund in FISCAL_FUNDS
            ),
            4,
        )
        left = [
            Row("", "一、本年收入", self.monies([granted]), "subtotal"),
            *income,
            Row("", "二、上年结转", self.monies([year.opening(*FISCAL_FUNDS)]), "subtotal"),
            *opening,
            Row("", "收入总计", self.monies([spent[0]], always=True), "total"),
        ]
        right = [
            Row("", "一、本年支出", self.monies(spent), "subtotal"),
            *self.class_rows(classes, 4),
            Row("", "二、结转下年", self.monies([0, 0, 0, 0]), "balance"),
            Row("", "支出总计", self.monies(spent, always=self.prints_zero), "total"),
        ]
        heads = ("合计", *FUND_NAMES.values())
        return self._table(
            Lane([Column(("收入", "项目"), LABEL), Column(("收入", "预算数"))], left, 1),
            Lane(
                [Column(("支出", "项目"), LABEL), *(Column(("支出", "预算数", head)) for head in heads)],
                right,
                2,
            ),
        )

    def _fund_table(self, fund: str, name: str) -> list[Table]:
        measures: list[tuple[Path, Measure]] = [
            (("合计",), amount_of()),
            (("基本支出", "小计"), amount_of(PERSONNEL, PUBLIC)),
            (("基本支出", "人员经费"), amount_of(PERSONNEL)),
            (("基本支出", "公用经费"), amount_of(PUBLIC)),
            (("项目支出",), amount_of(PROJECT)),
        ]
        current = [atom for atom in self.current.spendings if atom.fund == fund]
        top: Path = (name,) if self.profile.class_labels == "coded" else ()
        if self.profile.carryover_columns:
            measures = [measures[0], *_with_carryover()]
        if self.profile.two_periods:
            prior = [atom for atom in self.prior.spendings if atom.fund == fund]
            measures = self._two_periods([measures[0], measures[1], measures[4]])
            current, top = prior + current, ()
        lane = self.coded_lane(current, measures, top=top)
        note = "" if current else self._empty_note(name)
        return self._table(lane, note=note)

    def _two_periods(self, measures: list[tuple[Path, Measure]]) -> list[tuple[Path, Measure]]:
        def only(take: Measure, is_prior: bool) -> Measure:
            return lambda atom: take(atom) if (id(atom) in self.prior_spendings) == is_prior else 0

        return [
            ((period, path[0]), only(take, period == "上年预算数"))
            for period in ("上年预算数", "当年预算数")
            for path, take in measures
        ]

    def bt05(self) -> list[Table]:
        return self._fund_table(GENERAL, "一般公共预算支出")

    def bt08(self) -> list[Table]:
        return self._fund_table(GOVERNMENT_FUND, "政府性基金预算支出")

    def bt09(self) -> list[Table]:
        return self._fund_table(STATE_CAPITAL, "国有资本经营预算支出")

    def bt06(self) -> list[Table]:
        top = ("一般公共预算基本支出",) if self.profile.class_labels != "bracketed" else ("基本支出预算",)
        heads = (
            ("合计", "人员支出", "日常公用支出")
            if self.profile.two_periods
            else ("合计", "人员经费", "公用经费")
        )
        head = "部门预算支出经济分类" if self.profile.government_codes else "经济分类科目"
        lane = economics_lane(self, self.current.economics, top, heads, head)
        return self._table(_beside_government_codes(lane) if self.profile.government_codes else lane)

    def bt07(self) -> list[Table]:
        now, then = self.current.three_public, self.prior.three_public
        if self.unit == "元":
            running = self.current.economic_total(*PUBLIC_CLASSES)
            columns = [Column(("“三公”经费预算数", *path)) for path in _THREE_PUBLIC_PATHS]
            columns.append(Column(("机关运行经费预算数",)))
            values = [in_unit(fen, "万元") if fen else None for fen in (*three_public_line(now), running)]
            return [Table("", "", "万元", [Lane(columns, [Row("", "", values, "total")])])]
        if not self.profile.three_public_rows:
            lane = Lane(
                [Column(path) for path in _THREE_PUBLIC_PATHS],
                [Row("", "", self.monies(three_public_line(now)), "total")],
            )
            return self._table(lane)
        if self.profile.two_periods:
            lines = [
                ("因公出国（境）费", "abroad"),
                ("公务用车购置费", "vehicle_purchase"),
                ("公车运行维护费", "vehicle_running"),
                ("公务接待费", "reception"),
            ]
            heads = ("上年预算数", "当年预算数", "增幅")
            rows = [
                Row("", label, self.monies([then[item], now[item], now[item] - then[item]], always=True))
                for label, item in lines
            ]
            return self._table(
                Lane([Column(("部门经济分类",), LABEL), *(Column((head,)) for head in heads)], rows)
            )
        vehicles = now["vehicle_purchase"] + now["vehicle_running"]
        entries = [
            ("因公出国（境）费用", now["abroad"]),
            ("公务接待费", now["reception"]),
            ("公务用车购置及运行维护费（小计）", vehicles),
            ("其中：公务用车购置", now["vehicle_purchase"]),
            ("公务用车运行维护费", now["vehicle_running"]),
            ("总计", sum(now.values())),
        ]
        columns = [
            Column(("“三公”经费支出内容",), LABEL),
            Column(("合计",)),
            *(Column(("资金来源", text)) for text in ("一般公共预算", "政府性基金", "国有资本经营预算")),
        ]
        rows = [Row("", label, self.monies([amount, amount, 0, 0])) for label, amount in entries]
        rows[-1].kind = "total"
        return self._table(Lane(columns, rows))

    def bt10(self) -> list[Table]:
        """Projects of the general public budget by economic class, under the levels of their function."""
        amounts = [
            (atom, [atom.amount, *(atom.economics.get(code, 0) for code in PROJECT_CLASSES)])
            for atom in self.current.spendings
            if atom.fund == GENERAL and atom.component == PROJECT
        ]
        width = 1 + len(PROJECT_CLASSES)
        sums = by_code(((atom.function_code, values) for atom, values in amounts), width)
        names = function_names()
        rows: list[Row] = []
        for code, values in sums.items():
            if len(code) < 7:
                rows.append(Row(code, names[code], [None, *self.monies(values)], _LEVELS[len(code)]))
                continue
            for atom, own in amounts:
                if atom.function_code == code and atom.project is not None:
                    rows.append(Row(code, names[code], [atom.project.name, *self.monies(own)]))
        total = [sum(values[place] for _, values in amounts) for place in range(width)]
        rows.append(Row("", "总计", [None, *self.monies(total)], "total"))
        columns = [
            Column(("科目", "科目编码"), CODE),
            Column(("科目", "科目名称"), LABEL),
            Column(("项目名称",), TEXT),
            Column(("项目支出合计",)),
            *(Column((economic_names()[code],)) for code in PROJECT_CLASSES),
        ]
        return self._table(Lane(columns, rows))

    def bt12(self) -> list[Table]:
        atoms = [atom for atom in self.current.spendings if atom.opening]
        columns = [
            Column(("项目",), LABEL),
            Column(("合计",)),
            *(
                Column((group, *path))
                for group in ("财政拨款", "非财政拨款")
                for path in (("小计",), ("基本支出", "人员经费"), ("基本支出", "公用经费"), ("项目支出",))
            ),
        ]

        def line(label: str, chosen: list[Spending], kind: str) -> Row:
            fiscal = sum(atom.opening for atom in chosen if atom.fund != NON_FISCAL)
            other = sum(atom.opening for atom in chosen if atom.fund == NON_FISCAL)
            values = [fiscal + other, fiscal, 0, 0, fiscal, other, 0, 0, other]
            return Row("", label, self.monies(values), kind)

        rows = [line(atom.project.name, [atom], "item") for atom in atoms if atom.project]
        rows.append(line("总计", atoms, "total"))
        note = "" if atoms else self._empty_note("上年结转结余预算")
        return self._table(Lane(columns, rows), note=note)

    def bt13(self) -> list[Table]:
        codes = [
            code
            for code in economic_items("302", "310")
            if code in self.current.economics or code in self.prior.economics
        ]
        amounts = [
            (code, [year.economics.get(code, 0) for year in (self.prior, self.current)]) for code in codes
        ]
        columns = [
            Column(("经济分类科目", "科目编码"), CODE),
            Column(("经济分类科目", "科目名称"), LABEL),
            Column((f"{self.year - 1}年机关运行经费",)),
            Column((f"{self.year}年机关运行经费",)),
        ]
        return self._table(Lane(columns, self.coded_rows(amounts, 2, economic_names())))

    def bt14(self) -> list[Table]:
        kinds = (("货物", "goods"), ("工程", "works"), ("服务", "services"))
        columns = [
            Column(("单位/采购项目",), LABEL),
            Column(("是否对中小企业",), TEXT),
            Column(("采购品目",), TEXT),
            Column(("合计",)),
            *(Column((head, part)) for head, _ in kinds for part in ("小计", "财政拨款", "非财政拨款")),
        ]

        def amounts(purchases: Sequence[model.Purchase]) -> list[Value]:
            values = [sum(purchase.amount for purchase in purchases)]
            for _, kind in kinds:
                own = [purchase for purchase in purchases if purchase.kind == kind]
                fiscal, other = sum(item.fiscal for item in own), sum(item.non_fiscal for item in own)
                values += [fiscal + other, fiscal, other]
            return self.monies(values)

        bought = self.current.purchases
        rows = [Row("", self.agency.agency_name, [None, None, *amounts(bought)], "total")]
        rows += [
            Row("", item.name, ["是" if item.for_small_firms else "否", item.item, *amounts([item])])
            for item in bought
        ]
        return self._table(Lane(columns, rows))

    def bt15(self) -> list[Table]:
        """One form a project: money in the head, then indicators with target and weight."""
        made = []
        for atom in self.current.spendings:
            project = atom.project
            if project is None or atom.fund not in FISCAL_FUNDS:
                continue
            columns = [
                Column(("一级指标",), TEXT),
                Column(("二级指标",), TEXT),
                Column(("三级指标",), LABEL),
                Column(("指标值",)),
                Column(("指标分值权重",)),
            ]
            rows: list[Row] = []
            above: tuple[str, str] = ("", "")
            for indicator in project.indicators:
                level_1 = indicator.level_1 if indicator.level_1 != above[0] else None
                level_2 = indicator.level_2 if indicator.level_2 != above[1] else None
                above = (indicator.level_1, indicator.level_2)
                target = Target(indicator.operator, Decimal(indicator.target), indicator.unit)
                values: list[Value] = [level_1, level_2, target, Decimal(indicator.weight)]
                rows.append(Row("", indicator.name, values))
            head: list[tuple[str, Value]] = [
                ("预算单位", self.agency.agency_name),
                ("项目名称", project.name),
                ("年度预算总额", in_unit(atom.amount, self.unit)),
                ("其中：财政拨款", in_unit(atom.amount, self.unit)),
                ("其他资金", in_unit(0, self.unit)),
            ]
            made.append(Table("", "", self.unit, [Lane(columns, rows)], head=head, subtitle=project.name))
        return made


class Target(Decimal):
    """The value of an indicator, printed with its operator and unit: ≥95%."""

    def __new__(cls, operator: str, value: Decimal, unit: str) -> Target:
        made = super().__new__(cls, value)
        made.operator, made.unit = operator, unit
        return made

    operator: str
    unit: str


def _with_carryover() -> list[tuple[Path, Measure]]:
    """Basic and project expenditure out of this year's money, then out of what was carried over."""

    def out_of(components: tuple[str, ...], *, carried: bool) -> Measure:
        def take(atom: Spending) -> int:
            if atom.component not in components:
                return 0
            return atom.opening if carried else atom.income

        return take

    kinds = (
        ("小计", (PERSONNEL, PUBLIC, PROJECT)),
        ("基本支出", (PERSONNEL, PUBLIC)),
        ("项目支出", (PROJECT,)),
    )
    return [
        ((head, text), out_of(components, carried=head == "上年结转结余"))
        for head in ("当年预算", "上年结转结余")
        for text, components in kinds
    ]


_THREE_PUBLIC_PATHS: tuple[Path, ...] = (
    ("合计",),
    ("因公出国（境）费",),
    ("公务用车购置及运行费", "小计"),
    ("公务用车购置及运行费", "公务用车购置费"),
    ("公务用车购置及运行费", "公务用车运行费"),
    ("公务接待费",),
)


def three_public_line(items: dict[str, int]) -> list[int]:
    vehicles = items["vehicle_purchase"] + items["vehicle_running"]
    return [
        sum(items.values()),
        items["abroad"],
        vehicles,
        items["vehicle_purchase"],
        items["vehicle_running"],
        items["reception"],
    ]


def _opening_of(year: FiscalYear, *, special: bool) -> int:
    return sum(
        atom.opening
        for atom in year.spendings
        if atom.fund == NON_FISCAL and (atom.source == "special_account") == special
    )


# final accounts


def executed_step(agency: Agency, profile: Profile) -> int:
    """Final accounts in 万元 are whole multiples of what they print, unless rounding is wanted."""
    return 1 if profile.final_unit == "元" or agency.size.rounded else model.FEN_OF_BUDGET_STEP


class FinalTables(TableBuilder):
    """The tables of final accounts: FT01 … FT09."""

    def __init__(self, agency: Agency, year: int, profile: Profile) -> None:
        super().__init__(agency, year, profile, profile.final_unit, profile.final_prints_zero)
        self.current = agency.executed(year, executed_step(agency, profile))
        self.approved = agency.approved(year)

    def tables(self) -> list[Table]:
        made = []
        for number in range(1, 10):
            table_code = f"FT{number:02d}"
            table = getattr(self, table_code.lower())()
            table.table_code, table.title = table_code, self.profile.titles[table_code]
            table.form_code = f"公开{number:02d}表"
            if self.profile.has_ordinals and table_code != "FT06":
                table.column_numbers = "栏次"
            made.append(table)
        return made

    def _balance_lane(
        self, side: str, label_head: str, heads: Sequence[Path], rows: list[Row], tail: int
    ) -> Lane:
        columns = [Column((side, label_head), LABEL)]
        if self.profile.has_ordinals:
            columns.append(Column((side, "行次"), ORDINAL))
        columns += [Column((side, *head)) for head in heads]
        return Lane(columns, rows, tail)

    def _class_rows(self, amounts: dict[str, list[int]], width: int) -> list[Row]:
        rows = []
        for number, code in enumerate(function_classes(), start=1):
            label = f"{chinese_number(number)}、{function_names()[code]}"
            rows.append(Row("", label, self.monies(amounts.get(code, [0] * width)), "class"))
        return rows

    def ft01(self) -> Table:
        year = self.current
        names = [
            ("一般公共预算财政拨款收入", year.fund_income(GENERAL)),
            ("政府性基金预算财政拨款收入", year.fund_income(GOVERNMENT_FUND)),
            ("国有资本经营预算财政拨款收入", year.fund_income(STATE_CAPITAL)),
            ("上级补助收入", year.source_income("superior_subsidy")),
            ("事业收入", year.source_income("business_income") + year.source_income("special_account")),
            ("经营收入", year.source_income("operating_income")),
            ("附属单位上缴收入", year.source_income("affiliate_remittance")),
            ("其他收入", year.source_income("other_income")),
        ]
        left = [
            Row("", f"{chinese_number(number)}、{name}", self.monies([amount]))
            for number, (name, amount) in enumerate(names, start=1)
        ]
        left += [
            Row("", "本年收入合计", self.monies([year.income], always=True), "subtotal"),
            Row("", "使用非财政拨款结余", self.monies([year.used_surplus]), "balance"),
            Row("", "年初结转和结余", self.monies([year.opening()]), "balance"),
            Row("", "总计", self.monies([year.total], always=True), "total"),
        ]
        classes = by_code(((atom.function_code, [atom.amount]) for atom in year.spendings), 1)
        right = [
            *self._class_rows(classes, 1),
            Row("", "本年支出合计", self.monies([year.spent()], always=True), "subtotal"),
            Row("", "结余分配", self.monies([year.distributed_surplus]), "balance"),
            Row("", "年末结转和结余", self.monies([year.closing()]), "balance"),
            Row("", "总计", self.monies([year.total], always=True), "total"),
        ]
        heads = [("决算数",)]
        return Table(
            "",
            "",
            self.unit,
            [
                self._balance_lane("收入", "项目", heads, left, 4),
                self._balance_lane("支出", "项目（按功能分类）", heads, right, 4),
            ],
            note="注：本表反映部门本年度的总收支和年末结转结余情况。",
        )

    def ft02(self) -> Table:
        def source(*names: str) -> Measure:
            return lambda atom: atom.income if atom.source in names else 0

        measures: list[tuple[Path, Measure]] = [
            (("本年收入合计",), lambda atom: atom.income),
            (("财政拨款收入",), lambda atom: atom.income if atom.fund in FISCAL_FUNDS else 0),
            (("上级补助收入",), source("superior_subsidy")),
            (("事业收入", "小计"), source("business_income", "special_account")),
            (("事业收入", "其中：教育收费"), source("special_account")),
            (("经营收入",), source("operating_income")),
            (("附属单位上缴收入",), source("affiliate_remittance")),
            (("其他收入",), source("other_income")),
        ]
        return self._coded(self.current.spendings, measures, "注：本表反映部门本年度取得的各项收入情况。")

    def ft03(self) -> Table:
        measures: list[tuple[Path, Measure]] = [
            (("本年支出合计",), amount_of()),
            (("基本支出",), amount_of(PERSONNEL, PUBLIC)),
            (("项目支出",), amount_of(PROJECT)),
            (("上缴上级支出",), lambda atom: 0),
            (("经营支出",), amount_of(OPERATING)),
            (("对附属单位补助支出",), lambda atom: 0),
        ]
        return self._coded(self.current.spendings, measures, "注：本表反映部门本年度各项支出情况。")

    def _coded(
        self, spendings: Iterable[Spending], measures: list[tuple[Path, Measure]], note: str, top: Path = ()
    ) -> Table:
        lane = self.coded_lane(spendings, measures, head="项目", top=top)
        return Table("", "", self.unit, [lane], note=note)

    def ft04(self) -> Table:
        year = self.current
        left = [
            Row(
                "",
                f"{chinese_number(number)}、{FUND_NAMES[fund]}财政拨款",
                self.monies([year.fund_income(fund)]),
            )
            for number, fund in enumerate(FISCAL_FUNDS, start=1)
        ]
        income = sum(year.fund_income(fund) for fund in FISCAL_FUNDS)
        opening = [year.opening(fund) for fund in FISCAL_FUNDS]
        left += [
            Row("", "本年收入合计", self.monies([income], always=True), "subtotal"),
            Row("", "年初财政拨款结转和结余", self.monies([sum(opening)]), "balance"),
            *(
                Row(
                    "",
                    f"{chinese_number(number)}、{FUND_NAMES[fund]}财政拨款",
                    self.monies([amount]),
                    "balance",
                )
                for number, (fund, amount) in enumerate(zip(FISCAL_FUNDS, opening, strict=True), start=1)
            ),
            Row("", "总计", self.monies([income + sum(opening)], always=True), "total"),
        ]
        classes = by_code(
            (
                (
                    atom.function_code,
                    [atom.amount, *(atom.amount * (atom.fund == fund) for fund in FISCAL_FUNDS)],
                )
                for atom in year.spendings
                if atom.fund in FISCAL_FUNDS
            ),
            4,
        )

        def by_fund(amounts: list[int]) -> list[Value]:
            return self.monies([sum(amounts), *amounts])

        spent = [year.spent(funds=[fund]) for fund in FISCAL_FUNDS]
        closing = [year.closing(fund) for fund in FISCAL_FUNDS]
        empty = [Row("", "", [None] * 4) for _ in FISCAL_FUNDS]
        right = [
            *self._class_rows(classes, 4),
            Row("", "本年支出合计", by_fund(spent), "subtotal"),
            Row("", "年末财政拨款结转和结余", by_fund(closing), "balance"),
            *empty,
            Row("", "总计", by_fund([sum(pair) for pair in zip(spent, closing, strict=True)]), "total"),
        ]
        heads = [("决算数", head) for head in ("合计", *(f"{name}财政拨款" for name in FUND_NAMES.values()))]
        return Table(
            "",
            "",
            self.unit,
            [
                self._balance_lane("收入", "项目", [("决算数",)], left, 6),
                self._balance_lane("支出", "项目（按功能分类）", heads, right, 6),
            ],
            note="注：本表反映部门本年度财政拨款的总收支和年末结转结余情况。",
        )

    def ft05(self) -> Table:
        measures: list[tuple[Path, Measure]] = [
            (("本年支出合计",), amount_of()),
            (("基本支出",), amount_of(PERSONNEL, PUBLIC)),
            (("项目支出",), amount_of(PROJECT)),
        ]
        atoms = [atom for atom in self.current.spendings if atom.fund == GENERAL]
        return self._coded(atoms, measures, "注：本表反映部门本年度一般公共预算财政拨款支出情况。")

    def ft06(self) -> Table:
        economics = self.current.economics
        groups = [PERSONNEL_CLASSES, ("302",), ("310",)]
        if self.profile.economic_lanes == 2:
            groups = [PERSONNEL_CLASSES, PUBLIC_CLASSES]
        lanes = []
        for place, classes in enumerate(groups):
            side = "人员经费" if place == 0 else "公用经费"
            codes = [
                code for code in economic_items(*classes) if self.profile.all_economics or economics.get(code)
            ]
            sums = by_code(((code, [economics.get(code, 0)]) for code in codes), 1)
            rows = [
                Row(code, economic_names()[code], self.monies(values), _LEVELS[len(code)])
                for code, values in sums.items()
            ]
            last = place == len(groups) - 1
            if place == 0:
                amount = self.current.economic_total(*PERSONNEL_CLASSES)
                rows += [
                    Row("", "人员经费合计", self.monies([amount], always=True), "subtotal"),
                    Row("", "", [None]),
                ]
            elif last:
                amount = self.current.economic_total(*PUBLIC_CLASSES)
                whole = self.current.economic_total(*PERSONNEL_CLASSES, *PUBLIC_CLASSES)
                rows += [
                    Row("", "公用经费合计", self.monies([amount], always=True), "subtotal"),
                    Row("", "合计", self.monies([whole], always=True), "total"),
                ]
            columns = [
                Column((side, "科目编码"), CODE),
                Column((side, "科目名称"), LABEL),
                Column((side, "金额")),
            ]
            lanes.append(Lane(columns, rows, 2 if place == 0 or last else 0))
        return Table(
            "", "", self.unit, lanes, note="注：本表反映部门本年度一般公共预算财政拨款基本支出明细情况。"
        )

    def ft07(self) -> Table:
        columns, values = [], []
        for head, year in (("预算数", self.approved), ("决算数", self.current)):
            columns += [Column((f"{self.year}年度{head}", *path)) for path in _THREE_PUBLIC_PATHS]
            values += three_public_line(year.three_public)
        row = Row("", "", self.monies(values, always=True), "total")
        return Table("", "", self.unit, [Lane(columns, [row])])

    def ft08(self) -> Table:
        measures: list[tuple[Path, Measure]] = [
            (("年初结转和结余",), lambda atom: atom.opening),
            (("本年收入",), lambda atom: atom.income),
            (("本年支出", "小计"), amount_of()),
            (("本年支出", "基本支出"), amount_of(PERSONNEL, PUBLIC)),
            (("本年支出", "项目支出"), amount_of(PROJECT)),
            (("年末结转和结余",), lambda atom: atom.closing),
        ]
        atoms = [atom for atom in self.current.spendings if atom.fund == GOVERNMENT_FUND]
        return self._coded(atoms, measures, self._fund_note(GOVERNMENT_FUND, bool(atoms)))

    def ft09(self) -> Table:
        measures: list[tuple[Path, Measure]] = [
            (("合计",), amount_of()),
            (("基本支出",), amount_of(PERSONNEL, PUBLIC)),
            (("项目支出",), amount_of(PROJECT)),
        ]
        atoms = [atom for atom in self.current.spendings if atom.fund == STATE_CAPITAL]
        return self._coded(atoms, measures, self._fund_note(STATE_CAPITAL, bool(atoms)))

    def _fund_note(self, fund: str, has_amounts: bool) -> str:
        if has_amounts:
            return f"注：本表反映部门本年度{FUND_NAMES[fund]}财政拨款收入支出情况。"
        return f"注：本部门{self.year}年度无{FUND_NAMES[fund]}财政拨款收支，故本表为空表。"
