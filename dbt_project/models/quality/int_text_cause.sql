-- One row a claim that is blamed: what it should be, the likely cause, and the equations that say so.
{{ config(schema='intermediate') }}

with blamed as (
    select
        blames.claim_id as blamed_claim_id,
        blames.is_undecided,
        blames.candidates,
        verdicts.*,
        context.role,
        context.value,
        context.unit_text,
        context.decimals,
        context.half_unit,
        context.amount_yuan,
        context.sign,
        context.claim_kind
    from {{ ref('int_text_blame') }} as blames
    inner join {{ ref('int_text_verdict') }} as verdicts on blames.equation_id = verdicts.equation_id
    inner join {{ ref('int_claim_context') }} as context on blames.claim_id = context.claim_id
),

-- what last year's document says of its own year in the same words: figures of three digits and more
left_standing as (
    select distinct blamed.blamed_claim_id
    from blamed
    inner join {{ ref('int_claim_context') }} as told on blamed.blamed_claim_id = told.claim_id
    inner join {{ ref('int_document_pair') }} as pairs
        on told.document_id = pairs.document_id and told.document_kind || '_before' = pairs.relation
    inner join {{ ref('int_claim_context') }} as earlier
        on
            pairs.other_document_id = earlier.document_id
            and told.topic = earlier.topic
            and told.role = earlier.role
            and told.subject_key = earlier.subject_key
            and told.value = earlier.value
            and told.unit_text = earlier.unit_text
    where told.value >= 100 * {{ power_of_tenth('told.decimals') }}
),

termed as (
    select
        blamed.*,
        left_standing.blamed_claim_id is not null as is_left_standing,
        terms.coefficient,
        terms.amount as term_amount,
        levels.amount as level_amount,
        bases.amount as base_amount,
        changes.amount as change_amount,
        leads.value as lead_value,
        cells.table_no,
        leads.value * leads.sign as lead_rate,
        cells.amount as cell_amount,
        cells.placement as cell_placement,
        tables.confidence as table_confidence
    from blamed
    inner join {{ ref('int_text_term') }} as terms
        on blamed.equation_id = terms.equation_id and blamed.blamed_claim_id = terms.claim_id
    left join left_standing on blamed.blamed_claim_id = left_standing.blamed_claim_id
    left join {{ ref('int_text_term') }} as levels
        on blamed.equation_id = levels.equation_id and blamed.value_claim_id = levels.claim_id
    left join {{ ref('int_text_term') }} as bases
        on blamed.equation_id = bases.equation_id and blamed.base_claim_id = bases.claim_id
    left join {{ ref('int_text_term') }} as changes
        on blamed.equation_id = changes.equation_id and blamed.change_claim_id = changes.claim_id
    left join {{ ref('int_claim_context') }} as leads on blamed.lead_claim_id = leads.claim_id
    left join {{ ref('int_equation_cell') }} as cells on blamed.cell_id = cells.cell_id
    left join {{ ref('int_table') }} as tables
        on cells.document_id = tables.document_id and cells.table_no = tables.table_no
),

-- the value that would satisfy the equation
solved as (
    select
        *,
        cast(case
            when kind = 'cell' then cell_amount
            -- more was added than there is: no rate says what that is a part of
            when kind = 'rate' and claim_kind = 'percentage' and base_claim_id is null and whole < 0 then null
            when kind in ('rate', 'share', 'completion') and claim_kind = 'percentage'
                then case when abs(whole) >= 0.00005 then abs(term_amount - residual / whole) end
            when kind in ('share', 'completion') and blamed_claim_id = value_claim_id then term_amount + residual
            when kind in ('share', 'completion') and lead_value <> 0 then level_amount * 100 / lead_value
            when kind = 'rate' and blamed_claim_id = change_claim_id and base_claim_id is not null
                then abs(term_amount + residual)
            -- the change is the same part of what was, and of what is
            when kind = 'rate' and blamed_claim_id = change_claim_id and lead_rate <> -100
                then abs(level_amount * lead_rate / (100 + lead_rate))
            when kind = 'rate' and blamed_claim_id = base_claim_id and change_claim_id is null and lead_rate <> -100
                then level_amount * 100 / (100 + lead_rate)
            when kind = 'rate' and blamed_claim_id = base_claim_id and lead_rate <> 0
                then change_amount * 100 / lead_rate
            when kind = 'rate' and blamed_claim_id = value_claim_id and change_claim_id is null
                then term_amount + residual
            when kind = 'rate' and blamed_claim_id = value_claim_id and lead_rate <> 0
                then change_amount * (100 + lead_rate) / lead_rate
            when kind in ('difference', 'sum', 'repetition') then abs(term_amount - residual / coefficient)
        end as decimal(24, 6)) as solution
    from termed
),

