-- One row a body that publishes, under one name whatever suffix its documents add.
select
    agency_id,
    agency_name,
    max(region_code) as region_code,
    max(region_name) as region_name,
    cast(count(distinct document_id) as integer) as document_count
from {{ ref('int_agency') }}
where agency_id is not null
group by agency_id, agency_name
