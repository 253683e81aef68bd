-- One row a number in a table of projects: a project's amount by economic class where the table has them.
with cells as (

    select
        amounts.*,
        case
            when left(amounts.component, 5) = 'econ_' then right(amounts.component, 3)
        end as economic_code,
        case
            when left(amounts.component, 5) = 'econ_' then 1
            when amounts.component = 'project' then 2
            else 4
        end as fineness
    from {{ ref('int_published_amount') }} as amounts
    inner join {{ ref('fact_source') }} as sources
        on sources.fact_name = 'project_expenditure' and amounts.table_type = sources.table_type
    where
        amounts.is_leaf
        and amounts.amount_yuan is not null
        and not amounts.is_of_which_column
        and (left(amounts.component, 5) = 'econ_' or amounts.component in ('project', 'total'))

),

finest as (

    select
        *,
        min(fineness) over (partition by document_id, table_no, row_no, lane_no, fiscal_year, phase) as least_fineness,
        row_number() over (
            partition by document_id, table_no, row_no, lane_no, fiscal_year, phase, fineness order by column_no
        ) as column_rank
    from cells

),

project_names as (

    select
        document_id,
        table_no,
        row_no,
        lane_no,
        min(text_value) as project_name
    from {{ ref('int_row_text') }}
    where text_role = 'project_name'
    group by document_id, table_no, row_no, lane_no

)

select
    finest.cell_id,
    finest.document_id,
    finest.table_no,
    finest.table_type,
    coalesce(finest.fund, finest.scope) as scope,
    finest.fiscal_year,
    finest.phase,
    finest.period,
    case when finest.code_domain = 'function' then finest.row_code end as function_code,
    finest.economic_code,
    coalesce(
        project_names.project_name,
        case when finest.code_domain is null then finest.row_label end
    ) as project_name,
    finest.amount_yuan
from finest
left join project_names
    on
        finest.document_id = project_names.document_id
        and finest.table_no = project_names.table_no
        and finest.row_no = project_names.row_no
        and finest.lane_no = project_names.lane_no
where
    finest.fineness = finest.least_fineness
    and (finest.fineness = 1 or finest.column_rank = 1)
    and (finest.row_label is not null or project_names.project_name is not null)
