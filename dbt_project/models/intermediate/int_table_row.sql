-- One row a printed row and lane: which code, class or line item its label names, and what part it plays.
with printed_codes as (

    -- a code in a column of its own, behind the name of a body
    select
        document_id,
        table_no,
        row_no,
        lane_no,
        min(text_normal) as row_code
    from {{ ref('int_row_text') }}
    where text_role = 'code' and {{ regex_matches('text_normal', '^\\d{3}(\\d{2}){0,2}$') }}
    group by document_id, table_no, row_no, lane_no
    having min(text_normal) = max(text_normal)

),

printed_rows as (

    select
        stg.document_id,
        stg.table_no,
        stg.row_no,
        stg.lane_no,
        stg.page_no,
        stg.line_no,
        coalesce(stg.row_code, printed_codes.row_code) as row_code,
        stg.row_label,
        stg.label_normal,
        stg.label_key,
        stg.says_of_which,
        stg.row_context
    from {{ ref('stg_table_row') }} as stg
    left join printed_codes
        on
            stg.document_id = printed_codes.document_id
            and stg.table_no = printed_codes.table_no
            and stg.row_no = printed_codes.row_no
            and stg.lane_no = printed_codes.lane_no

),

table_rows as (

    select
        stg.*,
        tables.code_domain as table_domain,
        tables.grain,
        tables.is_two_sided,
        case
            when tables.is_two_sided then case stg.lane_no when 1 then 'income' else 'expenditure' end
            when tables.table_type in ('budget_income', 'final_income') then 'income'
            when tables.grain in ('function', 'economic', 'project', 'spending_item') then 'expenditure'
        end as side,
        length(stg.row_code) as code_length
    from printed_rows as stg
    inner join {{ ref('int_table') }} as tables
        on stg.document_id = tables.document_id and stg.table_no = tables.table_no

),

-- A table of projects or purchases may print codes as well: codes in full tell which ones.
full_codes as (

    select
        document_id,
        table_no,
        max(case when code_length = 7 and left(row_code, 1) = '2' then 1 else 0 end) as has_function_items,
        max(case when code_length = 5 and left(row_code, 1) in ('3', '5') then 1 else 0 end) as has_economic_sections
    from table_rows
    group by document_id, table_no

),

domains as (

    select
        table_rows.*,
        case
            when table_rows.table_domain <> '' then table_rows.table_domain
            when table_rows.grain = 'indicator' then ''
            when full_codes.has_function_items = 1 then 'function'
            when full_codes.has_economic_sections = 1 then 'economic'
            else ''
        end as row_domain
    from table_rows
    inner join full_codes
        on
            table_rows.document_id = full_codes.document_id
            and table_rows.table_no = full_codes.table_no

),

-- Bodies have codes of three digits too, and their units six: no class of a classification has such below it.
body_codes as (

    select distinct
        document_id,
        table_no,
        left(row_code, 3) as row_code
    from table_rows
    where code_length = 6

),

coded as (

    select
        domains.*,
        documents.agency_name,
        case
            when domains.code_length not in (3, 5, 7) or (domains.side = 'income' and domains.is_two_sided) then null
            -- nor does a class bear the name of the body that publishes
            when
                body_codes.row_code is not null
                or position(nullif(documents.agency_name, '') in domains.row_label) > 0
                then null
            when domains.row_domain = 'function' and left(domains.row_code, 1) = '2' then 'function'
            when domains.row_domain = 'economic' and left(domains.row_code, 1) = '3' then 'economic_department'
            when domains.row_domain = 'economic' and left(domains.row_code, 1) = '5' then 'economic_government'
        end as code_domain
    from domains
    left join body_codes
        on
            domains.document_id = body_codes.document_id
            and domains.table_no = body_codes.table_no
            and domains.row_code = body_codes.row_code
    left join {{ ref('stg_document') }} as documents on domains.document_id = documents.document_id

),

project_names as (

    select distinct
        document_id,
        table_no,
        row_no,
        lane_no
    from {{ ref('int_row_text') }}
    where text_role = 'project_name'

),

