"""What README, CONTRIBUTING and docs show happens: queries, their answers, commands, the worked example."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

import pytest

from tests.integration.builds import ROOT, Built, command, run_build, run_make, said

pytestmark = pytest.mark.integration

README = (ROOT / "README.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
QUESTIONS = (ROOT / "docs/questions.md").read_text(encoding="utf-8")
# the last of README asks for the errors of the tables
QUERIES = re.findall(r"```sql\n(.*)\n```\n\n((?:\|.*\|\n)+)", QUESTIONS + README)
COMMANDS = sorted(
    {
        line
        for block in re.findall(r"```sh\n(.*?)```", README + CONTRIBUTING, re.S)
        for line in block.splitlines()
    }
)
SEED_ROWS = re.findall(r"```csv (.*)\n((?:.*\n)*?)```", CONTRIBUTING)


def shown(table: str) -> list[tuple[str, ...]]:
    return [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in table.splitlines()[2:]]


def printed(value: object) -> str:
    return "" if value is None else str(value)


def test_the_questions_are_there() -> None:
    assert README.count("```sql") >= 6
    assert len(QUERIES) == (QUESTIONS + README).count("```sql")


@pytest.mark.parametrize(("sql", "table"), QUERIES)
def test_a_query_gives_the_answer_shown(five: Built, sql: str, table: str) -> None:
    assert [tuple(printed(value) for value in row) for row in five.rows(sql)] == shown(table)


def test_the_warehouse_itself_says_what_each_table_and_column_means(five: Built) -> None:
    silent = """
        select table_name from duckdb_tables()
        where schema_name in ('raw', 'marts', 'quality') and comment is null
        union all
        select table_name || '.' || column_name from duckdb_columns()
        where schema_name in ('raw', 'marts', 'quality') and coalesce(comment, '') = ''
    """
    assert five.rows(silent) == []


@pytest.mark.parametrize("line", COMMANDS)
def test_each_command_can_be_typed(line: str, five: Built, tmp_path: Path) -> None:
    """What builds is run; of the other targets make is asked what it would do, of modules what they take."""
    tool, target, *rest = line.split()
    if tool == ".venv/bin/python":
        assert target == "-m"
        module, *options = rest
        text = said([sys.executable, "-m", module, "--help"])
        assert all(option in text for option in options if option.startswith("--"))
        return
    assert tool == "make"
    if target == "check":
        code, text = run_make("check", *rest, f"OUT={tmp_path}")
        assert code == 2  # the document has errors
        for _, _, _, expected, _ in five.rows(QUERIES[-1][0]):
            assert expected == 0 or f"{expected:,}" in text
    elif line == "make build":
        assert five.exit_code == 0  # the fixture has typed it
    else:
        code, text = run_make("-n", target)
        assert code == 0, text


NEW_PROVINCE = """某县示例局2026年单位预算公开

当年支出安排一览表

单位：万元

科目编码\t科目名称\t合计\t日常支出\t专项支出
201\t一般公共服务支出\t110.00\t80.00\t30.00
20103\t政府办公厅（室）及相关机构事务\t110.00\t80.00\t30.00
2010301\t行政运行\t80.00\t80.00\t
2010302\t一般行政管理事务\t30.00\t\t30.00
\t合计\t110.00\t80.00\t30.00
"""


def test_new_titles_are_new_seed_rows_and_nothing_else(tmp_path: Path) -> None:
    documents, project, out = tmp_path / "documents", tmp_path / "project", tmp_path / "out"
    documents.mkdir()
    (documents / "new province.txt").write_text(NEW_PROVINCE, encoding="utf-8")
    before = run_build(documents, out)
    assert "new province.txt, table 1: 当年支出安排一览表" in before.said
    assert before.rows("select * from marts.expenditure") == []
    for part in ("extract", "expectations", "dbt_project"):
        shutil.copytree(ROOT / part, project / part, ignore=shutil.ignore_patterns("target", "__pycache__"))
    assert len(SEED_ROWS) == 2
    for path, rows in SEED_ROWS:
        with (project / path).open("a", encoding="utf-8") as seed:
            seed.write(rows)
    text = said(command(documents, out), project)
    assert "Reading 0 new of 1 documents" in text
    amounts = "select expenditure_kind, sum(amount_yuan) from marts.expenditure group by all order by all"
    assert Built(out, 0, text).rows(amounts) == [("basic", 800_000), ("project", 300_000)], text
