-- One row a claim of a chapter that tells of codes: the code or the path 类/款/项 as its words have it.
select
    claim_id,
    document_id,
    thing,
    subject_key,
    nullif({{ regex_extract('thing', marker('code_before'), 1) }}, '') as code_before,
    nullif({{ regex_extract('thing', marker('code_behind'), 1) }}, '') as code_behind,
    nullif({{ regex_extract('thing', marker('name_of_item'), 1) }}, '') as item_name,
    nullif({{ regex_extract('thing', marker('name_of_section'), 1) }}, '') as section_name,
    nullif({{ regex_extract('thing', marker('name_of_class'), 1) }}, '') as class_name
from {{ ref('int_claim_reading') }}
where role in ('value', 'base') and topic not in ('none', 'three_public', 'operating', 'procurement', 'assets')
