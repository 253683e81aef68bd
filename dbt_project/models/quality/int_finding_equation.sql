-- One row a root cause among the tables of a document: what is printed, what would satisfy the equations, and which
-- equations say so.
{{ config(schema='intermediate') }}

with evidence as (
    select * from {{ ref('int_finding_evidence') }}
),

tables as (
    select * from {{ ref('int_table') }}
),

-- what else could be wrong, where the equations do not decide
candidates as (
    select
        evidence.repair_id,
        {{ quality_list('distinct terms.cell_id', 'terms.cell_id') }} as candidates
    from evidence
    inner join {{ ref('int_repair_term') }} as terms
        on evidence.lead_equation_id = terms.equation_id and terms.cell_id is not null
    where evidence.is_undecided
    group by evidence.repair_id
),

described as (
    select
        evidence.document_id,
        tables.document_name,
        case when causes.cause <> 'missing_row' then amounts.page_no end as number_page_no,
        tables.page_no as table_page_no,
        causes.table_no,
        tables.table_title,
        evidence.rule_id,
        evidence.severity,
        evidence.origin,
        causes.published,
        causes.expected,
        cast(causes.expected - coalesce(causes.published, 0) as decimal(18, 2)) as difference,
        causes.cause,
        evidence.equations,
        evidence.equation_count,
        case when causes.cause <> 'missing_row' then amounts.row_no end as row_no,
        case when causes.cause <> 'missing_row' then amounts.column_no end as column_no,
        causes.cell_id,
        coalesce(amounts.unit, tables.unit) as unit,
        evidence.is_undecided,
        candidates.candidates,
        concat_ws(' ', amounts.row_code, amounts.row_label) as line_name,
        coalesce(amounts.column_path, '') as column_path,
        rules.name_zh as rule_name_zh,
        rules.name_en as rule_name_en,
        templates.message_zh as template_zh,
        templates.message_en as template_en
    from evidence
    inner join {{ ref('int_finding_cause') }} as causes on evidence.repair_id = causes.repair_id
    inner join {{ ref('cause') }} as templates on causes.cause = templates.cause
    inner join {{ ref('rule') }} as rules on evidence.rule_id = rules.rule_id
    left join candidates on evidence.repair_id = candidates.repair_id
    left join {{ ref('int_published_amount') }} as amounts on causes.cell_id = amounts.cell_id
    left join tables on evidence.document_id = tables.document_id and causes.table_no = tables.table_no
),

-- amounts as their table prints them, with its unit
shown as (
    select
        *,
        {{ shown_amount('published', 'unit') }} as published_text,
        {{ shown_amount('expected', 'unit') }} as expected_text,
        {{ shown_amount('abs(difference)', 'unit') }} as difference_text
    from described
),

errors as (
    select
        {{ short_hash(
            "concat_ws('|', document_id, rule_id, cause, table_no, line_name, column_path, published, expected)"
        ) }} as finding_id,
        document_id,
        document_name,
        coalesce(number_page_no, table_page_no) as page_no,
        table_no,
        table_title,
        cast(null as varchar) as chapter,
        rule_id,
        severity,
        origin,
        published,
        expected,
        difference,
        cause,
        {{ quality_message('template_zh', 'rule_name_zh') }} as message_zh,
        {{ quality_message('template_en', 'rule_name_en') }} as message_en,
        equations,
        equation_count,
        row_no,
        column_no,
        cell_id,
        unit,
        is_undecided,
        candidates,
        cast(null as integer) as sentence_no,
        cast(null as varchar) as quote
    from shown
),

rounded as (
    select
        verdicts.document_id,
        verdicts.rule_id,
        max(abs(verdicts.residual)) as difference,
        cast(count(*) as integer) as equation_count,
        {{ quality_list('verdicts.equation_id', 'verdicts.equation_id') }} as equations
    from {{ ref('int_equation_verdict') }} as verdicts
    where verdicts.status = 'rounding'
    group by verdicts.document_id, verdicts.rule_id
),

roundings as (
    select
        {{ short_hash("concat_ws('|', rounded.document_id, rounded.rule_id, 'rounding')") }} as finding_id,
        rounded.document_id,
        documents.document_name,
        cast(null as integer) as page_no,
        cast(null as integer) as table_no,
        cast(null as varchar) as table_title,
        cast(null as varchar) as chapter,
        rounded.rule_id,
        'rounding' as severity,
        'source' as origin,
        cast(null as decimal(18, 2)) as published,
        cast(null as decimal(18, 2)) as expected,
        cast(rounded.difference as decimal(18, 2)) as difference,
        'rounding' as cause,
        {{ quality_count_message('templates.message_zh', 'rules.name_zh') }} as message_zh,
        {{ quality_count_message('templates.message_en', 'rules.name_en') }} as message_en,
        rounded.equations,
        rounded.equation_count,
        cast(null as integer) as row_no,
        cast(null as integer) as column_no,
        cast(null as varchar) as cell_id,
        cast(null as varchar) as unit,
        false as is_undecided,
        {{ quality_no_list() }} as candidates,
        cast(null as integer) as sentence_no,
        cast(null as varchar) as quote
    from rounded
    inner join {{ ref('rule') }} as rules on rounded.rule_id = rules.rule_id
    inner join {{ ref('stg_document') }} as documents on rounded.document_id = documents.document_id
    inner join {{ ref('cause') }} as templates on templates.cause = 'rounding'
)

select * from errors
union all
select * from roundings
