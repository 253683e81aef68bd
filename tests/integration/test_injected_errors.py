"""A small benchmark of root causes with a fixed seed: what equations see is found, and at its place."""

from __future__ import annotations

import pytest

from tests.benchmark.cases import Plan, write_cases
from tests.benchmark.injected_errors import build
from tests.benchmark.scoring import Score, score
from tests.typeset.inject import NUMBER_CAUSES

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Score:
    folder = tmp_path_factory.mktemp("benchmark")
    plan = Plan(5, NUMBER_CAUSES, styles=("tabs", "tabs_three_code_columns"))
    cases = write_cases(plan, folder / "documents")
    build(folder)
    return score(folder / "warehouse.duckdb", cases)


def test_untouched_documents_have_no_findings(result: Score) -> None:
    assert result.untouched == 5
    assert result.false_alarms == []


def test_errors_that_equations_see_are_found(result: Score) -> None:
    seen = [error for error in result.errors if error.is_seen]
    assert len(seen) > 80
    missed = [error.place for error in seen if not error.is_detected]
    assert len(missed) <= len(seen) // 25, missed


def test_the_first_suggestion_is_the_wrong_number_with_its_true_value(result: Score) -> None:
    twice = [error for error in result.errors if error.equations >= 2]
    assert len(twice) > 70
    others = [error.place for error in twice if not error.is_first]
    assert len(others) <= len(twice) // 12, others


def test_findings_name_what_was_injected(result: Score) -> None:
    assert result.findings > 80
    assert result.right_findings >= 0.85 * result.findings
