-- One row a government budget that money comes from.
select
    fund,
    name_zh as fund_name,
    name_en as fund_name_en
from {{ ref('fund') }}
