-- One row an equation with a verdict, in a document in which some equation fails.
{{ config(schema='intermediate') }}

select
    equation_no,
    equation_id,
    rule_id,
    variant,
    document_id,
    shape,
    comparison,
    severity,
    does_column_matter,
    residual,
    tolerance,
    lhs_amount,
    rhs_amount,
    lead_cell_no,
    status,
    -- a document that breaks everywhere has no single mistakes to be found, and would take all the time
    count(case when status = 'fail' then 1 end) over (partition by document_id) <= {{ quality_search_limit() }}
        as is_searched
from {{ ref('int_equation_verdict') }}
where status in ('pass', 'rounding', 'fail')
qualify bool_or(status = 'fail') over (partition by document_id)
