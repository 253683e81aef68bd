-- One row a text of a document: heading, sentence, title or note of a table, with the part it stands in.
{{ config(schema='intermediate') }}

with parts as (

    select * from {{ ref('text_part') }}

),

chapters as (

    select
        *,
        {{ normalise_text('chapter_title') }} as title_key
    from {{ ref('stg_chapter') }}

),

named_parts as (

    select
        chapters.document_id,
        chapters.chapter_no,
        min(parts.part) as part
    from chapters
    inner join parts
        on case parts.is_whole
            when 'true' then chapters.title_key = parts.word
            else position(parts.word in chapters.title_key) > 0
        end
    group by chapters.document_id, chapters.chapter_no

),

-- what a chapter is, its sections are as well
placed as (

    select
        chapters.document_id,
        chapters.chapter_no,
        chapters.chapter_title,
        chapters.title_key,
        chapters.number_text,
        chapters.page_no,
        chapters.line_no,
        chapters.depth,
        coalesce(own.part, above.part, top.part, 'body') as part
    from chapters
    left join chapters as parents
        on chapters.document_id = parents.document_id and chapters.parent_chapter_no = parents.chapter_no
    left join named_parts as own
        on chapters.document_id = own.document_id and chapters.chapter_no = own.chapter_no
    left join named_parts as above
        on chapters.document_id = above.document_id and chapters.parent_chapter_no = above.chapter_no
    left join named_parts as top
        on parents.document_id = top.document_id and parents.parent_chapter_no = top.chapter_no

),

sentences as (

    select
        sentences.document_id,
        'sentence' as text_kind,
        sentences.sentence_no as text_no,
        coalesce(placed.part, 'cover') as part,
        sentences.chapter_no,
        placed.chapter_title as chapter,
        sentences.sentence_no,
        cast(null as integer) as table_no,
        sentences.page_no,
        sentences.sentence_text as text_printed
    from {{ ref('stg_sentence') }} as sentences
    left join placed
        on sentences.document_id = placed.document_id and sentences.chapter_no = placed.chapter_no

),

headings as (

    select
        document_id,
        'heading' as text_kind,
        chapter_no as text_no,
        part,
        chapter_no,
        chapter_title as chapter,
        cast(null as integer) as sentence_no,
        cast(null as integer) as table_no,
        page_no,
        chapter_title as text_printed
    from placed

),

titles as (

    select
        document_id,
        'title' as text_kind,
        table_no as text_no,
        'tables' as part,
        cast(null as integer) as chapter_no,
        cast(null as varchar) as chapter,
        cast(null as integer) as sentence_no,
        table_no,
        page_no,
        table_title as text_printed
    from {{ ref('stg_table') }}
    where table_title is not null

),

-- a note that the text holds as well is not read twice
printed_notes as (

    select distinct
        'note' as text_kind,
        tables.document_id,
        tables.table_no
    from {{ ref('stg_table') }} as tables
    inner join {{ ref('stg_sentence') }} as sentences
        on
            tables.document_id = sentences.document_id
            and length(sentences.sentence_text) >= 6
            and position(sentences.sentence_text in tables.note_text) > 0

),

notes as (

    select
        document_id,
        'note' as text_kind,
        table_no as text_no,
        'tables' as part,
        cast(null as integer) as chapter_no,
        cast(null as varchar) as chapter,
        cast(null as integer) as sentence_no,
        table_no,
        page_no,
        note_text as text_printed
    from {{ ref('stg_table') }}
    where note_text is not null

),

texts as (

    select * from sentences
    union all
    select * from headings
    union all
    select * from titles
    union all
    select * from notes

)

select
    texts.*,
    printed_notes.table_no is not null as is_repeated,
    -- blanks say nothing in Chinese text; quotes and brackets stay as printed
    {{ without_blanks('texts.text_printed') }} as text_plain,
    {{ normalise_text('texts.text_printed') }} as text_key
from texts
left join printed_notes
    on
        texts.text_kind = printed_notes.text_kind
        and texts.document_id = printed_notes.document_id
        and texts.table_no = printed_notes.table_no
