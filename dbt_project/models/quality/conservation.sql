-- One row a document that was read: what share of the numbers printed in its tables is landed exactly once.
with printed as (

    select
        document_id,
        count(*) as printed_count
    from {{ source('raw', 'source_token') }}
    group by document_id

),

landed as (

    select
        document_id,
        count(*) as landed_count
    from {{ source('raw', 'cell') }}
    group by document_id

),

gaps as (

    select
        document_id,
        sum(case when gap = 'missing' then printed_count - landed_count else 0 end) as missing_count,
        sum(case when gap = 'doubled' then landed_count - printed_count else 0 end) as doubled_count
    from {{ ref('conservation_gap') }}
    group by document_id

),

pages as (

    select
        document_id,
        sum(case when status <> 'read' then 1 else 0 end) as unread_page_count
    from {{ source('raw', 'page') }}
    group by document_id

)

select
    documents.document_id,
    documents.document_name,
    cast(coalesce(printed.printed_count, 0) as integer) as printed_count,
    cast(coalesce(landed.landed_count, 0) as integer) as landed_count,
    cast(coalesce(gaps.missing_count, 0) as integer) as missing_count,
    cast(coalesce(gaps.doubled_count, 0) as integer) as doubled_count,
    -- as many numbers as are printed or landed, whichever is more: doubling everything conserves nothing
    cast(
        1 - cast(coalesce(gaps.missing_count, 0) + coalesce(gaps.doubled_count, 0) as decimal(18, 6))
        / greatest(coalesce(printed.printed_count, 0), coalesce(landed.landed_count, 0), 1)
        as decimal(9, 6)
    ) as conserved_share,
    cast(coalesce(pages.unread_page_count, 0) as integer) as unread_page_count
from {{ source('raw', 'document') }} as documents
left join printed on documents.document_id = printed.document_id
left join landed on documents.document_id = landed.document_id
left join gaps on documents.document_id = gaps.document_id
left join pages on documents.document_id = pages.document_id
where documents.status = 'read'
