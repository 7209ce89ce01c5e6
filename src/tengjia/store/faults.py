"""Faults of the system, told in words."""

from __future__ import annotations

import contextlib
import errno
from collections.abc import Iterator

from tengjia.errors import EnvironmentFault


@contextlib.contextmanager
def told(place: str) -> Iterator[None]:
    """Whatever the system refuses inside becomes an `EnvironmentFault` that names the place."""
    try:
        yield
    except OSError as error:
        code = "store.no_space" if error.errno in {errno.ENOSPC, errno.EDQUOT} else "store.system"
        where = error.filename if isinstance(error.filename, str) else place
        raise EnvironmentFault(code, file=where, reason=error.strerror or str(error) or type(error).__name__) from error
