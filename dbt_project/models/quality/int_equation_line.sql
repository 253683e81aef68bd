-- One row a printed line with a code: the line of the same table that it is a part of, if there is one.
{{ config(schema='intermediate') }}

with lines as (
    select
        document_id,
        table_no,
        row_no,
        lane_no,
        min(row_order) as row_order,
        coalesce(min(row_code), min(class_code)) as line_code,
        coalesce(min(side), '') as table_side,
        coalesce(min(code_domain), '') as code_domain,
        max(case when coalesce(row_context, '{}') in ('', '{}') then 0 else 1 end) as has_context
    from {{ ref('int_published_amount') }}
    where coalesce(row_code, class_code) is not null
        and coalesce(row_role, '') not in ('total', 'of_which', 'balance')
    group by document_id, table_no, row_no, lane_no
),

-- the shorter codes above a line's own; a line with a project's name may also stand under its code's own line
ancestor_codes as (
    select lines.*, 3 as ancestor_length
    from lines
    where length(line_code) > 3
    union all
    select lines.*, 5 as ancestor_length
    from lines
    where length(line_code) > 5
    union all
    select lines.*, length(line_code) as ancestor_length
    from lines
    where has_context = 1
),

ranked as (
    select
        child.document_id,
        child.table_no,
        child.row_no,
        child.lane_no,
        parent.row_no as parent_row_no,
        parent.lane_no as parent_lane_no,
        row_number() over (
            partition by child.document_id, child.table_no, child.row_no, child.lane_no
            -- the finest level present; where a code is repeated, the last line of it above this one
            order by
                child.ancestor_length desc,
                case when parent.row_order < child.row_order then 0 else 1 end,
                abs(child.row_order - parent.row_order)
        ) as nearness
    from ancestor_codes as child
    inner join lines as parent
        on child.document_id = parent.document_id
        and child.table_no = parent.table_no
        and child.table_side = parent.table_side
        and child.code_domain = parent.code_domain
        and left(child.line_code, child.ancestor_length) = parent.line_code
        and (length(child.line_code) > child.ancestor_length or parent.has_context = 0)
)

select
    lines.document_id,
    lines.table_no,
    lines.row_no,
    lines.lane_no,
    lines.line_code,
    ranked.parent_row_no,
    ranked.parent_lane_no
from lines
left join ranked
    on lines.document_id = ranked.document_id
    and lines.table_no = ranked.table_no
    and lines.row_no = ranked.row_no
    and lines.lane_no = ranked.lane_no
    and ranked.nearness = 1
