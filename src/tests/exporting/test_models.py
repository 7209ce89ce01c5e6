"""Every model of the library with all that its graph may be given; and 8 bits, on a model that has learnt something."""

from __future__ import annotations

import json
import logging
import random
import re
import shutil
from pathlib import Path
from typing import Any

import numpy
import pytest
import torch

from src.tests.exporting.conftest import TEXTS
from src.tests.pipeline.toy import CHARACTERS, TYPES, make_encoding
from src.tests.preprocessing.support import sequence_encoding
from tengjia.base_tasks.sequence_labeling.encoding import Encoding
from tengjia.base_tasks.sequence_labeling.pipeline import SequenceLabelingPipeline
from tengjia.base_tasks.stages.blueprint import Blueprint
from tengjia.bundle.record import Record
from tengjia.contracts import Inputs
from tengjia.data.labels import LabelSet
from tengjia.data.vocabulary import PairVocabulary, Vocabulary
from tengjia.errors import CheckpointError
from tengjia.exporting import OnnxPipeline, export_bundle
from tengjia.exporting.export import OPSETS
from tengjia.exporting.quantisation import embeddings, quantise
from tengjia.registry import models, tokenizers
from tengjia.utilities.files import write_text

LONG = CHARACTERS * 4
SETTINGS: dict[str, dict[str, Any]] = {
    "bilstm_crf": {"layers": 2, "hidden_size": 8},
    "bilstm_softmax": {"hidden_size": 8, "extra_embedding_size": 4},
    "cnn_crf": {"hidden_size": 16, "constraints": False},
    "transformer_crf": {"hidden_size": 16, "heads": 2, "feed_forward_size": 16},
    "transformer_crf/sinusoidal": {"hidden_size": 16, "heads": 2, "feed_forward_size": 16, "positions": "sinusoidal"},
    "bert_crf": {},
    "bert_softmax": {},
    "bert_bilstm_crf": {"hidden_size": 8},
}


def test_no_model_is_forgotten() -> None:
    assert {name.partition("/")[0] for name in SETTINGS} == {
        name
        for name, entry in models.entries().items()
        if entry.owner == "library" and models.schema(name).attributes["decoder"] in ("crf", "softmax")
    }


def encoding_with_bigrams() -> Encoding:
    """Characters with bigrams beside them, windows of 48."""
    plain = make_encoding("bio", maximum_length=48, overlap=8)
    return sequence_encoding(
        plain.config,
        tokenizer=plain.texts.tokenizer,
        tokenizer_settings=plain.texts.tokenizer_settings,
        vocabulary=plain.texts.vocabulary,
        labels=plain.labels,
        features={"bigrams": PairVocabulary(numpy.array([[2, 3], [3, 4], [4, 0]]))},
    )


def encoding_with_frame(folder: Path) -> Encoding:
    """Word pieces between `[CLS]` and `[SEP]`; the first piece of a word carries its label."""
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *dict.fromkeys(CHARACTERS), "##1", "##2", "##b"]
    write_text(folder / "tiny" / "vocab.txt", "\n".join(pieces))
    config = {
        "model_type": "bert",
        "hidden_size": 16,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "intermediate_size": 16,
        "vocab_size": 200,
        "max_position_embeddings": 64,
    }
    write_text(folder / "tiny" / "config.json", json.dumps(config))
    settings = {"name": "wordpiece", "source": "tiny"}
    tokenizer = tokenizers.build(settings, roots={"bert_model_root": folder})
    return sequence_encoding(
        Encoding.Config(scheme="bio", maximum_length=40, overlap=8),
        tokenizer=tokenizer,
        tokenizer_settings=settings,
        vocabulary=Vocabulary.given(tokenizer.vocabulary()),
        labels=LabelSet("bio", TYPES),
    )


@pytest.mark.slow
@pytest.mark.parametrize("number", range(len(SETTINGS)), ids=list(SETTINGS))
def test_every_model(tmp_path: Path, number: int) -> None:
    pytest.importorskip("transformers")
    key = list(SETTINGS)[number]
    name = key.partition("/")[0]
    settings = {"name": name, **SETTINGS[key]}
    framed = name.startswith("bert") or name == "cnn_crf"
    encoding = encoding_with_frame(tmp_path / "encoders") if framed else encoding_with_bigrams()
    inputs = Inputs(
        len(encoding.texts.vocabulary),
        encoding.labels,
        {feature: len(values) for feature, values in encoding.texts.features.items()},
        encoder=tmp_path / "encoders" / "tiny" if name.startswith("bert") else None,
        encoder_weights=False,
    )
    torch.manual_seed(3)
    model = models.build(settings, inputs=inputs)
    with torch.no_grad():
        for weight in model.output.parameters():
            weight.normal_(std=0.8)
    pipeline = SequenceLabelingPipeline(model, encoding, Blueprint.of(settings, inputs))
    pipeline.save(tmp_path / "b", Record(golden_source="sample", golden_texts=TEXTS))
    done = export_bundle(tmp_path / "b", tmp_path / "x", opset=OPSETS[number % len(OPSETS)])
    assert done.passage.golden.entities > 20 and done.passage.long.entities > 5
    exported = OnnxPipeline.load(tmp_path / "x", threads=1)
    assert exported.descriptor.inputs == (
        ("ids", "mask", "units", "unit_mask") if framed else ("ids", "mask", "bigrams")
    )
    texts = [LONG, *TEXTS, "a1 b2 0123 abc" * 9]
    for one, other in zip(exported(texts), pipeline(texts), strict=True):
        assert [entity.span for entity in one] == [entity.span for entity in other]
        assert [entity.score for entity in one] == pytest.approx([entity.score for entity in other], abs=2e-4)


