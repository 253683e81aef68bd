-- One row a column of a table, with its path of header texts from top to bottom.
with source as (

    select * from {{ source('raw', 'table_column') }}

),

renamed as (

    select
        document_id,
        cast(table_no as integer) as table_no,
        cast(column_no as integer) as column_no,
        cast(lane_no as integer) as lane_no,
        column_path,
        {{ normalise_text('column_path') }} as path_normal,
        header_text
    from source

)

select * from renamed
