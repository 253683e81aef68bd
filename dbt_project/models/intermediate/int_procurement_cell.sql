-- One row a number for government procurement, by purchase, category and source of money, without their sums.
with cells as (

    select
        amounts.*,
        coalesce(line_meanings.meaning, meanings.meaning) as procurement_category,
        case
            when line_meanings.meaning is not null then 1
            else cast(meanings.fineness as integer)
        end as fineness,
        agencies.agency_name,
        agencies.printed_name
    from {{ ref('int_published_amount') }} as amounts
    inner join {{ ref('fact_source') }} as sources
        on sources.fact_name = 'procurement' and amounts.table_type = sources.table_type
    inner join {{ ref('component_meaning') }} as meanings
        on meanings.fact_name = 'procurement' and amounts.component = meanings.component
    left join {{ ref('component_meaning') }} as line_meanings
        on line_meanings.fact_name = 'procurement' and amounts.line_item = line_meanings.component
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
    procurement_category,
    money_source,
    row_label as purchase_name,
    purchase_item,
    for_small_firms,
    amount_yuan
from described
where
    -- the row of the body itself sums up its purchases
    {{ normalise_text('row_label') }} not in (coalesce(agency_name, ''), coalesce(printed_name, ''))
    and (described_count = 0 or purchase_item is not null)
    and case fineness
        when 1 then money_source is not null or source_count = 0
        else category_count = 0
    end
