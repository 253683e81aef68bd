-- One row an equation with a verdict, in a document in which some equation fails.
{{ config(schema='intermediate') }}

select
    verdicts.equation_no,
    verdicts.equation_id,
    variants.rule_id,
    variants.variant,
    verdicts.document_id,
    variants.shape,
    variants.comparison,
    variants.severity,
    variants.does_column_matter,
    verdicts.residual,
    verdicts.tolerance,
    verdicts.lhs_amount,
    verdicts.rhs_amount,
    verdicts.lead_cell_no,
    verdicts.status,
    -- a document that breaks everywhere has no single mistakes to be found, and would take all the time
    failing.equation_count <= {{ quality_search_limit() }} as is_searched
from {{ ref('int_equation_verdict') }} as verdicts
inner join (
    select
        document_id,
        count(*) as equation_count
    from {{ ref('int_equation_verdict') }}
    where status = 'fail'
    group by document_id
) as failing on verdicts.document_id = failing.document_id
inner join {{ ref('int_rule_variant') }} as variants on verdicts.variant_no = variants.variant_no
where verdicts.status in ('pass', 'rounding', 'fail')
