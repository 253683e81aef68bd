-- One row a root cause in classification, completeness or form: all its places in one finding.
{{ config(schema='intermediate') }}

with failed as (

    select
        checks.*,
        tables.table_title,
        tables.page_no as table_page_no,
        coalesce(
            tables.confidence = 'low' or tables.source_token_count <> tables.landed_token_count, false
        ) as is_doubtful
    from {{ ref('int_disclosure_check') }} as checks
    left join {{ ref('int_table') }} as tables
        on checks.document_id = tables.document_id and checks.table_no = tables.table_no
    where checks.status = 'fail'

),

-- a line that the sums of its table say is missing is one finding, and theirs
missing_lines as (

    select distinct
        document_id,
        table_no
    from {{ ref('int_finding_equation') }}
    where cause = 'missing_row'

),

own as (

    select failed.*
    from failed
    left join missing_lines
        on
            failed.document_id = missing_lines.document_id
            and case when failed.rule_id = 'H04' then failed.table_no end = missing_lines.table_no
    where missing_lines.document_id is null

),

places as (

    select
        *,
        row_number() over (
            partition by document_id, rule_id, root
            order by coalesce(page_no, table_page_no, 0), sentence_no, table_no, row_no, check_no, check_id
        ) as place_no,
        row_number() over (
            partition by document_id, rule_id, root, object_zh
            order by coalesce(page_no, table_page_no, 0), sentence_no, table_no, row_no, check_no, check_id
        ) as object_place_no
    from own

),

roots as (

    select
        document_id,
        rule_id,
        root,
        max(case when place_no = 1 then cause end) as cause,
        max(case when place_no = 1 then coalesce(page_no, table_page_no) end) as page_no,
        max(case when place_no = 1 then table_no end) as table_no,
        max(case when place_no = 1 then table_title end) as table_title,
        max(case when place_no = 1 then chapter end) as chapter,
        max(case when place_no = 1 then sentence_no end) as sentence_no,
        max(case when place_no = 1 then quote end) as quote,
        max(case when place_no = 1 then wanted end) as wanted,
        max(case when place_no = 1 then row_no end) as row_no,
        max(case when severity = 'warning' then 1 else 0 end) as is_warning,
        max(case when is_doubtful then 1 else 0 end) as is_doubtful,
        cast(count(*) as integer) as equation_count,
        {{ quality_list('check_id', 'check_id') }} as equations,
        {{ joined_texts("case when object_place_no = 1 and place_no <= 12 then object_zh end", '、', 'place_no') }}
            as objects_zh,
        {{ joined_texts("case when object_place_no = 1 and place_no <= 12 then object_en end", '; ', 'place_no') }}
            as objects_en
    from places
    group by document_id, rule_id, root

)

select
    {{ short_hash("concat_ws('|', roots.document_id, roots.rule_id, roots.root)") }} as finding_id,
    roots.document_id,
    documents.document_name,
    roots.page_no,
    roots.table_no,
    roots.table_title,
    roots.chapter,
    roots.sentence_no,
    roots.quote,
    roots.rule_id,
    case when roots.is_warning = 1 then 'warning' else 'minor' end as severity,
    case when roots.is_doubtful = 1 then 'extraction' else 'source' end as origin,
    cast(null as decimal(18, 2)) as published,
    cast(null as decimal(18, 2)) as expected,
    cast(null as decimal(18, 2)) as difference,
    roots.cause,
    {{ disclosure_message('templates.message_zh', 'roots.objects_zh', 'rules.name_zh') }}
    || case when roots.equation_count > 1 then '共 ' || roots.equation_count || ' 处。' else '' end as message_zh,
    {{ disclosure_message('templates.message_en', 'roots.objects_en', 'rules.name_en') }}
    || case when roots.equation_count > 1 then ' ' || roots.equation_count || ' places.' else '' end as message_en,
    roots.equations,
    roots.equation_count,
    roots.row_no,
    cast(null as integer) as column_no,
    cast(null as varchar) as cell_id,
    cast(null as varchar) as unit,
    false as is_undecided,
    {{ quality_no_list() }} as candidates
from roots
inner join {{ ref('stg_document') }} as documents on roots.document_id = documents.document_id
inner join {{ ref('cause') }} as templates on roots.cause = templates.cause
inner join {{ ref('rule') }} as rules on roots.rule_id = rules.rule_id
