"""Whether other programs leave a training the cores that it counts on.

The threads of one product wait for one another at its end. Where another program holds a core, all wait until the
thread that lost its turn has it back: on two busy cores two threads were measured up to 40 times slower than one.
"""

from __future__ import annotations

import logging
import os
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

import torch

from tengjia.distributed import Ranks
from tengjia.messages import text

logger = logging.getLogger(__name__)

_MARGIN: Final = 0.5
"""What runs now and then on every machine: so much load means nothing."""

_MINUTE: Final = 60.0


class Machine(NamedTuple):
    """How busy a machine is."""

    cores: int
    """All that it has, whether this process may use them or not: load knows no difference."""

    load: float
    """Programs that compute or want to, averaged over the last minute."""

    own: float
    """How many processor seconds this process has used, and those it started and saw end."""

    running: int | None
    """Threads that compute or want to at this moment, the one that asks included; `None` where that is not told."""

    def lacks_cores_for(self, threads: int, processes: int = 1) -> bool:
        """Whether others hold cores that some threads need.

        What this process did in the last minute (preprocessing) is part of the load, at most as much as it did in all;
        and what others did may just be over, which the number of threads that run now shows.

        Args:
            threads: Of each process.
            processes: Of this training on this machine.
        """
        free = self.cores - threads * processes
        others = self.load - min(self.own * processes / _MINUTE, self.cores)
        return others > free + _MARGIN and (self.running is None or self.running - processes > free)


def this_machine() -> Machine | None:
    """This machine as it is now; `None` where the system does not tell its load (Windows)."""
    if not hasattr(os, "getloadavg"):
        return None
    running = None
    with suppress(OSError, ValueError, IndexError):  # Linux alone has it
        running = int(Path("/proc/loadavg").read_text("ascii").split()[3].partition("/")[0])
    try:
        load = os.getloadavg()[0]
    except OSError:  # not to be had at the moment
        return None
    return Machine(os.cpu_count() or 1, load, sum(os.times()[:4]), running)


def warn_if_busy(device: torch.device, ranks: Ranks) -> None:
    """Say so when a training is about to compute with threads that others will hold up."""
    threads = torch.get_num_threads()
    if threads == 1 or device.type != "cpu" or not ranks.primary or (machine := this_machine()) is None:
        return
    if machine.lacks_cores_for(threads, ranks.local_world):
        values = {"load": f"{machine.load:.1f}", "cores": machine.cores, "threads": threads}
        words = text("trainer.busy_machine", **values)
        logger.warning("%s\n    %s", words.message, words.hint)
