-- One row a term of an equation between documents: a printed number, a zero of a table that lists codes, or a document.
{{ config(schema='intermediate') }}

with cells as (
    select * from {{ ref('int_corpus_cell') }}
),

links as (
    select * from {{ ref('int_corpus_link') }}
),

units as (
    select
        units.document_id,
        units.unit_document_id,
        departments.is_complete
    from {{ ref('int_document_unit') }} as units
    inner join {{ ref('int_department') }} as departments on units.document_id = departments.document_id
    where not departments.is_sole
),

linked as (
    select
        links.rule_id,
        links.variant,
        links.document_id,
        links.other_document_id,
        cells.corpus_cell_no as object_no,
        'lhs' as side,
        cells.cell_no,
        cast(1 as decimal(9, 2)) as coefficient,
        links.document_id as term_document_id
    from links
    inner join cells on links.corpus_cell_no = cells.corpus_cell_no
    where links.value_claim_id is null
    union all
    select
        links.rule_id,
        links.variant,
        links.document_id,
        links.other_document_id,
        links.corpus_cell_no as object_no,
        'rhs' as side,
        others.cell_no,
        cast(-cast(variants.coefficient as decimal(9, 2)) as decimal(9, 2)) as coefficient,
        links.other_document_id as term_document_id
    from links
    inner join {{ ref('corpus_variant') }} as variants
        on links.rule_id = variants.rule_id and links.variant = variants.variant
    left join cells as others on links.other_cell_no = others.corpus_cell_no
),

-- the value and the change as the text states them
claimed as (
    select
        links.rule_id,
        links.variant,
        links.document_id,
        links.other_document_id,
        links.corpus_cell_no as object_no,
        'lhs' as side,
        links.value_claim_id as claim_id,
        1 as coefficient
    from links
    where links.value_claim_id is not null
    union all
    select
        links.rule_id,
        links.variant,
        links.document_id,
        links.other_document_id,
        links.corpus_cell_no as object_no,
        'lhs' as side,
        links.change_claim_id as claim_id,
        -1 as coefficient
    from links
    where links.change_claim_id is not null
    union all
    select
        'F02' as rule_id,
        '1' as variant,
        document_id,
        cast(null as varchar) as other_document_id,
        corpus_cell_no as object_no,
        side,
        claim_id,
        coefficient
    from {{ ref('int_corpus_base') }}
),

-- units that get money from each other: sums over all funds count it twice
paid_within as (
    select distinct units.document_id
    from units
    inner join cells on units.unit_document_id = cells.document_id
    where
        cells.amount > 0
        and not ({{ corpus_is_not_internal('cells') }})
),

headers as (
    select distinct
        document_id,
        family,
        column_key,
        fiscal_year,
        phase,
        period
    from cells
),

printed as (
    select distinct
        document_id,
        family
    from cells
    where amount <> 0
),

parts as (
    select
        units.document_id,
        units.unit_document_id,
        units.is_complete,
        wholes.corpus_cell_no as object_no,
        wholes.cell_no as whole_cell_no,
        wholes.balance_role,
        parts.cell_no,
        -- what a table with such a column does not print is zero, and all that an empty one could
        parts.cell_no is not null
        or (families.is_certain and (headers.document_id is not null or printed.document_id is null)) as is_known
    from units
    inner join cells as wholes on units.document_id = wholes.document_id
    left join paid_within on units.document_id = paid_within.document_id
    left join {{ ref('int_corpus_table') }} as families
        on units.unit_document_id = families.document_id and wholes.family = families.family
    left join headers
        on
            units.unit_document_id = headers.document_id
            and wholes.family = headers.family
            and wholes.column_key = headers.column_key
            and wholes.fiscal_year = headers.fiscal_year
            and wholes.phase = headers.phase
            and wholes.period = headers.period
    left join printed
        on units.unit_document_id = printed.document_id and wholes.family = printed.family
    left join cells as parts
        on
            units.unit_document_id = parts.document_id
            and wholes.family = parts.family
            and wholes.table_side = parts.table_side
            and wholes.row_key = parts.row_key
            and wholes.column_key = parts.column_key
            and wholes.fiscal_year = parts.fiscal_year
            and wholes.phase = parts.phase
            and wholes.period = parts.period
    where
        {{ corpus_is_not_internal('wholes') }}
        and (wholes.is_fiscal or paid_within.document_id is null)
),

-- where a unit's table was not found or is in doubt, nothing is known of the sum
sums as (
    select
        document_id,
        object_no,
        min(whole_cell_no) as whole_cell_no,
        case when bool_and(is_complete) then 'G01' else 'G02' end as rule_id,
        case when bool_and(is_complete) then '1' else '2' end as variant
    from parts
    group by document_id, object_no
    having
        (bool_and(is_complete) and bool_and(coalesce(is_known, false)) and count(cell_no) > 0)
        or (not bool_or(is_complete) and count(cell_no) > 1 and min(balance_role) is null)
),

