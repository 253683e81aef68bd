"""What a build is doing: a moving line on a terminal, plain lines in a log, and the seconds of each step."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)


class Steps:
    """Shows and times the steps of one build, in the order in which they run."""

    def __init__(self, console: Console) -> None:
        self.seconds: dict[str, float] = {}
        self._started = time.monotonic()
        self._console = console
        self._task: TaskID | None = None
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )

    @contextmanager
    def shown(self) -> Iterator[Steps]:
        with self._progress:
            yield self

    @contextmanager
    def step(self, name: str, says: str, total: int = 1) -> Iterator[None]:
        """Time one step; `advance` moves its bar where it has parts."""
        if not self._console.is_terminal:
            self._console.print(f"{says} …", markup=False, highlight=False)
        started = time.monotonic()
        self._task = self._progress.add_task(says, total=total)
        yield
        self._progress.update(self._task, completed=total)
        self.seconds[name] = round(time.monotonic() - started, 2)

    def advance(self) -> None:
        if self._task is not None:
            self._progress.advance(self._task)

    def all_seconds(self) -> dict[str, float]:
        return {**self.seconds, "total": round(time.monotonic() - self._started, 2)}
