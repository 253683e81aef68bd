-- One row a number for the operating expenses of a body (机关运行经费), by economic code where they are printed.
with cells as (

    select
        amounts.*,
        amounts.code_domain in ('economic_department', 'economic_government') as is_coded
    from {{ ref('int_published_amount') }} as amounts
    where
        amounts.amount_yuan is not null
        and not amounts.is_of_which_column
        and (
            (
                amounts.table_type = 'agency_operating'
                and amounts.component in ('total', 'agency_operating')
                and (amounts.is_leaf or amounts.row_role = 'total')
            )
            or (amounts.line_item = 'agency_operating' and amounts.component = 'total')
            or (
                amounts.component = 'agency_operating'
                and amounts.table_type <> 'agency_operating'
                and coalesce(amounts.row_role, 'item') in ('item', 'total')
            )
        )

),

-- The total speaks only where nothing finer is printed.
ranked as (

    select
        *,
        case when is_coded then 1 when row_role = 'item' then 2 else 3 end as fineness,
        min(case when is_coded then 1 when row_role = 'item' then 2 else 3 end)
            over (partition by document_id, table_no, fiscal_year, phase) as least_fineness,
        row_number() over (
            partition by document_id, table_no, row_no, fiscal_year, phase order by column_no
        ) as column_rank
    from cells

)

select
    cell_id,
    document_id,
    table_no,
    table_type,
    coalesce(nullif(scope, ''), 'general_public') as scope,
    fiscal_year,
    phase,
    period,
    case when is_coded then row_code end as economic_code,
    amount_yuan
from ranked
where fineness = least_fineness and column_rank = 1
