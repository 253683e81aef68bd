-- One row a printed row and lane of a table, with the label in the form that the label aliases are written in.
with source as (

    select * from {{ source('raw', 'table_row') }}

),

normalised as (

    select
        *,
        {{ normalise_text('row_label') }} as label_normal
    from source

),

renamed as (

    select
        document_id,
        cast(table_no as integer) as table_no,
        cast(row_no as integer) as row_no,
        cast(lane_no as integer) as lane_no,
        cast(page_no as integer) as page_no,
        cast(line_no as integer) as line_no,
        nullif(row_code, '') as row_code,
        row_code_text,
        row_label,
        label_normal,
        {{ strip_numbering('label_normal') }} as label_key,
        {{ says_of_which('label_normal') }} as says_of_which,
        row_context
    from normalised

)

select * from renamed
