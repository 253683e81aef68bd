{# How the words around a number of the text are made comparable. #}

{# A subject without the year, the body's name ('' where it is not named) and the words that stand for it. #}
{% macro claim_subject(expression, agency_name) -%}
    {{ regex_remove(
        regex_remove(
            'replace(' ~ regex_remove(
                regex_remove(expression, marker('subject_year_behind'), global=false),
                marker('subject_year_before'), global=false
            ) ~ ', ' ~ agency_name ~ ", '')",
            marker('subject_beginning'), global=false
        ),
        marker('subject_ending'), global=false
    ) }}
{%- endmacro %}

{# A name without the marks of its level: 社会保障和就业（类）支出, 社会保障和就业支出（类）支出 → 社会保障和就业支出. #}
{% macro claim_class_name(expression) -%}
    {%- set ending = marker('class_ending') -%}
    replace({{ regex_remove(expression, marker('level_mark')) }}, '{{ ending ~ ending }}', '{{ ending }}')
{%- endmacro %}

{# The text between two places, counted from 0. #}
{% macro text_between(expression, first, last) -%}
    substr({{ expression }}, cast(({{ first }}) + 1 as integer), cast(({{ last }}) - ({{ first }}) as integer))
{%- endmacro %}

{# The last value of a window that is not NULL, before the row itself. #}
{% macro last_before(expression, partition_by, order_by) -%}
    last_value({{ expression }} ignore nulls) over (
        partition by {{ partition_by }} order by {{ order_by }} rows between unbounded preceding and 1 preceding
    )
{%- endmacro %}

{# One row an item of a list column. #}
{% macro quality_unnest_list(expression) -%}
    unnest({{ expression }})
{%- endmacro %}

{# An amount or a percentage as the text prints it. #}
{% macro shown_claim(value, unit, decimals) -%}
    case
        when {{ unit }} = '%' then format('{:.' || greatest({{ decimals }}, 1) || 'f}%', cast({{ value }} as double))
        when {{ regex_matches(unit, marker('counted_unit')) }}
            then cast(cast({{ value }} as bigint) as varchar) || ' ' || {{ unit }}
        else {{ shown_amount(value, unit) }}
    end
{%- endmacro %}

{# What a finding about the text says. `language` is zh or en. #}
{% macro claim_message(template, language) -%}
    {%- set texts = {
        'chapter': inner_quoted('chapter'), 'subject': 'subject_' ~ language, 'measure': 'measure_' ~ language,
        'published': 'published_text', 'expected': 'expected_text', 'difference': 'difference_text',
        'against': 'against_' ~ language
    } -%}
    {%- for name in texts %}replace({% endfor %}{{ template }}
    {%- for name, text in texts.items() %}, '{{ '{' ~ name ~ '}' }}', coalesce({{ text }}, '')){% endfor %}
{%- endmacro %}

{# One claim of the equations of some kind as a term. #}
{% macro claim_term(condition, claim, side, coefficient, weight) -%}
    select
        equation_id,
        {{ claim }} as claim_id,
        '{{ side }}' as side,
        cast({{ coefficient }} as decimal(20, 6)) as coefficient,
        cast({{ weight }} as decimal(20, 6)) as weight
    from equations
    where {{ condition }}
{%- endmacro %}

{# Whether the pattern that a seed has for a number matches the whole text: the patterns stand in the query itself, so
   that the engine makes each of them once. #}
{% macro is_whole_seed(text, key, seed, key_column, pattern_column) -%}
    case {{ key }}
        {%- for row in seed_rows(seed, ['distinct ' ~ key_column, pattern_column]) %}
        when {{ row[0] }} then regexp_full_match({{ text }}, '{{ row[1] | replace("'", "''") }}')
        {%- endfor %}
        else false
    end
{%- endmacro %}

{# A decimal with fewer digits behind the point. By way of 18 digits where those hold it: the engine needs fifty times as
   long for more. #}
{% macro rescaled(expression, from_scale, precision, scale) -%}
    coalesce(
        cast(try_cast({{ expression }} as decimal(18, {{ from_scale }})) as decimal({{ precision }}, {{ scale }})),
        cast({{ expression }} as decimal({{ precision }}, {{ scale }}))
    )
{%- endmacro %}

{# What identifies a finding of the text, of a claim that is blamed. #}
{% macro text_finding_id() -%}
    {{ short_hash("concat_ws('|', document_id, rule_id, cause, claim_id, published, expected)") }}
{%- endmacro %}

{# A text as it stands between quotation marks: its own become single ones. #}
{% macro inner_quoted(text) -%}
    translate({{ text }}, '“”', '‘’')
{%- endmacro %}

{# Whether a difference is one of a single digit, within what rounding leaves open: 30.02 is 3 tens. #}
{% macro is_one_digit_apart(difference, tolerance) -%}
    {%- set size = 'abs(cast(' ~ difference ~ ' as double))' -%}
    {%- set slack = 'cast(' ~ tolerance ~ ' as double)' -%}
    {%- set step = 'power(10, floor(log10(' ~ size ~ ' + ' ~ slack ~ ')))' -%}
    case
        when {{ size }} > {{ slack }} and {{ step }} > 2 * {{ slack }}
            then abs({{ size }} - round({{ size }} / {{ step }}) * {{ step }}) <= {{ slack }}
        else false
    end
{%- endmacro %}
