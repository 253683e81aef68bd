-- One row a judgement on the form of a document: what is wrong at its place, and one row a rule where nothing is.
{{ config(schema='intermediate') }}

with documents as (

    select * from {{ ref('int_disclosure_document') }}

),

texts as (

    select * from {{ ref('int_disclosure_text') }}

),

-- words and marks that no finished document holds: all at once, for hardly any text has one
wide_texts as (

    select
        *,
        {{ wide_marks('text_plain') }} as text_wide
    from texts
    where
        not is_repeated
        and {{ matches_any_of_seed(wide_marks('text_plain'), 'wording', 'pattern', 'hint') }}

),

hinted as (

    select
        texts.document_id,
        texts.text_kind,
        texts.text_no,
        texts.chapter,
        texts.sentence_no,
        texts.table_no,
        texts.page_no,
        texts.text_plain,
        texts.text_wide,
        wordings.*
    from wide_texts as texts
    inner join {{ ref('wording') }} as wordings
        on wordings.hint is null or position(wordings.hint in texts.text_wide) > 0

),

matched_words as (

    select
        *,
        coalesce(nullif({{ extract_seed('text_wide', 'wording', 'wording', 'wording', 'pattern', 0) }}, ''), hint)
            as found_text
    from hinted
    where
        {{ matches_seed('text_wide', 'wording', 'wording', 'wording', 'pattern', 'true') }}
        and not {{ matches_seed('text_wide', 'wording', 'wording', 'wording', 'unless', 'false') }}

),

worded as (

    select
        {{ judgement(
            'rule_id', 'cause', root="replace(name_zh, '{found}', found_text)",
            object="replace(name_zh, '{found}', found_text)",
            object_en="replace(name_en, '{found}', found_text)", quote=around('text_plain', 'found_text', 'text_wide'), severity='severity',
            table_no='table_no', place='text'
        ) }}
    from matched_words
    -- a sentence with two marks of the same kind is one slip
    qualify row_number() over (
        partition by document_id, rule_id, text_kind, text_no
        order by length(found_text) desc, wording
    ) = 1

),

-- names of lines and what a form says in words: each wording is looked at once, for most stand in many documents
unfilled as (

    select
        printed,
        {{ without_blanks('printed') }} as printed_plain
    from (
        select row_label as printed
        from {{ ref('int_table_row') }}
        union
        select text_value as printed
        from {{ ref('int_row_text') }}
    ) as distinct_words
    where {{ regex_matches(wide_marks(without_blanks('printed')), marker('unfilled_cell')) }}

),

printed_words as (

    select
        lines.document_id,
        lines.table_no,
        lines.row_no,
        lines.page_no,
        unfilled.printed_plain
    from {{ ref('int_table_row') }} as lines
    inner join unfilled on lines.row_label = unfilled.printed

    union all

    select
        texts.document_id,
        texts.table_no,
        texts.row_no,
        rows_of_text.page_no,
        unfilled.printed_plain
    from {{ ref('int_row_text') }} as texts
    inner join unfilled on texts.text_value = unfilled.printed
    inner join {{ ref('stg_table_row') }} as rows_of_text
        on
            texts.document_id = rows_of_text.document_id
            and texts.table_no = rows_of_text.table_no
            and texts.row_no = rows_of_text.row_no
            and texts.lane_no = rows_of_text.lane_no

),

unfilled_cells as (

    select
        {{ judgement(
            "'J01'", "'placeholder'", root="'cells of table ' || printed_words.table_no",
            object='printed_words.printed_plain', quote='left(printed_words.printed_plain, 80)', of='printed_words',
            row_no='min(printed_words.row_no)', table_no='printed_words.table_no',
            page_no='min(printed_words.page_no)'
        ) }}
    from printed_words
    group by printed_words.document_id, printed_words.table_no, printed_words.printed_plain

),

