-- One row a line whose code is a slip, with the one that its name, its neighbours and the other tables say.
{{ config(schema='intermediate') }}

with known_names as (

    select * from {{ ref('int_known_name') }}

),

row_amounts as (

    select
        document_id,
        table_no,
        row_no,
        lane_no,
        max(abs(amount_yuan)) as greatest
    from {{ ref('int_published_amount') }}
    group by document_id, table_no, row_no, lane_no

),

lines as (

    select
        table_rows.document_id,
        table_rows.table_no,
        table_rows.row_no,
        table_rows.lane_no,
        table_rows.page_no,
        table_rows.row_order,
        table_rows.row_code,
        table_rows.row_label,
        table_rows.label_key,
        table_rows.code_domain,
        coalesce(row_amounts.greatest, 0) as greatest
    from {{ ref('int_table_row') }} as table_rows
    inner join {{ ref('int_table') }} as tables
        on table_rows.document_id = tables.document_id and table_rows.table_no = tables.table_no
    left join row_amounts
        on
            table_rows.document_id = row_amounts.document_id
            and table_rows.table_no = row_amounts.table_no
            and table_rows.row_no = row_amounts.row_no
            and table_rows.lane_no = row_amounts.lane_no
    where
        tables.grain in ('function', 'economic')
        and not tables.is_two_sided
        and tables.confidence = 'high'
        and coalesce(table_rows.row_role, 'item') not in ('total', 'subtotal', 'balance')
        and coalesce(table_rows.label_key, '') <> ''

),

-- the classification that most lines of a table are of
domains as (

    select
        document_id,
        table_no,
        code_domain as table_domain
    from lines
    where code_domain is not null
    group by document_id, table_no, code_domain
    qualify row_number() over (partition by document_id, table_no order by count(*) desc, code_domain) = 1

),

judged as (

    select
        lines.*,
        domains.table_domain,
        known_names.code is null as is_suspect
    from lines
    inner join domains using (document_id, table_no)
    left join known_names
        on
            domains.table_domain = known_names.code_domain
            and lines.row_code = known_names.code
            and lines.label_key = known_names.name_key

),

-- the neighbours are lines that bear a code of the table's classification, and no doubtful one
counted as (

    select
        *,
        case when code_domain = table_domain and not is_suspect then row_code end as sure_code,
        count(case when code_domain = table_domain and not is_suspect then 1 end) over (
            partition by document_id, table_no, lane_no order by row_order
            rows between unbounded preceding and current row
        ) as sure_no
    from judged
    where (document_id, table_no) in (
        select
            doubted.document_id,
            doubted.table_no
        from judged as doubted
        where doubted.is_suspect
    )

),

suspects as (

    select
        counted.*,
        above.row_code as code_above,
        below.row_code as code_below
    from counted
    left join counted as above
        on
            counted.document_id = above.document_id
            and counted.table_no = above.table_no
            and counted.lane_no = above.lane_no
            and counted.sure_no = above.sure_no
            and above.sure_code is not null
    left join counted as below
        on
            counted.document_id = below.document_id
            and counted.table_no = below.table_no
            and counted.lane_no = below.lane_no
            and counted.sure_no + 1 = below.sure_no
            and below.sure_code is not null
    where counted.is_suspect

),

candidates as (

    select
        suspects.*,
        known_names.code as meant_code
    from suspects
    inner join known_names
        on suspects.table_domain = known_names.code_domain and suspects.label_key = known_names.name_key

    union

    -- a name that the classification does not have, as other tables print it
    select
        suspects.*,
        others.row_code as meant_code
    from suspects
    inner join judged as others
        on
            suspects.document_id = others.document_id
            and suspects.label_key = others.label_key
            and suspects.table_domain = others.code_domain
            and suspects.row_code <> others.row_code
            and length(suspects.row_code) = length(others.row_code)
    where others.table_no <> suspects.table_no

),

-- what the other tables print beside these codes
printed as (

    select distinct
        document_id,
        table_no,
        table_domain,
        row_code,
        label_key,
        greatest
    from judged
    where row_code is not null

),

