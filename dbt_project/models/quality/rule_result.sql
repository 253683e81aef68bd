-- One row a rule: how often it was evaluated in this build, how often it passed and failed, and the findings it gave.
with verdicts as (

    select
        rule_id,
        status
    from {{ ref('reconciliation') }}

    union all

    select
        rule_id,
        status
    from {{ ref('disclosure_check') }}

),

counted as (

    select
        rule_id,
        sum(case when status in ('pass', 'rounding', 'fail') then 1 else 0 end) as evaluated,
        sum(case when status = 'pass' then 1 else 0 end) as passed,
        sum(case when status = 'rounding' then 1 else 0 end) as rounded,
        sum(case when status = 'fail' then 1 else 0 end) as failed,
        sum(case when status = 'insufficient_data' then 1 else 0 end) as insufficient_data,
        sum(case when status = 'not_applicable' then 1 else 0 end) as not_applicable
    from verdicts
    group by rule_id

),

found as (

    select
        rule_id,
        sum(case when severity <> 'rounding' then 1 else 0 end) as findings
    from {{ ref('finding') }}
    group by rule_id

)

select
    rules.rule_id,
    rules.family,
    rules.implemented = 'true' as is_implemented,
    cast(coalesce(counted.evaluated, 0) as integer) as evaluated,
    cast(coalesce(counted.passed, 0) as integer) as passed,
    cast(coalesce(counted.rounded, 0) as integer) as rounded,
    cast(coalesce(counted.failed, 0) as integer) as failed,
    cast(coalesce(counted.insufficient_data, 0) as integer) as insufficient_data,
    cast(coalesce(counted.not_applicable, 0) as integer) as not_applicable,
    cast(coalesce(found.findings, 0) as integer) as findings
from {{ ref('rule') }} as rules
left join counted on rules.rule_id = counted.rule_id
left join found on rules.rule_id = found.rule_id
