-- One row a line that a table may have too much: one that it prints a second time with the same code, name and amounts,
-- or a class, with all below it, that no other table of the document has while they have others of its classes.
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
),

-- a class and what is below it go together
classes as (
    select
        document_id,
        table_no,
        lane_no,
        left(line_code, 3) as class_code,
        min(row_no) as top_row_no
    from lines
    where line_code is not null
    group by document_id, table_no, lane_no, left(line_code, 3)
),

shared as (
    select
        document_id,
        class_code
    from classes
    group by document_id, class_code
    having count(distinct table_no) > 1
),

-- tables that have some class in common with another
tables as (
    select distinct
        classes.document_id,
        classes.table_no
    from classes
    inner join shared using (document_id, class_code)
),

foreign_classes as (
    select classes.*
    from classes
    inner join tables using (document_id, table_no)
    where (classes.document_id, classes.class_code) not in (
        select
            shared.document_id,
            shared.class_code
        from shared
    )
),

copies as (
    select
        *,
        row_number() over (
            partition by document_id, table_no, lane_no, line_code, row_label, amounts order by row_order
        ) as copy_no
    from lines
)

select
    'duplicate_row' as kind,
    document_id,
    table_no,
    row_no,
    lane_no,
    row_no as top_row_no
from copies
where copy_no > 1
union all
select
    'surplus_row' as kind,
    lines.document_id,
    lines.table_no,
    lines.row_no,
    lines.lane_no,
    foreign_classes.top_row_no
from lines
inner join foreign_classes
    on
        lines.document_id = foreign_classes.document_id
        and lines.table_no = foreign_classes.table_no
        and lines.lane_no = foreign_classes.lane_no
        and left(lines.line_code, 3) = foreign_classes.class_code
