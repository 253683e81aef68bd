-- One row a chapter of the text: what its amounts speak of, of its own title or of the nearest chapter above.
with chapters as (

    select
        document_id,
        chapter_no,
        parent_chapter_no,
        chapter_title,
        {{ normalise_text('chapter_title') }} as title
    from {{ ref('stg_chapter') }}

),

documents as (

    select
        document_id,
        document_kind
    from {{ ref('stg_document') }}

),

-- a title is matched once, however many documents have it
titles as (

    select distinct
        chapters.title,
        documents.document_kind
    from chapters
    inner join documents on chapters.document_id = documents.document_id

),

matched as (

    select
        titles.title,
        titles.document_kind,
        {{ first_by('topics.topic', 'topics.priority') }} as topic,
        {{ first_by("coalesce(topics.unless_within, '')", 'topics.priority') }} as unless_within
    from titles
    inner join {{ ref('claim_topic') }} as topics
        on
            (topics.document_kind is null or titles.document_kind = topics.document_kind)
            and {{ regex_matches_seed('titles.title', 'topics.title_pattern', 'claim_topic', 'title_pattern') }}
    group by titles.title, titles.document_kind

),

own as (

    select
        chapters.document_id,
        chapters.chapter_no,
        chapters.parent_chapter_no,
        chapters.chapter_title,
        documents.document_kind,
        matched.topic,
        matched.unless_within
    from chapters
    inner join documents on chapters.document_id = documents.document_id
    left join matched
        on chapters.title = matched.title and documents.document_kind is not distinct from matched.document_kind

)

-- headings are at most five deep
select
    own.document_id,
    own.chapter_no,
    own.chapter_title,
    own.document_kind,
    case
        when {{ quality_names('own.unless_within', 'above.topic') }} then above.topic
        else coalesce(own.topic, above.topic, second.topic, third.topic, fourth.topic, 'none')
    end as topic
from own
left join own as above
    on own.document_id = above.document_id and own.parent_chapter_no = above.chapter_no
left join own as second
    on above.document_id = second.document_id and above.parent_chapter_no = second.chapter_no
left join own as third
    on second.document_id = third.document_id and second.parent_chapter_no = third.chapter_no
left join own as fourth
    on third.document_id = fourth.document_id and third.parent_chapter_no = fourth.chapter_no
