"""Trains a bundle on in every process of a group: `python -m src.tests.pretrained.group BUNDLE WORK`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tengjia.pretrained import AutoModelPipeline, AutoTrainerPipeline

TEXT = "林清远，男，毕业于云山大学。"
EXAMPLES = [(TEXT, [(0, 3, "NAME")]), ("沈若兰是云山大学教授。", [(0, 3, "NAME")])] * 12


def main() -> None:
    bundle, work = sys.argv[1:]
    model = AutoModelPipeline.from_pretrained(bundle)
    trainer = AutoTrainerPipeline.from_pretrained(bundle, work=Path(work))
    trainer.init_model(model)
    trainer.train(EXAMPLES, epoch=1, batch_size=8, device="cpu")
    total = sum(float(value.double().sum()) for value in model.pipeline.model.state_dict().values())
    sys.stdout.write(json.dumps({"sum": total, "runs": len(list(Path(work).glob("*/run.json")))}))


if __name__ == "__main__":
    main()
