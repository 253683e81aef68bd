-- One row a judgement on classification: codes, names, parents and numbering.
{{ config(schema='intermediate') }}

with slips as (

    select * from {{ ref('int_code_meant') }}

),

codes as (

    select
        *,
        concat_ws(' ', row_code, nullif(label_key, '')) as line_name
    from {{ ref('int_classification_code') }}
    -- that a code is a slip says all about it
    where (document_id, row_code, label_key) not in (
        select
            slips.document_id,
            slips.row_code,
            slips.label_key
        from slips
        where slips.row_code is not null
    )

),

-- the line says one code, its name, its neighbours and the other tables another; two codes that changed places are
-- one slip
slipped as (

    select
        {{ judgement(
            "case when row_code is null or length(row_code) not in (3, 5, 7) then 'H05'"
            " when is_unknown_code then 'H01' else 'H02' end",
            "case when row_code is null then 'lost_code' when is_told_elsewhere then 'wrong_code_elsewhere'"
            " else 'wrong_code' end",
            root="concat_ws(' ', 'slip', least(row_code, meant_code), greatest(row_code, meant_code))",
            object="concat_ws(' ', row_code, row_label)", quote="concat_ws(' ', row_code, row_label)",
            wanted='meant_code', table_no='table_no', row_no='row_no', page_no='page_no',
            severity="case when row_code is null or length(row_code) not in (3, 5, 7) then 'minor' else 'warning' end"
        ) }}
    from slips

),

existing as (

    select
        'H01' as rule_id,
        document_id,
        'unknown_code' as cause,
        line_name as object_zh,
        line_name as object_en,
        table_no,
        row_no,
        page_no,
        case
            when is_known_code and not is_abolished then 'pass'
            when not is_known_year then 'insufficient_data'
            when code_domain <> 'function' and code_length > 5 then 'not_applicable'
            -- a body's own number may stand where a class is expected
            when code_length = 3 then 'insufficient_data'
            -- forms print the codes of other years on lines that stay empty
            when greatest = 0 then 'insufficient_data'
            else 'fail'
        end as status,
        case
            when is_known_code and not is_abolished then null
            when not is_known_year then 'the reference has no classification of this year'
            when code_domain <> 'function' and code_length > 5 then 'a division of the body''s own below the section'
            when code_length = 3 then 'the number may be that of a body'
            when greatest = 0 then 'a line of the form without money'
        end as reason,
        -- the reference may lack a rare code; a known section and a name of another code speak against the document
        case when is_known_parent and code_of_name <> row_code then 'warning' else 'minor' end as severity,
        line_name as quote,
        nullif(code_of_name, row_code) as wanted,
        row_code as root
    from codes

),

-- the name that the document itself prints beside the same code, in another table
evidenced as (

    select
        *,
        max(case when is_known_name_of_code then label_key end) over (
            partition by document_id, code_domain, row_code
        ) as right_name,
        {{ normalise_text('official_name') }} as official_key
    from codes

),

-- a name of elsewhere, or one with a character lost, exchanged or doubled; what is lost at an end or stands there
-- besides is of a line that a cell broke
spelt as (

    select
        *,
        right_name is not null and is_known_name and not is_known_name_of_code as is_of_another,
        case
            when is_known_name or length(label_key) < 4 then false
            when length(label_key) = length(official_key) + 1 and translate(label_key, official_key, '') = ''
                then {{ text_distance('label_key', 'official_key') }} = 1
            when starts_with(right_name, label_key) or right(right_name, length(label_key)) = label_key then false
            when starts_with(label_key, right_name) or right(label_key, length(right_name)) = right_name then false
            else coalesce({{ text_distance('label_key', 'right_name') }} = 1, false)
        end as is_misspelt
    from evidenced

),

