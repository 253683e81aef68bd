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
        templates.shape,
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
        templates.shape,
        cells.*
    from cells
    inner join templates
        on
            cells.table_type = templates.table_type
            and templates.shape = 'vertical_total'
            and cells.row_kind = 'total'
            and cells.row_role = 'total'
),

-- every equation once, by its left side: what names it is written here, and not again for each part
begun as (
    {% for source in ['parents', 'totals'] -%}
        select
            variant_no,
            shape,
            document_id,
            table_no,
            row_no,
            lane_no,
            column_key,
            cell_no,
            't' || table_no || ' r' || row_no || '.' || lane_no || ' ' || column_key as group_key
        from {{ source }}
        {{ 'union all' if not loop.last }}
    {% endfor -%}
),

keyed as (
    select
        *,
        {{ quality_key(['variant_no', 'document_id', 'group_key']) }} as equation_no
    from begun
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
)

select
    equation_no,
    variant_no,
    document_id,
    group_key,
    'lhs' as side,
    cell_no,
    cast(1 as decimal(9, 2)) as coefficient
from keyed
union all
select
    keyed.equation_no,
    keyed.variant_no,
    keyed.document_id,
    keyed.group_key,
    'rhs' as side,
    cells.cell_no,
    cast(-1 as decimal(9, 2)) as coefficient
from keyed
inner join cells
    on
        keyed.document_id = cells.document_id
        and keyed.table_no = cells.table_no
        and keyed.row_no = cells.parent_row_no
        and keyed.lane_no = cells.parent_lane_no
        and keyed.column_key = cells.column_key
where keyed.shape = 'vertical_code'
union all
select
    keyed.equation_no,
    keyed.variant_no,
    keyed.document_id,
    keyed.group_key,
    'rhs' as side,
    tops.cell_no,
    cast(-1 as decimal(9, 2)) as coefficient
from keyed
inner join tops
    on
        keyed.document_id = tops.document_id
        and keyed.table_no = tops.table_no
        and keyed.column_key = tops.column_key
where keyed.shape = 'vertical_total'
