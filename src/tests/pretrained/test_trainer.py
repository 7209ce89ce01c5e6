"""`AutoTrainerPipeline` on what `stage=train` leaves: it trains on, scores, answers, and leaves a bundle again."""

from __future__ import annotations

import gc
import json
import logging
import shutil
from pathlib import Path

import pytest
import torch

from src.tests.trainer.group import run_processes
from tengjia.base_tasks import sequence_labeling
from tengjia.bundle.filelist import write_filelist
from tengjia.bundle.folder import Bundle
from tengjia.bundle.golden import verify_golden
from tengjia.command.notebook import compose
from tengjia.errors import CheckpointError, ConfigurationError, DataError, TrainingError
from tengjia.pretrained import AutoModelPipeline, AutoTrainerPipeline
from tengjia.pretrained.settings import composed
from tengjia.registry import Scope, scope, set_scope
from tengjia.runs import RunFolder

from .support import contents

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
SAMPLE = ROOT / "resources/datasets/ner"
TEXT = "林清远，男，毕业于云山大学。"
EXAMPLES = [(TEXT, [(0, 3, "NAME")]), ("沈若兰是云山大学教授。", [(0, 3, "NAME")])] * 12
QUICK = {"epoch": 1, "batch_size": 8, "device": "cpu"}


@pytest.fixture(scope="module")
def trained(tmp_path_factory) -> Path:
    """A folder with `datasets`, and with `bundle` as `run_modeling.py task=ner stage=train` leaves it, in little."""
    folder = tmp_path_factory.mktemp("trained")
    (folder / "datasets/ner").mkdir(parents=True)
    for name, count in {"train.txt": 120, "development.txt": 40, "test.txt": 40}.items():
        sentences = (SAMPLE / name).read_text("utf-8").split("\n\n")[:count]
        (folder / "datasets/ner" / name).write_text("\n\n".join(sentences) + "\n", "utf-8")
    before = scope()
    config = compose(
        ROOT,
        [
            "task=ner",
            "stage=train",
            f"dataset_root={folder / 'datasets'}",
            f"cache_root={folder / 'cache'}",
            f"check_point_root={folder}",
            "trainer.max_steps=6",
            "trainer.device=cpu",
            "trainer.threads=1",
            "model.hidden_size=16",
            "model.embedding_size=16",
            "golden.count=3",
        ],
    )
    run = RunFolder.create(folder, seed=1, app="demo_app", task="ner", name="run")
    dataset = sequence_labeling.build_dataset(config, run)
    sequence_labeling.train(config, run, dataset, sequence_labeling.build_model(config, dataset))
    set_scope(before)
    shutil.copytree(run.bundle, folder / "bundle")
    return folder


@pytest.fixture(autouse=True)
def _outside_of_the_project():
    before = scope()
    set_scope(Scope())
    yield
    set_scope(before)


def weights(model) -> dict[str, torch.Tensor]:
    return {name: value.clone() for name, value in model.pipeline.model.state_dict().items()}


def same(left, right) -> bool:
    return all(torch.equal(left[name], right[name]) for name in left)


def test_the_program_of_the_readme(trained, tmp_path):
    """The first three blocks of the seed's README, with data and the place of the corpus named."""
    shutil.copytree(trained / "bundle", tmp_path / "model_cache_path/model_repo")
    model = AutoModelPipeline.from_pretrained(tmp_path / "model_cache_path", "model_repo")
    pred = model(TEXT)
    assert isinstance(pred, list)

    trainer = AutoTrainerPipeline.from_pretrained(tmp_path / "model_cache_path", "model_repo")
    trainer.init_model(model)
    before, origin = weights(model), contents(trained / "bundle")
    # Erratum: the corpus is not part of a model; its place has to be named, or data given.
    result = trainer.train(dataset_root=trained / "datasets", epoch=1)

    assert result["steps"] == 4 and 0 <= result["entity_f1"] <= 1, "120 sentences in batches of 32, one epoch"
    assert not same(before, weights(model)), "the model that was given answers anew"
    assert contents(tmp_path / "model_cache_path/model_repo") == origin, "what was loaded stays as it was"

    model.save_pretrained(tmp_path / "path_to_save")
    again = AutoModelPipeline.from_pretrained(tmp_path / "path_to_save")
    assert same(weights(again), weights(model)) and again(TEXT) == model(TEXT) == trainer.predict(TEXT)


