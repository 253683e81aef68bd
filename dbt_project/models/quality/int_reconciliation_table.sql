-- One row an equation within or between the tables of a document, and one a rule and document that gave no equation.
{# read once, by the union of all families #}
{{ config(schema='intermediate', materialized='view') }}

with verdicts as (
    select * from {{ ref('int_equation_verdict') }}
),

variants as (
    select * from {{ ref('int_rule_variant') }}
),

cells as (
    select * from {{ ref('int_equation_place') }}
),

tables as (
    select * from {{ ref('int_table') }}
),

formed as (
    select
        verdicts.equation_id,
        variants.rule_id,
        verdicts.document_id,
        cells.table_no,
        tables.table_title,
        cells.table_type,
        cells.page_no,
        concat_ws(
            ' · ', coalesce(cells.line_code || ' ' || coalesce(cells.row_label, ''), cells.row_label), cells.column_path
        ) as object,
        verdicts.lhs_amount,
        verdicts.rhs_amount,
        verdicts.residual,
        verdicts.tolerance,
        verdicts.status,
        verdicts.reason,
        variants.comparison,
        variants.severity,
        variants.variant
    from verdicts
    inner join variants on verdicts.variant_no = variants.variant_no
    left join cells on verdicts.lead_cell_no = cells.cell_no
    left join tables
        on
            cells.document_id = tables.document_id
            and cells.table_no = tables.table_no
),

-- what a template would need: a table of one of the types on each of its sides
needs as (
    select
        rule_id,
        variant,
        side,
        table_type
    from {{ ref('int_rule_term') }}
    where side in ('lhs', 'rhs')
    group by rule_id, variant, side, table_type
),

documents as (
    select distinct document_id
    from tables
),

sides as (
    select
        needs.rule_id,
        needs.variant,
        needs.side,
        documents.document_id,
        count(tables.table_no) as table_count,
        count(case when not tables.is_empty then 1 end) as filled_count
    from needs
    -- rules by documents, a few dozen a document: one row of coverage each
    cross join documents
    left join tables
        on
            documents.document_id = tables.document_id
            and needs.table_type = tables.table_type
    group by needs.rule_id, needs.variant, needs.side, documents.document_id
),

templates as (
    select
        rule_id,
        variant,
        document_id,
        min(table_count) as table_count,
        min(filled_count) as filled_count
    from sides
    group by rule_id, variant, document_id
),

coverage as (
    select
        rule_id,
        document_id,
        max(table_count) as table_count,
        max(filled_count) as filled_count
    from templates
    group by rule_id, document_id
),

-- asked of the verdicts, that the equations with all their texts are made only where they are written
done as (
    select distinct
        variants.rule_id,
        verdicts.document_id
    from verdicts
    inner join variants on verdicts.variant_no = variants.variant_no
),

not_formed as (
    select
        coverage.rule_id || ':' || left(coverage.document_id, 16) as equation_id,
        coverage.rule_id,
        coverage.document_id,
        cast(null as integer) as table_no,
        cast(null as varchar) as table_title,
        cast(null as varchar) as table_type,
        cast(null as integer) as page_no,
        cast(null as varchar) as object,
        cast(null as decimal(20, 2)) as lhs_amount,
        cast(null as decimal(20, 2)) as rhs_amount,
        cast(null as decimal(20, 2)) as residual,
        cast(null as decimal(20, 4)) as tolerance,
        case when coverage.filled_count = 0 then 'not_applicable' else 'insufficient_data' end as status,
        case
            when coverage.table_count = 0 then 'the document has not the tables that this rule compares'
            when coverage.filled_count = 0 then 'a table that this rule compares is empty'
            else 'the tables are there, but not the columns or lines that this rule speaks of'
        end as reason,
        cast(null as varchar) as comparison,
        cast(null as varchar) as severity,
        cast(null as varchar) as variant
    from coverage
    left join done
        on
            coverage.rule_id = done.rule_id
            and coverage.document_id = done.document_id
    where done.rule_id is null
)

select * from formed
union all
select * from not_formed
