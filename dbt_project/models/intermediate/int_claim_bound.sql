-- One row a claim: which quantity it states and which printed cell it must agree with, or why there is none.
-- Bound by chapter, by code, path or name, by measure, year and phase; never by the nearest number.
with claims as (

    select * from {{ ref('int_claim_reading') }}

),

-- a wording is matched once, however many claims use it
wordings as (

    select distinct
        topic,
        document_kind,
        subject_key
    from claims
    where
        role in ('value', 'base') and topic not in ('none', 'assets') and subject_key is not null
        -- a path of the classification is no wording
        and not {{ regex_matches('subject_key', marker('path_item')) }}

),

bindings as (

    select distinct
        {{ quality_unnest('topics') }} as topic,
        cast(binding_no as integer) as binding_no,
        document_kind,
        quantity,
        rule_id
    from {{ ref('claim_binding') }}

),

matched as (

    select
        wordings.topic,
        wordings.document_kind,
        wordings.subject_key,
        min(bindings.binding_no) as binding_no,
        {{ first_by('bindings.quantity', 'bindings.binding_no') }} as quantity,
        {{ first_by('bindings.rule_id', 'bindings.binding_no') }} as rule_id
    from wordings
    inner join bindings on wordings.topic = bindings.topic
    where
        (bindings.document_kind is null or wordings.document_kind = bindings.document_kind)
        and {{ is_whole_seed(
            'wordings.subject_key', 'bindings.binding_no', 'claim_binding', 'binding_no', 'subject_pattern'
        ) }}
    group by wordings.topic, wordings.document_kind, wordings.subject_key

),

worded as (

    select
        claims.*,
        matched.binding_no,
        matched.quantity,
        matched.rule_id
    from claims
    left join matched
        on
            claims.topic = matched.topic
            and claims.document_kind is not distinct from matched.document_kind
            and claims.subject_key = matched.subject_key
    where claims.role in ('value', 'base') and claims.claim_kind = 'amount'

),

codes as (

    select codes.*
    from {{ ref('int_claim_code') }} as codes
    inner join worded on codes.claim_id = worded.claim_id
    -- 其他支出 is a class, and a kind of expenditure where the chapter has such
    where not (codes.is_bare_name and worded.binding_no is not null)

),

named as (

    select
        worded.claim_id,
        worded.document_id,
        worded.topic,
        worded.document_kind,
        worded.role,
        worded.claim_kind,
        worded.period,
        worded.claim_phase,
        worded.subject_key,
        worded.sentence_no,
        worded.stated_year,
        worded.amount_yuan,
        worded.half_unit,
        worded.is_year_open,
        worded.binding_no,
        codes.code,
        coalesce(codes.is_ambiguous, false) as is_code_ambiguous,
        coalesce(codes.is_path, false) as is_path,
        case when codes.claim_id is null then worded.quantity end as quantity,
        case when codes.claim_id is not null then 'E03' else coalesce(worded.rule_id, 'E03') end as rule_id
    from worded
    left join codes on worded.claim_id = codes.claim_id

),

cells as (

    select
        cell_id,
        document_id,
        table_type,
        table_no || ' ' || row_no || ' ' || lane_no || ' ' || component as place,
        meaning_no,
        line_code,
        period,
        phase,
        component,
        fund,
        is_of_which,
        is_money,
        row_label,
        amount,
        half_unit
    from {{ ref('int_equation_cell') }}
    -- a number whose place is in doubt proves nothing
    where period in ('current', 'prior') and placement <> 'ambiguous'

),

-- a label is read once, however many cells print it
labels as (

    select
        row_label,
        {{ claim_class_name(strip_numbering(normalise_text("row_label"))) }} as name
    from (
        select distinct row_label
        from cells
        where line_code is not null and row_label is not null
    ) as printed

),

labelled as (

    select
        cells.*,
        labels.name
    from cells
    inner join labels on cells.row_label = labels.row_label
    where cells.line_code is not null and cells.is_money and not cells.is_of_which

),

