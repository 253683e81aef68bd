-- One row a document that was read: what of it there is to judge, text and tables.
{{ config(schema='intermediate') }}

with texts as (

    select
        document_id,
        cast(sum(case when text_kind = 'sentence' and part = 'body' then 1 else 0 end) as integer) as sentence_count,
        cast(sum(case when part = 'contents' and text_kind = 'sentence' then 1 else 0 end) as integer) as contents_count
    from {{ ref('int_disclosure_text') }}
    group by document_id

),

tables as (

    select
        document_id,
        cast(count(*) as integer) as table_count,
        cast(sum(case when table_type <> 'unknown' then 1 else 0 end) as integer) as known_table_count,
        cast(sum(case when {{ regex_matches('table_type', '^government_') }} then 1 else 0 end) as integer)
            as government_table_count
    from {{ ref('int_table') }}
    group by document_id

),

-- a statement of one topic, or a government's own report, says so before its first chapter
titles as (

    select
        document_id,
        bool_or({{ regex_matches('text_key', marker('one_topic_title')) }}) as is_one_topic,
        bool_or({{ regex_matches('text_key', marker('government_title')) }}) as is_of_government
    from {{ ref('int_disclosure_text') }}
    where text_kind = 'sentence' and part = 'cover' and text_no <= 3
    group by document_id

),

pages as (

    select
        document_id,
        cast(sum(case when page_status = 'set_aside' then 1 else 0 end) as integer) as unread_page_count
    from {{ ref('stg_page') }}
    group by document_id

),

-- where the numbered text begins
numbered as (

    select
        chapters.document_id,
        chapters.chapter_no,
        chapters.depth,
        chapters.page_no,
        chapters.line_no,
        {{ regex_matches(normalise_text('chapters.number_text'), marker('part_number')) }} as is_part,
        {{ chinese_numeral(
            regex_extract(normalise_text('chapters.number_text'), marker('chapter_number'), 1)
        ) }} as number_no
    from {{ ref('stg_chapter') }} as chapters
    inner join {{ ref('int_disclosure_text') }} as headings
        on
            chapters.document_id = headings.document_id
            and chapters.chapter_no = headings.text_no
            and headings.text_kind = 'heading'
            and headings.part <> 'contents'
    where {{ regex_matches(normalise_text('chapters.number_text'), marker('chapter_number')) }}

),

first_chapters as (

    select
        *,
        row_number() over (partition by document_id order by chapter_no) as place
    from numbered

),

-- a set of tables before the text is a part, whose heading is the title of its first table or none
tables_first as (

    select distinct first_chapters.document_id
    from first_chapters
    inner join {{ ref('stg_table_row') }} as before
        on
            first_chapters.document_id = before.document_id
            and coalesce(before.page_no, 0) <= coalesce(first_chapters.page_no, 0)
            and (
                coalesce(before.page_no, 0) < coalesce(first_chapters.page_no, 0)
                or first_chapters.line_no > before.line_no
            )
    where first_chapters.place = 1

),

first_parts as (

    select distinct document_id
    from {{ ref('int_disclosure_text') }}
    where {{ chinese_numeral(regex_extract('text_key', marker('part_number'), 1)) }} = 1

),

-- the first of its kind stands somewhere, though not in front
first_numbers as (

    select distinct
        document_id,
        depth
    from numbered
    where number_no = 1 and not is_part

),

begun_late as (

    select first_chapters.document_id
    from first_chapters
    left join tables_first on first_chapters.document_id = tables_first.document_id
    left join first_parts on first_chapters.document_id = first_parts.document_id
    left join first_numbers
        on
            first_chapters.document_id = first_numbers.document_id
            and first_chapters.depth = first_numbers.depth
    left join texts on first_chapters.document_id = texts.document_id
    where
        first_chapters.place = 1
        -- with a list of contents in front nothing is cut there
        and coalesce(texts.contents_count, 0) = 0
        and first_chapters.number_no > case when tables_first.document_id is null then 1 else 2 end
        and case
            when first_chapters.is_part then first_parts.document_id is null
            else first_numbers.document_id is null
        end

),

