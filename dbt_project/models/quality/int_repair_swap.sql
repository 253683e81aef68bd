-- One row an equation touched by a chosen exchange of two numbers of one line that stand in each other's columns.
{{ config(schema='intermediate') }}

with state as (
    {{ quality_state([]) }}
),

cells as (
    select * from {{ ref('int_equation_cell') }}
),

proposals as (
    select distinct
        least(one.cell_id, other.cell_id) || ' <> ' || greatest(one.cell_id, other.cell_id) as repair_id,
        one.document_id,
        least(one.cell_id, other.cell_id) as first_cell_id,
        greatest(one.cell_id, other.cell_id) as second_cell_id
    from state
    inner join {{ ref('int_repair_term') }} as terms on state.equation_id = terms.equation_id
    inner join cells as one on terms.cell_id = one.cell_id
    inner join cells as other
        on
            one.document_id = other.document_id
            and one.table_no = other.table_no
            and one.row_no = other.row_no
            and one.lane_no = other.lane_no
            and one.cell_id <> other.cell_id
            and other.amount - one.amount = cast(-state.residual * terms.coefficient as decimal(20, 2))
    where
        not {{ quality_holds('state.residual', 'state.tolerance', 'state.comparison') }}
        and abs(terms.coefficient) = 1
),

changes as (
    select
        proposals.repair_id,
        proposals.document_id,
        first_cell.cell_id,
        second_cell.amount - first_cell.amount as amount_change
    from proposals
    inner join cells as first_cell on proposals.first_cell_id = first_cell.cell_id
    inner join cells as second_cell on proposals.second_cell_id = second_cell.cell_id
    union all
    select
        proposals.repair_id,
        proposals.document_id,
        second_cell.cell_id,
        first_cell.amount - second_cell.amount as amount_change
    from proposals
    inner join cells as first_cell on proposals.first_cell_id = first_cell.cell_id
    inner join cells as second_cell on proposals.second_cell_id = second_cell.cell_id
),

all_effects as (
    select
        changes.repair_id,
        changes.document_id,
        0 as preference,
        terms.equation_id,
        cast(sum(terms.coefficient * changes.amount_change) as decimal(20, 2)) as residual_change
    from changes
    inner join {{ ref('int_repair_term') }} as terms on changes.cell_id = terms.cell_id
    group by changes.repair_id, changes.document_id, terms.equation_id
),

-- an exchange must show in the columns of both numbers, or else one wrong number explains as much
seen_twice as (
    select all_effects.repair_id
    from all_effects
    inner join state on all_effects.equation_id = state.equation_id
    where
        not {{ quality_holds('state.residual', 'state.tolerance', 'state.comparison') }}
        and abs(state.residual + all_effects.residual_change) < abs(state.residual)
    group by all_effects.repair_id
    having count(*) >= 2
),

effects as (
    select *
    from all_effects
    where repair_id in (select seen_twice.repair_id from seen_twice)
),

{{ quality_choice() }}
