-- One row a line that stands in a table a second time, with the same code, name and amounts.
{{ config(schema='intermediate') }}

with lines as (
    select
        cells.document_id,
        cells.table_no,
        cells.row_no,
        cells.lane_no,
        min(cells.row_order) as row_order,
        min(cells.line_code) as line_code,
        min(cells.row_label) as row_label,
        cast({{ quality_list("cells.column_no || '=' || cells.amount", 'cells.column_no') }} as varchar) as amounts
    from {{ ref('int_equation_cell') }} as cells
    where
        cells.document_id in (
            select scope.document_id
            from {{ ref('int_repair_scope') }} as scope
            where scope.is_searched
        )
    group by cells.document_id, cells.table_no, cells.row_no, cells.lane_no
    having max(abs(cells.amount)) > 0
)

select
    document_id,
    table_no,
    row_no,
    lane_no
from lines
qualify row_number() over (
    partition by document_id, table_no, lane_no, line_code, row_label, amounts order by row_order
) > 1
