-- One row a blank of a printed line and an equation in which a number there would be a term.
{{ config(schema='intermediate') }}

with terms as (
    select * from {{ ref('int_repair_term') }}
),

-- tables with a number in a failing equation
broken_tables as (
    select distinct
        terms.document_id,
        terms.table_no
    from terms
    inner join {{ ref('int_repair_scope') }} as scope on terms.equation_id = scope.equation_id
    where scope.status = 'fail'
),

cells as (
    select cells.*
    from {{ ref('int_equation_place') }} as cells
    inner join broken_tables using (document_id, table_no)
),

lines as (
    select
        document_id,
        table_no,
        row_no,
        lane_no,
        min(line_code) as line_code
    from cells
    group by document_id, table_no, row_no, lane_no
),

columns as (
    select
        document_id,
        table_no,
        lane_no,
        column_no,
        min(column_key) as column_key
    from cells
    group by document_id, table_no, lane_no, column_no
),

blanks as (
    select
        lines.document_id,
        lines.table_no,
        lines.row_no,
        lines.lane_no,
        lines.line_code,
        columns.column_no,
        columns.column_key
    from lines
    inner join columns using (document_id, table_no, lane_no)
    left join cells
        on
            lines.document_id = cells.document_id
            and lines.table_no = cells.table_no
            and lines.row_no = cells.row_no
            and lines.lane_no = cells.lane_no
            and columns.column_no = cells.column_no
    where cells.cell_id is null
),

-- which line is a part of which, down a column
parts as (
    select distinct
        part.document_id,
        part.table_no,
        part.row_no,
        part.lane_no,
        part.variant_no,
        whole.row_no as whole_row_no,
        whole.lane_no as whole_lane_no
    from terms as part
    inner join terms as whole on part.equation_id = whole.equation_id
    where
        part.shape like 'vertical%'
        and part.side = 'rhs'
        and whole.side = 'lhs'
),

down_a_column as (
    select
        blanks.*,
        whole.equation_id,
        whole.shape,
        whole.variant_no,
        2 as term_no,
        whole.group_key,
        'rhs' as side,
        cast(-1 as decimal(9, 2)) as coefficient
    from blanks
    inner join parts using (document_id, table_no, row_no, lane_no)
    inner join terms as whole
        on
            parts.document_id = whole.document_id
            and parts.table_no = whole.table_no
            and parts.whole_row_no = whole.row_no
            and parts.whole_lane_no = whole.lane_no
            and parts.variant_no = whole.variant_no
            and blanks.column_key = whole.column_key
            and whole.side = 'lhs'
),

-- the same equation in all lines of a table
row_terms as (
    select
        *,
        {{ regex_remove('group_key', ' r[0-9.]+') }} as row_pattern
    from terms
    where shape = 'row_identity'
),

column_roles as (
    select distinct
        document_id,
        table_no,
        lane_no,
        column_no,
        variant_no,
        term_no,
        row_pattern,
        side,
        coefficient
    from row_terms
),

row_equations as (
    select distinct
        document_id,
        table_no,
        row_no,
        lane_no,
        variant_no,
        row_pattern,
        shape,
        group_key,
        equation_id
    from row_terms
),

along_a_line as (
    select
        blanks.*,
        row_equations.equation_id,
        row_equations.shape,
        row_equations.variant_no,
        column_roles.term_no,
        row_equations.group_key,
        column_roles.side,
        column_roles.coefficient
    from blanks
    inner join row_equations using (document_id, table_no, row_no, lane_no)
    inner join column_roles
        on
            blanks.document_id = column_roles.document_id
            and blanks.table_no = column_roles.table_no
            and blanks.lane_no = column_roles.lane_no
            and blanks.column_no = column_roles.column_no
            and row_equations.variant_no = column_roles.variant_no
            and row_equations.row_pattern = column_roles.row_pattern
),

-- the column of a table that its codes are compared by
code_roles as (
    select distinct
        document_id,
        table_no,
        column_no,
        variant_no,
        term_no,
        side,
        coefficient
    from terms
    where
        shape = 'cross'
        and group_key = line_code
),

between_tables as (
    select
        blanks.*,
        unlisted.equation_id,
        unlisted.shape,
        unlisted.variant_no,
        unlisted.term_no,
        unlisted.group_key,
        unlisted.side,
        unlisted.coefficient
    from blanks
    inner join terms as unlisted
        on
            blanks.document_id = unlisted.document_id
            and blanks.table_no = unlisted.table_no
            and blanks.line_code = unlisted.group_key
            and unlisted.cell_id is null
    inner join code_roles
        on
            blanks.document_id = code_roles.document_id
            and blanks.table_no = code_roles.table_no
            and blanks.column_no = code_roles.column_no
            and unlisted.variant_no = code_roles.variant_no
            and unlisted.term_no = code_roles.term_no
),

all_blanks as (
    select * from down_a_column
    union all
    select * from along_a_line
    union all
    select * from between_tables
)

select
    equation_id,
    shape,
    variant_no,
    term_no,
    document_id,
    group_key,
    side,
    left(document_id, 16) || ':' || table_no || ':' || row_no || ':' || column_no as cell_id,
    table_no,
    row_no,
    lane_no,
    column_no,
    line_code,
    column_key,
    coefficient,
    cast(0 as decimal(18, 2)) as amount_yuan,
    cast(null as varchar) as placement,
    false as may_be_negative,
    true as is_blank
from all_blanks