def test_what_is_saved_is_a_whole_bundle(trained, tmp_path):
    trainer = AutoTrainerPipeline.from_pretrained(trained / "bundle")
    trainer.train(EXAMPLES, **QUICK)
    trainer.save_pretrained(tmp_path / "saved")
    bundle = Bundle.open(tmp_path / "saved")
    model = AutoModelPipeline.from_pretrained(tmp_path / "saved")
    assert (
        verify_golden(bundle, model.plain_answers) == []
        and len((tmp_path / "saved/golden.jsonl").read_text().split("\n")) == 4
    )
    assert json.loads((tmp_path / "saved/trainer/train_config/config.json").read_text())["trainer"]["max_epochs"] == 1
    assert (tmp_path / "saved/model/vocabulary.json").read_bytes() == (
        trained / "bundle/model/vocabulary.json"
    ).read_bytes(), "the vocabulary is the model's own"
    again = AutoTrainerPipeline.from_pretrained(tmp_path / "saved")
    again.train(EXAMPLES, **QUICK)
    with pytest.raises(CheckpointError, match="pretrained.exists"):
        again.save_pretrained(tmp_path / "saved")
    again.save_pretrained(tmp_path / "saved", overwrite=True)
    assert not same(weights(AutoModelPipeline.from_pretrained(tmp_path / "saved")), weights(model))


def test_an_untouched_model_is_saved_byte_for_byte(trained, tmp_path):
    model = AutoModelPipeline.from_pretrained(trained / "bundle")
    model.save_pretrained(tmp_path / "copy")
    assert contents(tmp_path / "copy") == contents(trained / "bundle")
    (tmp_path / "other").mkdir()
    (tmp_path / "other/mine.txt").write_text("mine")
    with pytest.raises(CheckpointError, match="pretrained.exists"):
        model.save_pretrained(tmp_path / "other")
    assert (tmp_path / "other/mine.txt").read_text() == "mine"


def test_it_learns(trained):
    trainer = AutoTrainerPipeline.from_pretrained(trained / "bundle")
    before = trainer.evaluate(EXAMPLES)["entity_f1"]
    trainer.train(EXAMPLES * 4, epoch=12, batch_size=8, learning_rate=0.01, device="cpu")
    after = trainer.evaluate(EXAMPLES)
    assert after["entity_f1"] > max(before, 0.9) and after["texts"] == len(EXAMPLES)
    assert [(entity.text, entity.type) for entity in trainer.predict(TEXT)] == [("林清远", "NAME")]


def test_epochs_that_are_asked_for_win_over_saved_steps(trained):
    trainer = AutoTrainerPipeline.from_pretrained(trained / "bundle")
    saved = json.loads((trained / "bundle/trainer/train_config/config.json").read_text())["trainer"]
    assert saved["max_steps"] == 6
    assert trainer.train(EXAMPLES, epoch=4, batch_size=8, device="cpu")["steps"] == 12
    assert trainer.train(EXAMPLES, steps=5, batch_size=8, device="cpu")["steps"] == 5


def test_the_same_settings_give_the_same_weights(trained):
    found = []
    for _ in range(2):
        trainer = AutoTrainerPipeline.from_pretrained(trained / "bundle")
        trainer.train(EXAMPLES, **QUICK, seed=5)
        found.append(weights(trainer.model))
    assert same(*found)


