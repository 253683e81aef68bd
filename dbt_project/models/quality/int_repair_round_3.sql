-- One row a repair chosen in round 3 and an equation that it touches.
{{ config(schema='intermediate') }}

{{ quality_repair_round(['int_repair_round_1', 'int_repair_round_2']) }}
