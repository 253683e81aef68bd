-- One row a kind of expenditure: what the money is for in the life of the body.
select
    expenditure_kind,
    parent_kind,
    name_zh as kind_name,
    name_en as kind_name_en
from {{ ref('expenditure_kind') }}
