{# One round of reading levels from amounts: of the lines that are left, those that close a sum are taken under it. #}
{% macro quality_level_round(number) -%}
placed_{{ number }} as (
    select
        *,
        row_number() over (partition by reading, document_id, table_no, lane_no order by row_order) as place_no,
        sum(amount) over (partition by reading, document_id, table_no, lane_no order by row_order) as amount_so_far,
        sum(half_unit) over (partition by reading, document_id, table_no, lane_no order by row_order) as half_unit_so_far,
        lead(form) over (partition by reading, document_id, table_no, lane_no order by row_order) as next_form,
        -- what the next line repeats may be the next line's to take
        lead(amount) over (partition by reading, document_id, table_no, lane_no order by row_order) as next_amount,
        lead(is_parent) over (partition by reading, document_id, table_no, lane_no order by row_order) as next_is_parent
    from left_{{ number - 1 }}
),

closing_{{ number }} as (
    select
        parent.reading,
        parent.document_id,
        parent.table_no,
        parent.lane_no,
        parent.row_no,
        parent.place_no,
        min(child.place_no) as last_place_no
    from placed_{{ number }} as parent
    inner join placed_{{ number }} as child
        on
            parent.reading = child.reading
            and parent.document_id = child.document_id
            and parent.table_no = child.table_no
            and parent.lane_no = child.lane_no
            and parent.place_no < child.place_no
            and parent.form <= child.form
            and not parent.is_parent
            and abs(child.amount_so_far - parent.amount_so_far - parent.amount)
            <= parent.half_unit + child.half_unit_so_far - parent.half_unit_so_far
            -- a line with lower ones behind it, or with its own amount once more, finds its own parts first
            and (
                child.is_parent
                or coalesce(child.next_form, 0) < child.form
                or (
                    child.next_form = child.form
                    and (child.place_no > parent.place_no + 1 or child.next_amount <> child.amount or child.next_is_parent)
                )
            )
            and (
                child.place_no > parent.place_no + 1
                or parent.reading = 4
                or child.is_parent
                or parent.form < child.form
                or position(parent.row_label in child.row_label) > 0
            )
    group by all
),

taken_{{ number }} as (
    select
        placed.reading,
        placed.document_id,
        placed.table_no,
        placed.lane_no,
        placed.row_no,
        closing.row_no as parent_row_no
    from closing_{{ number }} as closing
    left join closing_{{ number }} as inner_one
        on
            closing.reading = inner_one.reading
            and closing.document_id = inner_one.document_id
            and closing.table_no = inner_one.table_no
            and closing.lane_no = inner_one.lane_no
            and closing.place_no < inner_one.place_no
            and closing.last_place_no >= inner_one.place_no
    inner join placed_{{ number }} as placed
        on
            closing.reading = placed.reading
            and closing.document_id = placed.document_id
            and closing.table_no = placed.table_no
            and closing.lane_no = placed.lane_no
            and placed.place_no > closing.place_no
            and placed.place_no <= closing.last_place_no
    where inner_one.row_no is null
),

left_{{ number }} as (
    select
        placed.reading,
        placed.document_id,
        placed.table_no,
        placed.lane_no,
        placed.row_no,
        placed.row_order,
        placed.row_label,
        placed.form,
        placed.amount,
        placed.half_unit,
        placed.is_parent or parents.parent_row_no is not null as is_parent
    from placed_{{ number }} as placed
    left join taken_{{ number }} as taken using (reading, document_id, table_no, lane_no, row_no)
    left join (select distinct reading, document_id, table_no, lane_no, parent_row_no from taken_{{ number }}) as parents
        on
            placed.reading = parents.reading
            and placed.document_id = parents.document_id
            and placed.table_no = parents.table_no
            and placed.lane_no = parents.lane_no
            and placed.row_no = parents.parent_row_no
    where taken.row_no is null
)
{%- endmacro %}

{# As many rounds as there are levels, from the lines of `left_0`: in `taken`, every line taken under another. #}
{% macro quality_level_rounds(levels) -%}
{% for number in range(1, levels + 1) %}
{{ quality_level_round(number) }},
{% endfor %}
taken as (
    {%- for number in range(1, levels + 1) %}
    select * from taken_{{ number }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
)
{%- endmacro %}