-- as are the words of a claim
names as (

    select
        subject_key,
        {{ claim_class_name('subject_key') }} as name
    from (
        select distinct subject_key
        from named
        where code is null and quantity is null and not is_path and subject_key is not null
    ) as told

),

-- the budget columns of a final account may hold the opening or the adjusted budget
phases as (

    {% for claim_phase, cell_phase, is_weak in [
        ('executed', 'executed', 'false'), ('approved', 'approved', 'false'), ('adjusted', 'adjusted', 'false'),
        ('approved', 'adjusted', 'true'), ('adjusted', 'approved', 'true')
    ] -%}
        select
            '{{ claim_phase }}' as claim_phase,
            '{{ cell_phase }}' as cell_phase,
            {{ is_weak }} as is_weak
        {{ 'union all' if not loop.last }}
    {% endfor -%}
),

topic_tables as (

    select
        topic,
        document_kind,
        cast(preference as integer) as preference,
        table_type,
        fund,
        component
    from {{ ref('claim_topic_table') }}

),

candidates as (

    select
        named.claim_id,
        cells.cell_id,
        cells.period,
        cells.amount,
        cells.half_unit,
        selectors.preference,
        case when selectors.is_weak then cells.place end as place,
        phases.is_weak
    from named
    inner join {{ ref('int_claim_selector') }} as selectors on named.binding_no = selectors.binding_no
    inner join phases on named.claim_phase = phases.claim_phase
    inner join cells
        on
            named.document_id = cells.document_id
            and selectors.meaning_no = cells.meaning_no
            and (named.period = cells.period or named.is_year_open)
            and phases.cell_phase = cells.phase
    where named.quantity is not null

    union all

    -- by code, in the tables that the chapter speaks of
    select
        named.claim_id,
        cells.cell_id,
        cells.period,
        cells.amount,
        cells.half_unit,
        topic_tables.preference * 10 as preference,
        cast(null as varchar) as place,
        phases.is_weak
    from named
    inner join topic_tables
        on named.topic = topic_tables.topic and named.document_kind = topic_tables.document_kind
    inner join phases on named.claim_phase = phases.claim_phase
    inner join cells
        on
            named.document_id = cells.document_id
            and named.code = cells.line_code
            and topic_tables.table_type = cells.table_type
            and topic_tables.component = cells.component
            and (named.period = cells.period or named.is_year_open)
            and phases.cell_phase = cells.phase
    where
        cells.is_money and not cells.is_of_which
        and cells.fund is not distinct from topic_tables.fund

    union all

    -- by the table's own name of the line
    select
        named.claim_id,
        labelled.cell_id,
        labelled.period,
        labelled.amount,
        labelled.half_unit,
        topic_tables.preference * 10 + 5 as preference,
        cast(null as varchar) as place,
        phases.is_weak
    from named
    inner join names on named.subject_key = names.subject_key
    inner join topic_tables
        on named.topic = topic_tables.topic and named.document_kind = topic_tables.document_kind
    inner join phases on named.claim_phase = phases.claim_phase
    inner join labelled
        on
            named.document_id = labelled.document_id
            and names.name = labelled.name
            and topic_tables.table_type = labelled.table_type
            and topic_tables.component = labelled.component
            and (named.period = labelled.period or named.is_year_open)
            and phases.cell_phase = labelled.phase
    where
        named.code is null and named.quantity is null and not named.is_path
        and labelled.fund is not distinct from topic_tables.fund

),

-- what a level of another year is in the tables: what they print for the document's own year, or for the other
dated as (

    select
        claim_id,
        document_id,
        sentence_no,
        stated_year,
        amount_yuan,
        bool_or(does_fit and period = 'current') as is_current,
        bool_or(does_fit and period <> 'current') as is_prior
    from (
        select
            named.claim_id,
            named.document_id,
            named.sentence_no,
            named.stated_year,
            named.amount_yuan,
            candidates.period,
            abs(named.amount_yuan - candidates.amount) <= named.half_unit + candidates.half_unit as does_fit
        from named
        inner join candidates on named.claim_id = candidates.claim_id
        where named.is_year_open and named.amount_yuan <> 0
    ) as compared
    group by claim_id, document_id, sentence_no, stated_year, amount_yuan

),

