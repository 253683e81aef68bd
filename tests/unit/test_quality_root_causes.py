"""Sound tables with one mistake each: every mistake is one finding, at its place, with its true value."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.models import begin, build_models, rows

pytestmark = pytest.mark.unit

Key = tuple[str, str, str]  # table type, code or line item, component
Numbers = dict[Key, Decimal | None]
Mistake = Callable[[Numbers], None]
ALL, GENERAL, BALANCE = "final_expenditure", "gpb_final_expenditure", "final_balance"
TABLES = {BALANCE: 1, ALL: 2, GENERAL: 3}
COMPONENTS = ("total", "basic", "project")
LINES = {
    "2080501": (Decimal("384596.70"), Decimal("0.00")),
    "2080502": (Decimal("43860.95"), Decimal("0.00")),
    "2089999": (Decimal("0.00"), Decimal("128589187.47")),
    "2210201": (Decimal("1951859.05"), Decimal("4901020.47")),
}


def sound() -> Numbers:
    """Two expenditure tables and a balance that agree to the cent."""
    numbers: Numbers = {}
    for table in (ALL, GENERAL):
        for code, (basic, project) in LINES.items():
            numbers |= {
                (table, code, "total"): basic + project,
                (table, code, "basic"): basic,
                (table, code, "project"): project,
            }
        for component in COMPONENTS:
            numbers[table, "total", component] = sum(
                (numbers[table, code, component] or Decimal(0) for code in LINES), Decimal(0)
            )
    for prefix in ("208", "221"):
        numbers[BALANCE, prefix, "total"] = sum(
            (basic + project for code, (basic, project) in LINES.items() if code.startswith(prefix)),
            Decimal(0),
        )
    numbers[BALANCE, "current_expenditure_total", "total"] = numbers[ALL, "total", "total"]
    return numbers


def put(key: Key, value: str) -> Mistake:
    return lambda numbers: numbers.update({key: Decimal(value)})


def swap(numbers: Numbers) -> None:
    basic, project = (ALL, "2089999", "basic"), (ALL, "2089999", "project")
    numbers[basic], numbers[project] = numbers[project], numbers[basic]


def swap_and_round(numbers: Numbers) -> None:
    """The same in the one table, whose sums miss the exchanged numbers by a cent, as rounding allows."""
    for key in list(numbers):
        if key[0] == GENERAL:
            del numbers[key]
    swap(numbers)
    for component, cent in (("basic", "0.01"), ("project", "-0.01")):
        numbers[ALL, "total", component] = (numbers[ALL, "total", component] or Decimal(0)) + Decimal(cent)


def drop_line(numbers: Numbers) -> None:
    numbers.update({(ALL, "2080502", component): None for component in COMPONENTS})


def drop_line_of_other_amounts(numbers: Numbers) -> None:
    """The other table has the line with less money: its name tells which line is missing, not its amount."""
    drop_line(numbers)
    for component in ("total", "basic"):
        numbers[GENERAL, "2080502", component] = Decimal("40000.00")
        total = numbers[GENERAL, "total", component] or Decimal(0)
        numbers[GENERAL, "total", component] = total - Decimal("3860.95")


def old_line(numbers: Numbers) -> None:
    """A line left from an older version: it adds up in itself."""
    for component in COMPONENTS:
        numbers[ALL, "2210201", component] = (numbers[ALL, "2210201", component] or Decimal(0)) * 2


def old_total(numbers: Numbers) -> None:
    for component in COMPONENTS:
        numbers[ALL, "total", component] = (numbers[ALL, "total", component] or Decimal(0)) * 2


def other_unit(*components: str) -> Mistake:
    """元 where the table says 万元, in some columns of a table or in all."""

    def mistake(numbers: Numbers) -> None:
        for key, value in numbers.items():
            if key[0] == ALL and key[2] in components and value is not None:
                numbers[key] = value * 10000

    return mistake


def exchange(one: Callable[[str], Key], other: Callable[[str], Key], *names: str) -> Mistake:
    def mistake(numbers: Numbers) -> None:
        for name in names:
            numbers[one(name)], numbers[other(name)] = numbers[other(name)], numbers[one(name)]

    return mistake


def exchange_columns(numbers: Numbers) -> None:
    """Two columns of a whole table in each other's place."""
    exchange(lambda line: (ALL, line, "basic"), lambda line: (ALL, line, "project"), *LINES, "total")(numbers)


def levels(numbers: Numbers) -> list[str]:
    """A table of classes, sections and items."""
    numbers.clear()
    items = {"2010101": 1201, "2010102": 3402, "2010301": 5103}
    items |= {"2080501": 7704, "2080506": 9905, "2080801": 4406}
    lines = ["total", *sorted({item[:length] for item in items for length in (3, 5, 7)})]
    for line in lines:
        amount = sum(value for item, value in items.items() if line == "total" or item.startswith(line))
        numbers |= {
            (GENERAL, line, component): Decimal(amount * part)
            for component, part in zip(COMPONENTS, (5, 3, 2), strict=True)
        }
    return lines


