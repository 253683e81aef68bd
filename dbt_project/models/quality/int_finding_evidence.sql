-- One row a root cause: the equations that are evidence of it, how grave it is, and whether it may be our misreading.
{{ config(schema='intermediate') }}

{# the equation that speaks first: one that the repair mends, of sums that disagree the one that lacks most #}
{% set lead -%}
    case when repairs.is_mended then '0' else '1' end
    || case
        when repairs.kind = 'disagreement'
            then lpad(cast(cast(1000000000000000 as decimal(18, 2)) - abs(scope.residual) as varchar), 20, '0')
        else ''
    end
    || scope.equation_id
{%- endset %}

with repairs as (
    select * from {{ ref('int_repair') }}
),

scope as (
    select * from {{ ref('int_repair_scope') }}
),

-- tables whose own reading is in doubt
tables as (
    select
        document_id,
        table_no
    from {{ ref('int_table') }}
    where confidence = 'low' or source_token_count <> landed_token_count
),

-- digits that a machine saw in a picture may be others; a number without a certain column may stand elsewhere, which
-- does not matter where terms are named by their rows, nor for a zero
doubted as (
    select distinct repairs.repair_id
    from repairs
    inner join scope on repairs.equation_id = scope.equation_id
    inner join {{ ref('int_equation_term') }} as terms on scope.equation_no = terms.equation_no
    left join {{ ref('int_equation_place') }} as cells on terms.cell_no = cells.cell_no
    left join tables on scope.document_id = tables.document_id and terms.table_no = tables.table_no
    where
        tables.table_no is not null
        or cells.placement = 'ocr'
        or (cells.placement <> 'printed' and terms.amount_yuan <> 0 and scope.does_column_matter)
)

select
    repairs.repair_id,
    min(repairs.kind) as kind,
    min(repairs.document_id) as document_id,
    min(repairs.cell_id) as cell_id,
    min(repairs.other_cell_id) as other_cell_id,
    bool_or(repairs.is_undecided) as is_undecided,
    cast(count(case when repairs.is_mended then 1 end) as integer) as mended_count,
    {{ first_by('repairs.rival_places', lead) }} as rival_places,
    coalesce(
        min(case when repairs.is_mended then scope.rule_id end),
        min(scope.rule_id)
    ) as rule_id,
    {{ first_by('scope.comparison', lead) }} as comparison,
    {{ first_by('scope.equation_id', lead) }} as lead_equation_id,
    {{ first_by('scope.lhs_amount', lead) }} as lhs_amount,
    {{ first_by('scope.rhs_amount', lead) }} as rhs_amount,
    {{ first_by('scope.lead_cell_no', lead) }} as lead_cell_no,
    case min(case scope.severity when 'error' then 1 when 'warning' then 2 else 3 end)
        when 1 then 'error'
        when 2 then 'warning'
        else 'minor'
    end as severity,
    case when bool_or(doubted.repair_id is not null) then 'extraction' else 'source' end as origin,
    {{ quality_list('repairs.equation_id', 'repairs.equation_id') }} as equations,
    cast(count(*) as integer) as equation_count
from repairs
inner join scope on repairs.equation_id = scope.equation_id
left join doubted on repairs.repair_id = doubted.repair_id
group by repairs.repair_id
