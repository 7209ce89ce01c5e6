"""The one place where errors become words and exit codes."""

from __future__ import annotations

import errno
import os
import re
import sys
import traceback
from collections.abc import Callable
from typing import Final

from tengjia.command.encodings import speak_to_any_terminal
from tengjia.errors import ConfigurationError, EnvironmentFault, Interrupted, TengjiaError
from tengjia.messages import text

_MACHINE: Final = frozenset({
    errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO, errno.ENOTDIR, errno.EISDIR,
    errno.ENAMETOOLONG, errno.EMFILE, errno.ENFILE, errno.ESTALE,
})  # fmt: skip
"""What a system refuses for want of space, rights or a sound disk."""
_NO_MEMORY: Final = re.compile(r"can't allocate memory|out of memory|not enough memory", re.IGNORECASE)
"""How torch says it, on a processor and on a GPU."""
BUG: Final = 70
"""Exit code of a fault of the program itself (`EX_SOFTWARE`)."""


def told(action: Callable[[], int], *, debug: bool | Callable[[], bool] = False) -> int:
    """Run `action`; tell an error as a colleague would, and give the exit code.

    Args:
        action: What to do; gives its own exit code.
        debug: Whether to show the traceback of an error that is the user's to mend, or what tells that once one
            came. Bugs always show theirs.
    """
    speak_to_any_terminal()
    try:
        return _with_faults_of_the_machine(action)
    except TengjiaError as error:
        if debug() if callable(debug) else debug:
            traceback.print_exc()
        tell(error)
        return error.exit_code
    except KeyboardInterrupt:
        print(text("run.stopped_at_once").message, file=sys.stderr)
        return 130
    except BrokenPipeError:  # `tengjia list | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception:
        traceback.print_exc()
        words = text("command.bug")
        print(f"\n{words.message}\n{words.hint}", file=sys.stderr)
        return BUG


def _with_faults_of_the_machine(action: Callable[[], int]) -> int:
    """What the disk or the rights of a folder forbid is no fault of the program."""
    try:
        return action()
    except (MemoryError, RuntimeError) as error:
        if not (isinstance(error, MemoryError) or _NO_MEMORY.search(str(error))):
            raise
        reason = (str(error).strip() or "MemoryError").splitlines()[0][:200]
        raise EnvironmentFault("command.no_memory", reason=reason) from error
    except OSError as error:
        if error.errno not in _MACHINE:
            raise
        raise EnvironmentFault("command.refused", file=error.filename or "", reason=error.strerror) from error


def tell(error: TengjiaError) -> None:
    """Print an error on stderr; only rank 0 of several processes speaks, unless the error is its own alone."""
    if isinstance(error, ConfigurationError) and os.environ.get("RANK", "0") != "0":
        return
    if isinstance(error, ConfigurationError) and len(error.problems) > 1:
        print(text("command.problems", count=len(error.problems)).message, file=sys.stderr)
    several = isinstance(error, ConfigurationError) and len(error.problems) > 1
    mark = "" if several or isinstance(error, Interrupted) else text("command.error").message
    print(f"{mark}{error}", file=sys.stderr)
