-- One row a term of every equation begun: its cell, or a zero where a table that lists codes does not list this one.
{{ config(schema='intermediate') }}

with cells as (
    select * from {{ ref('int_equation_place') }}
),

vertical_keys as (
    select
        *,
        't' || table_no || ' r' || row_no || '.' || lane_no || ' ' || column_key as group_key
    from {{ ref('int_equation_vertical') }}
),

vertical_terms as (
    select
        {{ quality_key(['variant_no', 'document_id', 'group_key']) }} as equation_no,
        variant_no,
        document_id,
        group_key,
        case side when 'lhs' then '1' else '2' end as term_no,
        side,
        cell_no,
        coefficient,
        false as is_ambiguous,
        cast(null as integer) as unlisted_table_no
    from vertical_keys
),

begun as (
    select
        equation_no,
        min(variant_no) as variant_no,
        min(document_id) as document_id,
        min(group_key) as group_key,
        min(place) as place,
        bool_or(side = 'lhs') as has_lhs,
        bool_or(side = 'rhs') as has_rhs
    from {{ ref('int_equation_selected') }}
    group by equation_no
),

fitting_places as (
    select distinct
        begun.variant_no,
        begun.document_id,
        begun.place
    from begun
    inner join {{ ref('int_rule_variant') }} as variants using (variant_no)
    where begun.has_lhs and (begun.has_rhs or not variants.has_rhs)
),

-- a template of which some equation has both sides is asked of its whole place; one whose columns or lines are not
-- there at all is not: the document's coverage says so once
fitting as (
    select
        begun.equation_no,
        begun.variant_no,
        begun.document_id,
        begun.group_key
    from begun
    inner join fitting_places using (variant_no, document_id, place)
    inner join {{ ref('int_rule_variant') }} as variants using (variant_no)
    where begun.has_lhs or variants.may_lack_lhs or variants.shape <> 'cross'
),

selected_terms as (
    select
        selected.equation_no,
        selected.variant_no,
        selected.document_id,
        selected.group_key,
        selected.term_no,
        selected.side,
        selected.cell_no,
        selected.coefficient,
        selected.is_ambiguous,
        cast(null as integer) as unlisted_table_no
    from {{ ref('int_equation_selected') }} as selected
    inner join fitting on selected.equation_no = fitting.equation_no
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

-- codes that a table does not list itself, but has lines of below: their own line is left out, and no zero
headless_codes as (
    select distinct
        document_id,
        table_no,
        left(line_code, 3) as line_code
    from cells
    where length(line_code) > 3
    union
    select distinct
        document_id,
        table_no,
        left(line_code, 5) as line_code
    from cells
    where length(line_code) > 5
),

unlisted_terms as (
    select
        fitting.equation_no,
        fitting.variant_no,
        fitting.document_id,
        fitting.group_key,
        rule_terms.term_no,
        rule_terms.side,
        cast(null as ubigint) as cell_no,
        case rule_terms.side when 'lhs' then 1 else -1 end * rule_terms.coefficient as coefficient,
        false as is_ambiguous,
        listing_tables.table_no as unlisted_table_no
    from fitting
    inner join {{ ref('int_rule_term') }} as rule_terms
        on
            fitting.variant_no = rule_terms.variant_no
            and rule_terms.presence = 'zero_if_unlisted'
    inner join listing_tables
        on
            fitting.document_id = listing_tables.document_id
            and rule_terms.table_type = listing_tables.table_type
    left join selected_terms
        on
            fitting.equation_no = selected_terms.equation_no
            and rule_terms.term_no = selected_terms.term_no
    -- a blank in a line that lost a number is not a zero
    left join {{ ref('int_doubtful_line') }} as doubtful
        on
            listing_tables.document_id = doubtful.document_id
            and listing_tables.table_no = doubtful.table_no
            and fitting.group_key = left(doubtful.line_code, length(fitting.group_key))
    left join headless_codes
        on
            listing_tables.document_id = headless_codes.document_id
            and listing_tables.table_no = headless_codes.table_no
            and fitting.group_key = headless_codes.line_code
    where
        selected_terms.term_no is null
        and doubtful.table_no is null
        and headless_codes.line_code is null
),

all_terms as (
    select * from vertical_terms
    union all
    select * from selected_terms
    union all
    select * from unlisted_terms
),

read_terms as (
    select
        all_terms.equation_no,
        all_terms.variant_no,
        all_terms.group_key,
        all_terms.term_no,
        all_terms.side,
        all_terms.is_ambiguous,
        all_terms.cell_no,
        cells.cell_id,
        all_terms.document_id,
        coalesce(cells.table_no, all_terms.unlisted_table_no) as table_no,
        cells.page_no,
        cells.row_no,
        cells.column_no,
        cells.lane_no,
        all_terms.coefficient,
        coalesce(cells.amount, 0) as amount_yuan,
        coalesce(cells.half_unit, 0) as half_unit,
        cells.placement,
        -- the left side first, then as printed; nothing for a number that is not printed
        case when all_terms.side = 'lhs' then 0 else 1000000000000000 end
        + cells.table_no * cast(10000000000 as bigint) + cells.row_no * cast(10000 as bigint) + cells.column_no
            as reading_order
    from all_terms
    left join cells on all_terms.cell_no = cells.cell_no
),

final as (
    select
        *,
        -- the terms of an equation from 1, as they are read
        cast(row_number() over (partition by equation_no order by term_no, reading_order, table_no) as integer)
            as reading_no
    from read_terms
)

select * from final
