-- One row a term of an equation between documents: the cell, or the document that is counted, and with which sign.
{# read once, by the union of all families #}
{{ config(schema='intermediate', materialized='view') }}

select
    verdicts.equation_id,
    cast(row_number() over (
        partition by terms.equation_no order by terms.side, terms.term_document_id, terms.cell_id, terms.claim_id
    ) as integer) as term_no,
    terms.side,
    terms.cell_id,
    terms.claim_id,
    terms.term_document_id as document_id,
    terms.table_no,
    terms.page_no,
    terms.row_no,
    terms.column_no,
    terms.coefficient,
    terms.amount_yuan,
    terms.half_unit,
    terms.placement
from {{ ref('int_corpus_term') }} as terms
inner join {{ ref('int_corpus_verdict') }} as verdicts on terms.equation_no = verdicts.equation_no
