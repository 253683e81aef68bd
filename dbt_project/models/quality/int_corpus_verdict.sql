-- One row an equation between documents: both sides, the residual, the tolerance, the verdict, how grave a break is.
{{ config(schema='intermediate') }}

with terms as (
    select
        terms.*,
        coalesce(cells.is_in_doubt, false) as is_in_doubt
    from {{ ref('int_corpus_term') }} as terms
    left join {{ ref('int_corpus_cell') }} as cells on terms.cell_id = cells.cell_id
),

equations as (
    select
        equation_no,
        min(rule_id) as rule_id,
        min(variant) as variant,
        min(document_id) as document_id,
        min(other_document_id) as other_document_id,
        min(object_no) as object_no,
        cast(coalesce(sum(case when side = 'lhs' then coefficient * amount_yuan end), 0) as decimal(20, 2))
            as lhs_amount,
        cast(-coalesce(sum(case when side = 'rhs' then coefficient * amount_yuan end), 0) as decimal(20, 2))
            as rhs_amount,
        cast(sum(abs(coefficient) * half_unit) as decimal(20, 4)) as tolerance,
        -- what a break is shown against: the one other number
        sum(case when side = 'rhs' then amount_yuan end) as other_amount,
        -- the number itself, beside its change
        min(case when side = 'lhs' and coefficient > 0 then claim_id end) as stated_claim_id,
        bool_or(is_in_doubt) as is_in_doubt
    from terms
    group by equation_no
),

judged as (
    select
        equations.*,
        cast(equations.lhs_amount - equations.rhs_amount as decimal(20, 2)) as residual,
        cells.family,
        cells.is_fiscal,
        cells.cell_no as lead_cell_no,
        cells.cell_id as lead_cell_id,
        cells.table_no,
        cells.line_code,
        cells.row_key,
        cells.column_key,
        cells.is_total,
        cells.table_side,
        cells.balance_role,
        variants.comparison,
        variants.severity as full_severity,
        variants.cause,
        {{ quality_verdict(
            '(equations.lhs_amount - equations.rhs_amount)', 'equations.tolerance', 'variants.comparison'
        ) }} as verdict
    from equations
    inner join {{ ref('corpus_variant') }} as variants
        on equations.rule_id = variants.rule_id and equations.variant = variants.variant
    left join {{ ref('int_corpus_cell') }} as cells on equations.object_no = cells.corpus_cell_no
),

-- the text gives the reason for an outlier: the item's name, and a reason within the next sentences
names as (
    select
        judged.equation_no,
        judged.document_id,
        {{ strip_numbering(normalise_text('cells.row_label')) }} as row_name
    from judged
    inner join {{ ref('int_corpus_cell') }} as cells on judged.object_no = cells.corpus_cell_no
    where judged.rule_id = 'F05' and judged.verdict = 'fail' and not judged.is_total
),

-- the sentences that speak of it: by its name, or by a rate of completion that is bound to its number
speaking as (
    select
        names.equation_no,
        sentences.document_id,
        sentences.chapter_no,
        sentences.sentence_no
    from names
    inner join {{ ref('stg_sentence') }} as sentences
        on names.document_id = sentences.document_id and position(names.row_name in sentences.sentence_text) > 0
    where length(names.row_name) >= 4
    union all
    select
        judged.equation_no,
        rates.document_id,
        rates.chapter_no,
        rates.sentence_no
    from judged
    inner join {{ ref('int_corpus_number') }} as numbers on judged.object_no = numbers.corpus_cell_no
    inner join {{ ref('int_claim_bound') }} as bound on numbers.cell_id = bound.bound_cell_id
    inner join {{ ref('int_claim_link') }} as links on bound.claim_id = links.value_claim_id
    inner join {{ ref('int_claim_context') }} as rates on links.claim_id = rates.claim_id
    where judged.rule_id = 'F05' and judged.verdict = 'fail' and links.role = 'completion'
),

