"""Wordings of documents stand in seeds: another city's wording is a row, not a change of SQL."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2] / "dbt_project"
# models and macros that hold no wording
GLOBS = (
    "models/quality/int_completeness_*.sql",
    "models/quality/int_hygiene_check.sql",
    "models/quality/int_disclosure*.sql",
    "models/quality/disclosure_check.sql",
    "models/quality/document_scorecard.sql",
    "models/quality/int_classification_*.sql",
    "models/quality/int_decimal_check.sql",
    "models/intermediate/int_agency*.sql",
    "models/intermediate/int_claim_*.sql",
    "models/quality/int_text_*.sql",
    "models/quality/int_finding_text.sql",
    "models/quality/int_reconciliation_text*.sql",
    "macros/claim.sql",
    "macros/disclosure.sql",
)
# what may stand in SQL, and why
ALLOWED = {
    "()!?＊Ｘｘ": "marks that are typed narrow or wide",
    "（）！？*Xx": "marks that are typed narrow or wide",
    "公开时间": "name of what the judgement is on, shown to people",
    "括号、引号不成对": "name of what the judgement is on, shown to people",
    "句末缺标点": "name of what the judgement is on, shown to people",
    "重复的句子": "name of what the judgement is on, shown to people",
    "合计": "name of what the judgement is on, shown to people",
    "不单列": "the model's own mark, which the seed of agency lists reads",
    "元": "the unit of what has none printed, shown to people",
    "（": "punctuation of the language",
    "）": "punctuation of the language",
    "《": "punctuation of the language",
    "》": "punctuation of the language",
    "，": "punctuation of the language",
    "．": "punctuation of the language",
    "“": "punctuation of the language",
    "”": "punctuation of the language",
    "“”": "punctuation of the language",
}
# what names are normalised by, which every document has alike: numerals, years, units of money, 其中 减 加
FORMS = re.compile(r"[一二三四五六七八九十百千万亿元年度其中减加单位]")
LITERAL = re.compile(r"'((?:[^'\n]|'')*)'")
# Chinese characters and the punctuation of Chinese text
WORDING = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef“”]")


def code(text: str) -> str:
    """The SQL without its comments."""
    return re.sub(r"(?m)--.*$", "", re.sub(r"(?s)\{#.*?#\}", "", text))


def wordings(text: str) -> set[str]:
    return {literal for literal in LITERAL.findall(code(text)) if WORDING.search(literal)}


FILES = sorted({path for pattern in GLOBS for path in PROJECT.glob(pattern)})


def test_every_glob_meets_files() -> None:
    assert all(any(PROJECT.glob(pattern)) for pattern in GLOBS)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_wording_stands_in_sql(path: Path) -> None:
    assert wordings(path.read_text(encoding="utf-8")) <= set(ALLOWED)


def test_nothing_is_allowed_that_no_model_needs() -> None:
    assert set().union(*(wordings(path.read_text(encoding="utf-8")) for path in FILES)) == set(ALLOWED)


def test_names_are_normalised_by_forms_alone() -> None:
    literals = wordings((PROJECT / "macros" / "text.sql").read_text(encoding="utf-8"))
    assert not {literal for literal in literals if re.search(r"[\u4e00-\u9fff]", FORMS.sub("", literal))}


def test_a_wording_is_seen() -> None:
    assert wordings("-- '注'\n{# '注' #} select '年度', 'x' from a where b = '某局'") == {"年度", "某局"}
