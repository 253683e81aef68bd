-- One row an equation template that is evaluated: what its equations need.
{{ config(schema='intermediate') }}

select
    rule_id,
    variant,
    min(variant_no) as variant_no,
    min(shape) as shape,
    min(comparison) as comparison,
    min(severity) as severity,
    min(column_matters) = 'true' as does_column_matter,
    -- one of several pairs that agree where a publisher classifies as most do: together they show whether this one does
    min(shape) = 'cross' and min(comparison) = 'eq' and min(severity) = 'warning' and min(match_keys) is null
        as is_mirror,
    min(shape) like 'vertical%' or max(case when side = 'rhs' then 1 else 0 end) = 1 as has_rhs,
    max(case when side = 'lhs' and presence = 'zero_if_unlisted' then 1 else 0 end) = 1 as may_lack_lhs,
    count(distinct case when presence = 'required' then term_no end) as required_terms
from {{ ref('int_rule_term') }}
group by rule_id, variant
