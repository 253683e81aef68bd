-- One row a root cause: the suspected number, what is printed, what would satisfy the equations, and the likely slip.
{{ config(schema='intermediate') }}

with evidence as (
    select * from {{ ref('int_finding_evidence') }}
),

cells as (
    select * from {{ ref('int_equation_place') }}
),

-- numbers that are wrong together speak by the first of them
blocks as (
    select *
    from {{ ref('int_repair_line_cell') }}
    where place = 1
),

-- a number that should be another, in one place or wherever it is repeated
wrong_numbers as (
    select
        repair_id,
        cell_id,
        cast(split_part(repair_id, ' ', 2) as decimal(20, 2)) as amount_change,
        cast(null as decimal(18, 2)) as expected
    from evidence
    where kind = 'number'
    union all
    select
        repair_id,
        cell_id,
        cast(null as decimal(20, 2)) as amount_change,
        expected
    from blocks
    where kind = 'same_number'
),

corrections as (
    select
        wrong_numbers.repair_id,
        wrong_numbers.cell_id,
        cast(split_part(wrong_numbers.cell_id, ':', 2) as integer) as table_no,
        cells.document_id,
        cells.placement is null as is_blank,
        cells.table_type,
        cells.row_no,
        cells.lane_no,
        cells.line_code,
        cells.row_label,
        cells.column_path,
        cells.component,
        cells.period,
        cells.row_kind,
        cells.half_unit,
        case when cells.placement is not null then cells.amount end as published,
        coalesce(
            wrong_numbers.expected,
            cast(coalesce(cells.amount, 0) + wrong_numbers.amount_change as decimal(18, 2))
        ) as expected
    from wrong_numbers
    left join cells on wrong_numbers.cell_id = cells.cell_id
),

-- the same amount stands under the year before
copied_columns as (
    select distinct corrections.repair_id
    from corrections
    inner join cells as earlier
        on
            corrections.document_id = earlier.document_id
            and corrections.table_no = earlier.table_no
            and corrections.row_no = earlier.row_no
            and corrections.lane_no = earlier.lane_no
            and corrections.component = earlier.component
            and corrections.published = earlier.amount
            and earlier.period = 'prior'
    where
        corrections.period = 'current'
        and corrections.published <> 0
),

-- the same amount stands at the same place of another year's or another body's document
copied_documents as (
    select
        corrections.repair_id,
        min(other_documents.document_name) as source_name
    from corrections
    inner join cells as other
        on
            corrections.published = other.amount
            and corrections.table_type = other.table_type
            and corrections.row_label = other.row_label
            and corrections.column_path = other.column_path
            and coalesce(corrections.line_code, '') = coalesce(other.line_code, '')
    inner join {{ ref('stg_document') }} as documents on corrections.document_id = documents.document_id
    inner join {{ ref('stg_document') }} as other_documents on other.document_id = other_documents.document_id
    where
        corrections.published <> 0
        and (
            documents.agency_name <> other_documents.agency_name
            or documents.fiscal_year <> other_documents.fiscal_year
        )
        -- small and round amounts meet by chance
        and length({{ regex_remove('cast(cast(abs(corrections.published) as bigint) as varchar)', '0+$') }}) >= 4
    group by corrections.repair_id
),

-- the left side of a sum within its table
sums as (
    select distinct corrections.repair_id
    from corrections
    inner join {{ ref('int_repair') }} as repairs on corrections.repair_id = repairs.repair_id
    inner join {{ ref('int_repair_term') }} as terms
        on
            repairs.equation_id = terms.equation_id
            and corrections.cell_id = terms.cell_id
            and terms.side = 'lhs'
            and terms.shape <> 'cross'
),

numbers as (
    select
        corrections.repair_id,
        corrections.cell_id,
        corrections.table_no,
        corrections.published,
        corrections.expected,
        case
            when corrections.is_blank then 'missing_number'
            when corrections.expected = -corrections.published then 'wrong_sign'
            when
                {{ is_power_of_ten_thousand('corrections.published', 'corrections.expected') }}
                or {{ is_rounded_part(
                    'corrections.published', 'corrections.expected', 'corrections.half_unit', 10000
                ) }}
                then 'unit_error'
            when copied_columns.repair_id is not null then 'stale_copy'
            when
                {{ is_one_slip('corrections.published', 'corrections.expected') }}
                or {{ is_rounded_part('corrections.published', 'corrections.expected', 'corrections.half_unit', 10) }}
                then 'digit_error'
            when copied_documents.repair_id is not null then 'foreign_copy'
            when sums.repair_id is not null or corrections.row_kind = 'total' then 'wrong_total'
            else 'wrong_part'
        end as cause,
        copied_documents.source_name
    from corrections
    left join copied_columns on corrections.repair_id = copied_columns.repair_id
    left join copied_documents on corrections.repair_id = copied_documents.repair_id
    left join sums on corrections.repair_id = sums.repair_id
),

