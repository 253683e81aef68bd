"""Compares what was found with the defects that people have reviewed, in two tables of the warehouse."""

from __future__ import annotations

from pathlib import Path

import duckdb

KNOWN_SOURCE_DEFECTS = Path(__file__).resolve().parent / "known_source_defects.csv"

REVIEW_SQL = """
create or replace table quality.known_source_defect as
with listed as (
    select
        nullif(trim(document_id), '') as document_id,
        nullif(trim(rule_id), '') as rule_id,
        nullif(trim(table_title), '') as table_title,
        try_cast(nullif(trim(published), '') as decimal(18, 2)) as published,
        try_cast(nullif(trim(expected), '') as decimal(18, 2)) as expected,
        nullif(trim(cause), '') as cause,
        nullif(trim(reason), '') as reason
    from read_csv(?, header => true, all_varchar => true, delim => ',', quote => '"')
)

select
    listed.*,
    exists (
        select 1 from raw.document
        where document.document_id = listed.document_id and document.status = 'read'
    ) as is_in_corpus,
    exists (select 1 from quality.finding where {match}) as is_found
from listed
"""

FINDING_SQL = """
create or replace table quality.finding_review as
with matched as (
    select
        finding.*,
        (select min(listed.reason) from quality.known_source_defect as listed where {match}) as reason
    from quality.finding
)

select
    finding_id,
    case
        when severity not in ('error', 'warning') then 'not_needed'
        when origin = 'extraction' then 'extraction'
        when reason is not null then 'known'
        else 'unreviewed'
    end as status,
    reason
from matched
"""

# the reviewed key: where it is printed and what is printed there
MATCH = """
    finding.document_id = listed.document_id
    and finding.rule_id = listed.rule_id
    and finding.table_title is not distinct from listed.table_title
    and cast(finding.published as decimal(18, 2)) is not distinct from listed.published
"""

# no models of dbt: what they hold is said here, and read by the data dictionary
TABLES = {
    "finding_review": (
        "One row a finding: whether people have reviewed it.",
        {
            "finding_id": "key: the finding in quality.finding",
            "status": "known (listed with its reason), unreviewed, extraction (our reading to mend),"
            " not_needed (minor, rounding)",
            "reason": "the reason of the list",
        },
    ),
    "known_source_defect": (
        "One row a reviewed defect of a publisher, from expectations/known_source_defects.csv.",
        {
            "document_id": "the document that holds it (sha256)",
            "rule_id": "rule that it breaks",
            "table_title": "table, empty where it stands in the text",
            "published": "amount as published, in yuan",
            "expected": "amount that would be right, in yuan",
            "cause": "likely cause",
            "reason": "what the reviewer saw on the page",
            "is_in_corpus": "whether the document is in this warehouse",
            "is_found": "whether it still occurs; one that does not leaves the list",
        },
    ),
}


def review(connection: duckdb.DuckDBPyConnection, listed: Path = KNOWN_SOURCE_DEFECTS) -> None:
    """Add both tables to the warehouse that is being built."""
    connection.execute(REVIEW_SQL.format(match=MATCH), [str(listed)])
    connection.execute(FINDING_SQL.format(match=MATCH))
