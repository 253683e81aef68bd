-- One row a root cause among the tables of a document: what is printed, what would satisfy the equations, and which
-- equations say so.
{{ config(schema='intermediate') }}

with evidence as (
    select * from {{ ref('int_finding_evidence') }}
),

tables as (
    select * from {{ ref('int_table') }}
),

amounts as (
    select * from {{ ref('int_published_amount') }}
),

placed as (
    select
        evidence.*,
        causes.table_no,
        causes.published,
        causes.expected,
        causes.cause,
        causes.template,
        causes.source_name,
        causes.cell_id as named_cell_id,
        -- a line that is not there has no place of its own
        case when causes.cause <> 'missing_row' then causes.cell_id end as shown_cell_id,
        case
            when causes.cause = 'column_shift' and causes.cell_id = evidence.cell_id then evidence.other_cell_id
            when causes.cause = 'column_shift' then evidence.cell_id
        end as counterpart_cell_id
    from evidence
    inner join {{ ref('int_finding_cause') }} as causes on evidence.repair_id = causes.repair_id
),

-- a blank has a line and a column, but no number
columns as (
    select
        document_id,
        table_no,
        column_no,
        min(lane_no) as lane_no,
        min(column_path) as column_path
    from amounts
    where document_id in (select placed.document_id from placed)
    group by document_id, table_no, column_no
),

-- lines by their code and label, or the texts beside, or by their place
line_texts as (
    select
        document_id,
        table_no,
        row_no,
        lane_no,
        min({{ regex_remove(regex_remove('row_context', '"[^"]*": *'), '[{}"]') }}) as says
    from amounts
    where
        row_label is null
        and row_context <> '{}'
        and document_id in (select placed.document_id from placed)
    group by document_id, table_no, row_no, lane_no
),

lines as (
    select
        lines.document_id,
        lines.table_no,
        lines.row_no,
        lines.lane_no,
        lines.page_no,
        coalesce(
            nullif(concat_ws(' ', lines.row_code, lines.row_label), ''),
            nullif(left(line_texts.says, 60), ''),
            '第' || lines.row_no || '行'
        ) as line_name
    from {{ ref('int_table_row') }} as lines
    left join line_texts
        on
            lines.document_id = line_texts.document_id
            and lines.table_no = line_texts.table_no
            and lines.row_no = line_texts.row_no
            and lines.lane_no = line_texts.lane_no
    where lines.document_id in (select placed.document_id from placed)
),

-- what else could be wrong, where the equations do not decide
candidate_texts as (
    select
        candidates.repair_id,
        candidates.cell_id,
        candidates.place,
        concat_ws(
            '',
            '“',
            coalesce(lines.line_name, concat_ws(' ', amounts.row_code, amounts.row_label)),
            '”（',
            coalesce(amounts.column_path, columns.column_path),
            '）',
            case
                when amounts.cell_id is null then '—'
                else {{ shown_amount(
                    'amounts.amount_yuan', 'amounts.unit', '(candidates.expected - amounts.amount_yuan)'
                ) }}
            end,
            '→',
            {{ shown_amount(
                'candidates.expected', 'coalesce(amounts.unit, tables.unit)',
                '(candidates.expected - coalesce(amounts.amount_yuan, 0))'
            ) }}
        ) as says
    from {{ ref('int_finding_candidate') }} as candidates
    inner join evidence on candidates.repair_id = evidence.repair_id
    left join amounts on candidates.cell_id = amounts.cell_id
    -- a blank has a line and a column, but no number
    left join tables
        on
            evidence.document_id = tables.document_id
            and split_part(candidates.cell_id, ':', 2) = cast(tables.table_no as varchar)
    left join columns
        on
            tables.document_id = columns.document_id
            and tables.table_no = columns.table_no
            and split_part(candidates.cell_id, ':', 4) = cast(columns.column_no as varchar)
    left join lines
        on
            columns.document_id = lines.document_id
            and columns.table_no = lines.table_no
            and columns.lane_no = lines.lane_no
            and split_part(candidates.cell_id, ':', 3) = cast(lines.row_no as varchar)
),

candidates as (
    select
        repair_id,
        count(*) as candidate_count,
        {{ quality_list('cell_id', 'place') }} as candidates,
        {{ quality_join_first(quality_list('says', 'place'), 3, '；') }} as says
    from candidate_texts
    group by repair_id
),