judged as (
    select
        *,
        cast(case when claim_kind = 'percentage' then value else coalesce(amount_yuan, value) end as decimal(24, 6))
            as printed
    from solved
),

causes as (
    select
        *,
        case
            when final_cause is not null then final_cause
            when kind = 'difference' and blamed_claim_id = change_claim_id and cell_id is not null then 'wrong_change'
            when kind in ('difference', 'rate') and blamed_claim_id = change_claim_id then 'wrong_difference'
            when kind = 'sum' and blamed_claim_id = lead_claim_id then 'wrong_total'
            when kind = 'sum' then 'wrong_part'
            when kind in ('rate', 'share', 'completion') and claim_kind = 'percentage' then 'wrong_ratio'
            else 'disagreement'
        end as cause
    from (
        select
            *,
            case
                when rule_id = 'E07' then 'zero_base'
                when rule_id = 'E09' or (kind = 'sum' and role = 'change' and solution = printed) then 'wrong_direction'
                when
                    claim_kind = 'amount' and solution is not null and printed <> 0
                    and (
                        abs(printed * 10000 - solution) <= greatest(half_unit * 10000, solution * 0.0002)
                        or abs(printed - solution * 10000) <= greatest(half_unit, printed * 0.0002)
                    ) then 'unit_error'
                when severity = 'minor' then 'truncated'
                when is_left_standing then 'stale_copy'
                -- the change over what is now, not over what was
                when
                    kind = 'rate' and claim_kind = 'percentage' and level_amount <> 0 and change_amount is not null
                    and abs(abs(change_amount) * 100 / level_amount - value) <= 2 * half_unit then 'wrong_base'
                -- what is left undone for what was done
                when
                    kind = 'completion' and claim_kind = 'percentage' and whole <> 0 and solution is not null
                    and abs(100 - solution - value) <= 2 * half_unit then 'wrong_base'
                when kind = 'completion' and claim_kind = 'percentage' and abs(whole) < 0.00005 then 'wrong_base'
                when
                    claim_kind = 'amount' and kind in ('cell', 'repetition') and solution is not null
                    and abs(round(solution / 100, 0) - solution / 100) < 0.5
                    and {{ is_one_slip('cast(printed as decimal(20, 2))', 'cast(solution as decimal(20, 2))') }}
                    then 'digit_error'
            end as final_cause
        from judged
    ) as named
),

-- a table in 元 under 万元, or the other way round: the text states several of its numbers, all in their usual unit, and
-- none as the table has it
misread_units as (
    select
        document_id,
        table_no,
        kind,
        cause
    from causes
    where
        cause = 'unit_error'
        and kind = 'cell'
        and (amount_yuan > value) = (abs(printed) < abs(solution))
    group by document_id, table_no, kind, cause
    having count(distinct cell_id) >= 2
),

other_units as (
    select
        document_id,
        table_no,
        kind,
        cause
    from misread_units
    except
    select
        cells.document_id,
        cells.table_no,
        verdicts.kind,
        'unit_error' as cause
    from {{ ref('int_text_verdict') }} as verdicts
    inner join {{ ref('int_equation_cell') }} as cells on verdicts.cell_id = cells.cell_id
    where
        verdicts.document_id in (select misread_units.document_id from misread_units)
        and verdicts.kind = 'cell'
        and verdicts.status in ('pass', 'rounding')
        and cells.amount <> 0
),

