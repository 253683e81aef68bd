-- One row an equation that the text states: a claim with its cell, a difference, a rate, a share, a completion rate, a
-- sum, the same quantity stated again, or a word of direction.
{{ config(schema='intermediate') }}

with claims as (
    select
        context.*,
        bound.bound_cell_id,
        bound.is_decisive,
        bound.rule_id as binding_rule_id,
        bound.quantity,
        bound.code
    from {{ ref('int_claim_context') }} as context
    inner join {{ ref('int_claim_bound') }} as bound on context.claim_id = bound.claim_id
),

links as (
    select * from {{ ref('int_claim_link') }}
),

cells as (
    select
        cell_no,
        amount,
        half_unit
    from {{ ref('int_equation_cell') }}
),

-- one line told in several amounts: they are its parts, by use or by kind of expenditure, where they make it or where
-- none of them is the whole
told_in_parts as (
    select
        document_id,
        bound_cell_id
    from (
        select
            claims.document_id,
            claims.bound_cell_id,
            claims.amount_yuan,
            cells.amount,
            claims.half_unit + cells.half_unit as slack,
            max(
                case when abs(claims.amount_yuan - cells.amount) <= claims.half_unit + cells.half_unit then 1 else 0 end
            ) over (partition by claims.bound_cell_id) as is_told_whole
        from claims
        inner join cells on {{ quality_key(['claims.bound_cell_id']) }} = cells.cell_no
        where claims.role in ('value', 'base') and claims.code is not null
    ) as told
    where abs(amount_yuan - amount) > slack
    group by document_id, bound_cell_id
    having
        count(distinct amount_yuan) > 1
        and (max(is_told_whole) = 0 or abs(sum(amount_yuan) - min(amount)) <= sum(slack))
),

-- a claim and the cell that it repeats
with_cells as (
    select
        claims.document_id,
        claims.binding_rule_id as rule_id,
        'cell' as kind,
        claims.claim_id as lead_claim_id,
        claims.claim_id as value_claim_id,
        cast(null as varchar) as change_claim_id,
        cast(null as varchar) as base_claim_id,
        claims.bound_cell_id as cell_id
    from claims
    inner join cells on {{ quality_key(['claims.bound_cell_id']) }} = cells.cell_no
    left join told_in_parts
        on
            claims.document_id = told_in_parts.document_id
            and claims.bound_cell_id = told_in_parts.bound_cell_id
    where
        claims.role in ('value', 'base')
        and (
            (claims.is_decisive and told_in_parts.bound_cell_id is null)
            or abs(claims.amount_yuan - cells.amount) <= claims.half_unit + cells.half_unit
        )
),

-- what was, what is, and the difference
differences as (
    select
        links.document_id,
        'E05' as rule_id,
        'difference' as kind,
        links.claim_id as lead_claim_id,
        links.value_claim_id,
        links.claim_id as change_claim_id,
        links.base_claim_id,
        cast(null as varchar) as cell_id
    from links
    inner join claims on links.claim_id = claims.claim_id
    where
        links.role = 'change' and claims.sign is not null
        and links.value_claim_id is not null and links.base_claim_id is not null
),

-- what is, the difference, and what the same line of the table prints of the year before or of the budget
differences_with_tables as (
    select
        links.document_id,
        'E05' as rule_id,
        'difference' as kind,
        links.claim_id as lead_claim_id,
        links.value_claim_id,
        links.claim_id as change_claim_id,
        cast(null as varchar) as base_claim_id,
        others.other_cell_id as cell_id
    from links
    inner join claims on links.claim_id = claims.claim_id
    inner join {{ ref('int_claim_beside') }} as others
        on
            links.value_claim_id = others.claim_id
            and claims.claim_year = others.other_year
            and claims.claim_phase = others.other_phase
    where
        links.role = 'change' and claims.sign is not null and links.base_claim_id is null
        -- a column of the budget may be that before or after its adjustment
        and (
            claims.claim_year < claims.fiscal_year
            or not {{ regex_matches("coalesce(claims.clause, '')", marker('opening_budget')) }}
        )
),