-- which sums say so
said_by as (
    select
        repair_id,
        count(*) as ways,
        {{ quality_join_first(quality_list('name_zh', 'rule_id, variant'), 3, '；') }} as sums_zh,
        {{ quality_join_first(quality_list('name_en', 'rule_id, variant'), 3, '; ') }} as sums_en
    from (
        select distinct
            repairs.repair_id,
            variants.rule_id,
            variants.variant,
            variants.name_zh,
            variants.name_en
        from {{ ref('int_repair') }} as repairs
        inner join {{ ref('int_repair_scope') }} as scope on repairs.equation_id = scope.equation_id
        inner join {{ ref('rule_variant') }} as variants
            on
                scope.rule_id = variants.rule_id
                and scope.variant = variants.variant
    ) as ways
    group by repair_id
),

described as (
    select
        placed.document_id,
        tables.document_name,
        coalesce(shown.page_no, lines.page_no, tables.page_no) as page_no,
        placed.table_no,
        tables.table_title,
        placed.rule_id,
        placed.severity,
        placed.origin,
        placed.published,
        placed.expected,
        cast(placed.expected - coalesce(placed.published, 0) as decimal(18, 2)) as difference,
        placed.cause,
        placed.equations,
        placed.equation_count,
        cast(split_part(placed.shown_cell_id, ':', 3) as integer) as row_no,
        cast(split_part(placed.shown_cell_id, ':', 4) as integer) as column_no,
        placed.named_cell_id as cell_id,
        coalesce(named.unit, tables.unit) as unit,
        placed.is_undecided or placed.template = 'missing_part' as is_undecided,
        case when placed.is_undecided then placed.lead_equation_id end as lead_equation_id,
        candidates.candidates,
        coalesce(lines.line_name, concat_ws(' ', named.row_code, named.row_label)) as line_name,
        coalesce(named.column_path, columns.column_path, '') as column_path,
        coalesce(counterpart.column_path, '') as other_column_path,
        rules.name_zh as rule_name_zh,
        rules.name_en as rule_name_en,
        said_by.sums_zh || case when said_by.ways > 3 then '等' else '' end as sums_zh,
        said_by.sums_en || case when said_by.ways > 3 then ' …' else '' end as sums_en,
        candidates.says || case when candidates.candidate_count > 3 then '等' else '' end as candidates_zh,
        candidates.says || case when candidates.candidate_count > 3 then ' …' else '' end as candidates_en,
        coalesce('《' || placed.source_name || '》', '上年数') as source_zh,
        coalesce('“' || placed.source_name || '”', 'the year before') as source_en,
        slips.name_zh as slip_zh,
        slips.name_en as slip_en,
        templates.message_zh
        || case
            when placed.is_undecided and candidates.candidate_count > 1 and undecided.cause is not null
                then undecided.message_zh
            else ''
        end
        || case when short_sums.equation_id is not null then may_lack.message_zh else '' end as template_zh,
        templates.message_en
        || case
            when placed.is_undecided and candidates.candidate_count > 1 and undecided.cause is not null
                then undecided.message_en
            else ''
        end
        || case when short_sums.equation_id is not null then may_lack.message_en else '' end as template_en
    from placed
    left join candidates on placed.repair_id = candidates.repair_id
    -- a number where there must be none has no other side to speak of
    inner join {{ ref('cause') }} as templates
        on
            templates.cause = case
                when
                    placed.template = 'disagreement' and placed.expected = 0
                    and coalesce(candidates.candidate_count, 1) = 1 then 'out_of_place'
                else placed.template
            end
    inner join {{ ref('rule') }} as rules on placed.rule_id = rules.rule_id
    left join {{ ref('cause') }} as undecided
        on
            undecided.cause = 'undecided'
            and placed.cause <> 'many_disagreements'
    -- what a sum down a column is short of may stand in a line that is not there
    left join {{ ref('int_repair_scope') }} as short_sums
        on
            case when placed.cause = 'disagreement' then placed.lead_equation_id end = short_sums.equation_id
            and short_sums.shape like 'vertical%'
            and short_sums.residual > 10 * short_sums.tolerance
    inner join {{ ref('cause') }} as may_lack on may_lack.cause = 'may_lack_line'
    left join {{ ref('cause') }} as slips
        on
            placed.cause = 'digit_error'
            and slips.cause = 'slip_' || {{ slip_kind('placed.published', 'placed.expected') }}
    left join said_by on placed.repair_id = said_by.repair_id
    left join amounts as named on placed.named_cell_id = named.cell_id
    left join amounts as shown on placed.shown_cell_id = shown.cell_id
    left join columns
        on
            placed.document_id = columns.document_id
            and placed.table_no = columns.table_no
            and split_part(placed.shown_cell_id, ':', 4) = cast(columns.column_no as varchar)
    left join lines
        on
            columns.document_id = lines.document_id
            and columns.table_no = lines.table_no
            and columns.lane_no = lines.lane_no
            and split_part(placed.shown_cell_id, ':', 3) = cast(lines.row_no as varchar)
    left join columns as counterpart
        on
            placed.document_id = counterpart.document_id
            and placed.table_no = counterpart.table_no
            and split_part(placed.counterpart_cell_id, ':', 4) = cast(counterpart.column_no as varchar)
    left join tables on placed.document_id = tables.document_id and placed.table_no = tables.table_no
),

