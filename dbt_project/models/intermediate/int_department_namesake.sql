-- One row a department's document that lists units and a document of a body under its name: whether the list has it.
with departments as (

    select
        scopes.*,
        agencies.region_code
    from {{ ref('int_document_scope') }} as scopes
    inner join {{ ref('int_agency') }} as agencies on scopes.document_id = agencies.document_id
    inner join {{ ref('int_document_version') }} as versions
        on scopes.document_id = versions.document_id and versions.is_current
    where
        scopes.reporting = 'department'
        and scopes.unit_count > 0

),

bodies as (

    select
        scopes.*,
        agencies.region_code
    from {{ ref('int_document_scope') }} as scopes
    inner join {{ ref('int_agency') }} as agencies on scopes.document_id = agencies.document_id
    inner join {{ ref('int_document_version') }} as versions
        on scopes.document_id = versions.document_id and versions.is_current
    where scopes.reporting = 'body'

)

select
    departments.document_id,
    bodies.document_id as unit_document_id,
    -- a list of the units below the body leaves the body itself out
    bool_or(names.agency_id is not null or bodies.agency_id = departments.agency_id) as is_named
from departments
inner join bodies
    on
        departments.fiscal_year = bodies.fiscal_year
        and departments.document_kind = bodies.document_kind
        and coalesce(departments.region_code, '') = coalesce(bodies.region_code, '')
        and left(bodies.agency_name, length(departments.agency_name)) = departments.agency_name
left join {{ ref('int_agency_name') }} as names
    on
        departments.document_id = names.document_id
        and bodies.agency_id = names.agency_id
        and names.mention_no > 0
group by departments.document_id, bodies.document_id
