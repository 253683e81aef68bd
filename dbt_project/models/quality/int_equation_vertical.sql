-- One row a term of the equations that run down a column: a line and its parts by code, a total and its top lines.
{{ config(schema='intermediate') }}

with cells as (
    select * from {{ ref('int_equation_place') }}
),

templates as (
    select distinct
        variant_no,
        shape,
        table_type,
        code_level
    from {{ ref('int_rule_term') }}
    where shape in ('vertical_code', 'vertical_total')
),

has_parts as (
    select distinct
        document_id,
        table_no,
        parent_row_no,
        parent_lane_no
    from cells
    where parent_row_no is not null
),

parents as (
    select
        templates.variant_no,
        cells.*
    from cells
    inner join templates
        on
            cells.table_type = templates.table_type
            and templates.shape = 'vertical_code'
            and cast(templates.code_level as integer) = {{ quality_code_level('cells.line_code') }}
    inner join has_parts
        on
            cells.document_id = has_parts.document_id
            and cells.table_no = has_parts.table_no
            and cells.row_no = has_parts.parent_row_no
            and cells.lane_no = has_parts.parent_lane_no
),

totals as (
    select
        templates.variant_no,
        cells.*
    from cells
    inner join templates
        on
            cells.table_type = templates.table_type
            and templates.shape = 'vertical_total'
            and cells.row_kind = 'total'
            and cells.row_role = 'total'
),

-- a table without any code adds up its own lines
coded as (
    select distinct
        document_id,
        table_no
    from cells
    where line_code is not null
),

tops as (
    select cells.*
    from cells
    left join coded using (document_id, table_no)
    where
        cells.row_kind = 'root'
        or (coded.table_no is null and cells.row_kind = 'line' and coalesce(cells.row_role, 'item') = 'item')
),

code_terms as (
    select
        variant_no,
        document_id,
        table_no,
        row_no,
        lane_no,
        column_key,
        'lhs' as side,
        cell_no,
        cast(1 as decimal(9, 2)) as coefficient
    from parents
    union all
    select
        parents.variant_no,
        parents.document_id,
        parents.table_no,
        parents.row_no,
        parents.lane_no,
        parents.column_key,
        'rhs' as side,
        cells.cell_no,
        cast(-1 as decimal(9, 2)) as coefficient
    from parents
    inner join cells
        on
            parents.document_id = cells.document_id
            and parents.table_no = cells.table_no
            and parents.row_no = cells.parent_row_no
            and parents.lane_no = cells.parent_lane_no
            and parents.column_key = cells.column_key
),

total_terms as (
    select
        variant_no,
        document_id,
        table_no,
        row_no,
        lane_no,
        column_key,
        'lhs' as side,
        cell_no,
        cast(1 as decimal(9, 2)) as coefficient
    from totals
    union all
    select
        totals.variant_no,
        totals.document_id,
        totals.table_no,
        totals.row_no,
        totals.lane_no,
        totals.column_key,
        'rhs' as side,
        tops.cell_no,
        cast(-1 as decimal(9, 2)) as coefficient
    from totals
    inner join tops
        on
            totals.document_id = tops.document_id
            and totals.table_no = tops.table_no
            and totals.column_key = tops.column_key
)

select * from code_terms
union all
select * from total_terms
