{# How the disclosure rules look at text. #}

{# The words of a text around a part of it: what a person needs to find it on the page. #}
{% macro around(text, part, searched=none) -%}
    substr({{ text }}, greatest(position({{ part }} in {{ searched or text }}) - 24, 1), length({{ part }}) + 48)
{%- endmacro %}

{# Marks that are typed narrow or wide as one: nothing gets longer or shorter. #}
{% macro wide_marks(text) -%}
    translate({{ text }}, '()!?＊Ｘｘ', '（）！？*Xx')
{%- endmacro %}

{# A line of the contents, or the title that it stands for, without its number and the page that it is on. #}
{% macro line_of_contents(text_key) -%}
    {{ regex_remove(
        strip_numbering(regex_remove(text_key, marker('contents_page'), global=false)),
        marker('contents_table_number'), global=false
    ) }}
{%- endmacro %}

{# Marks that open less marks that close: counted only where there are any. #}
{% macro unpaired(text, opening, closing) -%}
    case
        when position('{{ opening }}' in {{ text }}) > 0 or position('{{ closing }}' in {{ text }}) > 0
            then length(replace({{ text }}, '{{ closing }}', '')) - length(replace({{ text }}, '{{ opening }}', ''))
        else 0
    end
{%- endmacro %}

{# The body that a line above a table names: 编制单位：某局 单位：万元 → 某局. #}
{% macro agency_of_line(line) -%}
    {{ regex_extract(
        regex_remove(normalise_text(line), marker('unit_of_line'), global=false),
        marker('body_of_line'), 1
    ) }}
{%- endmacro %}

{# A body's name without what may be added to it or left out. #}
{% macro agency_core(name) -%}
    {{ regex_remove(name, marker('body_additions'), global=true) }}
{%- endmacro %}

{# What a finding of a condition says: the template of its cause with what is missing or wrong filled in. #}
{% macro disclosure_message(template, objects, rule_name) -%}
    {%- set texts = {
        'object': objects, 'quote': inner_quoted('roots.quote'), 'wanted': 'roots.wanted',
        'chapter': inner_quoted('roots.chapter'),
        'table': 'roots.table_title', 'rule': rule_name
    } -%}
    {%- for name in texts %}replace({% endfor %}{{ template }}
    {%- for name, text in texts.items() %}, '{{ '{' ~ name ~ '}' }}', coalesce({{ text }}, '')){% endfor %}
{%- endmacro %}

{#
    The rows of a seed at the time a model is compiled: patterns that stand in the query itself are compiled once.
    Every run has a `graph` of its own, which all its models see: a seed is asked for its rows once a run.
#}
{% macro seed_rows(seed, columns) -%}
    {%- set query = 'select ' ~ columns | join(', ') ~ ' from ' ~ ref(seed) -%}
    {%- if not execute -%}
        {{ return([]) }}
    {%- endif -%}
    {%- if query not in graph -%}
        {%- do graph.update({query: run_query(query).rows}) -%}
    {%- endif -%}
    {{ return(graph[query]) }}
{%- endmacro %}

{# The pattern of one name in the seed of markers, as it stands in a query. #}
{% macro marker(name) -%}
    {%- for row in seed_rows('text_marker', ['marker', 'pattern']) if row[0] == name -%}
        {{ return(row[1] | replace("'", "''")) }}
    {%- endfor -%}
    {%- if execute -%}
        {{ exceptions.raise_compiler_error("The seed text_marker has no row '" ~ name ~ "'.") }}
    {%- endif -%}
    {{ return('') }}
{%- endmacro %}

{# Whether a text matches the pattern that a seed has for a key; `otherwise` where it has none. #}
{% macro matches_seed(text, key, seed, key_column, pattern_column, otherwise) -%}
    case {{ key }}
        {%- for row in seed_rows(seed, [key_column, pattern_column]) if row[1] %}
        when '{{ row[0] }}' then {{ regex_matches(text, row[1] | replace("'", "''")) }}
        {%- endfor %}
        when '' then false
        else {{ otherwise }}
    end
{%- endmacro %}

{# Whether any row of a seed can match a text, by its pattern or else by its fixed part: one look at a text, before
   each row is asked. #}
{% macro matches_any_of_seed(text, seed, pattern_column, fixed_column) -%}
    {%- set patterns = [] -%}
    {%- for row in seed_rows(seed, [pattern_column, fixed_column]) -%}
        {%- do patterns.append('(?:' ~ (row[0] or modules.re.escape(row[1])) ~ ')') -%}
    {%- endfor -%}
    {{ regex_matches(text, patterns | join('|') | replace("'", "''")) }}
{%- endmacro %}

{# A group of the pattern that a seed has for a key. #}
{% macro extract_seed(text, key, seed, key_column, pattern_column, group) -%}
    case {{ key }}
        {%- for row in seed_rows(seed, [key_column, pattern_column]) if row[1] %}
        when '{{ row[0] }}' then {{ regex_extract(text, row[1] | replace("'", "''"), group) }}
        {%- endfor %}
        when '' then ''
    end
{%- endmacro %}

{# A group of the pattern of a seed, which of its groups standing in another column of the seed. #}
{% macro regex_extract_each(text, key, seed, key_column, pattern_column, group_column) -%}
    case {{ key }}
        {%- for row in seed_rows(seed, [key_column, pattern_column, group_column]) %}
        when '{{ row[0] }}' then {{ regex_extract(text, row[1] | replace("'", "''"), row[2]) }}
        {%- endfor %}
        when '' then ''
    end
{%- endmacro %}

{# What a sentence says its money is for, or why it changed: the words behind 用于 or 原因. #}
{% macro purpose_of(expression) -%}
    {{ regex_extract(expression, marker('purpose'), 1) }}
{%- endmacro %}

{#
    The columns of a judgement, which all models of classification, completeness and form have, in one order.
    `of` is the relation that it is about; its `place` there is a text, a table, a page, or what the call says.
#}
{% macro judgement(
    rule, cause, root='null', object='null', object_en=none, quote='null', wanted='null', severity="'minor'",
    status="'fail'", reason='null', of=none, place=none, table_no=none, row_no='null', chapter=none,
    sentence_no=none, page_no=none
) -%}
    {%- set of = of ~ '.' if of else '' -%}
    {%- set printed = {
        'text': ['chapter', 'sentence_no', 'page_no'], 'table': ['table_no', 'page_no'], 'page': ['page_no']
    }[place] if place else [] -%}
    {%- set columns = {'table_no': table_no, 'chapter': chapter, 'sentence_no': sentence_no, 'page_no': page_no} -%}
    {%- for name in columns if columns[name] is none -%}
        {%- do columns.update({name: of ~ name if name in printed else 'null'}) -%}
    {%- endfor -%}
    cast({{ rule }} as varchar) as rule_id,
        {{ of }}document_id,
        cast({{ cause }} as varchar) as cause,
        cast({{ object }} as varchar) as object_zh,
        cast({{ object if object_en is none else object_en }} as varchar) as object_en,
        cast({{ columns.table_no }} as integer) as table_no,
        cast({{ row_no }} as integer) as row_no,
        cast({{ columns.chapter }} as varchar) as chapter,
        cast({{ columns.sentence_no }} as integer) as sentence_no,
        cast({{ columns.page_no }} as integer) as page_no,
        cast({{ status }} as varchar) as status,
        cast({{ reason }} as varchar) as reason,
        cast({{ severity }} as varchar) as severity,
        cast({{ quote }} as varchar) as quote,
        cast({{ wanted }} as varchar) as wanted,
        cast({{ root }} as varchar) as root
{%- endmacro %}

{# The date that a text says where it matches a marker; its groups are year, month and day. #}
{% macro date_said(text, name) -%}
    try_cast(
        {{ regex_extract(text, marker(name), 1) }}
        || '-' || lpad({{ regex_extract(text, marker(name), 2) }}, 2, '0')
        || '-' || lpad({{ regex_extract(text, marker(name), 3) }}, 2, '0')
        as date
    )
{%- endmacro %}
