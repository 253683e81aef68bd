{# What only DuckDB says this way. Another engine needs another version of these macros, and of nothing else. #}

{% macro regex_remove(expression, pattern, global=true) -%}
    regexp_replace({{ expression }}, '{{ pattern }}', ''{{ ", 'g'" if global }})
{%- endmacro %}

{% macro regex_matches(expression, pattern) -%}
    regexp_matches({{ expression }}, '{{ pattern }}')
{%- endmacro %}

{% macro regex_extract(expression, pattern, group) -%}
    regexp_extract({{ expression }}, '{{ pattern }}', {{ group }})
{%- endmacro %}

{# A pattern that comes from a seed. #}
{% macro regex_matches_column(expression, pattern_column) -%}
    regexp_matches({{ expression }}, {{ pattern_column }})
{%- endmacro %}

{# The same for many texts: what the seed holds at the time of compiling stands in the query itself, so that the engine
   makes each pattern once and not for every text. #}
{% macro regex_matches_seed(expression, pattern_column, seed, column='pattern') -%}
    case {{ pattern_column }}
        when '' then true
        {%- for row in seed_rows(seed, [column]) if row[0] %}
        {%- set pattern = row[0] | replace("'", "''") %}
        when '{{ pattern }}' then {{ regex_matches(expression, pattern) }}
        {%- endfor %}
        else {{ regex_matches_column(expression, pattern_column) }}
    end
{%- endmacro %}

{# One row a level of a slash-joined path: the given columns, level_no from 1, level_text. #}
{% macro path_levels(relation, columns, path_column) -%}
    select
        {{ columns | join(', ') }},
        unnest(string_split({{ path_column }}, '/')) as level_text,
        generate_subscripts(string_split({{ path_column }}, '/'), 1) as level_no
    from {{ relation }}
    where {{ path_column }} is not null
{%- endmacro %}

{# One row a member of a JSON object of texts: the given columns, entry_key, entry_text. #}
{% macro json_entries(relation, columns, json_column) -%}
    select
        {{ columns | join(', ') }},
        entry.key as entry_key,
        entry.value as entry_text
    from (
        select
            {{ columns | join(', ') }},
            unnest(map_entries(cast(cast({{ json_column }} as json) as map(varchar, varchar)))) as entry
        from {{ relation }}
        where {{ json_column }} is not null and {{ json_column }} <> '{}'
    ) as entries
{%- endmacro %}

{# A short stable key of a text. #}
{% macro short_hash(expression) -%}
    left(md5({{ expression }}), 12)
{%- endmacro %}

{# A text as a decimal; NULL rather than an error where a number is beyond it. Read with 18 digits where those hold it:
   the engine needs a hundred times as long for more. #}
{% macro to_decimal(expression, precision=20, scale=6) -%}
    coalesce(
        cast(try_cast({{ expression }} as decimal(18, {{ scale }})) as decimal({{ precision }}, {{ scale }})),
        try_cast({{ expression }} as decimal({{ precision }}, {{ scale }}))
    )
{%- endmacro %}

{# The value of one column in the row where another column is least. #}
{% macro first_by(value, rank) -%}
    arg_min({{ value }}, {{ rank }})
{%- endmacro %}

{# The value of one column in the row where another column is greatest. #}
{% macro last_by(value, rank) -%}
    arg_max({{ value }}, {{ rank }})
{%- endmacro %}

{# A group of a pattern that comes from a seed. #}
{% macro regex_extract_column(expression, pattern_column, group) -%}
    regexp_extract({{ expression }}, {{ pattern_column }}, {{ group }})
{%- endmacro %}

{# One row a part of a text between separators (a pattern): the given columns, part_text. #}
{% macro text_parts(relation, columns, text_column, separator) -%}
    select
        {{ columns | join(', ') }},
        unnest(regexp_split_to_array({{ text_column }}, '{{ separator }}')) as part_text
    from {{ relation }}
    where {{ text_column }} is not null
{%- endmacro %}

{# The texts of a group joined in order; empty ones are left out. #}
{% macro joined_texts(expression, separator, order_by) -%}
    string_agg({{ expression }}, '{{ separator }}' order by {{ order_by }})
{%- endmacro %}

{# Which of the texts it is, from 1, NULL for none: an expression that is long to work out stands here once. #}
{% macro place_in_list(expression, texts) -%}
    cast(nullif(list_position([{{ texts | join(', ') }}], {{ expression }}), 0) as integer)
{%- endmacro %}

{# How many characters differ, about: the engine counts bytes, and a Chinese character has three. #}
{% macro text_distance(one, other) -%}
    cast(ceil(levenshtein({{ one }}, {{ other }}) / 3.0) as integer)
{%- endmacro %}

{# The sum of all whole numbers that stand in a text. #}
{% macro sum_of_numbers(expression) -%}
    cast(list_sum(list_transform(regexp_extract_all({{ expression }}, '\d+'), lambda number: cast(number as integer)))
        as integer)
{%- endmacro %}
