{# Schemas are named exactly as in the contract: raw, staging, intermediate, marts, quality. #}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ (custom_schema_name or target.schema) | trim }}
{%- endmacro %}
