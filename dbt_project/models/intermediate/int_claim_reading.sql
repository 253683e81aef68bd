-- One row a claim of the text: what kind of statement it is (value, base, change, rate, share, completion), of which
-- thing, year and phase, read from the words around it.
-- Every wording is read once, however many claims use it.
with directions as (

    select
        told.direction_text,
        words.sign,
        -- 增加（减少）0 万元: a template filled in with nothing
        coalesce(told.direction_text = '' or {{ regex_matches('told.word_text', marker('direction_open')) }}, false)
            as is_direction_open,
        coalesce(
            {{ regex_matches('told.word_text', marker('direction_flat')) }}, false
        )
            as is_flat,
        {{ regex_matches('told.word_text', marker('year_on_year')) }} as is_year_on_year
    from (
        select
            direction_text,
            coalesce(direction_text, '') as word_text
        from (select distinct direction_text from {{ ref('stg_claim') }}) as texts
    ) as told
    left join {{ ref('claim_word') }} as words
        on {{ regex_remove('told.word_text', marker('direction_bracket')) }} = words.word

),

periods as (

    select
        period_text,
        period_words,
        case
            when {{ regex_matches('period_words', '^(?:19|20)\\d{2}') }}
                then try_cast(left(period_words, 4) as integer)
        end as period_year,
        {{ regex_matches('period_words', '^(?:19|20)\\d{2}') }} as is_year_named,
        case
            when {{ regex_matches('period_words', marker('last_year')) }} then -1
            when {{ regex_matches('period_words', marker('next_year')) }} then 1
            else 0
        end as year_step,
        case
            when {{ regex_matches('period_words', marker('adjusted_budget')) }} then 'adjusted'
            when {{ regex_matches('period_words', marker('executed_budget')) }} then 'executed'
            when {{ regex_matches('period_words', marker('approved_budget')) }} then 'approved'
        end as period_phase
    from (
        select
            period_text,
            coalesce({{ normalise_text('period_text') }}, '') as period_words
        from (select distinct period_text from {{ ref('stg_claim') }}) as texts
    ) as told

),

subjects as (

    select
        subject_text,
        subject,
        {{ regex_extract("coalesce(subject, '')", marker('share_of'), 1) }} as share_base,
        {{ regex_extract("coalesce(subject, '')", marker('completion_of'), 1) }} as completion_base,
        {{ regex_matches("coalesce(subject, '')", marker('share_of')) }} as is_share,
        {{ regex_matches("coalesce(subject, '')", marker('completion_of')) }} as is_completion,
        {{ regex_remove('subject', marker('share_of'), global=false) }} as share_thing,
        {{ regex_remove('subject', marker('completion_of'), global=false) }} as completion_thing
    from (
        select
            subject_text,
            {{ normalise_text('subject_text') }} as subject
        from (select distinct subject_text from {{ ref('stg_claim') }}) as texts
    ) as told

),

-- what a claim takes from the one before it in its sentence
claims as (

    select
        claims.*,
        directions.sign as own_sign,
        directions.is_direction_open,
        directions.is_flat,
        directions.is_year_on_year,
        coalesce(lag(claims.char_end) over (
            partition by claims.document_id, claims.sentence_no order by claims.claim_no
        ), 0) as previous_end,
        lag(directions.sign) over (
            partition by claims.document_id, claims.sentence_no order by claims.claim_no
        ) as previous_sign
    from {{ ref('stg_claim') }} as claims
    inner join directions on claims.direction_text is not distinct from directions.direction_text

),

