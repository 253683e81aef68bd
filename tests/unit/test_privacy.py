"""Numbers of persons are masked; the numbers that the warehouse is made of are not touched."""

import time

import pytest

from extract.privacy import mask_personal_numbers

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("联系电话：0951-5099123", "联系电话：****-*******"),
        ("（0951）5012345", "（****）*******"),
        ("电话 5099123", "电话 *******"),
        ("手机13812345678。", "手机***********。"),
        ("联系人 13812345678", "联系人 ***********"),
        ("手机号 138 1234 5678", "手机号 *** **** ****"),
        ("身份证号：110105194912310021", "身份证号：******************"),
        ("张某 11010519491231002X", "张某 ******************"),
    ],
)
def test_telephone_and_identity_card_numbers_are_masked_at_the_same_length(text, masked):
    assert mask_personal_numbers(text) == masked
    assert len(masked) == len(text)


@pytest.mark.parametrize(
    "text",
    [
        "13812345678.90",
        "收入 13812345678 元",
        "128,589,187.47",
        "157647304.72",
        "2080505 机关事业单位基本养老保险缴费支出",
        "财社〔2025〕102号",
        "2026-02-10",
        "2026年02月04日",
        "11000026T000003456789",
        "110000260000012345678",
        "110105194912310021",  # no check digit, no label: a code of a project
        "电话费 1234567.89 万元",
        "咨询热线 12333",
        "邮电费 2,345,678.00",
    ],
)
def test_amounts_codes_dates_and_document_numbers_stay(text):
    assert mask_personal_numbers(text) == text


@pytest.mark.parametrize("text", ["0123456789-" * 100_000, "电话" + "1 " * 500_000, "138" * 300_000])
def test_long_text_is_masked_in_linear_time(text):
    start = time.perf_counter()
    mask_personal_numbers(text)
    assert time.perf_counter() - start < 5