summed as (
    select
        rule_id,
        variant,
        document_id,
        cast(null as varchar) as other_document_id,
        object_no,
        'lhs' as side,
        whole_cell_no as cell_no,
        cast(1 as decimal(9, 2)) as coefficient,
        document_id as term_document_id
    from sums
    union all
    select
        sums.rule_id,
        sums.variant,
        sums.document_id,
        cast(null as varchar) as other_document_id,
        sums.object_no,
        'rhs' as side,
        parts.cell_no,
        cast(-1 as decimal(9, 2)) as coefficient,
        parts.unit_document_id as term_document_id
    from sums
    inner join parts
        on sums.document_id = parts.document_id and sums.object_no = parts.object_no and parts.cell_no is not null
),

-- a table that repeats the department's cell by cell, while a sibling spends too
repeated as (
    select
        links.document_id,
        links.other_document_id,
        cells.family
    from links
    inner join cells on links.corpus_cell_no = cells.corpus_cell_no
    left join cells as wholes on links.other_cell_no = wholes.corpus_cell_no
    where
        links.rule_id = 'G02'
        and cells.amount <> 0
    group by links.document_id, links.other_document_id, cells.family
    having
        count(distinct cells.amount) >= 3
        and bool_and(coalesce(wholes.amount, 0) = cells.amount)
),

repeated_totals as (
    select
        repeated.document_id,
        repeated.other_document_id,
        totals.corpus_cell_no as object_no,
        totals.cell_no,
        wholes.cell_no as whole_cell_no,
        totals.family,
        totals.table_side,
        totals.row_key,
        totals.column_key,
        totals.fiscal_year,
        totals.phase,
        totals.period
    from repeated
    inner join cells as totals
        on repeated.document_id = totals.document_id and repeated.family = totals.family
    inner join cells as wholes
        on
            repeated.other_document_id = wholes.document_id
            and totals.family = wholes.family
            and totals.table_side = wholes.table_side
            and totals.row_key = wholes.row_key
            and totals.column_key = wholes.column_key
            and totals.fiscal_year = wholes.fiscal_year
            and totals.phase = wholes.phase
            and totals.period = wholes.period
    where
        totals.is_total
        and totals.period = 'current'
        and totals.amount > 0
        -- there is another unit to compare with
        and repeated.other_document_id in (
            select several.document_id from units as several
            group by several.document_id
            having count(*) > 1
        )
    qualify row_number() over (
        partition by repeated.document_id, repeated.family order by totals.column_key = 'total' desc, totals.cell_id
    ) = 1
),

copied as (
    select
        document_id,
        other_document_id,
        object_no,
        'lhs' as side,
        cell_no,
        cast(1 as decimal(9, 2)) as coefficient,
        document_id as term_document_id
    from repeated_totals
    union all
    select
        repeated_totals.document_id,
        repeated_totals.other_document_id,
        repeated_totals.object_no,
        'lhs' as side,
        siblings.cell_no,
        cast(1 as decimal(9, 2)) as coefficient,
        siblings.document_id as term_document_id
    from repeated_totals
    inner join units
        on
            repeated_totals.other_document_id = units.document_id
            and repeated_totals.document_id <> units.unit_document_id
    inner join cells as siblings
        on
            units.unit_document_id = siblings.document_id
            and repeated_totals.family = siblings.family
            and repeated_totals.table_side = siblings.table_side
            and repeated_totals.row_key = siblings.row_key
            and repeated_totals.column_key = siblings.column_key
            and repeated_totals.fiscal_year = siblings.fiscal_year
            and repeated_totals.phase = siblings.phase
            and repeated_totals.period = siblings.period
    union all
    select
        document_id,
        other_document_id,
        object_no,
        'rhs' as side,
        whole_cell_no as cell_no,
        cast(-1 as decimal(9, 2)) as coefficient,
        other_document_id as term_document_id
    from repeated_totals
),

-- what texts count: vehicles from one year to the next, and a unit within its department
counts as (
    select * from {{ ref('int_corpus_count') }}
),

held as (
    select
        counts.document_id,
        counts.object_no,
        counts.claim_id,
        pairs.other_document_id,
        before.claim_id as before_claim_id,
        bought.claim_id as bought_claim_id,
        disposed.claim_id as disposed_claim_id
    from counts
    inner join {{ ref('int_document_pair') }} as pairs
        on counts.document_id = pairs.document_id and pairs.relation = 'final_before'
    inner join counts as before
        on pairs.other_document_id = before.document_id and before.thing = 'vehicles_held'
    inner join counts as bought
        on counts.document_id = bought.document_id and bought.thing = 'vehicles_bought'
    left join counts as disposed
        on counts.document_id = disposed.document_id and disposed.thing = 'vehicles_disposed'
    where counts.thing = 'vehicles_held'
),

