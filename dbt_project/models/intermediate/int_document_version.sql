-- One row a document that says whose it is: which version of it is compared, and why where that is another one.
with documents as (

    select
        scopes.document_id,
        scopes.document_name,
        concat_ws('|', scopes.agency_id, scopes.fiscal_year, scopes.document_kind, scopes.reporting) as series_key,
        agencies.is_of_common_place,
        documents.publication_date,
        documents.page_count
    from {{ ref('int_document_scope') }} as scopes
    inner join {{ ref('int_agency') }} as agencies on scopes.document_id = agencies.document_id
    inner join {{ ref('stg_document') }} as documents on scopes.document_id = documents.document_id

),

-- only what a body published more than once has to be told apart
published_again as (

    select *
    from documents
    qualify count(*) over (partition by series_key) > 1

),

-- a corrected version says so in its file's name or on its cover
titles as (

    select
        document_id,
        document_name as title
    from published_again
    union all
    select
        published_again.document_id,
        sentences.sentence_text as title
    from published_again
    inner join {{ ref('stg_sentence') }} as sentences on published_again.document_id = sentences.document_id
    where sentences.chapter_no is null and sentences.sentence_no <= 12

),

corrected as (

    select distinct titles.document_id
    from titles
    inner join {{ ref('agency_list_marker') }} as markers
        on markers.kind = 'corrected' and {{ regex_matches_column('titles.title', 'markers.pattern') }}

),

-- of equals, the file that holds pages
ranked as (

    select
        published_again.*,
        corrected.document_id is not null as is_corrected,
        rank() over (
            partition by published_again.series_key
            order by
                corrected.document_id is not null desc,
                published_again.publication_date desc nulls last
        ) as version_rank,
        row_number() over (
            partition by published_again.series_key
            order by
                corrected.document_id is not null desc,
                published_again.publication_date desc nulls last,
                published_again.page_count desc nulls last,
                published_again.document_id asc
        ) as preference
    from published_again
    left join corrected on published_again.document_id = corrected.document_id

),

-- the one that is preferred takes the place of another format of it, which prints the same numbers, and of what it
-- replaces, most of which it repeats
superseded as (

    select
        ranked.document_id,
        latest.document_id as latest_id,
        latest.document_name as latest_name,
        pairs.is_same,
        latest.is_corrected and not ranked.is_corrected as is_by_correction
    from ranked
    inner join ranked as latest
        on ranked.series_key = latest.series_key and latest.preference = 1 and ranked.preference > 1
    inner join {{ ref('int_document_overlap') }} as pairs
        on ranked.document_id = pairs.document_id and latest.document_id = pairs.other_document_id
    where
        pairs.is_same
        or (pairs.has_most and ranked.version_rank > latest.version_rank and not ranked.is_of_common_place)

)

select
    documents.document_id,
    coalesce(superseded.latest_id, documents.document_id) as current_document_id,
    superseded.document_id is null as is_current,
    corrected.document_id is not null as is_corrected,
    case
        when superseded.is_same
            then 'prints the same numbers as “' || superseded.latest_name || '”, which is compared in its place'
        when superseded.is_by_correction
            then 'the corrected version “' || superseded.latest_name || '” is compared in its place'
        when superseded.document_id is not null
            then 'the later version “' || superseded.latest_name || '” is compared in its place'
    end as reason
from documents
left join corrected on documents.document_id = corrected.document_id
left join superseded on documents.document_id = superseded.document_id
