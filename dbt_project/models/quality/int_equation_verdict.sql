-- One row an equation begun: both sides, the residual, the tolerance and the verdict.
{{ config(schema='intermediate') }}

with signed_terms as (
    select
        *,
        {{ quality_product('coefficient', 'amount_yuan') }} as amount,
        {{ quality_product('abs(coefficient)', 'half_unit', 4) }} as slack
    from {{ ref('int_equation_term') }}
),

summed as (
    select
        equation_no,
        count(case when side = 'lhs' then cell_no end) as lhs_cells,
        count(case when side = 'rhs' then cell_no end) as rhs_cells,
        count(case when side = 'lhs' then 1 end) as lhs_terms,
        count(case when side = 'rhs' then 1 end) as rhs_terms,
        bool_or(is_ambiguous) as is_ambiguous,
        cast(coalesce(sum(case when side = 'lhs' then amount end), 0) as decimal(20, 2)) as lhs_amount,
        -cast(coalesce(sum(case when side = 'rhs' then amount end), 0) as decimal(20, 2)) as rhs_amount,
        cast(sum(slack) as decimal(20, 4)) as tolerance,
        -- the place a reader looks at first: the left side, or else the right
        {{ first_by('cell_no', 'reading_order') }} as lead_cell_no,
        {{ first_by('table_no', 'reading_order') }} as lead_table_no
    from signed_terms
    group by equation_no
),

required as (
    select distinct
        variant_no,
        term_no
    from {{ ref('int_rule_term') }}
    where presence = 'required'
),

required_found as (
    select
        terms.equation_no,
        count(distinct terms.term_no) as found_terms
    from {{ ref('int_equation_term') }} as terms
    inner join required using (variant_no, term_no)
    group by terms.equation_no
),

-- equations in which a line that lost a number is the left side, or a part without a number in this column
doubted as (
    select terms.equation_no
    from {{ ref('int_equation_place') }} as cells
    inner join {{ ref('int_doubtful_line') }} as doubtful
        on
            cells.document_id = doubtful.document_id
            and cells.table_no = doubtful.table_no
            and cells.row_no = doubtful.row_no
            and cells.lane_no = doubtful.lane_no
    inner join {{ ref('int_equation_term') }} as terms on cells.cell_no = terms.cell_no
    inner join {{ ref('int_rule_variant') }} as variants using (variant_no)
    where variants.shape = 'row_identity'
    union
    select terms.equation_no
    from {{ ref('int_equation_place') }} as totals
    inner join {{ ref('int_doubtful_line') }} as doubtful
        on
            totals.document_id = doubtful.document_id
            and totals.table_no = doubtful.table_no
    inner join {{ ref('int_equation_term') }} as terms on totals.cell_no = terms.cell_no
    inner join {{ ref('int_rule_variant') }} as variants using (variant_no)
    inner join {{ ref('int_equation_line') }} as lines
        on
            doubtful.document_id = lines.document_id
            and doubtful.table_no = lines.table_no
            and doubtful.row_no = lines.row_no
            and doubtful.lane_no = lines.lane_no
    left join {{ ref('int_equation_place') }} as part
        on
            doubtful.document_id = part.document_id
            and doubtful.table_no = part.table_no
            and doubtful.row_no = part.row_no
            and doubtful.lane_no = part.lane_no
            and totals.column_key = part.column_key
    where
        variants.shape like 'vertical%'
        and terms.side = 'lhs'
        and part.cell_id is null
        and (
            (variants.shape = 'vertical_total' and lines.parent_row_no is null)
            or (lines.parent_row_no = totals.row_no and lines.parent_lane_no = totals.lane_no)
        )
),

-- amounts that do not close on any reading of a table's levels accuse nothing in it
unsettled as (
    select distinct
        document_id,
        table_no
    from {{ ref('int_equation_line') }}
    where is_unsettled
),