-- years that a document of its year cannot mean
mentioned as (

    select
        texts.document_id,
        texts.table_no,
        texts.chapter,
        texts.sentence_no,
        texts.page_no,
        texts.text_plain,
        texts.text_key,
        texts.chapter_no,
        texts.part,
        mentions.name_zh,
        mentions.name_en,
        mentions.mention,
        mentions.is_alone,
        documents.fiscal_year,
        documents.fiscal_year + cast(mentions.first_year_offset as integer) as first_year,
        documents.fiscal_year + cast(mentions.last_year_offset as integer) as last_year,
        {{ extract_seed('texts.text_key', 'mentions.mention', 'year_mention', 'mention', 'pattern', 1) }}
            as year_text
    from texts
    inner join documents on texts.document_id = documents.document_id
    inner join {{ ref('year_mention') }} as mentions
        on
            documents.document_kind = mentions.document_kind
            and texts.text_kind = mentions.text_kind
            and texts.part <> 'attachment'
            -- what a word means is told of any year, under a heading of the document's own
            and (texts.part <> 'glossary' or texts.text_kind <> 'sentence')
            -- a government's report tells of two years
            and not documents.is_of_government
    where
        {{ regex_matches('texts.text_key', marker('year')) }}
        -- asked of the few pairs with the hint, whatever order conditions are looked at in
        and case
            when position(mentions.hint in texts.text_key) > 0
                then not {{ matches_seed(
                    'texts.text_key', 'mentions.mention', 'year_mention', 'mention', 'unless', 'false'
                ) }}
            else false
        end

),

dated as (

    select
        *,
        cast(year_text as integer) as mentioned_year
    from mentioned
    where year_text <> ''

),

-- the year before, told in the words that tell of the document's own
years_before as (

    select
        document_id,
        chapter_no,
        sentence_no,
        mentioned_year,
        fiscal_year,
        {{ extract_seed('text_key', 'mention', 'year_mention', 'mention', 'pattern', 0) }} as told
    from dated
    where is_alone = 'true' and mentioned_year = fiscal_year - 1

),

compared_years as (

    select distinct
        years_before.document_id,
        years_before.sentence_no
    from years_before
    inner join texts
        on
            years_before.document_id = texts.document_id
            and years_before.chapter_no = texts.chapter_no
            and texts.text_kind = 'sentence'
            and position(
                replace(
                    {{ regex_remove('years_before.told', marker('amount_at_end'), global=false) }},
                    cast(years_before.mentioned_year as varchar), cast(years_before.fiscal_year as varchar)
                ) in texts.text_key
            ) > 0
    where {{ regex_matches('years_before.told', marker('amount_at_end')) }}

),

-- amounts that the tables print for the document's own year, told under another (see int_claim_bound)
amounts as (

    select
        claims.document_id,
        claims.chapter_no,
        claims.sentence_no,
        claims.stated_year,
        claims.claim_year,
        claims.fiscal_year,
        claims.amount_yuan,
        bound.is_year_slip,
        coalesce(bound.quantity, bound.code) as told_of
    from {{ ref('int_claim_reading') }} as claims
    inner join {{ ref('int_claim_bound') }} as bound on claims.claim_id = bound.claim_id
    where claims.role = 'value' and coalesce(bound.quantity, bound.code) is not null

),

slipped_years as (

    select
        slipped.document_id,
        slipped.sentence_no,
        slipped.stated_year
    from amounts as slipped
    -- the same was told of the document's own year: it did not change, and the year is right
    left join amounts as others
        on
            slipped.document_id = others.document_id
            and slipped.told_of = others.told_of
            and slipped.amount_yuan = others.amount_yuan
            and slipped.sentence_no <> others.sentence_no
            and others.claim_year = others.fiscal_year
            and slipped.chapter_no is not distinct from others.chapter_no
    where slipped.is_year_slip
    group by slipped.document_id, slipped.sentence_no, slipped.stated_year
    having count(others.told_of) = 0

),

