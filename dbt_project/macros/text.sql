{# How names are made comparable. Every alias in the seeds is written in the form that normalise_text gives. #}

{# White space and quotes removed, brackets and colons in full width. #}
{% macro normalise_text(expression) -%}
    translate({{ regex_remove(expression, '[\\s\\x{00a0}\\x{3000}\\x{200b}\\x{feff}]') }}, '():"“”''‘’', '（）：')
{%- endmacro %}

{# A row label without its numbering and 其中/减/加 in front: （一）一般公共服务支出 → 一般公共服务支出. #}
{% macro strip_numbering(expression) -%}
    {{ regex_remove(expression, '^(其中：?|减：|加：|☆|★|[一二三四五六七八九十百]+、|（[一二三四五六七八九十百]+）|\\d{1,2}[.、．]|（\\d{1,2}）|[①-⑳])+', global=false) }}
{%- endmacro %}

{# True where the label itself says that the amount is part of the row above. #}
{% macro says_of_which(expression) -%}
    {{ regex_matches(expression, '^(（?[一二三四五六七八九十百\\d]{1,3}[）、.．]+)?其中') }}
{%- endmacro %}

{# A header without the year it names and without a unit in brackets: 2026年预算数（万元） → 预算数. #}
{% macro strip_year_and_unit(expression) -%}
    {{ regex_remove(
        regex_remove(expression, '（(亿元|万元|千元|百元|元)）$', global=false),
        '(19|20)\\d{2}年度?', global=false
    ) }}
{%- endmacro %}

{# The year that a header names, or NULL. #}
{% macro year_named(expression) -%}
    try_cast(nullif({{ regex_extract(expression, '((?:19|20)\\d{2})年', 1) }}, '') as integer)
{%- endmacro %}

{# What stands in the last brackets of a label: 项目资金（万元） → 万元. #}
{% macro last_bracket(expression) -%}
    nullif({{ regex_extract(expression, '（([^（）]+)）$', 1) }}, '')
{%- endmacro %}

{# The unit of money that stands in brackets anywhere in a text, or NULL: 项目资金（万元） → 万元. #}
{% macro money_unit_named(expression) -%}
    nullif({{ regex_extract(expression, '（(?:单位：)?((?:亿|千万|百万|十万|万|千|百)?元)）', 1) }}, '')
{%- endmacro %}

{# How deep the numbering of a label stands: 一、 is 1, （一） is 2, 1. is 3, （1） is 4, no number is 9. #}
{% macro label_depth(expression) -%}
    case
        when {{ regex_matches(expression, '^[一二三四五六七八九十百]+、') }} then 1
        when {{ regex_matches(expression, '^[（(][一二三四五六七八九十百]+[）)]') }} then 2
        when {{ regex_matches(expression, '^\\d{1,2}[.、．]') }} then 3
        when {{ regex_matches(expression, '^[（(]\\d{1,2}[）)]') }} then 4
        else 9
    end
{%- endmacro %}

{# A text as printed, without the blanks of its layout. #}
{% macro without_blanks(expression) -%}
    {{ regex_remove(expression, '[\\s\\x{00a0}\\x{3000}\\x{200b}\\x{feff}]') }}
{%- endmacro %}

{# 一 to 三十九 as a number, NULL for anything else. #}
{% macro chinese_numeral(expression) -%}
    {%- set words = [] -%}
    {%- for word in ['', '十', '二十', '三十'] %}
    {%- for digit in ['', '一', '二', '三', '四', '五', '六', '七', '八', '九'] if word or digit %}
    {%- do words.append("'" ~ word ~ digit ~ "'") %}
    {%- endfor %}
    {%- endfor -%}
    {{ place_in_list(expression, words) }}
{%- endmacro %}

{# A text without what stands in brackets, one level within another included. #}
{% macro without_brackets(expression) -%}
    {{ regex_remove(regex_remove(expression, '（[^（）]*）'), '（[^（）]*）') }}
{%- endmacro %}

{# What names of one economic item have in common: 维修（护）费, 维修费; 医疗费补助 stays what it is. #}
{% macro economic_key(expression) -%}
    {{ regex_remove(
        regex_remove(without_brackets(expression), marker('economic_key_before'), global=false),
        marker('economic_key_behind'), global=false
    ) }}
{%- endmacro %}

{# A text without its amounts of money. #}
{% macro without_amounts(expression) -%}
    {{ regex_remove(expression, marker('amount_of_money')) }}
{%- endmacro %}
