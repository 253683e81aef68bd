-- One row a number printed in the body of a table.
with source as (

    select * from {{ source('raw', 'cell') }}

),

renamed as (

    select
        document_id,
        left(document_id, 16) || ':' || table_no || ':' || row_no || ':' || column_no as cell_id,
        cast(table_no as integer) as table_no,
        cast(row_no as integer) as row_no,
        cast(column_no as integer) as column_no,
        cast(lane_no as integer) as lane_no,
        cast(page_no as integer) as page_no,
        cast(line_no as integer) as line_no,
        value_text,
        {{ to_decimal('number_text') }} as value,
        nullif({{ normalise_text('number_suffix') }}, '') as number_suffix,
        cast(decimals as integer) as decimals,
        placement,
        cast(x0 as double) as x0,
        cast(top as double) as top,
        cast(x1 as double) as x1,
        cast(bottom as double) as bottom
    from source

)

select * from renamed
