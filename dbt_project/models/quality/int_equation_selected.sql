-- One row a term of the equations within a row, within a table by line items, and between tables.
{{ config(schema='intermediate') }}

with terms as (
    select *
    from {{ ref('int_rule_term') }}
    where
        shape in ('row_identity', 'balance', 'cross')
        and side in ('lhs', 'rhs')
),

cells as (
    select * from {{ ref('int_equation_place') }}
),

meanings as (
    select
        meaning_no,
        table_type,
        row_kind,
        line_code,
        line_item,
        table_side,
        component,
        fund,
        money_source,
        is_of_which,
        period,
        phase,
        is_money,
        {{ quality_key([
            'table_type', 'row_kind', 'line_item', 'table_side', 'component', 'fund', 'money_source', 'is_of_which',
            'period', 'phase', 'is_money'
        ]) }} as kind_no
    from cells
    group by all
),

-- terms meet kinds of meanings, and meanings only where a code is asked for: a corpus has some hundred kinds,
-- and as many meanings of each as there are codes
kinds as (
    select distinct
        kind_no,
        table_type,
        row_kind,
        line_item,
        table_side,
        component,
        fund,
        money_source,
        is_of_which,
        period,
        phase,
        is_money
    from meanings
),

kind_matches as (
    select
        kinds.kind_no,
        terms.*
    from kinds
    inner join terms
        on
            kinds.table_type = terms.table_type
            and {{ quality_selects('terms.row_kind', 'kinds.row_kind') }}
            and {{ quality_selects('terms.line_item', 'kinds.line_item') }}
            and {{ quality_selects('terms.table_side', "nullif(kinds.table_side, '')") }}
            and {{ quality_selects('terms.component', 'kinds.component') }}
            and {{ quality_selects('terms.fund', 'kinds.fund') }}
            and {{ quality_selects('terms.money_source', 'kinds.money_source') }}
            -- an «of which» column is no part of a sum unless the term says so
            and (not kinds.is_of_which or terms.of_which = 'any')
            and {{ quality_selects('terms.period', 'kinds.period') }}
            and {{ quality_selects('terms.phase', 'kinds.phase') }}
            and (kinds.is_money or terms.component = 'weight')
),

matches as (
    select
        meanings.meaning_no,
        kind_matches.variant_no,
        kind_matches.term_no,
        kind_matches.shape,
        kind_matches.side,
        kind_matches.cardinality,
        kind_matches.unless_component,
        kind_matches.unless_measure,
        kind_matches.unless_line_item,
        case kind_matches.side when 'lhs' then 1 else -1 end * kind_matches.coefficient as coefficient,
        {{ quality_lists('kind_matches.match_keys', 'table') }} as is_by_table,
        {{ quality_lists('kind_matches.match_keys', 'row') }} as is_by_row,
        {{ quality_lists('kind_matches.match_keys', 'period') }} as is_by_period,
        -- what the terms of one equation have in common, as far as a meaning tells it: written once a meaning
        concat(
            case
                when {{ quality_lists('kind_matches.match_keys', 'class') }}
                    then ' ' || left(meanings.line_code, 3)
            end,
            case when {{ quality_lists('kind_matches.match_keys', 'code') }} then ' ' || meanings.line_code end,
            case when {{ quality_lists('kind_matches.match_keys', 'side') }} then ' ' || meanings.table_side end,
            case when {{ quality_lists('kind_matches.match_keys', 'component') }} then ' ' || meanings.component end,
            case
                when {{ quality_lists('kind_matches.match_keys', 'fund') }}
                    then ' ' || coalesce(meanings.fund, '-')
            end,
            case
                when {{ quality_lists('kind_matches.match_keys', 'source') }}
                    then ' ' || coalesce(meanings.money_source, '-')
            end,
            case when {{ quality_lists('kind_matches.match_keys', 'item') }} then ' ' || meanings.line_item end
        ) as meaning_key
    from meanings
    inner join kind_matches on meanings.kind_no = kind_matches.kind_no
    where
        {{ quality_selects('kind_matches.code', 'meanings.line_code') }}
        and (
            kind_matches.code_level is null
            or cast(kind_matches.code_level as integer) = {{ quality_code_level('meanings.line_code') }}
        )
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
        cells.document_id,
        cells.table_no,
        cells.row_no,
        cells.lane_no,
        cells.row_order,
        cells.column_no,
        cells.amount,
        cells.period_key,
        matches.coefficient,
        -- a number whose place is in doubt gives way to one whose place is not
        case cells.placement when 'ambiguous' then 2 else 1 end as doubt,
        case matches.shape
            when 'row_identity' then cells.table_no || '.' || cells.lane_no
            when 'balance' then cast(cells.table_no as varchar)
            else ''
        end as place,
        -- the rest of what they have in common; a blank stands before each part
        substr(
            concat(
                case when matches.is_by_table then ' t' || cells.table_no end,
                case when matches.is_by_row then ' r' || cells.row_no || '.' || cells.lane_no end,
                matches.meaning_key,
                case when matches.is_by_period then ' ' || cells.period_key end
            ),
            2
        ) as group_key
    from cells
    inner join matches on cells.meaning_no = matches.meaning_no
),

-- a part of a part counts only where the table does not print the part itself; the lists of what must not be printed
-- are few, and so are the words that a table prints: they meet here, and cells are joined by equality
printed_components as (
    select distinct
        lists.unless_component,
        printed.document_id,
        printed.table_no,
        printed.period_key
    from (
        select distinct
            document_id,
            table_no,
            period_key,
            component
        from cells
        where component is not null
    ) as printed
    inner join (
        select distinct unless_component
        from terms
        where unless_component is not null
    ) as lists
        on {{ quality_names('lists.unless_component', 'printed.component') }}
),

printed_measures as (
    select distinct
        lists.unless_measure,
        printed.document_id,
        printed.table_no,
        printed.period_key
    from (
        select distinct
            document_id,
            table_no,
            period_key,
            measure
        from cells
        where measure is not null
    ) as printed
    inner join (
        select distinct unless_measure
        from terms
        where unless_measure is not null
    ) as lists
        on {{ quality_names('lists.unless_measure', 'printed.measure') }}
),

printed_line_items as (
    select distinct
        lists.unless_line_item,
        printed.document_id,
        printed.table_no
    from (
        select distinct
            document_id,
            table_no,
            line_item
        from cells
        where line_item is not null
    ) as printed
    inner join (
        select distinct unless_line_item
        from terms
        where unless_line_item is not null
    ) as lists
        on {{ quality_names('lists.unless_line_item', 'printed.line_item') }}
),

withheld as (
    select
        chosen.cell_no,
        chosen.variant_no,
        chosen.term_no
    from chosen
    inner join printed_components using (document_id, table_no, period_key, unless_component)
    union
    select
        chosen.cell_no,
        chosen.variant_no,
        chosen.term_no
    from chosen
    inner join printed_measures using (document_id, table_no, period_key, unless_measure)
    union
    select
        chosen.cell_no,
        chosen.variant_no,
        chosen.term_no
    from chosen
    inner join printed_line_items using (document_id, table_no, unless_line_item)
),

kept as (
    select
        chosen.*,
        {{ quality_key(['chosen.variant_no', 'chosen.document_id', 'chosen.group_key']) }} as equation_no
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
        'equation_no', 'variant_no', 'term_no', 'side', 'document_id', 'group_key', 'place', 'cell_no', 'coefficient'
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
