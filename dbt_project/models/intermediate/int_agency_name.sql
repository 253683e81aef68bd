-- One row a body that a document names, with the key that all spellings of its name share.
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

-- how a body of the region may begin its name
prefixes as (

    select
        document_id,
        concat_ws('', grandparent_name, parent_name, region_name) as prefix
    from certain_regions
    union all
    select
        document_id,
        concat_ws('', parent_name, region_name) as prefix
    from certain_regions
    union all
    select
        document_id,
        concat_ws('', grandparent_name, region_name) as prefix
    from certain_regions
    union all
    select
        document_id,
        region_name as prefix
    from certain_regions
    union all
    select
        certain_regions.document_id,
        words.word as prefix
    from certain_regions
    inner join words
        on
            words.place = 'start'
            and words.meaning = 'region'
            and right(certain_regions.region_name, length(words.word)) = words.word

),

all_prefixes as (

    select
        document_id,
        prefix
    from prefixes
    union all
    -- the party's committees put their own word in front
    select
        prefixes.document_id,
        words.word || prefixes.prefix as prefix
    from prefixes
    inner join words on words.place = 'start' and words.meaning = 'party'

),

started as (

    select
        cut.document_id,
        cut.mention_no,
        max(length(all_prefixes.prefix)) as prefix_length
    from cut
    inner join all_prefixes
        on
            cut.document_id = all_prefixes.document_id
            and left(cut.whole_name, length(all_prefixes.prefix)) = all_prefixes.prefix
    left join words
        on
            words.place = 'start'
            and words.meaning = 'name'
            and left(cut.whole_name, length(words.word)) = words.word
            and length(all_prefixes.prefix) < length(words.word)
    where words.word is null
    group by cut.document_id, cut.mention_no

),

bare as (

    select
        cut.*,
        certain_regions.region_code,
        coalesce(
            nullif(substr(cut.whole_name, 1 + coalesce(started.prefix_length, 0)), ''),
            cut.whole_name
        ) as bare_name
    from cut
    left join started
        on cut.document_id = started.document_id and cut.mention_no = started.mention_no
    left join certain_regions on cut.document_id = certain_regions.document_id

)

select
    bare.document_id,
    bare.mention_no,
    bare.printed_name,
    bare.whole_name,
    bare.bare_name,
    bare.region_name,
    bare.region_code,
    bare.is_merged,
    coalesce(bare.ending = 'own', false) as is_own_body,
    coalesce(bare.ending = 'whole', false) as is_whole,
    case
        -- 局本级 in a list is the body itself
        when bare.mention_no > 0 and bare.ending = 'own' and length(bare.bare_name) <= 3
            then {{ short_hash("concat_ws('|', own.region_code, own.bare_name)") }}
        when bare.whole_name <> ''
            then {{ short_hash("concat_ws('|', bare.region_code, bare.bare_name)") }}
    end as agency_id
from bare
left join bare as own on bare.document_id = own.document_id and own.mention_no = 0