judged as (
    select
        summed.*,
        begun.variant_no,
        begun.document_id,
        begun.group_key,
        variants.comparison,
        cast(summed.lhs_amount - summed.rhs_amount as decimal(20, 2)) as residual,
        -- what a template is held against: its table, or all tables that it compares
        case when variants.shape <> 'cross' then summed.lead_table_no end as fit_table_no,
        case
            when summed.is_ambiguous then 'several numbers could be the one meant'
            when coalesce(required_found.found_terms, 0) < variants.required_terms
                then 'a needed number is not printed'
            when summed.lhs_terms = 0 then 'the total is not printed'
            when summed.rhs_terms = 0 and variants.has_rhs
                then 'no part is printed'
            when summed.lhs_cells + summed.rhs_cells = 0 then 'no number is printed'
            when doubted.equation_no is not null then 'the text lost a number of a line'
            when variants.shape like 'vertical%' and unsettled.table_no is not null
                then 'the levels of the lines cannot be told apart'
        end as gap
    from summed
    inner join {{ ref('int_equation_begun') }} as begun on summed.equation_no = begun.equation_no
    inner join {{ ref('int_rule_variant') }} as variants on begun.variant_no = variants.variant_no
    left join required_found on summed.equation_no = required_found.equation_no
    left join doubted on summed.equation_no = doubted.equation_no
    left join unsettled
        on
            begun.document_id = unsettled.document_id
            and summed.lead_table_no = unsettled.table_no
),

-- what a template is stands in int_rule_variant, and is not carried along
verdicts as (
    select
        equation_no,
        variant_no,
        document_id,
        group_key,
        lhs_amount,
        rhs_amount,
        residual,
        tolerance,
        lead_cell_no,
        fit_table_no,
        gap,
        {{ quality_verdict('residual', 'tolerance', 'comparison') }} as verdict
    from judged
),

-- all pairs of a mirror are held against what the publisher prints together
templates as (
    select
        *,
        case when is_mirror then null else variant end as fit_variant
    from {{ ref('int_rule_variant') }}
),

-- how often a template holds: one that breaks on most lines does not fit what the publisher prints
fits as (
    select
        verdicts.document_id,
        templates.rule_id,
        templates.fit_variant,
        verdicts.fit_table_no,
        count(*) as formed,
        count(case when verdicts.rhs_amount <> 0 then 1 end) as with_parts,
        count(case when verdicts.verdict = 'fail' then 1 end) as broken
    from verdicts
    inner join templates on verdicts.variant_no = templates.variant_no
    where
        verdicts.gap is null
        and (verdicts.lhs_amount <> 0 or verdicts.rhs_amount <> 0)
    group by verdicts.document_id, templates.rule_id, templates.fit_variant, verdicts.fit_table_no
),

-- all that may be said against a failure is asked of the failures alone: they are few
failures as (
    select
        verdicts.*,
        templates.rule_id,
        templates.variant,
        templates.shape,
        templates.has_rhs,
        templates.comparison,
        templates.fit_variant
    from verdicts
    inner join templates on verdicts.variant_no = templates.variant_no
    where verdicts.verdict = 'fail'
),

failing_terms as (
    select
        failures.equation_no,
        failures.shape,
        terms.side,
        terms.cell_no,
        terms.coefficient,
        terms.amount_yuan
    from failures
    inner join {{ ref('int_equation_term') }} as terms on failures.equation_no = terms.equation_no
),

-- failures with a number that could stand in another column, or over a line one of whose numbers could be in this
opened as (
    select terms.equation_no
    from failing_terms as terms
    inner join {{ ref('int_equation_place') }} as cells on terms.cell_no = cells.cell_no
    inner join {{ ref('int_open_line') }} as open_lines
        on
            cells.document_id = open_lines.document_id
            and cells.table_no = open_lines.table_no
            and cells.row_no = open_lines.row_no
            and cells.lane_no = open_lines.lane_no
    -- a blank of such a line has no place either
    where coalesce(cells.placement, 'ambiguous') = 'ambiguous'
    union
    select terms.equation_no
    from failing_terms as terms
    inner join {{ ref('int_equation_place') }} as totals on terms.cell_no = totals.cell_no
    inner join {{ ref('int_open_line') }} as open_lines
        on
            totals.document_id = open_lines.document_id
            and totals.table_no = open_lines.table_no
            and totals.lane_no = open_lines.lane_no
    inner join {{ ref('int_equation_line') }} as lines
        on
            open_lines.document_id = lines.document_id
            and open_lines.table_no = lines.table_no
            and open_lines.row_no = lines.row_no
            and open_lines.lane_no = lines.lane_no
    where
        terms.shape like 'vertical%'
        and terms.side = 'lhs'
        and (
            (terms.shape = 'vertical_total' and lines.parent_row_no is null)
            or (lines.parent_row_no = totals.row_no and lines.parent_lane_no = totals.lane_no)
        )
),

