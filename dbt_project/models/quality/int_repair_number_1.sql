-- One row an equation touched by a corrected number chosen in round 1.
{{ config(schema='intermediate') }}

{{ quality_number_round(['int_repair_swap', 'int_repair_missing_line']) }}
