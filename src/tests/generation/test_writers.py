"""Models that write: what is remembered is what would be read anew, and padding and batch mates change nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from src.tests.generation.toys import BORDERS, batch, inputs, source
from tengjia.contracts import SequenceBatch
from tengjia.errors import CheckpointError, ConfigurationError, TrainingError
from tengjia.layers.generation.generate import generate
from tengjia.layers.generation.memory import Borders
from tengjia.layers.generation.options import Generation
from tengjia.registry import models

PIECES = 20
SMALL: dict[str, dict[str, Any]] = {
    "transformer": {"hidden_size": 16, "heads": 2, "feed_forward_size": 24, "encoder_layers": 2, "decoder_layers": 2},
    "bilstm_attention_seq2seq": {"embedding_size": 12, "hidden_size": 10, "encoder_layers": 2, "decoder_layers": 2},
    "additive": {"embedding_size": 12, "hidden_size": 10, "attention": "additive"},
    "pretrained_seq2seq": {"dropout": 0.0},
}
HOME = {"additive": "bilstm_attention_seq2seq"}


@pytest.fixture(scope="module", name="folders")
def _folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Tiny Hugging Face models with random weights."""
    from transformers import (
        BartConfig,
        BartForConditionalGeneration,
        MarianConfig,
        MarianMTModel,
        T5Config,
        T5ForConditionalGeneration,
    )

    sizes = {"d_model": 16, "encoder_layers": 2, "decoder_layers": 2, "encoder_ffn_dim": 24, "decoder_ffn_dim": 24}
    heads = {"encoder_attention_heads": 2, "decoder_attention_heads": 2, "max_position_embeddings": 64}
    ends = {"vocab_size": PIECES, "pad_token_id": 0, "eos_token_id": 3, "decoder_start_token_id": 2}
    torch.manual_seed(5)
    marks: dict[str, Any] = {"bos_token_id": 2, "forced_eos_token_id": None, "init_std": 0.4}
    made = {
        "marian": MarianMTModel(MarianConfig(**sizes, **heads, **ends, **marks)),
        "bart": BartForConditionalGeneration(BartConfig(**sizes, **heads, **ends, **marks)),
        "t5": T5ForConditionalGeneration(
            T5Config(d_model=16, d_kv=8, d_ff=24, num_layers=2, num_heads=2, initializer_factor=2.0, **ends)
        ),
    }
    root = tmp_path_factory.mktemp("models")
    for name, model in made.items():
        model.save_pretrained(root / name)
    return {name: root / name for name in made}


def _built(name: str, folders: dict[str, Path], *, kind: str = "marian", shared: bool = True) -> Any:
    torch.manual_seed(1)
    known = inputs(PIECES, shared=shared)
    if name == "pretrained_seq2seq":
        known = replace(known, encoder=folders[kind])
    return models.build({"name": HOME.get(name, name), **SMALL[name]}, inputs=known).eval()


def _scores(model: Any, whole: SequenceBatch) -> torch.Tensor:
    with torch.inference_mode():
        return model(whole)


