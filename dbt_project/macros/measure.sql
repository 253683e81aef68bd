{# The name of what a column measures, from its parts: basic_personnel, general_public, goods_fiscal, total. #}
{% macro measure_name(component, money_source, fund) -%}
    coalesce(
        nullif(
            concat_ws(
                '_',
                case when {{ component }} <> 'total' then {{ component }} end,
                case
                    when position({{ money_source }} in {{ component }}) > 0 then null
                    -- the three funds are fiscal appropriations: the fund says it
                    when {{ money_source }} = 'fiscal' and {{ fund }} is not null then null
                    else {{ money_source }}
                end,
                {{ fund }}
            ),
            ''
        ),
        'total'
    )
{%- endmacro %}

{# The unit of a printed number. An indicator has its own unit (次, %, 天) and never takes that of its table. #}
{% macro unit_of_number(suffix, column_unit, label_unit, context_unit, label_bracket, is_indicator, in_indicator_table, component, table_unit) -%}
    case
        when {{ suffix }} is not null then {{ suffix }}
        when {{ component }} in ('weight', 'score') then '分'
        when {{ component }} in ('execution_rate', 'change_rate', 'share', 'score_rate') then '%'
        when {{ is_indicator }} then coalesce({{ label_bracket }}, 'unknown')
        when {{ column_unit }} is not null then {{ column_unit }}
        when {{ label_unit }} is not null then {{ label_unit }}
        when {{ in_indicator_table }} then coalesce({{ context_unit }}, {{ table_unit }}, 'unknown')
        else coalesce({{ table_unit }}, 'unknown')
    end
{%- endmacro %}

{# A printed number in yuan, to the cent; NULL where it is no money or its unit is not known. Rounded before it is cast:
   a cast that drops digits of a product this long takes three times as long. #}
{% macro yuan(value, factor, is_money) -%}
    case when {{ is_money }} then cast(round({{ value }} * {{ factor }}, 2) as decimal(18, 2)) end
{%- endmacro %}

{# Half a unit of the last printed digit, in yuan: what rounding alone can explain. #}
{% macro half_unit(decimals, factor, is_money) -%}
    case
        when {{ is_money }}
            then cast({{ factor }} * cast('0.5' as decimal(2, 1)) * {{ power_of_tenth(decimals) }} as decimal(18, 4))
    end
{%- endmacro %}

{# 10^-n as a decimal, without floating point. #}
{% macro power_of_tenth(digits) -%}
    case {{ digits }}
        when 0 then cast('1' as decimal(7, 6))
        {%- for n in range(1, 7) %}
        when {{ n }} then cast('0.{{ '0' * (n - 1) }}1' as decimal(7, 6))
        {%- endfor %}
        else cast('0' as decimal(7, 6))
    end
{%- endmacro %}
