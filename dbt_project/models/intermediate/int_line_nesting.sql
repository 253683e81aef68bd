-- One row a line of a table without classification codes: the line it is part of, if any.
-- Bodies stand over bodies, bodies over projects, goods over bodies: print seldom says so. Several readings of the
-- levels are tried, and the one is kept whose sums differ least; of equals, the plainest.
with uncoded_tables as (

    select
        table_rows.document_id,
        table_rows.table_no
    from {{ ref('int_table_row') }} as table_rows
    inner join {{ ref('int_table') }} as tables
        on table_rows.document_id = tables.document_id and table_rows.table_no = tables.table_no
    where
        not tables.is_two_sided
        and tables.grain in ('function', 'economic', 'project', 'purchase', 'agency')
    group by table_rows.document_id, table_rows.table_no
    having count(table_rows.class_code) = 0

),

cells as (

    select
        stg.document_id,
        stg.table_no,
        stg.lane_no,
        stg.row_no,
        table_rows.row_order,
        stg.column_no,
        table_rows.row_code,
        coalesce(table_rows.row_label, '') as row_label,
        coalesce(table_rows.row_role, 'item') as row_role,
        coalesce(left(table_rows.line_item, 12) = 'procurement_', false) as is_kind,
        coalesce(table_rows.row_context, '{}') in ('', '{}') as is_plain,
        stg.value as amount,
        case when stg.value = 0 then 0 else {{ half_unit('stg.decimals', '1', 'true') }} end as half_unit
    from {{ ref('stg_cell') }} as stg
    inner join uncoded_tables using (document_id, table_no)
    inner join {{ ref('int_table_row') }} as table_rows
        on
            stg.document_id = table_rows.document_id
            and stg.table_no = table_rows.table_no
            and stg.row_no = table_rows.row_no
            and stg.lane_no = table_rows.lane_no
    inner join {{ ref('int_column') }} as columns
        on
            stg.document_id = columns.document_id
            and stg.table_no = columns.table_no
            and stg.column_no = columns.column_no
    where
        stg.value is not null
        and not columns.is_indicator
        -- numbers in a column of words are no amounts
        and coalesce(columns.text_role, 'structural') = 'structural'

),

-- the column that most money stands in tells the levels; all columns judge them
main_columns as (
    select
        document_id,
        table_no,
        {{ first_by('column_no', 'place') }} as column_no
    from (
        select
            document_id,
            table_no,
            column_no,
            row_number() over (
                partition by document_id, table_no order by sum(abs(amount)) desc, column_no asc
            ) as place
        from cells
        where row_role = 'item'
        group by document_id, table_no, column_no
    ) as columns
    group by document_id, table_no
),

-- what a line looks like: kinds of purchases stand over bodies, short codes over long ones, names over details
lines as (
    select
        cells.document_id,
        cells.table_no,
        cells.lane_no,
        cells.row_no,
        min(cells.row_order) as row_order,
        min(cells.row_label) as row_label,
        min(case
            when cells.is_kind then 0
            when cells.row_code is not null then length(cells.row_code)
            when cells.is_plain and cells.row_label <> '' then 20
            else 30
        end) as form,
        sum(case when cells.column_no = main_columns.column_no then cells.amount else 0 end) as amount,
        sum(case when cells.column_no = main_columns.column_no then cells.half_unit else 0 end) as half_unit
    from cells
    inner join main_columns using (document_id, table_no)
    where cells.row_role = 'item'
    group by cells.document_id, cells.table_no, cells.lane_no, cells.row_no
),

totals as (
    select
        document_id,
        table_no,
        lane_no,
        column_no,
        max(amount) as amount,
        max(half_unit) as half_unit
    from cells
    where row_role = 'total'
    group by document_id, table_no, lane_no, column_no
    -- two totals that differ are no yardstick
    having min(amount) = max(amount)
),

-- 1: by looks. A line stands under the nearest line above it that looks higher
by_form as (
    select
        child.document_id,
        child.table_no,
        child.lane_no,
        child.row_no,
        {{ last_by('parent.row_no', 'parent.row_order') }} as parent_row_no
    from lines as child
    inner join lines as parent
        on
            child.document_id = parent.document_id
            and child.table_no = parent.table_no
            and child.lane_no = parent.lane_no
            and child.row_order > parent.row_order
            and child.form > parent.form
    group by child.document_id, child.table_no, child.lane_no, child.row_no
),

-- 2: the first line repeats the total and stands over all others
by_head as (
    select
        lines.document_id,
        lines.table_no,
        lines.lane_no,
        lines.row_no,
        heads.row_no as parent_row_no
    from lines
    inner join lines as heads using (document_id, table_no, lane_no)
    inner join main_columns using (document_id, table_no)
    inner join totals using (document_id, table_no, lane_no, column_no)
    where
        heads.row_order < lines.row_order
        and heads.amount = totals.amount
        and not exists (
            select 1
            from lines as earlier
            where
                earlier.document_id = heads.document_id
                and earlier.table_no = heads.table_no
                and earlier.lane_no = heads.lane_no
                and earlier.row_order < heads.row_order
        )
),