@pytest.mark.parametrize("name", SMALL)
@pytest.mark.parametrize("shared", [True, False])
def test_what_is_remembered_is_what_would_be_read_anew(name: str, shared: bool, folders: dict[str, Path]) -> None:
    """Scores with the cache, along any lines of hypotheses and with sentences leaving, are those without it."""
    model = _built(name, folders, shared=shared)

    @settings(max_examples=12, deadline=None)
    @given(seed=st.integers(0, 10**6), width=st.integers(1, 4), steps=st.integers(1, 7))
    def agree(seed: int, width: int, steps: int) -> None:
        generator = torch.Generator().manual_seed(seed)
        sources = source([3, 5, 1, 4], pieces=PIECES, seed=seed)
        rows = torch.arange(4)
        with torch.inference_mode():
            memory = model.begin(sources)
            texts = [[[BORDERS.begin]] for _ in range(4)]
            parents = torch.zeros(4, 1, dtype=torch.int64)
            for step in range(steps):
                newest = torch.tensor([[text[-1] for text in row] for row in texts])
                scores = memory.advance(newest, parents)
                flat = [text for row in texts for text in row]
                repeated = rows.repeat_interleave(len(texts[0]))
                known = replace(sources, ids=sources.ids[repeated], mask=sources.mask[repeated])
                whole = SequenceBatch(known, torch.tensor([[*text, 0] for text in flat]))
                expected = model(whole)[:, -1].unflatten(0, scores.shape[:2])
                assert torch.allclose(scores, expected, atol=1e-5)
                if step == 2 and len(texts) > 2:
                    kept = torch.tensor([0, 2])
                    memory.keep(kept)
                    rows, texts = rows[kept], [texts[number] for number in kept.tolist()]
                parents = torch.randint(len(texts[0]), (len(texts), width), generator=generator)
                more = torch.randint(4, PIECES, parents.shape, generator=generator)
                texts = [
                    [row[parent] + [piece] for parent, piece in zip(chosen, pieces)]
                    for row, chosen, pieces in zip(texts, parents.tolist(), more.tolist())
                ]

    agree()


@pytest.mark.parametrize("name", SMALL)
def test_padding_changes_nothing(name: str, folders: dict[str, Path]) -> None:
    """A pair has the same scores alone as beside longer ones."""
    model = _built(name, folders)
    lengths = [2, 7, 1, 4]
    sources = source(lengths, pieces=PIECES)
    texts = [[5, 6], [4], [7, 8, 9, 10, 11], []]
    together = _scores(model, batch(sources, texts))
    for row, (length, text) in enumerate(zip(lengths, texts)):
        alone = replace(sources, ids=sources.ids[row : row + 1, :length], mask=sources.mask[row : row + 1, :length])
        scores = _scores(model, batch(alone, [text]))[0]
        assert torch.allclose(together[row, : len(text) + 1], scores, atol=1e-5)


@pytest.mark.parametrize("name", SMALL)
@pytest.mark.parametrize("method", ["beam", "greedy", "sampling"])
def test_what_is_written_does_not_depend_on_the_batch(name: str, method: str, folders: dict[str, Path]) -> None:
    """Text by text as together."""
    model = _built(name, folders)
    lengths = [2, 7, 1, 4, 6, 3]
    sources = source(lengths, pieces=PIECES, seed=3)
    config = Generation.Config(method=method, beams=3, maximum_length=12)
    together = generate(model, sources, config, borders=BORDERS)
    for row, length in enumerate(lengths):
        alone = replace(sources, ids=sources.ids[row : row + 1, :length], mask=sources.mask[row : row + 1, :length])
        found = generate(model, alone, config, borders=BORDERS, numbers=[row])[0]
        assert [one.pieces for one in found] == [one.pieces for one in together[row]]
        assert [one.score for one in found] == pytest.approx([one.score for one in together[row]], abs=1e-4)


@pytest.mark.parametrize("kind", ["marian", "bart", "t5"])
@pytest.mark.parametrize("power", [0.0, 1.0, 1.5])
@pytest.mark.parametrize("stopping", ["likely", "certain", "full"])
def test_beams_are_those_of_transformers(kind: str, power: float, stopping: str, folders: dict[str, Path]) -> None:
    """The five best hypotheses and their scores are those of `generate` of the package transformers."""
    model = _built("pretrained_seq2seq", folders, kind=kind)
    sources = source([3, 6, 1, 5, 9], pieces=PIECES, seed=11)
    config = Generation.Config(
        beams=5,
        length_penalty=power,
        stopping=stopping,
        maximum_length=14,
        longest_ratio=None,  # type: ignore[arg-type]
    )
    ours = generate(model, sources, config, borders=Borders(2, 3))
    for row in range(5):  # its stopping looks at the batch as a whole
        alone = slice(row, row + 1)
        length = int(sources.mask[row].sum())
        theirs = model.network.model.generate(
            input_ids=sources.ids[alone, :length],
            attention_mask=sources.mask[alone, :length].long(),
            num_beams=5,
            num_return_sequences=5,
            length_penalty=power,
            early_stopping={"likely": False, "certain": "never", "full": True}[stopping],
            max_length=15,
            suppress_tokens=[0, 1, 2],
            do_sample=False,
            return_dict_in_generate=True,
            output_scores=True,
        )
        expected = [[piece for piece in text if piece not in (0, 2, 3)] for text in theirs.sequences.tolist()]
        assert [one.pieces for one in ours[row]] == expected
        assert [one.score for one in ours[row]] == pytest.approx(theirs.sequences_scores.tolist(), abs=1e-4)


