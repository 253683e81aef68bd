"""The command line: thin, every step on its own. `make` calls these commands."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

app = typer.Typer(
    help="Published budgets and final accounts as a warehouse that adds up.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
)
console = Console()

Documents = Annotated[Path, typer.Option(envvar="DOCUMENTS", help="Folder with the documents to read.")]
Out = Annotated[Path, typer.Option(envvar="OUT", help="Folder for the warehouse, its exports and reports.")]
Strict = Annotated[
    bool, typer.Option("--strict", envvar="STRICT", help="Unreviewed or misread findings stop publishing.")
]
Jobs = Annotated[int, typer.Option(envvar="JOBS", min=1, help="Documents that are read at the same time.")]
Seconds = Annotated[int, typer.Option(min=1, help="Most seconds that one document may take.")]
Memory = Annotated[int, typer.Option(min=100, help="Most memory in MB that one document may take.")]
Pages = Annotated[int, typer.Option(min=1, help="Most pages that one document may have.")]
Document = Annotated[Path, typer.Argument(envvar="DOC", help="One document, text or PDF.")]
Checked = Annotated[Path | None, typer.Argument(envvar="DOC", help="One document, text or PDF.")]
Against = Annotated[
    Path | None,
    typer.Option(
        envvar="AGAINST", help="A published warehouse: rules between documents compare with those in it."
    ),
]

DOCUMENTS = Path("data/documents")
OUT = Path("data/out")


@app.command()
def build(
    documents: Documents = DOCUMENTS,
    out: Out = OUT,
    strict: Strict = False,
    jobs: Jobs = 2,
    seconds: Seconds = 120,
    memory_mb: Memory = 1024,
    pages: Pages = 2000,
) -> None:
    """Read a folder of documents, check everything, and publish the warehouse."""
    from extract.build import Settings, run
    from extract.workers import Limits

    limits = Limits(seconds=seconds, memory_mb=memory_mb, pages=pages)
    raise typer.Exit(run(Settings(documents, out, strict, jobs, limits), console))


@app.command()
def check(document: Checked = None, out: Out = OUT, against: Against = None) -> None:
    """Run one document through every rule and print its findings; fails when there is an error."""
    from extract.check import run

    raise typer.Exit(run(document, out / "check", console, against))


@app.command()
def read(
    document: Document, rows: Annotated[int, typer.Option(help="Rows to show of each table.")] = 8
) -> None:
    """Print the tables of one document as the reader sees them, without any build."""
    from extract.check import show_tables

    raise typer.Exit(show_tables(document, rows, console))


@app.command()
def docs() -> None:
    """Write the generated pages of docs/ anew."""
    from extract.docs import write_pages

    for page in write_pages():
        console.print(page)


@app.command()
def bench(
    documents: Documents = DOCUMENTS,
    out: Out = OUT,
    pages: Annotated[
        int, typer.Option(envvar="PAGES", min=0, help="Compare PDFs of so many pages together; 0 for all.")
    ] = 300,
    sizes: Annotated[
        str, typer.Option(envvar="SIZES", help="Numbers of typeset documents that are built.")
    ] = "30,300",
) -> None:
    """Measure reading against stock pdfplumber, each stage, two builds, and builds of typeset documents."""
    from extract.bench import run

    raise typer.Exit(run(documents, out, pages, [int(size) for size in sizes.split(",") if size], console))


if __name__ == "__main__":
    app()
