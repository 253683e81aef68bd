-- One row an undecided root cause and a number that could be the wrong one, with what it would then have to be; and
-- the numbers that are wrong together.
{{ config(schema='intermediate') }}

with undecided as (
    select * from {{ ref('int_finding_evidence') }}
    where is_undecided and kind <> 'many_disagreements' and kind not in {{ quality_block_kinds() }}
),

places as (
    select
        repair_id,
        {{ quality_unnest_values('rival_places') }} as place
    from undecided
    where rival_places is not null
),

-- a number, the first of two, or all that are wrong together
rivals as (
    select distinct
        places.repair_id,
        coalesce(blocks.cell_id, split_part(places.place, ' <> ', 1)) as cell_id
    from places
    left join {{ ref('int_repair_block') }} as blocks on places.place = blocks.place
),

-- numbers that are printed, and blanks in which one would have to be
possible as (
    {% for source in ['int_repair_term', 'int_repair_blank'] -%}
        select
            equation_id,
            cell_id,
            side,
            coefficient,
            amount_yuan,
            may_be_negative,
            is_blank
        from {{ ref(source) }}
        {% if not loop.last %}union all{% endif %}
    {% endfor -%}
),

-- a number in these would break an equation that holds
settled_blanks as (
    select distinct blanks.cell_id
    from {{ ref('int_repair_blank') }} as blanks
    inner join {{ ref('int_repair_scope') }} as scope on blanks.equation_id = scope.equation_id
    where scope.status <> 'fail'
),

-- all terms of the equation where no correction is better than another
terms as (
    select
        undecided.repair_id,
        terms.cell_id,
        terms.side,
        terms.amount_yuan,
        terms.is_blank,
        cast(terms.amount_yuan - scope.residual * terms.coefficient as decimal(18, 2)) as expected
    from undecided
    inner join possible as terms on undecided.lead_equation_id = terms.equation_id
    inner join {{ ref('int_repair_scope') }} as scope on undecided.lead_equation_id = scope.equation_id
    left join rivals
        on
            undecided.repair_id = rivals.repair_id
            and terms.cell_id = rivals.cell_id
    left join settled_blanks on terms.cell_id = settled_blanks.cell_id
    where
        terms.cell_id is not null
        and abs(terms.coefficient) = 1
        and (terms.may_be_negative or terms.amount_yuan - scope.residual * terms.coefficient >= 0)
        and (
            undecided.rival_places is null
            or rivals.cell_id is not null
            -- seen by this equation alone, a blank mends as much as any rival
            or (terms.is_blank and undecided.equation_count = 1 and settled_blanks.cell_id is null)
        )
)

select
    repair_id,
    cell_id,
    min(expected) as expected,
    -- a slip of a digit first, then the total, then what is blank
    row_number() over (
        partition by repair_id
        order by
            min(case when not is_blank and {{ is_one_slip('amount_yuan', 'expected') }} then 0 else 1 end),
            min(case when side = 'lhs' then 0 when is_blank then 1 else 2 end),
            cell_id
    ) as place
from terms
group by repair_id, cell_id
union all
select
    repair_id,
    cell_id,
    expected,
    place
from {{ ref('int_repair_line_cell') }}
