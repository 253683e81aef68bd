-- One row a purpose or reason that the text gives for an item (E14): it speaks of the item, and not of another.
{{ config(schema='intermediate') }}

with sentences as (

    select
        document_id,
        chapter_no,
        chapter,
        sentence_no,
        page_no,
        text_key
    from {{ ref('int_disclosure_text') }}
    where text_kind = 'sentence' and part = 'body'

),

-- the one item that a sentence speaks of
coded as (

    select
        context.document_id,
        context.sentence_no,
        min(bound.code) as code,
        {{ first_by('context.thing', 'context.claim_no') }} as thing
    from {{ ref('int_claim_context') }} as context
    inner join {{ ref('int_claim_bound') }} as bound on context.claim_id = bound.claim_id
    where context.role = 'value' and bound.code is not null
    group by context.document_id, context.sentence_no
    having count(distinct bound.code) = 1

),

-- an amount of something else beside it may be what the purpose belongs to
mixed as (

    select distinct
        context.document_id,
        context.sentence_no
    from {{ ref('int_claim_context') }} as context
    inner join {{ ref('int_claim_bound') }} as bound on context.claim_id = bound.claim_id
    inner join coded
        on context.document_id = coded.document_id and context.sentence_no = coded.sentence_no
    where
        context.role = 'value' and context.claim_kind = 'amount' and bound.code is null
        and context.subject_key is not null and context.thing is distinct from coded.thing

),

purposes as (

    select * from {{ ref('item_purpose') }}

),

-- in the sentence of the amount, or in those behind it that speak of no amount of another item
near as (

    select
        coded.document_id,
        coded.sentence_no as item_sentence_no,
        coded.code,
        coded.thing,
        sentences.sentence_no,
        sentences.chapter,
        sentences.page_no,
        sentences.text_key,
        lead(coded.sentence_no) over (
            partition by coded.document_id, sentences.sentence_no order by coded.sentence_no
        ) as later_item_no
    from coded
    inner join sentences as own
        on coded.document_id = own.document_id and coded.sentence_no = own.sentence_no
    inner join sentences
        on
            coded.document_id = sentences.document_id
            and own.chapter_no is not distinct from sentences.chapter_no
            and sentences.sentence_no between coded.sentence_no and coded.sentence_no + 2
    left join mixed
        on coded.document_id = mixed.document_id and coded.sentence_no = mixed.sentence_no
    where mixed.document_id is null

),

others as (

    select distinct
        context.document_id,
        context.sentence_no
    from {{ ref('int_claim_context') }} as context
    where context.claim_kind = 'amount' and context.role in ('value', 'base')

),

told as (

    select
        near.document_id,
        near.code,
        near.thing,
        near.sentence_no,
        near.chapter,
        near.page_no,
        near.text_key,
        nullif({{ purpose_of('near.text_key') }}, '') as purpose
    from near
    left join others
        on
            near.document_id = others.document_id
            and near.sentence_no = others.sentence_no
    left join others as between_them
        on
            near.document_id = between_them.document_id
            and near.item_sentence_no + 1 = between_them.sentence_no
    where
        (others.document_id is null or near.sentence_no = near.item_sentence_no)
        and (between_them.document_id is null or near.sentence_no < near.item_sentence_no + 2)
        and near.later_item_no is null

),

judged as (

    select
        told.*,
        {{ matches_seed('told.purpose', 'told.code', 'item_purpose', 'function_code', 'own_pattern', 'false') }}
            as is_own,
        {{ matches_seed('told.purpose', 'told.code', 'item_purpose', 'function_code', 'other_pattern', 'false') }}
            as is_other
    from told
    inner join purposes on told.code = purposes.function_code
    where told.purpose is not null

)

select
    'E14' as rule_id,
    document_id,
    'other_purpose' as cause,
    coalesce(thing, code) as object_zh,
    coalesce(thing, code) as object_en,
    cast(null as integer) as table_no,
    cast(null as integer) as row_no,
    chapter,
    sentence_no,
    page_no,
    case when is_other and not is_own then 'fail' else 'pass' end as status,
    cast(null as varchar) as reason,
    -- what the money is for is printed nowhere else; a reason may reach further
    case when position('用于' in text_key) > 0 then 'warning' else 'minor' end as severity,
    left(purpose, 80) as quote,
    cast(null as varchar) as wanted,
    'purpose of ' || code || ' in sentence ' || sentence_no as root
from judged