named as (

    select
        case when is_old_name then 'H03' else 'H02' end as rule_id,
        document_id,
        case when is_old_name then 'old_name' else 'other_name' end as cause,
        line_name as object_zh,
        line_name as object_en,
        table_no,
        row_no,
        page_no,
        case
            when label_key = '' or not is_known_code then 'not_applicable'
            when is_old_name then 'fail'
            when is_known_name_of_code then 'pass'
            when code_domain <> 'function' and not is_known_year then 'insufficient_data'
            when code_of_name is not null or is_of_another or is_misspelt then 'fail'
            else 'insufficient_data'
        end as status,
        case
            when label_key = '' then 'the code is printed without a name'
            when not is_known_code then 'the code is not in the reference'
            when is_old_name or is_known_name_of_code then null
            when code_domain <> 'function' and not is_known_year
                then 'the reference has no classification of this year'
            when is_of_another or is_misspelt then null
            when code_of_name is null then 'the reference does not know this name'
        end as reason,
        case when is_old_name or is_misspelt then 'minor' else 'warning' end as severity,
        line_name as quote,
        case when is_old_name then new_name else official_name end as wanted,
        -- two names that changed places are one slip; an old name is one wherever it stands
        case
            when is_old_name then row_code
            else concat_ws(' ', least(row_code, code_of_name), greatest(row_code, code_of_name))
        end as root
    from spelt

),

-- the lists of classes without codes use the names of their year as well
class_rows as (

    select
        table_rows.document_id,
        table_rows.table_no,
        table_rows.row_no,
        table_rows.page_no,
        table_rows.row_label,
        renames.function_code,
        renames.new_name,
        documents.fiscal_year >= cast(renames.since_year as integer) as is_old_name
    from {{ ref('int_table_row') }} as table_rows
    inner join {{ ref('code_rename') }} as renames
        on
            table_rows.row_code is null
            and table_rows.label_key = renames.old_name
            and length(renames.function_code) = 3
    inner join {{ ref('stg_document') }} as documents on table_rows.document_id = documents.document_id
    where table_rows.side = 'expenditure'

),

old_classes as (

    select
        'H03' as rule_id,
        document_id,
        'old_name' as cause,
        {{ strip_numbering('row_label') }} as object_zh,
        {{ strip_numbering('row_label') }} as object_en,
        table_no,
        row_no,
        page_no,
        case when is_old_name then 'fail' else 'pass' end as status,
        cast(null as varchar) as reason,
        'minor' as severity,
        row_label as quote,
        new_name as wanted,
        function_code as root
    from class_rows

),

-- parents: only of the levels that a table prints at all
table_codes as (

    select distinct
        table_rows.document_id,
        table_rows.table_no,
        table_rows.lane_no,
        coalesce(slips.code_domain, table_rows.code_domain) as code_domain,
        coalesce(slips.meant_code, table_rows.row_code) as row_code,
        length(coalesce(slips.meant_code, table_rows.row_code)) as code_length
    from {{ ref('int_table_row') }} as table_rows
    inner join {{ ref('int_table') }} as tables
        on table_rows.document_id = tables.document_id and table_rows.table_no = tables.table_no
    left join slips
        on
            table_rows.document_id = slips.document_id
            and table_rows.table_no = slips.table_no
            and table_rows.row_no = slips.row_no
            and table_rows.lane_no = slips.lane_no
    where
        coalesce(slips.code_domain, table_rows.code_domain) is not null
        and tables.grain in ('function', 'economic')

),

levels as (

    select distinct
        document_id,
        table_no,
        code_domain,
        code_length
    from table_codes

),

-- a code that may be a body's own stands there all the same
printed_codes as (

    select
        document_id,
        table_no,
        row_code
    from {{ ref('int_table_row') }}
    where row_code is not null

    union

    select
        document_id,
        table_no,
        meant_code as row_code
    from slips

),

ancestors as (

    select
        table_codes.document_id,
        table_codes.table_no,
        table_codes.code_domain,
        table_codes.row_code,
        left(table_codes.row_code, levels.code_length) as parent_code,
        printed_codes.row_code is not null as has_parent
    from table_codes
    inner join levels
        on
            table_codes.document_id = levels.document_id
            and table_codes.table_no = levels.table_no
            and table_codes.code_domain = levels.code_domain
            and table_codes.code_length > levels.code_length
    left join printed_codes
        on
            table_codes.document_id = printed_codes.document_id
            and table_codes.table_no = printed_codes.table_no
            and printed_codes.row_code = left(table_codes.row_code, levels.code_length)

),

