-- One row a code and name that a document prints, with what the classification of its year says.
{{ config(schema='intermediate') }}

with row_amounts as (

    select
        document_id,
        table_no,
        row_no,
        lane_no,
        max(abs(value)) as greatest
    from {{ ref('int_published_amount') }}
    group by document_id, table_no, row_no, lane_no

),

rows_of_classes as (

    select
        table_rows.document_id,
        table_rows.table_no,
        table_rows.row_no,
        table_rows.page_no,
        table_rows.row_order,
        table_rows.code_domain,
        table_rows.row_code,
        table_rows.label_key,
        table_rows.code_level,
        table_rows.parent_code,
        length(table_rows.row_code) as code_length,
        table_rows.table_no * 10000 + table_rows.row_no as place,
        row_amounts.greatest
    from {{ ref('int_table_row') }} as table_rows
    inner join {{ ref('int_table') }} as tables
        on table_rows.document_id = tables.document_id and table_rows.table_no = tables.table_no
    left join row_amounts
        on
            table_rows.document_id = row_amounts.document_id
            and table_rows.table_no = row_amounts.table_no
            and table_rows.row_no = row_amounts.row_no
            and table_rows.lane_no = row_amounts.lane_no
    where
        table_rows.code_domain is not null
        -- what a project or a purchase is called is no class name
        and tables.grain in ('function', 'economic', 'side_item')
        -- names may stand beside the wrong code where the reading is in doubt
        and tables.confidence = 'high'

),

-- 309 is the first part of 309001: the number of a body, not of a class
body_numbers as (

    select distinct
        document_id,
        left(row_code, 3) as body_number
    from {{ ref('int_table_row') }}
    where length(row_code) = 6

),

codes as (

    select
        rows_of_classes.document_id,
        rows_of_classes.code_domain,
        rows_of_classes.row_code,
        coalesce(rows_of_classes.label_key, '') as label_key,
        min(rows_of_classes.code_length) as code_length,
        min(rows_of_classes.parent_code) as parent_code,
        min(rows_of_classes.table_no) as table_no,
        {{ first_by('rows_of_classes.row_no', 'rows_of_classes.place') }} as row_no,
        {{ first_by('rows_of_classes.page_no', 'rows_of_classes.place') }} as page_no,
        max(coalesce(rows_of_classes.greatest, 0)) as greatest,
        cast(count(*) as integer) as row_count
    from rows_of_classes
    left join body_numbers
        on
            rows_of_classes.document_id = body_numbers.document_id
            and rows_of_classes.row_code = body_numbers.body_number
    where body_numbers.body_number is null
    group by
        rows_of_classes.document_id, rows_of_classes.code_domain,
        rows_of_classes.row_code, coalesce(rows_of_classes.label_key, '')

),

official as (

    select
        'function' as code_domain,
        function_code as code,
        function_name as code_name,
        {{ normalise_text('function_name') }} as name_key,
        first_year,
        last_year,
        case when status = 'historic' then last_year end as end_year
    from {{ ref('function_classification') }}

    union all

    select
        code_domain,
        economic_code as code,
        economic_name as code_name,
        {{ normalise_text('economic_name') }} as name_key,
        first_year,
        last_year,
        null as end_year
    from {{ ref('economic_classification') }}

),

-- the years that the reference speaks of
span as (

    select
        min(first_year) as first_year,
        max(last_year) as last_year
    from official

),

known_names as (

    select * from {{ ref('int_known_name') }}

),

-- a name that one code alone bears tells which code was meant
names_of_one_code as (

    select
        code_domain,
        name_key,
        length(code) as code_length,
        min(code) as code
    from official
    group by code_domain, name_key, length(code)
    having count(*) = 1

),

names as (

    select distinct
        code_domain,
        name_key
    from known_names

)

select
    codes.*,
    official.code is not null as is_known_code,
    -- the year after the last one may still print it
    coalesce(documents.fiscal_year > cast(official.end_year as integer) + 1, false) as is_abolished,
    official.code_name as official_name,
    documents.fiscal_year,
    -- the economic codes were given other names after the first year of the reference
    coalesce(
        documents.fiscal_year
        between span.first_year + case when codes.code_domain = 'function' then 0 else 1 end and span.last_year + 1,
        false
    ) as is_known_year,
    parents.code is not null as is_known_parent,
    known_names.code is not null as is_known_name_of_code,
    names.name_key is not null as is_known_name,
    names_of_one_code.code as code_of_name,
    renames.old_name,
    renames.new_name,
    coalesce(documents.fiscal_year >= cast(renames.since_year as integer), false) as is_old_name
from codes
inner join {{ ref('stg_document') }} as documents on codes.document_id = documents.document_id
cross join span
left join official on codes.code_domain = official.code_domain and codes.row_code = official.code
left join official as parents on codes.code_domain = parents.code_domain and codes.parent_code = parents.code
left join known_names
    on
        codes.code_domain = known_names.code_domain
        and codes.row_code = known_names.code
        and codes.label_key = known_names.name_key
left join names on codes.code_domain = names.code_domain and codes.label_key = names.name_key
left join names_of_one_code
    on
        codes.code_domain = names_of_one_code.code_domain
        and codes.label_key = names_of_one_code.name_key
        and codes.code_length = names_of_one_code.code_length
left join {{ ref('code_rename') }} as renames
    on
        codes.code_domain = 'function'
        and codes.row_code = renames.function_code
        and codes.label_key = renames.old_name
