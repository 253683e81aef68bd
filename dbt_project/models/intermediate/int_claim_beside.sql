-- One row a claim that says what its cell prints, and another cell of its line that it may be compared with: of the
-- year before, or of the budget that was spent.
with claims as (

    select
        claims.claim_id,
        cells.*
    from {{ ref('int_claim_context') }} as claims
    inner join {{ ref('int_claim_bound') }} as bound on claims.claim_id = bound.claim_id
    inner join {{ ref('int_equation_cell') }} as cells on bound.bound_cell_id = cells.cell_id
    where
        claims.role = 'value' and claims.is_reported and cells.period = 'current'
        and abs(claims.amount_yuan - cells.amount) <= claims.half_unit + cells.half_unit

),

others as (

    select
        document_id,
        table_no,
        row_no,
        lane_no,
        table_side,
        component,
        fund,
        money_source,
        period,
        phase,
        min(cell_id) as cell_id
    from {{ ref('int_equation_cell') }}
    where period in ('current', 'prior') and is_money and not is_of_which and placement <> 'ambiguous'
    group by document_id, table_no, row_no, lane_no, table_side, component, fund, money_source, period, phase
    having count(*) = 1

)

select
    claims.claim_id,
    claims.document_id,
    others.cell_id as other_cell_id,
    others.phase as other_phase,
    documents.fiscal_year - case when others.period = 'prior' then 1 else 0 end as other_year
from claims
inner join {{ ref('stg_document') }} as documents on claims.document_id = documents.document_id
inner join others
    on
        claims.document_id = others.document_id
        and claims.table_no = others.table_no
        and claims.row_no = others.row_no
        and claims.lane_no = others.lane_no
        and claims.table_side = others.table_side
        and claims.component = others.component
        and claims.fund is not distinct from others.fund
        and claims.money_source is not distinct from others.money_source
where
    others.period = 'prior'
    or (claims.phase = 'executed' and others.period = 'current' and others.phase in ('approved', 'adjusted'))
