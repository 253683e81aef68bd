"""The form that finance bureaus check a disclosure with (预决算公开检查表): one a document, one item a rule.

"Yes" needs something that was compared and held; what could not be compared is not checked, never a yes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from expectations.exports import workbook, write_cell
from expectations.words import FAMILIES, reason_zh

YES, NO, NOT_APPLICABLE, NOT_CHECKED = "是", "否", "不适用", "未检查"
# sheets of a workbook and forms of the page; of a larger corpus those with most errors
MOST_DOCUMENTS = 200
MOST_EVIDENCE = 3
PAGE_FIRST = re.compile(r"第\d+页")
EQUATION_RULE = re.compile(r"[A-J]\d\d(?=[.:])")
HEADS = (("序号", 6), ("检查项目", 44), ("符合要求", 10), ("依据 / 说明", 110))

COUNTS_SQL = """
select document_id, rule_id,
    count(*) filter (where status = 'pass') as pass,
    count(*) filter (where status = 'rounding') as rounding,
    count(*) filter (where status = 'fail') as fail,
    count(*) filter (where status = 'insufficient_data') as insufficient_data,
    count(*) filter (where status = 'not_applicable') as not_applicable,
    any_value(reason order by status, reason)
        filter (where status in ('insufficient_data', 'not_applicable')) as reason
from ({verdicts}) as verdicts
group by all
"""


@dataclass(frozen=True, slots=True)
class Item:
    name: str
    verdict: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Checklist:
    document_id: str
    document_name: str
    agency_name: str
    fiscal_year: int | None
    items: tuple[Item, ...]

    def rows(self) -> list[tuple[int, str, str, str]]:
        return [(no, item.name, item.verdict, item.evidence) for no, item in enumerate(self.items, start=1)]


def checklists(
    documents: Sequence[Mapping[str, Any]],
    rules: Sequence[Mapping[str, Any]],
    counts: Sequence[Mapping[str, Any]],
    findings: Sequence[Mapping[str, Any]],
) -> list[Checklist]:
    """The forms of the documents that were read, up to a number, those with most errors first."""
    by_rule = {(count["document_id"], count["rule_id"]): count for count in counts}
    said: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    told_by: dict[tuple[str, str], set[str]] = {}
    for finding in findings:
        said.setdefault((finding["document_id"], finding["rule_id"]), []).append(finding)
        for equation_id in () if finding["severity"] == "rounding" else finding.get("equations") or ():
            rule_id = EQUATION_RULE.match(equation_id)
            if rule_id:
                told_by.setdefault((finding["document_id"], rule_id[0]), set()).add(finding["rule_id"])
    read = [document for document in documents if document["status"] == "read"]
    if len(read) > MOST_DOCUMENTS:
        read = sorted(read, key=lambda entry: -entry["severities"].get("error", 0))[:MOST_DOCUMENTS]
    return [
        Checklist(
            document["document_id"],
            document["document_name"],
            document["agency_name"] or "",
            document["fiscal_year"],
            tuple(
                _item(rule, by_rule.get(key), said.get(key, ()), sorted(told_by.get(key, ())))
                for rule in rules
                if rule["implemented"] == "true"
                for key in [(document["document_id"], rule["rule_id"])]
            ),
        )
        for document in read
    ]


def _item(
    rule: Mapping[str, Any],
    counts: Mapping[str, Any] | None,
    findings: Sequence[Mapping[str, Any]],
    told_by: Sequence[str],
) -> Item:
    family = FAMILIES[rule["rule_id"][0]][0]
    name = f"{rule['rule_id']} {family}：{rule['name_zh']}"
    wrong = [finding for finding in findings if finding["severity"] != "rounding"]
    if wrong:
        shown = [_said(finding) for finding in wrong[:MOST_EVIDENCE]]
        if len(wrong) > MOST_EVIDENCE:
            shown.append(f"另有 {len(wrong) - MOST_EVIDENCE} 处")
        return Item(name, NO, " ".join(shown))
    if counts is None:
        return Item(name, NOT_APPLICABLE, "本文件没有可检查的对象")
    if counts["fail"]:
        where = f"与 {'、'.join(told_by)} 是同一问题" if told_by else "原因见其他规则"
        return Item(name, NO, f"{counts['fail']} 处不符，{where}")
    if held := counts["pass"] + counts["rounding"]:
        rounding = f"，其中 {counts['rounding']} 处为四舍五入" if counts["rounding"] else ""
        open_ = f"；另有 {counts['insufficient_data']} 处缺少数据" if counts["insufficient_data"] else ""
        return Item(name, YES, f"核对 {held} 处均相符{rounding}{open_}")
    if counts["insufficient_data"]:
        return Item(name, NOT_CHECKED, f"缺少数据：{reason_zh(counts['reason'])}")
    return Item(name, NOT_APPLICABLE, reason_zh(counts["reason"]))


def _said(finding: Mapping[str, Any]) -> str:
    page = f"第 {finding['line_no']} 行：" if finding.get("line_no") else ""
    # messages on tables of a PDF begin with their page
    if finding.get("page_no") is not None and not PAGE_FIRST.match(finding["message_zh"]):
        page = f"第 {finding['page_no']} 页："
    doubt = "（可能误读，请对照原文）" if finding.get("origin") == "extraction" else ""
    return f"{page}{finding['message_zh']}{doubt}"


def write_checklists(path: Path, forms: Sequence[Checklist], document_count: int) -> None:
    """One sheet a document, and a first one that sums them up."""
    with workbook(path) as book:
        bold = book.add_format({"bold": True, "bottom": 1})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        red = book.add_format({"font_color": "#B3261E", "bold": True, "valign": "top"})
        first = book.add_worksheet("汇总")
        names = ("文件", "单位", "年度", YES, NO, NOT_APPLICABLE, NOT_CHECKED, "工作表")
        for column, name in enumerate(names):
            first.set_column(column, column, 34 if column < 2 else 9)
            write_cell(first, 0, column, name, bold)
        for no, form in enumerate(forms, start=1):
            verdicts = [item.verdict for item in form.items]
            counts = [verdicts.count(verdict) for verdict in (YES, NO, NOT_APPLICABLE, NOT_CHECKED)]
            summed: list[object] = [form.document_name, form.agency_name, form.fiscal_year, *counts, str(no)]
            for column, value in enumerate(summed):
                write_cell(first, no, column, value)
        if document_count > len(forms):
            left = document_count - len(forms)
            write_cell(first, len(forms) + 1, 0, f"另有 {left} 份文件未列出；单份检查：make check DOC=文件")
        for no, form in enumerate(forms, start=1):
            sheet = book.add_worksheet(str(no))
            sheet.set_landscape()
            sheet.fit_to_pages(1, 0)
            title = f"{form.fiscal_year or ''} {form.agency_name} 预决算公开检查表".strip()
            write_cell(sheet, 0, 0, title, bold)
            write_cell(sheet, 1, 0, form.document_name)
            for column, (name, width) in enumerate(HEADS):
                sheet.set_column(column, column, width)
                write_cell(sheet, 2, column, name, bold)
            for row, values in enumerate(form.rows(), start=3):
                for column, text in enumerate(values):
                    write_cell(sheet, row, column, text, red if column == 2 and text == NO else wrapped)
