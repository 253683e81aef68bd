-- One row a root cause between documents: a number that the other states otherwise, a whole table on another basis, or
-- the execution of a year as a whole; with all equations that say so.
{{ config(schema='intermediate') }}

with broken as (
    select
        *,
        rule_id || ' ' || document_id || ' ' || coalesce(other_document_id, '') as pair_id
    from {{ ref('int_corpus_verdict') }}
    where
        status = 'fail'
        and equation_id not in (
            select confirmations.equation_id from {{ ref('int_corpus_confirmation') }} as confirmations
        )
),

-- a sum that differs because a finer number of its column or of its line differs is a symptom
finer as (
    select
        sums.equation_no,
        {{ last_by('parts.equation_no', 'abs(parts.residual)') }} as part_no
    from broken as sums
    inner join broken as parts
        on
            sums.pair_id = parts.pair_id
            and sums.variant = parts.variant
            and sums.family = parts.family
            and sums.equation_no <> parts.equation_no
            and (
                (
                    sums.column_key = parts.column_key
                    and parts.line_code is not null
                    and (
                        sums.is_total
                        or (
                            length(sums.line_code) < length(parts.line_code)
                            and left(parts.line_code, length(sums.line_code)) = sums.line_code
                        )
                    )
                    and not parts.is_total
                )
                or (sums.row_key = parts.row_key and sums.column_key = 'total' and parts.column_key <> 'total')
            )
    where
        not sums.is_other_basis
        and not parts.is_other_basis
        and sums.rule_id <> 'F05'
    group by sums.equation_no
),

-- from a sum to the finest number below it: total, class, section, item
rooted as (
    select
        broken.*,
        coalesce(last_step.part_no, second_step.part_no, first_step.part_no) as root_no
    from broken
    left join finer as first_step on broken.equation_no = first_step.equation_no
    left join finer as second_step on first_step.part_no = second_step.equation_no
    left join finer as last_step on second_step.part_no = last_step.equation_no
),

roots as (
    select
        rooted.*,
        coalesce(root_equations.residual, rooted.residual) as root_residual,
        coalesce(root_equations.row_key, rooted.row_key) as root_row
    from rooted
    left join broken as root_equations on rooted.root_no = root_equations.equation_no
),

numbered as (
    select
        *,
        dense_rank() over (partition by pair_id, is_other_basis order by abs(root_residual)) as cause_no
    from roots
),

counted as (
    select
        *,
        max(cause_no) over (partition by pair_id, is_other_basis) as cause_count
    from numbered
),

grouped as (
    select
        *,
        case
            when rule_id = 'F05' then 'execution'
            -- all balances open with what the year before closed with, or they were adjusted together
            when cause = 'opening_differs' then 'opening ' || variant
            when is_other_basis then 'basis'
            -- many numbers that differ are one cause: another version of the document
            when cause_count > 5 then 'many'
            else cast(abs(root_residual) as varchar)
        end as kind
    from counted
),

-- a department that is not the sum of its units, because one of them exceeds it or repeats it
explained_sums as (
    select
        sums.equation_no,
        {{ first_by('parts.pair_id', "parts.rule_id || ' ' || parts.equation_id") }} as pair_id,
        {{ first_by('parts.kind', "parts.rule_id || ' ' || parts.equation_id") }} as kind
    from grouped as sums
    inner join {{ ref('int_document_unit') }} as units on sums.document_id = units.document_id
    inner join grouped as parts
        on
            units.unit_document_id = parts.document_id
            and units.document_id = parts.other_document_id
            and sums.family = parts.family
            and (
                parts.rule_id = 'G04'
                or (
                    sums.table_side = parts.table_side
                    and sums.row_key = parts.row_key
                    and sums.column_key = parts.column_key
                )
            )
    where
        (sums.rule_id = 'G01' or (sums.rule_id = 'G02' and sums.variant = '2'))
        and (parts.rule_id = 'G04' or (parts.rule_id = 'G02' and parts.variant = '1'))
    group by sums.equation_no
),

gathered as (
    select
        grouped.*,
        coalesce(explained_sums.pair_id, grouped.pair_id) as cause_pair_id,
        coalesce(explained_sums.kind, grouped.kind) as cause_kind,
        explained_sums.equation_no is not null as is_consequence
    from grouped
    left join explained_sums on grouped.equation_no = explained_sums.equation_no
),

leads as (
    select
        *,
        row_number() over (
            partition by cause_pair_id, cause_kind
            order by
                case when is_consequence then 1 else 0 end asc,
                case when root_no is null then 0 else 1 end asc,
                case when cause_kind in ('execution', 'basis', 'many') then abs(residual) else 0 end desc,
                length(coalesce(line_code, '')) desc,
                table_no asc,
                equation_id asc
        ) as place
    from gathered
),

evidence as (
    select
        cause_pair_id,
        cause_kind,
        {{ quality_list('equation_id', 'equation_id') }} as equations,
        cast(count(*) as integer) as equation_count,
        bool_or(is_in_doubt) as is_in_doubt,
        case min(
            case
                when is_consequence then null
                when severity = 'error' then 1
                when severity = 'warning' then 2
                else 3
            end
        )
            when 1 then 'error'
            when 2 then 'warning'
            else 'minor'
        end as severity
    from gathered
    group by cause_pair_id, cause_kind
),

