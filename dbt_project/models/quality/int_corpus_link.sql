-- One row a number of a document and the number of another that answers it: which rule compares them.
{{ config(schema='intermediate') }}

with cells as (
    select * from {{ ref('int_corpus_cell') }}
),

certain as (
    select
        document_id,
        family
    from {{ ref('int_corpus_table') }}
    where is_certain
),

pairs as (
    select
        pairs.document_id,
        pairs.relation,
        pairs.other_document_id,
        scopes.document_kind,
        scopes.fiscal_year
    from {{ ref('int_document_pair') }} as pairs
    inner join {{ ref('int_document_scope') }} as scopes on pairs.document_id = scopes.document_id
    where pairs.other_document_id is not null
),

-- what a document prints of the year before, beside the document of that year
prior_cells as (
    select
        cells.*,
        pairs.relation,
        pairs.other_document_id
    from cells
    inner join pairs
        on
            cells.document_id = pairs.document_id
            and pairs.relation = case cells.phase when 'approved' then 'budget_before' else 'final_before' end
            and cells.fiscal_year = pairs.fiscal_year - 1
    where
        cells.period = 'prior'
        and cells.phase in ('approved', 'executed')
        and cells.prior_rule is not null
),

prior_matched as (
    select
        prior_cells.*,
        others.corpus_cell_no as other_cell_no
    from prior_cells
    left join cells as others
        on
            prior_cells.other_document_id = others.document_id
            and others.period = 'current'
            and prior_cells.family = others.family
            and prior_cells.table_side = others.table_side
            and prior_cells.row_key = others.row_key
            and prior_cells.column_key = others.column_key
            and prior_cells.fiscal_year = others.fiscal_year
            and prior_cells.phase = others.phase
),

-- codes of last year's document that this year's prior column does not print, by name: what was recoded
unanswered as (
    select
        others.*,
        pairs.document_id as later_document_id,
        {{ strip_numbering(normalise_text('others.row_label')) }} as row_name,
        count(*) over (
            partition by
                pairs.document_id, others.document_id, others.family, others.column_key, others.phase,
                {{ strip_numbering(normalise_text('others.row_label')) }}
        ) as namesakes
    from cells as others
    inner join pairs
        on
            others.document_id = pairs.other_document_id
            and pairs.relation = case others.phase when 'approved' then 'budget_before' else 'final_before' end
    inner join certain on pairs.document_id = certain.document_id and others.family = certain.family
    left join cells as later
        on
            pairs.document_id = later.document_id
            and others.family = later.family
            and others.table_side = later.table_side
            and others.row_key = later.row_key
            and others.column_key = later.column_key
            and others.phase = later.phase
            and others.fiscal_year = later.fiscal_year
            and later.period = 'prior'
    where
        others.period = 'current'
        and others.line_code is not null
        and later.corpus_cell_no is null
),

unmatched as (
    select
        prior_matched.*,
        {{ strip_numbering(normalise_text('prior_matched.row_label')) }} as row_name,
        count(*) over (
            partition by
                prior_matched.document_id, prior_matched.other_document_id, prior_matched.family,
                prior_matched.column_key, prior_matched.phase,
                {{ strip_numbering(normalise_text('prior_matched.row_label')) }}
        ) as namesakes
    from prior_matched
    inner join certain
        on prior_matched.other_document_id = certain.document_id and prior_matched.family = certain.family
    where
        prior_matched.other_cell_no is null
        and prior_matched.line_code is not null
        and prior_matched.amount <> 0
),

recoded as (
    select
        unmatched.corpus_cell_no,
        unanswered.corpus_cell_no as other_cell_no
    from unmatched
    inner join unanswered
        on
            unmatched.document_id = unanswered.later_document_id
            and unmatched.other_document_id = unanswered.document_id
            and unmatched.family = unanswered.family
            and unmatched.column_key = unanswered.column_key
            and unmatched.phase = unanswered.phase
            and unmatched.fiscal_year = unanswered.fiscal_year
            and unmatched.row_name = unanswered.row_name
            and length(unmatched.line_code) = length(unanswered.line_code)
    where unmatched.namesakes = 1 and unanswered.namesakes = 1
),

