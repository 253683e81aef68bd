-- One row a rule variant and document: how much money may lawfully stand between the two sides.
{{ config(schema='intermediate') }}

select
    terms.rule_id,
    terms.variant,
    cells.document_id,
    sum(abs(cells.amount)) as explained_amount,
    min(cells.row_label || ' · ' || cells.column_path) as explained_by
from {{ ref('int_equation_cell') }} as cells
inner join {{ ref('int_rule_term') }} as terms
    on
        cells.table_type = terms.table_type
        and terms.side = 'explain'
        and {{ quality_selects('terms.row_kind', 'cells.row_kind') }}
        and {{ quality_selects('terms.code', 'cells.line_code') }}
        and {{ quality_selects('terms.line_item', 'cells.line_item') }}
        and {{ quality_selects('terms.table_side', "nullif(cells.table_side, '')") }}
        and {{ quality_selects('terms.component', 'cells.component') }}
        and {{ quality_selects('terms.fund', 'cells.fund') }}
        and {{ quality_selects('terms.money_source', 'cells.money_source') }}
        and {{ quality_selects('terms.period', 'cells.period') }}
where
    cells.is_money
    and cells.amount <> 0
group by terms.rule_id, terms.variant, cells.document_id
