-- One row an equation begun: both sides, the residual, the tolerance and the verdict.
{{ config(schema='intermediate') }}

with equations as (
    select
        equation_id,
        min(rule_id) as rule_id,
        min(variant) as variant,
        min(document_id) as document_id,
        count(case when side = 'lhs' then cell_id end) as lhs_cells,
        count(case when side = 'rhs' then cell_id end) as rhs_cells,
        count(case when side = 'lhs' then equation_id end) as lhs_terms,
        count(case when side = 'rhs' then equation_id end) as rhs_terms,
        bool_or(is_ambiguous) as is_ambiguous,
        cast(coalesce(sum(case when side = 'lhs' then coefficient * amount_yuan end), 0) as decimal(20, 2)) as lhs_amount,
        cast(-coalesce(sum(case when side = 'rhs' then coefficient * amount_yuan end), 0) as decimal(20, 2)) as rhs_amount,
        cast(sum(abs(coefficient) * half_unit) as decimal(20, 4)) as tolerance,
        -- the place a reader looks at first: the left side, or else the right
        {{ first_by('cell_id', "case when cell_id is null then 'z' else side || term_no end || lpad(cast(table_no as varchar), 5, '0')") }} as lead_cell_id
    from {{ ref('int_equation_term') }}
    group by equation_id
),

required as (
    select
        rule_id,
        variant,
        count(distinct term_no) as required_terms
    from {{ ref('int_rule_term') }}
    where presence = 'required'
    group by rule_id, variant
),

required_found as (
    select
        terms.equation_id,
        count(distinct terms.term_no) as found_terms
    from {{ ref('int_equation_term') }} as terms
    inner join (select distinct rule_id, variant, term_no from {{ ref('int_rule_term') }} where presence = 'required') as rule_terms
        on terms.rule_id = rule_terms.rule_id
        and terms.variant = rule_terms.variant
        and terms.term_no = rule_terms.term_no
    group by terms.equation_id
),

variants as (
    select
        rule_id,
        variant,
        min(shape) as shape,
        min(comparison) as comparison,
        min(severity) as severity,
        max(case when side = 'rhs' then 1 else 0 end) as has_rhs
    from {{ ref('int_rule_term') }}
    group by rule_id, variant
),

judged as (
    select
        equations.*,
        variants.shape,
        variants.comparison,
        variants.severity,
        cast(equations.lhs_amount - equations.rhs_amount as decimal(20, 2)) as residual,
        case
            when equations.is_ambiguous then 'several numbers could be the one meant'
            when coalesce(required_found.found_terms, 0) < coalesce(required.required_terms, 0)
                then 'a needed number is not printed'
            when equations.lhs_terms = 0 then 'the total is not printed'
            when equations.rhs_terms = 0 and (variants.has_rhs = 1 or variants.shape like 'vertical%')
                then 'no part is printed'
            when equations.lhs_cells + equations.rhs_cells = 0 then 'no number is printed'
        end as gap
    from equations
    inner join variants using (rule_id, variant)
    left join required using (rule_id, variant)
    left join required_found using (equation_id)
)

select
    judged.equation_id,
    judged.rule_id,
    judged.variant,
    judged.document_id,
    judged.shape,
    judged.comparison,
    judged.severity,
    judged.lhs_amount,
    judged.rhs_amount,
    judged.residual,
    judged.tolerance,
    judged.lead_cell_id,
    case
        when judged.gap is not null then 'insufficient_data'
        when {{ quality_verdict('judged.residual', 'judged.tolerance', 'judged.comparison') }} = 'fail'
            and abs(judged.residual) <= explanations.explained_amount + judged.tolerance
            then 'not_applicable'
        else {{ quality_verdict('judged.residual', 'judged.tolerance', 'judged.comparison') }}
    end as status,
    case
        when judged.gap is not null then judged.gap
        when {{ quality_verdict('judged.residual', 'judged.tolerance', 'judged.comparison') }} = 'fail'
            and abs(judged.residual) <= explanations.explained_amount + judged.tolerance
            then 'explained by ' || explanations.explained_by || ' and the like, '
                || explanations.explained_amount || ' in all'
    end as reason
from judged
left join {{ ref('int_rule_explanation') }} as explanations
    using (rule_id, variant, document_id)
