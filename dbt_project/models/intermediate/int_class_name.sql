-- One row a name of a function class (类), with its code: 社会保障和就业支出 → 208.
with names as (

    select
        {{ normalise_text('function_name') }} as class_name,
        function_code as class_code,
        0 - cast(document_count as integer) as name_rank
    from {{ ref('function_name_variant') }}
    where level_name = '类'

    union all

    select
        class_name,
        class_code,
        -1000000 as name_rank
    from {{ ref('class_name_alias') }}
    where code_domain = 'function'

)

select
    class_name,
    {{ first_by('class_code', 'name_rank') }} as class_code
from names
where class_name is not null
group by class_name
