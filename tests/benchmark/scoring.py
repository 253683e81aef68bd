"""Compares what a build found with what was injected: recall, precision, first suggestions, by cause."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from tests.benchmark.cases import Case
from tests.typeset.inject import TEXT_CAUSES, Injection

_TABLE_SOURCES = {
    "findings": "intermediate.int_finding_equation",
    "verdicts": "intermediate.int_reconciliation_table",
    "terms": "intermediate.int_reconciliation_table_term",
    "claim_id": "cast(null as varchar)",
}
_ALL_SOURCES = {
    "findings": "quality.finding",
    "verdicts": "quality.reconciliation",
    "terms": "quality.reconciliation_term",
    "claim_id": "terms.claim_id",
}
# the families that this benchmark injects errors for
FAMILIES = "ABCDE"


@dataclass(frozen=True, slots=True)
class Scored:
    """One injected error: how many formed equations see it, and what the build said of it."""

    case: str
    style: str
    is_single: bool
    cause: str
    equations: int
    is_read: bool
    is_detected: bool
    is_named: bool
    is_first: bool
    place: str

    @property
    def is_seen(self) -> bool:
        return self.equations > 0


@dataclass(frozen=True, slots=True)
class Score:
    """All errors, all findings in documents with errors, and the findings in untouched documents."""

    documents: int
    errors: list[Scored]
    findings: int
    # findings that name no injected error, though an injected error is what they see
    unnaming: list[tuple[Any, ...]]
    # findings of what no error was injected into
    surplus: list[tuple[Any, ...]]
    false_alarms: list[tuple[Any, ...]]
    untouched: int

    @property
    def right_findings(self) -> int:
        return self.true_findings - len(self.unnaming)

    @property
    def true_findings(self) -> int:
        return self.findings - len(self.surplus)


def merged(scores: Iterable[Score]) -> Score:
    """Several corpora, told together."""
    parts = list(scores)
    return Score(
        documents=sum(part.documents for part in parts),
        errors=[error for part in parts for error in part.errors],
        findings=sum(part.findings for part in parts),
        unnaming=[finding for part in parts for finding in part.unnaming],
        surplus=[finding for part in parts for finding in part.surplus],
        false_alarms=[alarm for part in parts for alarm in part.false_alarms],
        untouched=sum(part.untouched for part in parts),
    )


def score(warehouse: Path, cases: Sequence[Case], *, with_text: bool = False) -> Score:
    """Compare all cases. Errors of tables are looked for among the findings of tables alone."""
    sources = _ALL_SOURCES if with_text else _TABLE_SOURCES
    with duckdb.connect() as connection:
        connection.execute("attach ':memory:' as work")
        connection.execute(f"attach '{warehouse}' as warehouse (read_only)")
        connection.execute("use warehouse")
        _land_injections(connection, cases)
        for statement in (*_STATEMENTS, *(_TEXT_STATEMENTS if with_text else ())):
            for name, relation in sources.items():
                statement = statement.replace(f"{{{name}}}", relation)
            connection.execute(statement)
        rows = connection.execute(_RESULT).fetchall()
        findings = connection.execute(_PRECISION).fetchall()
        alarms = connection.execute(_FALSE_ALARMS).fetchall()
    errors = [Scored(*row) for row in rows]
    untouched = sum(not case.injections for case in cases)
    unnaming = [finding[:-2] for finding in findings if finding[-2] and not finding[-1]]
    surplus = [finding[:-2] for finding in findings if not finding[-2]]
    return Score(len(cases), errors, len(findings), unnaming, surplus, alarms, untouched)


def _land_injections(connection: duckdb.DuckDBPyConnection, cases: Sequence[Case]) -> None:
    connection.execute("""
        create table work.injection (
            injection_no integer, document_name varchar, twin_name varchar, style varchar, is_single boolean,
            is_text boolean, cause varchar, table_no integer, lane_no integer, row_code varchar,
            row_label varchar, column_path varchar, other_path varchar, true_before varchar,
            before varchar, true_value decimal(20, 6), printed_value decimal(20, 6), place varchar
        )
    """)
    rows = []
    for case in cases:
        for injection in case.injections:
            rows.append(
                (
                    len(rows),
                    case.name,
                    case.twin.name,
                    case.style,
                    len(case.injections) == 1,
                    injection.cause in TEXT_CAUSES,
                    injection.cause,
                    injection.table_no,
                    injection.lane_no,
                    injection.row_code,
                    plain(injection.row_label),
                    plain(injection.column_path),
                    plain(injection.other_column_path),
                    plain(injection.true_before),
                    plain(injection.before),
                    _number(injection.true_value),
                    _number(injection.printed_value),
                    _place(injection),
                )
            )
    if rows:
        connection.executemany(f"insert into work.injection values ({', '.join('?' * 18)})", rows)
    connection.execute("create table work.untouched (document_name varchar)")
    untouched = [(case.name,) for case in cases if not case.injections]
    if untouched:
        connection.executemany("insert into work.untouched values (?)", untouched)


def plain(text: str) -> str:
    """White space and quotes do not count, nor the width of brackets."""
    return re.sub(r"[\s“”\"]", "", text or "").replace("(", "（").replace(")", "）")


def _number(value: object) -> Decimal | None:
    return Decimal(value) if isinstance(value, Decimal) else None


def _place(injection: Injection) -> str:
    if injection.sentence:
        return f"{injection.chapter}: {injection.subject} {injection.true_value} → {injection.printed_value}"
    return (
        f"{injection.table_no} {injection.table_title} [{injection.row_code} {injection.row_label}] "
        f"{injection.column_path}: {injection.true_value} → {injection.printed_value}"
    )


def _plain_sql(column: str) -> str:
    return f"""replace(replace(regexp_replace({column}, '[\\s“”"]', '', 'g'), '(', '（'), ')', '）')"""


_WHOLE_ROWS = "('missing_row', 'duplicated_row')"
_STATEMENTS = (
    # numbers of the documents at hand, as the injections name them
    f"""
    create table work.amount as
    select
        amounts.cell_id, amounts.document_id, amounts.document_name, amounts.table_no, amounts.row_no,
        amounts.lane_no, coalesce(amounts.row_code, '') as row_code,
        {_plain_sql("coalesce(amounts.row_label, '')")} as row_label,
        {_plain_sql("amounts.column_path")} as column_path, amounts.value, amounts.amount_yuan,
        case when amounts.value = 0 then 1 else amounts.amount_yuan / amounts.value end as factor
    from intermediate.int_published_amount as amounts
    where amounts.is_money
    """,
    """
    create table work.document as
    select injection.*, wrong.document_id, twin.document_id as twin_id
    from work.injection
    inner join staging.stg_document as wrong on injection.document_name = wrong.document_name
    inner join staging.stg_document as twin on injection.twin_name = twin.document_name
    """,
    # the sound cells that each error changes, and by how much
    f"""
    create table work.change as
    select document.injection_no, amount.cell_id, amount.document_id,
        cast((coalesce(document.printed_value, 0) - document.true_value) * amount.factor as decimal(20, 2))
            as change
    from work.document
    inner join work.amount on document.twin_id = amount.document_id and document.table_no = amount.table_no
        and document.lane_no = amount.lane_no and document.row_code = amount.row_code
        and document.row_label = amount.row_label and document.column_path = amount.column_path
        and document.true_value = amount.value
    where document.cause not in {_WHOLE_ROWS} and not document.is_text
    qualify row_number() over (partition by document.injection_no order by amount.cell_id) = 1
    union all
    select document.injection_no, other.cell_id, other.document_id,
        cast((document.true_value - other.value) * other.factor as decimal(20, 2))
    from work.document
    inner join work.amount as other on document.twin_id = other.document_id
        and document.table_no = other.table_no and document.lane_no = other.lane_no
        and document.row_code = other.row_code and document.row_label = other.row_label
        and document.other_path = other.column_path and document.printed_value = other.value
    where document.cause = 'columns_swapped'
    qualify row_number() over (partition by document.injection_no order by other.cell_id) = 1
    union all
    select line.injection_no, amount.cell_id, amount.document_id,
        case line.cause when 'missing_row' then -amount.amount_yuan else amount.amount_yuan end
    from (
        select document.injection_no, document.cause, amount.document_id, amount.table_no, amount.row_no,
            amount.lane_no
        from work.document
        inner join work.amount on document.twin_id = amount.document_id
            and document.table_no = amount.table_no and document.lane_no = amount.lane_no
            and document.row_code = amount.row_code
            and document.row_label = amount.row_label and document.column_path = amount.column_path
            and document.true_value = amount.value
        where document.cause in {_WHOLE_ROWS}
        qualify row_number() over (partition by document.injection_no order by amount.cell_id) = 1
    ) as line
    inner join work.amount using (document_id, table_no, row_no, lane_no)
    """,
    # the cells of the wrong document that show the error
    f"""
    create table work.shown as
    select document.injection_no, amount.cell_id, amount.factor
    from work.document
    inner join work.amount using (document_id, table_no, lane_no, row_code, row_label)
    where not document.is_text and (
        document.cause in {_WHOLE_ROWS}
        or document.cause = 'missing_cell'
        or (document.column_path = amount.column_path and document.printed_value = amount.value)
        or (document.other_path = amount.column_path and document.true_value = amount.value)
    )
    """,
    # the sound equations that each error breaks, as long as both of their sides are still printed
    """
    create table work.seen as
    with touched as (
        select change.injection_no, terms.equation_id, sum(terms.coefficient * change.change) as change,
            sum(case when terms.side = 'lhs' then 1 else 0 end) as lhs_touched,
            sum(case when terms.side = 'rhs' then 1 else 0 end) as rhs_touched
        from work.change
        inner join intermediate.int_reconciliation_table_term as terms on change.cell_id = terms.cell_id
        group by change.injection_no, terms.equation_id
    ),
    sides as (
        select equation_id, count(cell_id) filter (where side = 'lhs') as lhs_cells,
            count(cell_id) filter (where side = 'rhs') as rhs_cells
        from intermediate.int_reconciliation_table_term
        where equation_id in (select equation_id from touched)
        group by equation_id
    )
    select touched.injection_no,
        split_part(touched.equation_id, ':', 1) || ':' || split_part(touched.equation_id, ':', 3) as equation
    from touched
    inner join sides using (equation_id)
    inner join work.injection using (injection_no)
    inner join intermediate.int_reconciliation_table as verdicts using (equation_id)
    inner join staging.rule_variant as variants on verdicts.rule_id = variants.rule_id
        and verdicts.variant = variants.variant
    where verdicts.status in ('pass', 'rounding')
        and case verdicts.comparison
            when 'eq' then abs(verdicts.residual + touched.change) > verdicts.tolerance
            when 'le' then verdicts.residual + touched.change > verdicts.tolerance
            else verdicts.residual + touched.change < -verdicts.tolerance
        end
        and (injection.cause not in ('missing_row', 'missing_cell', 'columns_swapped')
            or (injection.cause = 'columns_swapped' and injection.printed_value is not null)
            or (sides.lhs_cells > touched.lhs_touched and sides.rhs_cells > touched.rhs_touched))
        and (injection.cause <> 'duplicated_row'
            or (variants.shape like 'vertical%' and touched.lhs_touched = 0))
        -- where a number becomes a blank, other terms may take its place, and a sum may hold without it
        and not (injection.printed_value is null and injection.cause in ('missing_cell', 'columns_swapped')
            and exists (
                select 1
                from work.document
                inner join intermediate.int_reconciliation_table as still using (document_id)
                where document.injection_no = injection.injection_no
                    and still.status in ('pass', 'rounding')
                    and split_part(still.equation_id, ':', 1) = split_part(touched.equation_id, ':', 1)
                    and split_part(still.equation_id, ':', 3) = split_part(touched.equation_id, ':', 3)
            ))
    """,
    f"""
    create table work.finding as
    select findings.finding_id, findings.document_id, findings.cause, findings.cell_id, findings.expected,
        findings.table_no, findings.is_undecided, findings.candidates, findings.equations, findings.rule_id,
        findings.severity, findings.message_zh, findings.quote, findings.published
    from {{findings}} as findings
    where findings.severity <> 'rounding' and '{FAMILIES}' like '%' || left(findings.rule_id, 1) || '%'
    """,
    """
    create table work.broken as
    select distinct finding_id,
        split_part(equation_id, ':', 1) || ':' || split_part(equation_id, ':', 3) as equation
    from (select finding_id, unnest(equations) as equation_id from work.finding)
    """,
    """
    create table work.evidence as
    select finding.finding_id, terms.cell_id, {claim_id} as claim_id, terms.table_no,
        max(verdicts.tolerance) as tolerance
    from (select finding_id, unnest(equations) as equation_id from work.finding) as finding
    inner join {terms} as terms using (equation_id)
    inner join {verdicts} as verdicts using (equation_id)
    group by all
    """,
    # which finding speaks of which error: by its evidence, the place it names and the value it suggests
    """
    create table work.verdict as
    select document.injection_no, finding.finding_id,
        coalesce((document.cause <> 'missing_cell' and bool_or(evidence.cell_id in (
                select shown.cell_id from work.shown where shown.injection_no = document.injection_no)))
            or (document.cause in ('missing_row', 'missing_cell')
                and bool_or(evidence.table_no = document.table_no))
            -- an equation that the error breaks in the sound document
            or bool_or(finding.finding_id in (
                select broken.finding_id from work.broken
                inner join work.seen on broken.equation = seen.equation
                where seen.injection_no = document.injection_no)), false) as is_evidence,
        false as is_named,
        max(evidence.tolerance) as tolerance
    from work.document
    inner join work.finding using (document_id)
    left join work.evidence using (finding_id)
    where not document.is_text
    group by document.injection_no, document.cause, finding.finding_id
    """,
    """
    create table work.judged as
    select verdict.injection_no, verdict.finding_id, verdict.is_evidence,
        coalesce(shown.cell_id is not null and finding.cause <> 'missing_row'
            and document.cause <> 'missing_cell', false)
        or coalesce(document.cause = 'missing_row' and finding.cause = 'missing_row'
            and finding.table_no = document.table_no and named.row_code = document.row_code, false)
        -- a blank has no number: its line and column tell
        or coalesce(document.cause = 'missing_cell' and finding.cause = 'missing_number' and exists (
            select 1 from work.shown as line_cell
            where line_cell.injection_no = document.injection_no
                and list_slice(string_split(line_cell.cell_id, ':'), 1, 3)
                    = list_slice(string_split(finding.cell_id, ':'), 1, 3)), false) as is_place,
        coalesce(finding.is_undecided and exists (
            select 1 from work.shown as any_shown where any_shown.injection_no = verdict.injection_no
            and list_contains(finding.candidates, any_shown.cell_id)), false)
        -- a sentence that says another number than the cell: both are named, and nobody knows which is wrong
        or coalesce(finding.rule_id like 'E%' and finding.cause in ('disagreement', 'digit_error')
            and verdict.is_evidence
            and document.cause <> 'missing_cell', false) as is_candidate,
        case document.cause
            when 'missing_row' then finding.cause = 'missing_row'
            when 'duplicated_row' then finding.cause = 'duplicate_row'
            when 'columns_swapped' then finding.cause = 'column_shift' or abs(finding.expected
                - (case when named.column_path = document.column_path then document.true_value
                    else document.printed_value end) * shown.factor) <= verdict.tolerance
            else abs(finding.expected - document.true_value * coalesce(shown.factor, named.factor, (
                -- a blank has the unit of its line
                select max(line_cell.factor) from work.shown as line_cell
                where line_cell.injection_no = document.injection_no), 1)) <= verdict.tolerance
        end as is_value
    from work.verdict
    inner join work.document using (injection_no)
    inner join work.finding using (finding_id)
    left join work.shown on verdict.injection_no = shown.injection_no and finding.cell_id = shown.cell_id
    left join work.amount as named on finding.cell_id = named.cell_id
    """,
)
# errors in sentences, told of in claims
_TEXT_STATEMENTS = (
    # the sound claim that an error of the text changes, and by how much, and the wrong claim
    f"""
    create table work.claim as
    select claims.claim_id, claims.document_id, claims.value,
        case when claims.claim_kind = 'amount' then claims.amount_yuan / claims.value else 1 end as factor,
        {_plain_sql("substr(sentences.sentence_text, 1, claims.char_start)")} as before
    from intermediate.int_claim_context as claims
    inner join staging.stg_sentence as sentences using (document_id, sentence_no)
    where claims.claim_kind in ('amount', 'percentage') and claims.value <> 0
    """,
    """
    create table work.told as
    select document.injection_no, claim.claim_id, claim.factor, document.cause,
        claim.document_id = document.twin_id as is_sound,
        case when document.cause <> 'wrong_direction'
            then (document.printed_value - document.true_value) * claim.factor end as change
    from work.document
    inner join work.claim on (
            document.twin_id = claim.document_id and right(claim.before, length(document.true_before))
                = right(document.true_before, length(claim.before))
            and coalesce(document.true_value, claim.value) = claim.value
        ) or (
            document.document_id = claim.document_id and right(claim.before, length(document.before))
                = right(document.before, length(claim.before))
            and coalesce(document.printed_value, claim.value) = claim.value
        )
    where document.is_text
    qualify row_number() over (
        partition by document.injection_no, is_sound
        order by abs(length(claim.before) - length(document.before)), claim.claim_id
    ) = 1
    """,
    """
    insert into work.change
    select sound.injection_no, null, null, sound.change
    from work.told as sound
    inner join work.told as wrong using (injection_no)
    where sound.is_sound and not wrong.is_sound
    """,
    """
    insert into work.seen
    select told.injection_no, terms.equation_id
    from work.told
    inner join {terms} as terms using (claim_id)
    inner join {verdicts} as verdicts using (equation_id)
    left join (
        select equation_id, max(amount_yuan) as amount from {terms} where side = 'lhs' group by equation_id
    ) as leads using (equation_id)
    where told.is_sound and verdicts.status in ('pass', 'rounding')
        -- where a claim is the whole of a share or a rate, the percentage is its coefficient
        and abs(verdicts.residual + coalesce(told.change * sign(terms.amount_yuan), -2 * terms.amount_yuan)
            * case when terms.coefficient = 0 then leads.amount / 100 else terms.coefficient end)
            > verdicts.tolerance
    """,
    """
    insert into work.judged
    -- a claim is named by its sentence and its value
    select told.injection_no, finding.finding_id, true,
        document.cause = 'wrong_direction'
            or abs(finding.published - document.printed_value * told.factor) < 0.01,
        list_contains(finding.candidates, told.claim_id),
        case when document.cause = 'wrong_direction' then finding.cause = 'wrong_direction'
            -- what rounding allows
            else abs(finding.expected - document.true_value * told.factor)
                <= case when told.factor = 1 then 0.011 else evidence.tolerance end
        end
    from work.told
    inner join work.document using (injection_no)
    inner join work.evidence using (claim_id)
    inner join work.finding using (finding_id)
    where not told.is_sound
    """,
)
_RESULT = """
    select injection.document_name, injection.style, injection.is_single, injection.cause,
        coalesce(max(seen.equations), 0) as equations,
        coalesce(max(changed.cells), 0) > 0 as is_read,
        coalesce(bool_or(judged.is_evidence or judged.is_place or judged.is_candidate), false) as is_detected,
        coalesce(bool_or(judged.is_place or judged.is_candidate), false) as is_named,
        coalesce(bool_or(judged.is_place and judged.is_value), false) as is_first,
        injection.place
    from work.injection
    left join (select injection_no, count(*) as equations from work.seen group by injection_no) as seen
        using (injection_no)
    left join (select injection_no, count(*) as cells from work.change group by injection_no) as changed
        using (injection_no)
    left join work.judged using (injection_no)
    group by injection.injection_no, injection.document_name, injection.style, injection.is_single,
        injection.cause, injection.is_text, injection.place
    order by injection.injection_no
"""
_PRECISION = """
    select wrong.document_name, finding.rule_id, finding.severity, finding.cause, finding.message_zh,
        coalesce(bool_or(judged.is_evidence or judged.is_place or judged.is_candidate), false) as is_true,
        coalesce(bool_or(judged.is_place or judged.is_candidate), false) as is_right
    from work.finding
    inner join (select distinct document_id, document_name from work.document) as wrong using (document_id)
    left join work.judged using (finding_id)
    group by finding.finding_id, wrong.document_name, finding.rule_id, finding.severity, finding.cause,
        finding.message_zh
    order by all
"""
_FALSE_ALARMS = """
    select documents.document_name, finding.rule_id, finding.severity, finding.message_zh
    from work.finding
    inner join staging.stg_document as documents using (document_id)
    inner join work.untouched using (document_name)
    order by all
"""