told_years as (

    select
        dated.*,
        compared_years.sentence_no is not null as is_compared
    from dated
    left join compared_years
        on dated.document_id = compared_years.document_id and dated.sentence_no = compared_years.sentence_no
    union all
    select
        texts.document_id,
        texts.table_no,
        texts.chapter,
        texts.sentence_no,
        texts.page_no,
        texts.text_plain,
        texts.text_key,
        texts.chapter_no,
        texts.part,
        mentions.name_zh,
        mentions.name_en,
        mentions.mention,
        mentions.is_alone,
        documents.fiscal_year,
        documents.fiscal_year as first_year,
        documents.fiscal_year as last_year,
        cast(slipped_years.stated_year as varchar) as year_text,
        slipped_years.stated_year as mentioned_year,
        false as is_compared
    from slipped_years
    inner join texts
        on
            slipped_years.document_id = texts.document_id
            and slipped_years.sentence_no = texts.sentence_no
            and texts.text_kind = 'sentence'
    inner join documents on texts.document_id = documents.document_id
    inner join {{ ref('year_mention') }} as mentions
        on documents.document_kind = mentions.document_kind and mentions.text_kind = 'amount'
    where not documents.is_of_government and texts.part not in ('attachment', 'glossary')

),

wrong_years as (

    select
        {{ judgement(
            "'J03'", "'wrong_year'", root="mention || ' ' || mentioned_year", object='name_zh',
            object_en='name_en', quote=around('text_plain', 'cast(mentioned_year as varchar)'), wanted='last_year', table_no='table_no', place='text'
        ) }}
    from told_years
    where
        not is_compared
        and mentioned_year not between first_year and last_year
        -- beside the document's own year, or in a chapter on that year, another is told of by right
        and (
            is_alone is null
            or position(cast(fiscal_year as varchar) in text_plain) = 0
            and position(cast(mentioned_year as varchar) in coalesce(chapter, '')) = 0
        )
    qualify
        -- a sentence that two kinds of mention fit is judged by one
        row_number() over (
            partition by document_id, chapter, sentence_no, table_no, mentioned_year
            order by case when mention like 'amount_%' then 1 else 0 end, mention
        ) = 1
        -- the contents repeat the year of a title
        and (
            part <> 'contents'
            or count(case when sentence_no is null then 1 end) over (partition by document_id, mentioned_year) = 0
        )

),

-- brackets that are opened and not closed, over a whole chapter: a sentence may end within them
bracketed as (

    select
        document_id,
        chapter_no,
        chapter,
        {{ unpaired('text_key', '（', '）') }} as round_count,
        {{ unpaired('text_plain', '《', '》') }} as title_count,
        {{ unpaired('text_plain', '“', '”') }} as quote_count,
        sentence_no,
        page_no,
        text_plain
    from texts
    where
        text_kind = 'sentence'
        and part in ('body', 'glossary')
        -- 1) and （1) number a line
        and not {{ regex_matches('text_key', marker('numbered_line')) }}

),

chapter_brackets as (

    select
        document_id,
        chapter_no,
        sum(round_count) as round_count,
        sum(title_count) as title_count,
        sum(quote_count) as quote_count
    from bracketed
    group by document_id, chapter_no

),

unpaired_marks as (

    select
        {{ judgement(
            "'J05'", "'unpaired_mark'", root="'unpaired marks'", object="'括号、引号不成对'",
            object_en="'Bracket or quotation mark without its partner'",
            quote='left(bracketed.text_plain, 80)', of='bracketed', place='text'
        ) }}
    from bracketed
    inner join chapter_brackets
        on
            bracketed.document_id = chapter_brackets.document_id
            and bracketed.chapter_no = chapter_brackets.chapter_no
    where
        (bracketed.round_count <> 0 and bracketed.round_count = chapter_brackets.round_count)
        or (bracketed.title_count <> 0 and bracketed.title_count = chapter_brackets.title_count)
        or (bracketed.quote_count <> 0 and bracketed.quote_count = chapter_brackets.quote_count)

),

