-- One row a root cause in the text: the claim that is wrong, what it should be, the sentence, and the equations.
{{ config(schema='intermediate') }}

with causes as (
    select * from {{ ref('int_text_cause') }}
),

described as (
    select
        causes.*,
        documents.document_name,
        coalesce(directions.page_no, context.page_no) as page_no,
        coalesce(directions.sentence_no, context.sentence_no) as sentence_no,
        context.chapter_no,
        context.value_text,
        coalesce(chapters.chapter_title, '') as chapter,
        left(coalesce(nullif(context.thing, ''), nullif(context.subject_key, ''), unnamed.message_zh), 60)
            as subject_zh,
        left(coalesce(nullif(context.thing, ''), nullif(context.subject_key, ''), unnamed.message_en), 60)
            as subject_en,
        case
            when directions.quote is not null then directions.quote
            when length(sentences.sentence_text) <= 160 then sentences.sentence_text
            else substr(sentences.sentence_text, cast(greatest(context.char_end - 120, 1) as integer), 160)
        end as quote,
        case when causes.claim_kind = 'percentage' then '%' else coalesce(causes.unit_text, '元') end as unit,
        coalesce('《' || tables.table_title || '》', elsewhere.message_zh) as against_zh,
        coalesce('《' || tables.table_title || '》', elsewhere.message_en) as against_en,
        case when causes.kind = 'cell' then cells.table_no end as table_no,
        cells.row_no,
        cells.column_no,
        tables.table_title,
        coalesce(measures.message_zh, '') as measure_zh,
        coalesce(measures.message_en, '') as measure_en,
        messages.message_zh as template_zh,
        messages.message_en as template_en
    from causes
    inner join {{ ref('stg_document') }} as documents on causes.document_id = documents.document_id
    inner join {{ ref('int_claim_context') }} as context on causes.claim_id = context.claim_id
    inner join {{ ref('stg_sentence') }} as sentences
        on context.document_id = sentences.document_id and context.sentence_no = sentences.sentence_no
    left join {{ ref('int_text_direction') }} as directions on causes.equation_id = directions.equation_id
    left join {{ ref('stg_chapter') }} as chapters
        on context.document_id = chapters.document_id and context.chapter_no = chapters.chapter_no
    -- of a base of zero nothing is expected
    inner join {{ ref('text_message') }} as messages
        on
            messages.cause = case
                when
                    causes.kind = 'rate' and causes.expected is null
                    and causes.cause not in ('zero_base', 'wrong_direction')
                    then 'impossible_ratio'
                when causes.cause = 'wrong_base' and causes.expected is null then 'zero_base'
                when causes.is_table_wrong then 'unit_of_table'
                else causes.cause
            end
    left join {{ ref('text_message') }} as measures
        on causes.claim_kind = 'percentage' and measures.cause = 'measure_' || causes.kind
    left join {{ ref('text_message') }} as elsewhere on elsewhere.cause = 'other_numbers'
    left join {{ ref('text_message') }} as unnamed on unnamed.cause = 'unnamed_number'
    left join {{ ref('int_equation_cell') }} as cells on causes.cell_id = cells.cell_id
    left join {{ ref('int_table') }} as tables
        on cells.document_id = tables.document_id and cells.table_no = tables.table_no
),

shown as (
    select
        *,
        cast(expected - published as decimal(18, 2)) as difference,
        value_text as published_text,
        coalesce({{ shown_claim('expected', 'unit', 'decimals') }}, '—') as expected_text,
        {{ shown_claim('abs(expected - published)', 'unit', 'decimals') }} as difference_text
    from described
)

select
    {{ text_finding_id() }} as finding_id,
    document_id,
    document_name,
    page_no,
    case when is_table_wrong then table_no end as table_no,
    case when is_table_wrong then table_title end as table_title,
    chapter,
    sentence_no,
    quote,
    rule_id,
    severity,
    origin,
    -- what is printed is the table's where the text is right
    cast(case when is_table_wrong then expected else published end as decimal(18, 2)) as published,
    cast(case when is_table_wrong then published else expected end as decimal(18, 2)) as expected,
    case when is_table_wrong then -difference else difference end as difference,
    cause,
    {{ claim_message('template_zh', 'zh') }} as message_zh,
    {{ claim_message('template_en', 'en') }} as message_en,
    equations,
    equation_count,
    case when is_table_wrong then row_no end as row_no,
    case when is_table_wrong then column_no end as column_no,
    case when is_table_wrong then cell_id end as cell_id,
    unit,
    is_undecided,
    candidates
from shown
