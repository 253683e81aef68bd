-- One row a meaning that a document gives one amount to, wherever it prints it.
{{ config(schema='intermediate') }}

with numbers as (
    select
        corpus_cell_no,
        document_id,
        family,
        table_side,
        row_key,
        column_key,
        fiscal_year,
        phase,
        period,
        prior_rule,
        is_fiscal,
        is_in_doubt,
        cell_no,
        cell_id,
        table_no,
        line_code,
        component,
        line_item,
        row_label,
        balance_role,
        balance_no_key as balance_key,
        row_kind = 'total' as is_total,
        amount,
        half_unit,
        table_no * 1000000 + row_no * 100 + column_no as place
    from {{ ref('int_corpus_number') }}
),

-- nearly all meanings are printed once, and these are taken as they are
several as (
    select corpus_cell_no
    from numbers
    group by corpus_cell_no
    having count(*) > 1
)

select * exclude (place)
from numbers
where corpus_cell_no not in (select several.corpus_cell_no from several)
union all
-- the same number printed in several places is one; different ones are nobody's certain answer
select
    corpus_cell_no,
    document_id,
    family,
    table_side,
    row_key,
    column_key,
    fiscal_year,
    phase,
    period,
    min(prior_rule) as prior_rule,
    bool_or(is_fiscal) as is_fiscal,
    bool_and(is_in_doubt) as is_in_doubt,
    {{ first_by('cell_no', 'place') }} as cell_no,
    {{ first_by('cell_id', 'place') }} as cell_id,
    min(table_no) as table_no,
    min(line_code) as line_code,
    min(component) as component,
    min(line_item) as line_item,
    {{ first_by('row_label', 'place') }} as row_label,
    min(balance_role) as balance_role,
    min(balance_key) as balance_key,
    bool_or(is_total) as is_total,
    min(amount) as amount,
    max(half_unit) as half_unit
from numbers
where corpus_cell_no in (select several.corpus_cell_no from several)
group by corpus_cell_no, document_id, family, table_side, row_key, column_key, fiscal_year, phase, period
having min(amount) = max(amount)