-- only the year is a slip where the amounts of its sentence are those of the document's own year, none of the other
slips as (

    select
        document_id,
        sentence_no,
        stated_year
    from dated
    group by document_id, sentence_no, stated_year
    having
        bool_and(is_current or not is_prior)
        and count(distinct case when is_current and not is_prior then amount_yuan end)
        > count(distinct case when not is_current then amount_yuan end)

),

slipped as (

    select named.claim_id
    from named
    inner join slips
        on
            named.document_id = slips.document_id
            and named.sentence_no = slips.sentence_no
            and named.stated_year = slips.stated_year
    where named.is_year_open

),

weighed as (

    select
        candidates.*,
        abs(named.amount_yuan - candidates.amount) <= named.half_unit + candidates.half_unit as does_fit,
        -- beside each other in one line, by kind of money: the only one that is not zero is the whole
        count(case when candidates.amount <> 0 then 1 end) over of_a_kind = 1
        and count(candidates.place) over of_a_kind = count(*) over of_a_kind
        and count(*) over of_a_kind > 1
        and min(candidates.place) over of_a_kind = max(candidates.place) over of_a_kind as is_split_line
    from candidates
    inner join named on candidates.claim_id = named.claim_id
    left join slipped on candidates.claim_id = slipped.claim_id
    where candidates.period = case when slipped.claim_id is not null then 'current' else named.period end

    window of_a_kind as (partition by candidates.claim_id, candidates.preference)

),

ranked as (

    select
        * exclude (is_weak),
        is_weak or (place is not null and not is_split_line) as is_weak,
        min(preference) over (partition by claim_id) as best
    from weighed
    where not is_split_line or amount <> 0

),

chosen as (

    select
        claim_id,
        min(case when preference = best then cell_id end) as cell_id,
        count(distinct case when preference = best then amount end) as amount_count,
        bool_and(is_weak) filter (where preference = best) as is_weak,
        -- another cell may be meant: only an amount that is none of them is wrong
        count(distinct amount) > 1 and bool_or(does_fit) as may_be_other
    from ranked
    group by claim_id

)

select
    claims.claim_id,
    claims.document_id,
    claims.claim_no,
    named.quantity,
    named.code,
    named.rule_id,
    case when chosen.amount_count = 1 then chosen.cell_id end as bound_cell_id,
    -- whether a difference would prove anything against the text
    coalesce(chosen.amount_count = 1 and not chosen.is_weak and not chosen.may_be_other, false) as is_decisive,
    -- it is of the document's own year, and the year that is named is a slip
    slipped.claim_id is not null as is_year_slip,
    case
        when named.claim_id is null then 'not_applicable'
        when named.is_code_ambiguous or chosen.amount_count > 1 then 'ambiguous'
        when chosen.amount_count = 1 then 'bound'
        else 'unbound'
    end as binding_status,
    case
        when named.claim_id is null and claims.claim_kind <> 'amount' then 'no amount: it is recomputed from others'
        when named.claim_id is null and claims.role = 'change' then 'a difference: it is recomputed from others'
        when named.claim_id is null then 'a threshold, a price or a broken phrase states no amount of a table'
        when named.is_code_ambiguous then 'the name stands for several codes of this document'
        when chosen.amount_count > 1 then 'several cells of different amounts fit'
        when chosen.amount_count = 1 then null
        when claims.topic in ('none', 'assets') then 'the chapter speaks of nothing that a table holds'
        when named.period = 'other' or named.period = 'prior' then 'the document prints no such year'
        when named.quantity is null and named.code is null then 'the words name no line or measure that is known'
        else 'the tables of this document print no such cell'
    end as binding_reason
from claims
left join named on claims.claim_id = named.claim_id
left join chosen on claims.claim_id = chosen.claim_id
left join slipped on claims.claim_id = slipped.claim_id
