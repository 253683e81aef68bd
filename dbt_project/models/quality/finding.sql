-- One row a root cause: what is wrong, where it stands, and which equations say so.
{% set sources = ['int_finding_equation', 'int_finding_text', 'int_finding_corpus', 'int_finding_disclosure'] -%}

-- equations between documents that break because of a number that a finding names already, and the sums that hold by
-- the code that a finding says was meant
with confirmations as (
    select
        finding_id as confirmed_id,
        {{ quality_list('equation_id', 'equation_id') }} as more_equations,
        cast(count(*) as integer) as more_count
    from (
        select
            finding_id,
            equation_id
        from {{ ref('int_corpus_confirmation') }}
        union all
        select
            finding_id,
            equation_id
        from {{ ref('int_code_evidence') }}
    ) as evidence
    group by finding_id
),

found as (
    {% for source in sources -%}
        select
            findings.finding_id,
            findings.document_id,
            findings.document_name,
            findings.page_no,
            findings.table_no,
            findings.table_title,
            findings.chapter,
            findings.sentence_no,
            findings.quote,
            findings.rule_id,
            findings.severity,
            findings.origin,
            findings.published,
            findings.expected,
            findings.difference,
            findings.cause,
            findings.message_zh,
            findings.message_en,
            {{ quality_append_list('findings.equations', 'confirmations.more_equations') }} as equations,
            cast(findings.equation_count + coalesce(confirmations.more_count, 0) as integer) as equation_count,
            findings.row_no,
            findings.column_no,
            findings.cell_id,
            findings.unit,
            findings.is_undecided,
            findings.candidates
        from {{ ref(source) }} as findings
        left join confirmations on findings.finding_id = confirmations.confirmed_id
        {{ 'union all' if not loop.last }}
    {% endfor -%}
)

select
    found.*,
    coalesce(amounts.x0, sentences.x0) as x0,
    coalesce(amounts.top, sentences.top) as top,
    coalesce(amounts.x1, sentences.x1) as x1,
    coalesce(amounts.bottom, sentences.bottom) as bottom
from found
left join {{ ref('int_published_amount') }} as amounts on found.cell_id = amounts.cell_id
-- a finding of the text has no cell: its sentence is marked
left join {{ ref('stg_sentence') }} as sentences
    on
        found.document_id = sentences.document_id
        and case when found.cell_id is null then found.sentence_no end = sentences.sentence_no
        and found.page_no = sentences.page_no
