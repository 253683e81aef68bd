-- One row a root cause: what is printed, what would satisfy the equations, and which equations say so.
with repairs as (
    select * from {{ ref('int_repair') }}
),

scope as (
    select * from {{ ref('int_repair_scope') }}
),

cells as (
    select
        equation_cells.*,
        amounts.unit,
        amounts.value,
        amounts.document_name,
        amounts.table_title
    from {{ ref('int_equation_cell') }} as equation_cells
    inner join {{ ref('int_published_amount') }} as amounts on equation_cells.cell_id = amounts.cell_id
),

tables as (
    select
        document_id,
        table_no,
        document_name,
        table_title,
        page_no,
        confidence = 'low' or coalesce(source_token_count <> landed_token_count, false) as is_doubtful
    from {{ ref('int_table') }}
),

-- evidence: which equations, how grave, and whether a number in them may have been misread
evidence as (
    select
        repairs.repair_id,
        min(repairs.kind) as kind,
        min(repairs.document_id) as document_id,
        bool_or(repairs.is_undecided) as is_undecided,
        min(scope.rule_id) filter (where repairs.is_mended or repairs.kind = 'disagreement') as rule_id,
        min(scope.comparison) as comparison,
        {{ first_by('scope.equation_id', "scope.rule_id || scope.equation_id") }} as lead_equation_id,
        {{ first_by('scope.lhs_amount', "scope.rule_id || scope.equation_id") }} as lhs_amount,
        {{ first_by('scope.rhs_amount', "scope.rule_id || scope.equation_id") }} as rhs_amount,
        {{ first_by('scope.lead_cell_no', "scope.rule_id || scope.equation_id") }} as lead_cell_no,
        case min(case scope.severity when 'error' then 1 when 'warning' then 2 else 3 end)
            when 1 then 'error'
            when 2 then 'warning'
            else 'minor'
        end as severity,
        list(repairs.equation_id order by repairs.equation_id) as equations,
        count(*) as equation_count
    from repairs
    inner join scope on repairs.equation_id = scope.equation_id
    group by repairs.repair_id
),

doubt as (
    select
        repairs.repair_id,
        bool_or(
            (terms.placement <> 'printed' and terms.amount_yuan <> 0 and scope.does_column_matter)
            or tables.is_doubtful
        ) as is_in_doubt
    from repairs
    inner join scope on repairs.equation_id = scope.equation_id
    inner join {{ ref('int_repair_term') }} as terms on repairs.equation_id = terms.equation_id
    left join tables
        on terms.document_id = tables.document_id
        and terms.table_no = tables.table_no
    group by repairs.repair_id
),

-- a number that should be another
number_causes as (
    select
        evidence.repair_id,
        cells.cell_id as suspect_cell_id,
        cast(split_part(evidence.repair_id, ' ', 2) as decimal(20, 2)) as change,
        prior.cell_id is not null as is_copy
    from evidence
    inner join cells on split_part(evidence.repair_id, ' ', 1) = cells.cell_id
    left join cells as prior
        on cells.document_id = prior.document_id
        and cells.table_no = prior.table_no
        and cells.row_no = prior.row_no
        and cells.lane_no = prior.lane_no
        and cells.component = prior.component
        and cells.period = 'current'
        and prior.period = 'prior'
        and cells.amount = prior.amount
        and cells.amount <> 0
    where evidence.kind = 'number'
),

number_leads as (
    select
        number_causes.repair_id,
        bool_or(terms.side = 'lhs') as is_total
    from number_causes
    inner join repairs on number_causes.repair_id = repairs.repair_id
    inner join {{ ref('int_repair_term') }} as terms
        on repairs.equation_id = terms.equation_id
        and number_causes.suspect_cell_id = terms.cell_id
    inner join scope on repairs.equation_id = scope.equation_id
    where scope.shape <> 'cross'
    group by number_causes.repair_id
),

numbers as (
    select
        evidence.repair_id,
        number_causes.suspect_cell_id,
        cells.table_no,
        cells.amount as published,
        cast(cells.amount + number_causes.change as decimal(18, 2)) as expected,
        case
            when number_causes.is_copy then 'stale_copy'
            when abs(cells.amount + number_causes.change) in (abs(cells.amount) * 10000, abs(cells.amount) / 10000)
                and cells.amount <> 0
                then 'unit_error'
            when {{ edit_distance('cast(abs(cells.amount) as varchar)', 'cast(abs(cells.amount + number_causes.change) as varchar)') }} = 1
                then 'digit_error'
            when number_leads.is_total or cells.row_kind = 'total' then 'wrong_total'
            else 'wrong_part'
        end as cause
    from evidence
    inner join number_causes on evidence.repair_id = number_causes.repair_id
    inner join cells on number_causes.suspect_cell_id = cells.cell_id
    left join number_leads on evidence.repair_id = number_leads.repair_id
),

