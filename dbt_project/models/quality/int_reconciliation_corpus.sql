-- One row an equation between documents, and one a rule and document that gave none: which other document it needs.
{# read once, by the union of all families #}
{{ config(schema='intermediate', materialized='view') }}

with verdicts as (
    select * from {{ ref('int_corpus_verdict') }}
),

cells as (
    select * from {{ ref('int_published_amount') }}
),

formed as (
    select
        verdicts.equation_id,
        verdicts.rule_id,
        verdicts.document_id,
        verdicts.table_no,
        cells.table_title,
        cells.table_type,
        cells.page_no,
        concat_ws(
            ' · ', nullif(concat_ws(' ', cells.row_code, cells.row_label), ''), cells.column_path, others.document_name
        ) as object,
        verdicts.lhs_amount,
        verdicts.rhs_amount,
        verdicts.residual,
        verdicts.tolerance,
        verdicts.status,
        verdicts.reason,
        verdicts.comparison,
        verdicts.severity,
        verdicts.variant
    from verdicts
    left join cells on verdicts.lead_cell_id = cells.cell_id
    left join {{ ref('stg_document') }} as others on verdicts.other_document_id = others.document_id
),

documents as (
    select
        documents.document_id,
        scopes.document_kind,
        scopes.reporting,
        coalesce(scopes.agency_name, documents.agency_name) as agency_name,
        scopes.fiscal_year,
        departments.is_complete,
        departments.has_list,
        departments.is_sole,
        departments.present_count,
        departments.missing_names,
        versions.reason as version_reason
    from {{ ref('stg_document') }} as documents
    left join {{ ref('int_document_scope') }} as scopes on documents.document_id = scopes.document_id
    left join {{ ref('int_department') }} as departments on documents.document_id = departments.document_id
    left join {{ ref('int_document_version') }} as versions on documents.document_id = versions.document_id
    where documents.read_status = 'read'
),

-- what a document prints that a rule could compare
printed as (
    select
        amounts.document_id,
        bool_or(amounts.period = 'prior' and tables.prior_rule = 'F01') as has_prior,
        bool_or(amounts.period = 'prior' and tables.prior_rule = 'F03') as has_prior_three_public,
        bool_or(amounts.period = 'prior' and amounts.phase = 'approved') as has_prior_budget,
        bool_or(amounts.period = 'prior' and amounts.phase = 'executed') as has_prior_final,
        bool_or(amounts.line_item like 'carryover_opening%' or amounts.component = 'opening_balance') as has_opening
    from {{ ref('int_published_amount') }} as amounts
    inner join {{ ref('corpus_table') }} as tables on amounts.table_type = tables.table_type
    where amounts.is_money
    group by amounts.document_id
),

-- what its text says of changes from the year before
said as (
    select
        document_id,
        bool_or(claim_phase = 'approved') as says_budget,
        bool_or(claim_phase = 'executed') as says_final,
        bool_or(topic in ('three_public', 'operating')) as says_three_public
    from {{ ref('int_claim_context') }}
    where
        role = 'change'
        and period = 'prior'
        and claim_phase in ('approved', 'executed')
    group by document_id
),

pair_reasons as (
    select
        document_id,
        {{ joined_texts("case when relation = 'budget_before' then reason end", '; ', 'relation') }} as budget_before,
        {{ joined_texts("case when relation = 'final_before' then reason end", '; ', 'relation') }} as final_before,
        {{ joined_texts("case when relation = 'budget_of_year' then reason end", '; ', 'relation') }} as budget_of_year
    from {{ ref('int_document_pair') }}
    group by document_id
),

part_of as (
    select
        units.unit_document_id as document_id,
        bool_or(departments.is_sole) as is_sole,
        max(departments.present_count) as present_count
    from {{ ref('int_document_unit') }} as units
    inner join {{ ref('int_department') }} as departments on units.document_id = departments.document_id
    group by units.unit_document_id
),

rules as (
    select rule_id
    from {{ ref('corpus_variant') }}
    group by rule_id
),

-- rules by documents, ten a document: one row of coverage each
open_rules as (
    select
        rules.rule_id,
        documents.*,
        coalesce(printed.has_prior, false) as has_prior,
        said.document_id is not null as says_change,
        coalesce(printed.has_prior_three_public, false) as has_prior_three_public,
        coalesce(said.says_three_public, false) as says_three_public,
        coalesce(printed.has_opening, false) as has_opening,
        pair_reasons.budget_before,
        pair_reasons.final_before,
        pair_reasons.budget_of_year,
        -- the document of the year before that the prior-year columns speak of
        concat_ws(
            '; ',
            case when printed.has_prior_budget or said.says_budget then pair_reasons.budget_before end,
            case when printed.has_prior_final or said.says_final then pair_reasons.final_before end
        ) as year_before,
        part_of.document_id is not null as is_part,
        coalesce(part_of.is_sole, false) as is_part_of_sole,
        coalesce(part_of.present_count, 0) as sibling_count
    from rules
    cross join documents
    left join printed on documents.document_id = printed.document_id
    left join said on documents.document_id = said.document_id
    left join pair_reasons on documents.document_id = pair_reasons.document_id
    left join part_of on documents.document_id = part_of.document_id
    left join (select distinct
        rule_id,
        document_id
    from verdicts) as done
        on rules.rule_id = done.rule_id and documents.document_id = done.document_id
    where done.rule_id is null
),

judged as (
    select
        *,
        case
            when agency_name is null or fiscal_year is null or document_kind is null
                then 'insufficient_data|the document does not say whose it is, of which year or of which kind'
            -- the text alone decides this one
            when version_reason is not null and rule_id <> 'F02' then 'not_applicable|' || version_reason
            when rule_id = 'F02'
                then
                    'insufficient_data|the text does not give both totals with their change from the year before'
            when rule_id = 'F01' and not has_prior and not says_change
                then 'not_applicable|neither a table that is compared nor the text speaks of the year before'
            when rule_id = 'F03' and not (has_prior_three_public or says_three_public)
                then
                    'not_applicable|neither table nor text of the three expenses or operations speaks of last year'
            when rule_id in ('F01', 'F03') and year_before <> '' then 'insufficient_data|' || year_before
            when rule_id in ('F01', 'F03')
                then 'insufficient_data|the other document is there, but not the columns or lines that answer'
            when rule_id = 'F04' and document_kind = 'budget' and not has_opening
                then 'not_applicable|the budget prints no carry-over from the year before'
            when rule_id = 'F04' and document_kind = 'budget' and final_before is not null
                then 'insufficient_data|' || final_before
            when rule_id = 'F04' and coalesce(final_before, budget_of_year) is not null
                then 'insufficient_data|' || concat_ws('; ', final_before, budget_of_year)
            when rule_id = 'F04'
                then 'insufficient_data|the other document is there, but not the columns or lines that answer'
            when rule_id = 'F05' and document_kind = 'budget'
                then 'not_applicable|a budget is not executed yet'
            when rule_id = 'F05' and budget_of_year is not null then 'insufficient_data|' || budget_of_year
            when rule_id = 'F05'
                then 'insufficient_data|the budget is there, but not its general public expenditure by code'
            when rule_id = 'F06' and not (has_prior or has_prior_three_public)
                then 'not_applicable|no table that is compared has a column of the year before'
            when rule_id = 'F06' and year_before <> '' then 'insufficient_data|' || year_before
            when rule_id = 'F06' then 'not_applicable|no item changed its code between the two documents'
            when rule_id = 'G01' and reporting = 'department' and is_sole
                then 'not_applicable|the department has one unit'
            when rule_id = 'G01' and reporting = 'department' and not has_list
                then 'insufficient_data|the document does not list its units, so that none can be missed'
            when rule_id = 'G01' and reporting = 'department' and missing_names is not null
                then 'insufficient_data|needs the documents of ' || missing_names
            when rule_id = 'G01' and reporting = 'department'
                then 'insufficient_data|the list of units is not certain, or a unit lacks the tables'
            when rule_id = 'G01' then 'not_applicable|the document speaks of one body'
            when rule_id = 'G05' and reporting <> 'department' then 'not_applicable|the document speaks of one body'
            when rule_id = 'G05' and not has_list
                then 'insufficient_data|the document does not list its units'
            when rule_id = 'G05'
                then
                    'insufficient_data|no document of a unit under the department’s name is in the corpus'
                    || coalesce('; needs those of ' || missing_names, '')
            when rule_id in ('G02', 'G03', 'G04') and reporting = 'department'
                then 'not_applicable|asked of the documents of its units'
            when rule_id in ('G02', 'G03', 'G04') and not is_part
                then
                    'insufficient_data|needs the ' || fiscal_year || ' ' || document_kind
                    || ' of the department of ' || agency_name || ', which the corpus does not hold'
            when rule_id = 'G02' and is_part_of_sole then 'not_applicable|the department has one unit'
            when rule_id = 'G03' and not is_part_of_sole then 'not_applicable|the department has several units'
            when rule_id = 'G04' and is_part_of_sole then 'not_applicable|the department has one unit'
            when rule_id = 'G04' and sibling_count < 2
                then 'insufficient_data|needs the document of another unit of the department'
            when rule_id = 'G04' then 'not_applicable|no table repeats the department’s'
            else 'insufficient_data|the other document is there, but not the columns or lines that answer'
        end as outcome
    from open_rules
),

not_formed as (
    select
        rule_id || ':' || left(document_id, 16) as equation_id,
        rule_id,
        document_id,
        cast(null as integer) as table_no,
        cast(null as varchar) as table_title,
        cast(null as varchar) as table_type,
        cast(null as integer) as page_no,
        cast(null as varchar) as object,
        cast(null as decimal(20, 2)) as lhs_amount,
        cast(null as decimal(20, 2)) as rhs_amount,
        cast(null as decimal(20, 2)) as residual,
        cast(null as decimal(20, 4)) as tolerance,
        left(outcome, position('|' in outcome) - 1) as status,
        substr(outcome, position('|' in outcome) + 1) as reason,
        cast(null as varchar) as comparison,
        cast(null as varchar) as severity,
        cast(null as varchar) as variant
    from judged
)

select * from formed
union all
select * from not_formed
