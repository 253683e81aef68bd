-- One row a document, a family of tables and a note by which the document says that figures of the year before are
-- restated, or why they may be.
{{ config(schema='intermediate') }}

-- the families of tables whose numbers a chapter states
with subjects as (
    select distinct
        contexts.document_id,
        contexts.chapter_no,
        numbers.family
    from {{ ref('int_claim_bound') }} as bound
    inner join {{ ref('int_claim_context') }} as contexts on bound.claim_id = contexts.claim_id
    inner join {{ ref('int_corpus_number') }} as numbers on bound.bound_cell_id = numbers.cell_id
),

speaking as (
    select distinct
        document_id,
        chapter_no
    from {{ ref('int_claim_context') }}
    where chapter_no is not null
),

-- few sentences have one of the words: only these are held against the chapters and the notes under tables
worded as (
    select distinct
        sentences.document_id,
        sentences.sentence_no,
        sentences.chapter_no,
        sentences.sentence_text
    from {{ ref('stg_sentence') }} as sentences
    inner join {{ ref('restatement_word') }} as words
        on {{ regex_matches_seed('sentences.sentence_text', 'words.pattern', 'restatement_word') }}
    where sentences.chapter_no is not null
),

-- a note under a table speaks of that table
under_tables as (
    select distinct
        worded.document_id,
        worded.sentence_no
    from worded
    inner join {{ ref('stg_table') }} as printed
        on
            worded.document_id = printed.document_id
            and position({{ normalise_text('worded.sentence_text') }} in {{ normalise_text('printed.note_text') }}) > 0
),

sentences as (
    select
        worded.document_id,
        worded.sentence_no as note_no,
        subjects.family,
        worded.sentence_text as note_text,
        -- a chapter without amounts speaks of none of the tables: what it says of the year before holds for all
        subjects.family is null as is_general
    from worded
    left join subjects
        on worded.document_id = subjects.document_id and worded.chapter_no = subjects.chapter_no
    left join speaking
        on worded.document_id = speaking.document_id and worded.chapter_no = speaking.chapter_no
    left join under_tables
        on worded.document_id = under_tables.document_id and worded.sentence_no = under_tables.sentence_no
    where
        under_tables.sentence_no is null
        and (subjects.family is not null or speaking.chapter_no is null)
),

table_notes as (
    select
        tables.document_id,
        -- behind those of the text
        1000000 + tables.table_no as note_no,
        families.family,
        notes.note_text,
        false as is_general
    from {{ ref('int_table') }} as tables
    inner join {{ ref('stg_table') }} as notes
        on tables.document_id = notes.document_id and tables.table_no = notes.table_no
    inner join {{ ref('corpus_table') }} as families on tables.table_type = families.table_type
    where notes.note_text is not null
),

notes as (
    select * from sentences
    union all
    select * from table_notes
)

select
    notes.document_id,
    notes.note_no,
    notes.family,
    min(words.strength) as strength,
    left(min(notes.note_text), 120) as quote
from notes
inner join {{ ref('restatement_word') }} as words
    on {{ regex_matches_seed('notes.note_text', 'words.pattern', 'restatement_word') }}
where not notes.is_general or words.strength = 'certain'
group by notes.document_id, notes.note_no, notes.family
