-- placeholder
select document_id, 'verified' as status, cast(null as varchar) as reason from {{ ref('stg_document') }}