-- a table of the year whose columns are all of other years
column_years as (

    select
        columns.document_id,
        columns.table_no,
        columns.column_no,
        left({{ regex_extract('columns.column_path', marker('year'), 0) }}, 4) as year_text,
        columns.column_path
    from {{ ref('stg_table_column') }} as columns
    inner join {{ ref('int_published_amount') }} as amounts
        on
            columns.document_id = amounts.document_id
            and columns.table_no = amounts.table_no
            and columns.column_no = amounts.column_no
            and amounts.is_money
    group by columns.document_id, columns.table_no, columns.column_no, columns.column_path

),

other_years as (

    select
        {{ judgement(
            "'J03'", "'wrong_year'", root="'columns of table ' || tables.table_no",
            object='min(tables.table_title)',
            quote="min(case when column_years.year_text <> '' then column_years.column_path end)",
            wanted='documents.fiscal_year', of='tables', place='table'
        ) }}
    from column_years
    inner join {{ ref('int_table') }} as tables
        on column_years.document_id = tables.document_id and column_years.table_no = tables.table_no
    inner join {{ ref('required_table') }} as required_tables on tables.table_type = required_tables.table_type
    inner join documents on tables.document_id = documents.document_id
    where tables.confidence = 'high' and documents.fiscal_year is not null
    group by tables.document_id, tables.table_no, tables.page_no, documents.fiscal_year
    having
        -- a total above and the change beside bear no year
        count(case when column_years.year_text <> '' then 1 end) > 0
        and count(
            case
                when
                    column_years.year_text = ''
                    and not {{ regex_matches('column_years.column_path', marker('column_without_year')) }}
                    then 1
            end
        ) = 0
        and sum(case when column_years.year_text = cast(documents.fiscal_year as varchar) then 1 else 0 end) = 0

),

-- the same long sentence twice in a row, or again with its amounts in the same chapter or one of the same name
followed as (

    select
        texts.*,
        lag(texts.text_plain) over (
            partition by texts.document_id, texts.chapter_no order by texts.sentence_no
        ) as text_before,
        row_number() over (
            partition by texts.document_id, texts.chapter, texts.text_plain order by texts.sentence_no
        ) as same_title_no
    from texts
    where
        texts.text_kind = 'sentence' and texts.part in ('body', 'glossary')
        -- the note below each table is the same by right
        and not {{ regex_matches('texts.text_plain', marker('note_line')) }}

),

-- sentences that tell an amount and end without a mark: the last of a chapter, in front of a numbered line,
-- or at the amount itself
flowing as (

    select
        *,
        lead(text_plain) over (partition by document_id order by sentence_no) as text_behind,
        lead(chapter_no) over (partition by document_id order by sentence_no) as chapter_behind
    from texts
    where text_kind = 'sentence'

),

missing_stops as (

    select
        {{ judgement(
            "'J05'", "'missing_stop'", root="'missing stops'", object="'句末缺标点'",
            object_en="'Sentence without a stop'", quote='text_plain', place='text'
        ) }}
    from flowing
    where
        part = 'body'
        and {{ regex_matches('text_key', marker('tells_amount')) }}
        and not {{ regex_matches('text_plain', marker('ends_open')) }}
        and (
            chapter_behind is distinct from chapter_no
            or {{ regex_matches('text_behind', marker('begins_item')) }}
            or (
                {{ regex_matches('text_plain', marker('ends_with_amount')) }}
                and not {{ regex_matches('text_behind', marker('begins_with_mark')) }}
            )
        )

),

repeated_sentences as (

    select
        {{ judgement(
            "'J06'", "'repeated_line'", root="'repeated sentences'", object="'重复的句子'",
            object_en="'Sentence printed twice'", quote='left(text_plain, 80)', table_no='table_no',
            place='text'
        ) }}
    from followed
    where
        text_plain = text_before and length(text_plain) >= 14
        -- projects tell of their years in the same words, each with an amount or two
        or same_title_no > 1 and {{ regex_matches('text_key', marker('several_amounts')) }}

),

