{# One query for a whole key: together the columns are unique, and none is empty but the optional ones. #}
{% test primary_key(model, columns, optional=[]) %}
{%- set all_columns = (columns + optional) | join(', ') %}
select
    {{ all_columns }},
    count(*) as row_count
from {{ model }}
group by {{ all_columns }}
having
    count(*) > 1
    {%- for column in columns %}
    or {{ column }} is null
    {%- endfor %}
{% endtest %}

{# One query for all columns that must be filled: returns the rows that lack one of them. #}
{% test filled(model, columns) %}
select {{ columns | join(', ') }}
from {{ model }}
where {% for column in columns %}{{ 'or ' if not loop.first }}{{ column }} is null {% endfor %}
{% endtest %}

{# One query for several references; each item: column, to (a ref), field. An empty column refers to nothing. #}
{% test references(model, to) %}
{% for item in to %}
select '{{ item.column }}' as column_name, cast({{ item.column }} as varchar) as orphan
from {{ model }}
where {{ item.column }} is not null
    and {{ item.column }} not in (select {{ item.field }} from {{ ref(item.model) }} where {{ item.field }} is not null)
{{ 'union all' if not loop.last }}
{% endfor %}
{% endtest %}

{# The words that a column may hold; NULL is for `filled` to judge. #}
{% test one_of(model, column, values) %}
select {{ column }}
from {{ model }}
where {{ column }} not in ({% for value in values %}'{{ value }}'{{ ', ' if not loop.last }}{% endfor %})
{% endtest %}
