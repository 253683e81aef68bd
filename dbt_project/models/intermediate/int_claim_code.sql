-- One row a claim that names a line of the classification: the code that its words or its path 类/款/项 stand for.
with claims as (

    select * from {{ ref('int_claim_path') }}

),

classes as (

    select
        class_name,
        class_code
    from {{ ref('int_class_name') }}

),

-- names as the document prints them, and as the classification has them
printed_names as (

    select distinct
        document_id,
        code,
        {{ claim_class_name(strip_numbering(normalise_text('row_label'))) }} as name
    from (
        select distinct
            document_id,
            line_code as code,
            row_label
        from {{ ref('int_equation_cell') }}
        where line_code is not null and row_label is not null
    ) as printed_lines

),

official_names as (

    select distinct
        function_code as code,
        {{ normalise_text('function_name') }} as name
    from {{ ref('function_name_variant') }}

),

parent_names as (

    select
        code,
        name
    from official_names
    union
    select
        code,
        name
    from printed_names

),

named as (

    select
        claims.claim_id,
        claims.document_id,
        claims.item_name,
        claims.section_name,
        claims.class_name,
        case when claims.item_name is not null then 7 else 5 end as code_length,
        coalesce(claims.item_name, claims.section_name) as name,
        classes.class_code
    from claims
    left join classes
        on {{ claim_class_name("claims.class_name || '" ~ marker('class_ending') ~ "'") }} = classes.class_name
    where
        claims.code_before is null and claims.code_behind is null
        and coalesce(claims.item_name, claims.section_name) is not null

),

found as (

    select distinct
        named.claim_id,
        printed_names.code
    from named
    inner join printed_names
        on
            named.document_id = printed_names.document_id
            and named.name = printed_names.name
            and named.code_length = length(printed_names.code)
    left join parent_names as sections
        on
            left(printed_names.code, 5) = sections.code
            and named.section_name = sections.name
    where
        (named.item_name is null or named.section_name is null or sections.code is not null)
        and (named.class_code is null or named.class_code = left(printed_names.code, 3))

),

paths as (

    select
        claim_id,
        min(code) as code,
        count(*) as code_count
    from found
    group by claim_id

),

-- a class stands alone, with or without the mark of its level
lone_classes as (

    select
        claims.claim_id,
        min(classes.class_code) as code
    from claims
    inner join classes on {{ claim_class_name("claims.subject_key") }} = classes.class_name
    where claims.item_name is null and claims.section_name is null
    group by claims.claim_id

)

select
    claims.claim_id,
    case
        when paths.code_count > 1 then null
        else coalesce(claims.code_before, claims.code_behind, paths.code, lone_classes.code)
    end as code,
    claims.item_name is not null or claims.section_name is not null as is_path,
    coalesce(claims.code_before, claims.code_behind, claims.item_name, claims.section_name, claims.class_name) is null
        as is_bare_name,
    coalesce(paths.code_count > 1, false) as is_ambiguous
from claims
left join paths on claims.claim_id = paths.claim_id
left join lone_classes on claims.claim_id = lone_classes.claim_id
where
    coalesce(
        claims.code_before, claims.code_behind, claims.item_name, claims.section_name, lone_classes.code
    ) is not null
