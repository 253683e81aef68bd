{# How failing equations are led back to their root causes: repairs are proposed, weighed and chosen in rounds.

A repair is a set of effects on equations: another number in a cell, two numbers of a line exchanged (also with a
blank), a line added or taken out, many numbers of a table changed by one mistake. It is worth what it mends less what
it breaks; of several that are worth the same, another document decides. In each round every failing equation points at
its best repair, and a repair is chosen where all equations that it mends point at it; the next round sees the residuals
that remain. Every kind of repair gives the same columns of effects:
repair_id, kind, document_id, place, cell_id, other_cell_id, needed_equations, preference, is_part, tolerance,
equation_id, residual_change, is_free (a number that is lost may be any: that its sums hold with one proves nothing). #}

{# Repairs of many numbers at once: the numbers of a line as other sums correct them, or a block of a table. #}
{% macro quality_block_kinds() -%}
    (
        'stale_line', 'unit_block', 'rows_exchanged', 'columns_exchanged', 'rows_shifted', 'line_shifted', 'same_number'
    )
{%- endmacro %}

{# So many failing equations of one document are led back to root causes; beyond, they are counted. #}
{% macro quality_search_limit() -%} 400 {%- endmacro %}

{# Whether an equation holds within its tolerance. #}
{% macro quality_holds(residual, tolerance, comparison) -%}
    ({{ quality_verdict(residual, tolerance, comparison) }} <> 'fail')
{%- endmacro %}

{# The residuals before a round: those of the verdicts, less what earlier rounds have explained. #}
{% macro quality_state(earlier_rounds) -%}
    select
        equations.equation_id,
        equations.document_id,
        equations.shape,
        equations.comparison,
        equations.severity,
        equations.tolerance,
        {% if earlier_rounds -%}
        cast(equations.residual + coalesce(effects.residual_change, 0) as decimal(20, 2)) as residual
        {%- else -%}
        equations.residual
        {%- endif %}
    from {{ ref('int_repair_scope') }} as equations
    {% if earlier_rounds -%}
    left join (
        select
            equation_id,
            sum(residual_change) as residual_change
        from (
            {% for name in earlier_rounds -%}
            select equation_id, residual_change from {{ ref(name) }}
            {{ 'union all' if not loop.last }}
            {% endfor -%}
        ) as chosen
        group by equation_id
    ) as effects on equations.equation_id = effects.equation_id
    {%- endif %}
    where equations.is_searched
{%- endmacro %}

{# Cells that earlier rounds have changed: a number is corrected once. #}
{% macro quality_corrected(earlier_rounds) -%}
    {% for name in earlier_rounds -%}
    select cell_id from {{ ref(name) }} where cell_id is not null
    union
    select other_cell_id from {{ ref(name) }} where other_cell_id is not null
    union
    select cell_id from ({{ quality_line_numbers(ref(name)) }}) as numbers
    {{ 'union' if not loop.last }}
    {% else -%}
    select cast(null as varchar) as cell_id where false
    {% endfor -%}
{%- endmacro %}

{# Numbers that are wrong together, with what each lacks: a line's repair is named by them, a block's are listed. #}
{% macro quality_line_numbers(repairs) -%}
    select distinct
        repair_id,
        split_part(number_text, '=', 1) as cell_id,
        cast(split_part(number_text, '=', 2) as decimal(20, 2)) as amount_change
    from (
        select
            repair_id,
            {{ quality_unnest("substr(repair_id, 6)") }} as number_text
        from {{ repairs }}
        where kind = 'stale_line'
    ) as texts
    union all
    select
        blocks.repair_id,
        blocks.cell_id,
        blocks.amount_change
    from {{ ref('int_repair_block') }} as blocks
    where
        not blocks.is_lost
        and blocks.repair_id in (
            select repairs.repair_id from {{ repairs }} as repairs
        )
{%- endmacro %}

{# Another number in a cell: what a failing equation says that it should be. #}
{% macro quality_number_effects() -%}
number_proposals as (
    select
        terms.cell_id,
        min(terms.document_id) as document_id,
        min(terms.amount_yuan) as amount_yuan,
        bool_or(terms.is_blank) as is_blank,
        cast(-failing.residual * terms.coefficient as decimal(20, 2)) as amount_change,
        min(failing.tolerance) as tolerance,
        -- a limit that is passed says in which direction, not how far
        min(case failing.comparison when 'eq' then 0 else 1 end) as is_bound,
        min(case terms.side when 'lhs' then 0 else 1 end) as is_part
    from failing
    inner join terms on failing.equation_id = terms.equation_id
    left join corrected on terms.cell_id = corrected.cell_id
    where
        abs(terms.coefficient) = 1
        and corrected.cell_id is null
        -- amounts are not negative, but for changes and those that are
        and (terms.may_be_negative or terms.amount_yuan - failing.residual * terms.coefficient >= 0)
    group by terms.cell_id, cast(-failing.residual * terms.coefficient as decimal(20, 2))
),

number_effects as (
    select
        proposals.cell_id || ' ' || proposals.amount_change as repair_id,
        'number' as kind,
        proposals.document_id,
        proposals.cell_id as place,
        proposals.cell_id,
        cast(null as varchar) as other_cell_id,
        -- that a blank should be a number takes more than one sum
        case when proposals.is_blank then 2 else 1 end as needed_equations,
        case
            when proposals.is_bound = 1 then 5
            when proposals.is_blank then 4
            -- no accident makes an amount ten thousand times another, or its opposite
            when {{ is_power_of_ten_thousand(
                'proposals.amount_yuan', 'cast(proposals.amount_yuan + proposals.amount_change as decimal(18, 2))'
            ) }}
                or (proposals.amount_yuan < 0 and proposals.amount_change = -2 * proposals.amount_yuan)
                then 1
            when {{ is_one_slip('proposals.amount_yuan', 'proposals.amount_yuan + proposals.amount_change') }} then 2
            else 3
        end as preference,
        proposals.is_part,
        proposals.tolerance,
        terms.equation_id,
        cast(terms.coefficient * proposals.amount_change as decimal(20, 2)) as residual_change,
        false as is_free
    from number_proposals as proposals
    inner join terms on proposals.cell_id = terms.cell_id
),
{%- endmacro %}

{# Two numbers of a line in each other's columns, or one in the column of a blank. #}
{% macro quality_swap_effects() -%}
swap_proposals as (
    select
        least(one.cell_id, other.cell_id) as cell_id,
        greatest(one.cell_id, other.cell_id) as other_cell_id,
        min(one.document_id) as document_id,
        -- what the first of them gains
        min(
            case when one.cell_id < other.cell_id then 1 else -1 end * (other.amount_yuan - one.amount_yuan)
        ) as amount_change,
        min(case when one.amount_yuan = 0 or other.amount_yuan = 0 then 2 else 1 end) as preference
    from failing
    inner join terms as one on failing.equation_id = one.equation_id
    inner join line_cells as other
        on
            one.document_id = other.document_id
            and one.table_no = other.table_no
            and one.row_no = other.row_no
            and one.lane_no = other.lane_no
            and abs(other.amount_yuan - one.amount_yuan + failing.residual * one.coefficient) <= failing.tolerance
    left join corrected as first_corrected on one.cell_id = first_corrected.cell_id
    left join corrected as second_corrected on other.cell_id = second_corrected.cell_id
    where
        abs(one.coefficient) = 1
        and one.cell_id <> other.cell_id
        and first_corrected.cell_id is null
        and second_corrected.cell_id is null
    group by least(one.cell_id, other.cell_id), greatest(one.cell_id, other.cell_id)
),

swap_changes as (
    select
        cell_id || ' <> ' || other_cell_id as repair_id,
        document_id,
        cell_id,
        other_cell_id,
        preference,
        cell_id as changed_cell_id,
        amount_change
    from swap_proposals
    union all
    select
        cell_id || ' <> ' || other_cell_id as repair_id,
        document_id,
        cell_id,
        other_cell_id,
        preference,
        other_cell_id as changed_cell_id,
        -amount_change as amount_change
    from swap_proposals
),

swap_effects as (
    select
        changes.repair_id,
        'column_shift' as kind,
        changes.document_id,
        changes.repair_id as place,
        changes.cell_id,
        changes.other_cell_id,
        -- an exchange must show in the columns of both numbers, or else one wrong number explains as much
        2 as needed_equations,
        changes.preference,
        0 as is_part,
        cast(0 as decimal(20, 4)) as tolerance,
        terms.equation_id,
        cast(sum(terms.coefficient * changes.amount_change) as decimal(20, 2)) as residual_change,
        false as is_free
    from swap_changes as changes
    inner join terms on changes.changed_cell_id = terms.cell_id
    group by
        changes.repair_id, changes.document_id, changes.cell_id, changes.other_cell_id, changes.preference,
        terms.equation_id
),
{%- endmacro %}

{# A line that a table lacks: the sums of one line miss an amount in several columns, or one that another table has
under a code that this table does not list. #}
{% macro quality_missing_line_effects() -%}
part_counts as (
    select
        equation_id,
        count(*) as parts
    from terms
    where
        side = 'rhs'
        and not is_blank
    group by equation_id
),

short_sums as (
    select
        failing.equation_id,
        failing.document_id,
        failing.residual,
        failing.tolerance,
        terms.cell_id,
        terms.table_no,
        terms.row_no,
        terms.lane_no,
        terms.variant_no,
        terms.line_code
    from failing
    inner join terms
        on
            failing.equation_id = terms.equation_id
            and terms.side = 'lhs'
            and not terms.is_blank
    inner join part_counts
        on
            failing.equation_id = part_counts.equation_id
    where
        failing.shape like 'vertical%'
        -- a total of one line is no sum of several
        and (part_counts.parts >= 2 or terms.line_code is not null)
        and failing.residual > 0
),

unlisted as (
    select
        failing.equation_id,
        failing.document_id,
        failing.residual,
        failing.tolerance,
        failing.comparison,
        codes.table_no,
        codes.group_key as line_code
    from failing
    inner join {{ ref('int_repair_term') }} as codes
        on
            failing.equation_id = codes.equation_id
            and codes.cell_id is null
    left join {{ ref('int_equation_line') }} as listed
        on
            codes.document_id = listed.document_id
            and codes.table_no = listed.table_no
            and codes.group_key = listed.line_code
    where
        listed.line_code is null
        and {{ regex_matches('codes.group_key', '^[0-9]+$') }}
),

named_lines as (
    select
        short_sums.document_id,
        short_sums.table_no,
        short_sums.row_no,
        short_sums.lane_no,
        short_sums.variant_no,
        unlisted.line_code
    from short_sums
    inner join unlisted
        on
            short_sums.document_id = unlisted.document_id
            and short_sums.table_no = unlisted.table_no
            and starts_with(unlisted.line_code, coalesce(short_sums.line_code, ''))
    where abs(abs(short_sums.residual) - abs(unlisted.residual)) <= short_sums.tolerance + unlisted.tolerance
    group by
        short_sums.document_id, short_sums.table_no, short_sums.row_no, short_sums.lane_no, short_sums.variant_no,
        unlisted.line_code
),

-- what other tables print in the lines of these codes
named_amounts as (
    select distinct
        named_lines.document_id,
        named_lines.table_no,
        named_lines.line_code,
        cells.amount
    from named_lines
    inner join {{ ref('int_equation_cell') }} as cells
        on
            named_lines.document_id = cells.document_id
            and named_lines.line_code = cells.line_code
            and named_lines.table_no <> cells.table_no
    where cells.amount <> 0
),

-- what the sums of one line lack adds up along the line, as the numbers of a line do
balanced_lines as (
    select
        document_id,
        table_no,
        row_no,
        lane_no,
        variant_no
    from (
        select
            short_sums.document_id,
            short_sums.table_no,
            short_sums.row_no,
            short_sums.lane_no,
            short_sums.variant_no,
            along.equation_id,
            count(*) as amounts,
            abs(sum(along.coefficient * short_sums.residual)) <= sum(short_sums.tolerance) as is_balanced
        from short_sums
        inner join terms as along
            on
                short_sums.cell_id = along.cell_id
                and along.shape = 'row_identity'
        group by all
    ) as identities
    group by document_id, table_no, row_no, lane_no, variant_no
    having bool_and(is_balanced) and max(amounts) >= 2
),

-- the amounts of a line add up in themselves: the largest stands twice, or is the sum of the others
whole_lines as (
    select
        document_id,
        table_no,
        row_no,
        lane_no,
        variant_no
    from (
        select
            *,
            max(residual) over (partition by document_id, table_no, row_no, lane_no, variant_no) as largest
        from short_sums
    ) as sums
    group by document_id, table_no, row_no, lane_no, variant_no
    having
        count(case when residual >= largest - tolerance then 1 end) >= 2
        or abs(2 * max(largest) - sum(residual)) <= sum(tolerance)
    union
    select * from balanced_lines
),

-- the line of a part in another table that this table lists nowhere: it tells the name, and that more is missing
limited_lines as (
    select
        document_id,
        table_no,
        row_no,
        lane_no,
        variant_no,
        min(line_code) as line_code
    from (
        select
            short_sums.document_id,
            short_sums.table_no,
            short_sums.row_no,
            short_sums.lane_no,
            short_sums.variant_no,
            unlisted.line_code,
            min(length(unlisted.line_code)) over (
                partition by
                    short_sums.document_id, short_sums.table_no, short_sums.row_no, short_sums.lane_no,
                    short_sums.variant_no
            ) as shortest
        from short_sums
        inner join whole_lines using (document_id, table_no, row_no, lane_no, variant_no)
        inner join unlisted
            on
                short_sums.document_id = unlisted.document_id
                and short_sums.table_no = unlisted.table_no
                and starts_with(unlisted.line_code, coalesce(short_sums.line_code, ''))
                and unlisted.comparison <> 'eq'
                and abs(unlisted.residual) <= short_sums.residual + short_sums.tolerance
    ) as codes
    where length(line_code) = shortest
    group by document_id, table_no, row_no, lane_no, variant_no
    having min(line_code) = max(line_code)
),

missing_line_equations as (
    select
        named_lines.line_code,
        short_sums.document_id,
        short_sums.table_no,
        short_sums.row_no,
        short_sums.lane_no,
        short_sums.variant_no,
        short_sums.equation_id,
        short_sums.residual
    from short_sums
    inner join named_lines using (document_id, table_no, row_no, lane_no, variant_no)
    inner join named_amounts
        on
            named_lines.document_id = named_amounts.document_id
            and named_lines.table_no = named_amounts.table_no
            and named_lines.line_code = named_amounts.line_code
            and abs(short_sums.residual - named_amounts.amount) <= short_sums.tolerance
    union all
    select
        limited_lines.line_code,
        short_sums.document_id,
        short_sums.table_no,
        short_sums.row_no,
        short_sums.lane_no,
        short_sums.variant_no,
        short_sums.equation_id,
        short_sums.residual
    from short_sums
    inner join whole_lines using (document_id, table_no, row_no, lane_no, variant_no)
    left join limited_lines using (document_id, table_no, row_no, lane_no, variant_no)
    union all
    select
        limited_lines.line_code,
        limited_lines.document_id,
        limited_lines.table_no,
        limited_lines.row_no,
        limited_lines.lane_no,
        limited_lines.variant_no,
        unlisted.equation_id,
        unlisted.residual
    from limited_lines
    inner join unlisted
        on
            limited_lines.document_id = unlisted.document_id
            and limited_lines.table_no = unlisted.table_no
            and starts_with(unlisted.line_code, limited_lines.line_code)
            and unlisted.comparison <> 'eq'
    union all
    select
        named_lines.line_code,
        named_lines.document_id,
        named_lines.table_no,
        named_lines.row_no,
        named_lines.lane_no,
        named_lines.variant_no,
        unlisted.equation_id,
        unlisted.residual
    from named_lines
    inner join unlisted
        on
            named_lines.document_id = unlisted.document_id
            and named_lines.table_no = unlisted.table_no
            and named_lines.line_code = unlisted.line_code
),

-- other sums over lines of this table that are short by as much
missing_line_witnesses as (
    select distinct
        missing.line_code,
        missing.document_id,
        missing.table_no,
        missing.row_no,
        missing.lane_no,
        missing.variant_no,
        failing.equation_id,
        failing.residual
    from missing_line_equations as missing
    inner join failing
        on
            missing.document_id = failing.document_id
            and abs(missing.residual) = abs(failing.residual)
            and failing.shape = 'cross'
    inner join terms
        on
            failing.equation_id = terms.equation_id
            and missing.table_no = terms.table_no
            and sign(failing.residual) = -sign(terms.coefficient)
            and not terms.is_blank
    where terms.row_no <> missing.row_no
),

missing_line_effects as (
    select
        'lacks ' || document_id || ' ' || table_no || ' ' || coalesce(line_code, '-')
        || ' ' || row_no || '.' || lane_no || ' ' || variant_no as repair_id,
        'missing_row' as kind,
        document_id,
        'lacks ' || table_no || ' ' || row_no || '.' || lane_no as place,
        cast(null as varchar) as cell_id,
        cast(null as varchar) as other_cell_id,
        2 as needed_equations,
        case when line_code is null then 2 else 0 end as preference,
        0 as is_part,
        cast(0 as decimal(20, 4)) as tolerance,
        equation_id,
        min(cast(-residual as decimal(20, 2))) as residual_change,
        false as is_free
    from (
        select * from missing_line_equations
        union all
        select * from missing_line_witnesses
    ) as short
    group by document_id, table_no, line_code, row_no, lane_no, variant_no, equation_id
),
{%- endmacro %}

{# A line that a table has too much: printed twice, or a class with all below it that only this table has. #}
{% macro quality_surplus_line_effects() -%}
surplus_line_effects as (
    select
        lines.kind || ' ' || lines.document_id || ' ' || lines.table_no || ' ' || lines.top_row_no
            || '.' || lines.lane_no as repair_id,
        lines.kind,
        lines.document_id,
        'surplus ' || lines.table_no || ' ' || lines.top_row_no || '.' || lines.lane_no as place,
        cast(null as varchar) as cell_id,
        cast(null as varchar) as other_cell_id,
        case lines.kind when 'duplicate_row' then 1 else 2 end as needed_equations,
        0 as preference,
        0 as is_part,
        cast(0 as decimal(20, 4)) as tolerance,
        terms.equation_id,
        cast(sum(-terms.coefficient * terms.amount_yuan) as decimal(20, 2)) as residual_change,
        false as is_free
    from {{ ref('int_repair_surplus_line') }} as lines
    inner join terms
        on
            lines.document_id = terms.document_id
            and lines.table_no = terms.table_no
            and lines.row_no = terms.row_no
            and lines.lane_no = terms.lane_no
    where
        lines.kind = 'surplus_row'
        or (terms.shape like 'vertical%' and terms.side = 'rhs')
        or terms.shape = 'cross'
    group by lines.kind, lines.document_id, lines.table_no, lines.top_row_no, lines.lane_no, terms.equation_id
),
{%- endmacro %}

{# A line left from an older version: its numbers add up along the line, as printed and as all other sums say that they
should be, so that they are wrong together. #}
{% macro quality_line_effects() -%}
-- lines that print no amount at all lack them all by one mistake
bare_lines as (
    select
        document_id,
        table_no,
        row_no,
        lane_no
    from terms
    where cell_id is not null
    group by document_id, table_no, row_no, lane_no
    having bool_or(is_blank) and bool_and(amount_yuan = 0)
),

bare_cells as (
    select distinct
        terms.document_id,
        terms.table_no,
        terms.row_no,
        terms.lane_no,
        terms.cell_id
    from terms
    inner join bare_lines using (document_id, table_no, row_no, lane_no)
    where terms.is_blank
),

-- what each correction of a number is worth outside its own line
line_number_worths as (
    select
        effects.repair_id,
        effects.cell_id,
        cast(split_part(effects.repair_id, ' ', 2) as decimal(20, 2)) as amount_change,
        min(effects.tolerance) as tolerance,
        count(case when not {{ quality_holds('state.residual', 'state.tolerance', 'state.comparison') }} then 1 end)
            as mended,
        -- of a sum of one part no other part could be wrong
        bool_or(
            part_counts.parts = 1
            and effects.is_part = 1
            and state.shape like 'vertical%'
            and not {{ quality_holds('state.residual', 'state.tolerance', 'state.comparison') }}
        ) as is_sole
    from number_effects as effects
    inner join state on effects.equation_id = state.equation_id
    left join part_counts on effects.equation_id = part_counts.equation_id
    where
        (effects.preference < 4 or effects.cell_id in (select bare_cells.cell_id from bare_cells))
        and state.shape <> 'row_identity'
        and {{ quality_holds('state.residual', 'state.tolerance', 'state.comparison') }}
            <> {{ quality_holds(
                '(state.residual + effects.residual_change)', 'state.tolerance', 'state.comparison'
            ) }}
    group by effects.repair_id, effects.cell_id
    -- more mended than broken
    having
        2 * count(case when not {{ quality_holds('state.residual', 'state.tolerance', 'state.comparison') }} then 1 end)
        > count(*)
),

line_numbers as (
    select
        cell_id,
        amount_change,
        mended,
        is_sole
    from (
        select
            *,
            row_number() over (partition by cell_id order by mended desc, tolerance, repair_id) as place
        from line_number_worths
    ) as best
    where place = 1
),

-- the sums along a line, which hold as printed and as corrected
line_sums as (
    select
        min(terms.document_id) as document_id,
        min(terms.table_no) as table_no,
        min(terms.row_no) as row_no,
        min(terms.lane_no) as lane_no,
        count(line_numbers.cell_id) as numbers,
        {{ quality_holds('min(state.residual)', 'min(state.tolerance)', 'min(state.comparison)') }}
        and {{ quality_holds(
            'cast(min(state.residual) + sum(coalesce(terms.coefficient * line_numbers.amount_change, 0))'
            ' as decimal(20, 2))',
            'min(state.tolerance)', 'min(state.comparison)'
        ) }} as is_balanced
    from terms
    inner join state on terms.equation_id = state.equation_id
    left join line_numbers on terms.cell_id = line_numbers.cell_id
    where terms.shape = 'row_identity'
    group by terms.equation_id
    having count(line_numbers.cell_id) > 0
),

balanced_numbers as (
    select distinct
        terms.document_id,
        terms.table_no,
        terms.row_no,
        terms.lane_no,
        line_numbers.cell_id,
        line_numbers.amount_change,
        line_numbers.mended,
        line_numbers.is_sole
    from terms
    inner join line_numbers on terms.cell_id = line_numbers.cell_id
    inner join (
        select
            document_id,
            table_no,
            row_no,
            lane_no
        from line_sums
        group by document_id, table_no, row_no, lane_no
        having bool_and(is_balanced) and max(numbers) >= 2
    ) as balanced
        on
            terms.document_id = balanced.document_id
            and terms.table_no = balanced.table_no
            and terms.row_no = balanced.row_no
            and terms.lane_no = balanced.lane_no
    where terms.shape = 'row_identity'
    union
    -- of a line that prints nothing no sum has to say that its numbers are wrong together
    select
        bare_cells.document_id,
        bare_cells.table_no,
        bare_cells.row_no,
        bare_cells.lane_no,
        line_numbers.cell_id,
        line_numbers.amount_change,
        line_numbers.mended,
        line_numbers.is_sole
    from bare_cells
    inner join line_numbers on bare_cells.cell_id = line_numbers.cell_id
    where
        (bare_cells.document_id, bare_cells.table_no, bare_cells.row_no, bare_cells.lane_no) not in (
            select
                line_sums.document_id,
                line_sums.table_no,
                line_sums.row_no,
                line_sums.lane_no
            from line_sums
        )
),

line_proposals as (
    select
        'line '
        || {{ quality_join_first(quality_list("cell_id || '=' || amount_change", 'cell_id'), 1000, '|') }} as repair_id,
        document_id,
        table_no,
        row_no,
        lane_no,
        min(cell_id) as cell_id,
        bool_or(is_sole) as is_sole
    from balanced_numbers
    -- where the table lacks a line that another table names, its sums say nothing of the lines that it has
    where
        (document_id, cast(table_no as varchar)) not in (
            select
                missing.document_id,
                split_part(missing.repair_id, ' ', 3)
            from missing_line_effects as missing
            where missing.preference = 0
        )
    group by document_id, table_no, row_no, lane_no
    -- one sum down a column would be mended by any of its lines, but for its only one, or one that prints nothing
    having
        max(mended) >= 2
        or bool_or(is_sole)
        or (count(*) >= 2 and min(cell_id) in (select bare_cells.cell_id from bare_cells))
),

line_effects as (
    select
        proposals.repair_id,
        'stale_line' as kind,
        proposals.document_id,
        'line ' || proposals.table_no || ' ' || proposals.row_no || '.' || proposals.lane_no as place,
        proposals.cell_id,
        cast(null as varchar) as other_cell_id,
        case
            when proposals.is_sole or proposals.cell_id in (select bare_cells.cell_id from bare_cells) then 2
            else 3
        end as needed_equations,
        3 as preference,
        0 as is_part,
        cast(0 as decimal(20, 4)) as tolerance,
        terms.equation_id,
        cast(sum(terms.coefficient * numbers.amount_change) as decimal(20, 2)) as residual_change,
        false as is_free
    from line_proposals as proposals
    inner join balanced_numbers as numbers using (document_id, table_no, row_no, lane_no)
    inner join terms on numbers.cell_id = terms.cell_id
    group by
        proposals.repair_id, proposals.document_id, proposals.table_no, proposals.row_no, proposals.lane_no,
        proposals.cell_id, proposals.is_sole, terms.equation_id
),
{%- endmacro %}

{# Many numbers of a table changed by one mistake. #}
{% macro quality_block_effects() -%}
block_changes as (
    select
        blocks.repair_id,
        min(blocks.kind) as kind,
        min(blocks.document_id) as document_id,
        min(blocks.place) as place,
        min(blocks.needed_equations) as needed_equations,
        min(blocks.preference) as preference,
        terms.equation_id,
        cast(sum(terms.coefficient * blocks.amount_change) as decimal(20, 2)) as residual_change,
        sum(abs(terms.coefficient) * blocks.slack) as slack,
        bool_or(blocks.is_lost) as is_free
    from {{ ref('int_repair_block') }} as blocks
    inner join terms on blocks.cell_id = terms.cell_id
    where blocks.document_id in (select failing.document_id from failing)
    group by blocks.repair_id, terms.equation_id
),

block_effects as (
    select
        changes.repair_id,
        changes.kind,
        changes.document_id,
        changes.place,
        cast(null as varchar) as cell_id,
        cast(null as varchar) as other_cell_id,
        changes.needed_equations,
        changes.preference,
        0 as is_part,
        cast(0 as decimal(20, 4)) as tolerance,
        changes.equation_id,
        case
            when changes.is_free then cast(-state.residual as decimal(20, 2))
            -- amounts that were rounded in the larger unit
            when abs(state.residual + changes.residual_change) <= state.tolerance + changes.slack
                then cast(-state.residual as decimal(20, 2))
            else changes.residual_change
        end as residual_change,
        changes.is_free
    from block_changes as changes
    inner join state on changes.equation_id = state.equation_id
),
{%- endmacro %}

{# One round: all kinds of repairs weighed against each other. #}
{% macro quality_repair_round(earlier_rounds) -%}
with state as (
    {{ quality_state(earlier_rounds) }}
),

failing as (
    select *
    from state
    where not {{ quality_holds('residual', 'tolerance', 'comparison') }}
),

-- printed numbers, and the blanks of printed lines
terms as (
    select *
    from {{ ref('int_repair_term') }}
    where cell_id is not null
    union all
    select * from {{ ref('int_repair_blank') }}
),

line_cells as (
    select
        document_id,
        table_no,
        row_no,
        lane_no,
        cell_id,
        cast(amount as decimal(20, 2)) as amount_yuan
    from {{ ref('int_equation_place') }}
    where document_id in (select failing.document_id from failing)
    union
    select
        document_id,
        table_no,
        row_no,
        lane_no,
        cell_id,
        cast(amount_yuan as decimal(20, 2)) as amount_yuan
    from {{ ref('int_repair_blank') }}
),

corrected as (
    {{ quality_corrected(earlier_rounds) }}
),

{{ quality_number_effects() }}

{{ quality_swap_effects() }}

{{ quality_missing_line_effects() }}

{{ quality_surplus_line_effects() }}

{{ quality_line_effects() }}

{{ quality_block_effects() }}

effects as (
    select * from number_effects
    union all
    select * from swap_effects
    union all
    select * from missing_line_effects
    union all
    select * from surplus_line_effects
    union all
    select * from line_effects
    union all
    select * from block_effects
),

{{ quality_choice() }}
{%- endmacro %}

{# The choice, from the CTEs `state` and `effects`. #}
{% macro quality_choice() -%}
weighed as (
    select
        effects.*,
        state.residual,
        case state.severity when 'error' then 2 else 1 end as weight,
        {{ quality_holds('state.residual', 'state.tolerance', 'state.comparison') }} as held,
        {{ quality_holds(
            '(state.residual + effects.residual_change)', 'state.tolerance', 'state.comparison'
        ) }} as will_hold
    from effects
    inner join state on effects.equation_id = state.equation_id
),

-- another document has the number that the repair would make of the printed one, or the line of a blank says it
witnessed as (
    select proposals.cell_id || ' ' || proposals.amount_change as repair_id
    from number_proposals as proposals
    inner join (
        select * from {{ ref('int_repair_witness') }}
        union all
        select * from {{ ref('int_repair_blank_witness') }}
    ) as witnesses on proposals.cell_id = witnesses.cell_id
    where abs(proposals.amount_change - witnesses.amount_change) <= witnesses.tolerance
    union
    select blocks.repair_id
    from {{ ref('int_repair_block') }} as blocks
    inner join {{ ref('int_repair_witness') }} as witnesses on blocks.cell_id = witnesses.cell_id
    where
        not blocks.is_lost
        and abs(blocks.amount_change - witnesses.amount_change) <= witnesses.tolerance
),

worth as (
    select
        weighed.repair_id,
        sum(
            case
                when is_free then 0
                when not held and will_hold then weight
                when held and not will_hold then -weight
                else 0
            end
        ) as score,
        count(case when not held and will_hold then 1 end) as mended
    from weighed
    left join witnessed on weighed.repair_id = witnessed.repair_id
    group by weighed.repair_id
    having count(case when not held and not is_free and abs(residual + residual_change) < abs(residual) then 1 end)
        >= min(needed_equations) - max(case when kind = 'number' and witnessed.repair_id is not null then 1 else 0 end)
),

pointing as (
    select
        weighed.*,
        worth.score,
        case when witnessed.repair_id is null then 0 else 1 end as witnesses,
        -- that one sum would need a slip of a digit in one of its many parts is no sign: some part always looks so
        case
            when worth.mended = 1 and weighed.kind = 'number' and weighed.preference > 1 then 5
            else weighed.preference
        end as rank
    from weighed
    inner join worth on weighed.repair_id = worth.repair_id
    left join witnessed on weighed.repair_id = witnessed.repair_id
    where
        not weighed.held
        and weighed.will_hold
        and worth.score > 0
),

pointed as (
    select
        *,
        row_number() over (
            partition by equation_id order by score desc, witnesses desc, rank, is_part, tolerance, repair_id
        ) as position
    from pointing
),

-- what is worth as much to an equation as its best
rivals as (
    select
        best.equation_id,
        count(distinct other.place) as rivals,
        {{ quality_list('distinct other.place', 'other.place') }} as rival_places
    from pointed as best
    inner join pointed as other
        on
            best.equation_id = other.equation_id
            and best.score = other.score
            and best.witnesses = other.witnesses
            and best.rank = other.rank
    where best.position = 1
    group by best.equation_id
),

agreed as (
    select
        pointed.repair_id,
        min(pointed.cell_id) as cell_id,
        min(pointed.other_cell_id) as other_cell_id,
        max(pointed.score) as score,
        max(pointed.witnesses) as witnesses,
        min(pointed.rank) as rank,
        min(pointed.is_part) as is_part,
        min(pointed.tolerance) as tolerance,
        min(rivals.rivals) as rivals,
        {{ first_by('rivals.rival_places', 'rivals.rivals') }} as rival_places
    from pointed
    left join rivals on pointed.equation_id = rivals.equation_id
    group by pointed.repair_id
    having max(pointed.position) = 1
),

-- a number has one true value: of two corrections the one that mends more, or that fewer terms have a part in; what
-- the other was to mend is seen again in the next round
contested as (
    select repair_id
    from (
        select
            repair_id,
            row_number() over (
                partition by touched_cell_id order by score desc, witnesses desc, rank, is_part, tolerance, repair_id
            ) as place
        from (
            select
                *,
                cell_id as touched_cell_id
            from agreed
            where cell_id is not null
            union all
            select
                *,
                other_cell_id as touched_cell_id
            from agreed
            where other_cell_id is not null
        ) as touched
    ) as places
    where place > 1
),

chosen as (
    select agreed.*
    from agreed
    left join contested on agreed.repair_id = contested.repair_id
    where contested.repair_id is null
)

select
    weighed.repair_id,
    weighed.kind,
    weighed.document_id,
    weighed.cell_id,
    weighed.other_cell_id,
    weighed.equation_id,
    weighed.residual_change,
    not weighed.held and weighed.will_hold as is_mended,
    -- an equation that two mistakes break is evidence of both
    not weighed.held
    and abs(weighed.residual + weighed.residual_change) < abs(weighed.residual) as is_evidence,
    chosen.score,
    -- as many repairs are worth the same to each equation that this one mends
    chosen.rivals > 1 as is_undecided,
    case when chosen.rivals > 1 then chosen.rival_places end as rival_places
from weighed
inner join chosen on weighed.repair_id = chosen.repair_id
{%- endmacro %}

{# Whether one digit that is wrong, missing, extra or exchanged with its neighbour makes one amount of the other. #}
{% macro is_one_slip(one, other) -%}
    (
        damerau_levenshtein(
            replace(cast(abs({{ one }}) as varchar), '.', ''), replace(cast(abs({{ other }}) as varchar), '.', '')
        ) = 1
    )
{%- endmacro %}

{# How the digits of one amount could have become those of the other. #}
{% macro slip_kind(published, expected) -%}
    case
        when length(cast(abs({{ published }}) as varchar)) > length(cast(abs({{ expected }}) as varchar)) then 'extra'
        when length(cast(abs({{ published }}) as varchar)) < length(cast(abs({{ expected }}) as varchar)) then 'lost'
        when levenshtein(cast(abs({{ published }}) as varchar), cast(abs({{ expected }}) as varchar)) > 1
            then 'exchanged'
        else 'wrong'
    end
{%- endmacro %}

{# Whether one amount is ten thousand times the other, which must be large enough for that to be no accident. #}
{% macro is_ten_thousand_times(one, other, tolerance) -%}
    (
        abs({{ other }}) >= 20 * {{ tolerance }}
        and abs(cast({{ one }} as decimal(24, 2)) * cast('0.0001' as decimal(5, 4)) - {{ other }}) <= {{ tolerance }}
    )
{%- endmacro %}

{# Whether an amount is so many times the printed one, which was rounded where it is printed. #}
{% macro is_rounded_part(published, expected, half_unit, factor) -%}
    (
        abs({{ published }}) >= 4 * {{ half_unit }}
        and abs(cast({{ published }} as decimal(24, 2)) * {{ factor }} - {{ expected }})
        <= {{ factor }} * {{ half_unit }}
    )
{%- endmacro %}

{# Whether 元, 万元 and 亿元 were mixed up. #}
{% macro is_power_of_ten_thousand(one, other) -%}
    (
        {{ one }} <> 0
        and (
            cast({{ one }} as decimal(38, 2)) * 10000 = {{ other }}
            or cast({{ other }} as decimal(38, 2)) * 10000 = {{ one }}
            or cast({{ one }} as decimal(38, 2)) * 100000000 = {{ other }}
            or cast({{ other }} as decimal(38, 2)) * 100000000 = {{ one }}
        )
    )
{%- endmacro %}

{# A number that another document states otherwise, not a table on another basis or copied from another body. #}
{% macro is_slip_between_documents(relation='') -%}
    (not {{ relation }}is_other_basis and {{ relation }}cause <> 'department_copied')
{%- endmacro %}

{# Whether a code stands in its order between its neighbours, and belongs to one of them. #}
{% macro code_fits(code) -%}
    coalesce(
        (code_above is null or code_above < {{ code }})
        and (code_below is null or {{ code }} < code_below)
        and (
            starts_with(code_below, {{ code }})
            or (
                length({{ code }}) > 3
                and (
                    left(code_above, length({{ code }}) - 2) = left({{ code }}, length({{ code }}) - 2)
                    or left(code_below, length({{ code }}) - 2)
                    = left({{ code }}, length({{ code }}) - 2)
                )
            )
        ),
        false
    )
{%- endmacro %}