def learnt(folder: Path) -> Path:
    """A transformer that has learnt that digits are a NAME; and its bundle."""
    encoding = make_encoding("bio", maximum_length=48, overlap=8)
    inputs = Inputs(len(encoding.texts.vocabulary), encoding.labels)
    settings = {"name": "transformer_crf", "hidden_size": 64, "feed_forward_size": 256, "layers": 2}
    torch.manual_seed(1)
    model = models.build(settings, inputs=inputs)
    optimizer = torch.optim.Adam(model.parameters(), 3e-3)
    choose = random.Random(1)
    for _ in range(25):
        texts = ["".join(choose.choices("林清远，男汉族01239", k=choose.randint(4, 30))) for _ in range(16)]
        batch = encoding.collate([encoding.encode(text, list(digits(text))) for text in texts])
        loss = model.crf.negative_log_likelihood(model(batch), batch.labels, batch.mask).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    texts = ["林清远012，男9", "汉族1，2，3", "林清远，男", "0123"]
    pipeline = SequenceLabelingPipeline(model, encoding, Blueprint.of(settings, inputs))
    pipeline.save(folder, Record(golden_source="sample", golden_texts=texts))
    return folder


def digits(text: str) -> list[tuple[int, int, str]]:
    """Each run of digits."""
    return [(match.start(), match.end(), "NAME") for match in re.finditer(r"\d+", text)]


@pytest.mark.slow
def test_8_bits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import onnx

    from tengjia.exporting import graph

    bundle, full, real = learnt(tmp_path / "b"), tmp_path / "full.onnx", graph.write_graph

    def once(model: Any, file: Path, **options: Any) -> None:
        if not full.exists():
            real(model, full, **options)
        shutil.copy(full, file)

    monkeypatch.setattr(graph, "write_graph", once)
    handlers = list(logging.getLogger().handlers)
    small = export_bundle(bundle, tmp_path / "x", int8=True)
    assert small.precision == "int8" and small.size < 0.5 * full.stat().st_size
    assert small.passage.golden.entities == 6
    assert 0 < small.passage.golden.largest < 0.2
    assert logging.getLogger().handlers == handlers
    kinds = [node.op_type for node in onnx.load(tmp_path / "x" / "model.onnx").graph.node]
    assert kinds.count("MatMulNBits") == 11  # all products with weights but the last
    exported = OnnxPipeline.load(tmp_path / "x", threads=1)
    texts = ["林清远012，男9" * 3, "1汉", "男0123汉1"]
    assert exported(texts) == [exported(text) for text in texts]  # company changes nothing
    assert exported.descriptor.precision == "int8"
    assert [entity.span for entity in exported("男0123汉1") if entity.counts] == [(1, 5, "NAME"), (6, 7, "NAME")]
    with pytest.raises(CheckpointError) as caught:
        export_bundle(bundle, tmp_path / "never", int8=True, tolerance=1e-9)
    assert caught.value.code == "exporting.differs"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b", "full.onnx", "x"]


def test_an_embedding_in_8_bits(tmp_path: Path) -> None:
    """Looked up from integers, a row is off by half a step at most; small tables and others' inputs stay."""
    import onnx
    import onnxruntime
    from onnx import TensorProto, helper, numpy_helper

    table = numpy.random.default_rng(1).normal(size=(5000, 64)).astype(numpy.float32)
    table[7] = 0.0
    ids = helper.make_tensor_value_info("ids", TensorProto.INT64, ["batch", "pieces"])
    out = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch", "pieces", 64]) for name in ("first", "second")
    ]
    nodes = [helper.make_node("Gather", ["table", "ids"], [name]) for name in ("first", "second")]
    graph = helper.make_graph(nodes, "g", [ids], out, [numpy_helper.from_array(table, "table")])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)
    onnx.save(model, tmp_path / "full.onnx")
    quantise(tmp_path / "full.onnx", tmp_path / "small.onnx")
    assert (tmp_path / "small.onnx").stat().st_size < 0.3 * (tmp_path / "full.onnx").stat().st_size
    onnx.checker.check_model(tmp_path / "small.onnx")
    session = onnxruntime.InferenceSession(tmp_path / "small.onnx", providers=["CPUExecutionProvider"])
    asked = numpy.array([[0, 7, 4999], [1, 2, 3]])
    for found in session.run(None, {"ids": asked}):
        half = numpy.abs(table[asked]).max(-1, keepdims=True) / 254
        assert (numpy.abs(found - table[asked]) <= half * 1.001).all()
    assert (found[0, 1] == 0).all()
    nodes[1] = helper.make_node("Identity", ["table"], ["second"])
    other = helper.make_model(helper.make_graph(nodes, "g", [ids], out, [numpy_helper.from_array(table, "table")]))
    assert embeddings(model.graph) == ["table"] and embeddings(other.graph) == []