rates as (
    select
        links.document_id,
        'E05' as rule_id,
        'rate' as kind,
        links.claim_id as lead_claim_id,
        links.value_claim_id,
        links.change_claim_id,
        links.base_claim_id,
        cast(null as varchar) as cell_id
    from links
    inner join claims on links.claim_id = claims.claim_id
    left join claims as changes on links.change_claim_id = changes.claim_id
    left join claims as bases on links.base_claim_id = bases.claim_id
    where
        links.role = 'rate' and claims.sign is not null
        -- 上年 1 万元，比上年增加 …: where the change is what led to it, the year that it is told under is in doubt
        and not coalesce(
            links.value_claim_id is null and bases.role = 'value'
            and abs(
                claims.sign * claims.value * (bases.amount_yuan - changes.sign * changes.amount_yuan) / 100
                - changes.sign * changes.amount_yuan
            )
            <= claims.half_unit * abs(bases.amount_yuan - changes.sign * changes.amount_yuan) / 100
            + changes.half_unit + claims.value * (bases.half_unit + changes.half_unit) / 100, false
        )
        and (
            (
                links.change_claim_id is not null and changes.sign is not null
                and (links.value_claim_id is not null or links.base_claim_id is not null)
            )
            or (links.change_claim_id is null and links.value_claim_id is not null and links.base_claim_id is not null)
        )
),

completions as (
    select
        links.document_id,
        'E08' as rule_id,
        'completion' as kind,
        links.claim_id as lead_claim_id,
        links.value_claim_id,
        cast(null as varchar) as change_claim_id,
        links.base_claim_id,
        cast(null as varchar) as cell_id
    from links
    -- an amount is not its own budget
    where links.role = 'completion' and links.value_claim_id <> links.base_claim_id
),

-- what was done, its rate, and the budget that the same line of the table prints
completions_with_tables as (
    select
        links.document_id,
        'E08' as rule_id,
        'completion' as kind,
        links.claim_id as lead_claim_id,
        links.value_claim_id,
        cast(null as varchar) as change_claim_id,
        cast(null as varchar) as base_claim_id,
        others.other_cell_id as cell_id
    from links
    inner join claims on links.claim_id = claims.claim_id
    inner join {{ ref('int_claim_beside') }} as others
        on links.value_claim_id = others.claim_id and claims.fiscal_year = others.other_year
    where
        links.role = 'completion' and links.base_claim_id is null
        and {{ regex_matches("coalesce(claims.completion_base, '')", marker('approved_budget')) }}
        and not {{ regex_matches("coalesce(claims.completion_base, '')", marker('opening_budget')) }}
        and {{ regex_matches("coalesce(claims.completion_base, '')", marker('adjusted_budget')) }}
        = (others.other_phase = 'adjusted')
),

-- the whole that a share names, or that its chapter is about
shares as (
    select
        claims.document_id,
        claims.chapter_no,
        claims.sentence_no,
        claims.claim_id,
        claims.claim_no,
        claims.value,
        claims.half_unit,
        claims.topic,
        links.value_claim_id,
        parts.amount_yuan as part_amount,
        parts.half_unit as part_half_unit,
        parts.claim_no as part_no,
        nullif({{ regex_remove("coalesce(claims.share_base, '')", marker('share_words')) }}, '') as named_base
    from links
    inner join claims on links.claim_id = claims.claim_id
    inner join claims as parts on links.value_claim_id = parts.claim_id
    where links.role = 'share' and claims.topic not in ('none', 'assets') and parts.sentence_no = claims.sentence_no
),

topic_totals as (
    select distinct
        topic,
        total_quantity
    from {{ ref('claim_topic') }}
    where total_quantity is not null
),

base_quantities as (
    select
        named.topic,
        named.named_base,
        {{ first_by('bindings.quantity', 'bindings.binding_no') }} as quantity
    from (
        select distinct
            topic,
            named_base
        from shares
        where named_base is not null
    ) as named
    -- a share may be of any quantity, whatever its chapter
    cross join (
        select distinct
            cast(binding_no as integer) as binding_no,
            quantity
        from {{ ref('claim_binding') }}
    ) as bindings
    where {{ is_whole_seed(
        'named.named_base', 'bindings.binding_no', 'claim_binding', 'binding_no', 'subject_pattern'
    ) }}
    group by named.topic, named.named_base
),

wholes as (
    select
        document_id,
        claim_id,
        claim_no,
        chapter_no,
        quantity,
        subject_key,
        topic,
        amount_yuan,
        half_unit
    from claims
    where role = 'value' and is_reported and amount_yuan > 0
),

parts_of as (
    select distinct value_claim_id
    from shares
),

