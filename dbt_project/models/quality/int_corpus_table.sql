-- One row a document and a family of tables that it has: whether what they do not print is known to be nothing.
{{ config(schema='intermediate') }}

with unplaced as (
    select distinct
        document_id,
        table_no
    from {{ source('raw', 'unplaced') }}
    where {{ regex_matches('text', '[0-9]') }}
),

-- a number that may stand under another header leaves all headers of its table in doubt
moved as (
    select distinct
        document_id,
        table_no
    from {{ ref('int_published_amount') }}
    where placement <> 'printed'
),

unread as (
    select distinct document_id
    from {{ source('raw', 'page') }}
    where status <> 'read'
)

select
    tables.document_id,
    families.family,
    bool_and(
        tables.confidence <> 'low'
        and coalesce(tables.source_token_count = tables.landed_token_count, true)
        and unplaced.document_id is null
        and moved.document_id is null
        and unread.document_id is null
    ) as is_certain
from {{ ref('int_table') }} as tables
inner join {{ ref('corpus_table') }} as families on tables.table_type = families.table_type
left join unplaced on tables.document_id = unplaced.document_id and tables.table_no = unplaced.table_no
left join moved on tables.document_id = moved.document_id and tables.table_no = moved.table_no
left join unread on tables.document_id = unread.document_id
group by tables.document_id, families.family