def bare_class(numbers: Numbers) -> None:
    """A class is printed without its numbers, and the lines below it with theirs."""
    levels(numbers)
    numbers.update({(GENERAL, "208", component): None for component in COMPONENTS})


def bare_sole_class(numbers: Numbers) -> None:
    """The only class below the total is printed without its numbers."""
    levels(numbers)
    for key in list(numbers):
        if key[1].startswith("201"):
            del numbers[key]
    for component in COMPONENTS:
        numbers[GENERAL, "total", component] = numbers[GENERAL, "208", component]
        numbers[GENERAL, "208", component] = None


def tripled_sole_item(numbers: Numbers) -> None:
    """The one item of a section is three times it: no level that repeats the section's amount."""
    levels(numbers)
    for component in COMPONENTS:
        numbers[GENERAL, "2080801", component] = (numbers[GENERAL, "2080801", component] or Decimal(0)) * 3


def repeat_levels(numbers: Numbers) -> None:
    """All that the total adds up stands once more by project: a table without codes on two levels."""
    numbers.clear()
    for line, amount in {"total": 9, "one": 4, "two": 5, "one a": 1, "one b": 3, "two a": 5}.items():
        numbers[GENERAL, line, "total"] = Decimal(amount * 100)


def repeat_levels_with_an_old_line(numbers: Numbers) -> None:
    """The line of a level is twice what it should be: without codes nobody knows that it is a level."""
    numbers.clear()
    for line, amount in {"total": 9, "body": 18, "one": 4, "two": 5}.items():
        numbers[GENERAL, line, "total"] = Decimal(amount * 100)


def running_total(numbers: Numbers) -> None:
    """A sum stands before what is added to make the total: without a code it is no part."""
    numbers.clear()
    for line, amount in {"one": 4, "two": 5, "so far": 9, "more": 1, "total": 10}.items():
        numbers[GENERAL, line, "total"] = Decimal(amount * 100)


def first_total(numbers: Numbers) -> None:
    """What the table calls its total is followed by what is not in it: the lines above make it."""
    running_total(numbers)
    kept = {line: numbers[GENERAL, line, "total"] for line in ("one", "two", "total", "more")}
    numbers.clear()
    numbers.update({(GENERAL, line, "total"): amount for line, amount in kept.items()})
    numbers[GENERAL, "total", "total"] = Decimal(900)


def line_twice(numbers: Numbers) -> None:
    """A line stands twice: it is what stands above it, and no sum of lines."""
    numbers.clear()
    for line, amount in {"one": 4, "one again": 4, "two": 5, "total": 9}.items():
        numbers[GENERAL, line, "total"] = Decimal(amount * 100)


def torn_line(numbers: Numbers) -> None:
    """The numbers of a class stand in a line without its code: no line lacks its numbers."""
    levels(numbers)
    for component in COMPONENTS:
        numbers[GENERAL, "torn", component] = numbers[GENERAL, "208", component]
        numbers[GENERAL, "208", component] = None


def bare_totals(numbers: Numbers) -> None:
    """The total's line prints nothing, also in a column that has few numbers."""
    for key, value in list(numbers.items()):
        if key[0] != GENERAL or (key[2] == "project" and not value):
            del numbers[key]
    numbers.update({(GENERAL, "total", component): None for component in COMPONENTS})


def exchange_with_the_total(numbers: Numbers) -> None:
    """The column of the totals and one of the parts in each other's place: sums along a line have both."""
    for key in list(numbers):
        if key[0] != GENERAL:
            del numbers[key]
    exchange(lambda line: (GENERAL, line, "total"), lambda line: (GENERAL, line, "basic"), *LINES, "total")(
        numbers
    )


def a_line_off(numbers: Numbers) -> None:
    """From the second class on, each number stands a line too low."""
    lines = levels(numbers)
    start = lines.index("208")
    for line, above in reversed(list(zip(lines[start:], lines[start - 1 :], strict=False))):
        for component in COMPONENTS:
            numbers[GENERAL, line, component] = None if line == "208" else numbers[GENERAL, above, component]


def scatter(numbers: Numbers) -> None:
    """The same in two tables; in one the numbers of two lines are left out, the first follow at the end."""
    items = {"2010101": 1201, "2010102": 3402, "2010301": 5103}
    items |= {"2080501": 7704, "2080506": 9905, "2080801": 4406}
    lines = [*sorted({item[:length] for item in items for length in (3, 5, 7)}), "total"]
    true = {
        line: sum(value for item, value in items.items() if line == "total" or item.startswith(line))
        for line in lines
    }
    numbers.clear()
    for table in (ALL, GENERAL):
        given = lines if table == ALL else [line for line in lines if not line.startswith("20103")] + lines
        for line, source in zip(lines, given, strict=False):
            numbers |= {
                (table, line, component): Decimal(true[source] * part)
                for component, part in zip(COMPONENTS, (5, 3, 2), strict=True)
            }


