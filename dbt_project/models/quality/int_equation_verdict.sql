-- One row an equation begun: both sides, the residual, the tolerance and the verdict.
{{ config(schema='intermediate') }}

with equations as (
    select
        equation_no,
        min(variant_no) as variant_no,
        min(document_id) as document_id,
        min(group_key) as group_key,
        count(case when side = 'lhs' then cell_no end) as lhs_cells,
        count(case when side = 'rhs' then cell_no end) as rhs_cells,
        count(case when side = 'lhs' then 1 end) as lhs_terms,
        count(case when side = 'rhs' then 1 end) as rhs_terms,
        bool_or(is_ambiguous) as is_ambiguous,
        cast(coalesce(sum(case when side = 'lhs' then coefficient * amount_yuan end), 0) as decimal(20, 2))
            as lhs_amount,
        cast(-coalesce(sum(case when side = 'rhs' then coefficient * amount_yuan end), 0) as decimal(20, 2))
            as rhs_amount,
        cast(sum(abs(coefficient) * half_unit) as decimal(20, 4)) as tolerance,
        -- the place a reader looks at first: the left side, or else the right
        {{ first_by('cell_no', 'reading_order') }} as lead_cell_no
    from {{ ref('int_equation_term') }}
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
    from {{ ref('int_equation_term') }} as terms
    inner join {{ ref('int_rule_variant') }} as variants using (variant_no)
    inner join {{ ref('int_doubtful_line') }} as doubtful
        on
            terms.document_id = doubtful.document_id
            and terms.table_no = doubtful.table_no
            and terms.row_no = doubtful.row_no
            and terms.lane_no = doubtful.lane_no
    where variants.shape = 'row_identity'
    group by terms.equation_no
    union all
    select terms.equation_no
    from {{ ref('int_equation_term') }} as terms
    inner join {{ ref('int_rule_variant') }} as variants using (variant_no)
    inner join {{ ref('int_equation_cell') }} as totals on terms.cell_no = totals.cell_no
    inner join {{ ref('int_doubtful_line') }} as doubtful
        on
            totals.document_id = doubtful.document_id
            and totals.table_no = doubtful.table_no
    inner join {{ ref('int_equation_line') }} as lines
        on
            doubtful.document_id = lines.document_id
            and doubtful.table_no = lines.table_no
            and doubtful.row_no = lines.row_no
            and doubtful.lane_no = lines.lane_no
    left join {{ ref('int_equation_cell') }} as part
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
    group by terms.equation_no
),

judged as (
    select
        equations.*,
        variants.rule_id,
        variants.variant,
        variants.shape,
        variants.comparison,
        variants.severity,
        variants.does_column_matter,
        cast(equations.lhs_amount - equations.rhs_amount as decimal(20, 2)) as residual,
        case
            when equations.is_ambiguous then 'several numbers could be the one meant'
            when coalesce(required_found.found_terms, 0) < variants.required_terms
                then 'a needed number is not printed'
            when equations.lhs_terms = 0 then 'the total is not printed'
            when equations.rhs_terms = 0 and variants.has_rhs
                then 'no part is printed'
            when equations.lhs_cells + equations.rhs_cells = 0 then 'no number is printed'
            when doubted.equation_no is not null then 'the text lost a number of a line'
        end as gap
    from equations
    inner join {{ ref('int_rule_variant') }} as variants using (variant_no)
    left join required_found using (equation_no)
    left join (select distinct equation_no from doubted) as doubted using (equation_no)
)

select
    judged.equation_no,
    judged.rule_id || '.' || judged.variant || ':' || left(judged.document_id, 16) || ':'
    || {{ short_hash('judged.group_key') }} as equation_id,
    judged.rule_id,
    judged.variant,
    judged.document_id,
    judged.shape,
    judged.comparison,
    judged.severity,
    judged.does_column_matter,
    judged.lhs_amount,
    judged.rhs_amount,
    judged.residual,
    judged.tolerance,
    judged.lead_cell_no,
    case
        when judged.gap is not null then 'insufficient_data'
        when
            {{ quality_verdict('judged.residual', 'judged.tolerance', 'judged.comparison') }} = 'fail'
            and abs(judged.residual) <= explanations.explained_amount + judged.tolerance
            then 'not_applicable'
        else {{ quality_verdict('judged.residual', 'judged.tolerance', 'judged.comparison') }}
    end as status,
    case
        when judged.gap is not null then judged.gap
        when
            {{ quality_verdict('judged.residual', 'judged.tolerance', 'judged.comparison') }} = 'fail'
            and abs(judged.residual) <= explanations.explained_amount + judged.tolerance
            then
                'explained by ' || explanations.explained_by || ' and the like, '
                || explanations.explained_amount || ' in all'
    end as reason
from judged
left join {{ ref('int_rule_explanation') }} as explanations
    using (rule_id, variant, document_id)
