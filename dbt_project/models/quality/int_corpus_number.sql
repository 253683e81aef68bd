-- One row a printed number that another document, or the text, may state too: what it means, whatever the form.
{{ config(schema='intermediate') }}

with doubtful as (
    select
        document_id,
        table_no
    from {{ ref('int_table') }}
    where
        confidence = 'low'
        or source_token_count <> landed_token_count
),

cells as (
    select
        cells.cell_no,
        cells.cell_id,
        cells.document_id,
        cells.table_no,
        cells.row_no,
        cells.column_no,
        cells.row_kind,
        cells.line_code,
        cells.line_item,
        cells.row_label,
        cells.table_side,
        cells.component,
        cells.money_source,
        cells.fund,
        cells.amount,
        cells.half_unit,
        tables.family,
        tables.prior_rule,
        tables.is_fiscal = 'true' as is_fiscal,
        -- its place, or its table, was inferred
        cells.placement <> 'printed' or doubtful.table_no is not null as is_in_doubt,
        cells.fiscal_year,
        nullif(cells.phase, '') as phase,
        cells.period
    from {{ ref('int_equation_cell') }} as cells
    inner join {{ ref('corpus_table') }} as tables on cells.table_type = tables.table_type
    left join doubtful on cells.document_id = doubtful.document_id and cells.table_no = doubtful.table_no
    where
        cells.is_money
        -- of a number that may stand in several columns nobody knows what it means
        and cells.placement <> 'ambiguous'
        and not cells.is_of_which
        and cells.period in ('current', 'prior')
        and cells.component <> 'change_amount'
        and cells.row_kind <> 'detail'
),

-- a table of the three expenses may add conferences and training to its total
wider_tables as (
    select distinct
        document_id,
        table_no
    from cells
    where
        family = 'three_public'
        and (component in ('meeting', 'training', 'travel') or line_item in ('meeting', 'training', 'travel'))
),

named as (
    select
        cells.*,
        case
            -- the three expenses stand in rows or in columns
            when
                cells.family = 'three_public' and cells.component not in ('total', 'three_public_total')
                then cells.component
            when cells.family = 'three_public' and cells.line_item is not null and cells.row_kind <> 'total'
                then cells.line_item
            when cells.family = 'three_public' and cells.component = 'three_public_total' then 'three_public_total'
            when cells.family = 'three_public' and wider_tables.table_no is null and cells.row_kind = 'total'
                then 'three_public_total'
            when cells.family = 'three_public' then null
            when cells.line_code is not null then cells.line_code
            when
                cells.row_kind = 'total'
                then coalesce(case when cells.table_side <> '' then cells.line_item end, 'total')
            else cells.line_item
        end as row_key,
        case
            when cells.family = 'three_public' then concat_ws('·', 'total', cells.money_source, cells.fund)
            else concat_ws('·', cells.component, cells.money_source, cells.fund)
        end as column_key,
        case
            when cells.line_item like 'carryover_opening%' or cells.component = 'opening_balance' then 'opening'
            when cells.line_item like 'closing_balance%' or cells.component = 'closing_balance' then 'closing'
        end as balance_role,
        -- whose balance it is: of a code, of a fund, or the whole
        case
            when cells.component in ('opening_balance', 'closing_balance')
                then coalesce(cells.line_code, 'total') || '·' || coalesce(cells.fund, '')
            when cells.line_item like 'carryover_opening%'
                then
                    coalesce(
                        cells.fund,
                        nullif(replace(replace(cells.line_item, 'carryover_opening', ''), '_', ''), ''),
                        'all'
                    )
            when cells.line_item like 'closing_balance%'
                then
                    coalesce(
                        cells.fund, nullif(replace(replace(cells.line_item, 'closing_balance', ''), '_', ''), ''), 'all'
                    )
        end as balance_key
    from cells
    left join wider_tables
        on cells.document_id = wider_tables.document_id and cells.table_no = wider_tables.table_no
),

-- the three expenses by item and not by body: a body's own line repeats the total
keyed as (
    select
        cell_no,
        cell_id,
        document_id,
        table_no,
        table_no * 1000000 + row_no * 100 + column_no as place,
        family,
        table_side,
        row_key,
        column_key,
        fiscal_year,
        phase,
        period,
        row_kind = 'total' as is_total,
        line_code,
        line_item,
        row_label,
        component,
        amount,
        half_unit,
        prior_rule,
        is_fiscal,
        is_in_doubt,
        balance_role,
        replace(balance_key, '_', '') as balance_key
    from named
    where
        row_key is not null
        and not (family = 'three_public' and row_kind = 'line' and line_item is null)
),

numbered as (
    select
        {{ quality_key([
            'document_id', 'family', 'table_side', 'row_key', 'column_key', 'fiscal_year', 'phase', 'period'
        ]) }} as corpus_cell_no,
        *
    from keyed
),

-- nearly all meanings are printed once, and these are taken as they are
several as (
    select corpus_cell_no
    from numbered
    group by corpus_cell_no
    having count(*) > 1
)

select
    *,
    true as is_lead
from numbered
where corpus_cell_no not in (select several.corpus_cell_no from several)
union all
-- the same number printed in several places is one, and the first speaks for all; different ones are nobody's certain
-- answer
select
    * replace (
        min(prior_rule) over of_meaning as prior_rule,
        bool_or(is_fiscal) over of_meaning as is_fiscal,
        bool_and(is_in_doubt) over of_meaning as is_in_doubt,
        min(line_code) over of_meaning as line_code,
        min(component) over of_meaning as component,
        min(line_item) over of_meaning as line_item,
        min(balance_role) over of_meaning as balance_role,
        min(balance_key) over of_meaning as balance_key,
        bool_or(is_total) over of_meaning as is_total,
        max(half_unit) over of_meaning as half_unit
    ),
    min(amount) over of_meaning = max(amount) over of_meaning
    and row_number() over (partition by corpus_cell_no order by place) = 1 as is_lead
from numbered
where corpus_cell_no in (select several.corpus_cell_no from several)
window of_meaning as (partition by corpus_cell_no)
