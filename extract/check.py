"""One document before a person: what is wrong with it, or its tables as read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from expectations.words import KINDS, ORIGINS, SEVERITIES, VERDICTS, next_step, printed_unit, reason_zh
from extract import landing
from extract.steps import Steps

ERRORS = "结论：有错误，改正后再公开。 There are errors: mend them before you publish."
NO_ERRORS = "结论：没有错误；警告和轻微问题请酌情处理。 No errors; judge the rest for yourself."
READ_IN_PART = (
    "结论：读入的部分没有错误，未读入的请人工核对。 "
    "No errors in what was read; look at the rest of the document yourself."
)
# inside the quotation marks of a message
INNER_QUOTES = str.maketrans("“”", "‘’")
STYLES = {"error": "bold red", "warning": "bold yellow", "minor": "bold", "rounding": "dim"}


def run(document: Path | None, out: Path, console: Console, against: Path | None = None) -> int:
    """Run one document through every rule and print what is wrong with it. 1 means that there is an error."""
    from extract.build import NOT_PUBLISHED, PUBLISHED, WRONG_USE
    from extract.inputs import WrongUse
    from extract.interrupts import SAYS, Stopped, stoppable
    from extract.publish import disk_fault
    from extract.transform import BrokenTransform

    try:
        if document is None:
            raise WrongUse("请指定要检查的文件 Name the document to check: make check DOC=file")
        if document.is_dir():
            raise WrongUse(
                f"{document} 是文件夹，检查其中全部文件请用 is a folder; for all documents in it:"
                " make build DOCUMENTS=folder"
            )
        if not document.is_file():
            raise WrongUse(f"没有这个文件 There is no document {document}. Name one: make check DOC=file")
        with stoppable():
            summary = check(document, out, console, against)
    except Stopped as stopped:
        console.print(f"{SAYS}; the document was not checked to the end 检查未完成", soft_wrap=True)
        return stopped.exit_code
    except WrongUse as error:
        console.print(Text(str(error), style="red"), soft_wrap=True)
        return WRONG_USE
    except Exception as error:
        if fault := disk_fault(error, out):
            console.print(Text(f"检查未完成 The check broke. {fault}", style="red"), soft_wrap=True)
            return WRONG_USE
        if isinstance(error, BrokenTransform):
            says = (
                "检查未完成：此文件有无法处理的数据，请核对有无异常的数字，并告知程序维护人员"
                " The check was not finished: something in this file cannot be worked with."
                " Look for absurd numbers, and report it."
            )
            console.print(Text(says, style="red"), soft_wrap=True)
            console.print(Text(str(error).partition("\n")[0]), soft_wrap=True)
            return WRONG_USE
        # 1 is kept for documents with errors; a fault of this program must not look like one
        console.print(
            "The check broke on a fault of its own; this says nothing about the document.", style="red"
        )
        console.print_exception(max_frames=4)
        return WRONG_USE
    readable = _print_document(console, summary["documents"][0])
    held = summary["equations"].get("pass", 0) + summary["equations"].get("rounding", 0)
    if readable:
        if held or summary["findings"]:
            _print_findings(console, summary)
        if not held:
            says = (
                "没有可以核对的数字，不算通过；请确认这是预算、决算公开文件 "
                "nothing could be compared, which is no pass; is it a published budget or final account?"
            )
            console.print(Text(f"\n{says}", style="red"), soft_wrap=True)
    has_error = any(finding["severity"] == "error" for finding in summary["findings"])
    if readable and held:
        says, style = conclusion(summary["documents"][0], has_error=has_error)
        console.print(Text(f"\n{says}", style=style), soft_wrap=True)
    console.print(
        Text(f"\n报告 report {summary['report']}  ({summary['seconds']['total']:.1f} s)"), soft_wrap=True
    )
    return PUBLISHED if readable and held and not has_error else NOT_PUBLISHED


def check(document: Path, out: Path, console: Console, against: Path | None = None) -> dict[str, Any]:
    """Work the document out in a file of its own, with its relatives from a published warehouse if asked."""
    import duckdb

    from expectations.pictures import plan
    from expectations.report import picture_note, read_facts, write_reports
    from expectations.review import review
    from extract.build import read_sources
    from extract.inputs import WrongUse, gather
    from extract.pictures import take_pictures
    from extract.prepared import prepare
    from extract.publish import WAREHOUSE_NAME, Output, exclusive, replace_folder
    from extract.related import bring_related, narrow, warehouse_of
    from extract.store import LandingCache, load
    from extract.transform import run_compiled
    from extract.workers import Limits

    if against is not None:
        warehouse_of(against)
    corpus = gather([document])
    if not corpus.sources:
        raise WrongUse(f"{document} {'; '.join(corpus.unopened.values())}")
    source = corpus.sources[0]
    output = Output(out.resolve())
    steps = Steps(console)
    notices = []
    with exclusive(output), steps.shown():
        warehouse = output.build / WAREHOUSE_NAME
        with steps.step("prepare", "准备规则 Preparing the rules"):
            prepared = prepare(output.prepared)
            prepared.copy_to(warehouse)
        folders, new_ids = read_sources(corpus, LandingCache(output.landing, Limits()), 1, steps)
        with (
            steps.step("load", "装载数据 Loading the raw tables"),
            duckdb.connect(str(warehouse)) as connection,
        ):
            load(connection, corpus, folders, new_ids)
            if against is not None:
                related = bring_related(connection, against, source.document_id)
                notices.append(f"与 {against} 中的 {related} 份文件对照 compared with documents there")
        with steps.step("rules", "逐条核对 Running the rules"), duckdb.connect(str(warehouse)) as connection:
            run_compiled(connection, prepared.models)
        with steps.step("report", "生成报告 Writing the report"):
            with duckdb.connect(str(warehouse)) as connection:
                narrow(connection, source.document_id)
                review(connection)
                summary = read_facts(connection, only=source.document_id)
                views = plan(connection)
            summary["pictures"] = take_pictures(views, {source.document_id: source.path})
            summary |= {
                "status": "checked",
                "status_text": "单份检查 one document",
                "strict": False,
                "stopped_by": [],
                "notices": notices,
                "picture_note": picture_note(summary["pictures"], len(summary["findings"])),
                "report": str(output.reports / "index.html"),
            }
            reports = output.build / "reports"
            write_reports(reports, summary, [])
            replace_folder(reports, output.reports)
            warehouse.replace(output.warehouse)
    for notice in notices:
        console.print(Text(notice, style="dim"), soft_wrap=True)
    return summary | {"seconds": steps.all_seconds()}


def _print_document(console: Console, entry: Mapping[str, Any]) -> bool:
    """What the document says it is, and whether all of its numbers were read. False where it was not read."""
    if entry["status"] != "read":
        console.print(Text(f"{entry['document_name']}: {entry['reason']}", style="red"), soft_wrap=True)
        console.print(Text("没有检查，不算通过 not checked, which is no pass", style="red"), soft_wrap=True)
        return False
    kind = KINDS.get(entry["document_kind"], ("",))[0]
    title = " ".join(str(part) for part in (entry["agency_name"], entry["fiscal_year"], kind) if part)
    console.print(Text(title or entry["document_name"], style="bold"), soft_wrap=True)
    landed, printed = entry["landed_tokens"], entry["source_tokens"]
    says = f"{entry['tables']} 张表 tables, {entry['numbers']} 个数字 numbers"
    if landed != printed:
        says += f"; 原文 {printed} 个，读入 {landed} 个 of {printed} printed {landed} were landed"
    if verdict := VERDICTS.get(entry["verdict"] or ""):
        says += f"; 表格{verdict[0]} tables {verdict[1]}"
    if entry["verdict_reason"]:
        says += f"（{reason_zh(entry['verdict_reason'])}）"
    console.print(Text(says), soft_wrap=True)
    if entry["reason"]:
        console.print(Text(entry["reason"], style="red"), soft_wrap=True)
    return True


def conclusion(entry: Mapping[str, Any], *, has_error: bool) -> tuple[str, str]:
    """Whether to publish, and its colour: of what was not read nobody can say that it holds no error."""
    if has_error:
        return ERRORS, "red"
    if entry["reason"] or entry["landed_tokens"] != entry["source_tokens"]:
        return READ_IN_PART, "yellow"
    return NO_ERRORS, "green"


def _print_findings(console: Console, summary: Mapping[str, Any]) -> None:
    """By severity: where, what is published, what was expected, the likely cause, and what to do."""
    findings: Sequence[Mapping[str, Any]] = summary["findings"]
    if not findings:
        console.print(Text("\n没有发现问题 nothing found"))
    names = {rule["rule_id"]: rule["name_zh"] for rule in summary["rules"]}
    for severity, group in groupby(findings, key=lambda finding: str(finding["severity"])):
        members = list(group)
        zh, en = SEVERITIES[severity]
        console.print(Text(f"\n{zh} {en} ({len(members)})", style=STYLES[severity]))
        for finding in members:
            rule = names.get(finding["rule_id"], "")
            head = " · ".join((*_places(finding), f"[{finding['rule_id']}] {rule}"))
            console.print(Text(f"  {head}", style="bold" if severity == "error" else ""), soft_wrap=True)
            if severity == "rounding":
                console.print(Text(f"    {finding['message_zh'].removeprefix(f'{rule}：')}"), soft_wrap=True)
                continue
            facts = [
                f"{name} {printed_amount(finding[column], finding['unit'], summary['units'])}"
                for column, name in (("published", "公布"), ("expected", "应为"), ("difference", "差额"))
                if finding[column] is not None
            ]
            cause = summary["causes"].get(finding["cause"] or "", (finding["cause"] or "",))[0]
            if cause != rule:
                facts.append(f"原因 {cause}")
            if finding["origin"] == "extraction":
                facts.append(ORIGINS["extraction"][0])
            if facts:
                console.print(Text(f"    {'  '.join(facts)}"), soft_wrap=True)
            console.print(Text(f"    {without_place(finding)}"), soft_wrap=True)
            quote = finding["quote"] or ""
            if quote and quote.translate(INNER_QUOTES) not in finding["message_zh"]:
                console.print(Text(f"    原文 {quote}"), soft_wrap=True)
            if step := next_step(finding)[0]:
                console.print(Text(f"    下一步 {step}"), soft_wrap=True)
            console.print(Text(f"    {finding['message_en']}", style="dim"), soft_wrap=True)


def _places(finding: Mapping[str, Any]) -> list[str]:
    """Page or line, then table or chapter; what is missing from a document is said of the whole."""
    page = ""
    if finding["page_no"] is not None:
        page = f"第 {finding['page_no']} 页"
    elif finding["line_no"] is not None:
        page = f"第 {finding['line_no']} 行"
    return list(filter(None, (page, finding["table_title"] or finding["chapter"]))) or ["全文"]


def without_place(finding: Mapping[str, Any]) -> str:
    """The message without the page and the table or chapter that stand over it already."""
    message = str(finding["message_zh"]).removeprefix(f"第{finding['page_no']}页")
    chapter = str(finding["chapter"]).translate(INNER_QUOTES)
    for place in (f"《{finding['table_title']}》", f"“{chapter}”中"):
        rest = message.removeprefix(place)
        # the place is no more than a place where the sentence goes on without it
        message = message if rest.startswith("的") else rest
    return message


def printed_amount(value: Decimal, unit: object, factors: Mapping[str, object]) -> str:
    """An amount, which is in yuan, as the document prints it, with its unit."""
    name, _, power = printed_unit(unit, factors)
    whole, _, digits = f"{value.scaleb(-power):,f}".partition(".")
    return f"{whole}.{digits.rstrip('0').ljust(2, '0')} {name}"


def show_tables(document: Path, rows: int, console: Console) -> int:
    """Print the first rows of every table under its full header paths."""
    try:
        tables = landing.read_document(document)
    except (landing.UnreadableDocument, OSError) as error:
        console.print(Text(f"{document.name}: {error}", style="red"))
        return 1
    for landed in tables["table"]:
        table_no = landed["table_no"]
        console.print(Text(f"\n{table_no} {landed['table_title']} ({landed['unit_text']})", style="bold"))
        columns = {
            column["column_no"]: column["column_path"]
            for column in tables["table_column"]
            if column["table_no"] == table_no
        }
        grid = Table("row")
        for path in columns.values():
            grid.add_column(Text(path or ""))
        numbers = {
            (cell["row_no"], cell["lane_no"], cell["column_no"]): cell["value_text"]
            for cell in tables["cell"]
            if cell["table_no"] == table_no
        }
        shown = [row for row in tables["table_row"] if row["table_no"] == table_no]
        for row in shown[:rows]:
            label = f"{row['row_code'] or ''} {row['row_label'] or ''}".strip()
            place = (row["row_no"], row["lane_no"])
            grid.add_row(Text(label), *(Text(numbers.get((*place, no), "")) for no in columns))
        console.print(grid)
        if len(shown) > rows:
            console.print(f"… {len(shown) - rows} rows more", markup=False)
    return 0
