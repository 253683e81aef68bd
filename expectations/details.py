"""What a finding opens to: its equations with the numbers in them, and what is printed around its place.

DuckDB writes the JSON itself; amounts are texts in it, so that no reader makes floats of them.
"""

from __future__ import annotations

import duckdb

MOST_EQUATIONS = 10
MOST_TERMS = 80
MOST_CHECKS = 40
NEIGHBOURS = 2
MOST_COLUMNS = 9

EQUATIONS_SQL = """
with evidence as (
    select finding_id, document_id, cell_id,
        unnest(equations[1:$equations]) as equation_id,
        generate_subscripts(equations[1:$equations], 1) as place
    from quality.finding
),

-- a number of a table, or one that is stated in the text
terms as (
    select
        term.equation_id,
        term.term_no,
        term.document_id,
        term.cell_id,
        {
            'c': cast(term.coefficient as varchar),
            'a': cast(term.amount_yuan as varchar),
            'v': coalesce(cell.value_text, claim.value_text),
            'l': coalesce(nullif(concat_ws(' ', cell.row_code, cell.row_label), ''), claim.subject_text),
            'k': cell.column_path,
            't': coalesce(cell.table_title, chapter.title),
            'p': coalesce(cell.page_no, sentence.page_no),
            'd': landed.document_name,
            'i': term.cell_id,
            's': term.side
        } as shown
    from quality.reconciliation_term as term
    left join intermediate.int_published_amount as cell on cell.cell_id = term.cell_id
    left join raw.claim as claim
        on term.claim_id = left(claim.document_id, 16) || ':claim:' || claim.claim_no
        and claim.document_id = term.document_id
    left join raw.sentence as sentence
        on sentence.document_id = claim.document_id and sentence.sentence_no = claim.sentence_no
    left join raw.chapter as chapter
        on chapter.document_id = sentence.document_id and chapter.chapter_no = sentence.chapter_no
    left join raw.document as landed on landed.document_id = term.document_id
    where term.equation_id in (select equation_id from evidence)
),

sums as (
    select equation_id, list(shown order by term_no) as terms, count(*) as term_count
    from terms
    group by equation_id
),

equations as (
    select
        verdict.equation_id,
        {
            'r': verdict.rule_id,
            'n': verdict.variant,
            'o': verdict.object,
            'm': verdict.comparison,
            'lhs': cast(verdict.lhs_amount as varchar),
            'rhs': cast(verdict.rhs_amount as varchar),
            'd': cast(verdict.residual as varchar),
            't': cast(verdict.tolerance as varchar),
            's': verdict.status,
            'w': verdict.reason,
            'terms': sums.terms[1:$terms],
            'more': greatest(0, sums.term_count - $terms)
        } as shown
    from quality.reconciliation as verdict
    left join sums on sums.equation_id = verdict.equation_id
    where verdict.equation_id in (select equation_id from evidence)
)

select evidence.finding_id, cast(to_json(list(equations.shown order by evidence.place)) as varchar)
from evidence
inner join equations on equations.equation_id = evidence.equation_id
group by evidence.finding_id
"""