-- tables that list each code once and in order, but for one line
listed as (

    select
        table_rows.document_id,
        table_rows.table_no,
        table_rows.row_no,
        table_rows.page_no,
        table_rows.row_label,
        coalesce(slips.meant_code, table_rows.row_code) as row_code,
        table_rows.document_id || ' ' || table_rows.table_no || ' ' || table_rows.lane_no as list_id,
        table_rows.row_order
    from {{ ref('int_table_row') }} as table_rows
    inner join {{ ref('int_table') }} as tables
        on table_rows.document_id = tables.document_id and table_rows.table_no = tables.table_no
    left join slips
        on
            table_rows.document_id = slips.document_id
            and table_rows.table_no = slips.table_no
            and table_rows.row_no = slips.row_no
            and table_rows.lane_no = slips.lane_no
    where
        coalesce(slips.code_domain, table_rows.code_domain) is not null
        and tables.grain in ('function', 'economic')
        and tables.confidence = 'high'
        and not tables.is_two_sided

),

neighbours as (

    select
        *,
        lag(row_code) over (partition by list_id order by row_order) as code_above,
        lead(row_code) over (partition by list_id order by row_order) as code_below
    from listed

),

ordered_lists as (

    select list_id
    from neighbours
    group by list_id
    having count(*) = count(distinct row_code) and count(case when row_code < code_above then 1 end) = 1

),

misplaced_lines as (

    select
        {{ judgement(
            "'H04'", "'misplaced_line'", root="'misplaced ' || neighbours.row_code",
            object="concat_ws(' ', neighbours.row_code, neighbours.row_label)",
            quote="concat_ws(' ', neighbours.row_code, neighbours.row_label)", of='neighbours',
            wanted='parents.row_code', table_no='neighbours.table_no', row_no='neighbours.row_no',
            page_no='neighbours.page_no'
        ) }}
    from neighbours
    inner join ordered_lists on neighbours.list_id = ordered_lists.list_id
    inner join printed_codes as parents
        on
            neighbours.document_id = parents.document_id
            and neighbours.table_no = parents.table_no
            and case
                when length(neighbours.row_code) > 3 then left(neighbours.row_code, length(neighbours.row_code) - 2)
            end = parents.row_code
    where
        -- without this line all others are in order, and it is of neither neighbour
        coalesce(neighbours.code_above < neighbours.code_below, true)
        and (neighbours.row_code < neighbours.code_above or neighbours.row_code > neighbours.code_below)
        and coalesce(left(neighbours.code_above, length(parents.row_code)) <> parents.row_code, true)
        and coalesce(left(neighbours.code_below, length(parents.row_code)) <> parents.row_code, true)

),

-- a level of which hardly a row is printed is not printed: one stray code is no level
level_use as (

    select
        document_id,
        table_no,
        code_domain,
        length(parent_code) as parent_length,
        count(distinct parent_code) as parent_count,
        count(distinct case when has_parent then parent_code end) as printed_count
    from ancestors
    group by document_id, table_no, code_domain, length(parent_code)

),

lost_classes as (

    select distinct
        document_id,
        table_no,
        parent_code as class_code
    from ancestors
    where length(parent_code) = 3 and not has_parent

),

