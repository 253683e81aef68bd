-- One row a document: the body it speaks of, under one name whatever suffix the document adds, and its region.
with documents as (

    select
        document_id,
        agency_name as printed_name,
        region_name
    from {{ ref('stg_document') }}

),

suffixed as (

    select
        documents.document_id,
        max(length(suffixes.suffix)) as suffix_length
    from documents
    inner join {{ ref('agency_name_suffix') }} as suffixes
        on right(documents.printed_name, length(suffixes.suffix)) = suffixes.suffix
    group by documents.document_id

),

named as (

    select
        documents.document_id,
        documents.printed_name,
        documents.region_name,
        left(
            documents.printed_name,
            length(documents.printed_name) - coalesce(suffixed.suffix_length, 0)
        ) as agency_name
    from documents
    left join suffixed on documents.document_id = suffixed.document_id

),

-- The region's own name may follow those of the regions around it: the longest name at the end counts.
regions as (

    select
        named.document_id,
        divisions.region_code,
        rank() over (
            partition by named.document_id
            order by
                length(divisions.region_name) desc,
                case when position(parents.region_name in named.region_name) > 0 then 1 else 2 end
        ) as region_rank
    from named
    inner join {{ ref('administrative_division') }} as divisions
        on right(named.region_name, length(divisions.region_name)) = divisions.region_name
    left join {{ ref('administrative_division') }} as parents on divisions.parent_code = parents.region_code

),

-- Two regions of one name are told apart by nobody here: better none than the wrong one.
certain_regions as (

    select
        document_id,
        min(region_code) as region_code
    from regions
    where region_rank = 1
    group by document_id
    having count(*) = 1

)

select
    named.document_id,
    case when named.agency_name <> '' then {{ short_hash('named.agency_name') }} end as agency_id,
    nullif(named.agency_name, '') as agency_name,
    named.printed_name,
    named.region_name,
    certain_regions.region_code
from named
left join certain_regions on named.document_id = certain_regions.document_id
