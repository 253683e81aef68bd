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
        -- the least number wins, and of two equal ones the alias that says more; where the document's kind is
        -- not known, an alias for one kind comes behind all others
        cast(aliases.priority as integer) * 1000 - length(aliases.title_pattern)
        + case when titles.document_kind is null and aliases.document_kind <> '' then 1000000 else 0 end
            as alias_rank
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
        count(*) as number_count
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

-- A table without a unit has that of the tables of its document that print most of its numbers as well, if
-- they have one between them: one wrong number must not take the unit from all. Short numbers meet by chance,
-- and those of indicators say nothing of that kind.
telling_numbers as (

    select
        cells.document_id,
        cells.table_no,
        cells.value,
        count(*) as number_count
    from {{ ref('stg_cell') }} as cells
    where length({{ regex_remove('cells.value_text', '[^0-9]') }}) > 3 and cells.value <> 0
    group by cells.document_id, cells.table_no, cells.value

),

shared_numbers as (

    select
        missing.document_id,
        missing.table_no,
        missing.value,
        missing.number_count,
        min(others.unit_text) as unit_text,
        max(others.unit_text) as other_unit_text
    from telling_numbers as missing
    inner join printed_units
        on
            missing.document_id = printed_units.document_id
            and missing.table_no = printed_units.table_no
            and printed_units.unit_text is null
    left join telling_numbers as found
        on missing.document_id = found.document_id and missing.value = found.value
    left join printed_units as others
        on found.document_id = others.document_id and found.table_no = others.table_no
    group by missing.document_id, missing.table_no, missing.value, missing.number_count

),

shared_units as (

    select
        shared_numbers.document_id,
        shared_numbers.table_no,
        min(shared_numbers.unit_text) as unit_text
    from shared_numbers
    left join chosen
        on shared_numbers.document_id = chosen.document_id and shared_numbers.table_no = chosen.table_no
    left join {{ ref('table_type') }} as types on chosen.table_type = types.table_type
    where coalesce(types.grain, '') <> 'indicator'
    group by shared_numbers.document_id, shared_numbers.table_no
    having
        min(shared_numbers.unit_text) = max(shared_numbers.other_unit_text)
        and 2 * sum(shared_numbers.number_count) filter (where shared_numbers.unit_text is not null)
        > sum(shared_numbers.number_count)

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
