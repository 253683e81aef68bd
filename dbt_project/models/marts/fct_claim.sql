-- One row an amount, a percentage or a count that a document states in its text.
with claims as (

    select * from {{ ref('stg_claim') }}

),

sentences as (

    select * from {{ ref('stg_sentence') }}

),

chapters as (

    select * from {{ ref('stg_chapter') }}

)

select
    claims.claim_id,
    claims.document_id,
    agencies.agency_id,
    documents.fiscal_year,
    sentences.page_no,
    chapters.chapter_title,
    claims.sentence_no,
    sentences.sentence_text,
    claims.claim_kind,
    claims.value_text,
    claims.value,
    claims.unit_text as unit,
    case
        when claims.claim_kind = 'amount' then {{ rescaled('claims.value * units.yuan_factor', 8, 18, 2) }}
    end as amount_yuan,
    claims.direction_text,
    claims.period_text,
    claims.subject_text,
    context.role,
    bound.bound_cell_id,
    bound.binding_status,
    bound.binding_reason
from claims
inner join {{ ref('stg_document') }} as documents on claims.document_id = documents.document_id
left join {{ ref('int_agency') }} as agencies on claims.document_id = agencies.document_id
left join sentences on claims.document_id = sentences.document_id and claims.sentence_no = sentences.sentence_no
left join chapters on sentences.document_id = chapters.document_id and sentences.chapter_no = chapters.chapter_no
left join {{ ref('unit') }} as units on claims.unit_text = units.unit_text
left join {{ ref('int_claim_context') }} as context on claims.claim_id = context.claim_id
left join {{ ref('int_claim_bound') }} as bound on claims.claim_id = bound.claim_id
