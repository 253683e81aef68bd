-- One row a text beside the label of a row (项目名称, 采购品目, 一级指标 …) and what its column says it is.
with entries as (

    {{ json_entries(
        ref('stg_table_row'), ['document_id', 'table_no', 'row_no', 'lane_no'], 'row_context'
    ) }}

),

keyed as (

    select
        *,
        {{ normalise_text('entry_key') }} as key_normal
    from entries

),

-- the deepest header of a text column says what the text is
headed as (

    select
        *,
        {{ regex_remove('key_normal', '^.*/', global=false) }} as header_text
    from keyed

)

select
    headed.document_id,
    headed.table_no,
    headed.row_no,
    headed.lane_no,
    headed.entry_key as column_path,
    headed.entry_text as text_value,
    {{ normalise_text('headed.entry_text') }} as text_normal,
    max(aliases.value) as text_role
from headed
left join {{ ref('header_alias') }} as aliases
    on aliases.attribute = 'text' and aliases.header_text in (headed.header_text, headed.key_normal)
where coalesce(headed.entry_text, '') <> ''
group by
    headed.document_id,
    headed.table_no,
    headed.row_no,
    headed.lane_no,
    headed.entry_key,
    headed.entry_text
