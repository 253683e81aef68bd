"""Runs the suites over a warehouse file as one Great Expectations checkpoint, in a process of its own.

The import takes seconds, so the process is started early and waits for its request on standard input.
It ends with its parent, whatever happens to that: then standard input ends.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

import duckdb

from expectations.model import Check, CheckResult, Suite, in_both_languages, read_suites
from expectations.rules import link_findings, rule_suite

EXAMPLES = 20
# DuckDB's ROLLBACK throws away results that Great Expectations reads afterwards
READ_ONLY_WITHOUT_ROLLBACK = {
    "isolation_level": "AUTOCOMMIT",
    "skip_autocommit_rollback": True,
    "connect_args": {"read_only": True},
}


class BrokenCheckpoint(Exception):
    """The checkpoint itself could not run; nothing is known of the data."""


class Checkpoint:
    """The waiting process, seen from the build."""

    def __init__(self) -> None:
        self._process = _start()

    def run(self, warehouse: Path, docs: Path) -> list[CheckResult]:
        """Validate the file and write Data Docs; the file must not be open for writing anywhere."""
        if self._process.poll() is not None:
            self._process = _start()  # it answers once
        request = json.dumps({"warehouse": str(warehouse), "docs": str(docs)})
        answer, errors = self._process.communicate(request + "\n")
        try:
            reply = json.loads(answer)
        except ValueError as error:
            raise BrokenCheckpoint("\n".join(errors.strip().splitlines()[-5:])) from error
        return [CheckResult(**entry) for entry in reply]

    def close(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            _close(stream)


@contextmanager
def waiting_checkpoint() -> Iterator[Checkpoint]:
    """Start the process now, so that its imports run beside other work."""
    checkpoint = Checkpoint()
    try:
        yield checkpoint
    finally:
        checkpoint.close()


def _start() -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "expectations.checkpoint"],
        cwd=Path(__file__).resolve().parent.parent,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8", "GX_ANALYTICS_ENABLED": "false"},
    )


def _close(stream: IO[str] | None) -> None:
    if stream is not None and not stream.closed:
        stream.close()


def validate(warehouse: Path, docs: Path, suites: list[Suite]) -> list[CheckResult]:
    """Run every suite on the file, write Data Docs to `docs`, and give one result a check."""
    import great_expectations as gx

    counts, without = _count(warehouse, suites)
    logging.getLogger("great_expectations").setLevel(logging.ERROR)
    context = gx.get_context(mode="ephemeral")
    # both are public options that the type stubs do not know
    context.variables.progress_bars = {"globally": False}  # type: ignore[assignment]
    source = context.data_sources.add_sql(
        "warehouse",
        connection_string=f"duckdb:///{warehouse}",
        kwargs=READ_ONLY_WITHOUT_ROLLBACK,  # type: ignore[call-arg]
    )
    definitions = []
    for suite in suites:
        asset = source.add_query_asset(suite.table, query=f"select * from {suite.table}")
        # all at once: each that is added later would write the whole suite anew
        expectations = context.suites.add(
            gx.ExpectationSuite(
                name=suite.name,
                expectations=[
                    entry
                    for check in suite.checks
                    for entry in _expectations(check, (suite.name, check.name) in without)
                ],
                meta={"about": suite.about},
            )
        )
        definitions.append(
            context.validation_definitions.add(
                gx.ValidationDefinition(
                    name=suite.name,
                    data=asset.add_batch_definition_whole_table(suite.name),
                    suite=expectations,
                )
            )
        )
    context.add_data_docs_site(
        "report",
        {
            "class_name": "SiteBuilder",
            "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
            "store_backend": {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(docs)},
        },
    )
    checkpoint = context.checkpoints.add(
        gx.Checkpoint(
            name="before_publishing",
            validation_definitions=definitions,
            actions=[gx.checkpoint.UpdateDataDocsAction(name="data_docs", site_names=["report"])],
            result_format={"result_format": "COMPLETE", "partial_unexpected_count": EXAMPLES},
        )
    )
    run = checkpoint.run()
    outcomes: dict[tuple[str, str], list[Any]] = {}
    for result in run.run_results.values():
        for outcome in result.results:
            meta = outcome.expectation_config.meta  # type: ignore[union-attr]
            outcomes.setdefault((meta["suite"], meta["name"]), []).append(outcome)
    return [
        _result(
            check,
            outcomes.get((suite.name, check.name), []),
            counts.get((suite.name, check.name), 0),
            (suite.name, check.name) in without,
        )
        for suite in suites
        for check in suite.checks
    ]


def _count(warehouse: Path, suites: list[Suite]) -> tuple[dict[tuple[str, str], int], set[tuple[str, str]]]:
    """How many objects each query looks at, and the checks whose kind of thing the corpus does not hold.

    A query that cannot run has no objects; the checkpoint says why.
    """
    counts, without = {}, set()
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        for check in (check for suite in suites for check in suite.checks if check.query):
            with suppress(duckdb.Error):
                row = connection.execute(f"select count(*) from ({_bare(check)}) as objects").fetchone()
                counts[check.suite, check.name] = int(row[0]) if row else 0
            if check.if_any and connection.execute(check.if_any).fetchone() is None:
                without.add((check.suite, check.name))
    return counts, without


def _expectations(check: Check, is_without: bool) -> list[Any]:
    """The rule itself, and for a query that there was anything to look at."""
    import great_expectations as gx

    meta = {
        "suite": check.suite,
        "name": check.name,
        "gate": check.gate,
        "rule_ids": list(check.rule_ids),
        "says": check.says,
        "says_zh": check.says_zh,
    }
    if check.expect is not None:
        kind = getattr(gx.expectations, check.expect)
        return [kind(**check.arguments, description=in_both_languages(check), meta={**meta, "part": "rule"})]
    rows = gx.expectations.UnexpectedRowsExpectation
    query = _escaped(_bare(check))
    expectations = [
        rows(
            unexpected_rows_query=f"select * from ({query}) as objects where is_ok is distinct from true",
            description=in_both_languages(check),
            meta={**meta, "part": "rule"},
        )
    ]
    if not (check.may_be_empty or is_without):
        expectations.append(
            rows(
                unexpected_rows_query=f"select 'nothing was evaluated' as reason where not exists ({query})",
                description=f"有可检查的对象 There is something to look at: {in_both_languages(check)}",
                meta={**meta, "part": "evaluated"},
            )
        )
    return expectations


def _bare(check: Check) -> str:
    return (check.query or "").strip().rstrip(";")


def _escaped(query: str) -> str:
    """Great Expectations fills braces in; those of the SQL are meant as they are."""
    return query.replace("{", "{{").replace("}", "}}")


def _result(check: Check, outcomes: list[Any], count: int, is_without: bool) -> CheckResult:
    result = CheckResult(
        check.suite, check.name, check.says, check.says_zh, check.gate, check.rule_ids, "error"
    )
    if not outcomes:
        result.message = "the checkpoint gave no result for this check"
        return result
    for outcome in outcomes:
        if message := _exception_message(outcome.exception_info):
            result.message = message
            return result
    rule = next(outcome for outcome in outcomes if outcome.expectation_config.meta["part"] == "rule")
    facts = rule.result
    if check.expect is not None:
        result.evaluated = int(facts.get("element_count") or 0)
        result.unexpected = int(facts.get("unexpected_count") or 0)
        result.examples = [{"value": str(value)} for value in facts.get("partial_unexpected_list", [])]
    else:
        result.evaluated = count
        result.unexpected = int(facts.get("observed_value") or 0)
        rows = facts.get("details", {}).get("unexpected_rows", [])
        result.examples = [
            {
                column: None if value is None else str(value)
                for column, value in row.items()
                if column != "is_ok"
            }
            for row in rows[:EXAMPLES]
        ]
    if result.evaluated == 0:
        result.status = "empty" if check.may_be_empty or is_without else "red"
        result.message = "nothing of the kind in these documents" if is_without else "nothing was evaluated"
    else:
        result.status = "green" if all(outcome.success for outcome in outcomes) else "red"
    return result


def _exception_message(info: dict[str, Any]) -> str:
    """Great Expectations gives one exception, or one a metric."""
    entries = [info] if "raised_exception" in info else list(info.values())
    for entry in entries:
        if isinstance(entry, dict) and entry.get("raised_exception"):
            return str(entry.get("exception_message")).strip()
    return ""


def main() -> None:
    answer, sys.stdout = sys.stdout, sys.stderr  # libraries print what is no answer
    import great_expectations  # noqa: F401  # the seconds that are saved by waiting here

    request = sys.stdin.readline()
    if not request:
        return
    order = json.loads(request)
    warehouse = Path(order["warehouse"])
    # a connection string takes a plain name, whatever the folder is called
    os.chdir(warehouse.parent)
    suites = [*read_suites(), rule_suite(Path(warehouse.name))]
    docs = Path(order["docs"])
    results = validate(Path(warehouse.name), docs, suites)
    link_findings(docs)
    json.dump([result.as_dict() for result in results], answer, ensure_ascii=False)


if __name__ == "__main__":
    main()
