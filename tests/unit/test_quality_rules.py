"""The rule seeds hold together: every rule is there, and every selector names what the catalogue knows."""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path

import pytest

from extract.rule_book import RULES, rule_book

pytestmark = pytest.mark.unit

CATALOGUE = RULES.parent / "catalogue"
COUNTS = {"A": 8, "B": 9, "C": 6, "D": 14, "E": 16, "F": 6, "G": 5, "H": 5, "I": 12, "J": 9}
# made from other columns, or of tables with one column for each class
DERIVED = {"total", "-", "weight"}


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


RULE, VARIANT, TERM = (read(RULES / f"{name}.csv") for name in ("rule", "rule_variant", "rule_term"))
CORPUS_VARIANT = read(RULES / "corpus_variant.csv")


def test_every_rule_of_the_catalogue_is_listed_once() -> None:
    assert Counter(rule["rule_id"][0] for rule in RULE) == COUNTS
    assert len({rule["rule_id"] for rule in RULE}) == len(RULE)


def test_a_rule_is_evaluated_or_says_why_not() -> None:
    with_variant = {variant["rule_id"] for variant in [*VARIANT, *CORPUS_VARIANT]}
    # conditions have no template; the blocks of the scorecard list those that are judged
    judged = {block["rule_id"] for block in read(RULES / "scorecard_block.csv")}
    # what the text states is compared where the wordings are bound, summed up and recomputed
    told = {row["rule_id"] for name in ("claim_binding", "claim_sum") for row in read(RULES / f"{name}.csv")}
    told |= {
        rule_id
        for name in (
            "intermediate/int_claim_bound",
            "quality/int_text_equation",
            "quality/int_text_verdict",
            "quality/int_text_sum",
        )
        for rule_id in re.findall(r"'(E\d\d)'", (RULES.parents[1] / f"models/{name}.sql").read_text())
    }
    for rule in RULE:
        if rule["shape"] == "claim":
            evaluated = rule["rule_id"] in told
        else:
            is_judgement = rule["family"] in "HIJ" or rule["shape"] == "judgement"
            evaluated = rule["rule_id"] in (judged if is_judgement else with_variant)
        assert (rule["implemented"] == "true") == evaluated, rule["rule_id"]
        assert bool(rule["reason_not_implemented"]) == (rule["implemented"] != "true"), rule["rule_id"]
        assert rule["name_zh"] and rule["name_en"] and rule["formula"], rule["rule_id"]


def test_every_template_has_a_left_side_and_terms_belong_to_a_template() -> None:
    keys = {(variant["rule_id"], variant["variant"]) for variant in VARIANT}
    assert len(keys) == len(VARIANT)
    assert {(term["rule_id"], term["variant"]) for term in TERM if term["side"] == "lhs"} == keys


def test_templates_between_documents_say_what_a_break_is() -> None:
    causes = {cause["cause"] for cause in read(RULES / "cause.csv")}
    assert {variant["cause"] for variant in CORPUS_VARIANT} <= causes
    assert {variant["comparison"] for variant in CORPUS_VARIANT} <= {"eq", "le", "ge"}
    assert {variant["relation"] for variant in CORPUS_VARIANT} <= {
        "budget_before", "final_before", "budget_of_year", "department", "units", "same",
    }  # fmt: skip
    compared = {row["table_type"] for row in read(RULES / "corpus_table.csv")}
    assert compared <= {row["table_type"] for row in read(CATALOGUE / "table_type.csv")}


def test_words_of_the_seeds() -> None:
    assert {variant["shape"] for variant in VARIANT} <= {
        "vertical_code", "vertical_total", "row_identity", "balance", "cross",
    }  # fmt: skip
    assert {variant["comparison"] for variant in VARIANT} <= {"eq", "le", "ge"}
    assert {term["side"] for term in TERM} <= {"lhs", "rhs", "explain"}
    assert {term["presence"] for term in TERM} <= {
        *("required", "optional", "zero_if_unlisted", "if_table_absent", "whole")
    }
    assert {term["cardinality"] for term in TERM} <= {"one", "many"}


@pytest.mark.parametrize(
    ("selector", "known"),
    [
        ("table_type", {row["table_type"] for row in read(CATALOGUE / "table_type.csv")}),
        ("line_item", {row["line_item"] for row in read(CATALOGUE / "line_item.csv")}),
        ("unless_line_item", {row["line_item"] for row in read(CATALOGUE / "line_item.csv")}),
        (
            "fund",
            {row["value"] for row in read(CATALOGUE / "header_alias.csv") if row["attribute"] == "fund"},
        ),
        (
            "money_source",
            {
                row["value"]
                for row in read(CATALOGUE / "header_alias.csv")
                if row["attribute"] == "money_source"
            },
        ),
    ],
)
def test_selectors_name_what_the_catalogue_knows(selector: str, known: set[str]) -> None:
    named = {name for term in TERM for name in term[selector].split("|") if name}
    assert named - known - DERIVED == set()


def test_the_rule_book_has_every_rule() -> None:
    page = rule_book()
    assert all(f"### {rule['rule_id']} {rule['name_zh']}" in page for rule in RULE)


def test_all_funds_equal_fiscal_ones_only_but_for_what_else_there_is() -> None:
    """A column of all money is no larger than that of fiscal money only where there is no other."""
    scopes = {row["table_type"]: row["scope"] for row in read(CATALOGUE / "table_type.csv")}
    is_equal = {(row["rule_id"], row["variant"]) for row in VARIANT if row["comparison"] == "eq"}
    all_funds = {
        (term["rule_id"], term["variant"])
        for term in TERM
        if term["side"] != "explain"
        and scopes.get(term["table_type"]) == "all_funds"
        and not {"fiscal", "fiscal_carryover", "non_fiscal"} & set(term["component"].split("|"))
    }
    fiscal = {
        (term["rule_id"], term["variant"])
        for term in TERM
        if term["side"] != "explain"
        and scopes.get(term["table_type"]) in ("fiscal_appropriation", "general_public")
    }
    explained = {(term["rule_id"], term["variant"]) for term in TERM if term["side"] == "explain"}
    assert is_equal & all_funds & fiscal <= explained
