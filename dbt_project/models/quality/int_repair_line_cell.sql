-- One row a number of a line whose numbers are wrong together, with what it would have to be.
{{ config(schema='intermediate') }}

with numbers as (
    {{ quality_line_numbers(ref('int_finding_evidence')) }}
)

select
    numbers.repair_id,
    numbers.cell_id,
    cast(cells.amount + numbers.amount_change as decimal(18, 2)) as expected,
    -- the total first
    row_number() over (
        partition by numbers.repair_id
        order by
            case cells.component when 'total' then 0 else 1 end,
            cells.column_no
    ) as place
from numbers
inner join {{ ref('int_equation_place') }} as cells on numbers.cell_id = cells.cell_id
