-- One row a document: the body it speaks of, under one name however its documents spell it, and its region.
with own as (

    select * from {{ ref('int_agency_name') }}
    where mention_no = 0 and agency_id is not null

),

-- the fullest spelling among all documents of the body
names as (

    select
        agency_id,
        {{ first_by('whole_name', "lpad(cast(100 - length(whole_name) as varchar), 3, '0') || whole_name") }}
            as agency_name
    from own
    group by agency_id

)

select
    documents.document_id,
    own.agency_id,
    names.agency_name,
    documents.agency_name as printed_name,
    documents.region_name,
    own.region_code,
    coalesce(own.is_own_body, false) as is_own_body,
    coalesce(own.is_whole, false) as is_whole
from {{ ref('stg_document') }} as documents
left join own on documents.document_id = own.document_id
left join names on own.agency_id = names.agency_id
