-- One row a printed amount: one of the three public expenses (三公), in one scope, year and phase.
select
    facts.cell_id,
    facts.document_id,
    facts.agency_id,
    facts.scope,
    facts.fiscal_year,
    facts.phase,
    cells.expense_item,
    items.name_zh as expense_item_name,
    cells.amount_yuan,
    facts.restated_in_document_id,
    facts.table_type as source_table_type,
    facts.table_no as source_table_no
from {{ ref('int_fact_cell') }} as facts
inner join {{ ref('int_three_public_cell') }} as cells on facts.cell_id = cells.cell_id
left join {{ ref('line_item') }} as items on cells.expense_item = items.line_item
where facts.fact_name = 'three_public'
