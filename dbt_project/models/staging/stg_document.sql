-- One row a document that was found, read or set aside.
with source as (

    select * from {{ source('raw', 'document') }}

),

renamed as (

    select
        document_id,
        document_name,
        media_type,
        cast(size_bytes as bigint) as size_bytes,
        cast(page_count as integer) as page_count,
        reader_version,
        status as read_status,
        reason as read_reason,
        {{ normalise_text('agency_name') }} as agency_name,
        cast(fiscal_year as integer) as fiscal_year,
        document_kind,
        body_level,
        {{ normalise_text('region_name') }} as region_name,
        cast(publication_date as date) as publication_date,
        source_url,
        publisher,
        is_new
    from source

)

select * from renamed
