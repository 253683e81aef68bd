{# How the disclosure rules look at text. #}

{# The words of a text around a part of it: what a person needs to find it on the page. #}
{% macro around(text, part) -%}
    substr({{ text }}, greatest(position({{ part }} in {{ text }}) - 24, 1), length({{ part }}) + 48)
{%- endmacro %}

{# Marks that open less marks that close. #}
{% macro unpaired(text, opening, closing) -%}
    (length(replace({{ text }}, '{{ closing }}', '')) - length(replace({{ text }}, '{{ opening }}', '')))
{%- endmacro %}

{# The body that a line above a table names: 编制单位：某局 单位：万元 → 某局. #}
{% macro agency_of_line(line) -%}
    {{ regex_extract(
        regex_remove(normalise_text(line), '(金额)?单位：(亿|万|千|百)?元.*$', global=false),
        '(?:单位|部门)(?:（单位）)?(?:名称)?：(.+)$', 1
    ) }}
{%- endmacro %}

{# A body's name without what may be added to it or left out. #}
{% macro agency_core(name) -%}
    {{ regex_remove(name, '（[^）]*）|本级|机关$|部门$|单位$', global=true) }}
{%- endmacro %}

{# What a finding of a condition says: the template of its cause with what is missing or wrong filled in. #}
{% macro disclosure_message(template, objects, rule_name) -%}
    {%- set texts = {
        'object': objects, 'quote': 'roots.quote', 'wanted': 'roots.wanted', 'chapter': 'roots.chapter',
        'table': 'roots.table_title', 'rule': rule_name
    } -%}
    {%- for name in texts %}replace({% endfor %}{{ template }}
    {%- for name, text in texts.items() %}, '{{ '{' ~ name ~ '}' }}', coalesce({{ text }}, '')){% endfor %}
{%- endmacro %}

{# The rows of a seed at the time a model is compiled: patterns that stand in the query itself are compiled once. #}
{% macro seed_rows(seed, columns) -%}
    {%- if execute -%}
        {{ return(run_query('select ' ~ columns | join(', ') ~ ' from ' ~ ref(seed)).rows) }}
    {%- else -%}
        {{ return([]) }}
    {%- endif -%}
{%- endmacro %}

{# Whether a text matches the pattern that a seed has for a key; `otherwise` where it has none. #}
{% macro matches_seed(text, key, seed, key_column, pattern_column, otherwise) -%}
    case {{ key }}
        {%- for row in seed_rows(seed, [key_column, pattern_column]) if row[1] %}
        when '{{ row[0] }}' then {{ regex_matches(text, row[1] | replace("'", "''")) }}
        {%- endfor %}
        when '' then false
        else {{ otherwise }}
    end
{%- endmacro %}

{# A group of the pattern that a seed has for a key. #}
{% macro extract_seed(text, key, seed, key_column, pattern_column, group) -%}
    case {{ key }}
        {%- for row in seed_rows(seed, [key_column, pattern_column]) if row[1] %}
        when '{{ row[0] }}' then {{ regex_extract(text, row[1] | replace("'", "''"), group) }}
        {%- endfor %}
        when '' then ''
    end
{%- endmacro %}

{# A group of the pattern of a seed, which of its groups standing in another column of the seed. #}
{% macro regex_extract_each(text, key, seed, key_column, pattern_column, group_column) -%}
    case {{ key }}
        {%- for row in seed_rows(seed, [key_column, pattern_column, group_column]) %}
        when '{{ row[0] }}' then {{ regex_extract(text, row[1] | replace("'", "''"), row[2]) }}
        {%- endfor %}
        when '' then ''
    end
{%- endmacro %}

{# What a sentence says its money is for, or why it changed: the words behind 用于 or 原因. #}
{% macro purpose_of(expression) -%}
    {{ regex_extract(expression, '(?:用于|原因(?:是|为|系|：)*|是由于)([^。；]+)', 1) }}
{%- endmacro %}
