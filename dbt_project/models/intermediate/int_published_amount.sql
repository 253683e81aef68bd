-- One row a printed number: whose it is, what it measures, in yuan where it is money.
with cells as (

    select * from {{ ref('stg_cell') }}

),

-- a row may say its own year where years stand below each other: 2025年, 2026年, 增减变化金额
row_years as (

    select
        document_id,
        table_no,
        row_no,
        lane_no,
        max({{ year_named('text_normal') }}) as year_named,
        max(case when {{ regex_matches('text_normal', '增减|变化|差额') }} then 1 else 0 end) as is_change
    from {{ ref('int_row_text') }}
    where text_role = 'year'
    group by document_id, table_no, row_no, lane_no

),

-- what a line says of its unit, read once a line and not once a number
table_rows as (

    select
        *,
        {{ money_unit_named(normalise_text('row_label')) }} as label_unit,
        {{ money_unit_named(normalise_text('row_context')) }} as context_unit,
        {{ last_bracket(normalise_text('row_label')) }} as label_bracket
    from {{ ref('int_table_row') }}

),

placed as (

    select
        cells.*,
        tables.document_name,
        tables.table_title,
        tables.table_type,
        tables.document_kind,
        tables.scope,
        tables.grain,
        tables.unit as table_unit,
        tables.is_two_sided,
        table_rows.row_order,
        table_rows.row_code,
        table_rows.row_label,
        table_rows.row_context,
        table_rows.line_item,
        table_rows.row_role,
        table_rows.code_domain,
        table_rows.code_level,
        table_rows.parent_code,
        table_rows.class_code,
        table_rows.label_depth,
        coalesce(table_rows.has_project_name, false) as has_project_name,
        columns.column_path,
        columns.component,
        columns.fund,
        columns.money_source,
        columns.is_of_which as is_of_which_column,
        case
            when row_years.is_change = 1 then 'change'
            when row_years.year_named < columns.fiscal_year and columns.period = 'current' then 'prior'
            else columns.period
        end as period,
        columns.phase,
        coalesce(row_years.year_named, columns.fiscal_year) as fiscal_year,
        columns.measure,
        coalesce(columns.is_indicator, false) as is_indicator,
        columns.unit_named as column_unit,
        coalesce(columns.side, table_rows.side) as side,
        table_rows.label_unit,
        table_rows.context_unit,
        table_rows.label_bracket
    from cells
    inner join {{ ref('int_table') }} as tables
        on cells.document_id = tables.document_id and cells.table_no = tables.table_no
    left join {{ ref('int_column') }} as columns
        on
            cells.document_id = columns.document_id
            and cells.table_no = columns.table_no
            and cells.column_no = columns.column_no
    left join table_rows
        on
            cells.document_id = table_rows.document_id
            and cells.table_no = table_rows.table_no
            and cells.row_no = table_rows.row_no
            and cells.lane_no = table_rows.lane_no
    left join row_years
        on
            cells.document_id = row_years.document_id
            and cells.table_no = row_years.table_no
            and cells.row_no = row_years.row_no
            and cells.lane_no = row_years.lane_no

),

-- The nearest word about the unit counts: behind the number, over the column, in the row's label, over the table.
united as (

    select
        *,
        {{ unit_of_number(
            'number_suffix', 'column_unit', 'label_unit', 'context_unit', 'label_bracket',
            'is_indicator', "grain = 'indicator'", 'component', 'table_unit'
        ) }} as unit
    from placed

),

in_yuan as (

    select
        united.*,
        units.yuan_factor is not null and (not united.is_indicator or united.unit like '%元') as is_money,
        cast(units.yuan_factor as decimal(14, 2)) as yuan_factor
    from united
    left join {{ ref('unit') }} as units on united.unit = units.unit_text

),

-- Codes that have a number below them in the same column of the same table, level by level.
parents as (

    select distinct
        in_yuan.document_id,
        in_yuan.table_no,
        in_yuan.measure,
        in_yuan.period,
        in_yuan.phase,
        in_yuan.side,
        left(in_yuan.row_code, prefixes.code_length) as row_code
    from in_yuan
    inner join (values (3), (5)) as prefixes (code_length) on length(in_yuan.row_code) > prefixes.code_length
    where in_yuan.code_domain is not null and in_yuan.row_role = 'item'

),

-- Codes that are split into named projects in the same column.
split_codes as (

    select distinct
        document_id,
        table_no,
        measure,
        period,
        phase,
        side,
        row_code
    from in_yuan
    where code_domain is not null and has_project_name

),

