-- One row a judgement on what the text of a document has to say: chapters, reasons, counts, statements, dates.
{{ config(schema='intermediate') }}

with documents as (

    select * from {{ ref('int_disclosure_document') }}

),

topics as (

    select
        statement,
        {{ quality_unnest('topic') }} as topic_word
    from {{ ref('required_statement') }}

),

-- several statements ask for one word, which is looked for once
topic_words as (

    select distinct topic_word
    from topics

),

statements as (

    select * from {{ ref('required_statement') }}

),

-- what is said: neither the list of contents nor the glossary, which explains words and states nothing but itself
said as (

    select
        document_id,
        chapter,
        sentence_no,
        page_no,
        text_key,
        {{ normalise_text('chapter') }} as chapter_key,
        -- a sentence speaks of what its chapter is called
        text_key || ' ' || coalesce({{ normalise_text('chapter') }}, '') as searched_key
    from {{ ref('int_disclosure_text') }}
    where
        part in ('body', 'attachment') and text_kind in ('sentence', 'heading')
        or part = 'glossary' and text_kind = 'heading' and {{ regex_matches('text_key', marker('glossary_title')) }}

),

about as (

    select
        said.document_id,
        topics.statement,
        said.text_key,
        said.chapter,
        said.sentence_no,
        said.page_no,
        -- where its own chapter speaks of it, a person looks first
        said.sentence_no
        + case when max(position(topics.topic_word in coalesce(said.chapter_key, ''))) > 0 then 0 else 1000000 end
            as place
    from topic_words as words
    inner join said on position(words.topic_word in said.searched_key) > 0
    inner join topics on words.topic_word = topics.topic_word
    group by said.document_id, topics.statement, said.text_key, said.chapter, said.sentence_no, said.page_no
    -- a list of economic items names what basic expenditure pays, and tells nothing of the topic; as an aggregate, this
    -- is asked of the texts that name a topic, and not of every text with every topic
    having
        bool_or(not {{ matches_seed(
            'said.text_key', 'topics.statement', 'required_statement', 'statement', 'not_in', 'false'
        ) }})

),

heard as (

    select
        document_id,
        statement,
        count(*) as topic_count,
        min(place) as place,
        {{ first_by('chapter', 'place') }} as chapter,
        {{ first_by('sentence_no', 'place') }} as sentence_no,
        {{ first_by('page_no', 'place') }} as page_no,
        sum(
            case
                when {{ matches_seed('text_key', 'statement', 'required_statement', 'statement', 'also', 'true') }}
                    then 1
                else 0
            end
        ) as also_count,
        sum(
            case
                when {{ matches_seed('text_key', 'statement', 'required_statement', 'statement', 'says', 'false') }}
                    then 1
                else 0
            end
        ) as said_count,
        sum(
            case
                when {{ matches_seed('text_key', 'statement', 'required_statement', 'statement', 'unless', 'false') }}
                    then 1
                else 0
            end
        ) as unless_count
    from about
    group by document_id, statement

),

-- what a table says need not be said again
in_tables as (

    select
        document_id,
        {{ normalise_text('column_path') }} as said_key
    from {{ ref('stg_table_column') }}

    union

    select
        document_id,
        label_key as said_key
    from {{ ref('int_table_row') }}
    -- a class is called small firms as well
    where label_key is not null and row_code is null

),

tabled as (

    select distinct
        in_tables.document_id,
        statements.statement
    from in_tables
    inner join statements on position(statements.table_word in in_tables.said_key) > 0

),

-- money that a count explains: no count beside a zero
three_public as (

    select
        document_id,
        component,
        max(abs(amount_yuan)) as greatest
    from {{ ref('int_published_amount') }}
    where
        table_type = 'three_public_final'
        and phase = 'executed'
    group by document_id, component

),

counted as (

    select
        document_id,
        max(case when component = 'abroad' then greatest end) as trips,
        max(case when component in ('vehicle_total', 'vehicle_running', 'vehicle_purchase') then greatest end)
            as vehicles_kept,
        max(case when component = 'reception' then greatest end) as receptions
    from three_public
    group by document_id

),

