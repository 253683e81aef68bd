"""Printed numbers: what is one, what is a code, and the plain decimal behind the print."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

# a triangle is how accountants mark a negative amount
_SIGN = "-－−–—△▲"
_NUMBER = re.compile(rf"[¥￥]?([{_SIGN}+]?)(\d[\d,，]*(?:\.\d+)?|\.\d+)")
_STRICT = re.compile(rf"[（(]?{_NUMBER.pattern}[)）]?(%|％|元|万元|亿元)?")
# a target such as ≥2次 or <=67.48万元; the unit holds no digit, so that dates and file numbers are no targets
_TARGET = re.compile(
    r"(?:[<>≤≥=≦≧约]|不少于|不低于|不超过|不高于|大于|小于|等于|至少|大于等于|小于等于)*"
    + _NUMBER.pattern
    + r"([^\d]{0,12})"
)
_STACKED = re.compile(r"\d{1,4}(?:\n\d{1,4}){2,}")
_CODE = re.compile(r"\d{2,9}")
_MISTYPED_CODE = re.compile(r"[235][\dOoIl]{2}(?:[\dOoIl]{2}){0,2}|[235]\d{2}[-–—·]\d{2}(?:[-–—·]\d{2})?")
_LETTERS_OF_DIGITS = str.maketrans("OoIl", "0011", "-–—·")
_LEADING_CODE = re.compile(
    r"[\[【(（]?(\d{7}|\d{5}|\d{3})[\]】)）]?[-－—_]?(?=[^\d.,，、．\-－—年月日%])(.*)", re.S
)
_AMOUNT_TOKEN = re.compile(rf"(?<![\d.])[{_SIGN}]?\d[\d,]*(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Number:
    """A printed number: the text, the plain decimal in its printed unit, and what follows it."""

    text: str
    value: Decimal
    suffix: str = ""

    @property
    def plain(self) -> str:
        return format(self.value, "f")

    @property
    def decimals(self) -> int:
        return max(0, -int(self.value.as_tuple().exponent))


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", "".join(text.split()))


def _build(text: str, sign: str, digits: str, suffix: str) -> Number | None:
    digits = digits.replace(",", "").replace("，", "")
    # a longer one is a code: the warehouse keeps 14 digits before the point
    if not digits or len(digits) > 24 or len(digits.partition(".")[0]) > 14:
        return None
    value = Decimal(digits)
    return Number(text.strip(), -value if sign and sign in _SIGN else value, suffix)


def parse_amount(text: str | None) -> Number | None:
    """The number of an amount cell: `3, 245. 06`, `-3.6`, `37.69%`; None for anything else.

    A number in brackets is negative, as accountants print it. Three integers below each other are no number
    that is wrapped.
    """
    if not text or len(text) > 40 or _STACKED.fullmatch(text.strip()):
        return None
    plain = _plain(text)
    found = _STRICT.fullmatch(plain)
    if not found:
        return None
    bracketed = plain[0] in "（(" and plain[-1] in ")）"
    if (plain[0] in "（(") != (plain[-1] in ")）"):
        return None
    number = _build(text, found[1], found[2], found[3] or "")
    if number and bracketed:
        return Number(number.text, -abs(number.value), number.suffix)
    return number


def parse_target(text: str | None) -> Number | None:
    """The number of a performance cell with its comparison and unit: `≥2 次`, `<=67.48万元`, `90%`."""
    if not text or len(text) > 40 or _STACKED.fullmatch(text.strip()):
        return None
    found = _TARGET.fullmatch(_plain(text))
    if not found:
        return None
    return _build(text, found[1], found[2], found[3] or "")


def code_digits(text: str | None) -> str:
    """The digits of a code cell (`208 05 05`, `301 2`), or '' where the cell holds anything else."""
    plain = _plain(text or "")
    return plain if _CODE.fullmatch(plain) else ""


def level_digits(text: str | None, *, below: bool) -> str:
    """The digits of a code cell, mended: `301 2`, `2` `below` another level, `2O80505`, `208-05-05`."""
    plain = _plain(text or "")
    if _MISTYPED_CODE.fullmatch(plain):
        return plain.translate(_LETTERS_OF_DIGITS)
    parts = (text or "").split()
    if parts and re.fullmatch(r"\d", parts[-1]) and (below or len(parts) > 1):
        parts[-1] = "0" + parts[-1]
    return code_digits(" ".join(parts))


def split_leading_code(label: str) -> tuple[str, str]:
    """Code and name of a label such as `208 社会保障` or `[2080505]name`; ('', label) without a code."""
    found = _LEADING_CODE.fullmatch(label.strip())
    return (found[1], found[2].strip()) if found else ("", label)


def amount_tokens(text: str) -> list[str]:
    """Numeric tokens in a stretch of text, found without any notion of tables."""
    return _AMOUNT_TOKEN.findall(unicodedata.normalize("NFKC", text))
