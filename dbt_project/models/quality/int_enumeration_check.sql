-- One row a list of economic items in the chapters on basic expenditure (E11): what it names is spent, and what is
-- spent is named.
{{ config(schema='intermediate') }}

with topics as (

    select
        topic,
        document_kind,
        table_type,
        cast(preference as integer) as preference
    from {{ ref('claim_topic_table') }}
    where topic in ('gpb_basic', 'fiscal_basic')

),

tables as (

    select
        tables.document_id,
        tables.table_no,
        tables.table_title,
        tables.table_type,
        tables.document_kind,
        tables.confidence = 'low' or tables.source_token_count <> tables.landed_token_count as is_doubtful,
        documents.fiscal_year
    from {{ ref('int_table') }} as tables
    inner join {{ ref('stg_document') }} as documents on tables.document_id = documents.document_id
    where tables.table_type in (select topics.table_type from topics)

),

sentences as (

    select
        texts.document_id,
        texts.sentence_no,
        texts.chapter,
        texts.page_no,
        -- with or without the amount of each: 基本工资588.43万元,津贴补贴626.15万元
        {{ without_amounts('texts.text_key') }} as text_key,
        -- a chapter on all of the general public budget tells of its basic expenditure as well
        case when chapters.topic = 'gpb_expenditure' then 'gpb_basic' else chapters.topic end as topic,
        chapters.document_kind
    from {{ ref('int_disclosure_text') }} as texts
    inner join {{ ref('int_claim_chapter') }} as chapters
        on texts.document_id = chapters.document_id and texts.chapter_no = chapters.chapter_no
    where
        texts.text_kind = 'sentence' and texts.part = 'body'
        and chapters.topic in ('gpb_basic', 'fiscal_basic', 'gpb_expenditure')

),

parts as (

    {{ text_parts(
        'sentences', ['document_id', 'sentence_no', 'chapter', 'page_no', 'topic', 'document_kind'],
        'text_key', '[；;。：]'
    ) }}

),

lists as (

    select
        *,
        row_number() over (partition by document_id, sentence_no order by part_text) as list_no
    from parts
    where length(part_text) - length({{ regex_remove('part_text', '[、，,]') }}) >= 2

),

pieces as (

    {{ text_parts('lists', ['document_id', 'sentence_no', 'list_no'], 'part_text', '[、，,]') }}

),

-- a name is read once, however many lists hold it
keys as (

    select
        part_text,
        {{ economic_key(strip_numbering('part_text')) }} as item_key
    from (select distinct part_text from pieces) as told

),

items as (

    select
        pieces.document_id,
        pieces.sentence_no,
        pieces.list_no,
        pieces.part_text as item_name,
        keys.item_key
    from pieces
    inner join keys on pieces.part_text = keys.part_text

),

-- the table that the chapter speaks of
chosen as (

    select
        lists.document_id,
        lists.sentence_no,
        lists.list_no,
        {{ first_by('tables.table_no', 'topics.preference') }} as table_no,
        {{ first_by('tables.table_title', 'topics.preference') }} as table_title,
        {{ first_by('tables.is_doubtful', 'topics.preference') }} as is_doubtful,
        {{ first_by('tables.fiscal_year', 'topics.preference') }} as fiscal_year
    from lists
    inner join topics on lists.topic = topics.topic and lists.document_kind = topics.document_kind
    inner join tables on lists.document_id = tables.document_id and topics.table_type = tables.table_type
    group by lists.document_id, lists.sentence_no, lists.list_no
    -- two forms of the same kind belong to two bodies
    having count(distinct tables.table_no) = count(distinct tables.table_type)

),

-- sections of the table, with what they hold in the year
sections as (

    select
        cells.document_id,
        cells.table_no,
        coalesce(meant.meant_code, cells.row_code) as line_code,
        max(cells.row_label) as row_label,
        max(abs(cells.value)) as greatest,
        bool_or(cells.placement <> 'printed') as is_guessed
    from {{ ref('int_published_amount') }} as cells
    inner join tables on cells.document_id = tables.document_id and cells.table_no = tables.table_no
    -- a code that is a slip is told by itself
    left join {{ ref('int_code_meant') }} as meant
        on
            cells.document_id = meant.document_id
            and cells.table_no = meant.table_no
            and cells.row_no = meant.row_no
            and cells.lane_no = meant.lane_no
    where
        coalesce(cells.period, 'current') = 'current'
        and cells.is_money
        and length(coalesce(meant.meant_code, cells.row_code)) = 5
    group by cells.document_id, cells.table_no, coalesce(meant.meant_code, cells.row_code)

),

printed_names as (

    select
        row_label,
        {{ economic_key(strip_numbering(normalise_text('row_label'))) }} as item_key
    from (select distinct row_label from sections) as told

),

official_names as (

    select
        economic_code as code,
        cast(first_year as integer) as first_year,
        cast(last_year as integer) as last_year,
        {{ economic_key(normalise_text('economic_name')) }} as item_key
    from {{ ref('economic_classification') }}
    where code_domain = 'economic_department' and length(economic_code) = 5

),

names as (

    select
        sections.document_id,
        sections.table_no,
        sections.line_code as code,
        printed_names.item_key
    from sections
    inner join printed_names on sections.row_label = printed_names.row_label
    union
    select
        tables.document_id,
        tables.table_no,
        official_names.code,
        official_names.item_key
    from tables
    inner join official_names
        on tables.fiscal_year between official_names.first_year and official_names.last_year

),