required as (

    select
        documents.document_id,
        documents.has_text,
        coalesce(documents.fiscal_year < cast(statements.since_year as integer), false) as is_before,
        documents.sentence_count,
        documents.known_table_count,
        documents.contents_count,
        documents.exempt_reason,
        documents.cut_reason,
        statements.*,
        coalesce(heard.topic_count, 0) as topic_count,
        coalesce(heard.place < 1000000, false) as has_chapter,
        heard.chapter,
        heard.sentence_no,
        heard.page_no,
        coalesce(heard.said_count > 0 and heard.also_count > 0, false) as is_said,
        coalesce(heard.unless_count, 0) as unless_count,
        tabled.statement is not null as is_tabled,
        coalesce(
            case statements.statement
                when 'trips' then counted.trips
                when 'vehicles_kept' then counted.vehicles_kept
                when 'receptions' then counted.receptions
                else 1
            end, 0
        ) as money
    from documents
    inner join statements
        on coalesce(statements.document_kind, '') in ('', documents.document_kind)
    left join heard
        on documents.document_id = heard.document_id and statements.statement = heard.statement
    left join tabled
        on documents.document_id = tabled.document_id and statements.statement = tabled.statement
    left join counted on documents.document_id = counted.document_id

),

-- a chapter that is missing is looked for where the contents promise it
promised as (

    select
        texts.document_id,
        topics.statement,
        min(texts.page_no) as page_no
    from {{ ref('int_disclosure_text') }} as texts
    inner join topics on position(topics.topic_word in texts.text_key) > 0
    where texts.part = 'contents'
    group by texts.document_id, topics.statement

),

-- without tables and contents, a text with chapters on less than half of what is asked is an excerpt
whole as (

    select
        document_id,
        case
            when
                max(cut_reason) is not null
                -- a file that holds all chapters but the last is whole
                and sum(case when is_said or is_tabled or statement = 'glossary' then 0 else 1 end) > 0
                then max(cut_reason)
            when
                max(known_table_count) < 3 and max(contents_count) = 0
                and 2 * sum(case when has_chapter and (is_said or is_tabled) then 1 else 0 end) <= count(*)
                then 'the file may be an excerpt: neither tables nor most of the chapters stand in it'
        end as part_reason
    from required
    where rule_id = 'I04'
    group by document_id

),

-- of the parts of a chapter that is missing nothing is told
chaptered as (

    select
        required.*,
        -- a statement of one topic says all of its topic
        case
            when required.exempt_reason is null or required.rule_id = 'I04' then whole.part_reason
        end as part_reason,
        promised.page_no as promised_page_no,
        -- the sentence that leaves out both is one finding
        coalesce(
            not beside.is_said and not beside.is_tabled and beside.topic_count > 0 and beside.money <> 0, false
        ) as is_told_beside,
        coalesce(not chapters.is_said and not chapters.is_tabled, false) as is_without_chapter
    from required
    left join required as chapters
        on required.document_id = chapters.document_id and required.within = chapters.statement
    left join required as beside
        on required.document_id = beside.document_id and required.told_with = beside.statement
    left join whole on required.document_id = whole.document_id
    left join promised
        on required.document_id = promised.document_id and required.statement = promised.statement

),

