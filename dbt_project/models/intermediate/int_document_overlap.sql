-- One row two documents of one body, kind and year, in either order: how many amounts they have in common.
with pairs as (

    select
        documents.document_id,
        others.document_id as other_document_id
    from {{ ref('int_document_scope') }} as documents
    inner join {{ ref('int_document_scope') }} as others
        on
            documents.agency_id = others.agency_id
            and documents.document_kind = others.document_kind
            and documents.fiscal_year = others.fiscal_year
            and documents.reporting = others.reporting
            and documents.document_id <> others.document_id

),

numbers as (

    select distinct
        document_id,
        amount_yuan
    from {{ ref('int_published_amount') }}
    where
        amount_yuan <> 0
        and document_id in (select pairs.document_id from pairs)

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
        count(*) as shared_count
    from pairs
    inner join numbers on pairs.document_id = numbers.document_id
    inner join numbers as others
        on pairs.other_document_id = others.document_id and numbers.amount_yuan = others.amount_yuan
    group by pairs.document_id, pairs.other_document_id

)

select
    shared.document_id,
    shared.other_document_id,
    -- two bodies that are taken for one have few numbers in common
    2 * shared.shared_count > counts.number_count as has_most,
    shared.shared_count = counts.number_count and shared.shared_count = other_counts.number_count as is_same
from shared
inner join number_counts as counts on shared.document_id = counts.document_id
inner join number_counts as other_counts on shared.other_document_id = other_counts.document_id
