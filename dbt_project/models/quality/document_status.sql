-- One row a document that was read: whether its numbers can be trusted, and why not.
with documents as (
    select document_id
    from {{ ref('stg_document') }}
    where read_status = 'read'
),

-- numbers printed inside tables that are not landed exactly once
lost as (
    select
        document_id,
        count(*) || ' numbers of tables were not landed exactly once, first: ' || min(token_text) as reason
    from {{ ref('conservation_gap') }}
    group by document_id

    union all

    select
        document_id,
        'numbers of ' || count(*) || ' tables were not landed exactly once, first of table ' || min(table_no) as reason
    from {{ ref('int_table') }}
    where
        source_token_count is not null
        and source_token_count <> coalesce(landed_token_count, 0)
        and document_id not in (select gaps.document_id from {{ ref('conservation_gap') }} as gaps)
    group by document_id
),

unplaced as (
    select
        document_id,
        count(*) || ' numbers inside tables found no column, first: ' || min(text) as reason
    from {{ source('raw', 'unplaced') }}
    where
        table_no is not null
        and {{ regex_matches('text', '[0-9]') }}
    group by document_id
),

-- pages whose numbers nobody has seen
unread as (
    select
        document_id,
        'pages set aside: ' || count(*) || ', the first is page ' || min(page_no) as reason
    from {{ source('raw', 'page') }}
    where status <> 'read'
    group by document_id
),

misread as (
    select
        document_id,
        count(*) || ' equations break where the reading is in doubt, first: ' || min(message_en) as reason
    from {{ ref('int_finding_equation') }}
    where
        severity = 'error'
        and origin = 'extraction'
    group by document_id
),

-- facts are taken by column: a table whose header is not known has none for them
in_doubt as (
    select
        open_lines.document_id,
        'the columns of ' || count(distinct open_lines.table_no) || ' tables are in doubt, first: '
        || min(tables.table_title) as reason
    from {{ ref('int_open_line') }} as open_lines
    inner join {{ ref('int_table') }} as tables
        on
            open_lines.document_id = tables.document_id
            and open_lines.table_no = tables.table_no
    where
        tables.confidence = 'low'
        and tables.table_type in (select sources.table_type from {{ ref('fact_source') }} as sources)
    group by open_lines.document_id
),

defects as (
    select
        document_id,
        'errors of the publisher: ' || count(*) as reason
    from {{ ref('int_finding_equation') }}
    where
        severity = 'error'
        and origin = 'source'
    group by document_id
),

undecided as (
    select documents.document_id
    from documents
    left join {{ ref('int_equation_verdict') }} as verdicts
        on
            documents.document_id = verdicts.document_id
            and verdicts.status in ('pass', 'rounding', 'fail')
    group by documents.document_id
    having count(verdicts.equation_id) = 0
)

select
    documents.document_id,
    case
        when
            coalesce(lost.reason, unplaced.reason, unread.reason, misread.reason, in_doubt.reason) is not null
            or undecided.document_id is not null then 'unverified'
        when defects.reason is not null then 'source_defects'
        else 'verified'
    end as status,
    case
        when coalesce(lost.reason, unplaced.reason, unread.reason, misread.reason, in_doubt.reason) is not null
            then concat_ws('; ', lost.reason, unplaced.reason, unread.reason, misread.reason, in_doubt.reason)
        when undecided.document_id is not null then 'no equation could be decided'
        else defects.reason
    end as reason
from documents
left join lost on documents.document_id = lost.document_id
left join unplaced on documents.document_id = unplaced.document_id
left join unread on documents.document_id = unread.document_id
left join misread on documents.document_id = misread.document_id
left join in_doubt on documents.document_id = in_doubt.document_id
left join defects on documents.document_id = defects.document_id
left join undecided on documents.document_id = undecided.document_id
