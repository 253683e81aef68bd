"""The chapters that explain a document's tables, with sentences that agree with them to the cent."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from tests.typeset.classification import economic_names, function_names, parents
from tests.typeset.model import (
    FISCAL_FUNDS,
    GENERAL,
    GOVERNMENT_FUND,
    NON_FISCAL,
    PERSONNEL,
    PERSONNEL_CLASSES,
    PROJECT,
    PUBLIC,
    PUBLIC_CLASSES,
    STATE_CAPITAL,
    Agency,
    FiscalYear,
    by_code,
)
from tests.typeset.tables import (
    FUND_NAMES,
    SOURCE_NAMES,
    Chapter,
    Claim,
    Profile,
    Sentence,
    chinese_number,
    executed_step,
    in_unit,
)

TEXT_UNIT = "万元"
_REASONS = {
    "增加": ("在职人员增加，相应经费增加", "项目任务增加，支出增加", "社会保险缴费基数上调，支出增加"),
    "减少": ("落实过紧日子要求，压减支出", "部分项目完成，支出减少", "退休人员变动，支出减少"),
}


def percentage(part: int, whole: int) -> Decimal:
    return (Decimal(100 * part) / Decimal(whole)).quantize(Decimal("0.01"), ROUND_HALF_UP)


def amount(subject: str, fen: int) -> Claim:
    """An amount as text prints it: zero without decimals."""
    value = in_unit(fen, TEXT_UNIT)
    text = f"{value:,.2f}" if value else "0"
    return Claim("amount", text, value, TEXT_UNIT, subject, (fen,))


def share(subject: str, part: int, whole: int) -> Sentence:
    value = percentage(part, whole) if whole else Decimal(0)
    return ["占", Claim("percentage", f"{value}%", value, "%", f"{subject}|share", (part, whole))]


def change(subject: str, current: int, base: int, base_name: str, place: int = 0) -> Sentence:
    """比上年预算增加 … 万元，增长 …%，主要原因是 …: no rate where the base is zero."""
    difference = current - base
    if not in_unit(difference, TEXT_UNIT):
        return [f"与{base_name}", Claim("direction", "持平", None, "", f"{subject}|change", (current, base))]
    word, rate_word = ("增加", "增长") if difference > 0 else ("减少", "下降")
    stated = amount(f"{subject}|change", abs(difference))
    stated = Claim(stated.kind, stated.text, stated.value, stated.unit, stated.subject, (current, base))
    pieces: Sentence = [
        f"比{base_name}",
        Claim("direction", word, None, "", f"{subject}|change", (current, base)),
        stated,
        TEXT_UNIT,
    ]
    if base:
        value = percentage(abs(difference), base)
        pieces += [
            f"，{rate_word}",
            Claim("percentage", f"{value}%", value, "%", f"{subject}|growth", (current, base)),
        ]
    reasons = _REASONS[word]
    return [*pieces, f"，主要原因是{reasons[place % len(reasons)]}"]


def function_path(code: str) -> str:
    """社会保障和就业支出（类）行政事业单位养老支出（款）行政单位离退休（项）."""
    names = function_names()
    class_code, group_code = parents(code)
    return f"{names[class_code]}（类）{names[group_code]}（款）{names[code]}（项）"


def text_of(sentence: Sentence) -> str:
    return "".join(piece if isinstance(piece, str) else piece.text for piece in sentence)


class BudgetNarrative:
    """情况说明 of a budget."""

    def __init__(self, agency: Agency, year: int, profile: Profile) -> None:
        self.agency = agency
        self.year = year
        self.profile = profile
        self.current = agency.approved(year)
        self.prior = agency.approved(year - 1)

    def chapters(self) -> list[Chapter]:
        parts = [
            ("收支预算总体情况说明", self._totals()),
            ("收入预算情况说明", self._income()),
            ("支出预算情况说明", self._expenditure()),
            ("财政拨款收支预算情况说明", self._fiscal()),
            ("一般公共预算支出预算情况说明", self._general()),
            ("一般公共预算基本支出预算情况说明", self._basic()),
            ("一般公共预算“三公”经费预算情况说明", self._three_public()),
            ("政府性基金预算支出情况说明", self._fund(GOVERNMENT_FUND)),
            ("国有资本经营预算支出情况说明", self._fund(STATE_CAPITAL)),
            ("其他重要事项的情况说明", self._others()),
        ]
        return [
            Chapter(chinese_number(number), f"{self.agency.agency_name}{self.year}年{title}", sentences)
            for number, (title, sentences) in enumerate(parts, start=1)
        ]

    def _totals(self) -> list[Sentence]:
        year = self.current
        return [
            [
                f"{self.agency.agency_name}{self.year}年收支总预算",
                amount("BT01|总计", year.total),
                f"{TEXT_UNIT}，",
                *change("BT01|总计", year.total, self.prior.total, "上年预算"),
                "。",
            ],
            [
                "其中：本年收入",
                amount("BT01|本年收入", year.income),
                f"{TEXT_UNIT}，上年结转结余",
                amount("BT01|上年结转结余", year.opening()),
                f"{TEXT_UNIT}。",
            ],
        ]

    def _income(self) -> list[Sentence]:
        year, sentences = self.current, []
        sentences.append([f"{self.year}年收入预算", amount("BT02|总计", year.total), f"{TEXT_UNIT}，其中："])
        lines = [(f"{FUND_NAMES[fund]}拨款收入", year.fund_income(fund)) for fund in FISCAL_FUNDS]
        lines += [(name, year.source_income(source)) for source, name in SOURCE_NAMES.items()]
        lines.append(("上年结转结余", year.opening()))
        for name, value in lines:
            if value:
                subject = f"BT02|{name}"
                sentences.append(
                    [name, amount(subject, value), f"{TEXT_UNIT}，", *share(subject, value, year.total), "。"]
                )
        return sentences

    def _expenditure(self) -> list[Sentence]:
        year, prior = self.current, self.prior
        sentence: Sentence = [
            f"{self.year}年支出预算", amount("BT03|合计", year.spent()), f"{TEXT_UNIT}，其中：",
        ]  # fmt: skip
        sentences = [sentence]
        for place, (name, components) in enumerate(
            (("基本支出", (PERSONNEL, PUBLIC)), ("项目支出", (PROJECT,)))
        ):
            value, base = year.spent(components=components), prior.spent(components=components)
            subject = f"BT03|{name}"
            sentences.append(
                [
                    name,
                    amount(subject, value),
                    f"{TEXT_UNIT}，",
                    *share(subject, value, year.spent()),
                    "，",
                    *change(subject, value, base, "上年预算", place),
                    "。",
                ]
            )
        return sentences

    def _fiscal(self) -> list[Sentence]:
        year = self.current
        total = year.spent(funds=FISCAL_FUNDS)
        classes = by_code(
            ((atom.function_code, [atom.amount]) for atom in year.spendings if atom.fund in FISCAL_FUNDS), 1
        )
        pieces: Sentence = [
            f"{self.year}年财政拨款收支总预算",
            amount("BT04|总计", total),
            f"{TEXT_UNIT}。支出包括：",
        ]
        names = function_names()
        for number, (code, (value,)) in enumerate(
            (entry for entry in classes.items() if len(entry[0]) == 3), start=1
        ):
            pieces += ["；" if number > 1 else "", names[code], amount(f"BT04|{code}", value), TEXT_UNIT]
        return [[*pieces, "。"]]

    def _general(self) -> list[Sentence]:
        year, prior = self.current, self.prior
        now = by_code(
            ((atom.function_code, [atom.amount]) for atom in year.spendings if atom.fund == GENERAL), 1
        )
        then = by_code(
            ((atom.function_code, [atom.amount]) for atom in prior.spendings if atom.fund == GENERAL), 1
        )
        total = year.spent(funds=[GENERAL])
        base = prior.spent(funds=[GENERAL])
        sentences: list[Sentence] = [
            [
                f"{self.year}年一般公共预算支出",
                amount("BT05|合计", total),
                f"{TEXT_UNIT}，",
                *change("BT05|合计", total, base, "上年预算"),
                "。",
            ]
        ]
        number = 0
        for code in sorted(now.keys() | then.keys()):
            if len(code) != 7:
                continue
            number += 1
            value, before = now.get(code, [0])[0], then.get(code, [0])[0]
            sentences.append(
                [
                    f"{number}.{function_path(code)}{self.year}年预算数为",
                    amount(f"BT05|{code}", value),
                    f"{TEXT_UNIT}，",
                    *change(f"BT05|{code}", value, before, "上年预算", number),
                    "。",
                ]
            )
        return sentences

    def _basic(self) -> list[Sentence]:
        return basic_sentences(self.current, f"{self.year}年一般公共预算基本支出", "BT06")

    def _three_public(self) -> list[Sentence]:
        now, then = self.current.three_public, self.prior.three_public
        total, base = sum(now.values()), sum(then.values())
        lines = [
            ("因公出国（境）费", ("abroad",)),
            ("公务用车购置费", ("vehicle_purchase",)),
            ("公务用车运行维护费", ("vehicle_running",)),
            ("公务接待费", ("reception",)),
        ]
        sentences: list[Sentence] = [
            [
                f"{self.year}年“三公”经费预算",
                amount("BT07|合计", total),
                f"{TEXT_UNIT}，",
                *change("BT07|合计", total, base, "上年预算"),
                "。",
            ]
        ]
        for place, (name, items) in enumerate(lines):
            value, before = sum(now[item] for item in items), sum(then[item] for item in items)
            subject = f"BT07|{name}"
            tail = change(subject, value, before, "上年预算", place)
            sentences.append([name, "预算", amount(subject, value), f"{TEXT_UNIT}，", *tail, "。"])
        return sentences

    def _fund(self, fund: str) -> list[Sentence]:
        value = self.current.spent(funds=[fund])
        table = "BT08" if fund == GOVERNMENT_FUND else "BT09"
        if not value:
            return [[f"{self.agency.agency_name}{self.year}年没有使用{FUND_NAMES[fund]}拨款安排的支出。"]]
        return [[f"{self.year}年{FUND_NAMES[fund]}支出", amount(f"{table}|合计", value), f"{TEXT_UNIT}。"]]

    def _others(self) -> list[Sentence]:
        running = self.current.economic_total("302", "310")
        before = self.prior.economic_total("302", "310")
        return [
            [
                f"（一）机关运行经费。{self.year}年机关运行经费预算",
                amount("BT06|公用经费", running),
                f"{TEXT_UNIT}，",
                *change("BT06|公用经费", running, before, "上年预算"),
                "。",
            ],
            procurement_sentence(
                self.current, f"（二）政府采购情况。{self.year}年政府采购预算总额", "预算", "BT14"
            ),
            *statements(
                f"截至{self.year - 1}年12月31日，{self.agency.agency_name}",
                f"{self.year}年项目支出全部编制绩效目标，纳入绩效管理。",
            ),
        ]


class FinalNarrative:
    """决算情况说明: executed against last year and against the approved budget."""

    def __init__(self, agency: Agency, year: int, profile: Profile) -> None:
        self.agency = agency
        self.year = year
        step = executed_step(agency, profile)
        self.current = agency.executed(year, step)
        self.prior = agency.executed(year - 1, step)
        self.approved = agency.approved(year)

    def chapters(self) -> list[Chapter]:
        parts = [
            ("收入支出决算总体情况说明", self._totals()),
            ("收入决算情况说明", self._income()),
            ("支出决算情况说明", self._expenditure()),
            ("财政拨款收入支出决算总体情况说明", self._fiscal()),
            ("一般公共预算财政拨款支出决算情况说明", self._general()),
            (
                "一般公共预算财政拨款基本支出决算情况说明",
                basic_sentences(self.current, f"{self.year}年度一般公共预算财政拨款基本支出", "FT06"),
            ),
            ("财政拨款“三公”经费支出决算情况说明", self._three_public()),
            ("政府性基金预算财政拨款收入支出决算情况说明", self._fund(GOVERNMENT_FUND)),
            ("国有资本经营预算财政拨款支出情况说明", self._fund(STATE_CAPITAL)),
            ("其他重要事项的情况说明", self._others()),
        ]
        return [
            Chapter(chinese_number(number), title, sentences)
            for number, (title, sentences) in enumerate(parts, start=1)
        ]

    def _totals(self) -> list[Sentence]:
        return [[f"{self.year}年度收、支总计", amount("FT01|总计", self.current.total), f"{TEXT_UNIT}。"]]

    def _income(self) -> list[Sentence]:
        year = self.current
        fiscal = sum(year.fund_income(fund) for fund in FISCAL_FUNDS)
        other = year.income - fiscal
        pieces: Sentence = [
            f"{self.year}年度收入合计",
            amount("FT02|合计", year.income),
            f"{TEXT_UNIT}，其中：财政拨款收入",
            amount("FT02|财政拨款收入", fiscal),
            f"{TEXT_UNIT}，",
            *share("FT02|财政拨款收入", fiscal, year.income),
        ]
        if other and year.spent(funds=[NON_FISCAL]):
            pieces += [
                "；非财政拨款收入",
                amount("FT02|非财政拨款收入", other),
                f"{TEXT_UNIT}，",
                *share("FT02|非财政拨款收入", other, year.income),
            ]
        return [[*pieces, "。"]]

    def _expenditure(self) -> list[Sentence]:
        year = self.current
        pieces: Sentence = [
            f"{self.year}年度支出合计",
            amount("FT03|合计", year.spent()),
            f"{TEXT_UNIT}，其中：",
        ]
        for place, (name, components) in enumerate(
            (("基本支出", (PERSONNEL, PUBLIC)), ("项目支出", (PROJECT,)))
        ):
            value = year.spent(components=components)
            pieces += [
                "；" if place else "", name, amount(f"FT03|{name}", value), f"{TEXT_UNIT}，",
                *share(f"FT03|{name}", value, year.spent()),
            ]  # fmt: skip
        return [[*pieces, "。"]]

    def _fiscal(self) -> list[Sentence]:
        sentences = []
        for name, now, then in (
            (
                "财政拨款收入",
                sum(self.current.fund_income(fund) for fund in FISCAL_FUNDS),
                sum(self.prior.fund_income(fund) for fund in FISCAL_FUNDS),
            ),
            ("财政拨款支出", self.current.spent(funds=FISCAL_FUNDS), self.prior.spent(funds=FISCAL_FUNDS)),
        ):
            subject = f"FT04|{name}"
            sentence: Sentence = [f"{self.year}年度", name, amount(subject, now), f"{TEXT_UNIT}，"]
            sentences.append([*sentence, *change(subject, now, then, f"{self.year - 1}年度"), "。"])
        return sentences

    def _general(self) -> list[Sentence]:
        total = self.current.spent(funds=[GENERAL])
        sentences: list[Sentence] = [
            [
                f"{self.year}年度一般公共预算财政拨款支出",
                amount("FT05|合计", total),
                f"{TEXT_UNIT}，占本年支出合计的",
                *share("FT05|合计", total, self.current.spent())[1:],
                "，",
                *change("FT05|合计", total, self.prior.spent(funds=[GENERAL]), f"{self.year - 1}年度"),
                "。",
            ]
        ]
        planned = by_code(
            ((atom.function_code, [atom.amount]) for atom in self.approved.spendings if atom.fund == GENERAL),
            1,
        )
        spent = by_code(
            ((atom.function_code, [atom.amount]) for atom in self.current.spendings if atom.fund == GENERAL),
            1,
        )
        for number, code in enumerate((code for code in spent if len(code) == 7), start=1):
            value, budget = spent[code][0], planned[code][0]
            subject = f"FT05|{code}"
            rate = percentage(value, budget)
            sentences.append(
                [
                    f"{number}.{function_path(code)}年初预算为",
                    amount(f"{subject}|approved", budget),
                    f"{TEXT_UNIT}，支出决算为",
                    amount(subject, value),
                    f"{TEXT_UNIT}，完成年初预算的",
                    Claim("percentage", f"{rate}%", rate, "%", f"{subject}|completion", (value, budget)),
                    "。",
                ]
            )
        return sentences

    def _three_public(self) -> list[Sentence]:
        planned, spent = self.approved.three_public, self.current.three_public
        budget, total = sum(planned.values()), sum(spent.values())
        rate = percentage(total, budget)
        return [
            [
                f"{self.year}年度“三公”经费财政拨款支出预算为",
                amount("FT07|预算数", budget),
                f"{TEXT_UNIT}，支出决算为",
                amount("FT07|决算数", total),
                f"{TEXT_UNIT}，完成预算的",
                Claim("percentage", f"{rate}%", rate, "%", "FT07|completion", (total, budget)),
                "。",
            ],
            ["因公出国（境）团组1个、2人次。"],
            ["公务用车购置0辆，年末公务用车保有量3辆，用于公务用车运行维护。"],
            ["国内公务接待5批次、40人次。"],
        ]

    def _fund(self, fund: str) -> list[Sentence]:
        year = self.current
        if not year.spent(funds=[fund]):
            return [[f"{self.year}年度无{FUND_NAMES[fund]}财政拨款收支。"]]
        table = "FT08" if fund == GOVERNMENT_FUND else "FT09"
        return [
            [
                f"{self.year}年度{FUND_NAMES[fund]}财政拨款本年收入",
                amount(f"{table}|本年收入", year.fund_income(fund)),
                f"{TEXT_UNIT}，本年支出",
                amount(f"{table}|本年支出", year.spent(funds=[fund])),
                f"{TEXT_UNIT}，年末结转和结余",
                amount(f"{table}|年末结转和结余", year.closing(fund)),
                f"{TEXT_UNIT}。",
            ]
        ]

    def _others(self) -> list[Sentence]:
        running = self.current.economic_total(*PUBLIC_CLASSES)
        before = self.prior.economic_total(*PUBLIC_CLASSES)
        return [
            [
                f"（一）机关运行经费支出情况。{self.year}年度机关运行经费支出",
                amount("FT06|公用经费", running),
                f"{TEXT_UNIT}，",
                *change("FT06|公用经费", running, before, f"{self.year - 1}年度"),
                "。",
            ],
            procurement_sentence(
                self.current, f"（二）政府采购支出情况。{self.year}年度政府采购支出总额", "支出", "text"
            ),
            *statements(
                f"截至{self.year}年12月31日，{self.agency.agency_name}",
                f"{self.year}年度项目支出全部开展绩效自评。",
            ),
        ]


def basic_sentences(year: FiscalYear, opening: str, table: str) -> list[Sentence]:
    personnel, public = year.economic_total(*PERSONNEL_CLASSES), year.economic_total(*PUBLIC_CLASSES)
    sentences: list[Sentence] = [
        [opening, amount(f"{table}|合计", personnel + public), f"{TEXT_UNIT}，其中："]
    ]
    for name, value, classes in (
        ("人员经费", personnel, PERSONNEL_CLASSES),
        ("公用经费", public, PUBLIC_CLASSES),
    ):
        pieces: Sentence = [name, amount(f"{table}|{name}", value), f"{TEXT_UNIT}，主要包括："]
        lines = [(code, fen) for code, fen in sorted(year.economics.items()) if code[:3] in classes]
        for number, (code, fen) in enumerate(lines):
            pieces += [
                "、" if number else "",
                economic_names()[code],
                amount(f"{table}|{code}", fen),
                TEXT_UNIT,
            ]
        sentences.append([*pieces, "。"])
    return sentences


def statements(date_and_body: str, performance: str) -> list[Sentence]:
    """What every document has to state without an amount of its own."""
    return [
        ["政府采购项目均面向中小企业预留份额。"],
        [f"（三）国有资产占有使用情况。{date_and_body}共有车辆3辆，单价100万元以上设备0台。"],
        [f"（四）预算绩效情况。{performance}"],
    ]


def procurement_sentence(year: FiscalYear, opening: str, word: str, table: str) -> Sentence:
    total = sum(purchase.amount for purchase in year.purchases)
    pieces: Sentence = [opening, amount(f"{table}|合计", total), f"{TEXT_UNIT}，其中："]
    for number, (name, kind) in enumerate((("货物", "goods"), ("工程", "works"), ("服务", "services"))):
        value = sum(purchase.amount for purchase in year.purchases if purchase.kind == kind)
        pieces += [
            "、" if number else "",
            f"政府采购{name}{word}",
            amount(f"{table}|{name}", value),
            TEXT_UNIT,
        ]
    return [*pieces, "。"]
