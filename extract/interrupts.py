"""Whoever is told to stop stops in one way, by Ctrl-C as by SIGTERM, and whatever it was doing."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM)
SAYS = "interrupted 已中断"


class Stopped(BaseException):
    """What was begun is cleaned up; the exit code names the signal, as shells do."""

    def __init__(self, number: int) -> None:
        super().__init__(signal.Signals(number).name)
        self.exit_code = 128 + number


class Interrupts:
    """Whether a signal came. Its exception alone would not tell: dbt and DuckDB make others of it."""

    def __init__(self) -> None:
        self._came: int | None = None
        self._is_late = False

    def check(self) -> None:
        if self._came is not None:
            raise Stopped(self._came)

    def ignore(self) -> None:
        """From here on it is too late: what is left takes a moment and must be done as a whole."""
        self._is_late = True
        self.check()

    def notice(self, number: int, _: FrameType | None) -> None:
        # one is enough: `timeout` and terminals tell a process twice, and would break the cleaning up
        if not self._is_late and self._came is None:
            self._came = number
            raise KeyboardInterrupt


@contextmanager
def stoppable() -> Iterator[Interrupts]:
    """Raise Stopped where a signal came, after all inside has been unwound."""
    interrupts = Interrupts()
    before = {number: signal.signal(number, interrupts.notice) for number in SIGNALS}
    try:
        yield interrupts
    except BaseException:
        interrupts.check()
        raise
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
