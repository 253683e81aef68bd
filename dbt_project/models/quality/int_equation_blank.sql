-- One row a blank where a number has to stand: in a column that has one in nearly every line, and in a line that is a
-- total, has parts in this column, or other numbers to be summed. It counts as zero, so that its sums break.
{{ config(schema='intermediate') }}

with numbers as (
    select * from {{ ref('int_equation_cell') }}
    where is_money
),

-- lanes with a column that has a number in nearly every line, but not in all
line_counts as (
    select
        document_id,
        table_no,
        lane_no,
        count(*) as line_count
    from (
        select
            document_id,
            table_no,
            lane_no,
            row_no
        from numbers
        union
        select
            document_id,
            table_no,
            lane_no,
            row_no
        from {{ ref('int_table_row') }}
        where row_role = 'total'
    ) as lines
    group by document_id, table_no, lane_no
),

columns as (
    select
        document_id,
        table_no,
        lane_no,
        column_no,
        count(*) as number_count,
        -- what there is to add up, in tables that go by codes or by the items of a balance
        count(case
            when
                amount <> 0 and coalesce(row_role, 'item') = 'item' and not is_of_which
                and (line_code is not null or table_side <> '')
                then 1
        end) as part_count,
        count(case when row_role = 'total' then 1 end) as total_count
    from numbers
    group by document_id, table_no, lane_no, column_no
),

total_counts as (
    select
        document_id,
        table_no,
        lane_no,
        count(distinct row_no) as total_count
    from {{ ref('int_table_row') }}
    where row_role = 'total'
    group by document_id, table_no, lane_no
),

-- lines with parts that print nothing in the column of a part; places are compared as one number each
bare_parents as (
    select distinct
        document_id,
        table_no,
        parent_lane_no as lane_no
    from numbers
    where
        lane_no = parent_lane_no
        and amount <> 0
        and {{ quality_key(['document_id', 'table_no', 'parent_lane_no', 'parent_row_no', 'column_no']) }} not in (
            select
                {{ quality_key([
                    'wholes.document_id', 'wholes.table_no', 'wholes.lane_no', 'wholes.row_no', 'wholes.column_no'
                ]) }}
            from numbers as wholes
        )
),

-- where columns were inferred, a number that seems to be missing may stand in another
inferred_tables as (
    select distinct
        document_id,
        table_no
    from numbers
    where placement <> 'printed'
),

-- the others have no blanks to look for
open_lanes as (
    select
        columns.document_id,
        columns.table_no,
        columns.lane_no
    from columns
    inner join line_counts using (document_id, table_no, lane_no)
    left join total_counts using (document_id, table_no, lane_no)
    where
        (
            columns.number_count between 3 and line_counts.line_count - 1
            and 4 * (line_counts.line_count - columns.number_count) <= line_counts.line_count
        )
        or (columns.part_count > 0 and columns.total_count < total_counts.total_count)
    union
    select * from bare_parents
),

cells as (
    select numbers.*
    from numbers
    inner join open_lanes using (document_id, table_no, lane_no)
),

printed_lines as (
    select
        document_id,
        table_no,
        table_type,
        lane_no,
        row_no,
        min(page_no) as page_no,
        min(row_order) as row_order,
        min(row_role) as row_role,
        min(row_kind) as row_kind,
        min(line_code) as line_code,
        min(parent_row_no) as parent_row_no,
        min(parent_lane_no) as parent_lane_no,
        min(line_item) as line_item,
        min(row_label) as row_label
    from cells
    group by document_id, table_no, table_type, lane_no, row_no
),

-- amounts in a line without a name may be those of a total without any
nameless_lanes as (
    select distinct
        document_id,
        table_no,
        lane_no
    from printed_lines
    where line_code is null and coalesce(row_label, '') = ''
),

-- a total without any number is a line as well, and one with parts
bare_lines as (
    select
        lanes.document_id,
        lanes.table_no,
        lanes.table_type,
        lanes.lane_no,
        lines.row_no,
        lines.page_no,
        lines.row_order,
        lines.row_role,
        case
            when lines.row_role = 'total' then 'total'
            when coded.parent_row_no is null then 'root'
            else 'child'
        end as row_kind,
        coded.line_code,
        coded.parent_row_no,
        coded.parent_lane_no,
        lines.line_item,
        lines.row_label
    from (
        select distinct
            document_id,
            table_no,
            table_type,
            lane_no
        from printed_lines
    ) as lanes
    inner join {{ ref('int_table_row') }} as lines
        on
            lanes.document_id = lines.document_id
            and lanes.table_no = lines.table_no
            and lanes.lane_no = lines.lane_no
    left join {{ ref('int_equation_line') }} as coded
        on
            lines.document_id = coded.document_id
            and lines.table_no = coded.table_no
            and lines.lane_no = coded.lane_no
            and lines.row_no = coded.row_no
    left join printed_lines as printed
        on
            lines.document_id = printed.document_id
            and lines.table_no = printed.table_no
            and lines.lane_no = printed.lane_no
            and lines.row_no = printed.row_no
    left join nameless_lanes
        on
            lines.document_id = nameless_lanes.document_id
            and lines.table_no = nameless_lanes.table_no
            and lines.lane_no = nameless_lanes.lane_no
    where
        printed.row_no is null
        and nameless_lanes.table_no is null
        and (lines.row_role = 'total' or coded.line_code is not null)
),

