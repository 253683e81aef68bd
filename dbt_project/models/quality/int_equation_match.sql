-- One row a meaning that printed numbers have, and a term of a rule that asks for it.
{{ config(schema='intermediate') }}

with terms as (
    select *
    from {{ ref('int_rule_term') }}
    where
        shape in ('row_identity', 'balance', 'cross')
        and side in ('lhs', 'rhs')
),

meanings as (
    select
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
        period,
        phase,
        is_money,
        {{ quality_key([
            'table_type', 'row_kind', 'line_item', 'table_side', 'component', 'fund', 'money_source', 'is_of_which',
            'period', 'phase', 'is_money'
        ]) }} as kind_no
    from {{ ref('int_equation_place') }}
    group by all
),

-- terms meet kinds of meanings, and meanings only where a code is asked for: a corpus has some hundred kinds,
-- and as many meanings of each as there are codes
kinds as (
    select distinct
        kind_no,
        table_type,
        row_kind,
        line_item,
        table_side,
        component,
        fund,
        money_source,
        is_of_which,
        period,
        phase,
        is_money
    from meanings
),

kind_matches as (
    select
        kinds.kind_no,
        terms.*
    from kinds
    inner join terms
        on
            kinds.table_type = terms.table_type
            and {{ quality_selects('terms.row_kind', 'kinds.row_kind') }}
            and {{ quality_selects('terms.line_item', 'kinds.line_item') }}
            and {{ quality_selects('terms.table_side', "nullif(kinds.table_side, '')") }}
            and {{ quality_selects('terms.component', 'kinds.component') }}
            and {{ quality_selects('terms.fund', 'kinds.fund') }}
            and {{ quality_selects('terms.money_source', 'kinds.money_source') }}
            -- an «of which» column is no part of a sum unless the term says so
            and (not kinds.is_of_which or terms.of_which = 'any')
            and {{ quality_selects('terms.period', 'kinds.period') }}
            and {{ quality_selects('terms.phase', 'kinds.phase') }}
            and (kinds.is_money or terms.component = 'weight')
)

select
    {{ quality_key(['meanings.meaning_no', 'kind_matches.variant_no', 'kind_matches.term_no']) }} as match_no,
    meanings.meaning_no,
    kind_matches.variant_no,
    kind_matches.term_no,
    kind_matches.shape,
    kind_matches.side,
    kind_matches.cardinality,
    kind_matches.unless_component,
    kind_matches.unless_measure,
    kind_matches.unless_line_item,
    case kind_matches.side when 'lhs' then 1 else -1 end * kind_matches.coefficient as coefficient,
    {{ quality_lists('kind_matches.match_keys', 'table') }} as is_by_table,
    {{ quality_lists('kind_matches.match_keys', 'row') }} as is_by_row,
    {{ quality_lists('kind_matches.match_keys', 'period') }} as is_by_period,
    -- what the terms of one equation have in common, as far as a meaning tells it: written once a meaning
    concat(
        case
            when {{ quality_lists('kind_matches.match_keys', 'class') }}
                then ' ' || left(meanings.line_code, 3)
        end,
        case when {{ quality_lists('kind_matches.match_keys', 'code') }} then ' ' || meanings.line_code end,
        case when {{ quality_lists('kind_matches.match_keys', 'side') }} then ' ' || meanings.table_side end,
        case when {{ quality_lists('kind_matches.match_keys', 'component') }} then ' ' || meanings.component end,
        case
            when {{ quality_lists('kind_matches.match_keys', 'fund') }}
                then ' ' || coalesce(meanings.fund, '-')
        end,
        case
            when {{ quality_lists('kind_matches.match_keys', 'source') }}
                then ' ' || coalesce(meanings.money_source, '-')
        end,
        case when {{ quality_lists('kind_matches.match_keys', 'item') }} then ' ' || meanings.line_item end
    ) as meaning_key
from meanings
inner join kind_matches on meanings.kind_no = kind_matches.kind_no
where
    {{ quality_selects('kind_matches.code', 'meanings.line_code') }}
    and (
        kind_matches.code_level is null
        or cast(kind_matches.code_level as integer) = {{ quality_code_level('meanings.line_code') }}
    )
