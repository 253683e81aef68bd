-- One row a department's document: which of its units have published, and whether they are all.
with departments as (

    select scopes.*
    from {{ ref('int_document_scope') }} as scopes
    inner join {{ ref('int_document_version') }} as versions on scopes.document_id = versions.document_id
    where scopes.reporting = 'department' and versions.is_current

),

-- the units of the list, and the body itself, whether it is in the list or not
needed as (

    select distinct
        departments.document_id,
        names.agency_id,
        names.printed_name
    from departments
    inner join {{ ref('int_agency_name') }} as names
        on departments.document_id = names.document_id and names.mention_no > 0 and not names.is_merged
    where names.agency_id <> departments.agency_id
    union all
    select
        document_id,
        agency_id,
        agency_name as printed_name
    from departments

),

present as (

    select
        units.document_id,
        scopes.agency_id
    from {{ ref('int_document_unit') }} as units
    inner join {{ ref('int_document_scope') }} as scopes on units.unit_document_id = scopes.document_id

),

-- a body under the department's name that the list does not have: the list is not whole
unlisted as (

    select distinct document_id
    from {{ ref('int_department_namesake') }}
    where not is_named

),

counted as (

    select
        needed.document_id,
        count(distinct needed.agency_id) as needed_count,
        count(distinct present.agency_id) as present_count,
        {{ joined_texts(
            'case when present.agency_id is null then needed.printed_name end', '; ', 'needed.printed_name'
        ) }} as missing_names
    from needed
    left join present
        on needed.document_id = present.document_id and needed.agency_id = present.agency_id
    group by needed.document_id

)

select
    departments.document_id,
    departments.unit_count > 0 as has_list,
    departments.is_sole and unlisted.document_id is null as is_sole,
    cast(counted.needed_count as integer) as needed_count,
    cast(counted.present_count as integer) as present_count,
    counted.missing_names,
    departments.unit_count > 0
    and coalesce(departments.stated_count, departments.unit_count) = departments.unit_count
    and counted.needed_count = counted.present_count
    and unlisted.document_id is null as is_complete
from departments
inner join counted on departments.document_id = counted.document_id
left join unlisted on departments.document_id = unlisted.document_id