# the rows of the same lane around the finding's row, and the columns around its column
NEIGHBOURS_SQL = """
with placed as (
    select finding.finding_id, finding.document_id, finding.table_no, finding.row_no, finding.column_no,
        coalesce(place.lane_no, 1) as lane_no
    from quality.finding as finding
    left join raw.table_column as place
        on place.document_id = finding.document_id and place.table_no = finding.table_no
        and place.column_no = finding.column_no
    where finding.table_no is not null and finding.row_no is not null
),

columns as (
    select placed.finding_id, near.column_no, near.column_path,
        row_number() over (
            partition by placed.finding_id
            order by abs(near.column_no - coalesce(placed.column_no, 1)), near.column_no
        ) as nearness
    from placed
    inner join raw.table_column as near
        on near.document_id = placed.document_id and near.table_no = placed.table_no
        and near.lane_no = placed.lane_no
    qualify nearness <= $columns
),

cells as (
    select placed.finding_id, cell.row_no, cell.lane_no,
        json_group_object(cell.column_no, cell.value_text) as cells
    from placed
    inner join raw.cell as cell
        on cell.document_id = placed.document_id and cell.table_no = placed.table_no
        and cell.lane_no = placed.lane_no
        and cell.row_no between placed.row_no - $neighbours and placed.row_no + $neighbours
    inner join columns on columns.finding_id = placed.finding_id and columns.column_no = cell.column_no
    group by all
),

lines as (
    select placed.finding_id,
        list(
            {
                'n': line.row_no,
                'l': concat_ws(' ', line.row_code, line.row_label),
                'v': cells.cells,
                'is': line.row_no = placed.row_no
            } order by line.row_no
        ) as lines
    from placed
    inner join raw.table_row as line
        on line.document_id = placed.document_id and line.table_no = placed.table_no
        and line.lane_no = placed.lane_no
        and line.row_no between placed.row_no - $neighbours and placed.row_no + $neighbours
    left join cells on cells.finding_id = placed.finding_id and cells.row_no = line.row_no
    group by placed.finding_id
),

heads as (
    select finding_id, list({'c': column_no, 'h': column_path} order by column_no) as heads
    from columns
    group by finding_id
)

select placed.finding_id,
    cast(to_json({'c': placed.column_no, 'h': heads.heads, 'r': lines.lines}) as varchar)
from placed
inner join lines on lines.finding_id = placed.finding_id
left join heads on heads.finding_id = placed.finding_id
"""

SENTENCES_SQL = """
select finding.finding_id,
    cast(to_json(list(
        {'n': sentence.sentence_no, 't': sentence.text, 'is': sentence.sentence_no = finding.sentence_no}
        order by sentence.sentence_no
    )) as varchar)
from quality.finding as finding
inner join raw.sentence as sentence
    on sentence.document_id = finding.document_id
    and sentence.sentence_no between finding.sentence_no - 1 and finding.sentence_no + 1
where finding.sentence_no is not null
group by finding.finding_id
"""


# conditions that are no equations: classification, completeness, form
CHECKS_SQL = """
with evidence as (
    select finding_id, unnest(equations[1:$checks]) as check_id,
        generate_subscripts(equations[1:$checks], 1) as place
    from quality.finding
)

select evidence.finding_id,
    cast(to_json(list(
        {
            'o': checked.object,
            't': coalesce(checked.table_title, checked.chapter),
            'p': checked.page_no,
            's': checked.status,
            'w': checked.reason,
            'q': checked.quote
        } order by evidence.place
    )) as varchar)
from evidence
inner join quality.disclosure_check as checked on checked.check_id = evidence.check_id
group by evidence.finding_id
"""


def read_details(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """One JSON object a finding: `equations`, `checks`, `near` (cells), `text` (sentences), as there are."""
    parts: list[tuple[str, str, dict[str, int]]] = [
        ("equations", EQUATIONS_SQL, {"equations": MOST_EQUATIONS, "terms": MOST_TERMS}),
        ("near", NEIGHBOURS_SQL, {"neighbours": NEIGHBOURS, "columns": MOST_COLUMNS}),
        ("text", SENTENCES_SQL, {}),
    ]
    there = "select 1 from information_schema.tables where table_name = 'disclosure_check'"
    if connection.execute(there).fetchone():
        parts.append(("checks", CHECKS_SQL, {"checks": MOST_CHECKS}))
    members: dict[str, list[str]] = {}
    for name, sql, limits in parts:
        for finding_id, text in connection.execute(sql, limits or None).fetchall():
            members.setdefault(finding_id, []).append(f'"{name}":{text}')
    return {finding_id: "{" + ",".join(texts) + "}" for finding_id, texts in members.items()}
