"""Run one function a document in worker processes that can be killed, with limits on time and memory.

A worker takes document after document, so that the start of a process is paid once. A document that hangs,
grows or crashes takes its worker with it and nothing else: it gets one line that says what happened.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import time
import traceback
from collections import deque
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, fields
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, TypeVar

Task = tuple[Callable[..., Any], tuple[Any, ...]]
K = TypeVar("K", bound=Hashable)

_POLL_SECONDS = 0.05
# what a worker needs before it has read anything is not the document's fault
_START_SECONDS = 120.0
# a worker that has grown to this part of its limit is replaced before the next document
_WORN = 0.5
_MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """What one document may use. `pages` is for the reader, the rest is watched from outside."""

    seconds: float = 120.0
    memory_mb: int = 1024
    pages: int = 2_000

    def __post_init__(self) -> None:
        for name in (part.name for part in fields(self)):
            if getattr(self, name) <= 0:
                raise ValueError(f"the limit {name} must be more than 0, not {getattr(self, name)}")

    def key(self) -> str:
        """A short name of these limits that can stand in a file name."""
        return f"{self.seconds:g}s-{self.memory_mb}mb-{self.pages}p"


_current = Limits()


def current_limits() -> Limits:
    """The limits that this process works under; in a worker, those of the run."""
    return _current


def run_documents(
    tasks: Mapping[K, Task], limits: Limits | None = None, jobs: int = 1
) -> Iterator[tuple[K, str | None]]:
    """Call every task's function in a worker and yield (key, None) as they end, or (key, the reason).

    Functions and arguments must be picklable; results are what the functions write, nothing comes back.
    """
    limits = limits or Limits()
    waiting = deque(tasks)
    tried: set[K] = set()
    workers: list[_Worker] = []
    try:
        while waiting or any(worker.busy for worker in workers):
            idle = [worker for worker in workers if not worker.busy]
            while waiting and (idle or len(workers) < max(1, jobs)):
                if idle:
                    worker = idle.pop()
                else:
                    worker = _Worker(limits)
                    workers.append(worker)
                key = waiting.popleft()
                worker.give(key, tasks[key])
            for worker in _wait(workers):
                key, reason, died = worker.end()
                if worker.spent:
                    workers.remove(worker)
                    worker.kill()
                if died and worker.documents > 1 and key not in tried:
                    # an earlier document may have hurt this worker: try once more in a new one
                    tried.add(key)
                    waiting.append(key)
                else:
                    yield key, reason
    finally:
        for worker in workers:
            worker.kill()


def _wait(workers: list[_Worker]) -> list[_Worker]:
    """Workers that have finished, died or passed a limit, after at most one poll."""
    busy = [worker for worker in workers if worker.busy]
    wait([worker.pipe for worker in busy], _POLL_SECONDS)
    return [worker for worker in busy if worker.ended()]


class _Worker:
    """One process and the pipe to it."""

    def __init__(self, limits: Limits):
        self.limits = limits
        self.documents = 0
        self.spent = False
        self.busy = False
        self._key: Any = None
        self._result: tuple[str | None, bool] | None = None
        self._deadline = 0.0
        context = multiprocessing.get_context("spawn")
        self.pipe, child = context.Pipe()
        self.process = context.Process(target=_serve, args=(child, limits), daemon=True)
        self.process.start()
        child.close()

    def give(self, key: Any, task: Task) -> None:
        self.busy, self._key, self._result = True, key, None
        self.documents += 1
        self._deadline = time.monotonic() + self.limits.seconds + _START_SECONDS
        # a worker that died while it was idle is noticed when it is asked for its result
        with contextlib.suppress(OSError):
            self.pipe.send(task)

    def ended(self) -> bool:
        """Take what the worker says and look at its limits; True when its document is done with."""
        try:
            while self._result is None and self.pipe.poll():
                message = self.pipe.recv()
                if message == "started":
                    self._deadline = time.monotonic() + self.limits.seconds
                else:
                    self._finish(message["reason"], spent=message["worn"])
        except (EOFError, OSError):
            self.process.join(5)
            self._finish(_death(self.process.exitcode), died=True)
        if self._result is None and _resident_mb(self.process.pid) > self.limits.memory_mb:
            self._finish(_memory_reason(self.limits), spent=True)
        if self._result is None and time.monotonic() > self._deadline:
            self._finish(f"stopped after {self.limits.seconds:g} s (读取超时)", spent=True)
        return self._result is not None

    def _finish(self, reason: str | None, *, spent: bool = False, died: bool = False) -> None:
        self._result = (reason, died)
        self.spent = spent or died

    def end(self) -> tuple[Any, str | None, bool]:
        assert self._result is not None and self.busy
        reason, died = self._result
        self.busy = False
        return self._key, reason, died

    def kill(self) -> None:
        self.process.kill()
        self.process.join()
        self.pipe.close()


def _memory_reason(limits: Limits) -> str:
    return f"stopped: it needs more than {limits.memory_mb} MB of memory (内存超限)"


def _death(exit_code: int | None) -> str:
    if exit_code is not None and exit_code < 0:
        with contextlib.suppress(ValueError):
            return f"the reader's process died of {signal.Signals(-exit_code).name} (读取进程异常退出)"
    return f"the reader's process ended with code {exit_code} (读取进程异常退出)"


def _statm(pid: int | None, column: int) -> float:
    """Megabytes of a process: column 0 its address space, 1 what is resident; 0 where not known."""
    try:
        pages = Path(f"/proc/{pid}/statm").read_text().split()[column]
        return int(pages) * os.sysconf("SC_PAGE_SIZE") / _MEGABYTE
    except (OSError, ValueError, IndexError):
        return 0.0


def _resident_mb(pid: int | None) -> float:
    return _statm(pid, 1)


def _serve(pipe: Connection, limits: Limits) -> None:
    """A worker's life: documents come through the pipe until it closes."""
    global _current
    _current = limits
    # the parent decides what an interrupt means
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    bounded = False
    while True:
        try:
            function, arguments = pipe.recv()
        except EOFError:
            return
        except Exception as error:
            pipe.send({"reason": _failure(error), "worn": False})
            continue
        if not bounded:
            # after the imports, which reserve address space of their own
            _bound_memory(limits)
            bounded = True
        pipe.send("started")
        reason = None
        try:
            function(*arguments)
        except MemoryError:
            reason = _memory_reason(limits)
        except RecursionError:
            reason = "nested too deeply (嵌套过深)"
        except Exception as error:
            reason = _failure(error)
        worn = reason is not None or _resident_mb(os.getpid()) > _WORN * limits.memory_mb
        try:
            pipe.send({"reason": reason, "worn": worn})
        except OSError:
            return


def _failure(error: Exception) -> str:
    """One line: what went wrong, and where in this project, for whoever mends it."""
    text = " ".join(str(error).split())[:200]
    own = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if Path(frame.filename).parent.is_relative_to(Path(__file__).parent)
        and Path(frame.filename) != Path(__file__)
    ]
    where = f" at {Path(own[-1].filename).name}:{own[-1].lineno}" if own else ""
    return f"could not be read: {type(error).__name__}{': ' if text else ''}{text}{where} (无法读取)"


def _bound_memory(limits: Limits) -> None:
    """A ceiling inside the process, for growth that is faster than the watch from outside."""
    try:
        import resource
    except ImportError:
        return
    now = _statm(os.getpid(), 0)
    if not now:
        return
    ceiling = int((now + 1.5 * limits.memory_mb + 256) * _MEGABYTE)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (ceiling, resource.getrlimit(resource.RLIMIT_AS)[1]))
