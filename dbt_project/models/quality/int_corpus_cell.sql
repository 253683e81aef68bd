-- One row a meaning that a document gives one amount to, wherever it prints it.
{{ config(schema='intermediate', materialized='view') }}

select * exclude (place, is_lead)
from {{ ref('int_corpus_number') }}
where is_lead
