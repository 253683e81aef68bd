-- One row a printed amount: one project, by economic class where printed.
select
    facts.cell_id,
    facts.document_id,
    facts.agency_id,
    facts.scope,
    facts.fiscal_year,
    facts.phase,
    cells.project_name,
    cells.function_code,
    cells.economic_code,
    cells.amount_yuan,
    facts.restated_in_document_id,
    facts.table_type as source_table_type,
    facts.table_no as source_table_no
from {{ ref('int_fact_cell') }} as facts
inner join {{ ref('int_project_cell') }} as cells on facts.cell_id = cells.cell_id
where facts.fact_name = 'project_expenditure'