def repeat_a_wrong_total(numbers: Numbers) -> None:
    """The total of one table, wrong, is carried into another."""
    for key in ((ALL, "total", "total"), (BALANCE, "current_expenditure_total", "total")):
        numbers[key] = (numbers[key] or Decimal(0)) + 100


def a_column_off(numbers: Numbers) -> None:
    """The numbers of a line stand one column too far to the right, and the last is not printed any more."""
    numbers[ALL, "2210201", "project"] = numbers[ALL, "2210201", "basic"]
    numbers[ALL, "2210201", "basic"] = numbers[ALL, "2210201", "total"]
    numbers[ALL, "2210201", "total"] = None


def blank_beside_its_total(numbers: Numbers) -> None:
    """One sum misses a number; a line that prints a total and none of its parts says whose it is."""
    for key in list(numbers):
        if key[0] != GENERAL:
            del numbers[key]
    numbers.update({(GENERAL, "2080502", component): None for component in ("basic", "project")})


def small_slip(numbers: Numbers) -> None:
    """A table of 万元 with six decimals: the slip is in the last of them."""
    numbers[GENERAL, "2080501", "basic"] = Decimal("384596.90")


def copy_the_year_before(numbers: Numbers) -> None:
    numbers[ALL, "2080501", "basic@prior"] = numbers[ALL, "2080501", "basic"] = Decimal("351234.56")


def swap_and_drop(numbers: Numbers) -> None:
    swap(numbers)
    drop_line(numbers)


def round_a_cent(numbers: Numbers) -> None:
    numbers[ALL, "total", "total"] = (numbers[ALL, "total", "total"] or Decimal(0)) + Decimal("0.01")


def blank(numbers: Numbers) -> None:
    numbers[ALL, "2210201", "project"] = None


def blank_total(numbers: Numbers) -> None:
    numbers[ALL, "total", "total"] = None


def bare_total(numbers: Numbers) -> None:
    """The total's line is printed in all tables, and in one of one column without its number."""
    for key in list(numbers):
        if key[0] == GENERAL and key[2] != "total":
            del numbers[key]
    numbers[GENERAL, "total", "total"] = None


def move_to_a_blank(numbers: Numbers) -> None:
    """Another line has no project, so that its column is blank here as well."""
    for table in (ALL, GENERAL):
        numbers[table, "2080501", "project"] = None
    numbers.update({(ALL, "2080501", "basic"): None, (ALL, "2080501", "project"): Decimal("384596.70")})


def sole_items(numbers: Numbers) -> None:
    """A section with one item, which has all its amounts."""
    for table in (ALL, GENERAL):
        for component in COMPONENTS:
            numbers[table, "22102", component] = numbers[table, "2210201", component]


def only_general_totals(numbers: Numbers) -> None:
    """One sum is all there is: it does not say which of its terms is wrong."""
    for key in list(numbers):
        if key[0] != GENERAL or key[2] != "total":
            del numbers[key]
    numbers[GENERAL, "2080501", "total"] = Decimal("384506.70")


def only_general_totals_without_a_line(numbers: Numbers) -> None:
    only_general_totals(numbers)
    del numbers[GENERAL, "2210201", "total"]


def only_a_line_with_a_blank(numbers: Numbers) -> None:
    """The only sum breaks, and another line prints what this one leaves blank."""
    for key in list(numbers):
        if key[0] != GENERAL or key[1] not in ("2080501", "2210201") or key[2] == "basic":
            del numbers[key]
    numbers[GENERAL, "2080501", "basic"] = Decimal("384596.70")
    numbers[GENERAL, "2210201", "basic"] = None


def only_general_without_a_line(numbers: Numbers) -> None:
    for key in list(numbers):
        if key[0] != GENERAL or key[1] == "2080502":
            del numbers[key]


def only_general_with_an_old_line(numbers: Numbers) -> None:
    """Sums over a line break in all columns by what adds up along it: one mistake, nothing says where."""
    for key in list(numbers):
        if key[0] != GENERAL:
            del numbers[key]
    for component in COMPONENTS:
        numbers[GENERAL, "2210201", component] = (numbers[GENERAL, "2210201", component] or Decimal(0)) * 2


def surplus_class(numbers: Numbers) -> None:
    """A class that no total and no other table knows."""
    for code in ("222", "22201", "2220102"):
        for component in ("total", "project"):
            numbers[GENERAL, code, component] = Decimal("3882500.00")


