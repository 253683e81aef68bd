-- One row a word of direction, and what it must agree with: the final account is above, below or equal to its budget,
-- nothing changed since last year, the reason is one of an increase or a decrease, or no more was added than there is.
{{ config(schema='intermediate') }}

with sentences as (
    select
        sentences.document_id,
        sentences.sentence_no,
        sentences.chapter_no,
        sentences.page_no,
        sentences.sentence_text,
        {{ normalise_text('sentences.sentence_text') }} as words
    from {{ ref('stg_sentence') }} as sentences
    inner join {{ ref('stg_document') }} as documents on sentences.document_id = documents.document_id
    where documents.document_kind = 'final'
),

-- what a comparison may be worded as, and of which budget it speaks
worded as (
    select
        sentences.*,
        wordings.pattern,
        wordings.comparison,
        wordings.severity,
        wordings.slack_percent,
        case
            when {{ regex_extract_column('sentences.words', 'wordings.pattern', 1) }} = '' then null
            when {{ regex_matches(
                regex_extract_column('sentences.words', 'wordings.pattern', 1), marker('opening_budget')
            ) }} then 'approved'
            else 'adjusted'
        end as named_phase
    from sentences
    inner join {{ ref('claim_comparison') }} as wordings
        on {{ regex_matches_seed('sentences.words', 'wordings.pattern', 'claim_comparison') }}
),

-- the amounts of a sentence
amounts as (
    select
        document_id,
        sentence_no,
        chapter_no,
        count(*) as amount_count,
        count(case when is_budget then 1 end) as budget_count,
        count(case when is_executed then 1 end) as executed_count,
        count(distinct coalesce(subject_key, '-')) as thing_count,
        min(case when is_budget then claim_id end) as base_claim_id,
        min(case when is_budget then claim_phase end) as base_phase,
        min(case when is_executed then claim_id end) as value_claim_id
    from (
        select
            *,
            role in ('value', 'base') and claim_phase in ('approved', 'adjusted') and claim_year = fiscal_year
                as is_budget,
            role = 'value' and claim_phase = 'executed' and is_reported as is_executed
        from {{ ref('int_claim_context') }}
        where claim_kind = 'amount'
    ) as told
    group by document_id, sentence_no, chapter_no
),

-- the nearest sentence up to its own that tells amounts
nearest as (
    select
        worded.document_id,
        worded.sentence_no,
        max(amounts.sentence_no) as amount_sentence_no
    from worded
    inner join amounts
        on
            worded.document_id = amounts.document_id
            and worded.chapter_no = amounts.chapter_no
            and worded.sentence_no >= amounts.sentence_no
            and worded.sentence_no - amounts.sentence_no <= 3
    group by worded.document_id, worded.sentence_no
),

-- the heading of another item between them
interrupted as (
    select distinct
        nearest.document_id,
        nearest.sentence_no
    from nearest
    inner join sentences
        on
            nearest.document_id = sentences.document_id
            and nearest.amount_sentence_no < sentences.sentence_no
            and nearest.sentence_no > sentences.sentence_no
    where {{ regex_matches('sentences.words', marker('heading_of_item')) }}
),

paired as (
    select
        worded.*,
        amounts.base_claim_id,
        amounts.value_claim_id,
        told.page_no as told_page_no,
        told.sentence_no as told_sentence_no,
        told.sentence_text as told_text,
        row_number() over (partition by amounts.value_claim_id order by worded.sentence_no, worded.pattern) as place
    from worded
    inner join nearest
        on worded.document_id = nearest.document_id and worded.sentence_no = nearest.sentence_no
    inner join amounts
        on
            nearest.document_id = amounts.document_id
            and nearest.amount_sentence_no = amounts.sentence_no
    inner join sentences as told
        on amounts.document_id = told.document_id and amounts.sentence_no = told.sentence_no
    left join interrupted
        on worded.document_id = interrupted.document_id and worded.sentence_no = interrupted.sentence_no
    where
        interrupted.sentence_no is null
        and amounts.amount_count = 2
        and amounts.budget_count = 1
        and amounts.executed_count = 1
        and amounts.thing_count = 1
        and coalesce(worded.named_phase, amounts.base_phase) = amounts.base_phase
),

claims as (
    select
        *,
        lag(claim_id) over (partition by document_id, sentence_no order by claim_no) as previous_claim_id,
        lag(role) over (partition by document_id, sentence_no order by claim_no) as previous_role,
        lag(sign) over (partition by document_id, sentence_no order by claim_no) as previous_sign,
        lag(claim_year) over (partition by document_id, sentence_no order by claim_no) as previous_claim_year,
        lag(claim_phase) over (partition by document_id, sentence_no order by claim_no) as previous_claim_phase,
        count(case when claim_kind = 'amount' then 1 end) over (partition by document_id, sentence_no) as amount_count,
        coalesce(lead(gap) over (partition by document_id, sentence_no order by claim_no), tail) as words_behind
    from {{ ref('int_claim_context') }}
),

