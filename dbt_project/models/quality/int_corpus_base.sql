-- One row a claim by which income or expenditure implies a total of the year before: its value, or its change.
{{ config(schema='intermediate') }}

-- the totals that the text gives with their change from the year before
with totals as (
    select
        cells.document_id,
        case when cells.table_side = 'income' or cells.family = 'income' then 'income' else 'expenditure' end as side,
        case when cells.family = 'fiscal_balance' then 'fiscal' else 'all' end as scope,
        changes.claim_phase,
        cells.corpus_cell_no,
        links.value_claim_id,
        changes.claim_id as change_claim_id,
        changes.claim_no,
        values_said.amount_yuan as value_yuan,
        values_said.half_unit,
        changes.sign * changes.amount_yuan as change_yuan
    from {{ ref('int_claim_link') }} as links
    inner join {{ ref('int_claim_context') }} as changes on links.claim_id = changes.claim_id
    inner join {{ ref('int_claim_context') }} as values_said on links.value_claim_id = values_said.claim_id
    inner join {{ ref('int_claim_bound') }} as bound on links.value_claim_id = bound.claim_id
    inner join {{ ref('int_corpus_number') }} as cells on bound.bound_cell_id = cells.cell_id
    where
        changes.role = 'change'
        and changes.sign is not null
        and changes.amount_yuan is not null
        and changes.period = 'prior'
        and changes.claim_phase in ('approved', 'executed')
        -- one of several lines that its words may mean, and what it says is the one
        and (
            bound.is_decisive
            or abs(values_said.amount_yuan - cells.amount) <= values_said.half_unit + cells.half_unit
        )
        and cells.period = 'current'
        and cells.is_total
        and cells.column_key = 'total'
        and cells.family in ('balance', 'income', 'expenditure', 'fiscal_balance')
),

-- the first statement of each side; sides that state another total speak of another thing
firsts as (
    select *
    from totals
    qualify row_number() over (partition by document_id, scope, claim_phase, side order by claim_no) = 1
),

pairs as (
    select
        incomes.document_id,
        incomes.corpus_cell_no,
        incomes.value_claim_id,
        incomes.change_claim_id,
        expenditures.value_claim_id as other_value_claim_id,
        expenditures.change_claim_id as other_change_claim_id
    from firsts as incomes
    inner join firsts as expenditures
        on
            incomes.document_id = expenditures.document_id
            and incomes.scope = expenditures.scope
            and incomes.claim_phase = expenditures.claim_phase
            and expenditures.side = 'expenditure'
            and incomes.change_claim_id <> expenditures.change_claim_id
            and abs(incomes.value_yuan - expenditures.value_yuan) <= incomes.half_unit + expenditures.half_unit
    where incomes.side = 'income'
    qualify row_number() over (partition by incomes.corpus_cell_no order by incomes.claim_phase) = 1
)

select
    document_id,
    corpus_cell_no,
    'lhs' as side,
    value_claim_id as claim_id,
    1 as coefficient
from pairs
union all
select
    document_id,
    corpus_cell_no,
    'lhs' as side,
    change_claim_id as claim_id,
    -1 as coefficient
from pairs
union all
select
    document_id,
    corpus_cell_no,
    'rhs' as side,
    other_value_claim_id as claim_id,
    -1 as coefficient
from pairs
union all
select
    document_id,
    corpus_cell_no,
    'rhs' as side,
    other_change_claim_id as claim_id,
    1 as coefficient
from pairs
