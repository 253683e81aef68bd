-- One row a printed line that others may be parts of, or that may be a part: its nearest line above in the code tree.
{{ config(schema='intermediate') }}

with printed_lines as (
    select
        amounts.document_id,
        amounts.table_no,
        amounts.row_no,
        amounts.lane_no,
        min(amounts.row_order) as row_order,
        -- a code that is a slip is told by itself: the sums are those of the code that was meant
        coalesce(
            min(meant.meant_code),
            min(case when amounts.code_domain is not null then amounts.row_code else amounts.class_code end)
        ) as line_code,
        coalesce(min(amounts.side), '') as table_side,
        coalesce(min(meant.code_domain), min(amounts.code_domain), '') as code_domain,
        max(case when coalesce(amounts.row_context, '{}') in ('', '{}') then 0 else 1 end) as has_context,
        max(case when amounts.placement = 'printed' then 0 else 1 end) as has_inferred_place
    from {{ ref('int_published_amount') }} as amounts
    left join {{ ref('int_code_meant') }} as meant
        on
            amounts.document_id = meant.document_id
            and amounts.table_no = meant.table_no
            and amounts.row_no = meant.row_no
            and amounts.lane_no = meant.lane_no
    where coalesce(amounts.row_role, 'item') not in ('total', 'subtotal', 'balance')
    group by amounts.document_id, amounts.table_no, amounts.row_no, amounts.lane_no
),

-- codes of upper levels without an amount in their line; most tables have none
lines_without as (
    select
        rows_without.document_id,
        rows_without.table_no,
        rows_without.row_no,
        rows_without.lane_no,
        rows_without.row_order,
        rows_without.row_code as line_code,
        rows_without.code_domain,
        count(*) over (
            partition by
                rows_without.document_id, rows_without.table_no, rows_without.lane_no, length(rows_without.row_code)
        ) as lines_of_level
    from {{ ref('int_table_row') }} as rows_without
    left join printed_lines
        on
            rows_without.document_id = printed_lines.document_id
            and rows_without.table_no = printed_lines.table_no
            and rows_without.row_no = printed_lines.row_no
            and rows_without.lane_no = printed_lines.lane_no
    where
        length(rows_without.row_code) in (3, 5)
        and rows_without.code_domain is not null
        and printed_lines.row_no is null
),

-- lanes in which lines with others below them print an amount
summing_lanes as (
    select distinct
        wholes.document_id,
        wholes.table_no,
        wholes.lane_no
    from lines_without
    inner join printed_lines as wholes
        on
            lines_without.document_id = wholes.document_id
            and lines_without.table_no = wholes.table_no
            and lines_without.lane_no = wholes.lane_no
    inner join printed_lines as parts
        on
            wholes.document_id = parts.document_id
            and wholes.table_no = parts.table_no
            and wholes.lane_no = parts.lane_no
            and wholes.code_domain = parts.code_domain
            and left(parts.line_code, length(wholes.line_code)) = wholes.line_code
            and length(parts.line_code) > length(wholes.line_code)
),

-- a line that prints no amount where the lines of its level do, or those of another where it is alone on its own,
-- though there are amounts below it, is no heading; unless an amount stands in a line of no code, or its column was
-- inferred: then it may be this line's
bare_lines as (
    select
        lines_without.document_id,
        lines_without.table_no,
        lines_without.row_no,
        lines_without.lane_no,
        lines_without.row_order,
        lines_without.line_code,
        min(printed_lines.table_side) as table_side,
        lines_without.code_domain,
        0 as has_context,
        0 as has_inferred_place
    from lines_without
    inner join printed_lines
        on
            lines_without.document_id = printed_lines.document_id
            and lines_without.table_no = printed_lines.table_no
            and lines_without.lane_no = printed_lines.lane_no
    left join summing_lanes
        on
            lines_without.document_id = summing_lanes.document_id
            and lines_without.table_no = summing_lanes.table_no
            and lines_without.lane_no = summing_lanes.lane_no
    group by
        lines_without.document_id, lines_without.table_no, lines_without.row_no, lines_without.lane_no,
        lines_without.row_order, lines_without.line_code, lines_without.code_domain
    having
        count(case
            when
                starts_with(printed_lines.line_code, lines_without.line_code)
                and printed_lines.code_domain = lines_without.code_domain
                then 1
        end) > 0
        and count(case when printed_lines.line_code = lines_without.line_code then 1 end) = 0
        and (
            count(case when length(printed_lines.line_code) = length(lines_without.line_code) then 1 end) > 0
            or (max(lines_without.lines_of_level) = 1 and count(summing_lanes.table_no) > 0)
        )
        and count(*) = count(printed_lines.line_code)
        and max(printed_lines.has_inferred_place) = 0
),

lines as (
    select * from printed_lines
    union all
    select * from bare_lines
),

-- the shorter codes above a line's own; a line with a project's name may also stand under its code's own line
ancestor_codes as (
    select
        *,
        3 as ancestor_length
    from lines
    where length(line_code) > 3
    union all
    select
        *,
        5 as ancestor_length
    from lines
    where length(line_code) > 5
    union all
    select
        *,
        length(line_code) as ancestor_length
    from lines
    where line_code is not null and has_context = 1
),

by_code as (
    select
        child.document_id,
        child.table_no,
        child.row_no,
        child.lane_no,
        child.row_order,
        child.ancestor_length,
        parent.row_no as parent_row_no,
        parent.lane_no as parent_lane_no,
        parent.row_order as parent_row_order
    from ancestor_codes as child
    inner join lines as parent
        on
            child.document_id = parent.document_id
            and child.table_no = parent.table_no
            and child.table_side = parent.table_side
            and child.code_domain = parent.code_domain
            and left(child.line_code, child.ancestor_length) = parent.line_code
            and (length(child.line_code) > child.ancestor_length or parent.has_context = 0)
),

ranked as (
    select
        *,
        row_number() over (
            partition by document_id, table_no, row_no, lane_no
            -- the finest level present; where a code is repeated, the last line of it above this one
            order by
                ancestor_length desc,
                case when parent_row_order < row_order then 0 else 1 end,
                abs(row_order - parent_row_order)
        ) as nearness
    from by_code
)

select
    lines.document_id,
    lines.table_no,
    lines.row_no,
    lines.lane_no,
    lines.line_code,
    coalesce(ranked.parent_row_no, nesting.parent_row_no) as parent_row_no,
    case when nesting.parent_row_no is null then ranked.parent_lane_no else lines.lane_no end as parent_lane_no,
    -- a project's line under its code's own line
    coalesce(ranked.ancestor_length = length(lines.line_code), false) as is_detail,
    coalesce(nesting.is_unsettled, false) as is_unsettled
from lines
left join ranked
    on
        lines.document_id = ranked.document_id
        and lines.table_no = ranked.table_no
        and lines.row_no = ranked.row_no
        and lines.lane_no = ranked.lane_no
        and ranked.nearness = 1
left join {{ ref('int_line_nesting') }} as nesting
    on
        lines.document_id = nesting.document_id
        and lines.table_no = nesting.table_no
        and lines.row_no = nesting.row_no
        and lines.lane_no = nesting.lane_no