found as (

    select
        items.document_id,
        items.sentence_no,
        items.list_no,
        items.item_name,
        chosen.table_no,
        min(names.code) as code,
        -- a name that stands for several items is that of any of them
        count(distinct names.code) as code_count,
        max(sections.greatest) as greatest
    from items
    inner join chosen
        on
            items.document_id = chosen.document_id
            and items.sentence_no = chosen.sentence_no
            and items.list_no = chosen.list_no
    left join names
        on
            chosen.document_id = names.document_id
            and chosen.table_no = names.table_no
            and items.item_key = names.item_key
    left join sections
        on
            names.document_id = sections.document_id
            and names.table_no = sections.table_no
            and names.code = sections.line_code
    group by items.document_id, items.sentence_no, items.list_no, items.item_name, chosen.table_no

),

-- a list of economic items: most of what it holds is one
recognised as (

    select
        document_id,
        sentence_no,
        list_no,
        min(table_no) as table_no,
        count(*) as item_count,
        count(code) as known_count,
        count(case when code is not null and coalesce(greatest, 0) = 0 then 1 end) as idle_count,
        count(case when code is not null and coalesce(greatest, 0) <> 0 then 1 end) as spent_count,
        count(case when left(code, 3) in ('301', '303') then 1 end) * 2 > count(code) as is_personnel,
        {{ joined_texts("case when code is not null and coalesce(greatest, 0) = 0 then item_name end", '、', 'code') }}
            as idle_names
    from found
    group by document_id, sentence_no, list_no
    having count(code) >= 3 and count(code) * 10 >= count(*) * 7

),

-- what is named anywhere in the document need not be named again: 30239 may count as personnel
named_codes as (

    select distinct
        found.document_id,
        found.table_no,
        names.code
    from found
    inner join items
        on
            found.document_id = items.document_id
            and found.sentence_no = items.sentence_no
            and found.list_no = items.list_no
            and found.item_name = items.item_name
    inner join names
        on
            found.document_id = names.document_id
            and found.table_no = names.table_no
            and items.item_key = names.item_key

),

-- classes that the list speaks of
classes as (

    select distinct
        recognised.document_id,
        recognised.sentence_no,
        recognised.list_no,
        recognised.table_no,
        left(found.code, 3) as class_code
    from recognised
    inner join found
        on
            recognised.document_id = found.document_id
            and recognised.sentence_no = found.sentence_no
            and recognised.list_no = found.list_no
    where
        found.code is not null
        and (left(found.code, 3) in ('301', '303')) = recognised.is_personnel

),

unnamed as (

    select
        classes.document_id,
        classes.sentence_no,
        classes.list_no,
        count(*) as unnamed_count,
        {{ joined_texts('sections.row_label', '、', 'sections.line_code') }} as unnamed_names
    from classes
    inner join sections
        on
            classes.document_id = sections.document_id
            and classes.table_no = sections.table_no
            and classes.class_code = left(sections.line_code, 3)
            and sections.greatest <> 0
            and not sections.is_guessed
    left join named_codes
        on
            sections.document_id = named_codes.document_id
            and sections.table_no = named_codes.table_no
            and sections.line_code = named_codes.code
    where named_codes.code is null
    group by classes.document_id, classes.sentence_no, classes.list_no

),

compared as (

    select
        recognised.*,
        chosen.table_title,
        chosen.is_doubtful,
        lists.chapter,
        lists.page_no,
        lists.part_text,
        unnamed.unnamed_names,
        coalesce(unnamed.unnamed_count, 0) as unnamed_count,
        -- lists that every body of a region prints, whatever it spends
        bool_or(recognised.idle_count >= 3) over (partition by recognised.document_id) as is_fixed,
        {{ regex_matches('lists.part_text', '等[^、，]{0,8}$') }} as is_open
    from recognised
    inner join chosen
        on
            recognised.document_id = chosen.document_id
            and recognised.sentence_no = chosen.sentence_no
            and recognised.list_no = chosen.list_no
    inner join lists
        on
            recognised.document_id = lists.document_id
            and recognised.sentence_no = lists.sentence_no
            and recognised.list_no = lists.list_no
    left join unnamed
        on
            recognised.document_id = unnamed.document_id
            and recognised.sentence_no = unnamed.sentence_no
            and recognised.list_no = unnamed.list_no

)

select
    'E11' as rule_id,
    document_id,
    case when idle_count > 0 then 'idle_item' else 'unnamed_item' end as cause,
    case when idle_count > 0 then idle_names else unnamed_names end as object_zh,
    case when idle_count > 0 then idle_names else unnamed_names end as object_en,
    table_no,
    cast(null as integer) as row_no,
    chapter,
    sentence_no,
    page_no,
    case
        when idle_count = 0 and (unnamed_count = 0 or is_open) then 'pass'
        when is_doubtful then 'insufficient_data'
        when is_fixed and unnamed_count = 0 then 'not_applicable'
        else 'fail'
    end as status,
    case
        when idle_count = 0 and (unnamed_count = 0 or is_open) then null
        when is_doubtful then 'the table could not be read with confidence'
        when is_fixed and unnamed_count = 0
            then 'a fixed list of items, of which ' || spent_count || ' of ' || known_count || ' hold amounts'
    end as reason,
    -- what is mainly spent need not name all; what is not spent is nothing that it consists of
    case when idle_count > 0 and not is_fixed then 'warning' else 'minor' end as severity,
    left(part_text, 80) as quote,
    table_title as wanted,
    'list of ' || case when is_personnel then 'personnel' else 'public' end || ' items' as root
from compared
