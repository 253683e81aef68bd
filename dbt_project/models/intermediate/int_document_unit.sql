-- One row a department's document and the document of one of its units for the same year.
with documents as (

    select scopes.*
    from {{ ref('int_document_scope') }} as scopes
    inner join {{ ref('int_document_version') }} as versions on scopes.document_id = versions.document_id
    where versions.is_current

),

-- a body that published twice is nobody's certain part
units as (

    select
        agency_id,
        fiscal_year,
        document_kind,
        min(document_id) as document_id,
        bool_or(is_own_body) as is_own_body
    from documents
    where reporting = 'body'
    group by agency_id, fiscal_year, document_kind
    having count(*) = 1

),

departments as (

    select
        agency_id,
        fiscal_year,
        document_kind,
        min(document_id) as document_id
    from documents
    where reporting = 'department'
    group by agency_id, fiscal_year, document_kind
    having count(*) = 1

),

related as (

    select
        departments.document_id,
        units.document_id as unit_document_id,
        true as is_listed
    from departments
    inner join {{ ref('int_agency_name') }} as names
        on departments.document_id = names.document_id and names.mention_no > 0 and not names.is_merged
    inner join units
        on
            names.agency_id = units.agency_id
            and departments.fiscal_year = units.fiscal_year
            and departments.document_kind = units.document_kind
    union all
    select
        departments.document_id,
        units.document_id as unit_document_id,
        false as is_listed
    from departments
    inner join units
        on
            departments.agency_id = units.agency_id
            and departments.fiscal_year = units.fiscal_year
            and departments.document_kind = units.document_kind

)

select
    related.document_id,
    related.unit_document_id,
    bool_or(related.is_listed) as is_listed,
    bool_or(departments.agency_id = units.agency_id) as is_own_body
from related
inner join departments on related.document_id = departments.document_id
inner join units on related.unit_document_id = units.document_id
group by related.document_id, related.unit_document_id
