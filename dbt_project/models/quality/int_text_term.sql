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
        {{ rescaled('signed', 6, 20, 4) }} as amount,
        cast(coalesce(half_unit, 0) as decimal(20, 7)) as half_unit
    from (
        select
            *,
            case
                when role = 'change' then amount_yuan * sign
                when claim_kind = 'count' then value
                when claim_kind = 'percentage' then value * case when role = 'rate' then sign else 1 end
                else amount_yuan
            end as signed
        from {{ ref('int_claim_context') }}
    ) as told
),

cells as (
    select
        cell_no,
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
        cells.table_no,
        cells.page_no,
        cells.row_no,
        cells.column_no,
        cells.amount as cell_amount,
        cells.half_unit as cell_half_unit,
        cells.placement,
        cast(case
            when equations.base_claim_id is not null then bases.amount
            when equations.kind = 'completion' then cells.amount
            else levels.amount - changes.amount
        end as decimal(20, 4)) as whole,
        case when equations.kind = 'completion' then abs(leads.amount) / 100 else 1 end as cell_weight
    from {{ ref('int_text_equation') }} as equations
    inner join claims as leads on equations.lead_claim_id = leads.claim_id
    left join claims as levels on equations.value_claim_id = levels.claim_id
    left join claims as changes on equations.change_claim_id = changes.claim_id
    left join claims as bases on equations.base_claim_id = bases.claim_id
    left join cells on {{ quality_key(['equations.cell_id']) }} = cells.cell_no
),

-- the weight is what half a unit of the claim adds to the tolerance
spoken as (
    {{ claim_term("kind in ('cell', 'difference', 'repetition')", 'value_claim_id', 'lhs', '1', '1') }}
    union all
    {{ claim_term("kind in ('difference', 'repetition')", 'base_claim_id', 'rhs', '-1', '1') }}
    union all
    {{ claim_term("kind = 'difference'", 'change_claim_id', 'rhs', '-1', '1') }}
    union all
    -- a word is wrong only beyond the printed units of both amounts
    {{ claim_term("kind = 'direction'", 'value_claim_id', 'lhs', '1', '2') }}
    union all
    {{ claim_term("kind = 'direction'", 'base_claim_id', 'rhs', '-1', '2') }}
    union all
    {{ claim_term(
        "kind in ('rate', 'share', 'completion')", 'lead_claim_id', 'lhs', 'whole / 100', 'abs(whole) / 100'
    ) }}
    union all
    -- the part of a share, what was done of a budget
    {{ claim_term("kind in ('share', 'completion')", 'value_claim_id', 'rhs', '-1', '1') }}
    union all
    -- the change of a rate; its base is the level without the change where no base is printed
    {{ claim_term(
        "kind = 'rate' and base_claim_id is not null and change_claim_id is not null", 'change_claim_id', 'rhs', '-1', '1'
    ) }}
    union all
    {{ claim_term(
        "kind = 'rate' and base_claim_id is null", 'change_claim_id', 'rhs', '-1', '1 + abs(lead_amount) / 100'
    ) }}
    union all
    {{ claim_term(
        "kind = 'rate' and base_claim_id is null", 'value_claim_id', 'rhs', '0', 'abs(lead_amount) / 100'
    ) }}
    union all
    {{ claim_term(
        "kind = 'rate' and base_claim_id is not null and change_claim_id is not null and value_claim_id is not null",
        'value_claim_id', 'rhs', '0', '0'
    ) }}
    union all
    -- no change is printed: it is the level less the base
    {{ claim_term("kind = 'rate' and change_claim_id is null", 'value_claim_id', 'rhs', '-1', '1') }}
    union all
    {{ claim_term(
        "kind = 'rate' and change_claim_id is null", 'base_claim_id', 'rhs', '1', '1 + abs(lead_amount) / 100'
    ) }}
    union all
    {{ claim_term(
        "base_claim_id is not null and (kind in ('share', 'completion') or (kind = 'rate' and change_claim_id is not null))",
        'base_claim_id', 'rhs', '0', 'abs(lead_amount) / 100'
    ) }}
    union all
    select
        equation_id,
        claim_id,
        case when coefficient = 1 then 'lhs' else 'rhs' end as side,
        cast(coefficient as decimal(20, 6)) as coefficient,
        cast(1 as decimal(20, 6)) as weight
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
        {{ rescaled('spoken.weight * claims.half_unit', 13, 20, 6) }} as slack,
        spoken.weight,
        cast('printed' as varchar) as placement
    from spoken
    inner join claims on spoken.claim_id = claims.claim_id
    union all
    select
        equation_id,
        'rhs' as side,
        cast(null as varchar) as claim_id,
        cell_id,
        document_id,
        table_no,
        page_no,
        row_no,
        column_no,
        -- what a completion is of makes its base, as a claim does
        case when kind = 'completion' then 0 else -1 end as coefficient,
        cell_amount as amount,
        cell_half_unit as half_unit,
        cast(cell_half_unit * cell_weight as decimal(20, 6)) as slack,
        cast(cell_weight as decimal(20, 6)) as weight,
        placement
    from equations
    where table_no is not null
)

select
    *,
    cast(row_number() over (
        partition by equation_id order by side, abs(coefficient) desc, coalesce(claim_id, cell_id)
    ) as integer) as term_no
from terms
