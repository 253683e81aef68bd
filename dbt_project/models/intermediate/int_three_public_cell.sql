-- One row a number for one of the three public expenses (三公), by row or by column, without their sums.
with cells as (

    select
        amounts.*,
        meanings.meaning as expense_item,
        cast(meanings.fineness as integer) as fineness,
        amounts.line_item is not null as is_by_row
    from {{ ref('int_published_amount') }} as amounts
    inner join {{ ref('fact_source') }} as sources
        on sources.fact_name = 'three_public' and amounts.table_type = sources.table_type
    inner join {{ ref('component_meaning') }} as meanings
        on
            meanings.fact_name = 'three_public'
            and (
                (amounts.line_item = meanings.component and amounts.component = 'total')
                or (
                    amounts.component = meanings.component
                    and (
                        (amounts.line_item is null and coalesce(amounts.row_role, 'item') = 'item')
                        or amounts.row_role = 'total'
                        -- a table of one row may call it 合计
                        or amounts.line_item in ('total', 'three_public_total')
                    )
                )
            )
    where
        amounts.amount_yuan is not null
        and not amounts.is_indicator
        and not amounts.is_of_which_column
        -- how much two years differ is an amount of neither
        and amounts.period <> 'change'

),

-- A table by body prints one row a body and their total, or the department above its units without that word.
columns_of_table as (

    select
        *,
        max(case when row_role = 'total' then 1 else 0 end)
            over (partition by document_id, table_no, fiscal_year, phase) as has_total_row,
        min(row_order) over (partition by document_id, table_no, fiscal_year, phase) as first_row_order,
        sum(amount_yuan) over (partition by document_id, table_no, column_no, fiscal_year, phase) as column_amount,
        sum(half_unit_yuan)
            over (partition by document_id, table_no, column_no, fiscal_year, phase) as column_half_unit,
        count(*) filter (where fund is not null)
            over (partition by document_id, table_no, row_no, lane_no, expense_item, fiscal_year, phase) as fund_parts,
        count(*) filter (where expense_item in ('vehicle_purchase', 'vehicle_running'))
            over (partition by document_id, table_no, fund, fiscal_year, phase) as vehicle_parts
    from cells

),

rows_of_table as (

    select
        *,
        not is_by_row
        and bool_and(row_order > first_row_order or abs(2 * amount_yuan - column_amount) <= column_half_unit)
            over (partition by document_id, table_no, fiscal_year, phase)
        -- that one row equals the only other one says nothing
        and count(distinct row_no) over (partition by document_id, table_no, fiscal_year, phase) > 2
            as first_row_is_total
    from columns_of_table

)

select
    cell_id,
    document_id,
    table_no,
    table_type,
    coalesce(fund, scope) as scope,
    fiscal_year,
    phase,
    period,
    expense_item,
    amount_yuan
from rows_of_table
where
    (fineness = 1 or vehicle_parts = 0)
    and (fund is not null or fund_parts = 0)
    and (has_total_row = 0 or row_role = 'total')
    and (has_total_row = 1 or not first_row_is_total or row_order = first_row_order)
