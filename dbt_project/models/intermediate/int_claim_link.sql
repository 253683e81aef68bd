-- One row a claim that is measured by others: the value, the change and the base in the same statement.
-- Found by thing, year and phase; across sentences only where one thing was spoken of, or the thing is named again.
with told as (

    select
        claim_id,
        document_id,
        claim_no,
        sentence_no,
        chapter_no,
        topic,
        document_kind,
        fiscal_year,
        role,
        coalesce(gap, '') as gap,
        completion_base,
        subject_key,
        is_own_subject,
        claim_year,
        claim_phase,
        default_phase,
        is_reported,
        coalesce(subject_key, 'sentence ' || sentence_no) as thing_key
    from {{ ref('int_claim_context') }}
    where claim_kind <> 'count'

),

-- the words between two claims are read once, however many claims they stand between
gaps as (

    select
        gap,
        length(replace(gap, '）', '')) - length(replace(gap, '（', '')) as bracket_steps,
        {{ regex_matches('gap', marker('listed_amount')) }}
        and not {{ regex_matches('gap', marker('of_which_amount')) }} as is_listed,
        {{ regex_matches('gap', marker('named_between')) }} as is_named,
        {{ regex_matches('gap', marker('rate_behind')) }} as is_rate_of_change
    from (select distinct gap from told) as texts

),

claims as (

    select
        told.*,
        -- in one chapter, the same quantity under other words
        coalesce(bound.quantity, bound.code) as quantity_key,
        gaps.bracket_steps,
        gaps.is_listed as is_listed_gap,
        gaps.is_named as is_named_in_gap,
        gaps.is_rate_of_change
    from told
    inner join gaps on told.gap = gaps.gap
    left join {{ ref('int_claim_bound') }} as bound on told.claim_id = bound.claim_id

),

-- how deep in brackets a claim stands within its sentence
nested as (

    select
        *,
        sum(bracket_steps) over (
            partition by document_id, sentence_no order by claim_no rows unbounded preceding
        ) as bracket_depth,
        count(case when role = 'value' then 1 end) over (partition by document_id, sentence_no) as value_count,
        count(case when role = 'value' and is_reported then 1 end) over (
            partition by document_id, sentence_no
        ) as level_count,
        -- 其中：甲 1 万元、乙 2 万元，比上年增加 … may speak of the whole or of 乙
        role = 'value' and is_listed_gap
        and lag(role) over (partition by document_id, sentence_no order by claim_no) = 'value' as is_listed,
        lag(case when role = 'change' then claim_no end) over (
            partition by document_id, sentence_no order by claim_no
        ) as change_no
    from claims

),

-- words that name a quantity for one claim name it for the others of the chapter
words as (

    select
        document_id,
        chapter_no,
        thing_key,
        min(quantity_key) as quantity_key
    from nested
    where quantity_key is not null
    group by document_id, chapter_no, thing_key
    having min(quantity_key) = max(quantity_key)

),

-- wordings of changes are matched as those of values are
change_words as (

    select distinct
        topic,
        document_kind,
        subject_key
    from nested
    where
        role in ('change', 'rate') and quantity_key is null and subject_key is not null
        and topic not in ('none', 'assets') and not {{ regex_matches('subject_key', marker('path_item')) }}

),

bindings as (

    select distinct
        {{ quality_unnest('topics') }} as topic,
        cast(binding_no as integer) as binding_no,
        document_kind,
        quantity
    from {{ ref('claim_binding') }}

),

change_quantities as (

    select
        change_words.topic,
        change_words.document_kind,
        change_words.subject_key,
        {{ first_by('bindings.quantity', 'bindings.binding_no') }} as quantity
    from change_words
    inner join bindings on change_words.topic = bindings.topic
    where
        (bindings.document_kind is null or change_words.document_kind = bindings.document_kind)
        and {{ is_whole_seed(
            'change_words.subject_key', 'bindings.binding_no', 'claim_binding', 'binding_no', 'subject_pattern'
        ) }}
    group by change_words.topic, change_words.document_kind, change_words.subject_key

),