-- what one table leaves out as a whole: all the differences of a template make up that one number
left_out as (
    select
        sums.rule_id,
        sums.variant,
        sums.document_id,
        min(explanations.explained_by) as explained_by
    from (
        select
            rule_id,
            variant,
            document_id,
            sum(residual) as residual,
            sum(tolerance) as tolerance
        from failures
        where gap is null
        group by rule_id, variant, document_id
    ) as sums
    inner join {{ ref('int_rule_explanation') }} as explanations
        using (rule_id, variant, document_id)
    where
        explanations.whole_cell_no is not null
        and abs(sums.residual - explanations.explained_amount) <= sums.tolerance
    group by sums.rule_id, sums.variant, sums.document_id
),

-- a level that repeats the total adds up to it: none of its lines is larger; without codes the levels are not known,
-- and a line of one that is too large says nothing of what it should be
outgrown as (
    select failures.equation_no
    from failures
    inner join failing_terms as parts
        on
            failures.equation_no = parts.equation_no
            and parts.side = 'rhs'
    inner join {{ ref('int_equation_place') }} as cells on parts.cell_no = cells.cell_no
    where failures.shape like 'vertical%'
    group by failures.equation_no
    having
        count(*) = count(cells.line_code)
        and min(parts.amount_yuan) >= 0
        and max(parts.amount_yuan) > max(failures.lhs_amount)
),

-- a line that adds up those above it is no part beside them: 支出合计 before what is handed up, and 总计
running as (
    select distinct equation_no
    from (
        select
            failures.equation_no,
            failures.residual,
            failures.tolerance,
            cells.line_code,
            parts.amount_yuan,
            sum(parts.amount_yuan) over above as amount_above,
            count(nullif(parts.amount_yuan, 0)) over above as lines_above
        from failures
        inner join failing_terms as parts
            on
                failures.equation_no = parts.equation_no
                and parts.side = 'rhs'
        inner join {{ ref('int_equation_place') }} as cells on parts.cell_no = cells.cell_no
        where failures.shape = 'vertical_total'
        window above as (
            partition by failures.equation_no order by cells.row_no rows between unbounded preceding and 1 preceding
        )
    ) as summed_lines
    where
        line_code is null
        and lines_above >= 2
        and abs(amount_yuan - amount_above) <= tolerance
        and abs(amount_yuan + residual) <= tolerance
    union
    -- the same line where it is called a total itself, and lines of the next total follow
    select failures.equation_no
    from failures
    inner join failing_terms as totals
        on
            failures.equation_no = totals.equation_no
            and totals.side = 'lhs'
    inner join {{ ref('int_equation_place') }} as places on totals.cell_no = places.cell_no
    inner join failing_terms as parts
        on
            failures.equation_no = parts.equation_no
            and parts.side = 'rhs'
    inner join {{ ref('int_equation_place') }} as cells on parts.cell_no = cells.cell_no
    where
        failures.shape = 'vertical_total'
        and cells.row_no < places.row_no
    group by failures.equation_no
    having
        count(nullif(parts.amount_yuan, 0)) >= 2
        and abs(sum(parts.amount_yuan) - max(failures.lhs_amount)) <= max(failures.tolerance)
),

