"""What is a printed number, a target, a code: and what is not."""

from __future__ import annotations

import pytest

from extract.layout.numbers import code_digits, level_digits, parse_amount, parse_target, split_leading_code

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("text", "plain", "suffix", "decimals"),
    [
        ("3,245.06", "3245.06", "", 2),
        ("3, 245. 06", "3245.06", "", 2),
        ("435,216.1\n7", "435216.17", "", 2),
        ("－3.6", "-3.6", "", 1),
        ("(12.50)", "-12.50", "", 2),
        ("１２３", "123", "", 0),
        ("37.69%", "37.69", "%", 2),
        ("0.00", "0.00", "", 2),
        ("5万元", "5", "万元", 0),
        (".5", "0.5", "", 1),
    ],
)
def test_amounts(text: str, plain: str, suffix: str, decimals: int) -> None:
    number = parse_amount(text)
    assert number is not None
    assert (number.plain, number.suffix, number.decimals) == (plain, suffix, decimals)
    assert number.text == text.strip()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "—",
        "合计",
        "2080505号",
        "1.2.3",
        "12)",
        "(12",
        "10-15项",
        "2024年",
        "12月31日前",
        "1" * 41,
        "330000222100000123456789",
        "11\n49\n7",
    ],
)
def test_no_amounts(text: str) -> None:
    assert parse_amount(text) is None


@pytest.mark.parametrize(
    ("text", "plain", "suffix"),
    [
        ("≥2 次", "2", "次"),
        ("<=67.48万元", "67.48", "万元"),
        ("不低于95%", "95", "%"),
        ("1.4元", "1.4", "元"),
    ],
)
def test_targets(text: str, plain: str, suffix: str) -> None:
    number = parse_target(text)
    assert number is not None
    assert (number.plain, number.suffix) == (plain, suffix)


@pytest.mark.parametrize("text", ["10-15项", "12月31日前", "较上年提高", ""])
def test_no_targets(text: str) -> None:
    assert parse_target(text) is None


def test_codes() -> None:
    assert code_digits("208 05 05") == "2080505"
    assert code_digits("301 2") == "3012"
    assert code_digits("7") == ""
    assert code_digits("甲") == ""


def test_a_level_that_lost_its_zero() -> None:
    assert level_digits("2", below=True) == "02"
    assert level_digits("301 2", below=False) == "30102"
    # a first cell of one digit is no class, and two digits are whole
    assert level_digits("2", below=False) == ""
    assert level_digits("12", below=True) == "12"
    assert level_digits("", below=True) == ""


@pytest.mark.parametrize(
    ("label", "code", "name"),
    [
        ("208 社会保障", "208", "社会保障"),
        ("[2080505]缴费", "2080505", "缴费"),
        ("2080505-缴费", "2080505", "缴费"),
        ("20805养老", "20805", "养老"),
        ("2024年支出", "", "2024年支出"),
        ("301.5万元", "", "301.5万元"),
    ],
)
def test_codes_before_labels(label: str, code: str, name: str) -> None:
    assert split_leading_code(label) == (code, name)