def template(numbers: Numbers) -> None:
    """Another body, which spends more under one item."""
    more = Decimal("777123.45") - Decimal("384596.70")
    for table in (ALL, GENERAL):
        for row in ("2080501", "total"):
            for component in ("total", "basic"):
                numbers[table, row, component] = (numbers[table, row, component] or Decimal(0)) + more
    for row in ("208", "current_expenditure_total"):
        numbers[BALANCE, row, "total"] = (numbers[BALANCE, row, "total"] or Decimal(0)) + more


def break_everywhere(numbers: Numbers) -> None:
    """Sections that none of their items makes, more than anybody would look at one by one."""
    numbers.clear()
    for number in range(405):
        section = f"{201 + number // 80}{number % 80 + 10}"
        numbers[GENERAL, section, "total"] = Decimal(1000 + number)
        numbers[GENERAL, f"{section}01", "total"] = Decimal(3 * number + 7)


CASES: dict[str, Mistake] = {
    "sound": lambda numbers: None,
    "rounding": round_a_cent,
    "unread_page": lambda numbers: None,
    "wrong_total": put((ALL, "total", "basic"), "2639239.99"),
    "digit": put((GENERAL, "2080501", "basic"), "384956.70"),
    "unit": put((GENERAL, "2210201", "total"), "68528795200.00"),
    "swap": swap,
    "missing": drop_line,
    "missing_other": drop_line_of_other_amounts,
    "both": swap_and_drop,
    "old_line": old_line,
    "old_total": old_total,
    "small_slip": small_slip,
    "sign": put((ALL, "2080501", "basic"), "-384596.70"),
    "unit_column": other_unit("basic"),
    "unit_table": other_unit(*COMPONENTS),
    "slip": put((GENERAL, "2080501", "basic"), "384896.70"),
    "extra_digit": put((GENERAL, "2080501", "basic"), "3845996.70"),
    "lost_digit": put((GENERAL, "2080501", "basic"), "38459.70"),
    "stale_copy": copy_the_year_before,
    "repeated_total": repeat_a_wrong_total,
    "a_column_off": a_column_off,
    "rounded_swap": swap_and_round,
    "rounded_unit": put((GENERAL, "2210201", "total"), "685.29"),
    "rounded_slip": put((GENERAL, "2080502", "basic"), "4386.10"),
    "other_nothing": exchange(
        lambda column: (ALL, "2080501", column), lambda column: (ALL, "2210201", column), "project"
    ),
    "blank_by_line": blank_beside_its_total,
    "other_lines": exchange(
        lambda column: (ALL, "2080501", column), lambda column: (ALL, "2210201", column), *COMPONENTS
    ),
    "other_numbers": exchange(
        lambda column: (ALL, "2080501", column), lambda column: (ALL, "2210201", column), "basic"
    ),
    "other_columns": exchange_columns,
    "total_column": exchange_with_the_total,
    "a_line_off": a_line_off,
    "scattered": scatter,
    "blank": blank,
    "blank_total": blank_total,
    "bare_total": bare_total,
    "bare_totals": bare_totals,
    "bare_class": bare_class,
    "torn_line": torn_line,
    "bare_sole_class": bare_sole_class,
    "tripled": tripled_sole_item,
    "repeated_levels": repeat_levels,
    "old_level": repeat_levels_with_an_old_line,
    "running_total": running_total,
    "first_total": first_total,
    "line_twice": line_twice,
    "moved": move_to_a_blank,
    "repeated": lambda numbers: None,
    "repeated_sole": sole_items,
    "surplus": surplus_class,
    "undecided": only_general_totals,
    "undecided_missing": only_general_totals_without_a_line,
    "no_label": put((ALL, "total", "basic"), "2639239.99"),
    "witnessed": only_general_totals,
    "undecided_blank": only_a_line_with_a_blank,
    "unnamed": only_general_without_a_line,
    "old_somewhere": only_general_with_an_old_line,
    "template": template,
    "copied": put((GENERAL, "2080501", "basic"), "777123.45"),
    "hostile": break_everywhere,
    "misread": put((ALL, "total", "basic"), "2639239.99"),
    "ocr": put((ALL, "total", "basic"), "2639239.99"),
    "low_confidence": put((ALL, "total", "basic"), "2639239.99"),
    "not_conserved": put((ALL, "total", "basic"), "2639239.99"),
}
BARE = {
    "bare_total": "total",
    "bare_totals": "total",
    "bare_class": "208",
    "torn_line": "208",
    "bare_sole_class": "208",
}
REPEATED = {"repeated": "2080502", "repeated_sole": "2210201"}
PLACEMENTS = {"misread": "inferred", "ocr": "ocr"}
MISREAD = ("misread", "ocr", "low_confidence", "not_conserved")
SOUND = ("sound", "rounding", "template", "torn_line")
SCHEMA = """
    cell_id varchar, document_id varchar, document_name varchar, table_no integer, table_title varchar,
    table_type varchar, scope varchar, page_no integer, row_no integer, column_no integer, lane_no integer,
    row_order integer, row_code varchar, row_label varchar, row_context varchar, column_path varchar,
    value decimal(20, 6), unit varchar, is_money boolean, amount_yuan decimal(18, 2),
    half_unit_yuan decimal(18, 4), fiscal_year integer, phase varchar, period varchar, measure varchar,
    component varchar, money_source varchar, fund varchar, side varchar, line_item varchar, row_role varchar,
    code_domain varchar, class_code varchar, is_of_which_column boolean, placement varchar
"""