guarded as (
    select
        failures.*,
        fits.broken,
        case
            when failures.gap is not null then null
            when failures.shape in ('row_identity', 'balance') and failures.has_rhs and fits.with_parts = 0
                then 'none of the parts that the table prints is known to the rule'
            when
                failures.shape like 'vertical%'
                and failures.lhs_amount <> 0
                and failures.rhs_amount in (2 * failures.lhs_amount, 3 * failures.lhs_amount)
                and outgrown.equation_no is null
                then 'the lines repeat their amounts on several levels'
            when running.equation_no is not null then 'a line adds up those above it, and others follow'
            when
                failures.shape in ('row_identity', 'cross')
                and fits.broken >= 3
                and 2 * fits.broken >= fits.formed
                then 'breaks on ' || fits.broken || ' of ' || fits.formed || ' lines: the rule does not fit this table'
        end as misfit,
        case when opened.equation_no is not null then 'a number could stand in several columns' end as doubt,
        case
            when left_out.document_id is not null
                then 'one of the two tables leaves out all of ' || left_out.explained_by
            when abs(failures.residual) <= explanations.explained_amount + failures.tolerance
                then
                    'explained by ' || explanations.explained_by || ' and the like, '
                    || explanations.explained_amount || ' in all'
        end as explanation
    from failures
    left join opened on failures.equation_no = opened.equation_no
    left join outgrown on failures.equation_no = outgrown.equation_no
    left join running on failures.equation_no = running.equation_no
    left join {{ ref('int_rule_explanation') }} as explanations
        on
            failures.rule_id = explanations.rule_id
            and failures.variant = explanations.variant
            and failures.document_id = explanations.document_id
            and explanations.whole_cell_no is null
    left join left_out
        on
            failures.rule_id = left_out.rule_id
            and failures.variant = left_out.variant
            and failures.document_id = left_out.document_id
    left join fits
        on
            failures.document_id = fits.document_id
            and failures.rule_id = fits.rule_id
            and coalesce(failures.fit_variant, '') = coalesce(fits.fit_variant, '')
            and coalesce(failures.fit_table_no, 0) = coalesce(fits.fit_table_no, 0)
),

-- hidden failures that would hold if two numbers of a line stood in each other's column
hidden_terms as (
    select
        hidden.equation_no,
        hidden.document_id,
        hidden.rule_id,
        hidden.fit_variant,
        hidden.fit_table_no,
        hidden.broken,
        hidden.residual,
        hidden.tolerance,
        hidden.comparison,
        terms.coefficient,
        cells.cell_no,
        cells.table_no,
        cells.row_no,
        cells.lane_no,
        cells.column_no,
        cells.amount
    from guarded as hidden
    inner join failing_terms as terms on hidden.equation_no = terms.equation_no
    inner join {{ ref('int_equation_place') }} as cells on terms.cell_no = cells.cell_no
    where
        hidden.misfit is not null
        and hidden.shape in ('row_identity', 'cross')
),

exchanges as (
    select
        one.*,
        least(one.column_no, other.column_no) as first_column_no,
        greatest(one.column_no, other.column_no) as second_column_no,
        cast(
            one.residual
            + (one.coefficient - coalesce(across.coefficient, 0)) * (other.amount - one.amount) as decimal(20, 2)
        ) as residual_after
    from hidden_terms as one
    inner join {{ ref('int_equation_place') }} as other
        on
            one.document_id = other.document_id
            and one.table_no = other.table_no
            and one.row_no = other.row_no
            and one.lane_no = other.lane_no
    left join hidden_terms as across
        on
            one.equation_no = across.equation_no
            and other.cell_no = across.cell_no
    where one.column_no <> other.column_no
),

-- two columns that break most of what is asked of both, and of which an exchange mends it
exchanged_columns as (
    select
        document_id,
        table_no,
        lane_no,
        first_column_no,
        second_column_no
    from (
        select
            document_id,
            table_no,
            lane_no,
            first_column_no,
            second_column_no,
            column_no
        from exchanges
        where {{ quality_verdict('residual_after', 'tolerance', 'comparison') }} <> 'fail'
        group by
            document_id, table_no, lane_no, first_column_no, second_column_no, column_no,
            rule_id, fit_variant, fit_table_no
        having 4 * count(distinct equation_no) >= 3 * max(broken)
    ) as mended
    group by document_id, table_no, lane_no, first_column_no, second_column_no
    having count(distinct column_no) = 2
),

-- no guard hides what another rule says of the same number with the same difference
accusing_cells as (
    select distinct
        terms.cell_no,
        failing.rule_id,
        abs(failing.residual) as difference
    from guarded as failing
    inner join failing_terms as terms on failing.equation_no = terms.equation_no
    where
        failing.misfit is null
        and failing.gap is null
        and failing.doubt is null
        and failing.explanation is null
),

hidden_cells as (
    select distinct
        hidden.equation_no,
        hidden.rule_id,
        abs(hidden.residual) as difference,
        terms.cell_no
    from guarded as hidden
    inner join failing_terms as terms on hidden.equation_no = terms.equation_no
    where hidden.misfit is not null
),

