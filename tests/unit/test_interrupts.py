"""A signal stops, whatever a library makes of its exception, and once."""

from __future__ import annotations

import os
import signal

import pytest

from extract.interrupts import Stopped, stoppable


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_also_where_a_library_makes_another_error_of_it(number: signal.Signals) -> None:
    with pytest.raises(Stopped) as stopped, stoppable():
        try:
            signal.raise_signal(number)
        except KeyboardInterrupt:
            raise RuntimeError("query interrupted") from None
    assert stopped.value.exit_code == 128 + number


def test_a_signal_that_a_library_swallowed_stops_before_anything_is_published() -> None:
    with pytest.raises(Stopped), stoppable() as interrupts:
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        interrupts.ignore()
        pytest.fail("it went on")


def test_a_second_signal_does_not_break_the_cleaning_up() -> None:
    cleaned = []
    with pytest.raises(Stopped), stoppable():
        try:
            signal.raise_signal(signal.SIGTERM)
        finally:
            signal.raise_signal(signal.SIGTERM)
            cleaned.append(1)
    assert cleaned


def test_what_publishes_is_not_stopped_half_way() -> None:
    with stoppable() as interrupts:
        interrupts.ignore()
        os.kill(os.getpid(), signal.SIGINT)


def test_other_errors_stay_and_the_handlers_come_back() -> None:
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    with pytest.raises(ZeroDivisionError), stoppable():
        raise ZeroDivisionError
    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before