-- two numbers in each other's columns; the one that is not zero is shown
swaps as (
    select
        evidence.repair_id,
        case when one.amount = 0 then two.cell_id else one.cell_id end as suspect_cell_id,
        one.table_no,
        case when one.amount = 0 then two.amount else one.amount end as published,
        case when one.amount = 0 then one.amount else two.amount end as expected,
        'column_shift' as cause
    from evidence
    inner join cells as one on split_part(evidence.repair_id, ' <> ', 1) = one.cell_id
    inner join cells as two on split_part(evidence.repair_id, ' <> ', 2) = two.cell_id
    where evidence.kind = 'column_shift'
),

-- a line that a table lacks: shown by the line of the table that has it
missing_lines as (
    select
        evidence.repair_id,
        {{ first_by('cells.cell_id', "case cells.component when 'total' then 0 else 1 end") }} as suspect_cell_id,
        cast(split_part(evidence.repair_id, ' ', 3) as integer) as table_no,
        cast(null as decimal(18, 2)) as published,
        {{ first_by('cells.amount', "case cells.component when 'total' then 0 else 1 end") }} as expected,
        'missing_row' as cause
    from evidence
    inner join repairs on evidence.repair_id = repairs.repair_id
    inner join {{ ref('int_repair_term') }} as terms on repairs.equation_id = terms.equation_id
    inner join cells on terms.cell_id = cells.cell_id
    where evidence.kind = 'missing_row'
        and cells.line_code = split_part(evidence.repair_id, ' ', 4)
        and cells.table_no <> cast(split_part(evidence.repair_id, ' ', 3) as integer)
    group by evidence.repair_id
),

disagreements as (
    select
        evidence.repair_id,
        cells.cell_id as suspect_cell_id,
        cells.table_no,
        cast(evidence.lhs_amount as decimal(18, 2)) as published,
        cast(evidence.rhs_amount as decimal(18, 2)) as expected,
        case when evidence.comparison = 'eq' then 'disagreement' else 'limit_exceeded' end as cause
    from evidence
    left join cells on evidence.lead_cell_no = cells.cell_no
    where evidence.kind = 'disagreement'
),

causes as (
    select * from numbers
    union all
    select * from swaps
    union all
    select * from missing_lines
    union all
    select * from disagreements
),

-- what else could be wrong, where the equations do not decide
candidates as (
    select
        evidence.repair_id,
        list(distinct terms.cell_id order by terms.cell_id) as candidates
    from evidence
    inner join {{ ref('int_repair_term') }} as terms on evidence.lead_equation_id = terms.equation_id
    where evidence.is_undecided
        and terms.cell_id is not null
    group by evidence.repair_id
),

described as (
    select
        evidence.document_id,
        tables.document_name,
        coalesce(case when evidence.kind = 'missing_row' then tables.page_no else cells.page_no end, tables.page_no) as page_no,
        causes.table_no,
        tables.table_title,
        evidence.rule_id,
        evidence.severity,
        case when coalesce(doubt.is_in_doubt, false) then 'extraction' else 'source' end as origin,
        causes.published,
        causes.expected,
        causes.cause,
        case when evidence.kind = 'missing_row' then null else cells.row_no end as row_no,
        case when evidence.kind = 'missing_row' then null else cells.column_no end as column_no,
        causes.suspect_cell_id as cell_id,
        cells.unit,
        evidence.equations,
        evidence.equation_count,
        evidence.is_undecided,
        candidates.candidates,
        evidence.repair_id,
        concat_ws(' ', cells.line_code, case when cells.line_code is null or cells.line_code <> cells.row_label then cells.row_label end) as line_name,
        cells.column_path,
        case cells.unit when '万元' then cast('0.0001' as decimal(5, 4)) else 1 end as shown_factor,
        rules.name_zh,
        rules.name_en
    from evidence
    inner join causes on evidence.repair_id = causes.repair_id
    left join doubt on evidence.repair_id = doubt.repair_id
    left join candidates on evidence.repair_id = candidates.repair_id
    left join cells on causes.suspect_cell_id = cells.cell_id
    left join tables
        on evidence.document_id = tables.document_id
        and causes.table_no = tables.table_no
    left join {{ ref('rule') }} as rules on evidence.rule_id = rules.rule_id
),

shown as (
    select
        *,
        cast(expected - coalesce(published, 0) as decimal(18, 2)) as difference,
        {{ shown_amount('published', 'shown_factor', 'unit') }} as published_text,
        {{ shown_amount('expected', 'shown_factor', 'unit') }} as expected_text,
        {{ shown_amount('abs(expected - coalesce(published, 0))', 'shown_factor', 'unit') }} as difference_text
    from described
),

