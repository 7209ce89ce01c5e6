"""Modules that break a promise are found out, in words that say which one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tengjia.registry import Scope, set_scope
from tengjia.scaffold.module import module_files
from tengjia.scaffold.writing import new_files
from tengjia.testing.broken import PromiseBroken
from tengjia.testing.keeping import keeping
from tengjia.testing.subject import subject_of

pytestmark = pytest.mark.slow

SAMPLES = {
    "reader": {"sample": {"a.txt": "[张三]NAME在\n[清华]ORG\n"}},
    "dataset": {"sample": {"NAME/all.txt": "".join(f"line {n}\n" for n in range(30))}, "reader": {"name": "text"}},
    "vectors": {"sample": {"NAME.jsonl": '{"word": "张", "vector": [1, 2]}\n'}},
}


@pytest.fixture(autouse=True)
def _scope() -> Iterator[None]:
    yield
    set_scope(Scope())


@pytest.mark.parametrize(
    ("number", "kind", "promise", "old", "new", "code"),
    [
        pytest.param(number, *case, marks=pytest.mark.slow if case[-1] == "not_learnt" else ())
        for number, case in enumerate(
            [
                ("model", "ignores_padding", " * batch.mask[..., None]", "", "padding_matters"),
                ("model", "builds_from_defaults", 'decoder = "softmax"', 'decoder = "beam"', "no_decoder"),
                ("model", "builds_from_defaults", '"""Channels of the convolution."""', "", "no_sentence"),
                (
                    "model",
                    "overfits_one_batch",
                    "self.output(self.dropout",
                    "self.output(0 * self.dropout",
                    "not_learnt",
                ),
                ("criterion", "sums_over_units", "(losses * weights).sum()", "(losses * weights).mean()", "not_a_sum"),
                (
                    "criterion",
                    "builds_from_defaults",
                    "(losses * weights).sum()",
                    "(losses * weights).sum() * 0",
                    "no_gradient",
                ),
                ("optimizer", "lowers_the_loss", "value=-rate", "value=rate", "loss_stays"),
                (
                    "optimizer",
                    "saves_and_loads",
                    "state = self.state[weight]",
                    'state = self.__dict__.setdefault("mine", {}).setdefault(id(weight), {})',
                    "not_saved",
                ),
                ("schedule", "gives_factors", "return 1.0 - fallen", "return -1.0 - fallen", "bad_factor"),
                ("evaluator", "knows_what_is_right", '{"NAME": "min"}', '{"NAME": "max"}', "metric_blind"),
                (
                    "evaluator",
                    "sums_over_processes",
                    "[self._wrong, self._all]",
                    "[self._wrong / max(self._all, 1), 1]",
                    "halves_differ",
                ),
                (
                    "evaluator",
                    "ignores_padding",
                    "((predicted != gold) & mask)",
                    "(predicted != gold)",
                    "padding_matters",
                ),
                ("callbacks", "saves_and_loads", '{"best": self._best}', '{"best": {1, 2}}', "no_json"),
                (
                    "callbacks",
                    "saves_and_loads",
                    "loss = context.state.mean_epoch_loss",
                    "loss = 1 / 0",
                    "switched_off",
                ),
                (
                    "tokenizer",
                    "keeps_offsets",
                    "[end for _, end in places]",
                    "[end + 1 for _, end in places]",
                    "bad_place",
                ),
                ("reader", "reads_examples", "len(text) + len(match[1])", "len(text) + 99", "bad_span"),
                ("reader", "survives_bad_files", "raise BadRow(", "raise ValueError(", "not_told"),
                ("dataset", "reads_examples", "if self._part(number) == part", "", "in_two_parts"),
                ("vectors", "looks_pieces_up", "numpy.nan, ", "0.0, ", "unknown_word"),
                (
                    "tester",
                    "answers_in_order",
                    "[found[text] for text in texts]",
                    "list(found.values())[1:]",
                    "wrong_answers",
                ),
            ]
        )
    ],
)
def test_a_broken_promise_is_told(number: int, kind: str, promise: str, old: str, new: str, code: str, tmp_path: Path):
    name = f"broken_{kind}_{number}"
    (tmp_path / "config_project.yaml").write_text("app: a\ntask: b\n", "utf-8")
    new_files(module_files(tmp_path, kind, name))
    file = next(file for file in (tmp_path / "src/modules").rglob(f"{name}.py"))
    text, old, new = file.read_text("utf-8"), old.replace("NAME", name), new.replace("NAME", name)
    assert text.count(old) == 1
    values = SAMPLES.get(kind, {})
    if "sample" in values:
        values = {**values, "sample": {key.replace("NAME", name): value for key, value in values["sample"].items()}}
    subject = subject_of(tmp_path / "test_it.py", tmp_path / "work", kind, name, **values)
    subject.folder.mkdir(exist_ok=True)
    file.write_text(text.replace(old, new), "utf-8")
    with pytest.raises(PromiseBroken, match=re.escape(f"[testing.{code}]")):
        keeping(kind, promise)(subject)
