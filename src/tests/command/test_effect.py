"""The config as stages get it: values, types, origins, secrets."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from src.tests.command.project import task_folder, write_project
from src.tests.command.test_hostile import edit
from tengjia.command.arguments import read_arguments
from tengjia.command.checks import check_plan
from tengjia.command.composition import compose_view, install
from tengjia.command.effective import Effect, take_effect
from tengjia.command.explanation import effects_of, known_overrides
from tengjia.command.plan import Plan
from tengjia.command.reading import make_plan
from tengjia.errors import ConfigurationError
from tengjia.registry import REGISTRIES, Scope, set_scope


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Path]:
    yield write_project(tmp_path)
    set_scope(Scope())


def plan_of(root: Path, *words: str) -> Plan:
    plan = make_plan(root, read_arguments(words))
    assert check_plan(plan) == []
    return plan


def effect_of(root: Path, *words: str) -> Effect:
    return effects_of(plan_of(root, *words))[0]


def test_what_a_step_gets(root: Path):
    config = effect_of(root, "optimizer.lr=1", "schedule=null", "seed=7").settings
    assert (config.app, config.task, config.stage, config.seed, config.base_task) == (
        "demo_app", "ner", "train", 7, "sequence_labeling",
    )  # fmt: skip
    assert config.dataset_root == str(root / "resources" / "datasets")
    assert config.dataset.train == ("ner/train.txt",) and config.reader.scheme == "bmes"
    assert type(config.optimizer.lr) is float and config.optimizer.name == "adamw"
    assert config.schedule is None and config.vectors is None
    assert {name: type(values.enabled) for name, values in config.callbacks.items()} == dict.fromkeys(
        REGISTRIES["callbacks"].entries(), bool
    )
    assert config.split.development == 0.1
    with pytest.raises(AttributeError, match="read-only"):
        config.seed = 3


def test_the_registry_builds_from_it(root: Path):
    config = effect_of(root, "reader.comment=#").settings
    assert REGISTRIES["reader"].build(config.reader).config.comment == "#"


def test_absolute_roots_stay(root: Path):
    assert effect_of(root, "log_root=/var/log/x").settings.log_root == "/var/log/x"


def test_the_order_of_files(root: Path):
    """Code, then project, then task, then command line; a section belongs to the module it was written for."""
    edit(
        root / "config_project.yaml",
        "trainer/default:\n  max_epochs: 3\n  batch_size: 8\nmodel/bilstm_softmax:\n  dropout: 0.9\n",
    )
    edit(
        task_folder(root) / "config_task_training.yaml",
        "trainer:\n  batch_size: 4\nmodel:\n  dropout: 0.1\n  layers: 2\n",
    )
    config = effect_of(root, "model.layers=3").settings
    assert (config.trainer.max_epochs, config.trainer.batch_size) == (3, 4)
    assert (config.model.dropout, config.model.layers) == (0.1, 3)
    other = effect_of(root, "model=bilstm_softmax", "criterion=cross_entropy").settings
    assert (other.model.name, other.model.dropout, other.model.layers) == ("bilstm_softmax", 0.9, 1)


def test_the_project_file_may_choose_modules(root: Path):
    edit(root / "config_project.yaml", "defaults:\n  - schedule: linear\n  - optimizer: sgd\noptimizer:\n  lr: 0.125\n")
    training = task_folder(root) / "config_task_training.yaml"
    edit(training, "  - schedule: cosine\n >>> ")
    config = effect_of(root).settings
    assert (config.schedule.name, config.optimizer.name) == ("linear", "adamw")
    edit(training, "  - optimizer: adamw\n >>> ")
    assert effect_of(root).settings.optimizer.lr == 0.125


def test_mappings_are_merged(root: Path):
    edit(task_folder(root) / "config_task_training.yaml", "cleaning:\n  replacements: {a: b}\n")
    assert effect_of(root, "+cleaning.replacements.c=丁").settings.cleaning.replacements == {"a": "b", "c": "丁"}


def test_references(root: Path):
    edit(task_folder(root) / "config_task_training.yaml", "log_root: ${check_point_root}/logs\nrun: '${app}-\\${x}'\n")
    plan = make_plan(root, read_arguments([]))
    effect = effects_of(plan)[0]
    assert effect.settings.log_root == str(root / "data" / "check_points" / "logs")
    assert effect.settings.run == "demo_app-${x}"


def test_a_reference_for_a_module_that_is_not_chosen_may_lead_nowhere(root: Path):
    edit(root / "config_project.yaml", "tokenizer/wordpiece:\n  source: ${model.encoder}\n")
    assert effect_of(root).settings.tokenizer.name == "character"
    plan = make_plan(root, read_arguments(["tokenizer=wordpiece"]))
    assert [problem.code for problem in check_plan(plan)] == ["config.bad_reference"]
    (root / "resources" / "bert_models" / "tiny").mkdir(parents=True)
    for name in ("config.json", "model.safetensors"):
        (root / "resources" / "bert_models" / "tiny" / name).write_text("{}", "utf-8")
    config = effect_of(
        root, "tokenizer=wordpiece", "model=bert_crf", "model.encoder=tiny", "optimizer.lr=3e-5"
    ).settings
    assert config.tokenizer.source == "tiny"


def test_a_reference_to_the_wrong_type_is_found_after_composing(root: Path):
    edit(task_folder(root) / "config_task_training.yaml", "optimizer:\n  lr: ${app}\n")
    with pytest.raises(ConfigurationError) as caught:
        effect_of(root)
    (problem,) = caught.value.problems
    assert (problem.code, problem.key, problem.line) == ("config.wrong_type", "optimizer.lr", 24)
    assert "found str 'demo_app'" in problem.message


def test_a_reference_that_goes_round(root: Path):
    edit(task_folder(root) / "config_task_training.yaml", "log_root: ${cache_root}\ncache_root: ${log_root}\n")
    with pytest.raises(ConfigurationError) as caught:
        effect_of(root)
    assert {problem.code for problem in caught.value.problems} == {"config.unresolved"}


SECRET = """\
from __future__ import annotations
from dataclasses import dataclass
from tengjia.config.secret import Secret
from tengjia.registry import readers


