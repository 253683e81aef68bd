-- One row a stated number of bodies, offices or named projects (E16): the list that it stands with has as many.
{{ config(schema='intermediate') }}

with forms as (

    select
        form,
        place,
        severity,
        pattern,
        cast(count_group as integer) as count_group,
        cast(list_group as integer) as list_group
    from {{ ref('count_list') }}

),

words as (

    select
        max(case when kind = 'body' then pattern end) as body_pattern,
        max(case when kind = 'optional' then pattern end) as optional_pattern,
        max(case when kind = 'open' then pattern end) as open_pattern,
        max(case when kind = 'joint' then pattern end) as joint_pattern
    from {{ ref('count_list_word') }}

),

sentences as (

    select
        document_id,
        chapter_no,
        chapter,
        sentence_no,
        page_no,
        text_key,
        lead(text_key) over (partition by document_id, chapter_no order by sentence_no) as next_key,
        -- what stands in brackets describes, and names nothing of its own; brackets in brackets first
        {{ without_brackets('text_key') }} as plain_key
    from {{ ref('int_disclosure_text') }}
    where text_kind = 'sentence' and part in ('body', 'cover')

),

told as (

    select
        sentences.document_id,
        sentences.chapter_no,
        sentences.chapter,
        sentences.sentence_no,
        sentences.page_no,
        sentences.text_key,
        sentences.next_key,
        forms.form,
        forms.place,
        forms.severity,
        {{ regex_extract_each('sentences.plain_key', 'forms.form', 'count_list', 'form', 'pattern', 'count_group') }}
            as count_text,
        case
            when forms.place in ('after', 'before')
                then {{ regex_extract_each(
                    'sentences.plain_key', 'forms.form', 'count_list', 'form', 'pattern', 'list_group'
                ) }}
        end as list_text
    from sentences
    inner join forms on {{ regex_matches_seed('sentences.plain_key', 'forms.pattern', 'count_list') }}

),

-- numbered lines below the sentence
numbered as (

    select
        document_id,
        chapter_no,
        sentence_no,
        cast({{ regex_extract('text_key', '^(\\d{1,2})[.、．]', 1) }} as integer) as item_no,
        {{ regex_extract(
            without_brackets(strip_numbering('text_key')), '^([^，。；：]*)', 1
        ) }} as item_text
    from sentences
    where {{ regex_matches('text_key', '^\\d{1,2}[.、．]') }}

),

numbered_lists as (

    select
        told.document_id,
        told.sentence_no,
        told.form,
        max(numbered.item_no) as item_count,
        bool_and({{ regex_matches_column('numbered.item_text', 'words.body_pattern') }}) as is_named
    from told
    inner join numbered
        on
            told.document_id = numbered.document_id
            and told.chapter_no is not distinct from numbered.chapter_no
            -- each on the line that its number asks for: the first may stand in the sentence itself
            and numbered.sentence_no - told.sentence_no
            = numbered.item_no - case when {{ regex_matches('told.text_key', '1[.、．][^\\d]') }} then 1 else 0 end
    cross join words
    where told.place = 'below'
    group by told.document_id, told.sentence_no, told.form

),

-- names in one line
lines as (

    select
        document_id,
        sentence_no,
        form,
        {{ regex_remove('list_text', '。$', global=false) }} as list_text
    from told
    where list_text is not null
    union all
    select
        document_id,
        sentence_no,
        form,
        {{ regex_remove(without_brackets('next_key'), '。$', global=false) }} as list_text
    from told
    where place = 'below' and position('、' in next_key) > 0 and not {{ regex_matches('next_key', '^\\d') }}

),

pieces as (

    {{ text_parts('lines', ['document_id', 'sentence_no', 'form', 'list_text'], 'list_text', '[、，；]') }}

),

line_lists as (

    select
        pieces.document_id,
        pieces.sentence_no,
        pieces.form,
        count(*) as piece_count,
        sum(case when {{ regex_matches_column('pieces.part_text', 'words.optional_pattern') }} then 1 else 0 end)
            as optional_count,
        sum(case when {{ regex_matches_column('pieces.part_text', 'words.joint_pattern') }} then 1 else 0 end)
            as joint_count,
        bool_and(
            {{ regex_matches_column('pieces.part_text', 'words.body_pattern') }}
            and length(pieces.part_text) between 2 and 40
        ) as is_named,
        bool_or({{ regex_matches_column('pieces.list_text', 'words.open_pattern') }}) as is_open
    from pieces
    cross join words
    group by pieces.document_id, pieces.sentence_no, pieces.form

),

