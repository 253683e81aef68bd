-- One row a document and block of the disclosure scorecard: how many judgements it passed and failed.
with blocks as (

    select distinct block
    from {{ ref('scorecard_block') }}

),

checks as (

    select
        checks.document_id,
        blocks.block,
        checks.status
    from {{ ref('disclosure_check') }} as checks
    inner join {{ ref('scorecard_block') }} as blocks on checks.rule_id = blocks.rule_id

),

counted as (

    select
        documents.document_id,
        blocks.block,
        cast(sum(case when checks.status = 'pass' then 1 else 0 end) as integer) as passed,
        cast(sum(case when checks.status = 'fail' then 1 else 0 end) as integer) as failed,
        cast(sum(case when checks.status = 'insufficient_data' then 1 else 0 end) as integer) as not_evaluated
    from {{ ref('int_disclosure_document') }} as documents
    cross join blocks
    left join checks
        on documents.document_id = checks.document_id and blocks.block = checks.block
    group by documents.document_id, blocks.block

)

select
    document_id,
    block,
    passed,
    failed,
    not_evaluated,
    -- nothing evaluated is no score, neither good nor bad
    case
        when passed + failed > 0
            then cast(cast(passed as decimal(18, 6)) / (passed + failed) as decimal(5, 4))
    end as score
from counted
