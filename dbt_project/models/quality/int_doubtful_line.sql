-- One row a printed line that lost a number: it does not add up, a column is blank, and places in it were inferred.
-- Its blanks are unknown, not zero.
{{ config(schema='intermediate') }}

-- all others are printed where they stand
with doubtful_tables as (
    select
        document_id,
        table_no
    from {{ ref('int_table') }}
    where confidence = 'low'
    union
    select
        document_id,
        table_no
    from {{ ref('int_equation_cell') }}
    where placement <> 'printed'
),

cells as (
    select cells.*
    from {{ ref('int_equation_cell') }} as cells
    inner join doubtful_tables using (document_id, table_no)
),

identities as (
    select
        selected.variant_no,
        cells.document_id,
        selected.equation_no,
        min(cells.table_no) as table_no,
        min(cells.row_no) as row_no,
        min(cells.lane_no) as lane_no,
        min(cells.line_code) as line_code,
        count(distinct selected.term_no) as term_count,
        sum(selected.coefficient * cells.amount) as residual,
        sum(abs(selected.coefficient) * cells.half_unit) as tolerance,
        bool_or(cells.placement <> 'printed') as has_inferred_place
    from {{ ref('int_equation_selected') }} as selected
    inner join {{ ref('int_rule_variant') }} as variants using (variant_no)
    inner join cells on selected.cell_no = cells.cell_no
    where
        variants.shape = 'row_identity'
        and variants.comparison = 'eq'
    group by selected.variant_no, cells.document_id, selected.equation_no
    having count(distinct selected.side) = 2
),

compared as (
    select
        *,
        max(term_count) over (partition by variant_no, document_id, table_no) as full_term_count
    from identities
)

select distinct
    compared.document_id,
    compared.table_no,
    compared.row_no,
    compared.lane_no,
    compared.line_code
from compared
inner join {{ ref('int_table') }} as tables
    on
        compared.document_id = tables.document_id
        and compared.table_no = tables.table_no
where
    abs(compared.residual) > compared.tolerance
    and compared.term_count < compared.full_term_count
    and (compared.has_inferred_place or tables.confidence = 'low')
