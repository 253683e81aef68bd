-- One row a document whose numbers a better one of the same body, kind and year gives again: that one.
with documents as (

    select
        scopes.document_id,
        scopes.agency_id,
        scopes.document_kind,
        scopes.fiscal_year,
        scopes.reporting,
        -- the one that says so is the corrected one, else the later one; of equals, the one that holds more
        row_number() over (
            order by
                versions.is_corrected asc,
                documents.publication_date asc nulls first,
                documents.page_count asc nulls first,
                scopes.document_id desc
        ) as preference
    from {{ ref('int_document_scope') }} as scopes
    inner join {{ ref('int_document_version') }} as versions on scopes.document_id = versions.document_id
    inner join {{ ref('stg_document') }} as documents on scopes.document_id = documents.document_id
    inner join {{ ref('document_status') }} as statuses
        on scopes.document_id = statuses.document_id and statuses.status in ('verified', 'source_defects')

),

pairs as (

    select
        documents.document_id,
        others.document_id as other_document_id,
        others.preference
    from documents
    inner join documents as others
        on
            documents.agency_id = others.agency_id
            and documents.document_kind = others.document_kind
            and documents.fiscal_year = others.fiscal_year
            and documents.reporting = others.reporting
            and documents.preference < others.preference

),

numbers as (

    select distinct
        document_id,
        table_type,
        row_label,
        amount_yuan
    from {{ ref('int_published_amount') }}
    where
        amount_yuan <> 0
        and (
            document_id in (select pairs.document_id from pairs)
            or document_id in (select pairs.other_document_id from pairs)
        )

),

number_counts as (

    select
        document_id,
        count(*) as number_count
    from numbers
    group by document_id

),

shared as (

    select
        pairs.document_id,
        pairs.other_document_id,
        pairs.preference,
        count(*) as shared_count
    from pairs
    inner join numbers on pairs.document_id = numbers.document_id
    inner join numbers as others
        on
            pairs.other_document_id = others.document_id
            and numbers.table_type = others.table_type
            and numbers.row_label is not distinct from others.row_label
            and numbers.amount_yuan = others.amount_yuan
    group by pairs.document_id, pairs.other_document_id, pairs.preference

)

select
    shared.document_id,
    {{ last_by('shared.other_document_id', 'shared.preference') }} as superseded_by_document_id
from shared
inner join number_counts on shared.document_id = number_counts.document_id
-- two bodies that are taken for one have few numbers in common
where 2 * shared.shared_count > number_counts.number_count
group by shared.document_id
