-- One row an administrative division.
select
    divisions.region_code,
    divisions.region_name,
    divisions.level_name as region_level,
    divisions.parent_code as parent_region_code,
    parents.region_name as parent_region_name,
    provinces.region_code as province_code,
    provinces.region_name as province_name
from {{ ref('administrative_division') }} as divisions
left join {{ ref('administrative_division') }} as parents on divisions.parent_code = parents.region_code
left join {{ ref('administrative_division') }} as provinces
    on left(divisions.region_code, 2) || '0000' = provinces.region_code
