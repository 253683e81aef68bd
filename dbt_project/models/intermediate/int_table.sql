-- One row a table: what kind of table its title says it is, and the unit of its amounts.
with tables as (

    select
        *,
        -- 收支预算总表（01） is the 收支预算总表
        {{ regex_remove('title_normal', '（?[0-9]{1,2}）?$', global=false) }} as title_key
    from {{ ref('stg_table') }}

),

documents as (

    select * from {{ ref('stg_document') }}

),

-- titles repeat from document to document: each is met with the aliases once
titles as (

    select distinct
        tables.title_key,
        tables.title_normal,
        documents.document_kind
    from tables
    inner join documents on tables.document_id = documents.document_id

),

candidates as (

    select
        titles.title_key,
        titles.title_normal,
        titles.document_kind,
        aliases.table_type,
        -- the least number wins, and of two equal ones the alias that says more
        cast(aliases.priority as integer) * 1000 - length(aliases.title_pattern) as alias_rank
    from titles
    inner join {{ ref('table_title_alias') }} as aliases
        on
            (
                coalesce(aliases.document_kind, '') in ('', titles.document_kind)
                or titles.document_kind is null
            )
            and case aliases.match
                when 'exact' then titles.title_key = aliases.title_pattern
                when 'contains' then position(aliases.title_pattern in titles.title_normal) > 0
                when 'regex' then {{ regex_matches_column('titles.title_normal', 'aliases.title_pattern') }}
            end

),

named as (

    select
        title_key,
        title_normal,
        document_kind,
        {{ first_by('table_type', 'alias_rank') }} as table_type
    from candidates
    group by title_key, title_normal, document_kind

),

chosen as (

    select
        tables.document_id,
        tables.table_no,
        named.table_type
    from tables
    inner join documents on tables.document_id = documents.document_id
    inner join named
        on
            tables.title_normal = named.title_normal
            and tables.title_key = named.title_key
            and documents.document_kind is not distinct from named.document_kind

),

numbers as (

    select
        document_id,
        table_no,
        count(*) as number_count,
        max(value) as greatest_value
    from {{ ref('stg_cell') }}
    group by document_id, table_no

),

printed_units as (

    select
        tables.document_id,
        tables.table_no,
        coalesce(units.unit_text, title_units.unit_text) as unit_text
    from tables
    left join {{ ref('unit') }} as units on tables.unit_text = units.unit_text
    left join {{ ref('unit') }} as title_units
        on {{ money_unit_named('tables.title_normal') }} = title_units.unit_text

),

-- A table without a unit has that of the tables of its document that print its greatest number as well,
-- if they have one between them. The numbers of indicators say nothing of that kind.
shared_units as (

    select
        printed_units.document_id,
        printed_units.table_no,
        min(others.unit_text) as unit_text
    from printed_units
    inner join numbers
        on
            printed_units.document_id = numbers.document_id
            and printed_units.table_no = numbers.table_no
            and numbers.greatest_value > 0
    inner join {{ ref('stg_cell') }} as cells
        on
            numbers.document_id = cells.document_id
            and numbers.table_no <> cells.table_no
            and numbers.greatest_value = cells.value
    inner join printed_units as others
        on
            cells.document_id = others.document_id
            and cells.table_no = others.table_no
            and others.unit_text is not null
    left join chosen
        on printed_units.document_id = chosen.document_id and printed_units.table_no = chosen.table_no
    left join {{ ref('table_type') }} as types on chosen.table_type = types.table_type
    where
        printed_units.unit_text is null
        and coalesce(types.grain, '') <> 'indicator'
    group by printed_units.document_id, printed_units.table_no
    having min(others.unit_text) = max(others.unit_text)

),

united as (

    select
        printed_units.document_id,
        printed_units.table_no,
        coalesce(printed_units.unit_text, shared_units.unit_text) as unit_text,
        case
            when printed_units.unit_text is not null then 'printed'
            when shared_units.unit_text is not null then 'inferred'
            else 'missing'
        end as unit_source
    from printed_units
    left join shared_units
        on
            printed_units.document_id = shared_units.document_id
            and printed_units.table_no = shared_units.table_no

),

final as (

    select
        tables.document_id,
        tables.table_no,
        documents.document_name,
        tables.table_title,
        coalesce(chosen.table_type, 'unknown') as table_type,
        types.table_code,
        -- forms of budgets and of final accounts differ: the form tells where the document does not
        coalesce(documents.document_kind, types.document_kind) as document_kind,
        documents.fiscal_year,
        coalesce(types.scope, '') as scope,
        coalesce(types.code_domain, '') as code_domain,
        coalesce(types.grain, 'unknown') as grain,
        coalesce(types.grain = 'side_item', false) as is_two_sided,
        coalesce(united.unit_text, 'unknown') as unit,
        united.unit_source,
        cast(units.yuan_factor as decimal(18, 2)) as yuan_factor,
        tables.page_no,
        tables.last_page_no,
        tables.form_code,
        tables.layout,
        tables.row_count,
        tables.column_count,
        tables.source_token_count,
        tables.landed_token_count,
        cast(coalesce(numbers.number_count, 0) as integer) as number_count,
        numbers.number_count is null as is_empty,
        tables.note_text,
        tables.confidence,
        tables.confidence_reason
    from tables
    inner join documents on tables.document_id = documents.document_id
    left join chosen on tables.document_id = chosen.document_id and tables.table_no = chosen.table_no
    left join {{ ref('table_type') }} as types on chosen.table_type = types.table_type
    left join united on tables.document_id = united.document_id and tables.table_no = united.table_no
    left join {{ ref('unit') }} as units on united.unit_text = units.unit_text
    left join numbers on tables.document_id = numbers.document_id and tables.table_no = numbers.table_no

)

select * from final
