"""Draws the pictures of findings in a worker that can be killed, while other work goes on."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event

from expectations.pictures import Pictures, View, collect, draw
from extract.workers import Limits, run_documents

# a page that does not render in this time has no picture
LIMITS = Limits(seconds=20, memory_mb=1024)
MOST_SECONDS = 60.0


@contextmanager
def taking_pictures(
    views: Mapping[str, Sequence[View]], sources: Mapping[str, Path]
) -> Iterator[Future[Pictures]]:
    """Start drawing now; what is not ready when the time is up is left out and says so."""
    stop = Event()
    with ThreadPoolExecutor(1) as thread:
        try:
            yield thread.submit(take_pictures, views, sources, stop=stop)
        except BaseException:
            stop.set()  # nobody waits for them any more
            raise


def take_pictures(
    views: Mapping[str, Sequence[View]],
    sources: Mapping[str, Path],
    limits: Limits = LIMITS,
    stop: Event | None = None,
) -> Pictures:
    """The pictures of all views whose document is at hand."""
    if not views:
        return Pictures()
    end = time.monotonic() + MOST_SECONDS
    failures = dict.fromkeys(views.keys() - sources.keys(), "the document is not at hand")
    with tempfile.TemporaryDirectory(prefix="pictures-") as name:
        folder = Path(name)
        tasks = {
            document_id: (draw, (sources[document_id], planned, folder))
            for document_id, planned in views.items()
            if document_id in sources
        }
        waiting = set(tasks)
        for document_id, failure in run_documents(tasks, limits):
            waiting.discard(document_id)
            if failure:
                failures[document_id] = failure
            if time.monotonic() > end or (stop is not None and stop.is_set()):
                break
        failures |= dict.fromkeys(waiting, "no time was left")
        return collect(views, folder, failures)
