-- One row a meaning of cells that a binding of the seed selects: worked out once a meaning, not once a cell.
with bindings as (

    select distinct
        cast(binding_no as integer) as binding_no,
        cast(preference as integer) as preference,
        table_type,
        row_kind,
        line_item,
        table_side,
        component,
        fund,
        money_source
    from {{ ref('claim_binding') }}
    where table_type is not null

),

meanings as (

    select distinct
        meaning_no,
        table_type,
        row_kind,
        line_code,
        line_item,
        table_side,
        component,
        fund,
        money_source,
        is_of_which,
        is_money
    from {{ ref('int_equation_cell') }}
    where period in ('current', 'prior')

)

select
    bindings.binding_no,
    meanings.meaning_no,
    min(
        bindings.preference * 10
        -- the column of all money before that of one fund or source
        + case when bindings.fund is null and meanings.fund is not null then 2 else 0 end
        + case when bindings.money_source is null and meanings.money_source is not null then 1 else 0 end
    ) as preference,
    -- a part of the money may stand for the whole where nothing else is printed; it proves nothing against the text
    bool_and(
        (bindings.fund is null and meanings.fund is not null)
        or (
            bindings.money_source is null and meanings.money_source is not null
            and meanings.component in (
                'basic', 'project', 'basic_personnel', 'basic_public', 'goods', 'works', 'services'
            )
        )
    ) as is_weak
from bindings
inner join meanings
    on
        bindings.table_type = meanings.table_type
        and {{ quality_selects('bindings.row_kind', 'meanings.row_kind') }}
        and {{ quality_selects('bindings.line_item', 'meanings.line_item') }}
        and {{ quality_selects('bindings.component', 'meanings.component') }}
        and (bindings.table_side is null or bindings.table_side = meanings.table_side)
        and (bindings.fund is null or bindings.fund = meanings.fund)
        and (bindings.money_source is null or bindings.money_source = meanings.money_source)
where
    meanings.is_money and not meanings.is_of_which
    and (bindings.line_item is not null or meanings.line_code is null)
group by bindings.binding_no, meanings.meaning_no
