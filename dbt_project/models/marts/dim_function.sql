-- One row a functional code, of the official classification or only seen in a document.
with reference_codes as (

    select
        function_code,
        function_name,
        status,
        first_year,
        last_year,
        true as is_in_reference
    from {{ ref('function_classification') }}

),

-- A code that the reference lacks is kept under the name that the documents give it.
published_codes as (

    select
        row_code as function_code,
        min(row_label) as function_name,
        'not_in_reference' as status,
        cast(min(fiscal_year) as integer) as first_year,
        cast(max(fiscal_year) as integer) as last_year,
        false as is_in_reference
    from {{ ref('int_published_amount') }}
    where
        code_domain = 'function'
        and row_code not in (select reference_codes.function_code from reference_codes)
    group by row_code

),

codes as (

    select * from reference_codes
    union all
    select * from published_codes

)

select
    codes.function_code,
    codes.function_name,
    cast((length(codes.function_code) - 1) / 2 as integer) as code_level,
    case when length(codes.function_code) > 3 then left(codes.function_code, length(codes.function_code) - 2) end
        as parent_code,
    left(codes.function_code, 3) as class_code,
    classes.function_name as class_name,
    case when length(codes.function_code) >= 5 then left(codes.function_code, 5) end as section_code,
    sections.function_name as section_name,
    codes.status,
    codes.first_year,
    codes.last_year,
    codes.is_in_reference
from codes
left join reference_codes as classes on left(codes.function_code, 3) = classes.function_code
left join reference_codes as sections
    on length(codes.function_code) >= 5 and left(codes.function_code, 5) = sections.function_code
