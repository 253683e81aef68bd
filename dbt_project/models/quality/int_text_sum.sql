-- One row a term of a sum that the text states within one chapter: the whole, and each of its parts.
{{ config(schema='intermediate') }}

with claims as (
    select
        context.document_id,
        context.chapter_no,
        context.sentence_no,
        context.claim_id,
        context.claim_no,
        context.claim_kind,
        context.unit_text,
        context.value,
        context.gap,
        context.tail,
        context.subject_key,
        context.role,
        context.is_reported,
        context.amount_yuan,
        context.half_unit,
        context.sign,
        context.claim_phase,
        context.claim_year = context.fiscal_year as is_of_year,
        bound.quantity,
        bound.code
    from {{ ref('int_claim_context') }} as context
    inner join {{ ref('int_claim_bound') }} as bound on context.claim_id = bound.claim_id
),

levels as (
    select * from claims
    where role = 'value' and is_reported
),

sums as (
    select * from {{ ref('claim_sum') }}
),

variants as (
    select distinct
        rule_id,
        variant,
        total_quantity,
        comparison,
        severity
    from sums
),

totals as (
    select
        variants.rule_id,
        variants.variant,
        variants.comparison,
        variants.severity,
        levels.document_id,
        levels.chapter_no,
        levels.claim_id,
        levels.claim_no,
        levels.sentence_no,
        levels.quantity,
        lead(levels.claim_no) over (
            partition by variants.rule_id, variants.variant, levels.document_id, levels.chapter_no
            order by levels.claim_no
        ) as next_total_no
    from variants
    inner join levels
        on
            variants.total_quantity = levels.quantity
            -- the same whole for one source of money begins a sum of its own
            or (
                variants.total_quantity = 'procurement_total' and levels.quantity = 'procurement_general_public'
                and variants.comparison = 'eq'
            )
),

expected as (
    select
        totals.*,
        sums.part_quantity,
        sums.is_required
    from totals
    inner join sums on totals.rule_id = sums.rule_id and totals.variant = sums.variant
),

found_parts as (
    select
        expected.rule_id,
        expected.variant,
        expected.claim_id as total_claim_id,
        expected.part_quantity,
        {{ first_by('levels.claim_id', 'levels.claim_no') }} as part_claim_id,
        min(levels.claim_no) as part_claim_no,
        {{ first_by('levels.sentence_no', 'levels.claim_no') }} as part_sentence_no,
        count(distinct levels.amount_yuan) as amount_count
    from expected
    inner join levels
        on
            expected.document_id = levels.document_id
            and expected.chapter_no is not distinct from levels.chapter_no
            and expected.part_quantity = levels.quantity
            and expected.claim_no < levels.claim_no
    where
        levels.claim_no < coalesce(expected.next_total_no, expected.claim_no + 40)
        and levels.sentence_no - expected.sentence_no <= 12
    group by expected.rule_id, expected.variant, expected.claim_id, expected.part_quantity
),

parts as (
    select
        expected.rule_id,
        expected.variant,
        expected.comparison,
        expected.severity,
        expected.document_id,
        expected.chapter_no,
        expected.claim_id as total_claim_id,
        expected.claim_no as total_claim_no,
        expected.part_quantity,
        expected.is_required,
        found_parts.part_claim_id,
        found_parts.part_claim_no,
        found_parts.part_sentence_no,
        coalesce(found_parts.amount_count, 0) as amount_count
    from expected
    left join found_parts
        on
            expected.rule_id = found_parts.rule_id
            and expected.variant = found_parts.variant
            and expected.claim_id = found_parts.total_claim_id
            and expected.part_quantity = found_parts.part_quantity
),

complete as (
    select
        rule_id,
        variant,
        comparison,
        severity,
        document_id,
        chapter_no,
        total_claim_id,
        min(total_claim_no) as first_no,
        max(part_claim_no) as last_no,
        {{ last_by('part_sentence_no', 'part_claim_no') }} as last_sentence_no
    from parts
    group by rule_id, variant, comparison, severity, document_id, chapter_no, total_claim_id
    having bool_and(not is_required or part_claim_id is not null) and max(amount_count) <= 1
),

