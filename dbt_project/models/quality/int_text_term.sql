-- One row a term of an equation of the text. A percentage is a term of its own: its coefficient is the base over 100,
-- and the amounts that make the base are listed with coefficient 0.
{{ config(schema='intermediate') }}

with claims as (
    select
        claim_id,
        document_id,
        page_no,
        role,
        -- a decrease is a negative change, a fall a negative rate
        cast(case
            when role = 'change' then amount_yuan * sign
            when claim_kind = 'count' then value
            when claim_kind = 'percentage' then value * case when role = 'rate' then sign else 1 end
            else amount_yuan
        end as decimal(20, 4)) as amount,
        cast(coalesce(half_unit, 0) as decimal(20, 7)) as half_unit
    from {{ ref('int_claim_context') }}
),

cells as (
    select
        cell_id,
        document_id,
        table_no,
        page_no,
        row_no,
        column_no,
        amount,
        half_unit,
        placement
    from {{ ref('int_equation_cell') }}
),

equations as (
    select
        equations.*,
        leads.amount as lead_amount,
        leads.half_unit as lead_half_unit,
        levels.amount as level_amount,
        levels.half_unit as level_half_unit,
        changes.amount as change_amount,
        changes.half_unit as change_half_unit,
        bases.amount as base_amount,
        bases.half_unit as base_half_unit,
        cast(case
            when equations.base_claim_id is not null then bases.amount
            else levels.amount - changes.amount
        end as decimal(20, 4)) as whole
    from {{ ref('int_text_equation') }} as equations
    inner join claims as leads on equations.lead_claim_id = leads.claim_id
    left join claims as levels on equations.value_claim_id = levels.claim_id
    left join claims as changes on equations.change_claim_id = changes.claim_id
    left join claims as bases on equations.base_claim_id = bases.claim_id
),

-- (claim, coefficient, weight of its half unit in the tolerance)
spoken as (
    select equation_id, value_claim_id as claim_id, 'lhs' as side, cast(1 as decimal(20, 6)) as coefficient, cast(1 as decimal(20, 6)) as weight
    from equations
    where kind in ('cell', 'difference', 'repetition')
    union all
    select equation_id, base_claim_id, 'rhs', -1, 1
    from equations
    where kind in ('difference', 'repetition')
    union all
    select equation_id, change_claim_id, 'rhs', -1, 1
    from equations
    where kind = 'difference'
    union all
    select equation_id, lead_claim_id, 'lhs', cast(whole / 100 as decimal(20, 6)), cast(abs(whole) / 100 as decimal(20, 6))
    from equations
    where kind in ('rate', 'share', 'completion')
    union all
    -- the part of a share, what was done of a budget
    select equation_id, value_claim_id, 'rhs', -1, 1
    from equations
    where kind in ('share', 'completion')
    union all
    -- the change of a rate, printed or not
    select equation_id, change_claim_id, 'rhs', -1,
        case when base_claim_id is null then cast(1 + abs(lead_amount) / 100 as decimal(20, 6)) else 1 end
    from equations
    where kind = 'rate' and change_claim_id is not null
    union all
    select equation_id, value_claim_id, 'rhs',
        case when change_claim_id is null then -1 else 0 end,
        case
            when change_claim_id is null then 1
            when base_claim_id is null then cast(abs(lead_amount) / 100 as decimal(20, 6))
            else 0
        end
    from equations
    where kind = 'rate' and value_claim_id is not null
    union all
    select equation_id, base_claim_id, 'rhs',
        case when kind = 'rate' and change_claim_id is null then 1 else 0 end,
        cast(abs(lead_amount) / 100 + case when kind = 'rate' and change_claim_id is null then 1 else 0 end as decimal(20, 6))
    from equations
    where kind in ('rate', 'share', 'completion') and base_claim_id is not null
    union all
    select equation_id, claim_id, case when coefficient = 1 then 'lhs' else 'rhs' end, coefficient, 1
    from {{ ref('int_text_sum') }}
),

terms as (
    select
        spoken.equation_id,
        spoken.side,
        spoken.claim_id,
        cast(null as varchar) as cell_id,
        claims.document_id,
        cast(null as integer) as table_no,
        claims.page_no,
        cast(null as integer) as row_no,
        cast(null as integer) as column_no,
        spoken.coefficient,
        claims.amount,
        claims.half_unit,
        cast(spoken.weight * claims.half_unit as decimal(20, 6)) as slack,
        cast('printed' as varchar) as placement
    from spoken
    inner join claims on spoken.claim_id = claims.claim_id
    union all
    select
        equations.equation_id,
        'rhs' as side,
        cast(null as varchar) as claim_id,
        cells.cell_id,
        cells.document_id,
        cells.table_no,
        cells.page_no,
        cells.row_no,
        cells.column_no,
        -1 as coefficient,
        cells.amount,
        cells.half_unit,
        cast(cells.half_unit as decimal(20, 6)) as slack,
        cells.placement
    from equations
    inner join cells on equations.cell_id = cells.cell_id
)

select
    *,
    cast(row_number() over (
        partition by equation_id order by side, abs(coefficient) desc, coalesce(claim_id, cell_id)
    ) as integer) as term_no
from terms
