-- One row a number for government procurement, by purchase, category and source of money, without their sums.
with lines as (

    select
        table_rows.document_id,
        table_rows.table_no,
        table_rows.row_no,
        table_rows.lane_no,
        nesting.parent_row_no,
        meanings.meaning as category
    from {{ ref('int_table_row') }} as table_rows
    inner join {{ ref('int_table') }} as tables
        on table_rows.document_id = tables.document_id and table_rows.table_no = tables.table_no
    inner join {{ ref('fact_source') }} as sources
        on sources.fact_name = 'procurement' and tables.table_type = sources.table_type
    left join {{ ref('int_line_nesting') }} as nesting
        on
            table_rows.document_id = nesting.document_id
            and table_rows.table_no = nesting.table_no
            and table_rows.lane_no = nesting.lane_no
            and table_rows.row_no = nesting.row_no
    left join {{ ref('component_meaning') }} as meanings
        on meanings.fact_name = 'procurement' and table_rows.line_item = meanings.component

),

-- the line of the category itself, or it stands above the body and its purchases
categories as (

    select
        lines.document_id,
        lines.table_no,
        lines.row_no,
        lines.lane_no,
        coalesce(lines.category, bodies.category, kinds.category) as category
    from lines
    left join lines as bodies
        on
            lines.document_id = bodies.document_id
            and lines.table_no = bodies.table_no
            and lines.lane_no = bodies.lane_no
            and lines.parent_row_no = bodies.row_no
    left join lines as kinds
        on
            bodies.document_id = kinds.document_id
            and bodies.table_no = kinds.table_no
            and bodies.lane_no = kinds.lane_no
            and bodies.parent_row_no = kinds.row_no

),

cells as (

    select
        amounts.*,
        coalesce(categories.category, meanings.meaning) as procurement_category,
        case
            when categories.category is not null then 1
            else cast(meanings.fineness as integer)
        end as fineness,
        agencies.agency_name,
        agencies.printed_name
    from {{ ref('int_published_amount') }} as amounts
    inner join {{ ref('fact_source') }} as sources
        on sources.fact_name = 'procurement' and amounts.table_type = sources.table_type
    inner join {{ ref('component_meaning') }} as meanings
        on meanings.fact_name = 'procurement' and amounts.component = meanings.component
    left join categories
        on
            amounts.document_id = categories.document_id
            and amounts.table_no = categories.table_no
            and amounts.row_no = categories.row_no
            and amounts.lane_no = categories.lane_no
    left join {{ ref('int_agency') }} as agencies on amounts.document_id = agencies.document_id
    where
        amounts.is_leaf
        and amounts.amount_yuan is not null
        and not amounts.is_of_which_column

),

purchase_texts as (

    select
        document_id,
        table_no,
        row_no,
        lane_no,
        max(case when text_role = 'purchase_item' then text_value end) as purchase_item,
        max(case when text_role = 'sme' then text_value end) as for_small_firms
    from {{ ref('int_row_text') }}
    where text_role in ('purchase_item', 'sme')
    group by document_id, table_no, row_no, lane_no

),

described as (

    select
        cells.*,
        purchase_texts.purchase_item,
        purchase_texts.for_small_firms,
        count(purchase_texts.purchase_item) over (partition by cells.document_id, cells.table_no) as described_count,
        count(*) filter (where cells.fineness = 1 and cells.money_source is not null) over (
            partition by
                cells.document_id, cells.table_no, cells.row_no, cells.fiscal_year, cells.phase,
                cells.procurement_category
        ) as source_count,
        count(*) filter (where cells.fineness = 1) over (
            partition by cells.document_id, cells.table_no, cells.row_no, cells.fiscal_year, cells.phase
        ) as category_count
    from cells
    left join purchase_texts
        on
            cells.document_id = purchase_texts.document_id
            and cells.table_no = purchase_texts.table_no
            and cells.row_no = purchase_texts.row_no
            and cells.lane_no = purchase_texts.lane_no

)

select
    cell_id,
    document_id,
    table_no,
    table_type,
    scope,
    fiscal_year,
    phase,
    period,
    -- the catalogue of purchases (政府采购品目分类目录) says it with a letter
    case
        when procurement_category <> 'unspecified' then procurement_category
        when {{ regex_matches("coalesce(purchase_item, row_label)", '^A([0-9]|$)') }} then 'goods'
        when {{ regex_matches("coalesce(purchase_item, row_label)", '^B([0-9]|$)') }} then 'works'
        when {{ regex_matches("coalesce(purchase_item, row_label)", '^C([0-9]|$)') }} then 'services'
        else procurement_category
    end as procurement_category,
    money_source,
    coalesce(row_label, purchase_item) as purchase_name,
    purchase_item,
    for_small_firms,
    amount_yuan
from described
where
    -- the row of the body itself sums up its purchases
    not coalesce({{ normalise_text('row_label') }} in (agency_name, printed_name), false)
    and (described_count = 0 or purchase_item is not null)
    and case fineness
        when 1 then money_source is not null or source_count = 0
        else category_count = 0
    end
