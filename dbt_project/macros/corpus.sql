{# How the rules between documents read their seeds and say what they found. #}

{# What a department and its units pay each other is no part of the department's own figures. #}
{% macro corpus_is_not_internal(relation) -%}
    coalesce({{ relation }}.component, '') not in (
        'superior_subsidy', 'affiliate_remittance', 'subsidy_to_affiliates', 'upstream_payment'
    )
    and coalesce({{ relation }}.line_item, '') not in (
        'superior_subsidy_income', 'affiliate_income', 'subsidy_to_affiliates', 'upstream_payment'
    )
{%- endmacro %}

{# The template of a cause with the names and amounts of two documents filled in: `others` has its quotation marks. #}
{% macro corpus_message(template, rule_name, others) -%}
    replace(
        replace(
            replace(
                {{ quality_message(template, rule_name) }},
                '“{other}”', coalesce({{ others }}, '')
            ),
            '{year}', coalesce(cast(other_year as varchar), '')
        ),
        '{count}', cast(equation_count as varchar)
    )
{%- endmacro %}
