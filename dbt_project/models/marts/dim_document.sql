-- One row a document, with what it is about and whether its numbers may be relied on.
with table_counts as (

    select
        document_id,
        count(*) as table_count,
        sum(number_count) as number_count
    from {{ ref('int_table') }}
    group by document_id

),

-- a unit's facts are part of its department's, where the corpus holds both and both count
departments as (

    select
        units.unit_document_id,
        min(units.document_id) as department_document_id
    from {{ ref('int_document_unit') }} as units
    inner join {{ ref('document_status') }} as statuses
        on units.document_id = statuses.document_id and statuses.status in ('verified', 'source_defects')
    group by units.unit_document_id

)

select
    documents.document_id,
    documents.document_name,
    documents.document_kind,
    documents.body_level,
    agencies.agency_id,
    documents.agency_name,
    agencies.region_code,
    documents.fiscal_year,
    documents.publication_date,
    documents.publisher,
    documents.source_url,
    documents.media_type,
    documents.page_count,
    cast(coalesce(table_counts.table_count, 0) as integer) as table_count,
    cast(coalesce(table_counts.number_count, 0) as integer) as number_count,
    case
        when documents.read_status = 'set_aside' then 'unverified'
        else coalesce(statuses.status, 'unverified')
    end as status,
    case
        when documents.read_status = 'set_aside' then documents.read_reason
        else statuses.reason
    end as status_reason,
    documents.read_status,
    departments.department_document_id,
    repeats.superseded_by_document_id
from {{ ref('stg_document') }} as documents
left join {{ ref('int_agency') }} as agencies on documents.document_id = agencies.document_id
left join table_counts on documents.document_id = table_counts.document_id
left join {{ ref('document_status') }} as statuses on documents.document_id = statuses.document_id
left join departments on documents.document_id = departments.unit_document_id
left join {{ ref('int_document_repeat') }} as repeats on documents.document_id = repeats.document_id