asked as (

    select
        candidates.document_id,
        candidates.table_no,
        candidates.row_no,
        candidates.lane_no,
        candidates.table_domain,
        candidates.label_key,
        candidates.greatest,
        candidates.meant_code,
        sides.is_meant,
        case when sides.is_meant then candidates.meant_code else candidates.row_code end as code
    from candidates
    cross join (values (true), (false)) as sides (is_meant)

),

witnesses as (

    select
        asked.document_id,
        asked.table_no,
        asked.row_no,
        asked.lane_no,
        asked.meant_code,
        bool_or(asked.is_meant and printed.table_no = asked.table_no) as is_taken,
        bool_or(
            asked.is_meant and printed.table_no <> asked.table_no and printed.label_key = asked.label_key
        ) as is_named_elsewhere,
        bool_or(
            asked.is_meant and printed.table_no <> asked.table_no
            and printed.greatest = asked.greatest and asked.greatest <> 0
        ) as has_amount,
        bool_or(
            not asked.is_meant and printed.table_no <> asked.table_no
            and printed.greatest = asked.greatest and asked.greatest <> 0
        ) as has_amount_as_printed
    from asked
    inner join printed
        on
            asked.document_id = printed.document_id
            and asked.table_domain = printed.table_domain
            and asked.code = printed.row_code
    group by asked.document_id, asked.table_no, asked.row_no, asked.lane_no, asked.meant_code

),

placed as (

    select
        *,
        {{ code_fits('meant_code') }} as fits,
        {{ code_fits('row_code') }} as fits_as_printed
    from candidates

),

weighed as (

    select
        placed.*,
        coalesce(witnesses.is_taken, false) as is_taken,
        coalesce(witnesses.has_amount, false) as has_amount,
        coalesce(witnesses.is_named_elsewhere, false) as is_named_elsewhere,
        case when coalesce(witnesses.has_amount, false) then 2 else 0 end
        + case when coalesce(witnesses.is_named_elsewhere, false) then 1 else 0 end
        + case when placed.fits then 1 else 0 end as score,
        case when coalesce(witnesses.has_amount_as_printed, false) then 2 else 0 end
        + case when placed.fits_as_printed then 1 else 0 end as printed_score
    from placed
    left join witnesses
        on
            placed.document_id = witnesses.document_id
            and placed.table_no = witnesses.table_no
            and placed.row_no = witnesses.row_no
            and placed.lane_no = witnesses.lane_no
            and placed.meant_code = witnesses.meant_code

),

-- lines that bear no code at all: those of a level whose other lines bear one
levels as (

    select distinct
        document_id,
        table_no,
        length(row_code) as code_length
    from judged
    where code_domain = table_domain

)

select
    weighed.document_id,
    weighed.table_no,
    weighed.row_no,
    weighed.lane_no,
    weighed.page_no,
    weighed.row_code,
    weighed.row_label,
    weighed.label_key,
    weighed.table_domain as code_domain,
    weighed.meant_code,
    weighed.code_domain is null or known_codes.code is null as is_unknown_code,
    -- what says so
    weighed.is_named_elsewhere and weighed.has_amount as is_told_elsewhere
from weighed
left join levels
    on
        weighed.document_id = levels.document_id
        and weighed.table_no = levels.table_no
        and length(weighed.meant_code) = levels.code_length
left join (
    select distinct
        code_domain,
        code
    from known_names
) as known_codes
    on
        weighed.table_domain = known_codes.code_domain
        and weighed.row_code = known_codes.code
where
    -- a table may list its codes once a body, and a section on several lines
    (
        weighed.fits
        or not weighed.is_taken
        or (weighed.code_above = weighed.meant_code and not weighed.fits_as_printed)
    )
    and weighed.score > weighed.printed_score
    and case
        when weighed.row_code is null
            then weighed.fits and starts_with(weighed.code_below, weighed.meant_code) and levels.code_length is not null
        else length(weighed.row_code) = length(weighed.meant_code) or weighed.code_domain is null
    end
-- of two that are as likely neither is known
qualify
    count(*) over (
        partition by weighed.document_id, weighed.table_no, weighed.row_no, weighed.lane_no, weighed.score
    ) = 1
    and row_number() over (
        partition by weighed.document_id, weighed.table_no, weighed.row_no, weighed.lane_no
        order by weighed.score desc
    ) = 1
