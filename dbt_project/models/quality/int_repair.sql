-- One row a repair and an equation that is evidence of it; equations that no repair mends stand under their residual.
{{ config(schema='intermediate') }}

{% set rounds = {
    'int_repair_swap': 'column_shift',
    'int_repair_missing_line': 'missing_row',
    'int_repair_number_1': 'number',
    'int_repair_number_2': 'number',
    'int_repair_number_3': 'number'
} -%}

with proposed as (
    {% for name, kind in rounds.items() -%}
        select
            '{{ kind }}' as kind,
            repair_id,
            document_id,
            equation_id,
            residual_change,
            is_mended,
            is_undecided
        from {{ ref(name) }}
        where is_evidence
        {{ 'union all' if not loop.last }}
    {% endfor -%}
),

-- a later round may propose again what an earlier one did
repairs as (
    select
        min(kind) as kind,
        repair_id,
        min(document_id) as document_id,
        equation_id,
        min(residual_change) as residual_change,
        bool_or(is_mended) as is_mended,
        bool_or(is_undecided) as is_undecided
    from proposed
    group by repair_id, equation_id
),

left_over as (
    select
        scope.equation_id,
        scope.document_id,
        scope.rule_id,
        scope.comparison,
        scope.residual,
        cells.table_no
    from {{ ref('int_repair_scope') }} as scope
    left join (
        select distinct equation_id from repairs
        where is_mended
    ) as mended
        on scope.equation_id = mended.equation_id
    left join {{ ref('int_equation_cell') }} as cells on scope.lead_cell_no = cells.cell_no
    where
        scope.status = 'fail'
        and mended.equation_id is null
)

select * from repairs
union all
select
    'disagreement' as kind,
    -- the same difference against the same table is one disagreement
    'differs ' || document_id || ' ' || coalesce(table_no, 0) || ' ' || abs(residual) as repair_id,
    document_id,
    equation_id,
    residual as residual_change,
    false as is_mended,
    true as is_undecided
from left_over
