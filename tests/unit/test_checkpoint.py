"""The gates: what is broken is red, what was not looked at is red, and what a red check stops."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest

from expectations.checkpoint import BrokenCheckpoint, Checkpoint, validate, waiting_checkpoint
from expectations.model import Check, CheckResult, Suite, read_suites
from expectations.review import review

CHECKS = (
    Check("marts", "all_good", "ok", "某项", "integrity",
          query="select a, {'x': a}.x > 0 as is_ok from marts.facts"),
    Check("marts", "one_bad", "one bad", "某项", "strict",
          query="select a, a > 1 as is_ok from marts.facts;\n"),
    Check("marts", "null_is_bad", "null", "某项", "strict", query="select a, null as is_ok from marts.facts"),
    Check("marts", "nothing_seen", "nothing seen", "某项", "integrity",
          query="select true as is_ok from marts.none"),
    Check(
        "marts",
        "nothing_to_see",
        "nothing to see",
        "某项",
        "integrity",
        may_be_empty=True,
        query="select true as is_ok from marts.none",
    ),
    Check("marts", "none_of_the_kind", "none of the kind", "某项", "integrity",
          if_any="select 1 from marts.none", query="select true as is_ok from marts.none"),
    Check("marts", "lost_on_the_way", "lost", "某项", "integrity",
          if_any="select 1 from marts.facts", query="select true as is_ok from marts.none"),
    Check("marts", "cannot_run", "cannot run", "某项", "watch",
          query="select true as is_ok from marts.missing"),
    Check("marts", "set", "in a set", "某项", "integrity", expect="ExpectColumnValuesToBeInSet",
          arguments={"column": "a", "value_set": [1, 2]}),
    Check("marts", "set_broken", "in a set", "某项", "integrity", expect="ExpectColumnValuesToBeInSet",
          arguments={"column": "a", "value_set": [1]}),
)  # fmt: skip


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, CheckResult]:
    folder = tmp_path_factory.mktemp("checkpoint")
    warehouse = folder / "warehouse.duckdb"
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("create schema marts")
        connection.execute("create table marts.facts as select unnest([1, 2]) as a")
        connection.execute("create table marts.none as select 1 as a where false")
    suites = [Suite("marts", "facts", "marts.facts", CHECKS)]
    found = validate(warehouse, folder / "docs", suites)
    assert (folder / "docs" / "index.html").is_file()
    return {result.name: result for result in found}


@pytest.mark.parametrize(
    ("name", "status", "evaluated", "unexpected"),
    [
        ("all_good", "green", 2, 0),
        ("one_bad", "red", 2, 1),
        ("null_is_bad", "red", 2, 2),
        ("nothing_seen", "red", 0, 0),
        ("nothing_to_see", "empty", 0, 0),
        ("none_of_the_kind", "empty", 0, 0),
        ("lost_on_the_way", "red", 0, 0),
        ("cannot_run", "error", 0, 0),
        ("set", "green", 2, 0),
        ("set_broken", "red", 2, 1),
    ],
)
def test_verdicts(
    results: dict[str, CheckResult], name: str, status: str, evaluated: int, unexpected: int
) -> None:
    result = results[name]
    assert (result.status, result.evaluated, result.unexpected) == (status, evaluated, unexpected)


def test_a_red_check_shows_what_broke(results: dict[str, CheckResult]) -> None:
    assert results["one_bad"].examples == [{"a": "1"}]
    assert "missing" in results["cannot_run"].message


def test_an_empty_table_is_red_for_an_expectation_on_columns(tmp_path: Path) -> None:
    warehouse = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("create schema marts")
        connection.execute("create table marts.facts as select 1 as a where false")
    suites = [Suite("marts", "facts", "marts.facts", (CHECKS[-2],))]
    (result,) = validate(warehouse, tmp_path / "docs", suites)
    assert (result.status, result.message) == ("red", "nothing was evaluated")


@pytest.mark.parametrize(
    ("status", "gate", "stops", "stops_strict"),
    [
        ("green", "integrity", False, False),
        ("empty", "integrity", False, False),
        ("red", "integrity", True, True),
        ("red", "strict", False, True),
        ("red", "watch", False, False),
        ("error", "watch", True, True),
    ],
)
def test_what_stops_a_build(status: str, gate: str, stops: bool, stops_strict: bool) -> None:
    result = CheckResult("marts", "x", "x", "某项", gate, (), status)  # type: ignore[arg-type]
    assert (result.stops(False), result.stops(True)) == (stops, stops_strict)


def test_every_written_check_can_be_red() -> None:
    suites = read_suites()
    names = [(check.suite, check.name) for suite in suites for check in suite.checks]
    assert len(names) == len(set(names))
    for suite in suites:
        assert suite.checks
        for check in suite.checks:
            assert check.gate in ("integrity", "strict", "watch")
            assert re.search("[一-龥]", check.says_zh), check.name
            assert (check.query is None) != (check.expect is None), check.name
            assert check.query is None or "is_ok" in check.query, check.name


def test_a_checkpoint_that_dies_says_so(tmp_path: Path) -> None:
    with waiting_checkpoint() as checkpoint, pytest.raises(BrokenCheckpoint):
        Checkpoint.run(checkpoint, tmp_path / "no such folder" / "warehouse.duckdb", tmp_path / "docs")


FINDINGS = """
create schema raw;
create schema quality;
create table raw.document as select unnest(['d1', 'd2']) as document_id, 'read' as status;
create table quality.finding as
select * from (values
    ('f1', 'd1', 'A03', '支出决算表', 12.50, 'error', 'source'),
    ('f2', 'd1', 'B03', '支出决算表', 1.00, 'warning', 'source'),
    ('f3', 'd1', 'B03', '支出决算表', 2.00, 'error', 'extraction'),
    ('f4', 'd2', 'A03', null, null, 'rounding', 'source'),
    ('f5', 'd2', 'A03', null, null, 'error', 'source')
) as t (finding_id, document_id, rule_id, table_title, published, severity, origin);
"""
LISTED = """document_id,document_name,rule_id,table_title,published,expected,cause,reason
d1,one.txt,A03,支出决算表,12.50,13,wrong_total,"printed so, page 3"
d2,two.txt,A03,,,,missing_row,no amount is printed
d1,one.txt,A03,支出决算表,99,,,mended since
d3,absent.txt,A03,支出决算表,1,,,not in this corpus
"""


def test_findings_are_known_or_not_and_a_mended_defect_shows(tmp_path: Path) -> None:
    listed = tmp_path / "known's.csv"
    listed.write_text(LISTED, encoding="utf-8")
    with duckdb.connect() as connection:
        connection.execute(FINDINGS)
        review(connection, listed)
        assert dict(
            connection.execute("select finding_id, status from quality.finding_review").fetchall()
        ) == {
            "f1": "known",
            "f2": "unreviewed",
            "f3": "extraction",
            "f4": "not_needed",
            "f5": "known",
        }
        stale = "select reason from quality.known_source_defect where is_in_corpus and not is_found"
        assert connection.execute(stale).fetchall() == [("mended since",)]
        absent = "select reason from quality.known_source_defect where not is_in_corpus"
        assert connection.execute(absent).fetchall() == [("not in this corpus",)]
