-- One row a term of an equation that root causes are sought among.
{{ config(schema='intermediate') }}

select
    scope.equation_id,
    scope.shape,
    terms.variant_no,
    terms.term_no,
    begun.document_id,
    begun.group_key,
    terms.side,
    cells.cell_id,
    terms.table_no,
    cells.row_no,
    cells.lane_no,
    cells.column_no,
    cells.line_code,
    cells.column_key,
    terms.coefficient,
    terms.amount_yuan,
    cells.placement,
    coalesce(cells.amount < 0 or cells.component = 'change_amount', false) as may_be_negative,
    coalesce(cells.placement is null and cells.cell_no is not null, false) as is_blank
from {{ ref('int_equation_term') }} as terms
inner join {{ ref('int_repair_scope') }} as scope on terms.equation_no = scope.equation_no
inner join {{ ref('int_equation_begun') }} as begun on terms.equation_no = begun.equation_no
left join {{ ref('int_equation_place') }} as cells on terms.cell_no = cells.cell_no
where scope.is_searched
