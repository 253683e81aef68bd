-- One row a term of every equation that is asked: its cell, or a zero where a table that lists codes does not list this
-- one. What the place of a cell says stands in int_equation_place, and what an equation is in int_equation_begun.
{{ config(schema='intermediate') }}

with begun as (
    select * from {{ ref('int_equation_begun') }}
),

cells as (
    select * from {{ ref('int_equation_place') }}
),

selected_terms as (
    select
        selected.equation_no,
        selected.variant_no,
        selected.term_no,
        selected.side,
        selected.cell_no,
        selected.coefficient,
        selected.is_ambiguous,
        cast(null as integer) as unlisted_table_no
    from {{ ref('int_equation_selected') }} as selected
    inner join begun on selected.equation_no = begun.equation_no
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

-- codes that a table does not list itself, but has lines of below: their own line is left out, and no zero; nor is a
-- blank in a line that lost a number
unknown_codes as (
    {% for relation in ['cells', ref('int_doubtful_line')] -%}
        {% for length in [3, 5] -%}
            select
                document_id,
                table_no,
                left(line_code, {{ length }}) as line_code
            from {{ relation }}
            where length(line_code) > {{ length }}
            union
        {% endfor -%}
    {% endfor -%}
    select
        document_id,
        table_no,
        line_code
    from {{ ref('int_doubtful_line') }}
),

unlisted_terms as (
    select
        begun.equation_no,
        begun.variant_no,
        rule_terms.term_no,
        rule_terms.side,
        cast(null as ubigint) as cell_no,
        case rule_terms.side when 'lhs' then 1 else -1 end * rule_terms.coefficient as coefficient,
        false as is_ambiguous,
        listing_tables.table_no as unlisted_table_no
    from begun
    inner join {{ ref('int_rule_term') }} as rule_terms
        on
            begun.variant_no = rule_terms.variant_no
            and rule_terms.presence = 'zero_if_unlisted'
    inner join listing_tables
        on
            begun.document_id = listing_tables.document_id
            and rule_terms.table_type = listing_tables.table_type
    left join selected_terms
        on
            begun.equation_no = selected_terms.equation_no
            and rule_terms.term_no = selected_terms.term_no
    left join unknown_codes
        on
            listing_tables.document_id = unknown_codes.document_id
            and listing_tables.table_no = unknown_codes.table_no
            and begun.group_key = unknown_codes.line_code
    where
        selected_terms.term_no is null
        and unknown_codes.line_code is null
),

all_terms as (
    select
        equation_no,
        variant_no,
        case side when 'lhs' then 1 else 2 end as term_no,
        side,
        cell_no,
        coefficient,
        false as is_ambiguous,
        cast(null as integer) as unlisted_table_no
    from {{ ref('int_equation_vertical') }}
    union all
    select * from selected_terms
    union all
    select * from unlisted_terms
),

read_terms as (
    select
        all_terms.equation_no,
        all_terms.variant_no,
        all_terms.term_no,
        all_terms.side,
        all_terms.is_ambiguous,
        all_terms.cell_no,
        coalesce(cells.table_no, all_terms.unlisted_table_no) as table_no,
        all_terms.coefficient,
        coalesce(cells.amount, 0) as amount_yuan,
        coalesce(cells.half_unit, 0) as half_unit,
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