def cells(name: str, numbers: Numbers) -> list[dict[str, Any]]:
    keys = list(dict.fromkeys((table, row) for table, row, _ in numbers))
    rows = []
    for (table, row, component), value in numbers.items():
        if value is None:
            continue
        code = row if row.isdigit() else None
        row_no = keys.index((table, row)) + 1
        component, _, period = component.partition("@")
        column_no = COMPONENTS.index(component) + (4 if period else 1)
        rows.append(
            {
                "cell_id": f"{name}:{TABLES[table]}:{row_no}:{column_no}",
                "document_id": name, "document_name": name, "table_no": TABLES[table],
                "table_title": table, "table_type": table, "scope": "", "row_no": row_no,
                "column_no": column_no, "lane_no": 1, "row_order": row_no,
                "row_code": code if table != BALANCE else None, "row_label": row, "row_context": "{}",
                "column_path": f"{component}{period}", "value": value,
                "unit": "万元" if name == "small_slip" else "元", "is_money": True,
                "amount_yuan": value, "half_unit_yuan": Decimal("0.005"),
                "fiscal_year": 2023 if period else 2024, "phase": "executed",
                "period": period or "current", "measure": component, "component": component,
                "side": "expenditure", "is_of_which_column": False,
                "line_item": None if code else row,
                "row_role": "total" if row == "total" else "item" if code or table == GENERAL else "subtotal",
                "code_domain": "function" if code and table != BALANCE else None,
                "class_code": code[:3] if code else None,
                "placement": PLACEMENTS.get(name, "printed"),
            }
        )  # fmt: skip
    if name in REPEATED:
        again = [row for row in rows if (row["table_title"], row["row_label"]) == (ALL, REPEATED[name])]
        rows += [
            row | {"cell_id": f"{name}:2:99:{row['column_no']}", "row_no": 99, "row_order": 99}
            for row in again
        ]
    return rows


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("quality")
    path = folder / "warehouse.duckdb"
    begin(path)
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema intermediate")
        connection.execute(f"create table intermediate.int_published_amount ({SCHEMA})")
        for name, mistake in CASES.items():
            numbers = sound()
            mistake(numbers)
            for row in cells(name, numbers):
                marks = ", ".join("?" * len(row))
                connection.execute(
                    f"insert into intermediate.int_published_amount ({', '.join(row)}) values ({marks})",
                    list(row.values()),
                )
        connection.execute(
            """
            update intermediate.int_published_amount
            set row_label = null, row_context = '{"项目名称": "扩面", "品目": "复印纸"}'
            where document_id = 'no_label' and table_title = ? and row_label = 'total'
            """,
            [ALL],
        )
        connection.execute("""
            create table intermediate.int_table as
            select distinct document_id, document_name, table_no, table_title, table_type, page_no,
                unit, 'none' as grain, false as is_two_sided, false as is_empty,
                case document_id when 'low_confidence' then 'low' else 'high' end as confidence,
                1 as source_token_count,
                case document_id when 'not_conserved' then 2 else 1 end as landed_token_count
            from intermediate.int_published_amount
        """)
        connection.execute("""
            create table intermediate.int_table_row as
            select distinct document_id, table_no, row_no, lane_no, page_no, row_order, line_item, row_role,
                row_code, row_label, row_label as label_key, code_domain
            from intermediate.int_published_amount
        """)
        # a line is printed though it has no number
        for name, row in BARE.items():
            numbers = sound()
            CASES[name](numbers)
            row_no = 1 + list(dict.fromkeys(key[:2] for key in numbers)).index((GENERAL, row))
            code = row if row.isdigit() else None
            connection.execute(
                """
                insert into intermediate.int_table_row
                    (document_id, table_no, row_no, lane_no, row_order, row_role, row_code, row_label,
                        code_domain)
                values (?, ?, ?, 1, ?, ?, ?, ?, ?)
                """,
                [
                    *(name, TABLES[GENERAL], row_no, row_no, "item" if code else "total"),
                    *(code, row, "function" if code else None),
                ],
            )
        connection.execute("""
            create table intermediate.int_line_nesting (
                document_id varchar, table_no integer, lane_no integer, row_no integer, parent_row_no integer,
                is_unsettled boolean
            )
        """)
        connection.execute("""
            insert into raw.page (document_id, page_no, status)
            values ('unread_page', 1, 'read'), ('unread_page', 2, 'set_aside')
        """)
        connection.execute("create table staging.stg_table_column as from raw.table_column")
        connection.execute('create table staging.stg_table as from raw."table"')
        connection.execute("""
            create table staging.stg_document as
            select distinct document_id, document_name,
                case when document_id in ('template', 'copied') then document_id end as agency_name,
                null::integer as fiscal_year, 'read' as read_status
            from intermediate.int_published_amount
        """)
        # another document has 90 yuan more in this line
        connection.execute(
            """
            create table intermediate.int_repair_witness as
            select cell_id, 90::decimal(20, 2) as amount_change, 0.01::decimal(20, 4) as tolerance
            from intermediate.int_published_amount
            where document_id = 'witnessed' and row_label = '2210201'
            """
        )
    build_models(
        path,
        [
            *("stg_table_column", "+document_status,path:models/quality"),
            "+int_reconciliation_table,path:models/quality",
        ],
        exclude=["int_repair_witness", "path:models/quality/int_corpus_*"],
    )
    return path