@readers.register("vault")
class Vault:
    \"\"\"Reads with a password.\"\"\"

    @dataclass(frozen=True)
    class Config:
        password: Secret | None = None
        \"\"\"Opens it.\"\"\"
        address: str = ""
        \"\"\"Where it is.\"\"\"
"""


def write_vault(root: Path) -> None:
    (task_folder(root) / "readers").mkdir()
    (task_folder(root) / "readers" / "vault.py").write_text(SECRET, "utf-8")
    edit(task_folder(root) / "config_task_training.yaml", "- reader: columns >>> - reader: vault")
    edit(task_folder(root) / "config_task_training.yaml", "  scheme: bmes >>>   password: ${oc.env:VAULT}")


def test_secrets(root: Path, monkeypatch: pytest.MonkeyPatch):
    write_vault(root)
    monkeypatch.setenv("VAULT", "open sesame")
    effect = effect_of(root)
    assert effect.settings.reader.password == "open sesame"
    assert "open sesame" not in str(effect.public()) + str(effect.origins())
    monkeypatch.delenv("VAULT")
    with pytest.raises(ConfigurationError) as caught:
        effect_of(root)
    assert [problem.code for problem in caught.value.problems] == ["config.no_environment"]


def test_a_secret_is_the_only_place_for_the_environment(root: Path):
    write_vault(root)
    edit(task_folder(root) / "config_task_training.yaml", "  password: >>>   address: ${oc.env:HOME}\n  password:")
    plan = make_plan(root, read_arguments([]))
    assert [(problem.code, problem.key) for problem in check_plan(plan)] == [("config.resolver", "reader.address")]


COMMANDS: list[tuple[str, ...]] = [
    (),
    ("optimizer.lr=3e-5", "callbacks.ema.enabled=true", "+cleaning.replacements.x=y", "vectors=null"),
    ("model=bilstm_softmax", "criterion=focal", "schedule=linear", "split.by=file"),
    ("dataset.train=[ner/train.txt]", "run=张三", "log_root=${cache_root}/logs"),
    ("stage=test", "evaluator.per_type=false"),
]


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_the_origin_of_every_value_says_this_value(root: Path, words: tuple[str, ...]):
    edit(root / "config_project.yaml", "trainer/default:\n  max_epochs: 3\nsplit: {test: 0.2}\n")
    edit(
        task_folder(root) / "config_task_training.yaml",
        "callbacks:\n  ema:\n    decay: 0.99\ncleaning:\n  replacements: {a: b}\n",
    )
    plan = make_plan(root, read_arguments(words))
    name = install(plan)
    view = plan.views[0]
    composed = compose_view(view, known_overrides(plan, 0))
    effect = take_effect(plan, view, composed)
    leaves = dict(_leaves(composed, effect))
    assert set(leaves) == set(effect.assignments) and name == view.name
    for key, assignment in effect.assignments.items():
        assert _plain(leaves[key]) == _plain(assignment.value), key
        _check_place(root, plan, key, assignment)


def _leaves(composed: Any, effect: Effect) -> Iterator[tuple[tuple[str, ...], Any]]:
    from omegaconf import OmegaConf

    raw: Any = OmegaConf.to_container(composed, resolve=False)
    for head, value in raw.items():
        if head == "hydra":
            continue
        if head == "callbacks":
            yield from (((head, name, key), item) for name, items in value.items() for key, item in items.items())
        elif isinstance(value, dict):
            yield from (((head, key), item) for key, item in value.items() if value != {"name": None})
        else:
            yield (head,), value


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _check_place(root: Path, plan: Plan, key: tuple[str, ...], assignment: Any) -> None:
    origin = assignment.origin
    if not origin.line:
        assert any(override.key.startswith(".".join(key)) for override in plan.overrides), key
        return
    line = (root / origin.file).read_text("utf-8").splitlines()[origin.line - 1]
    assert key[-1] in line or (key[-1] == "name" and "class " in line), (key, line)
    if origin.column:
        assert line[origin.column - 1 :].startswith(key[-1])