counted as (

    select
        told.*,
        case
            -- 行政单位1家，事业单位4家: each kind counts
            when told.form = 'kinds_below' then {{ sum_of_numbers('told.count_text') }}
            else coalesce(try_cast(told.count_text as integer), {{ chinese_numeral('told.count_text') }})
        end as stated_count,
        numbered_lists.item_count,
        line_lists.piece_count,
        line_lists.is_open,
        coalesce(numbered_lists.is_named, line_lists.is_named) as is_named,
        coalesce(numbered_lists.item_count, line_lists.piece_count - line_lists.optional_count) as least_count,
        coalesce(numbered_lists.item_count, line_lists.piece_count + line_lists.joint_count) as most_count,
        coalesce(numbered_lists.item_count, line_lists.piece_count) as list_count
    from told
    left join numbered_lists
        on
            told.document_id = numbered_lists.document_id
            and told.sentence_no = numbered_lists.sentence_no
            and told.form = numbered_lists.form
    left join line_lists
        on
            told.document_id = line_lists.document_id
            and told.sentence_no = line_lists.sentence_no
            and told.form = line_lists.form

),

listed as (

    select
        document_id,
        chapter,
        sentence_no,
        page_no,
        cast(null as integer) as table_no,
        severity,
        text_key as quote,
        stated_count,
        list_count,
        least_count,
        most_count,
        is_named,
        coalesce(is_open, false) as is_open
    from counted
    -- a sentence that two forms fit is judged by one
    qualify row_number() over (
        partition by document_id, sentence_no order by case when list_count is null then 1 else 0 end, form
    ) = 1

),

-- the list is a table below the sentence, which became its title
titled as (

    select
        tables.document_id,
        tables.table_no,
        tables.page_no,
        forms.form,
        forms.severity,
        tables.title_normal,
        {{ regex_extract_each('tables.title_normal', 'forms.form', 'count_list', 'form', 'pattern', 'count_group') }}
            as count_text
    from {{ ref('stg_table') }} as tables
    inner join forms
        on
            forms.place = 'below' and forms.form <> 'kinds_below'
            and {{ regex_matches_seed('tables.title_normal', 'forms.pattern', 'count_list') }}
    where tables.confidence = 'high'

),

table_lists as (

    select
        titled.document_id,
        cast(null as varchar) as chapter,
        cast(null as integer) as sentence_no,
        min(titled.page_no) as page_no,
        titled.table_no,
        min(titled.severity) as severity,
        min(titled.title_normal) as quote,
        min(coalesce(try_cast(titled.count_text as integer), {{ chinese_numeral('titled.count_text') }}))
            as stated_count,
        count(table_rows.row_no) as list_count,
        count(table_rows.row_no) as least_count,
        count(table_rows.row_no) as most_count,
        bool_and({{ regex_matches_column(without_brackets('table_rows.label_normal'), 'words.body_pattern') }})
            as is_named,
        false as is_open
    from titled
    inner join {{ ref('stg_table_row') }} as table_rows
        on titled.document_id = table_rows.document_id and titled.table_no = table_rows.table_no
    cross join words
    where table_rows.label_normal is not null
    group by titled.document_id, titled.table_no

),

-- “甲”、“乙”和“丙”3个项目: names of projects in quotes
quoted as (

    select
        *,
        {{ regex_extract('text_plain', marker('quoted_list'), 1) }} as list_text,
        {{ regex_extract('text_plain', marker('quoted_list'), 2) }} as open_word,
        {{ regex_extract('text_plain', marker('quoted_list'), 3) }} as count_text
    from {{ ref('int_disclosure_text') }}
    where
        text_kind = 'sentence' and part in ('body', 'cover')
        and {{ regex_matches('text_plain', marker('quoted_list')) }}

),

quoted_lists as (

    select
        document_id,
        chapter,
        sentence_no,
        page_no,
        cast(null as integer) as table_no,
        'minor' as severity,
        text_plain as quote,
        coalesce(try_cast(count_text as integer), {{ chinese_numeral('count_text') }}) as stated_count,
        length(list_text) - length(replace(list_text, '“', '')) as list_count,
        length(list_text) - length(replace(list_text, '“', '')) as least_count,
        -- 等: there may be more
        length(list_text) - length(replace(list_text, '“', '')) + case when open_word = '' then 0 else 999 end
            as most_count,
        true as is_named,
        false as is_open
    from quoted

),

judged as (

    select * from listed
    union all
    select * from table_lists
    union all
    -- of a sentence that tells bodies, too, those are judged
    select quoted_lists.*
    from quoted_lists
    left join listed
        on quoted_lists.document_id = listed.document_id and quoted_lists.sentence_no = listed.sentence_no
    where listed.document_id is null

)

select
    'E16' as rule_id,
    document_id,
    'wrong_count' as cause,
    cast(stated_count as varchar) as object_zh,
    cast(stated_count as varchar) as object_en,
    table_no,
    cast(null as integer) as row_no,
    chapter,
    sentence_no,
    page_no,
    case
        when stated_count between least_count and most_count then 'pass'
        when list_count is null or is_open or not is_named then 'insufficient_data'
        else 'fail'
    end as status,
    case
        when stated_count between least_count and most_count then null
        when list_count is null then 'the list could not be told apart from the text around it'
        when is_open then 'the list is not told in full'
        when not is_named then 'the list holds words that are not the name of a body'
    end as reason,
    severity,
    left(quote, 80) as quote,
    cast(list_count as varchar) as wanted,
    'count ' || coalesce(sentence_no, 100000 + table_no) as root
from judged
where stated_count is not null
