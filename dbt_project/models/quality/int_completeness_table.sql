-- One row a judgement on the tables of a document: there, once, in order, detailed, and explained where empty.
{{ config(schema='intermediate') }}

with documents as (

    select * from {{ ref('int_disclosure_document') }}

),

tables as (

    select
        tables.*,
        {{ normalise_text('tables.table_title') }} as title_key,
        row_number() over (partition by tables.document_id, tables.table_type order by tables.table_no) as same_type_no
    from {{ ref('int_table') }} as tables

),

required as (

    select
        documents.document_id,
        documents.document_kind,
        documents.has_text,
        documents.known_table_count,
        documents.unread_page_count,
        documents.cut_reason,
        coalesce(documents.fiscal_year < cast(required_tables.since_year as integer), false) as is_before,
        required_tables.or_said,
        required_tables.table_type,
        required_tables.severity,
        required_tables.covered_by,
        required_tables.topic,
        types.name_zh,
        types.name_en
    from documents
    inner join {{ ref('required_table') }} as required_tables
        on documents.document_kind = required_tables.document_kind
    inner join {{ ref('table_type') }} as types on required_tables.table_type = types.table_type

),

-- every required table with the tables that are one
held as (

    select
        required.document_id,
        required.table_type,
        min(tables.table_no) as table_no,
        min(tables.page_no) as page_no
    from required
    inner join tables
        on
            required.document_id = tables.document_id
            and (
                required.table_type = tables.table_type
                or {{ quality_names('required.covered_by', 'tables.table_type') }}
            )
    group by required.document_id, required.table_type

),

-- a title that stands in the text while no table was made of it: ours to find, not the body's to publish
spoken as (

    select distinct
        texts.document_id,
        aliases.table_type
    from {{ ref('int_disclosure_text') }} as texts
    inner join {{ ref('table_title_alias') }} as aliases
        on aliases.match = 'exact' and texts.text_key = aliases.title_pattern
    where texts.part not in ('contents', 'tables')

),

unknown_tables as (

    select
        document_id,
        count(*) as table_count
    from tables
    where table_type = 'unknown' and number_count > 0
    group by document_id

),

-- the document's own list of tables
contents as (

    select
        document_id,
        text_no,
        page_no,
        text_key,
        {{ line_of_contents('text_key') }} as title_key
    from {{ ref('int_disclosure_text') }}
    where part = 'contents' and text_kind = 'sentence'

),

listed as (

    select
        *,
        {{ strip_year_and_unit('title_key') }} as core_key,
        row_number() over (partition by document_id order by text_no) as place
    from contents
    where
        length(title_key) between 4 and 40
        and {{ regex_matches('title_key', marker('contents_table')) }}
        -- the parts of the document that hold the tables
        and not {{ regex_matches('text_key', marker('contents_part')) }}
        and not {{ regex_matches('title_key', marker('part_title')) }}

),

titled as (

    select
        document_id,
        table_no,
        {{ strip_year_and_unit(strip_numbering('title_key')) }} as core_key
    from tables
    where title_key is not null

),

-- the same titles stand in document after document: each pair of them is compared once
alike as (

    select
        listed_key,
        titled_key
    from (
        select distinct
            listed.core_key as listed_key,
            titled.core_key as titled_key
        from listed
        inner join titled on listed.document_id = titled.document_id
    ) as pairs
    where
        position(listed_key in titled_key) > 0
        or (length(titled_key) >= 4 and position(titled_key in listed_key) > 0)
        or {{ text_distance('listed_key', 'titled_key') }} * 3 <= length(listed_key)

),

found as (

    select
        listed.document_id,
        listed.text_no,
        min(titled.table_no) as table_no
    from listed
    inner join alike on listed.core_key = alike.listed_key
    inner join titled
        on listed.document_id = titled.document_id and alike.titled_key = titled.core_key
    group by listed.document_id, listed.text_no

),

matched as (

    select
        listed.document_id,
        listed.text_no,
        listed.place,
        listed.page_no,
        listed.title_key,
        found.table_no
    from listed
    left join found
        on listed.document_id = found.document_id and listed.text_no = found.text_no

),

-- what the catalogue calls the listed title; a known title is found by its type and nothing else
listed_types as (

    select
        listed.document_id,
        listed.text_no,
        min(aliases.table_type) as table_type
    from listed
    inner join documents on listed.document_id = documents.document_id
    inner join {{ ref('table_title_alias') }} as aliases
        on
            aliases.match = 'exact'
            and aliases.title_pattern in (listed.title_key, listed.core_key)
            and coalesce(aliases.document_kind, '') in ('', documents.document_kind)
    group by listed.document_id, listed.text_no
    having count(distinct aliases.table_type) = 1

),

