-- One row a path 类/款/项 that the text gives for an item (H02, H03): the item's code lies under the class and section
-- named, by the names of the year.
{{ config(schema='intermediate') }}

with paths as (

    select
        codes.claim_id,
        codes.document_id,
        codes.class_name,
        codes.section_name,
        codes.item_name,
        context.sentence_no,
        context.page_no,
        context.chapter_no,
        context.thing,
        documents.fiscal_year
    from {{ ref('int_claim_path') }} as codes
    inner join {{ ref('int_claim_context') }} as context on codes.claim_id = context.claim_id
    inner join {{ ref('stg_document') }} as documents on codes.document_id = documents.document_id
    where codes.item_name is not null and coalesce(codes.section_name, codes.class_name) is not null

),

-- names of the document's own tables, and those of the classification in any year
printed_names as (

    select distinct
        document_id,
        row_code as code,
        label_key as name
    from {{ ref('int_table_row') }}
    where code_domain = 'function' and row_code is not null and label_key is not null

),

official_names as (

    select distinct
        function_code as code,
        {{ claim_class_name(normalise_text('function_name')) }} as name
    from {{ ref('function_name_variant') }}

),

upper_names as (

    select
        cast(null as varchar) as document_id,
        code,
        name
    from official_names
    where length(code) in (3, 5)
    union
    select
        document_id,
        code,
        {{ claim_class_name('name') }} as name
    from printed_names
    where length(code) in (3, 5)

),

-- the code that the document's tables print for the item
coded as (

    select
        paths.claim_id,
        min(printed_names.code) as code
    from paths
    inner join printed_names
        on
            paths.document_id = printed_names.document_id
            and paths.item_name = printed_names.name
            and length(printed_names.code) = 7
    group by paths.claim_id
    having count(distinct printed_names.code) = 1

),

-- what the words of the path stand for: a name that nobody knows decides nothing
sections as (

    select
        paths.claim_id,
        bool_or(upper_names.code = left(coded.code, 5)) as is_right
    from paths
    inner join coded on paths.claim_id = coded.claim_id
    inner join upper_names
        on
            {{ claim_class_name('paths.section_name') }} = upper_names.name
            and length(upper_names.code) = 5
            and (upper_names.document_id is null or paths.document_id = upper_names.document_id)
    group by paths.claim_id

),

classes as (

    select
        paths.claim_id,
        bool_or(class_names.class_code = left(coded.code, 3)) as is_right
    from paths
    inner join coded on paths.claim_id = coded.claim_id
    inner join {{ ref('int_class_name') }} as class_names
        on {{ claim_class_name("paths.class_name || '支出'") }} = class_names.class_name
    group by paths.claim_id

),

-- a path of the classification is right, though the tables print another item of the same name
lawful as (

    select distinct paths.claim_id
    from paths
    inner join official_names as items
        on {{ claim_class_name('paths.item_name') }} = items.name and length(items.code) = 7
    left join official_names as above
        on left(items.code, 5) = above.code and {{ claim_class_name('paths.section_name') }} = above.name
    left join {{ ref('int_class_name') }} as class_names
        on
            left(items.code, 3) = class_names.class_code
            and {{ claim_class_name("paths.class_name || '支出'") }} = class_names.class_name
    where
        (paths.section_name is null or above.code is not null)
        and (paths.class_name is null or class_names.class_code is not null)

),

-- a code that was renamed has several names: the last in order, as everywhere
classified as (

    select
        function_code as code,
        max(function_name) as name
    from {{ ref('function_classification') }}
    group by function_code

),

official_paths as (

    select
        items.code,
        classes.name as class_name,
        sections.name as section_name
    from (select distinct code from coded) as items
    left join classified as classes on left(items.code, 3) = classes.code
    left join classified as sections on left(items.code, 5) = sections.code

),

judged as (

    select
        paths.*,
        coded.code,
        official_paths.class_name as right_class,
        official_paths.section_name as right_section,
        lawful.claim_id is null
        and (coalesce(not sections.is_right, false) or coalesce(not classes.is_right, false)) as is_wrong,
        sections.claim_id is not null or classes.claim_id is not null as is_known,
        row_number() over (
            partition by paths.document_id, paths.thing, coded.code order by paths.sentence_no, paths.claim_id
        ) as place
    from paths
    inner join coded on paths.claim_id = coded.claim_id
    left join sections on paths.claim_id = sections.claim_id
    left join classes on paths.claim_id = classes.claim_id
    left join lawful on paths.claim_id = lawful.claim_id
    left join official_paths on coded.code = official_paths.code

),

-- 类 and 款 by a name that the year no longer has, once for all amounts that the sentence gives of it
old_paths as (

    select distinct
        judged.document_id,
        judged.thing,
        judged.chapter_no,
        judged.sentence_no,
        judged.page_no,
        renames.function_code,
        renames.old_name,
        renames.new_name
    from judged
    inner join {{ ref('code_rename') }} as renames
        on
            renames.function_code in (left(judged.code, 3), left(judged.code, 5))
            and renames.old_name in (judged.section_name, judged.class_name, judged.class_name || '支出')
    where judged.fiscal_year >= cast(renames.since_year as integer)

)

select
    'H02' as rule_id,
    judged.document_id,
    'other_path' as cause,
    judged.thing as object_zh,
    judged.thing as object_en,
    cast(null as integer) as table_no,
    cast(null as integer) as row_no,
    chapters.chapter_title as chapter,
    judged.sentence_no,
    judged.page_no,
    case when judged.is_wrong then 'fail' when judged.is_known then 'pass' else 'insufficient_data' end as status,
    case when not judged.is_known then 'the classification knows neither the class nor the section by this name' end
        as reason,
    'warning' as severity,
    left(judged.thing, 80) as quote,
    concat_ws(' / ', judged.code, judged.right_class, judged.right_section) as wanted,
    'path of ' || judged.code || ' in sentence ' || judged.sentence_no as root
from judged
left join {{ ref('stg_chapter') }} as chapters
    on judged.document_id = chapters.document_id and judged.chapter_no = chapters.chapter_no
where judged.place = 1

union all

select
    'H03' as rule_id,
    old_paths.document_id,
    'old_name' as cause,
    old_paths.old_name as object_zh,
    old_paths.old_name as object_en,
    cast(null as integer) as table_no,
    cast(null as integer) as row_no,
    chapters.chapter_title as chapter,
    old_paths.sentence_no,
    old_paths.page_no,
    'fail' as status,
    cast(null as varchar) as reason,
    'minor' as severity,
    left(old_paths.thing, 80) as quote,
    old_paths.new_name as wanted,
    old_paths.function_code as root
from old_paths
left join {{ ref('stg_chapter') }} as chapters
    on old_paths.document_id = chapters.document_id and old_paths.chapter_no = chapters.chapter_no
