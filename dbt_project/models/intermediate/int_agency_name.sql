-- One row a body that a document names, with the key that all spellings of its name share.
with spellings as (

    select
        *,
        {{ regex_remove('bare_name', marker('name_filler')) }} as name_core
    from {{ ref('int_agency_spelling') }}

),

-- what an organ is called in short and in full, both without the words that some leave out
organs as (

    select
        {{ regex_remove('short_name', marker('name_filler')) }} as printed,
        {{ regex_remove('full_name', marker('name_filler')) }} as full_core
    from {{ ref('agency_short_name') }}
    union
    -- a full name may begin as a short one does
    select
        {{ regex_remove('full_name', marker('name_filler')) }} as printed,
        {{ regex_remove('full_name', marker('name_filler')) }} as full_core
    from {{ ref('agency_short_name') }}

),

called as (

    select
        spellings.document_id,
        spellings.mention_no,
        {{ first_by('organs.full_core', '-length(organs.printed)') }} as full_core,
        max(length(organs.printed)) as printed_length
    from spellings
    inner join organs on left(spellings.name_core, length(organs.printed)) = organs.printed
    group by spellings.document_id, spellings.mention_no

),

-- 市某某局: the region by its kind alone
generic as (

    select distinct
        spellings.document_id,
        spellings.mention_no
    from spellings
    inner join {{ ref('agency_name_word') }} as regions
        on
            regions.place = 'start'
            and regions.meaning = 'region'
            and left(spellings.bare_name, length(regions.word)) = regions.word
    left join {{ ref('agency_name_word') }} as names
        on
            names.place = 'start'
            and names.meaning = 'name'
            and left(spellings.bare_name, length(names.word)) = names.word
    where names.word is null

),

-- a name that says no place, of a region that nobody knows, is anybody's
placed as (

    select
        spellings.*,
        concat(called.full_core, substr(spellings.name_core, 1 + coalesce(called.printed_length, 0))) as full_name,
        case
            when
                spellings.region_code is null
                and (
                    length(spellings.name_core) <= 3
                    or length(spellings.name_core) = called.printed_length
                    or generic.document_id is not null
                )
                then spellings.document_id
            else coalesce(spellings.region_code, '')
        end as place_key
    from spellings
    left join called
        on spellings.document_id = called.document_id and spellings.mention_no = called.mention_no
    left join generic
        on spellings.document_id = generic.document_id and spellings.mention_no = generic.mention_no

),

-- bodies side by side are not one, however alike their names: each published for the same year, or one list has both
distinct_bodies as (

    select
        placed.place_key,
        placed.full_name
    from placed
    inner join {{ ref('stg_document') }} as documents on placed.document_id = documents.document_id
    where placed.mention_no = 0
    group by
        placed.place_key, placed.full_name, documents.fiscal_year, documents.document_kind, documents.body_level,
        placed.is_own_body
    having count(distinct placed.bare_name) > 1
    union
    select
        place_key,
        full_name
    from placed
    where mention_no > 0 and not is_own_body
    group by place_key, full_name, document_id
    having count(distinct bare_name) > 1

),

keyed as (

    select
        placed.*,
        case
            when placed.whole_name <> ''
                then
                    {{ short_hash(
                        "concat_ws('|', placed.place_key, case when distinct_bodies.full_name is null"
                        ~ " then placed.full_name else placed.bare_name end)"
                    ) }}
        end as name_key
    from placed
    left join distinct_bodies
        on placed.place_key = distinct_bodies.place_key and placed.full_name = distinct_bodies.full_name

)

select
    keyed.document_id,
    keyed.mention_no,
    keyed.printed_name,
    keyed.whole_name,
    keyed.bare_name,
    keyed.name_core,
    keyed.region_name,
    keyed.region_code,
    keyed.is_merged,
    keyed.is_own_body,
    keyed.is_whole,
    case
        -- 局本级 in a list is the body itself
        when keyed.mention_no > 0 and keyed.is_own_body and length(keyed.bare_name) <= 3
            then own.name_key
        else keyed.name_key
    end as agency_id
from keyed
left join keyed as own on keyed.document_id = own.document_id and own.mention_no = 0