-- tables that list codes of a length in a column: a code that they do not print there is zero
listings as (
    select distinct
        cells.document_id,
        cells.family,
        cells.table_side,
        cells.column_key,
        cells.fiscal_year,
        cells.phase,
        cells.period,
        length(cells.line_code) as code_length
    from cells
    inner join certain on cells.document_id = certain.document_id and cells.family = certain.family
    where cells.line_code is not null
),

years as (
    select
        case
            when prior_matched.other_cell_no is null and recoded.other_cell_no is not null then 'F06' else
                prior_matched.prior_rule
        end
            as rule_id,
        case prior_matched.relation when 'budget_before' then '1' else '2' end as variant,
        prior_matched.document_id,
        prior_matched.other_document_id,
        prior_matched.corpus_cell_no,
        coalesce(prior_matched.other_cell_no, recoded.other_cell_no) as other_cell_no
    from prior_matched
    left join recoded on prior_matched.corpus_cell_no = recoded.corpus_cell_no
    left join listings
        on
            prior_matched.other_document_id = listings.document_id
            and listings.period = 'current'
            and prior_matched.family = listings.family
            and prior_matched.table_side = listings.table_side
            and prior_matched.column_key = listings.column_key
            and prior_matched.fiscal_year = listings.fiscal_year
            and prior_matched.phase = listings.phase
            and length(prior_matched.line_code) = listings.code_length
    where
        coalesce(prior_matched.other_cell_no, recoded.other_cell_no) is not null
        or (listings.document_id is not null and prior_matched.amount <> 0)
),

-- the budget as final accounts restate it, beside the budget
restated_budgets as (
    select
        'F04' as rule_id,
        case when cells.family = 'three_public' then '4' else '1' end as variant,
        cells.document_id,
        others.document_id as other_document_id,
        cells.corpus_cell_no,
        others.corpus_cell_no as other_cell_no
    from cells
    inner join pairs on cells.document_id = pairs.document_id and pairs.relation = 'budget_of_year'
    inner join cells as others
        on
            pairs.other_document_id = others.document_id
            and cells.family = others.family
            and cells.table_side = others.table_side
            and cells.row_key = others.row_key
            and cells.column_key = others.column_key
            and cells.fiscal_year = others.fiscal_year
            and cells.phase = others.phase
            and others.period = 'current'
    where
        cells.period = 'current'
        and cells.phase = 'approved'
),

balances as (
    select
        'F04' as rule_id,
        case pairs.document_kind when 'final' then '2' else '3' end as variant,
        cells.document_id,
        others.document_id as other_document_id,
        cells.corpus_cell_no,
        others.corpus_cell_no as other_cell_no
    from cells
    inner join pairs on cells.document_id = pairs.document_id and pairs.relation = 'final_before'
    inner join cells as others
        on
            pairs.other_document_id = others.document_id
            and cells.family = others.family
            and cells.balance_key = others.balance_key
    where
        cells.balance_role = 'opening'
        and others.balance_role = 'closing'
        and cells.period = 'current'
        and others.period = 'current'
        and others.phase = 'executed'
        and cells.fiscal_year = pairs.fiscal_year
        and others.fiscal_year = pairs.fiscal_year - 1
    -- a balance that several numbers of a document state differently is nobody's certain answer
    qualify
        count(distinct others.amount) over (partition by cells.corpus_cell_no) = 1
        and count(distinct cells.amount) over (partition by others.corpus_cell_no, cells.document_id) = 1
        and row_number() over (partition by cells.corpus_cell_no order by others.corpus_cell_no) = 1
),

-- the finest codes of the general public budget, and its total
finest as (
    select
        document_id,
        family,
        max(length(line_code)) as code_length
    from cells
    where line_code is not null
    group by document_id, family
),

