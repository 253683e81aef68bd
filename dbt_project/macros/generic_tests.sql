{#
    One test a model, one query a test: what a row of it is, and what holds for every row.
    key         columns that together name a row: never empty, never twice
    optional    further columns of the key that may be empty
    filled      columns that are never empty
    words       column: the words that it may hold, if it holds any
    references  column, model, field: what is in the column is in the field of the model
    Every row of the result is one fault, with an example.
#}
{% test grain(model, key, optional=[], filled=[], words={}, references=[]) %}
{%- set name = (key + optional) | join(', ') %}
select
    'more than one row with this key ({{ name }})' as fault,
    concat_ws(' · ', {{ name }}) as example
from {{ model }}
group by {{ name }}
having count(*) > 1
{% for column in key + filled %}
union all
select
    '{{ column }} is empty' as fault,
    concat_ws(' · ', {{ name }}) as example
from {{ model }}
where {{ column }} is null
{% endfor %}
{%- for column, allowed in words.items() %}
union all
select
    '{{ column }} is none of {{ allowed | join(", ") }}' as fault,
    concat_ws(' · ', {{ name }}, {{ column }}) as example
from {{ model }}
where {{ column }} not in ({% for word in allowed %}'{{ word }}'{{ ', ' if not loop.last }}{% endfor %})
{% endfor %}
{%- for reference in references %}
union all
select
    '{{ reference.column }} is not in {{ reference.model }}.{{ reference.field }}' as fault,
    concat_ws(' · ', {{ name }}, {{ reference.column }}) as example
from {{ model }}
where
    {{ reference.column }} is not null
    and {{ reference.column }} not in (
        select {{ reference.field }} from {{ ref(reference.model) }} where {{ reference.field }} is not null
    )
{% endfor %}
{% endtest %}

{# The key alone, for seeds and models that need no more. #}
{% test primary_key(model, columns) %}
select
    {{ columns | join(', ') }},
    count(*) as row_count
from {{ model }}
group by {{ columns | join(', ') }}
having
    count(*) > 1
    {%- for column in columns %}
    or {{ column }} is null
    {%- endfor %}
{% endtest %}
