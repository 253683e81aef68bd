"""What the reports say in Chinese: nothing of a verdict stays English there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from expectations.words import REASONS, reason_zh
from tests.unit.test_names_in_seeds import code

MODELS = Path("dbt_project/models/quality")
# four words at least and nothing but words: the beginnings of reasons, not names of objects or parts of SQL
SAID = re.compile(r"'(?:[a-z_]+\|)?([a-z](?:[A-Za-z’,:“ ;-]|'')*(?: (?:[A-Za-z’,:“;-]|'')+){3,}) ?'")
LITERALS = sorted(
    {
        literal.replace("''", "'").strip(" :;“")
        for path in MODELS.glob("*.sql")
        for literal in SAID.findall(code(path.read_text(encoding="utf-8")))
    }
)


def test_reasons_are_found_in_the_models() -> None:
    assert len(LITERALS) > 60


@pytest.mark.parametrize("literal", LITERALS)
def test_every_reason_has_its_chinese(literal: str) -> None:
    assert literal in REASONS.read_text(encoding="utf-8").replace("\\", "")


@pytest.mark.parametrize(
    ("reason", "zh"),
    [
        ("a needed number is not printed", "所需数字未印出"),
        # names in a list stand behind the same mark as reasons
        (
            "no document of a unit under the department’s name is in the corpus;"
            " needs those of 甲局; 乙中心; 丙站",
            "没有以该部门名义公开的所属单位文件；需要所属单位的文件：甲局、乙中心、丙站",
        ),
        ("errors of the publisher: 3", "公布数据有误：3 处"),
        (
            "2 equations break where the reading is in doubt, first: “a”: by “b = c; d” it is 1;"
            " the columns of 1 tables are in doubt, first: 支出总表",
            "有 2 处不符可能是读取有误；有 1 张表的栏目不能确定，首先是《支出总表》",
        ),
        ("pages set aside: 1; page 16: a picture (图片页); the extra [ocr] reads it (需安装 ocr)",
         "有 1 页未能读取；第 16 页：图片页；需安装 ocr"),
        ("something new; and newer", "something new；and newer"),
        (None, ""),
    ],
)  # fmt: skip
def test_reasons_in_chinese(reason: str | None, zh: str) -> None:
    assert reason_zh(reason) == zh