lines as (
    select * from printed_lines
    union all
    select * from bare_lines
),

lanes as (
    select
        document_id,
        table_no,
        lane_no,
        count(*) as line_count
    from lines
    group by document_id, table_no, lane_no
),

-- in columns with a number in nearly every line a blank does not mean zero
lane_columns as (
    select
        cells.document_id,
        cells.table_no,
        cells.lane_no,
        cells.column_no,
        cells.table_side,
        cells.component,
        cells.fund,
        cells.money_source,
        cells.measure,
        cells.is_of_which,
        cells.column_path,
        cells.phase,
        cells.period,
        cells.period_key,
        cells.column_key,
        sum(abs(cells.amount)) as amount,
        count(*) between 3 and max(lanes.line_count) - 1
        and 4 * (max(lanes.line_count) - count(*)) <= max(lanes.line_count) as is_full,
        -- one number alone may itself be out of place
        count(case
            when cells.amount <> 0 and (cells.line_code is not null or cells.table_side <> '') then 1
        end) >= 2 as is_summed
    from cells
    inner join lanes using (document_id, table_no, lane_no)
    group by all
),

blanks as (
    select
        lines.document_id,
        lines.table_no,
        lines.table_type,
        lines.lane_no,
        lines.row_no,
        lines.page_no,
        lines.row_order,
        lines.row_role,
        lines.row_kind,
        lines.line_code,
        lines.parent_row_no,
        lines.parent_lane_no,
        lines.line_item,
        lines.row_label,
        lane_columns.column_no,
        lane_columns.table_side,
        lane_columns.component,
        lane_columns.fund,
        lane_columns.money_source,
        lane_columns.measure,
        lane_columns.is_of_which,
        lane_columns.column_path,
        lane_columns.phase,
        lane_columns.period,
        lane_columns.period_key,
        lane_columns.column_key,
        lane_columns.amount as column_amount,
        lane_columns.is_full,
        lane_columns.is_summed,
        true as is_money,
        left(lines.document_id, 16) || ':' || lines.table_no || ':' || lines.row_no || ':' || lane_columns.column_no
            as cell_id
    from lines
    inner join lane_columns using (document_id, table_no, lane_no)
    left join cells
        on
            lines.document_id = cells.document_id
            and lines.table_no = cells.table_no
            and lines.lane_no = cells.lane_no
            and lines.row_no = cells.row_no
            and lane_columns.column_no = cells.column_no
    left join inferred_tables
        on
            lines.document_id = inferred_tables.document_id
            and lines.table_no = inferred_tables.table_no
    where
        cells.cell_id is null
        and (lane_columns.is_full or inferred_tables.table_no is null)
),

-- what a number in the blank would be the sum of: the other numbers of the line, or its parts
summed_blanks as (
    select
        blanks.document_id,
        blanks.table_no,
        blanks.row_no,
        blanks.column_no
    from blanks
    inner join cells as addends
        on
            blanks.document_id = addends.document_id
            and blanks.table_no = addends.table_no
            and blanks.lane_no = addends.lane_no
            and blanks.row_no = addends.row_no
            and blanks.period_key = addends.period_key
            and addends.amount <> 0
            and not addends.is_of_which
    where
        blanks.is_full
        and blanks.component = 'total'
        and blanks.fund is null
        and blanks.money_source is null
    union
    select
        blanks.document_id,
        blanks.table_no,
        blanks.row_no,
        blanks.column_no
    from blanks
    inner join cells as parts
        on
            blanks.document_id = parts.document_id
            and blanks.table_no = parts.table_no
            and blanks.lane_no = parts.parent_lane_no
            and blanks.row_no = parts.parent_row_no
            and blanks.column_key = parts.column_key
            and parts.amount <> 0
    union
    select
        document_id,
        table_no,
        row_no,
        column_no
    from blanks
    where
        row_role = 'total'
        and column_amount <> 0
        and (is_full or (is_summed and not is_of_which))
)

select
    {{ quality_key(['blanks.cell_id']) }} as cell_no,
    blanks.cell_id,
    blanks.document_id,
    blanks.table_no,
    blanks.table_type,
    blanks.page_no,
    blanks.row_no,
    blanks.lane_no,
    blanks.column_no,
    blanks.row_order,
    cast(null as varchar) as placement,
    blanks.is_money,
    blanks.row_role,
    blanks.row_kind,
    blanks.line_code,
    blanks.parent_row_no,
    blanks.parent_lane_no,
    blanks.table_side,
    blanks.component,
    blanks.fund,
    blanks.money_source,
    blanks.measure,
    blanks.is_of_which,
    blanks.line_item,
    blanks.row_label,
    blanks.column_path,
    blanks.period,
    blanks.phase,
    blanks.period_key,
    cast(0 as decimal(18, 2)) as amount,
    cast(0 as decimal(18, 4)) as half_unit,
    blanks.column_key,
    {{ quality_meaning('blanks') }} as meaning_no
from blanks
inner join summed_blanks using (document_id, table_no, row_no, column_no)