-- what the list of contents promises to explain last, before the attachments
promised as (

    select
        document_id,
        text_no,
        text_key,
        {{ regex_remove(
            regex_remove('text_key', marker('contents_page'), global=false),
            marker('chapter_number'), global=false
        ) }} as title_key
    from {{ ref('int_disclosure_text') }}
    where
        part = 'contents'
        and text_kind = 'sentence'
        and {{ regex_matches('text_key', marker('chapter_number')) }}

),

attachments as (

    select
        promised.document_id,
        min(promised.text_no) as text_no
    from promised
    inner join {{ ref('text_part') }} as parts
        on parts.part = 'attachment' and position(parts.word in promised.title_key) > 0
    group by promised.document_id

),

last_promised as (

    select
        promised.*,
        row_number() over (partition by promised.document_id order by promised.text_no desc) as place
    from promised
    left join attachments on promised.document_id = attachments.document_id
    where
        promised.text_no < coalesce(attachments.text_no, promised.text_no + 1)
        and not {{ regex_matches('promised.title_key', marker('contents_table')) }}
        and length(promised.title_key) >= 2

),

reached as (

    select distinct
        last_promised.document_id,
        last_promised.text_no
    from last_promised
    inner join {{ ref('int_disclosure_text') }} as texts
        on
            last_promised.document_id = texts.document_id
            and texts.part not in ('contents', 'cover')
            and (
                position(last_promised.title_key in texts.text_key) > 0
                or texts.part = 'glossary'
                or texts.text_kind = 'heading'
                and length(texts.text_key) >= 4
                and position(texts.text_key in last_promised.title_key) > 0
            )
    where last_promised.place = 1

),

ended_early as (

    select last_promised.document_id
    from last_promised
    left join reached
        on last_promised.document_id = reached.document_id and last_promised.text_no = reached.text_no
    where last_promised.place = 1 and reached.text_no is null

)

select
    documents.document_id,
    documents.document_name,
    documents.agency_name,
    documents.fiscal_year,
    documents.document_kind,
    documents.publication_date,
    coalesce(texts.sentence_count, 0) as sentence_count,
    coalesce(texts.contents_count, 0) as contents_count,
    coalesce(tables.table_count, 0) as table_count,
    coalesce(tables.known_table_count, 0) as known_table_count,
    coalesce(pages.unread_page_count, 0) as unread_page_count,
    -- a handful of lines is no explanation: the text is published apart
    coalesce(texts.sentence_count, 0) >= 12 as has_text,
    -- what is asked of a whole disclosure of a body is not owed by
    case
        when coalesce(tables.known_table_count, 0) >= 3 and documents.body_level is not null then null
        when documents.body_level is null and coalesce(tables.government_table_count, 0) > 0
            then 'a report of the government: it owes other chapters'
        when coalesce(titles.is_of_government, false) then 'a report of the government: it owes other chapters'
        when coalesce(titles.is_one_topic, false) then 'a statement of one topic: it owes no others'
    end as exempt_reason,
    coalesce(titles.is_of_government, false)
    or documents.body_level is null and coalesce(tables.government_table_count, 0) > 0 as is_of_government,
    -- of a part of a document nobody can say what the whole does not hold
    case
        when begun_late.document_id is not null
            then 'the file begins after the first part: what is not in it may stand before'
        when ended_early.document_id is not null
            then 'the file ends before the end of its contents: what is not in it may stand behind'
    end as cut_reason
from {{ ref('stg_document') }} as documents
left join texts on documents.document_id = texts.document_id
left join tables on documents.document_id = tables.document_id
left join titles on documents.document_id = titles.document_id
left join pages on documents.document_id = pages.document_id
left join begun_late on documents.document_id = begun_late.document_id
left join ended_early on documents.document_id = ended_early.document_id
where documents.read_status = 'read'
