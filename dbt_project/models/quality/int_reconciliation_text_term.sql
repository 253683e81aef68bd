-- One row a term of an equation of the text: the claim or the cell, and with which coefficient it counts.
{# read once, by the union of all families #}
{{ config(schema='intermediate', materialized='view') }}

select
    equation_id,
    term_no,
    side,
    cell_id,
    claim_id,
    document_id,
    table_no,
    page_no,
    row_no,
    column_no,
    coefficient,
    amount as amount_yuan,
    half_unit,
    placement
from {{ ref('int_text_term') }}
