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

numbers as (

    select
        amounts.document_id,
        amounts.amount_yuan,
        count(*) over (partition by amounts.document_id) as number_count
    from (
        select distinct
            published_again.document_id,
            amounts.amount_yuan
        from published_again
        inner join {{ ref('int_published_amount') }} as amounts
            on published_again.document_id = amounts.document_id
        where amounts.amount_yuan <> 0
    ) as amounts

),

-- each beside the one that is preferred to it
compared as (

    select
        ranked.document_id,
        latest.document_id as latest_id,
        latest.document_name as latest_name,
        latest.is_corrected and not ranked.is_corrected as is_by_correction,
        ranked.version_rank > latest.version_rank and not ranked.is_of_common_place as is_replaced,
        count(numbers.amount_yuan) as own_count,
        count(others.amount_yuan) as shared_count,
        coalesce(max(others.number_count), 0) as latest_count
    from ranked
    inner join ranked as latest
        on ranked.series_key = latest.series_key and latest.preference = 1 and ranked.preference > 1
    left join numbers on ranked.document_id = numbers.document_id
    left join numbers as others
        on latest.document_id = others.document_id and numbers.amount_yuan = others.amount_yuan
    group by
        ranked.document_id,
        latest.document_id,
        latest.document_name,
        latest.is_corrected,
        ranked.is_corrected,
        ranked.version_rank,
        latest.version_rank,
        ranked.is_of_common_place

),

-- one document as a file of another format prints the same numbers; what replaces it repeats most of them, and two
-- bodies that are taken for one have few in common
superseded as (

    select
        *,
        shared_count = own_count and shared_count = latest_count as is_same
    from compared
    where
        (shared_count = own_count and shared_count = latest_count)
        or (is_replaced and 2 * shared_count > own_count)

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
