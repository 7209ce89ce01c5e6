"""Whatever `stage=train` leaves is loaded, trained on, and saved whole: every kind of model, tokenizer and input."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tengjia.base_tasks import sequence_labeling
from tengjia.bundle.folder import Bundle
from tengjia.bundle.record import Record
from tengjia.command.notebook import compose
from tengjia.pretrained import AutoModelPipeline, AutoTrainerPipeline
from tengjia.registry import Scope, scope, set_scope
from tengjia.runs import RunFolder
from tests.models.samples import make_encoder
from tests.pipeline.test_models_in_bundles import own, project  # noqa: F401
from tests.pipeline.toy import CHARACTERS

from .support import contents

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
TEXT = "林清远，男，毕业于云山大学。"
EXAMPLES = [(TEXT, [(0, 3, "NAME")]), ("沈若兰是云山大学教授。", [(0, 3, "NAME")])] * 4
VARIANTS = {
    "bigrams and words": ["encoding.bigrams=true", "encoding.words=parts_of_speech", "encoding.stop_words=stop.txt"],
    "cleaning": ["cleaning.lower_case=true", "cleaning.squeeze_blanks=true"],
    "vectors": ["vectors=text", "vectors.file=small.txt", "vectors.frozen=true"],
    "jieba": ["tokenizer=jieba", "tokenizer.user_dictionaries=[words.txt]"],
    "unigram": ["tokenizer=unigram", "tokenizer.size=300"],
    "convolutions": ["model=cnn_crf"],
    "transformer": ["model=transformer_crf"],
    "softmax": ["model=bilstm_softmax", "criterion=focal"],
    "encoder": ["model=bert_crf", "model.encoder=tiny", "tokenizer=wordpiece", "optimizer.lr=3e-5"],
}


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Path:
    """A small corpus with all that the variants need."""
    folder = tmp_path_factory.mktemp("every")
    (folder / "datasets/ner").mkdir(parents=True)
    for name, count in {"train.txt": 30, "development.txt": 10, "test.txt": 10}.items():
        sentences = (ROOT / "resources/datasets/ner" / name).read_text("utf-8").split("\n\n")[:count]
        (folder / "datasets/ner" / name).write_text("\n\n".join(sentences) + "\n", "utf-8")
    (folder / "datasets/stop.txt").write_text("的\n了\n", "utf-8")
    (folder / "datasets/words.txt").write_text("云山大学 100 n\n", "utf-8")
    (folder / "vectors").mkdir()
    lines = [f"{sign} {number / 10} 0.5 -0.5 1\n" for number, sign in enumerate("林清远男毕业于云山大学")]
    (folder / "vectors/small.txt").write_text("".join(lines), "utf-8")
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *dict.fromkeys(CHARACTERS)]
    make_encoder(folder / "encoders/tiny", vocab_size=len(pieces), max_position_embeddings=512)
    (folder / "encoders/tiny/vocab.txt").write_text("\n".join(pieces), "utf-8")
    return folder


def trained(place: Path, name: str, overrides: list[str]) -> Path:
    """The bundle of a short training."""
    before = scope()
    roots = {
        "dataset_root": "datasets",
        "word_vector_root": "vectors",
        "bert_model_root": "encoders",
        "cache_root": "cache",
    }
    words = [f"{key}={place / folder}" for key, folder in roots.items()]
    limits = [
        "trainer.max_steps=1",
        "trainer.device=cpu",
        "trainer.threads=1",
        "golden.count=2",
        f"check_point_root={place}",
    ]
    config = compose(ROOT, ["task=ner", "stage=train", *words, *limits, *overrides])
    run = RunFolder.create(place / "runs", seed=1, app="demo_app", task="ner", name=name.replace(" ", "-"))
    dataset = sequence_labeling.build_dataset(config, run)
    sequence_labeling.train(config, run, dataset, sequence_labeling.build_model(config, dataset))
    set_scope(before)
    return run.bundle


QUICK = {"bigrams and words", "encoder"}
MARKED = [name if name in QUICK else pytest.param(name, marks=pytest.mark.slow) for name in VARIANTS]


@pytest.mark.parametrize("name", MARKED)
def test_it_is_loaded_trained_on_and_saved(place, tmp_path, name):
    bundle = trained(place, name, VARIANTS[name])
    before = scope()
    set_scope(Scope())
    try:
        model = AutoModelPipeline.from_pretrained(bundle)
        origin = contents(bundle)
        trainer = AutoTrainerPipeline.from_pretrained(bundle)
        trainer.init_model(model)
        result = trainer.train(EXAMPLES, epoch=2, batch_size=4, device="cpu")
        trainer.save_pretrained(tmp_path / "saved")
        again = AutoModelPipeline.from_pretrained(tmp_path / "saved")
    finally:
        set_scope(before)
    assert result["steps"] == 4 and contents(bundle) == origin
    assert again([TEXT, ""]) == model([TEXT, ""])
    assert set(contents(tmp_path / "saved")) == set(origin), "the same files as training leaves"
    for file in (
        path for path in origin if path.startswith("model/") and not path.endswith(("safetensors", "filelist.txt"))
    ):
        if file != "model/encoding.json":
            assert (tmp_path / "saved" / file).read_bytes() == origin[file], file


def test_a_model_of_another_project_brings_its_code_along(place, tmp_path, own, project, monkeypatch):  # noqa: F811
    saved = json.loads((trained(place, "plain", []) / "trainer/train_config/config.json").read_text())
    settings = {**saved, "criterion": {"name": "cross_entropy"}}
    own.save(tmp_path / "bundle", replace(Record(), train_config=settings))
    set_scope(Scope())  # another program, without the project
    for name in ("src.utilities.sizes", "src.utilities"):
        monkeypatch.delitem(sys.modules, name)
    trainer = AutoTrainerPipeline.from_pretrained(tmp_path / "bundle", trust_code=True)
    trainer.train([("林清远，男", [(0, 3, "NAME")])] * 8, epoch=2, batch_size=4, device="cpu")
    trainer.save_pretrained(tmp_path / "saved")
    assert Bundle.open(tmp_path / "saved").code() == Bundle.open(tmp_path / "bundle").code()
    again = AutoModelPipeline.from_pretrained(tmp_path / "saved", trust_code=True)
    assert again("林清远，男") == trainer.predict("林清远，男")


def test_loading_does_not_import_the_compiler_of_torch(place):
    program = (
        "import sys\nfrom tengjia.pretrained import AutoModelPipeline\n"
        "AutoModelPipeline.from_pretrained(sys.argv[1])('林清远')\n"
        "slow = {'torch._dynamo', 'sympy', 'pyarrow', 'pandas', 'hydra', 'matplotlib', 'transformers', 'fsspec'}\n"
        "import torch\n"
        "assert not slow & set(sys.modules), slow & set(sys.modules)\n"
    )
    bundle = trained(place, "quick", [])
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    subprocess.run([sys.executable, "-c", program, str(bundle)], check=True, env=environment)
