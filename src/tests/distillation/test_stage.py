"""Stage `distil` as a whole: three modes, one bundle, exact resume, and teachers that do not fit."""

from __future__ import annotations

import json
import shutil
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy
import pytest
import torch

from src.tests.distillation import project
from src.tests.distillation.project import config_of, distil, new_run, train
from src.tests.pipeline.toy import make_pipeline
from src.tests.trainer.group import run_processes
from tengjia.base_tasks import text_classification
from tengjia.base_tasks.pipelines import load_pipeline
from tengjia.bundle.weights import load_tensors
from tengjia.distillation.students import student_config
from tengjia.distillation.teacher import Teacher, find_teacher, keep_teacher, load_teacher
from tengjia.distillation.transfer import SCORES, Transfer
from tengjia.errors import CheckpointError, ConfigurationError, Interrupted
from tengjia.modules.trainer.default import Trainer
from tengjia.runs import RunFolder, select_run
from tengjia.store.opening import open_store

pytestmark = pytest.mark.slow
WEIGHTS = "model/weights.safetensors"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("distillation")
    project.write_corpus(folder / "corpus")
    return folder


@pytest.fixture(scope="module")
def trained(folder: Path) -> RunFolder:
    """A run with a teacher, distilled."""
    config = config_of(folder, "train")
    run = new_run(config, "whole")
    train(config, run)
    distil(config_of(folder, "distil"), run)
    return run


def weights(bundle: Path) -> dict[str, torch.Tensor]:
    return load_tensors(bundle / WEIGHTS)


def same(one: dict[str, torch.Tensor], other: dict[str, torch.Tensor]) -> bool:
    return one.keys() == other.keys() and all(torch.equal(one[name], other[name]) for name in one)


def test_the_run_is_known_by_its_student(trained: RunFolder) -> None:
    student = load_pipeline(trained.bundle)
    assert (
        student.blueprint.model["hidden_size"] == 4
        and load_pipeline(trained.path / "teacher").blueprint.model["hidden_size"] == 8
    )
    assert same(weights(trained.bundle), weights(trained.path / "students/distilled/bundle"))
    assert not same(weights(trained.bundle), weights(trained.path / "students/alone/bundle"))
    assert student("请问工资多少").label in {"薪资", "地点"}


def test_the_table_says_what_the_bundles_are(trained: RunFolder) -> None:
    result = json.loads((trained.path / "distil_result.json").read_text("utf-8"))
    assert result["part"] == "development" and result["texts"] == 16
    for name, bundle in (
        ("teacher", trained.path / "teacher"),
        ("alone", trained.path / "students/alone/bundle"),
        ("distilled", trained.bundle),
    ):
        pipeline = load_pipeline(bundle)
        assert result[f"{name}/parameters"] == sum(one.numel() for one in pipeline.model.parameters())
        assert result[f"{name}/texts_per_second"] > 0 and result[f"{name}/milliseconds"] > 0
        rows = (trained.path.parents[3] / "corpus/development.tsv").read_text("utf-8").splitlines()[1:]
        right = sum(pipeline(row.split("\t")[0]).label == row.split("\t")[1] for row in rows)
        assert result[f"{name}/accuracy"] == pytest.approx(right / 16)
    size = sum(file.stat().st_size for file in trained.bundle.rglob("*") if file.is_file())
    assert result["distilled/bytes"] == pytest.approx(size, rel=0.02)
    assert result["gain_value"] == pytest.approx(result["distilled/accuracy"] - result["alone/accuracy"])
    page = (trained.path / "reports/distillation.html").read_text("utf-8")
    assert "<svg" in page and f"{result['teacher/parameters']:,}" in page


def test_runs_are_chosen_by_their_students(trained: RunFolder) -> None:
    result = json.loads((trained.path / "distil_result.json").read_text("utf-8"))
    student = json.loads((trained.path / "students/distilled/train_result.json").read_text("utf-8"))
    assert result["best_score"] == student["best_score"] and result["direction"] == "max"
    assert select_run(trained.path.parent, "best").trained()


def test_test_scores_the_student_like_any_classifier(trained: RunFolder, folder: Path) -> None:
    from tengjia.command.notebook import compose

    more = [word for word in project.words(folder) if word.split("=")[0].split(".")[0] in {"task", "dataset"}]
    roots = [word for word in project.words(folder) if "_root=" in word]
    config = compose(project.ROOT, [*more, *roots, "stage=test", "run=whole"])
    result = text_classification.test(config, select_run(trained.path.parent, "latest"))
    assert 0 <= result["accuracy"] <= 1 and (trained.path / "test_result.json").is_file()