executions as (
    select
        'F05' as rule_id,
        variants.variant,
        cells.document_id,
        others.document_id as other_document_id,
        cells.corpus_cell_no,
        others.corpus_cell_no as other_cell_no
    from cells
    inner join pairs on cells.document_id = pairs.document_id and pairs.relation = 'budget_of_year'
    inner join finest
        on cells.document_id = finest.document_id and cells.family = finest.family
    inner join cells as others
        on
            pairs.other_document_id = others.document_id
            and cells.family = others.family
            and cells.row_key = others.row_key
            and cells.column_key = others.column_key
            and cells.fiscal_year = others.fiscal_year
    inner join {{ ref('corpus_variant') }} as variants on variants.rule_id = 'F05'
    where
        cells.family = 'general_public'
        and cells.column_key = 'total'
        and cells.period = 'current'
        and cells.phase = 'executed'
        and others.period = 'current'
        and others.phase = 'approved'
        and others.amount > 0
        and (cells.is_total or length(cells.line_code) = finest.code_length)
),

units as (
    select
        units.document_id,
        units.unit_document_id,
        departments.is_sole
    from {{ ref('int_document_unit') }} as units
    inner join {{ ref('int_department') }} as departments on units.document_id = departments.document_id
),

-- departments whose units get money from each other: sums over all funds leave out what the units count
paid_within as (
    select distinct units.document_id
    from units
    inner join cells on units.unit_document_id = cells.document_id
    where
        cells.amount > 0
        and not ({{ corpus_is_not_internal('cells') }})
),

-- a unit within its department; what bodies pay each other is in no department's sum
within_department as (
    select
        case when units.is_sole then 'G03' else 'G02' end as rule_id,
        '1' as variant,
        cells.document_id,
        units.document_id as other_document_id,
        cells.corpus_cell_no,
        wholes.corpus_cell_no as other_cell_no
    from cells
    inner join units on cells.document_id = units.unit_document_id
    left join cells as wholes
        on
            units.document_id = wholes.document_id
            and cells.family = wholes.family
            and cells.table_side = wholes.table_side
            and cells.row_key = wholes.row_key
            and cells.column_key = wholes.column_key
            and cells.fiscal_year = wholes.fiscal_year
            and cells.phase = wholes.phase
            and cells.period = wholes.period
    left join listings
        on
            units.document_id = listings.document_id
            and cells.family = listings.family
            and cells.table_side = listings.table_side
            and cells.column_key = listings.column_key
            and cells.fiscal_year = listings.fiscal_year
            and cells.phase = listings.phase
            and cells.period = listings.period
            and length(cells.line_code) = listings.code_length
    left join paid_within on units.document_id = paid_within.document_id
    where
        (wholes.corpus_cell_no is not null or (listings.document_id is not null and cells.amount <> 0))
        and (
            units.is_sole
            or (
                cells.amount >= 0
                and cells.balance_role is null
                and {{ corpus_is_not_internal('cells') }}
                and (
                    cells.is_fiscal
                    or paid_within.document_id is null
                    or cells.component not in ('total', 'current_income', 'current_expenditure')
                )
            )
        )
),

-- what the text says of the change from the year before: the value less the change is last year's number
changes as (
    select
        cells.corpus_cell_no,
        pairs.document_id,
        pairs.other_document_id,
        contexts.claim_phase,
        min(links.value_claim_id) as value_claim_id,
        {{ first_by('contexts.claim_id', 'contexts.claim_no') }} as change_claim_id
    from {{ ref('int_claim_link') }} as links
    inner join {{ ref('int_claim_context') }} as contexts on links.claim_id = contexts.claim_id
    inner join {{ ref('int_claim_context') }} as current_values on links.value_claim_id = current_values.claim_id
    inner join {{ ref('int_claim_bound') }} as bound on links.value_claim_id = bound.claim_id
    inner join {{ ref('int_corpus_number') }} as cells
        on
            bound.bound_cell_id = cells.cell_id
            -- a value that differs from its own table is a mistake of this document, not of the base
            and abs(current_values.amount_yuan - cells.amount) <= current_values.half_unit + cells.half_unit
    inner join pairs
        on
            contexts.document_id = pairs.document_id
            and pairs.relation = case contexts.claim_phase when 'approved' then 'budget_before' else 'final_before' end
            and contexts.claim_year = pairs.fiscal_year - 1
    where
        contexts.role = 'change'
        and contexts.sign is not null
        and contexts.amount_yuan is not null
        and contexts.period = 'prior'
        and contexts.claim_phase in ('approved', 'executed')
        and bound.is_decisive
        and cells.period = 'current'
    group by cells.corpus_cell_no, pairs.document_id, pairs.other_document_id, contexts.claim_phase
    -- said twice and not the same: the text contradicts itself, which is another rule's matter
    having count(distinct contexts.sign * contexts.amount_yuan) = 1
),

