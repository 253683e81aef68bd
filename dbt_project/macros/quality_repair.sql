{# How failing equations are led back to their root causes: repairs are proposed, weighed and chosen in rounds.

A repair is a set of effects on equations. It is worth what it mends less what it breaks. In each round every failing
equation points at its best repair, and a repair is chosen where all equations that it mends point at it; the next
round sees the residuals that remain. #}

{# Whether an equation holds within its tolerance. #}
{% macro quality_holds(residual, tolerance, comparison) -%}
    ({{ quality_verdict(residual, tolerance, comparison) }} <> 'fail')
{%- endmacro %}

{# The residuals before a round: those of the verdicts, less what earlier rounds have explained. #}
{% macro quality_state(earlier_rounds) -%}
    select
        equations.equation_id,
        equations.document_id,
        equations.comparison,
        equations.severity,
        equations.tolerance,
        {% if earlier_rounds -%}
        cast(equations.residual + coalesce(effects.residual_change, 0) as decimal(20, 2)) as residual
        {%- else -%}
        equations.residual
        {%- endif %}
    from {{ ref('int_repair_scope') }} as equations
    {% if earlier_rounds -%}
    left join (
        select
            equation_id,
            sum(residual_change) as residual_change
        from (
            {% for name in earlier_rounds -%}
            select equation_id, residual_change from {{ ref(name) }}
            {{ 'union all' if not loop.last }}
            {% endfor -%}
        ) as chosen
        group by equation_id
    ) as effects on equations.equation_id = effects.equation_id
    {%- endif %}
{%- endmacro %}

{# The choice: from the CTEs `state` and `effects` (repair_id, document_id, preference, equation_id, residual_change). #}
{% macro quality_choice() -%}
weighed_effects as (
    select
        effects.*,
        state.residual,
        case state.severity when 'error' then 2 else 1 end as weight,
        {{ quality_holds('state.residual', 'state.tolerance', 'state.comparison') }} as held,
        {{ quality_holds(
            '(state.residual + effects.residual_change)', 'state.tolerance', 'state.comparison'
        ) }} as will_hold
    from effects
    inner join state on effects.equation_id = state.equation_id
),

worth as (
    select
        repair_id,
        sum(case when not held and will_hold then weight when held and not will_hold then -weight else 0 end) as score
    from weighed_effects
    group by repair_id
),

pointed as (
    select
        weighed_effects.*,
        worth.score,
        row_number() over (
            partition by weighed_effects.equation_id
            order by worth.score desc, weighed_effects.preference, weighed_effects.repair_id
        ) as place,
        count(*) over (partition by weighed_effects.equation_id, worth.score) as rivals
    from weighed_effects
    inner join worth on weighed_effects.repair_id = worth.repair_id
    where not weighed_effects.held
        and weighed_effects.will_hold
        and worth.score > 0
),

chosen as (
    select
        repair_id,
        max(score) as score,
        min(rivals) as rivals
    from pointed
    group by repair_id
    having max(place) = 1
)

select
    weighed_effects.repair_id,
    weighed_effects.document_id,
    weighed_effects.equation_id,
    weighed_effects.residual_change,
    not weighed_effects.held and weighed_effects.will_hold as is_mended,
    -- an equation that two mistakes break is evidence of both
    not weighed_effects.held
    and abs(weighed_effects.residual + weighed_effects.residual_change) < abs(weighed_effects.residual) as is_evidence,
    chosen.score,
    -- as many repairs are worth the same to each equation that this one mends
    chosen.rivals > 1 as is_undecided
from weighed_effects
inner join chosen on weighed_effects.repair_id = chosen.repair_id
{%- endmacro %}

{# One round of corrections of single numbers. #}
{% macro quality_number_round(earlier_rounds) -%}
with state as (
    {{ quality_state(earlier_rounds) }}
),

proposals as (
    select distinct
        terms.cell_id || ' ' || cast(-state.residual * terms.coefficient as decimal(20, 2)) as repair_id,
        terms.document_id,
        terms.cell_id,
        terms.amount_yuan,
        cast(-state.residual * terms.coefficient as decimal(20, 2)) as amount_change
    from state
    inner join {{ ref('int_repair_term') }} as terms on state.equation_id = terms.equation_id
    where not {{ quality_holds('state.residual', 'state.tolerance', 'state.comparison') }}
        and terms.cell_id is not null
        and abs(terms.coefficient) = 1
        {% for name in earlier_rounds if name.startswith('int_repair_number') -%}
        -- a number is corrected once
        and terms.cell_id not in (select split_part(repair_id, ' ', 1) from {{ ref(name) }})
        {% endfor -%}
),

effects as (
    select
        proposals.repair_id,
        proposals.document_id,
        -- a slip of one digit is likelier than any other mistake, and a wrong total than a wrong part
        case
            when {{ is_one_slip('proposals.amount_yuan', 'proposals.amount_yuan + proposals.amount_change') }} then 0
            else 2
        end
        + case when max(case when terms.side = 'lhs' then 1 else 0 end) over (partition by proposals.repair_id) = 1
            then 0 else 1 end as preference,
        terms.equation_id,
        cast(terms.coefficient * proposals.amount_change as decimal(20, 2)) as residual_change
    from proposals
    inner join {{ ref('int_repair_term') }} as terms on proposals.cell_id = terms.cell_id
),

{{ quality_choice() }}
{%- endmacro %}

{# Whether one digit that is wrong, missing, extra or exchanged with its neighbour makes one amount of the other. #}
{% macro is_one_slip(one, other) -%}
    (
        damerau_levenshtein(
            replace(cast(abs({{ one }}) as varchar), '.', ''), replace(cast(abs({{ other }}) as varchar), '.', '')
        ) = 1
    )
{%- endmacro %}
