-- One row a term of the equations within a row, within a table by line items, and between tables.
{{ config(schema='intermediate') }}

with matches as (
    select * from {{ ref('int_equation_match') }}
),

cells as (
    select * from {{ ref('int_equation_place') }}
),

chosen as (
    select
        matches.variant_no,
        matches.term_no,
        matches.side,
        matches.cardinality,
        matches.unless_component,
        matches.unless_measure,
        matches.unless_line_item,
        cells.cell_no,
        cells.meaning_no,
        cells.document_id,
        cells.table_no,
        cells.lane_no,
        cells.row_order,
        cells.column_no,
        cells.amount,
        cells.period_key,
        matches.coefficient,
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

-- a part of a part counts only where the table does not print the part itself; the lists of what must not be printed
-- are few, and so are the words that a table prints: they meet here, and cells are joined by equality
withheld as (
    {% for word, place in [
        ('component', 'document_id, table_no, period_key'),
        ('measure', 'document_id, table_no, period_key'),
        ('line_item', 'document_id, table_no')
    ] -%}
        select
            chosen.cell_no,
            chosen.variant_no,
            chosen.term_no
        from chosen
        inner join (
            select distinct
                printed.*,
                lists.unless_{{ word }}
            from (
                select distinct
                    {{ place }},
                    {{ word }}
                from cells
                where {{ word }} is not null
            ) as printed
            inner join (
                select distinct unless_{{ word }}
                from matches
                where unless_{{ word }} is not null
            ) as lists
                on {{ quality_names('lists.unless_' ~ word, 'printed.' ~ word) }}
        ) as printed_words using ({{ place }}, unless_{{ word }})
        {{ 'union' if not loop.last }}
    {% endfor -%}
),

kept as (
    select chosen.*
    from chosen
    left join withheld using (cell_no, variant_no, term_no)
    where withheld.cell_no is null
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
numbered as (
    select
        kept.*,
        row_number() over (
            partition by kept.equation_no, kept.term_no
            order by kept.table_no, kept.row_order, kept.lane_no, kept.column_no
        ) as occurrence_no,
        min(kept.amount) over (partition by kept.equation_no, kept.term_no)
        <> max(kept.amount) over (partition by kept.equation_no, kept.term_no) as has_rivals
    from kept
    inner join found_several
        on
            kept.equation_no = found_several.equation_no
            and kept.term_no = found_several.term_no
            and kept.doubt = found_several.least_doubt
),

decided as (
    {% set columns = [
        'equation_no', 'variant_no', 'term_no', 'side', 'place_no', 'cell_no', 'meaning_no', 'coefficient'
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