FOUND = """
    select cause, table_title, published, expected, origin from intermediate.int_finding_equation
    where document_id = ? and severity <> 'rounding' order by cause
"""
SWAP = ("column_shift", ALL, Decimal("128589187.47"), Decimal("0.00"), "source")
MISSING = ("missing_row", ALL, None, Decimal("43860.95"), "source")
TOTAL = ("wrong_total", ALL, Decimal("2639239.99"), Decimal("2380316.70"))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("sound", []),
        ("rounding", []),
        ("wrong_total", [(*TOTAL, "source")]),
        *((name, [(*TOTAL, "extraction")]) for name in MISREAD),
        ("digit", [("digit_error", GENERAL, Decimal("384956.70"), Decimal("384596.70"), "source")]),
        ("unit", [("unit_error", GENERAL, Decimal("68528795200.00"), Decimal("6852879.52"), "source")]),
        ("swap", [SWAP]),
        ("missing", [MISSING]),
        ("missing_other", [MISSING]),
        ("both", [SWAP, MISSING]),
        ("old_line", [("stale_line", ALL, Decimal("13705759.04"), Decimal("6852879.52"), "source")]),
        ("old_total", [("stale_line", ALL, Decimal("271741049.28"), Decimal("135870524.64"), "source")]),
        ("slip", [("digit_error", GENERAL, Decimal("384896.70"), Decimal("384596.70"), "source")]),
        ("extra_digit", [("digit_error", GENERAL, Decimal("3845996.70"), Decimal("384596.70"), "source")]),
        ("lost_digit", [("digit_error", GENERAL, Decimal("38459.70"), Decimal("384596.70"), "source")]),
        ("small_slip", [("digit_error", GENERAL, Decimal("384596.90"), Decimal("384596.70"), "source")]),
        ("stale_copy", [("stale_copy", ALL, Decimal("351234.56"), Decimal("384596.70"), "source")]),
        (
            "repeated_total",
            [("digit_error", ALL, Decimal("135870624.64"), Decimal("135870524.64"), "source")],
        ),
        ("rounded_swap", [SWAP]),
        ("rounded_unit", [("unit_error", GENERAL, Decimal("685.29"), Decimal("6852879.52"), "source")]),
        ("rounded_slip", [("digit_error", GENERAL, Decimal("4386.10"), Decimal("43860.95"), "source")]),
        (
            "other_nothing",
            [("rows_exchanged", ALL, Decimal("4901020.47"), Decimal("0.00"), "source")],
        ),
        ("blank_by_line", [("missing_number", GENERAL, None, Decimal("43860.95"), "source")]),
        ("a_column_off", [("column_shift", ALL, Decimal("6852879.52"), Decimal("1951859.05"), "source")]),
        ("unit_column", [("unit_error", ALL, Decimal("23803167000.00"), Decimal("2380316.70"), "source")]),
        ("unit_table", [("unit_error", ALL, Decimal("1358705246400.00"), Decimal("135870524.64"), "source")]),
        ("other_lines", [("rows_exchanged", ALL, Decimal("6852879.52"), Decimal("384596.70"), "source")]),
        ("other_numbers", [("rows_exchanged", ALL, Decimal("1951859.05"), Decimal("384596.70"), "source")]),
        ("other_columns", [("column_shift", ALL, Decimal("133490207.94"), Decimal("2380316.70"), "source")]),
        ("a_line_off", [("rows_shifted", GENERAL, Decimal("110075.00"), Decimal("88045.00"), "source")]),
        ("scattered", [("rows_shifted", GENERAL, Decimal("38520.00"), Decimal("110075.00"), "source")]),
        ("sign", [("wrong_sign", ALL, Decimal("-384596.70"), Decimal("384596.70"), "source")]),
        ("blank", [("missing_number", ALL, None, Decimal("4901020.47"), "source")]),
        ("blank_total", [("missing_number", ALL, None, Decimal("135870524.64"), "source")]),
        ("bare_total", [("missing_number", GENERAL, None, Decimal("135870524.64"), "source")]),
        ("bare_totals", [("missing_number", GENERAL, None, Decimal("135870524.64"), "source")]),
        ("bare_class", [("missing_number", GENERAL, None, Decimal("110075.00"), "source")]),
        (
            "total_column",
            [("column_shift", GENERAL, Decimal("2380316.70"), Decimal("135870524.64"), "source")],
        ),
        ("moved", [("column_shift", ALL, Decimal("384596.70"), Decimal("0.00"), "source")]),
        ("repeated_sole", [("duplicate_row", ALL, Decimal("6852879.52"), Decimal("0.00"), "source")]),
        ("repeated", [("duplicate_row", ALL, Decimal("43860.95"), Decimal("0.00"), "source")]),
        ("surplus", [("surplus_row", GENERAL, Decimal("3882500.00"), Decimal("0.00"), "source")]),
        (
            "undecided",
            [("disagreement", GENERAL, Decimal("135870524.64"), Decimal("135870434.64"), "source")],
        ),
        ("witnessed", [("wrong_part", GENERAL, Decimal("6852879.52"), Decimal("6852969.52"), "source")]),
        ("unnamed", [("missing_row", GENERAL, None, Decimal("43860.95"), "source")]),
        (
            "old_somewhere",
            [("disagreement", GENERAL, Decimal("135870524.64"), Decimal("142723404.16"), "source")],
        ),
        ("template", []),
        ("torn_line", []),
        ("repeated_levels", []),
        ("old_level", []),
        ("running_total", []),
        ("first_total", []),
        ("line_twice", [("disagreement", GENERAL, Decimal("900.00"), Decimal("1300.00"), "source")]),
        ("bare_sole_class", [("missing_number", GENERAL, None, Decimal("110075.00"), "source")]),
        ("tripled", [("stale_line", GENERAL, Decimal("66090.00"), Decimal("22030.00"), "source")]),
        ("copied", [("foreign_copy", GENERAL, Decimal("777123.45"), Decimal("384596.70"), "source")]),
    ],
)
def test_one_mistake_is_one_finding(warehouse: Path, name: str, expected: list[tuple[Any, ...]]) -> None:
    assert rows(warehouse, FOUND, name) == expected