-- what the lead is held against: the other documents with the pages of their numbers, and the units that no list has
against as (
    select
        leads.equation_no,
        documents.document_name,
        min(terms.page_no) as page_no
    from leads
    inner join {{ ref('int_corpus_term') }} as terms
        on
            leads.equation_no = terms.equation_no
            and leads.document_id <> terms.term_document_id
            and terms.term_document_id = coalesce(leads.other_document_id, terms.term_document_id)
    inner join {{ ref('stg_document') }} as documents on terms.term_document_id = documents.document_id
    left join {{ ref('int_department_namesake') }} as namesakes
        on
            case when leads.rule_id = 'G05' then leads.document_id end = namesakes.document_id
            and terms.term_document_id = namesakes.unit_document_id
    where
        leads.place = 1
        and not coalesce(namesakes.is_named, false)
    group by leads.equation_no, documents.document_name
),

others as (
    select
        equation_no,
        {{ joined_texts(
            "'“' || document_name || '”' || coalesce('第' || page_no || '页', '')", '、', 'document_name'
        ) }} as other_zh,
        {{ joined_texts(
            "'“' || document_name || '”' || coalesce(' (p. ' || page_no || ')', '')", ', ', 'document_name'
        ) }} as other_en
    from against
    group by equation_no
),

described as (
    select
        leads.document_id,
        documents.document_name,
        leads.rule_id,
        leads.kind,
        evidence.severity,
        case when evidence.is_in_doubt then 'extraction' else 'source' end as origin,
        leads.lhs_amount as published,
        case when leads.rule_id = 'F05' then leads.other_amount else leads.rhs_amount end as expected,
        case
            when leads.kind = 'basis' then 'wrong_base'
            when leads.kind = 'many' and leads.cause in ('restated', 'budget_differs') then 'wrong_base'
            else leads.cause
        end as cause,
        evidence.equations,
        evidence.equation_count,
        leads.lead_cell_id as cell_id,
        case when claims.claim_id is null then amounts.page_no else sentences.page_no end as page_no,
        amounts.table_no,
        amounts.table_title,
        amounts.row_no,
        amounts.column_no,
        amounts.unit,
        claims.sentence_no,
        chapters.chapter_title as chapter,
        case
            when length(sentences.sentence_text) <= 160 then sentences.sentence_text
            else substr(sentences.sentence_text, cast(greatest(claims.char_end - 120, 1) as integer), 160)
        end as quote,
        counts.unit_text as count_unit,
        -- a line without a name has that of its column
        coalesce(
            counts.thing_name,
            nullif(concat_ws(' ', amounts.row_code, amounts.row_label), ''),
            {{ regex_extract("coalesce(amounts.column_path, '')", '([^/]+)$', 1) }}
        ) as line_name,
        coalesce(amounts.column_path, '') as column_path,
        others.other_zh,
        others.other_en,
        coalesce(other_documents.fiscal_year, documents.fiscal_year) as other_year,
        leads.other_document_id,
        rules.name_zh as rule_name_zh,
        rules.name_en as rule_name_en
    from leads
    inner join evidence on leads.cause_pair_id = evidence.cause_pair_id and leads.cause_kind = evidence.cause_kind
    inner join {{ ref('stg_document') }} as documents on leads.document_id = documents.document_id
    inner join {{ ref('rule') }} as rules on leads.rule_id = rules.rule_id
    left join {{ ref('stg_document') }} as other_documents on leads.other_document_id = other_documents.document_id
    left join others on leads.equation_no = others.equation_no
    left join {{ ref('int_published_amount') }} as amounts on leads.lead_cell_id = amounts.cell_id
    left join {{ ref('int_corpus_count') }} as counts on leads.lead_claim_id = counts.claim_id
    left join {{ ref('int_claim_context') }} as claims on leads.lead_claim_id = claims.claim_id
    left join {{ ref('stg_sentence') }} as sentences
        on claims.document_id = sentences.document_id and claims.sentence_no = sentences.sentence_no
    left join {{ ref('stg_chapter') }} as chapters
        on claims.document_id = chapters.document_id and claims.chapter_no = chapters.chapter_no
    where leads.place = 1
),

shown as (
    select
        described.*,
        coalesce(
            cast(cast(described.published as bigint) as varchar) || ' ' || described.count_unit,
            {{ shown_amount('described.published', 'described.unit') }}
        ) as published_text,
        coalesce(
            cast(cast(described.expected as bigint) as varchar) || ' ' || described.count_unit,
            {{ shown_amount('described.expected', 'described.unit') }}
        ) as expected_text,
        {{ shown_amount('abs(described.expected - described.published)', 'described.unit') }} as difference_text,
        templates.message_zh as template_zh,
        templates.message_en as template_en
    from described
    inner join {{ ref('cause') }} as templates on described.cause = templates.cause
)

select
    {{ short_hash(
        "concat_ws('|', document_id, rule_id, cause, kind, other_document_id, table_no, line_name, column_path, published)"
    ) }} as finding_id,
    document_id,
    document_name,
    page_no,
    -- what the text states is found in its sentence; the cell is what it speaks of
    case when sentence_no is null then table_no end as table_no,
    case when sentence_no is null then table_title end as table_title,
    chapter,
    rule_id,
    severity,
    origin,
    cast(published as decimal(18, 2)) as published,
    cast(expected as decimal(18, 2)) as expected,
    cast(expected - published as decimal(18, 2)) as difference,
    cause,
    {{ corpus_message('template_zh', 'rule_name_zh', 'other_zh') }} as message_zh,
    {{ corpus_message('template_en', 'rule_name_en', 'other_en') }} as message_en,
    equations,
    equation_count,
    case when sentence_no is null then row_no end as row_no,
    case when sentence_no is null then column_no end as column_no,
    case when sentence_no is null then cell_id end as cell_id,
    unit,
    -- which of the two documents is wrong, nothing decides
    true as is_undecided,
    {{ quality_no_list() }} as candidates,
    sentence_no,
    quote
from shown
