-- One row a printed amount: expenditure of one economic code and kind, in one scope, year and phase.
with basic as (

    select
        facts.cell_id,
        facts.document_id,
        facts.agency_id,
        facts.scope,
        facts.fiscal_year,
        facts.phase,
        cells.classification_code as economic_code,
        -- a table of basic expenditure that prints only its total
        case
            when cells.expenditure_kind = 'unspecified' then 'basic'
            else cells.expenditure_kind
        end as expenditure_kind,
        cells.amount_yuan,
        facts.restated_in_document_id,
        facts.table_type as source_table_type,
        facts.table_no as source_table_no
    from {{ ref('int_fact_cell') }} as facts
    inner join {{ ref('int_expenditure_cell') }} as cells on facts.cell_id = cells.cell_id
    where facts.fact_name = 'basic_expenditure_by_economic'

),

projects as (

    select
        facts.cell_id,
        facts.document_id,
        facts.agency_id,
        facts.scope,
        facts.fiscal_year,
        facts.phase,
        cells.economic_code,
        'project' as expenditure_kind,
        cells.amount_yuan,
        facts.restated_in_document_id,
        facts.table_type as source_table_type,
        facts.table_no as source_table_no
    from {{ ref('int_fact_cell') }} as facts
    inner join {{ ref('int_project_cell') }} as cells on facts.cell_id = cells.cell_id
    where facts.fact_name = 'project_expenditure' and cells.economic_code is not null

)

select * from basic
union all
select * from projects