placed as (

    select
        claims.*,
        sentences.chapter_no,
        sentences.page_no,
        documents.fiscal_year,
        documents.document_kind,
        documents.agency_name,
        coalesce(chapters.topic, 'none') as topic,
        length({{ regex_extract("replace(claims.value_text, '．', '.')", '\\.\\s?(\\d+)', 1) }}) as decimals,
        position(coalesce(claims.subject_text, '') in sentences.sentence_text) > 0 as is_own_subject,
        {{ text_between('sentences.sentence_text', 'claims.previous_end', 'claims.char_start') }} as gap_text,
        {{ normalise_text("substr(sentences.sentence_text, cast(claims.char_end + 1 as integer), 12)") }} as tail
    from claims
    inner join {{ ref('stg_document') }} as documents on claims.document_id = documents.document_id
    inner join {{ ref('stg_sentence') }} as sentences
        on claims.document_id = sentences.document_id and claims.sentence_no = sentences.sentence_no
    left join {{ ref('int_claim_chapter') }} as chapters
        on sentences.document_id = chapters.document_id and sentences.chapter_no = chapters.chapter_no

),

gaps as (

    select
        gap_text,
        gap,
        clause,
        -- 比上年度收入总计 1,250 万元减少 250 万元: what is named between is the thing, and its amount the base
        nullif({{ regex_extract("coalesce(clause, '')", marker('compared_year'), 1) }}, '') as base_words,
        {{ regex_matches("coalesce(clause, '')", marker('compared_amount')) }} as is_compared,
        -- 比上年 1.43 万元: a word is missing, and which one is anybody's guess
        {{ regex_matches("coalesce(clause, '')", marker('broken_comparison')) }} as is_broken_off,
        -- 较预算减少 1 万元
        {{ regex_matches("coalesce(clause, '')", marker('against_budget')) }} as is_against_budget,
        -- 由 5 万元减少为 3 万元: neither the change nor a level under its own name
        {{ regex_matches("coalesce(clause, '')", marker('changed_to')) }} as is_changed_to,
        -- 上年结转, 上年实户资金余额 are names of things of this year
        {{ regex_matches("coalesce(gap, '')", marker('name_with_last_year')) }} as is_name_of_year,
        -- a final account names its budget in the clause itself: 支出预算为 76.43 万元
        case
            when {{ regex_matches("coalesce(clause, '')", marker('adjusted_in_clause')) }} then 'adjusted'
            when {{ regex_matches("coalesce(clause, '')", marker('approved_in_clause')) }} then 'approved'
        end as clause_phase
    from (
        select
            gap_text,
            gap,
            {{ regex_extract("coalesce(gap, '')", marker('last_clause'), 1) }} as clause
        from (
            select
                gap_text,
                {{ normalise_text('gap_text') }} as gap
            from (select distinct gap_text from placed) as texts
        ) as told
    ) as told

),

-- behind the amount
measured as (

    select
        placed.*,
        gaps.gap,
        gaps.clause,
        gaps.is_broken_off,
        gaps.is_name_of_year,
        gaps.is_changed_to,
        gaps.is_against_budget and placed.own_sign is not null and placed.document_kind = 'final' as is_against_budget,
        gaps.clause_phase,
        periods.period_words,
        periods.period_year,
        periods.is_year_named,
        periods.year_step,
        periods.period_phase,
        subjects.subject,
        subjects.is_share,
        subjects.is_completion,
        subjects.share_thing,
        subjects.completion_thing,
        units.yuan_factor,
        case when placed.claim_kind = 'percentage' then subjects.share_base end as share_base,
        case when placed.claim_kind = 'percentage' then subjects.completion_base end as completion_base,
        case
            when
                gaps.base_words is not null
                and {{ regex_matches("coalesce(placed.tail, '')", marker('change_behind')) }}
                then gaps.base_words
        end as base_words,
        gaps.is_compared
    from placed
    inner join gaps on placed.gap_text is not distinct from gaps.gap_text
    inner join periods on placed.period_text is not distinct from periods.period_text
    inner join subjects on placed.subject_text is not distinct from subjects.subject_text
    left join {{ ref('unit') }} as units on placed.unit_text = units.unit_text

),

