-- One row a term of a rule and a table type it may be found in.
{{ config(schema='intermediate') }}

with terms as (
    select
        rule_id,
        variant,
        cast(term_no as integer) as term_no,
        side,
        cast(coefficient as decimal(9, 2)) as coefficient,
        {{ quality_unnest('table_type') }} as table_type,
        row_kind,
        code,
        code_level,
        line_item,
        table_side,
        component,
        fund,
        money_source,
        of_which,
        period,
        phase,
        cardinality,
        presence,
        unless_component,
        unless_measure,
        unless_line_item
    from {{ ref('rule_term') }}
)

select
    terms.*,
    cast(dense_rank() over (order by terms.rule_id, terms.variant) as integer) as variant_no,
    variants.shape,
    variants.comparison,
    variants.match_keys,
    variants.column_matters,
    coalesce(variants.severity, rules.severity) as severity
from terms
inner join {{ ref('rule_variant') }} as variants using (rule_id, variant)
inner join {{ ref('rule') }} as rules using (rule_id)
where rules.implemented = 'true'
