-- One row a printed amount: one purchase (政府采购), by category and source of money.
select
    facts.cell_id,
    facts.document_id,
    facts.agency_id,
    facts.scope,
    facts.fiscal_year,
    facts.phase,
    cells.procurement_category,
    cells.money_source,
    cells.purchase_name,
    cells.purchase_item,
    cells.for_small_firms,
    cells.amount_yuan,
    facts.restated_in_document_id,
    facts.table_type as source_table_type,
    facts.table_no as source_table_no
from {{ ref('int_fact_cell') }} as facts
inner join {{ ref('int_procurement_cell') }} as cells on facts.cell_id = cells.cell_id
where facts.fact_name = 'procurement'