promised as (

    select
        listed.document_id,
        listed_types.table_type,
        min(listed.page_no) as page_no
    from listed
    inner join listed_types on listed.document_id = listed_types.document_id and listed.text_no = listed_types.text_no
    group by listed.document_id, listed_types.table_type

),

-- where the text says that there is nothing to show
declared_none as (

    select distinct
        texts.document_id,
        required_tables.table_type
    from {{ ref('int_disclosure_text') }} as texts
    inner join {{ ref('none_statement') }} as statements
        on
            {{ regex_matches_seed('texts.text_key', 'statements.pattern', 'none_statement') }}
            and not {{ regex_matches_seed('texts.text_key', 'statements.unless', 'none_statement', 'unless') }}
    inner join {{ ref('required_table') }} as required_tables
        on
            required_tables.or_said = 'true'
            and {{ quality_names('statements.table_types', 'required_tables.table_type') }}
    where
        texts.text_kind in ('sentence', 'note') and texts.part in ('body', 'tables')
        and length(texts.text_key) <= 80

),

present as (

    select
        'I01' as rule_id,
        required.document_id,
        'missing_table' as cause,
        required.name_zh as object_zh,
        required.name_en as object_en,
        held.table_no,
        -- what is missing is looked for where the contents promise it
        coalesce(held.page_no, promised.page_no) as page_no,
        case
            when held.table_no is not null then 'pass'
            when required.known_table_count < 3 then 'insufficient_data'
            when required.unread_page_count > 0 then 'insufficient_data'
            when spoken.table_type is not null then 'insufficient_data'
            when required.severity is null or required.is_before then 'not_applicable'
            when declared_none.table_type is not null then 'not_applicable'
            when required.cut_reason is not null then 'insufficient_data'
            else 'fail'
        end as status,
        case
            when held.table_no is not null then null
            when required.known_table_count < 3 then 'the file holds no set of tables: they may be published apart'
            when required.unread_page_count > 0 then 'pages could not be read'
            when spoken.table_type is not null then 'the title is printed, but no table was read below it'
            when required.severity is null then 'usual, but not among the tables that every form has'
            when required.is_before then 'the year of the document did not ask for it yet'
            when declared_none.table_type is not null then 'the text says that there is none'
            else required.cut_reason
        end as reason,
        coalesce(required.severity, 'minor') as severity,
        cast(null as varchar) as quote,
        required.name_zh as wanted,
        'missing tables' as root
    from required
    left join held
        on required.document_id = held.document_id and required.table_type = held.table_type
    left join promised
        on required.document_id = promised.document_id and required.table_type = promised.table_type
    left join spoken
        on required.document_id = spoken.document_id and required.table_type = spoken.table_type
    left join declared_none
        on required.document_id = declared_none.document_id and required.table_type = declared_none.table_type

),

typed as (

    select
        listed_types.document_id,
        listed_types.text_no,
        listed_types.table_type,
        min(tables.table_no) as table_no
    from listed_types
    left join tables
        on listed_types.document_id = tables.document_id and listed_types.table_type = tables.table_type
    group by listed_types.document_id, listed_types.text_no, listed_types.table_type

),

-- a list of which hardly a title is found names tables of another file
list_use as (

    select
        document_id,
        count(*) as title_count,
        count(table_no) as found_count
    from matched
    group by document_id

),

printed_apart as (

    select distinct
        matched.document_id,
        matched.text_no
    from matched
    inner join {{ ref('int_disclosure_text') }} as texts
        on
            matched.document_id = texts.document_id
            and texts.part not in ('contents', 'tables')
            and texts.text_kind = 'heading'
            and position(matched.title_key in texts.text_key) > 0

),

