"""What bench measures: the same pages by both readers, and every stage's own time."""

from __future__ import annotations

import io
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from rich.console import Console

from extract import bench
from extract.transform import judge
from tests.unit.test_pdf_reader import pdf, table

pytestmark = pytest.mark.unit


def test_both_readers_are_timed_on_the_same_pages(tmp_path: Path) -> None:
    path = tmp_path / "one.pdf"
    path.write_bytes(pdf(*[lambda canvas: table(canvas)] * 6))
    found = bench.compare(path)
    assert (found.document, found.pages) == ("one.pdf", 6)
    assert 0 < found.ours < found.stock_tables


def test_a_sample_is_of_whole_documents_that_can_be_opened(tmp_path: Path) -> None:
    for count in range(1, 6):
        (tmp_path / f"{count}.pdf").write_bytes(pdf(*[lambda canvas: table(canvas)] * count))
    (tmp_path / "page.pdf").write_bytes(b"<html>")
    paths = sorted(tmp_path.iterdir())
    assert bench.sample(paths, 0) == paths[:5]
    some = bench.sample(paths, 8)
    assert some and sum(int(path.stem) for path in some) <= 8


def test_pages_for_no_pdf_are_told_from_no_pdf() -> None:
    said = io.StringIO()
    console = Console(file=said, width=200)
    bench._print_comparisons(console, [], 20, 3)
    bench._print_comparisons(console, [], 0, 3)
    first, second = said.getvalue().splitlines()
    assert "20 PDFs has more than 3 pages" in first and "PAGES" in first
    assert second.startswith("No PDF")


def test_the_stopwatch_counts_and_puts_everything_back() -> None:
    def spend(seconds: float) -> str:
        end = time.process_time() + seconds
        while time.process_time() < end:
            pass
        return "done"

    owner = SimpleNamespace(spend=spend)
    with bench.stopwatch({"one": ((owner, "spend"),), "two": ()}) as seconds:
        assert owner.spend(0.02) == owner.spend(0.02) == "done"
    assert 0.04 <= seconds["one"] < 0.2 and seconds["two"] == 0
    assert owner.spend is spend


def test_stages_name_functions_that_are_there() -> None:
    assert all(callable(getattr(owner, name)) for stage in bench.STAGES.values() for owner, name in stage)


def test_seconds_of_models_are_added_up_by_folder() -> None:
    def ran(kind: str, folder: str, seconds: float) -> SimpleNamespace:
        node = SimpleNamespace(name=folder, resource_type=kind, fqn=["project", folder, "model"])
        return SimpleNamespace(node=node, status="success", message="", execution_time=seconds)

    results = [
        ran("model", "quality", 1.25),
        ran("model", "marts", 1.0),
        ran("model", "quality", 0.5),
        ran("test", "quality", 9.0),
    ]
    found = judge(SimpleNamespace(success=True, result=SimpleNamespace(results=results)))
    assert found.seconds == {"quality": 1.75, "marts": 1.0}
    assert (found.nodes, found.tests) == (3, 1)
