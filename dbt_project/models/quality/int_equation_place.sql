-- One row a place that an equation may take a number from: a printed number, or a blank where one has to stand.
{{ config(schema='intermediate', materialized='view') }}

{% for source in ['int_equation_cell', 'int_equation_blank'] -%}
    select
        cell_no,
        cell_id,
        document_id,
        table_no,
        table_type,
        page_no,
        row_no,
        lane_no,
        column_no,
        row_order,
        placement,
        is_money,
        row_role,
        row_kind,
        line_code,
        parent_row_no,
        parent_lane_no,
        table_side,
        component,
        fund,
        money_source,
        measure,
        is_of_which,
        line_item,
        row_label,
        column_path,
        period,
        phase,
        period_key,
        amount,
        half_unit,
        column_key,
        meaning_no
    from {{ ref(source) }}
    {{ 'union all' if not loop.last }}
{% endfor -%}
