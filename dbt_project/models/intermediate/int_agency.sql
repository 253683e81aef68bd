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

),

-- places of one name are many: a body that says no more of its place may be another one's
common_places as (

    select region_name
    from {{ ref('administrative_division') }}
    group by region_name
    having count(*) > 1

),

of_common_places as (

    select distinct documents.document_id
    from {{ ref('stg_document') }} as documents
    inner join common_places
        on left(documents.agency_name, length(common_places.region_name)) = common_places.region_name

)

select
    documents.document_id,
    own.agency_id,
    names.agency_name,
    documents.agency_name as printed_name,
    own.name_core,
    documents.region_name,
    own.region_code,
    coalesce(own.is_own_body, false) as is_own_body,
    coalesce(own.is_whole, false) as is_whole,
    own.region_code is null and of_common_places.document_id is not null as is_of_common_place
from {{ ref('stg_document') }} as documents
left join own on documents.document_id = own.document_id
left join names on own.agency_id = names.agency_id
left join of_common_places on documents.document_id = of_common_places.document_id
