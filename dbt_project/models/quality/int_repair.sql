-- One row a repair and an equation that is evidence of it; equations that no repair mends stand under their residual.
{{ config(schema='intermediate') }}

{% set rounds = ['int_repair_round_1', 'int_repair_round_2', 'int_repair_round_3', 'int_repair_round_4'] -%}

with proposed as (
    {% for name in rounds -%}
        select
            kind,
            repair_id,
            document_id,
            cell_id,
            other_cell_id,
            equation_id,
            residual_change,
            is_mended,
            is_undecided,
            rival_places
        from {{ ref(name) }}
        where is_evidence
        {{ 'union all' if not loop.last }}
    {% endfor -%}
),

-- a later round may propose again what an earlier one did
all_repairs as (
    select
        min(kind) as kind,
        repair_id,
        min(document_id) as document_id,
        min(cell_id) as cell_id,
        min(other_cell_id) as other_cell_id,
        equation_id,
        min(residual_change) as residual_change,
        bool_or(is_mended) as is_mended,
        bool_or(is_undecided) as is_undecided,
        min(rival_places) as rival_places
    from proposed
    group by repair_id, equation_id
),

-- one sum alone does not say which of its terms is wrong, nor do two that are the same in another place
decisive as (
    select repair_id
    from all_repairs
    group by repair_id
    having
        not bool_or(is_undecided)
        or min(kind) not in ('number', 'same_number')
        or (min(kind) = 'number' and count(case when is_mended then 1 end) > 1)
),

repairs as (
    select *
    from all_repairs
    where repair_id in (select decisive.repair_id from decisive)
),

rivals as (
    select
        equation_id,
        min(rival_places) as rival_places
    from all_repairs
    where
        is_mended
        and repair_id not in (select decisive.repair_id from decisive)
    group by equation_id
),

-- what the repairs leave of each residual
explained as (
    select
        equation_id,
        sum(residual_change) as residual_change
    from (
        {% for name in rounds -%}
            select
                repair_id,
                equation_id,
                residual_change
            from {{ ref(name) }}
            {{ 'union all' if not loop.last }}
        {% endfor -%}
    ) as effects
    where repair_id in (select decisive.repair_id from decisive)
    group by equation_id
),

supported as (
    select
        equation_id,
        bool_or(is_mended) as is_mended
    from repairs
    group by equation_id
),

failed as (
    select
        scope.equation_id,
        scope.document_id,
        scope.rule_id,
        scope.variant,
        scope.shape,
        scope.comparison,
        scope.tolerance,
        scope.is_searched,
        scope.lead_cell_no,
        cast(scope.residual + coalesce(explained.residual_change, 0) as decimal(20, 2)) as residual
    from {{ ref('int_repair_scope') }} as scope
    left join explained on scope.equation_id = explained.equation_id
    where scope.status = 'fail'
),

-- no repair mends them, and several together do not either
left_over as (
    select
        failed.equation_id,
        failed.document_id,
        failed.rule_id,
        failed.variant,
        failed.shape,
        failed.tolerance,
        failed.residual,
        failed.is_searched,
        cells.table_no,
        cells.row_no,
        cells.lane_no,
        cells.cell_id,
        rivals.rival_places
    from failed
    left join supported on failed.equation_id = supported.equation_id
    left join {{ ref('int_equation_place') }} as cells on failed.lead_cell_no = cells.cell_no
    left join rivals on failed.equation_id = rivals.equation_id
    where
        supported.equation_id is null
        or (
            not supported.is_mended
            and not {{ quality_holds('failed.residual', 'failed.tolerance', 'failed.comparison') }}
        )
),

