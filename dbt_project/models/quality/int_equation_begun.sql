-- One row an equation that is asked: its template, its document, and what its terms have in common.
{{ config(schema='intermediate') }}

with selected as (
    select
        equation_no,
        min(variant_no) as variant_no,
        min(document_id) as document_id,
        min(group_key) as group_key,
        min(place) as place,
        bool_or(side = 'lhs') as has_lhs,
        bool_or(side = 'rhs') as has_rhs
    from {{ ref('int_equation_selected') }}
    group by equation_no
),

fitting_places as (
    select distinct
        selected.variant_no,
        selected.document_id,
        selected.place
    from selected
    inner join {{ ref('int_rule_variant') }} as variants using (variant_no)
    where selected.has_lhs and (selected.has_rhs or not variants.has_rhs)
)

-- a template of which some equation has both sides is asked of its whole place; one whose columns or lines are not
-- there at all is not: the document's coverage says so once
select
    selected.equation_no,
    selected.variant_no,
    selected.document_id,
    selected.group_key
from selected
inner join fitting_places using (variant_no, document_id, place)
inner join {{ ref('int_rule_variant') }} as variants using (variant_no)
where selected.has_lhs or variants.may_lack_lhs or variants.shape <> 'cross'
union all
select
    equation_no,
    variant_no,
    document_id,
    group_key
from {{ ref('int_equation_vertical') }}
where side = 'lhs'
