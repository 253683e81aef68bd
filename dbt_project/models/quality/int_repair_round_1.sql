-- One row a repair chosen in round 1 and an equation that it touches.
{{ config(schema='intermediate') }}

{{ quality_repair_round([]) }}