explained as (
    select distinct naming.equation_no
    from speaking as naming
    inner join {{ ref('stg_sentence') }} as reasoning
        on
            naming.document_id = reasoning.document_id
            and naming.chapter_no is not distinct from reasoning.chapter_no
            and reasoning.sentence_no between naming.sentence_no and naming.sentence_no + 3
    inner join {{ ref('agency_list_marker') }} as markers
        on markers.kind = 'reason' and position(markers.pattern in reasoning.sentence_text) > 0
),

-- how many of the numbers that a table shares with the other document differ
shares as (
    select
        rule_id,
        variant,
        document_id,
        other_document_id,
        family,
        count(*) as formed,
        count(case when verdict = 'fail' then 1 end) as broken,
        count(distinct case when verdict = 'fail' then abs(residual) end) as differences
    from judged
    where lhs_amount <> 0 or rhs_amount <> 0
    group by rule_id, variant, document_id, other_document_id, family
),

weighed as (
    select
        judged.*,
        -- a total is explained where all that moved it is
        explained.equation_no is not null
        or (
            judged.rule_id = 'F05'
            and judged.is_total
            and count(case when not judged.is_total then explained.equation_no end) over of_rule > 0
            and count(
                case when judged.verdict = 'fail' and not judged.is_total and explained.equation_no is null then 1 end
            ) over of_rule = 0
        ) as is_explained,
        coalesce(agencies.is_of_common_place, false) as is_of_common_place,
        coalesce(agencies.agency_id = others.agency_id and agencies.name_core <> others.name_core, false)
            as is_called_otherwise,
        shares.formed,
        shares.broken,
        -- a table that differs in most of its numbers, a small one in all, is stated on another basis
        coalesce(
            (judged.balance_role is null or judged.rule_id like 'G%')
            and judged.family is not null
            and shares.differences > 1
            and (
                (shares.broken >= 4 and 2 * shares.broken >= shares.formed)
                or (shares.formed <= 6 and shares.broken = shares.formed)
            ),
            false
        ) as is_other_basis
    from judged
    left join explained on judged.equation_no = explained.equation_no
    left join {{ ref('int_agency') }} as agencies on judged.document_id = agencies.document_id
    left join {{ ref('int_agency') }} as others on judged.other_document_id = others.document_id
    left join shares
        on
            judged.rule_id = shares.rule_id
            and judged.variant = shares.variant
            and judged.document_id = shares.document_id
            and coalesce(judged.other_document_id, '') = coalesce(shares.other_document_id, '')
            and coalesce(judged.family, '') = coalesce(shares.family, '')
    window of_rule as (partition by judged.rule_id, judged.document_id)
),

-- the document itself says that the year before is restated; a reorganisation is a reason where it moved most of the
-- numbers, or where the sentence names the line
noted as (
    select
        weighed.equation_no,
        min(notes.strength) as strength,
        {{ first_by('notes.quote', 'notes.strength || notes.note_no') }} as quote
    from weighed
    inner join {{ ref('int_corpus_note') }} as notes
        on weighed.document_id = notes.document_id and weighed.family = coalesce(notes.family, weighed.family)
    left join {{ ref('int_corpus_cell') }} as cells on weighed.object_no = cells.corpus_cell_no
    where
        weighed.verdict = 'fail'
        and weighed.rule_id in ('F01', 'F03', 'F04', 'F06')
        and (
            notes.strength = 'certain'
            or weighed.is_other_basis
            or (
                length({{ strip_numbering(normalise_text('cells.row_label')) }}) >= 4
                and position({{ strip_numbering(normalise_text('cells.row_label')) }} in notes.quote) > 0
            )
        )
    group by weighed.equation_no
),

opening as (
    select
        document_id,
        max(amount) as amount
    from {{ ref('int_corpus_cell') }}
    where
        balance_role = 'opening'
        and period = 'current'
        and is_fiscal
    group by document_id
),

