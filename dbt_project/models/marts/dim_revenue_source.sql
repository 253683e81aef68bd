-- One row a source of income.
select
    revenue_source,
    name_zh as revenue_source_name,
    name_en as revenue_source_name_en
from {{ ref('revenue_source') }}