in_contents as (

    select
        'I01' as rule_id,
        matched.document_id,
        'table_of_contents' as cause,
        matched.title_key as object_zh,
        matched.title_key as object_en,
        coalesce(typed.table_no, matched.table_no) as table_no,
        matched.page_no,
        case
            when typed.table_no is not null then 'pass'
            when typed.text_no is null and matched.table_no is not null then 'pass'
            when held.table_no is not null then 'pass'
            when list_use.found_count * 2 < list_use.title_count and list_use.found_count < 3
                then 'insufficient_data'
            when unknown_tables.table_count > 0 then 'insufficient_data'
            when documents.unread_page_count > 0 then 'insufficient_data'
            when printed_apart.text_no is not null or spoken.table_type is not null then 'insufficient_data'
            -- the same table that the form asks for is one finding
            when required.severity is not null and not required.is_before and declared_none.table_type is null
                then 'not_applicable'
            when documents.cut_reason is not null then 'insufficient_data'
            else 'fail'
        end as status,
        case
            when typed.table_no is not null then null
            when typed.text_no is null and matched.table_no is not null then null
            when held.table_no is not null then null
            when list_use.found_count * 2 < list_use.title_count and list_use.found_count < 3
                then 'the tables of the contents are published apart'
            when unknown_tables.table_count > 0 then 'the document holds tables whose title is not known'
            when documents.unread_page_count > 0 then 'pages could not be read'
            when printed_apart.text_no is not null or spoken.table_type is not null
                then 'the title is printed, but no table was read below it'
            when required.severity is not null and not required.is_before and declared_none.table_type is null
                then 'a required table, judged as such'
            else documents.cut_reason
        end as reason,
        'warning' as severity,
        matched.title_key as quote,
        matched.title_key as wanted,
        'missing tables' as root
    from matched
    inner join documents on matched.document_id = documents.document_id
    inner join list_use on matched.document_id = list_use.document_id
    left join unknown_tables on matched.document_id = unknown_tables.document_id
    left join typed
        on matched.document_id = typed.document_id and matched.text_no = typed.text_no
    left join required
        on matched.document_id = required.document_id and typed.table_type = required.table_type
    left join held
        on matched.document_id = held.document_id and typed.table_type = held.table_type
    left join spoken
        on matched.document_id = spoken.document_id and typed.table_type = spoken.table_type
    left join declared_none
        on matched.document_id = declared_none.document_id and typed.table_type = declared_none.table_type
    left join printed_apart
        on matched.document_id = printed_apart.document_id and matched.text_no = printed_apart.text_no

),

-- titles of the contents that stand for one table each, in the order of both
sole_tables as (

    select
        document_id,
        table_type,
        min(table_no) as table_no,
        min(page_no) as page_no,
        min(table_title) as table_title
    from tables
    group by document_id, table_type
    having count(*) = 1

),

placed as (

    select
        listed.document_id,
        listed.place,
        listed.page_no as contents_page_no,
        sole_tables.table_no,
        sole_tables.page_no,
        sole_tables.table_title,
        max(sole_tables.table_no) over (
            partition by listed.document_id order by listed.place rows between unbounded preceding and 1 preceding
        ) as greatest_before,
        count(*) over (partition by listed.document_id, listed_types.table_type) as listed_count
    from listed
    inner join listed_types on listed.document_id = listed_types.document_id and listed.text_no = listed_types.text_no
    inner join sole_tables
        on listed_types.document_id = sole_tables.document_id and listed_types.table_type = sole_tables.table_type

),

in_order as (

    select
        'I01' as rule_id,
        document_id,
        'table_order' as cause,
        table_title as object_zh,
        table_title as object_en,
        table_no,
        page_no,
        case when coalesce(greatest_before, 0) > table_no then 'fail' else 'pass' end as status,
        cast(null as varchar) as reason,
        'minor' as severity,
        table_title as quote,
        cast(null as varchar) as wanted,
        'order of tables' as root
    from placed
    where listed_count = 1

),

-- where no contents list them, the tables are in the order of the numbers that they bear: 表一, 公开02表
form_numbers as (

    select
        tables.document_id,
        tables.table_no,
        tables.page_no,
        tables.table_title,
        coalesce(
            try_cast(nullif({{ regex_extract('tables.form_code', marker('form_digits'), 0) }}, '') as integer),
            {{ chinese_numeral(regex_extract('tables.form_code', marker('form_numeral'), 0)) }}
        ) as form_no
    from {{ ref('stg_table') }} as tables
    inner join documents on tables.document_id = documents.document_id
    where
        tables.form_code is not null
        and tables.document_id not in (select listed.document_id from listed)

),

numbered_tables as (

    select
        *,
        max(form_no) over (
            partition by document_id order by table_no rows between unbounded preceding and 1 preceding
        ) as greatest_before
    from form_numbers
    where form_no is not null

),

-- a set that begins anew is that of another body
sole_sets as (

    select document_id
    from numbered_tables
    group by document_id
    having count(*) >= 5 and count(*) = count(distinct form_no)

),