-- The same labels stand in table after table: each is met with the aliases once.
labels as (

    select distinct
        label_key,
        label_normal,
        side,
        grain
    from coded
    where code_domain is null or grain = 'spending_item'

),

named_labels as (

    select
        labels.*,
        aliases.line_item,
        aliases.role
    from labels
    inner join {{ ref('row_label_alias') }} as aliases
        on
            aliases.label in (labels.label_key, labels.label_normal)
            and coalesce(aliases.side, '') in ('', coalesce(labels.side, ''))
            and coalesce(aliases.within, '') = ''
            -- what a project or a purchase is called names no line item; only its total does
            and (
                labels.grain not in ('project', 'purchase', 'indicator', 'asset')
                or aliases.role = 'total'
                or left(aliases.line_item, 12) = 'procurement_'
            )
    -- an alias of the row's own side says more than one of either side
    qualify row_number() over (
        partition by labels.label_key, labels.label_normal, labels.side, labels.grain
        order by
            case when coalesce(aliases.side, '') = '' then 2 else 1 end,
            case when aliases.label = labels.label_normal then 1 else 2 end,
            aliases.line_item
    ) = 1

),

-- Labels that name a line item by themselves.
plainly_named as (

    select
        coded.*,
        case
            when coded.code_domain is null or coded.grain = 'spending_item' then named_labels.line_item
        end as plain_item,
        case
            when coded.code_domain is null or coded.grain = 'spending_item' then named_labels.role
        end as plain_role
    from coded
    left join named_labels
        on
            coded.label_key is not distinct from named_labels.label_key
            and coded.label_normal is not distinct from named_labels.label_normal
            and coded.side is not distinct from named_labels.side
            and coded.grain = named_labels.grain

),

enclosing as (

    select distinct within as line_item
    from {{ ref('row_label_alias') }}
    where within is not null

),

-- Labels that have a sense of their own inside a block: 单位资金 below 上年结转 does not end it.
enclosed as (

    select distinct label
    from {{ ref('row_label_alias') }}
    where within is not null

),

-- A block is a carry-over or closing row and the rows below it, up to the next total or the next row of its rank.
-- Rows are put in order here by what orders them alone: to sort them with all their texts takes several times as long.
blocks as (

    select
        plainly_named.document_id,
        plainly_named.table_no,
        plainly_named.lane_no,
        plainly_named.row_no,
        plainly_named.plain_item,
        coalesce(
            plainly_named.plain_item = enclosing.line_item
            or (plainly_named.plain_role in ('total', 'subtotal') and enclosed.label is null),
            false
        ) as opens_block,
        {{ label_depth('plainly_named.row_label') }} as label_depth
    from plainly_named
    left join enclosing on plainly_named.plain_item = enclosing.line_item
    left join enclosed on plainly_named.label_key = enclosed.label

),

numbered_blocks as (

    select
        *,
        sum(case when opens_block then 1 else 0 end) over (
            partition by document_id, table_no order by lane_no, row_no
            rows between unbounded preceding and current row
        ) as block_no,
        cast(row_number() over (partition by document_id, table_no order by lane_no, row_no) as integer) as row_order
    from blocks

),

headed_blocks as (

    select
        *,
        first_value(case when opens_block then plain_item end) over (
            partition by document_id, table_no, lane_no, block_no order by row_no
        ) as block_item,
        first_value(label_depth) over (
            partition by document_id, table_no, lane_no, block_no order by row_no
        ) as block_depth
    from numbered_blocks

),

ordered as (

    select
        *,
        case
            when
                not opens_block
                and sum(case when not opens_block and label_depth = block_depth and label_depth < 9 then 1 else 0 end)
                    over (
                        partition by document_id, table_no, lane_no, block_no order by row_no
                        rows between unbounded preceding and current row
                    )
                = 0
                then block_item
        end as within_item
    from headed_blocks

),

placed as (

    select
        plainly_named.*,
        ordered.label_depth,
        ordered.row_order,
        ordered.within_item
    from plainly_named
    inner join ordered
        on
            plainly_named.document_id = ordered.document_id
            and plainly_named.table_no = ordered.table_no
            and plainly_named.lane_no = ordered.lane_no
            and plainly_named.row_no = ordered.row_no

),

