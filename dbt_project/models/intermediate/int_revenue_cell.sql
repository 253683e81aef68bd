-- One row a number that is a part of the year's income and no sum of other such numbers in its row or above it.
with by_column as (

    select
        amounts.*,
        meanings.meaning as revenue_source,
        case when amounts.fund is not null then 1 else cast(meanings.fineness as integer) end as fineness
    from {{ ref('int_published_amount') }} as amounts
    inner join {{ ref('component_meaning') }} as meanings
        on meanings.fact_name = 'revenue' and amounts.component = meanings.component
    inner join {{ ref('int_table') }} as tables
        on
            amounts.document_id = tables.document_id
            and amounts.table_no = tables.table_no
            and not tables.is_two_sided
    where
        amounts.is_leaf
        and amounts.amount_yuan is not null
        and not amounts.is_of_which_column
        and amounts.side = 'income'

),

columns_with_siblings as (

    select
        *,
        count(*) filter (where fineness = 1 and revenue_source in ('fiscal', 'transfer_general', 'transfer_fund'))
            over (partition by document_id, table_no, row_no, lane_no, fiscal_year, phase) as fiscal_parts,
        count(*) filter (
            where
            fineness = 1
            and revenue_source in (
                'business_income', 'operating_income', 'superior_subsidy', 'affiliate_remittance', 'other_income'
            )
        ) over (partition by document_id, table_no, row_no, lane_no, fiscal_year, phase) as unit_parts,
        count(*) filter (where fineness <= 2)
            over (partition by document_id, table_no, row_no, lane_no, fiscal_year, phase) as source_parts,
        count(*) filter (where fineness <= 3)
            over (partition by document_id, table_no, row_no, lane_no, fiscal_year, phase) as all_parts,
        row_number()
            over (
                partition by document_id, table_no, row_no, lane_no, fiscal_year, phase, fineness order by column_no
            ) as column_rank
    from by_column

),

finest_columns as (

    select * from columns_with_siblings
    where
        case
            when fineness = 1 then true
            when revenue_source = 'fiscal' then fiscal_parts = 0
            when revenue_source = 'unit_funds' then unit_parts = 0
            when fineness = 3 then source_parts = 0
            else all_parts = 0 and column_rank = 1
        end

),

by_line as (

    select
        amounts.*,
        meanings.meaning as revenue_source,
        items.fund as line_fund,
        -- the money of the year, where the carry-over stands in a column of its own
        row_number() over (
            partition by
                amounts.document_id, amounts.table_no, amounts.row_no, amounts.lane_no,
                amounts.fiscal_year, amounts.phase
            order by case amounts.component when 'current_budget' then 1 when 'total' then 2 end
        ) as column_rank
    from {{ ref('int_published_amount') }} as amounts
    inner join {{ ref('component_meaning') }} as meanings
        on meanings.fact_name = 'revenue_line' and amounts.line_item = meanings.component
    inner join {{ ref('int_table') }} as tables
        on
            amounts.document_id = tables.document_id
            and amounts.table_no = tables.table_no
            and tables.is_two_sided
    left join {{ ref('line_item') }} as items on amounts.line_item = items.line_item
    where
        amounts.is_leaf
        and amounts.amount_yuan is not null
        and amounts.side = 'income'
        and amounts.component in ('total', 'current_budget')

)

select
    cell_id,
    document_id,
    table_no,
    table_type,
    scope,
    fiscal_year,
    phase,
    period,
    revenue_source,
    fund,
    case when code_domain = 'function' then row_code end as function_code,
    amount_yuan
from finest_columns

union all

select
    cell_id,
    document_id,
    table_no,
    table_type,
    scope,
    fiscal_year,
    phase,
    period,
    revenue_source,
    line_fund as fund,
    null as function_code,
    amount_yuan
from by_line
where column_rank = 1
