-- One row a document whose numbers a better one of the same body, kind and year gives again: that one.
with documents as (

    select
        scopes.document_id,
        -- the one that says so is the corrected one, else one without defects: a copy that is only later may have slips
        -- of its own; then the later one, and of equals the one that holds more
        row_number() over (
            order by
                versions.is_corrected asc,
                statuses.status = 'verified' asc,
                documents.publication_date asc nulls first,
                documents.page_count asc nulls first,
                scopes.document_id desc
        ) as preference
    from {{ ref('int_document_scope') }} as scopes
    inner join {{ ref('int_document_version') }} as versions on scopes.document_id = versions.document_id
    inner join {{ ref('stg_document') }} as documents on scopes.document_id = documents.document_id
    inner join {{ ref('document_status') }} as statuses
        on scopes.document_id = statuses.document_id and statuses.status in ('verified', 'source_defects')

)

select
    documents.document_id,
    {{ last_by('others.document_id', 'others.preference') }} as superseded_by_document_id
from documents
inner join {{ ref('int_document_overlap') }} as pairs
    on documents.document_id = pairs.document_id and pairs.has_most
inner join documents as others
    on pairs.other_document_id = others.document_id and documents.preference < others.preference
group by documents.document_id