in_form_order as (

    select
        {{ judgement(
            "'I01'", "'table_order'", root="'order of tables'", object='numbered_tables.table_title',
            quote='numbered_tables.table_title', of='numbered_tables', place='table',
            status="case when numbered_tables.greatest_before > numbered_tables.form_no then 'fail' else 'pass' end"
        ) }}
    from numbered_tables
    inner join sole_sets on numbered_tables.document_id = sole_sets.document_id

),

-- a table that the contents leave out, where every title that they list is known
listed_names as (

    select
        listed.document_id,
        listed_types.table_type,
        listed.core_key,
        printed_types.table_type is not null as is_printed,
        count(*) over (partition by listed.document_id) as title_count,
        count(listed_types.table_type) over (partition by listed.document_id) as known_count
    from listed
    left join listed_types
        on listed.document_id = listed_types.document_id and listed.text_no = listed_types.text_no
    left join (
        select distinct
            document_id,
            table_type
        from tables
    ) as printed_types
        on
            listed_types.document_id = printed_types.document_id
            and listed_types.table_type = printed_types.table_type

),

not_listed as (

    select
        {{ judgement(
            "'I01'", "'not_listed'", root="'contents without tables'", object='min(tables.table_title)',
            quote='min(tables.table_title)', of='tables', table_no='tables.table_no', page_no='min(tables.page_no)'
        ) }}
    from tables
    inner join required
        on tables.document_id = required.document_id and tables.table_type = required.table_type
    inner join titled
        on tables.document_id = titled.document_id and tables.table_no = titled.table_no
    inner join listed_names
        on
            tables.document_id = listed_names.document_id
            and listed_names.title_count >= 5
            and listed_names.known_count = listed_names.title_count
    -- another title may stand in its place
    left join (
        select distinct document_id
        from in_contents
        where status = 'fail'
    ) as misled on tables.document_id = misled.document_id
    where misled.document_id is null
    group by tables.document_id, tables.table_no
    having
        not bool_or(
            listed_names.table_type = tables.table_type
            -- a title with a word more or less, unless a table of its own stands for it
            or not listed_names.is_printed
            and (
                position(listed_names.core_key in titled.core_key) > 0
                or position(titled.core_key in listed_names.core_key) > 0
            )
        )

),

once as (

    select
        'I01' as rule_id,
        tables.document_id,
        'repeated_table' as cause,
        tables.table_title as object_zh,
        tables.table_title as object_en,
        tables.table_no,
        tables.page_no,
        case when firsts.table_no is null then 'pass' else 'fail' end as status,
        cast(null as varchar) as reason,
        'minor' as severity,
        tables.table_title as quote,
        cast(null as varchar) as wanted,
        'repeated tables' as root
    from tables
    inner join required
        on tables.document_id = required.document_id and tables.table_type = required.table_type
    left join tables as firsts
        on
            tables.document_id = firsts.document_id
            and tables.table_type = firsts.table_type
            and tables.title_key = firsts.title_key
            and firsts.table_no < tables.table_no
            -- the tables of a body and those of its units follow each other in one file
            and case when tables.number_count > 0 and tables.confidence = 'high' then tables.number_count end
            = firsts.number_count
    where tables.same_type_no > 1

),

-- every row with the code of the line below it
behind as (

    select
        *,
        lead(row_code) over (partition by document_id, table_no, lane_no order by row_no) as code_behind,
        lead(code_domain) over (partition by document_id, table_no, lane_no order by row_no) as domain_behind
    from {{ ref('int_table_row') }}

),

-- the rows of tables by function and by economic class, each with its level
coded as (

    select
        table_rows.document_id,
        table_rows.table_no,
        table_rows.row_no,
        table_rows.page_no,
        table_rows.row_code,
        table_rows.row_label,
        table_rows.code_domain,
        length(table_rows.row_code) as code_length,
        tables.table_title,
        table_rows.code_behind,
        table_rows.domain_behind
    from behind as table_rows
    inner join tables
        on table_rows.document_id = tables.document_id and table_rows.table_no = tables.table_no
    inner join required
        on tables.document_id = required.document_id and tables.table_type = required.table_type
    where
        table_rows.code_domain is not null
        and tables.grain in ('function', 'economic')

),

-- the number of a body is no class
depth as (

    select
        document_id,
        table_no,
        code_domain,
        min(table_title) as table_title,
        min(page_no) as page_no,
        max(code_length) as longest
    from coded
    group by document_id, table_no, code_domain

),

-- how many rows below each class a table has, by the first digits of their codes
parts as (

    {% for length in [3, 5] -%}
        select
            document_id,
            table_no,
            left(row_code, {{ length }}) as upper_code,
            count(*) as part_count
        from coded
        where code_length > {{ length }}
        group by document_id, table_no, left(row_code, {{ length }})
        {{ 'union all' if not loop.last }}
    {% endfor -%}

),

