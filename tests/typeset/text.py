"""Documents as plain text: tables as tab-separated rows, or the bare text layer of a PDF."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from random import Random

from tests.typeset.grid import BRACKET, DASH, JOINED, OWN_LEVEL, SPACED, SPLIT, Grid, grid_of, spaced_word
from tests.typeset.narrative import text_of
from tests.typeset.tables import CODE, LABEL, NUMBER, TEXT, Document, Table, chinese_number

PAGE_BREAK = "\f"


@dataclass(frozen=True, slots=True)
class TextStyle:
    """How a document looks as text, and what the conversion to text has lost."""

    name: str
    bare: bool = False
    code_form: str = JOINED
    # the share of rows whose empty cells right of the label are gone, so that values shift left
    dropped_cells: float = 0.0
    # the header of the names is gone from one table in three, so that those right of it move left
    dropped_headers: bool = False
    # a blank line after so many rows of a table, as at the foot of a page
    page_rows: int = 0
    repeats_header: bool = False
    # 3, 245. 06
    spaced_numbers: bool = False
    # long labels and headers have a blank where they were wrapped
    wrapped: bool = False
    # title and unit are rows of the table
    title_in_frame: bool = False
    # 合 计, 收 入
    spaced_words: bool = False


_STYLES = (
    TextStyle("tabs"),
    TextStyle("tabs_three_code_columns", code_form=SPLIT),
    TextStyle("tabs_spaced_codes", code_form=SPACED),
    TextStyle("tabs_bracket_codes", code_form=BRACKET),
    TextStyle("tabs_dash_codes", code_form=DASH),
    TextStyle("tabs_own_level_codes", code_form=OWN_LEVEL),
    TextStyle("tabs_dropped_cells", code_form=SPLIT, dropped_cells=0.3),
    TextStyle("tabs_dropped_headers", code_form=SPLIT, dropped_headers=True),
    TextStyle("tabs_page_breaks", page_rows=14),
    TextStyle("tabs_repeated_headers", page_rows=14, repeats_header=True),
    TextStyle("tabs_spaced_numbers", code_form=SPLIT, spaced_numbers=True, wrapped=True),
    TextStyle("tabs_wrapped", wrapped=True, page_rows=20),
    TextStyle("tabs_title_in_frame", title_in_frame=True),
    TextStyle("tabs_spaced_words", spaced_words=True),
    TextStyle("bare", bare=True),
)
TEXT_STYLES = {style.name: style for style in _STYLES}


def write_text(document: Document, style: TextStyle | str, path: Path) -> None:
    """Write the document as UTF-8 text in one of TEXT_STYLES."""
    path.write_text(document_text(document, style), encoding="utf-8")


def document_text(document: Document, style: TextStyle | str = "tabs") -> str:
    style = TEXT_STYLES[style] if isinstance(style, str) else style
    rng = Random(f"{document.seed}/{document.name}/{style.name}")
    lines = list(_front(document))
    for table in document.tables:
        if style.bare:
            lines += _bare_table(document, table)
        else:
            lines += _tabbed_table(document, table, style, rng)
    lines += _back(document)
    return "\n".join(lines) + "\n"


def unit_name(document: Document) -> str:
    return "部门" if document.is_department else "单位"


def consists_of(document: Document) -> str:
    """The sentence that names the units of a department; a body without units counts itself."""
    year = f"{document.year}年" if document.kind == "budget" else f"{document.year}年度"
    kind = "预算" if document.kind == "budget" else "决算"
    names = "、".join(unit.agency_name for unit in document.agency.units)
    listed = f"{len(document.agency.units)}个，即{names}" if names else "1个"
    return f"纳入{document.agency_name}{year}{kind}编制范围的单位共{listed}。"


def _front(document: Document) -> Iterator[str]:
    """Cover, contents and the first part."""
    is_budget = document.kind == "budget"
    kind = "预算" if is_budget else "决算"
    year = f"{document.year}年" if is_budget else f"{document.year}年度"
    yield from (document.agency_name, "", f"{year}{unit_name(document)}{kind}", "", "目 录", "")
    yield from (
        f"第一部分 {unit_name(document)}概况",
        "",
        f"第二部分 {year}{unit_name(document)}{kind}表",
        "",
    )
    titles = list(dict.fromkeys(table.title for table in document.tables))
    for number, title in enumerate(titles, start=1):
        yield f"- {chinese_number(number)}、{title}"
    yield from ("", f"第三部分 {year}{unit_name(document)}{kind}情况说明", "", "第四部分 名词解释", "")
    yield from (f"第一部分 {unit_name(document)}概况", "", "一、主要职能", "")
    yield from (f"{document.agency_name}贯彻执行国家法律法规和政策，负责本地区相关管理和服务工作。", "")
    yield from ("二、机构设置", "", consists_of(document), "")
    yield from (f"第二部分 {year}{unit_name(document)}{kind}表", "")


def _back(document: Document) -> Iterator[str]:
    """The chapters that explain the tables, and the glossary."""
    is_budget = document.kind == "budget"
    kind = "预算" if is_budget else "决算"
    year = f"{document.year}年" if is_budget else f"{document.year}年度"
    yield from ("", f"第三部分 {year}{unit_name(document)}{kind}情况说明", "")
    for chapter in document.chapters:
        yield from (f"{chapter.number}、{chapter.title}", "")
        for sentence in chapter.sentences:
            yield from (text_of(sentence), "")
    yield from ("第四部分 名词解释", "")
    yield "一、基本支出：指为保障机构正常运转、完成日常工作任务而发生的人员支出和公用支出。"
    yield "二、项目支出：指在基本支出之外为完成特定工作任务和事业发展目标所发生的支出。"


def agency_label(document: Document) -> str:
    if document.kind == "final":
        return "公开部门"
    return "编制单位"


def unit_label(table: Table, document: Document) -> str:
    return ("金额单位：" if document.kind == "final" else "单位：") + table.unit if table.unit else ""


def framed_rows(document: Document, table: Table, width: int) -> list[list[str]]:
    """Title, form code, agency and unit as the first rows inside the frame."""
    title, code = table.title, table.form_code
    if code.isdigit():
        title, code = f"{title}（{code}）", ""
    rows = [[code, *[""] * (width - 1)]] if code else []
    rows.append([title, *[""] * (width - 1)])
    agency = f"{agency_label(document)}：{document.agency_name}"
    unit = unit_label(table, document)
    rows.append([agency, *[""] * (width - 2), unit] if width > 1 else [f"{agency} {unit}"])
    return rows


# tab-separated


def _tabbed_table(document: Document, table: Table, style: TextStyle, rng: Random) -> list[str]:
    grid = grid_of(table, style.code_form, thousands=document.profile.thousands)
    if table.head:
        return _performance_form(document, table, grid)
    header = grid.header_texts()
    body = [list(row) for row in grid.rows]
    if style.spaced_words:
        header = [[spaced_word(text) for text in row] for row in header]
        body = [[spaced_word(text) for text in row] for row in body]
    if style.wrapped:
        header = [[_wrapped(text, 5) for text in row] for row in header]
        body = [
            [
                _wrapped(text, 9) if kind in (LABEL, TEXT) else text
                for kind, text in zip(grid.kinds, row, strict=True)
            ]
            for row in body
        ]
    if style.spaced_numbers and rng.random() < 0.5:
        body = [
            [_spaced(text) if kind == NUMBER else text for kind, text in zip(grid.kinds, row, strict=True)]
            for row in body
        ]
    if style.dropped_headers and grid.kinds[0] == CODE and rng.random() < 0.34:
        _drop_header(header, grid, rng)
    if style.dropped_cells and len(table.lanes) == 1:
        body = [_dropped(row, grid) if rng.random() < style.dropped_cells else row for row in body]
    lines: list[str] = [""]
    if style.title_in_frame:
        lines += ["\t".join(row) for row in framed_rows(document, table, grid.width)]
    else:
        if table.form_code:
            lines += [table.form_code, ""]
        lines += [table.title, "", f"{agency_label(document)}：{document.agency_name}", ""]
        unit = unit_label(table, document)
        lines += [unit, ""] if unit else []
    lines += ["\t".join(row) for row in header]
    for place, row in enumerate(body):
        if style.page_rows and place and place % style.page_rows == 0:
            lines.append("")
            if style.repeats_header:
                lines += ["\t".join(header_row) for header_row in header]
        lines.append("\t".join(row))
    lines.append("")
    if table.note:
        lines += [table.note, ""]
    return lines


def _performance_form(document: Document, table: Table, grid: Grid) -> list[str]:
    """Keys and values above the indicators of one project."""
    head = dict(table.head)
    money = [
        part
        for key in ("年度预算总额", "其中：财政拨款", "其他资金")
        for part in (key, "" if head[key] is None else str(head[key]))
    ]
    lines = ["", table.title, "", f"（{document.year}年）", ""]
    lines.append(f"预算单位\t\t{head['预算单位']}\t\t")
    lines.append(f"项目名称\t\t{head['项目名称']}\t\t")
    lines.append("\t".join((f"项目资金（{table.unit}）" if table.unit else "项目资金", "", *money)))
    lines += ["\t".join(row) for row in (*grid.header_texts(), *grid.rows)]
    return [*lines, ""]


def _wrapped(text: str, width: int) -> str:
    """A blank where a narrow column would have broken the line."""
    if len(text) <= width:
        return text
    return " ".join(text[place : place + width] for place in range(0, len(text), width))


def _spaced(text: str) -> str:
    return text.replace(",", ", ").replace(".", ". ")


def _drop_header(header: list[list[str]], grid: Grid, rng: Random) -> None:
    """The header of the names is lost, and those right of it move left."""
    places = [
        (row, place)
        for row, texts in enumerate(header)
        for place, text in enumerate(texts)
        if text and grid.kinds[place] == LABEL and len(grid.paths[place]) == row + 1
    ]
    row, place = rng.choice(places)
    header[row] = [*header[row][:place], *header[row][place + 1 :]]


def _dropped(row: list[str], grid: Grid) -> list[str]:
    """Empty cells right of the label are gone, and the values right of them have moved left."""
    start = max((place for place, kind in enumerate(grid.kinds) if kind in (LABEL, CODE)), default=-1) + 1
    return [*row[:start], *(text for text in row[start:] if text)]


# bare


def _bare_table(document: Document, table: Table) -> list[str]:
    """Values with blanks between, wrapped labels over lines, amounts glued to the next lane's code."""
    grid = grid_of(table, JOINED, thousands=document.profile.thousands)
    agency = f"{agency_label(document)}：{document.agency_name}"
    lines = [f"{PAGE_BREAK}{table.title}"]
    if table.form_code:
        lines.append(table.form_code)
    lines += ["", f"{agency} {unit_label(table, document)}".rstrip(), ""]
    for key, value in table.head:
        lines.append(f"{key} {value if value is not None else ''}".rstrip())
    for row in grid.header_texts():
        lines += _bare_header(row)
    for place, row in enumerate(grid.rows):
        lines += _bare_row(row, grid)
        if place % 3 == 0:
            lines.append("")
    if table.note:
        lines += ["", table.note]
    return lines