roles as (

    select
        *,
        case
            when claim_kind = 'count' then 'count'
            when {{ regex_matches('unit_text', marker('percentage_points')) }} then 'other'
            when claim_kind = 'percentage' and is_share then 'share'
            when claim_kind = 'percentage' and is_completion then 'completion'
            when claim_kind = 'percentage' and own_sign is not null then 'rate'
            -- 增加 0.46 万元（15.13%）
            when claim_kind = 'percentage' and gap in ('（', '，', '') and previous_sign is not null then 'rate'
            when claim_kind = 'percentage' then 'other'
            -- 单价 100 万元以上的设备 states no amount
            when {{ regex_matches("coalesce(tail, '')", marker('threshold')) }} then 'other'
            when unit_text like '%/%' or yuan_factor is null or is_changed_to then 'other'
            when own_sign is not null then 'change'
            when is_compared or base_words is not null then 'base'
            when is_broken_off then 'other'
            else 'value'
        end as role,
        case
            when is_name_of_year or is_against_budget then fiscal_year
            -- 完成年初预算的 98%，同比增长 8%: whatever budget is told of before
            when is_year_on_year and not is_year_named then fiscal_year - 1
            when base_words is not null then coalesce(try_cast(left(base_words, 4) as integer), fiscal_year - 1)
            when is_year_named then period_year
            else fiscal_year + year_step
        end as named_year,
        position(period_words in coalesce(clause, '')) > 0 as is_own_period,
        -- told in another clause, as a reason: it is not the year of this amount
        position(period_words in coalesce(gap, '')) > 0 as is_near_period,
        case when document_kind = 'final' then 'executed' else 'approved' end as default_phase,
        case
            when is_against_budget and {{ regex_matches('clause', marker('adjusted_budget')) }} then 'adjusted'
            when is_against_budget then 'approved'
            when period_phase is not null and not (is_year_on_year and not is_year_named) then period_phase
            when document_kind = 'final' then coalesce(clause_phase, 'executed')
            else 'approved'
        end as claim_phase
    from measured

),

keyed as (

    select
        *,
        case when position(agency_name in thing) > 0 then agency_name else '' end as own_name,
        -- of a level, a year that is not its own says nothing: 上年 may belong to what was told before
        case
            when role <> 'value' or is_own_period or named_year = fiscal_year then named_year
            when is_year_named and not is_near_period then null
            else fiscal_year
        end as claim_year
    from (
        select
            *,
            case role
                when 'share' then share_thing
                when 'completion' then completion_thing
                else subject
            end as thing
        from roles
    ) as told

),

-- what is left of a thing without the year and the body's name
things as (

    select
        thing,
        agency_name as own_name,
        nullif({{ regex_remove(claim_subject('thing', 'agency_name'), '^$') }}, '') as subject_key
    from (
        select distinct
            thing,
            own_name as agency_name
        from keyed
    ) as told

),

named as (

    select
        keyed.*,
        things.subject_key
    from keyed
    left join things on keyed.thing = things.thing and keyed.own_name = things.own_name

),

-- 年初预算为 3 万元，支出决算为 2 万元: sentences that name nothing, and nothing but levels is told in them
nameless as (

    select
        document_id,
        sentence_no,
        chapter_no,
        topic
    from named
    where subject_key is null and claim_kind <> 'count' and topic not in ('none', 'assets')
    group by document_id, sentence_no, chapter_no, topic
    having
        count(case when role in ('value', 'base') then 1 end) > 0
        and bool_and(role not in ('value', 'base') or {{ regex_matches('clause', marker('plain_level')) }})

),

-- the lines of their chapters that begin an item, and its path where they have it
headings as (

    select
        document_id,
        chapter_no,
        sentence_no,
        {{ regex_extract('words', marker('path_of_heading'), 1) }} as path
    from (
        select
            sentences.document_id,
            sentences.chapter_no,
            sentences.sentence_no,
            {{ normalise_text('sentences.sentence_text') }} as words
        from {{ ref('stg_sentence') }} as sentences
        inner join (
            select distinct
                document_id,
                chapter_no
            from nameless
        ) as chapters
            on sentences.document_id = chapters.document_id and sentences.chapter_no = chapters.chapter_no
    ) as told
    where {{ regex_matches('words', marker('heading_of_item')) }}

),

