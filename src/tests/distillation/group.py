"""Distils in every process of a group: `python -m src.tests.distillation.group FOLDER NAME LOOKS...`.

For each number the distillation is stopped after the last rank has looked so often for a request, and begun again; at
last it runs to its end.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any
from unittest.mock import patch

from tengjia.distributed import is_primary, joined
from tengjia.errors import Interrupted
from tengjia.modules.trainer.default import Trainer
from tengjia.runs import RunFolder

from .project import config_of, distil, new_run


def stopping_after(looks: int) -> Any:
    """One rank is asked to stop when it has looked so often whether it is; all must."""
    look, left = Trainer._micro_batches, iter(range(looks))

    def stop(self: Trainer, step: Any) -> Any:
        if self.context.ranks.rank == self.context.ranks.world - 1 and next(left, None) is None:
            self.context.stop.request()
        return look(self, step)

    return patch.object(Trainer, "_micro_batches", stop)


def main(folder: Path, name: str, looks: list[int]) -> list[str]:
    """Distil; gives which student each stop met."""
    config, met = config_of(folder, "distil", "distil.teacher=whole"), []
    with joined() as ranks:
        first = new_run(config, name) if ranks.primary else None
        place = ranks.same_text(str(first.path) if first is not None else "")
        run = RunFolder(Path(place), primary=is_primary())
        for count in looks:
            try:
                with stopping_after(count):
                    distil(config, run)
            except Interrupted:
                students = run.path / "students"
                met.append([one for one in ("alone", "distilled") if (students / one / "checkpoints").is_dir()][-1])
        distil(config, run)
    return met


if __name__ == "__main__":
    found = main(Path(sys.argv[1]), sys.argv[2], [int(word) for word in sys.argv[3:]])
    if is_primary():
        print(json.dumps(found))