unparted as (

    select
        upper_rows.document_id,
        upper_rows.table_no,
        upper_rows.row_no,
        upper_rows.page_no,
        upper_rows.row_code,
        upper_rows.row_label,
        upper_rows.code_domain,
        depth.longest,
        depth.table_title,
        -- a line of the next level that belongs elsewhere: its code is what is wrong
        upper_rows.code_behind is not null
        and (upper_rows.domain_behind is null or length(upper_rows.code_behind) > upper_rows.code_length)
            as is_misplaced,
        sum(coalesce(parts.part_count, 0)) as part_count
    from coded as upper_rows
    inner join depth
        on
            upper_rows.document_id = depth.document_id
            and upper_rows.table_no = depth.table_no
            and upper_rows.code_domain = depth.code_domain
    left join parts
        on
            upper_rows.document_id = parts.document_id
            and upper_rows.table_no = parts.table_no
            and upper_rows.row_code = parts.upper_code
    where upper_rows.code_length = case upper_rows.code_domain when 'function' then 5 else 3 end
    group by
        upper_rows.document_id, upper_rows.table_no, upper_rows.row_no, upper_rows.page_no,
        upper_rows.row_code, upper_rows.row_label, upper_rows.code_domain, depth.longest, depth.table_title,
        upper_rows.code_behind, upper_rows.domain_behind, upper_rows.code_length

),

row_amounts as (

    select
        document_id,
        table_no,
        row_no,
        max(abs(value)) as greatest
    from {{ ref('int_published_amount') }}
    group by document_id, table_no, row_no

),

detailed as (

    select
        case unparted.code_domain when 'function' then 'I02' else 'I03' end as rule_id,
        unparted.document_id,
        case unparted.code_domain when 'function' then 'no_items' else 'no_sections' end as cause,
        concat_ws(' ', unparted.row_code, unparted.row_label) as object_zh,
        concat_ws(' ', unparted.row_code, unparted.row_label) as object_en,
        unparted.table_no,
        min(unparted.page_no) as page_no,
        case
            when max(unparted.part_count) > 0 then 'pass'
            when coalesce(max(row_amounts.greatest), 0) = 0 then 'not_applicable'
            when bool_or(unparted.is_misplaced) then 'insufficient_data'
            else 'fail'
        end as status,
        case
            when max(unparted.part_count) = 0 and coalesce(max(row_amounts.greatest), 0) = 0
                then 'the row holds no money'
            when max(unparted.part_count) = 0 and bool_or(unparted.is_misplaced)
                then 'the line below bears a code of elsewhere'
        end as reason,
        'warning' as severity,
        concat_ws(' ', unparted.row_code, unparted.row_label) as quote,
        cast(null as varchar) as wanted,
        'detail of table ' || unparted.table_no as root
    from unparted
    left join row_amounts
        on
            unparted.document_id = row_amounts.document_id
            and unparted.table_no = row_amounts.table_no
            and unparted.row_no = row_amounts.row_no
    -- a table of several bodies prints a code for each
    group by
        unparted.document_id, unparted.table_no, unparted.row_code, unparted.row_label, unparted.code_domain

),

-- tables that stop above the level that the rule asks for
shallow as (

    select
        case code_domain when 'function' then 'I02' else 'I03' end as rule_id,
        document_id,
        case code_domain when 'function' then 'no_items' else 'no_sections' end as cause,
        table_title as object_zh,
        table_title as object_en,
        table_no,
        page_no,
        case when longest < case code_domain when 'function' then 7 else 5 end then 'fail' else 'pass' end as status,
        cast(null as varchar) as reason,
        'warning' as severity,
        table_title as quote,
        cast(null as varchar) as wanted,
        'detail of table ' || table_no as root
    from depth
    -- a table of bodies has their numbers and no classes
    where
        code_domain = 'function' and longest > 3
        or code_domain <> 'function'

),

-- tables of which nobody can say that they are empty, or not: numbers without a place, or read with doubt
doubtful_tables as (

    select
        document_id,
        table_no
    from {{ source('raw', 'unplaced') }}
    where table_no is not null

    union

    select
        document_id,
        table_no
    from tables
    where confidence = 'low' or source_token_count <> landed_token_count

),

