-- One row a mistake that several numbers may share (another unit, numbers a line or a column off, two lines or columns
-- in each other's place, a wrong number repeated), and a number that it would change: where failing sums point at it.
{{ config(schema='intermediate') }}

-- what failing sums say that a number should be
with pointed as (
    select
        terms.document_id,
        terms.table_no,
        terms.row_no,
        terms.lane_no,
        terms.column_no,
        terms.cell_id,
        terms.line_code,
        terms.coefficient,
        cast(terms.amount_yuan as decimal(20, 2)) as amount,
        cast(terms.amount_yuan - scope.residual * terms.coefficient as decimal(20, 2)) as expected,
        scope.tolerance,
        scope.equation_id
    from {{ ref('int_repair_term') }} as terms
    inner join {{ ref('int_repair_scope') }} as scope on terms.equation_id = scope.equation_id
    where
        scope.status = 'fail'
        and scope.is_searched
        and terms.cell_id is not null
        and abs(terms.coefficient) = 1
),

cells as (
    select
        document_id,
        table_no,
        row_no,
        lane_no,
        column_no,
        cell_id,
        line_code,
        component,
        cast(amount as decimal(20, 2)) as amount,
        half_unit
    from {{ ref('int_equation_cell') }}
    where
        is_money
        and document_id in (select pointed.document_id from pointed)
),

-- 元, 万元: the number closes the sum when it is ten thousand times smaller or larger
unit_pointers as (
    select distinct
        document_id,
        table_no,
        lane_no,
        column_no,
        case
            when {{ is_ten_thousand_times('amount', 'expected', 'tolerance') }} then cast('0.0001' as decimal(9, 4))
            else cast(10000 as decimal(9, 4))
        end as factor
    from pointed
    where
        {{ is_ten_thousand_times('amount', 'expected', 'tolerance') }}
        or {{ is_ten_thousand_times('expected', 'amount', 'tolerance') }}
),

unit_blocks as (
    select
        'unit ' || document_id || ' ' || table_no || ' - ' || factor as repair_id,
        document_id,
        table_no,
        cast(null as integer) as lane_no,
        cast(null as integer) as column_no,
        factor
    from unit_pointers
    union
    select
        'unit ' || document_id || ' ' || table_no || ' ' || lane_no || '.' || column_no || ' ' || factor as repair_id,
        document_id,
        table_no,
        lane_no,
        column_no,
        factor
    from unit_pointers
),

unit_cells as (
    select
        blocks.repair_id,
        blocks.column_no is null as is_table,
        cells.document_id,
        cells.table_no,
        cells.row_no,
        cells.lane_no,
        cells.column_no,
        cells.amount,
        cast(cells.amount * blocks.factor as decimal(20, 2)) as true_amount,
        -- an amount that was rounded in the larger unit
        cast(
            case when blocks.factor > 1 then cells.half_unit * (blocks.factor - 1) else 0 end as decimal(20, 4)
        ) as slack
    from unit_blocks as blocks
    inner join cells
        on
            blocks.document_id = cells.document_id
            and blocks.table_no = cells.table_no
            and (
                blocks.column_no is null
                or (blocks.column_no = cells.column_no and blocks.lane_no = cells.lane_no)
            )
    where cells.amount <> 0
),

table_amounts as (
    select distinct
        document_id,
        table_no,
        amount
    from cells
),

-- of two tables that are ten thousand times each other, the one that other tables agree with is right
unit_doubts as (
    select
        unit_cells.repair_id,
        sign(
            count(distinct case when others.amount = unit_cells.amount then others.table_no end)
            - count(distinct case when others.amount = unit_cells.true_amount then others.table_no end)
        ) as doubt
    from unit_cells
    inner join table_amounts as others
        on
            unit_cells.document_id = others.document_id
            and unit_cells.table_no <> others.table_no
            and others.amount in (unit_cells.amount, unit_cells.true_amount)
    group by unit_cells.repair_id
),

unit_changes as (
    select
        'unit_block' as kind,
        unit_cells.repair_id,
        cast(
            2.5 + 0.3 * coalesce(unit_doubts.doubt, 0) + case when unit_cells.is_table then 0.1 else 0 end
            as decimal(3, 1)
        ) as preference,
        unit_cells.document_id,
        unit_cells.table_no,
        unit_cells.row_no,
        unit_cells.lane_no,
        unit_cells.column_no,
        unit_cells.amount,
        unit_cells.true_amount,
        unit_cells.slack
    from unit_cells
    left join unit_doubts on unit_cells.repair_id = unit_doubts.repair_id
),

-- two lines: a number should be the one that stands in the same column of the other
line_pairs as (
    select distinct
        pointed.document_id,
        pointed.table_no,
        pointed.lane_no,
        least(pointed.row_no, other.row_no) as first_no,
        greatest(pointed.row_no, other.row_no) as second_no,
        pointed.column_no
    from pointed
    inner join cells as other
        on
            pointed.document_id = other.document_id
            and pointed.table_no = other.table_no
            and pointed.lane_no = other.lane_no
            and pointed.column_no = other.column_no
            and pointed.expected = other.amount
    where
        pointed.row_no <> other.row_no
        and pointed.amount <> 0
        and other.amount <> 0
    union
    -- one of them is nothing: sums want each in the place of the other
    select distinct
        pointed.document_id,
        pointed.table_no,
        pointed.lane_no,
        least(pointed.row_no, other.row_no) as first_no,
        greatest(pointed.row_no, other.row_no) as second_no,
        pointed.column_no
    from pointed
    inner join pointed as other
        on
            pointed.document_id = other.document_id
            and pointed.table_no = other.table_no
            and pointed.lane_no = other.lane_no
            and pointed.column_no = other.column_no
            and pointed.expected = other.amount
            and pointed.amount = other.expected
    where
        pointed.row_no <> other.row_no
        and pointed.amount = 0
        and other.amount <> 0
),

sides as (
    select 1 as side
    union all
    select 2 as side
),

-- two columns: sums of several lines would hold if the line's numbers in them stood in each other's place
column_pairs as (
    select
        pointed.document_id,
        pointed.table_no,
        pointed.lane_no,
        least(pointed.column_no, other.column_no) as first_no,
        greatest(pointed.column_no, other.column_no) as second_no
    from pointed
    inner join cells as other
        on
            pointed.document_id = other.document_id
            and pointed.table_no = other.table_no
            and pointed.lane_no = other.lane_no
            and pointed.row_no = other.row_no
    -- the sum may have a part for the other number as well
    left join pointed as across
        on
            pointed.equation_id = across.equation_id
            and other.cell_id = across.cell_id
    where
        pointed.column_no <> other.column_no
        and (pointed.amount <> 0 or other.amount <> 0)
        and abs(
            other.amount - pointed.expected
            + coalesce(pointed.coefficient * across.coefficient, 0) * (pointed.amount - other.amount)
        ) <= pointed.tolerance
    group by
        pointed.document_id, pointed.table_no, pointed.lane_no,
        least(pointed.column_no, other.column_no), greatest(pointed.column_no, other.column_no)
    having count(distinct pointed.row_no) >= 2
),

exchanged_lines as (
    -- with all their numbers
    select distinct
        'rows ' || document_id || ' ' || table_no || ' ' || lane_no || ' ' || first_no || ' ' || second_no as repair_id,
        3 as preference,
        document_id,
        table_no,
        lane_no,
        first_no,
        second_no,
        cast(null as integer) as column_no
    from line_pairs
    union all
    -- or with one
    select
        'numbers ' || document_id || ' ' || table_no || ' ' || lane_no || ' ' || first_no || ' ' || second_no
        || ' ' || column_no as repair_id,
        2 as preference,
        document_id,
        table_no,
        lane_no,
        first_no,
        second_no,
        column_no
    from line_pairs
),

-- each place of both lines or columns, with the number that stands there and the one that stands across
exchanged_places as (
    select
        'rows_exchanged' as kind,
        lines.repair_id,
        lines.preference,
        lines.document_id,
        lines.table_no,
        case sides.side when 1 then lines.first_no else lines.second_no end as row_no,
        lines.lane_no,
        cells.column_no,
        sum(case when (sides.side = 1) = (cells.row_no = lines.first_no) then cells.amount else 0 end) as amount,
        sum(cells.amount) as both_amounts
    from exchanged_lines as lines
    inner join cells
        on
            lines.document_id = cells.document_id
            and lines.table_no = cells.table_no
            and lines.lane_no = cells.lane_no
            and cells.row_no in (lines.first_no, lines.second_no)
            and cells.column_no = coalesce(lines.column_no, cells.column_no)
    cross join sides
    group by all
    union all
    select
        'columns_exchanged' as kind,
        'columns ' || columns.document_id || ' ' || columns.table_no || ' ' || columns.lane_no
        || ' ' || columns.first_no || ' ' || columns.second_no as repair_id,
        3 as preference,
        columns.document_id,
        columns.table_no,
        cells.row_no,
        columns.lane_no,
        case sides.side when 1 then columns.first_no else columns.second_no end as column_no,
        sum(case when (sides.side = 1) = (cells.column_no = columns.first_no) then cells.amount else 0 end) as amount,
        sum(cells.amount) as both_amounts
    from column_pairs as columns
    inner join cells
        on
            columns.document_id = cells.document_id
            and columns.table_no = cells.table_no
            and columns.lane_no = cells.lane_no
            and cells.column_no in (columns.first_no, columns.second_no)
    cross join sides
    group by all
),

exchange_changes as (
    select
        kind,
        repair_id,
        preference,
        document_id,
        table_no,
        row_no,
        lane_no,
        column_no,
        amount,
        both_amounts - amount as true_amount,
        cast(0 as decimal(20, 4)) as slack
    from exchanged_places
),

-- tables in which much breaks, and the first lines in which it does
broken_lines as (
    select
        document_id,
        table_no,
        lane_no,
        row_no,
        row_number() over (partition by document_id, table_no, lane_no order by row_no) as place
    from (
        select
            document_id,
            table_no,
            lane_no,
            row_no,
            count(*) over (partition by document_id, table_no, lane_no) as broken
        from (
            select
                document_id,
                table_no,
                lane_no,
                row_no,
                min(equation_id) as equation_id
            from pointed
            group by document_id, table_no, lane_no, row_no
        ) as by_line
    ) as counted
    where broken >= 4
),

starts as (
    select
        document_id,
        table_no,
        lane_no,
        row_no as first_no
    from broken_lines
    where place <= 3
    union
    select
        document_id,
        table_no,
        lane_no,
        0 as first_no
    from broken_lines
),

table_columns as (
    select distinct
        document_id,
        table_no,
        lane_no,
        column_no
    from cells
),

-- all places of such tables, line by line
places as (
    select
        lines.document_id,
        lines.table_no,
        lines.lane_no,
        lines.row_no,
        columns.column_no,
        coalesce(cells.amount, 0) as amount
    from {{ ref('int_table_row') }} as lines
    inner join broken_lines
        on
            lines.document_id = broken_lines.document_id
            and lines.table_no = broken_lines.table_no
            and lines.lane_no = broken_lines.lane_no
            and broken_lines.place = 1
    inner join table_columns as columns
        on
            lines.document_id = columns.document_id
            and lines.table_no = columns.table_no
            and lines.lane_no = columns.lane_no
    left join cells
        on
            lines.document_id = cells.document_id
            and lines.table_no = cells.table_no
            and lines.lane_no = cells.lane_no
            and lines.row_no = cells.row_no
            and columns.column_no = cells.column_no
),

neighbours as (
    select
        *,
        lead(amount) over (column_order) as below,
        lag(amount) over (column_order) as above,
        lag(row_no) over (column_order) as row_above
    from places
    window column_order as (partition by document_id, table_no, lane_no, column_no order by row_no)
),

-- printed a line too low: what is true of a line stands in the next; or too high: in the one before
shift_sides as (
    select
        neighbours.*,
        starts.first_no,
        'down' as side_name,
        neighbours.below as true_amount
    from neighbours
    inner join starts using (document_id, table_no, lane_no)
    where neighbours.row_no >= starts.first_no
    union all
    select
        neighbours.*,
        starts.first_no,
        'up' as side_name,
        case when neighbours.row_above >= starts.first_no then neighbours.above end as true_amount
    from neighbours
    inner join starts using (document_id, table_no, lane_no)
    where neighbours.row_no >= starts.first_no
),

shift_changes as (
    select
        'rows_shifted' as kind,
        side_name || ' ' || document_id || ' ' || table_no || ' ' || lane_no || ' ' || first_no as repair_id,
        case when first_no = 0 then 3 else 4 end as preference,
        document_id,
        table_no,
        row_no,
        lane_no,
        column_no,
        amount,
        true_amount,
        cast(0 as decimal(20, 4)) as slack
    from shift_sides
),

-- lines whose true numbers, as other tables print them under their code, stand in another line of the table: of a line
-- without code, as sums say
homes as (
    select
        wanted.document_id,
        wanted.table_no,
        wanted.lane_no,
        wanted.row_no,
        found.row_no as home_row_no,
        row_number() over (
            partition by wanted.document_id, wanted.table_no, wanted.lane_no, wanted.row_no
            order by count(distinct wanted.column_no) desc, abs(found.row_no - wanted.row_no)
        ) as place
    from (
        select
            cells.document_id,
            cells.table_no,
            cells.lane_no,
            cells.row_no,
            cells.column_no,
            cells.amount,
            others.amount as expected
        from cells
        inner join broken_lines
            on
                cells.document_id = broken_lines.document_id
                and cells.table_no = broken_lines.table_no
                and cells.lane_no = broken_lines.lane_no
                and broken_lines.place = 1
        inner join cells as others
            on
                cells.document_id = others.document_id
                and cells.table_no <> others.table_no
                and cells.line_code = others.line_code
                and cells.component = others.component
        union
        select
            document_id,
            table_no,
            lane_no,
            row_no,
            column_no,
            amount,
            expected
        from pointed
        where line_code is null
    ) as wanted
    inner join cells as found
        on
            wanted.document_id = found.document_id
            and wanted.table_no = found.table_no
            and wanted.lane_no = found.lane_no
            and wanted.column_no = found.column_no
            and wanted.expected = found.amount
    where
        wanted.amount <> wanted.expected
        and wanted.expected <> 0
        and wanted.row_no <> found.row_no
    group by wanted.document_id, wanted.table_no, wanted.lane_no, wanted.row_no, found.row_no
),

-- lines that another table prints the same numbers of stand right
right_lines as (
    select distinct
        cells.document_id,
        cells.table_no,
        cells.lane_no,
        cells.row_no
    from cells
    inner join homes using (document_id, table_no, lane_no)
    inner join cells as others
        on
            cells.document_id = others.document_id
            and cells.table_no <> others.table_no
            and cells.line_code = others.line_code
            and cells.component = others.component
            and cells.amount = others.amount
    where homes.place = 1
),

-- much of a table stands in other lines, each line another way: lines left out of its numbers, or pasted once more
scattered as (
    select
        moved.document_id,
        moved.table_no,
        moved.lane_no,
        coalesce(max(right_lines.row_no) + 1, 0) as first_no
    from (
        select
            document_id,
            table_no,
            lane_no,
            min(row_no) as first_no
        from homes
        where place = 1
        group by document_id, table_no, lane_no
        having count(*) >= 4
    ) as moved
    left join right_lines
        on
            moved.document_id = right_lines.document_id
            and moved.table_no = right_lines.table_no
            and moved.lane_no = right_lines.lane_no
            and moved.first_no > right_lines.row_no
    group by moved.document_id, moved.table_no, moved.lane_no
),

scattered_places as (
    select
        places.*,
        home_places.amount as home_amount
    from places
    inner join scattered
        on
            places.document_id = scattered.document_id
            and places.table_no = scattered.table_no
            and places.lane_no = scattered.lane_no
            and places.row_no >= scattered.first_no
    left join right_lines
        on
            places.document_id = right_lines.document_id
            and places.table_no = right_lines.table_no
            and places.lane_no = right_lines.lane_no
            and places.row_no = right_lines.row_no
    left join homes
        on
            places.document_id = homes.document_id
            and places.table_no = homes.table_no
            and places.lane_no = homes.lane_no
            and places.row_no = homes.row_no
            and homes.place = 1
    left join places as home_places
        on
            homes.document_id = home_places.document_id
            and homes.table_no = home_places.table_no
            and homes.lane_no = home_places.lane_no
            and homes.home_row_no = home_places.row_no
            and places.column_no = home_places.column_no
    where right_lines.row_no is null
),

scatter_changes as (
    select
        'rows_shifted' as kind,
        'scattered ' || document_id || ' ' || table_no || ' ' || lane_no as repair_id,
        3 as preference,
        document_id,
        table_no,
        row_no,
        lane_no,
        column_no,
        amount,
        home_amount as true_amount,
        cast(0 as decimal(20, 4)) as slack
    from scattered_places
),

-- a line with a number that should be another's in it
suspected_lines as (
    select distinct
        pointed.document_id,
        pointed.table_no,
        pointed.lane_no,
        pointed.row_no
    from pointed
    inner join cells as other
        on
            pointed.document_id = other.document_id
            and pointed.table_no = other.table_no
            and pointed.lane_no = other.lane_no
            and pointed.row_no = other.row_no
            and abs(pointed.expected - other.amount) <= pointed.tolerance
    where
        pointed.column_no <> other.column_no
        and other.amount <> 0
),

line_neighbours as (
    select
        *,
        lead(amount) over (line_order) as next_amount,
        lag(amount) over (line_order) as previous_amount
    from (
        select
            lines.document_id,
            lines.table_no,
            lines.lane_no,
            lines.row_no,
            columns.column_no,
            coalesce(cells.amount, 0) as amount
        from suspected_lines as lines
        inner join table_columns as columns
            on
                lines.document_id = columns.document_id
                and lines.table_no = columns.table_no
                and lines.lane_no = columns.lane_no
        left join cells
            on
                lines.document_id = cells.document_id
                and lines.table_no = cells.table_no
                and lines.lane_no = cells.lane_no
                and lines.row_no = cells.row_no
                and columns.column_no = cells.column_no
    ) as line_places
    window line_order as (partition by document_id, table_no, lane_no, row_no order by column_no)
),

-- what stands to the right of its place, and to the left
line_sides as (
    select
        *,
        'right' as side_name,
        next_amount as true_amount
    from line_neighbours
    union all
    select
        *,
        'left' as side_name,
        previous_amount as true_amount
    from line_neighbours
),

line_changes as (
    select
        'line_shifted' as kind,
        side_name || ' ' || document_id || ' ' || table_no || ' ' || lane_no || ' ' || row_no as repair_id,
        3 as preference,
        document_id,
        table_no,
        row_no,
        lane_no,
        column_no,
        amount,
        true_amount,
        cast(0 as decimal(20, 4)) as slack
    from line_sides
),

-- a number that is printed twice, as sums that hold say, and wrong in both places
repeated_numbers as (
    select
        terms.equation_id,
        min(terms.cell_id) as first_id,
        max(terms.cell_id) as second_id
    from {{ ref('int_repair_term') }} as terms
    inner join {{ ref('int_repair_scope') }} as scope on terms.equation_id = scope.equation_id
    where
        scope.status <> 'fail'
        and scope.comparison = 'eq'
        and terms.cell_id is not null
        and terms.amount_yuan <> 0
    group by terms.equation_id
    having
        count(*) = 2
        and min(terms.cell_id) <> max(terms.cell_id)
        and min(terms.amount_yuan) = max(terms.amount_yuan)
        and min(terms.coefficient) = -1
        and max(terms.coefficient) = 1
),

repetitions as (
    select
        first_id as cell_id,
        second_id as other_id
    from repeated_numbers
    union
    select
        second_id as cell_id,
        first_id as other_id
    from repeated_numbers
    union
    select
        first_id as cell_id,
        first_id as other_id
    from repeated_numbers
    union
    select
        second_id as cell_id,
        second_id as other_id
    from repeated_numbers
),

repeated_cells as (
    select distinct
        one.cell_id as first_id,
        other.document_id,
        other.table_no,
        other.row_no,
        other.lane_no,
        other.column_no,
        other.cell_id,
        other.amount,
        other.expected
    from pointed as one
    inner join repetitions on one.cell_id = repetitions.cell_id
    inner join pointed as other
        on
            repetitions.other_id = other.cell_id
            and one.expected = other.expected
            and one.amount = other.amount
    where one.expected >= 0 or one.amount < 0
),

repeated_groups as (
    select
        first_id,
        expected,
        'same ' || {{ quality_join_first(quality_list('cell_id', 'cell_id'), 100, '|') }} || ' ' || expected
            as repair_id
    from repeated_cells
    group by first_id, expected
    having count(*) >= 2
),

repeated_changes as (
    select distinct
        'same_number' as kind,
        repeated_groups.repair_id,
        3 as preference,
        repeated_cells.document_id,
        repeated_cells.table_no,
        repeated_cells.row_no,
        repeated_cells.lane_no,
        repeated_cells.column_no,
        repeated_cells.amount,
        repeated_cells.expected as true_amount,
        cast(0 as decimal(20, 4)) as slack
    from repeated_cells
    inner join repeated_groups using (first_id, expected)
),

changes as (
    select * from unit_changes
    union all
    select * from exchange_changes
    union all
    select * from shift_changes
    union all
    select * from scatter_changes
    union all
    select * from line_changes
    union all
    select * from repeated_changes
)

select
    kind,
    repair_id,
    -- where the numbers of a table begin to stand off is no other mistake
    case kind when 'rows_shifted' then 'shifted ' || document_id || ' ' || table_no || ' ' || lane_no else repair_id end
        as place,
    case kind when 'unit_block' then 1 when 'rows_shifted' then 6 else 2 end as needed_equations,
    preference,
    document_id,
    table_no,
    row_no,
    lane_no,
    column_no,
    left(document_id, 16) || ':' || table_no || ':' || row_no || ':' || column_no as cell_id,
    amount,
    cast(coalesce(true_amount, amount) - amount as decimal(20, 2)) as amount_change,
    slack,
    -- what is true of the place is not printed any more: pushed over the edge, or left out
    true_amount is null as is_lost
from changes
where true_amount is distinct from amount
