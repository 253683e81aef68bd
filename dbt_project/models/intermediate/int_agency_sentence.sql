-- One row a sentence of the chapters in which a body says what units it consists of.
with chapters as (

    select distinct
        chapters.document_id,
        chapters.chapter_no
    from {{ ref('stg_chapter') }} as chapters
    inner join {{ ref('agency_list_marker') }} as markers
        on markers.kind = 'chapter' and position(markers.pattern in chapters.chapter_title) > 0

)

select
    sentences.document_id,
    sentences.chapter_no,
    sentences.sentence_no,
    {{ normalise_text('sentences.sentence_text') }} as sentence_text
from {{ ref('stg_sentence') }} as sentences
inner join chapters
    on sentences.document_id = chapters.document_id and sentences.chapter_no = chapters.chapter_no