-- Line items with all line items above them.
ancestors as (

    select
        line_item,
        ancestor_item
    from {{ ref('int_line_item_ancestor') }}

),

parent_items as (

    select distinct
        in_yuan.document_id,
        in_yuan.table_no,
        in_yuan.measure,
        in_yuan.period,
        in_yuan.phase,
        in_yuan.side,
        ancestors.ancestor_item as line_item
    from in_yuan
    inner join ancestors on in_yuan.line_item = ancestors.line_item
    where
        in_yuan.row_role in ('item', 'subtotal')
        -- in the tables of the three expenses the parts of the vehicles are printed as «of which» and are all of them
        or (in_yuan.grain = 'spending_item' and in_yuan.line_item in ('vehicle_purchase', 'vehicle_running'))

),

-- Lines without codes that others are parts of: a body over its units, a unit over its projects.
parent_lines as (

    select distinct
        document_id,
        table_no,
        lane_no,
        parent_row_no as row_no
    from {{ ref('int_line_nesting') }}
    where parent_row_no is not null

),

final as (

    select
        in_yuan.*,
        case
            when parent_lines.row_no is not null then false
            when in_yuan.code_domain is not null
                then
                    in_yuan.row_role = 'item'
                    and parents.row_code is null
                    and (split_codes.row_code is null or in_yuan.has_project_name)
            when in_yuan.class_code is not null then in_yuan.row_role = 'item'
            when in_yuan.line_item is not null
                then
                    parent_items.line_item is null
                    and (
                        in_yuan.row_role = 'item'
                        -- a subtotal of which no part is printed stands for its parts
                        or (in_yuan.row_role = 'subtotal' and in_yuan.side = 'income' and in_yuan.is_two_sided)
                        or (
                            in_yuan.grain = 'spending_item'
                            and in_yuan.line_item in ('vehicle_purchase', 'vehicle_running')
                        )
                    )
                    and in_yuan.line_item not in ('current_income_total', 'total_income')
            -- a line that only its texts name (采购品目, 项目名称) has no label and so no role
            when in_yuan.row_role is null
                then in_yuan.row_label is null and coalesce(in_yuan.row_context, '{}') not in ('', '{}')
            else in_yuan.row_role = 'item'
        end as is_leaf
    from in_yuan
    left join parent_lines
        on
            in_yuan.document_id = parent_lines.document_id
            and in_yuan.table_no = parent_lines.table_no
            and in_yuan.lane_no = parent_lines.lane_no
            and in_yuan.row_no = parent_lines.row_no
    left join parents
        on
            in_yuan.document_id = parents.document_id
            and in_yuan.table_no = parents.table_no
            and in_yuan.measure = parents.measure
            and in_yuan.period = parents.period
            and in_yuan.phase = parents.phase
            and coalesce(in_yuan.side, '') = coalesce(parents.side, '')
            and in_yuan.row_code = parents.row_code
    left join split_codes
        on
            in_yuan.document_id = split_codes.document_id
            and in_yuan.table_no = split_codes.table_no
            and in_yuan.measure = split_codes.measure
            and in_yuan.period = split_codes.period
            and in_yuan.phase = split_codes.phase
            and coalesce(in_yuan.side, '') = coalesce(split_codes.side, '')
            and in_yuan.row_code = split_codes.row_code
    left join parent_items
        on
            in_yuan.document_id = parent_items.document_id
            and in_yuan.table_no = parent_items.table_no
            and in_yuan.measure = parent_items.measure
            and in_yuan.period = parent_items.period
            and in_yuan.phase = parent_items.phase
            and coalesce(in_yuan.side, '') = coalesce(parent_items.side, '')
            and in_yuan.line_item = parent_items.line_item

)

select
    cell_id,
    document_id,
    document_name,
    document_kind,
    table_no,
    table_title,
    table_type,
    scope,
    page_no,
    row_no,
    column_no,
    lane_no,
    line_no,
    row_order,
    row_code,
    row_label,
    row_context,
    column_path,
    value_text,
    value,
    decimals,
    unit,
    is_money,
    {{ yuan('value', 'yuan_factor', 'is_money') }} as amount_yuan,
    {{ half_unit('decimals', 'yuan_factor', 'is_money') }} as half_unit_yuan,
    fiscal_year,
    phase,
    period,
    case when period = 'prior' then document_id end as restated_in_document_id,
    measure,
    component,
    money_source,
    fund,
    side,
    line_item,
    row_role,
    label_depth,
    code_domain,
    code_level,
    parent_code,
    class_code,
    is_indicator,
    is_of_which_column,
    is_leaf,
    placement,
    x0,
    top,
    x1,
    bottom
from final