@pytest.mark.parametrize("name", SMALL)
def test_a_batch_can_be_learnt_by_heart(name: str, folders: dict[str, Path]) -> None:
    """What was learnt is what is written."""
    model = _built(name, folders).train()
    sources, texts = source([3, 4, 2], pieces=PIECES), [[5, 6, 7], [8, 5], [9, 9, 4, 6]]
    known = batch(sources, texts)
    optimizer = torch.optim.Adam(model.parameters(), 1e-3 if "pre" in name else 1e-2)
    assert known.target is not None and known.target_mask is not None
    for part in model.modules():
        if hasattr(part, "p"):
            part.p = 0.0
    for _ in range(120):
        gold = known.target[:, 1:].masked_fill(~known.target_mask[:, 1:], -100)
        loss = torch.nn.functional.cross_entropy(model(known).flatten(0, 1), gold.flatten())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    written = generate(model.eval(), sources, Generation.Config(beams=2), borders=BORDERS)
    assert [row[0].pieces for row in written] == texts
    assert all(row[0].ended for row in written)


def test_shared_tables_are_one() -> None:
    """With the same pieces on both sides there is one table; a state dict holds it once."""

    def tables(share: str, shared: bool) -> int:
        model = models.build(
            {"name": "transformer", **SMALL["transformer"], "share": share}, inputs=inputs(20, shared=shared)
        )
        return sum(tuple(tensor.shape) == (20, 16) for tensor in model.state_dict().values())

    assert [tables("all", True), tables("all", False), tables("output", True), tables("none", True)] == [1, 2, 2, 3]


def test_heads_must_share_the_width() -> None:
    """Otherwise the error names the key."""
    with pytest.raises(ConfigurationError, match="model.heads"):
        models.build({"name": "transformer", "hidden_size": 16, "heads": 3}, inputs=inputs())


def test_an_encoder_alone_is_refused(tmp_path: Path) -> None:
    """It writes nothing, and that is said."""
    from transformers import BertConfig, BertModel

    BertModel(
        BertConfig(vocab_size=20, hidden_size=8, num_hidden_layers=1, num_attention_heads=1, intermediate_size=8)
    ).save_pretrained(tmp_path)
    with pytest.raises(CheckpointError, match="no decoder"):
        models.build({"name": "pretrained_seq2seq"}, inputs=replace(inputs(20), encoder=tmp_path))


def test_more_pieces_than_the_model_has_are_refused(folders: dict[str, Path]) -> None:
    """The tokenizer is of another model."""
    with pytest.raises(ConfigurationError, match="tokenizer"):
        models.build({"name": "pretrained_seq2seq"}, inputs=replace(inputs(26), encoder=folders["t5"]))


def test_texts_longer_than_the_positions_are_refused(folders: dict[str, Path]) -> None:
    """Source or target, with the number of pieces."""
    model = _built("pretrained_seq2seq", folders)
    with pytest.raises(TrainingError, match="65"):
        model.begin(source([65], pieces=PIECES))
    with pytest.raises(TrainingError, match="71"):
        model(batch(source([3], pieces=PIECES), [[5] * 70]))