-- an amount between the parts that is none of them may be one all the same
disturbed as (
    select distinct
        complete.rule_id,
        complete.variant,
        complete.total_claim_id
    from complete
    inner join levels
        on
            complete.document_id = levels.document_id
            and complete.chapter_no is not distinct from levels.chapter_no
            and levels.claim_no > complete.first_no
            -- between the parts, or behind them in their list
            and (complete.last_no > levels.claim_no or complete.last_sentence_no = levels.sentence_no)
            and levels.quantity is null
            and levels.amount_yuan <> 0
    where complete.comparison = 'eq'
),

formed as (
    select complete.*
    from complete
    left join disturbed
        on
            complete.rule_id = disturbed.rule_id
            and complete.variant = disturbed.variant
            and complete.total_claim_id = disturbed.total_claim_id
    where disturbed.total_claim_id is null
),

-- 共有车辆 15 辆，其中：甲类用车 1 辆、乙类用车 2 辆 …: the list may be a sentence of its own
vehicle_totals as (
    select
        claims.document_id,
        claims.claim_id,
        claims.claim_no,
        claims.sentence_no + case when claims.is_last then 1 else 0 end as list_sentence_no
    from (
        select
            *,
            lead(claim_no) over (partition by document_id, sentence_no order by claim_no) is null as is_last
        from claims
    ) as claims
    left join {{ ref('stg_sentence') }} as lists
        on claims.document_id = lists.document_id and claims.sentence_no + 1 = lists.sentence_no
    where
        claims.claim_kind = 'count' and claims.unit_text = '{{ marker('vehicle_unit') }}'
        and {{ regex_matches("coalesce(claims.subject_key, '')", marker('vehicles')) }}
        and (
            {{ regex_matches("coalesce(claims.tail, '')", marker('of_which_vehicles')) }}
            or (
                claims.is_last
                and {{ regex_matches("coalesce(lists.sentence_text, '')", marker('of_which_vehicles')) }}
            )
        )
),

vehicle_parts as (
    select
        totals.claim_id as total_claim_id,
        claims.claim_id,
        claims.claim_no,
        claims.subject_key,
        bool_or(
            claims.unit_text <> '{{ marker('vehicle_unit') }}'
            or {{ regex_matches("coalesce(claims.gap, '')", marker('list_of_vehicles_end')) }}
        ) over (
            partition by totals.claim_id order by claims.claim_no rows unbounded preceding
        ) as is_behind
    from vehicle_totals as totals
    inner join claims
        on
            totals.document_id = claims.document_id
            and totals.list_sentence_no = claims.sentence_no
            and totals.claim_no < claims.claim_no
),

vehicle_sums as (
    select
        total_claim_id,
        count(*) as part_count
    from vehicle_parts
    where not is_behind
    group by total_claim_id
    -- a list of two or three kinds may leave out the others, unless it ends with them
    having
        count(*) >= 4
        or (
            count(*) >= 2
            and {{ regex_matches(last_by("coalesce(subject_key, '')", 'claim_no'), marker('other_vehicles')) }}
        )
),

-- 支出增加 9 万元，其中：甲增加 5 万元、乙增加 4 万元: the last list of a sentence, of levels or of changes
listed as (
    select
        *,
        max(case when is_first then claim_no end) over list_of_role as first_no,
        max(case when is_nested and not is_first then claim_no end) over list_of_role as nested_no
    from (
        select
            document_id,
            sentence_no,
            claim_id,
            claim_no,
            role,
            half_unit,
            amount_yuan * case when role = 'change' then sign else 1 end as amount,
            coalesce({{ regex_matches('gap', marker('list_begins')) }}, false)
            and lag(claim_no) over (partition by document_id, sentence_no, role order by claim_no) is not null
                as is_first,
            coalesce({{ regex_matches(without_brackets('gap'), marker('list_nested')) }}, false) as is_nested
        from claims
        where
            claim_kind = 'amount'
            and ((role = 'value' and is_reported) or (role = 'change' and sign is not null))
    ) as told
    window list_of_role as (partition by document_id, sentence_no, role)
),