@pytest.mark.parametrize(
    ("name", "is_undecided"),
    [
        ("undecided", True),
        ("witnessed", False),
        ("blank_by_line", False),
        ("unnamed", True),
        ("old_somewhere", True),
        ("digit", False),
    ],
)
def test_what_one_sum_sees_is_undecided(warehouse: Path, name: str, is_undecided: bool) -> None:
    found = rows(
        warehouse,
        "select is_undecided from intermediate.int_finding_equation"
        " where document_id = ? and cause <> 'rounding'",
        name,
    )
    assert found == [(is_undecided,)]


def test_a_total_without_any_number_is_named(warehouse: Path) -> None:
    [(message,)] = rows(
        warehouse,
        "select message_zh from intermediate.int_finding_equation where document_id = 'bare_total'",
    )
    assert "“total”（total）空白" in message


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("slip", "一位数字有误"),
        ("digit", "相邻两位数字颠倒"),
        ("small_slip", "印为 38.45969 万元"),
        ("extra_digit", "多一位数字"),
        ("lost_digit", "少一位数字"),
        ("unit", "元与万元混用"),
        ("unit_column", "元与万元混用"),
        ("stale_copy", "上年数"),
        ("repeated_total", "同数重复之处一并有误"),
        ("a_column_off", "错位一列"),
        ("a_line_off", "金额错行"),
        ("scattered", "金额错行"),
        ("other_lines", "与另一行的金额互换"),
        ("other_columns", "整栏互换"),
        ("total_column", "整栏互换"),
        ("bare_class", "“208 208”一行没有金额"),
        ("unnamed", "疑缺一行，或“total”或其下某行各列有误"),
    ],
)
def test_the_likely_mistake_is_told(warehouse: Path, name: str, said: str) -> None:
    [(message,)] = rows(
        warehouse, "select message_zh from intermediate.int_finding_equation where document_id = ?", name
    )
    assert said in message


@pytest.mark.parametrize("name", ["missing", "missing_other"])
def test_a_missing_line_is_named_by_the_table_that_has_it(warehouse: Path, name: str) -> None:
    [(message,)] = rows(
        warehouse,
        "select message_zh from intermediate.int_finding_equation where document_id = ?"
        " and cause = 'missing_row'",
        name,
    )
    assert "缺少“2080502 2080502”一行" in message


