{# How the reconciliation rules read their seeds. #}

{# A selector of a rule term: empty matches all, `-` matches nothing said, `a|b` matches a or b. #}
{% macro quality_selects(selector, value) -%}
    ({{ selector }} is null
        or '|' || {{ selector }} || '|' like '%|' || coalesce({{ value }}, '-') || '|%')
{%- endmacro %}

{# Whether a comma-separated list in a seed names the item. #}
{% macro quality_lists(list, item) -%}
    (',' || coalesce({{ list }}, '') || ',' like '%,{{ item }},%')
{%- endmacro %}

{# One row an item of a `|` list. #}
{% macro quality_unnest(list) -%}
    unnest(string_split({{ list }}, '|'))
{%- endmacro %}

{# A JSON list of the values of a group, in order. #}
{% macro quality_json_list(expression, order_by) -%}
    cast(to_json(list({{ expression }} order by {{ order_by }})) as varchar)
{%- endmacro %}

{# The verdict on one equation. A difference within the printed precision is no error; an inequality that holds passes. #}
{% macro quality_verdict(residual, tolerance, comparison) -%}
    case
        when {{ comparison }} = 'le' and {{ residual }} <= 0 then 'pass'
        when {{ comparison }} = 'ge' and {{ residual }} >= 0 then 'pass'
        when {{ residual }} = 0 then 'pass'
        when {{ comparison }} = 'le' and {{ residual }} <= {{ tolerance }} then 'rounding'
        when {{ comparison }} = 'ge' and -{{ residual }} <= {{ tolerance }} then 'rounding'
        when {{ comparison }} = 'eq' and abs({{ residual }}) <= {{ tolerance }} then 'rounding'
        else 'fail'
    end
{%- endmacro %}

{# An amount in yuan as the table prints it, with its unit. #}
{% macro shown_amount(amount, factor, unit) -%}
    (case
        when {{ unit }} = '万元' then format('{:,.2f}', cast({{ amount }} * {{ factor }} as decimal(24, 6)))
        else format('{:,.2f}', cast({{ amount }} as decimal(20, 2)))
    end || ' ' || coalesce({{ unit }}, '元'))
{%- endmacro %}

{# A whole number for several values together: joins and groups by it are many times faster than by their texts. #}
{% macro quality_key(expressions) -%}
    hash({{ expressions | join(', ') }})
{%- endmacro %}