within as (
    select
        counts.document_id,
        counts.object_no,
        counts.claim_id,
        units.document_id as other_document_id,
        wholes.claim_id as whole_claim_id
    from counts
    inner join units on counts.document_id = units.unit_document_id
    inner join counts as wholes
        on
            units.document_id = wholes.document_id
            and counts.thing = wholes.thing
            and counts.unit_text = wholes.unit_text
),

counted_things as (
    {% for side, claim, coefficient in [
        ('lhs', 'claim_id', 1), ('rhs', 'before_claim_id', -1), ('rhs', 'bought_claim_id', -1),
        ('rhs', 'disposed_claim_id', 1)
    ] -%}
        select
            'F03' as rule_id,
            '5' as variant,
            document_id,
            other_document_id,
            object_no,
            '{{ side }}' as side,
            {{ claim }} as claim_id,
            {{ coefficient }} as coefficient
        from held
        where {{ claim }} is not null
        union all
    {% endfor %}
    {%- for side, claim, coefficient in [('lhs', 'claim_id', 1), ('rhs', 'whole_claim_id', -1)] -%}
        select
            'G02' as rule_id,
            '3' as variant,
            document_id,
            other_document_id,
            object_no,
            '{{ side }}' as side,
            {{ claim }} as claim_id,
            {{ coefficient }} as coefficient
        from within
        {{ 'union all' if not loop.last }}
    {% endfor -%}
),

-- bodies that publish under the department's name, and those of them that its list names
counted as (
    select
        namesakes.document_id,
        namesakes.unit_document_id,
        sides.side,
        case sides.side when 'lhs' then 1 else -1 end as coefficient
    from {{ ref('int_department_namesake') }} as namesakes
    inner join (values ('lhs'), ('rhs')) as sides (side) on sides.side = 'lhs' or namesakes.is_named
),

all_terms as (
    select
        rule_id,
        variant,
        document_id,
        other_document_id,
        object_no,
        side,
        cell_no,
        coefficient,
        term_document_id
    from linked
    union all
    select
        rule_id,
        variant,
        document_id,
        other_document_id,
        object_no,
        side,
        cell_no,
        coefficient,
        term_document_id
    from summed
    union all
    select
        'G04' as rule_id,
        '1' as variant,
        document_id,
        other_document_id,
        object_no,
        side,
        cell_no,
        coefficient,
        term_document_id
    from copied
    union all
    select
        'G05' as rule_id,
        '1' as variant,
        document_id,
        cast(null as varchar) as other_document_id,
        cast(null as ubigint) as object_no,
        side,
        cast(null as ubigint) as cell_no,
        cast(coefficient as decimal(9, 2)) as coefficient,
        unit_document_id as term_document_id
    from counted
),

terms as (
    select
        all_terms.*,
        cast(null as varchar) as claim_id
    from all_terms
    union all
    select
        claimed.rule_id,
        claimed.variant,
        claimed.document_id,
        claimed.other_document_id,
        claimed.object_no,
        claimed.side,
        cast(null as ubigint) as cell_no,
        -- a decrease is a negative change
        cast(
            claimed.coefficient * case when contexts.role = 'change' then contexts.sign else 1 end as decimal(9, 2)
        ) as coefficient,
        claimed.document_id as term_document_id,
        claimed.claim_id
    from claimed
    inner join {{ ref('int_claim_context') }} as contexts on claimed.claim_id = contexts.claim_id
    union all
    select
        counted_things.rule_id,
        counted_things.variant,
        counted_things.document_id,
        counted_things.other_document_id,
        counted_things.object_no,
        counted_things.side,
        cast(null as ubigint) as cell_no,
        cast(counted_things.coefficient as decimal(9, 2)) as coefficient,
        counts.document_id as term_document_id,
        counted_things.claim_id
    from counted_things
    inner join counts on counted_things.claim_id = counts.claim_id
)

select
    {{ quality_key([
        'terms.rule_id', 'terms.variant', 'terms.document_id', "coalesce(terms.other_document_id, '')",
        'coalesce(terms.object_no, 0)'
    ]) }} as equation_no,
    terms.rule_id,
    terms.variant,
    terms.document_id,
    terms.other_document_id,
    terms.object_no,
    terms.side,
    terms.cell_no,
    cells.cell_id,
    terms.claim_id,
    terms.term_document_id,
    cells.table_no,
    coalesce(cells.page_no, contexts.page_no) as page_no,
    cells.row_no,
    cells.column_no,
    terms.coefficient,
    case
        when terms.rule_id = 'G05' then cast(1 as decimal(18, 2))
        else coalesce(cells.amount, counts.counted, contexts.amount_yuan, 0)
    end as amount_yuan,
    cast(coalesce(cells.half_unit, contexts.half_unit, 0) as decimal(20, 4)) as half_unit,
    cells.placement
from terms
left join {{ ref('int_equation_cell') }} as cells on terms.cell_no = cells.cell_no
left join {{ ref('int_claim_context') }} as contexts on terms.claim_id = contexts.claim_id
left join counts on terms.claim_id = counts.claim_id
