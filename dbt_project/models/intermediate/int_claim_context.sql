-- One row a claim as the words around it have it, and of the document's own year where only the year of its sentence
-- is a slip (see int_claim_bound).
with readings as (

    select * from {{ ref('int_claim_reading') }}

),

slips as (

    select distinct
        readings.document_id,
        readings.sentence_no,
        readings.stated_year
    from readings
    inner join {{ ref('int_claim_bound') }} as bound on readings.claim_id = bound.claim_id
    where bound.is_year_slip

),

dated as (

    select
        readings.*,
        -- what is compared keeps the year that it is compared with
        case
            when slips.sentence_no is not null and readings.role in ('value', 'share', 'completion')
                then readings.fiscal_year
            else readings.claim_year
        end as dated_year
    from readings
    left join slips
        on
            readings.document_id = slips.document_id
            and readings.sentence_no = slips.sentence_no
            and readings.stated_year = slips.stated_year

)

select
    * exclude (claim_year, period, is_year_open, dated_year),
    dated_year as claim_year,
    case
        when dated_year = fiscal_year then 'current'
        when dated_year = fiscal_year - 1 then 'prior'
        else 'other'
    end as period,
    claim_phase = default_phase and coalesce(dated_year = fiscal_year, false) as is_reported
from dated
