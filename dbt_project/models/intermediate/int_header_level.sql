-- One row a header text in a column's path and an attribute that the header aliases give it.
with levels as (

    {{ path_levels(
        ref('stg_table_column'), ['document_id', 'table_no', 'column_no'], 'path_normal'
    ) }}

),

keyed as (

    select
        levels.*,
        tables.table_type,
        tables.is_two_sided,
        {{ strip_year_and_unit('levels.level_text') }} as level_key,
        {{ strip_numbering(strip_year_and_unit('levels.level_text')) }} as level_bare
    from levels
    inner join {{ ref('int_table') }} as tables
        on levels.document_id = tables.document_id and levels.table_no = tables.table_no

),

-- the same headers stand over table after table: each is met with the aliases once
headers as (

    select distinct
        level_text,
        level_key,
        level_bare,
        table_type
    from keyed

),

named as (

    select
        headers.level_text,
        headers.table_type,
        aliases.attribute,
        aliases.value,
        cast(coalesce(aliases.precedence, 0) as integer) as precedence,
        -- the text as it stands says more than the text without year, unit and numbering;
        -- an alias for this kind of table says more than one for any table
        case aliases.header_text
            when headers.level_text then 1
            when headers.level_key then 3
            else 5
        end + case when coalesce(aliases.table_type, '') = '' then 1 else 0 end as match_rank
    from headers
    inner join {{ ref('header_alias') }} as aliases
        on
            aliases.header_text in (headers.level_text, headers.level_key, headers.level_bare)
            and coalesce(aliases.table_type, '') in ('', headers.table_type)

),

matched as (

    select
        keyed.document_id,
        keyed.table_no,
        keyed.column_no,
        keyed.level_no,
        keyed.level_key,
        keyed.is_two_sided,
        named.attribute,
        named.value,
        named.precedence,
        named.match_rank
    from keyed
    inner join named on keyed.level_text = named.level_text and keyed.table_type = named.table_type

),

ranked as (

    select
        *,
        rank() over (
            partition by document_id, table_no, column_no, level_no, attribute order by match_rank
        ) as best_rank,
        max(case when attribute = 'side' then 1 else 0 end) over (
            partition by document_id, table_no, column_no, level_no
        ) as names_side
    from matched

)

select distinct
    document_id,
    table_no,
    column_no,
    level_no,
    level_key,
    attribute,
    value,
    -- of several levels that name one attribute the greatest precedence counts, and of equals the deepest
    precedence * 100 + level_no as level_rank
from ranked
where
    best_rank = 1
    -- the outermost header of a two-sided table names a side, not a component
    and not (is_two_sided and names_side = 1 and level_no = 1 and attribute in ('component', 'money_source'))
