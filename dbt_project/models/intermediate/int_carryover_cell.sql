-- One row a number for money carried in from the year before or out to the next, without sums of other such numbers.
with sums as (

    select distinct
        parts.document_id,
        parts.table_no,
        parts.fiscal_year,
        parts.phase,
        ancestors.ancestor_item,
        true as has_finer
    from {{ ref('int_published_amount') }} as parts
    inner join {{ ref('int_line_item_ancestor') }} as ancestors on parts.line_item = ancestors.line_item
    where parts.amount_yuan is not null

),

cells as (

    select
        amounts.*,
        meanings.meaning as balance_kind,
        cast(meanings.fineness as integer) as fineness,
        coalesce(amounts.fund, items.fund, funds.fund) as fact_fund,
        sums.has_finer
    from {{ ref('int_published_amount') }} as amounts
    inner join {{ ref('component_meaning') }} as meanings
        on
            meanings.fact_name = 'carryover'
            and (
                -- a row of its own
                (amounts.line_item = meanings.component and amounts.component in ('total', 'carryover'))
                -- a column of a table by code
                or (
                    amounts.line_item is null
                    and amounts.component = meanings.component
                    and cast(meanings.fineness as integer) = 1
                    and amounts.is_leaf
                )
                -- a column beside the income lines of a balance
                or (
                    amounts.side = 'income'
                    and amounts.line_item is not null
                    and amounts.component = meanings.component
                    and cast(meanings.fineness as integer) = 2
                    and amounts.is_leaf
                )
            )
    inner join {{ ref('fact_source') }} as sources
        on sources.fact_name = 'carryover' and amounts.table_type = sources.table_type
    left join {{ ref('line_item') }} as items on amounts.line_item = items.line_item
    left join {{ ref('fund') }} as funds on amounts.scope = funds.fund
    left join sums
        on
            amounts.document_id = sums.document_id
            and amounts.table_no = sums.table_no
            and amounts.fiscal_year = sums.fiscal_year
            and amounts.phase = sums.phase
            and amounts.line_item = sums.ancestor_item
    where
        amounts.amount_yuan is not null
        and not amounts.is_of_which_column

),

ranked as (

    select
        *,
        count(*) filter (where fund is not null)
            over (partition by document_id, table_no, row_no, lane_no, fiscal_year, phase) as fund_parts,
        row_number() over (
            partition by document_id, table_no, row_no, lane_no, fiscal_year, phase, fact_fund
            order by case component when 'total' then 1 else 2 end, column_no
        ) as column_rank,
        min(fineness) over (partition by document_id, table_no, balance_kind, fiscal_year, phase) as least_fineness
    from cells

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
    balance_kind,
    fact_fund as fund,
    line_item,
    amount_yuan
from ranked
where
    has_finer is null
    -- the columns beside the income lines speak only where no row does
    and fineness = least_fineness
    and column_rank = 1
    and (fund is not null or fund_parts = 0)