-- 3 and 4: by amounts. A line is over the lines behind it that make up its amount, the innermost first. That one line
-- equals the next alone says little: the careful reading wants a sign that they are of two levels, the bold one none
left_0 as (
    select
        readings.reading,
        lines.*,
        false as is_parent
    from lines
    cross join (values (3), (4)) as readings (reading)
    where lines.amount <> 0
),

{{ quality_level_rounds(4) }},

-- where no total is printed, the first line has to be it: all others end under it, and not only one under another
wide_tables as (
    select
        reading,
        document_id,
        table_no,
        lane_no
    from taken
    group by reading, document_id, table_no, lane_no
    having reading = 3 or count(*) > count(distinct parent_row_no)
),

settled_tables as (
    select
        left_4.reading,
        left_4.document_id,
        left_4.table_no,
        left_4.lane_no
    from left_4
    inner join main_columns using (document_id, table_no)
    left join totals using (document_id, table_no, lane_no, column_no)
    left join wide_tables using (reading, document_id, table_no, lane_no)
    group by left_4.reading, left_4.document_id, left_4.table_no, left_4.lane_no
    having max(totals.amount) is not null or (count(*) = 1 and max(wide_tables.reading) is not null)
),

links as (
    select
        1 as reading,
        by_form.*
    from by_form
    union all
    select
        2 as reading,
        by_head.*
    from by_head
    union all
    select taken.*
    from taken
    inner join settled_tables using (reading, document_id, table_no, lane_no)
),

-- every reading of every table: 0 is a list of one level
read_tables as (
    select distinct
        0 as reading,
        document_id,
        table_no,
        lane_no
    from lines
    union all
    select distinct
        reading,
        document_id,
        table_no,
        lane_no
    from links
),

read_lines as (
    select
        read_tables.reading,
        lines.document_id,
        lines.table_no,
        lines.lane_no,
        lines.row_no,
        links.parent_row_no
    from lines
    inner join read_tables using (document_id, table_no, lane_no)
    left join links
        on
            read_tables.reading = links.reading
            and lines.document_id = links.document_id
            and lines.table_no = links.table_no
            and lines.lane_no = links.lane_no
            and lines.row_no = links.row_no
),

sums as (
    select
        read_lines.reading,
        read_lines.document_id,
        read_lines.table_no,
        read_lines.lane_no,
        read_lines.parent_row_no,
        cells.column_no,
        sum(cells.amount) as amount,
        sum(cells.half_unit) as half_unit
    from read_lines
    inner join cells using (document_id, table_no, lane_no, row_no)
    group by all
),

compared as (
    select
        sums.reading,
        sums.document_id,
        sums.table_no,
        sums.lane_no,
        totals.column_no is not null as is_total,
        abs(sums.amount - coalesce(totals.amount, parents.amount, 0)) as difference,
        sums.half_unit + coalesce(totals.half_unit, parents.half_unit, 0) as tolerance
    from sums
    left join totals
        on
            sums.document_id = totals.document_id
            and case when sums.parent_row_no is null then sums.table_no end = totals.table_no
            and sums.lane_no = totals.lane_no
            and sums.column_no = totals.column_no
    left join cells as parents
        on
            sums.parent_row_no = parents.row_no
            and sums.document_id = parents.document_id
            and sums.table_no = parents.table_no
            and sums.lane_no = parents.lane_no
            and sums.column_no = parents.column_no
    where totals.column_no is not null or sums.parent_row_no is not null
),

weighed as (
    select
        read_tables.*,
        coalesce(sum(case when compared.difference > compared.tolerance then compared.difference end), 0) as difference,
        -- without a total the sums of a reading by looks are all there is to hold it against
        case
            when not coalesce(bool_or(compared.is_total), false)
                then count(case when compared.difference <= compared.tolerance then 1 end)
            else 0
        end as sums_that_hold
    from read_tables
    left join compared using (reading, document_id, table_no, lane_no)
    group by all
),

chosen as (
    select *
    from weighed
    qualify row_number() over (
        partition by document_id, table_no, lane_no
        order by difference asc, sums_that_hold = 0 asc, reading = 4 asc, sums_that_hold desc, reading asc
    ) = 1
)

select
    read_lines.document_id,
    read_lines.table_no,
    read_lines.lane_no,
    read_lines.row_no,
    read_lines.parent_row_no,
    -- amounts that do not close in the end cannot tell the levels, and no level may accuse an amount
    chosen.reading in (3, 4) and chosen.difference > 0 as is_unsettled
from read_lines
inner join chosen using (reading, document_id, table_no, lane_no)
