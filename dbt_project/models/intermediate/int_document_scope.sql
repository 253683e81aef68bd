-- One row a document that says whose it is: whether it speaks of a department with its units or of one body.
with documents as (

    select
        documents.document_id,
        documents.document_name,
        documents.document_kind,
        documents.fiscal_year,
        agencies.agency_id,
        agencies.agency_name,
        agencies.is_own_body,
        case
            when agencies.is_own_body then 'body'
            when agencies.is_whole or documents.body_level = 'department' then 'department'
            when documents.body_level = 'unit' then 'body'
            else 'unknown'
        end as reporting
    from {{ ref('stg_document') }} as documents
    inner join {{ ref('int_agency') }} as agencies on documents.document_id = agencies.document_id
    where
        documents.read_status = 'read'
        and agencies.agency_id is not null
        and documents.fiscal_year is not null
        and documents.document_kind is not null

),

listed as (

    select
        names.document_id,
        count(distinct names.agency_id) as unit_count,
        bool_or(names.agency_id = documents.agency_id) as lists_itself
    from {{ ref('int_agency_name') }} as names
    inner join documents on names.document_id = documents.document_id
    where
        names.mention_no > 0
        and not names.is_merged
    group by names.document_id

),

-- sentences that list units
listing as (

    select distinct
        sentences.document_id,
        sentences.sentence_no
    from {{ ref('int_agency_sentence') }} as sentences
    inner join {{ ref('agency_list_marker') }} as markers
        on
            markers.kind = 'list'
            and {{ regex_matches_seed('sentences.sentence_text', 'markers.pattern', 'agency_list_marker') }}

),

said as (

    select
        sentences.document_id,
        bool_or(markers.kind = 'none') as says_none,
        max(
            case
                when markers.kind = 'count'
                    then cast({{ regex_extract_column('sentences.sentence_text', 'markers.pattern', 1) }} as integer)
            end
        ) as stated_count
    from {{ ref('int_agency_sentence') }} as sentences
    inner join {{ ref('agency_list_marker') }} as markers
        on
            markers.kind in ('none', 'count')
            and {{ regex_matches_seed('sentences.sentence_text', 'markers.pattern', 'agency_list_marker') }}
    -- a count counts units only in the sentence that lists them
    left join listing
        on sentences.document_id = listing.document_id and sentences.sentence_no = listing.sentence_no
    where
        markers.kind = 'none'
        or listing.sentence_no is not null
    group by sentences.document_id

)

select
    documents.document_id,
    documents.document_name,
    documents.document_kind,
    documents.fiscal_year,
    documents.agency_id,
    documents.agency_name,
    documents.is_own_body,
    documents.reporting,
    coalesce(listed.unit_count, 0) as unit_count,
    said.stated_count,
    -- in its own words: one unit, itself
    coalesce(
        (listed.unit_count = 1 and listed.lists_itself and coalesce(said.stated_count, 1) = 1)
        or (said.says_none and coalesce(listed.unit_count, 0) <= 1 and coalesce(listed.lists_itself, true)),
        false
    ) as is_sole
from documents
left join listed on documents.document_id = listed.document_id
left join said on documents.document_id = said.document_id
