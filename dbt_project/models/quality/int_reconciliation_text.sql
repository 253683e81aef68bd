-- One row an equation of the text, and one a rule and document that gave none: the verdict, and why.
{# read once, by the union of all families #}
{{ config(schema='intermediate', materialized='view') }}

with verdicts as (
    select * from {{ ref('int_text_verdict') }}
),

blames as (
    select distinct equation_id
    from {{ ref('int_text_blame') }}
),

tables as (
    select * from {{ ref('int_table') }}
),

documents as (
    select document_id
    from {{ ref('stg_document') }}
    where read_status = 'read'
),

told as (
    select
        document_id,
        count(*) as claim_count
    from {{ ref('int_claim_context') }}
    where claim_kind <> 'count'
    group by document_id
),

formed as (
    select
        verdicts.equation_id,
        verdicts.rule_id,
        verdicts.document_id,
        cells.table_no,
        tables.table_title,
        cells.table_type,
        coalesce(cells.page_no, context.page_no) as page_no,
        concat_ws(' · ', left(coalesce(context.thing, context.subject_key, ''), 80), context.value_text) as object,
        cast(round(verdicts.lhs_amount, 2) as decimal(20, 2)) as lhs_amount,
        cast(round(verdicts.rhs_amount, 2) as decimal(20, 2)) as rhs_amount,
        verdicts.residual,
        verdicts.tolerance,
        case
            when verdicts.status = 'fail' and blames.equation_id is null then 'insufficient_data' else verdicts.status
        end
            as status,
        case
            when verdicts.status = 'fail' and blames.equation_id is null
                then 'the cell that the text would have to equal is itself in doubt'
        end as reason,
        verdicts.comparison,
        verdicts.severity,
        verdicts.kind as variant
    from verdicts
    inner join {{ ref('int_claim_context') }} as context on verdicts.lead_claim_id = context.claim_id
    left join blames on verdicts.equation_id = blames.equation_id
    left join {{ ref('int_equation_cell') }} as cells on {{ quality_key(['verdicts.cell_id']) }} = cells.cell_no
    left join tables on cells.document_id = tables.document_id and cells.table_no = tables.table_no
),

rules as (
    select rule_id
    from {{ ref('rule') }}
    where implemented = 'true' and shape = 'claim'
),

-- rules by documents, a dozen a document: one row of coverage each
not_formed as (
    select
        rules.rule_id || ':text:' || left(documents.document_id, 16) as equation_id,
        rules.rule_id,
        documents.document_id,
        case when told.claim_count is null then 'not_applicable' else 'insufficient_data' end as status,
        case
            when told.claim_count is null then 'the document states no amounts in its text'
            else 'no statement of this kind could be bound to what it speaks of'
        end as reason
    from rules
    cross join documents
    left join told on documents.document_id = told.document_id
    left join (select distinct
        rule_id,
        document_id
    from verdicts) as done
        on rules.rule_id = done.rule_id and documents.document_id = done.document_id
    where done.rule_id is null
)

select * from formed
union all
select
    equation_id,
    rule_id,
    document_id,
    cast(null as integer) as table_no,
    cast(null as varchar) as table_title,
    cast(null as varchar) as table_type,
    cast(null as integer) as page_no,
    cast(null as varchar) as object,
    cast(null as decimal(20, 2)) as lhs_amount,
    cast(null as decimal(20, 2)) as rhs_amount,
    cast(null as decimal(24, 6)) as residual,
    cast(null as decimal(24, 6)) as tolerance,
    status,
    reason,
    cast(null as varchar) as comparison,
    cast(null as varchar) as severity,
    cast(null as varchar) as variant
from not_formed