orphans as (

    select
        'H04' as rule_id,
        ancestors.document_id,
        'missing_parent' as cause,
        ancestors.parent_code as object_zh,
        ancestors.parent_code as object_en,
        ancestors.table_no,
        cast(null as integer) as row_no,
        cast(null as integer) as page_no,
        case
            when ancestors.has_parent then 'pass'
            when level_use.printed_count * 2 > level_use.parent_count then 'fail'
            else 'not_applicable'
        end as status,
        case
            when
                not ancestors.has_parent and level_use.printed_count * 2 <= level_use.parent_count
                then 'the table does not print this level'
        end as reason,
        -- the one that is left out among many is a lost line
        case
            when level_use.printed_count >= 4 * (level_use.parent_count - level_use.printed_count) then 'warning'
            else 'minor'
        end as severity,
        min(ancestors.row_code) as quote,
        ancestors.parent_code as wanted,
        -- with a class its sections are lost
        coalesce(min(lost_classes.class_code), ancestors.parent_code) as root
    from ancestors
    inner join level_use
        on
            ancestors.document_id = level_use.document_id
            and ancestors.table_no = level_use.table_no
            and ancestors.code_domain = level_use.code_domain
            and length(ancestors.parent_code) = level_use.parent_length
    left join lost_classes
        on
            ancestors.document_id = lost_classes.document_id
            and ancestors.table_no = lost_classes.table_no
            and case when not ancestors.has_parent then left(ancestors.parent_code, 3) end = lost_classes.class_code
    group by
        ancestors.document_id, ancestors.table_no, ancestors.parent_code, ancestors.has_parent,
        level_use.printed_count, level_use.parent_count

),

-- the row above all classes, or those of its halves: forms that every body publishes have it, where its others do
class_counts as (

    select
        table_codes.document_id,
        table_codes.table_no,
        count(distinct left(table_codes.row_code, 3)) as class_count
    from table_codes
    inner join {{ ref('int_table') }} as tables
        on table_codes.document_id = tables.document_id and table_codes.table_no = tables.table_no
    inner join {{ ref('table_type') }} as types on tables.table_type = types.table_type
    where
        types.is_mandatory
        and not tables.is_two_sided
        and not tables.is_empty
        and tables.confidence = 'high'
    group by table_codes.document_id, table_codes.table_no
    having count(distinct left(table_codes.row_code, 3)) > 1

),

totals as (

    select
        class_counts.document_id,
        class_counts.table_no,
        bool_or(table_rows.row_role in ('total', 'subtotal')) as has_total
    from class_counts
    inner join {{ ref('int_table_row') }} as table_rows
        on class_counts.document_id = table_rows.document_id and class_counts.table_no = table_rows.table_no
    group by class_counts.document_id, class_counts.table_no

),

total_rows as (

    select
        'H04' as rule_id,
        document_id,
        'missing_total' as cause,
        '合计' as object_zh,
        'total' as object_en,
        table_no,
        cast(null as integer) as row_no,
        cast(null as integer) as page_no,
        case
            when has_total then 'pass'
            when count(case when has_total then 1 end) over (partition by document_id) > 1 then 'fail'
            else 'not_applicable'
        end as status,
        case
            when
                not has_total
                and count(case when has_total then 1 end) over (partition by document_id) <= 1
                then 'the body prints its tables without totals'
        end as reason,
        'warning' as severity,
        cast(null as varchar) as quote,
        cast(null as varchar) as wanted,
        'total of table ' || table_no as root
    from totals

),

-- 30201 beside the name of a function: the code of another classification
classified_names as (

    select
        {{ normalise_text('function_name') }} as name_key,
        'function' as domain,
        min(function_code) as code
    from {{ ref('function_classification') }}
    where length(function_code) = 7
    group by {{ normalise_text('function_name') }}
    having count(distinct function_code) = 1

    union all

    select
        {{ normalise_text('economic_name') }} as name_key,
        'economic' as domain,
        min(economic_code) as code
    from {{ ref('economic_classification') }}
    where length(economic_code) = 5 and code_domain = 'economic_department'
    group by {{ normalise_text('economic_name') }}
    having count(distinct economic_code) = 1

),

item_names as (

    select distinct {{ normalise_text('function_name') }} as name_key
    from {{ ref('function_name_variant') }}
    where length(function_code) = 7

),

