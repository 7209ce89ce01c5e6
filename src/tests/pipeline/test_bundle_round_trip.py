"""What was saved is what is loaded: the same answers, whoever asks."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch

from tengjia.base_tasks.sequence_labeling.pipeline import SequenceLabelingPipeline
from tengjia.bundle.filelist import write_filelist
from tengjia.bundle.folder import MODEL_CONFIG, WEIGHTS, Bundle
from tengjia.bundle.golden import Golden, verify_golden
from tengjia.bundle.record import Record
from tengjia.data.cleaning import Cleaning
from tengjia.errors import CheckpointError, TengjiaError

from .toy import make_pipeline

TEXTS = Golden(Golden.Config()).texts(list, seed=1)


def relist(folder: Path) -> None:
    """Make the lists true again, as a forger would."""
    write_filelist(folder / "model")
    write_filelist(folder)


@pytest.mark.parametrize("model", ["bilstm_crf", "bilstm_softmax"])
def test_a_loaded_pipeline_answers_as_the_saved_one(tmp_path: Path, model: str) -> None:
    pipeline = make_pipeline(model)
    folder = tmp_path / "bundle"
    pipeline.save(folder, Record(name="demo · ner", run="r1", golden_source="sample", golden_texts=TEXTS))
    state = torch.random.get_rng_state()
    loaded = SequenceLabelingPipeline.load(folder)
    assert torch.equal(torch.random.get_rng_state(), state)
    assert loaded(TEXTS) == pipeline(TEXTS)
    assert sum(map(len, loaded(TEXTS))) > 20
    assert verify_golden(Bundle.open(folder), loaded.plain_answers) == []
    assert not loaded.model.training


def test_a_changed_weight_is_told_by_the_golden_examples(tmp_path: Path) -> None:
    pipeline = make_pipeline()
    pipeline.save(tmp_path / "bundle", Record(golden_source="sample", golden_texts=TEXTS))
    other = make_pipeline(seed=2)
    differences = verify_golden(Bundle.open(tmp_path / "bundle"), other.plain_answers)
    assert differences
    assert differences[0].expected != differences[0].found


def test_the_card_says_what_is_inside(tmp_path: Path) -> None:
    record = Record(
        name="demo_app · ner",
        run="20260101-000000-seed1",
        metrics={"entity_f1": 0.93211, "nothing": float("nan")},
        data={"counts": {"train": 10}},
        environment={
            "git": {"commit": "abc123", "changed": [f"{number}.py" for number in range(20)]},
            "torch": None,
            "command": ["run_modeling.py", "dataset_root=/home/me/data", "dataset.train=['/home/me/a.txt','b.txt']"],
        },
        train_config={
            "dataset_root": "/home/me/data",
            "dataset": {"name": "files", "train": ["/home/me/a.txt"]},
            "seed": 1,
        },
        golden_source="test",
        golden_texts=["林清远"],
    )
    make_pipeline().save(tmp_path / "bundle", record)
    card = (tmp_path / "bundle" / "README.md").read_text("utf-8")
    for words in (
        "run `20260101-000000-seed1`",
        "| entity_f1 | 0.9321 |",
        "| counts.train | 10 |",
        "| git.commit | abc123 |",
        "| git.changed | 0.py, 1.py, 2.py, 3.py, 4.py, 5.py, 6.py, 7.py, ... (20) |",
        r"| command | run_modeling.py, dataset_root=data, dataset.train=\['a.txt','b.txt'\] |",
        "raw texts of the test part",
        "| model/bilstm_crf | embedding_size=8 hidden_size=8 |",
        r'| dataset/files | train=\["a.txt"\] |',
        "Own code: none.",
        "NAME, ORG-A, 职务",
        "SequenceLabelingPipeline.load",
    ):
        assert words in card, words
    assert "/home" not in card and "None" not in card
    train = Bundle.open(tmp_path / "bundle").read_config("trainer/train_config/config.json")
    assert train == {"dataset": {"name": "files", "train": ["a.txt"]}, "seed": 1}


CHANGES = [
    ({"base_task": "chat"}, "bundle.other_task", "`chat`"),
    ({"format": 2}, "bundle.other_format", "format 2"),
    ({"model": {"name": "no_such_model"}}, "bundle.unknown_module", "model/no_such_model"),
    ({"model": {"name": "bilstm_crf", "hiden_size": 8}}, "bundle.bad_parameter", "`hiden_size`"),
    ({"model": {"name": "bilstm_crf", "hidden_size": "8"}}, "bundle.bad_parameter", "hidden_size: int"),
    ({"model": {"name": "bilstm_crf", "hidden_size": True}}, "bundle.bad_parameter", "hidden_size"),
    ({"model": {"name": "../../x"}}, "bundle.not_plain", "../../x"),
    ({"model": "bilstm_crf"}, "bundle.not_plain", "bilstm_crf"),
    ({"model": {"name": "bilstm_crf", "embedding_size": 8, "hidden_size": 9}}, "bundle.unfit", "[36] / [32]"),
    ({"model": {"name": "bilstm_crf", "embedding_size": 8, "hidden_size": 10**7}}, "bundle.unfit", "lstm"),
    ({"model": {"name": "bilstm_softmax", "embedding_size": 8, "hidden_size": 8}}, "bundle.unfit", "crf"),
    ({"options": {"repair": "guess", "least_score": 0.5}}, "bundle.not_plain", "guess"),
    ({"vector_width": -1}, "bundle.not_plain", "vector_width"),
    ({"code": {"model/bilstm_crf": "modules/models/x.py"}}, "bundle.missing", "model_code"),
]


@pytest.mark.parametrize(("change", "code", "words"), CHANGES, ids=[str(case[0])[:60] for case in CHANGES])
def test_a_forged_config_is_refused(tmp_path: Path, change: dict[str, object], code: str, words: str) -> None:
    folder = tmp_path / "bundle"
    make_pipeline().save(folder)
    config = json.loads((folder / MODEL_CONFIG).read_text("utf-8"))
    (folder / MODEL_CONFIG).write_text(json.dumps({**config, **change}), "utf-8")
    relist(folder)
    with pytest.raises(CheckpointError) as caught:
        SequenceLabelingPipeline.load(folder)
    assert caught.value.code == code, caught.value
    assert words in caught.value.message


def test_weights_that_are_none_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "bundle"
    make_pipeline().save(folder)
    (folder / WEIGHTS).write_bytes(b"\xff" * 1000)
    relist(folder)
    with pytest.raises(CheckpointError) as caught:
        SequenceLabelingPipeline.load(folder)
    assert caught.value.code == "bundle.unfit"


def test_a_failing_save_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pipeline = make_pipeline()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tengjia.base_tasks.stages.pipeline.save_weights", full)
    with pytest.raises(OSError, match="No space left"):
        pipeline.save(tmp_path / "bundle")
    assert list(tmp_path.iterdir()) == []


def test_cleaning_is_part_of_the_answer_and_offsets_lead_back(tmp_path: Path) -> None:
    plain = make_pipeline()
    settings = Cleaning.Config(replacements={r"https?://\S+ ?": "", "ｅ": "e"}, lower_case=True)
    cleaned = SequenceLabelingPipeline(plain.model, plain.encoding, plain.blueprint, cleaning=Cleaning(settings))
    cleaned.save(tmp_path / "bundle")
    loaded = SequenceLabelingPipeline.load(tmp_path / "bundle")
    assert loaded.cleaning.config == settings
    text, clean = "林清https://a.b/c 远ABＣｅ硕士", "林清远abＣe硕士"
    found, expected = loaded(text), plain(clean)
    assert len(found) == len(expected) > 0
    for entity, inner in zip(found, expected):
        assert entity.text == text[entity.start : entity.end]
        assert entity.text.replace("https://a.b/c ", "").replace("ｅ", "e").lower() == inner.text.lower()
        assert (entity.type, entity.score, entity.status) == (inner.type, inner.score, inner.status)


@pytest.mark.parametrize("values", [{"lower_case": 1}, {"repeal": {}}, {"replacements": {"(": ""}}, []])
def test_a_forged_cleaning_is_refused(tmp_path: Path, values: object) -> None:
    folder = tmp_path / "bundle"
    make_pipeline().save(folder)
    (folder / "model" / "cleaning.json").write_text(json.dumps(values), "utf-8")
    relist(folder)
    with pytest.raises(TengjiaError) as caught:
        SequenceLabelingPipeline.load(folder)
    assert caught.value.hint