stated as (
    select
        case cells.prior_rule when 'F03' then 'F03' else 'F01' end as rule_id,
        case changes.claim_phase when 'approved' then '3' else '4' end as variant,
        changes.document_id,
        changes.other_document_id,
        changes.corpus_cell_no,
        others.corpus_cell_no as other_cell_no,
        changes.value_claim_id,
        changes.change_claim_id
    from changes
    inner join cells on changes.corpus_cell_no = cells.corpus_cell_no
    inner join cells as others
        on
            changes.other_document_id = others.document_id
            and cells.family = others.family
            and cells.table_side = others.table_side
            and cells.row_key = others.row_key
            and cells.column_key = others.column_key
            and changes.claim_phase = others.phase
            and cells.fiscal_year - 1 = others.fiscal_year
            and others.period = 'current'
),

-- the budget of the year as the text of final accounts gives it, by whose measure it tells the completion
stated_budgets as (
    select
        'F04' as rule_id,
        '5' as variant,
        pairs.document_id,
        pairs.other_document_id,
        cells.corpus_cell_no,
        others.corpus_cell_no as other_cell_no,
        {{ first_by('budgets.claim_id', 'budgets.claim_no') }} as value_claim_id,
        cast(null as varchar) as change_claim_id
    from {{ ref('int_claim_link') }} as links
    inner join {{ ref('int_claim_context') }} as rates on links.claim_id = rates.claim_id
    inner join {{ ref('int_claim_context') }} as budgets on links.base_claim_id = budgets.claim_id
    inner join {{ ref('int_claim_bound') }} as bound on links.value_claim_id = bound.claim_id
    inner join {{ ref('int_corpus_number') }} as cells on bound.bound_cell_id = cells.cell_id
    inner join pairs on links.document_id = pairs.document_id and pairs.relation = 'budget_of_year'
    inner join cells as others
        on
            pairs.other_document_id = others.document_id
            and cells.family = others.family
            and cells.table_side = others.table_side
            and cells.row_key = others.row_key
            and cells.column_key = others.column_key
            and cells.fiscal_year = others.fiscal_year
            and others.phase = 'approved'
            and others.period = 'current'
    where
        links.role = 'completion'
        -- 预算 alone may be the adjusted one
        and {{ regex_matches("coalesce(rates.completion_base, '')", marker('opening_budget')) }}
        and budgets.claim_phase = 'approved'
        and budgets.claim_year = pairs.fiscal_year
        and budgets.amount_yuan is not null
        and bound.is_decisive
        and cells.period = 'current'
        and cells.phase = 'executed'
        and cells.fiscal_year = pairs.fiscal_year
    group by pairs.document_id, pairs.other_document_id, cells.corpus_cell_no, others.corpus_cell_no
    -- said twice and not the same: another rule's matter
    having count(distinct budgets.amount_yuan) = 1
),

from_tables as (
    select * from years
    union all
    select * from restated_budgets
    union all
    select * from balances
    union all
    select * from executions
    union all
    select * from within_department
)

select
    *,
    cast(null as varchar) as value_claim_id,
    cast(null as varchar) as change_claim_id
from from_tables
union all
select * from stated
union all
select * from stated_budgets
