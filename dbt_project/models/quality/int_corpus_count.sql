-- One row a document and a thing that its text counts: the claim, where all statements of the document agree.
{{ config(schema='intermediate') }}

with told as (
    select
        claims.claim_id,
        claims.claim_no,
        claims.document_id,
        claims.sentence_no,
        claims.value,
        claims.unit_text,
        {{ normalise_text('claims.subject_text') }} as subject,
        documents.document_kind
    from {{ ref('stg_claim') }} as claims
    inner join {{ ref('stg_document') }} as documents on claims.document_id = documents.document_id
    where
        claims.claim_kind = 'count'
        and claims.value is not null
        and claims.unit_text in (select counts.unit_text from {{ ref('corpus_count') }} as counts)
)

select
    told.document_id,
    counts.thing,
    {{ quality_key(['told.document_id', 'counts.thing']) }} as object_no,
    min(counts.name_zh) as thing_name,
    min(counts.unit_text) as unit_text,
    {{ first_by('told.claim_id', 'told.claim_no') }} as claim_id,
    {{ first_by('told.sentence_no', 'told.claim_no') }} as sentence_no,
    cast(min(told.value) as decimal(18, 2)) as counted
from told
inner join {{ ref('corpus_count') }} as counts
    on
        told.unit_text = counts.unit_text
        and told.document_kind = coalesce(counts.document_kind, told.document_kind)
        and {{ regex_matches_seed('told.subject', 'counts.pattern', 'corpus_count') }}
group by told.document_id, counts.thing
-- kinds of a thing, or statements that contradict each other
having min(told.value) = max(told.value)
