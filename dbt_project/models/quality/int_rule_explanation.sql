-- One row a rule variant and document, or one of its numbers: how much money may lawfully stand between the two sides.
{{ config(schema='intermediate') }}

-- a fund whose own table the document does not print is in the balance alone
with printed_funds as (
    select distinct
        terms.rule_id,
        terms.variant,
        tables.document_id,
        types.scope as fund
    from {{ ref('int_rule_term') }} as terms
    inner join {{ ref('int_table') }} as tables
        on
            terms.table_type = tables.table_type
            and terms.side = 'rhs'
    inner join {{ ref('table_type') }} as types on tables.table_type = types.table_type
),

-- the tables of a rule that may set out themselves what would explain, each once
may_set_out as (
    select distinct
        explaining.rule_id,
        explaining.variant,
        explaining.term_no,
        explaining.unless_component,
        explaining.unless_line_item,
        terms.table_type
    from {{ ref('int_rule_term') }} as explaining
    inner join {{ ref('int_rule_term') }} as terms using (rule_id, variant)
    where
        explaining.side = 'explain'
        and coalesce(explaining.unless_component, explaining.unless_line_item) is not null
),

-- money that a table of the rule sets out itself stands in the sides already, and explains no more
set_out as (
    select distinct
        may_set_out.rule_id,
        may_set_out.variant,
        may_set_out.term_no,
        cells.document_id
    from may_set_out
    inner join {{ ref('int_equation_cell') }} as cells
        on
            may_set_out.table_type = cells.table_type
            and (
                {{ quality_names('may_set_out.unless_component', 'cells.component') }}
                or {{ quality_names('may_set_out.unless_line_item', 'cells.line_item') }}
            )
    where
        cells.is_money
        and cells.amount <> 0
)

select
    terms.rule_id,
    terms.variant,
    cells.document_id,
    -- a number that explains only what differs by exactly so much stands for itself
    case when terms.presence = 'whole' then cells.cell_no end as whole_cell_no,
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
left join printed_funds
    on
        terms.rule_id = printed_funds.rule_id
        and terms.variant = printed_funds.variant
        and cells.document_id = printed_funds.document_id
        and cells.fund = printed_funds.fund
left join set_out
    on
        terms.rule_id = set_out.rule_id
        and terms.variant = set_out.variant
        and terms.term_no = set_out.term_no
        and cells.document_id = set_out.document_id
where
    cells.is_money
    and cells.amount <> 0
    and (terms.presence <> 'if_table_absent' or printed_funds.fund is null)
    and set_out.document_id is null
group by
    terms.rule_id, terms.variant, cells.document_id, case when terms.presence = 'whole' then cells.cell_no end
