-- One row a table and what the text says of it (I06): an amount where it is empty, or none where it is not.
{{ config(schema='intermediate') }}

with tables as (

    select
        document_id,
        table_no,
        table_title,
        table_type,
        page_no,
        document_kind,
        number_count,
        confidence = 'low' or source_token_count <> landed_token_count as is_doubtful,
        count(*) over (partition by document_id, table_type) as same_type_count
    from {{ ref('int_table') }}

),

-- where the catalogue looks for a quantity first
places as (

    select distinct
        quantity,
        table_type
    from {{ ref('claim_binding') }}
    where preference = '1' and table_type is not null

),

amounts as (

    select
        tables.document_id,
        tables.table_no,
        min(tables.table_title) as table_title,
        {{ first_by('sentences.chapter', 'context.claim_no') }} as chapter,
        min(context.sentence_no) as sentence_no,
        {{ first_by('context.page_no', 'context.claim_no') }} as page_no,
        {{ first_by('sentences.text_plain', 'context.claim_no') }} as text_plain,
        {{ first_by('context.value_text', 'context.claim_no') }} as value_text,
        bool_or(tables.is_doubtful) as is_doubtful,
        -- tables of one type are those of several bodies
        max(tables.same_type_count) > 1 as is_of_several
    from tables
    inner join places on tables.table_type = places.table_type
    inner join {{ ref('int_claim_bound') }} as bound
        on tables.document_id = bound.document_id and places.quantity = bound.quantity
    inner join {{ ref('int_claim_context') }} as context
        on bound.claim_id = context.claim_id
    inner join {{ ref('none_statement') }} as statements
        on
            {{ quality_names('statements.table_types', 'tables.table_type') }}
            and not {{ regex_matches_column(
                "concat_ws('', context.thing, context.clause)", 'statements.amount_unless'
            ) }}
    inner join {{ ref('int_disclosure_text') }} as sentences
        on
            context.document_id = sentences.document_id
            and context.sentence_no = sentences.sentence_no
            and sentences.text_kind = 'sentence'
            and sentences.part = 'body'
    where
        tables.number_count = 0
        and bound.binding_status = 'unbound'
        and context.role = 'value' and context.claim_kind = 'amount'
        and context.claim_year = context.fiscal_year
        and context.amount_yuan <> 0
    group by tables.document_id, tables.table_no

),

stated as (

    select
        document_id,
        'amount_without_table' as cause,
        value_text as object,
        table_no,
        chapter,
        sentence_no,
        page_no,
        case when is_doubtful or is_of_several then 'insufficient_data' else 'fail' end as status,
        case
            when is_doubtful then 'the table could not be read with confidence'
            when is_of_several then 'the file holds such tables of several bodies'
        end as reason,
        left(text_plain, 80) as quote,
        table_title as wanted,
        'amount of table ' || table_no as root
    from amounts

),

asked as (

    select
        tables.document_id,
        tables.table_no,
        statements.statement,
        statements.components,
        min(case when tables.document_kind = 'final' then 'executed' else 'approved' end) as phase,
        min(tables.table_title) as table_title,
        bool_or(tables.is_doubtful) as is_doubtful,
        max(tables.same_type_count) > 1 as is_of_several
    from tables
    inner join {{ ref('none_statement') }} as statements
        on {{ quality_names('statements.table_types', 'tables.table_type') }}
    group by tables.document_id, tables.table_no, statements.statement, statements.components

),

printed_denied as (

    select
        asked.document_id,
        asked.table_no,
        asked.statement,
        max(abs(cells.value)) as greatest
    from asked
    inner join {{ ref('int_published_amount') }} as cells
        on
            asked.document_id = cells.document_id
            and asked.table_no = cells.table_no
            and asked.phase = cells.phase
    where
        cells.is_money
        and coalesce(cells.period, 'current') = 'current'
        and {{ quality_names('asked.components', 'cells.component') }}
    group by asked.document_id, asked.table_no, asked.statement

),

-- what the table holds of the year and of what the statement denies
held as (

    select
        asked.document_id,
        asked.table_no,
        asked.statement,
        asked.table_title,
        printed_denied.greatest,
        asked.is_doubtful,
        asked.is_of_several
    from asked
    left join printed_denied
        on
            asked.document_id = printed_denied.document_id
            and asked.table_no = printed_denied.table_no
            and asked.statement = printed_denied.statement

),

denials as (

    select
        texts.document_id,
        statements.statement,
        texts.chapter,
        texts.sentence_no,
        texts.page_no,
        texts.text_plain
    from {{ ref('int_disclosure_text') }} as texts
    inner join {{ ref('none_statement') }} as statements
        on
            {{ regex_matches_seed('texts.text_key', 'statements.pattern', 'none_statement') }}
            and not {{ regex_matches_seed('texts.text_key', 'statements.unless', 'none_statement', 'unless') }}
    where
        texts.text_kind in ('sentence', 'note') and texts.part in ('body', 'tables')
        and not texts.is_repeated
        and length(texts.text_key) <= 80

),

denied as (

    select
        held.document_id,
        'note_disagrees' as cause,
        held.table_title as object,
        held.table_no,
        denials.chapter,
        denials.sentence_no,
        denials.page_no,
        case
            when coalesce(held.greatest, 0) = 0 then 'pass'
            when held.is_doubtful or held.is_of_several then 'insufficient_data'
            else 'fail'
        end as status,
        case
            when coalesce(held.greatest, 0) = 0 then null
            when held.is_doubtful then 'the table could not be read with confidence'
            when held.is_of_several then 'the file holds such tables of several bodies'
        end as reason,
        left(denials.text_plain, 80) as quote,
        cast(null as varchar) as wanted,
        'note of table ' || held.table_no as root
    from held
    inner join denials
        on held.document_id = denials.document_id and held.statement = denials.statement

),

checks as (

    select * from stated
    union all
    select * from denied

)

select distinct
    'I06' as rule_id,
    document_id,
    cause,
    object as object_zh,
    object as object_en,
    table_no,
    cast(null as integer) as row_no,
    chapter,
    sentence_no,
    page_no,
    status,
    reason,
    'warning' as severity,
    quote,
    wanted,
    root
from checks
