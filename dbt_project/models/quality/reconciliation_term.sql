-- One row a term of an equation: the printed cell or the claim of the text, and with which sign it counts.
{% set sources = ['int_reconciliation_table_term', 'int_reconciliation_text_term', 'int_reconciliation_corpus_term'] -%}

{% for source in sources -%}
    select
        equation_id,
        term_no,
        side,
        cell_id,
        claim_id,
        document_id,
        table_no,
        page_no,
        row_no,
        column_no,
        coefficient,
        amount_yuan,
        half_unit,
        placement
    from {{ ref(source) }}
    {{ 'union all' if not loop.last }}
{% endfor -%}
