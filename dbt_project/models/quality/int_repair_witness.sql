-- One row a number of a document in which sums fail, and a change of it with which an equation between documents that
-- breaks would hold: where the sums leave several repairs, the other document decides.
{{ config(schema='intermediate') }}

select distinct
    numbers.cell_id,
    cast(-verdicts.residual * terms.coefficient as decimal(20, 2)) as amount_change,
    verdicts.tolerance
from {{ ref('int_corpus_verdict') }} as verdicts
inner join {{ ref('int_corpus_term') }} as terms on verdicts.equation_no = terms.equation_no
inner join {{ ref('int_corpus_cell') }} as meanings on terms.cell_id = meanings.cell_id
inner join {{ ref('int_corpus_number') }} as numbers on meanings.corpus_cell_no = numbers.corpus_cell_no
where
    verdicts.status = 'fail'
    and verdicts.comparison = 'eq'
    and {{ is_slip_between_documents('verdicts.') }}
    and abs(terms.coefficient) = 1
    and numbers.document_id in (select scope.document_id from {{ ref('int_repair_scope') }} as scope)
