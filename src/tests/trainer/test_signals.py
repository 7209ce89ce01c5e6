"""SIGTERM and Ctrl-C become a flag, nested blocks share it, a second Ctrl-C stops at once."""

from __future__ import annotations

import os
import signal
import threading

import pytest

from tengjia.errors import Interrupted
from tengjia.utilities.signals import StopRequest, stop_requests


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_first_signal_sets_flag(number: signal.Signals, code: int) -> None:
    with stop_requests() as stop:
        assert not stop.requested
        stop.check("nothing")
        os.kill(os.getpid(), number)
        assert stop.requested
        with pytest.raises(Interrupted, match="3 files") as caught:
            stop.check("3 files are cached")
    assert caught.value.exit_code == code


def test_second_interrupt_stops_at_once() -> None:
    with pytest.raises(KeyboardInterrupt), stop_requests() as stop:
        os.kill(os.getpid(), signal.SIGINT)
        assert stop.requested
        os.kill(os.getpid(), signal.SIGINT)


def test_second_termination_is_patient() -> None:
    with pytest.raises(Interrupted), stop_requests() as stop:
        os.kill(os.getpid(), signal.SIGTERM)
        os.kill(os.getpid(), signal.SIGTERM)
        assert stop.signal == signal.SIGTERM


def test_blocks_share_one_flag_and_restore_handlers() -> None:
    before = signal.getsignal(signal.SIGTERM)
    seen: list[StopRequest] = []

    def elsewhere() -> None:
        with stop_requests() as inner:
            seen.append(inner)

    with pytest.raises(Interrupted), stop_requests() as outer:
        with stop_requests() as inner:
            assert inner is outer
        thread = threading.Thread(target=elsewhere)
        thread.start()
        thread.join()
        os.kill(os.getpid(), signal.SIGTERM)
        assert outer.requested
    assert seen == [outer]
    assert signal.getsignal(signal.SIGTERM) is before


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_after_the_last_check_is_not_forgotten(number: signal.Signals) -> None:
    reached = []
    with pytest.raises(Interrupted) as caught, stop_requests() as stop:
        stop.check()
        with stop_requests():  # an inner block is no end: the outer one tells
            os.kill(os.getpid(), number)
        reached.append("end")
    assert caught.value.exit_code == 128 + number and reached == ["end"]
    with stop_requests() as stop:
        assert not stop.requested


def test_an_error_goes_before_a_request_to_stop() -> None:
    with pytest.raises(ValueError, match="first"), stop_requests():
        os.kill(os.getpid(), signal.SIGTERM)
        raise ValueError("first")
