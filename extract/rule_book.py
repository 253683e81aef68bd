"""The rule book: a page made from the rule seeds, so that what is written is what is checked."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

import duckdb

from expectations.words import FAMILIES, SEVERITIES, reason_zh

RULES = Path(__file__).resolve().parent.parent / "dbt_project" / "seeds" / "rules"
COMPARISONS = {"eq": "=", "le": "≤", "ge": "≥"}
INTRODUCTION = """# 勾稽规则手册 · Rule book

本页由 `dbt_project/seeds/rules` 生成（`make docs`），请勿手改。
This page is made from `dbt_project/seeds/rules` by `make docs`; change the seeds, not the page.

每条规则都是印刷数字之间的线性等式。允许差额为 Σ|系数|·½ 印刷单位：
差额为零为 `pass`，不超过允许差额为 `rounding`，超过为 `fail`；缺数为 `insufficient_data`，绝不算通过。
Every rule is a linear equation over printed numbers. The tolerance is Σ|coefficient| · half of the last
printed digit: no difference is `pass`, one within the tolerance `rounding`, one beyond it `fail`; what is
missing is `insufficient_data` and never a pass.

H、I、J 各条与 E11、E14、E16 及 A07 的权重不是等式，而是对文件的判断（`quality.disclosure_check`）：
`pass`、`fail`、`not_applicable` 或 `insufficient_data`。
The rules of H, I and J, E11, E14, E16 and the weights of A07 are judgements on a document
(`quality.disclosure_check`):
`pass`, `fail`, `not_applicable` or `insufficient_data`. How often each rule was evaluated in a build
stands in that build's `reports/rule_book.md` and in `quality.rule_result`.
"""
COUNTED = """
    select rule_id, evaluated, passed, rounded, failed, insufficient_data, not_applicable, findings
    from quality.rule_result
"""


def _read(name: str, folder: Path) -> list[dict[str, str]]:
    with (folder / name).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def write_rule_book(warehouse: Path, folder: Path) -> None:
    """The page with how often each rule was evaluated and failed, among the reports of a build."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        found = connection.execute(
            "select 1 from information_schema.tables"
            " where table_schema = 'quality' and table_name = 'rule_result'"
        ).fetchone()
        # a build that stopped before has counted nothing
        counts = {row[0]: row[1:] for row in connection.execute(COUNTED).fetchall()} if found else {}
    (folder / "rule_book.md").write_text(rule_book(counts=counts), encoding="utf-8")


def _counted(
    evaluated: int, passed: int, rounded: int, failed: int, open_: int, other: int, found: int
) -> str:
    return (
        f"- 本次构建 · this build: 判断 {evaluated}（通过 {passed}，舍入 {rounded}，不符 {failed}），"
        f"数据不足 {open_}，不适用 {other}，发现 {found} · {evaluated} evaluated ({passed} passed, "
        f"{rounded} rounding, {failed} failed), "
        f"{open_} without data, {other} not applicable; {found} findings"
    )


def rule_book(folder: Path = RULES, counts: Mapping[str, tuple[int, ...]] | None = None) -> str:
    """The whole page as Markdown."""
    variants: dict[str, list[dict[str, str]]] = {}
    for variant in [*_read("rule_variant.csv", folder), *_read("corpus_variant.csv", folder)]:
        variants.setdefault(variant["rule_id"], []).append(variant)
    rules = _read("rule.csv", folder)
    evaluated = sum(rule["implemented"] == "true" for rule in rules)
    lines = [
        INTRODUCTION,
        f"共 {len(rules)} 条，已执行 {evaluated} 条 · {len(rules)} rules, {evaluated} evaluated.",
    ]
    family = ""
    for rule in rules:
        if rule["family"] != family:
            family = rule["family"]
            zh, en = FAMILIES[family]
            lines += ["", f"## {family} {zh} · {en.capitalize()}"]
        lines += ["", f"### {rule['rule_id']} {rule['name_zh']}", "", f"{rule['name_en']}.", ""]
        if rule["implemented"] != "true":
            reason = rule["reason_not_implemented"]
            lines.append(f"- 未执行：{reason_zh(reason)} · not evaluated: {reason}")
            continue
        lines += [
            f"- 公式 · formula: {rule['formula']}",
            f"- 示例 · example: {rule['example']}",
            f"- 级别 · severity: {' '.join(SEVERITIES[rule['severity']])}",
        ]
        if counts and rule["rule_id"] in counts:
            lines.append(_counted(*counts[rule["rule_id"]]))
        for variant in variants.get(rule["rule_id"], []):
            severity = f" ({' '.join(SEVERITIES[variant['severity']])})" if variant["severity"] else ""
            lines.append(
                f"- {rule['rule_id']}.{variant['variant']} `{COMPARISONS[variant['comparison']]}` "
                f"{variant['name_zh']} · {variant['name_en']}{severity}"
            )
    return "\n".join(lines) + "\n"