-- sums of one line that break in several columns by what adds up along the line: the line is wrong, or one below it
lines_apart as (
    select
        document_id,
        table_no,
        row_no,
        lane_no,
        rule_id,
        variant
    from (
        select
            left_over.document_id,
            left_over.table_no,
            left_over.row_no,
            left_over.lane_no,
            left_over.rule_id,
            left_over.variant,
            along.equation_id,
            count(*) as amounts,
            abs(sum(along.coefficient * left_over.residual)) <= sum(left_over.tolerance) as is_balanced
        from left_over
        inner join {{ ref('int_repair_term') }} as along on left_over.cell_id = along.cell_id
        where
            left_over.shape like 'vertical%'
            and along.shape = 'row_identity'
        group by all
    ) as identities
    group by document_id, table_no, row_no, lane_no, rule_id, variant
    having bool_and(is_balanced) and max(amounts) >= 2
),

differences_of_lines as (
    select
        document_id,
        table_no,
        abs(left_over.residual) as difference,
        min(row_no || '.' || lane_no) as line
    from left_over
    inner join lines_apart using (document_id, table_no, row_no, lane_no, rule_id, variant)
    group by document_id, table_no, abs(left_over.residual)
),

-- the lines that a repair touches, by their place and by their code
repaired_lines as (
    select distinct
        repairs.repair_id,
        repairs.document_id,
        terms.table_no,
        terms.row_no,
        terms.line_code,
        abs(repairs.residual_change) as amount
    from repairs
    inner join {{ ref('int_repair_term') }} as terms on repairs.equation_id = terms.equation_id
    where
        repairs.is_mended
        and not repairs.is_undecided
        and (
            (
                split_part(repairs.cell_id, ':', 2) = cast(terms.table_no as varchar)
                and split_part(repairs.cell_id, ':', 3) = cast(terms.row_no as varchar)
            )
            -- a line that is not there belongs to its sum
            or (repairs.kind = 'missing_row' and terms.side = 'lhs' and terms.shape <> 'cross')
        )
),

-- the same difference at the same line or code is the same mistake, though the repair does not reach it
attached as (
    select
        left_over.equation_id,
        min(repaired_lines.repair_id) as repair_id
    from left_over
    inner join {{ ref('int_repair_term') }} as terms on left_over.equation_id = terms.equation_id
    inner join repaired_lines
        on
            left_over.document_id = repaired_lines.document_id
            and abs(left_over.residual) = repaired_lines.amount
            and (
                (terms.table_no = repaired_lines.table_no and terms.row_no = repaired_lines.row_no)
                or terms.line_code = repaired_lines.line_code
            )
    left join repairs as known
        on
            left_over.equation_id = known.equation_id
            and repaired_lines.repair_id = known.repair_id
    where known.repair_id is null
    group by left_over.equation_id
)

select * from repairs
union all
select
    described.kind,
    described.repair_id,
    left_over.document_id,
    described.cell_id,
    described.other_cell_id,
    left_over.equation_id,
    left_over.residual as residual_change,
    false as is_mended,
    described.is_undecided,
    described.rival_places
from left_over
inner join attached on left_over.equation_id = attached.equation_id
inner join (
    select
        repair_id,
        min(kind) as kind,
        min(cell_id) as cell_id,
        min(other_cell_id) as other_cell_id,
        bool_or(is_undecided) as is_undecided,
        min(rival_places) as rival_places
    from repairs
    group by repair_id
) as described on attached.repair_id = described.repair_id
union all
select
    case when left_over.is_searched then 'disagreement' else 'many_disagreements' end as kind,
    -- the same difference against the same table is one disagreement
    case
        when left_over.is_searched
            then
                'differs ' || left_over.document_id || ' ' || coalesce(left_over.table_no, 0) || ' '
                || coalesce('line ' || lines.line, cast(abs(left_over.residual) as varchar))
        else 'many ' || left_over.document_id || ' ' || coalesce(left_over.table_no, 0) || ' ' || left_over.rule_id
    end as repair_id,
    left_over.document_id,
    cast(null as varchar) as cell_id,
    cast(null as varchar) as other_cell_id,
    left_over.equation_id,
    left_over.residual as residual_change,
    false as is_mended,
    true as is_undecided,
    left_over.rival_places
from left_over
left join differences_of_lines as lines
    on
        left_over.document_id = lines.document_id
        and left_over.table_no = lines.table_no
        and abs(left_over.residual) = lines.difference
where left_over.equation_id not in (select attached.equation_id from attached)
