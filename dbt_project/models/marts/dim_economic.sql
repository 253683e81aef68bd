-- One row an economic code, of the departments' or the government's classification or only seen in a document.
with reference_codes as (

    select
        code_domain,
        economic_code,
        economic_name,
        first_year,
        last_year,
        true as is_in_reference
    from {{ ref('economic_classification') }}

),

published_codes as (

    select
        code_domain,
        row_code as economic_code,
        min(row_label) as economic_name,
        cast(min(fiscal_year) as integer) as first_year,
        cast(max(fiscal_year) as integer) as last_year,
        false as is_in_reference
    from {{ ref('int_published_amount') }}
    where
        code_domain in ('economic_department', 'economic_government')
        and row_code not in (select reference_codes.economic_code from reference_codes)
    group by code_domain, row_code

),

codes as (

    select * from reference_codes
    union all
    select * from published_codes

)

select
    codes.economic_code,
    codes.economic_name,
    codes.code_domain,
    cast((length(codes.economic_code) - 1) / 2 as integer) as code_level,
    left(codes.economic_code, 3) as class_code,
    classes.economic_name as class_name,
    codes.first_year,
    codes.last_year,
    codes.is_in_reference
from codes
left join reference_codes as classes on left(codes.economic_code, 3) = classes.economic_code
