-- One row an equation of the text: both sides, the residual, what rounding allows, and the verdict.
{{ config(schema='intermediate') }}

with heads as (
    select
        equations.equation_id,
        equations.document_id,
        equations.rule_id,
        equations.kind,
        equations.lead_claim_id,
        equations.value_claim_id,
        equations.change_claim_id,
        equations.base_claim_id,
        equations.cell_id,
        coalesce(directions.comparison, 'eq') as comparison,
        directions.severity as own_severity,
        directions.slack_percent
    from {{ ref('int_text_equation') }} as equations
    left join {{ ref('int_text_direction') }} as directions on equations.equation_id = directions.equation_id
    union all
    select
        sums.equation_id,
        claims.document_id,
        sums.rule_id,
        'sum' as kind,
        sums.total_claim_id as lead_claim_id,
        sums.total_claim_id as value_claim_id,
        cast(null as varchar) as change_claim_id,
        cast(null as varchar) as base_claim_id,
        cast(null as varchar) as cell_id,
        sums.comparison,
        sums.severity as own_severity,
        cast(null as integer) as slack_percent
    from {{ ref('int_text_sum') }} as sums
    inner join {{ ref('int_claim_context') }} as claims on sums.claim_id = claims.claim_id
    where sums.claim_id = sums.total_claim_id
),

summed as (
    select
        equation_id,
        {{ rescaled("sum(case when side = 'lhs' then coefficient * amount else 0 end)", 10, 24, 6) }} as lhs_amount,
        {{ rescaled("-sum(case when side = 'rhs' then coefficient * amount else 0 end)", 10, 24, 6) }} as rhs_amount,
        {{ rescaled('sum(coefficient * amount)', 10, 24, 6) }} as residual,
        -- the product of two roundings, which the terms one by one leave out
        {{ rescaled('sum(slack) * 1.0001 + 0.000001', 10, 24, 6) }} as ratio_tolerance,
        cast(sum(slack) as decimal(24, 6)) as tolerance,
        -- one unit of the last printed digit of the percentage, as money
        max(case when side = 'lhs' then 2 * slack end) as display_unit
    from {{ ref('int_text_term') }}
    group by equation_id
),

leads as (
    select
        claim_id,
        sign,
        value,
        role
    from {{ ref('int_claim_context') }}
),

-- what is taken from the terms of some kinds only is chosen before the joins, which then are by equality alone
wholes as (
    select
        heads.equation_id,
        heads.lead_claim_id,
        terms.coefficient as whole
    from heads
    inner join {{ ref('int_text_term') }} as terms
        on heads.equation_id = terms.equation_id and heads.lead_claim_id = terms.claim_id
    where heads.kind in ('rate', 'share', 'completion') and terms.side = 'lhs'
),

stated_changes as (
    select
        heads.equation_id,
        heads.change_claim_id,
        terms.amount
    from heads
    inner join {{ ref('int_text_term') }} as terms
        on heads.equation_id = terms.equation_id and heads.change_claim_id = terms.claim_id
    where heads.kind = 'difference'
),

judged as (
    select
        heads.*,
        summed.lhs_amount,
        summed.rhs_amount,
        summed.residual,
        case
            when heads.kind in ('rate', 'share', 'completion') then summed.ratio_tolerance
            when heads.kind = 'direction'
                then cast(summed.tolerance + abs(summed.rhs_amount) * heads.slack_percent / 100 as decimal(24, 6))
            else summed.tolerance
        end as tolerance,
        summed.display_unit,
        leads.sign as lead_sign,
        leads.value as lead_value,
        changes.sign as change_sign,
        changes.value as change_value,
        case when heads.kind in ('rate', 'completion') then heads.whole end as whole
    from (
        select
            heads.*,
            wholes.whole
        from heads
        left join wholes
            on heads.equation_id = wholes.equation_id and heads.lead_claim_id = wholes.lead_claim_id
    ) as heads
    inner join summed on heads.equation_id = summed.equation_id
    inner join leads on heads.lead_claim_id = leads.claim_id
    left join leads as changes on heads.change_claim_id = changes.claim_id
),

ruled as (
    select
        judged.*,
        case
            when judged.kind = 'rate' and abs(judged.whole) < 0.00005 then 'E07'
            when
                judged.kind = 'rate' and judged.change_sign is not null and judged.change_sign <> judged.lead_sign
                and judged.change_value <> 0 and judged.lead_value <> 0 then 'E09'
            -- the amounts differ by what is stated, the other way round
            when
                judged.kind = 'difference' and abs(judged.residual) > judged.tolerance
                and abs(judged.residual + 2 * judged.rhs_change) <= judged.tolerance then 'E09'
            else judged.rule_id
        end as final_rule_id
    from (
        select
            judged.*,
            coalesce(stated_changes.amount, 0) as rhs_change
        from judged
        left join stated_changes
            on
                judged.equation_id = stated_changes.equation_id
                and judged.change_claim_id = stated_changes.change_claim_id
    ) as judged
)

select
    ruled.equation_id,
    ruled.document_id,
    ruled.final_rule_id as rule_id,
    ruled.kind,
    ruled.lead_claim_id,
    ruled.value_claim_id,
    ruled.change_claim_id,
    ruled.base_claim_id,
    ruled.cell_id,
    ruled.whole,
    ruled.lhs_amount,
    ruled.rhs_amount,
    ruled.residual,
    ruled.tolerance,
    ruled.comparison,
    {{ quality_verdict('ruled.residual', 'ruled.tolerance', 'ruled.comparison') }} as status,
    case
        -- cut off instead of rounded, or pressed to make 100
        when
            ruled.kind in ('rate', 'share', 'completion')
            and abs(ruled.residual) <= ruled.tolerance + ruled.display_unit
            then 'minor'
        -- the table may print another base than the one that the text means
        when ruled.kind = 'difference' and ruled.cell_id is not null and ruled.final_rule_id = 'E05' then 'warning'
        when ruled.kind = 'completion' and ruled.cell_id is not null then 'warning'
        when ruled.kind = 'cell' and abs(ruled.residual) <= ruled.tolerance + ruled.display_unit then 'minor'
        else coalesce(ruled.own_severity, rules.severity)
    end as severity,
    ruled.display_unit
from ruled
inner join {{ ref('rule') }} as rules on ruled.final_rule_id = rules.rule_id
