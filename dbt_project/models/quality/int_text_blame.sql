-- One row a failing equation of the text and the claim that is blamed for it: the one that, changed, mends most.
{{ config(schema='intermediate') }}

with verdicts as (
    select * from {{ ref('int_text_verdict') }}
),

-- a cell that the tables themselves contradict proves nothing against the text
contradicted_cells as (
    select
        cell_id,
        cast(null as decimal(18, 2)) as expected
    from {{ ref('int_finding_equation') }}
    where
        cell_id is not null
        and not is_undecided
    union
    -- one of several that could be wrong: where the text says what it should then be
    select
        cell_id,
        expected
    from {{ ref('int_finding_candidate') }}
    union
    -- last year's document prints another number there: where the text says the same
    select
        numbers.cell_id,
        others.amount as expected
    from {{ ref('int_corpus_link') }} as links
    inner join {{ ref('int_corpus_number') }} as numbers on links.corpus_cell_no = numbers.corpus_cell_no
    inner join {{ ref('int_corpus_cell') }} as others on links.other_cell_no = others.corpus_cell_no
    where
        links.rule_id in ('F01', 'F03', 'F06')
        and links.value_claim_id is null
        and numbers.amount <> others.amount
),

doubted as (
    select distinct verdicts.equation_id
    from verdicts
    inner join contradicted_cells on verdicts.cell_id = contradicted_cells.cell_id
    inner join {{ ref('int_text_term') }} as terms
        on verdicts.equation_id = terms.equation_id and verdicts.cell_id = terms.cell_id
    where
        contradicted_cells.expected is null
        or abs(verdicts.residual + terms.amount - contradicted_cells.expected) <= verdicts.tolerance
),

decided as (
    select
        verdicts.equation_id,
        verdicts.document_id,
        verdicts.kind,
        verdicts.lead_claim_id,
        verdicts.residual,
        verdicts.tolerance,
        verdicts.rule_id in ('E05', 'E06') and verdicts.kind in ('rate', 'share') and verdicts.severity <> 'minor'
            as is_wrong_ratio,
        verdicts.status = 'fail' and doubted.equation_id is null as is_failing,
        -- cut off instead of rounded: that says nothing against the amounts
        verdicts.kind in ('rate', 'share', 'completion') and verdicts.severity = 'minor' as is_cut_off,
        -- not to be above the whole is true of most amounts, right or wrong
        verdicts.status in ('pass', 'rounding') and verdicts.comparison = 'eq' and verdicts.kind <> 'direction'
            as is_holding
    from verdicts
    left join doubted on verdicts.equation_id = doubted.equation_id
),

-- by how much the residual moves with each claim
pulls as (
    select
        terms.equation_id,
        terms.claim_id,
        terms.amount,
        terms.coefficient,
        nullif(
            case
                when terms.claim_id = verdicts.change_claim_id and verdicts.base_claim_id is null
                    then 1 + leads.value * leads.sign / 100
                else terms.weight
            end, 0
        ) as pull
    from {{ ref('int_text_term') }} as terms
    inner join verdicts on terms.equation_id = verdicts.equation_id
    inner join {{ ref('int_claim_context') }} as leads on verdicts.lead_claim_id = leads.claim_id
    where terms.claim_id is not null
),

-- an amount that its item prints twice, or that a table prints, is no slip of a digit
amounts as (
    select
        claim_id,
        document_id,
        chapter_no,
        sentence_no,
        amount_yuan
    from {{ ref('int_claim_context') }}
    where role in ('value', 'base') and amount_yuan <> 0
),

confirmed as (
    select amounts.claim_id
    from amounts
    inner join amounts as others
        on
            amounts.document_id = others.document_id
            and amounts.chapter_no is not distinct from others.chapter_no
            and amounts.amount_yuan = others.amount_yuan
    where amounts.claim_id <> others.claim_id and abs(amounts.sentence_no - others.sentence_no) <= 3
    union
    select amounts.claim_id
    from amounts
    inner join {{ ref('int_equation_cell') }} as cells
        on amounts.document_id = cells.document_id and amounts.amount_yuan = cells.amount
    where cells.is_money
),

terms as (
    select
        decided.*,
        terms.claim_id,
        context.role,
        context.claim_no,
        case
            when decided.is_wrong_ratio and confirmed.claim_id is not null then false
            when decided.is_wrong_ratio then coalesce({{ is_one_digit_apart(
                'decided.residual / terms.pull', 'decided.tolerance / abs(terms.pull)'
            ) }}, false)
            when decided.kind = 'sum'
                then
                    decided.residual = 2 * terms.coefficient * terms.amount
                    or {{ is_one_slip(
                        'cast(terms.amount as decimal(20, 2))',
                        'cast(terms.amount - decided.residual / terms.coefficient as decimal(20, 2))'
                    ) }}
            else false
        end as is_slip
    from decided
    inner join pulls as terms on decided.equation_id = terms.equation_id
    inner join {{ ref('int_claim_context') }} as context on terms.claim_id = context.claim_id
    left join confirmed on terms.claim_id = confirmed.claim_id
    where decided.is_failing or decided.is_holding
),

-- what a table says of a claim weighs more than what other claims say
scores as (
    select
        claim_id,
        sum(
            case when is_failing and is_cut_off then 0 when is_failing then 1 else -1 end
            * case when kind = 'cell' then 10 else 1 end
        ) as score,
        bool_or(is_failing and is_slip) as is_slip
    from terms
    group by claim_id
),

ranked as (
    select
        terms.equation_id,
        terms.document_id,
        terms.claim_id,
        terms.kind,
        scores.score,
        row_number() over (
            partition by terms.equation_id
            order by
                scores.score desc,
                -- of those that may be wrong, the one that a single digit mends
                case when scores.is_slip then 0 else 1 end asc,
                case
                    when terms.role in ('rate', 'share', 'completion') then 1
                    when terms.role = 'change' then 2
                    when terms.role = 'base' then 3
                    else 4
                end asc,
                case when terms.claim_id = terms.lead_claim_id then 0 else 1 end asc,
                terms.claim_no asc
        ) as place,
        count(*) over (partition by terms.equation_id, scores.score) as rivals,
        max(scores.score) over (partition by terms.equation_id) as best_score
    from terms
    inner join scores on terms.claim_id = scores.claim_id
    -- there the word is wrong, or the rounding, and none of the amounts
    where terms.is_failing and terms.kind <> 'direction' and not terms.is_cut_off
),

rivals as (
    select
        equation_id,
        {{ quality_list('claim_id', 'claim_id') }} as candidates
    from ranked
    where score = best_score
    group by equation_id
)

select
    ranked.equation_id,
    ranked.document_id,
    ranked.claim_id,
    ranked.score,
    ranked.rivals > 1 as is_undecided,
    case when ranked.rivals > 1 then rivals.candidates end as candidates
from ranked
inner join rivals on ranked.equation_id = rivals.equation_id
where ranked.place = 1
union all
-- unless one of them is wrong in itself, and with it the word or the ratio
select
    decided.equation_id,
    decided.document_id,
    coalesce(min(ranked.claim_id), decided.lead_claim_id) as claim_id,
    1 as score,
    false as is_undecided,
    cast(null as varchar[]) as candidates
from decided
left join terms
    on decided.equation_id = terms.equation_id
left join ranked
    on terms.claim_id = ranked.claim_id and ranked.place = 1
where (decided.kind = 'direction' or decided.is_cut_off) and decided.is_failing
group by decided.equation_id, decided.document_id, decided.lead_claim_id