blank_pages as (

    select
        {{ judgement(
            "'J06'", "'blank_page'", root="'blank pages'", object='pages.page_no', of='pages',
            place='page'
        ) }}
    from {{ ref('stg_page') }} as pages
    inner join documents on pages.document_id = documents.document_id
    where pages.page_status = 'read' and {{ regex_matches('pages.page_reason', marker('blank_page')) }}

),

repeated_files as (

    select
        {{ judgement(
            "'J06'", "'duplicate_file'", root="'duplicate file'", object='aliases.document_name',
            quote='aliases.document_name', of='aliases'
        ) }}
    from {{ source('raw', 'document_name_alias') }} as aliases
    inner join documents on aliases.document_id = documents.document_id

),

-- amounts without a unit on the table
units as (

    select
        tables.document_id,
        tables.table_no,
        tables.table_title,
        tables.page_no,
        tables.unit_source,
        tables.confidence,
        count(amounts.cell_id) as money_count
    from {{ ref('int_table') }} as tables
    inner join {{ ref('int_published_amount') }} as amounts
        on tables.document_id = amounts.document_id and tables.table_no = amounts.table_no
    where
        tables.table_type <> 'unknown'
        and tables.grain in ('function', 'economic', 'side_item', 'spending_item', 'project')
        and amounts.value <> 0
    group by
        tables.document_id, tables.table_no, tables.table_title, tables.page_no, tables.unit_source, tables.confidence

),

missing_units as (

    select
        {{ judgement(
            "'J08'", "'missing_unit'", root="'unit of table ' || table_no", object='table_title',
            quote='table_title', place='table'
        ) }}
    from units
    where unit_source <> 'printed' and money_count > 1 and confidence = 'high'

),

-- who the tables say they are of, against the cover
named_tables as (

    select
        tables.document_id,
        tables.table_no,
        tables.table_title,
        tables.page_no,
        documents.agency_name,
        {{ agency_of_line('tables.agency_text') }} as table_agency
    from {{ ref('stg_table') }} as tables
    inner join documents on tables.document_id = documents.document_id
    where tables.agency_text is not null

),

agreeing_tables as (

    select
        *,
        position({{ agency_core('agency_name') }} in table_agency) > 0
        or position({{ agency_core('table_agency') }} in agency_name) > 0 as agrees
    from named_tables
    where
        length(table_agency) >= 4
        and agency_name is not null

),

agreement as (

    select
        document_id,
        sum(case when agrees then 1 else 0 end) as agreeing_count,
        count(*) as named_count
    from agreeing_tables
    group by document_id

),

other_names as (

    select
        {{ judgement(
            "'J09'", "'other_agency'", root='agreeing_tables.table_agency',
            object='agreeing_tables.table_agency', quote='agreeing_tables.table_agency',
            wanted='agreeing_tables.agency_name', of='agreeing_tables', place='table'
        ) }}
    from agreeing_tables
    inner join agreement on agreeing_tables.document_id = agreement.document_id
    where
        not agreeing_tables.agrees
        -- one odd name among many, not a file of several bodies
        and agreement.agreeing_count * 2 > agreement.named_count

),

-- names in headings that differ from the cover by a slip
heading_names as (

    select
        texts.document_id,
        texts.chapter,
        texts.page_no,
        documents.agency_name,
        {{ regex_extract('texts.text_key', marker('heading_body'), 1) }} as heading_agency
    from texts
    inner join documents on texts.document_id = documents.document_id
    where texts.text_kind = 'heading' and texts.part <> 'contents'

),