list_wholes as (
    select
        document_id,
        sentence_no,
        role,
        max(claim_no) as total_no,
        {{ last_by('claim_id', 'claim_no') }} as total_claim_id,
        -- of several before the list, nobody knows of which it is
        count(*) = 1 as is_alone
    from listed
    where claim_no < first_no and coalesce(nested_no, 0) < first_no
    group by document_id, sentence_no, role
),

list_terms as (
    select
        wholes.total_claim_id,
        wholes.is_alone,
        listed.claim_id,
        listed.amount,
        listed.half_unit,
        case when listed.claim_no = wholes.total_no then 1 else -1 end as coefficient
    from list_wholes as wholes
    inner join listed
        on
            wholes.document_id = listed.document_id
            and wholes.sentence_no = listed.sentence_no
            and wholes.role = listed.role
            and wholes.total_no <= listed.claim_no
),

list_sums as (
    select
        total_claim_id,
        sum(coefficient * amount) as residual,
        sum(half_unit) as slack
    from list_terms
    group by total_claim_id
    having count(*) >= 3
),

-- what is too much or too little is one of the amounts itself: it is named twice, or is a part of a part
list_repeats as (
    select distinct list_terms.total_claim_id
    from list_terms
    inner join list_sums
        on
            list_terms.total_claim_id = list_sums.total_claim_id
            and abs(list_terms.amount) = abs(list_sums.residual)
),

-- nothing says that a list is complete, but that it makes the whole, or does so but for one slip in one of its amounts
whole_lists as (
    select distinct list_terms.total_claim_id
    from list_terms
    inner join list_sums on list_terms.total_claim_id = list_sums.total_claim_id
    left join list_repeats on list_terms.total_claim_id = list_repeats.total_claim_id
    where
        abs(list_sums.residual) <= list_sums.slack
        or (
            list_terms.is_alone and list_repeats.total_claim_id is null
            and (
                -- the word says the other direction
                (list_sums.residual = 2 * list_terms.coefficient * list_terms.amount and list_terms.amount <> 0)
                or (
                    abs(list_terms.amount) >= 2000 * list_terms.half_unit
                    and {{ is_one_slip(
                        'cast(list_terms.amount as decimal(20, 2))',
                        'cast(list_terms.amount - list_terms.coefficient * list_sums.residual as decimal(20, 2))'
                    ) }}
                )
            )
        )
),

-- 年初预算为 800 万元，支出决算为 900 万元: each item of a final account with its budget and what was spent
phases as (
    select 'approved' as phase
    union all
    select 'adjusted' as phase
),

pairs as (
    select
        phases.phase,
        claims.document_id,
        claims.chapter_no,
        claims.sentence_no,
        min(case when claims.claim_phase = phases.phase then claims.claim_id end) as budget_claim_id,
        min(case when claims.claim_phase = 'executed' then claims.amount_yuan end) as executed,
        min(case when claims.claim_phase = 'executed' then claims.half_unit end) as executed_half_unit,
        count(case when claims.quantity is not null then 1 end) > 0 as is_total
    from claims
    cross join phases
    where
        claims.claim_kind = 'amount' and claims.role in ('value', 'base') and claims.is_of_year
        and claims.claim_phase in ('executed', phases.phase)
    group by phases.phase, claims.document_id, claims.chapter_no, claims.sentence_no
    having
        count(case when claims.claim_phase = 'executed' then 1 end) = 1
        and count(case when claims.claim_phase = phases.phase then 1 end) = 1
        and min(coalesce(claims.quantity, 'gpb_total')) = 'gpb_total'
        and max(coalesce(claims.quantity, 'gpb_total')) = 'gpb_total'
),

item_totals as (
    select *
    from pairs
    where is_total
    qualify row_number() over (partition by document_id, chapter_no, phase order by sentence_no) = 1
),

-- an item may have a heading of its own, below that of the total
chapters as (
    select
        document_id,
        chapter_no,
        parent_chapter_no
    from {{ ref('stg_chapter') }}
),

