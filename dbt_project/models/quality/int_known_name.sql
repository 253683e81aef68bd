-- One row a code and a name that the classification gives it in any year, with its variants in print.
{{ config(schema='intermediate') }}

select
    'function' as code_domain,
    function_code as code,
    {{ normalise_text('function_name') }} as name_key
from {{ ref('function_name_variant') }}

union

select
    'function' as code_domain,
    function_code as code,
    {{ normalise_text('function_name') }} as name_key
from {{ ref('function_classification') }}

union

select
    code_domain,
    economic_code as code,
    {{ normalise_text('economic_name') }} as name_key
from {{ ref('economic_classification') }}