def _bare_header(texts: list[str]) -> list[str]:
    """Short header texts share a line; a long one is wrapped over lines of its own."""
    lines: list[str] = []
    short: list[str] = []
    for text in filter(None, texts):
        if len(text) <= 8:
            short.append(text)
            continue
        if short:
            lines.append(" ".join(short))
            short = []
        lines += [text[place : place + 8] for place in range(0, len(text), 8)]
    return [*lines, " ".join(short)] if short else lines


def _bare_row(row: list[str], grid: Grid) -> list[str]:
    """One printed row. A long label stands on lines of its own between its code and its values."""
    starts = [*grid.lane_starts, grid.width]
    pieces: list[str] = []
    is_coded = grid.kinds.count(CODE) > 1
    for begin, end in pairwise(starts):
        texts = [text for text in row[begin:end] if text]
        if texts:
            pieces.append(" ".join(texts))
    if len(starts) == 2:
        return _bare_single(row, grid)
    joined = ""
    for piece in pieces:
        glued = is_coded and joined and joined[-1].isdigit() and "." in joined.split(" ")[-1]
        joined += piece if glued or not joined else f" {piece}"
    return [joined] if joined else []


def _bare_single(row: list[str], grid: Grid) -> list[str]:
    lines: list[str] = []
    line: list[str] = []
    for kind, text in zip(grid.kinds, row, strict=True):
        if not text:
            continue
        if kind == LABEL and len(text) > 13:
            if line:
                lines.append(" ".join(line))
            lines += [text[place : place + 13] for place in range(0, len(text), 13)]
            line = []
        else:
            line.append(text)
    return [*lines, " ".join(line)] if line else lines
