-- One row a document that was read: what of it there is to judge, text and tables.
{{ config(schema='intermediate') }}

with texts as (

    select
        document_id,
        cast(sum(case when text_kind = 'sentence' and part = 'body' then 1 else 0 end) as integer) as sentence_count,
        cast(sum(case when part = 'contents' and text_kind = 'sentence' then 1 else 0 end) as integer) as contents_count
    from {{ ref('int_disclosure_text') }}
    group by document_id

),

tables as (

    select
        document_id,
        cast(count(*) as integer) as table_count,
        cast(sum(case when table_type <> 'unknown' then 1 else 0 end) as integer) as known_table_count
    from {{ ref('int_table') }}
    group by document_id

),

pages as (

    select
        document_id,
        cast(sum(case when page_status = 'set_aside' then 1 else 0 end) as integer) as unread_page_count
    from {{ ref('stg_page') }}
    group by document_id

)

select
    documents.document_id,
    documents.document_name,
    documents.agency_name,
    documents.fiscal_year,
    documents.document_kind,
    documents.publication_date,
    coalesce(texts.sentence_count, 0) as sentence_count,
    coalesce(texts.contents_count, 0) as contents_count,
    coalesce(tables.table_count, 0) as table_count,
    coalesce(tables.known_table_count, 0) as known_table_count,
    coalesce(pages.unread_page_count, 0) as unread_page_count,
    -- a handful of lines is no explanation: the text is published apart
    coalesce(texts.sentence_count, 0) >= 12 as has_text
from {{ ref('stg_document') }} as documents
left join texts on documents.document_id = texts.document_id
left join tables on documents.document_id = tables.document_id
left join pages on documents.document_id = pages.document_id
where documents.read_status = 'read'
