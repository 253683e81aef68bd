-- One row a term of every equation begun, with its cell, or a zero where a table that lists its codes does not list one.
{{ config(schema='intermediate') }}

with cells as (
    select * from {{ ref('int_equation_cell') }}
),

vertical_terms as (
    select
        rule_id,
        variant,
        document_id,
        't' || table_no || ' r' || row_no || '.' || lane_no || ' ' || column_key as group_key,
        case side when 'lhs' then '1' else '2' end as term_no,
        side,
        cell_id,
        coefficient,
        false as is_ambiguous
    from {{ ref('int_equation_vertical') }}
),

begun as (
    select
        selected.rule_id,
        selected.variant,
        selected.document_id,
        selected.group_key,
        variants.shape,
        variants.has_rhs as needs_rhs,
        variants.may_lack_lhs,
        selected.place,
        max(case when selected.side = 'lhs' then 1 else 0 end) as has_lhs,
        max(case when selected.side = 'rhs' then 1 else 0 end) as has_rhs
    from {{ ref('int_equation_selected') }} as selected
    inner join {{ ref('int_rule_variant') }} as variants using (rule_id, variant)
    group by all
),

fitted as (
    select
        *,
        max(case when has_lhs = 1 and (has_rhs = 1 or not needs_rhs) then 1 else 0 end) over (
            partition by rule_id, variant, document_id, place
        ) as fits
    from begun
),

-- a template of which some equation has both sides is asked of its whole place; one whose columns or lines are not
-- there at all is not: the document's coverage says so once
fitting as (
    select
        rule_id,
        variant,
        document_id,
        group_key
    from fitted
    where fits = 1
        and (has_lhs = 1 or may_lack_lhs or shape <> 'cross')
),

selected_terms as (
    select
        rule_id,
        variant,
        document_id,
        group_key,
        term_no,
        side,
        cell_id,
        coefficient,
        is_ambiguous
    from {{ ref('int_equation_selected') }}
    inner join fitting using (rule_id, variant, document_id, group_key)
),

printed_terms as (
    select *, cast(null as integer) as table_no from vertical_terms
    union all
    select *, cast(null as integer) as table_no from selected_terms
),

groups as (
    select distinct rule_id, variant, document_id, group_key
    from selected_terms
),

-- the table of a type, where a document has just one and it lists codes
listing_tables as (
    select
        document_id,
        table_type,
        min(table_no) as table_no
    from cells
    where line_code is not null
    group by document_id, table_type
    having count(distinct table_no) = 1
),

unlisted_terms as (
    select
        groups.rule_id,
        groups.variant,
        groups.document_id,
        groups.group_key,
        rule_terms.term_no,
        rule_terms.side,
        cast(null as varchar) as cell_id,
        case rule_terms.side when 'lhs' then 1 else -1 end * rule_terms.coefficient as coefficient,
        false as is_ambiguous,
        listing_tables.table_no
    from groups
    inner join {{ ref('int_rule_term') }} as rule_terms
        on groups.rule_id = rule_terms.rule_id
        and groups.variant = rule_terms.variant
        and rule_terms.presence = 'zero_if_unlisted'
    inner join listing_tables
        on groups.document_id = listing_tables.document_id
        and rule_terms.table_type = listing_tables.table_type
    left join selected_terms
        on groups.rule_id = selected_terms.rule_id
        and groups.variant = selected_terms.variant
        and groups.document_id = selected_terms.document_id
        and groups.group_key = selected_terms.group_key
        and rule_terms.term_no = selected_terms.term_no
    -- a blank in a line that lost a number is not a zero
    left join {{ ref('int_doubtful_line') }} as doubtful
        on listing_tables.document_id = doubtful.document_id
        and listing_tables.table_no = doubtful.table_no
        and split_part(groups.group_key, ' ', 1) = left(doubtful.line_code, length(split_part(groups.group_key, ' ', 1)))
    where selected_terms.term_no is null
        and doubtful.table_no is null
),

all_terms as (
    select * from printed_terms
    union all
    select * from unlisted_terms
)

select
    all_terms.rule_id || '.' || all_terms.variant || ':' || left(all_terms.document_id, 16) || ':'
    || {{ short_hash('all_terms.group_key') }} as equation_id,
    all_terms.rule_id,
    all_terms.variant,
    all_terms.group_key,
    all_terms.term_no,
    all_terms.side,
    all_terms.is_ambiguous,
    all_terms.cell_id,
    all_terms.document_id,
    coalesce(cells.table_no, all_terms.table_no) as table_no,
    cells.page_no,
    cells.row_no,
    cells.column_no,
    cells.lane_no,
    all_terms.coefficient,
    coalesce(cells.amount, 0) as amount_yuan,
    coalesce(cells.half_unit, 0) as half_unit,
    cells.placement
from all_terms
left join cells on all_terms.cell_id = cells.cell_id
