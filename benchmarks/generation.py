"""Beam search with a cache against `generate` of Hugging Face: the same Marian model, the same sources, the same beams.

    python -m benchmarks.generation --threads 1

The model has the sizes of a middling one and random weights, so that texts go up to the greatest length. Both write the
same pieces (that is checked); told are the pieces a second, of runs that take turns.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import Any, Final

import torch

from benchmarks import report
from tengjia.contracts import Batch, Inputs
from tengjia.data.target_pieces import TargetPieces
from tengjia.layers.generation.generate import generate
from tengjia.layers.generation.memory import Borders
from tengjia.layers.generation.options import Generation
from tengjia.registry import models

PIECES: Final = 8000
BORDERS: Final = Borders(begin=2, end=3)


def main() -> None:
    """Measure both, in turns."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--threads", type=int, default=2)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--sentences", type=int, default=32)
    options.add_argument("--beams", type=int, default=5)
    options.add_argument("--longest", type=int, default=32, help="pieces of a text at most")
    chosen = options.parse_args()
    torch.set_num_threads(chosen.threads)
    with tempfile.TemporaryDirectory() as folder:
        theirs, ours = _models(Path(folder))
    source = _sources(chosen.sentences)
    kept: dict[str, list[list[int]]] = {}

    def ask_ours() -> None:
        config = Generation.Config(beams=chosen.beams, maximum_length=chosen.longest, longest_ratio=None)
        kept["ours"] = [row[0].pieces for row in generate(ours, source, config, borders=BORDERS)]

    def ask_theirs() -> None:
        with torch.inference_mode():
            written = theirs.generate(
                input_ids=source.ids,
                attention_mask=source.mask.long(),
                num_beams=chosen.beams,
                max_length=chosen.longest + 1,
                length_penalty=1.0,
                suppress_tokens=[0, 1, 2],
                do_sample=False,
            )
        kept["theirs"] = [[piece for piece in row if piece not in (0, 2, 3)] for row in written.tolist()]

    seconds = report.interleaved({"tengjia": ask_ours, "transformers": ask_theirs}, rounds=chosen.rounds)
    alike = sum(one == other for one, other in zip(kept["ours"], kept["theirs"], strict=True))
    pieces = sum(map(len, kept["theirs"]))
    report.say(
        "generation",
        unit="pieces a second, beam search with a cache",
        tengjia=round(pieces / report.median(seconds["tengjia"]), 1),
        transformers=round(pieces / report.median(seconds["transformers"]), 1),
        ratio=round(report.median(seconds["transformers"]) / report.median(seconds["tengjia"]), 2),
        seconds={name: report.spread(found) for name, found in seconds.items()},
        same_texts=f"{alike} of {chosen.sentences}",
        pieces=pieces,
        beams=chosen.beams,
        threads=chosen.threads,
        demand=1.0,
        command=report.command(),
    )


def _models(folder: Path) -> tuple[Any, Any]:
    """The model of transformers, and ours with the same weights."""
    from transformers import MarianConfig, MarianMTModel

    torch.manual_seed(1)
    sizes = {"d_model": 512, "encoder_layers": 6, "decoder_layers": 6}
    inner = {"encoder_ffn_dim": 2048, "decoder_ffn_dim": 2048}
    heads = {"encoder_attention_heads": 8, "decoder_attention_heads": 8, "max_position_embeddings": 512}
    ends = {"pad_token_id": 0, "eos_token_id": 3, "bos_token_id": 2, "decoder_start_token_id": 2}
    config = MarianConfig(vocab_size=PIECES, forced_eos_token_id=None, **sizes, **inner, **heads, **ends)
    theirs = MarianMTModel(config).eval()
    with torch.no_grad():
        theirs.get_input_embeddings().weight.mul_(8.0)
    theirs.save_pretrained(folder)
    names = tuple(str(number) for number in range(PIECES))
    inputs = Inputs(pieces=PIECES, labels=TargetPieces(names, BORDERS.begin, BORDERS.end), encoder=folder)
    ours = models.build({"name": "pretrained_seq2seq"}, inputs=inputs)
    return theirs, ours.eval()


def _sources(count: int) -> Batch:
    generator = torch.Generator().manual_seed(2)
    lengths = torch.randint(8, 33, (count,), generator=generator)
    mask = torch.arange(int(lengths.max())) < lengths[:, None]
    ids = torch.randint(4, PIECES, mask.shape, generator=generator).masked_fill(~mask, 0)
    return Batch(ids, mask)


if __name__ == "__main__":
    main()
