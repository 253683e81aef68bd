"""One expectation a rule family and table type, made from the rules and verdicts of the build itself.

The suites in `suites/` are written by hand and decide about publishing. These only show: a break that is the
publisher's own is a finding and no reason to withhold the data.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import duckdb

from expectations.model import Check, Suite

NAME = "rules"
ABOUT = "Every rule family over every type of table, text and document: what holds, and what is broken"

# every verdict, on an equation over numbers or on a condition of form; text and documents have no table
JUDGED = """
select equation_id as judgement_id, rule_id, document_id, coalesce(table_type, '') as table_type,
    table_title, page_no, object, cast(residual as varchar) as residual, null as reason, status
from quality.reconciliation
where status in ('pass', 'rounding', 'fail')
union all
select checks.check_id, checks.rule_id, checks.document_id, coalesce(tables.table_type, ''),
    coalesce(checks.table_title, checks.chapter), checks.page_no, checks.object, null, checks.reason,
    checks.status
from quality.disclosure_check as checks
left join intermediate.int_table as tables
    on tables.document_id = checks.document_id and tables.table_no = checks.table_no
where checks.status in ('pass', 'fail')
"""

# what was decided, by family and kind of table
DECIDED = f"""
select
    left(verdicts.rule_id, 1) as family,
    verdicts.table_type,
    coalesce(min(types.name_zh), '正文与文件') as type_zh,
    coalesce(min(types.name_en), 'text and document') as type_en,
    list_sort(list(distinct verdicts.rule_id)) as rule_ids,
    string_agg(distinct rules.name_zh, '；' order by rules.name_zh) as meaning_zh,
    string_agg(distinct rules.name_en, '; ' order by rules.name_en) as meaning_en
from ({JUDGED}) as verdicts
inner join staging.rule as rules on rules.rule_id = verdicts.rule_id
left join staging.table_type as types on types.table_type = verdicts.table_type
group by all
order by all
"""

HOLDS = f"""
select * exclude (status), status <> 'fail' as is_ok
from ({JUDGED}) as verdicts
where left(rule_id, 1) = '{{family}}' and table_type = '{{table_type}}'
"""


RULE_ID = re.compile(r"([A-J][0-9]{2})")
NAMED_RULES = re.compile(r"规则 [A-J][0-9]{2}(, [A-J][0-9]{2})*")


def rule_suite(warehouse: Path) -> Suite:
    """The suite for what this file decided. Family and type come from seeds, never from a document."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        rows = connection.execute(DECIDED).fetchall()
    checks = tuple(
        Check(
            suite=NAME,
            name=f"{family}_{table_type or 'text'}",
            says=f"{type_en}: {meaning_en}",
            says_zh=f"规则 {', '.join(rule_ids)} · {type_zh}：{meaning_zh}",
            gate="watch",
            rule_ids=tuple(rule_ids),
            may_be_empty=True,
            query=HOLDS.format(family=family, table_type=table_type),
        )
        for family, table_type, type_zh, type_en, rule_ids, meaning_zh, meaning_en in rows
    )
    return Suite(NAME, ABOUT, "quality.reconciliation_term", checks)


def link_findings(docs: Path) -> None:
    """Turn the rule ids of every page of the Data Docs into links to the report's findings of that rule."""
    for page in docs.rglob("*.html"):
        report = os.path.relpath(docs.parent / "index.html", page.parent)

        def linked(named: re.Match[str], report: str = report) -> str:
            return RULE_ID.sub(rf'<a href="{report}#rule=\1">\1</a>', named.group())

        text = page.read_text(encoding="utf-8")
        page.write_text(NAMED_RULES.sub(linked, text), encoding="utf-8")