known as (

    select
        nested.*,
        coalesce(nested.quantity_key, words.quantity_key, change_quantities.quantity) as known_quantity
    from nested
    left join words
        on
            nested.document_id = words.document_id
            and nested.chapter_no is not distinct from words.chapter_no
            and nested.thing_key = words.thing_key
    left join change_quantities
        on
            nested.topic = change_quantities.topic
            and nested.document_kind is not distinct from change_quantities.document_kind
            and nested.subject_key = change_quantities.subject_key

),

-- the last level of the thing before the claim, and the last level of each year and phase
placed as (

    select
        *,
        {{ last_before(
            "case when role = 'value' and is_reported then claim_no end", 'document_id, chapter_no, thing_key', 'claim_no'
        ) }} as thing_value_no,
        {{ last_before(
            "case when role = 'value' and is_reported then claim_no end",
            'document_id, chapter_no, known_quantity', 'claim_no'
        ) }} as quantity_value_no,
        -- what is told of another year in its own sentence may be what has changed
        {{ last_before(
            "case when role = 'value' and not is_reported and claim_phase = default_phase then claim_no end",
            'document_id, sentence_no, thing_key', 'claim_no'
        ) }} as other_value_no,
        {%- for phase in ['approved', 'adjusted'] %}
        {{ last_before(
            "case when role in ('base', 'value') and claim_year = fiscal_year and claim_phase = '" ~ phase ~ "'"
            ~ " then claim_no end", 'document_id, chapter_no, thing_key', 'claim_no'
        ) }} as {{ phase }}_no,
        {%- endfor %}
        {{ last_before(
            "case when role = 'base' or (role = 'value' and not is_reported and claim_year is not null) then claim_no end",
            'document_id, chapter_no, thing_key, claim_year, claim_phase', 'claim_no'
        ) }} as thing_base_no
    from known

),

-- which claim each part is taken from, where it stands as it must (see below): joined by equality alone
pointed as (

    select
        *,
        coalesce(
            thing_value_no, case when is_own_subject and known_quantity is not null then quantity_value_no end
        ) as level_no,
        case
            when role <> 'completion' then thing_base_no
            when {{ regex_matches("coalesce(completion_base, '')", marker('adjusted_budget')) }} then adjusted_no
            when {{ regex_matches("coalesce(completion_base, '')", marker('opening_budget')) }} then approved_no
            else greatest(approved_no, adjusted_no)
        end as base_no
    from placed
    where role in ('change', 'rate', 'share', 'completion')

)

select
    claims.claim_id,
    claims.document_id,
    claims.claim_no,
    claims.role,
    claims.known_quantity as quantity,
    case
        when
            claims.sentence_no - levels.sentence_no
            <= case when claims.is_own_subject and claims.subject_key is not null then 8 else 3 end
            and not (
                levels.is_listed and claims.role in ('change', 'rate') and claims.sentence_no = levels.sentence_no
                and not claims.is_named_in_gap
            )
            and (claims.sentence_no = levels.sentence_no or claims.other_value_no is null)
            -- a level within brackets that have closed is not the one spoken of, nor one of several before
            and (claims.sentence_no > levels.sentence_no or claims.bracket_depth >= levels.bracket_depth)
            and (
                claims.sentence_no = levels.sentence_no or levels.level_count = 1
                or (claims.is_own_subject and claims.subject_key is not null)
            )
            then levels.claim_id
    end as value_claim_id,
    case
        when claims.role = 'rate' and claims.thing_key = changes.thing_key and claims.is_rate_of_change
            then changes.claim_id
    end as change_claim_id,
    case
        when
            claims.sentence_no - bases.sentence_no <= 2
            and (claims.sentence_no > bases.sentence_no or claims.bracket_depth >= bases.bracket_depth)
            and (claims.sentence_no = bases.sentence_no or bases.value_count = 1 or claims.subject_key is not null)
            then bases.claim_id
    end as base_claim_id,
    claims.approved_no,
    claims.adjusted_no
from pointed as claims
left join placed as levels
    on
        claims.document_id = levels.document_id
        and claims.level_no = levels.claim_no
left join placed as changes
    on
        claims.document_id = changes.document_id
        and claims.change_no = changes.claim_no
left join placed as bases
    on
        claims.document_id = bases.document_id
        and claims.base_no = bases.claim_no
