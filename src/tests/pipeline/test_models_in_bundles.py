"""Every model and tokenizer of the library travels in a bundle; so do modules of a project, if they are trusted."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy
import pytest
import torch

from src.tests.preprocessing.support import sequence_encoding
from tengjia.base_tasks.sequence_labeling.encoding import Encoding
from tengjia.base_tasks.sequence_labeling.pipeline import SequenceLabelingPipeline
from tengjia.base_tasks.stages.blueprint import Blueprint
from tengjia.bundle.filelist import write_filelist
from tengjia.bundle.folder import Bundle
from tengjia.contracts import Inputs
from tengjia.data.labels import LabelSet
from tengjia.data.vocabulary import PairVocabulary, Vocabulary
from tengjia.errors import CheckpointError
from tengjia.registry import Scope, models, scope, set_scope, tokenizers
from tengjia.utilities.files import write_text

from .toy import CHARACTERS, TYPES, make_encoding

TEXTS = ["林清远，男，硕士学历", "", "云山市第二机械厂 abc 0123", CHARACTERS * 3]
TAGGERS = sorted(name for name in models.entries() if models.schema(name).attributes["decoder"] in ("crf", "softmax"))
PLAIN = [name for name in TAGGERS if not name.startswith("bert")]
PRETRAINED = [name for name in TAGGERS if name.startswith("bert")]


def _round_trip(folder: Path, encoding: Encoding, settings: dict[str, Any], inputs: Inputs) -> SequenceLabelingPipeline:
    torch.manual_seed(3)
    pipeline = SequenceLabelingPipeline(models.build(settings, inputs=inputs), encoding, Blueprint.of(settings, inputs))
    pipeline.save(folder)
    loaded = SequenceLabelingPipeline.load(str(folder))  # a path as text will do
    assert loaded(TEXTS) == pipeline(TEXTS)
    assert loaded.blueprint.model == pipeline.blueprint.model | {
        key: tuple(value) for key, value in pipeline.blueprint.model.items() if isinstance(value, list)
    }
    return loaded


@pytest.mark.parametrize("name", PLAIN)
def test_every_model_with_all_it_may_be_given(tmp_path: Path, name: str) -> None:
    encoding = make_encoding("bio")
    features = {"bigrams": PairVocabulary(numpy.array([[2, 3], [3, 4], [4, 0]]))}
    encoding = sequence_encoding(
        encoding.config,
        tokenizer=encoding.texts.tokenizer,
        tokenizer_settings=encoding.texts.tokenizer_settings,
        vocabulary=encoding.texts.vocabulary,
        labels=encoding.labels,
        features=features,
    )
    pieces = len(encoding.texts.vocabulary)
    vectors = numpy.full((pieces, 12), numpy.nan, numpy.float32)
    vectors[5:9] = numpy.arange(48).reshape(4, 12)
    sizes = {key: len(value) for key, value in features.items()}
    inputs = Inputs(pieces, encoding.labels, sizes, vectors=vectors, vectors_frozen=True)
    loaded = _round_trip(tmp_path / "bundle", encoding, {"name": name}, inputs)
    assert loaded.blueprint.vector_width == 12
    assert loaded.blueprint.vectors_frozen


def _encoder_folder(folder: Path) -> Path:
    write_text(
        folder / "vocab.txt", "\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *dict.fromkeys(CHARACTERS)])
    )
    config = {
        "model_type": "bert",
        "hidden_size": 16,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "intermediate_size": 16,
        "vocab_size": 200,
        "max_position_embeddings": 64,
        "_name_or_path": "/home/somebody/secret",
        "auto_map": {"AutoModel": "evil--modeling.Evil"},
    }
    write_text(folder / "config.json", json.dumps(config))
    return folder


@pytest.mark.parametrize("name", PRETRAINED)
def test_a_pretrained_encoder_travels_without_its_folder(tmp_path: Path, name: str) -> None:
    pytest.importorskip("transformers")
    folder = _encoder_folder(tmp_path / "encoders" / "tiny")
    settings = {"name": "wordpiece", "source": "tiny"}
    tokenizer = tokenizers.build(settings, roots={"bert_model_root": tmp_path / "encoders"})
    encoding = sequence_encoding(
        Encoding.Config(scheme="bio", maximum_length=40, overlap=8),
        tokenizer=tokenizer,
        tokenizer_settings=settings,
        vocabulary=Vocabulary.given(tokenizer.vocabulary()),
        labels=LabelSet("bio", TYPES),
    )
    inputs = Inputs(len(encoding.texts.vocabulary), encoding.labels, encoder=folder, encoder_weights=False)
    _round_trip(tmp_path / "bundle", encoding, {"name": name, "encoder": "tiny"}, inputs)
    for file in folder.iterdir():
        file.unlink()
    loaded = SequenceLabelingPipeline.load(tmp_path / "bundle")
    assert loaded(TEXTS)[1] == []
    carried = Bundle.open(tmp_path / "bundle").read_config("model/encoder/config.json")
    assert "auto_map" not in carried and "_name_or_path" not in carried
    file = tmp_path / "bundle" / "model" / "encoder" / "config.json"
    write_text(file, json.dumps({**carried, "auto_map": {"AutoModel": "x--y.Z"}}))
    write_filelist(tmp_path / "bundle" / "model")
    write_filelist(tmp_path / "bundle")
    with pytest.raises(CheckpointError) as caught:
        SequenceLabelingPipeline.load(tmp_path / "bundle")
    assert caught.value.code == "bundle.not_plain"
    assert "auto_map" in caught.value.message


OWN_MODEL = '''
from __future__ import annotations
from dataclasses import dataclass
from torch import nn
from src.utilities.sizes import DOUBLE
from tengjia.layers.tagger import SoftmaxTagger
from tengjia.registry import models


@models.register("own_tagger")
class OwnTagger(SoftmaxTagger):
    decoder = "softmax"

    @dataclass(frozen=True)
    class Config:
        width: int = 4
        """Width of a vector."""

    def __init__(self, config, *, inputs):
        super().__init__()
        self.embedding = nn.Embedding(inputs.pieces, DOUBLE * config.width)
        self.output = nn.Linear(DOUBLE * config.width, len(inputs.labels))

    def forward(self, batch):
        return self.output(self.embedding(batch.ids))
'''


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Path]:
    """A project with a model of its own, in force while the test runs."""
    before = scope()
    write_text(tmp_path / "project" / "src" / "modules" / "models" / "own_tagger.py", OWN_MODEL)
    write_text(tmp_path / "project" / "src" / "utilities" / "sizes.py", "DOUBLE = 2\n")
    set_scope(Scope(tmp_path / "project"))
    yield tmp_path / "project"
    set_scope(before)


@pytest.fixture
def own(project: Path, monkeypatch: pytest.MonkeyPatch) -> SequenceLabelingPipeline:
    """A pipeline with that model."""
    import types

    sizes = types.ModuleType("src.utilities.sizes")
    sizes.DOUBLE = 2  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "src.utilities", types.ModuleType("src.utilities"))
    monkeypatch.setitem(sys.modules, "src.utilities.sizes", sizes)
    encoding = make_encoding()
    inputs = Inputs(len(encoding.texts.vocabulary), encoding.labels)
    settings = {"name": "own_tagger", "width": 3}
    return SequenceLabelingPipeline(models.build(settings, inputs=inputs), encoding, Blueprint.of(settings, inputs))


def test_own_code_is_written_refused_and_trusted(tmp_path: Path, project: Path, own: SequenceLabelingPipeline) -> None:
    folder = tmp_path / "bundle"
    own.save(folder)
    bundle = Bundle.open(folder)
    assert bundle.config["code"] == {"model/own_tagger": "modules/models/own_tagger.py"}
    assert list(bundle.code()) == ["modules/models/own_tagger.py", "utilities/sizes.py"]
    assert "It is run only with `trust_code=True`" in (folder / "README.md").read_text("utf-8")
    assert SequenceLabelingPipeline.load(folder)(TEXTS) == own(TEXTS)  # the project has the same code
    write_text(project / "src" / "utilities" / "sizes.py", "DOUBLE = 3\n")
    with pytest.raises(CheckpointError) as changed:
        SequenceLabelingPipeline.load(folder)
    assert changed.value.code == "bundle.untrusted_code"
    set_scope(Scope())
    with pytest.raises(CheckpointError) as caught:
        SequenceLabelingPipeline.load(folder)
    assert caught.value.code == "bundle.untrusted_code"
    assert "model/own_tagger" in caught.value.message and "trust_code=True" in caught.value.hint
    sys.modules.pop("src.utilities.sizes")
    loaded = SequenceLabelingPipeline.load(folder, trust_code=True)
    assert loaded(TEXTS) == own(TEXTS)
    assert type(loaded.model).__module__.startswith("_tengjia_bundle_")
    with pytest.raises(Exception, match="own_tagger"):
        models.find("own_tagger")  # known while the bundle was loaded, and no longer


def test_parameters_of_own_code_are_checked_before_it_runs(
    tmp_path: Path, project: Path, own: SequenceLabelingPipeline
) -> None:
    folder = tmp_path / "bundle"
    own.save(folder)
    config = json.loads((folder / "model" / "config.json").read_text("utf-8"))
    config["model"]["widht"] = 3
    write_text(folder / "model" / "config.json", json.dumps(config))
    write_filelist(folder / "model")
    write_filelist(folder)
    with pytest.raises(CheckpointError) as caught:
        SequenceLabelingPipeline.load(folder, trust_code=True)
    assert caught.value.code == "bundle.bad_parameter"
    assert "width: int" in caught.value.message
