-- One row an equation mended by a chosen line that a table lacks and another table of the document has.
{{ config(schema='intermediate') }}

with state as (
    {{ quality_state(['int_repair_swap']) }}
),

-- a table that lists codes does not list one that the other side of a failing equation has
proposals as (
    select distinct
        unlisted.document_id,
        unlisted.table_no,
        sibling.table_no as sibling_table_no,
        sibling.row_no as sibling_row_no,
        sibling.lane_no as sibling_lane_no,
        'lacks ' || unlisted.document_id || ' ' || unlisted.table_no || ' ' || unlisted.group_key as repair_id
    from state
    inner join {{ ref('int_repair_term') }} as unlisted
        on
            state.equation_id = unlisted.equation_id
            and unlisted.cell_id is null
    inner join {{ ref('int_repair_term') }} as sibling
        on
            state.equation_id = sibling.equation_id
            and sibling.cell_id is not null
            and unlisted.side <> sibling.side
    inner join {{ ref('int_rule_term') }} as rule_terms
        on
            split_part(state.equation_id, ':', 1) = rule_terms.rule_id || '.' || rule_terms.variant
            and rule_terms.match_keys = 'code'
    left join {{ ref('int_equation_line') }} as listed
        on
            unlisted.document_id = listed.document_id
            and unlisted.table_no = listed.table_no
            and unlisted.group_key = listed.line_code
    where
        not {{ quality_holds('state.residual', 'state.tolerance', 'state.comparison') }}
        and listed.line_code is null
),

amounts as (
    select distinct
        proposals.repair_id,
        proposals.document_id,
        proposals.table_no,
        cells.amount
    from proposals
    inner join {{ ref('int_equation_cell') }} as cells
        on
            proposals.document_id = cells.document_id
            and proposals.sibling_table_no = cells.table_no
            and proposals.sibling_row_no = cells.row_no
            and proposals.sibling_lane_no = cells.lane_no
    where cells.amount <> 0
),

-- the sums of the lacking table that miss exactly one of the line's amounts
effects as (
    select distinct
        amounts.repair_id,
        amounts.document_id,
        0 as preference,
        state.equation_id,
        cast(-state.residual as decimal(20, 2)) as residual_change
    from amounts
    inner join {{ ref('int_repair_term') }} as terms
        on
            amounts.document_id = terms.document_id
            and amounts.table_no = terms.table_no
    inner join state
        on
            terms.equation_id = state.equation_id
            and abs(abs(state.residual) - abs(amounts.amount)) <= state.tolerance
            and sign(state.residual) = -sign(terms.coefficient * amounts.amount)
    where not {{ quality_holds('state.residual', 'state.tolerance', 'state.comparison') }}
),

{{ quality_choice() }}
