-- One row a root cause: the suspected number, what is printed, what would satisfy the equations, and the likely slip.
{{ config(schema='intermediate') }}

with evidence as (
    select * from {{ ref('int_finding_evidence') }}
),

cells as (
    select * from {{ ref('int_equation_cell') }}
),

-- a number that should be another
corrections as (
    select
        evidence.repair_id,
        cells.*,
        cast(cells.amount + cast(split_part(evidence.repair_id, ' ', 2) as decimal(20, 2)) as decimal(18, 2))
            as expected
    from evidence
    inner join cells on split_part(evidence.repair_id, ' ', 1) = cells.cell_id
    where evidence.kind = 'number'
),

-- the same amount stands under the year before
copies as (
    select distinct corrections.repair_id
    from corrections
    inner join cells as earlier
        on
            corrections.document_id = earlier.document_id
            and corrections.table_no = earlier.table_no
            and corrections.row_no = earlier.row_no
            and corrections.lane_no = earlier.lane_no
            and corrections.component = earlier.component
            and corrections.amount = earlier.amount
            and earlier.period = 'prior'
    where corrections.period = 'current' and corrections.amount <> 0
),

-- the left side of a sum within its table
sums as (
    select distinct corrections.repair_id
    from corrections
    inner join {{ ref('int_repair') }} as repairs on corrections.repair_id = repairs.repair_id
    inner join {{ ref('int_repair_scope') }} as scope
        on repairs.equation_id = scope.equation_id and scope.shape <> 'cross'
    inner join {{ ref('int_repair_term') }} as terms
        on
            repairs.equation_id = terms.equation_id
            and corrections.cell_id = terms.cell_id
            and terms.side = 'lhs'
),

numbers as (
    select
        corrections.repair_id,
        corrections.cell_id,
        corrections.table_no,
        corrections.amount as published,
        corrections.expected,
        case
            when copies.repair_id is not null then 'stale_copy'
            when
                corrections.amount <> 0
                and (
                    corrections.expected = corrections.amount * 10000
                    or corrections.expected * 10000 = corrections.amount
                )
                then 'unit_error'
            when {{ is_one_slip('corrections.amount', 'corrections.expected') }} then 'digit_error'
            when sums.repair_id is not null or corrections.row_kind = 'total' then 'wrong_total'
            else 'wrong_part'
        end as cause
    from corrections
    left join copies on corrections.repair_id = copies.repair_id
    left join sums on corrections.repair_id = sums.repair_id
),

-- two numbers in each other's columns; the one that is not zero is shown
swaps as (
    select
        evidence.repair_id,
        case when one.amount = 0 then two.cell_id else one.cell_id end as cell_id,
        one.table_no,
        case when one.amount = 0 then two.amount else one.amount end as published,
        case when one.amount = 0 then one.amount else two.amount end as expected,
        'column_shift' as cause
    from evidence
    inner join cells as one on split_part(evidence.repair_id, ' <> ', 1) = one.cell_id
    inner join cells as two on split_part(evidence.repair_id, ' <> ', 2) = two.cell_id
    where evidence.kind = 'column_shift'
),

lacking as (
    select
        repair_id,
        cast(split_part(repair_id, ' ', 3) as integer) as table_no,
        split_part(repair_id, ' ', 4) as line_code
    from evidence
    where kind = 'missing_row'
),

-- a line that a table lacks: shown by the line of the table that has it
missing_lines as (
    select
        lacking.repair_id,
        {{ first_by('cells.cell_id', "case cells.component when 'total' then 0 else 1 end") }} as cell_id,
        min(lacking.table_no) as table_no,
        cast(null as decimal(18, 2)) as published,
        {{ first_by('cells.amount', "case cells.component when 'total' then 0 else 1 end") }} as expected,
        'missing_row' as cause
    from lacking
    inner join {{ ref('int_repair') }} as repairs on lacking.repair_id = repairs.repair_id
    inner join {{ ref('int_repair_term') }} as terms on repairs.equation_id = terms.equation_id
    inner join cells
        on
            terms.cell_no = cells.cell_no
            and lacking.line_code = cells.line_code
            and lacking.table_no <> cells.table_no
    group by lacking.repair_id
),

disagreements as (
    select
        evidence.repair_id,
        cells.cell_id,
        cells.table_no,
        cast(evidence.lhs_amount as decimal(18, 2)) as published,
        cast(evidence.rhs_amount as decimal(18, 2)) as expected,
        case when evidence.comparison = 'eq' then 'disagreement' else 'limit_exceeded' end as cause
    from evidence
    left join cells on evidence.lead_cell_no = cells.cell_no
    where evidence.kind = 'disagreement'
)

select * from numbers
union all
select * from swaps
union all
select * from missing_lines
union all
select * from disagreements
