"""Whatever stands in the files and on the command line, the answer is a list of mistakes, never an exception."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from src.tests.command.project import TESTING, TRAINING, task_folder, write_project
from src.tests.command.test_hostile import problems_of
from tengjia.command.arguments import read_arguments
from tengjia.command.checks import check_plan
from tengjia.command.explanation import effects_of
from tengjia.command.plan import KINDS
from tengjia.command.reading import make_plan
from tengjia.errors import ConfigurationError
from tengjia.registry import Scope, set_scope

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def root() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        yield write_project(Path(folder))
    set_scope(Scope())


KEYS = st.sampled_from(
    [
        "app", "task", "stage", "seed", "run", "resume", "base_task", "dataset_root", "defaults", "hydra", "callbacks",
        "callbacks.ema", "callbacks.ema.enabled", "hydra/sweeper", "hydra.sweeper.n_trials", "hydra/sweeper/sampler",
        "cleaning", "cleaning.replacements", "cleaning.replacements.a", "trainer/default", "model/bilstm_crf", "model@x",
        "optimizer.lr", "model.freeze", "dataset.train", "reader.scheme", "_target_", "name", "trainer.monitor", "split.by",
        *KINDS,
    ]
)  # fmt: skip
TEXTS = st.sampled_from(
    ["bilstm_crf", "adamw", "default", "none", "null", "${app}", "${oc.env:HOME}", "${", "\\${x}", "???", "a b", "张三",
     "", "train", "test", "../x", "entity_f1", "ner/*.txt", "[", "'", '"', "{", "0x", "1e400", "latest", "*", "**"]
)  # fmt: skip
SCALARS = st.none() | st.booleans() | st.integers(-9, 9) | st.floats() | TEXTS
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(KEYS | TEXTS, inner, max_size=2), max_leaves=4
)


@settings(max_examples=80)
@given(st.dictionaries(KEYS | TEXTS, VALUES, max_size=4), st.booleans())
def test_files(root: Path, values: dict[str, Any], testing: bool):
    name, base = ("testing", TESTING) if testing else ("training", TRAINING)
    file = task_folder(root) / f"config_task_{name}.yaml"
    content = {**yaml.safe_load(base), **values}
    file.write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")
    try:
        for problem in problems_of(root, "stage=test" if testing else "stage=train"):
            assert problem.message and problem.hint
    finally:
        file.write_text(base, "utf-8")


@settings(max_examples=80)
@given(st.dictionaries(KEYS | TEXTS, VALUES, max_size=4))
def test_the_project_file(root: Path, values: dict[str, Any]):
    file = root / "config_project.yaml"
    before = file.read_text("utf-8")
    file.write_text(yaml.safe_dump({**yaml.safe_load(before), **values}, allow_unicode=True), "utf-8")
    try:
        for problem in problems_of(root):
            assert problem.message and problem.hint
    finally:
        file.write_text(before, "utf-8")


WRITTEN = SCALARS.map(str) | VALUES.map(
    lambda value: yaml.safe_dump(value, default_flow_style=True, width=1000).strip()
)
OVERRIDES = st.builds(
    "{}{}={}".format,
    st.sampled_from(["", "", "+", "++", "~"]),
    KEYS | TEXTS,
    st.lists(WRITTEN, min_size=1, max_size=3).map(",".join),
)


@settings(max_examples=150)
@given(st.lists(OVERRIDES | TEXTS | KEYS.map("~{}".format), max_size=4), st.booleans())
def test_command_lines(root: Path, words: list[str], multirun: bool):
    plan = make_plan(root, read_arguments([*(["-m"] if multirun else []), *words]))
    problems = check_plan(plan)
    for problem in problems:
        assert problem.message and problem.hint
    if not problems and plan.views and not multirun:
        try:
            effects_of(plan)
        except ConfigurationError as error:
            assert error.problems


GOOD = st.sampled_from(
    ["optimizer.lr=1", "model=bilstm_softmax", "criterion=focal", "criterion=cross_entropy", "schedule=null", "~vectors",
     "+cleaning.replacements.a=张", "cleaning.replacements={a: 'b c'}", "run=a b", "run='x'", "run=20", "log_root=a,b",
     "dataset.train=[ner/*.txt]", "callbacks.ema.enabled=true", "resume=auto", "log_root=${cache_root}", "split.group=\\",
     "split.group=a'b", 'split.group=a"b', "split.group=[x]", "split.group={x}", "split.group=\\${x}", "split.group=(", "split.group=#",
     "stage=[train,test]", "stage=distil", "seed=0", "encoding.special_symbols=[甲,乙]", "reader.comment=:", "cache_root=~/x"]
)  # fmt: skip


@settings(max_examples=60)
@given(st.lists(GOOD, max_size=4, unique_by=lambda word: word.split("=")[0]))
def test_what_passes_the_checks_can_be_composed(root: Path, words: list[str]):
    plan = make_plan(root, read_arguments(words))
    if check_plan(plan):
        return
    try:
        effects = effects_of(plan)
    except ConfigurationError as error:
        assert {problem.code for problem in error.problems} <= {"config.unresolved", "config.decoder"}
        return
    for word in words:
        key, _, value = word.partition("=")
        if key == "split.group":
            assert effects[0].settings.split.group == value.replace("\\$", "$")
