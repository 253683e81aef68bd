-- One row a column of amounts (J08): all with as many decimals, or the numbers that have more than all others.
{{ config(schema='intermediate') }}

with cells as (

    select
        cells.document_id,
        cells.table_no,
        cells.column_no,
        cells.row_no,
        cells.page_no,
        cells.row_label,
        cells.value_text,
        cells.decimals,
        count(*) over (partition by cells.document_id, cells.table_no, cells.column_no) as cell_count
    from {{ ref('int_published_amount') }} as cells
    inner join {{ ref('int_table') }} as tables
        on cells.document_id = tables.document_id and cells.table_no = tables.table_no
    where
        cells.is_money and cells.value <> 0
        and cells.placement = 'printed'
        and tables.confidence = 'high'
        and tables.grain in ('function', 'economic', 'side_item', 'spending_item')

),

counted as (

    select
        document_id,
        table_no,
        column_no,
        decimals,
        min(cell_count) as cell_count,
        count(*) as number_count
    from cells
    group by document_id, table_no, column_no, decimals

),

-- nine tenths of a column with the same decimals: where zeros at the end fall away, they differ everywhere
usual as (

    select
        document_id,
        table_no,
        column_no,
        decimals
    from counted
    where cell_count >= 8 and number_count * 10 >= cell_count * 9 and decimals >= 2

),

odd as (

    select
        cells.*,
        usual.decimals as usual_decimals
    from cells
    inner join usual
        on
            cells.document_id = usual.document_id
            and cells.table_no = usual.table_no
            and cells.column_no = usual.column_no
            and cells.decimals > usual.decimals

)

select
    'J08' as rule_id,
    document_id,
    'mixed_decimals' as cause,
    value_text as object_zh,
    value_text as object_en,
    table_no,
    row_no,
    cast(null as varchar) as chapter,
    cast(null as integer) as sentence_no,
    page_no,
    'fail' as status,
    cast(null as varchar) as reason,
    'minor' as severity,
    concat_ws(' ', row_label, value_text) as quote,
    cast(usual_decimals as varchar) as wanted,
    'decimals of table ' || table_no as root
from odd
