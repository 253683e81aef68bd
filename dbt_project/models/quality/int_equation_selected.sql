-- One row a term of the equations within a row, within a table by line items, and between tables.
{{ config(schema='intermediate') }}

with matches as (
    select * from {{ ref('int_equation_match') }}
),

cells as (
    select * from {{ ref('int_equation_place') }}
),

-- of a number only what every equation needs; where it stands is looked up for the few that have rivals
chosen as (
    select
        matches.variant_no,
        matches.term_no,
        matches.side,
        matches.cardinality,
        cells.cell_no,
        matches.match_no,
        matches.coefficient,
        coalesce(matches.unless_component, matches.unless_measure, matches.unless_line_item) is not null
            as is_conditional,
        -- a number whose place is in doubt gives way to one whose place is not
        case cells.placement when 'ambiguous' then 2 else 1 end as doubt,
        {{ quality_key([
            'cells.document_id',
            "case when matches.shape <> 'cross' then cells.table_no end",
            "case when matches.shape = 'row_identity' then cells.lane_no end"
        ]) }} as place_no,
        -- as a number: int_equation_begun writes it out, once an equation
        {{ quality_key([
            'matches.variant_no',
            'cells.document_id',
            'case when matches.is_by_table then cells.table_no end',
            'case when matches.is_by_row then cells.row_no end',
            'case when matches.is_by_row then cells.lane_no end',
            'matches.meaning_key',
            'case when matches.is_by_period then cells.period_key end'
        ]) }} as equation_no
    from cells
    inner join matches on cells.meaning_no = matches.meaning_no
),

-- a part of a part counts only where the table does not print the part itself
withheld as (
    {% for word, place in [
        ('component', 'document_id, table_no, period_key'),
        ('measure', 'document_id, table_no, period_key'),
        ('line_item', 'document_id, table_no')
    ] -%}
        select
            conditional.cell_no,
            conditional.variant_no,
            conditional.term_no
        from (
            select
                cells.*,
                matches.variant_no,
                matches.term_no,
                matches.unless_{{ word }}
            from cells
            inner join matches on cells.meaning_no = matches.meaning_no
            where matches.unless_{{ word }} is not null
        ) as conditional
        inner join (
            select distinct
                {{ place }},
                unless_{{ word }}
            from cells
            inner join (
                select distinct
                    unless_{{ word }},
                    {{ quality_unnest('unless_' ~ word) }} as {{ word }}
                from matches
                where unless_{{ word }} is not null
            ) as words using ({{ word }})
        ) as printed using ({{ place }}, unless_{{ word }})
        {{ 'union' if not loop.last }}
    {% endfor -%}
),

kept as (
    select *
    from chosen
    where not is_conditional
    union all
    select chosen.*
    from chosen
    left join withheld using (cell_no, variant_no, term_no)
    where
        chosen.is_conditional
        and withheld.cell_no is null
),

-- one cell is meant, several are found: few terms, and only these are looked at one by one
found_several as (
    select
        equation_no,
        term_no,
        min(doubt) as least_doubt
    from kept
    where cardinality <> 'many'
    group by equation_no, term_no
    having count(*) > 1
),

-- of these the surest; the same amount printed again is one term, another amount is doubt
surest as (
    select
        kept.*,
        cells.table_no,
        cells.row_order,
        cells.lane_no,
        cells.column_no,
        cells.amount
    from kept
    inner join found_several
        on
            kept.equation_no = found_several.equation_no
            and kept.term_no = found_several.term_no
            and kept.doubt = found_several.least_doubt
    inner join cells on kept.cell_no = cells.cell_no
),

rivals as (
    select
        equation_no,
        term_no
    from surest
    group by equation_no, term_no
    having min(amount) <> max(amount)
),

numbered as (
    select
        surest.*,
        row_number() over (
            partition by surest.equation_no, surest.term_no
            order by surest.table_no, surest.row_order, surest.lane_no, surest.column_no
        ) as occurrence_no,
        rivals.equation_no is not null as has_rivals
    from surest
    left join rivals
        on
            surest.equation_no = rivals.equation_no
            and surest.term_no = rivals.term_no
),

decided as (
    {% set columns = [
        'equation_no', 'variant_no', 'term_no', 'side', 'place_no', 'cell_no', 'match_no', 'coefficient'
    ] -%}
    select
        kept.{{ columns | join(',\n        kept.') }},
        false as is_ambiguous
    from kept
    left join found_several using (equation_no, term_no)
    where found_several.equation_no is null
    union all
    select
        {{ columns | join(',\n        ') }},
        cardinality = 'one' and has_rivals as is_ambiguous
    from numbered
    where has_rivals or occurrence_no = 1
)

select * from decided
