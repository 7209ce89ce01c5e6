"""Products of numpy by one thread: a team of them is worth it for large ones only.

numpy's BLAS takes all cores as soon as a product has some hundred thousand multiplications, whatever number of threads
torch was told, and the threads wait for one another at its end. `[32, 157] x [157, 157]` in float64, on two cores of
which another program held one: 34 microseconds with one thread, 1,290 with two.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from functools import cache
from typing import Any

from threadpoolctl import ThreadpoolController


def products_by_one_thread() -> AbstractContextManager[Any]:
    """Within it numpy multiplies matrices with one thread, afterwards with as many as before; 20 microseconds.

    Of several Python threads, the first that ever came here decides (threadpoolctl): another changes nothing while that
    one lives.
    """
    limited: AbstractContextManager[Any] = _libraries().limit(limits=1)
    return limited


@cache
def _libraries() -> ThreadpoolController:
    """The BLAS libraries of this process, found once (2 ms)."""
    return ThreadpoolController().select(user_api="blas")
