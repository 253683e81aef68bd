-- One row a printed line some of whose numbers could stand in several columns: it has fewer numbers than columns, or
-- the header is not that of a known form.
{{ config(schema='intermediate') }}

with lanes as (
    select
        document_id,
        table_no,
        lane_no,
        count(*) as column_count
    from {{ ref('stg_table_column') }}
    group by document_id, table_no, lane_no
),

lines as (
    select
        document_id,
        table_no,
        row_no,
        lane_no,
        count(*) as number_count
    from {{ ref('int_equation_cell') }}
    group by document_id, table_no, row_no, lane_no
    -- a zero is the same in every column
    having count(case when placement = 'ambiguous' and amount <> 0 then 1 end) > 0
)

select
    lines.document_id,
    lines.table_no,
    lines.row_no,
    lines.lane_no
from lines
inner join lanes
    on
        lines.document_id = lanes.document_id
        and lines.table_no = lanes.table_no
        and lines.lane_no = lanes.lane_no
inner join {{ ref('stg_table') }} as tables
    on
        lines.document_id = tables.document_id
        and lines.table_no = tables.table_no
where
    lines.number_count < lanes.column_count
    or tables.confidence = 'low'
