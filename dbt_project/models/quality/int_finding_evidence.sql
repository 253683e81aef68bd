-- One row a root cause: the equations that are evidence of it, how grave it is, and whether it may be our misreading.
{{ config(schema='intermediate') }}

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

-- a number that may stand elsewhere; where terms are named by their rows, the column does not matter, and a zero
-- adds nothing wherever it stands
doubted as (
    select distinct repairs.repair_id
    from repairs
    inner join scope on repairs.equation_id = scope.equation_id
    inner join {{ ref('int_repair_term') }} as terms on repairs.equation_id = terms.equation_id
    left join tables on terms.document_id = tables.document_id and terms.table_no = tables.table_no
    where
        tables.table_no is not null
        or (terms.placement <> 'printed' and terms.amount_yuan <> 0 and scope.does_column_matter)
)

select
    repairs.repair_id,
    min(repairs.kind) as kind,
    min(repairs.document_id) as document_id,
    bool_or(repairs.is_undecided) as is_undecided,
    coalesce(
        min(case when repairs.is_mended then scope.rule_id end),
        min(scope.rule_id)
    ) as rule_id,
    min(scope.comparison) as comparison,
    {{ first_by('scope.equation_id', 'scope.rule_id || scope.equation_id') }} as lead_equation_id,
    {{ first_by('scope.lhs_amount', 'scope.rule_id || scope.equation_id') }} as lhs_amount,
    {{ first_by('scope.rhs_amount', 'scope.rule_id || scope.equation_id') }} as rhs_amount,
    {{ first_by('scope.lead_cell_no', 'scope.rule_id || scope.equation_id') }} as lead_cell_no,
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
