-- One row a sentence that says only whether the final account is above, below or equal to its budget: what it says, and
-- the one pair of amounts that the sentences before it tell of the same item.
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

-- the nearest sentence before that tells amounts
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
            and worded.sentence_no > amounts.sentence_no
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
)

select
    'E09:direction:' || value_claim_id as equation_id,
    document_id,
    'E09' as rule_id,
    'direction' as kind,
    value_claim_id,
    base_claim_id,
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