class TestData:
    def test_files_of_every_reader(self, trained, tmp_path):
        rows = [{"text": text, "spans": [list(span) for span in spans]} for text, spans in EXAMPLES]
        lines, table = tmp_path / "more.jsonl", tmp_path / "more.conll"
        lines.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
        table.write_text("林 B-NAME\n清 M-NAME\n远 E-NAME\n， O\n男 O\n", "utf-8")
        trainer = AutoTrainerPipeline.from_pretrained(trained / "bundle")
        by_ending = trainer.evaluate(lines)
        named = trainer.evaluate([lines], reader={"name": "json_lines", "order": "start_end_type"})
        assert by_ending == named == trainer.evaluate(EXAMPLES)
        assert trainer.evaluate(str(table))["texts"] == 1, "as the model was trained: columns, bmes"
        assert trainer.evaluate(table, reader="columns")["texts"] == 1

    def test_a_development_part_chooses_the_best(self, trained):
        trainer = AutoTrainerPipeline.from_pretrained(trained / "bundle")
        train, development = (trained / "datasets/ner" / name for name in ("train.txt", "development.txt"))
        result = trainer.train(train, development=development, epoch=2, device="cpu")
        assert result["best_step"] in {4, 8} and result["best_score"] == result["entity_f1"]

    def test_too_few_to_keep_some_aside(self, trained, caplog):
        trainer = AutoTrainerPipeline.from_pretrained(trained / "bundle")
        with caplog.at_level(logging.WARNING, "tengjia"):
            result = trainer.train(EXAMPLES, **QUICK)
        assert "2 different texts are too few" in caplog.text and result["best_score"] is None

    @pytest.mark.parametrize("data", [[], 3, None, {}])
    def test_no_data(self, trained, data):
        trainer = AutoTrainerPipeline.from_pretrained(trained / "bundle")
        with pytest.raises((DataError, ConfigurationError), match=r"pretrained\.no_(data|corpus)"):
            trainer.train(data)

    @pytest.mark.parametrize(
        "example",
        [
            ("text only",),
            ("text", 3),
            (3, []),
            ("text", [(0, 1)]),
            ("text", ["NAME"]),
            ("\ud800", []),
            ("text", [(0, float("nan"), "NAME")]),
        ],
    )
    def test_what_is_no_example(self, trained, example):
        with pytest.raises(DataError) as caught:
            AutoTrainerPipeline.from_pretrained(trained / "bundle").train([EXAMPLES[0], example])
        assert caught.value.code == "pretrained.bad_example" and caught.value.problem.key == "train.1"

    def test_spans_outside_of_the_text(self, trained):
        with pytest.raises(DataError):
            AutoTrainerPipeline.from_pretrained(trained / "bundle").train([("短", [(0, 9, "NAME")])], **QUICK)

    def test_types_that_the_model_does_not_know(self, trained):
        with pytest.raises(DataError) as caught:
            AutoTrainerPipeline.from_pretrained(trained / "bundle").train([(TEXT, [(0, 3, "HERO")])], **QUICK)
        assert caught.value.code == "encoding.other_types"
        assert "HERO" in caught.value.message and "NAME" in caught.value.message

    def test_a_file_that_is_not_there(self, trained, tmp_path):
        with pytest.raises(DataError, match="pretrained.no_file"):
            AutoTrainerPipeline.from_pretrained(trained / "bundle").train(tmp_path / "absent.txt")

    def test_files_and_examples_mixed(self, trained):
        trainer = AutoTrainerPipeline.from_pretrained(trained / "bundle")
        with pytest.raises(DataError, match=r"train, development \[pretrained.mixed_data\]"):
            trainer.train(EXAMPLES, development=trained / "datasets/ner/development.txt")

    def test_a_reader_that_there_is_not(self, trained):
        with pytest.raises(ConfigurationError, match="json_lines"):
            AutoTrainerPipeline.from_pretrained(trained / "bundle").evaluate(
                trained / "bundle/README.md", reader="jsonlines"
            )


SETTINGS = [
    ({"epochs": 3}, "trainer", "max_epochs", 3),
    ({"epoch": 3}, "trainer", "max_epochs", 3),
    ({"learning_rate": 1}, "optimizer", "lr", 1.0),
    ({"optimizer__lr": 0.5}, "optimizer", "lr", 0.5),
    ({"trainer.clip_norm": None}, "trainer", "clip_norm", None),
    ({"trainer": {"clip_norm": 2}}, "trainer", "clip_norm", 2.0),
    ({"optimizer": "sgd"}, "optimizer", "name", "sgd"),
    ({"optimizer": {"name": "sgd", "lr": 0.3}}, "optimizer", "lr", 0.3),
    ({"callbacks.ema.enabled": True}, "callbacks", "ema", {"decay": 0.999, "enabled": True}),
    ({"callbacks": {"ema": {"decay": 0.5}}}, "callbacks", "ema", {"decay": 0.5, "enabled": False}),
    ({"split": {"development": 0.2}}, "split", "development", 0.2),
    ({"schedule": None}, None, "schedule", None),
    ({"seed": 7}, None, "seed", 7),
]


