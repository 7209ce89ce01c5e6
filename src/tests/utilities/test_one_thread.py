"""Products of numpy by one thread, and by as many as before afterwards."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import numpy
import pytest
from threadpoolctl import ThreadpoolController

from tengjia.utilities.one_thread import products_by_one_thread


def threads() -> set[int]:
    """How many the BLAS libraries take."""
    return {library["num_threads"] for library in ThreadpoolController().select(user_api="blas").info()}


@pytest.fixture(autouse=True)
def two() -> Iterator[None]:
    """Two threads, whatever the machine and its environment say."""
    with ThreadpoolController().select(user_api="blas").limit(limits=2):
        assert threads() == {2}
        yield


def test_one_within_and_as_many_as_before_afterwards() -> None:
    left, right = numpy.ones((40, 200)), numpy.ones((200, 200))
    with products_by_one_thread():
        assert threads() == {1}
        assert (left @ right == 200).all()
    assert threads() == {2}


def test_an_error_sets_it_back() -> None:
    with pytest.raises(ZeroDivisionError), products_by_one_thread():
        raise ZeroDivisionError
    assert threads() == {2}


def test_two_at_once_leave_what_was() -> None:
    entered, leave = threading.Event(), threading.Event()

    def other() -> None:
        with products_by_one_thread():
            entered.set()
            leave.wait(10)

    thread = threading.Thread(target=other)
    with products_by_one_thread():
        thread.start()
        assert entered.wait(10)
        assert threads() == {1}
    assert threads() == {2}
    leave.set()
    thread.join()
    assert threads() == {2}