-- the equation that says most: a printed cell before another sentence
ordered as (
    select
        causes.*,
        other_units.table_no is not null as is_table_wrong,
        case
            when causes.cause = 'unit_error' then 0
            when causes.comparison <> 'eq' then 9
            when causes.kind = 'cell' then 1
            when causes.kind = 'difference' then 2
            when causes.kind = 'repetition' then 3
            when causes.kind = 'sum' then 4
            when causes.kind = 'completion' then 5
            when causes.kind = 'share' then 6
            else 7
        end as weight,
        case
            when other_units.table_no is not null then 'unit ' || other_units.table_no
            when causes.cell_id is not null then causes.cell_id || ' ' || causes.printed
            else causes.blamed_claim_id
        end as root
    from causes
    left join other_units
        on
            causes.document_id = other_units.document_id
            and causes.table_no = other_units.table_no
            and causes.kind = other_units.kind
            and causes.cause = other_units.cause
),

lead_equations as (
    select
        *,
        row_number() over (
            partition by blamed_claim_id
            order by case when severity = 'minor' then 1 else 0 end, weight, equation_id
        ) as place
    from ordered
),

-- every claim has one root; the same wrong amount against the same cell is one mistake however often it is repeated
roots as (
    select
        blamed_claim_id,
        root
    from lead_equations
    where place = 1
),

evidence as (
    select
        roots.root,
        ordered.document_id,
        {{ quality_list('distinct ordered.equation_id', 'ordered.equation_id') }} as equations,
        cast(count(distinct ordered.equation_id) as integer) as equation_count,
        min(case ordered.severity when 'error' then 1 when 'warning' then 2 else 3 end) as severity_rank,
        bool_or(
            ordered.cell_id is not null
            and (coalesce(ordered.cell_placement, 'printed') <> 'printed' or ordered.table_confidence = 'low')
        ) as is_doubtful,
        min(ordered.blamed_claim_id) as first_claim_id
    from ordered
    inner join roots on ordered.blamed_claim_id = roots.blamed_claim_id
    group by roots.root, ordered.document_id
)

select
    lead_equations.blamed_claim_id as claim_id,
    lead_equations.document_id,
    lead_equations.rule_id,
    lead_equations.equation_id,
    lead_equations.kind,
    lead_equations.cause,
    lead_equations.is_table_wrong,
    lead_equations.claim_kind,
    lead_equations.unit_text,
    lead_equations.decimals,
    lead_equations.cell_id,
    cast(lead_equations.printed as decimal(20, 2)) as published,
    cast(
        case
            -- a unit that was mixed up: the amount itself is right
            when lead_equations.cause = 'unit_error' and lead_equations.kind <> 'cell'
                then case
                    when abs(lead_equations.solution) > abs(lead_equations.printed) then lead_equations.printed * 10000
                    else lead_equations.printed / 10000
                end
            when lead_equations.cause in ('zero_base', 'wrong_direction') then null
            when lead_equations.claim_kind = 'percentage' then round(lead_equations.solution, 2)
            else lead_equations.solution
        end as decimal(20, 2)
    ) as expected,
    evidence.equations,
    evidence.equation_count,
    case evidence.severity_rank when 1 then 'error' when 2 then 'warning' else 'minor' end as severity,
    case when evidence.is_doubtful then 'extraction' else 'source' end as origin,
    lead_equations.is_undecided,
    lead_equations.candidates
from lead_equations
inner join roots on lead_equations.blamed_claim_id = roots.blamed_claim_id
inner join evidence
    on
        roots.root = evidence.root
        and lead_equations.document_id = evidence.document_id
        and lead_equations.blamed_claim_id = evidence.first_claim_id
where lead_equations.place = 1
