-- One row a number of a table and page that is landed less or more often than the source's text prints it.
with printed as (

    select
        document_id,
        table_no,
        coalesce(page_no, 0) as page_key,
        digits,
        min(token_text) as token_text,
        min(x) as x,
        min(y) as y,
        count(*) as printed_count
    from {{ source('raw', 'source_token') }}
    group by document_id, table_no, coalesce(page_no, 0), digits

),

cells as (

    select
        document_id,
        table_no,
        coalesce(page_no, 0) as page_key,
        {{ regex_remove("translate(value_text, '０１２３４５６７８９', '0123456789')", '[^0-9]') }} as digits,
        value_text
    from {{ source('raw', 'cell') }}

),

landed as (

    select
        document_id,
        table_no,
        page_key,
        digits,
        min(value_text) as value_text,
        count(*) as landed_count
    from cells
    group by document_id, table_no, page_key, digits

),

compared as (

    select
        coalesce(printed.document_id, landed.document_id) as document_id,
        coalesce(printed.table_no, landed.table_no) as table_no,
        coalesce(printed.page_key, landed.page_key) as page_key,
        coalesce(printed.token_text, landed.value_text) as token_text,
        coalesce(printed.digits, landed.digits) as digits,
        printed.x,
        printed.y,
        coalesce(printed.printed_count, 0) as printed_count,
        coalesce(landed.landed_count, 0) as landed_count
    from printed
    full outer join landed
        on
            printed.document_id = landed.document_id
            and printed.table_no = landed.table_no
            and printed.page_key = landed.page_key
            and printed.digits = landed.digits

)

select
    compared.document_id,
    documents.document_name,
    compared.table_no,
    tables.table_title,
    nullif(compared.page_key, 0) as page_no,
    compared.token_text,
    compared.digits,
    case when compared.printed_count > compared.landed_count then 'missing' else 'doubled' end as gap,
    cast(compared.printed_count as integer) as printed_count,
    cast(compared.landed_count as integer) as landed_count,
    compared.x,
    compared.y
from compared
inner join {{ source('raw', 'document') }} as documents on compared.document_id = documents.document_id
left join {{ source('raw', 'table') }} as tables
    on compared.document_id = tables.document_id and compared.table_no = tables.table_no
where compared.printed_count <> compared.landed_count
