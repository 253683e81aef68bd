-- One row a page (a text without pages is one page with an empty number).
with source as (

    select * from {{ source('raw', 'page') }}

),

renamed as (

    select
        document_id,
        cast(page_no as integer) as page_no,
        status as page_status,
        reason as page_reason,
        cast(token_count as integer) as token_count
    from source

)

select * from renamed