class TestSettings:
    @pytest.mark.parametrize(("passed", "section", "key", "expected"), SETTINGS, ids=lambda value: str(value)[:30])
    def test_what_is_passed_wins(self, trained, passed, section, key, expected):
        trainer = AutoTrainerPipeline.from_pretrained(trained / "bundle")
        values = trainer._settings(passed)
        found = values if section is None else values[section]
        assert found[key] == expected
        saved = json.loads((trained / "bundle/trainer/train_config/config.json").read_text())
        assert values["evaluator"] == saved["evaluator"], "the rest is as it was saved"

    @pytest.mark.parametrize(
        ("passed", "code", "words"),
        [
            ({"epohc": 3}, "unknown_setting", "nearest: epoch"),
            ({"trainer.max_epoch": 3}, "unknown_setting", "nearest: max_epochs"),
            ({"optimizer": {"learning": 1}}, "unknown_setting", "there are: "),
            ({"epoch": "three"}, "wrong_setting", "'three' does not fit"),
            ({"epoch": 2.5}, "wrong_setting", "2.5"),
            ({"seed": True}, "wrong_setting", "int"),
            ({"trainer": 3}, "wrong_setting", "mapping"),
            ({"callbacks": {"ema": 3}}, "wrong_setting", "mapping"),
            ({"model": {"hidden_size": 3}}, "fixed_setting", "`model` is part of the model"),
            ({"encoding.maximum_length": 9}, "fixed_setting", "stage=train"),
            ({"tokenizer": "jieba"}, "fixed_setting", "`tokenizer`"),
            ({"dataset_root_": "x"}, "unknown_setting", ""),
            ({"_target_": "os.system"}, "unknown_setting", ""),
            ({"cache_root": "/etc"}, "unknown_setting", ""),
        ],
        ids=str,
    )
    def test_what_is_not_known_or_does_not_fit(self, trained, passed, code, words):
        with pytest.raises(ConfigurationError) as caught:
            AutoTrainerPipeline.from_pretrained(trained / "bundle").train(EXAMPLES, **passed)
        assert caught.value.code == f"pretrained.{code}" and words in str(caught.value)

    def test_a_module_that_there_is_not(self, trained):
        with pytest.raises(ConfigurationError, match="adamw"):
            AutoTrainerPipeline.from_pretrained(trained / "bundle").train(EXAMPLES, optimizer="adamv")

    def test_numbers_outside_of_their_limits(self, trained):
        with pytest.raises((ConfigurationError, TrainingError), match="max_epochs"):
            AutoTrainerPipeline.from_pretrained(trained / "bundle").train(EXAMPLES, epoch=0)

    def test_thresholds_that_nothing_meets(self, trained):
        trainer = AutoTrainerPipeline.from_pretrained(trained / "bundle")
        before = weights(trainer._model())
        with pytest.raises(TrainingError, match="pretrained.nothing_kept"):
            trainer.train(
                trained / "datasets/ner/train.txt",
                development=trained / "datasets/ner/development.txt",
                **{**QUICK, "callbacks.evaluation.metric_threshold": 0.999},
            )
        assert same(before, weights(trainer.model)), "the model is as it was"


HOSTILE = [
    {"reader": {"name": "../../x"}},
    {"reader": {"name": "columns", "scheme": 3}},
    {"reader": 3},
    {"dataset": {"name": "files", "evil": 1}},
    {"dataset": {"name": "os.system"}},
    {"trainer": {"name": "default", "evil": 1}},
    {"trainer": ["default"]},
    {"optimizer": {"name": "subprocess"}},
    {"callbacks": {"os": {"enabled": True}}},
    {"callbacks": {"ema": {"evil": 1}}},
    {"callbacks": {"ema": 3}},
    {"callbacks": {"ema": {"name": "progress", "decay": "x"}}},
    {"split": {"by": "evil"}},
    {"seed": "x"},
]


