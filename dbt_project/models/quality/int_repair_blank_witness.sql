-- One row a blank and what the other numbers of its line say that it is: of a sum along the line one side is printed,
-- so that it has no verdict, and what it needs is what sums down the column miss.
{{ config(schema='intermediate') }}

with blanks as (
    select distinct
        cell_id,
        document_id,
        table_no,
        row_no,
        lane_no,
        column_no
    from {{ ref('int_repair_blank') }}
),

-- which columns of a table are added up along its lines
roles as (
    select distinct
        document_id,
        table_no,
        lane_no,
        column_no,
        variant_no,
        {{ regex_remove('group_key', ' r[0-9.]+') }} as row_pattern,
        side,
        coefficient
    from {{ ref('int_repair_term') }}
    where shape = 'row_identity'
),

half_sums as (
    select distinct
        cells.document_id,
        cells.table_no,
        cells.row_no,
        cells.lane_no,
        begun.variant_no,
        {{ regex_remove('begun.group_key', ' r[0-9.]+') }} as row_pattern,
        case when verdicts.lhs_amount = 0 then 'lhs' else 'rhs' end as lacking_side,
        verdicts.residual,
        verdicts.tolerance
    from {{ ref('int_equation_verdict') }} as verdicts
    inner join {{ ref('int_rule_variant') }} as variants on verdicts.variant_no = variants.variant_no
    inner join {{ ref('int_equation_begun') }} as begun on verdicts.equation_no = begun.equation_no
    inner join {{ ref('int_equation_term') }} as terms on verdicts.equation_no = terms.equation_no
    inner join {{ ref('int_equation_place') }} as cells on terms.cell_no = cells.cell_no
    where
        variants.shape = 'row_identity'
        and variants.comparison = 'eq'
        and verdicts.status = 'insufficient_data'
        and verdicts.reason in ('the total is not printed', 'no part is printed', 'a needed number is not printed')
        and (verdicts.lhs_amount = 0) <> (verdicts.rhs_amount = 0)
        and verdicts.document_id in (select blanks.document_id from blanks)
)

select distinct
    blanks.cell_id,
    cast(-half_sums.residual * roles.coefficient as decimal(20, 2)) as amount_change,
    half_sums.tolerance
from half_sums
inner join roles
    on
        half_sums.document_id = roles.document_id
        and half_sums.table_no = roles.table_no
        and half_sums.lane_no = roles.lane_no
        and half_sums.variant_no = roles.variant_no
        and half_sums.row_pattern = roles.row_pattern
        and half_sums.lacking_side = roles.side
inner join blanks
    on
        half_sums.document_id = blanks.document_id
        and half_sums.table_no = blanks.table_no
        and half_sums.row_no = blanks.row_no
        and half_sums.lane_no = blanks.lane_no
        and roles.column_no = blanks.column_no
where abs(roles.coefficient) = 1
