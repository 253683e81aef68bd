-- One row a printed amount: expenditure by function with every name beside it, for people who do not want to join.
select
    facts.cell_id,
    agencies.agency_name,
    documents.body_level,
    regions.region_name,
    regions.province_name,
    facts.fiscal_year,
    facts.phase,
    facts.scope,
    functions.class_code as function_class_code,
    functions.class_name as function_class_name,
    functions.section_code as function_section_code,
    functions.section_name as function_section_name,
    facts.function_code,
    functions.function_name,
    kinds.parent_kind as expenditure_group,
    facts.expenditure_kind,
    kinds.kind_name as expenditure_kind_name,
    facts.money_source,
    facts.amount_yuan,
    documents.document_name,
    documents.document_kind,
    documents.status as document_status,
    facts.document_id,
    facts.restated_in_document_id,
    documents.department_document_id
from {{ ref('fct_expenditure_by_function') }} as facts
left join {{ ref('dim_document') }} as documents on facts.document_id = documents.document_id
left join {{ ref('dim_agency') }} as agencies on facts.agency_id = agencies.agency_id
left join {{ ref('dim_region') }} as regions on documents.region_code = regions.region_code
left join {{ ref('dim_function') }} as functions on facts.function_code = functions.function_code
left join {{ ref('dim_expenditure_kind') }} as kinds on facts.expenditure_kind = kinds.expenditure_kind