@pytest.mark.parametrize("changes", HOSTILE, ids=str)
def test_a_training_config_of_a_stranger(trained, tmp_path, changes):
    """What stands in the bundle is checked like what is passed: names and types, and no traceback."""
    folder = tmp_path / "bundle"
    shutil.copytree(trained / "bundle", folder)
    config = json.loads((folder / "trainer/train_config/config.json").read_text())
    (folder / "trainer/train_config/config.json").write_text(json.dumps({**config, **changes}))
    write_filelist(folder / "trainer")
    write_filelist(folder)
    with pytest.raises((ConfigurationError, CheckpointError)) as caught:
        AutoTrainerPipeline.from_pretrained(folder).train(dataset_root=trained / "datasets", **QUICK)
    assert caught.value.code.partition(".")[0] in {"pretrained", "config", "bundle"} and str(caught.value)


def test_what_init_model_takes(trained):
    trainer = AutoTrainerPipeline.from_pretrained(trained / "bundle")
    trainer.init_model(AutoModelPipeline.from_pretrained(trained / "bundle").pipeline)
    assert trainer.predict([TEXT]) == [trainer.predict(TEXT)]
    with pytest.raises(ConfigurationError, match="pretrained.no_model"):
        trainer.init_model(torch.nn.Linear(1, 1))


def test_a_bundle_of_another_base_task(trained, tmp_path):
    folder = tmp_path / "other"
    shutil.copytree(trained / "bundle", folder)
    config = json.loads((folder / "model/config.json").read_text())
    (folder / "model/config.json").write_text(json.dumps({**config, "base_task": "os"}))
    for part in (folder / "model", folder):
        write_filelist(part)
    for auto in (AutoModelPipeline, AutoTrainerPipeline):
        with pytest.raises(CheckpointError, match=r"answers `os`.*\[bundle.other_task\]"):
            auto.from_pretrained(folder)


def test_runs_stay_where_it_is_said_and_go_where_not(trained, tmp_path):
    trainer = AutoTrainerPipeline.from_pretrained(trained / "bundle", work=tmp_path / "work")
    trainer.train(EXAMPLES, **QUICK)
    assert [path.name for path in tmp_path.glob("work/*/run.json")] == ["run.json"]
    temporary = AutoTrainerPipeline.from_pretrained(trained / "bundle")
    temporary.train(EXAMPLES, **QUICK)
    folder, model = temporary.work, temporary.model
    del temporary
    gc.collect()
    assert model.save_pretrained(tmp_path / "saved"), "the folder lives as long as the model"
    del model
    gc.collect()
    assert not folder.exists()


def test_many_processes_share_one_run(trained: Path, tmp_path: Path) -> None:
    told = [
        json.loads(output)
        for output in run_processes("src.tests.pretrained.group", str(trained / "bundle"), str(tmp_path / "work"))
    ]
    assert told[0] == told[1] and told[0]["runs"] == 1


def test_where_the_models_of_another_go_is_not_where_ones_own_go(trained, tmp_path):
    trainer = AutoTrainerPipeline.from_pretrained(trained / "bundle")
    saved = trainer.bundle.read_config("trainer/train_config/config.json") | {"publish": {"model": "theirs"}}
    assert "publish" not in composed(saved, {}, trainer.base_task, tmp_path)
    with pytest.raises(ConfigurationError) as caught:
        composed(saved, {"publish.model": "mine"}, trainer.base_task, tmp_path)
    assert caught.value.code == "pretrained.unknown_setting"


def test_sections_of_the_base_task_are_checked_wherever_they_come_from(trained, tmp_path):
    trainer = AutoTrainerPipeline.from_pretrained(trained / "bundle")
    saved = trainer.bundle.read_config("trainer/train_config/config.json")
    with pytest.raises(ConfigurationError) as caught:
        composed(saved | {"sampling": {"drow": 3}}, {}, trainer.base_task, tmp_path)
    assert caught.value.code == "pretrained.unknown_setting" and "sampling.drow" in str(caught.value)