homes as (
    select
        document_id,
        chapter_no,
        chapter_no as home_no
    from chapters
    union
    select
        document_id,
        chapter_no,
        parent_chapter_no as home_no
    from chapters
    where parent_chapter_no is not null
    union
    select
        chapters.document_id,
        chapters.chapter_no,
        above.parent_chapter_no as home_no
    from chapters
    inner join chapters as above
        on chapters.document_id = above.document_id and chapters.parent_chapter_no = above.chapter_no
    where above.parent_chapter_no is not null
),

item_pairs as (
    select
        item_totals.phase,
        item_totals.document_id,
        item_totals.chapter_no,
        item_totals.sentence_no,
        item_totals.budget_claim_id as total_claim_id,
        item_totals.executed as total_executed,
        item_totals.executed_half_unit as total_half_unit,
        pairs.budget_claim_id,
        pairs.executed,
        pairs.executed_half_unit
    from item_totals
    inner join homes
        on item_totals.document_id = homes.document_id and item_totals.chapter_no = homes.home_no
    inner join pairs
        on
            homes.document_id = pairs.document_id
            and homes.chapter_no = pairs.chapter_no
            and item_totals.phase = pairs.phase
            and item_totals.sentence_no < pairs.sentence_no
    where not pairs.is_total
),

-- what was spent on the items makes what was spent in all: none of them is missing, and their budgets make the budget
item_lists as (
    select
        phase,
        total_claim_id
    from item_pairs
    group by phase, total_claim_id
    having
        count(*) >= 3
        and abs(min(total_executed) - sum(executed)) <= min(total_half_unit) + sum(executed_half_unit)
),

item_terms as (
    select
        phase,
        total_claim_id,
        total_claim_id as claim_id,
        1 as coefficient
    from item_lists
    union all
    select
        item_pairs.phase,
        item_pairs.total_claim_id,
        item_pairs.budget_claim_id as claim_id,
        -1 as coefficient
    from item_lists
    inner join item_pairs
        on item_lists.phase = item_pairs.phase and item_lists.total_claim_id = item_pairs.total_claim_id
),

all_terms as (
    select
        rule_id || ':sum' || variant || ':' || total_claim_id as equation_id,
        rule_id,
        comparison,
        severity,
        total_claim_id,
        total_claim_id as claim_id,
        1 as coefficient
    from formed
    union all
    select
        formed.rule_id || ':sum' || formed.variant || ':' || formed.total_claim_id as equation_id,
        formed.rule_id,
        formed.comparison,
        formed.severity,
        formed.total_claim_id,
        parts.part_claim_id as claim_id,
        -1 as coefficient
    from formed
    inner join parts
        on
            formed.rule_id = parts.rule_id
            and formed.variant = parts.variant
            and formed.total_claim_id = parts.total_claim_id
    where parts.part_claim_id is not null
    union all
    select
        'E10:vehicles:' || total_claim_id as equation_id,
        'E10' as rule_id,
        'eq' as comparison,
        cast(null as varchar) as severity,
        total_claim_id,
        total_claim_id as claim_id,
        1 as coefficient
    from vehicle_sums
    union all
    select
        'E10:vehicles:' || vehicle_sums.total_claim_id as equation_id,
        'E10' as rule_id,
        'eq' as comparison,
        cast(null as varchar) as severity,
        vehicle_sums.total_claim_id,
        vehicle_parts.claim_id,
        -1 as coefficient
    from vehicle_sums
    inner join vehicle_parts on vehicle_sums.total_claim_id = vehicle_parts.total_claim_id
    where not vehicle_parts.is_behind
    union all
    select
        'E12:list:' || list_terms.total_claim_id as equation_id,
        'E12' as rule_id,
        'eq' as comparison,
        'warning' as severity,
        list_terms.total_claim_id,
        list_terms.claim_id,
        list_terms.coefficient
    from list_terms
    inner join whole_lists on list_terms.total_claim_id = whole_lists.total_claim_id
    union all
    select
        'E15:' || phase || ':' || total_claim_id as equation_id,
        'E15' as rule_id,
        'eq' as comparison,
        -- an item on which nothing was spent may have been left out
        'warning' as severity,
        total_claim_id,
        claim_id,
        coefficient
    from item_terms
)

select * from all_terms