errors as (
    select
        {{ short_hash("concat_ws('|', document_id, rule_id, cause, table_title, line_name, column_path, published, expected)") }} as finding_id,
        document_id,
        document_name,
        page_no,
        table_no,
        table_title,
        cast(null as varchar) as chapter,
        rule_id,
        severity,
        origin,
        published,
        expected,
        difference,
        cause,
        case cause
            when 'missing_row' then
                '《' || table_title || '》缺少“' || line_name || '”一行，金额 ' || expected_text
                || '；本文件其他表有此行，本表合计也含此数。'
            when 'column_shift' then
                '《' || table_title || '》“' || line_name || '”的 ' || published_text || ' 填在“' || column_path
                || '”列，应与同行另一列互换。'
            when 'disagreement' then
                '《' || table_title || '》“' || line_name || '”（' || column_path || '）：' || name_zh || '不成立，一边为 '
                || published_text || '，另一边为 ' || expected_text || '，相差 ' || difference_text || '。'
            when 'limit_exceeded' then
                '《' || table_title || '》“' || line_name || '”（' || column_path || '）：' || name_zh || '不成立，一边为 '
                || published_text || '，另一边为 ' || expected_text || '，超出 ' || difference_text || '。'
            else
                '《' || table_title || '》“' || line_name || '”（' || column_path || '）公布为 ' || published_text
                || '，按勾稽关系应为 ' || expected_text || '，相差 ' || difference_text || '（' || name_zh || '）。'
        end as message_zh,
        case cause
            when 'missing_row' then
                '“' || table_title || '” lacks the line “' || line_name || '” worth ' || expected_text
                || '; another table of the document has it and the totals of this one include it.'
            when 'column_shift' then
                '“' || table_title || '”, “' || line_name || '”: ' || published_text || ' stands under “' || column_path
                || '” and belongs in the other column of the line.'
            when 'disagreement' then
                '“' || table_title || '”, “' || line_name || '” (' || column_path || '): ' || name_en || ' does not hold, '
                || published_text || ' against ' || expected_text || ', ' || difference_text || ' apart.'
            when 'limit_exceeded' then
                '“' || table_title || '”, “' || line_name || '” (' || column_path || '): ' || name_en || ' does not hold, '
                || published_text || ' against ' || expected_text || ', ' || difference_text || ' beyond.'
            else
                '“' || table_title || '”, “' || line_name || '” (' || column_path || ') is printed as ' || published_text
                || ' where the equations make ' || expected_text || ', ' || difference_text || ' apart (' || name_en || ').'
        end as message_en,
        equations,
        equation_count,
        row_no,
        column_no,
        cell_id,
        unit,
        is_undecided,
        candidates
    from shown
),

roundings as (
    select
        {{ short_hash("concat_ws('|', verdicts.document_id, verdicts.rule_id, 'rounding')") }} as finding_id,
        verdicts.document_id,
        min(tables.document_name) as document_name,
        min(tables.page_no) as page_no,
        cast(null as integer) as table_no,
        cast(null as varchar) as table_title,
        cast(null as varchar) as chapter,
        verdicts.rule_id,
        'rounding' as severity,
        'source' as origin,
        cast(null as decimal(18, 2)) as published,
        cast(null as decimal(18, 2)) as expected,
        cast(max(abs(verdicts.residual)) as decimal(18, 2)) as difference,
        'rounding' as cause,
        min(rules.name_zh) || '：' || count(*) || ' 处差额在四舍五入范围内，最大 ' || max(abs(verdicts.residual)) || ' 元。' as message_zh,
        min(rules.name_en) || ': ' || count(*) || ' differences within rounding, at most ' || max(abs(verdicts.residual))
        || ' 元.' as message_en,
        list(verdicts.equation_id order by verdicts.equation_id) as equations,
        count(*) as equation_count,
        cast(null as integer) as row_no,
        cast(null as integer) as column_no,
        cast(null as varchar) as cell_id,
        cast(null as varchar) as unit,
        false as is_undecided,
        cast(null as varchar[]) as candidates
    from {{ ref('int_equation_verdict') }} as verdicts
    inner join {{ ref('rule') }} as rules on verdicts.rule_id = rules.rule_id
    left join {{ ref('int_equation_cell') }} as lead_cells on verdicts.lead_cell_no = lead_cells.cell_no
    left join tables
        on lead_cells.document_id = tables.document_id
        and lead_cells.table_no = tables.table_no
    where verdicts.status = 'rounding'
    group by verdicts.document_id, verdicts.rule_id
)

select * from errors
union all
select * from roundings