-- a table without numbers says why, in its note or in the text
empty_tables as (

    select
        tables.document_id,
        tables.table_no,
        tables.page_no,
        tables.table_title,
        tables.note_text,
        tables.confidence,
        documents.has_text,
        coalesce(
            case
                when doubtful_tables.table_no is not null
                    then 'the table could not be read with confidence: whether it is empty is open'
            end,
            documents.cut_reason
        ) as cut_reason,
        required_tables.topic
    from tables
    inner join documents on tables.document_id = documents.document_id
    inner join {{ ref('required_table') }} as required_tables
        on tables.table_type = required_tables.table_type and required_tables.topic is not null
    left join doubtful_tables
        on tables.document_id = doubtful_tables.document_id and tables.table_no = doubtful_tables.table_no
    where tables.is_empty

),

says_none as (

    select distinct
        empty_tables.document_id,
        empty_tables.topic
    from empty_tables
    inner join {{ ref('int_disclosure_text') }} as texts
        on
            empty_tables.document_id = texts.document_id
            and position(empty_tables.topic in texts.text_key) > 0
    where
        texts.part in ('body', 'tables')
        and texts.text_kind in ('sentence', 'note')
        and {{ regex_matches('texts.text_key', marker('says_none')) }}

),

noted as (

    select
        'I05' as rule_id,
        empty_tables.document_id,
        'missing_note' as cause,
        empty_tables.table_title as object_zh,
        empty_tables.table_title as object_en,
        empty_tables.table_no,
        empty_tables.page_no,
        case
            when empty_tables.note_text is not null or count(says_none.topic) > 0 then 'pass'
            when not empty_tables.has_text then 'insufficient_data'
            when empty_tables.cut_reason is not null then 'insufficient_data'
            else 'fail'
        end as status,
        case
            when empty_tables.note_text is not null or count(says_none.topic) > 0 then null
            when not empty_tables.has_text then 'the file holds no text: the note may be published apart'
            else empty_tables.cut_reason
        end as reason,
        'minor' as severity,
        empty_tables.table_title as quote,
        cast(null as varchar) as wanted,
        'note of table ' || empty_tables.table_no as root
    from empty_tables
    left join says_none
        on
            empty_tables.document_id = says_none.document_id
            and empty_tables.topic = says_none.topic
    group by
        empty_tables.document_id, empty_tables.table_no, empty_tables.page_no, empty_tables.table_title,
        empty_tables.note_text, empty_tables.has_text, empty_tables.cut_reason

),

-- a note that calls a table empty stands below an empty table
empty_notes as (

    select
        tables.document_id,
        tables.table_no,
        tables.page_no,
        tables.table_title,
        tables.note_text,
        bool_or(doubtful_tables.table_no is not null) as is_doubtful,
        max(case when amounts.placement = 'printed' then abs(amounts.value) end) as greatest_printed,
        max(abs(amounts.value)) as greatest
    from tables
    left join {{ ref('int_published_amount') }} as amounts
        on tables.document_id = amounts.document_id and tables.table_no = amounts.table_no
    left join doubtful_tables
        on tables.document_id = doubtful_tables.document_id and tables.table_no = doubtful_tables.table_no
    where {{ regex_matches(normalise_text('tables.note_text'), marker('calls_empty')) }}
    group by tables.document_id, tables.table_no, tables.page_no, tables.table_title, tables.note_text

),

agreeing as (

    select
        'I06' as rule_id,
        document_id,
        'note_disagrees' as cause,
        table_title as object_zh,
        table_title as object_en,
        table_no,
        page_no,
        case
            when is_doubtful then 'insufficient_data'
            when coalesce(greatest_printed, 0) > 0 then 'fail'
            when coalesce(greatest, 0) > 0 then 'insufficient_data'
            else 'pass'
        end as status,
        case
            when is_doubtful or coalesce(greatest_printed, 0) = 0 and coalesce(greatest, 0) > 0
                then 'the table could not be read with confidence: whether it is empty is open'
        end as reason,
        'warning' as severity,
        note_text as quote,
        cast(null as varchar) as wanted,
        'note of table ' || table_no as root
    from empty_notes

),

-- performance forms that list levels of indicators have values for them
indicator_tables as (

    select
        tables.document_id,
        tables.table_no,
        tables.page_no,
        tables.table_title,
        tables.confidence,
        count(distinct case when texts.text_role in ('indicator_level_1', 'indicator_level_2') then texts.row_no end)
            as level_count,
        count(
            case
                when
                    {{ regex_matches(normalise_text('texts.column_path'), marker('indicator_value')) }}
                    then 1
            end
        ) as value_count
    from tables
    inner join {{ ref('int_row_text') }} as texts
        on tables.document_id = texts.document_id and tables.table_no = texts.table_no
    where tables.grain = 'indicator' and tables.document_kind = 'budget'
    group by tables.document_id, tables.table_no, tables.page_no, tables.table_title, tables.confidence

),

