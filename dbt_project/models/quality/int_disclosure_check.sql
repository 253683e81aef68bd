-- One row a judgement on classification, completeness, form or words, from one model a subject, with its own id.
{{ config(schema='intermediate') }}

{% set sources = [
    'int_classification_check', 'int_completeness_table', 'int_completeness_text', 'int_hygiene_check',
    'int_enumeration_check', 'int_count_check', 'int_purpose_check', 'int_statement_check', 'int_path_check',
    'int_decimal_check'
] -%}

with checks as (
    {% for source in sources -%}
        select
            rule_id,
            document_id,
            cause,
            object_zh,
            object_en,
            table_no,
            row_no,
            chapter,
            sentence_no,
            page_no,
            status,
            reason,
            severity,
            quote,
            wanted,
            root,
            {{ quality_key(['document_id', 'rule_id', 'cause', 'root']) }} as root_no
        from {{ ref(source) }}
        {{ 'union all' if not loop.last }}
    {% endfor -%}
),

-- only where a root has several checks are these put in order
several as (

    select root_no
    from checks
    group by root_no
    having count(*) > 1

),

numbered as (

    select
        * exclude (root_no),
        cast(1 as bigint) as check_no
    from checks
    where root_no not in (select several.root_no from several)

    union all

    select
        * exclude (root_no),
        row_number() over (
            partition by document_id, rule_id, cause, root
            -- all columns: of two checks that differ in one, always the same comes first
            order by
                table_no, row_no, sentence_no, page_no, object_zh, object_en, quote, wanted, chapter,
                status, severity, reason
        ) as check_no
    from checks
    where root_no in (select several.root_no from several)

)

select
    {{ short_hash("concat_ws('|', document_id, rule_id, cause, root, check_no)") }} as check_id,
    *
from numbered
