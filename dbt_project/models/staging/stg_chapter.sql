-- One row a chapter of the text.
with source as (

    select * from {{ source('raw', 'chapter') }}

),

renamed as (

    select
        document_id,
        cast(chapter_no as integer) as chapter_no,
        cast(parent_chapter_no as integer) as parent_chapter_no,
        cast(depth as integer) as depth,
        number_text,
        title as chapter_title,
        cast(page_no as integer) as page_no,
        cast(line_no as integer) as line_no
    from source

)

select * from renamed