def test_the_teacher_answers_each_text_once(trained: RunFolder, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = config_of(folder, "distil")
    asked: list[int] = []
    scores = Teacher.scores

    def counted(self: Teacher, texts: Any, **options: Any) -> torch.Tensor:
        asked.append(len(texts))
        return scores(self, texts, **options)

    monkeypatch.setattr(Teacher, "scores", counted)
    run = new_run(config, "again")
    distil(config_of(folder, "distil", "distil.teacher=whole"), run)
    assert asked == []
    shutil.rmtree(folder / "cache" / SCORES)
    shutil.rmtree(run.path)
    distil(config_of(folder, "distil", "distil.teacher=whole"), new_run(config, "again"))
    assert sorted(asked) == [40, 40, 40]  # the originals, and the changed texts of two rounds
    assert same(weights(run.bundle), weights(trained.bundle))


def test_rounds_hold_what_the_teacher_says_of_their_texts(trained: RunFolder, folder: Path) -> None:
    config = student_config(config_of(folder, "distil"))
    dataset = text_classification.build_dataset(config, trained)
    teacher = load_teacher(trained.path / "teacher", dataset.labels, config)  # type: ignore[arg-type]
    transfer = Transfer(config, dataset, teacher, batch_size=7)
    texts = [example.text for example in dataset.examples("train")]
    taught = transfer.round(1)
    torch.testing.assert_close(taught.scores[:40], teacher.scores(texts, batch_size=64), rtol=1e-4, atol=1e-5)
    batch = taught.training_part().batch(numpy.array([3, 45, 20]))
    assert batch.labelled.tolist() == [True, False, True]  # type: ignore[union-attr]
    torch.testing.assert_close(batch.scores, taught.scores[[3, 45, 20]])  # type: ignore[union-attr]
    assert not torch.equal(transfer.round(0).scores[40:], taught.scores[40:])
    assert torch.equal(transfer.round(1).scores, taught.scores)


def test_a_stopped_distillation_goes_on_to_the_same_end(
    trained: RunFolder, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stopped in the middle of either student; what comes of it is the same to the bit."""
    config = config_of(folder, "distil", "distil.teacher=whole")
    run = new_run(config, "stopped")
    look = Trainer._check_stop
    for looks, part in ((4, "alone"), (14, "distilled")):
        left = iter(range(looks))

        def stop(self: Trainer, left: Any = left) -> None:
            if next(left, None) is None:
                self.context.stop.request()
            look(self)

        monkeypatch.setattr(Trainer, "_check_stop", stop)
        with pytest.raises(Interrupted):
            distil(config, run)
        monkeypatch.undo()
        assert any((run.path / "students" / part / "checkpoints").iterdir())
        assert run.has_checkpoints() and not run.finished("distil") and not run.came_to_nothing()
    distil(config, run)
    assert same(weights(run.bundle), weights(trained.bundle))
    assert same(weights(run.path / "students/alone/bundle"), weights(trained.path / "students/alone/bundle"))


def test_two_processes_go_on_to_the_same_end(trained: RunFolder, folder: Path) -> None:
    """Stopped in the middle of either student on one of two ranks; what comes of it is the same to the bit."""
    whole, _ = run_processes("src.tests.distillation.group", str(folder), "together")
    stopped, second = run_processes("src.tests.distillation.group", str(folder), "halted", "4", "9")
    assert json.loads(whole.splitlines()[-1]) == [] and second == ""
    assert json.loads(stopped.splitlines()[-1]) == ["alone", "distilled"]
    one, other = (trained.path.with_name(name) for name in ("together", "halted"))
    for bundle in ("bundle", "students/alone/bundle"):
        assert same(weights(one / bundle), weights(other / bundle)), bundle


def _refuse_a_teacher_of_other_pieces(folder: Path) -> None:
    config = config_of(
        folder,
        "distil",
        *("student.model=transformer_classifier", "student.parameters={hidden_size: 8, heads: 2}"),
        *("distil.teacher=layers", "distil.hidden_weight=1", "encoding.maximum_length=40"),
    )
    with pytest.raises(ConfigurationError) as caught:
        distil(config, new_run(config, "other-pieces"))
    assert caught.value.code == "distillation.other_pieces" and "maximum_length is 40" in caught.value.message


def test_layers_of_transformers_are_matched(trained: RunFolder, folder: Path) -> None:
    small = "{embedding_size: 8, feature_size: 0, hidden_size: 8, heads: 2, layers: 1, feed_forward_size: 8}"
    words = [
        *("model=transformer_classifier", "model.layers=2", "model.heads=2", "model.hidden_size=12"),
        *("student.model=transformer_classifier", f"student.parameters={small}", "trainer.max_epochs=2"),
        *(
            "distil.hidden_weight=1",
            "distil.attention_weight=0.5",
            "distil.layer_map=[0,2]",
            "distil.students=[distilled]",
        ),
    ]
    config = config_of(folder, "train", *words)
    run = new_run(config, "layers")
    train(config, run)
    distil(config_of(folder, "distil", *words), run)
    assert not [name for name in weights(run.bundle) if name.startswith("matching")]
    assert load_pipeline(run.bundle)("公司在哪里").label in {"薪资", "地点"}
    wrong = config_of(folder, "distil", *words[:-4], "distil.hidden_weight=1", "distil.teacher=whole")
    with pytest.raises(ConfigurationError) as caught:
        distil(wrong, run := new_run(wrong, "recurrent"))
    assert caught.value.code == "distillation.no_layers"
    assert not (run.path / "students").exists(), "told before anything is trained"
    _refuse_a_teacher_of_other_pieces(folder)


def test_a_teacher_of_other_classes_is_refused(trained: RunFolder, folder: Path, tmp_path: Path) -> None:
    project.write_corpus(tmp_path / "corpus", ("薪资", "福利"))
    shutil.copytree(trained.path / "teacher", tmp_path / "teacher")
    config = config_of(tmp_path, "distil", f"distil.teacher={tmp_path / 'teacher'}")
    with pytest.raises(CheckpointError) as caught:
        distil(config, new_run(config, "classes"))
    assert caught.value.code == "distillation.other_classes"
    assert "only the teacher has: 地点; only the corpus has: 福利" in caught.value.message


def test_a_teacher_with_its_classes_in_another_order_is_refused(trained: RunFolder, folder: Path) -> None:
    config = student_config(config_of(folder, "distil"))
    classes = text_classification.build_dataset(config, trained).labels
    turned = replace(classes, names=classes.names[::-1])  # type: ignore[type-var, attr-defined]
    several = replace(classes, multiple=True)  # type: ignore[type-var]
    for changed, code in ((turned, "distillation.other_order"), (several, "distillation.other_answers")):
        with pytest.raises(CheckpointError) as caught:
            load_teacher(trained.path / "teacher", changed, config)
        assert caught.value.code == code


def test_a_tagger_teaches_no_classifier(trained: RunFolder, folder: Path, tmp_path: Path) -> None:
    make_pipeline().save(tmp_path / "tagger")
    config = config_of(folder, "distil", f"distil.teacher={tmp_path / 'tagger'}")
    with pytest.raises(CheckpointError) as caught:
        distil(config, new_run(config, "tagger"))
    assert caught.value.code == "distillation.other_task" and "`sequence_labeling`" in caught.value.message


def test_without_a_teacher_the_stage_says_what_to_do(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder / "corpus", tmp_path / "corpus")
    config = config_of(tmp_path, "distil")
    with pytest.raises(CheckpointError) as caught:
        distil(config, new_run(config, "orphan"))
    assert caught.value.code == "distillation.no_teacher" and "stage=[train,distil]" in caught.value.hint


def test_a_damaged_teacher_is_refused(trained: RunFolder, folder: Path, tmp_path: Path) -> None:
    shutil.copytree(trained.path / "teacher", tmp_path / "teacher")
    file = tmp_path / "teacher" / WEIGHTS
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    config = config_of(folder, "distil", f"distil.teacher={tmp_path / 'teacher'}")
    with pytest.raises(CheckpointError) as caught:
        distil(config, new_run(config, "damaged"))
    assert caught.value.code.startswith("bundle.")


def test_a_student_stays_with_its_teacher(trained: RunFolder, folder: Path, tmp_path: Path) -> None:
    other = new_run(config_of(folder, "train"), "other-teacher")
    train(config_of(folder, "train", "seed=2"), other)
    config = config_of(folder, "distil", "distil.teacher=other-teacher")
    with pytest.raises(CheckpointError) as caught:
        distil(config, trained)
    assert caught.value.code == "distillation.another_teacher"


def test_the_teacher_is_not_lost_when_the_student_takes_its_place(trained: RunFolder, folder: Path) -> None:
    kept = trained.path / "teacher"
    before = weights(kept)
    assert keep_teacher(trained) == kept and same(weights(kept), before)
    config = config_of(folder, "distil")
    assert find_teacher(None, config, trained) == kept
    assert find_teacher("whole", config, trained) == kept
    assert find_teacher(str(trained.path), config, trained) == kept
    assert find_teacher(str(kept), config, trained) == kept


def test_a_teacher_may_come_from_a_store(
    trained: RunFolder, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TENGJIA_STORE", str(tmp_path / "store"))
    with closing(open_store()) as store:
        store.push("teachers", "v1", trained.path / "teacher")
        store.publish("teachers", "v1")
    found = find_teacher("store://teachers@v1", config_of(folder, "distil"), trained)
    assert same(weights(found), weights(trained.path / "teacher"))
