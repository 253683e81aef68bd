-- One row an indicator row of a performance table: what is to be reached, what was, and what it weighs.
with indicator_cells as (

    select
        amounts.document_id,
        amounts.table_no,
        amounts.row_no,
        amounts.lane_no,
        amounts.table_type,
        amounts.page_no,
        amounts.row_label as indicator_name,
        amounts.component,
        amounts.value,
        amounts.value_text,
        amounts.unit,
        amounts.cell_id,
        row_number() over (
            partition by amounts.document_id, amounts.table_no, amounts.row_no, amounts.lane_no, amounts.component
            order by amounts.column_no
        ) as component_rank
    from {{ ref('int_published_amount') }} as amounts
    inner join {{ ref('fact_source') }} as sources
        on sources.fact_name = 'performance_target' and amounts.table_type = sources.table_type
    where
        amounts.is_indicator
        -- the row of the project's money has a weight too, and is no indicator
        and not exists (
            select 1
            from {{ ref('int_published_amount') }} as money
            where
                money.document_id = amounts.document_id
                and money.table_no = amounts.table_no
                and money.row_no = amounts.row_no
                and money.lane_no = amounts.lane_no
                and not money.is_indicator
        )

),

texts as (

    select
        document_id,
        table_no,
        row_no,
        lane_no,
        max(case when text_role = 'indicator_level_1' then text_value end) as indicator_level_1,
        max(case when text_role = 'indicator_level_2' then text_value end) as indicator_level_2,
        max(case when text_role = 'project_name' then text_value end) as project_name
    from {{ ref('int_row_text') }}
    group by document_id, table_no, row_no, lane_no

),

indicators as (

    select
        document_id,
        table_no,
        row_no,
        lane_no,
        table_type,
        min(page_no) as page_no,
        min(indicator_name) as indicator_name,
        max(case when component = 'target_value' then value_text end) as target_text,
        max(case when component = 'target_value' then value end) as target_value,
        max(case when component = 'target_value' then nullif(unit, 'unknown') end) as target_unit,
        max(case when component = 'previous_value' then value end) as previous_value,
        max(case when component = 'actual_value' then value end) as actual_value,
        max(case when component = 'weight' then value end) as weight,
        max(case when component = 'score' then value end) as score
    from indicator_cells
    where component_rank = 1
    group by document_id, table_no, row_no, lane_no, table_type

)

select
    left(indicators.document_id, 16) || ':' || indicators.table_no || ':' || indicators.row_no || ':'
    || indicators.lane_no as indicator_id,
    indicators.document_id,
    agencies.agency_id,
    documents.fiscal_year,
    indicators.table_no as source_table_no,
    indicators.table_type as source_table_type,
    indicators.page_no,
    texts.project_name,
    texts.indicator_level_1,
    texts.indicator_level_2,
    indicators.indicator_name,
    indicators.target_text,
    indicators.target_value,
    indicators.target_unit,
    indicators.previous_value,
    indicators.actual_value,
    indicators.weight,
    indicators.score
from indicators
inner join {{ ref('stg_document') }} as documents on indicators.document_id = documents.document_id
inner join {{ ref('document_status') }} as statuses
    on indicators.document_id = statuses.document_id and statuses.status in ('verified', 'source_defects')
left join {{ ref('int_agency') }} as agencies on indicators.document_id = agencies.document_id
left join texts
    on
        indicators.document_id = texts.document_id
        and indicators.table_no = texts.table_no
        and indicators.row_no = texts.row_no
        and indicators.lane_no = texts.lane_no
