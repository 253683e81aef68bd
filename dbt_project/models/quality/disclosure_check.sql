-- One row a judgement on a document that is no equation: classification (H), completeness (I), form (J).
select
    checks.check_id,
    checks.rule_id,
    checks.document_id,
    checks.object_zh as object,
    checks.table_no,
    tables.table_title,
    checks.chapter,
    checks.sentence_no,
    coalesce(checks.page_no, tables.page_no) as page_no,
    checks.status,
    case when checks.status = 'fail' then checks.severity end as severity,
    checks.reason,
    checks.quote
from {{ ref('int_disclosure_check') }} as checks
left join {{ ref('int_table') }} as tables
    on checks.document_id = tables.document_id and checks.table_no = tables.table_no
