-- One row a table, with the title in the form that the title aliases are written in.
with source as (

    select * from {{ source('raw', 'table') }}

),

renamed as (

    select
        document_id,
        cast(table_no as integer) as table_no,
        table_title,
        {{ normalise_text('table_title') }} as title_normal,
        cast(page_no as integer) as page_no,
        cast(last_page_no as integer) as last_page_no,
        {{ normalise_text('unit_text') }} as unit_text,
        agency_text,
        form_code,
        layout,
        cast(row_count as integer) as row_count,
        cast(column_count as integer) as column_count,
        cast(source_token_count as integer) as source_token_count,
        cast(landed_token_count as integer) as landed_token_count,
        note_text,
        confidence,
        confidence_reason
    from source

)

select * from renamed
