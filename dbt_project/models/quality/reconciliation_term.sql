-- One row a term of an equation: the printed cell, and with which sign it counts.
select
    equation_id,
    cast(row_number() over (
        partition by equation_id order by term_no, table_no, row_no, column_no, cell_id
    ) as integer) as term_no,
    side,
    cell_id,
    document_id,
    table_no,
    page_no,
    row_no,
    column_no,
    coefficient,
    amount_yuan,
    half_unit,
    placement
from {{ ref('int_equation_term') }}