-- a budget may include what was carried over, which the budget that final accounts state leaves out
carried as (
    select weighed.equation_no
    from weighed
    inner join opening on weighed.other_document_id = opening.document_id
    where
        weighed.rule_id = 'F04'
        and weighed.cause in ('budget_differs', 'stated_budget_differs')
        and weighed.family <> 'three_public'
        and weighed.residual between -opening.amount - weighed.tolerance and 0
),

-- most of the numbers of any table differ: so do those of a pair whose bodies have only the name in common
strangers as (
    select
        document_id,
        coalesce(other_document_id, '') as other_document_id,
        bool_or(is_of_common_place) as is_of_common_place
    from weighed
    where
        (is_of_common_place or is_called_otherwise)
        and verdict = 'fail'
    group by document_id, coalesce(other_document_id, '')
    having bool_or(is_other_basis)
)

select
    judged.rule_id || '.' || judged.variant || ':' || left(judged.document_id, 16) || ':'
    || {{ short_hash("concat_ws('|', judged.other_document_id, judged.lead_cell_id, counts.thing)") }} as equation_id,
    judged.equation_no,
    judged.rule_id,
    judged.variant,
    judged.document_id,
    judged.other_document_id,
    judged.object_no,
    judged.family,
    judged.lead_cell_no,
    judged.lead_cell_id,
    coalesce(counts.claim_id, judged.stated_claim_id) as lead_claim_id,
    judged.table_no,
    judged.line_code,
    judged.table_side,
    judged.row_key,
    judged.column_key,
    coalesce(judged.is_total, false) as is_total,
    judged.comparison,
    judged.cause,
    judged.lhs_amount,
    judged.rhs_amount,
    judged.other_amount,
    judged.residual,
    judged.tolerance,
    judged.is_in_doubt,
    judged.formed,
    judged.broken,
    judged.is_other_basis,
    case
        when judged.verdict = 'fail' and (strangers.document_id is not null or judged.is_in_doubt)
            then 'insufficient_data'
        when judged.verdict = 'fail' and carried.equation_no is not null then 'insufficient_data'
        when (judged.is_explained and judged.verdict = 'fail') or noted.strength = 'certain' then 'not_applicable'
        when noted.strength = 'possible' then 'insufficient_data'
        else judged.verdict
    end as status,
    case
        when judged.verdict = 'fail' and not strangers.is_of_common_place
            then 'most of the numbers differ, and the bodies are called differently: it may be another body'
        when judged.verdict = 'fail' and strangers.is_of_common_place
            then 'most of the numbers differ, and places of this name are several: it may be another body'
        when judged.verdict = 'fail' and judged.is_in_doubt
            then 'they differ, but the place of one of the numbers was inferred or its table is in doubt'
        when judged.verdict = 'fail' and carried.equation_no is not null
            then 'the budget has more, but no more than what it carried over, which may be left out'
        when judged.is_explained and judged.verdict = 'fail' then 'the text gives a reason for it'
        when noted.strength = 'certain'
            then 'the document says that the year before is restated: “' || noted.quote || '”'
        when noted.strength = 'possible'
            then 'the document gives a reason why the year before may be restated: “' || noted.quote || '”'
    end as reason,
    -- a department includes its units, but documents confuse whose figures they give: an error only where the tables
    -- are of the same scope and few of their numbers differ
    case
        when judged.full_severity <> 'error' then judged.full_severity
        when judged.is_fiscal and judged.formed >= 10 and 5 * judged.broken <= judged.formed then 'error'
        else 'warning'
    end as severity
from weighed as judged
left join noted on judged.equation_no = noted.equation_no
left join strangers
    on
        judged.document_id = strangers.document_id
        and coalesce(judged.other_document_id, '') = strangers.other_document_id
left join carried on judged.equation_no = carried.equation_no
left join {{ ref('int_corpus_count') }} as counts on judged.object_no = counts.object_no
