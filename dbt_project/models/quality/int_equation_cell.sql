-- One row a printed number that a rule may speak of, with what the rules select by.
{{ config(schema='intermediate') }}

-- a table of a single line has no total row: the line is its own total
with sole_lines as (
    select
        document_id,
        table_no
    from {{ ref('int_published_amount') }}
    group by document_id, table_no
    having count(distinct row_no) = 1 and count(row_role) filter (where row_role = 'total') = 0
),

-- read twice, and not kept between: all its columns would be written for the few that are asked first
amounts as not materialized (
    select *
    from {{ ref('int_published_amount') }}
    where
        value is not null
        and (is_money or component = 'weight')
        and (amount_yuan is not null or not is_money)
),

-- all others have nothing to add: the engine gathers these few, and lets the numbers pass by them
lines as (
    select *
    from {{ ref('int_equation_line') }}
    where line_code is not null or parent_row_no is not null
),

split_tables as (
    select
        document_id,
        table_no
    from amounts
    where code_domain <> ''
    group by document_id, table_no
    having min(code_domain) <> max(code_domain)
),

cells as (
    select
        amounts.cell_id,
        amounts.document_id,
        amounts.table_no,
        amounts.table_type,
        amounts.page_no,
        amounts.row_no,
        amounts.lane_no,
        amounts.column_no,
        amounts.row_order,
        amounts.placement,
        amounts.is_money,
        amounts.row_role,
        lines.line_code,
        sole_lines.table_no is not null as is_sole_line,
        split_tables.table_no is not null as is_split,
        lines.parent_row_no,
        lines.parent_lane_no,
        lines.is_detail,
        coalesce(amounts.side, '') as table_side,
        coalesce(amounts.component, 'total') as component,
        -- the one fund of a table about one fund needs no name
        nullif(amounts.fund, amounts.scope) as fund,
        amounts.money_source,
        amounts.measure,
        coalesce(amounts.is_of_which_column, false) as is_of_which,
        amounts.line_item,
        amounts.row_label,
        amounts.column_path,
        amounts.fiscal_year,
        coalesce(amounts.phase, '') as phase,
        coalesce(amounts.period, 'current') as period,
        -- each in the type of an amount: together they would be added up digits first, twenty times as slow
        case when amounts.is_money then amounts.amount_yuan else cast(amounts.value as decimal(18, 2)) end as amount,
        -- a printed zero is exact: nothing was rounded away
        cast(
            case
                when amounts.value = 0 then 0
                when amounts.is_money then amounts.half_unit_yuan
                else 0
            end as decimal(18, 4)
        ) as half_unit
    from amounts
    left join lines
        on
            amounts.document_id = lines.document_id
            and amounts.table_no = lines.table_no
            and amounts.row_no = lines.row_no
            and amounts.lane_no = lines.lane_no
    left join sole_lines
        on
            amounts.document_id = sole_lines.document_id
            and amounts.table_no = sole_lines.table_no
    left join split_tables
        on
            amounts.document_id = split_tables.document_id
            and amounts.table_no = split_tables.table_no
),

named as (
    select
        *,
        case
            when line_code is not null and parent_row_no is null then 'root'
            when is_detail then 'detail'
            when line_code is not null then 'child'
            when row_role = 'total' or is_sole_line then 'total'
            when parent_row_no is not null then 'child'
            else 'line'
        end as row_kind,
        -- a group of columns that says how two years differ is neither year
        concat_ws('·', fiscal_year, phase, case when period = 'change' then period end) as period_key,
        -- two classifications side by side add up each in its own lane
        concat_ws(
            '·', table_side, component, money_source, fund, fiscal_year, phase,
            case when period = 'change' then period end,
            case when is_split then lane_no end
        ) as column_meaning
    from cells
),

-- the same column in every lane: what it means, and which of the columns with that meaning it is
columns as (
    select
        document_id,
        table_no,
        lane_no,
        column_no,
        column_meaning,
        column_meaning || '#' || row_number() over (
            partition by document_id, table_no, lane_no, column_meaning order by column_no
        ) as column_key
    from named
    group by document_id, table_no, lane_no, column_no, column_meaning
),

keyed as (
    select
        named.*,
        columns.column_key
    from named
    inner join columns using (document_id, table_no, lane_no, column_no, column_meaning)
)

select
    -- a whole number joins faster than a text; it means nothing beyond one build
    {{ quality_key(['cell_id']) }} as cell_no,
    cell_id,
    document_id,
    table_no,
    table_type,
    page_no,
    row_no,
    lane_no,
    column_no,
    row_order,
    placement,
    is_money,
    row_role,
    row_kind,
    line_code,
    parent_row_no,
    parent_lane_no,
    table_side,
    component,
    fund,
    money_source,
    measure,
    is_of_which,
    line_item,
    row_label,
    column_path,
    fiscal_year,
    period,
    phase,
    period_key,
    amount,
    half_unit,
    column_key,
    -- everything a term selects by, so that terms are matched once a meaning and not once a cell
    {{ quality_meaning() }} as meaning_no
from keyed