def test_candidates_are_named(warehouse: Path) -> None:
    [(candidates, message)] = rows(
        warehouse,
        "select candidates, message_zh from intermediate.int_finding_equation"
        " where document_id = 'undecided'",
    )
    numbers = rows(
        warehouse,
        "select count(*) from intermediate.int_published_amount where document_id = 'undecided'"
        " and amount_yuan > 0",
    )
    assert [(len(candidates),)] == numbers
    assert "不能判定" in message
    # a slip of one digit is named first
    assert message.split("可能是：")[1].startswith("“2080501 2080501”（total）384,506.70 元→384,596.70 元")


def test_all_numbers_of_an_old_line_are_named(warehouse: Path) -> None:
    [(candidates, is_undecided, message)] = rows(
        warehouse,
        "select candidates, is_undecided, message_zh from intermediate.int_finding_equation"
        " where document_id = 'old_line'",
    )
    assert (len(candidates), is_undecided) == (3, False)
    for part in ("6,852,879.52 元", "1,951,859.05 元", "4,901,020.47 元"):
        assert f"→{part}" in message


def test_a_blank_is_a_candidate(warehouse: Path) -> None:
    """What one sum sees as left out is named, though nothing is printed there."""
    [(candidates, message)] = rows(
        warehouse,
        "select candidates, message_zh from intermediate.int_finding_equation"
        " where document_id = 'undecided_blank'",
    )
    printed = {
        cell
        for (cell,) in rows(
            warehouse,
            "select cell_id from intermediate.int_published_amount where document_id = 'undecided_blank'",
        )
    }
    assert len(set(candidates) - printed) == 1
    assert "“2210201 2210201”（basic）—→1,951,859.05 元" in message


@pytest.mark.parametrize(("name", "says"), [("undecided_missing", True), ("old_somewhere", False)])
def test_a_sum_that_is_short_may_lack_a_line(warehouse: Path, name: str, says: bool) -> None:
    [(message,)] = rows(
        warehouse, "select message_zh from intermediate.int_finding_equation where document_id = ?", name
    )
    assert ("也可能漏列一行" in message) == says


def test_a_line_without_a_label_is_named_by_the_texts_beside_it(warehouse: Path) -> None:
    [(message,)] = rows(
        warehouse, "select message_zh from intermediate.int_finding_equation where document_id = 'no_label'"
    )
    assert "“扩面, 复印纸”" in message


def test_a_finding_says_where_and_by_which_sums(warehouse: Path) -> None:
    [(zh, en)] = rows(
        warehouse,
        "select message_zh, message_en from intermediate.int_finding_equation where document_id = 'digit'",
    )
    for part in (
        "384,956.70 元",
        "384,596.70 元",
        "360.00 元",
        "2080501",
        "basic",
        "相邻两位数字颠倒",
        "合计 = 基本支出",
    ):
        assert part in zh
    assert "two neighbouring digits exchanged" in en
    assert "{" not in zh + en


def test_a_document_that_breaks_everywhere_is_counted_not_searched(warehouse: Path) -> None:
    found = rows(
        warehouse,
        "select cause, is_undecided, equation_count from intermediate.int_finding_equation"
        " where document_id = 'hostile'",
    )
    assert found == [("many_disagreements", True, 405)]
    assert rows(warehouse, "select * from intermediate.int_repair_term where document_id = 'hostile'") == []


def test_a_cent_is_rounding(warehouse: Path) -> None:
    severities = rows(
        warehouse,
        "select distinct severity from intermediate.int_finding_equation where document_id = 'rounding'",
    )
    assert severities == [("rounding",)]


def test_every_failing_equation_is_evidence(warehouse: Path) -> None:
    unexplained = """
        select equation_id from intermediate.int_reconciliation_table where status = 'fail'
        and equation_id not in (select unnest(equations) from intermediate.int_finding_equation)
    """
    assert rows(warehouse, unexplained) == []


def test_status_of_documents(warehouse: Path) -> None:
    found = dict(rows(warehouse, "select document_id, status from quality.document_status"))
    assert found == {
        name: "verified" if name in SOUND else "source_defects" for name in CASES
    } | dict.fromkeys(
        (*MISREAD, "unread_page", "repeated_levels", "old_level", "running_total", "first_total"),
        "unverified",
    )


def test_a_rule_without_equations_says_why(warehouse: Path) -> None:
    reasons = rows(
        warehouse,
        "select rule_id from intermediate.int_reconciliation_table"
        " where lhs_amount is null and reason is null",
    )
    assert reasons == []
    rules = rows(
        warehouse,
        "select count(distinct rule_id) from intermediate.int_reconciliation_table"
        " where document_id = 'sound'",
    )
    assert rules == rows(
        warehouse,
        "select count(*) from staging.rule where implemented = 'true' and family <= 'D' and shape <> 'claim'",
    )
