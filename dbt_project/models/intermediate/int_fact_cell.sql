-- One row a fact and the printed number it rests on: one table speaks for a document, scope, year and phase.
{%- set sources = [
    ('expenditure_by_function', 'int_expenditure_cell', "coalesce(code_domain, 'function') = 'function'"),
    ('basic_expenditure_by_economic', 'int_expenditure_cell', "left(code_domain, 8) = 'economic'"),
    ('project_expenditure', 'int_project_cell', 'true'),
    ('revenue', 'int_revenue_cell', 'true'),
    ('three_public', 'int_three_public_cell', 'true'),
    ('operating_expense', 'int_operating_expense_cell', 'true'),
    ('procurement', 'int_procurement_cell', 'true'),
    ('carryover', 'int_carryover_cell', 'true'),
] %}
with candidates as (

    {% for fact_name, model, condition in sources %}
        {% if not loop.first %}union all{% endif %}
        select
            '{{ fact_name }}' as fact_name,
            cell_id,
            document_id,
            table_no,
            table_type,
            scope,
            fiscal_year,
            phase,
            period,
            {% if model == 'int_expenditure_cell' %}priority_shift{% else %}0 as priority_shift{% endif %}
        from {{ ref(model) }}
        where {{ condition }}
    {% endfor %}

),

ranked as (

    select
        candidates.*,
        dense_rank() over (
            partition by
                candidates.fact_name, candidates.document_id, candidates.scope,
                candidates.fiscal_year, candidates.phase
            order by cast(sources.priority as integer) + candidates.priority_shift, candidates.table_no
        ) as source_rank
    from candidates
    inner join {{ ref('fact_source') }} as sources
        on candidates.fact_name = sources.fact_name and candidates.table_type = sources.table_type

),

reliable as (

    select
        ranked.*,
        agencies.agency_id,
        documents.body_level
    from ranked
    inner join {{ ref('document_status') }} as statuses
        on ranked.document_id = statuses.document_id and statuses.status in ('verified', 'source_defects')
    inner join {{ ref('stg_document') }} as documents on ranked.document_id = documents.document_id
    left join {{ ref('int_agency') }} as agencies on ranked.document_id = agencies.document_id
    left join {{ ref('int_document_repeat') }} as repeats on ranked.document_id = repeats.document_id
    where
        ranked.source_rank = 1
        -- one of two versions speaks
        and repeats.document_id is null
        -- a document of which neither is known tells no year's facts
        and ranked.fiscal_year is not null
        and ranked.phase is not null

),

-- A body's own document of a year comes before what a later document says of that year.
own_statements as (

    select distinct
        fact_name,
        'prior' as told_as,
        agency_id,
        coalesce(body_level, '') as body_level,
        scope,
        fiscal_year,
        phase
    from reliable
    where period = 'current' and agency_id is not null

)

select
    reliable.fact_name,
    reliable.cell_id,
    reliable.document_id,
    reliable.agency_id,
    reliable.table_no,
    reliable.table_type,
    reliable.scope,
    reliable.fiscal_year,
    reliable.phase,
    case when reliable.period = 'prior' then reliable.document_id end as restated_in_document_id
from reliable
left join own_statements
    on
        reliable.period = own_statements.told_as
        and reliable.fact_name = own_statements.fact_name
        and reliable.agency_id = own_statements.agency_id
        and coalesce(reliable.body_level, '') = own_statements.body_level
        and reliable.scope = own_statements.scope
        and reliable.fiscal_year = own_statements.fiscal_year
        and reliable.phase = own_statements.phase
where own_statements.agency_id is null
