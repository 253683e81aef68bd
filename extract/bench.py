"""Times builds: the first one reads everything, the second one nothing."""

from __future__ import annotations

import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from extract.build import WRONG_USE, Settings, build
from extract.inputs import WrongUse


def run(documents: Path, console: Console) -> int:
    """Build twice in a folder that is thrown away, and print seconds by step."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        try:
            first = build(Settings(documents, Path(folder)), console).summary
            second = build(Settings(documents, Path(folder)), console).summary
        except WrongUse as error:
            console.print(Text(str(error), style="red"))
            return WRONG_USE
    table = Table("step", "first", "second")
    for step, seconds in first["seconds"].items():
        table.add_row(step, f"{seconds:.1f}", f"{second['seconds'].get(step, 0):.1f}")
    table.add_row("documents read", str(first["new"]), str(second["new"]))
    console.print(table)
    return 0
