-- One row a finding of a code that is a slip, and a sum over other lines that holds by the code that was meant.
{{ config(schema='intermediate') }}

select distinct
    findings.finding_id,
    verdicts.equation_id
from {{ ref('int_code_meant') }} as meant
inner join {{ ref('int_finding_disclosure') }} as findings
    on
        meant.document_id = findings.document_id
        and meant.table_no = findings.table_no
        and meant.row_no = findings.row_no
        and findings.cause in ('wrong_code', 'wrong_code_elsewhere', 'lost_code')
inner join {{ ref('int_equation_cell') }} as cells
    on
        meant.document_id = cells.document_id
        and meant.table_no = cells.table_no
        and meant.row_no = cells.row_no
        and meant.lane_no = cells.lane_no
inner join {{ ref('int_equation_term') }} as terms on cells.cell_no = terms.cell_no
inner join {{ ref('int_equation_verdict') }} as verdicts on terms.equation_no = verdicts.equation_no
inner join {{ ref('int_rule_variant') }} as variants on verdicts.variant_no = variants.variant_no
where
    cells.amount <> 0
    and verdicts.status in ('pass', 'rounding')
    -- what adds up along the line says nothing of its code
    and variants.shape <> 'row_identity'
