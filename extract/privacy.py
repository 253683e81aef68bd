"""Numbers that belong to persons, masked before anything is landed; amounts, codes and 文号 stay."""

from __future__ import annotations

import re
from functools import cache

from extract.markers import alternatives

_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"
_DIGIT = re.compile(r"[\dXx]")
# what may follow an 11-digit amount, and a number that is part of a longer one
_AMOUNT_END = r"(?![\dA-Za-z]|[.,，]\d|\s?[亿万千]?元|\s?[%％])"
_START = r"(?<![\dA-Za-z.,])"


def mask_personal_numbers(text: str) -> str:
    """The text with each digit of a telephone or identity card number replaced by `*`, at the same length."""
    if len(text) < 7:
        return text
    return _personal_numbers().sub(_masked, text)


@cache
def _personal_numbers() -> re.Pattern[str]:
    identity_card = r"[1-9]\d{5}(?:18|19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]"
    mobile = r"1[3-9]\d(?:\d{8}|[- ]\d{4}[- ]\d{4})"
    landline = r"(?:0\d{2,3}\s?[-—－]\s?|[（(]0\d{2,3}[）)]\s?)[2-9]\d{6,7}(?:\s?[-—－转]\s?\d{1,5})?"
    return re.compile(
        rf"(?P<label>(?:{alternatives('phone_label')}|{alternatives('identity_card_label')})\s?[：:]?\s?)"
        rf"(?P<labelled>[（(]?\d[\d\- —－（）()]{{5,20}}[\dXx])(?![\d.])"
        rf"|{_START}(?P<card>{identity_card}){_AMOUNT_END}"
        rf"|{_START}(?P<mobile>{mobile}){_AMOUNT_END}"
        rf"|(?<![\dA-Za-z.,\-])(?P<landline>{landline}){_AMOUNT_END}"
    )


def _masked(found: re.Match[str]) -> str:
    if (card := found["card"]) is not None and not _is_identity_card(card):
        return found.group()
    return (found["label"] or "") + _DIGIT.sub("*", found.group()[len(found["label"] or "") :])


def _is_identity_card(number: str) -> bool:
    """Whether the check digit fits: long project codes may look like a birthday too."""
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], _ID_WEIGHTS, strict=True))
    return _ID_CHECKS[total % 11] == number[17].upper()
