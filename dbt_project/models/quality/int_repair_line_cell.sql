-- One row a number of those that are wrong together by one mistake, with what it would have to be; and of what could be
-- wrong instead.
{{ config(schema='intermediate') }}

with evidence as (
    select * from {{ ref('int_finding_evidence') }}
    where kind in {{ quality_block_kinds() }}
),

own_numbers as (
    {{ quality_line_numbers('evidence') }}
),

rivals as (
    select
        repair_id,
        {{ quality_unnest_values('rival_places') }} as place
    from evidence
    where is_undecided
),

numbers as (
    select
        repair_id,
        cell_id,
        amount_change,
        0 as is_rival
    from own_numbers
    union all
    select
        rivals.repair_id,
        blocks.cell_id,
        min(blocks.amount_change) as amount_change,
        1 as is_rival
    from rivals
    inner join {{ ref('int_repair_block') }} as blocks on rivals.place = blocks.place
    left join own_numbers
        on
            rivals.repair_id = own_numbers.repair_id
            and blocks.cell_id = own_numbers.cell_id
    where
        own_numbers.cell_id is null
        and not blocks.is_lost
    group by rivals.repair_id, blocks.cell_id
)

select
    numbers.repair_id,
    evidence.kind,
    numbers.cell_id,
    cast(cells.amount + numbers.amount_change as decimal(18, 2)) as expected,
    -- what is printed, the total first; of many the largest, or the first line
    row_number() over (
        partition by numbers.repair_id
        order by
            numbers.is_rival,
            case when cells.placement is null then 1 else 0 end,
            case cells.component when 'total' then 0 else 1 end,
            case when evidence.kind in ('unit_block', 'columns_exchanged') then -abs(cells.amount) else 0 end,
            cells.row_no,
            cells.column_no
    ) as place
from numbers
inner join evidence on numbers.repair_id = evidence.repair_id
inner join {{ ref('int_equation_place') }} as cells on numbers.cell_id = cells.cell_id