foreign_codes as (

    select
        'H01' as rule_id,
        table_rows.document_id,
        'unknown_code' as cause,
        concat_ws(' ', table_rows.row_code, table_rows.row_label) as object_zh,
        concat_ws(' ', table_rows.row_code, table_rows.row_label) as object_en,
        table_rows.table_no,
        table_rows.row_no,
        table_rows.page_no,
        'fail' as status,
        cast(null as varchar) as reason,
        'warning' as severity,
        concat_ws(' ', table_rows.row_code, table_rows.row_label) as quote,
        own_names.code as wanted,
        table_rows.row_code as root
    from {{ ref('int_table_row') }} as table_rows
    inner join {{ ref('int_table') }} as tables
        on table_rows.document_id = tables.document_id and table_rows.table_no = tables.table_no
    inner join {{ ref('stg_document') }} as documents on table_rows.document_id = documents.document_id
    inner join classified_names as own_names
        on tables.grain = own_names.domain and table_rows.label_key = own_names.name_key
    -- a name of both classifications may stand with either code
    left join classified_names as other_names
        on tables.grain <> other_names.domain and table_rows.label_key = other_names.name_key
    left join slips
        on
            table_rows.document_id = slips.document_id
            and table_rows.table_no = slips.table_no
            and table_rows.row_no = slips.row_no
    where
        other_names.code is distinct from table_rows.row_code
        and slips.document_id is null
        and tables.confidence = 'high'
        -- codes of the years before had other names, which are not known
        and documents.fiscal_year > (
            select min(cast(economic.first_year as integer)) from {{ ref('economic_classification') }} as economic
        )
        and table_rows.code_domain is null
        and (
            tables.grain = 'function' and {{ regex_matches('table_rows.row_code', '^30[0-9]{3}$') }}
            or tables.grain = 'economic' and {{ regex_matches('table_rows.row_code', '^2[0-9]{6}$') }}
        )

),

-- what government funds and state capital pay stands in tables of their own
misplaced_funds as (

    select
        {{ judgement(
            "'H04'", "'wrong_fund_table'", severity="'warning'",
            root="coalesce(min(lost_classes.class_code), sections.function_code, amounts.class_code)",
            object="concat_ws(' ', amounts.row_code, amounts.row_label)", quote='amounts.row_code', of='amounts',
            table_no='amounts.table_no', row_no='min(amounts.row_no)', page_no='min(amounts.page_no)',
            status="case when max(abs(amounts.value)) > 0 then 'fail' else 'pass' end"
        ) }}
    from {{ ref('int_published_amount') }} as amounts
    left join {{ ref('function_classification') }} as sections
        on
            left(amounts.row_code, 5) = sections.function_code
            and {{ regex_matches('sections.function_name', marker('fund_section')) }}
    -- the parents of a misplaced line are not printed either
    left join lost_classes
        on
            amounts.document_id = lost_classes.document_id
            and amounts.table_no = lost_classes.table_no
            and amounts.class_code = lost_classes.class_code
    where
        amounts.code_domain = 'function'
        and (
            amounts.scope in ('general_public', 'government_fund') and amounts.class_code = '223'
            or amounts.scope = 'general_public' and sections.function_code is not null
        )
    group by
        amounts.document_id, amounts.table_no, amounts.row_code, amounts.row_label, amounts.class_code,
        sections.function_code

),

-- 301 2: a section of one digit; 20805 1: an item of one digit
formed as (

    select
        'H05' as rule_id,
        table_rows.document_id,
        'malformed_code' as cause,
        concat_ws(' ', coalesce(table_rows.row_code_text, table_rows.row_code), table_rows.row_label) as object_zh,
        concat_ws(' ', coalesce(table_rows.row_code_text, table_rows.row_code), table_rows.row_label) as object_en,
        table_rows.table_no,
        table_rows.row_no,
        table_rows.page_no,
        case
            when table_rows.row_code_text is not null then 'fail'
            when length(table_rows.row_code) in (3, 5) and {{ regex_matches('table_rows.label_key', '^[0-9]{1,2}$') }}
                then 'fail'
            when length(table_rows.row_code) in (3, 5, 7) then 'pass'
            -- a digit of the code was lost: its section is printed, and it bears the name of an item
            when printed_sections.row_code is not null and item_names.name_key is not null then 'fail'
            -- the number of a body
            when length(table_rows.row_code) in (6, 9, 12) then 'not_applicable'
            when length(table_rows.row_code) < 3 then 'insufficient_data'
            else 'fail'
        end as status,
        case
            when length(table_rows.row_code) in (6, 9, 12) then 'the number of a body'
            when length(table_rows.row_code) < 3 then 'part of a code: the rest may stand in a cell that spans rows'
        end as reason,
        'minor' as severity,
        concat_ws(' ', coalesce(table_rows.row_code_text, table_rows.row_code), table_rows.row_label) as quote,
        cast(null as varchar) as wanted,
        'codes of table ' || table_rows.table_no as root
    from {{ ref('stg_table_row') }} as table_rows
    inner join {{ ref('int_table') }} as tables
        on table_rows.document_id = tables.document_id and table_rows.table_no = tables.table_no
    left join printed_codes as printed_sections
        on
            table_rows.document_id = printed_sections.document_id
            and table_rows.table_no = printed_sections.table_no
            and case when length(table_rows.row_code) = 6 then left(table_rows.row_code, 5) end
            = printed_sections.row_code
    left join item_names
        on case when tables.grain = 'function' then table_rows.label_key end = item_names.name_key
    left join slips
        on
            table_rows.document_id = slips.document_id
            and table_rows.table_no = slips.table_no
            and table_rows.row_no = slips.row_no
    where
        table_rows.row_code is not null
        and slips.document_id is null
        and tables.grain in ('function', 'economic')
        and left(table_rows.row_code, 1) in ('2', '3', '5')

),

