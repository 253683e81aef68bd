"""The generated pages are up to date, and the dictionary leaves out nothing that users see."""

from __future__ import annotations

import re

import pytest

from expectations.review import TABLES
from extract.dictionary import MODELS, models_of
from extract.docs import DOCS, PAGES

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("name", PAGES)
def test_page_is_up_to_date(name: str) -> None:
    assert (DOCS / name).read_text(encoding="utf-8") == PAGES[name](), "run `make docs` and commit the page"


def test_the_rule_book_gives_the_reason_of_a_rule_that_is_not_evaluated_in_both_languages() -> None:
    reasons = [line for line in PAGES["rule_book.md"]().splitlines() if line.startswith("- 未执行")]
    assert reasons
    assert all(re.fullmatch("- 未执行：[^a-z]+ · not evaluated: [^一-龥]+", line) for line in reasons)


@pytest.mark.parametrize("room", ["marts", "quality"])
def test_every_model_that_users_see_is_described(room: str) -> None:
    files = {path.stem for path in (MODELS / room).glob("*.sql") if not path.stem.startswith("int_")}
    described = {model.name: model for model in models_of(room)}
    assert files | (set(TABLES) if room == "quality" else set()) == set(described)
    assert all(model.description for model in described.values())


def test_marts_describe_every_column_and_say_their_grain() -> None:
    for model in models_of("marts"):
        assert model.columns, model.name
        assert "One row" in model.description, model.name
        for column in model.columns:
            assert column.get("description") and column.get("data_type"), f"{model.name}.{column['name']}"
