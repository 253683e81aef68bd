{# How the reconciliation rules read their seeds. #}

{# A selector of a rule term: empty matches all, `-` matches nothing said, `a|b` matches a or b. #}
{% macro quality_selects(selector, value) -%}
    ({{ selector }} is null
        or '|' || {{ selector }} || '|' like '%|' || coalesce({{ value }}, '-') || '|%')
{%- endmacro %}

{# Whether `a|b` names the value; an empty list names nothing. #}
{% macro quality_names(list, value) -%}
    '|' || {{ list }} || '|' like '%|' || {{ value }} || '|%'
{%- endmacro %}

{# Whether a comma-separated list in a seed names the item. #}
{% macro quality_lists(list, item) -%}
    (',' || coalesce({{ list }}, '') || ',' like '%,{{ item }},%')
{%- endmacro %}

{# One row an item of a `|` list. #}
{% macro quality_unnest(list) -%}
    unnest(string_split({{ list }}, '|'))
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

{# An amount in yuan as its table prints it, with the unit; with all its decimals where two do not show the difference. #}
{% macro shown_amount(amount, unit, difference=none) -%}
    {%- set shown = "cast(" ~ amount ~ " as decimal(20, 2)) * case " ~ unit
        ~ " when '万元' then cast('0.0001' as decimal(5, 4)) else cast(1 as decimal(5, 4)) end" -%}
    (
        {% if difference is not none -%}
        case
            when abs({{ difference }}) < 100 then {{ regex_remove("format('{:,.6f}', " ~ shown ~ ")", '0{1,4}$') }}
            else format('{:,.2f}', {{ shown }})
        end
        {%- else -%}
        format('{:,.2f}', {{ shown }})
        {%- endif %}
        || ' '
        || case when {{ unit }} = '万元' then '万元' else '元' end
    )
{%- endmacro %}

{# What a finding says: the template of its cause with the names and amounts filled in. #}
{% macro quality_message(template, rule_name) -%}
    {%- set texts = {
        'table': 'table_title', 'line': 'line_name', 'column': 'column_path', 'published': 'published_text',
        'expected': 'expected_text', 'difference': 'difference_text', 'rule': rule_name
    } -%}
    {%- for name in texts %}replace({% endfor %}{{ template }}
    {%- for name, text in texts.items() %}, '{{ '{' ~ name ~ '}' }}', coalesce({{ text }}, '')){% endfor %}
{%- endmacro %}

{# What a root cause says: its template with the names and amounts filled in. `language` is zh or en. #}
{% macro quality_cause_message(template, language) -%}
    {%- set texts = {
        'place': 'place_' ~ language, 'table': 'table_title', 'line': 'line_name', 'column': 'column_path',
        'other_column': 'other_column_path', 'published': 'published_text', 'expected': 'expected_text',
        'difference': 'difference_text', 'sums': 'sums_' ~ language, 'candidates': 'candidates_' ~ language,
        'slip': 'slip_' ~ language, 'source': 'source_' ~ language, 'rule': 'rule_name_' ~ language,
        'count': 'cast(equation_count as varchar)'
    } -%}
    {%- for name in texts %}replace({% endfor %}{{ template }}
    {%- for name, text in texts.items() %}, '{{ '{' ~ name ~ '}' }}', coalesce({{ text }}, '')){% endfor %}
{%- endmacro %}

{# The same for differences that are counted, not listed. #}
{% macro quality_count_message(template, rule_name) -%}
    replace(
        replace(
            replace({{ template }}, '{rule}', {{ rule_name }}),
            '{count}', cast(equation_count as varchar)
        ),
        '{difference}', cast(difference as varchar)
    )
{%- endmacro %}

{# All values of a group as a list, in order. #}
{% macro quality_list(expression, order_by) -%}
    list({{ expression }} order by {{ order_by }})
{%- endmacro %}

{# The values of a list, one a row. #}
{% macro quality_unnest_values(list) -%}
    unnest({{ list }})
{%- endmacro %}

{# The first values of a list as one text. #}
{% macro quality_join_first(list, count, separator) -%}
    array_to_string(list_slice({{ list }}, 1, {{ count }}), '{{ separator }}')
{%- endmacro %}

{# Two lists, one behind the other; the second may not be there. #}
{% macro quality_append_list(list, more) -%}
    list_concat({{ list }}, coalesce({{ more }}, []))
{%- endmacro %}

{% macro quality_no_list() -%}
    cast(null as varchar[])
{%- endmacro %}

{# A whole number for several values together: joins and groups by it are many times faster than by their texts. #}
{% macro quality_key(expressions) -%}
    hash({{ expressions | join(', ') }})
{%- endmacro %}

{# Everything about a number that the terms of rules select by, as one whole number. #}
{% macro quality_meaning(relation='') -%}
    {%- set meant = [] -%}
    {%- for name in [
        'table_type', 'row_kind', 'line_code', 'line_item', 'table_side', 'component', 'fund', 'money_source',
        'is_of_which', 'period', 'phase', 'is_money'
    ] -%}
        {%- do meant.append((relation ~ '.' if relation else '') ~ name) -%}
    {%- endfor -%}
    {{ quality_key(meant) }}
{%- endmacro %}

{# A coefficient times an amount, in the type of the amount: nearly all are 1 and -1, and need no product, which has
   twice the digits and is slow to add up. #}
{% macro quality_product(coefficient, amount, scale=2) -%}
    case {{ coefficient }}
        when 1 then {{ amount }}
        when -1 then -{{ amount }}
        else cast({{ coefficient }} * {{ amount }} as decimal(18, {{ scale }}))
    end
{%- endmacro %}

{# 1 类, 2 款, 3 项; 0 for a line without a code. #}
{% macro quality_code_level(code) -%}
    case length({{ code }}) when 3 then 1 when 5 then 2 when 7 then 3 else 0 end
{%- endmacro %}