-- Aliases inside a block, once a side that they are good for: rows meet them by equality, and at most one of them.
inner_aliases as (

    select
        aliases.within,
        aliases.label,
        sides.side,
        aliases.line_item,
        aliases.role
    from {{ ref('row_label_alias') }} as aliases
    inner join (values ('income'), ('expenditure'), ('')) as sides (side)
        on coalesce(aliases.side, '') in ('', sides.side)
    where aliases.within is not null
    qualify row_number() over (
        partition by aliases.within, aliases.label, sides.side
        order by aliases.line_item
    ) = 1

),

labelled as (

    select
        placed.*,
        coalesce(inner_aliases.line_item, placed.plain_item) as alias_item,
        coalesce(inner_aliases.role, placed.plain_role) as alias_role,
        classes.class_code as named_class
    from placed
    left join inner_aliases
        on
            placed.within_item = inner_aliases.within
            -- asked inside an equality: beside it, every row would be compared with every alias
            and case when placed.code_domain is null then placed.label_key end = inner_aliases.label
            and coalesce(placed.side, '') = inner_aliases.side
    left join {{ ref('int_class_name') }} as classes
        on
            case
                when placed.code_domain is null and placed.is_two_sided and placed.side = 'expenditure'
                    then placed.label_key
            end = classes.class_name

),

-- Lists by economic class stand beside the list by function and have 其他支出 and the like in common with it:
-- classes are what the list names that names most of them.
class_lanes as (

    select
        document_id,
        table_no,
        lane_no
    from labelled
    where named_class is not null
    group by document_id, table_no, lane_no
    qualify rank() over (partition by document_id, table_no order by count(*) desc) = 1

),

classed as (

    select
        labelled.*,
        case when class_lanes.lane_no is not null then labelled.named_class end as lane_class
    from labelled
    left join class_lanes
        on
            labelled.document_id = class_lanes.document_id
            and labelled.table_no = class_lanes.table_no
            and labelled.lane_no = class_lanes.lane_no

),

-- Some tables of codes print their total in a first line that bears nothing but the name of the body.
untotalled as (

    select
        document_id,
        table_no,
        min(row_no) as first_row_no
    from classed
    group by document_id, table_no
    having count(code_domain) > 0 and count(case when alias_role = 'total' then 1 end) = 0

),

totalled as (

    select
        classed.*,
        classed.code_domain is null
        and classed.label_key = classed.agency_name
        and untotalled.first_row_no is not null as is_unnamed_total
    from classed
    left join untotalled
        on
            classed.document_id = untotalled.document_id
            and classed.table_no = untotalled.table_no
            and classed.row_no = untotalled.first_row_no

),

final as (

    select
        labelled.document_id,
        labelled.table_no,
        labelled.row_no,
        labelled.lane_no,
        labelled.page_no,
        labelled.line_no,
        labelled.row_order,
        labelled.row_code,
        labelled.row_label,
        labelled.label_key,
        labelled.row_context,
        labelled.side,
        labelled.code_domain,
        case
            when labelled.code_domain is not null then cast((labelled.code_length - 1) / 2 as integer)
            when labelled.lane_class is not null then 1
        end as code_level,
        case
            when labelled.code_domain is not null and labelled.code_length > 3
                then left(labelled.row_code, labelled.code_length - 2)
        end as parent_code,
        case
            when labelled.code_domain is not null then left(labelled.row_code, 3)
            else labelled.lane_class
        end as class_code,
        case
            when labelled.lane_class is null then labelled.alias_item
        end as line_item,
        case
            when labelled.code_domain is not null or labelled.lane_class is not null then 'item'
            when labelled.is_unnamed_total then 'total'
            when labelled.alias_role is not null then labelled.alias_role
            when labelled.says_of_which then 'of_which'
            when coalesce(labelled.label_key, '') <> '' then 'item'
        end as row_role,
        labelled.label_depth,
        project_names.row_no is not null as has_project_name
    from totalled as labelled
    left join project_names
        on
            labelled.document_id = project_names.document_id
            and labelled.table_no = project_names.table_no
            and labelled.row_no = project_names.row_no
            and labelled.lane_no = project_names.lane_no

)

select * from final