-- 一、 二、 三、 … of a list of classes: no number twice, none that its neighbours leave no room for;
-- classes without money may be left out
numbered as (

    select
        table_rows.document_id,
        table_rows.table_no,
        table_rows.lane_no,
        table_rows.row_no,
        table_rows.page_no,
        table_rows.row_label,
        {{ chinese_numeral(regex_extract('table_rows.row_label', marker('list_number'), 1)) }} as number_no
    from {{ ref('int_table_row') }} as table_rows
    inner join {{ ref('int_table') }} as tables
        on table_rows.document_id = tables.document_id and table_rows.table_no = tables.table_no
    where tables.is_two_sided

),

sequence as (

    select
        *,
        lag(number_no) over (partition by document_id, table_no, lane_no order by row_no) as number_before,
        lead(number_no) over (partition by document_id, table_no, lane_no order by row_no) as number_behind
    from numbered
    where number_no is not null

),

counted as (

    select
        'H05' as rule_id,
        document_id,
        'list_order' as cause,
        row_label as object_zh,
        row_label as object_en,
        table_no,
        row_no,
        page_no,
        case
            when number_no = number_before and number_no > 2 then 'fail'
            when number_behind = number_before + 2 and number_no <> number_before + 1 and number_before > 2
                then 'fail'
            else 'pass'
        end as status,
        cast(null as varchar) as reason,
        'minor' as severity,
        row_label as quote,
        cast(null as varchar) as wanted,
        'list of table ' || table_no as root
    from sequence
    where number_before is not null

),

checks as (

    {% for relation in ['misplaced_funds', 'slipped', 'misplaced_lines'] -%}
        select
            rule_id,
            document_id,
            cause,
            object_zh,
            object_en,
            table_no,
            row_no,
            page_no,
            status,
            reason,
            severity,
            quote,
            wanted,
            root
        from {{ relation }}
        union all
    {% endfor -%}
    {% for relation in ['existing', 'foreign_codes', 'named', 'old_classes', 'orphans', 'total_rows'] -%}
        select * from {{ relation }}
        union all
    {% endfor -%}
    {% for relation in ['formed', 'counted'] -%}
        -- what is in order is said once a table
        select * from {{ relation }}
        where status = 'fail'
        union all
        select
            rule_id,
            document_id,
            cause,
            cast(null as varchar) as object_zh,
            cast(null as varchar) as object_en,
            table_no,
            cast(null as integer) as row_no,
            min(page_no) as page_no,
            status,
            reason,
            severity,
            cast(null as varchar) as quote,
            wanted,
            root
        from {{ relation }}
        where status <> 'fail'
        group by rule_id, document_id, cause, table_no, status, reason, severity, wanted, root
        {{ 'union all' if not loop.last }}
    {% endfor -%}

)

-- what is printed twice is judged once
select distinct
    *,
    cast(null as varchar) as chapter,
    cast(null as integer) as sentence_no
from checks
