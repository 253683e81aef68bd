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
        coalesce(documents.body_level, '') as body_level,
        -- a year's own document comes before the budget column of its final accounts, and what a later one says of it
        case
            when ranked.period = 'prior' then 3
            when documents.document_kind = 'final' and ranked.phase = 'approved' then 2
            else 1
        end as distance
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

nearest as (

    select
        *,
        min(distance) over (
            partition by fact_name, agency_id, body_level, scope, fiscal_year, phase
        ) as least_distance
    from reliable

)

select
    fact_name,
    cell_id,
    document_id,
    agency_id,
    table_no,
    table_type,
    scope,
    fiscal_year,
    phase,
    case when period = 'prior' then document_id end as restated_in_document_id
from nearest
where distance = least_distance or agency_id is null
