-- One row an equation, and one a rule and document that gave no equation: the verdict, and why.
with verdicts as (
    select * from {{ ref('int_equation_verdict') }}
),

cells as (
    select * from {{ ref('int_equation_cell') }}
),

tables as (
    select * from {{ ref('int_table') }}
),

formed as (
    select
        verdicts.equation_id,
        verdicts.rule_id,
        verdicts.document_id,
        cells.table_no,
        tables.table_title,
        cells.table_type,
        cells.page_no,
        concat_ws(' · ', coalesce(cells.line_code || ' ' || coalesce(cells.row_label, ''), cells.row_label), cells.column_path) as object,
        verdicts.lhs_amount,
        verdicts.rhs_amount,
        verdicts.residual,
        verdicts.tolerance,
        verdicts.status,
        verdicts.reason,
        verdicts.comparison,
        verdicts.severity
    from verdicts
    left join cells on verdicts.lead_cell_id = cells.cell_id
    left join tables
        on cells.document_id = tables.document_id
        and cells.table_no = tables.table_no
),

-- what a rule would need: a table of one of the types on its left side
needs as (
    select distinct rule_id, table_type
    from {{ ref('int_rule_term') }}
    where side = 'lhs'
),

coverage as (
    select
        rules.rule_id,
        documents.document_id,
        count(tables.table_no) as table_count,
        count(case when not tables.is_empty then 1 end) as filled_count
    from {{ ref('rule') }} as rules
    cross join (select distinct document_id from tables) as documents
    left join needs on rules.rule_id = needs.rule_id
    left join tables
        on documents.document_id = tables.document_id
        and needs.table_type = tables.table_type
    where rules.implemented = 'true'
    group by rules.rule_id, documents.document_id
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
            when coverage.table_count = 0 then 'the document has no table that this rule speaks of'
            when coverage.filled_count = 0 then 'the tables that this rule speaks of are empty'
            else 'the tables are there, but no number in them was recognised as a term of this rule'
        end as reason,
        cast(null as varchar) as comparison,
        cast(null as varchar) as severity
    from coverage
    left join (select distinct rule_id, document_id from formed) as done
        on coverage.rule_id = done.rule_id
        and coverage.document_id = done.document_id
    where done.rule_id is null
)

select * from formed
union all
select * from not_formed