stated as (

    select
        rule_id,
        document_id,
        case rule_id when 'I04' then 'missing_chapter' when 'I08' then 'missing_count' else 'missing_statement' end
            as cause,
        name_zh as object_zh,
        name_en as object_en,
        -- nothing is said of a chapter that is missing
        case when rule_id <> 'I04' then chapter end as chapter,
        case when rule_id <> 'I04' then sentence_no end as sentence_no,
        case when rule_id = 'I04' then promised_page_no else page_no end as page_no,
        case
            when is_said or is_tabled then 'pass'
            when not has_text then 'insufficient_data'
            when is_before then 'not_applicable'
            when unless_count > 0 then 'not_applicable'
            when money = 0 then 'not_applicable'
            when rule_id = 'I04' and exempt_reason is not null then 'not_applicable'
            -- one finding for a topic of which nothing is said
            when is_without_chapter or rule_id <> 'I04' and topic_count = 0 then 'not_applicable'
            when part_reason is not null then 'insufficient_data'
            when is_told_beside then 'not_applicable'
            else 'fail'
        end as status,
        case
            when is_said or is_tabled then null
            when not has_text then 'the file holds no explanation: it may be published apart'
            when is_before then 'the year of the document did not ask for it yet'
            when unless_count > 0 then 'the text says that there is none'
            when money = 0 then 'there is no such expenditure'
            when rule_id = 'I04' and exempt_reason is not null then exempt_reason
            when is_without_chapter or rule_id <> 'I04' and topic_count = 0
                then 'nothing is said of the topic: see I04'
            when part_reason is not null then part_reason
            when is_told_beside then 'the sentence is missing as a whole: see I08'
        end as reason,
        severity,
        cast(null as varchar) as quote,
        name_zh as wanted,
        -- what one sentence leaves out is one finding
        topic as root
    from chaptered

),

-- changes that the text states, each with what follows it in its chapter
changes as (

    select
        claims.document_id,
        claims.sentence_no,
        min(sentences.chapter_no) as chapter_no,
        min(sentences.chapter) as chapter,
        min(sentences.page_no) as page_no,
        min(sentences.text_plain) as text_plain,
        min(sentences.text_key) as text_key,
        max(abs(claims.value)) as greatest
    from {{ ref('stg_claim') }} as claims
    inner join {{ ref('int_disclosure_text') }} as sentences
        on
            claims.document_id = sentences.document_id
            and claims.sentence_no = sentences.sentence_no
            and sentences.text_kind = 'sentence'
            and sentences.part = 'body'
    where
        claims.claim_kind = 'amount'
        and claims.direction_text is not null
        and not {{ regex_matches('claims.direction_text', marker('no_change')) }}
        and {{ regex_matches('sentences.text_key', marker('against_last_year')) }}
        -- nearly the same as the year before, as the sentence says itself
        and not {{ regex_matches('sentences.text_key', marker('no_change')) }}
    group by claims.document_id, claims.sentence_no

),

-- where the next item of the same kind of number begins: （五）… （六）…, 5. … 6. …
items as (

    select
        document_id,
        sentence_no,
        item_depth,
        lead(sentence_no) over (partition by document_id, chapter_no, item_depth order by sentence_no) as next_item_no
    from (
        select
            document_id,
            chapter_no,
            sentence_no,
            {{ label_depth('text_key') }} as item_depth
        from {{ ref('int_disclosure_text') }}
        where text_kind = 'sentence' and part = 'body'
    ) as numbered
    where item_depth between 2 and 4

),

-- sentences that give a reason, whichever words they give it in
reasons as (

    select
        document_id,
        sentence_no,
        chapter_no
    from {{ ref('int_disclosure_text') }}
    where
        text_kind = 'sentence'
        and {{ matches_any_of_seed('text_key', 'reason_word', 'null', 'word') }}

),

-- a reason stands in the sentence itself, before it, or in what follows in the chapter
reasoned as (

    select
        changes.document_id,
        changes.sentence_no,
        count(*) as reason_count,
        count(
            case
                when
                    near.sentence_no >= changes.sentence_no
                    and (items.next_item_no is null or near.sentence_no < items.next_item_no)
                    then 1
            end
        ) as own_count
    from changes
    inner join reasons as near
        on
            changes.document_id = near.document_id
            and near.sentence_no between changes.sentence_no - 1 and changes.sentence_no + 12
    -- the sections of the chapter give the reasons of its total
    inner join {{ ref('stg_chapter') }} as chapters
        on
            near.document_id = chapters.document_id
            and near.chapter_no = chapters.chapter_no
            and changes.chapter_no in (chapters.chapter_no, chapters.parent_chapter_no)
    left join items
        on changes.document_id = items.document_id and changes.sentence_no = items.sentence_no
    group by changes.document_id, changes.sentence_no

),

