-- One row a document and a document of another year or kind that it continues: that document, or why there is none.
with documents as (

    select scopes.*
    from {{ ref('int_document_scope') }} as scopes
    inner join {{ ref('int_document_version') }} as versions on scopes.document_id = versions.document_id
    where versions.is_current

),

needs as (

    select
        document_id,
        'budget_before' as relation,
        'budget' as needed_kind,
        fiscal_year - 1 as needed_year
    from documents
    where document_kind = 'budget'
    union all
    select
        document_id,
        'final_before' as relation,
        'final' as needed_kind,
        fiscal_year - 1 as needed_year
    from documents
    union all
    select
        document_id,
        'budget_of_year' as relation,
        'budget' as needed_kind,
        fiscal_year as needed_year
    from documents
    where document_kind = 'final'

),

candidates as (

    select
        needs.document_id,
        needs.relation,
        others.document_id as other_document_id,
        case
            when others.reporting = documents.reporting then 1
            -- a department of one unit is that unit
            when others.is_sole or documents.is_sole then 2
            else 3
        end as fit
    from needs
    inner join documents on needs.document_id = documents.document_id
    inner join documents as others
        on
            documents.agency_id = others.agency_id
            and needs.needed_kind = others.document_kind
            and needs.needed_year = others.fiscal_year

),

best as (

    select
        document_id,
        relation,
        min(fit) as fit
    from candidates
    group by document_id, relation

),

chosen as (

    select
        candidates.document_id,
        candidates.relation,
        min(candidates.fit) as fit,
        count(*) as document_count,
        min(candidates.other_document_id) as other_document_id
    from candidates
    inner join best
        on
            candidates.document_id = best.document_id
            and candidates.relation = best.relation
            and candidates.fit = best.fit
    group by candidates.document_id, candidates.relation

)

select
    needs.document_id,
    needs.relation,
    needs.needed_kind,
    cast(needs.needed_year as integer) as needed_year,
    case when chosen.fit < 3 and chosen.document_count = 1 then chosen.other_document_id end as other_document_id,
    case
        when chosen.document_id is null
            then
                'needs the ' || needs.needed_year || ' ' || needs.needed_kind || ' of ' || documents.agency_name
                || ', which the corpus does not hold'
        when chosen.fit = 3
            then
                'the ' || needs.needed_year || ' ' || needs.needed_kind || ' of ' || documents.agency_name
                || ' in the corpus speaks of the department and not of the same body, or the other way round'
        when chosen.document_count > 1
            then
                'the corpus holds ' || chosen.document_count || ' documents that may be the ' || needs.needed_year
                || ' ' || needs.needed_kind || ' of ' || documents.agency_name
    end as reason
from needs
inner join documents on needs.document_id = documents.document_id
left join chosen on needs.document_id = chosen.document_id and needs.relation = chosen.relation