indicator_numbers as (

    select
        document_id,
        table_no,
        count(*) as number_count
    from {{ ref('int_published_amount') }}
    where is_indicator
    group by document_id, table_no

),

targeted as (

    select
        'I09' as rule_id,
        indicator_tables.document_id,
        'missing_target' as cause,
        indicator_tables.table_title as object_zh,
        indicator_tables.table_title as object_en,
        indicator_tables.table_no,
        indicator_tables.page_no,
        case
            when indicator_tables.value_count > 0 or coalesce(indicator_numbers.number_count, 0) > 0 then 'pass'
            when indicator_tables.confidence = 'low' then 'insufficient_data'
            else 'fail'
        end as status,
        case
            when
                indicator_tables.value_count = 0 and coalesce(indicator_numbers.number_count, 0) = 0
                and indicator_tables.confidence = 'low'
                then 'the table could not be read with confidence'
        end as reason,
        'warning' as severity,
        indicator_tables.table_title as quote,
        cast(null as varchar) as wanted,
        'targets of table ' || indicator_tables.table_no as root
    from indicator_tables
    left join indicator_numbers
        on
            indicator_tables.document_id = indicator_numbers.document_id
            and indicator_tables.table_no = indicator_numbers.table_no
    inner join tables
        on indicator_tables.document_id = tables.document_id and indicator_tables.table_no = tables.table_no
    -- a form without any money is a form of no project
    where
        indicator_tables.level_count >= 3
        and tables.number_count > 0

),

-- performance forms weigh their indicators: these add up to 100, or to 90 where the money spent weighs the rest
weights as (

    select
        amounts.document_id,
        amounts.table_no,
        amounts.row_no,
        amounts.column_no,
        amounts.value,
        amounts.placement = 'printed' as is_printed,
        coalesce(amounts.row_role = 'total', false) as is_total,
        2 * amounts.value = sum(amounts.value) over (partition by amounts.document_id, amounts.table_no)
            as is_half_of_all
    from {{ ref('int_published_amount') }} as amounts
    inner join tables
        on amounts.document_id = tables.document_id and amounts.table_no = tables.table_no
    where
        amounts.component = 'weight'
        and tables.grain = 'indicator'
        and tables.document_kind = 'budget'
        and amounts.value is not null

),

-- a row that says what is aimed at, and not what it weighs
unweighed as (

    select distinct
        targets.document_id,
        targets.table_no
    from (
        select
            document_id,
            table_no,
            row_no
        from {{ ref('int_row_text') }}
        where {{ regex_matches(normalise_text('column_path'), marker('indicator_value')) }}
        union all
        select
            document_id,
            table_no,
            row_no
        from {{ ref('int_published_amount') }}
        where component = 'target_value'
    ) as targets
    left join weights
        on
            targets.document_id = weights.document_id
            and targets.table_no = weights.table_no
            and targets.row_no = weights.row_no
    where weights.row_no is null

),

weighed as (

    select
        tables.document_id,
        tables.table_no,
        tables.page_no,
        tables.table_title,
        tables.table_type,
        sum(case when not weights.is_total then weights.value end) as weight_sum,
        max(weights.value) as greatest,
        count(*) as weight_count,
        count(distinct weights.column_no) as column_count,
        tables.confidence = 'low'
        or tables.source_token_count <> tables.landed_token_count
        or not bool_and(weights.is_printed)
        or bool_or(unweighed.table_no is not null) as is_open
    from tables
    inner join weights
        on tables.document_id = weights.document_id and tables.table_no = weights.table_no
    left join unweighed
        on tables.document_id = unweighed.document_id and tables.table_no = unweighed.table_no
    group by
        tables.document_id, tables.table_no, tables.page_no, tables.table_title, tables.table_type,
        tables.confidence, tables.source_token_count, tables.landed_token_count
    having count(*) >= 3

),

-- what stands beside: a form may go on in the next table, and a body may weigh all its forms in a way of its own
compared as (

    select
        *,
        weight_sum in (90, 100, 0.9, 1) as is_whole,
        -- several forms in one table, a total without its word, or weights of each level
        column_count > 1 or weight_sum >= 150 or 2 * greatest = weight_sum as is_several,
        coalesce(weight_sum + lag(weight_sum) over in_order in (90, 100), false)
        or coalesce(weight_sum + lead(weight_sum) over in_order in (90, 100), false) as is_continued,
        count(*) over (partition by document_id, weight_sum) > 1 as is_habit
    from weighed
    window in_order as (partition by document_id, table_type order by table_no)

),