slipped_names as (

    select
        {{ judgement(
            "'J09'", "'other_agency'", root='heading_agency', object='heading_agency',
            quote='heading_agency', wanted='agency_name', chapter='chapter', page_no='page_no'
        ) }}
    from heading_names
    where
        heading_agency <> ''
        -- a placeholder is a finding of its own
        and not {{ regex_matches('heading_agency', marker('placeholder')) }}
        and position({{ agency_core('agency_name') }} in heading_agency) = 0
        and position(heading_agency in agency_name) = 0
        and length(heading_agency) >= 5
        and {{ text_distance(agency_core('agency_name'), agency_core('heading_agency')) }} between 1 and 2
        and length({{ agency_core('agency_name') }}) >= 6

),

-- a body that is named once, where the year's budget of the publishing body is told
named_texts as (

    select
        texts.document_id,
        texts.table_no,
        texts.chapter,
        texts.sentence_no,
        texts.page_no,
        texts.text_plain,
        documents.agency_name,
        {{ regex_extract('texts.text_key', marker('named_budget'), 1) }} as body_name
    from texts
    inner join documents on texts.document_id = documents.document_id
    where
        texts.part in ('body', 'tables') and texts.text_kind in ('heading', 'sentence', 'title', 'note')
        and not texts.is_repeated

),

foreign_bodies as (

    select named_texts.*
    from named_texts
    inner join {{ ref('count_list_word') }} as words
        on words.kind = 'body' and {{ regex_matches_seed('named_texts.body_name', 'words.pattern', 'count_list_word') }}
    where
        length(named_texts.body_name) >= 5
        and not {{ regex_matches('named_texts.body_name', marker('no_body')) }}
        and not {{ regex_matches('named_texts.body_name', marker('placeholder')) }}
        and position({{ agency_core('named_texts.agency_name') }} in named_texts.body_name) = 0
        and position({{ agency_core('named_texts.body_name') }} in named_texts.agency_name) = 0
        -- a short name of the body has only characters of the full one
        and length(translate(named_texts.body_name, named_texts.agency_name, '')) >= 2

),

own_mentions as (

    select publishers.document_id
    from (
        select distinct
            document_id,
            {{ agency_core('agency_name') }} as agency_key
        from foreign_bodies
    ) as publishers
    inner join texts
        on
            publishers.document_id = texts.document_id
            and position(publishers.agency_key in texts.text_key) > 0
            and not texts.is_repeated
    group by publishers.document_id
    having count(*) > 1

),

other_bodies as (

    select
        {{ judgement(
            "'J09'", "'other_agency'", root='foreign_bodies.body_name',
            object='foreign_bodies.body_name', quote='foreign_bodies.body_name',
            wanted='foreign_bodies.agency_name', table_no='foreign_bodies.table_no',
            of='foreign_bodies', place='text'
        ) }}
    from foreign_bodies
    -- a unit or a body above is named elsewhere too
    inner join texts
        on
            foreign_bodies.document_id = texts.document_id
            and position(foreign_bodies.body_name in texts.text_key) > 0
            and not texts.is_repeated
    -- while the publishing body is named again and again
    inner join own_mentions on foreign_bodies.document_id = own_mentions.document_id
    group by
        foreign_bodies.document_id, foreign_bodies.body_name, foreign_bodies.table_no, foreign_bodies.chapter,
        foreign_bodies.sentence_no, foreign_bodies.page_no, foreign_bodies.agency_name
    having count(*) = 1

),

-- titles of the contents and those in the document, of which one or two characters are others
printed_titles as (

    select
        document_id,
        part = 'contents' as is_contents,
        text_kind,
        table_no,
        chapter,
        page_no,
        text_plain,
        {{ strip_year_and_unit(line_of_contents('text_key')) }} as title_key
    from texts
    where
        text_kind in ('heading', 'title') and part <> 'contents'
        or text_kind = 'sentence' and part = 'contents'

),

-- what stands in one of them only
sole_titles as (

    select
        document_id,
        title_key,
        bool_or(is_contents) as is_contents,
        {{ first_by('table_no', 'page_no') }} as table_no,
        {{ first_by('chapter', 'page_no') }} as chapter,
        min(page_no) as page_no
    from printed_titles
    where length(title_key) >= 6
    group by document_id, title_key
    having bool_or(is_contents) <> bool_or(not is_contents)

),

