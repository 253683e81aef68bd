-- One row a claim of the text: what kind of statement it is (value, base, change, rate, share, completion), of which
-- thing, year and phase, read from the words around it.
with claims as (

    select
        claims.*,
        sentences.chapter_no,
        sentences.page_no,
        sentences.sentence_text,
        documents.fiscal_year,
        documents.document_kind,
        documents.agency_name,
        units.yuan_factor,
        coalesce(chapters.topic, 'none') as topic,
        {{ normalise_text('claims.subject_text') }} as subject,
        coalesce({{ normalise_text('claims.period_text') }}, '') as period_words,
        length({{ regex_extract("replace(claims.value_text, '．', '.')", '\\.\\s?(\\d+)', 1) }}) as decimals,
        coalesce(lag(claims.char_end) over (
            partition by claims.document_id, claims.sentence_no order by claims.claim_no
        ), 0) as previous_end
    from {{ ref('stg_claim') }} as claims
    inner join {{ ref('stg_document') }} as documents on claims.document_id = documents.document_id
    inner join {{ ref('stg_sentence') }} as sentences
        on claims.document_id = sentences.document_id and claims.sentence_no = sentences.sentence_no
    left join {{ ref('int_claim_chapter') }} as chapters
        on sentences.document_id = chapters.document_id and sentences.chapter_no = chapters.chapter_no
    left join {{ ref('unit') }} as units on claims.unit_text = units.unit_text

),

-- 增加（减少）0 万元: a template filled in with nothing
directed as (

    select
        *,
        {{ normalise_text(text_between('sentence_text', 'previous_end', 'char_start')) }} as gap,
        {{ normalise_text("substr(sentence_text, cast(char_end + 1 as integer), 12)") }} as tail,
        coalesce(direction_text = '' or {{ regex_matches("coalesce(direction_text, '')", '[）)]$') }}, false)
            as is_direction_open,
        {{ regex_remove("coalesce(direction_text, '')", '[（(][^）)]*[）)]') }} as direction_word
    from claims

),

signed as (

    select
        directed.*,
        words.sign as own_sign,
        {{ regex_extract("coalesce(gap, '')", '([^，。；：:;,]*)$', 1) }} as clause,
        case
            when directed.claim_kind = 'percentage' then {{ regex_extract("coalesce(subject, '')", '占([^占]*)$', 1) }}
        end as share_base,
        case
            when directed.claim_kind = 'percentage' then {{ regex_extract("coalesce(subject, '')", '完成([^完成]*)$', 1) }}
        end as completion_base
    from directed
    left join {{ ref('claim_word') }} as words on directed.direction_word = words.word

),

-- 比上年度收入总计 1,250 万元减少 250 万元: what is named between is the thing, and its amount the base
based as (

    select
        *,
        case
            when
                {{ regex_matches("coalesce(tail, '')", '^(?:相比)?(?:各|净)?(?:增|减|上升|下降|提高|降低|持平)') }}
                then nullif({{ regex_extract(
                    "coalesce(clause, '')",
                    '(?:比|较|与|同|和)(上一?年|去年|(?:19|20)\\d{2}年)度?[^，。；]{2,20}$', 1
                ) }}, '')
        end as base_words
    from signed

),

roles as (

    select
        *,
        {{ regex_matches(
            "coalesce(clause, '')",
            '(?:比|较|与|同|和)(?:上一?年|去年|(?:19|20)\\d{2}年|年初|全年|调整|预算|决算)[^，。；]{0,8}'
            ~ '(?:(?:预算|决算|执行|安排)(?:数|额)?(?:安排)?|(?:预算|决算)数)(?:为|的)?$'
        ) }}
        or {{ regex_matches("coalesce(clause, '')", '(?:比|较|与|同|和)(?:年初|全年|调整)?(?:预算|决算)(?:数|额)?(?:为|的)?$') }}
        or base_words is not null
            as is_compared,
        case
            when claim_kind = 'count' then 'count'
            when claim_kind = 'percentage' and unit_text = '个百分点' then 'other'
            when claim_kind = 'percentage' and {{ regex_matches("coalesce(subject, '')", '占[^占]*$') }} then 'share'
            when claim_kind = 'percentage' and {{ regex_matches("coalesce(subject, '')", '完成[^完成]*$') }}
                then 'completion'
            when claim_kind = 'percentage' and own_sign is not null then 'rate'
            -- 增加 0.46 万元（15.13%）
            when
                claim_kind = 'percentage' and gap in ('（', '，', '')
                and lag(own_sign) over (partition by document_id, sentence_no order by claim_no) is not null
                then 'rate'
            when claim_kind = 'percentage' then 'other'
            -- 单价 100 万元以上的设备 states no amount
            when {{ regex_matches("coalesce(tail, '')", '^(?:（含）|（含以上）)?(?:及?以上|及?以下|以内|/)') }} then 'other'
            when unit_text like '%/%' or yuan_factor is null then 'other'
            when own_sign is not null then 'change'
        end as plain_role
    from based

),

