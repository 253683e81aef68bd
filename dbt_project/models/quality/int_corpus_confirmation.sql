-- One row an equation between documents that breaks only because of a number that a finding of its own document names
-- already: with what that finding expects, it holds. The slip is one, and this equation is more evidence of it.
{{ config(schema='intermediate') }}

with of_tables as (
    select
        findings.finding_id,
        findings.document_id,
        findings.cell_id,
        findings.published,
        findings.expected,
        0 as place
    from {{ ref('int_finding_equation') }} as findings
    where findings.cell_id is not null
    union all
    -- whichever of their numbers the sums of the table blame, or none: the other document's would mend one of them
    select
        findings.finding_id,
        findings.document_id,
        terms.cell_id,
        terms.amount_yuan as published,
        cast(terms.amount_yuan - scope.residual * terms.coefficient as decimal(18, 2)) as expected,
        1 as place
    from (
        select
            finding_id,
            document_id,
            {{ quality_unnest_values('equations') }} as equation_id
        from {{ ref('int_finding_equation') }}
        where severity <> 'rounding'
    ) as findings
    inner join {{ ref('int_repair_scope') }} as scope on findings.equation_id = scope.equation_id
    inner join {{ ref('int_repair_term') }} as terms on scope.equation_id = terms.equation_id
    where
        scope.status = 'fail'
        and terms.cell_id is not null
        and abs(terms.coefficient) = 1
),

-- the same meaning may be printed in several places: terms name the first
named as (
    select
        of_tables.finding_id,
        of_tables.place,
        meanings.cell_id as term_id,
        of_tables.expected - of_tables.published as change_yuan
    from of_tables
    inner join {{ ref('int_corpus_number') }} as numbers on of_tables.cell_id = numbers.cell_id
    inner join {{ ref('int_corpus_cell') }} as meanings on numbers.corpus_cell_no = meanings.corpus_cell_no
    union all
    select
        {{ text_finding_id() }} as finding_id,
        0 as place,
        causes.claim_id as term_id,
        causes.expected - causes.published as change_yuan
    from {{ ref('int_text_cause') }} as causes
    where causes.claim_kind = 'amount'
),

verdicts as (
    select * from {{ ref('int_corpus_verdict') }}
    where
        status = 'fail'
        and {{ is_slip_between_documents() }}
),

confirmed as (
    select
        verdicts.equation_no,
        named.finding_id
    from verdicts
    inner join {{ ref('int_corpus_term') }} as terms on verdicts.equation_no = terms.equation_no
    inner join named on coalesce(terms.cell_id, terms.claim_id) = named.term_id
    where
        named.change_yuan <> 0
        and {{ quality_verdict(
            '(verdicts.residual + terms.coefficient * named.change_yuan)', 'verdicts.tolerance', 'verdicts.comparison'
        ) }} <> 'fail'
    qualify row_number() over (partition by verdicts.equation_no order by named.place, named.finding_id) = 1
),

-- the same difference elsewhere in the table is the same slip: its other columns, the sums that it is in
told as (
    select
        verdicts.equation_no,
        confirmed.finding_id,
        0 as step
    from verdicts
    inner join confirmed on verdicts.equation_no = confirmed.equation_no
    union all
    select
        verdicts.equation_no,
        confirmed.finding_id,
        1 as step
    from verdicts
    inner join verdicts as others
        on
            verdicts.rule_id = others.rule_id
            and verdicts.variant = others.variant
            and verdicts.document_id = others.document_id
            and verdicts.other_document_id is not distinct from others.other_document_id
            and verdicts.family = others.family
            and verdicts.residual = others.residual
    inner join confirmed on others.equation_no = confirmed.equation_no
)

select
    verdicts.equation_id,
    verdicts.equation_no,
    verdicts.document_id,
    told.finding_id
from verdicts
inner join told on verdicts.equation_no = told.equation_no
qualify row_number() over (partition by verdicts.equation_no order by told.step, told.finding_id) = 1