balanced as (

    select
        'A07' as rule_id,
        document_id,
        'weight_sum' as cause,
        table_title as object_zh,
        table_title as object_en,
        table_no,
        page_no,
        case
            when is_whole then 'pass'
            when is_open or is_several or is_continued or is_habit then 'insufficient_data'
            else 'fail'
        end as status,
        case
            when is_whole then null
            when is_open then 'not every indicator has a weight that could be read with confidence'
            when is_several or is_continued then 'the table may hold several forms, or a part of one'
            when is_habit then 'the document weighs several forms in this way'
        end as reason,
        'warning' as severity,
        rtrim(rtrim(cast(cast(weight_sum as decimal(18, 2)) as varchar), '0'), '.') as quote,
        cast(null as varchar) as wanted,
        'weights of table ' || table_no as root
    from compared

),

-- one indicator among others that have a value: what its row holds besides says that it is a row of its own
indicator_rows as (

    select
        document_id,
        table_no,
        row_no,
        bool_or(is_valued) as is_valued
    from (
        select
            document_id,
            table_no,
            row_no,
            false as is_valued
        from weights
        -- half of all weights may be their total
        where not is_total and not is_half_of_all
        union all
        select
            document_id,
            table_no,
            row_no,
            text_role is null as is_valued
        from {{ ref('int_row_text') }}
        where
            text_role in ('indicator_unit', 'indicator_kind', 'indicator_rule')
            or text_role is null
            and {{ regex_matches(normalise_text('column_path'), marker('indicator_value')) }}
        union all
        select
            document_id,
            table_no,
            row_no,
            true as is_valued
        from {{ ref('int_published_amount') }}
        where component = 'target_value'
    )
    group by document_id, table_no, row_no

),

named_rows as (

    select
        indicator_rows.document_id,
        indicator_rows.table_no,
        indicator_rows.row_no,
        indicator_rows.is_valued,
        table_rows.page_no,
        coalesce(names.text_value, table_rows.row_label) as indicator_name,
        sum(case when indicator_rows.is_valued then 1 else -1 end) over same_table as surplus,
        sum(case when indicator_rows.is_valued then 1 else 0 end) over same_table as valued_count
    from indicator_rows
    inner join tables
        on indicator_rows.document_id = tables.document_id and indicator_rows.table_no = tables.table_no
    inner join {{ ref('int_table_row') }} as table_rows
        on
            indicator_rows.document_id = table_rows.document_id
            and indicator_rows.table_no = table_rows.table_no
            and indicator_rows.row_no = table_rows.row_no
    left join {{ ref('int_row_text') }} as names
        on
            names.text_role = 'indicator_level_3'
            and indicator_rows.document_id = names.document_id
            and indicator_rows.table_no = names.table_no
            and indicator_rows.row_no = names.row_no
    where
        tables.grain = 'indicator'
        and tables.document_kind = 'budget'
        and tables.confidence <> 'low'
        and coalesce(names.text_value, table_rows.row_label) <> ''
        and tables.source_token_count = tables.landed_token_count
    window same_table as (partition by indicator_rows.document_id, indicator_rows.table_no)

),

aimed as (

    select
        'I09' as rule_id,
        document_id,
        'blank_target' as cause,
        indicator_name as object_zh,
        indicator_name as object_en,
        table_no,
        page_no,
        'fail' as status,
        cast(null as varchar) as reason,
        'minor' as severity,
        indicator_name as quote,
        cast(null as varchar) as wanted,
        'blank targets of ' || table_no as root
    from named_rows
    where not is_valued and valued_count >= 3 and surplus > 0

),

checks as (

    {% for relation in
        ['present', 'in_contents', 'in_order', 'once', 'detailed', 'shallow', 'noted', 'agreeing', 'targeted', 'balanced', 'aimed'] -%}
        select * from {{ relation }}
        union all
    {% endfor -%}
    {% for relation in ['not_listed', 'in_form_order'] -%}
        select
            rule_id,
            document_id,
            cause,
            object_zh,
            object_en,
            table_no,
            page_no,
            status,
            reason,
            severity,
            quote,
            wanted,
            root
        from {{ relation }}
        {{ 'union all' if not loop.last }}
    {% endfor -%}

)

-- what is printed twice is judged once
select distinct
    *,
    cast(null as integer) as row_no,
    cast(null as varchar) as chapter,
    cast(null as integer) as sentence_no
from checks
