-- One row a term of an equation between printed cells: the cell, and with which sign it counts.
{# read once, by the union of all families #}
{{ config(schema='intermediate', materialized='view') }}

select
    verdicts.equation_id,
    terms.reading_no as term_no,
    terms.side,
    -- a blank has a place, but no number
    case when cells.placement is not null then cells.cell_id end as cell_id,
    cast(null as varchar) as claim_id,
    verdicts.document_id,
    terms.table_no,
    cells.page_no,
    cells.row_no,
    cells.column_no,
    terms.coefficient,
    terms.amount_yuan,
    terms.half_unit,
    cells.placement
from {{ ref('int_equation_term') }} as terms
inner join {{ ref('int_equation_verdict') }} as verdicts on terms.equation_no = verdicts.equation_no
left join {{ ref('int_equation_place') }} as cells on terms.cell_no = cells.cell_no