slipped_titles as (

    select
        {{ judgement(
            "'J09'", "'title_differs'", root='listed.title_key', object='printed.title_key',
            quote='printed.title_key', wanted='listed.title_key', of='printed', place='table',
            chapter='printed.chapter'
        ) }}
    from sole_titles as printed
    inner join sole_titles as listed
        on
            printed.document_id = listed.document_id
            and length(printed.title_key) = length(listed.title_key)
            and not printed.is_contents
            and listed.is_contents
    -- the title of a table of another kind is looked for among the tables
    left join {{ ref('table_title_alias') }} as aliases
        on aliases.match = 'exact' and listed.title_key = aliases.title_pattern
    where
        {{ text_distance('printed.title_key', 'listed.title_key') }} between 1 and 2
        and aliases.title_pattern is null

),

-- 2026年部门预算 above the tables of a body whose other titles say 2026年单位预算
levels as (

    select
        document_id,
        table_no,
        chapter,
        page_no,
        text_plain,
        {{ regex_extract('text_key', marker('level_of_year'), 1) }} as level_word
    from texts
    where text_kind in ('heading', 'title') or part in ('contents', 'cover')

),

level_counts as (

    select
        document_id,
        level_word,
        count(*) as level_count,
        sum(count(*)) over (partition by document_id) as all_count
    from levels
    where level_word <> ''
    group by document_id, level_word

),

other_levels as (

    select
        {{ judgement(
            "'J09'", "'other_level'", root="'level of the body'", object='levels.level_word',
            quote='left(levels.text_plain, 80)', of='levels', place='table', chapter='levels.chapter'
        ) }}
    from levels
    inner join level_counts
        on levels.document_id = level_counts.document_id and levels.level_word = level_counts.level_word
    where level_counts.level_count * 3 <= level_counts.all_count

),

failed as (

    {% for relation in
        ['worded', 'unfilled_cells', 'wrong_years', 'other_years', 'unpaired_marks', 'repeated_sentences', 'blank_pages',
         'repeated_files', 'missing_units', 'other_names', 'slipped_names', 'other_bodies', 'missing_stops',
         'slipped_titles', 'other_levels'] -%}
        select * from {{ relation }}
        {{ 'union all' if not loop.last }}
    {% endfor -%}

),

found as (

    select distinct
        document_id,
        rule_id
    from failed

),

-- what was looked at and found in order
evaluated as (

    select
        documents.document_id,
        rules.rule_id,
        rules.severity,
        case
            when rules.rule_id in ('J01', 'J02', 'J03', 'J05', 'J07') and not documents.has_text
                then 'insufficient_data'
            when rules.rule_id in ('J03') and documents.fiscal_year is null then 'insufficient_data'
            when rules.rule_id in ('J09') and documents.agency_name is null then 'insufficient_data'
            when rules.rule_id in ('J08') and documents.table_count = 0 then 'insufficient_data'
            else 'pass'
        end as status,
        case
            when rules.rule_id in ('J01', 'J02', 'J03', 'J05', 'J07') and not documents.has_text
                then 'the file holds no explanation: it may be published apart'
            when rules.rule_id in ('J03') and documents.fiscal_year is null then 'the year of the document is not known'
            when rules.rule_id in ('J09') and documents.agency_name is null then 'the body is not known'
            when rules.rule_id in ('J08') and documents.table_count = 0 then 'the file holds no table'
        end as reason
    from documents
    cross join {{ ref('rule') }} as rules
    left join found
        on documents.document_id = found.document_id and rules.rule_id = found.rule_id
    where
        rules.family = 'J'
        and rules.implemented = 'true'
        and found.rule_id is null

)

-- what is printed twice is judged once
select distinct * from failed

union all

select
    {{ judgement('rule_id', 'null', severity='severity', status='status', reason='reason') }}
from evaluated