confirmed as (
    select distinct hidden_cells.equation_no
    from hidden_cells
    inner join accusing_cells
        on
            hidden_cells.cell_no = accusing_cells.cell_no
            and hidden_cells.difference = accusing_cells.difference
    where hidden_cells.rule_id <> accusing_cells.rule_id
    union
    -- the same code, name and amount twice is a line printed twice, and no level
    select hidden.equation_no
    from guarded as hidden
    inner join failing_terms as parts
        on
            hidden.equation_no = parts.equation_no
            and parts.side = 'rhs'
    inner join {{ ref('int_equation_place') }} as cells on parts.cell_no = cells.cell_no
    where
        hidden.misfit is not null
        and hidden.shape like 'vertical%'
    group by hidden.equation_no
    having
        count(*) = count(cells.line_code)
        and count(*) > count(distinct concat_ws(' ', cells.line_code, cells.row_label, cells.amount))
    union
    -- a number ten thousand times too large or too small in several lines is another unit, and no other rule
    select equation_no
    from (
        select
            hidden.equation_no,
            count(distinct hidden.equation_no) over (
                partition by hidden.document_id, hidden.rule_id, hidden.fit_variant, hidden.fit_table_no
            ) as equations
        from guarded as hidden
        inner join failing_terms as terms on hidden.equation_no = terms.equation_no
        where
            hidden.misfit is not null
            and hidden.shape in ('row_identity', 'cross')
            and abs(terms.coefficient) = 1
            and (
                {{ is_ten_thousand_times(
                    'terms.amount_yuan', '(terms.amount_yuan - hidden.residual * terms.coefficient)', 'hidden.tolerance'
                ) }}
                or {{ is_ten_thousand_times(
                    '(terms.amount_yuan - hidden.residual * terms.coefficient)', 'terms.amount_yuan', 'hidden.tolerance'
                ) }}
            )
    ) as of_another_unit
    where equations >= 2
    union
    -- nor are two columns of a table in each other's place
    select exchanges.equation_no
    from exchanges
    inner join exchanged_columns
        on
            exchanges.document_id = exchanged_columns.document_id
            and exchanges.table_no = exchanged_columns.table_no
            and exchanges.lane_no = exchanged_columns.lane_no
            and exchanges.first_column_no = exchanged_columns.first_column_no
            and exchanges.second_column_no = exchanged_columns.second_column_no
    where {{ quality_verdict('exchanges.residual_after', 'exchanges.tolerance', 'exchanges.comparison') }} <> 'fail'
),

settled as (
    select
        equation_no,
        variant_no,
        document_id,
        group_key,
        lhs_amount,
        rhs_amount,
        residual,
        tolerance,
        lead_cell_no,
        gap,
        verdict,
        cast(null as varchar) as excuse,
        cast(null as varchar) as excuse_reason
    from verdicts
    where verdict <> 'fail'
    union all
    select
        guarded.equation_no,
        guarded.variant_no,
        guarded.document_id,
        guarded.group_key,
        guarded.lhs_amount,
        guarded.rhs_amount,
        guarded.residual,
        guarded.tolerance,
        guarded.lead_cell_no,
        guarded.gap,
        guarded.verdict,
        case
            when guarded.doubt is not null then 'insufficient_data'
            when guarded.misfit is not null and confirmed.equation_no is null then 'not_applicable'
            when guarded.explanation is not null then 'not_applicable'
        end as excuse,
        case
            when guarded.doubt is not null then guarded.doubt
            when guarded.misfit is not null and confirmed.equation_no is null then guarded.misfit
            else guarded.explanation
        end as excuse_reason
    from guarded
    left join confirmed on guarded.equation_no = confirmed.equation_no
)

select
    settled.equation_no,
    templates.rule_id || '.' || templates.variant || ':' || left(settled.document_id, 16) || ':'
    || {{ short_hash('settled.group_key') }} as equation_id,
    settled.variant_no,
    settled.document_id,
    settled.lhs_amount,
    settled.rhs_amount,
    settled.residual,
    settled.tolerance,
    settled.lead_cell_no,
    case
        when settled.gap is not null then 'insufficient_data'
        else coalesce(settled.excuse, settled.verdict)
    end as status,
    coalesce(settled.gap, settled.excuse_reason) as reason
from settled
inner join templates on settled.variant_no = templates.variant_no
