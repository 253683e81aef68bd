-- One row a body that a document names: its name without its region and without 本级, as the document spells it.
with mentions as (

    select
        mentions.document_id,
        mentions.mention_no,
        mentions.printed_name,
        mentions.is_merged,
        documents.agency_name as own_name,
        documents.region_name
    from {{ ref('int_agency_mention') }} as mentions
    inner join {{ ref('stg_document') }} as documents on mentions.document_id = documents.document_id

),

words as (

    select * from {{ ref('agency_name_word') }}

),

-- The region's own name may follow those of the regions around it: the longest name at the end counts.
regions as (

    select
        documents.document_id,
        divisions.region_code,
        divisions.region_name,
        parents.region_name as parent_name,
        grandparents.region_name as grandparent_name,
        rank() over (
            partition by documents.document_id
            order by
                length(divisions.region_name) desc,
                case
                    when position(parents.region_name in documents.region_name) > 0 then 1
                    when position(parents.region_name in documents.agency_name) > 0 then 1
                    else 2
                end
        ) as region_rank
    from {{ ref('stg_document') }} as documents
    inner join {{ ref('administrative_division') }} as divisions
        on right(documents.region_name, length(divisions.region_name)) = divisions.region_name
    left join {{ ref('administrative_division') }} as parents on divisions.parent_code = parents.region_code
    left join {{ ref('administrative_division') }} as grandparents on parents.parent_code = grandparents.region_code

),

-- Two regions of one name are told apart by nobody here: better none than the wrong one.
certain_regions as (

    select
        document_id,
        min(region_code) as region_code,
        min(region_name) as region_name,
        min(parent_name) as parent_name,
        min(grandparent_name) as grandparent_name
    from regions
    where region_rank = 1
    group by document_id
    having count(*) = 1

),

ended as (

    select
        mentions.document_id,
        mentions.mention_no,
        {{ first_by('words.meaning', '-length(words.word)') }} as ending,
        max(length(words.word)) as ending_length
    from mentions
    inner join words
        on words.place = 'end' and right(mentions.printed_name, length(words.word)) = words.word
    group by mentions.document_id, mentions.mention_no

),

cut as (

    select
        mentions.*,
        ended.ending,
        left(mentions.printed_name, length(mentions.printed_name) - coalesce(ended.ending_length, 0)) as whole_name
    from mentions
    left join ended
        on mentions.document_id = ended.document_id and mentions.mention_no = ended.mention_no

),

-- the region without its kind, of two characters at least, and with the last words of its kind alone
short_regions as (

    select
        certain_regions.document_id,
        certain_regions.region_name,
        {{ regex_remove('certain_regions.region_name', marker('region_kind')) }} as short_name,
        {{ regex_remove('certain_regions.parent_name', marker('region_kind')) }} as parent_short_name,
        words.word as kind
    from certain_regions
    inner join words
        on
            words.place = 'start'
            and words.meaning = 'region'
            and right(certain_regions.region_name, length(words.word)) = words.word
    union all
    select
        document_id,
        region_name,
        {{ regex_remove('region_name', marker('region_kind')) }} as short_name,
        {{ regex_remove('parent_name', marker('region_kind')) }} as parent_short_name,
        '' as kind
    from certain_regions

),

-- how a body of the region may begin its name
prefixes as (

    select
        document_id,
        concat_ws('', grandparent_name, parent_name, region_name) as prefix,
        false as is_short
    from certain_regions
    union all
    select
        document_id,
        concat_ws('', parent_name, region_name) as prefix,
        false as is_short
    from certain_regions
    union all
    select
        document_id,
        concat_ws('', grandparent_name, region_name) as prefix,
        false as is_short
    from certain_regions
    union all
    select
        document_id,
        region_name as prefix,
        false as is_short
    from certain_regions
    union all
    select
        certain_regions.document_id,
        words.word as prefix,
        false as is_short
    from certain_regions
    inner join words
        on
            words.place = 'start'
            and words.meaning = 'region'
            and right(certain_regions.region_name, length(words.word)) = words.word
    union all
    select
        document_id,
        short_name || kind as prefix,
        -- another region may begin as this one does without its kind
        kind = '' as is_short
    from short_regions
    where length(short_name) >= 2
    union all
    select
        document_id,
        parent_short_name || region_name as prefix,
        false as is_short
    from short_regions
    where length(parent_short_name) >= 2

),

all_prefixes as (

    select
        document_id,
        prefix,
        is_short,
        '' as organisation
    from prefixes
    union all
    -- an organisation's committees put its word in front, without which those of the party are meant
    select
        prefixes.document_id,
        words.word || prefixes.prefix as prefix,
        prefixes.is_short,
        case words.meaning when 'league' then words.word else '' end as organisation
    from prefixes
    inner join words on words.place = 'start' and words.meaning in ('party', 'league')

),

started as (

    select
        cut.document_id,
        cut.mention_no,
        max(length(all_prefixes.prefix)) as prefix_length,
        max(all_prefixes.organisation) as organisation
    from cut
    inner join all_prefixes
        on
            cut.document_id = all_prefixes.document_id
            and left(cut.whole_name, length(all_prefixes.prefix)) = all_prefixes.prefix
    -- words that begin like a region and are none; and another region, whose name goes on
    left join words
        on
            words.place = 'start'
            and (
                (
                    words.meaning = 'name'
                    and left(cut.whole_name, length(words.word)) = words.word
                    and length(all_prefixes.prefix) < length(words.word)
                )
                or (
                    words.meaning = 'region'
                    and all_prefixes.is_short
                    and substr(cut.whole_name, 1 + length(all_prefixes.prefix), length(words.word)) = words.word
                )
            )
    where words.word is null
    group by cut.document_id, cut.mention_no

),

bare as (

    select
        cut.*,
        certain_regions.region_code,
        coalesce(
            started.organisation || nullif(substr(cut.whole_name, 1 + started.prefix_length), ''),
            cut.whole_name
        ) as bare_name
    from cut
    left join started
        on cut.document_id = started.document_id and cut.mention_no = started.mention_no
    left join certain_regions on cut.document_id = certain_regions.document_id

)

select
    document_id,
    mention_no,
    printed_name,
    whole_name,
    bare_name,
    region_name,
    region_code,
    is_merged,
    coalesce(ending = 'own', false) as is_own_body,
    coalesce(ending = 'whole', false) as is_whole
from bare
