{# A table, made in one step. dbt's own way builds it under another name and swaps, so that readers of a live
   warehouse never miss it; here a build writes to a file that nobody reads yet, and half of the time went there. #}
{% materialization table, adapter="duckdb" %}
    {%- set target_relation = this.incorporate(type='table') -%}
    {%- set before = load_cached_relation(this) -%}
    {%- if before is not none %}{% do adapter.drop_relation(before) %}{% endif -%}
    {{ run_hooks(pre_hooks) }}
    {% call statement('main') -%}
        {{ create_table_as(False, target_relation, sql) }}
    {%- endcall %}
    {{ run_hooks(post_hooks) }}
    {{ adapter.commit() }}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}
