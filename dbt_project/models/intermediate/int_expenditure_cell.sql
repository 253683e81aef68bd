-- One row a number that is a part of expenditure and no sum of other such numbers in its row, with its kind.
with cells as (

    select
        amounts.*,
        meanings.meaning as expenditure_kind,
        cast(meanings.fineness as integer) as fineness,
        -- a column about one fund in a table about all of them belongs to the scope of that fund
        coalesce(amounts.fund, amounts.scope) as fact_scope,
        coalesce(amounts.money_source, '') as source_key
    from {{ ref('int_published_amount') }} as amounts
    inner join {{ ref('component_meaning') }} as meanings
        on meanings.fact_name = 'expenditure' and amounts.component = meanings.component
    where
        amounts.is_leaf
        and amounts.amount_yuan is not null
        and not amounts.is_indicator
        and not amounts.is_of_which_column
        and coalesce(amounts.side, 'expenditure') = 'expenditure'
        -- codes of bodies have no class: their numbers are sums over classes
        and amounts.class_code is not null

),

-- What the row prints beside each number, for the same year, phase and scope.
with_siblings as (

    select
        *,
        count(*) filter (where fineness <= 2 and source_key = '')
            over (partition by document_id, table_no, row_no, lane_no, fact_scope, fiscal_year, phase)
            as whole_count,
        count(*) filter (where fineness <= 3)
            over (partition by document_id, table_no, row_no, lane_no, fact_scope, fiscal_year, phase)
            as part_count,
        count(*) filter (where fineness <= 2)
            over (partition by document_id, table_no, row_no, lane_no, fact_scope, fiscal_year, phase, source_key)
            as kind_count,
        count(*) filter (where expenditure_kind in ('basic_personnel', 'basic_public'))
            over (partition by document_id, table_no, row_no, lane_no, fact_scope, fiscal_year, phase, source_key)
            as basic_part_count,
        count(*) filter (where fineness <= 3 and fact_scope <> scope and amount_yuan <> 0)
            over (partition by document_id, table_no, row_no, lane_no, fiscal_year, phase)
            as fund_count,
        count(*) filter (where fineness <= 3 and source_key in ('', 'fiscal'))
            over (partition by document_id, table_no, row_no, lane_no, fact_scope, fiscal_year, phase)
            as fiscal_count,
        count(*) filter (where fineness > 3)
            over (partition by document_id, table_no, row_no, lane_no, fact_scope, fiscal_year, phase)
            as total_count,
        row_number()
            over (
                partition by document_id, table_no, row_no, lane_no, fact_scope, fiscal_year, phase, fineness
                order by column_no
            ) as column_rank
    from cells

)

select
    cell_id,
    document_id,
    table_no,
    table_type,
    fact_scope as scope,
    -- the table about one scope itself comes before a column of another table
    case when fact_scope = scope then 0 else 5 end as priority_shift,
    fiscal_year,
    phase,
    period,
    expenditure_kind,
    money_source,
    code_domain,
    case when code_domain is not null then row_code else class_code end as classification_code,
    amount_yuan
from with_siblings
where
    -- kinds of all money together, where printed, come before kinds of each source of money
    (whole_count = 0 or source_key = '')
    and case
        -- what the columns of one fund hold belongs to its scope, and the other columns are not the whole without it
        when fact_scope = scope and fund_count > 0 and fiscal_count = 0 and total_count > 0
            then fineness > 3 and column_rank = 1
        when fineness = 1 then true
        when fineness = 2 then basic_part_count = 0
        when fineness = 3 then kind_count = 0
        else part_count = 0 and column_rank = 1
    end
