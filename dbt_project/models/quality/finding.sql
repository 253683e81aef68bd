-- One row a root cause: what is wrong, where it stands, and which equations say so.
{% set sources = ['int_finding_equation', 'int_finding_text', 'int_finding_corpus', 'int_finding_disclosure'] -%}

with found as (
    {% for source in sources -%}
        select
            finding_id,
            document_id,
            document_name,
            page_no,
            table_no,
            table_title,
            chapter,
            sentence_no,
            quote,
            rule_id,
            severity,
            origin,
            published,
            expected,
            difference,
            cause,
            message_zh,
            message_en,
            equations,
            equation_count,
            row_no,
            column_no,
            cell_id,
            unit,
            is_undecided,
            candidates
        from {{ ref(source) }}
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
        found.cell_id is null
        and found.document_id = sentences.document_id
        and found.sentence_no = sentences.sentence_no
        and found.page_no = sentences.page_no
