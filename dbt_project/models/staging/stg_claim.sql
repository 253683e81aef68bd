-- One row an amount, a percentage or a count stated in a sentence.
with source as (

    select * from {{ source('raw', 'claim') }}

),

renamed as (

    select
        document_id,
        left(document_id, 16) || ':claim:' || claim_no as claim_id,
        cast(claim_no as integer) as claim_no,
        cast(sentence_no as integer) as sentence_no,
        claim_kind,
        value_text,
        {{ to_decimal('number_text') }} as value,
        nullif({{ normalise_text('unit_text') }}, '') as unit_text,
        direction_text,
        period_text,
        subject_text,
        cast(char_start as integer) as char_start,
        cast(char_end as integer) as char_end
    from source

)

select * from renamed