-- amounts as their table prints them, with its unit
shown as (
    select
        *,
        coalesce('第' || page_no || '页', '') as place_zh,
        coalesce('Page ' || page_no || ', ', '') as place_en,
        {{ shown_amount('published', 'unit', 'difference') }} as published_text,
        {{ shown_amount('expected', 'unit', 'difference') }} as expected_text,
        {{ shown_amount('abs(difference)', 'unit', 'difference') }} as difference_text
    from described
),

errors as (
    select
        {{ short_hash(
            "concat_ws(
                '|', document_id, rule_id, cause, table_no, line_name, column_path, published, expected, lead_equation_id,
                -- columns without a header are told apart by their place
                case when column_path = '' then column_no end
            )"
        ) }} as finding_id,
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
        {{ quality_cause_message('template_zh', 'zh') }} as message_zh,
        {{ quality_cause_message('template_en', 'en') }} as message_en,
        equations,
        equation_count,
        row_no,
        column_no,
        cell_id,
        unit,
        is_undecided,
        candidates,
        cast(null as integer) as sentence_no,
        cast(null as varchar) as quote
    from shown
),

rounded as (
    select
        verdicts.document_id,
        variants.rule_id,
        max(abs(verdicts.residual)) as difference,
        cast(count(*) as integer) as equation_count,
        {{ quality_list('verdicts.equation_id', 'verdicts.equation_id') }} as equations
    from {{ ref('int_equation_verdict') }} as verdicts
    inner join {{ ref('int_rule_variant') }} as variants on verdicts.variant_no = variants.variant_no
    where verdicts.status = 'rounding'
    group by verdicts.document_id, variants.rule_id
),

roundings as (
    select
        {{ short_hash("concat_ws('|', rounded.document_id, rounded.rule_id, 'rounding')") }} as finding_id,
        rounded.document_id,
        documents.document_name,
        cast(null as integer) as page_no,
        cast(null as integer) as table_no,
        cast(null as varchar) as table_title,
        cast(null as varchar) as chapter,
        rounded.rule_id,
        'rounding' as severity,
        'source' as origin,
        cast(null as decimal(18, 2)) as published,
        cast(null as decimal(18, 2)) as expected,
        cast(rounded.difference as decimal(18, 2)) as difference,
        'rounding' as cause,
        {{ quality_count_message('templates.message_zh', 'rules.name_zh') }} as message_zh,
        {{ quality_count_message('templates.message_en', 'rules.name_en') }} as message_en,
        rounded.equations,
        rounded.equation_count,
        cast(null as integer) as row_no,
        cast(null as integer) as column_no,
        cast(null as varchar) as cell_id,
        cast(null as varchar) as unit,
        false as is_undecided,
        {{ quality_no_list() }} as candidates,
        cast(null as integer) as sentence_no,
        cast(null as varchar) as quote
    from rounded
    inner join {{ ref('rule') }} as rules on rounded.rule_id = rules.rule_id
    inner join {{ ref('stg_document') }} as documents on rounded.document_id = documents.document_id
    inner join {{ ref('cause') }} as templates on templates.cause = 'rounding'
)

select * from errors
union all
select * from roundings
