"""What the reports call things, in Chinese and English."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

REASONS = Path(__file__).resolve().parent / "reasons.csv"
NEXT_STEPS = Path(__file__).resolve().parent / "next_steps.csv"

SEVERITIES = {
    "error": ("错误", "error"),
    "warning": ("警告", "warning"),
    "minor": ("轻微", "minor"),
    "rounding": ("四舍五入", "rounding"),
}
ORIGINS = {"source": ("公布数据本身", "published so"), "extraction": ("可能误读", "possibly misread")}
STATUSES = {
    "pass": ("相符", "holds"),
    "rounding": ("四舍五入", "rounding"),
    "fail": ("不符", "fails"),
    "insufficient_data": ("数据不足", "not enough data"),
    "not_applicable": ("不适用", "not applicable"),
}
VERDICTS = {
    "verified": ("已核实", "verified"),
    "source_defects": ("公布有误", "source defects"),
    "unverified": ("未核实", "unverified"),
    "read": ("已读取", "read"),
    "set_aside": ("未读取", "set aside"),
}
REVIEWS = {
    "known": ("已复核", "reviewed"),
    "unreviewed": ("未复核", "not reviewed"),
    "extraction": ("待改进读取", "ours to mend"),
    "not_needed": ("无需复核", "no review needed"),
}
KINDS = {"budget": ("预算", "budget"), "final": ("决算", "final accounts")}
GATES = {
    "integrity": ("必须成立", "must hold"),
    "strict": ("严格模式必须成立", "must hold if strict"),
    "watch": ("仅提示", "shown only"),
}
OUTCOMES = {
    "green": ("成立", "holds"),
    "red": ("不成立", "broken"),
    "empty": ("无对象", "nothing to look at"),
    "error": ("未能检查", "could not run"),
}
SUITES = {
    "landing": ("读入", "landing"),
    "marts": ("数据", "marts"),
    "reconciliation": ("勾稽", "reconciliation"),
    "rules": ("规则", "rules"),
}
BLOCKS = {
    "timeliness": ("及时性", "timeliness"),
    "completeness": ("完整性", "completeness"),
    "detail": ("细化程度", "detail"),
    "standard_form": ("规范性", "standard form"),
}


def unit_of(printed_unit: object) -> tuple[str, str]:
    """The unit that amounts of a finding are given in: money in yuan, all else as it is printed."""
    unit = str(printed_unit or "元")
    return ("元", "yuan") if unit.endswith("元") else (unit, unit)


def printed_unit(unit: object, factors: Mapping[str, object]) -> tuple[str, str, int]:
    """The unit that the document prints, and how many powers of ten it is larger than the yuan."""
    name = str(unit or "元")
    factor = str(int(Decimal(str(factors.get(name, 1)))))
    power = len(factor) - 1
    return (name, "yuan" if name == "元" else name, power if factor == f"1{'0' * power}" else 0)


FAMILIES = {
    "A": ("表内纵向", "down a column"),
    "B": ("表内横向", "along a row"),
    "C": ("收支平衡", "balances"),
    "D": ("表间核对", "between tables"),
    "E": ("文字与表格", "text and tables"),
    "F": ("年度衔接", "between years"),
    "G": ("汇总关系", "departments and units"),
    "H": ("科目规范", "classification"),
    "I": ("公开完整性", "completeness"),
    "J": ("文本规范", "wording"),
}


@cache
def _reasons() -> list[tuple[re.Pattern[str], str]]:
    with REASONS.open(encoding="utf-8", newline="") as stream:
        return [(re.compile(row["reason"], re.DOTALL), row["reason_zh"]) for row in csv.DictReader(stream)]


def reason_zh(reason: str | None) -> str:
    """Why something was not judged, in Chinese; what the list does not know stays as it is."""
    said: list[str] = []
    goes_on = ""
    for part in (reason or "").split("; "):
        known = ((pattern, pattern.fullmatch(part), zh) for pattern, zh in _reasons())
        pattern, found, zh = next((row for row in known if row[1]), (None, None, ""))
        if found and pattern:
            said.append(found.expand(zh))
            # a list of names goes on behind the mark that also stands between reasons
            goes_on = pattern.pattern[-4:]
        elif goes_on == "(.+)":
            said[-1] += f"、{part}"
        elif not goes_on.endswith(".*"):
            said.append(part)
    return "；".join(filter(None, dict.fromkeys(said)))


@cache
def next_steps() -> dict[str, tuple[str, str]]:
    """What to do about each cause."""
    with NEXT_STEPS.open(encoding="utf-8", newline="") as stream:
        return {
            cause: (row["next_zh"], row["next_en"])
            for row in csv.DictReader(stream)
            for cause in row["causes"].split()
        }


def next_step(finding: Mapping[str, Any]) -> tuple[str, str]:
    """What to do about a finding; who doubts the reading looks at the page before anything else."""
    cause = "extraction" if finding["origin"] == "extraction" else finding["cause"]
    return next_steps().get(cause or "", ("", ""))