-- a chapter on one item has it in its title, as a chapter on one of the three expenses has what it begins with
titles as (

    select
        chapters.document_id,
        chapters.chapter_no,
        chapters.topic,
        {{ strip_numbering(normalise_text('chapters.chapter_title')) }} as title,
        firsts.sentence_no as first_no
    from {{ ref('int_claim_chapter') }} as chapters
    inner join (
        select
            document_id,
            chapter_no,
            min(sentence_no) as sentence_no
        from named
        where claim_kind = 'amount'
        group by document_id, chapter_no
    ) as firsts
        on chapters.document_id = firsts.document_id and chapters.chapter_no = firsts.chapter_no

),

inherited as (

    select
        nameless.document_id,
        nameless.sentence_no,
        nullif(coalesce(
            {{ last_by('headings.path', 'headings.sentence_no') }},
            min(case
                when titles.topic = 'three_public' and titles.first_no = nameless.sentence_no then titles.title
                else {{ regex_extract('titles.title', marker('path_of_heading'), 1) }}
            end)
        ), '') as name
    from nameless
    left join titles
        on nameless.document_id = titles.document_id and nameless.chapter_no = titles.chapter_no
    left join headings
        on
            nameless.document_id = headings.document_id
            and nameless.chapter_no = headings.chapter_no
            and headings.sentence_no between nameless.sentence_no - 3 and nameless.sentence_no
    group by nameless.document_id, nameless.sentence_no

),

told as (

    select
        named.*,
        inherited.name as inherited_name
    from named
    left join inherited
        on named.document_id = inherited.document_id and named.sentence_no = inherited.sentence_no

)

select
    claim_id,
    document_id,
    claim_no,
    sentence_no,
    chapter_no,
    page_no,
    topic,
    document_kind,
    fiscal_year,
    claim_kind,
    role,
    value_text,
    value,
    unit_text,
    gap,
    clause,
    tail,
    char_start,
    char_end,
    is_flat,
    -- a direction left open in the template says something only of nothing
    case when is_direction_open and value <> 0 then null else coalesce(own_sign, previous_sign) end as sign,
    nullif(share_base, '') as share_base,
    nullif(completion_base, '') as completion_base,
    coalesce(subject_key, inherited_name) as subject_key,
    case when subject_key is null then coalesce(inherited_name, nullif(thing, '')) else nullif(thing, '') end as thing,
    is_own_subject,
    case when is_year_named then named_year end as stated_year,
    claim_year,
    -- a level of another year, and none of the document's own year beside it: the year may be a slip
    coalesce(
        role = 'value' and is_year_named and coalesce(claim_year, 0) <> fiscal_year
        and not coalesce(bool_or(
            role in ('value', 'base') and period_words <> '' and not is_name_of_year and named_year = fiscal_year
        ) over (partition by document_id, sentence_no), false),
        false
    ) as is_year_open,
    claim_phase,
    default_phase,
    case
        when claim_year = fiscal_year then 'current'
        when claim_year = fiscal_year - 1 then 'prior'
        else 'other'
    end as period,
    case when claim_kind = 'amount' then {{ rescaled('value * yuan_factor', 8, 20, 2) }} end as amount_yuan,
    cast(
        case
            when claim_kind = 'amount' and value = 0 then 0
            when claim_kind = 'amount' then yuan_factor * {{ power_of_tenth('decimals') }} / 2
            when claim_kind = 'percentage' then {{ power_of_tenth('decimals') }} / 2
        end as decimal(20, 7)
    ) as half_unit,
    decimals
from told