-- two numbers in each other's columns; the one that is not zero is shown
swaps as (
    select
        evidence.repair_id,
        case when coalesce(one.amount, 0) = 0 then evidence.other_cell_id else evidence.cell_id end as cell_id,
        cast(split_part(evidence.cell_id, ':', 2) as integer) as table_no,
        case when coalesce(one.amount, 0) = 0 then two.amount else one.amount end as published,
        coalesce(case when coalesce(one.amount, 0) = 0 then one.amount else two.amount end, 0) as expected,
        'column_shift' as cause,
        cast(null as varchar) as source_name
    from evidence
    left join cells as one on evidence.cell_id = one.cell_id
    left join cells as two on evidence.other_cell_id = two.cell_id
    where evidence.kind = 'column_shift'
),

lacking as (
    select
        evidence.repair_id,
        min(evidence.document_id) as document_id,
        cast(split_part(evidence.repair_id, ' ', 3) as integer) as table_no,
        nullif(split_part(evidence.repair_id, ' ', 4), '-') as line_code,
        coalesce(min(cells.line_code), '') as bearer_code,
        {{ first_by('terms.cell_id', "case cells.component when 'total' then 0 else 1 end") }} as bearer_cell_id,
        {{ first_by('-repairs.residual_change', "case cells.component when 'total' then 0 else 1 end") }} as amount
    from evidence
    inner join {{ ref('int_repair') }} as repairs on evidence.repair_id = repairs.repair_id
    inner join {{ ref('int_repair_term') }} as terms
        on
            repairs.equation_id = terms.equation_id
            and terms.side = 'lhs'
            and terms.shape like 'vertical%'
    inner join cells on terms.cell_id = cells.cell_id
    where evidence.kind = 'missing_row'
    group by evidence.repair_id
),

-- the codes that such a table lists
listed_codes as (
    select distinct
        lacking.repair_id,
        lacking.document_id,
        lacking.table_no,
        lacking.bearer_code,
        lines.line_code,
        lines.parent_row_no
    from lacking
    inner join {{ ref('int_equation_line') }} as lines
        on
            lacking.document_id = lines.document_id
            and lacking.table_no = lines.table_no
    where lines.line_code is not null
),

-- the level of the line: that of the others below the same line
lacking_levels as (
    select
        repair_id,
        max(length(line_code)) as code_length
    from listed_codes
    where
        case
            when bearer_code = '' then parent_row_no is null
            else
                starts_with(line_code, bearer_code)
                and length(line_code) = length(bearer_code) + 2
        end
    group by repair_id
),

-- tables of the same classification
kindred_tables as (
    select
        listed_codes.repair_id,
        others.document_id,
        others.table_no
    from listed_codes
    inner join {{ ref('int_equation_line') }} as others
        on
            listed_codes.document_id = others.document_id
            and listed_codes.line_code = others.line_code
            and listed_codes.table_no <> others.table_no
    group by listed_codes.repair_id, others.document_id, others.table_no
    having count(distinct others.line_code) >= 2
),

-- the one line of that level that other tables have below the same line and this one has not
only_unlisted as (
    select
        lacking.repair_id,
        min(siblings.cell_id) as cell_id
    from lacking
    inner join lacking_levels on lacking.repair_id = lacking_levels.repair_id
    inner join kindred_tables on lacking.repair_id = kindred_tables.repair_id
    inner join cells as siblings
        on
            kindred_tables.document_id = siblings.document_id
            and kindred_tables.table_no = siblings.table_no
            and lacking_levels.code_length = length(siblings.line_code)
    left join listed_codes
        on
            lacking.repair_id = listed_codes.repair_id
            and siblings.line_code = listed_codes.line_code
    where
        lacking.line_code is null
        and listed_codes.line_code is null
        and starts_with(siblings.line_code, lacking.bearer_code)
        and siblings.amount <> 0
    group by lacking.repair_id
    having count(distinct siblings.line_code) = 1
),

