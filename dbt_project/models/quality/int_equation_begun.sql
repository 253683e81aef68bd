-- One row an equation that is asked: its template, its document, and what its terms have in common.
{{ config(schema='intermediate') }}

with selected as (
    select
        equation_no,
        min(variant_no) as variant_no,
        min(place_no) as place_no,
        bool_or(side = 'lhs') as has_lhs,
        bool_or(side = 'rhs') as has_rhs,
        -- any term has the key of its equation
        min(cell_no) as cell_no,
        min(match_no) as match_no
    from {{ ref('int_equation_selected') }}
    group by equation_no
),

fitting_places as (
    select distinct
        selected.variant_no,
        selected.place_no
    from selected
    inner join {{ ref('int_rule_variant') }} as variants using (variant_no)
    where selected.has_lhs and (selected.has_rhs or not variants.has_rhs)
),

-- a template of which some equation has both sides is asked of its whole place; one whose columns or lines are not
-- there at all is not: the document's coverage says so once
fitting as (
    select selected.*
    from selected
    inner join fitting_places using (variant_no, place_no)
    inner join {{ ref('int_rule_variant') }} as variants using (variant_no)
    where selected.has_lhs or variants.may_lack_lhs or variants.shape <> 'cross'
)

select
    fitting.equation_no,
    fitting.variant_no,
    cells.document_id,
    -- a blank stands before each part
    substr(
        concat(
            case when matches.is_by_table then ' t' || cells.table_no end,
            case when matches.is_by_row then ' r' || cells.row_no || '.' || cells.lane_no end,
            matches.meaning_key,
            case when matches.is_by_period then ' ' || cells.period_key end
        ),
        2
    ) as group_key
from fitting
inner join {{ ref('int_equation_place') }} as cells on fitting.cell_no = cells.cell_no
inner join {{ ref('int_equation_match') }} as matches on fitting.match_no = matches.match_no
union all
select
    equation_no,
    variant_no,
    document_id,
    group_key
from {{ ref('int_equation_vertical') }}
where side = 'lhs'
