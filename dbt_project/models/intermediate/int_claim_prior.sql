-- One row a claim that says what its cell prints, where the same line of the table prints the year before as well.
with claims as (

    select
        claims.claim_id,
        cells.*
    from {{ ref('int_claim_context') }} as claims
    inner join {{ ref('int_claim_bound') }} as bound on claims.claim_id = bound.claim_id
    inner join {{ ref('int_equation_cell') }} as cells on bound.bound_cell_id = cells.cell_id
    where
        claims.role = 'value' and claims.is_reported
        and abs(claims.amount_yuan - cells.amount) <= claims.half_unit + cells.half_unit

),

priors as (

    select
        document_id,
        table_no,
        row_no,
        lane_no,
        table_side,
        component,
        fund,
        money_source,
        min(cell_id) as cell_id,
        min(phase) as phase
    from {{ ref('int_equation_cell') }}
    where period = 'prior' and is_money and not is_of_which and placement <> 'ambiguous'
    group by document_id, table_no, row_no, lane_no, table_side, component, fund, money_source
    having count(*) = 1

)

select
    claims.claim_id,
    claims.document_id,
    priors.cell_id as prior_cell_id,
    priors.phase as prior_phase
from claims
inner join priors
    on
        claims.document_id = priors.document_id
        and claims.table_no = priors.table_no
        and claims.row_no = priors.row_no
        and claims.lane_no = priors.lane_no
        and claims.table_side = priors.table_side
        and claims.component = priors.component
        and claims.fund is not distinct from priors.fund
        and claims.money_source is not distinct from priors.money_source
where claims.period = 'current'