-- 与上年持平, 与2025年预算持平, 比上年预算执行数持平: the year and the phase that nothing changed against
flat as (
    select
        *,
        {{ regex_extract('tail', marker('against_last_year'), 2) }} as other_year,
        case
            when {{ regex_matches('tail', marker('executed_budget')) }} then 'executed'
            when {{ regex_matches('tail', marker('approved_budget')) }} then 'approved'
            else default_phase
        end as other_phase
    from claims
    where
        is_flat and role = 'value' and is_reported and claim_kind = 'amount'
        and {{ regex_matches('tail', marker('against_last_year')) }}
),

-- which the sentence tells itself, or the table beside the amount
unchanged as (
    select
        flat.document_id,
        flat.claim_id,
        others.other_cell_id,
        case when others.other_cell_id is null then flat.previous_claim_id end as base_claim_id
    from flat
    left join {{ ref('int_claim_beside') }} as others
        on
            flat.claim_id = others.claim_id
            and flat.fiscal_year - 1 = others.other_year
            and flat.other_phase = others.other_phase
    where
        coalesce(try_cast(left(flat.other_year, 4) as integer), flat.fiscal_year - 1) = flat.fiscal_year - 1
        and (
            others.other_cell_id is not null
            or (
                flat.amount_count = 2 and flat.previous_role in ('value', 'base')
                and flat.previous_claim_year = flat.fiscal_year - 1 and flat.previous_claim_phase = flat.other_phase
            )
        )
),

-- 增加 3 万元，减少的主要原因是 …
reasons as (
    select
        claims.document_id,
        -- the change before its rate
        case
            when claims.role = 'rate' and claims.previous_role = 'change' and claims.previous_sign = claims.sign
                then claims.previous_claim_id
            else claims.claim_id
        end as claim_id,
        words.sign
    from claims
    inner join {{ ref('claim_word') }} as words
        on {{ regex_extract('claims.words_behind', marker('reason_of_change'), 1) }} = words.word
    where claims.role in ('change', 'rate') and claims.sign is not null and claims.value <> 0
),

-- the rate of a change, where it is of the same direction, fails by itself
rated_changes as (
    select
        links.change_claim_id,
        claims.sign
    from {{ ref('int_claim_link') }} as links
    inner join claims on links.claim_id = claims.claim_id
    where links.role = 'rate'
),

-- 0 万元，比上年增加 24 万元: what was before cannot be less than nothing
increases as (
    select
        claims.document_id,
        claims.claim_id as change_claim_id,
        links.value_claim_id
    from claims
    inner join {{ ref('int_claim_link') }} as links on claims.claim_id = links.claim_id
    inner join claims as levels
        on links.value_claim_id = levels.claim_id and claims.sentence_no = levels.sentence_no
    left join rated_changes as rates
        on claims.claim_id = rates.change_claim_id and claims.sign = rates.sign
    where
        claims.role = 'change' and claims.sign > 0 and links.base_claim_id is null and rates.change_claim_id is null
        and claims.topic not in ('none', 'assets')
)

select
    'E09:direction:' || value_claim_id as equation_id,
    document_id,
    'E09' as rule_id,
    'direction' as kind,
    value_claim_id,
    base_claim_id,
    cast(null as varchar) as cell_id,
    comparison,
    severity,
    slack_percent,
    page_no,
    sentence_no,
    -- with the amounts that contradict it, where they stand next to it
    left(
        case
            when sentence_no = told_sentence_no + 1 and page_no = told_page_no and length(told_text) <= 100
                then told_text || sentence_text
            else sentence_text
        end, 160
    ) as quote
from paired
where place = 1
union all
select
    'E09:unchanged:' || claim_id as equation_id,
    document_id,
    'E09' as rule_id,
    'direction' as kind,
    claim_id as value_claim_id,
    base_claim_id,
    other_cell_id as cell_id,
    'eq' as comparison,
    'warning' as severity,
    cast('{{ marker('flat_slack') }}' as integer) as slack_percent,
    cast(null as integer) as page_no,
    cast(null as integer) as sentence_no,
    cast(null as varchar) as quote
from unchanged
union all
select distinct
    'E09:reason:' || claim_id as equation_id,
    document_id,
    'E09' as rule_id,
    'direction' as kind,
    claim_id as value_claim_id,
    cast(null as varchar) as base_claim_id,
    cast(null as varchar) as cell_id,
    case when sign > 0 then 'ge' else 'le' end as comparison,
    'warning' as severity,
    0 as slack_percent,
    cast(null as integer) as page_no,
    cast(null as integer) as sentence_no,
    cast(null as varchar) as quote
from reasons
union all
select
    'E09:increase:' || change_claim_id as equation_id,
    document_id,
    'E09' as rule_id,
    'direction' as kind,
    value_claim_id,
    change_claim_id as base_claim_id,
    cast(null as varchar) as cell_id,
    'ge' as comparison,
    'warning' as severity,
    0 as slack_percent,
    cast(null as integer) as page_no,
    cast(null as integer) as sentence_no,
    cast(null as varchar) as quote
from increases