-- where most numbered items of a chapter give reasons of their own, those of others do not serve the rest
habits as (

    select
        changes.*,
        coalesce(reasoned.reason_count, 0) > 0
        and not (
            coalesce(reasoned.own_count, 0) = 0
            and items.item_depth is not null
            and 2 * sum(case when reasoned.own_count > 0 then 1 else 0 end) over chapter_items
            > count(*) over chapter_items + 1
        ) as has_reason
    from changes
    left join reasoned
        on changes.document_id = reasoned.document_id and changes.sentence_no = reasoned.sentence_no
    left join items
        on changes.document_id = items.document_id and changes.sentence_no = items.sentence_no
    window chapter_items as (partition by changes.document_id, changes.chapter_no, items.item_depth)

),

explained as (

    select
        'I07' as rule_id,
        habits.document_id,
        'missing_reason' as cause,
        habits.chapter as object_zh,
        habits.chapter as object_en,
        habits.chapter,
        habits.sentence_no,
        habits.page_no,
        case
            when coalesce(habits.greatest, 0) = 0 then 'not_applicable'
            when habits.has_reason then 'pass'
            else 'fail'
        end as status,
        case when coalesce(habits.greatest, 0) = 0 then 'no change' end as reason,
        'minor' as severity,
        habits.text_plain as quote,
        cast(null as varchar) as wanted,
        'reason in chapter ' || habits.chapter_no as root
    from habits

),

-- published within twenty days of approval, where the document says when that was
dates_said as (

    select
        document_id,
        coalesce(
            {{ date_said('text_key', 'approval_label') }},
            case
                when {{ regex_matches('text_key', marker('budget_or_final')) }}
                    then {{ date_said('text_key', 'approved_on') }}
            end
        ) as approval_date,
        coalesce(
            {{ date_said('text_key', 'publication_label') }},
            case
                when {{ regex_matches('text_key', marker('budget_or_final')) }}
                    then {{ date_said('text_key', 'published_on') }}
            end
        ) as publication_date
    from said
    where {{ regex_matches('text_key', '(19|20)[0-9]{2}.[0-9]{1,2}.[0-9]{1,2}.') }}

),

approvals as (

    select
        documents.document_id,
        -- beside others, a date in the text may be that of another publication
        coalesce(
            documents.publication_date,
            case
                when
                    count(distinct dates_said.publication_date) = 1
                    and min(extract(year from dates_said.publication_date))
                    between documents.fiscal_year - 1 and documents.fiscal_year + 2
                    then min(dates_said.publication_date)
            end
        ) as publication_date,
        min(dates_said.approval_date) as approval_date
    from documents
    left join dates_said on documents.document_id = dates_said.document_id
    group by documents.document_id, documents.publication_date, documents.fiscal_year

),

timely as (

    select
        'I12' as rule_id,
        document_id,
        'late' as cause,
        '公开时间' as object_zh,
        'Time of publication' as object_en,
        cast(null as varchar) as chapter,
        cast(null as integer) as sentence_no,
        cast(null as integer) as page_no,
        case
            when approval_date is null or publication_date is null then 'insufficient_data'
            when publication_date < approval_date then 'insufficient_data'
            when publication_date <= approval_date + interval 20 day then 'pass'
            else 'fail'
        end as status,
        case
            when publication_date is null then 'the document does not say when it was published'
            when approval_date is null then 'the document does not say when the figures were approved'
            when publication_date < approval_date then 'the date of publication lies before that of approval'
        end as reason,
        'warning' as severity,
        cast(approval_date as varchar) as quote,
        cast(cast(approval_date + interval 20 day as date) as varchar) as wanted,
        'publication date' as root
    from approvals

),

checks as (

    select * from stated
    union all
    select * from explained
    union all
    select * from timely

)

-- what is printed twice is judged once
select distinct
    *,
    cast(null as integer) as table_no,
    cast(null as integer) as row_no
from checks
