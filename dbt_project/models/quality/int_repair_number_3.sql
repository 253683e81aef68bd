-- One row an equation touched by a corrected number chosen in round 3.
{{ config(schema='intermediate') }}

{{ quality_number_round(['int_repair_swap', 'int_repair_missing_line', 'int_repair_number_1', 'int_repair_number_2']) }}
