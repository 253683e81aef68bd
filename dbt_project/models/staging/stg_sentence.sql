-- One row a sentence of the text, joined over line and page breaks.
with source as (

    select * from {{ source('raw', 'sentence') }}

),

renamed as (

    select
        document_id,
        cast(sentence_no as integer) as sentence_no,
        cast(chapter_no as integer) as chapter_no,
        cast(page_no as integer) as page_no,
        cast(line_no as integer) as line_no,
        text as sentence_text,
        x0,
        top,
        x1,
        bottom
    from source

)

select * from renamed
