-- One row an equation, and one a rule and document that gave no equation: the verdict, and why.
{% set sources = ['int_reconciliation_table', 'int_reconciliation_text', 'int_reconciliation_corpus'] -%}

{% for source in sources -%}
    select
        equation_id,
        rule_id,
        document_id,
        table_no,
        table_title,
        table_type,
        page_no,
        object,
        lhs_amount,
        rhs_amount,
        residual,
        tolerance,
        status,
        reason,
        comparison,
        severity,
        variant
    from {{ ref(source) }}
    {{ 'union all' if not loop.last }}
{% endfor -%}