-- the line as another table of the document has it, of the same level before others
lacking_names as (
    select
        lacking.repair_id,
        {{ first_by(
            'siblings.cell_id',
            "case when siblings.amount = lacking.amount then '0' else '1' end"
            " || case when length(siblings.line_code) = lacking_levels.code_length then '0' else '1' end"
            " || siblings.cell_id"
        ) }} as cell_id
    from lacking
    inner join cells as siblings
        on
            lacking.document_id = siblings.document_id
            and lacking.table_no <> siblings.table_no
            and siblings.line_code is not null
            and (
                lacking.line_code = siblings.line_code
                or (lacking.line_code is null and abs(siblings.amount - lacking.amount) <= 2 * siblings.half_unit)
            )
    left join lacking_levels on lacking.repair_id = lacking_levels.repair_id
    left join {{ ref('int_equation_line') }} as listed
        on
            lacking.document_id = listed.document_id
            and lacking.table_no = listed.table_no
            and siblings.line_code = listed.line_code
    where
        listed.line_code is null
        and starts_with(siblings.line_code, lacking.bearer_code)
        and siblings.line_code <> lacking.bearer_code
    group by lacking.repair_id
),

missing_lines as (
    select
        lacking.repair_id,
        coalesce(lacking_names.cell_id, only_unlisted.cell_id, lacking.bearer_cell_id) as cell_id,
        lacking.table_no,
        cast(null as decimal(18, 2)) as published,
        cast(lacking.amount as decimal(18, 2)) as expected,
        case
            when coalesce(lacking_names.cell_id, only_unlisted.cell_id) is null then 'missing_part' else 'missing_row'
        end as cause,
        cast(null as varchar) as source_name
    from lacking
    left join lacking_names on lacking.repair_id = lacking_names.repair_id
    left join only_unlisted on lacking.repair_id = only_unlisted.repair_id
),

surplus_lines as (
    select
        evidence.repair_id,
        {{ first_by('cells.cell_id', "case cells.component when 'total' then '0' else '1' end || cells.cell_id") }}
            as cell_id,
        min(cells.table_no) as table_no,
        {{ first_by('cells.amount', "case cells.component when 'total' then '0' else '1' end || cells.cell_id") }}
            as published,
        cast(0 as decimal(18, 2)) as expected,
        min(evidence.kind) as cause,
        cast(null as varchar) as source_name
    from evidence
    inner join cells
        on
            evidence.document_id = cells.document_id
            and split_part(evidence.repair_id, ' ', 3) = cast(cells.table_no as varchar)
            and split_part(evidence.repair_id, ' ', 4) = cells.row_no || '.' || cells.lane_no
    where
        evidence.kind in ('duplicate_row', 'surplus_row')
        and cells.amount <> 0
    group by evidence.repair_id
),

wrong_blocks as (
    select
        blocks.repair_id,
        blocks.cell_id,
        cells.table_no,
        case when cells.placement is not null then cells.amount end as published,
        blocks.expected,
        case when blocks.kind = 'stale_line' and cells.placement is null then 'blank_line' else blocks.kind end
            as cause,
        cast(null as varchar) as source_name
    from blocks
    inner join cells on blocks.cell_id = cells.cell_id
    where blocks.kind <> 'same_number'
),

disagreements as (
    select
        evidence.repair_id,
        cells.cell_id,
        cells.table_no,
        case
            when cells.cell_no is null or cells.placement is not null then cast(evidence.lhs_amount as decimal(18, 2))
        end as published,
        cast(evidence.rhs_amount as decimal(18, 2)) as expected,
        case
            when evidence.kind = 'many_disagreements' then 'many_disagreements'
            -- of one equation's terms a blank where a number has to stand is the likely one
            when (cells.cell_no is not null and cells.placement is null) then 'missing_number'
            when evidence.comparison = 'eq' then 'disagreement'
            else 'limit_exceeded'
        end as cause,
        cast(null as varchar) as source_name
    from evidence
    left join cells on evidence.lead_cell_no = cells.cell_no
    where
        evidence.kind in ('disagreement', 'many_disagreements')
),

all_causes as (
    select * from numbers
    union all
    select * from swaps
    union all
    select * from missing_lines
    union all
    select * from surplus_lines
    union all
    select * from wrong_blocks
    union all
    select * from disagreements
)

select
    repair_id,
    cell_id,
    table_no,
    published,
    expected,
    case cause
        when 'missing_part' then 'missing_row'
        when 'blank_line' then 'missing_number'
        when 'unit_block' then 'unit_error'
        when 'columns_exchanged' then 'column_shift'
        when 'line_shifted' then 'column_shift'
        else cause
    end as cause,
    case
        when
            repair_id in (
                select blocks.repair_id
                from blocks
                where blocks.kind = 'same_number'
            )
            then 'same_number'
        -- a line that no other table names is spoken of by the line above it
        else cause
    end as template,
    source_name
from all_causes
