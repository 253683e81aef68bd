-- One row a body that a document names: itself (mention 0), and the units that it says it consists of.
with sentences as (

    select * from {{ ref('int_agency_sentence') }}

),

introductions as (

    select
        sentences.document_id,
        sentences.chapter_no,
        sentences.sentence_no,
        max({{ regex_extract_column('sentences.sentence_text', 'markers.pattern', 1) }}) as listed_text
    from sentences
    inner join {{ ref('agency_list_marker') }} as markers
        on
            markers.kind = 'list'
            and {{ regex_matches_seed('sentences.sentence_text', 'markers.pattern', 'agency_list_marker') }}
    group by sentences.document_id, sentences.chapter_no, sentences.sentence_no

),

-- what follows in the sentence itself, and the numbered sentences after it
listed as (

    select
        document_id,
        sentence_no,
        listed_text
    from introductions
    union all
    select
        sentences.document_id,
        sentences.sentence_no,
        -- behind the first comma a numbered unit is described, not named
        {{ regex_extract('sentences.sentence_text', marker('unit_name'), 1) }}
        || coalesce({{ regex_extract('sentences.sentence_text', marker('unit_merged_bracket'), 1) }}, '')
        || case when {{ regex_matches('sentences.sentence_text', marker('unit_merged')) }} then '不单列' else '' end
    from sentences
    inner join introductions
        on
            sentences.document_id = introductions.document_id
            and sentences.chapter_no = introductions.chapter_no
            and sentences.sentence_no > introductions.sentence_no
    -- a sentence that introduces a list is none of its items
    left join introductions as others
        on sentences.document_id = others.document_id and sentences.sentence_no = others.sentence_no
    where
        others.sentence_no is null
        and length(introductions.listed_text) <= 60
        and {{ regex_matches('sentences.sentence_text', marker('unit_number')) }}

),

parts as (

    {{ text_parts('listed', ['document_id', 'sentence_no'], 'listed_text', marker('unit_separator')) }}

),

rows_of_lists as (

    select
        tables.document_id,
        1000000 + tables.table_no * 1000 + table_rows.row_no as sentence_no,
        table_rows.label_normal
        || {{ normalise_text("coalesce(table_rows.row_context, '')") }} as part_text,
        table_rows.label_key as printed_name
    from {{ ref('int_table') }} as tables
    inner join {{ ref('stg_table_row') }} as table_rows
        on tables.document_id = table_rows.document_id and tables.table_no = table_rows.table_no
    where tables.grain = 'agency' and table_rows.row_code is null

),

candidates as (

    select
        document_id,
        sentence_no,
        part_text,
        {{ regex_remove(
            regex_remove(strip_numbering('part_text'), marker('unit_ending'), global=false),
            marker('unit_beginning'), global=false
        ) }} as printed_name
    from parts
    union all
    select
        document_id,
        sentence_no,
        part_text,
        printed_name
    from rows_of_lists

),

-- the same unit listed twice is one unit
units as (

    select
        candidates.document_id,
        candidates.printed_name,
        min(candidates.sentence_no) as sentence_no,
        bool_or(markers.pattern is not null) as is_merged
    from candidates
    left join {{ ref('agency_list_marker') }} as markers
        on
            markers.kind = 'merged'
            and {{ regex_matches_seed('candidates.part_text', 'markers.pattern', 'agency_list_marker') }}
    where length(candidates.printed_name) between 2 and 40
    group by candidates.document_id, candidates.printed_name

)

select
    document_id,
    0 as mention_no,
    agency_name as printed_name,
    false as is_merged
from {{ ref('stg_document') }}
where agency_name <> ''
union all
select
    document_id,
    cast(row_number() over (partition by document_id order by sentence_no, printed_name) as integer) as mention_no,
    printed_name,
    is_merged
from units