timed as (

    select
        *,
        -- 比上年 1.43 万元: a word is missing, and which one is anybody's guess
        case
            when plain_role is not null then plain_role
            when is_compared then 'base'
            when {{ regex_matches("coalesce(clause, '')", '(?:比|较|与|同|和)(?:上年|去年|(?:19|20)\\d{2}年)度?$') }}
                then 'other'
            else 'value'
        end as role,
        case
            -- 上年结转, 上年实户资金余额 are names of things of this year
            when {{ regex_matches("coalesce(gap, '')", '上年(?:结|实|滚|剩|净)') }} then fiscal_year
            when base_words is not null then coalesce(try_cast(left(base_words, 4) as integer), fiscal_year - 1)
            when {{ regex_matches('period_words', '^(?:19|20)\\d{2}') }}
                then try_cast(left(period_words, 4) as integer)
            when {{ regex_matches('period_words', '^(?:上|去|前|上一)年') }} then fiscal_year - 1
            when {{ regex_matches('period_words', '^(?:下|次)一?年') }} then fiscal_year + 1
            else fiscal_year
        end as named_year,
        position(period_words in coalesce(clause, '')) > 0 as is_own_period,
        -- told in another clause, as a reason: it is not the year of this amount
        position(period_words in coalesce(gap, '')) > 0 as is_near_period,
        case when document_kind = 'final' then 'executed' else 'approved' end as default_phase,
        case
            when {{ regex_matches('period_words', '调整|全年') }} then 'adjusted'
            when {{ regex_matches('period_words', '决算|执行') }} then 'executed'
            when {{ regex_matches('period_words', '预算') }} then 'approved'
            -- a final account names its budget in the clause itself: 支出预算为 76.43 万元
            when document_kind = 'final' and {{ regex_matches("coalesce(clause, '')", '调整预算|全年预算') }} then 'adjusted'
            when
                document_kind = 'final'
                and {{ regex_matches("coalesce(clause, '')", '预算(?:数|额)?(?:安排)?(?:为|是)?$') }} then 'approved'
            when document_kind = 'final' then 'executed'
            else 'approved'
        end as claim_phase
    from roles

),

keyed as (

    select
        *,
        case
            when role = 'share' then {{ regex_remove('subject', '占[^占]*$', global=false) }}
            when role = 'completion' then {{ regex_remove('subject', '完成[^完成]*$', global=false) }}
            else subject
        end as thing,
        -- of a level, a year that is not its own says nothing: 上年 may belong to what was told before
        case
            when role <> 'value' or is_own_period or named_year = fiscal_year then named_year
            when {{ regex_matches('period_words', '^(?:19|20)\\d{2}') }} and not is_near_period then null
            else fiscal_year
        end as claim_year
    from timed

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
    coalesce(
        direction_text in ('持平', '一致') or {{ regex_matches("coalesce(direction_text, '')", '无(?:变化|增减)|不变') }}, false
    )
        as is_flat,
    -- a direction left open in the template says something only of nothing
    case when is_direction_open and value <> 0 then null else coalesce(own_sign, lag(own_sign) over (
        partition by document_id, sentence_no order by claim_no
    )) end as sign,
    nullif(share_base, '') as share_base,
    nullif(completion_base, '') as completion_base,
    nullif({{ regex_remove(claim_subject('thing', 'agency_name'), '^$') }}, '') as subject_key,
    nullif(thing, '') as thing,
    position(coalesce(subject_text, '') in sentence_text) > 0 as is_own_subject,
    claim_year,
    claim_phase,
    default_phase,
    case
        when claim_year = fiscal_year then 'current'
        when claim_year = fiscal_year - 1 then 'prior'
        else 'other'
    end as period,
    claim_phase = default_phase and coalesce(claim_year = fiscal_year, false) as is_reported,
    cast(case when claim_kind = 'amount' then value * yuan_factor end as decimal(20, 2)) as amount_yuan,
    cast(
        case
            when claim_kind = 'amount' and value = 0 then 0
            when claim_kind = 'amount' then yuan_factor * {{ power_of_tenth('decimals') }} / 2
            when claim_kind = 'percentage' then {{ power_of_tenth('decimals') }} / 2
        end as decimal(20, 7)
    ) as half_unit,
    decimals
from keyed
