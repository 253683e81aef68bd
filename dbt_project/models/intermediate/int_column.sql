-- One row a column of a table: what its numbers measure, of which year and in which phase.
with columns as (

    select
        *,
        {{ year_named('path_normal') }} as year_named,
        {{ money_unit_named('path_normal') }} as unit_named
    from {{ ref('stg_table_column') }}

),

attributes as (

    select
        document_id,
        table_no,
        column_no,
        {{ last_by('value', 'level_rank') }} filter (where attribute = 'side') as side,
        {{ last_by('value', 'level_rank') }} filter (where attribute = 'component') as component,
        {{ last_by('value', 'level_rank') }} filter (where attribute = 'fund') as fund,
        {{ last_by('value', 'level_rank') }} filter (where attribute = 'money_source') as money_source,
        {{ last_by('value', 'level_rank') }} filter (where attribute = 'period') as period,
        {{ last_by('value', 'level_rank') }} filter (where attribute = 'phase') as phase,
        {{ last_by('level_key', 'level_rank') }} filter (where attribute = 'phase') as phase_header,
        {{ last_by('value', 'level_rank') }} filter (where attribute = 'text') as text_role,
        coalesce(bool_or(attribute = 'of_which'), false) as is_of_which
    from {{ ref('int_header_level') }}
    group by document_id, table_no, column_no

),

resolved as (

    select
        columns.document_id,
        columns.table_no,
        columns.column_no,
        columns.lane_no,
        columns.column_path,
        columns.header_text,
        columns.year_named,
        columns.unit_named,
        tables.document_kind,
        tables.fiscal_year as document_year,
        tables.note_text,
        tables.scope,
        case
            when tables.is_two_sided
                then coalesce(attributes.side, case columns.lane_no when 1 then 'income' else 'expenditure' end)
        end as side,
        coalesce(attributes.component, 'total') as component,
        attributes.fund,
        attributes.money_source,
        coalesce(attributes.is_of_which, false) as is_of_which,
        coalesce(
            attributes.period,
            case when columns.year_named < tables.fiscal_year then 'prior' else 'current' end
        ) as period,
        attributes.phase as phase_named,
        attributes.phase_header,
        attributes.text_role
    from columns
    inner join {{ ref('int_table') }} as tables
        on columns.document_id = tables.document_id and columns.table_no = tables.table_no
    left join attributes
        on
            columns.document_id = attributes.document_id
            and columns.table_no = attributes.table_no
            and columns.column_no = attributes.column_no

),

-- What is called 预算数 in final accounts is the adjusted budget where the table's note says so.
noted as (

    select
        resolved.document_id,
        resolved.table_no,
        resolved.column_no,
        min(note_phase.phase) as phase
    from resolved
    inner join {{ ref('note_phase') }} as note_phase
        on
            resolved.phase_header = note_phase.header_text
            and position(note_phase.note_pattern in {{ normalise_text('resolved.note_text') }}) > 0
    where resolved.document_kind = 'final'
    group by resolved.document_id, resolved.table_no, resolved.column_no

)

select
    resolved.document_id,
    resolved.table_no,
    resolved.column_no,
    resolved.lane_no,
    resolved.column_path,
    resolved.header_text,
    resolved.side,
    resolved.component,
    resolved.fund,
    resolved.money_source,
    resolved.is_of_which,
    resolved.period,
    coalesce(
        noted.phase,
        resolved.phase_named,
        case resolved.document_kind when 'final' then 'executed' when 'budget' then 'approved' end
    ) as phase,
    cast(
        coalesce(resolved.year_named, resolved.document_year - case when resolved.period = 'prior' then 1 else 0 end)
        as integer
    ) as fiscal_year,
    resolved.text_role,
    resolved.unit_named,
    -- the one fund of a table about one fund needs no name
    {{ measure_name(
        'resolved.component', 'resolved.money_source', 'nullif(resolved.fund, resolved.scope)'
    ) }} as measure,
    resolved.component in (
        'weight', 'score', 'score_rate', 'target_value', 'previous_value', 'actual_value', 'execution_rate',
        'change_rate', 'share', 'quantity'
    )
    -- what a number under such a word counts is no money
    or coalesce(resolved.text_role in ('people', 'specification'), false) as is_indicator
from resolved
left join noted
    on
        resolved.document_id = noted.document_id
        and resolved.table_no = noted.table_no
        and resolved.column_no = noted.column_no
