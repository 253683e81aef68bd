-- One row a printed amount: expenditure of one functional code and kind, in one scope, year and phase.
select
    facts.cell_id,
    facts.document_id,
    facts.agency_id,
    facts.scope,
    facts.fiscal_year,
    facts.phase,
    cells.classification_code as function_code,
    cells.expenditure_kind,
    cells.money_source,
    cells.amount_yuan,
    facts.restated_in_document_id,
    facts.table_type as source_table_type,
    facts.table_no as source_table_no
from {{ ref('int_fact_cell') }} as facts
inner join {{ ref('int_expenditure_cell') }} as cells on facts.cell_id = cells.cell_id
where facts.fact_name = 'expenditure_by_function'
