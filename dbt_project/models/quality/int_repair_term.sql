-- One row a term of an equation that root causes are sought among.
{{ config(schema='intermediate') }}

select
    scope.equation_id,
    terms.document_id,
    terms.group_key,
    terms.side,
    terms.cell_no,
    terms.cell_id,
    terms.table_no,
    terms.row_no,
    terms.lane_no,
    terms.column_no,
    terms.coefficient,
    terms.amount_yuan,
    terms.placement
from {{ ref('int_equation_term') }} as terms
inner join {{ ref('int_repair_scope') }} as scope on terms.equation_no = scope.equation_no
