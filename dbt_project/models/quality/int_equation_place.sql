-- One row a place that an equation may take a number from: a printed number, or a blank where one has to stand.
{{ config(schema='intermediate', materialized='view') }}

{% for source in ['int_equation_cell', 'int_equation_blank'] -%}
    select *
    from {{ ref(source) }}
    {% if not loop.last %}union all by name{% endif %}
{% endfor -%}