share_wholes as (
    -- under the same name in the chapter
    select
        shares.claim_id,
        wholes.claim_id as base_claim_id,
        case when wholes.chapter_no = shares.chapter_no then 1 else 2 end as preference,
        true as is_named,
        shares.claim_no - wholes.claim_no as distance
    from shares
    left join base_quantities
        on shares.topic = base_quantities.topic and shares.named_base = base_quantities.named_base
    inner join wholes
        on
            shares.document_id = wholes.document_id
            and shares.named_base is not null
            and (base_quantities.quantity = wholes.quantity or shares.named_base = wholes.subject_key)
            and shares.claim_no > wholes.claim_no
    where
        wholes.chapter_no = shares.chapter_no
        -- words of another chapter may stand for another thing
        or (
            base_quantities.quantity = wholes.quantity
            and (base_quantities.quantity like '%total%' or base_quantities.quantity like 'current%')
        )
    union all
    -- what the chapter began with
    select
        shares.claim_id,
        wholes.claim_id as base_claim_id,
        case
            when wholes.quantity = topic_totals.total_quantity then 1
            -- what has a share of its own is another part
            when parts_of.value_claim_id is not null then 4
            else 2
        end as preference,
        false as is_named,
        shares.part_no - wholes.claim_no as distance
    from shares
    left join topic_totals on shares.topic = topic_totals.topic
    inner join wholes
        on
            shares.document_id = wholes.document_id
            and shares.named_base is null
            and shares.chapter_no = wholes.chapter_no
            and shares.part_no > wholes.claim_no
    left join parts_of on wholes.claim_id = parts_of.value_claim_id
    where wholes.amount_yuan + wholes.half_unit >= shares.part_amount
    union all
    select
        shares.claim_id,
        wholes.claim_id as base_claim_id,
        3 as preference,
        false as is_named,
        0 as distance
    from shares
    inner join topic_totals on shares.topic = topic_totals.topic
    inner join wholes
        on
            shares.document_id = wholes.document_id
            and shares.named_base is null
            and shares.topic = wholes.topic
            and topic_totals.total_quantity = wholes.quantity
            and shares.part_no > wholes.claim_no
            and shares.chapter_no <> wholes.chapter_no
),

weighed_wholes as (
    select
        share_wholes.*,
        shares.document_id,
        shares.value_claim_id,
        -- a whole is any of the amounts before that makes the share; only where none does, the share is wrong
        abs(shares.value * wholes.amount_yuan / 100 - shares.part_amount)
        <= shares.half_unit * wholes.amount_yuan / 100 + shares.part_half_unit + shares.value * wholes.half_unit / 100
            as does_fit
    from share_wholes
    inner join shares on share_wholes.claim_id = shares.claim_id
    inner join wholes on share_wholes.base_claim_id = wholes.claim_id
),

chosen_wholes as (
    select
        *,
        row_number() over (
            partition by claim_id
            order by
                case when does_fit then 0 else 1 end asc,
                preference asc,
                case when is_named then distance else -distance end asc
        ) as place
    from weighed_wholes
    -- a part with a share of its own may be a whole where it makes the share, and is none to judge by
    where preference < 4 or does_fit
),

parts_of_wholes as (
    select
        document_id,
        'E06' as rule_id,
        'share' as kind,
        claim_id as lead_claim_id,
        value_claim_id,
        cast(null as varchar) as change_claim_id,
        base_claim_id,
        cast(null as varchar) as cell_id
    from chosen_wholes
    where place = 1
),

-- a quantity that no cell holds, stated more than once
repeated as (
    select
        document_id,
        claim_id,
        quantity,
        chapter_no,
        first_value(claim_id) over (partition by document_id, quantity order by claim_no) as first_claim_id,
        first_value(chapter_no) over (partition by document_id, quantity order by claim_no) as first_chapter_no
    from claims
    where
        role = 'value' and is_reported and bound_cell_id is null
        and quantity in ('operating', 'procurement_total')
),

repetitions as (
    select
        document_id,
        case when chapter_no = first_chapter_no then 'E04' else 'E13' end as rule_id,
        'repetition' as kind,
        claim_id as lead_claim_id,
        claim_id as value_claim_id,
        cast(null as varchar) as change_claim_id,
        first_claim_id as base_claim_id,
        cast(null as varchar) as cell_id
    from repeated
    where claim_id <> first_claim_id
),

all_equations as (
    select * from with_cells
    union all
    select * from differences
    union all
    select * from differences_with_tables
    union all
    select * from rates
    union all
    select * from completions
    union all
    select * from completions_with_tables
    union all
    select * from parts_of_wholes
    union all
    select * from repetitions
)

select
    rule_id || ':' || kind || ':' || lead_claim_id as equation_id,
    document_id,
    rule_id,
    kind,
    lead_claim_id,
    value_claim_id,
    change_claim_id,
    base_claim_id,
    cell_id
from all_equations
union all
select
    equation_id,
    document_id,
    rule_id,
    kind,
    value_claim_id as lead_claim_id,
    value_claim_id,
    cast(null as varchar) as change_claim_id,
    base_claim_id,
    cell_id
from {{ ref('int_text_direction') }}
